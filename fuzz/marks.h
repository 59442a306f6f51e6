/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marks.h - a text as lines, and which of them belong to what changes.
 *
 *	struct marks old = marks_of(mem, &before), new = marks_of(mem, &after);
 *	marks_free_pair(&old, &before.root->map.pairs[2]);
 *	marks_same_lines(&old, &new, LINES_ALL);
 *
 * A line that is free may be removed or changed; all others must be kept.
 */
#ifndef MARKS_H
#define MARKS_H

#include "fuzz.h"

struct marks {
	const struct doc *doc; /* borrowed */
	struct lines lines;
	bool *free;        /* for each line */
	struct str *heads; /* for each line: what it begins with that has to stay, or empty */
	struct str *tails; /* for each line: a comment at its end that has to stay, or empty */
};

struct marks marks_of(struct arena *mem, const struct doc *doc);

/* the lines of the bytes [from, to), or the one that `from` is in */
void marks_free(struct marks *m, size_t from, size_t to);
void marks_free_all(struct marks *m);
/* The line that begins with `---`, which may be followed by a value that is the whole document. */
void marks_free_marker(struct marks *m);
/* A pair; a comment after its value has to stay if that is a scalar on one line. */
void marks_free_pair(struct marks *m, const struct pair *p);
/* What is before the pair's value on its line has to stay. */
void marks_keep_head(struct marks *m, const struct pair *p);
/* A pair that is removed, with its own comments (edit.h). */
void marks_free_removed(struct marks *m, const struct pair *p);

enum counted_lines {
	LINES_ALL,
	LINES_NOT_BLANK,
	LINES_SAYING, /* neither blank nor comments */
};

/* That those lines of `a` that count, and are not free, are lines of `b`, in order. */
void marks_same_lines(const struct marks *a, const struct marks *b, enum counted_lines which);
/* That all heads and tails of `a` that have to stay begin and end lines of `b`. */
void marks_same_ends(const struct marks *a, const struct marks *b);

#endif
