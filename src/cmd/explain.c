/*
 * explain.c - promote explain CLUSTER_TYPE APPLICATION TARGET [PATH]
 */
#include "cmd/cmd.h"
#include "cmd/fleet.h"
#include "cmd/terminal.h"
#include "report/values.h"

/* How far the target's values follow a path that is not there. */
static int no_such_path(struct arena *mem, struct values *v, size_t target, const struct path *path,
	const char *typed, struct error *e)
{
	size_t depth = 0;
	struct buf names = { .mem = mem };
	const struct node *at =
		path_follow(values_tree(v, values_stack(v, NULL, target)), path, &depth);

	for (size_t i = 0; at->kind == NODE_MAP && i < at->map.count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", at->map.pairs[i].key->value.at);
	return error_set(e, STATUS_FILES, "%s: the target has no such value%s%s", typed,
		names.len ? ". Available there: " : "", names.len ? names.at : "");
}

static int explain(
	struct arena *mem, const struct options *o, struct opened *fleet, struct error *e)
{
	const struct subject subject = { .type = o->args[0], .application = o->args[1] };
	struct explanation *list = NULL;
	struct buf out = { .mem = mem };
	struct path path = { 0 };
	size_t target = NOWHERE;
	struct values *v = NULL;

	if (o->arg_count > 3 && path_parse(mem, o->args[3], &path, e) < 0)
		return -1;
	if (load_subject(mem, &fleet->root, &fleet->fleet, &subject, e) < 0 ||
		fleet_target(mem, fleet, o->args[2], &target, e) < 0 ||
		!(v = fleet_values(mem, fleet, &subject, NULL, e)))
		return -1;
	size_t n = explain_values(mem, v, target, &path, &list);
	if (n == 0 && path.count)
		return no_such_path(mem, v, target, &path, o->args[3], e);
	const struct look look = terminal_look(1, o);
	if (o->format == FORMAT_TEXT)
		report_explain_text(list, n, &look, &out);
	else if (report_explain_json(
			 &subject, fleet->fleet.positions[target].path, list, n, &out, e) < 0)
		return -1;
	return terminal_print(buf_str(&out), e);
}

int cmd_explain(struct arena *mem, const struct options *o, struct error *e)
{
	struct opened fleet;

	if (o->arg_count < 3 || o->arg_count > 4)
		return error_set(e, STATUS_USAGE,
			"promote explain takes CLUSTER_TYPE APPLICATION TARGET [PATH]; see promote "
			"explain --help");
	if (fleet_open(mem, o, LOCK_NOT, &fleet, e) < 0)
		return -1;
	int rc = explain(mem, o, &fleet, e);
	fleet_close(&fleet);
	return rc;
}
