#include "cmd/rendered_check.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "report/value.h"
#include "yaml/scalar.h"

enum { NAMED_DIFFERENCES = 10 };

struct check {
	struct arena *mem;
	struct opened *f;
	const char *type;
	struct part *parts;
	size_t part_count;
	size_t differences;
	struct error *e;
};

/* A plain scalar that one reader takes for a text and another for something else. */
static bool may_pass(const struct value_change *c)
{
	return c->old && c->now && c->old->kind == NODE_SCALAR && c->now->kind == NODE_SCALAR &&
		(scalar_type(c->old) == TYPE_UNSURE || scalar_type(c->now) == TYPE_UNSURE);
}

/* Notes one thing that is wrong; the first sets the error, a few are named below it. */
static void add_wrong(struct check *k, const char *line)
{
	if (k->differences++ == 0)
		error_set(k->e, STATUS_SYSTEM, "What was rendered is not what the files say");
	if (k->differences <= NAMED_DIFFERENCES)
		error_detail(k->e, "  %s", line);
}

static void add_difference(struct check *k, const char *file, const struct value_change *c)
{
	struct buf line = { .mem = k->mem };

	buf_printf(&line, "%s: %s is ", file, c->path);
	value_text(&line, c->old, false);
	buf_puts(&line, " and should be ");
	value_text(&line, c->now, false);
	add_wrong(k, line.at);
}

static void check_target(struct check *k, size_t target)
{
	const char *position = k->f->fleet.positions[target].path;
	const char *file = arena_printf(k->mem, "rendered/%s/%s/values.yaml", k->type, position);
	const struct value_change *changes = NULL;
	const struct volume *volume = NULL;
	struct error unread = { 0 };
	struct file read;
	int fd = tree_open(k->f->root.fd, file, O_PATH);

	if (fd < 0 && errno == ENOENT)
		return;
	if (fd >= 0)
		close(fd);
	if (library_read(&k->f->texts, k->f->root.fd, file, file, VOLUME_VALUES, &volume, &read,
		    &unread) < 0) {
		add_wrong(k, unread.text);
		error_free(&unread);
		return;
	}
	size_t n = effect_changes(k->mem, volume->root,
		target_values(k->mem, &k->f->fleet, target, k->parts, k->part_count), &changes);
	for (size_t i = 0; i < n; i++)
		if (!may_pass(&changes[i]))
			add_difference(k, file, &changes[i]);
}

int rendered_check(struct arena *mem, struct opened *f, const char *type,
	const struct effect *effect, struct error *e)
{
	struct check k = { .mem = mem, .f = f, .type = type, .e = e };

	if (!effect->count)
		return 0;
	if (fleet_parts(mem, f, type, &k.parts, &k.part_count, e) < 0)
		return -1;
	for (size_t g = 0; g < effect->count; g++)
		for (size_t i = 0; i < effect->groups[g].target_count; i++)
			check_target(&k, effect->groups[g].targets[i]);
	if (k.differences > NAMED_DIFFERENCES)
		error_detail(e, "  and %zu more", k.differences - NAMED_DIFFERENCES);
	if (k.differences)
		error_detail(e, "--no-check-rendered leaves this comparison out");
	return k.differences ? -1 : 0;
}
