/* SPDX-License-Identifier: Apache-2.0 */
#include "core/paths.h"

const char *paths_defaults(struct arena *mem, const char *type)
{
	return arena_printf(mem, "config/%s/defaults.yaml", type);
}

const char *paths_application(struct arena *mem, const struct subject *s)
{
	return arena_printf(mem, "config/%s/%s", s->type, s->application);
}

const char *paths_base(struct arena *mem, const struct subject *s)
{
	return arena_printf(mem, "config/%s/%s/values.yaml", s->type, s->application);
}

const char *paths_position(struct arena *mem, const struct subject *s, const struct position *p)
{
	return arena_printf(mem, "config/%s/%s/%s", s->type, s->application, p->path);
}

const char *paths_copy(struct arena *mem, const struct subject *s, const struct position *p)
{
	return arena_printf(
		mem, "config/%s/%s/%s/%s.yaml", s->type, s->application, p->path, s->patch);
}

const char *subject_command(struct arena *mem, const char *words, const struct subject *s)
{
	/* untested: a cluster type whose name begins with a dash */
	return arena_printf(mem, "%s\n%s%s\n%s\n%s", words, s->type[0] == '-' ? "--\n" : "",
		s->type, s->application, s->patch);
}

const char *command_shown(struct arena *mem, const char *words)
{
	struct buf line = { .mem = mem };
	char *rest = arena_copy(mem, words, strlen(words));

	buf_puts(&line, "promote");
	for (char *word = NULL; (word = strsep(&rest, "\n"));)
		buf_shell_word(&line, word);
	return line.at;
}

const char *subject_command_shown(struct arena *mem, const char *words, const struct subject *s)
{
	return command_shown(mem, subject_command(mem, words, s));
}

const char *paths_patch_name(struct arena *mem, const char *typed, const char **problem)
{
	static const char prefix[] = "patch-", ending[] = ".yaml";
	const size_t lead = sizeof(prefix) - 1, tail = sizeof(ending) - 1;
	size_t len = strlen(typed);

	if (len >= tail && strcmp(typed + len - tail, ending) == 0)
		len -= tail;
	/* with its ending, the name must fit a file's 255 bytes */
	*problem =
		len + tail > 255 ? "is too long" : fleet_name_problem((struct str){ typed, len });
	if (!*problem && (len < lead || strncmp(typed, prefix, lead) != 0))
		*problem = "does not begin with 'patch-'";
	else if (!*problem && len == lead)
		*problem = "has nothing after 'patch-'";
	else if (!*problem && len > lead + 4 && strcmp(typed + len - 4, ".yml") == 0)
		*problem = "ends in .yml, and patches end in .yaml";
	return *problem ? NULL : arena_copy(mem, typed, len);
}
