/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths.h - where the files of a fleet are, as paths from its root.
 */
#ifndef CORE_PATHS_H
#define CORE_PATHS_H

#include "core/fleet.h"

#define PATHS_CONFIG "config/config.yaml"

/* What a run is about. Names are single path parts; all borrowed. */
struct subject {
	const char *type;        /* the cluster type, "management-cluster" */
	const char *application; /* "hypershift" */
	const char *patch;       /* without its ending, "patch-001" */
};

/* "config/TYPE/defaults.yaml" */
const char *paths_defaults(struct arena *mem, const char *type);

/* "config/TYPE/APPLICATION" */
const char *paths_application(struct arena *mem, const struct subject *s);

/* "config/TYPE/APPLICATION/values.yaml" */
const char *paths_base(struct arena *mem, const struct subject *s);

/* "config/TYPE/APPLICATION/POSITION" */
const char *paths_position(struct arena *mem, const struct subject *s, const struct position *p);

/* "config/TYPE/APPLICATION/POSITION/PATCH.yaml" */
const char *paths_copy(struct arena *mem, const struct subject *s, const struct position *p);

/*
 * A command of this program for the subject's cluster type, application and patch, as words with a
 * line feed between them: see error_command(). `words` may be several, options included.
 */
const char *subject_command(struct arena *mem, const char *words, const struct subject *s);

/* A command of this program as a person can paste it into a shell: "promote retire edge gateway". */
const char *command_shown(struct arena *mem, const char *words);

/* The same of subject_command(). */
const char *subject_command_shown(struct arena *mem, const char *words, const struct subject *s);

/*
 * The patch's name without its ending, for a PATCH as typed: with or without
 * `.yaml`. NULL if it names no patch; *problem then says why.
 */
const char *paths_patch_name(struct arena *mem, const char *typed, const char **problem);

#endif
