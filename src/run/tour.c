/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tour.h"

#include "store/load/names.h"

struct travel {
	struct arena *mem;
	struct session *s;
	const struct tour *t;
	struct error *e;
};

void tour_read(struct session *s, bool names_only, struct stop *stop)
{
	const struct subject subject = { .type = stop->type, .application = stop->application };
	struct names *names = ARENA_NEW(stop->mem, struct names, 1);
	struct application *app = ARENA_NEW(stop->mem, struct application, 1);

	stop->contents = ARENA_NEW(stop->mem, struct contents, 1);
	contents_init(stop->contents, stop->mem, s->source);
	stop->contents->above = s->contents.above;
	stop->stacks = stacks_new(stop->mem);
	stop->clock = s->clock;
	if (!stop->application ||
		names_scan(stop->mem, s->source, &s->fleet, &subject, names, stop->wrong) < 0)
		return;
	stop->names = names;
	if (!names_only && contents_application(stop->contents, names, NULL, app, stop->wrong) == 0)
		stop->app = app;
}

/* `wrong` is what is known before anything is read: a directory that cannot be listed. */
static int visit(
	const struct travel *v, const char *type, const char *application, struct error *wrong)
{
	struct arena mem;
	struct stop stop = {
		.type = type, .application = application, .mem = &mem, .wrong = wrong
	};

	arena_init(&mem, v->mem->out_of_memory);
	tour_read(v->s, v->t->names_only, &stop);
	int rc = v->t->visit(v->t->context, &stop, v->e);
	error_free(wrong);
	arena_free(&mem);
	return rc;
}

static int visit_type(const struct travel *v, const char *type)
{
	struct name_list applications;
	struct error wrong = { 0 };

	if (load_applications(v->mem, v->s->source, type, &applications, &wrong) < 0)
		return visit(v, type, NULL, &wrong);
	for (size_t i = 0; i < applications.count; i++)
		if (visit(v, type, applications.at[i], &wrong) < 0)
			return -1;
	return 0;
}

static int visit_all(const struct travel *v)
{
	struct name_list types;

	if (load_types(v->mem, v->s->source, &v->s->fleet, &types, v->e) < 0)
		return -1;
	for (size_t i = 0; i < types.count; i++)
		if (visit_type(v, types.at[i]) < 0)
			return -1;
	return 0;
}

static int visit_some(const struct travel *v)
{
	const struct subject subject = { .type = v->t->type, .application = v->t->application };
	struct error wrong = { 0 };

	if (load_subject(v->mem, v->s->source, &v->s->fleet, &subject, v->e) < 0)
		return -1;
	return subject.application ? visit(v, subject.type, subject.application, &wrong)
				   : visit_type(v, subject.type);
}

int tour(struct arena *mem, struct session *s, const struct tour *t, struct error *e)
{
	const struct travel v = { mem, s, t, e };
	int rc = t->type ? visit_some(&v) : visit_all(&v);

	disk_forget(&s->disk);
	return rc;
}
