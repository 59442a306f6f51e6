/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/backup.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/newfile.h"

static const char *const kinds[] = {
	[ENTRY_FILE] = "file",
	[ENTRY_DIRECTORY] = "directory",
	[ENTRY_LINK] = "link",
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds), LONGEST_HEAD = 96 };

void backup_place(struct backup *r, size_t i, const char *name, size_t parent)
{
	const struct kept *dir = parent == BACKUP_NONE ? NULL : &r->files[parent];
	struct kept *k = &r->files[i];

	k->name = name;
	k->parent = parent;
	k->depth = dir ? dir->depth + 1 : 0;
	k->length = strlen(name) + (dir ? dir->length + 1 : 0);
}

const char *backup_path(struct arena *mem, const struct backup *r, size_t i)
{
	char *path = arena_alloc(mem, r->files[i].length + 1, 1);

	for (size_t at = i; at != BACKUP_NONE; at = r->files[at].parent) {
		size_t n = strlen(r->files[at].name), end = r->files[at].length;

		memcpy(path + end - n, r->files[at].name, n);
		path[end] = at == i ? '\0' : '/';
	}
	return path;
}

const char *backup_shown(struct arena *mem, const struct backup *r, size_t i)
{
	enum { SHOWN = 1000 }; /* bytes */
	size_t at = i;

	if (r->files[i].length <= SHOWN)
		return backup_path(mem, r, i);
	while (r->files[at].length > SHOWN)
		at = r->files[at].parent;
	return arena_printf(mem, "%s/.../%s", backup_path(mem, r, at), r->files[i].name);
}

/* The entry behind this one and what is below it. */
static size_t after(const struct backup *r, size_t i)
{
	size_t depth = r->files[i].depth;

	do
		i++;
	while (i < r->count && r->files[i].depth > depth);
	return i;
}

/*
 * Both are walked side by side. At the same depth the two entries are in the same directory, since
 * what is below an entry that the other tree lacks is passed over.
 */
const size_t *backup_match(struct arena *mem, const struct backup *a, const struct backup *b)
{
	size_t *match = ARENA_NEW(mem, size_t, a->count + 1), j = 0;

	for (size_t i = 0; i < a->count;) {
		const struct kept *x = &a->files[i], *y = j < b->count ? &b->files[j] : NULL;
		int order = !y                 ? -1
			: x->depth != y->depth ? (x->depth > y->depth ? -1 : 1)
					       : strcmp(x->name, y->name);

		if (order > 0) {
			j = after(b, j);
			continue;
		}
		if (order == 0) {
			match[i++] = j++;
			continue;
		}
		for (size_t end = after(a, i); i < end; i++)
			match[i] = BACKUP_NONE;
	}
	return match;
}

static int write_entry(int fd, const char *kind, const struct kept *k, struct str bytes)
{
	char head[LONGEST_HEAD];
	int n = snprintf(head, sizeof(head), "%s %zu %o %u %u %zu ", kind, k->depth,
		(unsigned)k->access.mode, k->access.owner, k->access.group, bytes.len);

	return newfile_fill(fd, (struct str){ head, (size_t)n }) < 0 ||
			newfile_fill(fd, (struct str){ k->name, strlen(k->name) + 1 }) < 0 ||
			newfile_fill(fd, bytes) < 0
		? -1
		: 0;
}

int backup_put(struct arena *mem, struct backup *r, size_t i, struct str bytes, struct error *e)
{
	struct kept *k = &r->files[i];
	off_t end = -1;

	assert(k->kind != ENTRY_OTHER);
	if (k->kind == ENTRY_LINK)
		bytes = str_of(k->link);
	if (write_entry(r->archive, kinds[k->kind], k, bytes) == 0)
		end = lseek(r->archive, 0, SEEK_CUR);
	if (end < 0)
		return error_system(e, errno, "cannot keep a copy of %s", backup_shown(mem, r, i));
	k->at = end - (off_t)bytes.len;
	k->size = bytes.len;
	return 0;
}

int backup_end(int fd, struct error *e)
{
	if (write_entry(fd, "end", &(struct kept){ .name = "" }, (struct str){ 0 }) == 0)
		return 0;
	return error_system(e, errno, "cannot keep copies");
}

/* The bytes from `at` on. -1 with errno set, EIO if the archive is too short. */
static int read_at(int fd, char *into, size_t size, off_t at)
{
	for (size_t n = 0; n < size;) {
		ssize_t got = pread(fd, into + n, size - n, at + (off_t)n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return -1;
		n += (size_t)got;
	}
	return 0;
}

int backup_text(
	struct arena *mem, const struct backup *r, size_t i, struct str *text, struct error *e)
{
	const struct kept *k = &r->files[i];
	char *at = arena_alloc(mem, k->size + 1, 1);

	if (read_at(r->archive, at, k->size, k->at) < 0)
		return error_system(e, errno, "the kept copy of %s", backup_shown(mem, r, i));
	*text = (struct str){ at, k->size };
	return 0;
}

/* Skips a number and the space behind it. False if there is none. */
static bool take_number(const char **at, int base, unsigned long long most, unsigned long long *n)
{
	char *end = NULL;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	*n = strtoull(*at, &end, base);
	if (errno || *n > most || *end != ' ')
		return false;
	*at = end + 1;
	return true;
}

/* One entry whose head was read: 1, 0 for the end, -1 if it is malformed. */
static int parse_head(struct arena *mem, const char *head, struct kept *k)
{
	unsigned long long depth = 0, mode = 0, owner = 0, group = 0, size = 0;
	const char *at = strchr(head, ' ');
	size_t kind = 0, word = at ? (size_t)(at - head) : 0;

	if (!at)
		return -1;
	at++;
	if (!take_number(&at, 10, SIZE_MAX, &depth) || !take_number(&at, 8, 07777, &mode) ||
		!take_number(&at, 10, UINT32_MAX, &owner) ||
		!take_number(&at, 10, UINT32_MAX, &group) || !take_number(&at, 10, SIZE_MAX, &size))
		return -1;
	if (str_is((struct str){ head, word }, "end"))
		return 0;
	while (kind < KINDS && !str_is((struct str){ head, word }, kinds[kind]))
		kind++;
	if (kind == KINDS)
		return -1;
	*k = (struct kept){
		.name = arena_copy(mem, at, strlen(at)),
		.depth = (size_t)depth,
		.parent = BACKUP_NONE,
		.length = strlen(at),
		.kind = (enum entry_kind)kind,
		.access = { (mode_t)mode, (uid_t)owner, (gid_t)group },
		.size = (size_t)size,
	};
	return 1;
}

/* Why a stream returned less than was asked for: EBADMSG if it has just ended. */
static int cut_short(FILE *in)
{
	return feof(in) ? EBADMSG : errno;
}

/* The bytes behind a head that was read, of an archive that ends at `end`. 0 or an errno value. */
static int take_bytes(struct arena *mem, FILE *in, off_t end, struct kept *k)
{
	k->at = ftello(in);
	if (k->at < 0)
		return errno;
	if (k->size > (size_t)(end - k->at) || (k->kind == ENTRY_LINK && k->size >= PATH_MAX))
		return EBADMSG;
	if (k->kind != ENTRY_LINK)
		return fseeko(in, (off_t)k->size, SEEK_CUR) < 0 ? errno : 0;
	char *to = arena_alloc(mem, k->size + 1, 1);
	k->link = to;
	return fread(to, 1, k->size, in) == k->size ? 0 : cut_short(in);
}

/* Whether an entry may follow those that were read. Sets its directory. */
static bool find_directory(struct backup *r)
{
	struct kept *k = &r->files[r->count - 1];
	size_t at = r->count - 2;   /* the entry before it, then the directories that that is in */
	const char *sibling = NULL; /* the last of those that is in the same directory */

	if (k->name[0] == '\0' || strchr(k->name, '/') || strcmp(k->name, ".") == 0 ||
		strcmp(k->name, "..") == 0)
		return false;
	if (r->count == 1)
		return k->depth == 0;
	for (; at != BACKUP_NONE && r->files[at].depth >= k->depth; at = r->files[at].parent)
		sibling = r->files[at].name;
	if (at == BACKUP_NONE || r->files[at].depth + 1 != k->depth ||
		r->files[at].kind != ENTRY_DIRECTORY)
		return false;
	backup_place(r, r->count - 1, k->name, at);
	return !sibling || strcmp(sibling, k->name) < 0;
}

/* What backup_read returns, in *r; 0 or an errno value, EBADMSG if the archive is damaged. */
static int read_entries(struct arena *mem, FILE *in, off_t end, struct backup *r)
{
	size_t size = 0;
	char *head = NULL;
	int code = 0;

	for (;;) {
		struct kept k = { 0 };
		ssize_t len = getdelim(&head, &size, '\0', in);

		if (len <= 0) {
			code = cut_short(in);
			break;
		}
		int more = head[len - 1] == '\0' ? parse_head(mem, head, &k) : -1;
		code = more < 0 ? EBADMSG : more > 0 ? take_bytes(mem, in, end, &k) : 0;
		if (code || more == 0)
			break;
		*ARENA_PUSH(mem, r->files, r->count) = k;
		if (!find_directory(r)) {
			code = EBADMSG;
			break;
		}
	}
	free(head);
	return code;
}

int backup_read(struct arena *mem, int archive, struct backup *out, struct error *e)
{
	struct backup read = { .archive = archive };
	struct stat st;
	int own = dup(archive);
	FILE *in = own >= 0 ? fdopen(own, "r") : NULL;
	int code = 0;

	if (!in || fstat(archive, &st) < 0 || fseeko(in, 0, SEEK_SET) < 0)
		code = errno;
	else
		code = read_entries(mem, in, st.st_size, &read);
	if (in)
		fclose(in);
	else if (own >= 0)
		close(own);
	if (code == EBADMSG)
		return error_set(e, STATUS_FILES, "is damaged");
	if (code)
		return error_system(e, code, "cannot be read");
	*out = read;
	return 0;
}
