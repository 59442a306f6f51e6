/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start_edit.h - promote start --edit: the text of a new patch from a person's editor.
 *
 *	if (start_edit(mem, &request, &edited, e) < 0)
 *		return -1;
 *	rc = ... the run, with edited.text as of edited.file.path ...
 *	start_edit_end(&request, &edited, rc, e);
 *
 * No lock is held meanwhile: what the text becomes is decided afterwards, as if it were a file.
 */
#ifndef CMD_START_EDIT_H
#define CMD_START_EDIT_H

#include "cli/options.h"
#include "store/load/editor.h"

struct edit_request {
	const struct options *o;
	const char *at;          /* --at; NULL: not given */
	const char *description; /* NULL: not given */
	bool hotfix;
};

struct edited {
	struct editing file;
	struct str text;
};

/*
 * Errors: those of what can be refused before there is a patch; USAGE without an editor; SYSTEM if
 * that fails; WAITS if nothing was written. If there is something in the text, it is kept, and the
 * error says where.
 */
int start_edit(
	struct arena *mem, const struct edit_request *r, struct edited *out, struct error *e);

/* Removes the file, unless the run has failed, or was a dry one: then it says where the text is. */
void start_edit_end(struct arena *mem, const struct edit_request *r, const struct edited *ed,
	int rc, struct error *e);

#endif
