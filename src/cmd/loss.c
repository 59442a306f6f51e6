/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/loss.h"

#include "core/lost_copies.h"
#include "store/git/head.h"
#include "store/render/process.h"

enum { NAMED = 8, LISTED = 256 };

int loss_refuse(const struct lost *lost, struct change *c)
{
	const char *why = "git's HEAD does not have these bytes";

	if (!lost->count)
		return 0;
	if (lost->unknown)
		why = arena_printf(c->mem, "whether git's HEAD has these bytes is not known (%s)",
			lost->unknown);
	for (size_t i = 0; i < lost->count; i++) {
		const struct about about = lost->list[i];

		if (i == 0)
			error_set(c->e, STATUS_REFUSED,
				"%s would be lost: %s; commit it first, or go on with --accept-loss",
				about.file, why);
		else if (i < NAMED)
			error_detail(c->e, "  %s would be lost, too", about.file);
		error_about(c->e, about);
		if (i < LISTED)
			error_blocker(c->e, about, "%s would be lost", about.file);
	}
	if (lost->count > NAMED)
		error_detail(c->e, "  and %zu more", lost->count - NAMED);
	error_command(c->e, "--accept-loss");
	return error_code(c->e, "not-committed");
}

/* Whether a copy that is left has the bytes of a file. */
static bool is_left(const struct state *after, struct str text)
{
	for (size_t i = 0; i < after->app->fleet->count; i++)
		if (after->copies[i] && str_equal(after->copies[i]->doc->text, text))
			return true;
	return false;
}

/* What HEAD has to be asked about. */
struct candidates {
	struct head_file *files;
	struct about *about; /* of each */
	size_t count, abouts;
};

static void add(
	struct change *c, struct candidates *all, const struct layer *file, const char *position)
{
	*ARENA_PUSH(c->mem, all->files, all->count) =
		(struct head_file){ .path = file->path, .text = file->file->text };
	*ARENA_PUSH(c->mem, all->about, all->abouts) =
		(struct about){ .position = position, .file = file->path };
}

struct lost loss_find(struct change *c)
{
	const struct position_list removed = lost_copies(c->mem, &c->now, &c->step.after);
	const struct astray_copies *astray = &c->step.astray;
	struct candidates all = { 0 };
	struct lost lost = { .unknown = "no program is run in a fleet that is not trusted" };

	for (size_t i = 0; i < removed.count; i++)
		add(c, &all, c->now.copies[removed.list[i]],
			c->fleet.fleet.positions[removed.list[i]].path);
	for (size_t i = 0; i < astray->count; i++)
		if (!is_left(&c->step.after, astray->list[i]->file->text))
			add(c, &all, astray->list[i], NULL);
	if (!all.count)
		return lost;
	if (c->fleet.trusted) {
		process_hold_signals();
		lost.unknown = head_compare(c->mem, &c->fleet.root,
			paths_application(c->mem, &c->subject), all.files, all.count);
		process_release_signals();
	}
	for (size_t i = 0; i < all.count; i++)
		if (!all.files[i].kept)
			*ARENA_PUSH(c->mem, lost.list, lost.count) = all.about[i];
	return lost;
}
