/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/rewrite.h"

#include "yaml/canon.h"
#include "yaml/edit/anchors.h"
#include "yaml/edit/json.h"
#include "yaml/edit/rewrite_list.h"
#include "yaml/edit/rewrite_map.h"
#include "yaml/lines.h"

/*
 * A block scalar that only loses its last line end gets a `-` in its header. If one
 * ends the text, without a line end, this keeps its value when lines are added
 * after it.
 */
static bool cut_off(struct editor *ed, const struct node *have, const struct node *want)
{
	struct str longer = have->value, shorter = want->value;

	if (have->kind != NODE_SCALAR || want->kind != NODE_SCALAR || have->style != want->style ||
		!outline_is_block_scalar(have) || !str_equal(have->tag, want->tag))
		return false;
	if (shorter.len == 0 || shorter.at[shorter.len - 1] == '\n' ||
		longer.len != shorter.len + 1 || longer.at[shorter.len] != '\n' ||
		memcmp(longer.at, shorter.at, shorter.len) != 0)
		return false;
	struct block_scalar b = outline_block_scalar(have);
	size_t at = b.header_end;
	if (b.chomp) /* before or after a number */
		while (have->text->at[at - 1] != b.chomp)
			at--;
	splice(&ed->splices, b.chomp ? at - 1 : at, at, STR("-"));
	return true;
}

/* True if a list's text is changed item by item: it has more than one line, or an alias. */
static bool by_item(const struct editor *ed, const struct node *list)
{
	return !list->flow || lines_break(*list->text, list->start, list->end) ||
		anchors_change_in(ed, list);
}

/* An alias stays if it will mean what it shall. */
static void rewrite_alias(struct editor *ed, const struct slot *slot, const struct node *want)
{
	struct anchor *a = anchors_of(ed, slot->value->target);
	bool stays = node_same(ed->mem, anchors_meaning(ed, a->node), want);

	a->stay += stays;
	if (stays)
		return;
	a->out += node_same(ed->mem, slot->meaning, want);
	slot_put(ed, slot, want, STR(""));
}

static void rewrite_value(struct editor *ed, const struct slot *slot, const struct node *want)
{
	const struct node *have = slot->value;

	if (want == slot->meaning && !anchors_change_in(ed, have))
		return;
	if (have && have->kind == NODE_ALIAS) {
		rewrite_alias(ed, slot, want);
		return;
	}
	if (have && have->kind == want->kind && str_equal(have->tag, want->tag)) {
		if (have->kind == NODE_MAP && have->map.count && want->map.count) {
			rewrite_map(ed, slot, want);
			return;
		}
		if (have->kind == NODE_LIST && have->list.count && want->list.count &&
			by_item(ed, have)) {
			rewrite_list(ed, slot, want);
			return;
		}
	}
	if (have && cut_off(ed, have, want))
		return;
	if (!have || !node_same(ed->mem, slot->meaning, want))
		slot_put(ed, slot, want, anchors_name(ed, have));
}

/* True if the value is written as JSON: it is inside JSON, or a collection of its style. */
static bool is_json(const struct editor *ed, const struct slot *slot, const struct node *want)
{
	const struct node *have = slot->value;

	if (slot->kind == SLOT_FLOW && ed->layout.json)
		return true;
	return have && have->flow && have->kind == want->kind && node_count(want) &&
		json_is_style(have);
}

void rewrite(struct editor *ed, const struct slot *slot, const struct node *want)
{
	size_t before = ed->splices.count;
	bool json = ed->layout.json;

	if (slot->value)
		anchors_want(ed, slot->value, slot->meaning, want);
	ed->layout.json = is_json(ed, slot, want);
	rewrite_value(ed, slot, want);
	ed->layout.json = json;
	if (slot->value && slot->value->anchored && ed->splices.count > before)
		editor_note(ed, &ed->touched, slot->value);
}
