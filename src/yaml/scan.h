/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h - one pass over YAML text before the parser.
 *
 * Finds what the parser would report without a position, or not at all. If a scan
 * returns 0, the text is UTF-8 without forbidden characters.
 */
#ifndef YAML_SCAN_H
#define YAML_SCAN_H

#include "base/error.h"
#include "yaml/node.h"

struct scan {
	bool bom;   /* begins with a UTF-8 byte order mark */
	bool crlf;  /* the first line end is CR LF */
	bool ascii; /* no byte above 0x7f, so that characters are bytes */
};

/* errors: status FILES, "NAME:LINE:COLUMN: ..." */
int yaml_scan(const char *name, struct str text, struct scan *s, struct error *e);

/* the length of the UTF-8 character at the offset `at`; 0 if it is invalid */
size_t scan_utf8(struct str text, size_t at);

#endif
