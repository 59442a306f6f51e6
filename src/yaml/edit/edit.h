/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit.h - changes to YAML text that keep everything else.
 *
 *	struct changes list = { .mem = mem };
 *	changes_set(&list, path, 2, value);
 *	if (yaml_edit(mem, &base, list.at, list.count, &text, e) < 0)
 *		return -1;
 *
 * Bytes that are not part of a changed value stay the same: comments, quotes,
 * blank lines, indentation, order of keys, line ends, a missing last one, a byte
 * order mark.
 *
 * - If a scalar is replaced, the comment after it stays.
 * - A new key is added at the end of its mapping, in the column of the mapping and
 *   before comments that follow it in that column; in a mapping in braces, before
 *   the closing one; if the mapping was `{}`, empty or a scalar, on new lines.
 * - If a list is replaced, items that are in both keep their lines and comments, also
 *   if they change or move. What identifies an item decides, then what most of it
 *   is, then its place (pairing.h).
 * - If a key is removed, its own comments are, too: after it, right above it, and
 *   below it if they are to the right of its column. A comment at the top of the
 *   document is about the file, and one before an empty line is not about the key
 *   below that: they stay.
 * - A value keeps the spelling that it was read with. If it has none, it is
 *   written so that readers of YAML 1.1 and 1.2 agree on it (quote.h).
 * - A text that is JSON stays JSON, or the edit is refused; in a part in brackets that
 *   has its style, keys and values are written in it (json.h).
 * - If the value of an anchor changes, the anchor stays if it can: aliases that shall
 *   have the new value stay, too, others are replaced by their values, and a mapping
 *   with a merge key gets keys of its own for what shall not change. If no alias would
 *   be left, or it takes less, the first alias gets the old value with the anchor.
 *   If an alias shall have another value, it is replaced (anchors.h).
 *
 * The result is always read again and must mean the base with its changes. If it
 * does not, the edit is tried once more with all new values in a plain spelling,
 * and then refused. Refusals are of status REFUSED, with file, line and column.
 */
#ifndef YAML_EDIT_EDIT_H
#define YAML_EDIT_EDIT_H

#include "base/error.h"
#include "yaml/edit/change.h"

/* base: as yaml_read made it. If nothing changes, the new text is base->text itself. */
int yaml_edit(struct arena *mem, const struct doc *base, const struct change *changes, size_t count,
	struct str *out, struct error *e);

/*
 * The text of yaml_merge(base, patch). If the patch is neither a mapping nor void, it is refused.
 */
int yaml_edit_merge(struct arena *mem, const struct doc *base, const struct doc *patch,
	struct str *out, struct error *e);

#endif
