/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h - a fleet from its config.yaml, and which cluster types and applications it has.
 *
 *	if (load_fleet(mem, source, &fleet, &config, e) < 0 ||
 *	    load_subject(mem, source, &fleet, &subject, e) < 0)
 *		return -1;
 */
#ifndef STORE_LOAD_LOAD_H
#define STORE_LOAD_LOAD_H

#include "core/paths.h"
#include "store/load/source.h"

/* Reads config/config.yaml; *file is what was read. Both are owned by mem. */
int load_fleet(struct arena *mem, struct source *source, struct fleet *f, struct file *file,
	struct error *e);

/* Names of cluster types or of applications, owned by the arena. */
struct name_list {
	const char **at;
	size_t count;
};

/*
 * The cluster types in the order of config.yaml, or if it lists none, the directories of
 * config/ in byte order.
 */
int load_types(struct arena *mem, struct source *source, const struct fleet *f,
	struct name_list *types, struct error *e);

/* The directories of the cluster type in byte order. 1, or 0 if the type has no directory, or -1. */
int load_applications(struct arena *mem, struct source *source, const char *type,
	struct name_list *applications, struct error *e);

/*
 * Checks that the subject's cluster type is one of the fleet's, and that its application, unless
 * it is NULL, is a directory of it. FILES otherwise, with the names that exist and the one that
 * was probably meant.
 */
int load_subject(struct arena *mem, struct source *source, const struct fleet *f,
	const struct subject *s, struct error *e);

#endif
