/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h - the patches in flight, as a person or a program reads them.
 *
 *	struct status_report r = { .fleet = &fleet, .patches = list, .count = n, ... };
 *
 *	status_text(mem, &r, &look, &out);
 *
 * One file a format, all from the same flights; none decides anything.
 */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <jansson.h>

#include "core/flight_detail.h"
#include "report/report.h"

/* All borrowed. */
struct status_report {
	const struct fleet *fleet;
	const struct surveyed *patches;
	size_t count;
	const struct findings *unreadable; /* applications or cluster types, each with the reason */
	const struct findings *warnings;   /* a person was told */
	bool wide;                         /* text: a table that names everything in each line */
	bool one;                          /* one patch was asked for: it is shown closely */
	const struct flight_detail *detail; /* of that one; NULL: its files were not read */
};

/* An application's heading and a line for each of its patches; or one patch as a tree. */
void status_text(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out);

/* The same for a pull request. */
void status_markdown(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out);

/*
 * The document of kind Status: promote-json(5). It is written piece by piece by `print`, since the
 * copies of a million files are hundreds of megabytes of text.
 */
int status_json(struct arena *mem, const struct status_report *r,
	int (*print)(struct str text, struct error *e), struct error *e);

/* What the formats for people share: words and pictures. Owned by mem. */

/*
 * "integration ●●● stage ●○ production ○○": the targets of each position of the first dimension;
 * how many of how many if those are many, and of the whole fleet if there are many such positions.
 */
const char *status_picture(
	struct arena *mem, const struct fleet *f, const struct flight *x, bool symbols);

/* "ready", "gate stage", "gap", "conflict with patch-002", "ready to integrate" */
const char *status_waits(struct arena *mem, const struct fleet *f, const struct flight *x);

/* "management-cluster/hypershift"; the cluster type alone if the application is NULL */
const char *status_home(struct arena *mem, const char *type, const char *application);

/* Whether both are patches of one application. */
bool status_same_home(const struct surveyed *a, const struct surveyed *b);

/* "3 patches in flight: 1 ready, 2 gate", "No patch is in flight" */
const char *status_summary(struct arena *mem, const struct status_report *r);

enum tint status_tint(enum flight_state state);

/* What is true of a position, in words. */
const char *status_place(enum flight_place place);

/* The tree of positions of the one patch, below it what it sets and what that does. */
void status_tree(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out);

/* The command that ends the wait of a patch for what is no person and no other file; or NULL. */
const char *status_mends(const struct flight *x);

#endif
