/* SPDX-License-Identifier: Apache-2.0 */
/*
 * become.h - a text's tree walked beside the tree that it shall mean.
 *
 * Part of edit.h. Where the two differ the text gets splices, as small ones
 * as possible: pairs and items that stay the same are not touched.
 */
#ifndef YAML_EDIT_BECOME_H
#define YAML_EDIT_BECOME_H

#include "base/error.h"
#include "yaml/edit/slot.h"

/*
 * Makes the value at the site mean `want`, an expanded tree; parts that are
 * the very nodes of site->meaning are the same.
 */
void become(struct editor *ed, const struct site *site, const struct node *want);

/* sets "NAME:LINE:COLUMN: ..." with status REFUSED and returns -1 */
int become_refuse(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
