/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/hold_files.h"

#include <errno.h>
#include <string.h>

#include "yaml/read.h"

void holds_above_init(struct holds_above *a, struct arena *mem, struct source *source)
{
	*a = (struct holds_above){ .mem = mem, .source = source, .types = { .mem = mem } };
}

struct reading {
	struct arena *mem;
	struct source *source;
	const struct fleet *f;
	struct hold_list *out;
};

/* Adds what the file says; -1 with an error if it cannot be read. */
static int read_file(struct reading *r, const struct hold_name *name, struct error *e)
{
	struct file *file = ARENA_NEW(r->mem, struct file, 1);
	struct doc *doc = ARENA_NEW(r->mem, struct doc, 1);
	int found = r->source->read(r->source, r->mem, name->path, HOLD_BYTES, file, e);

	if (found <= 0)
		return found < 0 ? -1 : tree_error(e, ENOENT, name->path);
	*ARENA_PUSH(r->mem, r->out->files, r->out->file_count) =
		(struct hold_file){ name->path, file->text, file->access.mode & 0777, file };
	if (yaml_read_values(r->mem, name->path, file->text, doc, e) < 0)
		return -1;
	hold_read(r->mem, r->f, doc, name->position, r->out);
	return 0;
}

static void add(struct reading *r, const struct hold_name *name)
{
	struct error e = { 0 };

	if (name->wrong) {
		hold_add_wrong(r->mem, name->path, (struct place){ 0 }, name->wrong, r->out);
	} else if (read_file(r, name, &e) < 0) {
		hold_add_error(r->mem, name->path, &e, r->out);
		error_free(&e);
	}
}

void hold_files_above(struct source *source, const struct fleet *f, struct arena *mem,
	const char *path, struct hold_list *out)
{
	struct reading reading = { mem, source, f, out }, *r = &reading;
	struct listing list = { 0 };
	struct error e = { 0 };

	if (source->list(source, mem, path, &list, &e) < 0) {
		hold_add_error(mem, path, &e, out);
		out->list[out->count - 1].unlisted = true;
		error_free(&e);
	}
	for (size_t i = 0; i < list.count; i++) {
		struct hold_name name;

		if (!names_is_hold(r->mem, &list.entries[i], true, &name))
			continue;
		name.path = arena_printf(r->mem, "%s/%s", path, list.entries[i].name);
		add(r, &name);
	}
}

const char *hold_file_above(struct arena *mem, const char *type, size_t n)
{
	return n == 0 ? "config/" HOLD_FILE : arena_printf(mem, "config/%s/" HOLD_FILE, type);
}

const struct hold_list *holds_above(struct holds_above *a, const struct fleet *f, const char *type)
{
	struct hold_list *list = map_get(&a->types, str_of(type));

	if (list)
		return list;
	list = ARENA_NEW(a->mem, struct hold_list, 1);
	hold_files_above(a->source, f, a->mem, "config", list);
	hold_files_above(a->source, f, a->mem, arena_printf(a->mem, "config/%s", type), list);
	*map_slot(&a->types, str_of(arena_copy(a->mem, type, strlen(type)))) = list;
	return list;
}

void hold_files_own(
	struct source *source, const struct names *names, struct arena *mem, struct hold_list *out)
{
	struct reading r = { mem, source, names->fleet, out };

	for (size_t i = 0; i < names->hold_count; i++)
		add(&r, &names->holds[i]);
}

void hold_files_read(struct holds_above *above, const struct names *names, struct arena *mem,
	struct hold_list *out)
{
	const struct hold_list *from = holds_above(above, names->fleet, names->type);

	*out = (struct hold_list){ 0 };
	for (size_t i = 0; i < from->count; i++)
		*ARENA_PUSH(mem, out->list, out->count) = from->list[i];
	for (size_t i = 0; i < from->file_count; i++)
		*ARENA_PUSH(mem, out->files, out->file_count) = from->files[i];
	hold_files_own(above->source, names, mem, out);
}
