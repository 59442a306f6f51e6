/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patch_text.h - the bytes of a new patch.
 *
 *	patch_write(mem, "Raise the limits", root, &text, e)
 *	patch_describe(mem, "limits.yaml", text, "Raise the limits", &text, e)
 */
#ifndef CORE_PATCH_TEXT_H
#define CORE_PATCH_TEXT_H

#include "base/error.h"
#include "yaml/node.h"

/*
 * The text of a patch that sets what the mapping does: metadata.description first, unless it is
 * NULL, and nothing else. It reads as the mapping: REFUSED if that cannot be written so.
 */
int patch_write(struct arena *mem, const char *description, const struct node *root,
	struct str *text, struct error *e);

/* Adds the lines of metadata.description. */
void patch_add_metadata(struct buf *out, const char *description, const char *eol);

/*
 * Adds metadata.description at the top of a patch's text; `name` is for errors. REFUSED if the
 * patch has metadata already, or nothing can be added to it.
 */
int patch_describe(struct arena *mem, const char *name, struct str text, const char *description,
	struct str *out, struct error *e);

#endif
