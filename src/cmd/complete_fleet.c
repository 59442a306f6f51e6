/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/complete_fleet.h"

#include <stdlib.h>
#include <string.h>

#include "core/show.h"

static bool is_command(const struct completion *c, const char *word)
{
	const struct strings names = command_names(c->mem, c->asked->commands);

	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.list[i], word) == 0)
			return true;
	return strcmp(word, "help") == 0;
}

int complete_types(struct completion *c)
{
	struct name_list types;

	if (load_types(c->mem, &c->session.disk.source, &c->session.fleet, &types, c->e) < 0)
		return -1;
	for (size_t i = 0; i < types.count; i++)
		if (!c->asked->first || !is_command(c, types.at[i]))
			offer(&c->offers, types.at[i], "cluster type");
	return 0;
}

/* What the words before name, as far as they do; checked, so that no path leads elsewhere. */
static int find_subject(struct completion *c, struct subject *s)
{
	const char *problem = NULL, *patch = complete_argument(c->mem, c->asked, "PATCH");

	*s = (struct subject){
		.type = complete_argument(c->mem, c->asked, "CLUSTER_TYPE"),
		.application = complete_argument(c->mem, c->asked, "APPLICATION"),
		.patch = patch ? paths_patch_name(c->mem, patch, &problem) : NULL,
	};
	if (!s->type)
		return -1;
	return load_subject(c->mem, &c->session.disk.source, &c->session.fleet, s, c->e);
}

int complete_applications(struct completion *c)
{
	struct subject s;
	struct name_list names;

	if (find_subject(c, &s) < 0 ||
		load_applications(c->mem, &c->session.disk.source, s.type, &names, c->e) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++)
		offer(&c->offers, names.at[i], "application");
	return 0;
}

/* The layers of the subject's application, by names alone. */
static int scan(struct completion *c, struct subject *s, struct names *names)
{
	if (find_subject(c, s) < 0 || !s->application)
		return -1;
	return names_scan(c->mem, &c->session.disk.source, &c->session.fleet, s, names, c->e);
}

/* A patch in flight, by its copies. */
struct flying {
	const char *name; /* its file's */
	size_t latest;    /* the position of its latest copy */
	size_t end;       /* behind the positions that the copies so far cover */
	size_t targets;   /* that are covered */
};

static int by_name(const void *a, const void *b)
{
	const struct flying *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The patches of the application in the order of their names. */
static struct flying *find_patches(struct completion *c, const struct names *names, size_t *count)
{
	const struct position *positions = names->fleet->positions;
	struct map found = { .mem = c->mem };
	struct flying *list = ARENA_NEW(c->mem, struct flying, names->layer_count);

	*count = 0;
	for (size_t i = 0; i < names->layer_count; i++) {
		const struct layer_name *layer = &names->layers[i];
		const size_t at = layer->position;

		if (layer->kind != ENTRY_FILE || !names_is_patch(layer->name))
			continue;
		void **slot = map_slot(&found, str_of(layer->name));
		if (!*slot) {
			list[*count].name = layer->name;
			*slot = &list[(*count)++];
		}
		struct flying *f = *slot;
		f->latest = at;
		if (at < f->end)
			continue;
		f->targets += positions[at].targets;
		f->end = positions[at].end;
	}
	qsort(list, *count, sizeof(*list), by_name);
	return list;
}

int complete_patches(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	const size_t ending = strlen(".yaml");
	struct subject s;
	struct names names;
	size_t count = 0;

	if (scan(c, &s, &names) < 0)
		return -1;
	const struct flying *list = find_patches(c, &names, &count);
	for (size_t i = 0; i < count; i++)
		offer(&c->offers, arena_copy(c->mem, list[i].name, strlen(list[i].name) - ending),
			arena_printf(c->mem, "latest copy at %s; %zu of %zu targets",
				f->positions[list[i].latest].path, list[i].targets, f->targets));
	return 0;
}

/* "sector", "sector, manual gate" */
static const char *describe(struct completion *c, size_t at)
{
	const struct fleet *f = &c->session.fleet;
	const struct position *p = &f->positions[at];

	return arena_printf(c->mem, "%s%s", f->dimensions[p->depth - 1].single,
		p->manual ? ", manual gate" : "");
}

/* The positions below the one that is typed: one that has children is to be continued. */
int complete_positions(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	const char *slash = strrchr(c->asked->typed, '/');
	size_t at = 0, end = f->count;

	if (slash) {
		const size_t n = (size_t)(slash - c->asked->typed);
		const size_t parent = fleet_find(f, arena_copy(c->mem, c->asked->typed, n));

		if (parent == NOWHERE)
			return -1;
		at = parent + 1;
		end = f->positions[parent].end;
	}
	for (; at < end; at = f->positions[at].end)
		offer(&c->offers,
			arena_printf(c->mem, "%s%s", f->positions[at].path,
				fleet_is_target(f, at) ? "" : "/"),
			describe(c, at));
	return 0;
}

int complete_gates(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;

	for (size_t i = 0; i < f->count; i++)
		if (f->positions[i].manual)
			offer(&c->offers, f->positions[i].path, describe(c, i));
	return 0;
}

/* The positions that have a copy of the patch. */
int complete_copies(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	struct subject s;
	struct names names;

	if (scan(c, &s, &names) < 0 || !s.patch)
		return -1;
	const char *file = arena_printf(c->mem, "%s.yaml", s.patch);
	for (size_t i = 0; i < names.layer_count; i++) {
		const struct layer_name *layer = &names.layers[i];

		if (layer->kind == ENTRY_FILE && strcmp(layer->name, file) == 0)
			offer(&c->offers, f->positions[layer->position].path,
				describe(c, layer->position));
	}
	return 0;
}

int complete_dimensions(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;

	for (size_t i = 0; i < f->depth; i++)
		offer(&c->offers, f->dimensions[i].single, f->dimensions[i].name);
	return 0;
}

/* How many bytes of a path's text are in front of its last part: "a." of "a.b" */
static size_t start_of_part(const char *text)
{
	size_t start = 0;
	bool quoted = false;

	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '"' && (quoted || i == start))
			quoted = !quoted;
		else if (quoted && text[i] == '\\' && text[i + 1])
			i++;
		else if (!quoted && text[i] == '.')
			start = i + 1;
	}
	return start;
}

static void offer_value(
	struct completion *c, const char *lead, struct str key, const struct node *value)
{
	struct buf path = { .mem = c->mem }, what = { .mem = c->mem };

	keypath_add(&path, key);
	const bool more = (value->kind == NODE_MAP && value->map.count) ||
		(value->kind == NODE_LIST && value->list.count);
	if (more && value->kind == NODE_MAP)
		buf_printf(&what, "%zu key%s", value->map.count, value->map.count == 1 ? "" : "s");
	else if (more)
		buf_printf(
			&what, "%zu item%s", value->list.count, value->list.count == 1 ? "" : "s");
	else
		show_value(&what, value, false);
	offer(&c->offers, arena_printf(c->mem, "%s%s%s", lead, path.at, more ? "." : ""), what.at);
}

/* The keys of a mapping or the indices of a list, at the path that is typed. */
static void offer_below(struct completion *c, const char *lead, const struct node *n)
{
	struct number_text room;

	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++)
		offer_value(c, lead, key_text(n->map.pairs[i].key, &room), n->map.pairs[i].value);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		offer_value(c, lead, str_of(arena_printf(c->mem, "%zu", i)), n->list.items[i]);
}

/* The paths of values, of the target if one is named, else of the first. */
int complete_paths(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	const char *typed = c->asked->typed, *name = complete_argument(c->mem, c->asked, "TARGET");
	const size_t lead = start_of_part(typed);
	struct keypath path = { 0 };
	struct subject s;
	struct state state;
	size_t target = 0;

	while (target + 1 < f->count && !fleet_is_target(f, target))
		target++;
	if (lead && keypath_parse(c->mem, arena_copy(c->mem, typed, lead - 1), &path, c->e) < 0)
		return -1;
	if (find_subject(c, &s) < 0 || !s.application ||
		(name && fleet_target(c->mem, f, name, &target, c->e) < 0) ||
		session_state(c->mem, &c->session, &s, NULL, &state, c->e) < 0)
		return -1;
	const struct node *root = state_values(&state, target);
	keypath_respell(c->mem, root, &path);
	const struct node *at = keypath_get(root, &path);
	if (at)
		offer_below(c, arena_copy(c->mem, typed, lead), at);
	return 0;
}
