/* SPDX-License-Identifier: Apache-2.0 */
#include "run/inspect.h"

#include <string.h>

#include "core/show.h"
#include "run/inspect_parts.h"

enum { NAMED_FAILURES = 10 };

static void add_failure(struct inspecting *x, struct error *wrong)
{
	if (x->failures++ < NAMED_FAILURES)
		error_add(&x->failed, wrong);
	else
		error_free(wrong);
}

/* The text of an error without the place, which a finding has as fields; owned by mem. */
static const char *without_place(struct arena *mem, const struct error *e)
{
	const struct about *at = &e->about;
	const char *place = "";

	if (at->file && at->line)
		place = arena_printf(mem, "%s:%u:%u: ", at->file, at->line, at->column);
	else if (at->file)
		place = arena_printf(mem, "%s: ", at->file);
	place = show_text(mem, place);
	const size_t skip = strncmp(e->text, place, strlen(place)) == 0 ? strlen(place) : 0;
	return arena_copy(mem, e->text + skip, strlen(e->text) - skip);
}

void inspect_problem(struct inspecting *x, const char *code, struct error *wrong)
{
	struct findings found = {
		.checked = true, .type = x->found.type, .application = x->found.application
	};
	struct about about = wrong->about;

	if (wrong->status == STATUS_SYSTEM) {
		add_failure(x, wrong);
		return;
	}
	if (strcmp(wrong->code, "duplicate-key") == 0)
		code = "duplicate-key";
	if (!about.hint)
		about.hint = "correct it; what depends on it was not checked";
	finding_add(x->mem, &found, code, about, without_place(x->mem, wrong));
	findings_keep(x->mem, &x->found, &found);
	error_free(wrong);
}

static void add_incomplete(struct inspecting *x, const char *type)
{
	const struct name_list *l = &x->incomplete;

	if (!l->count || strcmp(l->at[l->count - 1], type) != 0)
		*ARENA_PUSH(x->mem, x->incomplete.at, x->incomplete.count) = type;
}

static bool is_incomplete(const struct inspecting *x, const char *type)
{
	for (size_t i = 0; i < x->incomplete.count; i++)
		if (strcmp(x->incomplete.at[i], type) == 0)
			return true;
	return false;
}

/* The comments of a layer, read once for all files of the same bytes. */
static void add_comments(
	struct inspecting *x, struct stop *stop, struct map *known, const struct layer *layer)
{
	static const struct ignore_list none;
	const uintptr_t doc = (uintptr_t)layer->doc;
	void **slot = map_slot_pair(known, (uint32_t)(doc >> 16 >> 16), (uint32_t)doc);

	if (!*slot) {
		struct ignore_list *list = (struct ignore_list *)&none;

		if (ignore_mentioned(layer->doc->text)) {
			list = ARENA_NEW(stop->mem, struct ignore_list, 1);
			*list = ignore_read(stop->mem, layer->doc->text);
		}
		*slot = list;
	}
	ignores_add(&x->ignores, layer->path, *(const struct ignore_list *)*slot);
	if (x->excused)
		ignores_excuse(&x->ignores, layer->path);
}

static void add_all_comments(struct inspecting *x, struct stop *stop)
{
	const struct application *app = stop->app;
	struct map known = { .mem = stop->mem };

	if (app->base)
		add_comments(x, stop, &known, app->base);
	for (size_t p = 0; p < app->fleet->count; p++)
		for (size_t i = 0; i < app->at[p].count; i++)
			add_comments(x, stop, &known, app->at[p].layers[i]);
	x->ignores.application = NULL;
	if (app->defaults)
		add_comments(x, stop, &known, app->defaults);
}

/* The applications of a cluster type; none, as if they were not known, if they cannot be listed. */
static const struct siblings *siblings_of(struct inspecting *x, const char *type)
{
	struct error ignored = { 0 };
	struct name_list list = { 0 };

	if (x->siblings_type != type) {
		x->siblings_type = type;
		x->siblings = (struct siblings){ 0 };
		if (load_applications(x->mem, x->session->source, type, &list, &ignored) > 0)
			x->siblings = (struct siblings){ list.at, list.count };
		error_free(&ignored);
	}
	return &x->siblings;
}

/* Whether all of it was looked at. */
static bool inspect_values(struct inspecting *x, struct stop *stop)
{
	struct findings found = {
		.checked = true, .type = stop->type, .application = stop->application
	};
	struct error wrong = { 0 };

	bool whole = check_application(stop->mem, stop->stacks, stop->app,
			     siblings_of(x, stop->type), &found, &wrong) == 0;
	if (!whole) {
		error_about(&wrong,
			(struct about){
				.hint = "what would have been found after that is missing" });
		inspect_problem(x, "too-large", &wrong);
	}
	findings_keep(x->mem, &x->found, &found);
	return whole;
}

/* An application whose files could all be read. */
static void inspect_application(struct inspecting *x, struct stop *stop)
{
	x->excused = !inspect_values(x, stop);
	add_all_comments(x, stop);
	inspect_strays(x, stop);
	x->ignores.application = stop->application;
	inspect_holds(x, stop);
}

static int visit(void *context, struct stop *stop, struct error *e)
{
	struct inspecting *x = context;

	(void)e;
	x->found.type = x->ignores.type = stop->type;
	x->found.application = x->ignores.application = stop->application;
	if (stop->app) {
		inspect_application(x, stop);
		return 0;
	}
	add_incomplete(x, stop->type);
	if (!stop->names) {
		inspect_problem(x, "stray-file", stop->wrong);
		return 0;
	}
	inspect_broken(x, stop);
	inspect_strays(x, stop);
	inspect_holds(x, stop);
	return 0;
}

static void set_subject(struct inspecting *x, const char *type)
{
	x->found.type = x->ignores.type = type;
	x->found.application = x->ignores.application = NULL;
}

/* What is not a matter of one application. */
static void inspect_type(struct inspecting *x, const char *type)
{
	const char *defaults = paths_defaults(x->mem, type);

	set_subject(x, type);
	if (is_incomplete(x, type) || x->what->application)
		ignores_excuse(&x->ignores, defaults);
	if (x->what->application)
		return;
	inspect_beside_applications(x, type);
	if (!is_incomplete(x, type))
		inspect_rendered(x, type);
}

static int inspect_fleet(struct inspecting *x, struct error *e)
{
	struct session *s = x->session;
	const struct tour all = { x->what->type, x->what->application, false, visit, x };
	struct name_list types = { ARENA_NEW(x->mem, const char *, 1), 1 };

	if (tour(x->mem, s, &all, e) < 0)
		return -1;
	types.at[0] = x->what->type;
	if (!x->what->type && load_types(x->mem, s->source, &s->fleet, &types, e) < 0)
		return -1;
	for (size_t i = 0; i < types.count; i++)
		inspect_type(x, types.at[i]);
	set_subject(x, NULL);
	if (!x->what->type) {
		inspect_beside_types(x, &types);
		if (ignore_mentioned(s->config.text))
			ignores_add(&x->ignores, PATHS_CONFIG, ignore_read(x->mem, s->config.text));
	}
	return 0;
}

/* A config.yaml that is broken is what this is for; without one, or in a sparse checkout, it is not. */
static int load(struct inspecting *x, struct error *e)
{
	if (session_load(x->mem, x->session, e) == 0)
		return 1;
	if (e->status != STATUS_FILES || !e->about.file || !e->about.line ||
		strcmp(e->about.file, PATHS_CONFIG) != 0)
		return -1;
	inspect_problem(x, "broken-yaml", e);
	return 0;
}

/* The same is found once for each application that has the same defaults. */
static void drop_repeated(struct findings *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++)
		if (kept == 0 || findings_compare(&f->list[kept - 1], &f->list[i]) != 0)
			f->list[kept++] = f->list[i];
	f->count = kept;
}

static int end_failed(struct inspecting *x, struct error *e)
{
	if (x->failures > NAMED_FAILURES)
		error_detail(&x->failed, "  and %zu more", x->failures - NAMED_FAILURES);
	return error_add(e, &x->failed);
}

int inspect(struct arena *mem, struct session *s, const struct inspection *what,
	struct findings *found, struct error *e)
{
	struct inspecting x = { .mem = mem,
		.session = s,
		.what = what,
		.found = { .checked = true },
		.ignores = { .mem = mem } };
	int loaded = load(&x, e);

	if (loaded < 0 || (loaded > 0 && inspect_fleet(&x, e) < 0)) {
		error_free(&x.failed);
		return -1;
	}
	inspect_unfinished(&x);
	disk_forget(&s->disk);
	if (x.failures)
		return end_failed(&x, e);
	ignores_apply(&x.ignores, &x.found);
	findings_sort(&x.found);
	drop_repeated(&x.found);
	*found = x.found;
	return 0;
}
