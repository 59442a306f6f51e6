/* SPDX-License-Identifier: Apache-2.0 */
#include "report/verification.h"

#include "core/instant.h"
#include "core/show.h"

static const char *const verdicts[] = {
	[VERDICT_UNJUDGED] = "not-judged", [VERDICT_LEGAL] = "legal", [VERDICT_ILLEGAL] = "illegal"
};

/* "promote edge/gateway/patch-001", "revert 0123456789ab", "hold"; "" if nothing is known. */
static const char *step_of(struct arena *mem, const struct verified *one)
{
	const char *action = one->v.action ? one->v.action : "";

	if (one->reverts)
		return arena_printf(mem, "revert %s", show_commit(mem, one->reverts));
	if (!one->patch)
		return action;
	return arena_printf(mem, "%s%s%s/%s/%s", action, *action ? " " : "", one->type,
		one->application, one->patch);
}

static const char *count_text(struct arena *mem, const struct verification *v)
{
	const size_t *n = v->counts;

	if (!v->count)
		return arena_printf(mem, "No commits in %s", v->range);
	return arena_printf(mem, "%zu commit%s: %zu legal, %zu illegal, %zu not judged", v->count,
		v->count == 1 ? "" : "s", n[VERDICT_LEGAL], n[VERDICT_ILLEGAL],
		n[VERDICT_UNJUDGED]);
}

/* Text ----------------------------------------------------------------------------------------- */

static void add_mark(const struct look *look, enum verdict_kind kind, struct buf *out)
{
	static const struct {
		enum tint tint;
		const char *symbol, *plain;
	} marks[] = {
		[VERDICT_UNJUDGED] = { TINT_DIM, "\xe2\x80\xa2", "-" },
		[VERDICT_LEGAL] = { TINT_GREEN, "\xe2\x9c\x93", "ok" },
		[VERDICT_ILLEGAL] = { TINT_RED, "\xe2\x9c\x97", "illegal" },
	};

	buf_printf(out, "%s%s%s ", layout_tint(look, marks[kind].tint),
		look->symbols ? marks[kind].symbol : marks[kind].plain,
		layout_plain(look, marks[kind].tint));
}

static void add_commit(const struct verified *one, const struct look *look, struct buf *out)
{
	const char *step = step_of(out->mem, one);

	add_mark(look, one->v.kind, out);
	show_printf(out, "%s %s", show_commit(out->mem, one->commit), one->subject);
	if (one->v.kind == VERDICT_LEGAL)
		show_printf(out, " (%s)", step);
	buf_putc(out, '\n');
	if (one->v.kind == VERDICT_UNJUDGED)
		buf_printf(out, "  %s\n", one->v.text);
	if (one->v.kind != VERDICT_ILLEGAL)
		return;
	if (*step)
		show_printf(out, "  %s\n", step);
	buf_printf(out, "  %s%s%s: %s\n", layout_tint(look, TINT_RED), one->v.rule,
		layout_plain(look, TINT_RED), one->v.text);
}

void report_verification_text(
	const struct verification *v, const struct look *look, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < v->count; i++) {
		if (v->list[i].v.kind == VERDICT_UNJUDGED && !look->whole)
			continue;
		add_commit(&v->list[i], look, out);
		any = true;
	}
	if (any)
		buf_putc(out, '\n');
	show_printf(out, "%s\n", count_text(out->mem, v));
}

/* Markdown ------------------------------------------------------------------------------------- */

static void add_rows(
	struct markdown *m, const struct verification *v, enum verdict_kind kind, const char *title)
{
	static const char *const titles[] = { "Commit", "Subject", "Step", "Rule", "Why" };
	enum { COLUMNS = sizeof(titles) / sizeof(*titles) };
	const size_t columns = kind == VERDICT_ILLEGAL ? COLUMNS : COLUMNS - 2;
	struct markdown_table table = { .title = title, .titles = titles, .columns = columns };

	if (!v->counts[kind])
		return;
	markdown_section(m, 3, title, kind == VERDICT_ILLEGAL);
	for (size_t i = 0; i < v->count; i++) {
		const struct verified *one = &v->list[i];

		if (one->v.kind != kind)
			continue;
		const char *const cells[] = {
			markdown_code_cell(m->mem, show_commit(m->mem, one->commit)),
			markdown_text_cell(m->mem, one->subject),
			markdown_text_cell(m->mem, step_of(m->mem, one)),
			kind == VERDICT_ILLEGAL ? markdown_code_cell(m->mem, one->v.rule) : NULL,
			kind == VERDICT_ILLEGAL ? markdown_text_cell(m->mem, one->v.text) : NULL,
		};
		markdown_table_row(m, &table, cells);
	}
}

void report_verification_markdown(const struct verification *v, struct buf *out)
{
	struct markdown m = { .mem = out->mem };

	markdown_section(&m, 2, "Verification", true);
	markdown_text(&m.text, str_of(count_text(out->mem, v)));
	buf_putc(&m.text, '\n');
	add_rows(&m, v, VERDICT_ILLEGAL, "Illegal commits");
	add_rows(&m, v, VERDICT_LEGAL, "Legal commits");
	markdown_write(&m, out);
}

/* JSON ----------------------------------------------------------------------------------------- */

static void set_text(json_t *object, struct arena *mem, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_text(mem, text));
}

static json_t *json_verified(struct arena *mem, const struct verified *one)
{
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:s}", "commit",
		json_text(mem, one->commit), "subject", json_text(mem, one->subject), "author",
		json_text(mem, one->author), "date", json_text(mem, instant_text(mem, one->time)),
		"verdict", verdicts[one->v.kind]);

	set_text(object, mem, "action", one->v.action);
	set_text(object, mem, "clusterType", one->type);
	set_text(object, mem, "application", one->application);
	set_text(object, mem, "patch", one->patch);
	set_text(object, mem, "reverts", one->reverts);
	set_text(object, mem, "rule", one->v.rule);
	set_text(object, mem, "message", one->v.text);
	set_text(object, mem, "path", one->v.path);
	return object;
}

json_t *json_verification(struct arena *mem, const struct verification *v)
{
	struct buf list = { .mem = mem };
	json_t *root = json_pack("{s:o, s:I, s:I, s:I}", "range", json_text(mem, v->range), "legal",
		(json_int_t)v->counts[VERDICT_LEGAL], "illegal",
		(json_int_t)v->counts[VERDICT_ILLEGAL], "notJudged",
		(json_int_t)v->counts[VERDICT_UNJUDGED]);

	for (size_t i = 0; i < v->count; i++)
		json_list_add(&list, json_verified(mem, &v->list[i]));
	json_object_set_new(root, "commits", json_list_end(&list));
	return json_document("Verification", root);
}
