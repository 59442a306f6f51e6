/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c - promote plan CLUSTER_TYPE APPLICATION PATCH: every step to the end, before the first.
 */
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/change.h"
#include "cmd/clock.h"
#include "report/plan.h"

struct plan_options {
	struct options common;
	const char *to;    /* NULL: to the end */
	const char *level; /* NULL: the fleet's default */
	const char *from;  /* NULL: not given */
	bool accept_conflict, prune_overrides;
};

struct planning {
	struct arena *mem;
	const struct options *o;
	const struct plan_options *own;
	struct session fleet;
	struct rollout_request request;
	struct state now;
	struct rollout path;
	struct error refusal;
};

static int read_position(
	struct planning *p, const char *option, const char *value, size_t *at, struct error *e)
{
	*at = NOWHERE;
	return value ? fleet_position(p->mem, &p->fleet.fleet, option, value, at, e) : 0;
}

static int load(struct planning *p, struct error *e)
{
	const struct plan_options *own = p->own;
	struct subject subject = { p->o->args[0], p->o->args[1], NULL };

	if (!(subject.patch = cmd_patch_name(p->mem, p->o->args[2], e)) ||
		load_subject(p->mem, p->fleet.source, &p->fleet.fleet, &subject, e) < 0 ||
		change_level(p->mem, &p->fleet.fleet, own->level, &p->request.step.level, e) < 0 ||
		read_position(p, "--from=", own->from, &p->request.step.from, e) < 0 ||
		read_position(p, "--to=", own->to, &p->request.to, e) < 0)
		return -1;
	return session_state(p->mem, &p->fleet, &subject, NULL, &p->now, e);
}

static struct plan_commands refusal_commands(const struct planning *p)
{
	const size_t n = p->refusal.command_count;
	struct plan_commands made = { ARENA_NEW(p->mem, const char *, n), n };

	for (size_t i = 0; i < n; i++)
		made.list[i] = options_go_on(p->mem, p->o, p->refusal.commands[i]);
	return made;
}

/* The words of the command that takes the first step, with its gates opened. */
static const char *step_words(const struct planning *p)
{
	const struct plan_options *own = p->own;
	const struct position_list *gates = &p->path.steps[0].gates;
	const struct subject *s = &p->now.subject;
	struct buf out = { .mem = p->mem };

	buf_printf(&out, "%s\n%s\n%s\n", s->type, s->application, s->patch);
	if (own->level)
		buf_printf(&out, "--level=%s\n", own->level);
	if (own->from)
		buf_printf(&out, "--from=%s\n", own->from);
	buf_puts(&out, own->accept_conflict ? "--accept-conflict\n" : "");
	buf_puts(&out, own->prune_overrides ? "--prune-overrides\n" : "");
	for (size_t i = 0; i < gates->count; i++)
		buf_printf(&out, "--approve=%s\n", p->fleet.fleet.positions[gates->list[i]].path);
	return out.at;
}

/* The command that takes the first step, or those that release the holds which it meets. */
static struct plan_commands first_commands(const struct planning *p)
{
	struct plan_commands made = { 0 };

	if (!p->path.count)
		return made;
	const struct holds_met *holds = &p->path.steps[0].holds;
	for (size_t i = 0; i < holds->count; i++) {
		const char *words = hold_release_words(p->mem, p->now.app, holds->list[i]);

		/* one that is wrong is to be mended */
		if (words)
			*ARENA_PUSH(p->mem, made.list, made.count) =
				options_go_on(p->mem, p->o, words);
	}
	if (!holds->count)
		*ARENA_PUSH(p->mem, made.list, made.count) =
			options_go_on(p->mem, p->o, step_words(p));
	return made;
}

static int print(const struct planning *p, struct error *e)
{
	const struct look look = terminal_look(STDOUT_FILENO, p->o);
	const struct error *refusal = p->refusal.text ? &p->refusal : NULL;
	struct buf out = { .mem = p->mem };
	const struct plan_report report = {
		.now = &p->now,
		.path = &p->path,
		.level = p->request.step.level,
		.to = p->request.to,
		.refusal = refusal,
		.refusal_commands = refusal_commands(p),
		.commands = first_commands(p),
	};
	if (p->o->format == FORMAT_JSON)
		return plan_json(p->mem, &report, terminal_print, e);
	if (p->o->format == FORMAT_MARKDOWN)
		plan_markdown(p->mem, &report, &out);
	else
		plan_text(p->mem, &report, &look, &out);
	return terminal_print(buf_str(&out), e);
}

/* What the path ends with comes before what its first step waits for. */
static enum status status_of(const struct planning *p)
{
	if (p->refusal.text)
		return p->refusal.status;
	if (!p->path.count)
		return STATUS_DONE;
	if (p->path.steps[0].holds.count)
		return STATUS_BLOCKED;
	return p->path.steps[0].gates.count ? STATUS_WAITS : STATUS_DONE;
}

/* A refusal is what the plan tells. If the files are wrong before the first step, there is no plan. */
static int plan(struct planning *p, struct error *e)
{
	int rc = rollout_find(p->mem, &p->now, &p->request, &p->path, &p->refusal);

	if (rc < 0 && !p->path.count && p->refusal.status != STATUS_REFUSED)
		return error_add(e, &p->refusal);
	if (print(p, e) == 0)
		e->status = status_of(p);
	error_free(&p->refusal);
	return e->text ? -1 : 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct plan_options *own = (const struct plan_options *)o;
	struct planning p = { .mem = mem,
		.o = o,
		.own = own,
		.request = { .step = { .from = NOWHERE,
				     .prune_overrides = own->prune_overrides,
				     .accept_conflict = own->accept_conflict } } };

	if (cmd_now(&p.request.now, e) < 0 || cmd_session(mem, o, LOCK_TO_READ, &p.fleet, e) < 0)
		return -1;
	int rc = load(&p, e);
	if (rc == 0) {
		cmd_warn_astray(mem, o, &p.now);
		rc = plan(&p, e);
	}
	session_close(&p.fleet);
	return rc;
}

static const struct option_row options[] = {
	{ "to", 0, "POSITION", AS_STRING(struct plan_options, to),
		.help = "only the steps until this position is covered" },
	{ "level", 0, "DIMENSION", AS_STRING(struct plan_options, level),
		.help = "the widest position to promote to: sector, ..." },
	{ "from", 0, "POSITION", AS_STRING(struct plan_options, from), .offer = "COPY",
		.help = "whose copy to promote if copies differ" },
	{ "accept-conflict", AS_FLAG(struct plan_options, accept_conflict),
		.help = "take over values that another patch sets" },
	{ "prune-overrides", AS_FLAG(struct plan_options, prune_overrides),
		.help = "take hidden keys out of overrides in the way" },
	{ .include = options_lock_timeout },
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_plan = {
	.name = "plan",
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "show every step of a patch to its end, and what will refuse one",
	.about =
		"Shows every step that a patch still takes, up to its integration: where it goes,\n"
		"what that changes, which gates it meets, what is consolidated. If a step will be\n"
		"refused, the plan ends there and says why: what blocks the integration is known\n"
		"on the first day. Writes nothing. The path of a copy will do, too.\n",
	.examples = "  promote plan edge gateway patch-001\n"
		    "  promote plan edge gateway patch-001 --to=live\n"
		    "  promote plan edge gateway patch-001 -o markdown\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct plan_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
