/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_list.c - what is in one directory.
 */
#include "store/tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum entry_kind tree_kind(mode_t mode)
{
	return S_ISREG(mode)    ? ENTRY_FILE
		: S_ISDIR(mode) ? ENTRY_DIRECTORY
		: S_ISLNK(mode) ? ENTRY_LINK
				: ENTRY_OTHER;
}

int tree_names(int dir, int (*each)(void *context, const struct dirent64 *d), void *context)
{
	_Alignas(struct dirent64) char chunk[16 * 1024];
	ssize_t n = 0;

	while ((n = getdents64(dir, (void *)chunk, sizeof(chunk))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(void *)(chunk + at);

			at += d->d_reclen;
			if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
				continue;
			int rc = each(context, d);
			if (rc)
				return rc;
		}
	return (int)n;
}

struct lister {
	struct arena *mem;
	int dir;
	struct listing list;
};

static int add_name(void *context, const struct dirent64 *d)
{
	struct lister *l = context;
	struct stat st = { .st_mode = (mode_t)DTTOIF(d->d_type) };

	/* not every file system says what it is; if it is gone by now it is ENTRY_OTHER */
	if (d->d_type == DT_UNKNOWN)
		fstatat(l->dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW);
	*ARENA_PUSH(l->mem, l->list.entries, l->list.count) = (struct entry){
		arena_copy(l->mem, d->d_name, strlen(d->d_name)),
		tree_kind(st.st_mode),
	};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int tree_list(struct arena *mem, int dir, const char *shown, struct listing *list, struct error *e)
{
	struct lister l = { .mem = mem, .dir = dir };

	if (tree_names(dir, add_name, &l) < 0)
		return tree_error(e, errno, shown);
	if (l.list.count > 1)
		qsort(l.list.entries, l.list.count, sizeof(*l.list.entries), by_name);
	*list = l.list;
	return 0;
}

const struct entry *tree_entry(const struct listing *list, const char *name)
{
	const struct entry key = { .name = name };

	return list->count ? bsearch(&key, list->entries, list->count, sizeof(key), by_name) : NULL;
}
