/* SPDX-License-Identifier: Apache-2.0 */
#include "memory_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct memory_file *file_at(const struct memory *m, struct str path)
{
	for (size_t i = 0; i < m->count; i++)
		if (str_is(path, m->files[i].path))
			return &m->files[i];
	return NULL;
}

/* The part of a file's path after DIR/, or NULL if it is not below that directory. */
static const char *below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* What opening the path fails with, or 0; *kind is that of the entry. */
static int look_up(const struct memory *m, const char *path, enum entry_kind *kind)
{
	const struct memory_file *file = NULL;

	for (const char *end = path; *end; end++) {
		if (end[1] != '/' && end[1] != '\0')
			continue;
		file = file_at(m, (struct str){ path, (size_t)(end + 1 - path) });
		if (file && file->fails)
			return file->fails;
		if (file && file->kind == ENTRY_LINK)
			return ELOOP;
		if (file && file->kind != ENTRY_DIRECTORY && end[1] == '/')
			return ENOTDIR;
	}
	*kind = file ? file->kind : ENTRY_DIRECTORY;
	if (file)
		return 0;
	for (size_t i = 0; i < m->count; i++)
		if (below(m->files[i].path, path))
			return 0;
	return ENOENT;
}

static int by_entry_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void add_entry(
	struct arena *mem, const struct memory_file *file, const char *rest, struct listing *list)
{
	size_t len = strcspn(rest, "/");
	const char *name = arena_copy(mem, rest, len);

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return;
	*ARENA_PUSH(mem, list->entries, list->count) =
		(struct entry){ name, rest[len] ? ENTRY_DIRECTORY : file->kind };
}

static int memory_list(struct source *s, struct arena *mem, const char *path, struct listing *list,
	struct error *e)
{
	struct memory *m = (struct memory *)s;
	struct listing made = { 0 };
	enum entry_kind kind = ENTRY_OTHER;
	int code = look_up(m, path, &kind);

	m->lists++;
	if (code == ENOENT)
		return 0;
	if (code || kind != ENTRY_DIRECTORY)
		return tree_error(e, code ? code : ENOTDIR, path);
	for (size_t i = 0; i < m->count; i++) {
		const char *rest = below(m->files[i].path, path);
		if (rest)
			add_entry(mem, &m->files[i], rest, &made);
	}
	if (made.count > 1)
		qsort(made.entries, made.count, sizeof(*made.entries), by_entry_name);
	made.stamp.inode = str_hash(str_of(path));
	*list = made;
	return 1;
}

static int memory_read(struct source *s, struct arena *mem, const char *path, size_t limit,
	struct file *file, struct error *e)
{
	struct memory *m = (struct memory *)s;
	enum entry_kind kind = ENTRY_OTHER;
	int code = look_up(m, path, &kind);
	const struct memory_file *f = file_at(m, str_of(path));

	m->reads++;
	if (code == ENOENT)
		return 0;
	if (code)
		return tree_error(e, code, path);
	if (kind != ENTRY_FILE)
		return error_set(e, STATUS_FILES, "%s: is %s, not a file", path,
			kind == ENTRY_DIRECTORY ? "a directory" : "a special file");
	size_t len = f->text ? strlen(f->text) : 0;
	if (len > limit)
		return error_set(
			e, STATUS_FILES, "%s: larger than %zu MiB", path, limit / (1024 * 1024));
	*file = (struct file){
		.text = { arena_copy(mem, f->text ? f->text : "", len), len },
		.access.mode = f->mode ? f->mode : 0644,
		.stamp = { .inode = (ino_t)(f - m->files) + 1, .size = (off_t)len },
	};
	return 1;
}

struct memory source_memory(const struct memory_file *files, size_t count)
{
	return (struct memory){
		.source = { .list = memory_list, .read = memory_read },
		.files = files,
		.count = count,
	};
}
