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

size_t sequence_gap(const struct fleet *f, const struct layer *const *copies, size_t *missing)
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
		} else if (copy < end) {
			i++;
		} else {
			missing[n++] = i;
			i = end;
		}
	}
	return n;
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

size_t sequence_gates(
	const struct fleet *f, const struct layer *const *copies, size_t next, size_t *gates)
{
	size_t latest = sequence_latest(f, copies);
	size_t n = 0, first = next;

	/*
	 * Nothing at or behind `next` has a copy, so an ancestor is entered
	 * exactly if the latest copy is below it. Below one that is not,
	 * `next` is the first way down: only its ancestors come before it.
	 */
	for (size_t up = f->positions[next].parent; up != NOWHERE; up = f->positions[up].parent)
		if (!fleet_holds(f, up, latest))
			first = up;
	for (size_t i = first; i < f->positions[next].end; i++)
		if (f->positions[i].manual)
			gates[n++] = i;
	return n;
}
