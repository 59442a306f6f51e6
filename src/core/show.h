/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show.h - what comes from files, in the middle of a line for a person.
 */
#ifndef CORE_SHOW_H
#define CORE_SHOW_H

#include "yaml/node.h"

/*
 * Adds a value: a scalar as it is written, a list or mapping in brackets, control
 * characters escaped, nothing (NULL) as "(unset)". What is longer than a few dozen
 * characters is cut unless `whole`.
 */
void show_value(struct buf *out, const struct node *n, bool whole);

/* How much of a commit's name is enough for a person: a precision for printf. */
enum { SHOW_COMMIT = 12 };

/* So much of it, owned by mem. */
const char *show_commit(struct arena *mem, const char *name);

/* The text with control characters as \xNN: itself if it has none, else owned by mem. */
const char *show_text(struct arena *mem, const char *text);

/*
 * Adds what printf would, as show_escaped() does, but for line feeds at the start and the end of
 * the format.
 */
void show_printf(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a text with control characters, which could control a terminal, as \xNN. */
void show_escaped(struct buf *out, struct str text);

#endif
