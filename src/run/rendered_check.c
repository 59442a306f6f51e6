/* SPDX-License-Identifier: Apache-2.0 */
#include "run/rendered_check.h"

#include "core/show.h"
#include "yaml/scalar.h"

enum { NAMED_DIFFERENCES = 10 };

struct check {
	struct arena *mem;
	struct arena *scratch; /* for one target; the values of a whole fleet are too many */
	struct session *session;
	const char *type;
	struct state *states; /* of all applications; NULL until there is a file to compare */
	size_t state_count;
	size_t differences;
	struct error *e;
};

/* A plain scalar that some readers take for a string and others for another type. */
static bool may_pass(const struct value_change *c)
{
	return c->old && c->now && c->old->kind == NODE_SCALAR && c->now->kind == NODE_SCALAR &&
		(scalar_type(c->old) == TYPE_UNSURE || scalar_type(c->now) == TYPE_UNSURE);
}

/* Adds a line about a difference; the first sets the error, a few are named below it. */
static void add_line(struct check *k, struct about about, const char *line)
{
	if (k->differences++ == 0) {
		error_set(k->e, STATUS_SYSTEM, "What was rendered is not what the files say");
		error_code(k->e, "rendered-differs");
	}
	if (k->differences > NAMED_DIFFERENCES)
		return;
	error_detail(k->e, "  %s", line);
	error_blocker(k->e, about, "%s", line);
}

static void add_difference(struct check *k, const char *file, const struct value_change *c)
{
	struct buf line = { .mem = k->scratch };
	const char *path = c->path[0] ? c->path : NULL; /* else it is the file as a whole */

	buf_printf(&line, "%s: %s is ", file, path ? path : "it");
	show_value(&line, c->old, false);
	buf_puts(&line, " and should be ");
	show_value(&line, c->now, false);
	add_line(k, (struct about){ .file = file, .key = path }, line.at);
}

/* Another application of the type may be malformed, although the step does not touch it. */
static int load_states(struct check *k)
{
	if (k->states)
		return 0;
	if (session_states(k->mem, k->session, k->type, &k->states, &k->state_count, k->e) == 0)
		return 0;
	k->e->status = STATUS_SYSTEM; /* the step itself was right */
	error_code(k->e, "rendered-differs");
	return error_context(k->e, "cannot compare what was rendered");
}

/* Differences are noted; they are no failure of the call. */
static int check_target(struct check *k, size_t target)
{
	const char *file = arena_printf(k->scratch, "rendered/%s/%s/values.yaml", k->type,
		k->session->fleet.positions[target].path);
	const struct value_change *changes = NULL;
	const struct layer *rendered = NULL;
	struct error unread = { 0 };
	struct contents contents;

	contents_init(&contents, k->scratch, &k->session->disk.source);
	int found = contents_read(&contents, file, false, &rendered, &unread);
	if (found == 0)
		return 0;
	if (load_states(k) < 0) {
		error_free(&unread);
		return -1;
	}
	if (found < 0) {
		add_line(k, unread.about, unread.text);
		error_free(&unread);
		return 0;
	}
	size_t n = effect_changes(k->scratch, rendered->root,
		target_values(k->scratch, &k->session->fleet, target, k->states, k->state_count),
		&changes);
	for (size_t i = 0; i < n; i++)
		if (!may_pass(&changes[i]))
			add_difference(k, file, &changes[i]);
	return 0;
}

static int check_targets(struct check *k, const struct effect *effect)
{
	const struct arena_mark mark = arena_mark(k->scratch);

	for (size_t g = 0; g < effect->count; g++)
		for (size_t i = 0; i < effect->groups[g].target_count; i++) {
			if (check_target(k, effect->groups[g].targets[i]) < 0)
				return -1;
			arena_rewind(k->scratch, mark);
		}
	return 0;
}

int rendered_check(struct arena *mem, struct session *s, const char *type,
	const struct effect *effect, struct error *e)
{
	struct arena scratch;
	struct check k = { .mem = mem, .scratch = &scratch, .session = s, .type = type, .e = e };

	arena_init(&scratch, mem->out_of_memory);
	int rc = check_targets(&k, effect);
	arena_free(&scratch);
	if (rc < 0)
		return -1;
	if (k.differences > NAMED_DIFFERENCES)
		error_detail(e, "  and %zu more", k.differences - NAMED_DIFFERENCES);
	if (k.differences)
		error_detail(e, "--no-check-rendered leaves this comparison out");
	return k.differences ? error_command(e, "--no-check-rendered") : 0;
}
