/* SPDX-License-Identifier: Apache-2.0 */
/* Who decides about the paths of each patch: four codes of check.h. */
#include "core/check_part.h"

#include <assert.h>

#include "base/assume.h"
#include "core/show.h"
#include "core/supersede.h"
#include "yaml/canon.h"

/* Compared with that of a key (diff.h). */
enum { WORK_OF_RIVAL = 4, WORK_OF_STACK = DIFF_WORK_OF_STACK + 8 };

/* Another patch that sets a path of the one that is looked at. */
struct rival {
	const struct layer *layer; /* its copy at the first target */
	const struct node *node;   /* what that sets */
	const char *path;   /* the first of its paths that both set, or what ours is part of */
	size_t wins, loses; /* targets */
	size_t won, lost;   /* the first of these */
	bool covers;        /* so far it wins at each target, for each path */
	/* at the targets that are looked at */
	size_t above;                    /* how many of the paths it wins */
	const struct value_change *last; /* of these */
	bool over, under;
};

/* What is found out about one patch. */
struct inquiry {
	struct check *c;
	struct state s;
	const struct patch *patch;
	struct rival *rivals;
	size_t rival_count;
	struct map names;        /* by the file's name: its number, from 1 */
	struct conflict *hidden; /* one for each path and layer */
	size_t hidden_count;
	struct map known;   /* by layer and path: the number of it, from 1 */
	size_t targets;     /* that the patch covers */
	bool effect;        /* it changes a value somewhere */
	struct setter same; /* who decides about the first path without it */
	const char *path;   /* that path */
};

/* Targets that have the same files. */
struct group {
	size_t first, count; /* the first target; how many */
};

static struct rival *rival_of(
	struct inquiry *q, const struct setter *other, const struct keypath *path)
{
	struct arena *mem = q->c->mem;
	size_t count = q->rival_count;
	size_t number = check_number(mem, map_slot(&q->names, str_of(other->layer->name)), &count);

	if (count > q->rival_count)
		*ARENA_PUSH(mem, q->rivals, q->rival_count) = (struct rival){ .layer = other->layer,
			.node = other->node,
			.path = keypath_text(mem, &(struct keypath){ path->parts, other->depth }) };
	return &q->rivals[number - 1];
}

/* Whether two values at one path are merged or the same. */
static bool agree(struct arena *mem, const struct node *a, const struct node *b)
{
	return (a->kind == NODE_MAP && b->kind == NODE_MAP) || node_same(mem, a, b);
}

/* Another patch that decides about a path, above or below ours, where ours sets a value. */
static void meet(struct inquiry *q, const struct keypath *path, const struct node *value,
	const struct setter *other, bool above)
{
	if (other->depth == path->count && agree(q->c->mem, other->node, value))
		return;
	struct rival *r = rival_of(q, other, path);
	if (above)
		r->over = true;
	else
		r->under = true;
}

/* Whether a target would have other values without the patch. */
static bool changes(struct inquiry *q, size_t target)
{
	uint32_t without = STACKS_EMPTY;

	state_stacks_below(&q->s, q->c->none, target, &without);
	return diff_stacks(q->s.stacks, q->s.stack[target], without);
}

static void add_hidden(struct inquiry *q, const struct value_change *leaf, const struct setter *is,
	const struct group *g)
{
	struct arena *mem = q->c->mem;
	const char *key = arena_printf(mem, "%p %s", (const void *)is->layer, leaf->path);
	size_t count = q->hidden_count;
	size_t number = check_number(mem, map_slot(&q->known, str_of(key)), &count);

	if (count > q->hidden_count)
		*ARENA_PUSH(mem, q->hidden, q->hidden_count) = (struct conflict){ CONFLICT_HIDDEN,
			leaf->path, is->layer, is->node, g->first, 0 };
	q->hidden[number - 1].targets += g->count;
}

/* One path of the patch at the targets of a group. */
static void look_at_path(struct inquiry *q, const struct group *g, const struct value_change *leaf)
{
	struct arena scratch;
	struct setter *list = NULL, is;
	size_t ours = 0, i = 0;

	arena_init(&scratch, q->c->mem->out_of_memory);
	const struct keypath path = keypath_known(&scratch, leaf->path);
	size_t n = setters_of(&scratch, &q->s, g->first, &path, &list);

	diff_work(q->s.stacks, WORK_OF_RIVAL * n);
	while (ALWAYS(ours < n) && !list[ours].copy)
		ours++;
	for (i = 0; i < n; i++)
		if (list[i].layer->patch && !list[i].copy)
			meet(q, &path, leaf->now, &list[i], i < ours);
	if (conflict_fate(&scratch, &q->s, g->first, leaf, &is) == FATE_HIDDEN)
		add_hidden(q, leaf, &is, g);
	for (i = ours; i < n && list[i].copy;)
		i++;
	if (!q->path && (ours || i < n)) {
		q->path = leaf->path;
		q->same = list[ours ? 0 : i];
	}
	arena_free(&scratch);
}

static void end_group(struct inquiry *q, const struct group *g)
{
	for (size_t i = 0; i < q->rival_count; i++) {
		struct rival *r = &q->rivals[i];

		if (r->over) {
			r->won = r->wins ? r->won : g->first;
			r->wins += g->count;
		} else if (r->under) {
			r->lost = r->loses ? r->lost : g->first;
			r->loses += g->count;
		}
		r->over = r->under = false;
	}
}

static void look_at_group(struct inquiry *q, const struct group *g)
{
	struct stacks *stacks = q->s.stacks;
	const struct value_change *leaves = NULL;
	size_t n =
		conflict_leaves(stacks, q->c->mem, state_copy_over(&q->s, g->first)->root, &leaves);

	if (q->patch->alone && n > 1)
		n = 1; /* nobody else decides about any, and one is named */
	for (size_t i = 0; i < n && diff_work(stacks, 1); i++)
		look_at_path(q, g, &leaves[i]);
	end_group(q, g);
	q->effect = q->effect || changes(q, g->first);
	q->targets += g->count;
}

/* The targets that the patch covers, by the files that they have; in sequence order. */
static size_t find_groups(const struct inquiry *q, struct group **groups)
{
	const struct fleet *f = q->s.app->fleet;
	struct map known = { .mem = q->c->mem };
	size_t count = 0, end = 0;
	/* what applies beside the patch makes no difference then */
	bool all = q->patch->alone && !state_is_ambiguous(&q->s);

	for (size_t i = 0; i < q->patch->count; i++) {
		size_t p = q->patch->positions[i];

		for (; p < f->positions[q->patch->positions[i]].end; p++) {
			if (p < end || !fleet_is_target(f, p))
				continue;
			size_t had = count;
			size_t number = check_number(q->c->mem,
				map_slot_pair(&known, all ? 0 : q->c->place[p], 0), &had);
			if (had > count)
				*ARENA_PUSH(q->c->mem, *groups, count) = (struct group){ p, 0 };
			assert(*groups);
			(*groups)[number - 1].count++;
		}
		end = end > p ? end : p;
	}
	return count;
}

static void add_more(struct buf *b, const struct fleet *f, size_t first, size_t count)
{
	buf_puts(b, f->positions[first].path);
	if (count > 1)
		buf_printf(b, " and %zu more", count - 1);
}

static void tell_conflict(const struct inquiry *q, const struct rival *r)
{
	const struct fleet *f = q->s.app->fleet;
	const char *other =
		arena_copy(q->c->mem, r->layer->name, strlen(r->layer->name) - strlen(".yaml"));
	size_t first = !r->loses || (r->wins && r->won < r->lost) ? r->won : r->lost;
	struct about about = { .position = f->positions[first].path,
		.key = r->path,
		.hint = "finish one of them first, or let only one of them set it" };
	struct buf b = { .mem = q->c->mem };

	finding_at(&b, q->c->f, &about, r->layer, &r->node->place);
	finding_set(&b, r->path, r->node, q->c->whole);
	buf_printf(&b, ", and %s sets it, too: ", q->patch->name);
	if (r->wins) {
		buf_printf(&b, "%s wins at ", other);
		add_more(&b, f, r->won, r->wins);
	}
	if (r->loses) {
		buf_printf(&b, "%s%s wins at ", r->wins ? ", " : "", q->patch->name);
		add_more(&b, f, r->lost, r->loses);
	}
	finding_add(q->c->mem, q->c->f, "conflict", about, b.at);
}

/* Each pair is told once, as one of the patch whose name comes first. */
static void tell_conflicts(const struct inquiry *q)
{
	enum { NAMED = 8 };
	struct about about = check_file(q->c, q->patch->copies[0], q->patch->positions[0]);
	size_t count = 0;

	for (size_t i = 0; i < q->rival_count; i++)
		if (strcmp(q->rivals[i].layer->name, q->patch->file) > 0 && count++ < NAMED)
			tell_conflict(q, &q->rivals[i]);
	if (count > NAMED)
		finding_add(q->c->mem, q->c->f, "conflict", about,
			arena_printf(q->c->mem, "%zu more patches set paths of %s, too",
				count - NAMED, q->patch->name));
}

static void tell_superseded(const struct inquiry *q, const struct setter *by)
{
	struct about about = check_file(q->c, q->patch->copies[0], q->patch->positions[0]);

	about.hint = subject_command_shown(q->c->mem, "retire", &q->s.subject);
	finding_add(q->c->mem, q->c->f, "superseded", about,
		arena_printf(q->c->mem,
			"%s is superseded by %.*s: at %s newer patches decide about all that it sets",
			q->patch->name, (int)(strlen(by->layer->name) - strlen(".yaml")),
			by->layer->name,
			q->targets == 1
				? "its only target"
				: arena_printf(q->c->mem, "each of its %zu targets", q->targets)));
}

static void tell_no_effect(const struct inquiry *q)
{
	struct about about = check_file(q->c, q->patch->copies[0], q->patch->positions[0]);
	struct buf b = { .mem = q->c->mem };

	about.hint = "remove its copies if it is not needed";
	if (!q->path) {
		buf_printf(&b, "%s sets nothing", q->patch->name);
	} else {
		about.key = q->path;
		buf_printf(&b, "%s changes no value at the %zu target%s that it covers",
			q->patch->name, q->targets, q->targets == 1 ? "" : "s");
		buf_printf(&b, ": %s sets %s to ", q->same.layer->path, q->path);
		show_value(&b, q->same.node, q->c->whole);
	}
	finding_add(q->c->mem, q->c->f, "no-effect", about, b.at);
}

/* In a step what hides the patch is told by its report. */
static void tell(const struct inquiry *q)
{
	const bool step = q->c->s->file;
	const struct setter *newer =
		step || q->patch->alone ? NULL : superseded_by(q->c->mem, &q->s);

	if (newer)
		tell_superseded(q, newer);
	if (!q->effect && !newer && !(step && q->hidden_count))
		tell_no_effect(q);
	for (size_t i = 0; i < q->hidden_count && !step && !newer; i++)
		finding_add_conflict(q->c->mem, q->c->f, &q->s, &q->hidden[i], q->c->whole);
	if (!step)
		tell_conflicts(q);
}

static void inquire_with(struct check *c, const struct patch *patch)
{
	struct inquiry q = { .c = c,
		.s = check_state(c, patch),
		.patch = patch,
		.known.mem = c->mem,
		.names.mem = c->mem };
	struct group *groups = NULL;
	size_t n = find_groups(&q, &groups);

	for (size_t i = 0; i < n; i++)
		look_at_group(&q, &groups[i]);
	tell(&q);
	check_state_end(c, patch);
}

/* Thousands of patches may have as many rivals each: only what is told of one is kept. */
static void inquire(struct check *c, const struct patch *patch)
{
	struct arena *mem = c->mem, scratch;
	struct findings *f = c->f, found = *f;

	arena_init(&scratch, mem->out_of_memory);
	found.list = NULL;
	found.count = 0;
	c->mem = &scratch;
	c->f = &found;
	inquire_with(c, patch);
	c->mem = mem;
	c->f = f;
	findings_keep(mem, f, &found);
	arena_free(&scratch);
}

static void tell_no_base(struct check *c, const struct patch *patch)
{
	struct about about = check_file(c, patch->copies[0], patch->positions[0]);

	about.hint = "add values.yaml";
	finding_add(c->mem, c->f, "no-effect", about,
		arena_printf(c->mem,
			"%s changes nothing: the application has no values.yaml, so it is part of no target",
			patch->name));
}

/*
 * Each patch is taken out of the stacks of its targets, which makes others of all that is above it
 * there: of thousands of patches at one position, millions.
 */
void check_deciders(struct check *c)
{
	struct stacks *stacks = c->s->stacks;

	for (size_t i = 0; i < c->patch_count && diff_work(stacks, 1); i++) {
		const uint32_t before = stacks->count;

		if (c->s->app->base)
			inquire(c, &c->patches[i]);
		else
			tell_no_base(c, &c->patches[i]);
		diff_work(stacks, (size_t)WORK_OF_STACK * (stacks->count - before));
	}
}
