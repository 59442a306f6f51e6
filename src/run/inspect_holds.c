/* SPDX-License-Identifier: Apache-2.0 */
/* Holds that nobody can judge, and those that have ended. */
#include "core/hold_meet.h"
#include "core/instant.h"
#include "run/inspect_parts.h"

static void tell(const struct inspecting *x, struct arena *mem, const struct hold_list *all,
	const struct hold *h, struct findings *found)
{
	struct about about = hold_about(&x->session->fleet, h);

	if (h->wrong) {
		finding_add(mem, found, "bad-hold", about,
			arena_printf(
				mem, "%s; until then it holds all that it concerns", h->wrong));
	} else if (!hold_in_force(h, x->session->clock)) {
		about.hint = hold_release_shown(mem, &x->session->fleet, all, h);
		finding_add(mem, found, "expired-hold", about,
			arena_printf(mem, "it has ended at %s: %s (%s)",
				instant_text(mem, h->until), h->reason, h->by));
	}
}

/* The list is owned by mem. */
static void tell_all(struct inspecting *x, struct arena *mem, const struct hold_list *list)
{
	struct findings found = {
		.checked = true, .type = x->found.type, .application = x->found.application
	};

	for (size_t i = 0; i < list->count; i++) {
		const struct hold *h = &list->list[i];

		tell(x, mem, list, h, &found);
		if (i == 0 || strcmp(h->path, list->list[i - 1].path) != 0)
			inspect_comments(x, h->path);
	}
	findings_keep(x->mem, &x->found, &found);
}

void inspect_holds(struct inspecting *x, struct stop *stop)
{
	struct hold_list list = { 0 };

	hold_files_own(x->session->source, stop->names, stop->mem, &list);
	tell_all(x, stop->mem, &list);
}

void inspect_holds_above(struct inspecting *x, const char *directory)
{
	struct hold_list list = { 0 };

	hold_files_above(x->session->source, &x->session->fleet, x->mem, directory, &list);
	tell_all(x, x->mem, &list);
}
