/* SPDX-License-Identifier: Apache-2.0 */
#include "core/astray.h"

#include <string.h>

#include "core/paths.h"

enum { NAMED = 8, LISTED = 256 };

/* The position whose path is most like that of the file's directory, or NULL. */
static const char *meant_position(
	struct arena *mem, const struct application *app, const struct astray *a)
{
	const struct subject s = { .type = app->type, .application = app->name };
	size_t skip = strlen(paths_application(mem, &s)) + 1;
	const char *below = a->path + skip, *end = strrchr(below, '/');

	/* in the application's own directory */
	return end ? fleet_nearest(mem, app->fleet, arena_copy(mem, below, (size_t)(end - below)))
		   : NULL;
}

/* Whether only its place is wrong, so that promote retire --at-unknown-positions removes it. */
static bool is_copy(const struct astray *a)
{
	const char *name = strrchr(a->path, '/') + 1;

	return a->position == NOWHERE && strcmp(name, a->meant) == 0 &&
		strncmp(name, "patch-", strlen("patch-")) == 0;
}

static const char *hint_of(struct arena *mem, const struct application *app, const struct astray *a)
{
	const struct subject s = { app->type, app->name,
		arena_copy(mem, a->meant, strlen(a->meant) - strlen(".yaml")) };

	return arena_printf(mem, "move it to a position of the fleet, or remove it%s%s",
		is_copy(a) ? ": " : "",
		is_copy(a) ? subject_command_shown(mem, "retire\n--at-unknown-positions", &s) : "");
}

void astray_finding(struct arena *mem, const struct application *app, const struct astray *a,
	struct findings *f)
{
	const char *name = strrchr(a->path, '/') + 1;
	bool renamed = strcmp(name, a->meant) != 0;
	struct about about = { .file = a->path, .hint = hint_of(mem, app, a) };
	const char *position = NULL;
	struct buf b = { .mem = mem };

	buf_puts(&b, a->path);
	if (a->position == NOWHERE && strcmp(a->meant, "values.yaml") != 0) {
		position = meant_position(mem, app, a);
		buf_puts(&b, " is not at a position of " PATHS_CONFIG " and is ignored");
	} else {
		about.hint = arena_printf(mem, "rename it to %s, or remove it", a->meant);
		buf_puts(&b, " is ignored");
	}
	if (a->position != NOWHERE)
		about.position = app->fleet->positions[a->position].path;
	if (position)
		buf_printf(&b, "; did you mean %s%s%s?", position, renamed ? "/" : "",
			renamed ? a->meant : "");
	else if (renamed)
		buf_printf(&b, "; did you mean %s?", a->meant);
	else if (is_copy(a))
		buf_puts(&b, "; 'promote retire --at-unknown-positions' removes it");
	finding_add(mem, f, "stray-file", about, b.at);
}

void astray_findings(struct arena *mem, const struct application *app, const char *name, bool whole,
	struct findings *f)
{
	const size_t most = whole ? LISTED : NAMED;
	size_t n = 0;

	for (size_t i = 0; i < app->astray_count; i++)
		if (!name || strcmp(app->astray[i].meant, name) == 0)
			if (n++ < most)
				astray_finding(mem, app, &app->astray[i], f);
	if (n > most)
		finding_add(mem, f, "stray-file", (struct about){ 0 },
			arena_printf(mem, "%zu more such files are ignored", n - most));
}

bool astray_has(struct arena *mem, const struct application *app, const char *file)
{
	for (size_t i = 0; i < app->astray_count; i++)
		/* untested: no copies of other patches are among them */
		if (is_copy(&app->astray[i]) && strcmp(app->astray[i].meant, file) == 0 &&
			!meant_position(mem, app, &app->astray[i]))
			return true;
	return false;
}
