/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lcs.h - which items of a list another one has kept: their longest common subsequence.
 */
#ifndef YAML_EDIT_LCS_H
#define YAML_EDIT_LCS_H

#include "base/str.h"

#define LCS_NONE ((size_t)-1)

/*
 * For each of the n texts in `old` the number of the one in `new` that it
 * became, rising, or LCS_NONE. Between what both begin and end with, at
 * most LCS_CELLS pairs are compared; of more none match.
 */
enum { LCS_CELLS = 4 * 1024 * 1024 };

size_t *lcs_match(
	struct arena *mem, const struct str *old, size_t n, const struct str *new, size_t m);

#endif
