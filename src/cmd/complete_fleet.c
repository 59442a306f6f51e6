/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/complete_fleet.h"

#include <string.h>

#include "core/flight.h"
#include "core/show.h"
#include "store/git/refs.h"

static bool is_command(const struct completion *c, const char *word)
{
	const struct strings names = command_names(c->mem, c->asked->commands);

	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.list[i], word) == 0)
			return true;
	return strcmp(word, "help") == 0;
}

static int offer_applications(struct completion *c, const char *type)
{
	struct name_list names;

	if (load_applications(c->mem, c->session.source, type, &names, c->e) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++)
		offer(&c->offers, names.at[i], "application");
	return 0;
}

/* Behind a word that may be left out, such as REV, is an application if the word is a cluster type. */
int complete_types(struct completion *c)
{
	const struct options *o = c->asked->o;
	struct name_list types;

	if (load_types(c->mem, c->session.source, &c->session.fleet, &types, c->e) < 0)
		return -1;
	for (size_t i = 0; i < types.count; i++)
		if (o->arg_count && strcmp(o->args[0], types.at[i]) == 0)
			return offer_applications(c, types.at[i]);
	for (size_t i = 0; i < types.count; i++)
		if (!c->asked->first || !is_command(c, types.at[i]))
			offer(&c->offers, types.at[i], "cluster type");
	return 0;
}

/* git is run in a fleet that may run programs, and in no other. */
int complete_revisions(struct completion *c)
{
	if (session_may_run_git(c->mem, &c->session, c->e) < 0)
		return -1;
	const struct ref_names names = git_ref_names(c->mem, &c->session.root);
	for (size_t i = 0; i < names.count; i++)
		offer(&c->offers, names.list[i], NULL);
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
	return load_subject(c->mem, c->session.source, &c->session.fleet, s, c->e);
}

int complete_applications(struct completion *c)
{
	struct subject s;

	return find_subject(c, &s) < 0 ? -1 : offer_applications(c, s.type);
}

/* The layers of the subject's application, by names alone. */
static int scan(struct completion *c, struct subject *s, struct names *names)
{
	if (find_subject(c, s) < 0 || !s->application)
		return -1;
	return names_scan(c->mem, c->session.source, &c->session.fleet, s, names, c->e);
}

/* The patches of the subject's application, from the names of their copies. */
static int find_flights(struct completion *c, struct subject *s, struct flights *all)
{
	struct names names;

	if (scan(c, s, &names) < 0)
		return -1;
	flights_start(all, c->mem);
	for (size_t i = 0; i < names.layer_count; i++) {
		const struct layer_name *layer = &names.layers[i];

		if (layer->kind == ENTRY_FILE && names_is_patch(layer->name))
			flights_add(all, layer->name, layer->position, NULL);
	}
	flights_end(all);
	return 0;
}

/* "latest copy at lab; 3 of 7 targets; next live, gate live" */
static const char *describe_patch(struct completion *c, const struct flight *f)
{
	const struct fleet *fleet = &c->session.fleet;
	const size_t latest = f->copies[f->copy_count - 1].position;
	struct buf out = { .mem = c->mem };

	buf_printf(&out, "latest copy at %s; %zu of %zu targets", fleet->positions[latest].path,
		f->covered, fleet->targets);
	if (f->state != FLIGHT_READY && f->state != FLIGHT_GATE)
		buf_printf(&out, "; %s", flight_state_name(f->state));
	else if (f->next != NOWHERE)
		buf_printf(&out, "; next %s", fleet->positions[f->next].path);
	for (size_t i = 0; i < f->gates.count; i++)
		buf_printf(&out, ", gate %s", fleet->positions[f->gates.list[i]].path);
	return out.at;
}

int complete_patches(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	struct flights all;
	struct subject s;

	if (find_flights(c, &s, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++) {
		flight_guess(c->mem, f, fleet_default_level(f), all.list[i]);
		offer(&c->offers, all.list[i]->patch, describe_patch(c, all.list[i]));
	}
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

/* The subject's patch, or NULL. */
static const struct flight *find_flight(struct completion *c)
{
	struct flights all;
	struct subject s;

	if (find_flights(c, &s, &all) < 0 || !s.patch)
		return NULL;
	for (size_t i = 0; i < all.count; i++)
		if (strcmp(all.list[i]->patch, s.patch) == 0)
			return all.list[i];
	return NULL;
}

static void offer_position(struct completion *c, size_t at)
{
	offer(&c->offers, c->session.fleet.positions[at].path, describe(c, at));
}

int complete_copies(struct completion *c)
{
	const struct flight *flight = find_flight(c);

	for (size_t i = 0; flight && i < flight->copy_count; i++)
		offer_position(c, flight->copies[i].position);
	return flight ? 0 : -1;
}

int complete_covered(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;
	const struct flight *flight = find_flight(c);
	size_t next = 0,
	       end = 0; /* the first copy not before p; positions before this have one above */

	for (size_t p = 0; flight && p < f->count; p++) {
		while (next < flight->copy_count && flight->copies[next].position < p)
			next++;
		const size_t copy =
			next < flight->copy_count ? flight->copies[next].position : NOWHERE;

		if (copy == p && f->positions[p].end > end)
			end = f->positions[p].end;
		if (p < end || copy < f->positions[p].end)
			offer_position(c, p);
	}
	return flight ? 0 : -1;
}

int complete_dimensions(struct completion *c)
{
	const struct fleet *f = &c->session.fleet;

	for (size_t i = 0; i < f->depth; i++)
		offer(&c->offers, f->dimensions[i].single, f->dimensions[i].name);
	return 0;
}

int complete_columns(struct completion *c)
{
	complete_dimensions(c);
	offer(&c->offers, "target", "a column for each target");
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

/* end: what follows the path of a value that has nothing below it */
static void offer_value(struct completion *c, const char *lead, struct str key,
	const struct node *value, const char *end)
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
	offer(&c->offers, arena_printf(c->mem, "%s%s%s", lead, path.at, more ? "." : end), what.at);
}

/* The keys of a mapping or the indices of a list, at the path that is typed. */
static void offer_below(
	struct completion *c, const char *lead, const struct node *n, const char *end)
{
	struct number_text room;

	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++)
		offer_value(
			c, lead, key_text(n->map.pairs[i].key, &room), n->map.pairs[i].value, end);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		offer_value(c, lead, str_of(arena_printf(c->mem, "%zu", i)), n->list.items[i], end);
}

/* An application of the type that has values; NULL if none has. */
static const char *first_application(struct completion *c, const struct subject *s)
{
	struct source *disk = c->session.source;
	struct name_list names;

	if (load_applications(c->mem, disk, s->type, &names, c->e) < 0)
		return NULL;
	for (size_t i = 0; i < names.count; i++) {
		const struct subject one = { .type = s->type, .application = names.at[i] };
		struct listing files = { 0 };

		if (disk->list(disk, c->mem, paths_application(c->mem, &one), &files, c->e) < 0)
			return NULL;
		if (tree_entry(&files, "values.yaml"))
			return names.at[i];
	}
	return NULL;
}

/* What the path leads to; a star that is no key leads to the first child, as the others are alike. */
static const struct node *follow(struct arena *mem, const struct node *n, struct keypath *path)
{
	for (size_t i = 0; n && i < path->count; i++) {
		struct keypath part = { &path->parts[i], 1 };

		keypath_respell(mem, n, &part);
		const struct node *below = keypath_get(n, &part);
		if (!below && str_is(path->parts[i], "*") && n->kind == NODE_MAP && n->map.count)
			below = n->map.pairs[0].value;
		n = below;
	}
	return n;
}

/* The path in front of the part that is typed. */
static int read_lead(
	struct completion *c, const char *typed, size_t lead, bool assigned, struct keypath *path)
{
	const enum part_kind *kinds = NULL;
	const char *rest = NULL, *text = arena_copy(c->mem, typed, lead ? lead - 1 : 0);

	if (!lead)
		return 0;
	if (!assigned)
		return keypath_parse(c->mem, text, path, c->e);
	return keypath_parse_assignment(
		c->mem, arena_printf(c->mem, "%s=", text), path, &kinds, &rest, c->e);
}

/* Of the target and the application if they are named, else of the first ones. */
static int offer_paths(struct completion *c, bool assigned)
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
	if (read_lead(c, typed, lead, assigned, &path) < 0)
		return -1;
	if (find_subject(c, &s) < 0 || (name && fleet_target(c->mem, f, name, &target, c->e) < 0))
		return -1;
	if (!s.application && !(s.application = first_application(c, &s)))
		return -1;
	if (session_state(c->mem, &c->session, &s, NULL, &state, c->e) < 0)
		return -1;
	const struct node *at = follow(c->mem, state_values(&state, target), &path);
	if (at)
		offer_below(c, arena_copy(c->mem, typed, lead), at, assigned ? "=" : "");
	return 0;
}

int complete_paths(struct completion *c)
{
	return offer_paths(c, false);
}

int complete_assignments(struct completion *c)
{
	return offer_paths(c, true);
}
