/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect_parts.h - the parts of an inspection (inspect.h), for its own files.
 */
#ifndef RUN_INSPECT_PARTS_H
#define RUN_INSPECT_PARTS_H

#include "core/check.h"
#include "core/ignore.h"
#include "run/inspect.h"
#include "run/tour.h"

struct inspecting {
	struct arena *mem; /* borrowed; owns what is found */
	struct session *session;
	const struct inspection *what;
	struct findings found;
	struct ignores ignores;
	struct name_list incomplete; /* cluster types that have files that are broken */
	const char *siblings_type;   /* the cluster type that these are of; NULL: none yet */
	struct siblings siblings;
	bool excused;        /* comments of this application may ignore what was not found */
	struct error failed; /* what could not be read; a few are named */
	size_t failures;
};

/*
 * Takes over an error: a finding of this code, unless the error has a better one; if the system has
 * failed, one of the inspection.
 */
void inspect_problem(struct inspecting *x, const char *code, struct error *wrong);

/* Each file of an application that is broken, after it was seen that one of them is. */
void inspect_broken(struct inspecting *x, struct stop *stop);

/* Files of an application that were probably meant to be read, and are not. */
void inspect_strays(struct inspecting *x, struct stop *stop);

/* The same above applications: beside cluster types, and beside the applications of one. */
void inspect_beside_types(struct inspecting *x, const struct name_list *types);
void inspect_beside_applications(struct inspecting *x, const char *type);

/* Holds that cannot be judged or have ended: of an application, and of a directory above them. */
void inspect_holds(struct inspecting *x, struct stop *stop);
void inspect_holds_above(struct inspecting *x, const char *directory);

/* Whether what is rendered for the targets of a cluster type is what the files say. */
void inspect_rendered(struct inspecting *x, const char *type);

/* Whether a killed run has left a step, or another user. */
void inspect_unfinished(struct inspecting *x);

/* What the comments of a file ignore that nobody has read. */
void inspect_comments(struct inspecting *x, const char *path);

#endif
