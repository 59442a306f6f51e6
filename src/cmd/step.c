/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - promote CLUSTER_TYPE APPLICATION PATCH: load, decide, ask, do, report.
 */
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/document.h"
#include "run/perform.h"
#include "store/render/process.h"

struct step_options {
	struct options common;
	const char *level; /* NULL: the fleet's default */
	const char *from;  /* NULL: not given */
	bool accept_conflict, prune_overrides;
};

struct run {
	struct arena *mem;
	const struct options *o;
	const struct step_options *own; /* the same options, with those of this command alone */
	struct error *e;
	struct session fleet;
	struct subject subject;
	struct request request;
	struct scanned scanned;
	struct state now;
	struct step step;
	struct plan plan;
	bool *approved; /* for each gate of the step */
	struct report report;
	struct name_list applications; /* of the cluster type */
	struct findings told;          /* the warnings that were shown before a question */
};

static int read_arguments(struct run *s)
{
	const struct options *o = s->o;

	s->subject = (struct subject){ o->args[0], o->args[1],
		cmd_patch_name(s->mem, o->args[2], s->e) };
	if (!s->subject.patch)
		return -1;
	if (o->generate_command && !*o->generate_command)
		return error_set(s->e, STATUS_USAGE,
			"--generate-command=: must be a command; --no-generate runs none");
	if (o->interactive && !o->yes && !o->dry_run && !terminal_can_ask(o))
		return error_set(s->e, STATUS_USAGE, "--interactive needs a terminal to ask at");
	return 0;
}

static int find_level(struct run *s)
{
	const struct fleet *f = &s->fleet.fleet;
	struct buf names = { .mem = s->mem };

	s->request.level = s->own->level ? fleet_level(f, s->own->level) : fleet_default_level(f);
	if (s->request.level)
		return 0;
	for (size_t i = 0; i < f->depth; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", f->dimensions[i].single);
	error_set(s->e, STATUS_FILES, "--level=%s: the fleet has no such dimension. Available: %s",
		s->own->level, names.at);
	return error_code(s->e, "not-found");
}

static int load(struct run *s)
{
	const struct fleet *f = &s->fleet.fleet;
	const struct strings *approved = &s->o->approved;
	size_t ignored = 0;

	s->request = (struct request){ .from = NOWHERE,
		.prune_overrides = s->own->prune_overrides,
		.accept_conflict = s->own->accept_conflict };
	if (load_subject(s->mem, &s->fleet.disk.source, f, &s->subject, s->e) < 0 ||
		load_applications(s->mem, &s->fleet.disk.source, s->subject.type, &s->applications,
			s->e) < 0 ||
		find_level(s) < 0)
		return -1;
	if (s->own->from &&
		fleet_position(s->mem, f, "--from=", s->own->from, &s->request.from, s->e) < 0)
		return -1;
	for (size_t i = 0; i < approved->count; i++)
		if (fleet_position(s->mem, f, "--approve=", approved->list[i], &ignored, s->e) < 0)
			return -1;
	return session_state(s->mem, &s->fleet, &s->subject, &s->scanned, &s->now, s->e);
}

static int decide(struct run *s)
{
	bool ask = terminal_can_ask(s->o) && !s->o->dry_run;
	const struct gates *gates = &s->step.gates;

	if (ask && s->request.from == NOWHERE && state_is_ambiguous(&s->now))
		s->request.from = ask_source(s->o, &s->now);
	if (promote_next(s->mem, &s->now, &s->request, &s->step, s->e) < 0 ||
		plan_between(s->mem, &s->now, &s->step.after, &s->step.scope, &s->plan, s->e) < 0)
		return -1;
	s->approved = ARENA_NEW(s->mem, bool, gates->count);
	for (size_t g = 0; g < gates->count; g++)
		for (size_t i = 0; i < s->o->approved.count; i++)
			if (fleet_find(&s->fleet.fleet, s->o->approved.list[i]) == gates->list[g])
				s->approved[g] = true;
	s->report = (struct report){
		.now = &s->now,
		.step = &s->step,
		.plan = &s->plan,
		.reach = reach_find(
			s->mem, s->step.kind == STEP_INTEGRATE ? &s->now : &s->step.after),
		.siblings = { s->applications.at, s->applications.count },
		.approved = s->approved,
		.dry_run = s->o->dry_run,
		.recovered = cmd_recovered(),
	};
	return diff_check(s->now.stacks, paths_application(s->mem, &s->subject), s->e);
}

/* options: those that open all gates, as for error_command */
static int refuse_gates(struct run *s, const struct gates *closed, const char *options)
{
	const struct position *positions = s->fleet.fleet.positions;
	struct buf names = { .mem = s->mem };

	for (size_t i = 0; i < closed->count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", positions[closed->list[i]].path);
	error_set(s->e, STATUS_WAITS, "manual gate%s %s: waits for approval. To go on: %s",
		closed->count == 1 ? "" : "s", names.at, options_go_on(s->mem, s->o, options));
	for (size_t i = 0; i < closed->count; i++) {
		const struct about gate = { .position = positions[closed->list[i]].path };

		error_about(s->e, gate);
		error_blocker(s->e, gate, "manual gate %s", gate.position);
	}
	return error_command(s->e, "%s", options);
}

/* Every gate must be open: by --approve, or by a person who types its name. */
static int pass_gates(struct run *s)
{
	const struct fleet *f = &s->fleet.fleet;
	const struct gates *gates = &s->step.gates;
	struct gates closed = { 0 };
	struct buf options = { .mem = s->mem };

	/* The command that goes on also says what was answered at prompts so far. */
	if (s->request.from != NOWHERE && !s->own->from)
		buf_printf(&options, "--from=%s\n", f->positions[s->request.from].path);
	for (size_t i = 0; i < gates->count; i++) {
		size_t gate = gates->list[i];

		if (s->approved[i])
			continue;
		buf_printf(&options, "--approve=%s\n", f->positions[gate].path);
		s->approved[i] = terminal_can_ask(s->o) && ask_gate(s->o, f, gate, s->step.next);
		if (!s->approved[i])
			*ARENA_PUSH(s->mem, closed.list, closed.count) = gate;
	}
	return closed.count ? refuse_gates(s, &closed, options.at) : 0;
}

static bool asks_to_go_on(const struct run *s)
{
	return s->o->interactive && !s->o->yes;
}

/* Whether a person is asked about the step, at a gate or by --interactive. */
static bool asks(const struct run *s)
{
	for (size_t i = 0; i < s->step.gates.count; i++)
		if (!s->approved[i] && terminal_can_ask(s->o))
			return true;
	return asks_to_go_on(s);
}

/* What the step would do and what there is to know of it, before a person is asked. */
static void show_preview(struct run *s)
{
	struct buf text = { .mem = s->mem };
	struct report preview = s->report;
	struct look look = terminal_look(STDERR_FILENO, s->o);

	preview.preview = true;
	report_text(&preview, &look, &text);
	s->told = report_findings(s->mem, &preview, look.whole);
	terminal_warn(s->o, s->told);
	buf_putc(&text, '\n');
	terminal_tell(s->o, buf_str(&text));
}

static int confirm(struct run *s)
{
	if (!asks_to_go_on(s) || ask_go_on(s->o))
		return 0;
	error_set(s->e, STATUS_WAITS, "not confirmed; nothing was written");
	return error_code(s->e, "not-confirmed");
}

/* The step in a few words, for a run that finds it half done. */
static const char *in_words(const struct run *s)
{
	static const char *const ends[] = {
		[STEP_PROMOTE] = "to ",
		[STEP_CONSOLIDATE] = "consolidated",
		[STEP_INTEGRATE] = "into values.yaml",
	};
	const struct fleet *f = &s->fleet.fleet;

	return arena_printf(s->mem, "%s %s: %s %s%s", s->subject.type, s->subject.application,
		s->subject.patch, ends[s->step.kind],
		s->step.kind == STEP_PROMOTE ? f->positions[s->step.next].path : "");
}

static int recheck(const void *context, struct error *e)
{
	const struct run *s = context;

	return recheck_application(s->mem, &s->fleet.root, &s->scanned, e);
}

static void note_performed(struct run *s, const struct performed *done)
{
	s->report.generator = done->generator;
	s->report.stale = done->found.stale.list;
	s->report.stale_count = done->found.stale.count;
	s->report.outside = done->found.outside.list;
	s->report.outside_count = done->found.outside.count;
	s->report.unchecked = done->found.unchecked;
	s->report.left = done->left;
}

static int write_step(struct run *s, struct prepared *prepared)
{
	struct performed done = { 0 };

	terminal_clear(); /* the generator may write to it */
	if (perform(prepared, &done, s->e) < 0)
		return -1;
	cmd_set_memory_note("The step is done, but not reported");
	note_performed(s, &done);
	return 0;
}

static void foresee(struct run *s, struct prepared *prepared)
{
	struct performed done = { 0 };

	perform_foresee(prepared, &done);
	note_performed(s, &done);
}

static struct how how_to(const struct run *s)
{
	return (struct how){
		.step = in_words(s),
		.app = &s->scanned.app,
		.after = &s->step.after,
		.within = s->step.kind == STEP_PROMOTE ? s->step.next : NOWHERE,
		.keep = paths_application(s->mem, &s->subject),
		.recheck = recheck,
		.context = s,
		.dry_run = s->o->dry_run,
		.no_generate = s->o->no_generate,
		.generate_command = s->o->generate_command,
		.show_output = s->o->verbose,
		.no_check_rendered = s->o->no_check_rendered,
	};
}

/* Writes the warnings that were not told yet. */
static void warn(const struct run *s, const struct findings *all)
{
	struct findings rest = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		size_t k = 0;

		while (k < s->told.count && strcmp(s->told.list[k].text, all->list[i].text) != 0)
			k++;
		if (k == s->told.count)
			*ARENA_PUSH(s->mem, rest.list, rest.count) = all->list[i];
	}
	terminal_warn(s->o, rest);
}

static int print_report(struct run *s)
{
	struct look look = terminal_look(STDOUT_FILENO, s->o);
	struct buf out = { .mem = s->mem };

	const struct findings findings = report_findings(s->mem, &s->report, look.whole);
	warn(s, &findings);
	if (s->o->format == FORMAT_JSON)
		json_write(json_step(s->mem, &s->report), &out);
	else if (s->o->format == FORMAT_MARKDOWN)
		report_markdown(&s->report, &look, &out);
	else if (!s->o->quiet)
		report_text(&s->report, &look, &out);
	return terminal_print_result(s->o, buf_str(&out), s->e);
}

/* Does what was decided, or in a dry run finds out what that would do. */
static int do_step(struct run *s)
{
	const struct how how = how_to(s);
	struct prepared prepared;

	if (!s->plan.edit_count)
		return 0;
	if (perform_prepare(s->mem, &s->fleet, &s->plan, &how, &prepared, s->e) < 0)
		return -1;
	if (s->o->dry_run) {
		foresee(s, &prepared);
		return 0;
	}
	if (asks(s))
		show_preview(s);
	return pass_gates(s) < 0 || confirm(s) < 0 || write_step(s, &prepared) < 0 ? -1 : 0;
}

static int take_step(struct run *s)
{
	if (load(s) < 0 || decide(s) < 0 || do_step(s) < 0)
		return -1;
	int rc = print_report(s);
	if (rc < 0 && !s->o->dry_run && s->plan.edit_count)
		error_context(s->e, "The step is done, but not reported");
	process_release_signals();
	return rc;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct run s = { .mem = mem, .o = o, .own = (const struct step_options *)o, .e = e };
	enum lock_kind kind = o->dry_run ? LOCK_TO_READ : LOCK_TO_WRITE;

	if (read_arguments(&s) < 0 || cmd_session(mem, o, kind, &s.fleet, e) < 0)
		return -1;
	int rc = take_step(&s);
	session_close(&s.fleet);
	return rc;
}

static const struct option_row options[] = {
	{ "level", 0, "DIMENSION", AS_STRING(struct step_options, level),
		.help = "the widest position to promote to: sector, ..." },
	{ "from", 0, "POSITION", AS_STRING(struct step_options, from), .offer = "COPY",
		.help = "whose copy to promote if copies differ" },
	{ "accept-conflict", AS_FLAG(struct step_options, accept_conflict),
		.help = "take over values that another patch sets" },
	{ "prune-overrides", AS_FLAG(struct step_options, prune_overrides),
		.help = "take hidden keys out of overrides in the way" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_common },
	{ 0 },
};

const struct command command_step = {
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "take the next step of a patch through a fleet of clusters",
	.about = "Takes exactly one step of a patch through a fleet of clusters: copies it to the\n"
		 "next position, consolidates if all siblings have it, and runs the generator.\n"
		 "When every target has it, the step is to integrate it into values.yaml.\n"
		 "The path of a copy will do in the place of the three arguments.\n",
	.examples = "  promote edge gateway patch-001            take the next step\n"
		    "  promote --dry-run edge gateway patch-001  only show it\n"
		    "  promote edge gateway patch-001 --approve=live\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct step_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
