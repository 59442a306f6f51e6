/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.h - fleets of any size in a temporary directory, with half of their
 * targets placed, for the benchmark to take a step in.
 *
 *	fleet_config(root, &shape);
 *	fleet_place(root, &shape, SCATTERED);	again before each step
 *	fleet_drop(root);
 *
 * A call that fails ends the program with a message.
 */
#ifndef BENCH_FLEET_H
#define BENCH_FLEET_H

#include <stddef.h>

struct shape {
	unsigned environments;
	unsigned sectors;        /* of each environment */
	const unsigned *regions; /* of each sector of the fleet in turn, over and over */
	unsigned turns;          /* elements of regions */
};

enum placement {
	SCATTERED,    /* each target of the first half has a copy of its own */
	CONSOLIDATED, /* the widest positions possible have the copies */
	LAYERED,      /* sectors have the copies, and all of them an override of their own */
	FLIGHT,       /* sectors have two overrides each, and four patches are on their way */
};

#define FLEET_TYPE        "management-cluster"
#define FLEET_APPLICATION "application"
#define FLEET_PATCH       "patch-001"
#define FLEET_DIRECTORY   "config/" FLEET_TYPE "/" FLEET_APPLICATION

size_t fleet_targets(const struct shape *s);

/* Writes config/config.yaml below an empty directory. */
void fleet_config(const char *root, const struct shape *s);

/*
 * Makes a new directory of the application, with the patch at the first half of the
 * targets, and one more if the half would end with a sector. What it wrote
 * is on the disk when it returns. Returns the number of copies.
 */
size_t fleet_place(const char *root, const struct shape *s, enum placement placement);

/* Removes a directory and all below it, if it is there. */
void fleet_drop(const char *root);

#endif
