/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyglob.h - a path of values in which stars are open, and where it leads.
 *
 *	applications.*.source.targetRevision	every application
 *	applications.gateway.image-*		every key that begins with "image-"
 *	**.targetRevision			at any depth
 *	applications.gateway.**			every value below
 *	a."*"					the key that is a star
 *
 * A star in a part that is not quoted is any number of characters of one key, or of the index of
 * a list's item. The part `**` is any number of parts, also none; at the end of a path it is every
 * value below: what is not a mapping with keys, lists as a whole. A path has at most one.
 * Everything else is as in keypath.h.
 *
 *	keyglob_parse(mem, text, &glob, e);
 *	keyglob_find(&glob, stacks, mem, stack, found, context);
 */
#ifndef CORE_KEYGLOB_H
#define CORE_KEYGLOB_H

#include "core/keypath.h"
#include "core/view.h"

enum glob_kind { GLOB_KEY, GLOB_STAR, GLOB_ANY };

struct glob_part {
	enum glob_kind kind;
	struct str text;    /* of a key, or with stars */
	struct str spelled; /* the key, if text is what a file may write for it: 0x1F is 31 */
};

struct keyglob {
	const struct glob_part *parts; /* owned by the arena */
	size_t count;
	bool open; /* it has a star that may lead to more than one place */
	bool deep; /* it ends with `**` */
};

/* Errors: USAGE, those of keypath_parse(), and for a second `**`. */
int keyglob_parse(struct arena *mem, const char *text, struct keyglob *glob, struct error *e);

/* The glob that leads to this one path alone, as keypath.h has it. Cannot fail. */
struct keyglob keyglob_of_path(struct arena *mem, const char *path);

/* A place that is there: its path, which is valid during the call, and what the layers have. */
typedef void keyglob_found(void *context, struct str path, const struct view *v);

/*
 * Calls `found` for each place in the values of a stack, in the order of their keys. Nothing is
 * merged; mem gets what is needed on the way, and what views have. Takes from the allowance of
 * diff_work(): with diff_work(s, 0) false some places were left out.
 */
void keyglob_find(const struct keyglob *glob, struct stacks *s, struct arena *mem, uint32_t stack,
	keyglob_found *found, void *context);

#endif
