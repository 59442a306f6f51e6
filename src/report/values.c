/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "core/keypath.h"
#include "core/show.h"
#include "report/document.h"
#include "yaml/edit/emit.h"
#include "yaml/resolve.h"

void report_values_yaml(const struct node *values, struct buf *out)
{
	const struct layout layout = { .eol = STR("\n"), .step = 2, .fresh = true };

	if (values->map.count)
		emit_lines(out, values, 0, &layout);
	else
		buf_puts(out, "{}\n");
}

/* Whether JSON can have it. */
static bool scalar_fits(const struct node *n)
{
	const struct resolved r = scalar_resolve(n);

	return r.type != RESOLVED_NOTHING && (r.type != RESOLVED_FLOAT || isfinite(r.number));
}

/* The first scalar that JSON cannot have, and its path. */
static const struct node *unfit(const struct node *n, struct buf *path)
{
	if (n->kind == NODE_SCALAR)
		return scalar_fits(n) ? NULL : n;
	for (size_t i = 0; i < node_count(n); i++) {
		struct number_text room;
		size_t len = path->len;

		if (n->kind == NODE_MAP) {
			keypath_add(path, key_text(n->map.pairs[i].key, &room));
		} else {
			snprintf(room.at, sizeof(room.at), "%zu", i);
			keypath_add(path, str_of(room.at));
		}
		const struct node *found = unfit(node_child(n, i), path);
		if (found)
			return found;
		path->len = len;
	}
	return NULL;
}

static bool fits(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return scalar_fits(n);
	for (size_t i = 0; i < node_count(n); i++)
		if (!fits(node_child(n, i)))
			return false;
	return true;
}

bool report_layers_fit(const struct state *s)
{
	for (size_t i = 0; i < s->base_count; i++)
		if (!fits(s->bases[i]->root))
			return false;
	for (size_t p = 0; p < s->app->fleet->count; p++)
		for (size_t i = 0; i < s->app->at[p].count; i++)
			if (!fits(s->app->at[p].layers[i]->root))
				return false;
	return true;
}

int report_values_fit(
	struct arena *mem, const char *target, const struct node *values, struct error *e)
{
	struct buf path = { .mem = mem };
	const struct node *n = unfit(values, &path);

	if (!n)
		return 0;
	error_set(e, STATUS_FILES, "%s%s%s: JSON has no value for %s; write text, in quotes",
		target ? target : "", target ? ": " : "", path.at, n->value.at);
	return error_about(e, (struct about){ .position = target, .key = path.at });
}

void report_values_json(const struct node *values, struct buf *out)
{
	json_node(out, values, 0, NULL);
	buf_putc(out, '\n');
}

void report_explain_text(
	const struct explanation *list, size_t count, const struct look *look, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct explanation *x = &list[i];

		buf_puts(out, look->color ? "\x1b[1m" : "");
		show_printf(out, "%s", x->path);
		buf_puts(out, look->color ? "\x1b[0m: " : ": ");
		show_value(out, x->value, look->whole);
		buf_putc(out, '\n');
		for (size_t k = 0; k < x->count; k++) {
			show_printf(out, "  %s %s:%u", k ? "hides " : "set by",
				x->origins[k].layer->path, x->origins[k].node->place.line);
			if (k) {
				buf_puts(out, ": ");
				show_value(out, x->origins[k].node, look->whole);
			}
			buf_putc(out, '\n');
		}
		if (x->since)
			report_since_text(x->since, out);
	}
}
