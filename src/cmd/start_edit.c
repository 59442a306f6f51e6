/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/start_edit.h"

#include <stdlib.h>

#include "cli/terminal.h"
#include "cmd/session.h"
#include "core/skeleton.h"
#include "core/start.h"
#include "yaml/read.h"

/* A variable that is set, and not empty; or NULL. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *find_editor(void)
{
	const char *visual = variable("VISUAL");

	return visual ? visual : variable("EDITOR");
}

/* The first target at a position or below. */
static size_t target_at(const struct fleet *f, size_t at)
{
	while (!fleet_is_target(f, at))
		at++;
	return at;
}

static int make_skeleton(struct arena *mem, const struct edit_request *r, struct session *fleet,
	struct str *text, struct error *e)
{
	const struct options *o = r->o;
	const struct fleet *f = &fleet->fleet;
	struct subject subject = { .type = o->args[0], .application = o->args[1] };
	struct buf current = { .mem = mem };
	size_t at = NOWHERE;
	struct state now;

	if (o->arg_count > 2 && !(subject.patch = cmd_patch_name(mem, o->args[2], e)))
		return -1;
	if (load_subject(mem, fleet->source, f, &subject, e) < 0 ||
		(r->at && fleet_position(mem, f, "--at=", r->at, &at, e) < 0) ||
		session_state(mem, fleet, &subject, NULL, &now, e) < 0 ||
		start_check(mem, &now, at, r->hotfix, e) < 0)
		return -1;
	const size_t position = start_position(f, at), target = target_at(f, position);
	report_values_yaml(state_values(&now, target), &current);
	const struct skeleton s = { &subject, f->positions[position].path, r->description,
		buf_str(&current), f->positions[target].path };
	*text = skeleton_text(mem, &s);
	return 0;
}

/* Nothing is locked, and nothing waited for. */
static int read_fleet(
	struct arena *mem, const struct edit_request *r, struct str *text, struct error *e)
{
	struct session fleet;

	if (cmd_session(mem, r->o, LOCK_NOT, &fleet, e) < 0)
		return -1;
	int rc = make_skeleton(mem, r, &fleet, text, e);
	session_close(&fleet);
	return rc;
}

static int nothing_written(struct error *e)
{
	error_set(e, STATUS_WAITS, "no patch: nothing was added in the editor");
	return error_code(e, "not-confirmed");
}

static int keep(const struct edited *ed, struct error *e)
{
	return error_detail(e, "The text is kept; to go on with it: --file %s", ed->file.path);
}

/* There is no text; but what a person wrote can be in another file, such as an editor's for recovery. */
static int end_without_text(struct arena *mem, const struct edited *ed, int rc, struct error *e)
{
	if (rc == 0)
		nothing_written(e);
	if (editor_left_others(mem, &ed->file))
		return error_detail(
			e, "Other files that the editor left are kept in %s", ed->file.dir);
	editor_remove(mem, &ed->file);
	return -1;
}

/* The editor has ended, well or not. */
static int take_text(
	struct arena *mem, struct str skeleton, int rc, struct edited *ed, struct error *e)
{
	struct error unread = { 0 };
	struct str text;

	if (editor_read(mem, &ed->file, YAML_VALUES_BYTES, &text, &unread) < 0) {
		error_add(e, &unread);
		return keep(ed, e);
	}
	ed->text = skeleton_strip(mem, skeleton, text);
	if (str_equal(ed->text, skeleton_strip(mem, skeleton, skeleton)) || !ed->text.len)
		return end_without_text(mem, ed, rc, e);
	if (editor_write(mem, &ed->file, ed->text, &unread) < 0)
		rc = error_add(e, &unread);
	return rc < 0 ? keep(ed, e) : 0;
}

int start_edit(struct arena *mem, const struct edit_request *r, struct edited *out, struct error *e)
{
	const char *editor = find_editor(), *above = variable("TMPDIR");
	struct str skeleton;

	if (!editor)
		return error_set(e, STATUS_USAGE,
			"--edit needs an editor: set VISUAL or EDITOR, or use --file");
	if (read_fleet(mem, r, &skeleton, e) < 0 ||
		editor_open(mem, above ? above : "/tmp", "patch.yaml", skeleton, &out->file, e) < 0)
		return -1;
	terminal_clear();
	if (take_text(mem, skeleton, editor_run(mem, &out->file, editor, e), out, e) < 0)
		return -1;
	/* who interrupts a question has to know it already */
	if (terminal_can_ask(r->o))
		terminal_tell(r->o,
			str_of(arena_printf(mem, "Until the patch is there, its text is in %s\n",
				out->file.path)));
	return 0;
}

void start_edit_end(struct arena *mem, const struct edit_request *r, const struct edited *ed,
	int rc, struct error *e)
{
	if (rc < 0) {
		keep(ed, e);
	} else if (r->o->dry_run) {
		terminal_tell(r->o,
			str_of(arena_printf(mem, "The text is kept; to go on with it: --file %s\n",
				ed->file.path)));
	} else {
		editor_remove(mem, &ed->file);
	}
}
