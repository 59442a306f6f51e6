/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sequence.h"
#include "core/verify_parts.h"

enum { MOST_SOURCES = 8 }; /* copies that differ, of which one may have travelled */

struct guessing {
	struct arena *mem;
	const struct judged *c;
	const struct fleet *f;
	const struct layer *const *copies;   /* before */
	const struct changed_file **changed; /* by position: what the commit does to its copy */
	bool left_hold;
	bool tried, found; /* a step was; the commit is one of those: v */
	size_t least;      /* paths at which the one that comes nearest differs; 0: none so far */
	struct verdict v;
	struct verdict refused; /* why the first step is refused; its rule is NULL: it is not */
};

/* A step with what is accepted for it, since the rules refuse it without. */
static struct told accept_all(const struct told *told)
{
	struct told all = *told;

	all.accept_conflict = all.accept_loss = all.hotfix = true;
	return all;
}

static const char *words_of(struct guessing *g, const struct told *told, const struct step *step)
{
	return arena_printf(g->mem,
		"no level makes a step of this; the one nearest to it (%s, level %s)",
		step_kind_name(step->kind), g->f->dimensions[told->level - 1].single);
}

static void note_unlike(struct guessing *g, const struct told *told, const struct step *step,
	const struct unlikenesses *u)
{
	if (g->least && g->least <= u->count)
		return;
	g->least = u->count;
	g->v = verify_unlike(g->mem, g->c, step, u, words_of(g, told, step));
	if (strcmp(g->v.rule, "incomplete") == 0 || strcmp(g->v.rule, "other-copy") == 0)
		g->v.rule = "no-step";
}

/* Why the first step that was tried is refused: that one is the likeliest. */
static void note_refused(struct guessing *g, const struct error *e)
{
	if (!g->tried)
		g->refused = (struct verdict){ .kind = VERDICT_ILLEGAL,
			.rule = e->code,
			.text = arena_copy(g->mem, e->text, strlen(e->text)) };
}

/* Tries one step; true if the commit is it, legal or not, or another one was. */
static bool try_step(struct guessing *g, const struct told *told)
{
	struct error strict = { 0 }, e = { 0 };
	const struct told all = accept_all(told);
	struct step step;
	struct plan plan;

	const bool refused = replay_step(g->mem, &g->c->replay, told, &step, &plan, &strict) < 0;
	if (refused)
		note_refused(g, &strict);
	g->tried = true;
	if ((!refused || replay_step(g->mem, &g->c->replay, &all, &step, &plan, &e) == 0) &&
		step.kind != STEP_NONE) {
		const struct unlikenesses u = verify_compare(g->mem, &plan, g->c);

		g->found = !u.count;
		if (u.count)
			note_unlike(g, told, &step, &u);
		else if (refused)
			g->v = verdict_refused(g->mem, &strict);
		else
			g->v = verify_consent(g->mem, g->c, &step, &plan);
		if (!u.count)
			g->v.action = step_kind_name(step.kind);
	}
	error_free(&strict);
	error_free(&e);
	return g->found;
}

/* What is asked for of a step of this kind, with the fleet's usual level. */
static struct told usual(const struct guessing *g, enum step_kind kind)
{
	return (struct told){
		.kind = kind, .level = fleet_default_level(g->f), .from = NOWHERE, .to = NOWHERE
	};
}

/* Tries each level, the usual one first. */
static bool try_levels(struct guessing *g, const struct told *told)
{
	struct told at = *told;

	if (try_step(g, told))
		return true;
	for (at.level = 1; at.level <= g->f->depth; at.level++)
		if (at.level != told->level && try_step(g, &at))
			return true;
	return false;
}

/* Tries each level with each copy that may have travelled. */
static bool try_sources(struct guessing *g, const struct told *told)
{
	struct told from = *told;
	uint32_t seen[MOST_SOURCES];
	size_t n = 0;

	if (!state_is_ambiguous(g->c->replay.now))
		return try_levels(g, told);
	for (size_t p = 0; p < g->f->count && n < MOST_SOURCES; p++) {
		size_t k = 0;

		if (!g->copies[p])
			continue;
		while (k < n && seen[k] != g->copies[p]->meaning)
			k++;
		if (k < n)
			continue;
		seen[n++] = g->copies[p]->meaning;
		from.from = p;
		if (try_levels(g, &from))
			return true;
	}
	return false;
}

static bool try_promotions(struct guessing *g)
{
	struct told told = usual(g, STEP_PROMOTE);

	if (try_sources(g, &told))
		return true;
	told.prune_overrides = true;
	return sequence_next(g->f, g->copies, told.level) == NOWHERE && try_step(g, &told);
}

static bool try_fills(struct guessing *g)
{
	struct told told = usual(g, STEP_FILL);

	if (try_sources(g, &told))
		return true;
	told.all = true;
	return try_sources(g, &told);
}

/* The last position that has a copy after the commit. */
static size_t latest_after(const struct guessing *g)
{
	size_t latest = NOWHERE;

	for (size_t p = 0; p < g->f->count; p++) {
		const struct changed_file *file = g->changed[p];

		if (file ? file->is != NULL : g->copies[p] != NULL)
			latest = p;
	}
	return latest;
}

static bool try_rollbacks(struct guessing *g)
{
	struct told told = usual(g, STEP_ROLLBACK);

	told.hold = g->left_hold;
	if (try_levels(g, &told))
		return true;
	told.to = latest_after(g);
	told.all = told.to == NOWHERE;
	return try_step(g, &told);
}

/* The first copy of a patch: where it is now. */
static bool try_start(struct guessing *g)
{
	struct told told = usual(g, STEP_START);

	do
		told.to++;
	while (!g->changed[told.to]);
	return try_step(g, &told);
}

/* Whether a copy comes, goes, or is changed in its place. */
struct moves {
	bool come, go;
	const char *edited;
};

static struct moves find_moves(const struct guessing *g)
{
	struct moves m = { 0 };

	for (size_t p = 0; p < g->f->count; p++) {
		const struct changed_file *file = g->changed[p];

		if (!file)
			continue;
		m.come |= !file->was;
		m.go |= !file->is;
		if (file->was && file->is && !m.edited)
			m.edited = file->path;
	}
	return m;
}

/* No copy at a position comes or goes: those that are at no position may have been removed. */
static bool try_astray(struct guessing *g)
{
	struct told told = usual(g, STEP_RETIRE);

	told.at_unknown_positions = true;
	return try_step(g, &told);
}

static struct verdict judge(struct guessing *g)
{
	const struct moves moves = find_moves(g);
	struct told retire = usual(g, STEP_RETIRE);

	if (moves.edited)
		return verdict_illegal(g->mem, "no-step", moves.edited,
			"%s is changed where it is, and no step does that", moves.edited);
	if (!moves.come && !moves.go) {
		if (try_astray(g))
			return g->v;
		return verdict_illegal(g->mem, "no-step", g->c->files[0].path, "no step changes %s",
			g->c->files[0].path);
	}
	if (sequence_latest(g->f, g->copies) == NOWHERE) {
		if (!g->c->replay.fresh) /* it is a link or the like */
			return verdict_illegal(g->mem, "no-step", g->c->files[0].path,
				"no step makes or removes %s, which is not a file",
				g->c->files[0].path);
		if (try_start(g) || g->least)
			return g->v;
	} else if (try_promotions(g) || (moves.come && try_fills(g)) ||
		(moves.go && (try_step(g, &retire) || try_rollbacks(g)))) {
		return g->v;
	}
	return g->refused.rule && (moves.come || !g->least) ? g->refused : g->v;
}

struct verdict verify_guess(struct arena *mem, const struct judged *c, bool left_hold)
{
	struct guessing g = { .mem = mem,
		.c = c,
		.f = c->replay.now->app->fleet,
		.copies = c->replay.now->copies,
		.changed = verify_copies(mem, c),
		.left_hold = left_hold };

	return judge(&g);
}
