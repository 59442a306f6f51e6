/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/commit_source.h"

#include <errno.h>
#include <unistd.h>

#include "base/hidden.h"
#include "store/git/object.h"

enum {
	LARGEST_TREE = 64 << 20, /* bytes */
	MOST_TREES = 256 << 20,  /* bytes that are kept when the source moves on */
};

/* Sets the error for an object that cannot be read. */
static int not_read(struct commit_source *cs, enum answer answer, const char *path, size_t limit,
	struct error *e)
{
	const char *shown = path[0] ? path : "the commit's tree";
	const char *reason = git_pipe_reason(&cs->batch.git, &cs->mem);

	if (answer == ANSWER_TOO_LARGE)
		error_set(e, STATUS_FILES, "%s: larger than %zu MiB", shown, limit >> 20);
	else if (answer == ANSWER_NONE)
		error_set(e, STATUS_SYSTEM, "%s: git cannot read it from commit %s%s%s", shown,
			cs->commit, reason[0] ? ": " : "", reason);
	else
		error_set(e, STATUS_SYSTEM,
			"%s: its object is missing from the repository; git fetch --refetch brings it",
			shown);
	return path[0] ? error_file(e, path) : -1;
}

static int broken(const char *path, const char *what, struct error *e)
{
	error_set(e, STATUS_FILES,
		"%s: git's tree is broken, %s; git fsck tells more, and nothing of it is read",
		path[0] ? path : "the commit", what);
	return path[0] ? error_file(e, path) : -1;
}

/* The items of a tree object; `path` is for errors. NULL on an error. */
static const struct tree_items *read_tree(
	struct commit_source *cs, const char *object, const char *path, struct error *e)
{
	const struct tree_items *known = map_get(&cs->by_object, str_of(object));
	const struct arena_mark mark = arena_mark(&cs->trees);
	struct object o = { 0 };

	if (known)
		return known;
	const enum answer answer = batch_ask(&cs->batch, &cs->trees, object, LARGEST_TREE, &o);
	struct tree_items *items = ARENA_NEW(&cs->trees, struct tree_items, 1);
	const char *wrong = NULL;
	if (answer == ANSWER_FOUND)
		wrong = o.header.kind == OBJECT_TREE
			? tree_items_read(&cs->trees, o.text, strlen(object) / 2, items)
			: "an object is not the tree that it should be";
	if (answer == ANSWER_FOUND && !wrong) {
		cs->tree_bytes += o.text.len + items->count * sizeof(*items->list);
		*map_slot(&cs->by_object, o.header.name) = items;
		return items;
	}
	arena_rewind(&cs->trees, mark);
	if (wrong)
		broken(path, wrong, e);
	else
		not_read(cs, answer, path, LARGEST_TREE, e);
	return NULL;
}

static const char *name_of(struct commit_source *cs, const struct tree_item *item)
{
	const struct str raw = { item->raw, strlen(cs->commit) / 2 };
	const char *name = map_get(&cs->names, raw);

	if (!name) {
		/* the key is borrowed, and trees may be forgotten */
		const struct str kept = { arena_copy(&cs->mem, raw.at, raw.len), raw.len };

		name = *map_slot(&cs->names, kept) = (void *)object_name(&cs->mem, raw.at, raw.len);
	}
	return name;
}

static int submodule_error(const char *path, struct error *e)
{
	error_set(e, STATUS_FILES,
		"%s: a submodule, whose files are in another repository and cannot be read from this commit",
		path);
	return error_file(e, path);
}

/* What has a path from ROOT. */
struct found {
	const char *object;           /* its name; NULL: nothing has the path */
	const struct tree_item *item; /* NULL: it is the top of the working tree */
};

/* The items of a directory on the way to `path`, or of itself; NULL on an error. */
static const struct tree_items *enter(
	struct commit_source *cs, const struct found *at, const char *path, struct error *e)
{
	if (at->item && at->item->submodule)
		submodule_error(path, e);
	else if (at->item && at->item->kind != ENTRY_DIRECTORY)
		tree_error(e, at->item->kind == ENTRY_LINK ? ELOOP : ENOTDIR, path);
	else
		return read_tree(cs, at->object, path, e);
	return NULL;
}

/* Goes on from `found` along the parts of `way`, until there is nothing. */
static int follow(struct commit_source *cs, const char *way, const char *path, struct found *found,
	struct error *e)
{
	while (*way && found->object) {
		const struct str part = { way, strcspn(way, "/") };
		const struct tree_items *items = enter(cs, found, path, e);

		if (!items)
			return -1;
		found->item = tree_items_find(items, part);
		found->object = found->item ? name_of(cs, found->item) : NULL;
		way += part.len + (way[part.len] == '/');
	}
	return 0;
}

static int find(struct commit_source *cs, const char *path, struct found *found, struct error *e)
{
	*found = (struct found){ .object = cs->top };
	/* untested at times: faults take a sample of the calls that fail */
	if (follow(cs, cs->prefix, path, found, e) < 0)
		return -1;
	return follow(cs, path, path, found, e);
}

static int has_read(const struct commit_source *cs, bool directory)
{
	if (cs->on_read)
		cs->on_read(directory);
	return 1;
}

static int commit_list(struct source *s, struct arena *mem, const char *path, struct listing *list,
	struct error *e)
{
	struct commit_source *cs = (struct commit_source *)s;
	struct listing made = { 0 };
	struct found found;

	if (find(cs, path, &found, e) < 0)
		return -1;
	if (!found.object)
		return 0;
	const struct tree_items *items = enter(cs, &found, path, e);
	if (!items)
		return -1;
	made.entries = ARENA_NEW(mem, struct entry, items->count);
	for (; made.count < items->count; made.count++) {
		const struct tree_item *item = &items->list[made.count];

		made.entries[made.count] = (struct entry){
			arena_copy(mem, item->name, strlen(item->name)),
			item->kind,
		};
	}
	*list = made;
	return has_read(cs, true);
}

/* Only the bits that git keeps of a mode; the owner is not known. */
static struct access access_of(const struct tree_item *item)
{
	return (struct access){ .mode = item->executable ? 0755 : 0644 };
}

static int commit_read(struct source *s, struct arena *mem, const char *path, size_t limit,
	struct file *file, struct error *e)
{
	struct commit_source *cs = (struct commit_source *)s;
	const struct arena_mark mark = arena_mark(mem);
	struct found found;
	struct object o = { 0 };

	if (find(cs, path, &found, e) < 0)
		return -1;
	if (!found.object)
		return 0;
	if (!found.item || found.item->kind == ENTRY_DIRECTORY) {
		error_set(e, STATUS_FILES, "%s: is a directory, not a file", path);
		return error_file(e, path);
	}
	if (found.item->kind != ENTRY_FILE)
		return tree_error(e, found.item->kind == ENTRY_LINK ? ELOOP : ENXIO, path);
	const enum answer answer = batch_ask(&cs->batch, mem, found.object, limit, &o);
	if (answer == ANSWER_FOUND && o.header.kind == OBJECT_BLOB) {
		*file = (struct file){ .text = o.text, .access = access_of(found.item) };
		return has_read(cs, false);
	}
	arena_rewind(mem, mark);
	return answer == ANSWER_FOUND
		? broken(path, "an object is not the file that it should be", e)
		: not_read(cs, answer, path, limit, e);
}

const char *commit_source_object(struct commit_source *cs, const char *path)
{
	struct error ignored = { 0 };
	struct found found;

	if (find(cs, path, &found, &ignored) < 0) {
		error_free(&ignored);
		return NULL;
	}
	return found.object;
}

static int no_commit(struct error *e, const char *rev, const char *reason)
{
	error_set(e, STATUS_FILES, "no commit '%s'%s%s", rev, reason[0] ? ": " : "", reason);
	return error_code(e, "unknown-revision");
}

/* git has ended without an answer. */
static int no_answer(
	struct commit_source *cs, struct git_pipe *git, const char *rev, struct error *e)
{
	const char *reason = git_pipe_reason(git, &cs->mem);

	if (reason[0])
		return no_commit(e, rev, reason);
	if (git->code)
		return error_system(e, git->code, "cannot run git to read the commit '%s'", rev);
	return error_set(e, STATUS_SYSTEM, "cannot run git to read the commit '%s'", rev);
}

/* Reads the commit into the memory for trees. */
static int read_commit(struct commit_source *cs, const char *rev, struct object *o, struct str *top,
	struct error *e)
{
	const char *asked = arena_printf(&cs->trees, "%s^{commit}", rev);

	switch (batch_ask(&cs->batch, &cs->trees, asked, BATCH_COMMIT, o)) {
	case ANSWER_MISSING:
		return no_commit(e, rev, "");
	case ANSWER_AMBIGUOUS:
		return no_commit(e, rev, "several objects have names that begin so");
	case ANSWER_TOO_LARGE:
		return no_commit(e, rev, "its message is too large");
	case ANSWER_NONE:
		return no_answer(cs, &cs->batch.git, rev, e);
	case ANSWER_FOUND:
		break;
	}
	if (o->header.kind != OBJECT_COMMIT || !commit_tree(o->text, top) ||
		top->len != o->header.name.len)
		return no_commit(e, rev, "what git has is not a commit");
	return 0;
}

/* Trees that were read for other commits are kept as long as they are few. */
static void forget_trees(struct commit_source *cs)
{
	arena_free(&cs->trees);
	arena_init(&cs->trees, cs->mem.out_of_memory);
	cs->by_object = (struct map){ .mem = &cs->trees };
	cs->tree_bytes = 0;
}

int commit_source_move(struct commit_source *cs, const char *rev, struct error *e)
{
	const struct arena_mark mark = arena_mark(&cs->trees);
	const struct str typed = str_of(rev);
	struct object o = { 0 };
	struct str top = { 0 };

	if (!typed.len || typed.len > BATCH_LONGEST || character_any_hidden(typed))
		return no_commit(e, rev, "");
	int rc = read_commit(cs, rev, &o, &top, e);
	if (rc == 0) {
		cs->commit = arena_copy(&cs->mem, o.header.name.at, o.header.name.len);
		cs->top = arena_copy(&cs->mem, top.at, top.len);
	}
	arena_rewind(&cs->trees, mark);
	if (cs->tree_bytes > MOST_TREES)
		forget_trees(cs);
	return rc;
}

/* "true" LF PREFIX LF: a directory's name may have line ends, too. *inside: of a working tree. */
static bool read_prefix(struct commit_source *cs, struct git_pipe *git, bool *inside)
{
	struct buf prefix = { .mem = &cs->mem };
	struct str line;

	if (!git_pipe_line(git, &line))
		return false;
	*inside = str_is(line, "true");
	/* untested: git prints both lines, or none */
	if (!git_pipe_line(git, &line))
		return false;
	do {
		buf_add(&prefix, line);
		buf_putc(&prefix, '\n');
	} while (git_pipe_line(git, &line));
	cs->prefix = arena_copy(&cs->mem, prefix.at, prefix.len - 1);
	return true;
}

/* Where ROOT is in the working tree. */
static int find_prefix(struct commit_source *cs, const char *rev, struct error *e)
{
	static const char *const words[] = { "rev-parse", "--is-inside-work-tree", "--show-prefix",
		NULL };
	struct git_pipe git = GIT_PIPE;
	bool inside = false;
	int rc = 0;

	const bool found = git_pipe_start(&git, &cs->mem, cs->batch.root, words) == 0 &&
		read_prefix(cs, &git, &inside);
	git_pipe_stop(&git);
	if (!found)
		rc = no_answer(cs, &git, rev, e);
	/* untested: some versions of git refuse to be run in their own directory */
	else if (!inside)
		rc = no_commit(e, rev, "not in a working tree of git");
	git_pipe_close(&git);
	return rc;
}

int commit_source_open(struct arena *mem, const struct root *root, const char *rev,
	struct commit_source *cs, struct error *e)
{
	*cs = (struct commit_source){
		.source = { .list = commit_list, .read = commit_read },
	};
	arena_init(&cs->mem, mem->out_of_memory);
	cs->batch = (struct batch){ GIT_PIPE, &cs->mem, root };
	cs->names = (struct map){ .mem = &cs->mem };
	arena_init(&cs->trees, mem->out_of_memory);
	cs->by_object = (struct map){ .mem = &cs->trees };
	if (find_prefix(cs, rev, e) == 0 && commit_source_move(cs, rev, e) == 0)
		return 0;
	commit_source_close(cs);
	return -1;
}

void commit_source_close(struct commit_source *cs)
{
	git_pipe_close(&cs->batch.git);
	arena_free(&cs->trees);
	arena_free(&cs->mem);
}
