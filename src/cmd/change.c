/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/change.h"

#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/terminal.h"
#include "cmd/clock.h"
#include "cmd/change_publish.h"
#include "cmd/commit.h"
#include "cmd/consent.h"
#include "cmd/loss.h"
#include "cmd/publish.h"
#include "core/expect.h"
#include "report/document.h"
#include "run/perform.h"
#include "store/render/process.h"

static int read_arguments(struct change *c)
{
	const struct options *o = c->o;

	if (cmd_now(&c->clock, c->e) < 0)
		return -1;
	c->subject = (struct subject){ o->args[0], o->args[1], NULL };
	if (o->arg_count > 2 && !(c->subject.patch = cmd_patch_name(c->mem, o->args[2], c->e)))
		return -1;
	if (cmd_commit_options(o, c->e) < 0 || cmd_publish_options(o, c->e) < 0)
		return -1;
	if (o->generate_command && !*o->generate_command)
		return error_set(c->e, STATUS_USAGE,
			"--generate-command=: must be a command; --no-generate runs none");
	if (o->expect && !expect_is_digest(o->expect))
		return error_set(c->e, STATUS_USAGE,
			"--expect=%s: not what a dry run prints: eight times eight digits, with '-' between",
			o->expect);
	if (o->interactive && !o->yes && !o->dry_run && !terminal_can_ask(o))
		return error_set(c->e, STATUS_USAGE, "--interactive needs a terminal to ask at");
	return 0;
}

int change_level(struct arena *mem, const struct fleet *f, const char *name, unsigned *level,
	struct error *e)
{
	struct buf names = { .mem = mem };

	*level = name ? fleet_level(f, name) : fleet_default_level(f);
	if (*level)
		return 0;
	for (size_t i = 0; i < f->depth; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", f->dimensions[i].single);
	error_set(e, STATUS_FILES, "--level=%s: the fleet has no such dimension. Available: %s",
		name, names.at);
	return error_code(e, "not-found");
}

int change_request(struct change *c, const char *level, const char *from, struct request *r)
{
	const struct fleet *f = &c->fleet.fleet;

	r->from = NOWHERE;
	r->whole = c->o->verbose;
	if (change_level(c->mem, f, level, &r->level, c->e) < 0)
		return -1;
	return from ? fleet_position(c->mem, f, "--from=", from, &r->from, c->e) : 0;
}

void change_ask_source(struct change *c, struct request *r)
{
	if (!terminal_can_ask(c->o) || c->o->dry_run || r->from != NOWHERE ||
		!state_is_ambiguous(&c->now))
		return;
	r->from = ask_source(c->o, &c->now);
	if (r->from != NOWHERE)
		buf_printf(&c->answered, "--from=%s\n", c->fleet.fleet.positions[r->from].path);
}

static int load(struct change *c)
{
	const struct fleet *f = &c->fleet.fleet;
	const struct strings *approved = &c->o->approved;
	size_t ignored = 0;

	if (load_subject(c->mem, c->fleet.source, f, &c->subject, c->e) < 0 ||
		load_applications(
			c->mem, c->fleet.source, c->subject.type, &c->applications, c->e) < 0 ||
		(c->prepare && c->prepare(c) < 0))
		return -1;
	for (size_t i = 0; i < approved->count; i++)
		if (fleet_position(c->mem, f, "--approve=", approved->list[i], &ignored, c->e) < 0)
			return -1;
	return session_state(c->mem, &c->fleet, &c->subject, &c->scanned, &c->now, c->e);
}

/* Those that are to be met; what gives a patch up asks for none. */
static struct holds_met find_holds(const struct change *c)
{
	const enum step_kind kind = c->step.kind;

	if (kind == STEP_ROLLBACK || kind == STEP_RETIRE)
		return (struct holds_met){ 0 };
	return holds_meet(c->mem, &c->now, &c->step, &c->plan, c->clock);
}

/* Whether this is the step that --expect tells; and for a dry run, what would tell it. */
static int meet_expectation(struct change *c)
{
	const struct expectation x = { c->mem, &c->now, &c->step, &c->plan, c->fleet.config.text };

	if (c->o->dry_run)
		c->report.digest = expect_digest(&x);
	return c->o->expect ? expect_check(&x, c->o->expect, c->e) : 0;
}

static int decide(struct change *c)
{
	const struct step *step = &c->step;

	if (c->decide(c) < 0 ||
		plan_between(c->mem, &c->now, &step->after, &step->scope, &c->plan, c->e) < 0)
		return -1;
	for (size_t i = 0; i < step->astray.count; i++) /* no state has these files */
		plan_remove(c->mem, &c->plan, step->astray.list[i]);
	c->approved = consent_given(c);
	c->report = (struct report){
		.now = &c->now,
		.step = step,
		.plan = &c->plan,
		.reach = reach_find(c->mem, step_leaves_none(step) ? &c->now : &step->after),
		.siblings = { c->applications.at, c->applications.count },
		.approved = c->approved,
		.holds = find_holds(c),
		.dry_run = c->o->dry_run,
		.finished = c->finished.commit ? &c->finished : NULL,
		.recovered = cmd_recovered(),
	};
	if (diff_check(c->now.stacks, paths_application(c->mem, &c->subject), c->e) < 0)
		return -1;
	if (step->kind != STEP_NONE && meet_expectation(c) < 0)
		return -1;
	return c->extend ? c->extend(c) : 0;
}

/* The step in a few words, for a run that finds it half done. */
static const char *in_words(const struct change *c)
{
	static const char *const ends[] = {
		[STEP_PROMOTE] = "to ",
		[STEP_CONSOLIDATE] = "consolidated",
		[STEP_INTEGRATE] = "into values.yaml",
		[STEP_START] = "started at ",
		[STEP_FILL] = "filled in at ",
		[STEP_ROLLBACK] = "rolled back from ",
		[STEP_RETIRE] = "retired",
		[STEP_NONE] = "nothing to do",
	};
	const struct position_list *at = &c->step.positions;
	struct buf out = { .mem = c->mem };

	buf_printf(&out, "%s %s: %s %s", c->subject.type, c->subject.application, c->subject.patch,
		ends[c->step.kind]);
	for (size_t i = 0; i < at->count; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", c->fleet.fleet.positions[at->list[i]].path);
	return out.at;
}

static int recheck(const void *context, struct error *e)
{
	const struct change *c = context;

	return recheck_application(c->mem, &c->fleet.root, &c->scanned, e);
}

static void note_performed(struct change *c, const struct performed *done)
{
	c->report.generator = done->generator;
	c->report.stale = done->found.stale.list;
	c->report.stale_count = done->found.stale.count;
	c->report.outside = done->found.outside.list;
	c->report.outside_count = done->found.outside.count;
	c->report.unchecked = done->found.unchecked;
	c->report.left = done->left;
}

static int write_step(struct change *c, struct prepared *prepared)
{
	struct performed done = { 0 };

	if (c->o->commit)
		c->commit.message = cmd_commit_step(c, &c->commit);
	terminal_clear(); /* the generator may write to it */
	if (perform(prepared, &done, c->e) < 0)
		return -1;
	cmd_set_memory_note("The step is done, but not reported");
	note_performed(c, &done);
	c->committed = cmd_committed(&c->commit);
	c->report.committed = &c->committed;
	return 0;
}

static void foresee(struct change *c, struct prepared *prepared)
{
	struct performed done = { 0 };

	perform_foresee(prepared, &done);
	note_performed(c, &done);
}

static struct how how_to(struct change *c)
{
	return (struct how){
		.step = in_words(c),
		.app = &c->scanned.app,
		.after = &c->step.after,
		.within = c->step.positions,
		.keep = paths_application(c->mem, &c->subject),
		.recheck = recheck,
		.context = c,
		.dry_run = c->o->dry_run,
		.no_generate = c->o->no_generate,
		.generate_command = c->o->generate_command,
		.show_output = c->o->verbose,
		.no_check_rendered = c->o->no_check_rendered,
		.commit = c->o->commit ? &c->commit : NULL,
	};
}

/* Writes the warnings that were not told yet. */
static void warn(const struct change *c, const struct findings *all)
{
	struct findings rest = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		size_t k = 0;

		while (k < c->told.count && strcmp(c->told.list[k].text, all->list[i].text) != 0)
			k++;
		if (k == c->told.count)
			*ARENA_PUSH(c->mem, rest.list, rest.count) = all->list[i];
	}
	terminal_warn(c->o, rest);
}

int change_print(struct change *c)
{
	struct look look = terminal_look(STDOUT_FILENO, c->o);
	struct buf out = { .mem = c->mem };

	const struct findings findings = report_findings(c->mem, &c->report, look.whole);
	warn(c, &findings);
	if (c->o->format == FORMAT_JSON)
		json_write(json_step(c->mem, &c->report), &out);
	else if (c->o->format == FORMAT_MARKDOWN)
		report_markdown(&c->report, &look, &out);
	else if (!c->o->quiet)
		report_text(&c->report, &look, &out);
	if (c->o->format == FORMAT_TEXT && !c->o->quiet)
		report_committed_text(&c->committed, &look, &out);
	return terminal_print_result(c->o, buf_str(&out), c->e);
}

/* Bytes that are removed and nobody else has: refused, or named in the report. */
static int check_loss(struct change *c)
{
	const char **paths = NULL;
	size_t n = 0;

	if (c->loss == LOSS_IGNORED)
		return 0;
	const struct lost lost = loss_find(c);
	if (c->loss == LOSS_REFUSED)
		return loss_refuse(&lost, c);
	for (size_t i = 0; i < lost.count; i++)
		*ARENA_PUSH(c->mem, paths, n) = lost.list[i].file;
	c->report.lost = paths;
	c->report.lost_count = n;
	return 0;
}

/* Whether the step can be committed when it is done. */
static int check_commit(struct change *c, const struct prepared *prepared)
{
	c->commit = (struct committing){
		.mem = c->mem,
		.session = &c->fleet,
		.plan = &c->plan,
		.app = &c->scanned.app,
	};
	/* a dry run of one that is published: what is committed is not in this working tree */
	return c->o->commit && !cmd_publishes(c->o)
		? commit_check(&c->commit, prepared->generator.argv, c->e)
		: 0;
}

/* Does what was decided, or in a dry run finds out what that would do. */
static int do_step(struct change *c)
{
	const struct how how = how_to(c);
	struct prepared prepared;

	if (!c->plan.edit_count)
		return 0;
	if (check_loss(c) < 0)
		return -1;
	if (perform_prepare(c->mem, &c->fleet, &c->plan, &how, &prepared, c->e) < 0)
		return -1;
	if (check_commit(c, &prepared) < 0)
		return -1;
	if (c->o->dry_run) {
		foresee(c, &prepared);
		return 0;
	}
	return consent_get(c) < 0 || write_step(c, &prepared) < 0 ? -1 : 0;
}

int change_take(struct change *c)
{
	return load(c) < 0 || decide(c) < 0 || do_step(c) < 0 ? -1 : 0;
}

static int take_step(struct change *c)
{
	if (change_take(c) < 0)
		return -1;
	int rc = change_print(c);
	if (rc < 0 && !c->o->dry_run && c->plan.edit_count)
		error_context(c->e, "The step is done, but not reported");
	process_release_signals();
	return rc;
}

int change_run(struct change *c)
{
	enum lock_kind kind = c->o->dry_run ? LOCK_TO_READ : LOCK_TO_WRITE;

	c->answered.mem = c->mem;
	if (read_arguments(c) < 0)
		return -1;
	if (cmd_publishes(c->o) && !c->o->dry_run)
		return change_publish(c);
	if (cmd_session(c->mem, c->o, kind, &c->fleet, c->e) < 0)
		return -1;
	int rc = take_step(c);
	session_close(&c->fleet);
	return rc;
}
