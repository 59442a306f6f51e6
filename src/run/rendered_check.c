/* SPDX-License-Identifier: Apache-2.0 */
#include "run/rendered_check.h"

#include <fcntl.h>
#include <string.h>

#include "core/show.h"
#include "store/tree/pathname.h"

enum { NAMED_DIFFERENCES = 10 };

/* The values of a cluster type that is not the step's. */
struct other {
	const char *type;
	struct rendered_values values;
	struct other *next;
};

struct run {
	struct rendered_check *check;
	struct arena *mem;
	struct arena *scratch; /* for one target; the values of a whole fleet are too many */
	const struct fleet *fleet;
	bool *changes; /* for each position: the step changes its values */
	const struct backup *before;
	struct name_list types; /* of the fleet, once they are asked for */
	bool listed;
	struct other *others;
	struct rendered_found found;
	size_t differences;
	struct error *e;
};

static const char *path_of(const struct run *r, size_t target)
{
	return arena_printf(r->scratch, RENDERED "/%s/%s/values.yaml", r->check->type,
		r->fleet->positions[target].path);
}

static void add_name(const struct run *r, struct rendered_names *names, const char *path)
{
	*ARENA_PUSH(r->mem, names->list, names->count) = arena_copy(r->mem, path, strlen(path));
}

/* Adds a line about a difference; the first sets the error, a few are named below it. */
static void add_line(struct run *r, struct about about, const char *line)
{
	if (r->differences++ == 0) {
		error_set(r->e, STATUS_SYSTEM, "What was rendered is not what the files say");
		error_code(r->e, "rendered-differs");
	}
	if (r->differences > NAMED_DIFFERENCES)
		return;
	error_detail(r->e, "  %s", line);
	error_blocker(r->e, about, "%s", line);
}

static void add_difference(struct run *r, const char *file, const struct value_change *c)
{
	struct buf line = { .mem = r->scratch };
	const char *path = c->path[0] ? c->path : NULL; /* else it is the file as a whole */

	buf_printf(&line, "%s: %s is ", file, path ? path : "it");
	show_value(&line, c->old, false);
	buf_puts(&line, " and should be ");
	show_value(&line, c->now, false);
	add_line(r, (struct about){ .file = file, .key = path }, line.at);
}

/* Which targets there are is no matter of a step. */
static void add_removed(struct run *r, const char *file)
{
	add_line(r, (struct about){ .file = file },
		arena_printf(r->scratch, "%s: was removed", file));
}

bool rendered_check_needed(const struct rendered_check *check)
{
	const char *path = arena_printf(check->mem, RENDERED "/%s", check->type);
	struct stat st;

	return fstatat(check->session->root.fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int rendered_check_load(struct rendered_check *check, struct error *e)
{
	struct rendered_values *v = &check->values;
	const char *name = check->after->subject.application;

	if (session_states(check->mem, check->session, check->type, &v->states, &v->count, e) < 0) {
		v->unread = arena_copy(check->mem, e->text, strlen(e->text));
		return -1;
	}
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->states[i].subject.application, name) == 0)
			v->states[i] = *check->after;
	target_share(&check->session->fleet, v->states, v->count, NULL, NULL);
	v->read = true;
	return 0;
}

/* The values of a cluster type; what cannot be read is noted. */
static const struct rendered_values *values_of(struct run *r, const char *type)
{
	struct rendered_check *check = r->check;
	struct error unread = { 0 };
	struct other *o = r->others;

	if (strcmp(type, check->type) == 0) {
		if (!check->values.read && !check->values.unread)
			rendered_check_load(check, &unread);
		error_free(&unread);
		return &check->values;
	}
	while (o && strcmp(o->type, type) != 0)
		o = o->next;
	if (o)
		return &o->values;
	o = ARENA_NEW(r->mem, struct other, 1);
	*o = (struct other){ .type = arena_copy(r->mem, type, strlen(type)), .next = r->others };
	r->others = o;
	o->values.read = session_states(r->mem, check->session, o->type, &o->values.states,
				 &o->values.count, &unread) == 0;
	if (o->values.read)
		target_share(r->fleet, o->values.states, o->values.count, NULL, NULL);
	else
		o->values.unread = arena_copy(r->mem, unread.text, strlen(unread.text));
	error_free(&unread);
	return &o->values;
}

/* What a file or a text sets is compared with what its target has; where `told`, differences are. */
static bool is_right(struct run *r, const struct rendered_values *v, const char *file,
	const struct node *root, size_t target, bool told)
{
	const struct value_change *list = NULL;
	size_t n = target_compare(r->scratch, root,
		target_values(r->scratch, r->fleet, target, v->states, v->count), &list);

	for (size_t i = 0; told && i < n; i++)
		add_difference(r, file, &list[i]);
	return n == 0;
}

/* How a file is: missing, right, wrong, or it cannot be told. */
enum verdict { MISSING, RIGHT, WRONG, UNKNOWN };

static enum verdict check_file(
	struct run *r, const char *type, const char *file, size_t target, bool told)
{
	const struct layer *rendered = NULL;
	struct error unread = { 0 };
	struct contents contents;

	contents_init(&contents, r->scratch, r->check->session->source);
	int found = contents_read(&contents, file, false, &rendered, &unread);
	const struct rendered_values *v = found == 0 ? NULL : values_of(r, type);
	enum verdict verdict = MISSING;
	if (v && !v->read) {
		verdict = UNKNOWN;
		r->found.unchecked = v->unread;
	} else if (v && found < 0 && !told && !unread.about.line) {
		verdict = UNKNOWN; /* it is not malformed, but cannot be reached or read */
		r->found.unchecked = arena_copy(r->mem, unread.text, strlen(unread.text));
	} else if (v && found < 0) {
		verdict = WRONG;
		if (told)
			add_line(r, unread.about, unread.text);
	} else if (v) {
		verdict = is_right(r, v, file, rendered->root, target, told) ? RIGHT : WRONG;
	}
	error_free(&unread);
	return verdict;
}

/* Whether a file was wrong before the generator changed it. */
static bool was_stale(
	struct run *r, const char *type, const struct rendered_change *c, size_t target)
{
	struct error unread = { 0 };
	struct contents contents;
	struct str text;

	if (c->before == BACKUP_NONE || r->before->files[c->before].kind != ENTRY_FILE)
		return false;
	contents_init(&contents, r->scratch, r->check->session->source);
	const struct node *root = NULL;
	if (backup_text(r->scratch, r->before, c->before, &text, &unread) == 0)
		root = contents_parse(&contents, c->path, text, &unread);
	error_free(&unread);
	return !root || !is_right(r, values_of(r, type), c->path, root, target, false);
}

/*
 * The target that a path below rendered/ is of, and the rest of it behind the target's directory;
 * NOWHERE if it is of none.
 */
static size_t target_of(struct run *r, const char *path, const char **type, const char **rest)
{
	char *at = arena_copy(r->scratch, path, strlen(path));
	char *name = strchr(at, '/'), *position = name ? strchr(name + 1, '/') : NULL, *end = NULL;

	if (!position)
		return NOWHERE;
	*position++ = '\0';
	*type = name + 1;
	while ((end = strrchr(position, '/'))) {
		*end = '\0';
		size_t target = fleet_find(r->fleet, position);
		if (target != NOWHERE && fleet_is_target(r->fleet, target)) {
			*rest = path + (end + 1 - at);
			return target;
		}
	}
	return NOWHERE;
}

/* What is of no cluster type is not compared. */
static bool is_type(struct run *r, const char *type)
{
	struct error unread = { 0 };

	if (!r->listed)
		load_types(r->mem, r->check->session->source, r->fleet, &r->types, &unread);
	r->listed = true;
	error_free(&unread);
	for (size_t i = 0; i < r->types.count; i++)
		if (strcmp(r->types.at[i], type) == 0)
			return true;
	return false;
}

/* Whether a path is of what the step is about. */
static bool is_within(const struct run *r, const char *path, const char *type, size_t target)
{
	const struct rendered_check *check = r->check;

	if (target != NOWHERE && r->changes[target] && strcmp(type, check->type) == 0)
		return true;
	for (size_t i = 0; i < check->within.count; i++)
		if (pathname_is_below(path,
			    arena_printf(r->scratch, RENDERED "/%s/%s", check->type,
				    r->fleet->positions[check->within.list[i]].path)))
			return true;
	return false;
}

/* What the generator has changed; the targets that the step changes are compared already. */
static void check_change(struct run *r, const struct rendered_change *c, bool compare)
{
	const char *type = "", *rest = "";
	size_t target = target_of(r, c->path, &type, &rest);
	bool within = is_within(r, c->path, type, target), stale = false;
	bool own = target != NOWHERE && strcmp(type, r->check->type) == 0;

	if (compare && target != NOWHERE && strcmp(rest, "values.yaml") == 0 && is_type(r, type) &&
		!(own && r->changes[target])) {
		enum verdict verdict = check_file(r, type, c->path, target, true);

		stale = verdict == RIGHT && !within && was_stale(r, type, c, target);
		if (verdict == MISSING)
			add_removed(r, c->path);
	}
	if (stale)
		add_name(r, &r->found.stale, c->path);
	else if (!within)
		add_name(r, &r->found.outside, c->path);
}

static void check_changes(struct run *r, const struct rendered_changes *changes, bool compare)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct arena_mark mark = arena_mark(r->scratch);

		check_change(r, &changes->list[i], compare);
		arena_rewind(r->scratch, mark);
	}
}

/* Whether the generator has removed a file. */
static bool is_removed(const struct rendered_changes *changes, const char *path)
{
	for (size_t low = 0, high = changes->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(changes->list[middle].path, path);

		if (order == 0)
			return changes->list[middle].removed;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The targets that the step changes; with a generator (changes), those that are wrong are errors. */
static void check_targets(struct run *r, const struct rendered_changes *changes)
{
	const struct effect *effect = r->check->effect;

	for (size_t g = 0; g < effect->count; g++)
		for (size_t i = 0; i < effect->groups[g].target_count; i++) {
			const struct arena_mark mark = arena_mark(r->scratch);
			size_t target = effect->groups[g].targets[i];
			const char *path = path_of(r, target);
			enum verdict verdict =
				check_file(r, r->check->type, path, target, changes != NULL);

			if (changes && verdict == MISSING && is_removed(changes, path))
				add_removed(r, path);
			if (!changes && verdict == WRONG)
				add_name(r, &r->found.stale, path);
			arena_rewind(r->scratch, mark);
		}
}

static void start(struct run *r, struct rendered_check *check, struct arena *scratch)
{
	const struct effect *effect = check->effect;

	arena_init(scratch, check->mem->out_of_memory);
	*r = (struct run){
		.check = check,
		.mem = check->mem,
		.scratch = scratch,
		.fleet = &check->session->fleet,
	};
	r->changes = ARENA_NEW(r->mem, bool, r->fleet->count + 1);
	for (size_t g = 0; g < effect->count; g++)
		for (size_t i = 0; i < effect->groups[g].target_count; i++)
			r->changes[effect->groups[g].targets[i]] = true;
}

/* While a person was asked or the generator ran, other applications may have been changed. */
static int load_again(struct rendered_check *check, struct error *e)
{
	if (!check->values.read)
		return 0;
	check->values = (struct rendered_values){ 0 };
	if (rendered_check_load(check, e) == 0)
		return 0;
	e->status = STATUS_SYSTEM; /* the step itself was right */
	error_code(e, "rendered-differs");
	return error_context(e, "cannot compare what was rendered");
}

int rendered_check(struct rendered_check *check, const struct backup *before,
	const struct rendered_changes *changes, struct rendered_found *found, struct error *e)
{
	struct arena scratch;
	struct run r;

	if (load_again(check, e) < 0)
		return -1;
	start(&r, check, &scratch);
	r.before = before;
	r.e = e;
	check_targets(&r, changes);
	check_changes(&r, changes, true);
	arena_free(&scratch);
	*found = r.found;
	if (r.differences > NAMED_DIFFERENCES)
		error_detail(e, "  and %zu more", r.differences - NAMED_DIFFERENCES);
	if (r.differences)
		error_detail(e, "--no-check-rendered leaves this comparison out");
	return r.differences ? error_command(e, "--no-check-rendered") : 0;
}

void rendered_outside(struct rendered_check *check, const struct rendered_changes *changes,
	struct rendered_found *found)
{
	struct arena scratch;
	struct run r;

	start(&r, check, &scratch);
	check_changes(&r, changes, false);
	arena_free(&scratch);
	*found = r.found;
}

void rendered_stale(struct rendered_check *check, struct rendered_found *found)
{
	struct arena scratch;
	struct run r;

	start(&r, check, &scratch);
	check_targets(&r, NULL);
	arena_free(&scratch);
	*found = r.found;
}
