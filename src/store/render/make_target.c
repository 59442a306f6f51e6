/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/make_target.h"

#include "store/render/process.h"

enum { LONGEST_SHOWN = 9000 }; /* bytes of a line; error.h cuts it before */

/* What make -p prints about the target. */
struct entry_found {
	bool rule;     /* it is the target of a rule: one of its own, or a pattern */
	bool implicit; /* of a pattern */
	bool phony;
	bool bare;   /* nothing has to be made before it */
	bool recipe; /* which may be that of .DEFAULT */
};

/* Removes the next line from a text that is not empty, and returns it without its end. */
static struct str next_line(struct str *text)
{
	const char *end = memchr(text->at, '\n', text->len);
	const struct str line = { text->at, end ? (size_t)(end - text->at) : text->len };

	text->at += line.len + (end != NULL);
	text->len -= line.len + (end != NULL);
	return line;
}

static bool begins_with(struct str line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.at, with, n) == 0;
}

void make_target_add_output(struct error *e, struct str output)
{
	while (output.len > 0) {
		const struct str line = next_line(&output);
		char shown[LONGEST_SHOWN];

		/* a byte NUL would end it */
		error_escape(shown, sizeof(shown), line.at, line.len);
		error_detail(e, "  %s", shown);
	}
}

/*
 * Whether make lacks the target. A part of a line is not enough: a makefile may print
 * the same within another line.
 */
static bool lacks_target(struct str output)
{
	while (output.len > 0) {
		const struct str line = next_line(&output);

		if (str_is(line, "make: *** No rule to make target 'generate'.  Stop.") ||
			str_is(line, "make: *** No rule to make target 'generate'.")) /* -k */
			return true;
	}
	return false;
}

/* What make says besides its data base and, in lines that begin with #, its version. */
static void add_messages(struct error *e, struct str output)
{
	while (output.len > 0) {
		const struct str line = next_line(&output);

		if (begins_with(line, "# Make data base, printed on "))
			break;
		if (line.len > 0 && line.at[0] != '#')
			make_target_add_output(e, line);
	}
}

/* The part of the data base that is about files: the last one with this title. */
static struct str files_part(struct str output)
{
	struct str rest = output, files = { 0 };

	while (rest.len > 0)
		if (str_is(next_line(&rest), "# Files"))
			files = rest;
	return files;
}

/* The lines of a file begin with its name, the next one with "#  "; those of its variables do not. */
static struct entry_found find_entry(struct str output)
{
	struct str rest = files_part(output), before = { 0 };
	struct entry_found found = { 0 };

	while (rest.len > 0) {
		const struct str line = next_line(&rest);

		if (begins_with(line, "generate:") && begins_with(rest, "#  ")) {
			found.rule = !str_is(before, "# Not a target:");
			found.bare = str_is(line, "generate:");
			break;
		}
		before = line;
	}
	while (rest.len > 0 && rest.at[0] != '\n') {
		const struct str line = next_line(&rest);

		found.phony |= begins_with(line, "#  Phony target");
		found.implicit |= str_is(line, "#  Implicit rule search has been done.");
		found.recipe |= begins_with(line, "#  recipe to execute");
	}
	return found;
}

/* What the data base says, where make has found nothing wrong. */
static int has_target(const struct root *root, struct str output, struct error *e)
{
	const struct entry_found found = find_entry(output);
	struct stat st;
	const bool exists = fstatat(root->fd, "generate", &st, 0) == 0;

	if (!found.rule)
		return found.recipe && !exists; /* of .DEFAULT */
	if (!exists || found.phony || !found.bare)
		return 1;
	if (found.implicit)
		return 0;
	error_set(e, STATUS_SYSTEM,
		"make never runs the target 'generate', since there is a file or a directory of that name; nothing is written. Add '.PHONY: generate' to the makefile, or see --generate-command and --no-generate");
	return error_code(e, "generator");
}

/*
 * -n with a shell that does nothing: make runs some lines even so. -p prints the data base, and
 * -r turns the built-in rules off, which would make `generate` from a generate.sh.
 */
int make_target_generate(struct arena *mem, const struct root *root, struct error *e)
{
	static const char *const argv[] = { "env", "LC_ALL=C", "make", "-rnp",
		"--eval=generate: override SHELL = true", "generate", NULL };
	struct ending ending;

	if (process_run(mem, root->fd, argv, PROCESS_OUTPUT_ALL, &ending, e) < 0)
		return -1;
	if (ending.interrupted) {
		error_set(e, STATUS_SYSTEM, "interrupted; nothing is written");
		return error_code(e, "interrupted");
	}
	if (ending.code == 0)
		return has_target(root, ending.output, e);
	if (lacks_target(ending.output))
		return 0;
	error_set(e, STATUS_SYSTEM,
		"cannot find out whether the Makefile has the target 'generate' (make -n ended with %d); nothing is written. See --generate-command and --no-generate",
		ending.code);
	add_messages(e, ending.output);
	return error_code(e, "generator");
}
