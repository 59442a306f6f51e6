/* SPDX-License-Identifier: Apache-2.0 */
#include "run/perform.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "core/paths.h"
#include "store/render/process.h"
#include "store/txn/txn.h"

struct performing {
	struct arena *mem;
	struct session *session;
	const struct plan *plan;
	const struct how *how;
	struct prepared *prepared;
	struct txn txn;
	struct performed done;
	struct error left; /* owned */
	void *kept;        /* owned; memory for an undo */
	bool out_of_memory;
	struct error *e;
};

/* A layer that the plan leaves as it is; a later run judges the others by what was done. */
static void add_input(struct performing *p, struct map *edited, const struct layer *layer)
{
	if (layer && !map_get(edited, str_of(layer->path)))
		txn_input(&p->txn, layer->path, layer->file->text);
}

static void add_holds(struct performing *p, struct map *edited, const struct hold_list *holds)
{
	for (size_t i = 0; i < holds->file_count; i++)
		if (!map_get(edited, str_of(holds->files[i].path)))
			txn_input(&p->txn, holds->files[i].path, holds->files[i].file->text);
}

static void add_application(struct performing *p, const struct application *app)
{
	const struct fleet *f = app->fleet;
	const struct subject s = { .type = app->type, .application = app->name };
	const struct changed_list effect = changed_by(p->mem, f, &p->plan->effect);
	struct map edited = { .mem = p->mem };

	txn_from(&p->txn, paths_application(p->mem, &s), &effect);
	for (size_t i = 0; i < p->plan->edit_count; i++)
		*map_slot(&edited, str_of(p->plan->edits[i].path)) = p;
	add_input(p, &edited, app->defaults);
	add_input(p, &edited, app->base);
	for (size_t at = 0; at < f->count; at++)
		for (size_t i = 0; i < app->at[at].count; i++)
			add_input(p, &edited, app->at[at].layers[i]);
	add_holds(p, &edited, &app->holds);
}

/* What a later run has to know of the plan, if this one is killed. */
static void add_origin(struct performing *p)
{
	if (p->how->app)
		add_application(p, p->how->app);
	txn_input(&p->txn, PATHS_CONFIG, p->session->config.text);
}

static void add_edits(struct performing *p)
{
	txn_expect(&p->txn, p->plan->edit_count);
	for (size_t i = 0; i < p->plan->edit_count; i++) {
		const struct edit *edit = &p->plan->edits[i];

		switch (edit->kind) {
		case EDIT_CREATE:
			txn_create(&p->txn, edit->path, edit->now->doc->text, edit->now->mode);
			txn_copied_from(&p->txn, edit->now->file ? edit->now->path : NULL);
			break;
		case EDIT_REPLACE:
			txn_replace(&p->txn, edit->path, edit->was->file, edit->now->doc->text);
			break;
		case EDIT_REMOVE:
			txn_remove(&p->txn, edit->path, edit->was->file, p->how->keep);
			break;
		}
	}
	if (p->how->commit)
		txn_commits(&p->txn, p->how->commit->repo.head);
	if (p->prepared->generator.argv) {
		txn_keep_rendered(&p->txn);
		txn_mark(&p->txn, p->prepared->generator.mark);
	}
}

/* The last checks before the decision. */
static int check_files(struct performing *p)
{
	const struct session *s = p->session;

	if (recheck_file(&s->root, PATHS_CONFIG, &s->config, p->e) < 0 ||
		p->how->recheck(p->how->context, p->e) < 0 || lock_check(&s->root, p->e) < 0 ||
		session_check_trust(s, p->e) < 0 ||
		(p->how->commit && commit_check_again(p->how->commit, p->e) < 0))
		return -1;
	if (!process_signal_pending())
		return 0;
	error_set(p->e, STATUS_SYSTEM, "interrupted; nothing was written");
	return error_code(p->e, "interrupted");
}

static int generate(struct performing *p)
{
	const struct root *root = &p->session->root;
	const struct generator *g = &p->prepared->generator;
	struct rendered_check *check = &p->prepared->check;

	if (!g->argv)
		return 0;
	if (generate_run(p->mem, root, g, p->how->show_output, p->e) < 0)
		return -1;
	if (rendered_changes(p->mem, root, &p->txn.rendered, &p->done.rendered, p->e) < 0 ||
		txn_check(&p->txn, p->e) < 0)
		return error_context(p->e, "'%s' left a wrong result", g->shown);
	p->done.generator = g->shown;
	if (!p->how->no_check_rendered)
		return rendered_check(
			check, &p->txn.rendered, &p->done.rendered, &p->done.found, p->e);
	rendered_outside(check, &p->done.rendered, &p->done.found);
	return 0;
}

/*
 * Memory may run out when the step is decided: while what was rendered is looked at, or while all
 * is undone. The arena's function then leads back to here, and the step is undone with the memory
 * that was kept for that.
 */
static struct {
	jmp_buf back;
	pid_t process; /* not a child of it */
	void (*before)(void);
} memory;

static void come_back(void)
{
	if (getpid() != memory.process)
		memory.before();
	longjmp(memory.back, 1);
}

/* Calls `work`. If memory runs out in it, what it has allocated and what was kept is freed; -1. */
static int guard_memory(struct performing *p, int (*work)(struct performing *p))
{
	const struct arena_mark mark = arena_mark(p->mem);
	int rc = -1;

	memory.process = getpid();
	memory.before = p->mem->out_of_memory;
	if (setjmp(memory.back) == 0) {
		p->mem->out_of_memory = come_back;
		rc = work(p);
		p->mem->out_of_memory = memory.before;
		return rc;
	}
	p->mem->out_of_memory = memory.before;
	free(p->kept);
	p->kept = NULL;
	arena_rewind(p->mem, mark);
	p->out_of_memory = true;
	return -1;
}

/* Enough to list what is rendered and to write each file of it anew; NULL if there is not that much. */
static void *keep_memory(const struct backup *rendered)
{
	enum { FEW = 4 * 1024 * 1024 };
	size_t largest = 0;

	for (size_t i = 0; i < rendered->count; i++)
		if (rendered->files[i].kind == ENTRY_FILE && rendered->files[i].size > largest)
			largest = rendered->files[i].size;
	return malloc(FEW + 3 * largest + rendered->count * 2 * sizeof(*rendered->files));
}

/* What follows the decision; or what leads to it, if that is git's. */
static int finish_step(struct performing *p)
{
	struct committing *commit = p->how->commit;

	if (generate(p) < 0)
		return -1;
	return commit ? commit_make(commit, &p->txn, p->e) : txn_end(&p->txn, &p->left, p->e);
}

static int finish_commit(struct performing *p)
{
	commit_finish(p->how->commit);
	return 0;
}

static int tell_commit(struct performing *p)
{
	git_commit_tell(&p->how->commit->git);
	return 0;
}

/* The commit is made: whatever fails now, the step is done. */
static void end_committed(struct performing *p)
{
	struct error failed = { 0 };

	guard_memory(p, finish_commit);
	p->out_of_memory = false;
	if (txn_end(&p->txn, &p->left, &failed) < 0) {
		error_add(&p->left, &failed);
		txn_leave(&p->txn);
	}
	guard_memory(p, tell_commit);
	p->out_of_memory = false;
}

/* What comes before the decision. If memory runs out here, there is only .promote to be removed. */
static int stage_step(struct performing *p)
{
	add_origin(p);
	if (txn_stage(&p->txn, p->e) < 0 || check_files(p) < 0)
		return -1;
	p->kept = keep_memory(&p->txn.rendered);
	p->out_of_memory = !p->kept;
	return p->kept ? 0 : -1;
}

static int take_step(struct performing *p)
{
	const bool tentative = p->prepared->generator.argv || p->how->commit;

	return guard_memory(p, stage_step) < 0 ||
			txn_commit(&p->txn, tentative ? TXN_TENTATIVE : TXN_FINAL, p->e) < 0
		? -1
		: guard_memory(p, finish_step);
}

static int close_step(struct performing *p)
{
	return txn_close(&p->txn, p->e);
}

/* Ends the step, or undoes what was done of it: 0 if all of it is done. */
static int end_step(struct performing *p, int rc)
{
	if (p->out_of_memory) {
		error_free(p->e);
		error_set(p->e, STATUS_SYSTEM, "out of memory");
		error_code(p->e, "out-of-memory");
		p->out_of_memory = false;
	}
	if (p->how->commit && p->how->commit->decided == GIT_MADE)
		end_committed(p);
	if (p->how->commit && p->how->commit->decided == GIT_UNKNOWN)
		txn_leave(&p->txn);
	int closed = guard_memory(p, close_step);
	if (p->out_of_memory) {
		if (!p->e->text)
			error_set(p->e, STATUS_SYSTEM, "out of memory");
		txn_add_left(&p->txn, &(struct error){ 0 }, p->e);
	}
	return rc < 0 || closed < 0 ? -1 : 0;
}

/* A dry run must not fail because make does. */
static int find_generator(struct prepared *p, struct error *e)
{
	const struct root *root = &p->session->root;
	const char *command = p->how->generate_command;
	struct error failed = { 0 };

	if (p->how->no_generate)
		return 0;
	if (!p->how->dry_run)
		return session_check_trust(p->session, e) < 0
			? -1
			: generate_prepare(p->mem, root, command, &p->generator, e);
	if ((!command && !p->session->trusted) ||
		generate_prepare(p->mem, root, command, &p->generator, &failed) < 0)
		generate_guess(root, &p->generator);
	error_free(&failed);
	return 0;
}

static bool is_compared(const struct prepared *p)
{
	return !p->how->no_check_rendered && rendered_check_needed(&p->check);
}

int perform_prepare(struct arena *mem, struct session *s, const struct plan *plan,
	const struct how *how, struct prepared *p, struct error *e)
{
	*p = (struct prepared){
		.mem = mem,
		.session = s,
		.plan = plan,
		.how = how,
		.check = { .mem = mem,
			.session = s,
			.type = how->after ? how->after->subject.type : NULL,
			.within = how->within,
			.effect = &plan->effect,
			.after = how->after },
	};
	process_hold_signals();
	if (find_generator(p, e) < 0)
		return -1;
	process_release_signals();
	if (!p->generator.argv || !is_compared(p) || rendered_check_load(&p->check, e) == 0)
		return 0;
	error_context(e, "cannot compare what will be rendered, and nothing was written");
	error_detail(e, "--no-check-rendered leaves this comparison out");
	return error_command(e, "--no-check-rendered");
}

/* Without a generator, the targets that the step changes have rendered files of before it. */
static void find_stale(struct prepared *p, struct performed *done)
{
	if (!p->generator.argv && p->plan->effect.count && is_compared(p))
		rendered_stale(&p->check, &done->found);
}

void perform_foresee(struct prepared *p, struct performed *done)
{
	*done = (struct performed){ .generator = p->generator.shown };
	find_stale(p, done);
}

int perform(struct prepared *prepared, struct performed *done, struct error *e)
{
	struct performing p = {
		.mem = prepared->mem,
		.session = prepared->session,
		.plan = prepared->plan,
		.how = prepared->how,
		.prepared = prepared,
		.e = e,
	};

	process_hold_signals();
	find_stale(prepared, &p.done);
	txn_begin(&p.txn, p.mem, &p.session->root, p.how->step);
	add_edits(&p);
	int rc = end_step(&p, take_step(&p));
	free(p.kept);
	if (rc < 0)
		return -1;
	if (p.left.text)
		p.done.left = arena_copy(p.mem, p.left.text, strlen(p.left.text));
	error_free(&p.left);
	*done = p.done;
	return 0;
}
