/* SPDX-License-Identifier: Apache-2.0 */
/*
 * since.h - the commit at which a value became what it is.
 */
#ifndef CORE_SINCE_H
#define CORE_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/record.h"

struct since {
	const char
		*commit; /* its full name; NULL: no commit has the value, and the rest is not set */
	const char *author; /* a name */
	const char *email;
	int64_t at;                /* when it was committed: seconds since 1970 */
	const char *subject;       /* of its message */
	const struct record *step; /* what its trailers tell; NULL: nothing that can be read */
	bool cut;                  /* a shallow clone has nothing older: the value may be */
};

#endif
