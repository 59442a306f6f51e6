/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are broken, and files that nobody reads. */
#include "run/inspect_parts.h"

#include <string.h>
#include <strings.h>

#include "core/astray.h"
#include "yaml/read.h"

void inspect_comments(struct inspecting *x, const char *path)
{
	struct source *source = x->session->source;
	const struct arena_mark mark = arena_mark(x->mem);
	struct error unread = { 0 };
	struct file file;

	if (source->read(source, x->mem, path, YAML_VALUES_BYTES, &file, &unread) > 0 &&
		ignore_mentioned(file.text))
		ignores_add(&x->ignores, path, ignore_read(x->mem, file.text));
	else
		arena_rewind(x->mem, mark);
	error_free(&unread);
}

/*
 * Reads a file again, which may be what was wrong. Whether it can be read: as if it were alone,
 * since some limits are for all files together.
 */
static bool try_file(struct inspecting *x, struct stop *stop, const char *path, bool patch)
{
	const struct arena_mark mark = arena_mark(stop->mem);
	const struct layer *layer = NULL;
	struct contents alone;
	struct error wrong = { 0 };

	contents_init(&alone, stop->mem, stop->contents->source);
	const bool right = contents_read(&alone, path, patch, &layer, &wrong) >= 0;
	if (!right)
		inspect_problem(x, "broken-yaml", &wrong);
	arena_rewind(stop->mem, mark);
	return right;
}

void inspect_broken(struct inspecting *x, struct stop *stop)
{
	const struct subject s = { .type = stop->type, .application = stop->application };
	const struct names *names = stop->names;
	const char *home = paths_application(stop->mem, &s), *application = x->found.application;
	bool right = true;

	x->found.application = NULL;
	right &= try_file(x, stop, paths_defaults(stop->mem, s.type), false);
	x->found.application = application;
	right &= try_file(x, stop, paths_base(stop->mem, &s), false);
	for (size_t i = 0; i < names->layer_count; i++) {
		const struct layer_name *l = &names->layers[i];
		const char *position = names->fleet->positions[l->position].path;

		right &= try_file(x, stop,
			arena_printf(stop->mem, "%s/%s/%s", home, position, l->name),
			names_is_patch(l->name));
	}
	/* each can be read, but not all of them together */
	if (right)
		inspect_problem(x, "broken-yaml", stop->wrong);
}

static bool has_base(struct stop *stop)
{
	const struct subject s = { .type = stop->type, .application = stop->application };
	struct source *source = stop->contents->source;
	const char *path = paths_base(stop->mem, &s);
	struct error unread = { 0 };
	struct file file;
	int found = source->read(source, stop->mem, path, YAML_VALUES_BYTES, &file, &unread);

	error_free(&unread);
	return found != 0;
}

void inspect_strays(struct inspecting *x, struct stop *stop)
{
	const struct names *names = stop->names;
	const struct application app = {
		.fleet = names->fleet, .type = stop->type, .name = stop->application
	};
	struct findings found = {
		.checked = true, .type = x->found.type, .application = x->found.application
	};

	for (size_t i = 0; i < names->stray_count; i++) {
		const struct astray *a = &names->strays[i];

		/* beside a values.yaml there may be any other */
		if (strcmp(a->meant, "values.yaml") == 0 && has_base(stop))
			continue;
		astray_finding(stop->mem, &app, a, &found);
		inspect_comments(x, a->path);
	}
	findings_keep(x->mem, &x->found, &found);
}

static void add_stray(struct inspecting *x, const char *path, const char *text, const char *hint)
{
	finding_add(x->mem, &x->found, "stray-file", (struct about){ .file = path, .hint = hint },
		text);
	inspect_comments(x, path);
}

static bool is_layer(const char *name)
{
	return names_is_patch(name) || strcmp(name, "override.yaml") == 0;
}

/* Whether a file was probably meant to have this name, "defaults.yaml": its ending, case or plural. */
static bool is_nearly(const char *name, const char *meant)
{
	const char *dot = strrchr(name, '.');
	const size_t stem = strlen(meant) - strlen(".yaml");
	const size_t n = dot ? (size_t)(dot - name) : strlen(name);

	if (strcmp(name, meant) == 0 || n > stem || n + 1 < stem ||
		(n < stem && meant[stem - 1] != 's'))
		return false;
	return strncasecmp(name, meant, n) == 0 &&
		(!dot || strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

/*
 * A file above all positions: one that is read only at a position, or one that nearly has the name
 * `meant`.
 */
static void look_at_file(
	struct inspecting *x, const char *directory, const char *name, const char *meant)
{
	const char *path = arena_printf(x->mem, "%s/%s", directory, name);
	const char *layer = is_layer(name) ? name : names_meant(x->mem, name);

	if (is_nearly(name, meant))
		add_stray(x, path,
			arena_printf(x->mem, "%s is ignored; did you mean %s?", path, meant),
			arena_printf(x->mem, "rename it to %s, or remove it", meant));
	else if (layer && is_layer(layer))
		add_stray(x, path,
			arena_printf(x->mem,
				"%s is not at a position of an application and is ignored", path),
			"move it to a position of the fleet, or remove it");
}

/* Lists a directory; false if it is not there or cannot be listed, which is said. */
static bool list(struct inspecting *x, const char *path, struct listing *found)
{
	struct source *source = x->session->source;
	struct error wrong = { 0 };
	int rc = source->list(source, x->mem, path, found, &wrong);

	if (rc < 0)
		inspect_problem(x, "stray-file", &wrong);
	return rc > 0;
}

void inspect_beside_applications(struct inspecting *x, const char *type)
{
	const char *directory = arena_printf(x->mem, "config/%s", type);
	struct listing found;

	if (!list(x, directory, &found))
		return;
	inspect_holds_above(x, directory);
	for (size_t i = 0; i < found.count; i++)
		if (found.entries[i].kind != ENTRY_DIRECTORY)
			look_at_file(x, directory, found.entries[i].name, "defaults.yaml");
}

/* Copies and overrides in a directory that is of no cluster type. */
static void search_unknown(struct inspecting *x, const char *directory, size_t depth)
{
	struct listing found;

	if (!list(x, directory, &found))
		return;
	for (size_t i = 0; i < found.count; i++) {
		const struct entry *entry = &found.entries[i];
		const char *path = arena_printf(x->mem, "%s/%s", directory, entry->name);

		if (entry->kind == ENTRY_DIRECTORY && depth > 1)
			search_unknown(x, path, depth - 1);
		else if (entry->kind != ENTRY_DIRECTORY &&
			(is_layer(entry->name) || strcmp(entry->name, HOLD_FILE) == 0))
			add_stray(x, path,
				arena_printf(x->mem,
					"%s is of no cluster type of " PATHS_CONFIG
					" and is ignored",
					path),
				"add the cluster type to " PATHS_CONFIG ", or remove the file");
	}
}

static bool is_type(const struct name_list *types, const char *name)
{
	for (size_t i = 0; i < types->count; i++)
		if (strcmp(types->at[i], name) == 0)
			return true;
	return false;
}

void inspect_beside_types(struct inspecting *x, const struct name_list *types)
{
	struct listing found;

	if (!list(x, "config", &found))
		return;
	inspect_holds_above(x, "config");
	for (size_t i = 0; i < found.count; i++) {
		const struct entry *entry = &found.entries[i];

		if (entry->kind != ENTRY_DIRECTORY)
			look_at_file(x, "config", entry->name, "config.yaml");
		else if (!is_type(types, entry->name))
			search_unknown(x, arena_printf(x->mem, "config/%s", entry->name),
				x->session->fleet.depth + 2);
	}
}
