/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.h - what people have said shall wait: the holds of a hold.yaml.
 *
 *	- reason: freeze for the holidays
 *	  by: Ann
 *	  since: "2026-12-18T16:00:00Z"
 *	  until: "2027-01-04T08:00:00Z"	# optional; it holds no more from this second on
 *	  patches: [patch-001]		# optional: all
 *	  positions: [live/live-rest]	# optional: all that the file holds
 *
 * The file is in config/, and holds the whole fleet; in the directory of a cluster type, of an
 * application, or of one of its positions, and holds what is in it. `positions` are full paths,
 * and in the file of a position that one or below it. `since` is told, and bounds nothing: clocks
 * differ, and a hold that waits for its time would be none.
 *
 * A file or an item that cannot be judged is a hold, too: `wrong` says why, and it holds all of
 * each application that it concerns until somebody mends it.
 *
 * hold_meet.h says which holds a step meets.
 */
#ifndef CORE_HOLD_H
#define CORE_HOLD_H

#include "base/error.h"
#include "core/fleet.h"
#include "yaml/node.h"

#define HOLD_FILE "hold.yaml"

enum { HOLD_BYTES = 1024 * 1024, HOLD_EXPANSION = 10 * 1000 };

#define HOLD_OPEN INT64_MAX /* it has no end */

struct file;

struct hold {
	const char *path;   /* of the file, from the root */
	struct place place; /* of the item in it; line 0: the file as a whole */
	size_t position;    /* whose directory the file is in; NOWHERE: an application's or above */
	const char *wrong;  /* why it cannot be judged; else NULL, and what follows is set */
	bool unlisted;      /* wrong, and no file: path is a directory that cannot be listed */
	const char *reason, *by;
	int64_t since, until;
	const char **patches; /* without their ending, as in the file; NULL: all */
	size_t patch_count;
	struct position_list positions; /* in the order of the file; none: all */
};

/* A file that was read for its holds. */
struct hold_file {
	const char *path;
	struct str text;
	unsigned mode;           /* permission bits */
	const struct file *file; /* of both, and the stamp */
};

struct hold_list {
	struct hold *list; /* from the fleet's file down to those of positions, in sequence order */
	size_t count;
	struct hold_file *files; /* in the same order; not those that could not be read */
	size_t file_count;
};

/*
 * Adds the holds of a file to the list, and one that is wrong for each problem. Owned by mem, or
 * borrowed from the document, like its name.
 */
void hold_read(struct arena *mem, const struct fleet *f, const struct doc *doc, size_t position,
	struct hold_list *out);

/* Adds one for a file that cannot be read at all, or is not read: all is borrowed. */
void hold_add_wrong(struct arena *mem, const char *path, struct place place, const char *wrong,
	struct hold_list *out);

/* The same for an error, whose text may begin with the path and the place. */
void hold_add_error(
	struct arena *mem, const char *path, const struct error *e, struct hold_list *out);

/* Whether one of the list is of this file. */
bool hold_has_file(const struct hold_list *holds, const char *path);

/* Whether it holds at this time, in seconds: a wrong one always does. */
bool hold_in_force(const struct hold *h, int64_t now);

/* Whether it concerns a patch, without its ending; NULL: any. */
bool hold_concerns(const struct hold *h, const char *patch);

/* Whether it holds position p. */
bool hold_covers(const struct hold *h, const struct fleet *f, size_t p);

/* FILES: what is wrong with one whose file is to be changed. */
int hold_refuse_wrong(struct arena *mem, const struct hold *h, struct error *e);

/* "config/edge/hold.yaml:1:3", or the path alone. */
const char *hold_place(struct arena *mem, const struct hold *h);

/*
 * It in a line, as it is in the file: "config/edge/hold.yaml:1:3: freeze for the holidays (Ann,
 * until 2027-01-04T08:00:00Z, patch-001, at live)". Control characters are not escaped.
 */
const char *hold_text(struct arena *mem, const struct fleet *f, const struct hold *h);

#endif
