/* SPDX-License-Identifier: Apache-2.0 */
#include "core/check_part.h"

#include "core/diff.h"

/* Going through all files of an application. */
struct walk {
	struct check *c;
	struct map owners; /* by a file's name: its owner's number */
	size_t owner_count;
	struct map units;   /* by owner and text: a number */
	struct map places;  /* by the place below and the unit: the number of the sighting */
	struct map patches; /* by owner: the patch's number, from 1 */
	uint32_t *place, *stack;
};

uint32_t check_number(struct arena *mem, void **slot, size_t *count)
{
	uint32_t *made = *slot;

	if (!made) {
		made = *slot = ARENA_NEW(mem, uint32_t, 1);
		*made = (uint32_t)++ * count;
	}
	return *made;
}

/* The number of a name and what the file sets. */
static uint32_t unit_of(struct walk *w, const struct layer *layer, uint32_t owner)
{
	struct arena *mem = w->c->mem;
	const uintptr_t key[2] = { (uintptr_t)layer->root, owner };
	struct str bytes = { (const char *)key, sizeof(key) };
	void *known = map_get(&w->units, bytes);

	if (known)
		return *(const uint32_t *)known;
	bytes.at = arena_copy(mem, bytes.at, bytes.len);
	branches_add(&w->c->all, layer->root, owner);
	return check_number(mem, map_slot(&w->units, bytes), &w->c->unit_count);
}

static void add_copy(struct walk *w, size_t p, const struct layer *layer, uint32_t owner)
{
	struct check *c = w->c;
	void **slot = map_slot_pair(&w->patches, owner, 0);
	size_t count = c->patch_count;
	size_t number = check_number(c->mem, slot, &count);

	if (count > c->patch_count)
		*ARENA_PUSH(c->mem, c->patches, c->patch_count) = (struct patch){
			.file = layer->name,
			.name = arena_copy(
				c->mem, layer->name, strlen(layer->name) - strlen(".yaml")),
			.owner = owner,
		};
	struct patch *patch = &c->patches[number - 1];
	size_t n = patch->count;
	*ARENA_PUSH(c->mem, patch->positions, n) = p;
	*ARENA_PUSH(c->mem, patch->copies, patch->count) = layer;
}

static void add_file(struct walk *w, size_t p, const struct layer *layer)
{
	struct check *c = w->c;
	struct arena *mem = c->mem;
	uint32_t owner =
		check_number(mem, map_slot(&w->owners, str_of(layer->name)), &w->owner_count);
	uint32_t unit = unit_of(w, layer, owner);
	size_t count = c->sighting_count;
	uint32_t place = check_number(mem, map_slot_pair(&w->places, w->place[p], unit), &count);

	if (count > c->sighting_count)
		*ARENA_PUSH(mem, c->sightings, c->sighting_count) =
			(struct sighting){ layer, p, w->stack[p], owner, unit, 0 };
	c->sightings[place - 1].files++;
	w->place[p] = place;
	w->stack[p] = stacks_push(c->s->stacks, w->stack[p], layer);
	if (layer->patch && check_wants(c, layer))
		add_copy(w, p, layer, owner);
}

/* A copy with the path that it has after the step; until then it may have come from elsewhere. */
static const struct layer *copy_at(const struct check *c, size_t p)
{
	const struct position *position = &c->s->app->fleet->positions[p];
	struct layer *made = ARENA_NEW(c->mem, struct layer, 1);

	*made = *c->s->copies[p];
	made->path = paths_copy(c->mem, &c->s->subject, position);
	return made;
}

/* The files of a position in the order in which they apply, the copy of the patch that moves, too. */
static void add_files(struct walk *w, size_t p)
{
	const struct state *s = w->c->s;
	const struct layers_at *at = &s->app->at[p];
	size_t before = state_layers_before(s, at);

	for (size_t i = 0; i <= at->count; i++) {
		if (i == before && s->copies[p])
			add_file(w, p, copy_at(w->c, p));
		if (i < at->count && !state_is_copy(s, at->layers[i]))
			add_file(w, p, at->layers[i]);
	}
}

static bool is_alone(const struct check *c, const struct patch *p)
{
	const struct node *last = NULL;

	for (size_t i = 0; i < p->count; i++) {
		const struct node *root = p->copies[i]->root;

		if (root != last && branches_meet(&c->all, root, p->owner))
			return false;
		last = root;
	}
	return true;
}

/* Everything that the parts need to know of the files. */
static void go_through(struct check *c)
{
	const struct fleet *f = c->s->app->fleet;
	struct walk w = {
		.c = c,
		.owners.mem = c->mem,
		.units.mem = c->mem,
		.places.mem = c->mem,
		.patches.mem = c->mem,
		.place = ARENA_NEW(c->mem, uint32_t, f->count),
		.stack = ARENA_NEW(c->mem, uint32_t, f->count),
	};
	uint32_t base = STACKS_EMPTY;

	c->all.mem = c->mem;
	for (size_t i = 0; i < c->s->base_count; i++) {
		branches_add(&c->all, c->s->bases[i]->root, OWNER_BASE);
		base = stacks_push(c->s->stacks, base, c->s->bases[i]);
	}
	for (size_t p = 0; p < f->count; p++) {
		size_t parent = f->positions[p].parent;

		w.place[p] = parent == NOWHERE ? 0 : w.place[parent];
		w.stack[p] = parent == NOWHERE ? base : w.stack[parent];
		add_files(&w, p);
	}
	c->place = w.place;
	c->copies = ARENA_NEW(c->mem, const struct layer *, f->count);
	c->none = ARENA_NEW(c->mem, const struct layer *, f->count);
	c->room = ARENA_NEW(c->mem, size_t, f->count);
	for (size_t i = 0; i < c->patch_count; i++)
		c->patches[i].alone = is_alone(c, &c->patches[i]);
}

bool check_wants(const struct check *c, const struct layer *layer)
{
	return !c->s->file || state_is_copy(c->s, layer);
}

struct state check_state(struct check *c, const struct patch *p)
{
	struct state s = *c->s;

	s.subject.patch = p->name;
	s.file = p->file;
	s.copies = c->copies;
	for (size_t i = 0; i < p->count; i++)
		c->copies[p->positions[i]] = p->copies[i];
	return s;
}

void check_state_end(struct check *c, const struct patch *p)
{
	for (size_t i = 0; i < p->count; i++)
		c->copies[p->positions[i]] = NULL;
}

struct about check_file(const struct check *c, const struct layer *layer, size_t position)
{
	return (struct about){
		.position = c->s->app->fleet->positions[position].path,
		.file = layer->path,
	};
}

void check_more_files(struct buf *b, size_t files)
{
	if (files > 1)
		buf_printf(b, " (and in %zu more file%s)", files - 1, files == 2 ? "" : "s");
}

int check_application(struct arena *mem, struct stacks *stacks, const struct application *app,
	const struct siblings *known, struct findings *f, struct error *e)
{
	struct state s;
	struct check c = { .mem = mem, .s = &s, .known = known, .f = f };

	state_make(mem, stacks, app, NULL, &s);
	go_through(&c);
	check_copies(&c);
	check_values(&c);
	check_deciders(&c);
	return diff_check(stacks, paths_application(mem, &s.subject), e);
}

void check_patch(struct arena *mem, const struct state *s, const struct siblings *known, bool whole,
	struct findings *f)
{
	struct arena own;
	struct findings found = { 0 };
	struct check c = { .mem = &own, .s = s, .known = known, .whole = whole, .f = &found };
	const size_t work = s->stacks->work;
	struct error e = { 0 };

	s->stacks->work = 0;
	/* a patch of many values takes much more memory than its findings */
	arena_init(&own, mem->out_of_memory);
	go_through(&c);
	check_values(&c);
	check_deciders(&c);
	if (diff_check(s->stacks, paths_application(&own, &s->subject), &e) < 0)
		finding_add(&own, &found, "too-large", e.about, e.text);
	findings_keep(mem, f, &found);
	error_free(&e);
	s->stacks->work = work;
	arena_free(&own);
}
