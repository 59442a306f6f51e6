/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/site.h"

#include <inttypes.h>
#include <stdio.h>

#define NUMBERS(scan) "%" scan " %" scan " %" scan " %" scan " %" scan " %" scan

int site_of(int root, int staging, struct site *p)
{
	identity_boot(p->boot);
	return identity_open(root, &p->root) < 0 ? -1 : identity_open(staging, &p->staging);
}

bool site_same(const struct site *a, const struct site *b)
{
	const bool same_boot = identity_same_boot(a->boot, b->boot);

	return identity_same(&a->root, &b->root, same_boot) &&
		identity_same(&a->staging, &b->staging, same_boot);
}

void site_print(const struct site *p, char out[SITE_TEXT])
{
	const struct identity *r = &p->root, *s = &p->staging;

	snprintf(out, SITE_TEXT, "%s " NUMBERS(PRIu64), p->boot, r->device, r->inode, r->born,
		s->device, s->inode, s->born);
}

bool site_read(struct str text, struct site *p)
{
	char line[SITE_TEXT], again[SITE_TEXT];
	struct site read = { { 0 }, { 0, 0, 0 }, { 0, 0, 0 } };
	struct identity *r = &read.root, *s = &read.staging;

	if (text.len >= sizeof(line))
		return false;
	snprintf(line, sizeof(line), "%.*s", (int)text.len, text.at);
	/* what does not fit into a number differs when it is printed */
	/* NOLINTNEXTLINE(cert-err34-c) */
	if (sscanf(line, "%36s " NUMBERS(SCNu64), read.boot, &r->device, &r->inode, &r->born,
		    &s->device, &s->inode, &s->born) != 7)
		return false;
	site_print(&read, again);
	if (!str_is(text, again))
		return false;
	*p = read;
	return true;
}
