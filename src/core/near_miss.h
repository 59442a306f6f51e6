/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near_miss.h - whether a key was probably meant to be another one.
 *
 *	near_miss(STR("replicsa"), STR("replicas"))			yes
 *	near_miss(STR("targetrevision"), STR("targetRevision"))	yes
 *	near_miss(STR("maxReplicas"), STR("minReplicas"))		no: a word, and another one
 *	near_miss(STR("zone-2"), STR("zone-1"))			no: other digits
 *
 * Keys that merely resemble each other are common in values, and a false alarm costs more than a
 * typo that is not found. So this is stricter than str_nearest(), which answers a person whose
 * word is wrong for certain.
 */
#ifndef CORE_NEAR_MISS_H
#define CORE_NEAR_MISS_H

#include "base/str.h"

/*
 * True if the two differ only in case, hyphens and underscores; or in one of their words, by a
 * letter too much or too few or two that are swapped, or in a longer word by another letter or
 * two such mistakes. Never true for keys that are equal, have other digits, or letters beyond
 * ASCII.
 */
bool near_miss(struct str typed, struct str meant);

#endif
