/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.h - what became of a patch, from the commits that changed its copies.
 *
 *	struct history h;
 *
 *	history_make(mem, &in, &h);
 *	for (size_t i = 0; i < h.event_count; i++)
 *		... h.events[i] ...
 *
 * The commits are told by git's log (store/git/patch_log.h), and this makes a line of them: from
 * the newest one along the first parents that git has left, to the oldest. Other commits, which a
 * merge has joined to the line, are named with the merge.
 *
 * A patch has reached a position when it covers every target of it, whichever copies do that, and
 * has left it when it does not any more. So a consolidation, which moves copies, changes nothing
 * here. Each commit is judged by the fleet that its own config.yaml describes.
 */
#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/paths.h"
#include "core/record.h"

/* A file that a commit has changed, compared with its first parent. */
struct logged_file {
	char status;        /* 'A', 'D', or another letter for a change, as git has them */
	const char *path;   /* from ROOT */
	const char *object; /* afterwards; zeros if it is removed */
	const char *before; /* the same before */
};

/* A commit as git's log tells it. Texts are UTF-8 unless somebody lied to git. All owned by its maker. */
struct logged {
	const char *object;   /* full name */
	const char **parents; /* of those that are logged; the first one leads on */
	size_t parent_count;
	const char *author, *email, *committer;
	int64_t at; /* when it was committed, in seconds since 1970 */
	struct str message;
	struct logged_file *files;
	size_t file_count;
};

/*
 * The commits of a patch under one name, newest first. If that name was given to it by a commit,
 * what is older is not the patch's, and the next log has the commits of the name before.
 */
struct patch_log {
	struct subject subject;
	struct logged *commits;
	size_t count;
	const struct logged *oldest; /* the one that gave it this name; NULL: all of them count */
};

/* What a commit did to a patch. */
enum history_action {
	HISTORY_START,       /* its first copies */
	HISTORY_CUT,         /* what was before is not known: the clone is shallow */
	HISTORY_PROMOTE,     /* more targets have it */
	HISTORY_CONSOLIDATE, /* other copies cover the same targets */
	HISTORY_EDIT,        /* copies say something else */
	HISTORY_RENAME,      /* it, its application or a position got another name */
	HISTORY_FLEET,       /* config.yaml says otherwise which targets there are */
	HISTORY_ROLLBACK,    /* fewer targets have it */
	HISTORY_INTEGRATE,   /* its copies are gone, values.yaml has it, and no target changes */
	HISTORY_RETIRE,      /* its copies are gone, values.yaml lacks it, and no target changes */
	HISTORY_REMOVE,      /* its copies are gone, and more than that is not known */
};

/* "start", ...; promote, consolidate and so on as step_kind_name() has them */
const char *history_action_name(enum history_action action);

/* Where a commit came to the branch. */
struct landing {
	const char *object; /* a merge; NULL: it was made on the branch */
	int64_t at;
};

struct history_names {
	const char **list;
	size_t count;
};

struct history_event {
	const struct logged *commit;
	const struct subject *subject; /* the patch under the name that it has since then */
	const struct record *record;   /* what its trailers tell of this patch; NULL: nothing */
	enum history_action action;    /* by its files, whatever the trailers tell */
	struct landing landing;
	int64_t at; /* when the branch had it */
	struct history_names added, removed,
		changed;              /* the directories of copies, from the application's */
	size_t covered, targets;      /* afterwards */
	bool ends;                    /* no copy is left */
	const struct logged **joined; /* a merge: the commits beside the line that changed copies */
	size_t joined_count;
	const struct subject
		*renamed_from; /* RENAME of the application or the patch: its old name; or NULL */
};

/* From one commit to another a patch covered a position. */
struct history_stay {
	size_t reached, left; /* events; left: NOWHERE if it is still there */
};

struct history_place {
	const char *position;       /* its path; the last one if it got others */
	const char *formerly;       /* the path before that; NULL: it had one only */
	struct history_stay *stays; /* in the order of time; at least one */
	size_t count;
};

/* The fleet that a config.yaml describes. */
struct history_fleet {
	const char *object;        /* of the file */
	const struct fleet *fleet; /* NULL: it cannot be read */
};

struct history_in {
	const struct patch_log *logs; /* the newest name first; at least one */
	size_t log_count;
	const struct history_fleet *fleets; /* of every config.yaml that a log has */
	size_t fleet_count;
	const struct fleet *fleet; /* until one of them counts */
	bool cut; /* the oldest commit of the line had parents that are not known */
	/* The landing of a commit. */
	struct landing (*landing)(const void *context, const struct logged *commit);
	const void *context;
};

struct history {
	struct history_event *events; /* oldest first */
	size_t event_count;
	struct history_place
		*places; /* in sequence order; those of no position any more at the end */
	size_t place_count;
	size_t copies;             /* that are left */
	const struct fleet *fleet; /* of the last commit */
	const char *commit;        /* full name of the last commit */
	bool cut; /* what was before the first event is not known: a shallow clone */
};

/*
 * The line of the logs' commits as events and places. A commit after which copies and coverage are
 * as before is no event. If the copies are all gone, the action is REMOVE: only the values tell
 * more. Everything is owned by mem or borrowed from `in`.
 */
void history_make(struct arena *mem, const struct history_in *in, struct history *out);

/*
 * The directory, from the application's, of the copy that a path from ROOT is of; NULL if it is
 * none of the subject's patch at a position.
 */
const char *history_copy_at(struct arena *mem, const struct subject *s, const char *path);

/* The event after which the patch has no copy, if the last one is such; else NULL. */
struct history_event *history_end(const struct history *h);

#endif
