/* SPDX-License-Identifier: Apache-2.0 */
/* decimal.h - floats as Go writes them, which Helm and kubectl are made with. */
#ifndef YAML_DECIMAL_H
#define YAML_DECIMAL_H

/* Room for the text of a number. */
struct number_text {
	char at[40];
};

/* A finite float as JSON: the shortest number that reads back the same. */
const char *float_json(double x, struct number_text *room);
/* A float as a key: the shortest number that reads back the same in single precision. */
const char *float_key(double x, struct number_text *room);

#endif
