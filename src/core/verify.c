/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verify.h"

#include "core/hold_meet.h"
#include "core/record_step.h"
#include "core/show.h"
#include "core/verify_parts.h"

struct verdict verdict_illegal(
	struct arena *mem, const char *rule, const char *path, const char *format, ...)
{
	struct buf text = { .mem = mem }, shown = { .mem = mem };
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	show_escaped(&shown, buf_str(&text));
	return (struct verdict){
		.kind = VERDICT_ILLEGAL, .rule = rule, .text = shown.at, .path = path
	};
}

static const char *copy_text(struct arena *mem, const char *text)
{
	return text ? arena_copy(mem, text, strlen(text)) : NULL;
}

struct verdict verdict_refused(struct arena *mem, struct error *e)
{
	const struct verdict v = { .kind = VERDICT_ILLEGAL,
		.rule = e->code,
		.text = copy_text(mem, e->text),
		.path = copy_text(mem, e->about.file) };

	error_free(e);
	return v;
}

/* Whether somebody has approved a gate: "Jane Doe <jane@example.com> (stage, production)". */
static bool approves(const char *line, const char *gate)
{
	const char *name = line + strspn(line, " "), *email = strstr(name, " <");
	const char *at = email ? strstr(email, "> (") : NULL;
	const size_t n = strlen(gate);

	if (!at)
		return false;

	for (at += strlen("> ("); at; at = strstr(at, ", ")) {
		at += strncmp(at, ", ", 2) == 0 ? 2 : 0;
		if (strncmp(at, gate, n) == 0 &&
			(strncmp(at + n, ", ", 2) == 0 || strcmp(at + n, ")") == 0))
			return true;
	}
	return false;
}

static bool is_approved(const struct record *r, const char *gate)
{
	for (size_t i = 0; r && i < r->approved.count; i++)
		if (approves(r->approved.list[i], gate))
			return true;
	return false;
}

static bool asks_for_holds(const struct step *step)
{
	return step->kind != STEP_ROLLBACK && step->kind != STEP_RETIRE;
}

struct verdict verify_consent(
	struct arena *mem, const struct judged *c, const struct step *step, const struct plan *plan)
{
	const struct state *now = c->replay.now;
	const char *action = step_kind_name(step->kind);
	struct error e = { 0 };

	for (size_t i = 0; i < step->gates.count; i++) {
		const char *gate = now->app->fleet->positions[step->gates.list[i]].path;

		if (is_approved(c->record, gate))
			continue;
		struct verdict v = verdict_illegal(mem, "gate", NULL,
			"it enters %s, a manual gate, and no Promote-Approved-By has that", gate);
		v.action = action;
		return v;
	}
	if (asks_for_holds(step)) {
		const struct holds_met met = holds_meet(mem, now, step, plan, c->time);

		if (met.count) {
			holds_refuse(mem, &met, now->app, &e);
			struct verdict v = verdict_refused(mem, &e);
			v.action = action;
			return v;
		}
	}
	return (struct verdict){ .kind = VERDICT_LEGAL, .action = action };
}

/* "integration, stage", or "no position". */
static const char *list_text(struct arena *mem, const struct record_list *l)
{
	struct buf out = { .mem = mem };

	for (size_t i = 0; i < l->count; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", l->list[i]);
	return l->count ? out.at : "no position";
}

static bool is_same_list(const struct record_list *a, const struct record_list *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->list[i], b->list[i]) != 0)
			return false;
	return a->count == b->count;
}

/* Whether the record tells the step as it is; the verdict says what it tells otherwise. */
static bool is_told(
	struct arena *mem, const struct judged *c, const struct step *step, struct verdict *v)
{
	const struct record *told = c->record;
	struct record is;
	const struct {
		const char *key;
		const struct record_list *is, *told;
	} lists[] = {
		{ "Promote-From", &is.from, &told->from },
		{ "Promote-To", &is.to, &told->to },
		{ "Promote-Consolidated", &is.consolidated, &told->consolidated },
	};

	record_step(mem, c->replay.now, step, &is);
	if (strcmp(is.action, told->action) != 0) {
		*v = verdict_illegal(mem, "trailers", NULL,
			"Promote-Action is %s, and the step is %s", told->action, is.action);
		return false;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (is_same_list(lists[i].is, lists[i].told))
			continue;
		*v = verdict_illegal(mem, "trailers", NULL, "%s is %s, and the step has %s",
			lists[i].key, list_text(mem, lists[i].told), list_text(mem, lists[i].is));
		return false;
	}
	return true;
}

static struct verdict judge_told(struct arena *mem, const struct judged *c, const struct told *told)
{
	const struct record *r = c->record;
	struct error e = { 0 };
	struct step step;
	struct plan plan;
	struct verdict v;

	if (told->kind == STEP_START && !c->replay.fresh)
		return verdict_illegal(
			mem, "incomplete", NULL, "it starts %s, and makes no copy of it", r->patch);
	if (replay_step(mem, &c->replay, told, &step, &plan, &e) < 0)
		return verdict_refused(mem, &e);
	if (step.kind == STEP_NONE)
		return verdict_illegal(mem, "trailers", NULL,
			"its trailers tell a step, and there was nothing to do");
	if (!is_told(mem, c, &step, &v))
		return v;
	const struct unlikenesses u = verify_compare(mem, &plan, c);
	if (u.count)
		return verify_unlike(mem, c, &step, &u,
			arena_printf(mem, "the step that its trailers tell (%s)", r->action));
	return verify_consent(mem, c, &step, &plan);
}

struct verdict verify_step(struct arena *mem, const struct judged *c)
{
	struct judged own = *c;
	const char *problem = NULL;
	struct told told = { 0 };
	struct verdict v;

	const bool left = verify_left_hold(mem, c, &own.replay.left_hold);
	if (!c->record)
		return verify_guess(mem, &own, left);
	if (!told_by(mem, c->replay.now->app->fleet, c->record, &told, &problem))
		v = verdict_illegal(
			mem, "trailers", NULL, "its trailers tell no step: %s", problem);
	else
		v = judge_told(mem, &own, &told);
	v.action = c->record->action;
	return v;
}
