/* SPDX-License-Identifier: Apache-2.0 */
#include "core/history.h"

#include "core/history_places.h"

/* A copy of the patch after some commit. */
struct copy {
	const char *dir; /* from the application's directory */
	const char *object;
	bool was; /* of the list before: it is still there */
};

struct copy_list {
	struct copy *list;
	size_t count;
};

struct making {
	struct arena *mem;
	const struct history_in *in;
	struct history *out;
	const struct fleet *fleet;
	struct copy_list copies;
	struct places places;
	bool first; /* it is about the oldest commit */
	struct map
		joined; /* commits, by their names, that the line has or that a merge has joined to it */
};

/* A commit of the line. */
struct member {
	const struct logged *commit;
	size_t log;   /* of whose line it is */
	bool renames; /* the patch had another name before */
};

const char *history_action_name(enum history_action action)
{
	static const char *const names[] = {
		[HISTORY_START] = "start",
		[HISTORY_CUT] = "cut",
		[HISTORY_PROMOTE] = "promote",
		[HISTORY_CONSOLIDATE] = "consolidate",
		[HISTORY_EDIT] = "edit",
		[HISTORY_RENAME] = "rename",
		[HISTORY_FLEET] = "fleet",
		[HISTORY_ROLLBACK] = "rollback",
		[HISTORY_INTEGRATE] = "integrate",
		[HISTORY_RETIRE] = "retire",
		[HISTORY_REMOVE] = "remove",
	};

	return names[action];
}

/* The line of commits -------------------------------------------------------------------------- */

static struct map by_object(struct arena *mem, const struct patch_log *log)
{
	struct map made = { .mem = mem };

	for (size_t i = 0; i < log->count; i++)
		*map_slot(&made, str_of(log->commits[i].object)) = &log->commits[i];
	return made;
}

/* Adds the line of a log, newest first. */
static struct member *add_line(struct arena *mem, const struct history_in *in, size_t log,
	struct member *line, size_t *count)
{
	const struct patch_log *l = &in->logs[log];
	const struct map known = by_object(mem, l);
	const struct logged *c = l->count ? l->commits : NULL;

	while (c) {
		*ARENA_PUSH(mem, line, *count) = (struct member){ c, log, c == l->oldest };
		c = c == l->oldest || !c->parent_count ? NULL
						       : map_get(&known, str_of(c->parents[0]));
	}
	return line;
}

/* Copies --------------------------------------------------------------------------------------- */

const char *history_copy_at(struct arena *mem, const struct subject *s, const char *path)
{
	const char *dir = paths_application(mem, s);
	const char *name = arena_printf(mem, "/%s.yaml", s->patch);
	const size_t n = strlen(dir), end = strlen(name), all = strlen(path);

	if (all <= n + 1 + end || strncmp(path, dir, n) != 0 || path[n] != '/' ||
		strcmp(path + all - end, name) != 0)
		return NULL;
	return arena_copy(mem, path + n + 1, all - n - 1 - end);
}

static struct copy *find_copy(struct copy_list *l, const char *dir)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->list[i].dir, dir) == 0)
			return &l->list[i];
	return NULL;
}

static void apply_copy(struct making *m, const char *dir, const struct logged_file *file)
{
	struct copy *old = find_copy(&m->copies, dir);

	if (file->status == 'D') {
		if (old)
			*old = m->copies.list[--m->copies.count];
	} else if (old) {
		old->object = file->object;
	} else {
		*ARENA_PUSH(m->mem, m->copies.list, m->copies.count) =
			(struct copy){ dir, file->object, false };
	}
}

static const struct fleet *find_fleet(const struct making *m, const char *object)
{
	for (size_t i = 0; i < m->in->fleet_count; i++)
		if (strcmp(m->in->fleets[i].object, object) == 0 && m->in->fleets[i].fleet)
			return m->in->fleets[i].fleet;
	return m->fleet;
}

/* What the files of a commit make of the copies and the fleet. */
static void apply(struct making *m, const struct member *member)
{
	const struct subject *s = &m->in->logs[member->log].subject;

	for (size_t i = 0; i < member->commit->file_count; i++) {
		const struct logged_file *file = &member->commit->files[i];
		const char *dir = history_copy_at(m->mem, s, file->path);

		if (dir)
			apply_copy(m, dir, file);
		else if (strcmp(file->path, PATHS_CONFIG) == 0 && file->status != 'D')
			m->fleet = find_fleet(m, file->object);
	}
}

static void add_name(struct making *m, struct history_names *l, const char *name)
{
	*ARENA_PUSH(m->mem, l->list, l->count) = name;
}

/* What is now and what was before, as the event's lists. */
static void compare_copies(struct making *m, struct copy_list *before, struct history_event *e)
{
	for (size_t i = 0; i < m->copies.count; i++) {
		const struct copy *now = &m->copies.list[i];
		struct copy *was = find_copy(before, now->dir);

		if (!was)
			add_name(m, &e->added, now->dir);
		else if (strcmp(was->object, now->object) != 0)
			add_name(m, &e->changed, now->dir);
		if (was)
			was->was = true;
	}
	for (size_t i = 0; i < before->count; i++)
		if (!before->list[i].was)
			add_name(m, &e->removed, before->list[i].dir);
}

static struct copy_list copy_of(struct making *m)
{
	struct copy_list made = { ARENA_NEW(m->mem, struct copy, m->copies.count),
		m->copies.count };

	for (size_t i = 0; i < made.count; i++)
		made.list[i] = (struct copy){ m->copies.list[i].dir, m->copies.list[i].object };
	return made;
}

/* Positions with another name ------------------------------------------------------------------ */

/* Takes the parts that both paths end with off them. */
static void strip_end(struct arena *mem, const char **from, const char **to)
{
	const char *a, *b;

	while ((a = strrchr(*from, '/')) && (b = strrchr(*to, '/')) && strcmp(a, b) == 0) {
		*from = arena_copy(mem, *from, (size_t)(a - *from));
		*to = arena_copy(mem, *to, (size_t)(b - *to));
	}
}

/*
 * A copy has moved with its bytes from what is no position any more to what was none before.
 * Whether there was such a move.
 */
static bool rename_positions(struct making *m, const struct fleet *old, struct copy_list *before,
	const struct history_event *e)
{
	bool any = false;

	for (size_t i = 0; i < e->removed.count; i++) {
		const char *object = find_copy(before, e->removed.list[i])->object;

		for (size_t k = 0; k < e->added.count; k++) {
			const char *from = e->removed.list[i], *to = e->added.list[k];

			if (strcmp(find_copy(&m->copies, to)->object, object) != 0)
				continue;
			strip_end(m->mem, &from, &to);
			if (fleet_find(m->fleet, from) != NOWHERE || fleet_find(old, to) != NOWHERE)
				continue;
			places_rename(&m->places, from, to);
			any = true;
			break;
		}
	}
	return any;
}

/* Events --------------------------------------------------------------------------------------- */

static void follow(struct making *m)
{
	struct copies_at at = { { .mem = m->mem } };

	for (size_t i = 0; i < m->copies.count; i++)
		*map_slot(&at.by_path, str_of(m->copies.list[i].dir)) = m;
	places_follow(&m->places, m->fleet, &at, m->out->event_count);
}

static enum history_action action_of(
	const struct making *m, const struct history_event *e, size_t before, bool renamed)
{
	const bool moved = e->added.count || e->removed.count;

	if (!m->copies.count)
		return HISTORY_REMOVE;
	if (!before)
		return m->in->cut && m->first ? HISTORY_CUT : HISTORY_START;
	if (m->places.lost)
		return moved ? HISTORY_ROLLBACK : HISTORY_FLEET;
	if (m->places.gained)
		return moved ? HISTORY_PROMOTE : HISTORY_FLEET;
	if (renamed)
		return HISTORY_RENAME;
	if (moved)
		return HISTORY_CONSOLIDATE;
	return e->changed.count ? HISTORY_EDIT : HISTORY_FLEET;
}

static const struct record *read_record(
	struct making *m, const struct logged *c, const struct subject *s)
{
	struct record *r = ARENA_NEW(m->mem, struct record, 1);
	const char *problem = NULL;

	if (record_read(m->mem, c->message, r, &problem) != RECORD_READ || !r->patch)
		return NULL;
	return strcmp(r->type, s->type) == 0 && strcmp(r->application, s->application) == 0 &&
			strcmp(r->patch, s->patch) == 0
		? r
		: NULL;
}

static bool changes_copies(struct making *m, const struct logged *c, const struct subject *s)
{
	for (size_t i = 0; i < c->file_count; i++)
		if (history_copy_at(m->mem, s, c->files[i].path))
			return true;
	return false;
}

/* The commits that a merge has joined to the line and that changed copies, newest first. */
static void join(struct making *m, const struct member *member, const struct map *known,
	struct history_event *e)
{
	const struct subject *s = &m->in->logs[member->log].subject;
	const struct logged **open = NULL, *c = member->commit;
	size_t n = 0;

	for (size_t first = 1; c; first = 0) {
		for (size_t i = first; i < c->parent_count; i++) {
			struct logged *up = map_get(known, str_of(c->parents[i]));
			void **slot = up ? map_slot(&m->joined, str_of(up->object)) : NULL;

			if (!slot || *slot)
				continue;
			*slot = up;
			*ARENA_PUSH(m->mem, open, n) = up;
			if (changes_copies(m, up, s))
				*ARENA_PUSH(m->mem, e->joined, e->joined_count) = up;
		}
		c = n ? open[--n] : NULL;
	}
}

/* Whether a commit of the line changed copies or the fleet. */
static bool concerns(struct making *m, const struct member *member)
{
	const struct logged *c = member->commit;

	for (size_t i = 0; i < c->file_count; i++)
		if (strcmp(c->files[i].path, PATHS_CONFIG) == 0)
			return true;
	return changes_copies(m, c, &m->in->logs[member->log].subject);
}

static void add_event(struct making *m, const struct member *member, const struct map *known)
{
	const struct patch_log *log = &m->in->logs[member->log];
	const struct fleet *old = m->fleet;
	struct copy_list before;
	struct history_event e = { .commit = member->commit, .subject = &log->subject };

	join(m, member, known, &e);
	if (!concerns(m, member))
		return;
	before = copy_of(m);
	if (member->renames)
		m->copies.count = 0;
	apply(m, member);
	compare_copies(m, &before, &e);
	const bool copies = e.added.count || e.removed.count || e.changed.count;
	const bool renamed = rename_positions(m, old, &before, &e);
	follow(m);
	if (!copies && !m->places.changed && !member->renames)
		return;
	e.record = read_record(m, e.commit, &log->subject);
	if (!e.record && e.joined_count == 1)
		e.record = read_record(m, e.joined[0], &log->subject);
	e.action = action_of(m, &e, before.count, renamed || member->renames);
	if (member->renames)
		e.renamed_from = &m->in->logs[member->log + 1].subject;
	e.covered = m->places.covered;
	e.targets = m->places.targets;
	e.ends = !m->copies.count;
	e.landing = m->in->landing(m->in->context, e.commit);
	e.at = e.landing.object ? e.landing.at : e.commit->at;
	*ARENA_PUSH(m->mem, m->out->events, m->out->event_count) = e;
}

void history_make(struct arena *mem, const struct history_in *in, struct history *out)
{
	struct making m = { .mem = mem,
		.in = in,
		.out = out,
		.fleet = in->fleet,
		.places = { .mem = mem, .by_path = { .mem = mem } },
		.joined = { .mem = mem } };
	struct member *line = NULL;
	struct map *known = ARENA_NEW(mem, struct map, in->log_count);
	size_t n = 0;

	*out = (struct history){ 0 };
	for (size_t i = 0; i < in->log_count; i++) {
		known[i] = by_object(mem, &in->logs[i]);
		line = add_line(mem, in, i, line, &n);
	}
	for (size_t i = n; i-- > 0;) {
		m.first = i + 1 == n;
		*map_slot(&m.joined, str_of(line[i].commit->object)) = out;
		add_event(&m, &line[i], &known[line[i].log]);
	}
	places_list(&m.places, m.fleet, out);
	out->copies = m.copies.count;
	out->fleet = m.fleet;
	out->cut = out->event_count && out->events[0].action == HISTORY_CUT;
}

struct history_event *history_end(const struct history *h)
{
	struct history_event *last = h->event_count ? &h->events[h->event_count - 1] : NULL;

	return last && last->ends ? last : NULL;
}
