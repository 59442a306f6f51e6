/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - config/config.yaml to a fleet.
 *
 *	dimensions: [environments, sectors, regions]
 *	sequence:
 *	  environments:
 *	    - name: integration
 *	      promotion: manual          # or automated, which is the default
 *	      sectors: [...]             # the next dimension; may be left out
 *	    - production                 # a position may be its name alone
 *	cluster_types: [{name: management-cluster}, infra-cluster]
 *
 * Other keys are left to other programs, except those that look like one of
 * ours misspelt or out of place: a gate lost to a typo would be no gate.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include "base/error.h"
#include "core/fleet.h"
#include "yaml/node.h"

enum {
	CONFIG_POSITIONS = 400 * 1000,
	CONFIG_PATH = 3072,              /* bytes of a position's path */
	CONFIG_PATHS = 48 * 1024 * 1024, /* bytes of all of them */
	CONFIG_EXPANSION =
		1100 * 1000, /* nodes that references may add: most of these are positions */
	CONFIG_DIMENSIONS = 32,
	CONFIG_TYPES = 1000,
};

/*
 * The fleet that the document describes; owned by mem, independent of the
 * document. Errors are of status FILES with file, line and column; on failure
 * *f is untouched.
 */
int config_fleet(struct arena *mem, const struct doc *doc, struct fleet *f, struct error *e);

#endif
