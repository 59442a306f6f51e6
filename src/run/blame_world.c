/* SPDX-License-Identifier: Apache-2.0 */
#include "run/blame_world.h"

#include "core/show.h"

enum { MOST_TOLD = 5 };

static int read_application(struct world_reader *r, struct world *w, struct error *e)
{
	if (session_at(&w->mem, r->session, &r->source->source, &w->session, e) < 0 ||
		load_subject(&w->mem, &r->source->source, &w->session.fleet, &r->subject, e) < 0)
		return -1;
	return session_state(&w->mem, &w->session, &r->subject, NULL, &w->state, e);
}

/* Says once that a commit is looked through, and why; of many, only of the first. */
static void warn(struct world_reader *r, const char *commit, struct error *e)
{
	void **told = map_slot(&r->told, str_of(commit));

	if (*told || r->problems->count > MOST_TOLD) {
		error_free(e);
		return;
	}
	*told = r;
	if (r->problems->count == MOST_TOLD) {
		finding_add(r->mem, r->problems, e->code, (struct about){ 0 },
			"and more commits cannot be read");
	} else {
		error_context(e, "commit %.*s is looked through", SHOW_COMMIT, commit);
		finding_keep_error(r->mem, r->problems, e);
	}
	error_free(e);
}

int world_open(struct world_reader *r, const char *commit, struct world *w, struct error *e)
{
	struct error wrong = { 0 };

	*w = (struct world){ .kind = WORLD_READ };
	arena_init(&w->mem, r->mem->out_of_memory);
	w->look.mem = &w->mem;
	if (commit_source_move(r->source, commit, e) < 0) {
		world_close(w);
		return -1;
	}
	if (read_application(r, w, &wrong) == 0)
		return 0;
	if (wrong.status != STATUS_FILES) {
		error_add(e, &wrong);
		world_close(w);
		return -1;
	}
	if (wrong.code && strcmp(wrong.code, "not-found") == 0) {
		w->kind = WORLD_ABSENT;
		error_free(&wrong);
	} else {
		w->kind = WORLD_BROKEN;
		warn(r, commit, &wrong);
	}
	return 0;
}

const struct fleet *world_fleet(struct world_reader *r, struct arena *mem, const char *commit)
{
	struct fleet *f = ARENA_NEW(mem, struct fleet, 1);
	struct error ignored = { 0 };
	struct file config;

	if (commit_source_move(r->source, commit, &ignored) == 0 &&
		load_fleet(mem, &r->source->source, f, &config, &ignored) == 0)
		return f;
	error_free(&ignored);
	return NULL;
}

void world_close(struct world *w)
{
	arena_free(&w->mem);
}
