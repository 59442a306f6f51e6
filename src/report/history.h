/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.h - what became of a patch, as a person or a program reads it.
 *
 *	struct history_report r = { .subject = &subject, .history = &h, ... };
 *
 *	history_text(mem, &r, &look, &out);
 *
 * One file a format, all from the same history; none decides anything.
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include <jansson.h>

#include "core/history.h"
#include "report/report.h"

/* All borrowed. */
struct history_report {
	const struct subject *subject;
	const struct history *history;   /* with at least one event */
	const char *commit;              /* whose history it is: full name */
	int64_t now;                     /* seconds since 1970 in UTC */
	const struct findings *warnings; /* a person was told */
};

/* A table of positions, and one of commits. */
void history_text(struct arena *mem, const struct history_report *r, const struct look *look,
	struct buf *out);

/* The same for a pull request. */
void history_markdown(struct arena *mem, const struct history_report *r, struct buf *out);

/* The document of kind History: promote-json(5). */
json_t *json_history(struct arena *mem, const struct history_report *r);

/* What the formats share, in words. Owned by mem. */

/* "in-flight", "integrated", "retired", "rolled-back", "removed" */
const char *history_state(const struct history *h);

/* "edge/gateway/patch-001 was integrated on 2026-11-20T09:00:00Z by Jane Doe in 0123456789ab" */
const char *history_head(struct arena *mem, const struct history_report *r);

/* That the clone is shallow. A line with its end. */
const char *history_cut(struct arena *mem, const struct history_report *r);

/* "12d 4h", "5m 3s" */
const char *history_span(struct arena *mem, int64_t seconds);

/* How long a stay lasted; until now if it has not ended. */
int64_t history_seconds(const struct history_report *r, const struct history_stay *stay);

/* "promote to live/rest; gates: Jane Doe <jane@example.com> (live)" */
const char *history_words(struct arena *mem, const struct history_event *e);

/* Whether a position above has the same stays, so that this one tells nothing new. */
bool history_is_told(const struct history *h, size_t place);

#endif
