/* SPDX-License-Identifier: Apache-2.0 */
#include "core/patch_text.h"

#include "yaml/canon.h"
#include "yaml/edit/emit.h"
#include "yaml/expand.h"
#include "yaml/quote.h"
#include "yaml/read.h"

void patch_add_metadata(struct buf *out, const char *description, const char *eol)
{
	buf_printf(out, "metadata:%s  description: ", eol);
	quote_string(out, str_of(description), false);
	buf_puts(out, eol);
}

/* What a text means, expanded; NULL if it is no mapping. */
static const struct node *read_back(struct arena *mem, struct str text, struct error *e)
{
	struct doc doc;

	if (yaml_read_values(mem, "the patch", text, &doc, e) < 0)
		return NULL;
	return yaml_expand_values(mem, &doc, NULL, e);
}

static int refuse_write(struct error *e, const struct error *why)
{
	struct error refused = { 0 };

	error_set(&refused, STATUS_REFUSED,
		"these values cannot be written as a patch: %s; write a file, and give it with --file",
		why->text);
	error_free(e);
	*e = refused;
	return error_code(e, "cannot-edit");
}

int patch_write(struct arena *mem, const char *description, const struct node *root,
	struct str *text, struct error *e)
{
	const struct layout layout = { .eol = STR("\n"), .step = 2, .fresh = true };
	struct buf out = { .mem = mem };
	struct error why = { 0 };

	emit_lines(&out, root, 0, &layout);
	const struct node *back = read_back(mem, buf_str(&out), &why);
	/* untested: what is read back is the same */
	if (!back || !node_same(mem, back, root)) {
		refuse_write(e, &why);
		error_free(&why);
		return -1;
	}
	*text = buf_str(&out);
	return description ? patch_describe(mem, "the patch", *text, description, text, e) : 0;
}

/* Where the first key's line begins, if nothing may be before it that belongs above it. */
static size_t find_top(const struct doc *doc)
{
	const size_t bom = doc->bom ? 3 : 0;
	size_t at = doc->root->start;

	if (doc->text.at[bom] != '%' && doc->text.at[bom] != '-')
		return bom;
	while (at > bom && doc->text.at[at - 1] != '\n')
		at--;
	return at;
}

static int refuse_describe(const char *name, const char *why, struct error *e)
{
	error_set(e, STATUS_REFUSED, "%s: --description cannot be added: %s", name, why);
	error_file(e, name);
	return error_code(e, "cannot-edit");
}

/* Whether `after` is `before` with metadata above it. */
static bool is_described(struct arena *mem, const struct node *before, const struct node *after)
{
	struct node rest = *after;

	rest.map.pairs++;
	rest.map.count--;
	return node_same(mem, before, &rest);
}

int patch_describe(struct arena *mem, const char *name, struct str text, const char *description,
	struct str *out, struct error *e)
{
	struct error ignored = { 0 };
	struct buf made = { .mem = mem };
	struct doc doc;

	if (yaml_read_values(mem, name, text, &doc, e) < 0)
		return -1;
	const struct node *before = yaml_expand_values(mem, &doc, NULL, e);
	if (!before)
		return -1;
	if (node_get(before, "metadata"))
		return refuse_describe(
			name, "the patch has metadata of its own; write it there", e);
	const size_t at = doc.root ? find_top(&doc) : 0;
	buf_add(&made, str_part(text, 0, at));
	patch_add_metadata(&made, description, doc.crlf ? "\r\n" : "\n");
	buf_add(&made, str_part(text, at, text.len));
	const struct node *after = read_back(mem, buf_str(&made), &ignored);
	error_free(&ignored);
	if (!after || !is_described(mem, before, after))
		return refuse_describe(name, "nothing can be written above its first line", e);
	*out = buf_str(&made);
	return 0;
}
