/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/head.h"

#include <string.h>

#include "base/map.h"
#include "store/git/git.h"
#include "store/tree/tree.h"

/* A file of HEAD. */
struct blob {
	const char *path; /* from ROOT */
	const char *object;
	struct blob *same_name; /* the next other object that has this name in another directory */
	struct str text;        /* as the object has it, if it can be read */
	enum { BLOB_NEW, BLOB_READ, BLOB_BROKEN } state;
};

struct head {
	struct arena *mem;
	const struct root *root;
	struct map paths;   /* each blob by its path */
	struct map names;   /* the first blob of each name of a file */
	struct map objects; /* by name of a file and object: those that `same_name` has linked */
};

/* What git says if it cannot tell; it has said nothing if it was not found. */
static const char *find_reason(const struct head *h)
{
	static const char *const words[] = { "rev-parse", "--verify", "HEAD^{tree}", NULL };
	struct str said = { 0 };

	if (git_run(h->mem, h->root, GIT_LOUD, words, &said))
		return "git cannot list its files";
	return git_reason(h->mem, said);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	/* untested: a path from ROOT has one */
	return slash ? slash + 1 : path;
}

/* "100644 blob OBJECT\tPATH" */
static void add_blob(struct head *h, const char *entry)
{
	const char *object = entry + strlen("100644 blob "), *tab = strchr(entry, '\t');

	/* a link is a blob, too: 120000 */
	/* untested: git has a tab before the path */
	if (strncmp(entry, "100", 3) != 0 || !tab || tab < object)
		return;
	struct blob *b = ARENA_NEW(h->mem, struct blob, 1);
	*b = (struct blob){ tab + 1, arena_copy(h->mem, object, (size_t)(tab - object)) };
	*map_slot(&h->paths, str_of(b->path)) = b;
	const char *key = arena_printf(h->mem, "%s/%s", b->object, last_part(b->path));
	void **known = map_slot(&h->objects, str_of(key));
	if (*known)
		return;
	*known = b;
	void **first = map_slot(&h->names, str_of(last_part(b->path)));
	b->same_name = *first;
	*first = b;
}

static bool list_blobs(struct head *h, const char *dir)
{
	const char *const words[] = { "ls-tree", "-r", "-z", "HEAD", "--", dir, NULL };
	struct str all = { 0 };

	if (!git_run(h->mem, h->root, GIT_QUIET, words, &all))
		return false;
	while (all.len) {
		const char *end = memchr(all.at, '\0', all.len);

		/* untested: git ends each with a NUL, and the output is whole */
		if (!end)
			return false;
		add_blob(h, all.at);
		all = str_part(all, (size_t)(end - all.at) + 1, all.len);
	}
	return true;
}

static bool is_object(const struct head *h, struct blob *b, struct str text)
{
	const char *const words[] = { "cat-file", "blob", b->object, NULL };

	if (b->state == BLOB_NEW)
		b->state = git_run(h->mem, h->root, GIT_QUIET, words, &b->text) ? BLOB_READ
										: BLOB_BROKEN;
	return b->state == BLOB_READ && str_equal(b->text, text);
}

/* The same, as a checkout would write it. */
static bool is_checked_out_as(const struct head *h, const struct blob *b, struct str text)
{
	const char *const words[] = { "cat-file", "--filters",
		arena_printf(h->mem, "HEAD:./%s", b->path), NULL };
	struct str out = { 0 };

	return git_run(h->mem, h->root, GIT_QUIET, words, &out) && str_equal(out, text);
}

static bool has_bytes(const struct head *h, const struct head_file *f)
{
	const struct blob *own = map_get(&h->paths, str_of(f->path));

	for (struct blob *b = map_get(&h->names, str_of(last_part(f->path))); b; b = b->same_name)
		if (is_object(h, b, f->text))
			return true;
	return own && is_checked_out_as(h, own, f->text);
}

const char *head_compare(struct arena *mem, const struct root *root, const char *dir,
	struct head_file *files, size_t count)
{
	struct head h = { mem, root, { .mem = mem }, { .mem = mem }, { .mem = mem } };

	for (size_t i = 0; i < count; i++)
		files[i].kept = false;
	if (!list_blobs(&h, dir))
		return find_reason(&h);
	for (size_t i = 0; i < count; i++)
		files[i].kept = has_bytes(&h, &files[i]);
	return NULL;
}
