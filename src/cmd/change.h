/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.h - a run that moves a patch: load, decide, show, ask, do, report.
 *
 *	static int decide(struct change *c)
 *	{
 *		return promote_next(c->mem, &c->now, &request, &c->step, c->e);
 *	}
 *
 *	static int run(struct arena *mem, const struct options *o, struct error *e)
 *	{
 *		struct change c = { .mem = mem, .o = o, .e = e, .decide = decide };
 *
 *		return change_run(&c);
 *	}
 *
 * A command says which step follows, and nothing else: proof, gates, dry run, questions, generator
 * and report are the same for all.
 */
#ifndef CMD_CHANGE_H
#define CMD_CHANGE_H

#include "cli/command.h"
#include "cmd/session.h"
#include "core/promote.h"
#include "report/committed.h"
#include "run/commit.h"

struct change {
	/* in; borrowed */
	struct arena *mem;
	const struct options *o; /* the arguments begin with CLUSTER_TYPE APPLICATION */
	struct error *e;
	/*
	 * Called when the fleet is loaded, before the application is read: checks the command's own
	 * options. It may set subject.patch if no third argument was given. NULL: nothing to do.
	 */
	int (*prepare)(struct change *c);
	/* Sets `step` for the state `now`, both below. */
	int (*decide)(struct change *c);
	/* Adds edits of other files to `plan`, once it is decided and proven. NULL: there are none. */
	int (*extend)(struct change *c);
	enum {
		LOSS_IGNORED,  /* not asked: what is removed keeps its meaning elsewhere */
		LOSS_REFUSED,  /* bytes that neither HEAD nor another copy has are not removed */
		LOSS_ACCEPTED, /* they are, and named */
	} loss;
	void *context; /* of the three functions */

	/* what both functions may read */
	struct session fleet;
	struct subject subject;
	struct name_list applications; /* of the cluster type */
	struct scanned scanned;
	struct state now;

	/* what `decide` sets */
	struct step step;
	const char *reason;       /* of the hold that a rollback leaves, set by `extend`; or NULL */
	struct finished finished; /* NONE: by which commit the patch was finished; see finished.h */
	struct buf answered; /* a line for each option that says what was answered at a prompt */

	/* what `extend` may read, too */
	int64_t clock; /* seconds since 1970 in UTC */
	struct plan plan;

	/* for change.c and consent.c alone */
	bool *approved; /* for each gate of the step */
	struct committing commit;
	struct committed committed;
	struct report report;
	struct findings told; /* the warnings that were shown before a question */
};

/* The whole run. */
int change_run(struct change *c);

/*
 * The depth of the level that --level names, or of the fleet's usual one if `name` is NULL. FILES
 * if the fleet has no such dimension.
 */
int change_level(struct arena *mem, const struct fleet *f, const char *name, unsigned *level,
	struct error *e);

/* Sets the level and the source of a step as --level and --from name them; NULL: not given. */
int change_request(struct change *c, const char *level, const char *from, struct request *r);

/* If copies differ and no source was named: a person at a terminal is asked for it. */
void change_ask_source(struct change *c, struct request *r);

#endif
