/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assume.h - conditions that hold if the code is right, and are checked nevertheless.
 *
 *	if (NEVER(pid <= 0)) // to kill that would be to kill ourselves
 *		return;
 *
 * ALWAYS(x) and NEVER(x) are x. Where asserts are compiled, one that is wrong ends the process;
 * where they are not, the code goes on with what it does then. For tools/coverage (COVERAGE) their
 * value is constant, so that no test is asked for the other direction. They are not for what
 * memory, a disk or another program can make true.
 */
#ifndef ASSUME_H
#define ASSUME_H

#include <assert.h>
#include <stdbool.h>

#ifdef COVERAGE
#define ASSUMED(is_so) ((void)(is_so), true)
#else
#define ASSUMED(is_so) is_so
#endif

#define ALWAYS(x)                                                                                  \
	({                                                                                         \
		const bool is_so = (x);                                                            \
		assert(is_so && "always: " #x);                                                    \
		ASSUMED(is_so);                                                                    \
	})
#define NEVER(x) (!ALWAYS(!(x)))

#endif
