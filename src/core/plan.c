/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan.h"

enum { NAMED_POSITIONS = 8 }; /* how many of many are named in one line */

bool plan_is_ambiguous(const struct question *q)
{
	uint32_t first = 0;

	for (size_t i = 0; i < q->fleet->count; i++) {
		if (first && q->placed[i] && q->placed[i] != first)
			return true;
		if (!first)
			first = q->placed[i];
	}
	return false;
}

static int refuse_different(const struct question *q, const char *what, struct error *e)
{
	error_set(e, STATUS_REFUSED, "The copies of %s.yaml differ%s", q->subject.patch, what);
	for (size_t i = 0; i < q->fleet->count; i++)
		if (q->placed[i])
			error_detail(e, "  %s  %s", q->digests[q->placed[i]],
				q->fleet->positions[i].path);
	return -1;
}

/* "int-sector-1 (us-central1, europe-west1)": a position, and its targets where it has several */
static void add_missing(struct buf *b, const struct fleet *f, size_t p)
{
	size_t skip = strlen(f->positions[p].path) + 1, named = 0;

	buf_puts(b, f->positions[p].path);
	if (f->positions[p].targets == 1)
		return;
	for (size_t i = p; i < f->positions[p].end; i++) {
		if (!fleet_is_target(f, i))
			continue;
		if (named == NAMED_POSITIONS) {
			buf_printf(b, " and %zu more", f->positions[p].targets - named);
			break;
		}
		buf_printf(b, "%s%s", named++ ? ", " : " (", f->positions[i].path + skip);
	}
	buf_putc(b, ')');
}

static int refuse_gap(struct arena *mem, const struct question *q, const size_t *missing, size_t n,
	struct error *e)
{
	const struct fleet *f = q->fleet;
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < n && i < NAMED_POSITIONS; i++) {
		if (i)
			buf_puts(&b, ", ");
		add_missing(&b, f, missing[i]);
	}
	if (n > NAMED_POSITIONS)
		buf_printf(&b, " and %zu more", n - NAMED_POSITIONS);
	return error_set(e, STATUS_REFUSED, "Gap detected: %s exists at %s but is missing from %s",
		q->subject.patch, f->positions[sequence_latest(f, q->placed)].path, b.at);
}

static int check_source(const struct question *q, struct plan *p, struct error *e)
{
	const struct fleet *f = q->fleet;

	p->latest = sequence_latest(f, q->placed);
	if (p->latest == NOWHERE)
		return error_set(e, STATUS_FILES, "%s.yaml not found for %s in any dimension",
			q->subject.patch, q->subject.application);
	if (q->from != NOWHERE && !q->placed[q->from]) {
		error_set(e, STATUS_FILES, "%s.yaml has no copy at %s; it is found at",
			q->subject.patch, f->positions[q->from].path);
		for (size_t i = 0; i < f->count; i++)
			if (q->placed[i])
				error_detail(e, "  %s", f->positions[i].path);
		return -1;
	}
	if (q->from == NOWHERE && plan_is_ambiguous(q))
		return refuse_different(q, "; say which one to promote with --from=POSITION", e);
	p->source = q->from == NOWHERE ? p->latest : q->from;
	return 0;
}

/* Something that is no file has a copy's name: in the way at the target, and wrong anywhere. */
static int check_blocked(struct arena *mem, const struct question *q, size_t next, struct error *e)
{
	const struct fleet *f = q->fleet;

	if (next != NOWHERE && q->layers[next] & LAYERS_BLOCKED)
		return error_set(e, STATUS_REFUSED, "Target patch already exists at %s",
			paths_copy(mem, &q->subject, &f->positions[next]));
	for (size_t i = 0; i < f->count; i++)
		if (q->layers[i] & LAYERS_BLOCKED)
			return error_set(e, STATUS_FILES,
				"%s: a copy must be a file, not a folder or a link; move it away",
				paths_copy(mem, &q->subject, &f->positions[i]));
	return 0;
}

static const struct held *held_at(const struct consolidation *c, size_t parent)
{
	for (size_t i = 0; i < c->holds; i++)
		if (c->held[i].parent == parent)
			return &c->held[i];
	return NULL;
}

/* Takes what is known to hold a parent back out of overrides. Whether there was such, and it went. */
static bool prune_obstacle(struct prune *prune, const struct held *held)
{
	const struct obstacle *o = &held->obstacle;
	struct error why = { 0 };
	bool gone = held->reason == HELD_VALUES && o->pin_count &&
		prune_keys(prune, o->pins, o->pin_count, &why) == 0;

	error_free(&why); /* it stays held, which says the same */
	return gone;
}

/*
 * Takes the keys out that hold a parent back: all of them where nothing else
 * does, and otherwise none. Whether the parent is free then.
 */
static bool prune_held(const struct question *q, const size_t *source, const struct held *held,
	struct prune *prune)
{
	size_t mark = prune->count, parent = held->parent;
	struct consolidation c;
	struct arena scratch;

	arena_init(&scratch, prune->mem->out_of_memory);
	while (held && prune_obstacle(prune, held)) {
		arena_free(&scratch);
		arena_init(&scratch, prune->mem->out_of_memory);
		c = consolidate(
			&scratch, q->fleet, prune->placed, source, q->layers, prune->values);
		held = held_at(&c, parent);
	}
	arena_free(&scratch);
	if (held)
		prune_rewind(prune, mark);
	return !held;
}

/* Consolidates, and where that is asked for takes what stands in the way out of overrides. */
static void decide_consolidation(struct arena *mem, const struct question *q, struct plan *p,
	const uint32_t *placed, const size_t *source, struct stacks **after)
{
	struct prune prune;

	p->after = consolidate(mem, q->fleet, placed, source, q->layers, q->values);
	*after = q->values;
	if (!q->prune)
		return;
	prune_begin(&prune, mem, q->values, placed);
	for (size_t i = 0; i < p->after.holds;) {
		if (!prune_held(q, source, &p->after.held[i], &prune)) {
			i++;
			continue;
		}
		/* a parent that is free may bring its own parent to be held: look at all again */
		p->after = consolidate(mem, q->fleet, placed, source, q->layers, prune.values);
		i = 0;
	}
	p->rewrite_count = prune_rewrites(&prune, &p->rewrites);
	*after = prune.values;
}

/* Additions, the widest first, then removals. */
static void list_edits(struct arena *mem, const struct question *q, struct plan *p)
{
	const struct fleet *f = q->fleet;
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		p->edit_count += !q->placed[i] != !p->after.placed[i];
	p->edits = ARENA_NEW(mem, struct edit, p->edit_count);
	for (unsigned depth = 1; depth <= f->depth; depth++)
		for (size_t i = 0; i < f->count; i++)
			if (f->positions[i].depth == depth && !q->placed[i] && p->after.placed[i])
				p->edits[n++] = (struct edit){ i, p->after.source[i] };
	for (size_t i = 0; i < f->count; i++)
		if (q->placed[i] && !p->after.placed[i])
			p->edits[n++] = (struct edit){ i, NOWHERE };
}

/* The placement with the new copy in it, consolidated; and the edits that lead there. */
static void decide_edits(
	struct arena *mem, const struct question *q, struct plan *p, struct stacks **after)
{
	const struct fleet *f = q->fleet;
	uint32_t *placed = arena_grow(mem, q->placed, f->count, f->count, sizeof(*placed));
	size_t *source = ARENA_NEW(mem, size_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		source[i] = placed[i] ? i : NOWHERE;
	if (p->next != NOWHERE) {
		placed[p->next] = placed[p->source];
		source[p->next] = p->source;
	}
	decide_consolidation(mem, q, p, placed, source, after);
	list_edits(mem, q, p);
}

/* Removes from the last position to the first: what a killed run leaves of them is no gap. */
static void list_removals(struct arena *mem, const struct question *q, struct plan *p)
{
	list_edits(mem, q, p);
	for (size_t i = 0; i < p->edit_count / 2; i++) {
		struct edit spare = p->edits[i];
		p->edits[i] = p->edits[p->edit_count - 1 - i];
		p->edits[p->edit_count - 1 - i] = spare;
	}
}

/* The last step: the patch goes into values.yaml and its copies go. */
static int decide_integration(
	struct arena *mem, const struct question *q, struct plan *p, struct error *e)
{
	const struct fleet *f = q->fleet;
	struct integration made;
	struct integration_request r = {
		.values = q->values, .placed = q->placed, .prune = q->prune
	};

	if (plan_is_ambiguous(q))
		return refuse_different(
			q, ", and cannot be integrated before they are made alike", e);
	for (size_t i = 0; i < f->count && !r.patch; i++)
		r.patch = q->docs[i];
	r.values_path = arena_printf(mem, "%s/values.yaml", paths_application(mem, &q->subject));
	if (integrate(mem, &r, &made, e) < 0)
		return -1;
	p->kind = PLAN_INTEGRATE;
	p->values_path = r.values_path;
	p->values_text = made.text;
	const struct layer *now = stacks_sources(q->values)->values;
	p->values_change = !str_equal(made.text, now ? now->doc->text : STR(""));
	p->rewrites = made.rewrites;
	p->rewrite_count = made.rewrite_count;
	p->after.placed = ARENA_NEW(mem, uint32_t, f->count);
	p->after.holds = 0;
	list_removals(mem, q, p);
	return 0;
}

/* Whether the patch sets this path, something below it, or what it lies in. */
static bool is_own(struct lookup *look, const struct node *patch, const char *text)
{
	const struct keypath path = keypath_known(look->mem, text);
	size_t depth = 0;
	const struct node *at = keypath_follow_many(look, patch, &path, &depth);
	return depth == path.count || at->kind != NODE_MAP;
}

/* The proof: nothing outside the targets that the step enters, nothing but the patch's own paths. */
static int prove(struct arena *mem, const struct question *q, const struct plan *p, struct error *e)
{
	const struct node *patch =
		stacks_sources(q->values)
			->copies[q->placed[p->kind == PLAN_PROMOTE ? p->source : p->latest]];
	struct lookup look = { .mem = mem };

	for (size_t g = 0; g < p->effect.count; g++) {
		const struct effect_group *group = &p->effect.groups[g];

		for (size_t i = 0; i < group->target_count; i++)
			if (p->next == NOWHERE ||
				!fleet_holds(q->fleet, p->next, group->targets[i]))
				return error_set(e, STATUS_REFUSED,
					"The step would change %s at %s, which it does not enter; "
					"nothing is written",
					group->changes[0].path,
					q->fleet->positions[group->targets[i]].path);
		for (size_t i = 0; i < group->count; i++)
			if (!is_own(&look, patch, group->changes[i].path))
				return error_set(e, STATUS_REFUSED,
					"The step would change %s, which the patch does not set; "
					"nothing is written",
					group->changes[i].path);
	}
	return 0;
}

static int decide_effect(struct arena *mem, const struct question *q, struct plan *p,
	struct stacks *pruned, struct error *e)
{
	uint32_t *before = stacks_all(q->values, q->placed);
	uint32_t *after = stacks_all(pruned, p->after.placed);

	p->effect = effect_between(mem, q->values, before, pruned, after);
	if (prove(mem, q, p, e) < 0)
		return -1;
	if (p->next == NOWHERE)
		return 0;
	p->conflicts = conflicts_find(
		mem, q->values, q->placed, pruned, p->after.placed, p->next, q->placed[p->source]);
	for (size_t i = 0; i < p->conflicts.count; i++) {
		const struct conflict *c = &p->conflicts.list[i];

		if (c->kind == CONFLICT_OVERTAKES && !q->accept_conflict)
			return error_set(e, STATUS_REFUSED,
				"%s:%u sets %s, and this step would take it over at %s; promote or "
				"finish "
				"that patch first, or go on with --accept-conflict",
				c->layer->path, c->node->place.line, c->path,
				q->fleet->positions[c->target].path);
	}
	return 0;
}

int plan_step(struct arena *mem, const struct question *q, struct plan *plan, struct error *e)
{
	const struct fleet *f = q->fleet;
	struct plan p = { .following = NOWHERE };
	size_t *missing = ARENA_NEW(mem, size_t, f->count);

	/* "not found" would be hard to believe where a link has the copy's name */
	if (sequence_latest(f, q->placed) == NOWHERE && check_blocked(mem, q, NOWHERE, e) < 0)
		return -1;
	if (check_source(q, &p, e) < 0)
		return -1;
	size_t gaps = sequence_gap(f, q->placed, missing);
	if (gaps)
		return refuse_gap(mem, q, missing, gaps, e);
	p.next = sequence_next(f, q->placed, q->level);
	if (check_blocked(mem, q, p.next, e) < 0)
		return -1;
	if (p.next != NOWHERE) {
		p.gates = ARENA_NEW(mem, size_t, f->count);
		p.gate_count = sequence_gates(f, q->placed, p.next, p.gates);
	}
	struct stacks *after = NULL;
	decide_edits(mem, q, &p, &after);
	p.kind = p.next != NOWHERE ? PLAN_PROMOTE : PLAN_CONSOLIDATE;
	bool complete = p.next == NOWHERE && !p.edit_count;
	if ((complete ? decide_integration(mem, q, &p, e) : decide_effect(mem, q, &p, after, e)) <
		0)
		return -1;
	if (!complete)
		p.following = sequence_next(f, p.after.placed, q->level);
	if (p.following != NOWHERE) {
		p.following_gates = ARENA_NEW(mem, size_t, f->count);
		p.following_gate_count =
			sequence_gates(f, p.after.placed, p.following, p.following_gates);
	}
	*plan = p;
	return 0;
}
