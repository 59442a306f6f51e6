/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/config.h"
#include "yaml/read.h"

/* The document is many times as large as the fleet that it describes, and goes once that is read.
 */
int load_fleet(struct arena *mem, const struct root *root, struct fleet *f, struct stamp *stamp,
	struct error *e)
{
	struct arena scratch;
	struct file file;
	struct doc doc;

	arena_init(&scratch, mem->out_of_memory);
	int rc = tree_read(&scratch, root->fd, PATHS_CONFIG, PATHS_CONFIG, YAML_BYTES, &file, e);
	if (rc == 0)
		rc = yaml_read(&scratch, PATHS_CONFIG, file.text, &doc, e);
	if (rc == 0)
		rc = config_fleet(mem, &doc, f, e);
	if (rc == 0)
		*stamp = file.stamp;
	arena_free(&scratch);
	return rc;
}

struct names {
	const char **at;
	size_t count;
};

/* The folders in `path`, without hidden ones. */
static int list_folders(struct arena *mem, const struct root *root, const char *path,
	struct names *names, struct error *e)
{
	struct listing list;
	int fd = tree_open(root->fd, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return tree_error(e, errno, path);
	int rc = tree_list(mem, fd, path, &list, e);
	close(fd);
	if (rc < 0)
		return -1;
	names->at = ARENA_NEW(mem, const char *, list.count);
	names->count = 0;
	for (size_t i = 0; i < list.count; i++)
		if (list.entries[i].kind == ENTRY_FOLDER && list.entries[i].name[0] != '.')
			names->at[names->count++] = list.entries[i].name;
	return 0;
}

static bool holds(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

/* "Application 'x' not found. Available: a, b. Did you mean 'y'?" */
static int not_found(struct arena *mem, const char *what, const char *name,
	const struct names *names, struct error *e)
{
	struct buf b = { .mem = mem };
	const char *meant = str_nearest(name, names->at, names->count);

	buf_printf(&b, "%s '%s' not found. Available: ", what, name);
	for (size_t i = 0; i < names->count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", names->at[i]);
	if (!names->count)
		buf_puts(&b, "none");
	if (meant)
		buf_printf(&b, ". Did you mean '%s'?", meant);
	return error_set(e, STATUS_FILES, "%s", b.at);
}

static int list_applications(struct arena *mem, const struct root *root, const struct fleet *f,
	const char *type, struct names *applications, struct error *e)
{
	struct names types = { f->cluster_types, f->types };

	if (!f->types && list_folders(mem, root, "config", &types, e) < 0)
		return -1;
	/* A name that cannot be a folder's is not looked for on the disk. */
	if (fleet_name_problem(str_of(type)) || !holds(&types, type))
		return not_found(mem, "Cluster type", type, &types, e);
	return list_folders(mem, root, arena_printf(mem, "config/%s", type), applications, e);
}

int load_applications(struct arena *mem, const struct root *root, const struct fleet *f,
	const char *type, const char *const **applications, struct error *e)
{
	struct names names = { 0 };

	if (list_applications(mem, root, f, type, &names, e) < 0)
		return -1;
	*applications = names.at;
	return (int)names.count;
}

int load_subject(struct arena *mem, const struct root *root, const struct fleet *f,
	const struct subject *s, struct error *e)
{
	struct names applications = { 0 };

	if (list_applications(mem, root, f, s->type, &applications, e) < 0)
		return -1;
	if (fleet_name_problem(str_of(s->application)) || !holds(&applications, s->application))
		return not_found(mem, "Application", s->application, &applications, e);
	return 0;
}
