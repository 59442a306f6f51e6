/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/load.h"

#include <errno.h>
#include <string.h>

#include "core/config.h"
#include "yaml/read.h"

static struct file keep_file(struct arena *mem, const struct file *read)
{
	struct file kept = *read;

	kept.text.at = arena_copy(mem, read->text.at, read->text.len);
	return kept;
}

/* The document is many times as large as the fleet that it describes: it is freed once read. */
int load_fleet(struct arena *mem, struct source *source, struct fleet *f, struct file *config,
	struct error *e)
{
	struct arena scratch;
	struct file file;
	struct doc doc;

	arena_init(&scratch, mem->out_of_memory);
	int found = source->read(source, &scratch, PATHS_CONFIG, YAML_BYTES, &file, e);
	int rc = found == 0 ? tree_error(e, ENOENT, PATHS_CONFIG) : found;
	if (rc > 0)
		rc = yaml_read(&scratch, PATHS_CONFIG, file.text, &doc, e);
	if (rc == 0)
		rc = config_fleet(mem, &doc, f, e);
	if (rc == 0)
		*config = keep_file(mem, &file);
	arena_free(&scratch);
	return rc;
}

/* The directories in `path`, without hidden ones. 1, or 0 if there is no such directory, or -1. */
static int list_directories(struct arena *mem, struct source *source, const char *path,
	struct name_list *names, struct error *e)
{
	struct listing list;
	int found = source->list(source, mem, path, &list, e);

	if (found <= 0)
		return found;
	names->at = ARENA_NEW(mem, const char *, list.count);
	names->count = 0;
	for (size_t i = 0; i < list.count; i++)
		if (list.entries[i].kind == ENTRY_DIRECTORY && list.entries[i].name[0] != '.')
			names->at[names->count++] = list.entries[i].name;
	return 1;
}

int load_types(struct arena *mem, struct source *source, const struct fleet *f,
	struct name_list *types, struct error *e)
{
	*types = (struct name_list){ f->cluster_types, f->types };
	if (f->types)
		return 0;
	int found = list_directories(mem, source, "config", types, e);
	return found == 0 ? tree_error(e, ENOENT, "config") : found < 0 ? -1 : 0;
}

int load_applications(struct arena *mem, struct source *source, const char *type,
	struct name_list *applications, struct error *e)
{
	*applications = (struct name_list){ 0 };
	return list_directories(mem, source, arena_printf(mem, "config/%s", type), applications, e);
}

static bool is_listed(const struct name_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

/* "Application 'x' not found. Available: a, b. Did you mean 'y'?" */
static int not_found(struct arena *mem, const char *what, const char *name,
	const struct name_list *names, struct error *e)
{
	struct buf b = { .mem = mem };
	const char *meant = str_nearest(name, names->at, names->count);

	buf_printf(&b, "%s '%s' not found. Available: ", what, name);
	for (size_t i = 0; i < names->count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", names->at[i]);
	if (!names->count)
		buf_puts(&b, "none");
	buf_puts(&b, str_did_you_mean(mem, meant));
	error_set(e, STATUS_FILES, "%s", b.at);
	return error_code(e, "not-found");
}

int load_subject(struct arena *mem, struct source *source, const struct fleet *f,
	const struct subject *s, struct error *e)
{
	struct name_list types, applications;

	if (load_types(mem, source, f, &types, e) < 0)
		return -1;
	if (fleet_name_problem(str_of(s->type)) || !is_listed(&types, s->type))
		return not_found(mem, "Cluster type", s->type, &types, e);
	if (!s->application)
		return 0;
	int found = load_applications(mem, source, s->type, &applications, e);
	if (found == 0)
		return tree_error(e, ENOENT, arena_printf(mem, "config/%s", s->type));
	if (found < 0 || is_listed(&applications, s->application))
		return found < 0 ? -1 : 0;
	struct listing ignored;
	/* a link in its place is an error of its own */
	if (!fleet_name_problem(str_of(s->application)) &&
		source->list(source, mem,
			arena_printf(mem, "config/%s/%s", s->type, s->application), &ignored,
			e) < 0)
		return -1;
	return not_found(mem, "Application", s->application, &applications, e);
}
