/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendered_check.h - whether rendered/CLUSTER_TYPE/TARGET/values.yaml is what the files say.
 *
 *	struct rendered_check check = { .mem = mem, .session = s, .type = type,
 *		.within = positions, .effect = &effect, .after = &after };
 *
 *	if (rendered_check_load(&check, e) < 0)
 *		...
 *	... the generator runs ...
 *	if (rendered_check(&check, &before, &changes, &found, e) < 0)
 *		... undo ...
 *
 * or, if none runs, rendered_stale(&check, &found).
 *
 * A file is right if it has the effective values that its target has after the step. A scalar that
 * YAML readers do not agree about may be what any of them makes of it (yaml/readers.h), and a
 * position's name that is a whole number may be one.
 */
#ifndef RUN_RENDERED_CHECK_H
#define RUN_RENDERED_CHECK_H

#include "run/session.h"
#include "core/effect.h"
#include "store/render/rendered.h"

/* The values of one cluster type. */
struct rendered_values {
	struct state *states; /* of all its applications, after the step */
	size_t count;
	const char *unread; /* why there are none; NULL: they were read, or not tried */
	bool read;
};

struct rendered_check {
	struct arena *mem; /* borrowed, as all that follows */
	struct session *session;
	const char *type;              /* the cluster type of the step */
	struct position_list within;   /* the positions at which the step may change targets */
	const struct effect *effect;   /* of the step */
	const struct state *after;     /* of the step's application */
	struct rendered_values values; /* of the type, once they are loaded */
};

/* Paths, owned by the check's arena. */
struct rendered_names {
	const char **list;
	size_t count;
};

struct rendered_found {
	/*
	 * rendered_check: what was wrong before, is right now, and is of no target that the step
	 * changes. rendered_stale: what is wrong now, of the targets that it changes.
	 */
	struct rendered_names stale;
	struct rendered_names outside; /* what else has changed and is of no target of the step */
	const char *unchecked;         /* why a file could not be compared; NULL: all were */
};

/* Whether anything was rendered for the cluster type. */
bool rendered_check_needed(const struct rendered_check *check);

/* Reads every application of the cluster type. Errors: FILES, SYSTEM. */
int rendered_check_load(struct rendered_check *check, struct error *e);

/*
 * Compares the files of the targets that the step changes and those that the generator has changed,
 * of other cluster types, too; other applications count as they are now. SYSTEM with each path that
 * differs, and if the applications were loaded and cannot be any more. If they were not loaded and
 * cannot be, that is no error, but found->unchecked.
 */
int rendered_check(struct rendered_check *check, const struct backup *before,
	const struct rendered_changes *changes, struct rendered_found *found, struct error *e);

/* found->outside of the same, if nothing is to be compared. */
void rendered_outside(struct rendered_check *check, const struct rendered_changes *changes,
	struct rendered_found *found);

/*
 * Compares the files of the targets that the step changes. The files below config/ may still be as
 * before it.
 */
void rendered_stale(struct rendered_check *check, struct rendered_found *found);

#endif
