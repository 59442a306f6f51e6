/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - promote status [CLUSTER_TYPE [APPLICATION [PATCH]]]
 */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/astray.h"
#include "report/document.h"
#include "report/status.h"
#include "run/survey.h"
#include "run/unfinished.h"

struct status_options {
	struct options common;
	bool names;
};

struct run {
	struct arena *mem;
	const struct options *o;
	struct session fleet;
	struct survey survey;
	struct flight_detail detail; /* of the one patch */
	bool detailed;
};

static const char *argument(const struct options *o, size_t i)
{
	return i < o->arg_count ? o->args[i] : NULL;
}

static int not_found(struct run *r, const struct flights *all, const char *patch, struct error *e)
{
	const char **names = ARENA_NEW(r->mem, const char *, all->count);

	for (size_t i = 0; i < all->count; i++)
		names[i] = all->list[i]->patch;
	const char *meant = str_nearest(patch, names, all->count);
	error_set(e, STATUS_FILES, "%s.yaml not found for %s in any dimension%s", patch,
		r->o->args[1], str_did_you_mean(r->mem, meant));
	return error_code(e, "not-found");
}

/* What one patch sets, and what that does, unless its application could not be read. */
static int look_closely(struct run *r, struct stop *stop, struct state *all, const struct flight *f,
	struct error *e)
{
	if (!all->app || f->state == FLIGHT_UNREADABLE || !f->copy_count)
		return 0;
	survey_allow(stop, all);
	r->detailed = true;
	return flight_detail(r->mem, all, f, &r->detail, e);
}

/* One patch: its application is kept. */
static int survey_patch(struct run *r, const char *patch, struct error *e)
{
	struct error wrong = { 0 };
	struct stop stop = {
		.type = r->survey.type,
		.application = r->survey.application,
		.mem = r->mem,
		.wrong = &wrong,
	};
	const struct subject subject = { stop.type, stop.application, patch };
	struct state all;

	if (load_subject(r->mem, r->fleet.source, &r->fleet.fleet, &subject, e) < 0)
		return -1;
	tour_read(&r->fleet, r->survey.names_only, &stop);
	if (!stop.names)
		return error_add(e, &wrong);
	const struct flights flights = survey_stop(&stop, &all);
	survey_tell(r->mem, &stop, &r->survey);
	error_free(&wrong);
	for (size_t i = 0; i < flights.count; i++)
		if (strcmp(flights.list[i]->patch, patch) == 0) {
			*ARENA_PUSH(r->mem, r->survey.list, r->survey.count) =
				(struct surveyed){ stop.type, stop.application, flights.list[i] };
			return look_closely(r, &stop, &all, flights.list[i], e);
		}
	return not_found(r, &flights, patch, e);
}

static int survey(struct run *r, struct error *e)
{
	const struct options *o = r->o;
	const char *typed = argument(o, 2);

	r->survey.type = argument(o, 0);
	r->survey.application = argument(o, 1);
	if (!typed)
		return survey_take(r->mem, &r->fleet, &r->survey, e);
	const char *patch = cmd_patch_name(r->mem, typed, e);
	return patch ? survey_patch(r, patch, e) : -1;
}

static int print(struct run *r, const struct findings *warnings, struct error *e)
{
	const struct look look = terminal_look(STDOUT_FILENO, r->o);
	const struct status_report report = {
		.fleet = &r->fleet.fleet,
		.patches = r->survey.list,
		.count = r->survey.count,
		.unreadable = &r->survey.unreadable,
		.warnings = warnings,
		.wide = r->o->format == FORMAT_WIDE,
		.one = r->o->arg_count > 2,
		.detail = r->detailed ? &r->detail : NULL,
	};
	struct buf out = { .mem = r->mem };

	if (r->o->format == FORMAT_JSON)
		return status_json(r->mem, &report, terminal_print, e);
	if (r->o->format == FORMAT_MARKDOWN)
		status_markdown(r->mem, &report, &look, &out);
	else
		status_text(r->mem, &report, &look, &out);
	return terminal_print(buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct status_options *own = (const struct status_options *)o;
	struct run r = { .mem = mem, .o = o, .survey = { .names_only = own->names } };
	struct findings warnings = { 0 };

	if (cmd_session(mem, o, LOCK_NOT, &r.fleet, e) < 0)
		return -1;
	unfinished_finding(mem, &r.fleet, &warnings);
	int rc = survey(&r, e);
	session_close(&r.fleet);
	findings_keep(mem, &warnings, &r.survey.warnings);
	terminal_warn(o, warnings);
	if (rc < 0 || print(&r, &warnings, e) < 0)
		return -1;
	/* everything else is told: the status alone says that something is missing */
	if (r.survey.unreadable.count)
		e->status = STATUS_FILES;
	return 0;
}

static const struct option_row options[] = {
	{ "names", AS_FLAG(struct status_options, names),
		.help = "look at the names of files alone, and open none" },
	{ .include = options_effect },
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_status = {
	.name = "status",
	.arguments = "[CLUSTER_TYPE [APPLICATION [PATCH]]]",
	.summary = "show the patches in flight, and what they wait for",
	.about = "Shows all patches in flight, a line each: at which targets each is, where it\n"
		 "is to be copied to next, and what that waits for. With PATCH, shows that one\n"
		 "closely; the path of a copy will do. Without a command, promote does the same.\n",
	.examples = "  promote status\n"
		    "  promote status edge gateway patch-001\n"
		    "  promote status --names -o json\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct status_options),
	.formats = { FORMAT_TEXT, FORMAT_WIDE, FORMAT_JSON, FORMAT_MARKDOWN },
	.bare = true,
	.run = run,
};
