/* SPDX-License-Identifier: Apache-2.0 */
#include "core/obstacles.h"

#include <string.h>

#include "yaml/merge.h"

enum { ASKED = 100 * 1000 }; /* changes of a target for which what is in the way is looked up */

/* "production/override.yaml:4 sets a.b to 77.8.0" */
static const char *text_of(struct arena *mem, const struct setter *s, const char *path)
{
	struct buf b = { .mem = mem };

	if (!s->layer)
		return arena_printf(mem, "nothing sets %s then", path);
	buf_printf(&b, "%s:%u sets %s", s->layer->path, s->node->place.line, path);
	if (yaml_is_void(s->node))
		buf_puts(&b, " to null");
	else if (s->node->kind == NODE_SCALAR)
		buf_printf(&b, " to %s", s->node->value.len ? s->node->value.at : "\"\"");
	return b.at;
}

static void add(struct arena *mem, struct obstacles *o, const struct setter *s, const char *path,
	const char *target)
{
	const bool override = setter_is_override(s);

	if (s->layer && s->layer->patch)
		o->patches = true;
	else if (!override)
		o->bases = true;
	for (size_t i = 0; i < o->count; i++)
		if (o->list[i].layer == s->layer && strcmp(o->list[i].about.key, path) == 0)
			return;
	if (o->count == OBSTACLES_NAMED) {
		o->more = true;
		return;
	}
	o->list[o->count++] = (struct in_the_way){
		.layer = s->layer,
		.override = override,
		.about = { .position = target,
			.file = s->layer ? s->layer->path : NULL,
			.line = s->layer ? s->node->place.line : 0,
			.column = s->layer ? s->node->place.column : 0,
			.key = path },
		.text = text_of(mem, s, path),
	};
}

/* Targets that change alike may do so for different files. */
struct obstacles obstacles_find(
	struct arena *mem, const struct effect *effect, const struct state *after)
{
	const struct position *positions = after->app->fleet->positions;
	struct obstacles o = { .count = 0 };
	size_t asked = 0;

	for (size_t g = 0; g < effect->count; g++) {
		const struct effect_group *group = &effect->groups[g];

		for (size_t i = 0; i < group->count; i++)
			for (size_t t = 0; t < group->target_count; t++) {
				const char *path = group->changes[i].path;
				const struct keypath keys = keypath_known(mem, path);

				if (o.more && ++asked > ASKED)
					return o;
				struct setter s = setter_of(after, group->targets[t], &keys);

				add(mem, &o, &s, path, positions[group->targets[t]].path);
			}
	}
	return o;
}

void obstacles_tell(const struct obstacles *o, struct error *e)
{
	for (size_t i = 0; i < o->count; i++) {
		error_detail(e, "  %s", o->list[i].text);
		error_about(e, o->list[i].about);
		error_blocker(e, o->list[i].about, "%s", o->list[i].text);
	}
	if (o->more)
		error_detail(e, "  and more");
}
