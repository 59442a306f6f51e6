/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site.h - where a staging directory was made: in which tree, and that it is the very one.
 *
 * A clone, an archive or a copy of a tree has other inodes, so a staging directory that came
 * with it does not match. A tree that was moved on its file system does.
 */
#ifndef STORE_TXN_SITE_H
#define STORE_TXN_SITE_H

#include "base/str.h"
#include "store/tree/identity.h"

struct site {
	char boot[BOOT_SIZE];
	struct identity root, staging;
};

/* The place of the open directories. -1 with errno set. */
int site_of(int root, int staging, struct site *p);

bool site_same(const struct site *a, const struct site *b);

/* As a line without its end. */
enum { SITE_TEXT = 192 };
void site_print(const struct site *p, char out[SITE_TEXT]);

/* Reads back what site_print has written, and nothing else. */
bool site_read(struct str text, struct site *p);

#endif
