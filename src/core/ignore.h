/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ignore.h - findings that a comment in a file silences: "# promote: ignore CODE, CODE".
 *
 *	struct ignores ignores = { .mem = mem };
 *
 *	if (ignore_mentioned(text))
 *		ignores_add(&ignores, path, ignore_read(mem, text));
 *	ignores_apply(&ignores, &findings);
 *
 * A comment silences the findings of its codes on its own line; one that is alone on its line, on
 * the line below it; and one of those at the top of the file, before all else, also findings of
 * the file as a whole, which have no line. What silences nothing is a finding itself.
 */
#ifndef CORE_IGNORE_H
#define CORE_IGNORE_H

#include "base/map.h"
#include "core/finding.h"
#include "yaml/comments.h"

/* One code of such a comment. */
struct ignore {
	const char *code; /* NULL: the comment names none */
	unsigned line, column;
	bool alone, top;
};

struct ignore_list {
	const struct ignore *list;
	size_t count;
};

/* Whether there may be such a comment: a quick look. */
bool ignore_mentioned(struct str text);

/* What the comments of a text ignore, if it is YAML; owned by mem. */
struct ignore_list ignore_read(struct arena *mem, struct str text);

/* The same for all files that were looked at. */
struct ignores {
	struct arena *mem; /* borrowed; owns the rest */
	struct file_ignores **files;
	size_t count;
	struct map by_path;
	const char *type, *application; /* of the files that are added from now on; or NULL */
};

/* Adds those of a file, with what is copied of them; a file that was added before is left. */
void ignores_add(struct ignores *x, const char *path, struct ignore_list list);

/* Not all was looked for that could be found in this file: what silences nothing there is right. */
void ignores_excuse(struct ignores *x, const char *path);

/* Takes the findings that are ignored out, and adds "unused-ignore" for what silenced none. */
void ignores_apply(struct ignores *x, struct findings *f);

#endif
