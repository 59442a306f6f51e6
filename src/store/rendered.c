#include "store/rendered.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/newfile.h"
#include "yaml/read.h"

#define FOLDER "rendered"

enum { LARGEST_FILE = 1024 * 1024 * 1024, DEEPEST = 64 };

struct rendered_file {
	const char *path; /* from the root */
	enum entry_kind kind;
	mode_t mode;
	struct stamp stamp;
	const char *link; /* where a link leads */
	off_t at;         /* where a file's bytes begin in the spool */
	size_t size;
	bool gone; /* dropped by rendered_restore */
};

static struct rendered_file *add_file(struct arena *mem, struct rendered *r)
{
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->files = arena_grow(mem, r->files, r->count, r->room, sizeof(*r->files));
	}
	return &r->files[r->count++];
}

static enum entry_kind kind_of(mode_t mode)
{
	return S_ISREG(mode)    ? ENTRY_FILE
		: S_ISDIR(mode) ? ENTRY_FOLDER
		: S_ISLNK(mode) ? ENTRY_LINK
				: ENTRY_OTHER;
}

static int read_link(
	struct arena *mem, int parent, const char *name, struct rendered_file *f, struct error *e)
{
	char to[4096];
	ssize_t n = readlinkat(parent, name, to, sizeof(to));

	if (n < 0)
		return tree_error(e, errno, f->path);
	f->link = arena_copy(mem, to, (size_t)n);
	return 0;
}

/* Adds an entry of the tree and, for a folder, all below it. */
static int add_entry(struct arena *mem, int parent, const char *name, const char *path,
	unsigned depth, struct rendered *r, struct error *e)
{
	struct listing list;
	struct stat st;
	int rc = 0;

	if (depth > DEEPEST)
		return error_set(
			e, STATUS_FILES, "%s: folders nest deeper than %d levels", path, DEEPEST);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && depth == 0 ? 0 : tree_error(e, errno, path);
	struct rendered_file *f = add_file(mem, r);
	*f = (struct rendered_file){
		.path = path,
		.kind = kind_of(st.st_mode),
		.mode = st.st_mode & 07777,
		.stamp = tree_stamp(&st),
		.size = (size_t)st.st_size,
	};
	if (f->kind == ENTRY_LINK)
		return read_link(mem, parent, name, f, e);
	if (f->kind != ENTRY_FOLDER)
		return 0;
	int fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return tree_error(e, errno, path);
	rc = tree_list(mem, fd, path, &list, e);
	for (size_t i = 0; rc == 0 && i < list.count; i++)
		rc = add_entry(mem, fd, list.entries[i].name,
			arena_printf(mem, "%s/%s", path, list.entries[i].name), depth + 1, r, e);
	close(fd);
	return rc;
}

static int by_path(const void *a, const void *b)
{
	const struct rendered_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Everything below rendered/, by path, so that a folder comes before what it holds. */
static int list_all(struct arena *mem, const struct root *root, struct rendered *r, struct error *e)
{
	if (add_entry(mem, root->fd, FOLDER, FOLDER, 0, r, e) < 0)
		return -1;
	if (r->count > 1)
		qsort(r->files, r->count, sizeof(*r->files), by_path);
	return 0;
}

/* The folder itself is the first; it must be one. */
static int check_folder(const struct rendered *r, struct error *e)
{
	if (r->count == 0 || r->files[0].kind == ENTRY_FOLDER)
		return 0;
	return tree_error(e, r->files[0].kind == ENTRY_LINK ? ELOOP : ENOTDIR, FOLDER);
}

static const struct rendered_file *find(const struct rendered *r, const char *path)
{
	const struct rendered_file key = { .path = path };

	return r->count ? bsearch(&key, r->files, r->count, sizeof(key), by_path) : NULL;
}

static int open_spool(const struct root *root)
{
	int fd = openat(root->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : memfd_create(FOLDER, MFD_CLOEXEC);
}

static int spool(struct arena *mem, const struct root *root, struct rendered *r,
	struct rendered_file *f, struct error *e)
{
	struct arena_mark mark = arena_mark(mem);
	struct file file;

	if (tree_read(mem, root->fd, f->path, f->path, LARGEST_FILE, &file, e) < 0)
		return -1;
	f->at = r->size;
	f->size = file.text.len;
	f->stamp = file.stamp;
	for (struct str left = file.text; left.len > 0;) {
		ssize_t n = pwrite(r->spool, left.at, left.len, r->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(e, errno, "cannot keep a copy of %s", f->path);
		left.at += n;
		left.len -= (size_t)n;
		r->size += n;
	}
	arena_rewind(mem, mark);
	return 0;
}

int rendered_save(struct arena *mem, const struct root *root, struct rendered *r, struct error *e)
{
	*r = (struct rendered){ .spool = -1 };
	if (list_all(mem, root, r, e) < 0 || check_folder(r, e) < 0)
		return -1;
	r->spool = open_spool(root);
	if (r->spool < 0)
		return error_system(e, errno, "cannot keep a copy of " FOLDER);
	for (size_t i = 0; i < r->count; i++)
		if (r->files[i].kind == ENTRY_FILE && spool(mem, root, r, &r->files[i], e) < 0) {
			rendered_free(r);
			return -1;
		}
	return 0;
}

/* The bytes that a file had. */
static int saved_text(struct arena *mem, const struct rendered *r, const struct rendered_file *f,
	struct str *text, struct error *e)
{
	char *at = arena_alloc(mem, f->size + 1, 1);

	for (size_t n = 0; n < f->size;) {
		ssize_t got = pread(r->spool, at + n, f->size - n, f->at + (off_t)n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return error_system(
				e, got < 0 ? errno : EIO, "the kept copy of %s", f->path);
		n += (size_t)got;
	}
	*text = (struct str){ at, f->size };
	return 0;
}

static bool is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* Whether a file that is there now differs from what it was: 1, 0, or -1 with an error. */
static int differs(struct arena *mem, const struct root *root, const struct rendered *before,
	const struct rendered_file *now, struct error *e)
{
	const struct rendered_file *was = find(before, now->path);
	struct file file;
	struct str text;

	if (was && was->kind == ENTRY_FILE && tree_same_stamp(&was->stamp, &now->stamp))
		return 0;
	if (tree_read(mem, root->fd, now->path, now->path, LARGEST_FILE, &file, e) < 0)
		return -1;
	if (was && was->kind == ENTRY_FILE) {
		if (saved_text(mem, before, was, &text, e) < 0)
			return -1;
		if (str_equal(text, file.text))
			return 0;
	}
	if (is_yaml(now->path) && yaml_check(mem, now->path, file.text, e) < 0) {
		e->status = STATUS_SYSTEM; /* the generator's fault, not the fleet's */
		return -1;
	}
	return 1;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int rendered_changes(struct arena *mem, const struct root *root, const struct rendered *before,
	struct rendered_changes *changes, struct error *e)
{
	struct rendered now = { .spool = -1 };
	struct rendered_changes c = { 0 };

	if (list_all(mem, root, &now, e) < 0 || check_folder(&now, e) < 0) {
		e->status = STATUS_SYSTEM;
		return -1;
	}
	c.paths = ARENA_NEW(mem, const char *, now.count + before->count);
	for (size_t i = 0; i < now.count; i++) {
		struct arena_mark mark = arena_mark(mem);
		int rc = now.files[i].kind == ENTRY_FILE
			? differs(mem, root, before, &now.files[i], e)
			: 0;
		arena_rewind(mem, mark);
		if (rc < 0)
			return -1;
		if (rc)
			c.paths[c.count++] = now.files[i].path;
	}
	for (size_t i = 0; i < before->count; i++)
		if (before->files[i].kind == ENTRY_FILE && !find(&now, before->files[i].path))
			c.paths[c.count++] = before->files[i].path;
	if (c.count > 1)
		qsort(c.paths, c.count, sizeof(*c.paths), compare_paths);
	*changes = c;
	return 0;
}

static int drop(const struct root *root, const struct rendered_file *f, struct error *e)
{
	const char *name = NULL;
	int folder = tree_open_parent(root->fd, f->path, &name);

	if (folder < 0)
		return tree_error(e, errno, f->path);
	int rc = unlinkat(folder, name, f->kind == ENTRY_FOLDER ? AT_REMOVEDIR : 0);
	if (rc < 0)
		error_system(e, errno, "%s", f->path);
	close(folder);
	return rc;
}

static int set_mode(const struct root *root, const char *path, mode_t mode, struct error *e)
{
	const char *name = NULL;
	int folder = tree_open_parent(root->fd, path, &name);

	if (folder < 0)
		return tree_error(e, errno, path);
	int rc = fchmodat(folder, name, mode, AT_SYMLINK_NOFOLLOW);
	if (rc < 0)
		error_system(e, errno, "%s", path);
	close(folder);
	return rc;
}

/* A folder gets its mode later, when all is in it. */
static int bring_back(struct arena *mem, const struct root *root, const struct rendered *before,
	const struct rendered_file *f, struct error *e)
{
	struct newfile n = { .shown = f->path, .mode = f->mode };
	int rc = 0;
	int folder = tree_open_parent(root->fd, f->path, &n.name);

	if (folder < 0)
		return tree_error(e, errno, f->path);
	switch (f->kind) {
	case ENTRY_FILE:
		rc = saved_text(mem, before, f, &n.text, e) < 0 || newfile_write(folder, &n, e) < 0
			? -1
			: 0;
		break;
	case ENTRY_FOLDER:
		rc = mkdirat(folder, n.name, 0700);
		break;
	case ENTRY_LINK:
		rc = symlinkat(f->link, folder, n.name);
		break;
	case ENTRY_OTHER:
		rc = error_set(e, STATUS_SYSTEM, "%s: was a special file", f->path);
		break;
	}
	if (rc < 0 && !e->text)
		error_system(e, errno, "%s", f->path);
	close(folder);
	return rc;
}

/* Drops what was not there before, or not like that. */
static int drop_changed(const struct root *root, const struct rendered *before,
	struct rendered *now, struct error *e)
{
	/* Nothing can be taken out of a folder that was made read-only. */
	for (size_t i = 0; i < now->count; i++) {
		const struct rendered_file *f = &now->files[i], *was = find(before, f->path);
		if (f->kind == ENTRY_FOLDER && (!was || was->mode != f->mode) &&
			set_mode(root, f->path, f->mode | 0700, e) < 0)
			return -1;
	}
	/* From the last path to the first, so that a folder is empty when its turn comes. */
	for (size_t i = now->count; i-- > 0;) {
		struct rendered_file *f = &now->files[i];
		const struct rendered_file *was = find(before, f->path);
		bool same = was && was->kind == f->kind &&
			(f->kind == ENTRY_FOLDER || tree_same_stamp(&was->stamp, &f->stamp));
		if (same)
			continue;
		if (drop(root, f, e) < 0)
			return -1;
		f->gone = true;
	}
	return 0;
}

int rendered_restore(
	struct arena *mem, const struct root *root, const struct rendered *before, struct error *e)
{
	struct rendered now = { .spool = -1 };

	if (list_all(mem, root, &now, e) < 0 || drop_changed(root, before, &now, e) < 0)
		return -1;
	for (size_t i = 0; i < before->count; i++) {
		struct arena_mark mark = arena_mark(mem);
		const struct rendered_file *f = find(&now, before->files[i].path);

		if ((!f || f->gone) && bring_back(mem, root, before, &before->files[i], e) < 0)
			return -1;
		arena_rewind(mem, mark);
	}
	for (size_t i = before->count; i-- > 0;) {
		const struct rendered_file *was = &before->files[i];
		const struct rendered_file *f = find(&now, was->path);

		if (was->kind == ENTRY_FOLDER && (!f || f->gone || f->mode != was->mode) &&
			set_mode(root, was->path, was->mode, e) < 0)
			return -1;
	}
	return 0;
}

void rendered_free(struct rendered *r)
{
	if (r->spool >= 0)
		close(r->spool);
	r->spool = -1;
}
