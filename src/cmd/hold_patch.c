/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hold_patch.h"

#include "base/map.h"
#include "core/finding.h"
#include "core/paths.h"
#include "core/show.h"
#include "store/load/names.h"

struct flying {
	struct arena *mem;
	const char **list; /* names without their ending, each once */
	size_t count;
	struct map seen; /* by these names */
};

static void add_names(struct flying *f, const struct names *names)
{
	for (size_t i = 0; i < names->layer_count; i++) {
		const char *file = names->layers[i].name, *problem = NULL;

		if (!names_is_patch(file))
			continue;
		const char *patch = paths_patch_name(f->mem, file, &problem);
		void **slot = map_slot(&f->seen, str_of(patch));
		if (!*slot)
			*ARENA_PUSH(f->mem, f->list, f->count) = *slot = (void *)patch;
	}
}

/* The patches that have a copy in the scope. */
static struct flying find_patches(struct arena *mem, struct session *s, const struct subject *scope)
{
	struct flying f = { .mem = mem, .seen.mem = mem };
	struct source *source = s->source;
	struct names_list all = { 0 };
	struct names one;
	struct error ignored = { 0 };

	if (scope->application) {
		if (names_scan(mem, source, &s->fleet, scope, &one, &ignored) == 0)
			add_names(&f, &one);
	} else if (names_scan_all(mem, source, &s->fleet, &all, &ignored) == 0) {
		for (size_t i = 0; i < all.count; i++)
			if (!scope->type || strcmp(all.at[i].type, scope->type) == 0)
				add_names(&f, &all.at[i]);
	}
	disk_forget(&s->disk);
	error_free(&ignored);
	return f;
}

void hold_warn_patches(struct arena *mem, struct session *s, const struct subject *scope,
	const struct hold *hold, struct findings *warnings)
{
	const struct about about = {
		.hint = "if the name is wrong, release the hold and add one with the right name"
	};

	if (!hold->patch_count)
		return;
	struct flying f = find_patches(mem, s, scope);
	for (size_t i = 0; i < hold->patch_count; i++) {
		const char *patch = hold->patches[i];
		const char *near = str_nearest(patch, f.list, f.count);
		struct buf text = { .mem = mem };

		if (map_get(&f.seen, str_of(patch)))
			continue;
		show_printf(&text,
			"%s is not in flight here: the hold waits for a patch of that name", patch);
		if (near)
			show_printf(&text, "; did you mean %s?", near);
		finding_add(mem, warnings, "not-in-flight", about, text.at);
	}
}
