/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.h - which items of a list another one has kept: their longest common subsequence.
 */
#ifndef YAML_EDIT_LCS_H
#define YAML_EDIT_LCS_H

#include "base/str.h"

#define MATCH_NONE ((size_t)-1)

/*
 * For each of the n texts in `old` the number of the one in `new` that it
 * became, rising, or MATCH_NONE. Between what both begin and end with, at
 * most MATCH_CELLS pairs are compared; of more none match.
 */
enum { MATCH_CELLS = 4 * 1024 * 1024 };

size_t *match_items(
	struct arena *mem, const struct str *old, size_t n, const struct str *new, size_t m);

#endif
