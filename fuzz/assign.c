/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assign - any bytes as PATH=VALUE of promote start, a line each; of --set, and from a line that begins
 * with "=" on, of --set-string.
 *
 * - What is refused is a wrong command line, a place that is not there, or a list; the output is
 *   untouched.
 * - What is taken is written as a patch whose text reads as what it sets, has no scalar that readers
 *   of YAML disagree about, and has each value at its path.
 * - With a description, the text has it, too, and nothing else.
 */
#include "fuzz.h"

#include "core/assign.h"
#include "core/config.h"
#include "core/patch_text.h"
#include "yaml/canon.h"
#include "yaml/expand.h"
#include "yaml/read.h"
#include "yaml/scalar.h"

enum { MOST = 16 };

static const char config[] = "dimensions: [environments, regions]\n"
			     "sequence:\n"
			     "  environments:\n"
			     "  - {name: lab, regions: [us, eu]}\n";
static const char values[] =
	"a: [x, [y, {k: v}], 3]\nb: {c: 1, 31: d, on: e, \"f.g\": h}\ni: null\nj: {yes: [no]}\n";

static const struct node *read_text(struct arena *mem, struct str text)
{
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);
	struct error e = { 0 };

	HOLDS(yaml_read_values(mem, "f", text, doc, &e) == 0);
	const struct node *root = yaml_expand_values(mem, doc, NULL, &e);
	HOLDS(root);
	return root;
}

static void make_state(struct arena *mem, struct state *now)
{
	struct application *app = ARENA_NEW(mem, struct application, 1);
	struct layer *base = ARENA_NEW(mem, struct layer, 1);
	struct fleet *f = ARENA_NEW(mem, struct fleet, 1);
	struct error e = { 0 };
	struct doc doc;

	HOLDS(yaml_read(mem, "f", str_of(config), &doc, &e) == 0);
	HOLDS(config_fleet(mem, &doc, f, &e) == 0);
	*base = (struct layer){ .path = "config/t/a/values.yaml",
		.name = "values.yaml",
		.root = read_text(mem, str_of(values)),
		.meaning = 1 };
	*app = (struct application){ .fleet = f,
		.type = "t",
		.name = "a",
		.base = base,
		.at = ARENA_NEW(mem, struct layers_at, f->count) };
	state_make(mem, stacks_new(mem), app, "patch-001", now);
}

static void check_value(struct arena *mem, const struct node *root, const struct assignment *a)
{
	struct keypath path = { arena_grow(mem, a->path.parts, a->path.count, a->path.count,
					sizeof(*a->path.parts)),
		a->path.count };
	const bool appends = a->kinds[path.count - 1] == PART_APPEND;

	path.count -= appends;
	keypath_respell(mem, root, &path);
	const struct node *found = keypath_get(root, &path);
	for (size_t i = 0; i < path.count; i++)
		if (path.parts[i].len > 9 && a->kinds[i] != PART_KEY)
			return;
	HOLDS(found);
	if (!appends) {
		HOLDS(node_same(mem, found, a->value));
		return;
	}
	bool has = false;
	HOLDS(found->kind == NODE_LIST);
	for (size_t i = 0; i < found->list.count; i++)
		has = has || node_same(mem, found->list.items[i], a->value);
	HOLDS(has);
}

static void check_patch(struct arena *mem, const struct assignment *list, size_t count)
{
	struct state now;
	struct error e = { 0 };
	struct str text = { 0 }, described = { 0 };

	make_state(mem, &now);
	const struct node *root = assign_patch(mem, &now, list, count, &e);
	if (!root) {
		HOLDS(e.status == STATUS_USAGE || e.status == STATUS_FILES ||
			e.status == STATUS_REFUSED);
		fuzz_error(&e, e.status);
		error_free(&e);
		return;
	}
	if (patch_write(mem, NULL, root, &text, &e) < 0) {
		HOLDS(!text.len);
		fuzz_error(&e, STATUS_REFUSED);
		error_free(&e);
		return;
	}
	const struct node *back = read_text(mem, text);
	HOLDS(node_same(mem, back, root));
	HOLDS(!scalar_unsure(back));
	for (size_t i = 0; i < count; i++)
		check_value(mem, back, &list[i]);
	HOLDS(patch_write(mem, "what it is for", root, &described, &e) == 0);
	HOLDS(described.len > text.len);
	HOLDS(str_equal(str_part(described, described.len - text.len, described.len), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };
	struct assignment list[MOST];
	size_t count = 0;
	bool text = false;

	fuzz_arena(&mem);
	char *line = arena_copy(&mem, (const char *)data, size);
	for (char *end; line && count < MOST; line = end) {
		const struct assignment before = { .path_text = "before" };
		struct error e = { 0 };

		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		text = text || *line == '=';
		list[count] = before;
		if (assign_read(&mem, line, text, &list[count], &e) < 0) {
			HOLDS(memcmp(&list[count], &before, sizeof(before)) == 0);
			fuzz_error(&e, STATUS_USAGE);
			error_free(&e);
			continue;
		}
		count++;
	}
	if (count)
		check_patch(&mem, list, count);
	arena_free(&mem);
	return 0;
}
