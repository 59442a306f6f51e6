/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/field.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_SECONDS = 24 * 60 * 60 };

static void *field_of(struct options *o, const struct option_row *row)
{
	return (char *)o + row->offset;
}

void field_start(struct options *o, const struct option_row *row)
{
	assert((row->kind == OPTION_FLAG) == !row->value);
	if (row->kind == OPTION_SECONDS)
		*(unsigned *)field_of(o, row) = row->initial;
}

static int read_seconds(
	const struct option_row *row, const char *value, unsigned *field, struct error *e)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || n > LONGEST_SECONDS)
		return error_set(e, STATUS_USAGE, "--%s=%s: must be seconds from 0 to %d",
			row->name, value, LONGEST_SECONDS);
	*field = (unsigned)n;
	return 0;
}

/* Which of the option's choices the value is, or -1 with an error. */
static int read_choice(struct arena *mem, const struct options *o, const struct option_row *row,
	const char *value, struct error *e)
{
	const char *const *choices = option_choices(mem, o->command, row);
	struct buf names = { .mem = mem };

	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], value) == 0)
			return i;
	option_join_choices(&names, choices);
	return error_set(e, STATUS_USAGE, "--%s=%s: must be %s", row->name, value, names.at);
}

int field_read(struct arena *mem, struct options *o, const struct option_row *row,
	const char *value, struct error *e)
{
	void *field = field_of(o, row);
	struct strings *strings = field;
	int choice = 0;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_STRING:
		*(const char **)field = value;
		break;
	case OPTION_LIST:
		*ARENA_PUSH(mem, strings->list, strings->count) = value;
		break;
	case OPTION_SECONDS:
		return read_seconds(row, value, field, e);
	case OPTION_CHOICE:
		if ((choice = read_choice(mem, o, row, value, e)) < 0)
			return -1;
		*(unsigned *)field = (unsigned)choice;
		break;
	case OPTION_FORMAT:
		if ((choice = read_choice(mem, o, row, value, e)) < 0)
			return -1;
		*(enum format *)field = o->command->formats[choice];
		break;
	}
	return 0;
}
