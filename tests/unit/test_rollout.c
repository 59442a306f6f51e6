/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path of a patch to its end is the walk of real steps. On all placements of a fleet of eighteen
 * positions it is compared with a walk of the naive rules; on random fleets, with copies that differ
 * and other layers, with steps each of which starts from files that are read afresh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/rollout.h"
#include "core/sequence.h"
#include "core/show.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

enum { FLEETS = 12000, PLACEMENTS = 4 };

/* One path, and what is printed if it is wrong. */
struct path {
	struct arena *mem;
	const struct fleet *f;
	const uint32_t *placed;
	const unsigned char *layers;
	struct rollout_request r;
	const char *note;
	struct rollout found;
};

static void differ(const struct path *p, const char *want, const char *got)
{
	uint32_t *layers = ARENA_NEW(p->mem, uint32_t, p->f->count);

	for (size_t i = 0; p->layers && i < p->f->count; i++)
		layers[i] = p->layers[i];
	fail_msg(
		"%s\n    fleet  %s\n    placed %s\n    layers %s\n    level %u, from %s, to %s%s%s\n"
		"--- wanted\n%s--- got\n%s",
		p->note, fleet_show(p->mem, p->f), numbers_show(p->mem, p->f, p->placed),
		numbers_show(p->mem, p->f, layers), p->r.step.level,
		position_show(p->f, p->r.step.from), position_show(p->f, p->r.to),
		p->r.step.accept_conflict ? ", accepting" : "",
		p->r.step.prune_overrides ? ", pruning" : "", want, got);
}

static void add_list(
	struct buf *b, const struct path *p, const char *what, const size_t *list, size_t n)
{
	if (n)
		buf_printf(b, " %s[%s]", what, list_show(p->mem, p->f, list, n));
}

/* A step by its rules alone: what the naive rules tell, too. */
static void add_rules(struct buf *b, const struct path *p, enum step_kind kind, size_t next,
	const struct position_list *gates, const struct position_list *lifts)
{
	buf_printf(b, "%s %s", step_kind_name(kind), position_show(p->f, next));
	add_list(b, p, "gates", gates->list, gates->count);
	add_list(b, p, "lifts", lifts->list, lifts->count);
}

/* The naive walk ------------------------------------------------------------------------------ */

struct naive_walk {
	const struct path *p;
	const struct naive_fleet *n;
	bool placed[NAIVE_MAX];
	struct buf out;
	size_t steps;
};

static size_t naive_covered(const struct naive_walk *w, size_t position)
{
	size_t covered = 0;

	for (size_t t = 0; t < w->p->f->count; t++) {
		bool has = w->placed[t];

		if (!fleet_is_target(w->p->f, t) || (position != t && !w->n->above[position][t]))
			continue;
		for (size_t a = 0; a < t; a++)
			has = has || (w->n->above[a][t] && w->placed[a]);
		covered += has;
	}
	return covered;
}

static size_t naive_all(const struct naive_walk *w)
{
	size_t all = 0;

	for (size_t i = 0; i < w->p->f->count; i = w->p->f->positions[i].end)
		all += naive_covered(w, i);
	return all;
}

/* A step by the naive rules. Returns whether there was one. */
static bool naive_take(struct naive_walk *w)
{
	static struct naive_verdict v;
	const size_t n = w->p->f->count;
	struct position_list gates = { 0 }, lifts = { 0 };

	naive_step(w->n, w->placed, (int)w->p->r.step.level, &v);
	if (v.latest < 0 || v.gap) {
		buf_puts(&w->out, v.gap ? "gap\n" : "not-found\n");
		return false;
	}
	const size_t next = v.next < 0 ? NOWHERE : (size_t)v.next;
	const bool moves = memcmp(v.after, w->placed, n * sizeof(bool)) != 0;
	for (size_t i = 0; i < n; i++) {
		if (v.gate[i])
			*ARENA_PUSH(w->p->mem, gates.list, gates.count) = i;
		if (v.after[i] && !w->placed[i] && i != next)
			*ARENA_PUSH(w->p->mem, lifts.list, lifts.count) = i;
	}
	const enum step_kind kind = next != NOWHERE ? STEP_PROMOTE
		: moves                             ? STEP_CONSOLIDATE
						    : STEP_INTEGRATE;
	add_rules(&w->out, w->p, kind, next, &gates, &lifts);
	for (size_t i = 0; i < n; i++)
		if (kind == STEP_INTEGRATE ? w->placed[i] : v.after[i] != w->placed[i])
			buf_printf(&w->out, " %c%s", w->placed[i] ? '-' : '+',
				w->p->f->positions[i].path);
	memcpy(w->placed, v.after, n * sizeof(bool));
	buf_printf(&w->out, " covers %zu\n", naive_all(w));
	w->steps++;
	return kind != STEP_INTEGRATE;
}

static const char *naive_path(const struct path *p, const struct naive_fleet *n, size_t *steps)
{
	struct naive_walk w = { .p = p, .n = n, .out = { .mem = p->mem } };
	const size_t to = p->r.to;

	for (size_t i = 0; i < p->f->count; i++)
		w.placed[i] = p->placed[i];
	buf_printf(&w.out, "covers %zu\n", naive_all(&w));
	while (to == NOWHERE || naive_covered(&w, to) < p->f->positions[to].targets)
		if (!naive_take(&w))
			break;
	*steps = w.steps;
	return w.out.at;
}

/* The edits by their positions, in sequence order. */
static void add_moves(struct buf *b, const struct path *p, const struct plan *plan)
{
	char *moves = ARENA_NEW(p->mem, char, p->f->count);

	for (size_t i = 0; i < plan->edit_count; i++)
		if (plan->edits[i].kind != EDIT_REPLACE)
			moves[plan->edits[i].position] =
				plan->edits[i].kind == EDIT_CREATE ? '+' : '-';
	for (size_t i = 0; i < p->f->count; i++)
		if (moves[i])
			buf_printf(b, " %c%s", moves[i], p->f->positions[i].path);
}

/* The same text of the path. */
static const char *our_path(struct path *p, const struct state *now)
{
	struct buf out = { .mem = p->mem };
	struct error e = { 0 };
	const int rc = rollout_find(p->mem, now, &p->r, &p->found, &e);

	buf_printf(&out, "covers %zu\n", p->found.covered);
	for (size_t i = 0; i < p->found.count; i++) {
		const struct rollout_step *s = &p->found.steps[i];

		add_rules(&out, p, s->kind, s->next, &s->gates, &s->lifts);
		add_moves(&out, p, &s->plan);
		buf_printf(&out, " covers %zu\n", s->covered);
	}
	if (rc < 0)
		buf_printf(&out, "%s\n", e.code);
	assert_int_equal(p->found.reached, rc == 0 && p->r.to != NOWHERE);
	error_free(&e);
	return out.at;
}

/* Returns the number of steps. */
static size_t compare_naive(struct path *p, const struct naive_fleet *n)
{
	const struct state now = model_state(p->mem, p->f, p->placed, NULL);
	size_t steps = 0;
	const char *want = naive_path(p, n, &steps);
	const char *got = our_path(p, &now);

	if (strcmp(want, got) != 0)
		differ(p, want, got);
	return steps;
}

static void test_every_state(void **state)
{
	(void)state;
	static struct naive_fleet n;
	struct arena mem;
	size_t steps = 0, paths = 0;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, EIGHTEEN);
	uint32_t *placed = ARENA_NEW(&mem, uint32_t, f.count);
	naive_from(&n, &f);
	assert_int_equal(f.count, 18);
	for (uint32_t bits = 0; bits < UINT32_C(1) << f.count; bits += random_every()) {
		for (size_t i = 0; i < f.count; i++)
			placed[i] = bits >> i & 1;
		for (unsigned level = 1; level <= f.depth; level++) {
			const struct arena_mark mark = arena_mark(&mem);
			struct path p = { &mem, &f, placed, NULL,
				{ { .from = NOWHERE, .level = level }, NOWHERE, 0 },
				"a placement" };

			steps += compare_naive(&p, &n);
			p.r.to = (bits + level) % f.count;
			compare_naive(&p, &n);
			arena_rewind(&mem, mark);
			paths++;
		}
	}
	print_message("# %zu placements and levels, %zu steps\n", paths, steps);
	assert_true(steps > paths / 4);
	arena_free(&mem);
}

/* Real steps ---------------------------------------------------------------------------------- */

static void add_value(struct buf *b, const struct node *n)
{
	buf_putc(b, ' ');
	show_value(b, n, true);
}

/* Everything of a plan. */
static void add_plan(struct buf *b, const struct path *p, const struct plan *plan)
{
	for (size_t i = 0; i < plan->edit_count; i++)
		buf_printf(b, "  %c %s\n", "+~-"[plan->edits[i].kind], plan -> edits[i].path);
	for (size_t g = 0; g < plan->effect.count; g++) {
		const struct effect_group *at = &plan->effect.groups[g];

		buf_printf(b, "  at %s:", list_show(p->mem, p->f, at->targets, at->target_count));
		for (size_t i = 0; i < at->count; i++) {
			buf_printf(b, " %s", at->changes[i].path);
			add_value(b, at->changes[i].old);
			add_value(b, at->changes[i].now);
		}
		buf_putc(b, '\n');
	}
}

static void add_error(struct buf *b, const struct error *e)
{
	buf_printf(
		b, "%d %s: %s\n%s", (int)e->status, e->code, e->text, e->details ? e->details : "");
	for (size_t i = 0; i < e->command_count; i++)
		buf_printf(b, "  -> %s\n", e->commands[i]);
}

/* The findings of a step that are not in the text yet. */
static void add_findings(struct buf *b, const struct state *now, const struct step *s)
{
	struct findings f = { 0 };

	for (size_t i = 0; i < s->consolidation.held_count; i++)
		finding_add_held(b->mem, &f, now, &s->consolidation.held[i], false);
	for (size_t i = 0; i < s->conflicts.count; i++)
		finding_add_conflict(b->mem, &f, now, &s->conflicts.list[i], false);
	for (size_t i = 0; i < f.count; i++) {
		const char *line =
			arena_printf(b->mem, "  %s: %s\n", f.list[i].code, f.list[i].text);

		if (!b->at || !strstr(b->at, line))
			buf_puts(b, line);
	}
}

static size_t find_number(const uint32_t *placed, size_t count, uint32_t number)
{
	size_t i = 0;

	while (i < count && placed[i] != number)
		i++;
	return i < count ? i : NOWHERE;
}

static bool covered(const struct path *p, const uint32_t *placed, size_t to)
{
	for (size_t t = to; t < p->f->positions[to].end; t++) {
		size_t up = t;

		while (up != NOWHERE && !placed[up])
			up = p->f->positions[up].parent;
		if (up == NOWHERE && fleet_is_target(p->f, t))
			return false;
	}
	return true;
}

/* Steps from files that are read again before each of them. */
static const char *real_steps(const struct path *p)
{
	const uint32_t *placed = p->placed;
	const uint32_t travels = p->r.step.from == NOWHERE ? 0 : placed[p->r.step.from];
	struct buf out = { .mem = p->mem };

	buf_puts(&out, "");
	for (bool end = false; !end && (p->r.to == NOWHERE || !covered(p, placed, p->r.to));) {
		const struct state now = model_state(p->mem, p->f, placed, p->layers);
		struct request r = p->r.step;
		struct error e = { 0 };
		struct step s;
		struct plan plan;

		if (travels)
			r.from = find_number(placed, p->f->count, travels);
		if (promote_next(p->mem, &now, &r, &s, &e) < 0 ||
			plan_between(p->mem, &now, &s.after, &s.scope, &plan, &e) < 0) {
			add_error(&out, &e);
			error_free(&e);
			break;
		}
		buf_printf(
			&out, "%s %s", step_kind_name(s.kind), position_show(p->f, step_next(&s)));
		add_list(&out, p, "gates", s.gates.list, s.gates.count);
		buf_putc(&out, '\n');
		add_plan(&out, p, &plan);
		add_findings(&out, &now, &s);
		placed = model_numbers(p->mem, p->f, s.after.copies);
		end = s.kind == STEP_INTEGRATE;
	}
	return out.at;
}

static const char *planned_steps(struct path *p, const struct state *now, struct error *e)
{
	struct buf out = { .mem = p->mem };
	const int rc = rollout_find(p->mem, now, &p->r, &p->found, e);

	buf_puts(&out, "");
	for (size_t i = 0; i < p->found.count; i++) {
		const struct rollout_step *s = &p->found.steps[i];

		buf_printf(&out, "%s %s", step_kind_name(s->kind), position_show(p->f, s->next));
		add_list(&out, p, "gates", s->gates.list, s->gates.count);
		buf_putc(&out, '\n');
		add_plan(&out, p, &s->plan);
		for (size_t k = 0; k < s->findings.count; k++)
			buf_printf(&out, "  %s: %s\n", s->findings.list[k].code,
				s->findings.list[k].text);
	}
	if (rc < 0)
		add_error(&out, e);
	return out.at;
}

/* Another meaning for some copies, and a few layers. */
static void disturb(struct random *r, struct path *p, uint32_t *placed, unsigned char *layers)
{
	const bool differ = random_chance(r, 30);

	for (size_t i = 0; i < p->f->count; i++) {
		if (differ && placed[i] && random_chance(r, 30))
			placed[i] = 1 + random_below(r, 3);
		if (random_chance(r, 4))
			layers[i] = (unsigned char)(1 + random_below(r, 3));
	}
	p->r.step = (struct request){ .from = NOWHERE,
		.level = 1 + random_below(r, (uint32_t)p->f->depth),
		.accept_conflict = random_chance(r, 50),
		.prune_overrides = random_chance(r, 50) };
	const size_t from = random_below(r, (uint32_t)p->f->count);
	if (placed[from] && random_chance(r, 50))
		p->r.step.from = from;
	p->r.to = random_chance(r, 30) ? random_below(r, (uint32_t)p->f->count) : NOWHERE;
}

struct counts {
	size_t paths, steps, refused, later, to;
};

static void compare_real(struct random *r, struct path *p, struct counts *counts)
{
	uint32_t *placed = random_placement(p->mem, r, p->f);
	unsigned char *layers = ARENA_NEW(p->mem, unsigned char, p->f->count);
	struct error e = { 0 };

	p->placed = placed;
	p->layers = layers;
	disturb(r, p, placed, layers);
	const struct state now = model_state(p->mem, p->f, placed, layers);
	const char *want = real_steps(p), *got = planned_steps(p, &now, &e);
	if (strcmp(want, got) != 0)
		differ(p, want, got);
	counts->paths++;
	counts->steps += p->found.count;
	counts->refused += e.text != NULL;
	counts->later += e.text && p->found.count;
	counts->to += p->found.reached && p->found.count;
	error_free(&e);
}

static void test_random_fleets(void **state)
{
	(void)state;
	struct random r = random_start();
	struct arena mem;
	char note[64];
	struct counts counts = { 0 };
	const int fleets = FLEETS / (int)random_every();

	test_memory(&mem);
	for (int number = 0; number < fleets; number++) {
		const struct arena_mark mark = arena_mark(&mem);
		struct fleet f = random_fleet(&mem, &r);
		struct path p = { .mem = &mem, .f = &f, .note = note };

		snprintf(note, sizeof(note), "PROMOTE_SEED=%llu, fleet %d",
			(unsigned long long)r.seed, number);
		for (int i = 0; i < PLACEMENTS; i++)
			compare_real(&r, &p, &counts);
		arena_rewind(&mem, mark);
	}
	print_message("# %zu paths, %zu steps, %zu refused, %zu of them later, %zu to a position\n",
		counts.paths, counts.steps, counts.refused, counts.later, counts.to);
	assert_true(counts.later > counts.paths / 100);
	assert_true(counts.to > counts.paths / 100);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state),
		cmocka_unit_test(test_random_fleets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
