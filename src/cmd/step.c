/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - promote CLUSTER_TYPE APPLICATION PATCH: load, decide, ask, do, report.
 */
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cmd/cmd.h"
#include "run/session.h"
#include "run/rendered_check.h"
#include "cli/terminal.h"
#include "store/render/generate.h"
#include "store/render/process.h"
#include "store/txn/txn.h"

struct step {
	struct arena *mem;
	const struct options *o;
	struct error *e;
	struct session fleet;
	struct application survey;
	struct question question;
	struct plan plan;
	bool *approved; /* for each gate of the plan */
	struct generator generator;
	struct error left; /* what could not be removed after the step; owned */
	struct report report;
};

static int read_arguments(struct step *s)
{
	const struct options *o = s->o;
	struct subject *subject = &s->question.subject;
	const char *problem = NULL;

	if (o->arg_count != 3)
		return error_set(s->e, STATUS_USAGE,
			"%s: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help",
			o->arg_count < 3 ? "too few arguments" : "too many arguments");
	*subject = (struct subject){ .type = o->args[0], .application = o->args[1] };
	subject->patch = paths_patch_name(s->mem, o->args[2], &problem);
	if (!subject->patch)
		return error_set(s->e, STATUS_USAGE,
			"the patch name '%s' %s; it is a file's name such as patch-001", o->args[2],
			problem);
	if (o->interactive && !o->yes && !o->dry_run && !terminal_can_ask(o))
		return error_set(s->e, STATUS_USAGE, "--interactive needs a terminal to ask at");
	return 0;
}

static int find_level(struct step *s)
{
	const struct fleet *f = &s->fleet.fleet;
	struct buf names = { .mem = s->mem };

	s->question.level = s->o->level ? fleet_level(f, s->o->level) : fleet_default_level(f);
	if (s->question.level)
		return 0;
	for (size_t i = 0; i < f->depth; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", f->dimensions[i].single);
	return error_set(s->e, STATUS_FILES,
		"--level=%s: the fleet has no such dimension. Available: %s", s->o->level,
		names.at);
}

static int load(struct step *s)
{
	struct question *q = &s->question;
	size_t ignored = 0;

	q->fleet = &s->fleet.fleet;
	q->from = NOWHERE;
	if (load_subject(s->mem, &s->fleet.root, &s->fleet.fleet, &q->subject, s->e) < 0 ||
		find_level(s) < 0)
		return -1;
	if (s->o->from &&
		session_position(s->mem, &s->fleet, "--from=", s->o->from, &q->from, s->e) < 0)
		return -1;
	for (size_t i = 0; i < s->o->approved_count; i++)
		if (session_position(
			    s->mem, &s->fleet, "--approve=", s->o->approved[i], &ignored, s->e) < 0)
			return -1;
	if (scan_application(&s->fleet.texts, &s->fleet.root, &s->fleet.fleet, &q->subject,
		    &s->survey, s->e) < 0)
		return -1;
	const struct sources sources = scan_sources(&s->survey, &s->fleet.texts, &s->fleet.fleet);
	q->values = stacks_new(s->mem, &sources);
	q->placed = s->survey.placed;
	q->digests = s->fleet.texts.digests;
	q->layers = s->survey.marks;
	q->docs = s->survey.docs;
	q->prune = s->o->prune_overrides;
	q->accept_conflict = s->o->accept_conflict;
	return 0;
}

static int decide(struct step *s)
{
	struct question *q = &s->question;
	bool ask = terminal_can_ask(s->o) && !s->o->dry_run;

	if (ask && q->from == NOWHERE && plan_is_ambiguous(q))
		q->from = ask_source(s->mem, q);
	if (plan_step(s->mem, q, &s->plan, s->e) < 0)
		return -1;
	s->approved = ARENA_NEW(s->mem, bool, s->plan.gate_count);
	for (size_t g = 0; g < s->plan.gate_count; g++)
		for (size_t i = 0; i < s->o->approved_count; i++)
			if (fleet_find(&s->fleet.fleet, s->o->approved[i]) == s->plan.gates[g])
				s->approved[g] = true;
	s->report = (struct report){
		.question = q,
		.plan = &s->plan,
		.approved = s->approved,
		.dry_run = s->o->dry_run,
		.strays = s->survey.strays,
		.stray_count = s->survey.stray_count,
	};
	return 0;
}

/* Every gate must be open: by --approve, or by a person who types its name. */
static int pass_gates(struct step *s)
{
	const struct plan *p = &s->plan;
	const char **more = ARENA_NEW(s->mem, const char *, p->gate_count + 1);
	struct buf closed = { .mem = s->mem };
	size_t n = 0, shut = 0;

	/* The command that goes on also says what was answered at prompts so far. */
	if (s->question.from != NOWHERE && !s->o->from)
		more[n++] = arena_printf(
			s->mem, "--from=%s", s->fleet.fleet.positions[s->question.from].path);
	for (size_t i = 0; i < p->gate_count; i++) {
		const char *path = s->fleet.fleet.positions[p->gates[i]].path;

		if (s->approved[i])
			continue;
		more[n++] = arena_printf(s->mem, "--approve=%s", path);
		if (terminal_can_ask(s->o))
			s->approved[i] = ask_gate(s->mem, &s->question, p->gates[i], p->next);
		if (!s->approved[i])
			buf_printf(&closed, "%s%s", shut++ ? ", " : "", path);
	}
	if (shut == 0)
		return 0;
	return error_set(s->e, STATUS_WAITS, "manual gate%s %s: waits for approval. To go on: %s",
		shut == 1 ? "" : "s", closed.at, options_again(s->mem, s->o, more, n));
}

static int confirm(struct step *s)
{
	struct buf text = { .mem = s->mem };
	struct report preview = s->report;
	const char **warnings = NULL;
	struct look look = terminal_look(STDERR_FILENO, s->o);

	if (!s->o->interactive || s->o->yes || !s->plan.edit_count)
		return 0;
	preview.preview = true;
	report_text(&preview, &look, &text);
	size_t n = report_warnings(s->mem, &preview, &look, &warnings);
	terminal_warn(s->o, warnings, n);
	if (ask_go_on(s->mem, text.at))
		return 0;
	return error_set(s->e, STATUS_WAITS, "not confirmed; nothing was written");
}

/* The step in a few words, for a run that finds it half done. */
static const char *in_words(struct step *s)
{
	const struct subject *subject = &s->question.subject;
	const char *where = "";

	switch (s->plan.kind) {
	case PLAN_PROMOTE:
		where = arena_printf(s->mem, " to %s", s->fleet.fleet.positions[s->plan.next].path);
		break;
	case PLAN_CONSOLIDATE:
		where = " consolidated";
		break;
	case PLAN_INTEGRATE:
		where = " into values.yaml";
		break;
	}
	return arena_printf(
		s->mem, "%s %s: %s%s", subject->type, subject->application, subject->patch, where);
}

static void collect_edits(struct step *s, struct txn *t)
{
	const struct subject *subject = &s->question.subject;
	const char *keep = paths_application(s->mem, subject);

	txn_begin(t, s->mem, &s->fleet.root, in_words(s));
	for (size_t i = 0; i < s->plan.edit_count; i++) {
		const struct edit *edit = &s->plan.edits[i];
		const char *path = paths_copy(s->mem, subject, &s->fleet.fleet.positions[edit->at]);

		if (edit->from == NOWHERE) {
			txn_remove(t, path, s->survey.copies[edit->at], keep);
		} else {
			const struct file *source = s->survey.copies[edit->from];
			txn_create(t, path, source->text, source->mode & 0777);
		}
	}
}

/* values.yaml with the patch in it, and overrides that were folded. */
static void collect_rewrites(struct step *s, struct txn *t)
{
	const struct plan *p = &s->plan;
	const struct layer *values = s->survey.values;

	if (p->values_change && values)
		txn_replace(t, p->values_path, values->file, p->values_text);
	else if (p->values_change)
		txn_create(t, p->values_path, p->values_text,
			s->survey.copies[p->latest]->mode & 0777);
	for (size_t i = 0; i < p->rewrite_count; i++)
		txn_replace(t, p->rewrites[i].layer->path, p->rewrites[i].layer->file,
			p->rewrites[i].text);
}

/* Rendered files that changed although the step changes nothing for their target. */
static void note_stale(struct step *s, const struct rendered_changes *changes)
{
	size_t next = s->plan.next;
	const char *within = next == NOWHERE
		? NULL
		: arena_printf(s->mem, "rendered/%s/%s/", s->question.subject.type,
			  s->fleet.fleet.positions[next].path);
	const char **stale = ARENA_NEW(s->mem, const char *, changes->count);

	for (size_t i = 0; i < changes->count; i++)
		if (!within || strncmp(changes->paths[i], within, strlen(within)) != 0)
			stale[s->report.stale_count++] = changes->paths[i];
	s->report.stale = stale;
}

static int generate(struct step *s, const struct txn *t)
{
	struct rendered_changes changes;

	if (!s->generator.argv)
		return 0;
	if (generate_run(s->mem, &s->fleet.root, &s->generator, s->o->verbose, &changes, s->e) < 0)
		return -1;
	if (txn_check(t, s->e) < 0)
		return error_context(s->e, "'%s' left a wrong result", s->generator.shown);
	if (!s->o->no_check_rendered &&
		rendered_check(s->mem, &s->fleet, s->question.subject.type, &s->plan.effect, s->e) <
			0)
		return -1;
	note_stale(s, &changes);
	s->report.generator = s->generator.shown;
	return 0;
}

/* The last that may fail before the decision: all is staged, and the files are still those read. */
static int get_ready(struct step *s, const struct txn *t)
{
	const struct session *f = &s->fleet;

	if (generate_keep(s->mem, &f->root, &t->staging, &s->generator, s->e) < 0 ||
		recheck_file(&f->root, PATHS_CONFIG, &f->config, s->e) < 0 ||
		recheck_application(
			s->mem, &s->survey, &f->root, &f->fleet, &s->question.subject, s->e) < 0)
		return -1;
	if (process_pending_signal())
		return error_set(s->e, STATUS_SYSTEM, "interrupted; nothing was written");
	return 0;
}

static int commit(struct step *s, struct txn *t)
{
	if (txn_stage(t, s->e) < 0)
		return -1;
	if (get_ready(s, t) < 0) {
		txn_drop(t, s->e);
		return -1;
	}
	if (txn_commit(t, s->generator.argv ? TXN_TENTATIVE : TXN_FINAL, s->e) < 0)
		return -1;
	if (generate(s, t) == 0 && txn_end(t, &s->left, s->e) == 0)
		return 0;
	bool rendered = generate_undo(s->mem, &s->fleet.root, &s->generator, s->e) == 0;
	if (txn_undo(t, rendered, s->e) == 0)
		error_context(s->e, "The step was undone");
	return -1;
}

static int apply(struct step *s)
{
	struct txn t;

	s->generator.before.archive = -1;
	if (!s->o->no_generate &&
		generate_prepare(
			s->mem, &s->fleet.root, s->o->generate_command, &s->generator, s->e) < 0)
		return -1;
	collect_edits(s, &t);
	collect_rewrites(s, &t);
	if (commit(s, &t) < 0)
		return -1;
	s->report.left = s->left.text;
	return 0;
}

static int print_report(struct step *s)
{
	struct look look = terminal_look(STDOUT_FILENO, s->o);
	struct buf out = { .mem = s->mem };
	const char **warnings = NULL;
	size_t n = report_warnings(s->mem, &s->report, &look, &warnings);

	terminal_warn(s->o, warnings, n);
	if (s->o->format == FORMAT_JSON) {
		if (report_json(&s->report, &out, s->e) < 0)
			return -1;
	} else if (!s->o->quiet) {
		report_text(&s->report, &look, &out);
	}
	return terminal_print(buf_str(&out), s->e);
}

static int run(struct step *s)
{
	if (load(s) < 0 || decide(s) < 0)
		return -1;
	if (!s->o->dry_run && s->plan.edit_count) {
		if (pass_gates(s) < 0 || confirm(s) < 0)
			return -1;
		process_hold_signals();
		int rc = apply(s);
		generate_free(&s->generator);
		if (rc < 0)
			return -1; /* signals stay held: the error is still to be printed */
	}
	int rc = print_report(s);
	if (rc < 0 && !s->o->dry_run && s->plan.edit_count)
		error_context(s->e, "The step is done, but not reported");
	process_release_signals();
	return rc;
}

int cmd_step(struct arena *mem, const struct options *o, struct error *e)
{
	struct step s = { .mem = mem, .o = o, .e = e };
	enum lock_kind kind = o->dry_run ? LOCK_TO_READ : LOCK_TO_WRITE;

	if (read_arguments(&s) < 0 || session_open(mem, o, kind, &s.fleet, e) < 0)
		return -1;
	int rc = run(&s);
	error_free(&s.left);
	session_close(&s.fleet);
	return rc;
}
