/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold - any text as a hold.yaml, in the directory of a position if its first byte is odd.
 *
 * - A text that is YAML gives at least one hold, so that no text opens what it may have closed.
 * - One that is wrong says why; any other has a reason, a name and a time, positions within the file's,
 *   and names of patches. Its time is one that is written as it was read.
 * - A hold that is added is behind the others, which stay; the same is taken out again, and leaves
 *   the others. Or the text is refused, with its place.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "core/config.h"
#include "core/hold_edit.h"
#include "core/instant.h"
#include "yaml/read.h"

#define NAME "config/t/a/hold.yaml"

static const char config[] = "dimensions: [environments, regions]\n"
			     "sequence: {environments: [{name: lab, regions: [us, eu]}, live]}\n";

static struct fleet read_fleet(struct arena *mem)
{
	struct error e = { 0 };
	struct doc doc;
	struct fleet f;

	HOLDS(yaml_read(mem, "config/config.yaml", STR(config), &doc, &e) == 0);
	HOLDS(config_fleet(mem, &doc, &f, &e) == 0);
	return f;
}

static void check_time(struct arena *mem, int64_t at)
{
	int64_t again = 0;

	HOLDS(!instant_read(str_of(instant_text(mem, at)), &again) && again == at);
}

static void check_hold(
	struct arena *mem, const struct fleet *f, const struct hold *h, size_t position)
{
	HOLDS(strcmp(h->path, NAME) == 0);
	HOLDS(strlen(hold_text(mem, f, h)) > strlen(NAME));
	if (h->wrong) {
		HOLDS(*h->wrong && h->position == NOWHERE);
		HOLDS(hold_in_force(h, INT64_MAX) && hold_concerns(h, "patch-x"));
		for (size_t p = 0; p < f->count; p++)
			HOLDS(hold_covers(h, f, p));
		return;
	}
	HOLDS(*h->reason && *h->by && h->position == position && h->place.line);
	check_time(mem, h->since);
	if (h->until != HOLD_OPEN) {
		check_time(mem, h->until);
		HOLDS(hold_in_force(h, h->until - 1) && !hold_in_force(h, h->until));
	}
	for (size_t i = 0; i < h->patch_count; i++)
		HOLDS(strncmp(h->patches[i], "patch-", 6) == 0);
	for (size_t i = 0; i < h->positions.count; i++)
		HOLDS(position == NOWHERE || fleet_holds(f, position, h->positions.list[i]));
	HOLDS(hold_same(h, h));
}

static bool is_right(const struct hold_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->list[i].wrong)
			return false;
	return true;
}

static struct hold_list read_again(
	struct arena *mem, const struct fleet *f, struct str text, size_t position)
{
	struct hold_list list = { 0 };
	struct error e = { 0 };
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);

	HOLDS(yaml_read(mem, NAME, text, doc, &e) == 0);
	hold_read(mem, f, doc, position, &list);
	return list;
}

/* The first n of both say the same. */
static void compare(const struct hold_list *a, const struct hold_list *b, size_t n)
{
	HOLDS(a->count >= n && b->count >= n);
	for (size_t i = 0; i < n; i++)
		HOLDS(hold_same(&a->list[i], &b->list[i]));
}

static void check_edit(struct arena *mem, const struct fleet *f, const struct doc *doc,
	const struct hold_list *list)
{
	const struct hold added = { .reason = "no: \"1\"", .by = "~", .until = HOLD_OPEN };
	const size_t position = list->list[0].position;
	struct error e = { 0 };
	struct str text = { 0 }, back = { 0 };
	struct doc made;

	if (hold_add(mem, f, doc, &added, &text, &e) < 0) {
		fuzz_error_in(&e, STATUS_REFUSED, NAME, doc->text);
		error_free(&e);
		return;
	}
	const struct hold_list more = read_again(mem, f, text, position);
	HOLDS(more.count == list->count + 1);
	compare(&more, list, list->count);
	HOLDS(hold_same(&more.list[list->count], &added));
	bool *gone = ARENA_NEW(mem, bool, more.count);
	gone[list->count] = true;
	HOLDS(yaml_read(mem, NAME, text, &made, &e) == 0);
	if (hold_remove(mem, &made, gone, &back, &e) < 0) {
		fuzz_error_in(&e, STATUS_REFUSED, NAME, text);
		error_free(&e);
		return;
	}
	const struct hold_list less = read_again(mem, f, back, position);
	HOLDS(less.count == list->count);
	compare(&less, list, list->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct hold_list list = { 0 };
	struct doc doc = { 0 };

	fuzz_arena(&mem);
	const struct fleet f = read_fleet(&mem);
	const size_t position = size && data[0] & 1 ? fleet_find(&f, "lab") : NOWHERE;
	struct str text =
		fuzz_copy(&mem, (struct str){ (const char *)data + (size > 0), size - (size > 0) });
	if (yaml_read_values(&mem, NAME, text, &doc, &e) < 0) {
		fuzz_error_in(&e, STATUS_FILES, NAME, text);
		hold_add_error(&mem, NAME, &e, &list);
	} else {
		hold_read(&mem, &f, &doc, position, &list);
	}
	HOLDS(list.count >= 1);
	for (size_t i = 0; i < list.count; i++)
		check_hold(&mem, &f, &list.list[i], position);
	if (is_right(&list))
		check_edit(&mem, &f, &doc, &list);
	error_free(&e);
	arena_free(&mem);
	return 0;
}
