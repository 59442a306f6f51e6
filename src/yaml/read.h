/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.h - YAML text to a tree.
 *
 *	struct doc doc;
 *	if (yaml_read(mem, "config/config.yaml", text, &doc, e) < 0)
 *		return -1;
 *
 * One document of YAML 1.1 as libyaml reads it (as Helm and kubectl do). Besides
 * libyaml's own errors, these are errors, each with file, line and column:
 *
 * - text that is not UTF-8; control characters, NUL, a byte order mark after the
 *   beginning, and the line breaks NEL, LS and PS (a comment could hide a key
 *   after them);
 * - a second document;
 * - a duplicate key in a mapping, a key that is not a scalar, or contains a NUL;
 * - an alias without an anchor;
 * - more than YAML_DEPTH levels, YAML_NODES nodes, YAML_BYTES bytes, YAML_TAGS
 *   lines that begin with %TAG, or YAML_TAG_BYTES bytes of a tag in full (a short
 *   tag may be an abbreviation of a long one, any number of times).
 *
 * Errors are of status FILES. If a call fails, *doc is unchanged.
 */
#ifndef YAML_READ_H
#define YAML_READ_H

#include "base/arena.h"
#include "yaml/error.h"
#include "yaml/node.h"

enum {
	YAML_DEPTH = 128,
	YAML_NODES = 2 * 1000 * 1000,
	YAML_BYTES = 64 * 1024 * 1024,
	YAML_VALUES_NODES = 250 * 1000,
	YAML_VALUES_BYTES = 8 * 1024 * 1024,
	YAML_TAGS = 64,
	YAML_TAG_BYTES = 128,
};

/* the doc borrows name and text; mem owns the tree */
int yaml_read(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e);

/*
 * The same for a file of values, with lower limits, since many are in memory at once and merged:
 * YAML_VALUES_NODES nodes and YAML_VALUES_BYTES bytes.
 */
int yaml_read_values(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e);

/* Checks only if the text is YAML of any number of documents, with the same limits. */
int yaml_check(struct arena *mem, const char *name, struct str text, struct error *e);

#endif
