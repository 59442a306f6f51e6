/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metadata.h - what a patch's metadata says, and what of it is lost when copies are removed.
 *
 * Copies that mean the same may have different metadata, which is for people: a ticket, a
 * reason. One of them is kept, so what the others have besides is told.
 */
#ifndef CORE_METADATA_H
#define CORE_METADATA_H

#include "core/finding.h"

/* metadata.description of a copy, if that is a scalar; else NULL. Owned by mem. */
const char *metadata_description(struct arena *mem, const struct layer *copy);

/* The same without line ends: those at its end go, others are spaces. "" for NULL. */
const char *metadata_one_line(struct arena *mem, const char *description);

/*
 * A warning for each value that a removed copy has otherwise than the one above it that is kept;
 * if none is kept, than the first copy. A few of many are told, more if `whole`, and then how
 * many there are.
 */
void metadata_findings(struct arena *mem, const struct state *before, const struct state *after,
	bool whole, struct findings *f);

#endif
