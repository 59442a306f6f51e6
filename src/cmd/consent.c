/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/consent.h"

#include <unistd.h>

#include "cli/ask.h"
#include "cli/terminal.h"

bool *consent_given(const struct change *c)
{
	const struct position_list *gates = &c->step.gates;
	bool *approved = ARENA_NEW(c->mem, bool, gates->count);

	for (size_t g = 0; g < gates->count; g++)
		for (size_t i = 0; i < c->o->approved.count; i++)
			if (fleet_find(&c->fleet.fleet, c->o->approved.list[i]) == gates->list[g])
				approved[g] = true;
	return approved;
}

static int pass_holds(const struct change *c)
{
	const struct holds_met *holds = &c->report.holds;

	return holds->count ? holds_refuse(c->mem, holds, c->now.app, c->e) : 0;
}

/* options: those that open all gates, as for error_command */
static int refuse_gates(struct change *c, const struct position_list *closed, const char *options)
{
	const struct position *positions = c->fleet.fleet.positions;
	struct buf names = { .mem = c->mem };

	for (size_t i = 0; i < closed->count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", positions[closed->list[i]].path);
	error_set(c->e, STATUS_WAITS, "manual gate%s %s: waits for approval. To go on: %s",
		closed->count == 1 ? "" : "s", names.at, options_go_on(c->mem, c->o, options));
	for (size_t i = 0; i < closed->count; i++) {
		const struct about gate = { .position = positions[closed->list[i]].path };

		error_about(c->e, gate);
		error_blocker(c->e, gate, "manual gate %s", gate.position);
	}
	return error_command(c->e, "%s", options);
}

/* Every gate must be open: by --approve, or by a person who types its name. */
static int pass_gates(struct change *c)
{
	const struct fleet *f = &c->fleet.fleet;
	const struct position_list *gates = &c->step.gates;
	struct position_list closed = { 0 };
	struct buf options = { .mem = c->mem };

	/* The command that goes on also says what was answered at prompts so far. */
	buf_add(&options, buf_str(&c->answered));
	for (size_t i = 0; i < gates->count; i++) {
		size_t gate = gates->list[i];

		if (c->approved[i])
			continue;
		buf_printf(&options, "--approve=%s\n", f->positions[gate].path);
		c->approved[i] =
			terminal_can_ask(c->o) && ask_gate(c->o, f, gate, step_next(&c->step));
		if (!c->approved[i])
			*ARENA_PUSH(c->mem, closed.list, closed.count) = gate;
	}
	return closed.count ? refuse_gates(c, &closed, options.at) : 0;
}

static bool asks_to_go_on(const struct change *c)
{
	return c->o->interactive && !c->o->yes;
}

/* Whether a person is asked about the step, at a gate or by --interactive. */
static bool asks(const struct change *c)
{
	for (size_t i = 0; i < c->step.gates.count; i++)
		if (!c->approved[i] && terminal_can_ask(c->o))
			return true;
	return asks_to_go_on(c);
}

/* What the step would do and what there is to know of it, before a person is asked. */
static void show_preview(struct change *c)
{
	struct buf text = { .mem = c->mem };
	struct report preview = c->report;
	struct look look = terminal_look(STDERR_FILENO, c->o);

	preview.preview = true;
	report_text(&preview, &look, &text);
	c->told = report_findings(c->mem, &preview, look.whole);
	terminal_warn(c->o, c->told);
	buf_putc(&text, '\n');
	terminal_tell(c->o, buf_str(&text));
}

static int confirm(struct change *c)
{
	if (!asks_to_go_on(c) || ask_go_on(c->o))
		return 0;
	error_set(c->e, STATUS_WAITS, "not confirmed; nothing was written");
	return error_code(c->e, "not-confirmed");
}

int consent_get(struct change *c)
{
	if (pass_holds(c) < 0)
		return -1;
	if (asks(c))
		show_preview(c);
	return pass_gates(c) < 0 || confirm(c) < 0 ? -1 : 0;
}
