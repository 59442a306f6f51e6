/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recovery.c - what became of the step of a killed run.
 */
#include <string.h>

#include "report/committed.h"
#include "report/document.h"

enum { FOLDED_GROUPS = 4 };

/* What is said of each outcome, and of its step's effect. */
static const struct {
	const char *outcome, *line, *effect;
} sentences[] = {
	{ "none", "There is nothing to recover", NULL },
	{ "cleaned",
		"A run was killed before its step began or after it was done; its directory .promote is removed",
		NULL },
	{ "finished", "A run was killed in the middle of a step, which is finished now",
		"changed" },
	{ "undone", "A run was killed in the middle of a step, which is undone now", "as before" },
	{ "dropped",
		"A run was killed in the middle of a step of which nothing is there; its directory .promote is removed",
		"not changed" },
};

static void add_effect(struct buf *out, const char *word, const struct changed_list *effect)
{
	const size_t shown = effect->count < FOLDED_GROUPS ? effect->count : FOLDED_GROUPS;

	if (effect->count == 0) {
		buf_puts(out, "; it changes no value");
		return;
	}
	buf_printf(out, "; %s: ", word);
	for (size_t i = 0; i < shown; i++) {
		const struct changed *c = &effect->at[i];

		buf_puts(out, i ? "; " : "");
		report_names(out, c->paths, c->path_count, false);
		buf_puts(out, " at ");
		report_names(out, c->targets, c->target_count, false);
	}
	if (shown < effect->count)
		buf_printf(out, "; and more at other targets");
}

const char *report_recovery_line(struct arena *mem, const struct recovery_report *r)
{
	struct buf out = { .mem = mem };
	size_t i = 0;

	while (strcmp(sentences[i].outcome, r->outcome) != 0)
		i++;
	buf_puts(&out, sentences[i].line);
	if (r->step) {
		buf_printf(&out, ": %s", r->step);
		add_effect(&out, sentences[i].effect, &r->effect);
	}
	return out.at;
}

void report_recovery_markdown(const struct recovery_report *r, struct buf *out)
{
	struct markdown m = { .mem = out->mem };

	markdown_section(&m, 2, "Recovery", true);
	markdown_text(&m.text, str_of(report_recovery_line(out->mem, r)));
	buf_putc(&m.text, '\n');
	markdown_write(&m, out);
}

struct findings report_recovery_findings(struct arena *mem, const struct recovery_report *r)
{
	struct findings f = { 0 };

	if (strcmp(r->outcome, "none") != 0)
		finding_add(
			mem, &f, "recovered", (struct about){ 0 }, report_recovery_line(mem, r));
	if (r->behind)
		report_index_finding(mem, r->behind, &f);
	if (r->no_modes)
		finding_add(mem, &f, "no-modes", (struct about){ .file = ".promote" },
			"The file system keeps no modes: whether .promote is yours was told by its owner alone");
	return f;
}

static json_t *effect_of(struct arena *mem, const struct changed_list *effect)
{
	json_t *groups = json_array();

	for (size_t i = 0; i < effect->count; i++) {
		const struct changed *c = &effect->at[i];

		json_array_append_new(groups,
			json_pack("{s:o, s:o}", "targets",
				json_texts(mem, c->targets, c->target_count), "paths",
				json_texts(mem, c->paths, c->path_count)));
	}
	return json_pack("{s:o}", "groups", groups);
}

static json_t *fields_of(struct arena *mem, const struct recovery_report *r)
{
	return json_pack("{s:s, s:o, s:o}", "outcome", r->outcome, "step", json_text(mem, r->step),
		"effect", r->step ? effect_of(mem, &r->effect) : json_null());
}

void json_set_recovered(json_t *object, struct arena *mem, const struct recovery_report *r)
{
	if (r && strcmp(r->outcome, "none") != 0)
		json_object_set_new(object, "recovered", fields_of(mem, r));
}

json_t *json_recovery(struct arena *mem, const struct recovery_report *r)
{
	return json_document("Recovery", fields_of(mem, r));
}
