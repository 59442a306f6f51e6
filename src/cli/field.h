/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field.h - what an option's row says of its field in a command's options: how it starts, and how
 * a value is read into it. The options have the size that the command asks for.
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include "cli/command.h"

/* The field is zero so far, as all of the options are; o->format has the command's default. */
void field_start(struct options *o, const struct option_row *row);

/* value: NULL for a flag. It is borrowed. Errors: USAGE. */
int field_read(struct arena *mem, struct options *o, const struct option_row *row,
	const char *value, struct error *e);

#endif
