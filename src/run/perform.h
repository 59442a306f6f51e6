/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perform.h - do what a plan says: the one protocol of every command that writes.
 *
 *	struct prepared prepared;
 *	struct performed done;
 *	if (perform_prepare(mem, &session, &plan, &how, &prepared, e) < 0)
 *		return -1;
 *	... a dry run: perform_foresee(&prepared, &done), report, and no more ...
 *	if (perform(&prepared, &done, e) < 0)
 *		return -1;
 *	... report ...
 *	process_release_signals();
 *
 * perform() stages the plan's edits, checks that the files are still those that the plan was worked
 * out from, commits, runs the generator, checks what that rendered, and ends (store/txn/txn.h). If
 * one of these fails, what was done is undone, rendered/ included, and the error says so. If the
 * process is killed, the next one that writes finishes or undoes the step. With how.commit a commit
 * of the step is made before the end, and decides it (run/commit.h).
 *
 * Signals are held from now on, also when it has returned: so that a step that is done is
 * also reported, and an error printed. A signal before the commit is an error, one while
 * the generator runs ends that.
 */
#ifndef RUN_PERFORM_H
#define RUN_PERFORM_H

#include "run/commit.h"
#include "run/rendered_check.h"
#include "store/render/generate.h"

struct how {
	const char *step; /* in a few words, for a later run to say if this one is killed */
	/*
	 * The application as it was read: what the plan was worked out from, besides config.yaml. NULL:
	 * nothing else, as for a hold.
	 */
	const struct application *app;
	const struct state *after;   /* the step; NULL if no generator is to run */
	struct position_list within; /* the positions at which it may change targets */
	const char *keep;            /* the directory that stays even if the edits empty it */
	/* REFUSED if a file is not as it was read; config.yaml is checked already */
	int (*recheck)(const void *context, struct error *e);
	const void *context;
	bool dry_run; /* no program runs but make -n, and that only where it is trusted */
	bool no_generate;
	const char *generate_command; /* NULL: make generate, if the fleet has that */
	bool show_output;             /* the generator's, on standard error */
	struct committing *commit;    /* checked, with its message; NULL: no commit is made */
	bool no_check_rendered;       /* do not compare what was rendered with the values */
};

/* What is known before anything is written. All borrowed, but for what perform_prepare finds out. */
struct prepared {
	struct arena *mem;
	struct session *session;
	const struct plan *plan;
	const struct how *how;
	struct generator generator;
	struct rendered_check check;
};

struct performed {
	const char *generator; /* as it is shown; NULL if none ran */
	struct rendered_changes rendered;
	struct rendered_found found; /* what these are; without a generator, what is stale now */
	const char *left; /* why the staging directory could not be removed; NULL if it was */
};

/*
 * Finds the generator, and reads what its result is to be compared with: every application of the
 * cluster type. Errors: FILES if one is malformed, SYSTEM. Signals are held meanwhile.
 */
int perform_prepare(struct arena *mem, struct session *s, const struct plan *plan,
	const struct how *how, struct prepared *p, struct error *e);

/* What perform() would report, as far as that is known. */
void perform_foresee(struct prepared *p, struct performed *done);

/* Errors: REFUSED if a file has changed meanwhile, SYSTEM. On failure *done is untouched. */
int perform(struct prepared *p, struct performed *done, struct error *e);

#endif
