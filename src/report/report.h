/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h - a step, values and what sets them, as a person or a program reads it.
 *
 * One file a format, all from the same plan; none decides anything. What they
 * write goes to a buffer: the caller prints it.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "core/changed.h"
#include "core/check.h"
#include "core/explain.h"
#include "core/finding.h"
#include "core/hold_meet.h"
#include "core/plan.h"
#include "core/promote.h"
#include "core/reach.h"
#include "report/layout.h"
#include "report/markdown.h"

struct committed;

/* What became of the step of a killed run. All borrowed. */
struct recovery_report {
	const char
		*outcome; /* "finished", "undone", "dropped", "cleaned"; "none": nothing was left */
	const char *step; /* in words, NULL if it is not known */
	struct changed_list effect; /* of the step */
	bool no_modes;              /* .promote was taken for the user's by its owner alone */
	const char *behind;         /* why git's index lacks the step's commit; NULL: it does not */
};

/* The commit that has integrated a patch of which there is no copy any more. Borrowed. */
struct finished {
	const char *commit; /* full name; NULL: none */
	int64_t at;         /* when the branch had it, in seconds since 1970 */
};

/* What was planned and what came of it. All borrowed. */
struct report {
	const struct state *now; /* before the step */
	const struct step *step;
	const struct plan *plan;
	struct reach reach; /* of the copies afterwards; at the integration, of those before */
	struct siblings siblings; /* the applications beside that of the step */
	const bool *approved;     /* for each of the step's gates */
	struct holds_met holds;   /* only in a dry run: else nothing is done */
	const char *const *lost;  /* removed files whose bytes git's HEAD lacks */
	size_t lost_count;
	bool dry_run;                    /* nothing was written, and nothing will be */
	const struct finished *finished; /* NONE: there was nothing to find; else NULL */
	bool preview; /* nothing is written yet: shown before a person is asked */
	/* what became of the step of a killed run; a person was told at once */
	const struct recovery_report *recovered;
	const char *generator; /* that ran after the step, or in a dry run would; or NULL */
	/* rendered files: with a generator those that were stale before it ran, else those that are now */
	const char *const *stale;
	size_t stale_count;
	const char *const *outside; /* other files that it changed for no target of the step */
	size_t outside_count;
	const char
		*unchecked; /* why rendered files could not be compared with the values; or NULL */
	const char *digest; /* of a dry run: what --expect takes; or NULL */
	const struct committed *committed; /* its commit; NULL: none was asked for */
	const char *left; /* what could not be removed once the step was done, and why; or NULL */
};

/* For a person: docs in promote(1). */
void report_text(const struct report *r, const struct look *look, struct buf *out);

/* For a pull request: what its reviewer needs to know of the step, with its warnings. */
void report_markdown(const struct report *r, const struct look *look, struct buf *out);

/* What all targets that change have in common, then the exceptions. */
void report_effect_text(
	const struct fleet *f, const struct effect *e, const struct look *look, struct buf *out);

/* The effective values of a target as a YAML document. */
void report_values_yaml(const struct node *values, struct buf *out);
/* The same as JSON, if they fit. */
void report_values_json(const struct node *values, struct buf *out);
/*
 * An error of status FILES if JSON cannot have one of them: .inf, .nan, !!int x. `target` is told
 * if it is not NULL.
 */
int report_values_fit(
	struct arena *mem, const char *target, const struct node *values, struct error *e);
/* Whether all that is set for an application fits, so that no target has a value that does not. */
bool report_layers_fit(const struct state *s);

/* Adds an effect to it: a sentence, and a table of paths, values and targets. */
void report_effect_markdown(
	const struct fleet *f, const struct effect *e, const struct look *look, struct markdown *m);

/* The same below a heading that is there already; `title` names what of the table is left out. */
void report_effect_below(const struct fleet *f, const struct effect *e, const struct look *look,
	const char *title, struct markdown *m);

/*
 * Adds what the patch says that a start makes, as its file has it: each line behind an indent, and
 * only the first of many unless `whole`.
 */
void report_new_patch(const struct step *step, const char *indent, bool whole, struct buf *out);

/*
 * A sentence of how many targets the patch covers and at which it has no effect; NULL if a step to
 * another position has nothing to say of it. Owned by mem.
 */
const char *report_reach(struct arena *mem, const struct report *r, bool whole);

/*
 * Since which commit a value is what it is: lines that begin as those of an explanation do, or the
 * cell of a table in markdown, owned by mem.
 */
void report_since_text(const struct since *since, struct buf *out);
const char *report_since_markdown(struct arena *mem, const struct since *since);

/* A path and its value a line, below it who sets it, what that hides, and since when. */
void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out);
void report_explain_markdown(const struct subject *subject, const char *target,
	const struct explanation *list, size_t count, const struct look *look, struct buf *out);

/* The step's warnings, in the order in which they are told; owned by mem. */
struct findings report_findings(struct arena *mem, const struct report *r, bool whole);

/* Adds why the staging directory of a step that is done is left; NULL: it is not. */
void report_left(struct arena *mem, const char *left, struct findings *f);

/* What became of a killed run, in one line without its end; it may have control characters. */
const char *report_recovery_line(struct arena *mem, const struct recovery_report *r);
void report_recovery_markdown(const struct recovery_report *r, struct buf *out);

/* The same as warnings of the run that has recovered it; none if nothing was left. */
struct findings report_recovery_findings(struct arena *mem, const struct recovery_report *r);

/* Adds names[0..n) with commas between; more than a handful are folded unless `whole`. */
void report_names(struct buf *out, const char *const *names, size_t n, bool whole);

#endif
