/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a fill does, compared with the naive rules in all states of a fleet of eighteen positions at
 * every level. One fill leaves one position less that is missing, so by induction as many fills as
 * there are missing positions end every gap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/fill.h"
#include "core/sequence.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

struct filling {
	struct arena *mem;
	const struct fleet *f;
	struct naive_fleet naive;
	struct state now;
	unsigned level;
	bool all;
	size_t fills;
};

static void wrong(const struct filling *t, const char *what)
{
	fail_msg("%s\n    placed %s\n    level  %u%s", what,
		numbers_show(t->mem, t->f, model_numbers(t->mem, t->f, t->now.copies)), t->level,
		t->all ? ", all" : "");
}

/* The list is exactly what the naive rules say, in sequence order. */
static void same_list(const struct filling *t, const char *what, const bool *naive,
	const struct position_list *list)
{
	size_t k = 0;

	for (size_t p = 0; p < t->f->count; p++)
		if (naive[p] && (k >= list->count || list->list[k++] != p))
			wrong(t, what);
	if (k != list->count)
		wrong(t, what);
}

static bool is_covered(const struct fleet *f, const struct layer *const *copies, size_t p)
{
	while (p != NOWHERE && !copies[p])
		p = f->positions[p].parent;
	return p != NOWHERE;
}

/* The targets with the patch are those of before and those that were filled. */
static void check_coverage(const struct filling *t, const struct step *s)
{
	for (size_t p = 0; p < t->f->count; p++)
		if (fleet_is_target(t->f, p) &&
			is_covered(t->f, s->after.copies, p) !=
				(is_covered(t->f, t->now.copies, p) ||
					fleet_list_holds(t->f, &s->positions, p)))
			wrong(t, "the coverage");
}

/* The step after this one is what a fill or a promotion then does. */
static void check_following(const struct filling *t, const struct step *s)
{
	const struct request r = { .from = NOWHERE, .level = t->level };
	struct error e = { 0 };
	struct step next = { 0 };
	int rc = s->gap ? fill_next(t->mem, &s->after, &r, false, &next, &e)
			: promote_next(t->mem, &s->after, &r, &next, &e);

	if (rc < 0)
		wrong(t, e.text);
	if (step_next(&next) != s->following || next.gates.count != s->following_gates.count ||
		(next.gates.count &&
			memcmp(next.gates.list, s->following_gates.list,
				next.gates.count * sizeof(size_t)) != 0))
		wrong(t, "the following step");
}

static void check_step(struct filling *t, const struct step *s, const struct naive_change *naive)
{
	size_t *missing = ARENA_NEW(t->mem, size_t, t->f->count);
	struct error e = { 0 };
	struct plan plan;
	size_t targets = 0;

	same_list(t, "where it comes", naive->at, &s->positions);
	same_list(t, "the gates", naive->gate, &s->gates);
	for (size_t p = 0; p < t->f->count; p++)
		if (naive->after[p] != (s->after.copies[p] != NULL))
			wrong(t, "the placement afterwards");
	check_coverage(t, s);
	size_t were = sequence_missing(t->f, t->now.copies, t->level, missing);
	size_t are = sequence_missing(t->f, s->after.copies, t->level, missing);
	if (are != (t->all ? 0 : were - 1) || s->gap != (are > 0))
		wrong(t, "how many are missing afterwards");
	if (plan_between(t->mem, &t->now, &s->after, &s->scope, &plan, &e) < 0)
		wrong(t, e.text);
	for (size_t i = 0; i < s->positions.count; i++)
		targets += t->f->positions[s->positions.list[i]].targets;
	if (plan.effect.targets != targets)
		wrong(t, "the effect");
	check_following(t, s);
	t->fills++;
}

static void check_refusal(struct filling *t, struct error *e)
{
	if (sequence_latest(t->f, t->now.copies) != NOWHERE || e->status != STATUS_FILES)
		wrong(t, e->text);
	error_free(e);
}

static void check_nothing(struct filling *t, const struct step *s)
{
	struct error e = { 0 };
	struct plan plan;

	if (s->kind != STEP_NONE || !s->nothing || s->gap || s->positions.count)
		wrong(t, "it is not nothing");
	if (plan_between(t->mem, &t->now, &s->after, &s->scope, &plan, &e) < 0 || plan.edit_count)
		wrong(t, "it does something");
	if (s->following != sequence_next(t->f, t->now.copies, t->level))
		wrong(t, "the following step");
}

static void compare_fill(struct filling *t, const uint32_t *placed)
{
	const struct request r = { .from = NOWHERE, .level = t->level };
	struct arena_mark mark = arena_mark(t->mem);
	bool held[NAIVE_MAX], any = false;
	struct naive_change naive;
	struct error e = { 0 };
	struct step step;

	t->now = model_state(t->mem, t->f, placed, NULL);
	for (size_t i = 0; i < t->f->count; i++)
		held[i] = placed[i] != 0;
	naive_fill(&t->naive, held, (int)t->level, t->all, &naive);
	for (size_t i = 0; i < t->f->count; i++)
		any = any || naive.at[i];
	if (fill_next(t->mem, &t->now, &r, t->all, &step, &e) < 0)
		check_refusal(t, &e);
	else if (any)
		check_step(t, &step, &naive);
	else
		check_nothing(t, &step);
	arena_rewind(t->mem, mark);
}

static void start(struct filling *t, struct arena *mem, const struct fleet *f)
{
	t->mem = mem;
	t->f = f;
	naive_from(&t->naive, f);
}

static void test_every_state(void **state)
{
	(void)state;
	static struct filling t;
	struct arena mem;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, EIGHTEEN);
	uint32_t *placed = ARENA_NEW(&mem, uint32_t, f.count);
	uint32_t every = random_every();

	start(&t, &mem, &f);
	for (uint32_t bits = 0; bits < UINT32_C(1) << f.count; bits += every) {
		for (size_t i = 0; i < f.count; i++)
			placed[i] = bits >> i & 1;
		/* every level, and --all at one of them */
		for (unsigned way = 0; way <= f.depth; way++) {
			t.all = way == f.depth;
			t.level = t.all ? 1 + bits / every % 3 /* levels */ : way + 1;
			compare_fill(&t, placed);
		}
	}
	print_message("# 1 of %u states of one fleet, %zu fills\n", every, t.fills);
	assert_true(t.fills > (UINT32_C(1) << f.count) / every);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
