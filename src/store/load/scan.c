/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "yaml/read.h"

struct walk {
	struct parsed *l;
	struct arena *mem;     /* the library's; for what the survey keeps */
	struct arena *scratch; /* for one folder's listing */
	const struct root *root;
	const struct fleet *f;
	const char *file; /* "patch-001.yaml"; NULL where no patch is told apart */
	struct buf path;  /* where the walk is, from the root */
	struct scanned s;
	struct layers_at *at;
	struct obstruction *obstructions;
	size_t obstruction_count;
	size_t stray_room;
	struct error *e;
};

/* Goes on to an entry of the folder. Returns what leave() needs to come back. */
static size_t enter(struct walk *w, const char *name)
{
	size_t length = w->path.len;

	buf_putc(&w->path, '/');
	buf_puts(&w->path, name);
	return length;
}

static void leave(struct walk *w, size_t length)
{
	w->path.len = length;
	w->path.at[length] = '\0';
}

static struct file *keep_file(struct walk *w, struct file file)
{
	struct file *kept = ARENA_NEW(w->mem, struct file, 1);

	*kept = file;
	return kept;
}

/* Which kind of layer a file's name stands for; false for none. */
static bool is_layer(const char *name, enum parsed_kind *kind)
{
	*kind = PARSED_OVERRIDE;
	if (strcmp(name, "override.yaml") == 0)
		return true;
	*kind = PARSED_PATCH;
	size_t len = strlen(name);
	return len > 10 && strncmp(name, "patch-", 6) == 0 && strcmp(name + len - 5, ".yaml") == 0;
}

/* Entries come in byte order and 'o' before 'p': an override first, then patches by name. */
static int add_layer(
	struct walk *w, int folder, const char *name, enum parsed_kind kind, struct layers_at *at)
{
	struct layer *layer = ARENA_NEW(w->mem, struct layer, 1);
	const char *path = arena_printf(w->mem, "%s/%s", w->path.at, name);
	const struct parsed_file *volume = NULL;
	struct file file;

	if (fleet_name_problem(str_of(name)))
		return error_set(w->e, STATUS_FILES, "%s: a file's name that %s; rename it", path,
			fleet_name_problem(str_of(name)));
	if (parsed_read(w->l, folder, name, path, kind, &volume, &file, w->e) < 0)
		return -1;
	*layer = (struct layer){
		.path = path,
		.name = path + strlen(path) - strlen(name),
		.root = volume->root,
		.doc = &volume->doc,
		.file = keep_file(w, file),
		.mode = file.mode & 0777,
		.meaning = volume->meaning,
		.digest = w->l->digests[volume->meaning],
		.patch = kind == PARSED_PATCH,
	};
	*ARENA_PUSH(w->mem, at->layers, at->count) = layer;
	return 0;
}

static void add_stray(struct walk *w)
{
	if (w->s.stray_count == w->stray_room) {
		w->stray_room = w->stray_room ? w->stray_room * 2 : 4;
		w->s.strays = arena_grow(
			w->mem, w->s.strays, w->s.stray_count, w->stray_room, sizeof(*w->s.strays));
	}
	w->s.strays[w->s.stray_count++] = arena_printf(w->mem, "%s/%s", w->path.at, w->file);
}

/* Looks for copies in a folder that is no position. What cannot be read there is not ours. */
static void find_strays(struct walk *w, int parent, const char *name, size_t depth)
{
	struct listing list;
	struct error ignored = { 0 };
	int fd = w->file ? tree_open(parent, name, O_RDONLY | O_DIRECTORY) : -1;

	if (fd < 0)
		return;
	size_t length = enter(w, name);
	if (tree_list(w->scratch, fd, w->path.at, &list, &ignored) == 0)
		for (size_t i = 0; i < list.count; i++) {
			const struct entry *entry = &list.entries[i];
			if (entry->kind == ENTRY_FOLDER && depth > 1)
				find_strays(w, fd, entry->name, depth - 1);
			else if (strcmp(entry->name, w->file) == 0)
				add_stray(w);
		}
	error_free(&ignored);
	leave(w, length);
	close(fd);
}

static int by_name(const void *a, const void *b)
{
	const struct position *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* The children of a position (NOWHERE: the first dimension), by name. */
static const struct position **sorted_children(struct walk *w, size_t at, size_t *count)
{
	const struct fleet *f = w->f;
	size_t first = at == NOWHERE ? 0 : at + 1;
	size_t end = at == NOWHERE ? f->count : f->positions[at].end;
	size_t n = 0;

	for (size_t c = first; c < end; c = f->positions[c].end)
		n++;
	const struct position **sorted = ARENA_NEW(w->scratch, const struct position *, n);
	n = 0;
	for (size_t c = first; c < end; c = f->positions[c].end)
		sorted[n++] = &f->positions[c];
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), by_name);
	*count = n;
	return sorted;
}

static int visit(struct walk *w, int parent, const char *name, size_t at);

/* Both the folder's entries and the position's children are sorted: one walk along the two. */
static int visit_children(struct walk *w, int folder, const struct listing *list, size_t at)
{
	size_t count = 0, c = 0;
	const struct position **children = sorted_children(w, at, &count);

	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];

		while (c < count && strcmp(children[c]->name, entry->name) < 0)
			c++;
		if (c < count && strcmp(children[c]->name, entry->name) == 0) {
			size_t child = (size_t)(children[c] - w->f->positions);
			size_t length = enter(w, entry->name);

			if (visit(w, folder, entry->name, child) < 0)
				return -1;
			leave(w, length);
		} else if (entry->kind == ENTRY_FOLDER) {
			find_strays(w, folder, entry->name, w->f->depth);
		}
	}
	return 0;
}

static int visit_files(struct walk *w, int folder, const struct listing *list, size_t at)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];
		enum parsed_kind kind;

		if (!is_layer(entry->name, &kind))
			continue;
		if (kind == PARSED_PATCH && entry->kind != ENTRY_FILE && w->file &&
			strcmp(entry->name, w->file) == 0)
			*ARENA_PUSH(w->mem, w->obstructions, w->obstruction_count) =
				(struct obstruction){ at, w->file };
		else if (add_layer(w, folder, entry->name, kind, &w->at[at]) < 0)
			return -1;
	}
	return 0;
}

/* Its stamp is taken before its names are read: what is added later makes a difference. */
static int stamp_folder(struct walk *w, int fd, size_t at)
{
	struct stat st;

	if (tree_stat(fd, &st) < 0)
		return error_system(w->e, errno, "%s", w->path.at);
	*(at == NOWHERE ? &w->s.folder : &w->s.folders[at]) = tree_stamp(&st);
	return 0;
}

/* The folder at the walk's path: a position, or for NOWHERE the application's own. */
static int visit(struct walk *w, int parent, const char *name, size_t at)
{
	struct arena_mark mark = arena_mark(w->scratch);
	struct listing list;
	int fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return tree_error(w->e, errno, w->path.at);
	int rc = stamp_folder(w, fd, at);
	if (rc == 0)
		rc = tree_list(w->scratch, fd, w->path.at, &list, w->e);
	if (rc == 0 && at != NOWHERE)
		rc = visit_files(w, fd, &list, at);
	else if (rc == 0 && w->file && tree_entry(&list, w->file))
		add_stray(w);
	if (rc == 0)
		rc = visit_children(w, fd, &list, at);
	arena_rewind(w->scratch, mark);
	close(fd);
	return rc;
}

/* Reads a base layer, in the open folder; *layer stays NULL where the file is not there. */
static int read_base(
	struct walk *w, int folder, const char *shown, const char *name, const struct layer **layer)
{
	const struct parsed_file *volume = NULL;
	struct layer *made = ARENA_NEW(w->mem, struct layer, 1);
	struct file read;
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return 0;
	made->path = arena_printf(w->mem, "%s/%s", shown, name);
	if (parsed_read(w->l, folder, name, made->path, PARSED_VALUES, &volume, &read, w->e) < 0)
		return -1;
	made->name = name;
	made->root = volume->root;
	made->doc = &volume->doc;
	made->meaning = volume->meaning;
	made->digest = w->l->digests[volume->meaning];
	made->mode = read.mode & 0777;
	*layer = made;
	made->file = keep_file(w, read);
	return 0;
}

static int read_bases(struct walk *w, const struct subject *s)
{
	const char *type = arena_printf(w->mem, "config/%s", s->type);
	const char *application = paths_application(w->mem, s);
	int rc = -1, fd = -1, type_fd = tree_open(w->root->fd, type, O_RDONLY | O_DIRECTORY);

	if (type_fd < 0)
		tree_error(w->e, errno, type);
	else if ((fd = tree_open(w->root->fd, application, O_RDONLY | O_DIRECTORY)) < 0)
		tree_error(w->e, errno, application);
	else if (read_base(w, type_fd, type, "defaults.yaml", &w->s.app.defaults) == 0)
		rc = read_base(w, fd, application, "values.yaml", &w->s.app.base);
	if (type_fd >= 0)
		close(type_fd);
	if (fd >= 0)
		close(fd);
	return rc;
}

int scan_application(struct parsed *l, const struct root *root, const struct fleet *f,
	const struct subject *s, struct scanned *out, struct error *e)
{
	struct arena scratch;
	struct walk w = {
		.l = l,
		.mem = l->mem,
		.scratch = &scratch,
		.root = root,
		.f = f,
		.path = { .mem = l->mem },
		.file = s->patch ? arena_printf(l->mem, "%s.yaml", s->patch) : NULL,
		.s = {
			.app = { .fleet = f, .type = s->type, .name = s->application },
			.folders = ARENA_NEW(l->mem, struct stamp, f->count),
		},
		.at = ARENA_NEW(l->mem, struct layers_at, f->count),
		.e = e,
	};
	const char *folder = paths_application(l->mem, s);

	if (read_bases(&w, s) < 0)
		return -1;
	arena_init(&scratch, l->mem->out_of_memory);
	buf_puts(&w.path, folder);
	int rc = visit(&w, root->fd, folder, NOWHERE);
	w.s.app.at = w.at;
	w.s.app.obstructions = w.obstructions;
	w.s.app.obstruction_count = w.obstruction_count;
	if (rc == 0)
		*out = w.s;
	arena_free(&scratch);
	return rc;
}
