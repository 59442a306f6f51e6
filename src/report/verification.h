/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verification.h - which commits of a range are legal, for a person and for programs.
 */
#ifndef REPORT_VERIFICATION_H
#define REPORT_VERIFICATION_H

#include "core/verification.h"
#include "report/document.h"

/* Legal and illegal commits; with look->whole those that are not judged, too. In whole lines. */
void report_verification_text(
	const struct verification *v, const struct look *look, struct buf *out);

/* The same for a pull request: a table, in which illegal ones come first. */
void report_verification_markdown(const struct verification *v, struct buf *out);

json_t *json_verification(struct arena *mem, const struct verification *v);

#endif
