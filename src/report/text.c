/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "core/sequence.h"
#include "core/show.h"

struct text {
	const struct report *r;
	const struct state *now;
	const struct step *step;
	const struct plan *p;
	const struct fleet *f;
	const struct look *look;
	struct buf *out;
};

/* whether to say what would be done rather than what was */
static bool would(const struct text *t)
{
	return t->r->dry_run || t->r->preview;
}

static void tick(const struct text *t)
{
	if (would(t))
		buf_puts(t->out, t->look->symbols ? "\xe2\x80\xa2 " : "- ");
	else
		buf_printf(t->out, "%s%s%s ", layout_tint(t->look, TINT_GREEN),
			t->look->symbols ? "\xe2\x9c\x93" : "ok",
			layout_plain(t->look, TINT_GREEN));
}

/* Adds names and ends the line. */
static void write_names(const struct text *t, const char *const *names, size_t n)
{
	report_names(t->out, names, n, t->look->whole);
	buf_putc(t->out, '\n');
}

static const char *copy_path(const struct text *t, size_t at)
{
	return paths_copy(t->out->mem, &t->now->subject, &t->f->positions[at]);
}

/* the dimension of positions at this depth, "sector" */
static const char *single(const struct text *t, unsigned depth)
{
	return t->f->dimensions[depth - 1].single;
}

/* whether a copy was there, or came with this step, and is not there any more */
static bool removed(const struct text *t, size_t i)
{
	return (t->now->copies[i] || step_comes_to(t->step, i)) && !t->step->after.copies[i];
}

/*
 * For each depth below p a line with the copies removed there, by what follows p's path; without
 * those below another copy, which are told there. Whether there was any.
 */
static bool write_removed(const struct text *t, size_t p, const char *what)
{
	const struct position *positions = t->f->positions, *top = &positions[p];
	const char **names = ARENA_NEW(t->out->mem, const char *, top->end - p);
	bool any = false;

	for (unsigned d = top->depth + 1; d <= t->f->depth; d++) {
		size_t n = 0;

		for (size_t i = p + 1; i < top->end;
			i = t->step->after.copies[i] ? positions[i].end : i + 1)
			if (positions[i].depth == d && removed(t, i))
				names[n++] = positions[i].path + strlen(top->path) + 1;
		if (n == 0)
			continue;
		tick(t);
		show_printf(t->out, "%s %s-level %s: ", would(t) ? "Would remove" : "Removed",
			single(t, d), what);
		write_names(t, names, n);
		any = true;
	}
	return any;
}

static void write_lift(const struct text *t, size_t p)
{
	const struct position *at = &t->f->positions[p];
	bool dry = would(t);

	tick(t);
	show_printf(t->out, "All %s in '%s' %s %s %s\n", t->f->dimensions[at->depth].name, at->name,
		single(t, at->depth), dry ? "would have" : "now have", t->now->subject.patch);
	tick(t);
	show_printf(t->out, "%s to %s level: %s\n", dry ? "Would consolidate" : "Consolidated",
		single(t, at->depth), copy_path(t, p));
	write_removed(t, p, "patches");
}

/* overrides that lost keys which something else hides anyway */
static void write_pruned(const struct text *t)
{
	for (size_t i = 0; i < t->p->edit_count; i++) {
		const struct edit *edit = &t->p->edits[i];

		if (edit->kind != EDIT_REPLACE || !edit->now->removed_count)
			continue;
		tick(t);
		show_printf(
			t->out, "%s from %s: ", would(t) ? "Would remove" : "Removed", edit->path);
		write_names(t, edit->now->removed, edit->now->removed_count);
	}
}

static void write_consolidation(const struct text *t)
{
	bool any = false;

	buf_puts(t->out, "\nChecking consolidation opportunities...\n");
	for (size_t i = 0; i < t->f->count; i++)
		if (step_is_lift(t->step, t->now, i)) {
			write_lift(t, i);
			any = true;
		} else if (t->step->after.copies[i]) {
			any |= write_removed(t, i, "patches that are redundant");
		}
	if (!any)
		buf_puts(t->out, "  Nothing to consolidate\n");
}

static void write_holds(const struct text *t)
{
	for (size_t i = 0; i < t->r->holds.count; i++) {
		tick(t);
		show_printf(t->out, "Would wait for the hold %s\n",
			hold_text(t->out->mem, t->f, t->r->holds.list[i]));
	}
}

static void write_gates(const struct text *t)
{
	const struct position_list *gates = &t->step->gates;

	for (size_t i = 0; i < gates->count; i++) {
		const char *path = t->f->positions[gates->list[i]].path;

		tick(t);
		if (t->r->approved[i])
			show_printf(t->out, "Gate opened: %s\n", path);
		else
			show_printf(t->out, "Gate: %s would need --approve=%s\n", path, path);
	}
}

void report_new_patch(const struct step *step, const char *indent, bool whole, struct buf *out)
{
	enum { FOLDED_LINES = 40 };
	struct str left = step->after.copies[step_next(step)]->doc->text;
	size_t lines = 0;

	for (size_t i = 0; i < left.len; i++)
		lines += left.at[i] == '\n' || i + 1 == left.len;
	const size_t shown = whole || lines <= FOLDED_LINES ? lines : FOLDED_LINES;
	for (size_t i = 0; i < shown; i++) {
		const char *end = memchr(left.at, '\n', left.len);
		const size_t n = end ? (size_t)(end - left.at) : left.len;

		buf_puts(out, n ? indent : "");
		show_escaped(out, (struct str){ left.at, n });
		buf_putc(out, '\n');
		left = str_part(left, end ? n + 1 : n, left.len);
	}
	if (shown < lines)
		buf_printf(out, "%sand %zu more lines\n", indent, lines - shown);
}

/* The positions where the patch comes, the gates on the way, and what becomes of it there. */
static void write_arrival(const struct text *t)
{
	const struct position_list *at = &t->step->positions;
	const bool starts = t->step->kind == STEP_START;

	for (size_t i = 0; i < at->count && !starts; i++)
		show_printf(t->out, "Target: %s\n", copy_path(t, at->list[i]));
	if (starts)
		report_new_patch(t->step, "  ", t->look->whole, t->out);
	write_gates(t);
	tick(t);
	if (starts)
		buf_puts(t->out, would(t) ? "Would create patch" : "Created patch");
	else
		buf_puts(t->out, would(t) ? "Would copy patch" : "Copied patch successfully");
	buf_puts(t->out, t->r->dry_run ? " (dry run)\n" : "\n");
}

/* Copies that are removed, or where a wider one is split, made. */
static void write_copies(const struct text *t, const char *what, bool made)
{
	const char **names = ARENA_NEW(t->out->mem, const char *, t->f->count);
	size_t n = 0;

	for (size_t i = 0; i < t->f->count; i++) {
		bool was = t->now->copies[i], is = t->step->after.copies[i];

		if (was != is && is == made)
			names[n++] = t->f->positions[i].path;
	}
	if (!n)
		return;
	tick(t);
	show_printf(t->out, "%s: ", what);
	write_names(t, names, n);
}

/* Copies that were where the fleet has no position. */
static void write_astray(const struct text *t)
{
	const struct astray_copies *astray = &t->step->astray;
	const char **paths = ARENA_NEW(t->out->mem, const char *, astray->count);

	if (!astray->count)
		return;
	for (size_t i = 0; i < astray->count; i++)
		paths[i] = astray->list[i]->path;
	tick(t);
	show_printf(t->out, "%s where no position is: ", would(t) ? "Would remove" : "Removed");
	write_names(t, paths, astray->count);
}

static void write_rollback(const struct text *t)
{
	const struct position_list *at = &t->step->positions;
	const char **names = ARENA_NEW(t->out->mem, const char *, at->count);

	for (size_t i = 0; i < at->count; i++)
		names[i] = t->f->positions[at->list[i]].path;
	tick(t);
	show_printf(t->out, "%s: ", would(t) ? "Would roll back from" : "Rolled back from");
	write_names(t, names, at->count);
	write_copies(t, would(t) ? "Would split a copy into" : "Split a copy into", true);
	write_copies(t, would(t) ? "Would remove patches" : "Removed patches", false);
	for (size_t i = 0; i < t->p->edit_count; i++)
		if (t->p->edits[i].position == NOWHERE) {
			tick(t);
			show_printf(t->out, "%s: %s\n",
				would(t) ? "Would leave a hold" : "Left a hold",
				t->p->edits[i].path);
		}
}

static void write_effect(const struct text *t)
{
	buf_putc(t->out, '\n');
	report_effect_text(t->f, &t->p->effect, t->look, t->out);
}

static void write_reach(const struct text *t)
{
	const char *sentence = report_reach(t->out->mem, t->r, t->look->whole);

	if (sentence)
		buf_printf(t->out, "%s%s\n", t->step->positions.count ? "\n" : "", sentence);
}

static void write_following(const struct text *t)
{
	const struct position_list *gates = &t->step->following_gates;

	if (sequence_latest(t->f, t->step->after.copies) == NOWHERE) {
		show_printf(t->out, "\n%s %s in the fleet any more\n", t->now->subject.patch,
			would(t) ? "would not be" : "is not");
		return;
	}
	if (t->step->following == NOWHERE) {
		show_printf(t->out,
			"\n%s covers every target. Next step: integration into %s/values.yaml\n",
			t->now->subject.patch, paths_application(t->out->mem, &t->now->subject));
		return;
	}
	show_printf(t->out, "\n%s: %s",
		t->step->gap ? "Next position to fill" : "Next promotion target",
		copy_path(t, t->step->following));
	if (gates->count)
		show_printf(t->out, " (manual gate%s: ", gates->count == 1 ? "" : "s");
	for (size_t i = 0; i < gates->count; i++)
		show_printf(t->out, "%s%s", t->f->positions[gates->list[i]].path,
			i + 1 < gates->count ? ", " : ")");
	buf_putc(t->out, '\n');
}

static void write_integration(const struct text *t)
{
	buf_puts(t->out, "\n");
	tick(t);
	show_printf(t->out, "%s into %s\n", would(t) ? "Would integrate" : "Integrated",
		t->step->after.app->base->path);
	write_pruned(t);
	write_copies(t, would(t) ? "Would remove patches" : "Removed patches", false);
	write_effect(t);
	show_printf(
		t->out, "\n%s %s complete\n", t->now->subject.patch, would(t) ? "would be" : "is");
}

static void write_nothing(const struct text *t)
{
	const struct step *s = t->step;

	tick(t);
	show_printf(t->out, "%s%s: nothing to do\n",
		s->nothing ? s->nothing : t->f->positions[s->asked].path,
		s->nothing ? "" : " is covered already");
}

/* every file that is touched, in the order of the edits */
static void write_edits(const struct text *t)
{
	static const char signs[] = {
		[EDIT_CREATE] = '+', [EDIT_REPLACE] = '~', [EDIT_REMOVE] = '-'
	};

	buf_puts(t->out, "\nFiles:\n");
	for (size_t i = 0; i < t->p->edit_count; i++)
		show_printf(t->out, "  %c %s\n", signs[t->p->edits[i].kind], t->p->edits[i].path);
}

/* What becomes of the copies and of the values, by the kind of the step. */
static void write_step(const struct text *t)
{
	switch (t->step->kind) {
	case STEP_START:
		write_arrival(t);
		write_effect(t);
		write_reach(t);
		break;
	case STEP_PROMOTE:
	case STEP_FILL:
		write_arrival(t);
		write_consolidation(t);
		write_effect(t);
		write_reach(t);
		break;
	case STEP_CONSOLIDATE:
		write_reach(t);
		write_consolidation(t);
		break;
	case STEP_INTEGRATE:
		write_reach(t);
		write_integration(t);
		return;
	case STEP_ROLLBACK:
		write_rollback(t);
		write_effect(t);
		write_reach(t);
		break;
	case STEP_RETIRE:
		write_copies(t, would(t) ? "Would remove patches" : "Removed patches", false);
		write_astray(t);
		write_effect(t);
		break;
	case STEP_NONE:
		write_nothing(t);
		if (t->r->finished)
			return;
		write_reach(t);
		break;
	}
	write_following(t);
}

/* The file that was found: a copy at a position, or the first one astray. */
static const char *found_path(const struct text *t)
{
	if (t->step->source == NOWHERE)
		return t->step->astray.list[0]->path;
	return copy_path(t, t->step->kind == STEP_START ? step_next(t->step) : t->step->source);
}

void report_text(const struct report *r, const struct look *look, struct buf *out)
{
	const struct text t = { r, r->now, r->step, r->plan, r->now->app->fleet, look, out };

	if (!r->finished)
		show_printf(out, "%s patch: %s\n", t.step->kind == STEP_START ? "New" : "Found",
			found_path(&t));
	write_holds(&t);
	write_step(&t);
	if (look->files && t.p->edit_count)
		write_edits(&t);
	if (r->generator) {
		buf_putc(out, '\n');
		tick(&t);
		show_printf(
			out, "%s: %s\n", would(&t) ? "Would generate" : "Generated", r->generator);
	}
	if (r->dry_run)
		buf_puts(out, "\n(dry run) Nothing was written\n");
	if (r->digest)
		buf_printf(out, "To do exactly this, or nothing:\n--expect=%s\n", r->digest);
}
