/* SPDX-License-Identifier: Apache-2.0 */
/* A step for a pull request. */
#include "core/metadata.h"
#include "core/sequence.h"
#include "core/show.h"
#include "report/committed.h"
#include "report/pull_request.h"
#include "report/report.h"
#include "report/status.h"

struct page {
	const struct report *r;
	const struct state *now;
	const struct step *step;
	const struct fleet *f;
	struct markdown m;
};

static bool would(const struct page *p)
{
	return p->r->dry_run;
}

static const char *copy_path(const struct page *p, size_t at)
{
	return paths_copy(p->m.mem, &p->now->subject, &p->f->positions[at]);
}

/* "- LABEL: `CODE`" */
static void add_item(struct page *p, const char *label, const char *code)
{
	buf_printf(&p->m.text, "- %s: ", label);
	markdown_code(&p->m.text, str_of(code));
	buf_putc(&p->m.text, '\n');
}

static const char *title_of(const struct page *p)
{
	static const char *const verbs[] = {
		[STEP_PROMOTE] = "Promote",
		[STEP_CONSOLIDATE] = "Consolidate",
		[STEP_INTEGRATE] = "Integrate",
		[STEP_START] = "Start",
		[STEP_FILL] = "Fill in",
		[STEP_ROLLBACK] = "Roll back",
		[STEP_RETIRE] = "Retire",
		[STEP_NONE] = "Nothing to do for",
	};
	static const char *const before[] = {
		[STEP_PROMOTE] = "to",
		[STEP_START] = "at",
		[STEP_FILL] = "at",
		[STEP_ROLLBACK] = "from",
	};
	const struct step *step = p->step;
	struct buf out = { .mem = p->m.mem };

	buf_printf(&out, "%s %s of %s", verbs[step->kind], p->now->subject.patch,
		p->now->subject.application);
	for (size_t i = 0; i < step->positions.count; i++)
		buf_printf(&out, "%s %s",
			i ? "," : arena_printf(p->m.mem, " %s", before[step->kind]),
			p->f->positions[step->positions.list[i]].path);
	buf_puts(&out, would(p) ? " (dry run)" : "");
	return out.at;
}

static void add_head(struct page *p)
{
	const struct layer *const *copies =
		p->step->kind == STEP_START ? p->step->after.copies : p->now->copies;
	const size_t source = p->step->source;
	const char *description =
		source == NOWHERE ? NULL : metadata_description(p->m.mem, copies[source]);

	markdown_section(&p->m, 2, title_of(p), true);
	if (description) {
		buf_puts(&p->m.text, "Description: ");
		markdown_text(&p->m.text, str_of(metadata_one_line(p->m.mem, description)));
		buf_puts(&p->m.text, "\n\n");
	}
	add_item(p, "Cluster type", p->now->subject.type);
	if (p->step->kind != STEP_START && !p->r->finished)
		add_item(p, "Found patch",
			source == NOWHERE ? p->step->astray.list[0]->path : copy_path(p, source));
	for (size_t i = 0; p->step->kind != STEP_ROLLBACK && i < p->step->positions.count; i++)
		add_item(p, "Target", copy_path(p, p->step->positions.list[i]));
	if (p->step->nothing) {
		buf_puts(&p->m.text, "- ");
		markdown_text(&p->m.text, str_of(p->step->nothing));
		buf_putc(&p->m.text, '\n');
	} else if (p->step->kind == STEP_NONE) {
		add_item(p, "Covered already", p->f->positions[p->step->asked].path);
	}
	if (p->r->digest)
		add_item(p, "To do exactly this, or nothing",
			arena_printf(p->m.mem, "--expect=%s", p->r->digest));
	if (p->r->generator)
		add_item(p, would(p) ? "Would generate" : "Generated", p->r->generator);
}

/* All of it, for review: an indented line is code, whatever is in it. */
static void add_new_patch(struct page *p)
{
	if (p->step->kind != STEP_START)
		return;
	markdown_section(&p->m, 3, "Patch", false);
	report_new_patch(p->step, "    ", true, &p->m.text);
}

/* by: who has opened them, as markdown; NULL: not told */
static void add_gates(struct page *p, const char *by)
{
	const struct position_list *gates = &p->step->gates;

	if (!gates->count)
		return;
	markdown_section(&p->m, 3, "Gates", true);
	for (size_t i = 0; i < gates->count; i++) {
		const char *path = p->f->positions[gates->list[i]].path;

		if (p->r->approved[i] && by)
			add_item(p, arena_printf(p->m.mem, "Gate opened by %s", by), path);
		else if (p->r->approved[i])
			add_item(p, "Gate opened", path);
		else
			add_item(p, "Needs", arena_printf(p->m.mem, "--approve=%s", path));
	}
}

static void add_holds(struct page *p)
{
	const struct holds_met *holds = &p->r->holds;

	if (holds->count)
		markdown_section(&p->m, 3, "Holds", true);
	for (size_t i = 0; i < holds->count; i++) {
		buf_puts(&p->m.text, "- Would wait for: ");
		markdown_text(&p->m.text, str_of(hold_text(p->m.mem, p->f, holds->list[i])));
		buf_putc(&p->m.text, '\n');
	}
}

static void add_warnings(struct page *p, bool whole)
{
	struct findings f = report_findings(p->m.mem, p->r, whole);

	if (!f.count)
		return;
	markdown_section(&p->m, 3, "Warnings", false);
	for (size_t i = 0; i < f.count; i++) {
		buf_puts(&p->m.text, "- ");
		buf_printf(&p->m.text, "`%s`: ", f.list[i].code);
		markdown_text(&p->m.text, str_of(f.list[i].text));
		buf_putc(&p->m.text, '\n');
	}
}

static void add_consolidation(struct page *p)
{
	bool any = false;

	for (size_t i = 0; p->step->kind != STEP_INTEGRATE && i < p->f->count; i++) {
		if (!step_is_lift(p->step, p->now, i))
			continue;
		if (!any)
			markdown_section(&p->m, 3, "Consolidation", false);
		any = true;
		add_item(p,
			arena_printf(p->m.mem, "%s to %s level",
				would(p) ? "Would consolidate" : "Consolidated",
				p->f->dimensions[p->f->positions[i].depth - 1].single),
			copy_path(p, i));
	}
}

static void add_reach(struct page *p, bool whole)
{
	const char *sentence = report_reach(p->m.mem, p->r, whole);

	if (!sentence)
		return;
	markdown_section(&p->m, 0, "what hides the patch", false);
	markdown_text(&p->m.text, str_of(sentence));
	buf_putc(&p->m.text, '\n');
}

/* What became of a file; of an override, which keys it lost. */
static const char *change_of(const struct page *p, const struct edit *edit)
{
	static const char *const words[] = {
		[EDIT_CREATE] = "new", [EDIT_REPLACE] = "changed", [EDIT_REMOVE] = "removed"
	};
	struct buf out = { .mem = p->m.mem };

	buf_puts(&out, words[edit->kind]);
	if (edit->kind == EDIT_REPLACE && edit->now->removed_count) {
		buf_puts(&out, ", without ");
		markdown_names(&out, edit->now->removed, edit->now->removed_count, false);
	}
	return out.at;
}

static void add_files(struct page *p)
{
	static const char *const titles[] = { "File", "Change" };
	const struct plan *plan = p->r->plan;
	struct markdown_table t = { .title = "Files", .titles = titles, .columns = 2 };

	if (plan->edit_count)
		markdown_section(&p->m, 3, "Files", false);
	for (size_t i = 0; i < plan->edit_count; i++) {
		const char *path = markdown_code_cell(p->m.mem, plan->edits[i].path);

		markdown_table_row(
			&p->m, &t, (const char *const[]){ path, change_of(p, &plan->edits[i]) });
	}
}

static void add_next(struct page *p)
{
	const struct position_list *gates = &p->step->following_gates;
	struct buf *out = &p->m.text;

	markdown_section(&p->m, 3, "Next", true);
	if (p->step->kind == STEP_INTEGRATE) {
		markdown_code(out, str_of(p->now->subject.patch));
		buf_printf(out, " %s complete\n", would(p) ? "would be" : "is");
		return;
	}
	if (sequence_latest(p->f, p->step->after.copies) == NOWHERE) {
		markdown_code(out, str_of(p->now->subject.patch));
		buf_printf(
			out, " %s in the fleet any more\n", would(p) ? "would not be" : "is not");
		return;
	}
	if (p->step->following == NOWHERE) {
		add_item(p, "Every target is covered. Next step: integration into",
			arena_printf(p->m.mem, "%s/values.yaml",
				paths_application(p->m.mem, &p->now->subject)));
		return;
	}
	add_item(p, p->step->gap ? "Next position to fill" : "Next promotion target",
		copy_path(p, p->step->following));
	for (size_t i = 0; i < gates->count; i++)
		add_item(p, "Manual gate", p->f->positions[gates->list[i]].path);
}

void report_markdown(const struct report *r, const struct look *look, struct buf *out)
{
	struct page p = { r, r->now, r->step, r->now->app->fleet, { .mem = out->mem } };

	add_head(&p);
	if (r->committed)
		report_committed_markdown(r->committed, &p.m.text);
	add_new_patch(&p);
	add_gates(&p, NULL);
	add_holds(&p);
	if (r->step->kind != STEP_NONE)
		report_effect_markdown(p.f, &r->plan->effect, look, &p.m);
	add_reach(&p, look->whole);
	add_warnings(&p, look->whole);
	add_consolidation(&p);
	add_files(&p);
	if (!r->finished)
		add_next(&p);
	markdown_write(&p.m, out);
}

/* Where the patch is then, if it is anywhere. */
static void add_picture(struct page *p)
{
	const struct layer *const *copies = p->step->after.copies;
	struct flight x = { .patch = p->now->subject.patch, .covered = p->r->reach.covered };

	for (size_t i = 0; i < p->f->count; i++)
		if (copies[i])
			*ARENA_PUSH(p->m.mem, x.copies, x.copy_count) =
				(struct flight_copy){ .position = i };
	if (!x.copy_count)
		return;
	markdown_section(&p->m, 3, "Positions", true);
	markdown_text(&p->m.text, str_of(status_picture(p->m.mem, p->f, &x, true)));
	buf_putc(&p->m.text, '\n');
}

void report_pull_request_title(struct str subject, struct buf *out)
{
	static const char dots[] = "\xe2\x80\xa6";
	size_t n = subject.len;

	if (n > PULL_REQUEST_TITLE) {
		n = PULL_REQUEST_TITLE - strlen(dots);
		while ((subject.at[n] & 0xc0) == 0x80)
			n--;
	}
	buf_add(out, str_part(subject, 0, n));
	if (n < subject.len)
		buf_puts(out, dots);
}

void report_pull_request_command(const char *command, struct markdown *m)
{
	markdown_section(m, 3, "Command", true);
	buf_puts(&m->text, "    ");
	show_escaped(&m->text, str_of(command));
	buf_putc(&m->text, '\n');
}

void report_pull_request(const struct pull_request *pr, const struct look *look, struct buf *out)
{
	const struct report *r = pr->report;
	struct page p = { r, r->now, r->step, r->now->app->fleet, { .mem = out->mem } };

	add_head(&p);
	report_effect_markdown(p.f, &r->plan->effect, look, &p.m);
	add_reach(&p, look->whole);
	add_picture(&p);
	add_gates(&p, markdown_text_cell(out->mem, pr->by));
	add_next(&p);
	report_pull_request_command(pr->command, &p.m);
	add_new_patch(&p);
	add_warnings(&p, look->whole);
	add_consolidation(&p);
	add_files(&p);
	markdown_write(&p.m, out);
}
