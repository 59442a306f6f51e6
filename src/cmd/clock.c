/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/clock.h"

#include <stdlib.h>
#include <time.h>

#include "core/instant.h"

int cmd_now(int64_t *now, struct error *e)
{
	const char *given = getenv("PROMOTE_NOW");

	if (!given) {
		*now = time(NULL);
		return 0;
	}
	const char *problem = instant_read(str_of(given), now);
	return problem ? error_set(e, STATUS_USAGE, "PROMOTE_NOW=%s %s", given, problem) : 0;
}
