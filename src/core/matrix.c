/* SPDX-License-Identifier: Apache-2.0 */
#include "core/matrix.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "core/diff.h"
#include "core/setter.h"
#include "yaml/canon.h"
#include "yaml/merge.h"
#include "yaml/resolve.h"

void matrix_begin(struct matrix *m)
{
	const struct fleet *f = m->fleet;

	for (size_t i = 0; i < f->count; i++) {
		const struct position *p = &f->positions[i];

		if (p->depth == m->depth || (p->depth < m->depth && fleet_is_target(f, i)))
			*ARENA_PUSH(m->mem, m->columns, m->column_count) = i;
	}
}

/* A number, true, false or null as JSON has it; NULL for text. */
static const char *helm_text(const struct resolved *r, struct number_text *room)
{
	switch (r->type) {
	case RESOLVED_NULL:
		return "null";
	case RESOLVED_BOOL:
		return r->truth ? "true" : "false";
	case RESOLVED_INT:
		snprintf(room->at, sizeof(room->at), "%s%" PRIu64,
			r->negative && r->magnitude ? "-" : "", r->magnitude);
		return room->at;
	case RESOLVED_FLOAT:
		if (isfinite(r->number)) /* -0.0 is 0 */
			return float_json(r->number == 0 ? 0 : r->number, room);
		return isnan(r->number) ? ".nan" : r->number < 0 ? "-.inf" : ".inf";
	case RESOLVED_STRING:
	case RESOLVED_BINARY:
	case RESOLVED_NOTHING:
		break;
	}
	return NULL;
}

bool matrix_is(const struct node *value, const char *text)
{
	const struct node typed = { .kind = NODE_SCALAR, .value = str_of(text) };
	struct number_text rooms[2];

	if (value->kind != NODE_SCALAR)
		return false;
	const struct resolved a = scalar_resolve(value), b = scalar_resolve(&typed);
	const char *is = helm_text(&a, &rooms[0]), *wanted = helm_text(&b, &rooms[1]);
	if (!is)
		return str_is(value->value, text);
	return wanted && strcmp(is, wanted) == 0;
}

bool matrix_same(const struct matrix_cell *a, const struct matrix_cell *b)
{
	if (a == b)
		return true;
	if (a->count != b->count || a->unset != b->unset || a->from_count != b->from_count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->values[i] != b->values[i])
			return false;
	for (size_t i = 0; i < a->from_count; i++)
		if (a->from[i].line != b->from[i].line ||
			/* untested: two values that are set in one line of one file */
			a->from[i].value != b->from[i].value ||
			strcmp(a->from[i].file, b->from[i].file) != 0)
			return false;
	return true;
}

/* A path of an application that at least one stack has. */
struct draft {
	const char *path;
	const struct node **values; /* by number of a distinct stack; NULL: none */
};

/* One application, on its way into the matrix. All is of the scratch memory but the matrix. */
struct adding {
	struct matrix *m;
	const struct state *s;
	struct arena *mem;
	uint32_t *stacks; /* the distinct ones, by their first target */
	size_t stack_count;
	size_t *stack_of; /* by position: a number of a distinct stack; for targets */
	struct columns {
		size_t *stacks; /* the numbers of those that its targets have */
		size_t count;
	} * columns;
	struct map known; /* by path: a draft */
	struct draft **drafts;
	size_t draft_count;
	size_t stack; /* the number of the one that is looked at */
};

/* Numbers the distinct stacks. */
static void find_stacks(struct adding *a)
{
	const struct fleet *f = a->m->fleet;
	struct map numbers = { .mem = a->mem };

	a->stack_of = ARENA_NEW(a->mem, size_t, f->count);
	for (size_t i = 0; i < f->count; i++) {
		if (!fleet_is_target(f, i))
			continue;
		void **slot = map_slot_pair(&numbers, a->s->stack[i], 0);
		if (!*slot) {
			*ARENA_PUSH(a->mem, a->stacks, a->stack_count) = a->s->stack[i];
			*slot = arena_copy(
				a->mem, (const char *)&a->stack_count, sizeof(a->stack_count));
		}
		a->stack_of[i] = *(size_t *)*slot - 1;
	}
}

static void find_columns(struct adding *a)
{
	const struct matrix *m = a->m;
	size_t *seen = ARENA_NEW(a->mem, size_t, a->stack_count);

	a->columns = ARENA_NEW(a->mem, struct columns, m->column_count);
	for (size_t c = 0; c < m->column_count; c++) {
		const size_t p = m->columns[c];

		for (size_t i = p; i < m->fleet->positions[p].end; i++) {
			const size_t stack = a->stack_of[i];

			if (!fleet_is_target(m->fleet, i) || seen[stack] == c + 1)
				continue;
			seen[stack] = c + 1;
			*ARENA_PUSH(a->mem, a->columns[c].stacks, a->columns[c].count) = stack;
		}
	}
}

static void keep_value(void *context, struct str path, const struct view *v)
{
	struct adding *a = context;
	struct draft *d = map_get(&a->known, path);

	if (!d && diff_work(a->s->stacks, a->stack_count)) {
		d = ARENA_NEW(a->mem, struct draft, 1);
		d->path = arena_copy(a->mem, path.at, path.len);
		d->values = ARENA_NEW(a->mem, const struct node *, a->stack_count);
		*map_slot(&a->known, str_of(d->path)) = d;
		*ARENA_PUSH(a->mem, a->drafts, a->draft_count) = d;
	}
	if (d)
		d->values[a->stack] =
			v->count > 1 ? yaml_merge_all(a->mem, v->nodes, v->count) : v->nodes[0];
}

static void find_values(struct adding *a)
{
	struct stacks *stacks = a->s->stacks;

	for (a->stack = 0; a->stack < a->stack_count; a->stack++)
		keyglob_find(&a->m->glob, stacks, a->mem, a->stacks[a->stack], keep_value, a);
	/* what is a value here may be a mapping there, to which the glob does not lead */
	for (size_t d = 0; a->m->glob.deep && d < a->draft_count; d++) {
		const struct keyglob path = keyglob_of_path(a->mem, a->drafts[d]->path);

		for (a->stack = 0; a->stack < a->stack_count; a->stack++)
			if (!a->drafts[d]->values[a->stack])
				keyglob_find(
					&path, stacks, a->mem, a->stacks[a->stack], keep_value, a);
	}
}

/* A row on its way: its distinct values, which are numbered from 1, and cells of one value. */
struct row {
	struct adding *a;
	const struct draft *draft;
	uint32_t *number;           /* by stack: of its value; 0: none */
	const struct node **values; /* by number */
	size_t count;               /* 1 more than there are */
	bool *wanted;               /* by number: whether it is the value that is asked for */
	const struct matrix_cell **single;
	const struct matrix_cell *last; /* the cell before */
};

static void number_values(struct row *r)
{
	struct adding *a = r->a;
	struct map nodes = { .mem = a->mem }, meanings = { .mem = a->mem };

	r->number = ARENA_NEW(a->mem, uint32_t, a->stack_count);
	*ARENA_PUSH(a->mem, r->values, r->count) = NULL;
	for (size_t i = 0; i < a->stack_count; i++) {
		const struct node *n = r->draft->values[i];
		const uint64_t address = (uintptr_t)n;

		if (!n)
			continue;
		void **node = map_slot_pair(&nodes, (uint32_t)(address >> 32), (uint32_t)address);
		if (!*node) {
			void **meaning = map_slot(&meanings, yaml_meaning(a->mem, n));
			if (!*meaning) {
				*meaning = ARENA_NEW(a->mem, uint32_t, 1);
				*(uint32_t *)*meaning = (uint32_t)r->count;
				*ARENA_PUSH(a->mem, r->values, r->count) = n;
			}
			*node = *meaning;
		}
		r->number[i] = *(uint32_t *)*node;
	}
}

static void add_number(struct arena *mem, const struct row *r, struct matrix_cell *c, uint32_t n)
{
	if (n)
		*ARENA_PUSH(mem, c->values, c->count) = r->values[n];
	else
		c->unset = true;
}

/* The places that decide about the values of a column's targets. */
static void add_places(struct row *r, struct matrix_cell *cell, size_t p)
{
	struct adding *a = r->a;
	struct arena *mem = a->m->mem;
	const struct fleet *f = a->m->fleet;
	const struct arena_mark mark = arena_mark(a->mem);
	const struct keypath path = keypath_known(a->mem, r->draft->path);
	struct map known = { .mem = a->mem };

	for (size_t i = p; i < f->positions[p].end && diff_work(a->s->stacks, 1); i++) {
		if (!fleet_is_target(f, i))
			continue;
		const struct setter by = setter_of(a->s, i, &path);
		const uintptr_t key[] = { (uintptr_t)by.layer, (uintptr_t)by.node,
			r->number[a->stack_of[i]] };
		const struct str text = { arena_copy(a->mem, (const char *)key, sizeof(key)),
			sizeof(key) };
		void **slot = map_slot(&known, text);
		if (*slot || !by.layer)
			continue;
		*slot = r;
		*ARENA_PUSH(mem, cell->from, cell->from_count) = (struct matrix_place){
			arena_copy(mem, by.layer->path, strlen(by.layer->path)),
			by.node->place.line, r->values[r->number[a->stack_of[i]]]
		};
	}
	arena_rewind(a->mem, mark);
}

static const struct matrix_cell *make_cell(struct row *r, size_t column)
{
	struct adding *a = r->a;
	const struct columns *c = &a->columns[column];
	const uint32_t first = r->number[c->stacks[0]];
	bool differs = false;

	for (size_t i = 1; i < c->count; i++)
		differs |= r->number[c->stacks[i]] != first;
	if (!differs && !a->m->why && r->single[first])
		return r->single[first];
	const struct arena_mark mark = arena_mark(a->m->mem);
	struct matrix_cell *made = ARENA_NEW(a->m->mem, struct matrix_cell, 1);
	bool *seen = ARENA_NEW(a->mem, bool, differs ? r->count : 0);
	for (size_t i = 0; i < (differs ? c->count : 1); i++) {
		const uint32_t n = r->number[c->stacks[i]];

		if (differs && seen[n])
			continue;
		if (differs)
			seen[n] = true;
		add_number(a->m->mem, r, made, n);
	}
	if (a->m->why)
		add_places(r, made, a->m->columns[column]);
	if (r->last && matrix_same(r->last, made)) {
		arena_rewind(a->m->mem, mark);
		return r->last;
	}
	if (!differs && !a->m->why)
		r->single[first] = made;
	return r->last = made;
}

/* The targets whose value is asked for; false if there are none. */
static bool find_wanted(struct row *r, struct matrix_row *row)
{
	const struct matrix *m = r->a->m;
	bool some = false;

	r->wanted = ARENA_NEW(r->a->mem, bool, r->count);
	for (size_t i = 1; i < r->count; i++)
		some |= r->wanted[i] = matrix_is(r->values[i], m->where);
	for (size_t i = 0; some && i < m->fleet->count; i++)
		if (fleet_is_target(m->fleet, i) && r->wanted[r->number[r->a->stack_of[i]]])
			*ARENA_PUSH(m->mem, row->targets, row->target_count) = i;
	return some;
}

static void add_row(struct adding *a, const struct draft *draft)
{
	struct matrix *m = a->m;
	struct row r = { .a = a, .draft = draft };
	struct matrix_row row = { .application = a->s->app->name };

	number_values(&r);
	m->found = true;
	if (m->where && !find_wanted(&r, &row))
		return;
	for (size_t i = 1; i < r.count; i++)
		r.values[i] = node_copy(m->mem, r.values[i]);
	r.single = ARENA_NEW(a->mem, const struct matrix_cell *, r.count);
	row.path = arena_copy(m->mem, draft->path, strlen(draft->path));
	row.application = arena_copy(m->mem, row.application, strlen(row.application));
	row.cells = ARENA_NEW(m->mem, const struct matrix_cell *, m->column_count);
	for (size_t c = 0; c < m->column_count; c++)
		row.cells[c] = make_cell(&r, c);
	*ARENA_PUSH(m->mem, m->rows, m->count) = row;
}

static int too_many(const struct state *s, struct error *e)
{
	error_set(e, STATUS_FILES,
		"%s: it has too many values there, or their paths are too long all together; name a PATH that fewer of them have",
		s->app->name);
	return error_file(e, paths_application(s->stacks->mem, &s->subject));
}

int matrix_add(struct matrix *m, const struct state *s, struct error *e)
{
	struct arena scratch;
	struct adding a = { .m = m, .s = s, .mem = &scratch, .known.mem = &scratch };
	const size_t before = m->count;

	arena_init(&scratch, m->mem->out_of_memory);
	find_stacks(&a);
	find_columns(&a);
	find_values(&a);
	for (size_t i = 0; i < a.draft_count && diff_work(s->stacks, m->column_count); i++) {
		const struct arena_mark mark = arena_mark(&scratch);

		add_row(&a, a.drafts[i]);
		arena_rewind(&scratch, mark);
	}
	arena_free(&scratch);
	if (diff_work(s->stacks, 0))
		return 0;
	m->count = before;
	return too_many(s, e);
}
