/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - the whole fleet as one page of HTML, which needs no server, no network and no other
 * file.
 *
 *	struct board board;
 *
 *	board_start(&board, mem, &fleet);
 *	board_begin(&board, "edge", "gateway", NULL);	for each application, in the order of the fleet
 *	board_patch(&board, scratch, flight, detail);	for each of its patches
 *	board_end(&board);
 *	board_versions(&board, "edge", matrix);		for each cluster type
 *	board_write(&board, findings, &out);
 *
 * The page is that of page.html, page.css and the scripts beside them, with data in it: a JSON
 * object that only these scripts read, so it may change from version to version. Positions and
 * targets are numbers there, and targets ranges of numbers, so that thousands of patches in
 * hundreds of positions take a few megabytes. All values are texts, as a person is to see them:
 * numbers keep their digits.
 *
 * Nothing is kept of what a call is given but its text in the page.
 */
#ifndef REPORT_BOARD_BOARD_H
#define REPORT_BOARD_BOARD_H

#include "core/finding.h"
#include "core/flight_detail.h"
#include "core/matrix.h"

struct board {
	struct arena *mem;         /* borrowed; owns the texts */
	const struct fleet *fleet; /* borrowed */
	size_t *ordinals;          /* by position: how many targets come before it */
	struct buf applications, versions;
	bool first; /* no patch of the application was added yet */
};

void board_start(struct board *b, struct arena *mem, const struct fleet *fleet);

/* application: NULL if the cluster type cannot be listed. wrong: why its files cannot be read, or NULL. */
void board_begin(
	struct board *b, const char *type, const char *application, const struct error *wrong);

/*
 * A patch of the application. detail: NULL if nothing is known of what it does. mem: for the time
 * of the call. What a large patch does is cut, with a count of what is left out.
 */
void board_patch(struct board *b, struct arena *mem, const struct flight *f,
	const struct flight_detail *detail);

void board_end(struct board *b);

void board_versions(struct board *b, const char *type, const struct matrix *m);

void board_write(struct board *b, const struct findings *found, struct buf *out);

#endif
