/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h - what Helm and kubectl make of a scalar.
 *
 * They read YAML with version 2 of Go's library (YAML 1.1 with rules of its own) and turn it into
 * JSON: `no` is false, 0644 is 420, 1_000 is 1000, 08 is 8.0, 2001-01-01 is a string. A tag that
 * they do not know is ignored.
 */
#ifndef YAML_RESOLVE_H
#define YAML_RESOLVE_H

#include "yaml/node.h"

enum resolved_type {
	RESOLVED_NULL,
	RESOLVED_BOOL,
	RESOLVED_INT,
	RESOLVED_FLOAT,
	RESOLVED_STRING,  /* the scalar's own text */
	RESOLVED_BINARY,  /* base64: binary_decode() */
	RESOLVED_NOTHING, /* they refuse it: !!int with a word, invalid base64 */
};

struct resolved {
	enum resolved_type type;
	bool truth;    /* of a boolean */
	bool negative; /* an integer's sign */
	uint64_t
		magnitude; /* an integer without it; at most INT64_MAX, or UINT64_MAX if positive */
	double number;     /* a float; may be infinite or no number */
};

struct resolved scalar_resolve(const struct node *scalar);

/* What base64 text means; false if it is invalid. Line ends in it do not count. */
bool binary_decode(struct buf *out, struct str text);

#endif
