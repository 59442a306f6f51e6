/* SPDX-License-Identifier: Apache-2.0 */
#include "run/blame.h"

#include "run/blame_rename.h"
#include "run/blame_world.h"
#include "store/git/ancestry.h"
#include "store/git/commit_since.h"
#include "store/render/process.h"
#include "yaml/canon.h"

/* One value on its way back. */
struct trail {
	struct keypath path;
	const struct node *value;
	const char *target; /* as the last fleet calls it */
	const char *since;  /* the oldest commit so far that has it; NULL: none */
};

struct trail_list {
	struct trail **list;
	size_t count;
};

/* A commit, and what has come to it. */
struct visit {
	const char *commit;           /* NULL: what the session reads */
	const struct ancestor *known; /* NULL: git has not told it yet */
	struct trail_list waiting;
};

/* The way back under one name of the application. */
struct stretch {
	struct subject subject;
	const char *commit; /* at which it begins */
	const char *from;   /* whose parent that is; NULL: what the session reads */
	struct trail_list trails;
};

struct walk {
	struct arena *mem;
	struct world_reader reader;
	struct stretch *stretches; /* those found so far */
	size_t stretch_count;
	/* of one stretch */
	struct ancestry history;
	struct map visits;    /* by commit: struct visit */
	size_t open;          /* trails that have not ended */
	struct visit **queue; /* those that git has told, and that something has come to */
	size_t queued;
};

static struct visit *visit_of(struct walk *w, const char *commit)
{
	void **slot = map_slot(&w->visits, str_of(commit));

	if (!*slot) {
		struct visit *v = ARENA_NEW(w->mem, struct visit, 1);

		v->commit = commit;
		*slot = v;
	}
	return *slot;
}

/* A trail goes on at a commit. */
static void give(struct walk *w, struct visit *to, struct trail *t)
{
	*ARENA_PUSH(w->mem, to->waiting.list, to->waiting.count) = t;
	if (to->known && to->waiting.count == 1)
		*ARENA_PUSH(w->mem, w->queue, w->queued) = to;
}

/* The fleet that the target's name is of. */
static const struct fleet *fleet_of(struct walk *w, const struct visit *v, struct arena *mem)
{
	return v->commit ? world_fleet(&w->reader, mem, v->commit) : &w->reader.session->fleet;
}

/* The target of the trail in a parent's fleet, or NOWHERE. */
static size_t find_target(struct walk *w, const struct visit *from, const struct trail *t,
	const struct fleet *f, struct arena *mem)
{
	const size_t same = fleet_find(f, t->target);

	if (same != NOWHERE)
		return fleet_is_target(f, same) ? same : NOWHERE;
	const struct fleet *mine = fleet_of(w, from, mem);
	return mine ? fleet_same_place(mine, fleet_find(mine, t->target), f) : NOWHERE;
}

/* Whether the parent has the value, which then goes on there. */
static bool follow(struct walk *w, const struct visit *from, struct trail *t, struct visit *parent,
	struct world *there)
{
	const struct fleet *f = &there->session.fleet;
	const size_t target = find_target(w, from, t, f, &there->mem);
	size_t depth = 0;

	if (target == NOWHERE)
		return false;
	const struct node *value = keypath_follow_many(
		&there->look, state_values(&there->state, target), &t->path, &depth);
	if (depth < t->path.count || !node_same(&there->mem, value, t->value))
		return false;
	if (strcmp(t->target, f->positions[target].path) != 0)
		t->target = arena_printf(w->mem, "%s", f->positions[target].path);
	t->since = parent->commit;
	give(w, parent, t);
	return true;
}

/* Of the trails that have come to a commit, gives those whose values the parent has to it, and keeps the others. */
static int try_parent(struct walk *w, const struct visit *from, struct trail_list *left,
	struct visit *parent, enum world_kind *kind, struct error *e)
{
	struct world there;
	size_t kept = 0;

	if (world_open(&w->reader, parent->commit, &there, e) < 0)
		return -1;
	*kind = there.kind;
	for (size_t i = 0; i < left->count; i++)
		if (there.kind != WORLD_READ || !follow(w, from, left->list[i], parent, &there))
			left->list[kept++] = left->list[i];
	left->count = kept;
	world_close(&there);
	return 0;
}

/* No parent has the application: it may have had another name, under which the trails go on. */
static int look_for_name(
	struct walk *w, const char *commit, const struct trail_list *left, struct error *e)
{
	struct renamed old;
	int found = blame_renamed(&w->reader, commit, &old, e);

	if (found > 0)
		*ARENA_PUSH(w->mem, w->stretches, w->stretch_count) =
			(struct stretch){ old.subject, old.parent, commit, *left };
	return found < 0 ? -1 : 0;
}

/* Ends the trails at a commit, or has them go on at its parents. */
static int leave(struct walk *w, struct visit *v, struct error *e)
{
	struct trail_list left = v->waiting;
	struct visit *through = NULL; /* a parent that is looked through */
	bool absent = v->commit != NULL;

	v->waiting = (struct trail_list){ 0 };
	for (size_t i = 0; i < v->known->count && left.count; i++) {
		struct visit *parent = visit_of(w, v->known->parents[i]);
		enum world_kind kind = WORLD_ABSENT;

		if (try_parent(w, v, &left, parent, &kind, e) < 0)
			return -1;
		if (kind == WORLD_BROKEN && !through)
			through = parent;
		absent = absent && kind == WORLD_ABSENT;
	}
	for (size_t i = 0; i < left.count && through; i++)
		give(w, through, left.list[i]);
	w->open -= through ? 0 : left.count;
	return left.count && absent ? look_for_name(w, v->commit, &left, e) : 0;
}

static int leave_all(struct walk *w, struct error *e)
{
	while (w->queued)
		if (leave(w, w->queue[--w->queued], e) < 0)
			return -1;
	return 0;
}

/* Goes on until all trails have ended, which is at the latest where history begins. */
static int walk_back(struct walk *w, const struct stretch *s, struct error *e)
{
	struct visit start = { .commit = s->from, .waiting = s->trails };
	struct ancestor *one = ARENA_NEW(w->mem, struct ancestor, 1), first = { 0 };
	int rc = ancestry_next(&w->history, one, e);

	if (rc <= 0)
		return rc;
	*ARENA_PUSH(w->mem, first.parents, first.count) = one->commit;
	start.known = &first;
	if (leave(w, &start, e) < 0)
		return -1;
	while (rc > 0) {
		struct visit *v = visit_of(w, one->commit);

		v->known = one;
		if (v->waiting.count)
			*ARENA_PUSH(w->mem, w->queue, w->queued) = v;
		if (leave_all(w, e) < 0)
			return -1;
		one = ARENA_NEW(w->mem, struct ancestor, 1);
		rc = w->open ? ancestry_next(&w->history, one, e) : 0;
	}
	return rc;
}

/* What the commits of all trails are, each asked for once. */
static int describe(struct walk *w, const struct trail *trails, size_t count, struct since *out,
	struct error *e)
{
	const struct root *root = &w->reader.session->root;
	struct map known = { .mem = w->mem };

	for (size_t i = 0; i < count; i++) {
		const char *commit = trails[i].since;
		void **slot = commit ? map_slot(&known, str_of(commit)) : NULL;

		out[i] = (struct since){ 0 };
		if (!commit)
			continue;
		if (!*slot && commit_since(w->mem, root, commit, &out[i], e) < 0)
			return -1;
		if (!*slot)
			out[i].cut = commit_is_cut(w->mem, root, commit);
		else
			out[i] = *(const struct since *)*slot;
		*slot = &out[i];
	}
	return 0;
}

static struct trail *make_trails(
	struct arena *mem, const struct blame_request *request, struct trail_list *list)
{
	struct trail *trails = ARENA_NEW(mem, struct trail, request->count);

	list->list = ARENA_NEW(mem, struct trail *, request->count);
	for (; list->count < request->count; list->count++) {
		const struct explanation *x = &request->values[list->count];

		trails[list->count] = (struct trail){
			.path = keypath_known(mem, x->path),
			.value = x->value,
			.target = request->target,
		};
		list->list[list->count] = &trails[list->count];
	}
	return trails;
}

static int walk_stretch(struct walk *w, struct stretch s, struct error *e)
{
	const char *const paths[] = { PATHS_CONFIG, paths_defaults(w->mem, s.subject.type),
		paths_application(w->mem, &s.subject), NULL };

	w->reader.subject = s.subject;
	w->visits = (struct map){ .mem = w->mem };
	w->open = s.trails.count;
	if (ancestry_open(w->mem, &w->reader.session->root, s.commit, paths, &w->history, e) < 0)
		return -1;
	int rc = walk_back(w, &s, e);
	ancestry_close(&w->history);
	return rc;
}

static int blame_from(struct walk *w, const char *commit, const struct blame_request *request,
	struct since *out, struct error *e)
{
	struct stretch first = { .subject = *request->subject, .commit = commit };
	const struct trail *trails = make_trails(w->mem, request, &first.trails);

	*ARENA_PUSH(w->mem, w->stretches, w->stretch_count) = first;
	for (size_t i = 0; i < w->stretch_count; i++)
		if (walk_stretch(w, w->stretches[i], e) < 0)
			return -1;
	process_hold_signals();
	int rc = describe(w, trails, request->count, out, e);
	process_release_signals();
	return rc;
}

int blame(struct arena *mem, struct session *s, const struct blame_request *request,
	const struct since **since, struct findings *problems, struct error *e)
{
	struct commit_source source;
	struct walk w = {
		.mem = mem,
		.reader = { mem, s, &source, *request->subject, { .mem = mem }, problems },
	};
	struct since *out = ARENA_NEW(mem, struct since, request->count);

	if (session_may_run_git(mem, s, e) < 0 ||
		commit_source_open(
			mem, &s->root, s->commit ? s->commit->commit : "HEAD", &source, e) < 0)
		return -1;
	int rc = blame_from(&w, source.commit, request, out, e);
	commit_source_close(&source);
	if (rc == 0)
		*since = out;
	return rc;
}
