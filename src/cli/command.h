/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h - a command as data: its name, what it takes, its help, and the function that runs it.
 *
 * Each file of src/cmd/ exports one of these, and src/main.c lists them. The parser, --help and the
 * completion of a shell read nothing else, so that a command or an option is added in one place.
 *
 *	struct greet_options {
 *		struct options common; // first
 *		const char *name;
 *	};
 *
 *	static const struct option_row rows[] = {
 *		{ "name", .value = "NAME", AS_STRING(struct greet_options, name), .help = "whom" },
 *		{ .include = options_common },
 *		{ 0 },
 *	};
 *
 *	const struct command command_greet = {
 *		.name = "greet",
 *		.options = rows,
 *		.options_size = OPTIONS_SIZE(struct greet_options),
 *		...
 *	};
 *
 * The function gets a pointer to the `common` of its options. A command without options of its
 * own leaves options_size out.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

enum option_kind {
	OPTION_FLAG,     /* no value; bool */
	OPTION_STRING,   /* the last one counts; const char * */
	OPTION_OPTIONAL, /* the same, with a value only behind a "="; "" if there is none */
	OPTION_LIST,     /* may be given more than once; struct strings */
	OPTION_SECONDS,  /* 0 to 86400; unsigned */
	OPTION_CHOICE,   /* one of the row's choices; an enum */
	OPTION_FORMAT,   /* one of the command's formats; enum format */
};

/*
 * The kind of an option, and the field that it is read into. Does not compile if the field has
 * another type.
 */
#define AS_FLAG(type, field)   .kind = OPTION_FLAG, .offset = OFFSET_OF(type, field, bool)
#define AS_STRING(type, field) .kind = OPTION_STRING, .offset = OFFSET_OF(type, field, const char *)
#define AS_OPTIONAL(type, field)                                                                   \
	.kind = OPTION_OPTIONAL, .offset = OFFSET_OF(type, field, const char *)
#define AS_LIST(type, field)    .kind = OPTION_LIST, .offset = OFFSET_OF(type, field, struct strings)
#define AS_SECONDS(type, field) .kind = OPTION_SECONDS, .offset = OFFSET_OF(type, field, unsigned)
#define AS_CHOICE(type, field)  .kind = OPTION_CHOICE, .offset = OFFSET_OF(type, field, unsigned)
#define AS_FORMAT(type, field)  .kind = OPTION_FORMAT, .offset = OFFSET_OF(type, field, enum format)
#define OFFSET_OF(type, field, field_type)                                                         \
	_Generic(&((type *)0)->field, field_type * : offsetof(type, field))

/* The size of a command's options; does not compile unless they begin with `common`. */
#define OPTIONS_SIZE(type)                                                                         \
	(sizeof(type) + 0 * sizeof(char[offsetof(type, common) == 0 ? 1 : -1]) +                   \
		0 * OFFSET_OF(type, common, struct options))

/* An option, or all options of another array. An array ends with a row of neither. */
struct option_row {
	const char *name; /* without dashes */
	char letter;      /* 0: none */
	/* What it takes, as --help calls it; NULL: a flag. A shell offers what has that name. */
	const char *value;
	enum option_kind kind;
	unsigned initial : 31;      /* SECONDS: if the option is not given */
	unsigned told : 1;          /* the step depends on it, and its commit tells it */
	size_t offset;              /* of the field, from the start of the command's options */
	const char *const *choices; /* CHOICE: in the order of the enum; NULL at the end */
	const char *excludes; /* the name of an option that cannot be given, too; NULL: none */
	const char *help;     /* one line; NULL: --help does not list it */
	const char *offer;    /* the name of what a shell offers, if it is not that of the value */
	const struct option_row *include;
};

struct command {
	const char *name; /* NULL: the main job, which needs none */
	/*
	 * "CLUSTER_TYPE TARGET [APPLICATION]"; those from the first bracket on are optional. A
	 * shell offers what has the argument's name: see src/cmd/complete.c.
	 */
	const char *arguments;
	const char *summary;  /* one line, as in NAME of its man page */
	const char *about;    /* below the usage of --help; lines with their ends */
	const char *examples; /* at the top of --help; lines with their ends */
	const struct option_row *options;
	size_t options_size;                   /* OPTIONS_SIZE; 0: struct options */
	enum format formats[FORMAT_COUNT + 1]; /* of --output; the first is the default */
	bool bare_json; /* its JSON is what was asked for and no document, and no Error is printed */
	bool bare; /* it is done if there are no words, and at most options that every command has */
	command_function *run;
};

/* The options that several commands take; the fields are those of struct options. */
extern const struct option_row options_common[];    /* every command takes these */
extern const struct option_row options_planning[];  /* every command that changes files by a plan */
extern const struct option_row options_generator[]; /* every command that runs the generator */
extern const struct option_row options_commit[];    /* every command that writes, but recover */
extern const struct option_row options_effect[];    /* every command that shows an effect */
extern const struct option_row options_quiet[], options_lock_timeout[];
extern const struct option_row options_trust[]; /* every command that writes */
extern const struct option_row options_rev[];   /* every command that can read a commit */

struct row_list {
	const struct option_row **rows; /* borrowed from the command */
	size_t count;
};

/* Adds the rows of an array, the included ones in their places. */
void option_rows(struct arena *mem, const struct option_row *rows, struct row_list *list);

/* Whether it needs a value: if none is behind a "=", the next word. */
static inline bool option_takes_next(const struct option_row *row)
{
	return row->value && row->kind != OPTION_OPTIONAL;
}

/* The row of this letter, or of this name; or NULL. */
const struct option_row *option_by_letter(const struct row_list *list, char letter);
const struct option_row *option_by_name(const struct row_list *list, struct str name);

/* The rows that --help lists and whose names begin so; none for an empty start. */
struct row_list option_shortened(struct arena *mem, const struct row_list *list, struct str start);

/* The options that are given and that a commit tells, as words: "--level=region". Owned by mem. */
struct strings option_words(struct arena *mem, const struct options *o);

/* What the option takes if that is one of a few words: NULL at the end; else NULL. Owned by mem. */
const char *const *option_choices(
	struct arena *mem, const struct command *c, const struct option_row *row);

/* Adds "text, yaml or json". */
void option_join_choices(struct buf *out, const char *const *choices);

/* How usage, errors and pages call it: "promote values", "promote". */
const char *command_title(struct arena *mem, const struct command *c);

/* Those of a list that ends in NULL, without the main job, which has none. */
struct strings command_names(struct arena *mem, const struct command *const *commands);

/* The arguments that the command takes, by their names. */
struct strings command_argument_names(struct arena *mem, const struct command *c);

/*
 * Whether the argument of this index may be left out and the next one given: the first of
 * "[APPLICATION] [PATH]", not of "[TARGET [APPLICATION]]".
 */
bool command_may_skip(const struct command *c, size_t index);

/*
 * Whether the command takes CLUSTER_TYPE APPLICATION PATCH, all of them or some. In the place of
 * the three, the path of a copy will do: whether the first argument of the options is a path, which
 * is not replaced yet (src/cmd/copy.h).
 */
enum { COPY_WORDS = 3 };
bool command_takes_copy(const struct command *c);
bool command_has_copy(const struct options *o);

/* How many arguments the command takes at least, and at most. */
void command_arguments(const struct command *c, size_t *least, size_t *most);

#endif
