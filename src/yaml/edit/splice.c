/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/splice.h"

#include <assert.h>
#include <stdlib.h>

void splice(struct splices *s, size_t start, size_t end, struct str text)
{
	assert(start <= end);
	if (start == end && text.len == 0)
		return;
	size_t order = s->early ? s->count : s->count + SIZE_MAX / 2;
	*ARENA_PUSH(s->mem, s->at, s->count) = (struct splice){ start, end, text, order };
}

/* By offset; insertions before a replacement at the same offset. */
static int compare_splices(const void *a, const void *b)
{
	const struct splice *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	bool wide_x = x->end > x->start, wide_y = y->end > y->start;
	if (wide_x != wide_y)
		return wide_x ? 1 : -1;
	return (x->order > y->order) - (x->order < y->order);
}

bool splice_agree(struct splices *s)
{
	if (s->count)
		qsort(s->at, s->count, sizeof(*s->at), compare_splices);
	for (size_t i = 1; i < s->count; i++)
		if (s->at[i].start < s->at[i - 1].end)
			return false;
	return true;
}

struct str splice_part(struct splices *s, struct str old, size_t start, size_t end)
{
	struct buf out = { .mem = s->mem };
	size_t done = start;
	bool agree = splice_agree(s);

	assert(agree);
	(void)agree;
	for (size_t i = 0; i < s->count; i++) {
		buf_add(&out, str_part(old, done, s->at[i].start));
		buf_add(&out, s->at[i].text);
		done = s->at[i].end;
	}
	buf_add(&out, str_part(old, done, end));
	return buf_str(&out);
}

struct str splice_apply(struct splices *s, struct str old)
{
	return splice_part(s, old, 0, old.len);
}
