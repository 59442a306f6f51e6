/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h - what a killed run has done of one operation, as far as what it left proves it.
 *
 *	           in .promote                 in its place          trace
 *	create     the new text                nothing               BEFORE
 *	           the same file               the same file         DONE
 *	           the new text                anything else         UNMOVED
 *	           nothing                     the new file          DONE
 *	           nothing                     nothing               BACK
 *	           nothing                     anything else         WRONG
 *	replace    the new text                the text before       BEFORE
 *	           the new text                anything else         UNMOVED
 *	           the text before or nothing  the text before       BACK
 *	           the text before or nothing  the new text          DONE
 *	           the text before or nothing  anything else         WRONG
 *	remove     nothing                     the text before       BEFORE
 *	           nothing                     anything else         UNMOVED
 *	           the text before             the text before       BACK
 *	           the text before             nothing               DONE
 *	           the text before             anything else         WRONG
 *
 * A new file is known by its digest in the tree that the step was worked out for, and in any
 * other one by its identity, too: there it may have been checked out.
 */
#ifndef STORE_TXN_TRACE_H
#define STORE_TXN_TRACE_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

enum trace {
	TRACE_BEFORE,  /* it is not done, and nothing was changed since */
	TRACE_DONE,    /* it is */
	TRACE_BACK,    /* it was done, and its place is as before again */
	TRACE_UNMOVED, /* it was not done, but its place was changed */
	TRACE_WRONG,   /* it was done, and its place was changed since */
	TRACE_FOREIGN, /* .promote has the file of another program: `name` */
};

struct traced {
	enum trace trace;
	bool can_redo, can_undo; /* what that needs is staged */
	char name[STAGING_NAME]; /* FOREIGN */
};

/* The i-th operation; same_tree: see above. SYSTEM. */
int trace_op(const struct staging *s, const struct journal *j, size_t i, bool same_tree,
	struct traced *t, struct error *e);

#endif
