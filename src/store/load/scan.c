/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/scan.h"

int scan_application(struct contents *contents, const struct fleet *f, const struct subject *s,
	struct scanned *out, struct error *e)
{
	struct scanned made;

	if (names_scan(contents->mem, contents->source, f, s, &made.names, e) < 0 ||
		contents_application(contents, &made.names, s->patch, &made.app, e) < 0)
		return -1;
	*out = made;
	return 0;
}
