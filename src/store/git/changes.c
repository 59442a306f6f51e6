/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/changes.h"

#include <assert.h>
#include <stdlib.h>

#include "yaml/read.h"

enum { DEEPEST = 64 }; /* directories: promote reads nothing below */

struct changing {
	struct arena *mem;
	struct commit_source *before, *after;
	struct file_changes *out;
	struct error *e;
};

/* A name that a directory has on one side or on both; NULL: not there. */
struct both {
	const struct entry *was, *is;
};

static bool is_yaml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static bool is_directory(const struct entry *entry)
{
	return entry && entry->kind == ENTRY_DIRECTORY;
}

/* The bytes of one side. Of a link there are none. */
static int read_side(const struct changing *c, struct commit_source *from, const char *path,
	const struct entry *entry, struct str *text)
{
	struct file file;

	if (!entry || entry->kind != ENTRY_FILE)
		return 0;
	if (from->source.read(&from->source, c->mem, path, YAML_VALUES_BYTES, &file, c->e) < 0)
		return -1;
	*text = file.text;
	return 0;
}

static const char *object_of(
	const struct changing *c, struct commit_source *from, const char *path, bool there)
{
	const char *object = there ? commit_source_object(from, path) : NULL;

	return object ? arena_copy(c->mem, object, strlen(object)) : NULL;
}

static int compare_file(const struct changing *c, const char *path, const struct both *both)
{
	const struct entry *was = is_directory(both->was) ? NULL : both->was;
	const struct entry *is = is_directory(both->is) ? NULL : both->is;
	struct changed_file file = { .path = path,
		.was = object_of(c, c->before, path, was != NULL),
		.is = object_of(c, c->after, path, is != NULL),
		.odd = is && is->kind != ENTRY_FILE };

	if ((!is_yaml(path) && !file.odd) || (!file.was && !file.is))
		return 0;
	if (file.was && file.is && strcmp(file.was, file.is) == 0 && was->kind == is->kind)
		return 0;
	if (read_side(c, c->before, path, was, &file.before) < 0 ||
		read_side(c, c->after, path, is, &file.after) < 0)
		return -1;
	*ARENA_PUSH(c->mem, c->out->list, c->out->count) = file;
	return 0;
}

static bool is_same(const struct changing *c, const char *path)
{
	const char *was = commit_source_object(c->before, path);
	const char *is = commit_source_object(c->after, path);

	return was && is && strcmp(was, is) == 0;
}

static int list_side(const struct changing *c, struct commit_source *from, const char *path,
	bool there, struct listing *list)
{
	return there ? from->source.list(&from->source, c->mem, path, list, c->e) : 0;
}

static int compare_directory(const struct changing *c, const char *path, const struct both *both);

static int compare_entry(const struct changing *c, const char *dir, const struct both *both)
{
	const struct entry *any = both->was ? both->was : both->is;

	assert(any);
	const char *path = arena_printf(c->mem, "%s/%s", dir, any->name);

	if ((is_directory(both->was) || is_directory(both->is)) &&
		compare_directory(c, path, both) < 0)
		return -1;
	return compare_file(c, path, both);
}

static bool is_deep(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth > DEEPEST;
}

/* Sides on which there is no directory have no entries. */
static int compare_directory(const struct changing *c, const char *path, const struct both *both)
{
	struct listing was = { 0 }, is = { 0 };
	size_t w = 0, i = 0;

	if (is_same(c, path) || is_deep(path))
		return 0;
	if (list_side(c, c->before, path, is_directory(both->was), &was) < 0 ||
		list_side(c, c->after, path, is_directory(both->is), &is) < 0)
		return -1;
	while (w < was.count || i < is.count) {
		const int order = w == was.count ? 1
			: i == is.count          ? -1
						 : strcmp(was.entries[w].name, is.entries[i].name);
		const struct both entry = { order <= 0 ? &was.entries[w++] : NULL,
			order >= 0 ? &is.entries[i++] : NULL };

		if (compare_entry(c, path, &entry) < 0)
			return -1;
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct changed_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int changes_between(struct arena *mem, struct commit_source *before, struct commit_source *after,
	struct file_changes *changes, struct error *e)
{
	static const struct entry config = { "config", ENTRY_DIRECTORY };
	const struct both both = { commit_source_object(before, "config") ? &config : NULL,
		commit_source_object(after, "config") ? &config : NULL };
	struct file_changes made = { 0 };
	const struct changing c = { mem, before, after, &made, e };

	if (compare_directory(&c, "config", &both) < 0)
		return -1;
	if (made.count)
		qsort(made.list, made.count, sizeof(*made.list), by_path);
	*changes = made;
	return 0;
}
