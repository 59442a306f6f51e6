/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_list.c - what is in one directory.
 */
#include "store/tree/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static enum entry_kind kind_of(int dir, const struct dirent64 *d)
{
	struct stat st;

	switch (d->d_type) {
	case DT_REG:
		return ENTRY_FILE;
	case DT_DIR:
		return ENTRY_DIRECTORY;
	case DT_LNK:
		return ENTRY_LINK;
	case DT_UNKNOWN:
		break;
	default:
		return ENTRY_OTHER;
	}
	if (fstatat(dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return ENTRY_OTHER;
	return S_ISREG(st.st_mode)    ? ENTRY_FILE
		: S_ISDIR(st.st_mode) ? ENTRY_DIRECTORY
		: S_ISLNK(st.st_mode) ? ENTRY_LINK
				      : ENTRY_OTHER;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int tree_list(struct arena *mem, int dir, const char *shown, struct listing *list, struct error *e)
{
	_Alignas(struct dirent64) char chunk[16 * 1024];
	struct listing l = { 0 };
	size_t room = 0;

	for (;;) {
		ssize_t n = getdents64(dir, chunk, sizeof(chunk));
		if (n < 0)
			return tree_error(e, errno, shown);
		if (n == 0)
			break;
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(void *)(chunk + at);

			at += d->d_reclen;
			if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
				continue;
			if (l.count == room) {
				room = room ? room * 2 : 8;
				l.entries = arena_grow(
					mem, l.entries, l.count, room, sizeof(*l.entries));
			}
			l.entries[l.count++] = (struct entry){
				arena_copy(mem, d->d_name, strlen(d->d_name)),
				kind_of(dir, d),
			};
		}
	}
	if (l.count > 1)
		qsort(l.entries, l.count, sizeof(*l.entries), by_name);
	*list = l;
	return 0;
}

const struct entry *tree_entry(const struct listing *list, const char *name)
{
	const struct entry key = { .name = name };

	return list->count ? bsearch(&key, list->entries, list->count, sizeof(key), by_name) : NULL;
}
