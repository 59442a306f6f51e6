/* SPDX-License-Identifier: Apache-2.0 */
#include "run/unfinished.h"

#include <fcntl.h>

#include "store/txn/recover.h"

int unfinished_check(struct arena *mem, struct session *s, struct error *e)
{
	const struct lock_wait at_once = { 0 };
	struct stat st;

	if (s->commit || fstatat(s->root.fd, STAGING_DIR, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	const int lock = lock_take(&s->root, LOCK_TO_READ, &at_once, e);
	if (lock < 0 && e->status == STATUS_HELD) {
		error_free(e);
		return 0;
	}
	int rc = lock < 0 ? -1 : recover_check(mem, &s->root, false, e);
	if (lock >= 0)
		lock_release(lock);
	if (rc < 0)
		error_about(e,
			(struct about){ .file = STAGING_DIR,
				.hint = "promote recover finishes or undoes a step of one's own" });
	return rc;
}

void unfinished_finding(struct arena *mem, struct session *s, struct findings *f)
{
	struct error e = { 0 };
	struct findings one = { 0 };

	if (unfinished_check(mem, s, &e) == 0)
		return;
	finding_add(mem, &one, "unfinished-step", e.about, e.text);
	findings_keep(mem, f, &one);
	error_free(&e);
}
