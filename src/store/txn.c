#include "store/txn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/newfile.h"
#include "store/pathname.h"

/*
 * Up to so many new files are synced one by one: that waits for what is theirs
 * alone, where syncing the whole file system waits for what others have
 * written. Of more files each costs more than the whole would.
 */
enum { FEW = 16 };

struct txn_change {
	const char *path;
	struct str text;         /* put, replacement */
	mode_t mode;             /* put */
	const struct file *file; /* replacement, removal */
	const char *keep;        /* removal */
};

enum deed {
	MADE_FOLDER,
	MADE_FILE,
	REPLACED_FILE,
	ADDED_ALL, /* additions end here, and removals begin */
	REMOVED_FILE,
	REMOVED_FOLDER,
};

struct txn_done {
	enum deed deed;
	const char *path;
	const struct file *file; /* REPLACED_FILE, REMOVED_FILE: what it was */
	struct stamp stamp;      /* MADE_FILE, REPLACED_FILE: what we made of it */
	mode_t mode;             /* REMOVED_FOLDER */
};

void txn_begin(struct txn *t, struct arena *mem, const struct root *root)
{
	*t = (struct txn){ .mem = mem, .root = root };
}

static struct txn_change *add_change(
	struct arena *mem, struct txn_change **list, size_t *count, size_t *room)
{
	if (*count == *room) {
		*room = *room ? *room * 2 : 8;
		*list = arena_grow(mem, *list, *count, *room, sizeof(**list));
	}
	return &(*list)[(*count)++];
}

void txn_put(struct txn *t, const char *path, struct str text, mode_t mode)
{
	*add_change(t->mem, &t->puts, &t->put_count, &t->put_room) =
		(struct txn_change){ .path = path, .text = text, .mode = mode };
}

void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text)
{
	*add_change(t->mem, &t->replacements, &t->replacement_count, &t->replacement_room) =
		(struct txn_change){ .path = path, .file = file, .text = text };
}

void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep)
{
	*add_change(t->mem, &t->removals, &t->removal_count, &t->removal_room) =
		(struct txn_change){ .path = path, .file = file, .keep = keep };
}

static void note(
	struct txn *t, enum deed deed, const char *path, const struct file *file, mode_t mode)
{
	assert(t->log_count < t->log_room);
	t->log[t->log_count++] =
		(struct txn_done){ .deed = deed, .path = path, .file = file, .mode = mode };
}

/* A file that we have put there, and how to know it again. */
static void note_file(struct txn *t, enum deed deed, const struct txn_change *c, int folder)
{
	struct stat st = { 0 };

	note(t, deed, c->path, c->file, 0);
	if (fstatat(folder, pathname_last(c->path), &st, AT_SYMLINK_NOFOLLOW) == 0)
		t->log[t->log_count - 1].stamp = tree_stamp(&st);
}

/* Room for every deed there may be, so that none fails for want of it. */
static void reserve_log(struct txn *t)
{
	size_t room = 1 + t->replacement_count; /* 1: ADDED_ALL */

	for (size_t i = 0; i < t->put_count; i++)
		room += pathname_parts(t->puts[i].path);
	for (size_t i = 0; i < t->removal_count; i++)
		room += pathname_parts(t->removals[i].path);
	t->log = ARENA_NEW(t->mem, struct txn_done, room);
	t->log_room = room;
}

/* Makes new names in a folder durable; EINVAL is from file systems that have no need of it. */
static int sync_names(const struct txn *t, int folder, const char *shown, struct error *e)
{
	if (!t->sync_each || fsync(folder) == 0 || errno == EINVAL)
		return 0;
	return error_system(e, errno, "cannot write %s to the disk", shown);
}

/* Opens a folder of the tree; makes it, and those above it, where it is missing. */
static int open_folder(struct txn *t, const char *path, struct error *e)
{
	int fd = tree_open(t->root->fd, path, O_RDONLY | O_DIRECTORY);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return tree_error(e, errno, path);
	int parent = open_folder(t, pathname_folder(t->mem, path), e);
	if (parent < 0)
		return -1;
	if (mkdirat(parent, pathname_last(path), 0777) == 0)
		note(t, MADE_FOLDER, path, NULL, 0);
	else if (errno != EEXIST)
		error_system(e, errno, "%s", path);
	if (!e->text && sync_names(t, parent, path, e) == 0 &&
		(fd = tree_open(parent, pathname_last(path), O_RDONLY | O_DIRECTORY)) < 0)
		tree_error(e, errno, path);
	close(parent);
	return fd;
}

static int put(struct txn *t, const struct txn_change *c, struct error *e)
{
	int folder = open_folder(t, pathname_folder(t->mem, c->path), e);

	if (folder < 0)
		return -1;
	const struct newfile n = {
		.name = pathname_last(c->path),
		.shown = c->path,
		.text = c->text,
		.mode = c->mode,
		.durable = t->sync_each,
	};
	int rc = newfile_write(folder, &n, e);
	if (rc == 0) {
		note_file(t, MADE_FILE, c, folder);
		rc = sync_names(t, folder, c->path, e);
	}
	close(folder);
	return rc;
}

/* Whether the file is still the one that was read; REFUSED if not. */
static int check_unchanged(
	int folder, const char *name, const struct txn_change *c, struct error *e)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return tree_error(e, errno, c->path);
	struct stamp now = tree_stamp(&st);
	if (!tree_same_stamp(&now, &c->file->stamp))
		return error_set(e, STATUS_REFUSED,
			"%s: changed while the step was worked out; run it again", c->path);
	return 0;
}

static int replace_file(struct txn *t, const struct txn_change *c, struct error *e)
{
	struct newfile n = {
		.shown = c->path,
		.text = c->text,
		.mode = c->file->mode,
		.durable = t->sync_each,
		.replaces = &c->file->stamp,
	};
	int folder = tree_open_parent(t->root->fd, c->path, &n.name);

	if (folder < 0)
		return tree_error(e, errno, c->path);
	int rc = newfile_replace(folder, &n, e);
	if (rc == 0) {
		note_file(t, REPLACED_FILE, c, folder);
		rc = sync_names(t, folder, c->path, e);
	}
	close(folder);
	return rc;
}

static int remove_file(struct txn *t, const struct txn_change *c, struct error *e)
{
	const char *name = NULL;
	int folder = tree_open_parent(t->root->fd, c->path, &name);

	if (folder < 0)
		return tree_error(e, errno, c->path);
	int rc = check_unchanged(folder, name, c, e);
	if (rc == 0 && unlinkat(folder, name, 0) < 0)
		rc = error_system(e, errno, "%s", c->path);
	if (rc == 0)
		note(t, REMOVED_FILE, c->path, c->file, 0);
	close(folder);
	return rc;
}

/* Removes a folder if it is empty: 1 if it was, 0 if not, -1 with an error. */
static int remove_folder(struct txn *t, const char *path, struct error *e)
{
	const char *name = NULL;
	struct stat st;
	int rc = 0;
	int parent = tree_open_parent(t->root->fd, path, &name);

	if (parent < 0)
		return tree_error(e, errno, path);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		unlinkat(parent, name, AT_REMOVEDIR) == 0)
		rc = 1;
	else if (errno != ENOTEMPTY && errno != EEXIST)
		rc = error_system(e, errno, "%s", path);
	if (rc == 1)
		note(t, REMOVED_FOLDER, path, NULL, st.st_mode & 07777);
	close(parent);
	return rc;
}

/*
 * Removes the folders that the removals have emptied, the deepest first. Paths
 * come in sequence order, so those that share a folder stand together and it
 * is tried once.
 */
static int remove_emptied(struct txn *t, struct error *e)
{
	const char **folders = ARENA_NEW(t->mem, const char *, t->removal_count);
	size_t n = t->removal_count, deepest = 0;

	for (size_t i = 0; i < n; i++) {
		folders[i] = pathname_folder(t->mem, t->removals[i].path);
		if (pathname_parts(folders[i]) > deepest)
			deepest = pathname_parts(folders[i]);
	}
	for (size_t depth = deepest; depth > 0; depth--) {
		const char *tried = "";

		for (size_t i = 0; i < n; i++) {
			const char *folder = folders[i];
			int emptied = 0;

			if (!folder || pathname_parts(folder) != depth)
				continue;
			if (strcmp(folder, tried) != 0 &&
				strcmp(folder, t->removals[i].keep) != 0 &&
				(emptied = remove_folder(t, folder, e)) < 0)
				return -1;
			tried = folder;
			folders[i] = emptied ? pathname_folder(t->mem, folder) : NULL;
		}
	}
	return 0;
}

static int sync_all(struct txn *t, struct error *e)
{
	return syncfs(t->root->fd) < 0 ? error_system(e, errno, "cannot write to the disk") : 0;
}

static int apply(struct txn *t, struct error *e)
{
	t->sync_each = t->put_count + t->replacement_count <= FEW;
	for (size_t i = 0; i < t->put_count; i++)
		if (put(t, &t->puts[i], e) < 0)
			return -1;
	for (size_t i = 0; i < t->replacement_count; i++)
		if (replace_file(t, &t->replacements[i], e) < 0)
			return -1;
	/* What replaces a file must be on the disk before the file goes. */
	if (!t->sync_each && sync_all(t, e) < 0)
		return -1;
	if (t->removal_count)
		note(t, ADDED_ALL, NULL, NULL, 0);
	for (size_t i = 0; i < t->removal_count; i++)
		if (remove_file(t, &t->removals[i], e) < 0)
			return -1;
	return remove_emptied(t, e);
}

int txn_commit(struct txn *t, struct error *e)
{
	reserve_log(t);
	if (apply(t, e) == 0)
		return 0;
	txn_undo(t, e);
	return -1;
}

/* Removes a file that we made, unless somebody has written to it since. */
static int unmake(int folder, const char *name, const struct txn_done *d, struct error *e)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_system(e, errno, "%s", d->path);
	struct stamp now = tree_stamp(&st);
	if (!tree_same_stamp(&now, &d->stamp))
		return error_set(e, STATUS_REFUSED,
			"%s: another program has changed it meanwhile; it is left as it is",
			d->path);
	return unlinkat(folder, name, 0);
}

static int undo_one(struct txn *t, const struct txn_done *d, struct error *e)
{
	struct newfile n = { .shown = d->path };
	int rc = 0;

	if (d->deed == ADDED_ALL)
		return sync_all(t, e);
	int folder = tree_open_parent(t->root->fd, d->path, &n.name);
	if (folder < 0)
		return tree_error(e, errno, d->path);
	switch (d->deed) {
	case MADE_FOLDER:
		rc = unlinkat(folder, n.name, AT_REMOVEDIR);
		break;
	case MADE_FILE:
		rc = unmake(folder, n.name, d, e);
		break;
	case REPLACED_FILE:
		n.text = d->file->text;
		n.mode = d->file->mode;
		n.durable = true;
		n.replaces = &d->stamp;
		rc = newfile_replace(folder, &n, e);
		break;
	case ADDED_ALL:
		break;
	case REMOVED_FOLDER:
		rc = newfile_folder(folder, n.name, d->mode);
		break;
	case REMOVED_FILE:
		n.text = d->file->text;
		n.mode = d->file->mode;
		rc = newfile_write(folder, &n, e);
		break;
	}
	if (rc < 0 && !e->text)
		error_system(e, errno, "%s", d->path);
	close(folder);
	return rc;
}

int txn_undo(struct txn *t, struct error *e)
{
	int rc = 0;

	while (t->log_count > 0) {
		const struct txn_done *d = &t->log[--t->log_count];
		struct error failed = { 0 };

		if (undo_one(t, d, &failed) < 0) {
			if (rc == 0 && e->text)
				error_detail(e, "The step could not be undone in full:");
			if (e->text)
				error_detail(e, "  %s", failed.text);
			else
				error_set(e, STATUS_SYSTEM,
					"The step could not be undone in full: %s", failed.text);
			rc = -1;
			if (d->deed == ADDED_ALL)
				t->log_count = 0; /* the old files may be lost: keep the new */
		}
		error_free(&failed);
	}
	return rc;
}
