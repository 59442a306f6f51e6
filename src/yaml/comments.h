/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comments.h - the comments of YAML text, as YAML readers see them.
 *
 *	struct comments found;
 *	if (yaml_comments(mem, text, &found))
 *		for (size_t i = 0; i < found.count; i++)
 *			... found.list[i].place.line, found.list[i].text ...
 *
 * A `#` in a scalar, quoted or in a block, is no comment: the text is cut into tokens by libyaml,
 * and comments are between them, or at the end of a line that begins a block scalar.
 */
#ifndef YAML_COMMENTS_H
#define YAML_COMMENTS_H

#include "yaml/node.h"

struct comment {
	struct str text; /* from its # to the end of its line; borrowed from the text */
	struct place place;
	bool alone; /* nothing but blanks is before it on its line */
	bool top;   /* nothing but other comments and empty lines is before it in the text */
};

struct comments {
	struct comment *list; /* in the order of the text; owned by the arena */
	size_t count;
};

/* All comments of the text. False if it is not YAML: then it has none. */
bool yaml_comments(struct arena *mem, struct str text, struct comments *out);

#endif
