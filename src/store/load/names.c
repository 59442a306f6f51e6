/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/names.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "store/load/load.h"

/*
 * An application may have hundreds of thousands of directories: a listing is given back
 * when the walk leaves its directory, and a list that grows is copied to `mem` at its end.
 */
struct walk {
	struct arena *mem;
	struct arena *listings; /* of the directory and those above it */
	struct arena *work;     /* owns the path and the lists */
	struct source *source;
	const struct fleet *f;
	struct buf path;  /* of the directory, from the root */
	struct map texts; /* by name: its string in `mem` */
	struct layer_name *layers;
	size_t layer_count;
	struct astray *strays;
	size_t stray_count;
	struct hold_name *holds;
	size_t hold_count;
	const char *unlisted;
	struct seen_directory *directories;
	size_t directory_count;
	struct error *e;
};

/* Appends an entry's name to the path. Returns what leave() needs to take it off. */
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

bool names_is_patch(const char *name)
{
	size_t len = strlen(name);

	return len > 11 && memcmp(name, "patch-", 6) == 0 &&
		memcmp(name + len - 5, ".yaml", 5) == 0;
}

/* The length of a name without .yaml or .yml, however they are written; 0 if it has another ending. */
static size_t stem_length(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (!dot)
		return strlen(name);
	return strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0 ? (size_t)(dot - name)
									     : 0;
}

/* Whether the first n bytes of a name are this word or its plural. */
static bool is_word(const char *name, size_t n, const char *word)
{
	size_t len = strlen(word);

	return strncasecmp(name, word, len) == 0 &&
		(n == len || (n == len + 1 && strchr("sS", name[len])));
}

static const char *meant_by(struct arena *mem, const char *name)
{
	size_t n = stem_length(name);
	const char *rest = name + 5;

	if (n && is_word(name, n, "override"))
		return strcmp(name, "override.yaml") != 0 ? "override.yaml" : NULL;
	if (n && is_word(name, n, "value"))
		return strcmp(name, "values.yaml") != 0 ? "values.yaml" : NULL;
	if (n && is_word(name, n, "hold"))
		return strcmp(name, HOLD_FILE) != 0 ? HOLD_FILE : NULL;
	if (n < 6 || strncasecmp(name, "patch", 5) != 0)
		return NULL;
	bool separated = strchr("-_. ", *rest), number = *rest >= '0' && *rest <= '9';
	rest += separated;
	if (rest == name + n || !(separated || number) || names_is_patch(name))
		return NULL;
	/* "patch-notes" may be anything */
	if (!name[n] && !(*rest >= '0' && *rest <= '9'))
		return NULL;
	return arena_printf(mem, "patch-%.*s.yaml", (int)(name + n - rest), rest);
}

static bool is_layer_name(const char *name)
{
	return names_is_patch(name) || strcmp(name, "override.yaml") == 0;
}

const char *names_meant(struct arena *mem, const char *name)
{
	static const char blanks[] = " \t\r\n";
	const char *first = name + strspn(name, blanks);
	size_t len = strlen(first);

	while (len && strchr(blanks, first[len - 1]))
		len--;
	if (first == name && !name[len])
		return meant_by(mem, name);
	const char *shown = arena_copy(mem, first, len), *meant = meant_by(mem, shown);
	if (meant)
		return meant;
	bool known = is_layer_name(shown) || strcmp(shown, "values.yaml") == 0 ||
		strcmp(shown, HOLD_FILE) == 0;
	return known ? shown : NULL;
}

bool names_is_hold(
	struct arena *mem, const struct entry *entry, bool placed, struct hold_name *found)
{
	const bool exact = strcmp(entry->name, HOLD_FILE) == 0;

	if (!exact) {
		const char *meant =
			entry->kind == ENTRY_DIRECTORY ? NULL : names_meant(mem, entry->name);

		if (!meant || strcmp(meant, HOLD_FILE) != 0)
			return false;
	}
	*found = (struct hold_name){ .position = NOWHERE };
	if (!placed)
		found->wrong = "not at a position of " PATHS_CONFIG;
	else if (!exact)
		found->wrong = "it is not read, and was probably meant to be " HOLD_FILE;
	else if (entry->kind != ENTRY_FILE)
		found->wrong = "not a file";
	return true;
}

static void look_for_hold(struct walk *w, const struct entry *entry, size_t position, bool placed)
{
	struct hold_name found;

	if (!names_is_hold(w->mem, entry, placed, &found))
		return;
	found.path = arena_printf(w->mem, "%s/%s", w->path.at, entry->name);
	found.position = position;
	*ARENA_PUSH(w->work, w->holds, w->hold_count) = found;
}

/* Thousands of files share a few names. */
static const char *shared_name(struct walk *w, const char *name)
{
	const char *known = map_get(&w->texts, str_of(name));

	if (!known) {
		char *fresh = arena_copy(w->mem, name, strlen(name));
		*map_slot(&w->texts, str_of(fresh)) = fresh;
		known = fresh;
	}
	return known;
}

/* Entries are in byte order, and 'o' is before 'p': an override first, then patches by name. */
static void add_layers(struct walk *w, const struct listing *list, size_t at)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];

		if (is_layer_name(entry->name))
			*ARENA_PUSH(w->work, w->layers, w->layer_count) = (struct layer_name){
				.position = (uint32_t)at,
				.kind = entry->kind,
				.name = shared_name(w, entry->name),
			};
	}
}

/* An entry of a directory, if it was probably meant to be a layer and is not. own: the application's. */
static void look_for_stray(struct walk *w, const struct entry *entry, size_t position, bool own)
{
	if (entry->kind == ENTRY_DIRECTORY)
		return;
	bool layer = is_layer_name(entry->name);
	const char *meant = layer ? entry->name : names_meant(w->mem, entry->name);
	if (!meant || (layer && position != NOWHERE))
		return;
	if ((!own && strcmp(meant, "values.yaml") == 0) || strcmp(meant, HOLD_FILE) == 0)
		return;
	const char *path = arena_printf(w->mem, "%s/%s", w->path.at, entry->name);
	if (layer)
		meant = path + w->path.len + 1;
	*ARENA_PUSH(w->work, w->strays, w->stray_count) = (struct astray){ path, meant, position };
}

static void pass_over(struct walk *w, struct error *why)
{
	/* untested: the first of several is told */
	if (!w->unlisted)
		w->unlisted = arena_copy(w->mem, w->path.at, w->path.len);
	error_free(why);
}

/* What is in a directory that is not a position's, and below it. */
static void search_strays(struct walk *w, const char *name, size_t depth)
{
	struct arena_mark mark = arena_mark(w->listings);
	size_t length = enter(w, name);
	struct listing list = { 0 };
	struct error ignored = { 0 };

	if (w->source->list(w->source, w->listings, w->path.at, &list, &ignored) < 0)
		pass_over(w, &ignored);
	for (size_t i = 0; i < list.count; i++) {
		const struct entry *entry = &list.entries[i];

		look_for_hold(w, entry, NOWHERE, false);
		if (entry->kind == ENTRY_DIRECTORY && depth > 1)
			search_strays(w, entry->name, depth - 1);
		else
			look_for_stray(w, entry, NOWHERE, false);
	}
	leave(w, length);
	arena_rewind(w->listings, mark);
}

static int scan_directory(struct walk *w, size_t at);

/* Positions in sequence order, then all other directories. */
static int scan_below(struct walk *w, const struct listing *list, size_t at)
{
	size_t c = at == NOWHERE ? 0 : at + 1;
	size_t end = at == NOWHERE ? w->f->count : w->f->positions[at].end;
	bool *is_position = ARENA_NEW(w->listings, bool, list->count);

	for (; c < end; c = w->f->positions[c].end) {
		const struct entry *entry = tree_entry(list, w->f->positions[c].name);

		if (!entry)
			continue;
		size_t length = enter(w, entry->name);
		if (scan_directory(w, c) < 0)
			return -1;
		leave(w, length);
		is_position[entry - list->entries] = true;
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].kind == ENTRY_DIRECTORY && !is_position[i])
			search_strays(w, list->entries[i].name, w->f->depth);
	return 0;
}

/* The directory at the walk's path, which was listed above it unless it is the application's. */
static int scan_directory(struct walk *w, size_t at)
{
	struct arena_mark mark = arena_mark(w->listings);
	struct listing list;
	int found = w->source->list(w->source, w->listings, w->path.at, &list, w->e);

	if (found <= 0)
		return found < 0 ? -1 : tree_error(w->e, ENOENT, w->path.at);
	*ARENA_PUSH(w->work, w->directories, w->directory_count) =
		(struct seen_directory){ at, list.stamp };
	if (at != NOWHERE)
		add_layers(w, &list, at);
	for (size_t i = 0; i < list.count; i++) {
		look_for_hold(w, &list.entries[i], at, true);
		look_for_stray(w, &list.entries[i], at, at == NOWHERE);
	}
	int rc = scan_below(w, &list, at);
	arena_rewind(w->listings, mark);
	return rc;
}

/* The list in just the memory that it needs. */
#define KEEP(w, list, count) arena_grow((w)->mem, (list), (count), (count), sizeof(*(list)))

int names_scan(struct arena *mem, struct source *source, const struct fleet *f,
	const struct subject *s, struct names *out, struct error *e)
{
	struct arena listings, work;
	struct walk w = {
		.mem = mem,
		.listings = &listings,
		.work = &work,
		.source = source,
		.f = f,
		.path = { .mem = &work },
		.texts = { .mem = &work },
		.e = e,
	};

	arena_init(&listings, mem->out_of_memory);
	arena_init(&work, mem->out_of_memory);
	buf_puts(&w.path, paths_application(&work, s));
	int rc = scan_directory(&w, NOWHERE);
	if (rc == 0)
		*out = (struct names){
			.fleet = f,
			.type = s->type,
			.application = s->application,
			.layers = KEEP(&w, w.layers, w.layer_count),
			.layer_count = w.layer_count,
			.strays = KEEP(&w, w.strays, w.stray_count),
			.stray_count = w.stray_count,
			.holds = KEEP(&w, w.holds, w.hold_count),
			.hold_count = w.hold_count,
			.unlisted = w.unlisted,
			.directories = KEEP(&w, w.directories, w.directory_count),
			.directory_count = w.directory_count,
		};
	arena_free(&work);
	arena_free(&listings);
	return rc;
}

int names_scan_all(struct arena *mem, struct source *source, const struct fleet *f,
	struct names_list *list, struct error *e)
{
	struct names_list all = { 0 };
	struct name_list types, applications;

	if (load_types(mem, source, f, &types, e) < 0)
		return -1;
	for (size_t t = 0; t < types.count; t++) {
		struct subject s = { .type = types.at[t] };

		if (load_applications(mem, source, s.type, &applications, e) < 0)
			return -1;
		for (size_t i = 0; i < applications.count; i++) {
			s.application = applications.at[i];
			if (names_scan(mem, source, f, &s, ARENA_PUSH(mem, all.at, all.count), e) <
				0)
				return -1;
		}
	}
	*list = all;
	return 0;
}
