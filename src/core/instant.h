/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instant.h - a time as RFC 3339 writes it in UTC: "2026-11-30T18:00:00Z".
 *
 *	int64_t at;
 *	const char *problem = instant_read(text, &at);
 *	if (problem)
 *		... "--until=TEXT: " and the problem ...
 *
 * There is one spelling of a second: capital T and Z, no offset, no parts of a second, and no leap
 * second, which the clock of the system does not have either. So times can be compared as texts,
 * too. Years are 0000 to 9999, in the calendar of today for all of them.
 */
#ifndef CORE_INSTANT_H
#define CORE_INSTANT_H

#include <stdint.h>

#include "base/str.h"

/* Seconds since 1970-01-01T00:00:00Z, or a few words on what is wrong. */
const char *instant_read(struct str text, int64_t *at);

/* The text of a time; one out of the range of years is written as the nearest that is in it. */
const char *instant_text(struct arena *mem, int64_t at);

#endif
