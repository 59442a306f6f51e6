/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/lcs.h"

/* The two lists without their common beginning and end. */
struct middle {
	const struct str *old, *new;
	size_t n, m;
};

/* table[i * (m + 1) + j]: how many of old[i..) and new[j..) can match */
static uint32_t *lengths(struct arena *mem, const struct middle *x)
{
	size_t row = x->m + 1;
	uint32_t *table = ARENA_NEW(mem, uint32_t, (x->n + 1) * row);

	for (size_t i = x->n; i-- > 0;)
		for (size_t j = x->m; j-- > 0;) {
			uint32_t a = table[(i + 1) * row + j], b = table[i * row + j + 1];
			table[i * row + j] = str_equal(x->old[i], x->new[j])
				? table[(i + 1) * row + j + 1] + 1
				: a > b ? a
					: b;
		}
	return table;
}

size_t *lcs_match(
	struct arena *mem, const struct str *old, size_t n, const struct str *new, size_t m)
{
	size_t *match = ARENA_NEW(mem, size_t, n);
	size_t before = 0, behind = 0;

	while (before < n && before < m && str_equal(old[before], new[before]))
		before++;
	while (behind < n - before && behind < m - before &&
		str_equal(old[n - 1 - behind], new[m - 1 - behind]))
		behind++;
	for (size_t i = 0; i < n; i++)
		match[i] = i < before ? i : i >= n - behind ? m - (n - i) : LCS_NONE;
	struct middle x = { old + before, new + before, n - before - behind, m - before - behind };
	if (x.n == 0 || x.m == 0 || x.n > LCS_CELLS / x.m)
		return match;
	struct arena_mark mark = arena_mark(mem);
	uint32_t *table = lengths(mem, &x);
	for (size_t i = 0, j = 0; i < x.n && j < x.m;) {
		size_t row = x.m + 1;
		if (str_equal(x.old[i], x.new[j]))
			match[before + i++] = before + j++;
		else if (table[(i + 1) * row + j] >= table[i * row + j + 1])
			i++;
		else
			j++;
	}
	arena_rewind(mem, mark);
	return match;
}
