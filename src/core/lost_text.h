/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lost_text.h - whether a scalar was probably meant as text, and as a number loses some of it.
 *
 *	version: 1.20		is 1.2
 *	id: 012			is 10
 *	id: 12345678901234567890123	is 12345678901234567000000
 *
 * Whether a number was meant is told by what it replaces, by the key, and by how it is written:
 * 0.50, 1e6 and 0644 are numbers unless a string was there, or the key names a version or the like.
 */
#ifndef CORE_LOST_TEXT_H
#define CORE_LOST_TEXT_H

#include "yaml/node.h"

/*
 * The number that Helm makes of it, owned by mem, if that is written otherwise and text was
 * probably meant; else NULL. key: the last one on the way to the scalar. below: what the scalar
 * replaces, or NULL. named: only a key that names a version, a tag or the like counts.
 */
const char *lost_text(struct arena *mem, const struct node *scalar, struct str key,
	const struct node *below, bool named);

#endif
