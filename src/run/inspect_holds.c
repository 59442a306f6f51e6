/* SPDX-License-Identifier: Apache-2.0 */
/* Holds that nobody can judge, and those that have ended. */
#include "core/hold_meet.h"
#include "core/instant.h"
#include "run/inspect_parts.h"

static void tell(struct inspecting *x, const struct hold *h)
{
	struct about about = hold_about(&x->session->fleet, h);

	if (h->wrong) {
		finding_add(x->mem, &x->found, "bad-hold", about,
			arena_printf(
				x->mem, "%s; until then it holds all that it concerns", h->wrong));
	} else if (!hold_in_force(h, x->session->clock)) {
		about.hint = "remove it";
		finding_add(x->mem, &x->found, "expired-hold", about,
			arena_printf(x->mem, "it has ended at %s: %s (%s)",
				instant_text(x->mem, h->until), h->reason, h->by));
	}
}

static void tell_all(struct inspecting *x, const struct hold_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct hold h = list->list[i];

		h.path = arena_copy(x->mem, h.path, strlen(h.path)); /* may be of the stop */
		tell(x, &h);
		if (i == 0 || strcmp(h.path, list->list[i - 1].path) != 0)
			inspect_comments(x, h.path);
	}
}

void inspect_holds(struct inspecting *x, struct stop *stop)
{
	struct hold_list list = { 0 };

	hold_files_own(&x->session->disk.source, stop->names, x->mem, &list);
	tell_all(x, &list);
}

void inspect_holds_above(struct inspecting *x, const char *directory)
{
	struct hold_list list = { 0 };

	hold_files_above(&x->session->disk.source, &x->session->fleet, x->mem, directory, &list);
	tell_all(x, &list);
}
