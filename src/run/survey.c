/* SPDX-License-Identifier: Apache-2.0 */
#include "run/survey.h"

#include <assert.h>
#include <string.h>

#include "core/astray.h"

/* The name of the one patch that has all entries which are not files; NULL if there is none. */
static const char *find_obstructed(const struct names *names)
{
	const char *only = NULL;

	for (size_t i = 0; i < names->layer_count; i++) {
		const struct layer_name *l = &names->layers[i];

		if (l->kind == ENTRY_FILE)
			continue;
		if (!names_is_patch(l->name) || (only && strcmp(l->name, only) != 0))
			return NULL;
		only = l->name;
	}
	return only;
}

/* All copies, with their layers if they were read: those are in the order of their names. */
static void add_copies(struct flights *all, struct arena *mem, const struct names *names,
	const struct application *app)
{
	size_t *next = ARENA_NEW(mem, size_t, names->fleet->count);

	for (size_t i = 0; i < names->layer_count; i++) {
		const struct layer_name *l = &names->layers[i];
		const struct layer *layer = NULL;

		if (l->kind == ENTRY_FILE && app) {
			layer = app->at[l->position].layers[next[l->position]++];
			assert(strcmp(layer->name, l->name) == 0);
		}
		if (!names_is_patch(l->name))
			continue;
		if (l->kind == ENTRY_FILE)
			flights_add(all, l->name, l->position, layer);
		else
			flights_get(all, l->name);
	}
	flights_end(all);
}

void survey_allow(struct stop *stop, struct state *all)
{
	if (diff_work(stop->stacks, 0)) {
		stop->stacks->work = 0;
		return;
	}
	stop->stacks = stacks_new(stop->mem);
	state_make(stop->mem, stop->stacks, all->app, NULL, all);
}

static void judge(struct stop *stop, struct state *all, struct flight *f)
{
	survey_allow(stop, all);
	flight_judge(stop->mem, all, fleet_default_level(all->app->fleet), stop->clock, f);
}

/* From names alone, a copy that is not a file is all that can be wrong with a patch. */
static void guess(struct stop *stop, struct flight *f, const struct layer_name *obstruction)
{
	const struct fleet *fleet = stop->names->fleet;
	struct error e = { 0 };

	if (!obstruction) {
		flight_guess(stop->mem, fleet, fleet_default_level(fleet), f);
		return;
	}
	const struct subject s = { stop->type, stop->application, f->patch };
	const struct position *p = &fleet->positions[obstruction->position];
	const char *path = paths_copy(stop->mem, &s, p);
	error_set(&e, STATUS_FILES,
		"%s: a copy must be a file, not a directory or a link; move it away", path);
	error_about(&e, (struct about){ .position = p->path, .file = path });
	flight_give_up(stop->mem, fleet, &e, f);
	error_free(&e);
}

/* The first entry of the patch that is not a file, or NULL. */
static const struct layer_name *obstruction_of(const struct names *names, const struct flight *f)
{
	size_t len = strlen(f->patch);

	for (size_t i = 0; i < names->layer_count; i++) {
		const struct layer_name *l = &names->layers[i];

		if (l->kind != ENTRY_FILE && strncmp(l->name, f->patch, len) == 0 &&
			strcmp(l->name + len, ".yaml") == 0)
			return l;
	}
	return NULL;
}

static bool has_obstructions(const struct names *names)
{
	for (size_t i = 0; i < names->layer_count; i++)
		if (names->layers[i].kind != ENTRY_FILE)
			return true;
	return false;
}

static void guess_all(struct stop *stop, const struct flights *flights)
{
	bool obstructions = has_obstructions(stop->names);

	for (size_t i = 0; i < flights->count; i++)
		guess(stop, flights->list[i],
			obstructions ? obstruction_of(stop->names, flights->list[i]) : NULL);
}

/*
 * Something else than a file with the name of a copy is in the way of every patch but that one,
 * whose own step says so by its rules: the application, read for this patch; or NULL.
 */
static const struct application *read_obstructed(struct stop *stop, const char *file)
{
	struct application *app = ARENA_NEW(stop->mem, struct application, 1);
	struct error e = { 0 };
	const char *patch =
		file ? arena_copy(stop->mem, file, strlen(file) - strlen(".yaml")) : NULL;

	if (!patch)
		return NULL;
	if (contents_application(stop->contents, stop->names, patch, app, &e) == 0)
		return app;
	error_free(&e);
	return NULL;
}

struct flights survey_stop(struct stop *stop, struct state *all)
{
	struct flights flights;
	const struct application *app = stop->app;

	*all = (struct state){ 0 };
	flights_start(&flights, stop->mem);
	if (!stop->names)
		return flights;
	const char *obstructed = !app && stop->wrong->text ? find_obstructed(stop->names) : NULL;
	if (obstructed)
		app = read_obstructed(stop, obstructed);
	add_copies(&flights, stop->mem, stop->names, app);
	if (app)
		state_make(stop->mem, stop->stacks, app, NULL, all);
	if (!app && !stop->wrong->text)
		guess_all(stop, &flights);
	for (size_t i = 0; i < flights.count && (app || stop->wrong->text); i++) {
		struct flight *f = flights.list[i];

		if (app && (stop->app || flights_get(&flights, obstructed) == f))
			judge(stop, all, f);
		else
			flight_give_up(stop->mem, stop->names->fleet, stop->wrong, f);
	}
	return flights;
}

struct surveying {
	struct arena *mem;
	struct survey *survey;
};

void survey_tell(struct arena *mem, const struct stop *stop, struct survey *survey)
{
	struct findings astray = { .type = stop->type, .application = stop->application };

	survey->unreadable.type = stop->type;
	survey->unreadable.application = stop->application;
	if (stop->wrong->text)
		finding_keep_error(mem, &survey->unreadable, stop->wrong);
	if (stop->app)
		astray_findings(stop->mem, stop->app, NULL, false, &astray);
	findings_keep(mem, &survey->warnings, &astray);
}

static int visit(void *context, struct stop *stop, struct error *e)
{
	const struct surveying *s = context;
	struct survey *x = s->survey;
	struct state all;
	const struct flights flights = survey_stop(stop, &all);

	(void)e;
	for (size_t i = 0; i < flights.count; i++)
		*ARENA_PUSH(s->mem, x->list, x->count) = (struct surveyed){
			stop->type,
			stop->application,
			flight_keep(s->mem, flights.list[i]),
		};
	survey_tell(s->mem, stop, x);
	return 0;
}

int survey_take(struct arena *mem, struct session *s, struct survey *survey, struct error *e)
{
	struct surveying context = { mem, survey };
	const struct tour t = {
		.type = survey->type,
		.application = survey->application,
		.names_only = survey->names_only,
		.visit = visit,
		.context = &context,
	};

	return tour(mem, s, &t, e);
}
