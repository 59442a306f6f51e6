/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/landing.h"

#include <stdlib.h>

#include "store/git/git.h"

struct walked {
	const char *object;
	int64_t at;
	const char *parents;    /* with spaces between */
	struct landing landing; /* of one that is not of the branch */
	bool branch, seen;
};

/* "OBJECT TIME PARENT PARENT", and a line feed: each is made a string of its own. */
static struct walked *read_lines(struct arena *mem, struct str text, size_t *count)
{
	struct walked *list = NULL;

	*count = 0;
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		/* untested: git ends each line */
		const char *space = end ? memchr(text.at, ' ', (size_t)(end - text.at)) : NULL;

		/* untested: git writes whole lines */
		if (!space)
			break;
		char *after = NULL;
		const char *line = arena_copy(mem, text.at, (size_t)(end - text.at));
		const size_t n = (size_t)(space - text.at);
		struct walked w = { .object = arena_copy(mem, line, n) };

		w.at = strtoll(line + n, &after, 10);
		w.parents = after;
		*ARENA_PUSH(mem, list, *count) = w;
		text = str_part(text, (size_t)(end - text.at) + 1, text.len);
	}
	return list;
}

/* The next of a commit's parents, if it was walked. *rest begins as its parents. */
static struct walked *next_parent(const struct map *all, const char **rest, bool *more)
{
	const char *at = *rest + strspn(*rest, " ");
	const size_t n = strcspn(at, " ");

	*rest = at + n;
	*more = n > 0;
	return n ? map_get(all, (struct str){ at, n }) : NULL;
}

/* What came with a merge: all that its other parents have and the branch before it has not. */
static void land(struct arena *mem, const struct map *all, const struct walked *merge)
{
	struct walked **open = NULL;
	const struct walked *w = merge;
	size_t n = 0;

	while (w) {
		const char *rest = w->parents;
		bool more;

		for (struct walked *up = next_parent(all, &rest, &more); more;
			up = next_parent(all, &rest, &more)) {
			if (!up || up->seen)
				continue;
			up->seen = true;
			up->landing = (struct landing){ merge->object, merge->at };
			*ARENA_PUSH(mem, open, n) = up;
		}
		w = n ? open[--n] : NULL;
	}
}

void landings_read(struct arena *mem, const struct root *root, const char *since, const char *rev,
	struct landings *out)
{
	const char *const words[] = { "log", "--no-color", "--no-decorate", "--no-show-signature",
		"--format=tformat:%H %ct %P", rev, arena_printf(mem, "^%s^@", since), "--", NULL };
	struct walked **branch = NULL;
	struct str text = { 0 };
	size_t count, n = 0;

	*out = (struct landings){ { .mem = mem } };
	/* untested: git fails, or has more to tell than fits */
	if (!git_run(mem, root, GIT_QUIET, words, &text))
		return;
	struct walked *list = read_lines(mem, text, &count);
	for (size_t i = 0; i < count; i++)
		*map_slot(&out->commits, str_of(list[i].object)) = &list[i];
	for (struct walked *w = list; w;) {
		const char *rest = w->parents;
		bool more;

		w->branch = w->seen = true;
		*ARENA_PUSH(mem, branch, n) = w;
		w = next_parent(&out->commits, &rest, &more);
	}
	while (n-- > 0)
		land(mem, &out->commits, branch[n]);
}

struct landing landings_find(const struct landings *l, const char *commit)
{
	const struct walked *w = map_get(&l->commits, str_of(commit));

	/* untested: git has failed */
	return w ? w->landing : (struct landing){ 0 };
}
