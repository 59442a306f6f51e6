/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/loss.h"

#include "core/lost_copies.h"
#include "store/git/head.h"
#include "store/render/process.h"

/* unknown: why HEAD could not be asked; NULL: it does not have these bytes */
static int refuse_loss(struct change *c, const struct head_file *files, size_t count,
	const struct position_list *at, const char *unknown)
{
	const struct position *positions = c->fleet.fleet.positions;
	const char *why = "git's HEAD does not have these bytes";
	size_t n = 0;

	if (unknown)
		why = arena_printf(
			c->mem, "whether git's HEAD has these bytes is not known (%s)", unknown);

	for (size_t i = 0; i < count; i++) {
		const struct about about = { .position = positions[at->list[i]].path,
			.file = files[i].path };

		if (files[i].kept)
			continue;
		if (n++ == 0)
			error_set(c->e, STATUS_REFUSED,
				"%s would be lost: %s; commit it first, or go on with --accept-loss",
				about.file, why);
		else
			error_detail(c->e, "  %s would be lost, too", about.file);
		error_about(c->e, about);
		error_blocker(c->e, about, "%s would be lost", about.file);
	}
	error_command(c->e, "--accept-loss");
	return error_code(c->e, "not-committed");
}

int loss_check(struct change *c)
{
	const struct position_list lost = lost_copies(c->mem, &c->now, &c->step.after);
	struct head_file *files = ARENA_NEW(c->mem, struct head_file, lost.count);
	const char *unknown = "no program is run in a fleet that is not trusted";
	bool all = true;

	if (!lost.count)
		return 0;
	for (size_t i = 0; i < lost.count; i++) {
		const struct layer *copy = c->now.copies[lost.list[i]];

		files[i] = (struct head_file){ .path = copy->path, .text = copy->doc->text };
	}
	if (c->fleet.trusted) {
		process_hold_signals();
		unknown = head_compare(c->mem, &c->fleet.root,
			paths_application(c->mem, &c->subject), files, lost.count);
		process_release_signals();
	}
	for (size_t i = 0; i < lost.count; i++)
		all = all && files[i].kept;
	return all ? 0 : refuse_loss(c, files, lost.count, &lost, unknown);
}
