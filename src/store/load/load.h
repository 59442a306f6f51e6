/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h - a fleet from its files, and a run's subject checked against them.
 *
 *	struct load load;
 *	if (load_fleet(mem, &root, &fleet, &stamp, e) < 0 ||
 *	    load_subject(mem, &root, &fleet, &subject, e) < 0)
 *		return -1;
 */
#ifndef STORE_LOAD_LOAD_H
#define STORE_LOAD_LOAD_H

#include "core/paths.h"
#include "store/tree/tree.h"

/* Reads config/config.yaml; *stamp tells its file. The fleet is owned by mem. */
int load_fleet(struct arena *mem, const struct root *root, struct fleet *f, struct stamp *stamp,
	struct error *e);

/*
 * That the cluster type is one of the fleet's, and the application a folder of
 * it. FILES otherwise, with the names there are and one that may be meant.
 */
int load_subject(struct arena *mem, const struct root *root, const struct fleet *f,
	const struct subject *s, struct error *e);

/*
 * The same for a cluster type alone; *applications becomes the names of its
 * folders in byte order, owned by mem. Returns how many, or -1.
 */
int load_applications(struct arena *mem, const struct root *root, const struct fleet *f,
	const char *type, const char *const **applications, struct error *e);

#endif
