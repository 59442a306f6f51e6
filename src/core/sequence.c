/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sequence.h"

#include "base/assume.h"

size_t sequence_first(const struct fleet *f, const struct layer *const *copies)
{
	size_t i = 0;

	while (ALWAYS(i < f->count) && !copies[i])
		i++;
	return i;
}

size_t sequence_latest(const struct fleet *f, const struct layer *const *copies)
{
	for (size_t i = f->count; i-- > 0;)
		if (copies[i])
			return i;
	return NOWHERE;
}

size_t sequence_missing(
	const struct fleet *f, const struct layer *const *copies, unsigned level, size_t *missing)
{
	size_t latest = sequence_latest(f, copies);
	size_t copy = 0; /* the first copy at i or behind it */
	size_t n = 0;

	if (latest == NOWHERE)
		return 0;
	for (size_t i = 0; i < latest;) {
		size_t end = f->positions[i].end;

		while (copy < i || !copies[copy])
			copy++;
		if (copy == i) {
			i = end;
		} else if (copy < end ||
			(f->positions[i].depth < level && !fleet_is_target(f, i))) {
			i++;
		} else {
			missing[n++] = i;
			i = end;
		}
	}
	return n;
}

bool sequence_covers(const struct fleet *f, const struct layer *const *copies, size_t position)
{
	for (size_t up = position; up != NOWHERE; up = f->positions[up].parent)
		if (copies[up])
			return true;
	for (size_t i = position; i < f->positions[position].end;) {
		if (!copies[i] && fleet_is_target(f, i))
			return false;
		i = copies[i] ? f->positions[i].end : i + 1;
	}
	return true;
}

void sequence_covered_before(
	const struct fleet *f, const struct layer *const *copies, size_t *before)
{
	size_t end = 0; /* positions before this are below a copy, or have one */

	before[0] = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (copies[i] && f->positions[i].end > end)
			end = f->positions[i].end;
		before[i + 1] = before[i] + (i < end && fleet_is_target(f, i));
	}
}

size_t sequence_gap(const struct fleet *f, const struct layer *const *copies, size_t *missing)
{
	return sequence_missing(f, copies, 1, missing);
}

size_t sequence_next(const struct fleet *f, const struct layer *const *copies, unsigned level)
{
	size_t latest = sequence_latest(f, copies);
	size_t i = f->positions[latest].end;

	/* A redundant copy may be the latest; then its placed ancestor covers what follows. */
	for (size_t up = f->positions[latest].parent; up != NOWHERE; up = f->positions[up].parent)
		if (copies[up])
			i = f->positions[up].end;
	for (; i < f->count; i++)
		if (f->positions[i].depth >= level || fleet_is_target(f, i))
			return i;
	return NOWHERE;
}

/* Whether a copy is at a position or below it. Above what is entered there is none. */
static bool has_copy(const struct fleet *f, const struct layer *const *copies, size_t position)
{
	size_t below = position;

	while (below < f->positions[position].end && !copies[below])
		below++;
	return below < f->positions[position].end;
}

size_t sequence_gates_of(const struct fleet *f, const struct layer *const *copies,
	const struct position_list *at, size_t *gates)
{
	size_t next = 0;   /* the first of the list that is not before i */
	size_t within = 0; /* positions before this one are one of the list, or below one */
	size_t n = 0;

	for (size_t i = 0; i < f->count;) {
		const struct position *p = &f->positions[i];

		while (next < at->count && at->list[next] < i)
			next++;
		if (next < at->count && at->list[next] == i)
			within = p->end;
		bool entered = i < within || (next < at->count && at->list[next] < p->end);
		if (entered && p->manual && !has_copy(f, copies, i))
			gates[n++] = i;
		i = entered ? i + 1 : p->end;
	}
	return n;
}

size_t sequence_gates(
	const struct fleet *f, const struct layer *const *copies, size_t next, size_t *gates)
{
	return sequence_gates_of(f, copies, &(struct position_list){ &next, 1 }, gates);
}
