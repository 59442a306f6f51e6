#include "store/survey.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define uthash_malloc(bytes)   arena_alloc(w->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

#include "yaml/canon.h"
#include "yaml/expand.h"
#include "yaml/read.h"

/* A text that was seen, the first time it was; of a file's bytes, or of what they mean. */
struct seen {
	struct str text;
	uint32_t meaning;
	UT_hash_handle hh;
};

struct walk {
	struct arena *mem;     /* for what the survey keeps */
	struct arena *scratch; /* for one folder's listing */
	const struct root *root;
	const struct fleet *f;
	const struct subject *subject;
	const char *file; /* "patch-001.yaml" */
	struct buf path;  /* where the walk is, from the root */
	struct survey s;
	struct seen *bytes, *meanings; /* uthash heads */
	uint32_t meaning_count;
	size_t digest_room, stray_room;
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

/* A new number for a meaning not seen before, with its digest. */
static uint32_t number_meaning(struct walk *w, struct str canon)
{
	struct seen *m = NULL;

	HASH_FIND(hh, w->meanings, canon.at, canon.len, m);
	if (m)
		return m->meaning;
	m = ARENA_NEW(w->mem, struct seen, 1);
	m->text = canon;
	m->meaning = ++w->meaning_count;
	HASH_ADD_KEYPTR(hh, w->meanings, m->text.at, m->text.len, m);
	if (m->meaning >= w->digest_room) {
		size_t room = w->digest_room ? w->digest_room * 2 : 4;
		w->s.digests = arena_grow(
			w->mem, w->s.digests, w->digest_room, room, sizeof(*w->s.digests));
		w->digest_room = room;
	}
	uint64_t hash = str_hash(canon);
	w->s.digests[m->meaning] = arena_printf(w->mem, "%08x", (uint32_t)(hash ^ hash >> 32));
	return m->meaning;
}

/* What a copy means once its metadata is left out. */
static int read_meaning(struct walk *w, struct str text, uint32_t *meaning)
{
	const char *path = w->path.at;
	struct buf canon = { .mem = w->mem };
	struct doc doc;

	if (yaml_read(w->mem, path, text, &doc, w->e) < 0)
		return -1;
	if (!doc.root)
		return error_set(w->e, STATUS_FILES,
			"%s: the patch is empty; it must be a mapping of the values to set", path);
	const struct node *root = yaml_expand(w->mem, &doc, w->e);
	if (!root)
		return -1;
	if (root->kind != NODE_MAP)
		return yaml_error(w->e, &doc, root->place,
			"a patch must be a mapping of the values to set, not %s",
			node_describe(root));
	yaml_canon(&canon, root, "metadata");
	*meaning = number_meaning(w, buf_str(&canon));
	return 0;
}

/* The copy that the walk has come to. */
static int add_copy(struct walk *w, int folder, size_t at)
{
	struct arena_mark mark = arena_mark(w->mem);
	struct file file;
	struct seen *b = NULL;

	if (tree_read(w->mem, folder, w->file, w->path.at, YAML_BYTES, &file, w->e) < 0)
		return -1;
	HASH_FIND(hh, w->bytes, file.text.at, file.text.len, b);
	if (b) {
		arena_rewind(w->mem, mark);
		file.text = b->text;
	} else {
		b = ARENA_NEW(w->mem, struct seen, 1);
		b->text = file.text;
		if (read_meaning(w, file.text, &b->meaning) < 0)
			return -1;
		HASH_ADD_KEYPTR(hh, w->bytes, b->text.at, b->text.len, b);
	}
	struct file *kept = ARENA_NEW(w->mem, struct file, 1);
	*kept = file;
	w->s.copies[at] = kept;
	w->s.placed[at] = b->meaning;
	w->s.copy_count++;
	return 0;
}

/* Notes an override or another patch at a position. */
static void note_layer(struct walk *w, const char *name, size_t at)
{
	bool patch = fnmatch("patch-*.yaml", name, 0) == 0;

	if (!patch && strcmp(name, "override.yaml") != 0)
		return;
	bool later = patch && strcmp(name, w->file) > 0;
	if (later || !w->s.layers[at])
		w->s.layer_files[at] = arena_printf(w->mem, "%s/%s", w->path.at, name);
	w->s.layers[at] |= (unsigned char)(later ? LAYERS_LATER : LAYERS_OTHER);
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
	int fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY);

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
			size_t length = enter(w, entry->name);
			if (visit(w, folder, entry->name, (size_t)(children[c] - w->f->positions)) <
				0)
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

		if (strcmp(entry->name, w->file) != 0) {
			note_layer(w, entry->name, at);
		} else if (entry->kind != ENTRY_FILE) {
			w->s.layers[at] |= LAYERS_BLOCKED;
		} else {
			size_t length = enter(w, w->file);
			if (add_copy(w, folder, at) < 0)
				return -1;
			leave(w, length);
		}
	}
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
	int rc = tree_list(w->scratch, fd, w->path.at, &list, w->e);
	if (rc == 0 && at != NOWHERE)
		rc = visit_files(w, fd, &list, at);
	else if (rc == 0 && tree_entry(&list, w->file))
		add_stray(w);
	if (rc == 0)
		rc = visit_children(w, fd, &list, at);
	arena_rewind(w->scratch, mark);
	close(fd);
	return rc;
}

int survey_patch(struct arena *mem, const struct root *root, const struct fleet *f,
	const struct subject *s, struct survey *out, struct error *e)
{
	struct arena scratch;
	struct walk w = {
		.mem = mem,
		.scratch = &scratch,
		.root = root,
		.f = f,
		.subject = s,
		.file = arena_printf(mem, "%s.yaml", s->patch),
		.path = { .mem = mem },
		.s = { 
			.placed = ARENA_NEW(mem, uint32_t, f->count),
			.layers = ARENA_NEW(mem, unsigned char, f->count),
			.layer_files = ARENA_NEW(mem, const char *, f->count),
			.copies = ARENA_NEW(mem, const struct file *, f->count),
		},
		.e = e,
	};
	const char *folder = layout_application(mem, s);

	arena_init(&scratch, mem->out_of_memory);
	buf_puts(&w.path, folder);
	int rc = visit(&w, root->fd, folder, NOWHERE);
	if (rc == 0)
		*out = w.s;
	arena_free(&scratch);
	return rc;
}
