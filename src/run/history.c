/* SPDX-License-Identifier: Apache-2.0 */
#include "run/history.h"

#include "run/ending.h"
#include "store/git/commit_since.h"
#include "store/git/commit_source.h"
#include "store/git/landing.h"
#include "store/git/patch_log.h"
#include "store/render/process.h"

enum { MOST_NAMES = 64 }; /* of one patch, one after the other */

struct reading {
	struct arena *mem;
	const struct session *s;
	struct commit_source cs;
	struct patch_log *logs;
	size_t log_count;
	struct history_fleet *fleets;
	size_t fleet_count;
	struct landings landings;
	struct history_in in;
};

/* The fleet of the commit that the source is at; NULL if its config.yaml cannot be read. */
static const struct fleet *read_fleet(struct reading *r)
{
	struct fleet *f = ARENA_NEW(r->mem, struct fleet, 1);
	struct error wrong = { 0 };
	struct file file;

	const int rc = load_fleet(r->mem, &r->cs.source, f, &file, &wrong);
	error_free(&wrong);
	return rc == 0 ? f : NULL;
}

/* The oldest commit of the log's line: what it adds is the first that is known. */
static const struct logged *oldest_of_line(struct arena *mem, const struct patch_log *log)
{
	struct map known = { .mem = mem };
	const struct logged *c = log->count ? log->commits : NULL, *last = c;

	for (size_t i = 0; i < log->count; i++)
		*map_slot(&known, str_of(log->commits[i].object)) = &log->commits[i];
	while (c) {
		last = c;
		c = c->parent_count ? map_get(&known, str_of(c->parents[0])) : NULL;
	}
	return last;
}

/* The oldest commit that changed a copy of the patch. */
static const struct logged *first_of_patch(struct arena *mem, const struct patch_log *log)
{
	for (size_t i = log->count; i-- > 0;)
		for (size_t k = 0; k < log->commits[i].file_count; k++)
			if (history_copy_at(mem, &log->subject, log->commits[i].files[k].path))
				return &log->commits[i];
	return NULL;
}

/* The logs of all names that the patch had. Signals are held. */
static int read_logs(struct reading *r, const struct subject *subject, struct error *e)
{
	struct subject name = *subject;
	const char *rev = r->cs.commit;

	while (r->log_count < MOST_NAMES) {
		struct patch_log *log = ARENA_PUSH(r->mem, r->logs, r->log_count);

		if (patch_log_read(r->mem, &r->s->root, rev, &name, log, e) < 0)
			return -1;
		const struct logged *first = first_of_patch(r->mem, log);
		const struct subject now = name;

		if (!first || !patch_log_renamed(r->mem, &r->s->root, first->object, &now, &name))
			break;
		log->oldest = first;
		rev = arena_printf(r->mem, "%s^1", first->object);
	}
	return 0;
}

/* The fleet of every config.yaml that a commit of the line has written. */
static void read_fleets(struct reading *r)
{
	for (size_t i = 0; i < r->log_count; i++)
		for (size_t k = 0; k < r->logs[i].count; k++) {
			const struct logged *c = &r->logs[i].commits[k];
			struct error wrong = { 0 };

			for (size_t n = 0; n < c->file_count; n++)
				if (strcmp(c->files[n].path, PATHS_CONFIG) == 0 &&
					c->files[n].status != 'D' &&
					commit_source_move(&r->cs, c->object, &wrong) == 0)
					*ARENA_PUSH(r->mem, r->fleets, r->fleet_count) =
						(struct history_fleet){ c->files[n].object,
							read_fleet(r) };
			error_free(&wrong);
		}
}

static struct landing find_landing(const void *context, const struct logged *c)
{
	return landings_find(context, c->object);
}

/* What git's log tells. Signals are held. */
static int ask_git(struct reading *r, const struct subject *subject, struct error *e)
{
	if (read_logs(r, subject, e) < 0)
		return -1;
	const struct patch_log *last = &r->logs[r->log_count - 1];
	const struct logged *first = first_of_patch(r->mem, last);
	const struct logged *oldest = oldest_of_line(r->mem, last);

	if (first)
		landings_read(r->mem, &r->s->root, first->object, r->cs.commit, &r->landings);
	r->in.cut = oldest && commit_is_cut(r->mem, &r->s->root, oldest->object);
	return 0;
}

static int read_history(
	struct reading *r, const struct subject *subject, struct history *out, struct error *e)
{
	r->in.fleet = read_fleet(r);
	process_hold_signals();
	const int rc = ask_git(r, subject, e);
	process_release_signals();
	if (rc < 0)
		return -1;
	read_fleets(r);
	for (size_t i = 0; i < r->fleet_count && !r->in.fleet; i++)
		r->in.fleet = r->fleets[i].fleet;
	if (!r->in.fleet)
		return error_set(
			e, STATUS_FILES, "%s: no commit has one that can be read", PATHS_CONFIG);
	r->in.logs = r->logs;
	r->in.log_count = r->log_count;
	r->in.fleets = r->fleets;
	r->in.fleet_count = r->fleet_count;
	r->in.landing = find_landing;
	r->in.context = &r->landings;
	history_make(r->mem, &r->in, out);
	for (size_t i = 0; i < out->event_count; i++)
		if (out->events[i].ends)
			ending_find(r->s, &r->cs, &out->events[i]);
	return 0;
}

int history_read(struct arena *mem, const struct session *s, const char *rev,
	const struct subject *subject, struct history *out, struct error *e)
{
	struct reading r = { .mem = mem, .s = s };

	r.landings.commits.mem = mem;
	if (commit_source_open(mem, &s->root, rev, &r.cs, e) < 0)
		return -1;
	const int rc = read_history(&r, subject, out, e);
	out->commit = arena_copy(mem, r.cs.commit, strlen(r.cs.commit));
	commit_source_close(&r.cs);
	return rc;
}
