/* SPDX-License-Identifier: Apache-2.0 */
/* lcs.h - the items that two lists have in common, in order: their longest common subsequence. */
#ifndef YAML_EDIT_LCS_H
#define YAML_EDIT_LCS_H

#include "base/str.h"

#define LCS_NONE ((size_t)-1)

/*
 * For each of the n strings in `old`, the number of its match in `new`, in rising
 * order, or LCS_NONE. If the parts between the common beginning and end have more
 * than LCS_CELLS pairs of strings, none of these match.
 */
enum { LCS_CELLS = 4 * 1024 * 1024 };

size_t *lcs_match(
	struct arena *mem, const struct str *old, size_t n, const struct str *new, size_t m);

#endif
