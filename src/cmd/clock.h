/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h - the time of a run: the one place that asks for it.
 *
 * PROMOTE_NOW in the environment, a time as core/instant.h reads it, stands in for the clock of the
 * system: for tests, and for who wants to know what a run will say then.
 */
#ifndef CMD_CLOCK_H
#define CMD_CLOCK_H

#include <stdint.h>

#include "base/error.h"

/* Seconds since 1970 in UTC. USAGE if PROMOTE_NOW is no time. */
int cmd_now(int64_t *now, struct error *e);

#endif
