/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - every step of a patch to its end, as a person or a program reads it.
 *
 *	struct plan_report r = { .now = &now, .path = &path, ... };
 *
 *	plan_text(mem, &r, &look, &out);
 *
 * One file a format, all from the same rollout; none decides anything.
 */
#ifndef REPORT_PLAN_H
#define REPORT_PLAN_H

#include <jansson.h>

#include "core/rollout.h"
#include "report/report.h"

/* All borrowed. */
struct plan_report {
	const struct state *now;
	const struct rollout *path;
	unsigned level;
	size_t to; /* the position that was asked for, or NOWHERE */
	/* why the step after the last one is refused; NULL if it is not, or there is none */
	const struct error *refusal;
	/*
	 * As a person types them: those of the refusal; and the ones that take the first step, or
	 * release the holds that it meets
	 */
	struct plan_commands {
		const char **list;
		size_t count;
	} refusal_commands, commands;
};

/* A table with a line for each step, and below it what is to be known of some of them. */
void plan_text(
	struct arena *mem, const struct plan_report *r, const struct look *look, struct buf *out);

/* The same for a pull request. */
void plan_markdown(struct arena *mem, const struct plan_report *r, struct buf *out);

/* The document of kind Plan: promote-json(5). It is written piece by piece by `print`. */
int plan_json(struct arena *mem, const struct plan_report *r,
	int (*print)(struct str text, struct error *e), struct error *e);

/* What the formats for people share, in words. Owned by mem. */

/* "edge/gateway/patch-001 covers 3 of 9 targets" */
const char *plan_head(struct arena *mem, const struct plan_report *r);

/* What a step does: the position that the patch comes to, "consolidation", "into values.yaml"; "not known". */
const char *plan_place(struct arena *mem, const struct fleet *f, enum step_kind kind, size_t next);

/* "a.b: v1 → v2, 2 more paths", "1 of 2 targets: a.b: v1 → v2", "no value changes" */
const char *plan_effect(
	struct arena *mem, const struct fleet *f, const struct rollout_step *s, bool symbols);

/* "hold, gate stage, stage/stage-sector-1"; "" if nothing is waited for. */
const char *plan_waits(struct arena *mem, const struct fleet *f, const struct rollout_step *s);

/*
 * What is to be known of some steps, a line each, in their order: the holds that they meet, the
 * parents that they leave alone, the layers that hide the patch or whose values they take over.
 * Each is told by the first step that has it.
 */
size_t plan_notes(struct arena *mem, const struct plan_report *r, const char ***notes);

/* The positions that it consolidates to, with commas between; "" for none. */
const char *plan_lifts(struct arena *mem, const struct fleet *f, const struct rollout_step *s);

/* "8 steps, 2 of them with a manual gate: then patch-001 is complete" */
const char *plan_summary(struct arena *mem, const struct plan_report *r);

#endif
