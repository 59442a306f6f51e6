/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commit.h"

#include <string.h>

#include "cmd/publish.h"
#include "core/record_step.h"

int cmd_commit_options(const struct options *o, struct error *e)
{
	return o->signoff && !o->commit && !cmd_publishes(o)
		? error_set(e, STATUS_USAGE,
			  "--signoff needs --commit, --push, --branch or --pull-request")
		: 0;
}

struct str cmd_commit_message(struct arena *mem, const struct options *o,
	const struct committing *c, const struct record *r, struct str body)
{
	const struct commit_text text = { r, body, o->signoff ? c->repo.committer : NULL };
	struct buf out = { .mem = mem };

	report_commit_message(&text, &out);
	return buf_str(&out);
}

/* "Jane Doe <jane@example.com> (stage, production)" */
static const char *approval(const struct change *c, const struct committing *commit)
{
	const struct position_list *gates = &c->step.gates;
	struct buf out = { .mem = c->mem };

	buf_puts(&out, commit->repo.committer);
	for (size_t i = 0; i < gates->count; i++)
		buf_printf(&out, "%s%s", i ? ", " : " (",
			c->fleet.fleet.positions[gates->list[i]].path);
	buf_puts(&out, ")");
	return out.at;
}

/* What was typed, and then what was answered at prompts. */
static void add_options(const struct change *c, struct record_list *list)
{
	const struct strings typed = option_words(c->mem, c->o);
	struct str rest = buf_str(&c->answered);

	for (size_t i = 0; i < typed.count; i++)
		*ARENA_PUSH(c->mem, list->list, list->count) = typed.list[i];
	while (rest.len) {
		const char *end = memchr(rest.at, '\n', rest.len);
		const size_t n = (size_t)(end - rest.at);

		*ARENA_PUSH(c->mem, list->list, list->count) = arena_copy(c->mem, rest.at, n);
		rest = str_part(rest, n + 1, rest.len);
	}
}

struct str cmd_commit_step(const struct change *c, const struct committing *commit)
{
	const struct look plain = { .symbols = true };
	struct buf body = { .mem = c->mem };
	struct record r;

	record_step(c->mem, &c->now, &c->step, &r);
	add_options(c, &r.options);
	if (c->step.gates.count)
		*ARENA_PUSH(c->mem, r.approved.list, r.approved.count) = approval(c, commit);
	r.reason = c->reason;
	report_effect_text(&c->fleet.fleet, &c->plan.effect, &plain, &body);
	return cmd_commit_message(c->mem, c->o, commit, &r, buf_str(&body));
}

struct committed cmd_committed(const struct committing *c)
{
	static const char heads[] = "refs/heads/";
	const char *branch = c->repo.branch;

	if (branch && strncmp(branch, heads, strlen(heads)) == 0)
		branch += strlen(heads);
	return (struct committed){
		.name = c->name,
		.branch = branch,
		.behind = c->behind,
		.others = c->others,
		.other_count = c->other_count,
	};
}
