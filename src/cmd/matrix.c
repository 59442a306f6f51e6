/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.c - promote matrix CLUSTER_TYPE [APPLICATION] [PATH]
 */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/astray.h"
#include "report/document.h"
#include "run/tour.h"
#include "run/unfinished.h"

#define BY_TARGET "target"

struct matrix_options {
	struct options common;
	const char *by;    /* NULL: the first dimension */
	const char *where; /* NULL: all values */
	bool why;
};

struct run {
	struct arena *mem;
	const struct options *o;
	const struct matrix_options *own;
	struct session fleet;
	const char *application; /* NULL: all */
	const char *path;        /* as typed; MATRIX_USUAL_PATH if it was not */
	bool doubtful;           /* the path may have been meant as an application */
	struct name_list applications;
	struct matrix matrix;
	struct findings unreadable, warnings;
	const char *by;
};

static bool is_application(const struct run *r, const char *word)
{
	for (size_t i = 0; i < r->applications.count; i++)
		if (strcmp(r->applications.at[i], word) == 0)
			return true;
	return false;
}

/* The cluster type must exist. The word after it is an application, if there is one of that name. */
static int read_words(struct run *r, struct error *e)
{
	const struct options *o = r->o;
	struct source *disk = r->fleet.source;
	struct subject subject = { .type = o->args[0] };

	if (load_subject(r->mem, disk, &r->fleet.fleet, &subject, e) < 0 ||
		load_applications(r->mem, disk, subject.type, &r->applications, e) < 0)
		return -1;
	r->path = MATRIX_USUAL_PATH;
	if (o->arg_count == 3 || (o->arg_count == 2 && is_application(r, o->args[1])))
		r->application = o->args[1];
	if (o->arg_count > (r->application ? 2 : 1))
		r->path = o->args[o->arg_count - 1];
	subject.application = r->application;
	if ((r->application && load_subject(r->mem, disk, &r->fleet.fleet, &subject, e) < 0) ||
		keyglob_parse(r->mem, r->path, &r->matrix.glob, e) < 0)
		return -1;
	r->doubtful = o->arg_count == 2 && !r->application && r->matrix.glob.count == 1 &&
		!r->matrix.glob.open && r->path[0] != '"';
	return 0;
}

static int find_dimension(struct run *r, struct error *e)
{
	const struct fleet *f = &r->fleet.fleet;
	const char *by = r->own->by;
	struct buf names = { .mem = r->mem };
	bool target = by && strcmp(by, BY_TARGET) == 0;

	r->matrix.depth = !by ? 1 : target ? (unsigned)f->depth : fleet_level(f, by);
	r->by = target ? BY_TARGET : f->dimensions[r->matrix.depth ? r->matrix.depth - 1 : 0].name;
	if (r->matrix.depth)
		return 0;
	for (size_t i = 0; i < f->depth; i++)
		buf_printf(&names, "%s, ", f->dimensions[i].single);
	error_set(e, STATUS_FILES, "--by=%s: the fleet has no such dimension. Available: %s%s", by,
		names.at, BY_TARGET);
	return error_code(e, "not-found");
}

static int visit(void *context, struct stop *stop, struct error *e)
{
	struct run *r = context;
	struct findings astray = { .type = stop->type, .application = stop->application };
	struct state state;

	if (stop->app && stop->app->base) {
		state_make(stop->mem, stop->stacks, stop->app, NULL, &state);
		astray_findings(stop->mem, stop->app, NULL, false, &astray);
		findings_keep(r->mem, &r->warnings, &astray);
		if (matrix_add(&r->matrix, &state, stop->wrong) == 0)
			return 0;
	} else if (stop->app) {
		if (!r->application)
			return 0; /* part of no target */
		error_set(stop->wrong, STATUS_FILES,
			"%s has no values.yaml, so it is part of no target", r->application);
		error_code(stop->wrong, "no-values-file");
	}
	if (r->application)
		return error_add(e, stop->wrong);
	terminal_tell_error(r->o, stop->wrong);
	r->unreadable.type = stop->type;
	r->unreadable.application = stop->application;
	finding_keep_error(r->mem, &r->unreadable, stop->wrong);
	return 0;
}

/* No target has a value at the path. */
static int nothing(struct run *r, struct error *e)
{
	struct buf names = { .mem = r->mem };
	const char *type = r->o->args[0];
	const char *meant = str_nearest(r->path, r->applications.at, r->applications.count);

	for (size_t i = 0; i < r->applications.count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", r->applications.at[i]);
	if (r->doubtful)
		error_set(e, STATUS_FILES,
			"'%s' is neither an application of %s nor the path of a value. Available: %s%s",
			r->path, type, names.len ? names.at : "none",
			str_did_you_mean(r->mem, meant));
	else if (r->application)
		error_set(e, STATUS_FILES, "%s: no target has such a value of %s", r->path,
			r->application);
	else
		error_set(e, STATUS_FILES, "%s: no target of %s has such a value", r->path, type);
	return error_code(e, "not-found");
}

static int print(struct run *r, struct error *e)
{
	const struct look look = terminal_look(STDOUT_FILENO, r->o);
	const struct matrix_report report = { &r->matrix, r->o->args[0], r->by, r->path,
		&r->unreadable, &r->warnings };
	struct buf out = { .mem = r->mem };

	if (r->o->format == FORMAT_JSON)
		json_write(json_matrix(r->mem, &report), &out);
	else if (r->o->format == FORMAT_MARKDOWN)
		report_matrix_markdown(&report, &out);
	else
		report_matrix_text(&report, &look, r->o->format == FORMAT_WIDE, &out);
	return terminal_print_result(r->o, buf_str(&out), e);
}

static int matrix(struct run *r, struct error *e)
{
	struct tour t = { .visit = visit, .context = r, .type = r->o->args[0] };

	if (read_words(r, e) < 0 || find_dimension(r, e) < 0)
		return -1;
	t.application = r->application;
	matrix_begin(&r->matrix);
	unfinished_finding(r->mem, &r->fleet, &r->warnings);
	int rc = tour(r->mem, &r->fleet, &t, e);
	terminal_warn(r->o, r->warnings);
	if (rc < 0)
		return -1;
	if (!r->matrix.found && !r->unreadable.count)
		return nothing(r, e);
	if (print(r, e) < 0)
		return -1;
	/* the errors were told one by one */
	if (r->unreadable.count)
		e->status = STATUS_FILES;
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct matrix_options *own = (const struct matrix_options *)o;
	struct run r = { .mem = mem, .o = o, .own = own };

	if (cmd_session(mem, o, LOCK_NOT, &r.fleet, e) < 0)
		return -1;
	r.matrix = (struct matrix){
		.mem = mem, .fleet = &r.fleet.fleet, .why = own->why, .where = own->where
	};
	int rc = matrix(&r, e);
	session_close(&r.fleet);
	return rc;
}

static const struct option_row options[] = {
	{ "by", 0, "DIMENSION", AS_STRING(struct matrix_options, by), .offer = "COLUMNS",
		.help = "a column for each of its positions, or target" },
	{ "where", 0, "VALUE", AS_STRING(struct matrix_options, where), .excludes = "why",
		.help = "list the targets that have this value" },
	{ "why", AS_FLAG(struct matrix_options, why),
		.help = "show the file and line that decide" },
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_matrix = {
	.name = "matrix",
	.arguments = "CLUSTER_TYPE [APPLICATION] [PATH]",
	.summary = "show which value is where in the fleet",
	.about =
		"Prints a table of values: a row for each application, a column for each position\n"
		"of the first dimension, * where the targets there differ. PATH may have stars:\n"
		"* is any part of a key, ** any keys. Without it, the versions of all charts:\n"
		"applications.*.source.targetRevision.\n",
	.examples = "  promote matrix edge\n"
		    "  promote matrix --why edge gateway 'applications.gateway.**'\n"
		    "  promote matrix --where=2.5.1 edge\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct matrix_options),
	.formats = { FORMAT_TEXT, FORMAT_WIDE, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
