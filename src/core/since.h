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
		*commit; /* its full name; NULL: no commit has the value, and nothing else is set */
	const char *abbreviation; /* of its name, as git makes it */
	const char *author;       /* his name */
	const char *email;
	int64_t at;          /* seconds since 1970: when it was committed */
	const char *subject; /* of its message */
	const struct record
		*step; /* what its message tells; NULL: nothing, or nothing that can be read */
	bool cut;      /* a shallow clone has nothing older: the value may be */
};

#endif
