/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start.c - promote start CLUSTER_TYPE APPLICATION [PATCH]: the first copy of a new patch.
 */
#include <string.h>

#include "cmd/change.h"
#include "cmd/start_edit.h"
#include "core/assign.h"
#include "core/patch_text.h"
#include "core/start.h"
#include "store/git/history.h"
#include "store/load/input.h"
#include "store/render/process.h"
#include "yaml/read.h"
#include "yaml/scan.h"

struct start_options {
	struct options common;
	struct strings set, set_string; /* PATH=VALUE, PATH=TEXT */
	const char *file;               /* NULL: not given */
	const char *description;        /* NULL: not given */
	const char *at;                 /* NULL: the first target */
	bool edit, hotfix, accept_loss, accept_conflict;
};

struct beginning {
	const struct start_options *own;
	struct assignment *values; /* of --set and --set-string */
	size_t value_count;
	const char *name; /* of --file or --edit, for errors; NULL: of neither */
	struct str text;  /* the same */
	struct start_request request;
};

static int read_values(struct arena *mem, struct beginning *b, struct error *e)
{
	const struct strings *lists[] = { &b->own->set, &b->own->set_string };

	b->values = ARENA_NEW(mem, struct assignment, b->own->set.count + b->own->set_string.count);
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++)
			if (assign_read(mem, lists[l]->list[i], l == 1,
				    &b->values[b->value_count++], e) < 0)
				return -1;
	return 0;
}

static int check_description(const char *text, struct error *e)
{
	if (!*text)
		return error_set(e, STATUS_USAGE, "--description=: must not be empty");
	for (size_t i = 0, n; text[i]; i += n) {
		n = scan_utf8(str_of(text), i);
		if (!n)
			return error_set(e, STATUS_USAGE, "--description: must be UTF-8 text");
	}
	return 0;
}

/* What is wrong with the command line is told before anything is read or locked. */
static int read_options(struct arena *mem, struct beginning *b, struct error *e)
{
	const struct start_options *own = b->own;
	const bool sets = own->set.count || own->set_string.count;

	if (!sets && !own->file && !own->edit)
		return error_set(e, STATUS_USAGE,
			"what the patch sets is missing: --set PATH=VALUE, --set-string PATH=TEXT, --file FILE or --edit");
	if (sets + (own->file != NULL) + own->edit > 1)
		return error_set(e, STATUS_USAGE,
			"--set, --file and --edit cannot be used together: each gives the whole patch");
	if (own->description && check_description(own->description, e) < 0)
		return -1;
	if (sets)
		return read_values(mem, b, e);
	if (own->edit)
		return 0;
	b->name = strcmp(own->file, "-") == 0 ? "standard input" : own->file;
	return input_read(mem, own->file, YAML_VALUES_BYTES, &b->text, e);
}

/* The patches in flight, one name for each copy. */
static int list_flight(struct change *c, struct patch_names *flight)
{
	struct names names;

	if (names_scan(c->mem, c->fleet.source, &c->fleet.fleet, &c->subject, &names, c->e) < 0)
		return -1;
	for (size_t i = 0; i < names.layer_count; i++)
		if (names_is_patch(names.layers[i].name))
			*ARENA_PUSH(c->mem, flight->list, flight->count) = names.layers[i].name;
	for (size_t i = 0; i < names.stray_count; i++)
		if (names_is_patch(names.strays[i].meant))
			*ARENA_PUSH(c->mem, flight->list, flight->count) = names.strays[i].meant;
	return 0;
}

static const char *without_ending(struct arena *mem, const char *file)
{
	return arena_copy(mem, file, strlen(file) - strlen(".yaml"));
}

/* Names a patch that was not named. */
static int name_patch(struct change *c)
{
	struct patch_names flight = { 0 }, past = { 0 };
	const char *before = NULL, *name = NULL;

	if (list_flight(c, &flight) < 0)
		return -1;
	if (c->fleet.trusted) {
		process_hold_signals();
		history_patches(
			c->mem, &c->fleet.root, paths_application(c->mem, &c->subject), &past);
		process_release_signals();
	}
	c->subject.patch = start_name(c->mem, &flight, &past, &before, &name);
	if (c->subject.patch)
		return 0;
	error_set(c->e, STATUS_REFUSED,
		"the new patch needs a name: %s would be applied before %s, which is in flight, since patches are applied in the byte order of their names; give PATCH after the application",
		name, without_ending(c->mem, before));
	return error_code(c->e, "name-needed");
}

static int prepare(struct change *c)
{
	struct beginning *b = c->context;
	const struct fleet *f = &c->fleet.fleet;

	b->request.level = fleet_default_level(f);
	if (b->own->at && fleet_position(c->mem, f, "--at=", b->own->at, &b->request.at, c->e) < 0)
		return -1;
	return c->subject.patch ? 0 : name_patch(c);
}

/* The patch's text, and what errors call it. */
static int make_text(struct change *c, const char **name, struct str *text)
{
	const struct beginning *b = c->context;
	const char *description = b->own->description;

	*text = b->text;
	*name = b->name;
	if (b->own->edit) /* the description was in the text */
		return 0;
	if (b->own->file)
		return description ? patch_describe(c->mem, *name, b->text, description, text, c->e)
				   : 0;
	*name = c->subject.patch;
	const struct node *root = assign_patch(c->mem, &c->now, b->values, b->value_count, c->e);
	return root ? patch_write(c->mem, description, root, text, c->e) : -1;
}

/* As open to others as values.yaml, and no program. */
static unsigned mode_of(const struct layer *base)
{
	return (base->mode & 0666) | 0200;
}

static int decide(struct change *c)
{
	struct beginning *b = c->context;
	const struct siblings siblings = { c->applications.at, c->applications.count };
	struct layer *patch = ARENA_NEW(c->mem, struct layer, 1);
	const char *name = NULL;
	struct str text;

	if (!c->now.app->base)
		return start_step(c->mem, &c->now, &b->request, &c->step, c->e);
	if (make_text(c, &name, &text) < 0 ||
		contents_patch(&c->fleet.contents, name, text, patch, c->e) < 0)
		return -1;
	const size_t at = start_position(&c->fleet.fleet, b->request.at);
	patch->path = paths_copy(c->mem, &c->subject, &c->fleet.fleet.positions[at]);
	patch->name = c->now.file;
	patch->mode = mode_of(c->now.app->base);
	b->request.patch = patch;
	b->request.siblings = &siblings;
	return start_step(c->mem, &c->now, &b->request, &c->step, c->e);
}

static int edit(struct arena *mem, struct beginning *b, struct change *c)
{
	const struct start_options *own = b->own;
	const struct edit_request r = { &own->common, own->at, own->description, own->hotfix };
	struct edited edited;

	if (start_edit(mem, &r, &edited, c->e) < 0)
		return -1;
	b->name = edited.file.path;
	b->text = edited.text;
	int rc = change_run(c);
	start_edit_end(mem, &r, &edited, rc, c->e);
	return rc;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	const struct start_options *own = (const struct start_options *)o;
	struct beginning b = {
		.own = own,
		.request = { .at = NOWHERE,
			.hotfix = own->hotfix,
			.accept_loss = own->accept_loss,
			.accept_conflict = own->accept_conflict },
	};
	struct change c = {
		.mem = mem, .o = o, .e = e, .prepare = prepare, .decide = decide, .context = &b
	};

	if (read_options(mem, &b, e) < 0)
		return -1;
	return own->edit ? edit(mem, &b, &c) : change_run(&c);
}

static const struct option_row options[] = {
	{ "set", 0, "PATH=VALUE", AS_LIST(struct start_options, set),
		.help = "set a value, in YAML; may be given more than once" },
	{ "set-string", 0, "PATH=TEXT", AS_LIST(struct start_options, set_string),
		.help = "set a value to text, whatever that looks like" },
	{ "file", 0, "FILE", AS_STRING(struct start_options, file),
		.help = "the whole patch; - is standard input" },
	{ "edit", AS_FLAG(struct start_options, edit), .excludes = "no-input",
		.help = "write it in the editor of VISUAL or EDITOR" },
	{ "description", 0, "TEXT", AS_STRING(struct start_options, description),
		.help = "what it is for, as metadata.description" },
	{ "at", 0, "POSITION", AS_STRING(struct start_options, at), .told = true,
		.help = "start there; default: the first target" },
	{ "hotfix", AS_FLAG(struct start_options, hotfix), .told = true,
		.help = "start at a later position, and leave a gap" },
	{ "accept-loss", AS_FLAG(struct start_options, accept_loss), .told = true,
		.help = "replace a mapping by something else" },
	{ "accept-conflict", AS_FLAG(struct start_options, accept_conflict), .told = true,
		.help = "take over values that another patch sets" },
	{ .include = options_planning },
	{ .include = options_generator },
	{ .include = options_commit },
	{ .include = options_common },
	{ 0 },
};

const struct command command_start = {
	.name = "start",
	.arguments = "CLUSTER_TYPE APPLICATION [PATCH]",
	.summary = "make a new patch, at the first target of the rollout",
	.about = "Makes the first copy of a patch, which the next steps take through the fleet. A\n"
		 "PATH is as promote explain prints it; list[0] is an item of a list, and list[-]\n"
		 "one more. Without PATCH it is numbered after the others.\n",
	.examples = "  promote start edge gateway --dry-run --set applications.gateway.replicas=3\n"
		    "  promote start edge gateway --set-string applications.gateway.tag=1.20 \\\n"
		    "      --description 'The new tag'\n"
		    "  promote start edge gateway patch-007 --file fix.yaml --hotfix --at=live\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct start_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
