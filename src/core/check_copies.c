/* SPDX-License-Identifier: Apache-2.0 */
/* Where the copies of patches are: four codes of check.h. */
#include "core/check_part.h"

#include <stdlib.h>

#include "base/assume.h"
#include "core/diff.h"
#include "core/sequence.h"
#include "core/show.h"

enum { NAMED = 4 }; /* positions that a text names */

/* "lab/us, lab/eu and 3 more" */
static void name_positions(struct buf *b, const struct fleet *f, const size_t *list, size_t n)
{
	for (size_t i = 0; i < n && i < NAMED; i++)
		buf_printf(b, "%s%s", i ? ", " : "", f->positions[list[i]].path);
	if (n > NAMED)
		buf_printf(b, " and %zu more", n - NAMED);
}

static void check_gap(struct check *c, const struct state *s, const struct patch *patch)
{
	const struct fleet *f = s->app->fleet;
	size_t *missing = c->room;
	size_t n = sequence_gap(f, s->copies, missing);
	size_t latest = patch->positions[patch->count - 1];
	struct about about = check_file(c, s->copies[latest], latest);
	struct buf b = { .mem = c->mem };

	if (!n)
		return;
	about.position = f->positions[missing[0]].path;
	about.hint = subject_command_shown(c->mem, "fill", &s->subject);
	buf_printf(
		&b, "%s exists at %s but is missing from ", patch->name, f->positions[latest].path);
	name_positions(&b, f, missing, n);
	finding_add(c->mem, c->f, "gap", about, b.at);
}

/* The first copy that means something else than the first of all. */
static void check_alike(struct check *c, const struct state *s, const struct patch *patch)
{
	const struct fleet *f = s->app->fleet;
	const struct layer *first = patch->copies[0], *other = NULL;
	const struct value_change *changes = NULL;
	struct buf b = { .mem = c->mem };
	size_t differ = 0, at = 0;

	for (size_t i = 1; i < patch->count; i++) {
		if (patch->copies[i]->meaning == first->meaning)
			continue;
		if (!differ++) {
			other = patch->copies[i];
			at = patch->positions[i];
		}
	}
	if (!differ)
		return;
	struct about about = check_file(c, other, at);
	about.hint = "make the copies alike";
	size_t n = diff_trees(c->mem, first->root, other->root, &changes);
	buf_printf(&b, "the copy of %s at %s (%s) differs from that at %s (%s)", patch->name,
		f->positions[at].path, other->digest, f->positions[patch->positions[0]].path,
		first->digest);
	/* a tag of the whole has no path */
	if (ALWAYS(n) && changes[0].path[0]) {
		const struct value_change *change = &changes[0];

		about.key = change->path;
		if (change->now) {
			about.line = change->now->place.line;
			about.column = change->now->place.column;
		}
		buf_printf(&b, ": %s is ", change->path);
		show_value(&b, change->now, c->whole);
		buf_puts(&b, ", there ");
		show_value(&b, change->old, c->whole);
	}
	if (differ > 1)
		buf_printf(&b, "; %zu copies differ from the first", differ);
	finding_add(c->mem, c->f, "copies-differ", about, b.at);
}

/* Whether targets at p and below have the same values without the copy at p. */
static bool changes_nothing(struct check *c, const struct state *s, size_t p)
{
	const struct layer **copies = s->copies;
	const struct fleet *f = s->app->fleet;
	const struct layer *copy = copies[p];
	struct arena scratch;
	bool same = true;

	arena_init(&scratch, c->mem->out_of_memory);
	uint32_t *stacks = ARENA_NEW(&scratch, uint32_t, f->positions[p].end - p);
	copies[p] = NULL;
	state_stacks_below(s, copies, p, stacks);
	for (size_t i = p; same && i < f->positions[p].end; i++)
		same = !fleet_is_target(f, i) ||
			!diff_stacks(s->stacks, s->stack[i], stacks[i - p]);
	copies[p] = copy;
	arena_free(&scratch);
	return same;
}

/* Copies below another that means the same, and without which no target would change. */
static void check_redundant(struct check *c, const struct state *s, const struct patch *patch)
{
	const struct fleet *f = s->app->fleet;
	const struct layer **copies = s->copies;
	size_t *list = c->room, n = 0;
	struct buf b = { .mem = c->mem };

	for (size_t i = 0; i < patch->count; i++) {
		size_t p = patch->positions[i];
		const struct layer *above = state_copy_over(s, f->positions[p].parent);

		if (above && above->meaning == copies[p]->meaning &&
			(patch->alone || changes_nothing(c, s, p)))
			list[n++] = p;
	}
	if (!n)
		return;
	struct about about = check_file(c, copies[list[0]], list[0]);
	about.hint = n == 1 ? "remove it; the next step of the patch does so, too"
			    : "remove them; the next step of the patch does so, too";
	buf_printf(&b, "%s at ", patch->name);
	name_positions(&b, f, list, n);
	buf_puts(&b, " repeats the copy above it");
	finding_add(c->mem, c->f, "redundant-copy", about, b.at);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The length of a number that is followed by no letter; 0: there is none. */
static size_t number_length(const char *at)
{
	size_t n = 0;

	while (is_digit(at[n]))
		n++;
	return is_letter(at[n]) ? 0 : n;
}

/* Whether two names, the first one before the second in byte order, differ in a number that is higher in the first. */
static bool is_out_of_order(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] == b[i])
		i++;
	/* untested: both begin with "patch-" */
	while (i > 0 && is_digit(a[i - 1]))
		i--;
	a += i;
	b += i;
	size_t x = number_length(a), y = number_length(b);
	if (!x || !y)
		return false;
	for (; *a == '0'; a++)
		x--;
	for (; *b == '0'; b++)
		y--;
	return x > y || (x == y && strncmp(a, b, x) > 0);
}

static void tell_order(struct check *c, size_t p, const struct layer *a, const struct layer *b)
{
	struct about about = check_file(c, a, p);

	about.hint = "give the numbers of both names as many digits, in all copies";
	finding_add(c->mem, c->f, "name-order", about,
		arena_printf(c->mem,
			"%s applies before %s, which wins over it: names are in byte order, not in the order of their numbers",
			a->name, b->name));
}

static void check_order(struct check *c)
{
	const struct application *app = c->s->app;
	struct map told = { .mem = c->mem };

	for (size_t p = 0; p < app->fleet->count; p++) {
		const struct layers_at *at = &app->at[p];

		for (size_t i = 1; i < at->count; i++) {
			const struct layer *a = at->layers[i - 1], *b = at->layers[i];

			if (!a->patch || !is_out_of_order(a->name, b->name))
				continue;
			void **slot = map_slot(
				&told, str_of(arena_printf(c->mem, "%s/%s", a->name, b->name)));
			if (!*slot)
				tell_order(c, p, a, b);
			*slot = c;
		}
	}
}

void check_copies(struct check *c)
{
	for (size_t i = 0; i < c->patch_count; i++) {
		const struct patch *patch = &c->patches[i];
		const struct state s = check_state(c, patch);

		check_gap(c, &s, patch);
		check_alike(c, &s, patch);
		check_redundant(c, &s, patch);
		check_state_end(c, patch);
	}
	check_order(c);
}
