/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - promote check [CLUSTER_TYPE [APPLICATION]]
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/check.h"
#include "report/document.h"
#include "run/inspect.h"

struct check_options {
	struct options common;
	bool strict;
};

/* The path of the root below a directory, with a slash at its end; NULL if it is not below it. */
static const char *root_below(struct arena *mem, const char *root, const char *directory)
{
	char *real = directory ? realpath(directory, NULL) : NULL;
	const size_t n = real ? strlen(real) : 0;
	const char *below = NULL;

	if (real && strcmp(real, root) == 0)
		below = "";
	else if (real && strncmp(root, real, n) == 0 && (root[n] == '/' || n == 1))
		below = arena_printf(mem, "%s/", root + n + (root[n] == '/'));
	free(real);
	return below;
}

/* Programs that show findings beside files know these by their paths in the repository. */
static const char *prefix_of(struct arena *mem, const char *root)
{
	const char *below = root_below(mem, root, getenv("GITHUB_WORKSPACE"));

	if (!below)
		below = root_below(mem, root, ".");
	return below ? below : "";
}

static void write_report(
	struct arena *mem, const struct options *o, const struct check_report *r, struct buf *out)
{
	const struct look look = terminal_look(STDOUT_FILENO, o);

	switch (o->format) {
	case FORMAT_JSON:
		json_write(check_json(mem, r), out);
		break;
	case FORMAT_MARKDOWN:
		check_markdown(mem, r, out);
		break;
	case FORMAT_SARIF:
		json_write(check_sarif(mem, r), out);
		break;
	case FORMAT_GITHUB:
		check_github(mem, r, out);
		break;
	case FORMAT_NONE:
	case FORMAT_TEXT:
	case FORMAT_WIDE:
	case FORMAT_YAML:
	case FORMAT_HTML:
	case FORMAT_COUNT:
		check_text(mem, r, &look, out);
		break;
	}
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct check_options *own = (const struct check_options *)o;
	const struct inspection what = {
		.type = o->arg_count > 0 ? o->args[0] : NULL,
		.application = o->arg_count > 1 ? o->args[1] : NULL,
	};
	struct check_report report = { .version = o->program_version };
	struct buf out = { .mem = mem };
	struct session session;

	if (cmd_session_open(mem, o, LOCK_NOT, &session, e) < 0)
		return -1;
	report.prefix = prefix_of(mem, session.root.path);
	int rc = inspect(mem, &session, &what, &report.found, e);
	session_close(&session);
	if (rc < 0)
		return -1;
	check_count(&report);
	write_report(mem, o, &report, &out);
	if (terminal_print_result(o, buf_str(&out), e) < 0)
		return -1;
	if (report.errors || (own->strict && report.warnings))
		e->status = STATUS_REFUSED;
	return 0;
}

static const struct option_row options[] = {
	{ "strict", AS_FLAG(struct check_options, strict),
		.help = "warnings count as errors for the exit status" },
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_check = {
	.name = "check",
	.arguments = "[CLUSTER_TYPE [APPLICATION]]",
	.summary = "find what is wrong with the files of a fleet",
	.about = "Finds what is wrong with the files of a fleet, of a cluster type or of an\n"
		 "application: gaps, copies that differ, files that are broken or not read,\n"
		 "values that are lost or hidden, rendered files that are stale. For a person, a\n"
		 "commit hook or a pipeline: the exit status is 4 if there is an error.\n",
	.examples = "  promote check\n"
		    "  promote check edge gateway --strict\n"
		    "  promote check -o github\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct check_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_SARIF, FORMAT_GITHUB },
	.run = run,
};
