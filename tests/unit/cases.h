/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases.h - test cases of YAML as files that anyone can read.
 *
 *	== the title of a case
 *	-- base --
 *	a: 1 # one
 *	-- patch -- a: 5
 *	-- result --
 *	a: 5 # one
 *
 * tests/yaml/README.md describes the notation. A file that is not written in it
 * ends the program with "Bail out!", the file and the line.
 */
#ifndef CASES_H
#define CASES_H

#include "base/arena.h"
#include "base/str.h"

enum { CASE_SECTIONS = 3 };

struct section {
	struct str name; /* "base" */
	struct str text; /* the bytes that it describes */
};

struct yaml_case {
	struct str title;
	struct section sections[CASE_SECTIONS];
	size_t count; /* of sections, at least 2 */
};

struct cases {
	struct yaml_case *at; /* owned by the arena, like all their texts */
	size_t count;         /* at least 1 */
};

struct cases cases_read(struct arena *mem, const char *path);

/* One line of a text, with or without its line end, in the notation and with a line end. */
void cases_show(struct buf *out, struct str line);

#endif
