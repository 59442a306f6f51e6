/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fleet.h"

#include <string.h>

bool fleet_list_holds(const struct fleet *f, const struct position_list *l, size_t b)
{
	size_t low = 0, high = l->count; /* the last one that is not behind b is below `high` */

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->list[middle] <= b)
			low = middle + 1;
		else
			high = middle;
	}
	/* untested: only a wrong rule changes a target before all of them */
	return low && fleet_holds(f, l->list[low - 1], b);
}

size_t fleet_find(const struct fleet *f, const char *path)
{
	size_t i = 0, end = f->count;

	/* Go down: at each depth, look for the sibling that the next part names. */
	while (i < end) {
		size_t len = strcspn(path, "/");
		const struct position *p = &f->positions[i];

		if (strlen(p->name) != len || memcmp(p->name, path, len) != 0) {
			i = p->end;
			continue;
		}
		path += len;
		if (path[0] == '\0' || path[1] == '\0')
			return i;
		path++;
		end = p->end;
		i++;
	}
	return NOWHERE;
}

size_t fleet_same_place(const struct fleet *f, size_t p, const struct fleet *other)
{
	if (f->count != other->count)
		return NOWHERE;
	for (size_t i = 0; i < f->count; i++)
		if (f->positions[i].depth != other->positions[i].depth)
			return NOWHERE;
	return p;
}

const char *fleet_nearest(struct arena *mem, const struct fleet *f, const char *path)
{
	const char **paths = ARENA_NEW(mem, const char *, f->count);

	for (size_t i = 0; i < f->count; i++) {
		paths[i] = f->positions[i].path;
		/* the end of a path alone is what people type when they forget the rest */
		const char *tail = strstr(paths[i], path);
		if (tail && tail > paths[i] && tail[-1] == '/' && strcmp(tail, path) == 0)
			return paths[i];
	}
	return str_nearest(path, paths, f->count);
}

int fleet_position(struct arena *mem, const struct fleet *f, const char *what, const char *path,
	size_t *at, struct error *e)
{
	size_t found = fleet_find(f, path);

	if (found == NOWHERE) {
		const char *meant = fleet_nearest(mem, f, path);
		error_set(e, STATUS_FILES, "%s%s: the fleet has no such position%s", what, path,
			str_did_you_mean(mem, meant));
		return error_code(e, "not-found");
	}
	*at = found;
	return 0;
}

int fleet_target(
	struct arena *mem, const struct fleet *f, const char *path, size_t *at, struct error *e)
{
	size_t found = NOWHERE;

	if (fleet_position(mem, f, "", path, &found, e) < 0)
		return -1;
	if (!fleet_is_target(f, found)) {
		error_set(e, STATUS_FILES,
			"%s: not a target, since it has positions below it, such as %s", path,
			f->positions[found + 1].path);
		error_about(e, (struct about){ .position = f->positions[found].path });
		return error_code(e, "not-found");
	}
	*at = found;
	return 0;
}

unsigned fleet_level(const struct fleet *f, const char *name)
{
	for (unsigned d = 0; d < f->depth; d++)
		if (strcmp(f->dimensions[d].name, name) == 0 ||
			strcmp(f->dimensions[d].single, name) == 0)
			return d + 1;
	return 0;
}

unsigned fleet_default_level(const struct fleet *f)
{
	unsigned sectors = fleet_level(f, "sectors");

	if (sectors)
		return sectors;
	return f->depth > 1 ? (unsigned)f->depth - 1 : 1;
}

const char *fleet_name_problem(struct str name)
{
	if (name.len == 0)
		return "is empty";
	if (str_is(name, ".") || str_is(name, ".."))
		return "is a directory's link to itself or its parent";
	if (name.len > 255)
		return "is longer than 255 bytes";
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];
		if (c == '/')
			return "holds a slash";
		if (c < 0x20 || c == 0x7f)
			return "holds a control character";
		unsigned char next = i + 1 < name.len ? (unsigned char)name.at[i + 1] : 0;
		if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			return "holds a control character";
	}
	return NULL;
}
