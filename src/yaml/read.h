/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.h - YAML text to a tree, with every trap shut.
 *
 *	struct doc doc;
 *	if (yaml_read(mem, "config/config.yaml", text, &doc, e) < 0)
 *		return -1;
 *
 * One document of YAML 1.1 as libyaml reads it (as Helm and kubectl do). On top
 * of libyaml's own errors these are refused, each with file, line and column:
 * text that is not UTF-8; control characters, NUL, a byte order mark that is
 * not at the beginning, and the line breaks NEL, LS and PS (a comment could
 * hide a key behind them); a second document; a key that stands twice in one
 * mapping, is not a scalar or holds a NUL; an alias to nothing; more than YAML_DEPTH levels,
 * YAML_NODES nodes, YAML_BYTES bytes, YAML_TAGS lines that begin with %TAG, or
 * YAML_TAG_BYTES bytes of a tag in full (a short one may stand for a long one
 * many times over).
 *
 * Errors are of status FILES. On failure *doc is untouched.
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

/* name and text are borrowed by the doc; the tree is owned by mem */
int yaml_read(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e);

/*
 * The same for a file of values, of which many are held at once and merged:
 * at most YAML_VALUES_NODES nodes and YAML_VALUES_BYTES bytes.
 */
int yaml_read_values(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e);

/* Only tells whether the text is YAML of any number of documents, under the same limits. */
int yaml_check(struct arena *mem, const char *name, struct str text, struct error *e);

#endif
