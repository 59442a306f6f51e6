/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet_text.h - fleets, placements and lists of positions as short texts, for
 * the rows of tests and for what they print when they fail.
 *
 *	struct fleet f = fleet_read(&mem, DIMENSIONS, "int[s1[us eu] s2[us]] stage![s1]");
 *	uint32_t *placed = numbers_read(&mem, &f, "int/s1 stage/s1=2");
 *
 * A fleet is its positions in sequence order: a name, `!` after it if it is
 * a manual gate, and its children in brackets. Branches may end early. A
 * placement is a list of paths: `path=2` for a copy of another meaning than the
 * first, whose number is 1. The same notation serves for layers.
 *
 * The fleet comes from config_fleet, through the YAML text that the notation
 * represents. All results are owned by mem. A text that cannot be read fails
 * the test that is running.
 */
#ifndef FLEET_TEXT_H
#define FLEET_TEXT_H

#include "core/fleet.h"

#define DIMENSIONS "environments sectors regions"

/* Memory for a test; it ends the program when there is none left. */
void test_memory(struct arena *mem);

/* dimensions: their names, the widest first */
struct fleet fleet_read(struct arena *mem, const char *dimensions, const char *text);
const char *fleet_show(struct arena *mem, const struct fleet *f);

/* the position with this path, which must exist; NOWHERE for "" */
size_t position_read(const struct fleet *f, const char *path);
const char *position_show(const struct fleet *f, size_t i);

/* one number for each position, 0 if the text does not have it */
uint32_t *numbers_read(struct arena *mem, const struct fleet *f, const char *text);
const char *numbers_show(struct arena *mem, const struct fleet *f, const uint32_t *numbers);

/* the same numbers as bytes: layers, as enum layers has them */
unsigned char *layers_read(struct arena *mem, const struct fleet *f, const char *text);

/* n positions as paths with spaces between them */
const char *list_show(struct arena *mem, const struct fleet *f, const size_t *list, size_t n);

/* Fails the test if two texts differ: `row` and `what` are named in the message. */
void expect_text(const char *row, const char *what, const char *want, const char *got);

#endif
