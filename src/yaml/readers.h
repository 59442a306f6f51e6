/* SPDX-License-Identifier: Apache-2.0 */
/*
 * readers.h - what three kinds of YAML readers make of a scalar.
 *
 * Programs that render values read and write plain text such as `yes`, 0644, 12:30 or 1e3 each in
 * its own way: Helm (YAML 1.1 as Go's library has it), readers of YAML 1.2's core schema, and
 * PyYAML (YAML 1.1 as it was written, with times and numbers to base 60).
 *
 *	text         Helm      YAML 1.2   PyYAML
 *	yes          true      "yes"      true
 *	y            true      "y"        "y"
 *	0644         420       644        420
 *	0o644        420       420        "0o644"
 *	08           8.0       8          "08"
 *	1_000        1000      "1_000"    1000
 *	1e3          1000.0    1000.0     "1e3"
 *	12:30        "12:30"   "12:30"    750
 *	2024-01-01   "2024-…"  "2024-…"   a date
 */
#ifndef YAML_READERS_H
#define YAML_READERS_H

#include "yaml/scalar.h"

/*
 * True if at least one of the scalars is one that readers do not agree about (TYPE_UNSURE), and at
 * least one of the readers makes the same of both. An integer is the same as a float of its value:
 * what was 1e3 is written as 1000.
 */
bool readers_may_agree(const struct node *a, const struct node *b);

#endif
