/* SPDX-License-Identifier: Apache-2.0 */
#include "core/assign.h"

#include "yaml/comments.h"
#include "yaml/edit/change.h"
#include "yaml/expand.h"
#include "yaml/read.h"
#include "yaml/scalar.h"
#include "yaml/scan.h"

static bool is_text(struct str s)
{
	for (size_t i = 0, n; i < s.len; i += n) {
		n = scan_utf8(s, i);
		if (!n || !s.at[i])
			return false;
	}
	return true;
}

static int refuse_unsure(
	const struct assignment *a, const struct node *whole, const struct node *n, struct error *e)
{
	if (n->tag.len)
		return error_set(e, STATUS_USAGE,
			"--set %s: VALUE has a tag, which readers of YAML do not agree about; write it without",
			a->path_text);
	if (n != whole)
		return error_set(e, STATUS_USAGE,
			"--set %s: readers of YAML 1.1 and 1.2 do not agree about '%s' in VALUE; put it in quotes if it is text",
			a->path_text, n->value.at);
	return error_set(e, STATUS_USAGE,
		"--set %s=%s: readers of YAML 1.1 and 1.2 do not agree about '%s'; --set-string %s=%s sets it as text",
		a->path_text, n->value.at, n->value.at, a->path_text, n->value.at);
}

static int refuse_value(const struct assignment *a, const char *why, struct error *e)
{
	return error_set(e, STATUS_USAGE, "--set %s: VALUE %s; --set-string %s=TEXT sets any text",
		a->path_text, why, a->path_text);
}

static int read_value(struct arena *mem, const char *text, struct assignment *a, struct error *e)
{
	struct error found = { 0 };
	struct comments comments;
	struct doc doc;

	if (!*text) {
		a->value = node_string(mem, STR(""));
		return 0;
	}
	if (yaml_read_values(mem, "VALUE", str_of(text), &doc, &found) < 0 ||
		(doc.root && !(a->value = yaml_expand(mem, &doc, NULL, &found)))) {
		error_set(e, STATUS_USAGE, "--set %s: %s; --set-string %s=TEXT sets any text",
			a->path_text, found.text, a->path_text);
		error_free(&found);
		return -1;
	}
	/* untested: it has been read, so it is YAML */
	if (yaml_comments(mem, doc.text, &comments) && comments.count)
		return refuse_value(a, "has a comment, which would be lost", e);
	if (!doc.root)
		return refuse_value(a, "has nothing in it", e);
	const struct node *unsure = scalar_unsure(a->value);
	return unsure ? refuse_unsure(a, a->value, unsure, e) : 0;
}

static int check_path(const struct assignment *a, struct error *e)
{
	const struct keypath *p = &a->path;

	if (str_is(p->parts[0], "metadata"))
		return error_set(e, STATUS_USAGE,
			"%s: metadata at the top of a patch is about the patch, and sets no value; --description or --file sets it",
			a->path_text);
	if (p->count >= YAML_DEPTH)
		return error_set(e, STATUS_USAGE, "%s: the path has more than %d parts",
			a->path_text, YAML_DEPTH - 1);
	for (size_t i = 0; i < p->count; i++) {
		if (!is_text(p->parts[i]))
			return error_set(e, STATUS_USAGE,
				"%s: a key must be UTF-8 text without NUL", a->path_text);
		if (a->kinds[i] == PART_APPEND && i + 1 < p->count)
			return error_set(e, STATUS_USAGE,
				"%s: [-] adds an item and must be the last part; give the item as VALUE, such as {name: x}",
				a->path_text);
	}
	return 0;
}

int assign_read(
	struct arena *mem, const char *typed, bool text, struct assignment *out, struct error *e)
{
	struct assignment a = { 0 };
	const char *value = NULL;

	if (keypath_parse_assignment(mem, typed, &a.path, &a.kinds, &value, e) < 0)
		return error_context(e, text ? "--set-string" : "--set");
	a.path_text = arena_copy(mem, typed, (size_t)(value - typed - 1));
	if (check_path(&a, e) < 0)
		return -1;
	if (!text && read_value(mem, value, &a, e) < 0)
		return -1;
	if (text && !is_text(str_of(value)))
		return error_set(
			e, STATUS_USAGE, "--set-string %s: TEXT must be UTF-8", a.path_text);
	if (text)
		a.value = node_string(mem, str_of(value));
	*out = a;
	return 0;
}
