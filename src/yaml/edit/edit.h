/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit.h - changes made in YAML text without touching anything else.
 *
 *	struct changes list = { .mem = mem };
 *	changes_set(&list, path, 2, value);
 *	if (yaml_edit(mem, &base, list.at, list.count, &text, e) < 0)
 *		return -1;
 *
 * Text in, text out, changes by path (change.h) in between. The bytes that do
 * not belong to a changed value stay: comments, quotes, blank lines,
 * indentation, order of keys, line ends, a missing last one, a byte order mark.
 *
 * - A scalar's bytes are replaced, and the comment behind it stays.
 * - A new key goes to the end of its mapping in the mapping's own column,
 *   before comments that follow it there; a mapping between brackets grows
 *   before its bracket; below `{}`, nothing or a single value come new lines.
 * - A list that is replaced keeps the lines of its items that stay.
 * - A removed key takes along its own comments: behind it, right above it, and
 *   below it those that stand right of it.
 * - A value keeps the spelling that it was read with; what has none is written
 *   so that readers of YAML 1.1 and 1.2 take it for the same (quote.h).
 * - What aliases name keeps its old meaning for them: the first that is left
 *   gets the old value written out. An alias that shall mean something else
 *   gives way to that; what a merge key brings is covered by a key of its own.
 *
 * The result is always read again and must mean the base with its changes;
 * where it does not, once more with every new value in a plain spelling, and then
 * it is refused. Refusals are of status REFUSED and name file, line and column.
 */
#ifndef YAML_EDIT_EDIT_H
#define YAML_EDIT_EDIT_H

#include "base/error.h"
#include "yaml/edit/change.h"

/* base: as yaml_read made it. The new text is base->text itself where nothing changes. */
int yaml_edit(struct arena *mem, const struct doc *base, const struct change *changes, size_t count,
	struct str *out, struct error *e);

/*
 * The text of yaml_merge(base, patch). A patch that is neither a mapping
 * nor void is refused.
 */
int yaml_edit_merge(struct arena *mem, const struct doc *base, const struct doc *patch,
	struct str *out, struct error *e);

#endif
