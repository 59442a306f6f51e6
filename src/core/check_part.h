/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_part.h - what the parts of check.h share.
 */
#ifndef CORE_CHECK_PART_H
#define CORE_CHECK_PART_H

#include "core/branches.h"
#include "core/check.h"

/*
 * Files of one name and one text over the same files, which are looked at once. Numbers of such
 * places are like those of stacks, but tell the files' names apart.
 */
struct sighting {
	const struct layer *layer; /* of the first file */
	size_t position;           /* its position */
	uint32_t below;            /* the stack that it is put on */
	uint32_t owner;            /* its name: see branches.h */
	uint32_t unit;             /* its name and what it sets; from 1 */
	size_t files;
};

/* A patch, by the name of its file. */
struct patch {
	const char *file; /* "patch-001.yaml" */
	const char *name; /* "patch-001" */
	uint32_t owner;
	size_t *positions;           /* of its copies, in sequence order */
	const struct layer **copies; /* each of them */
	size_t count;
	bool alone; /* no other file but base layers sets one of its paths, or what is above or below */
};

struct check {
	struct arena *mem;
	const struct state *s; /* if a patch moves, only what concerns it is found */
	const struct siblings *known;
	bool whole;
	struct findings *f;
	struct branches all;
	struct sighting *sightings; /* by number, from 1 */
	size_t sighting_count;
	size_t unit_count;
	const uint32_t *
		place; /* by position: the number of its topmost file or of what it is below; 0: none */
	struct patch *
		patches; /* in the order in which they were seen; only the one that moves, if any */
	size_t patch_count;
	const struct layer **copies; /* of check_state; NULLs between */
	const struct layer **none;   /* NULLs */
	size_t *room;                /* for positions, as many as there are; for whoever needs it */
};

/* The number of a map's slot, from 1; a new one, *count + 1, if it has none yet. */
uint32_t check_number(struct arena *mem, void **slot, size_t *count);

/* Whether a file is looked at: in a step only copies of the patch that moves. */
bool check_wants(const struct check *c, const struct layer *layer);

/*
 * The patch as the one that moves, in a state of the same files. Only one at a time: call
 * check_state_end() before the next.
 */
struct state check_state(struct check *c, const struct patch *p);
void check_state_end(struct check *c, const struct patch *p);

/* What a finding about a file as a whole is about. */
struct about check_file(const struct check *c, const struct layer *layer, size_t position);

/* Adds " (and in 2 more files)" to what is said of the first of them. */
void check_more_files(struct buf *b, size_t files);

void check_values(struct check *c);
void check_copies(struct check *c);
void check_deciders(struct check *c);

#endif
