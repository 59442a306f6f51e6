/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/access_list.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/xattr.h>

/* A list is the number 2 and its entries; all numbers are little-endian. */
enum { HEAD = 4, ENTRY = 8 };

enum tag {
	OWNER = 0x01,
	NAMED_USER = 0x02,
	GROUP = 0x04,
	NAMED_GROUP = 0x08,
	MASK = 0x10,
	OTHERS = 0x20,
};

static const char *const attributes[] = {
	[ACCESS_LIST] = "system.posix_acl_access",
	[DEFAULT_LIST] = "system.posix_acl_default",
};

/* As fgetxattr(2); 0 if there is none. */
static ssize_t read_bytes(int fd, enum access_list_kind kind, char bytes[XATTR_SIZE_MAX])
{
	ssize_t n = fgetxattr(fd, attributes[kind], bytes, XATTR_SIZE_MAX);

	if (n < 0 && errno != ENODATA && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	return n >= HEAD + ENTRY ? n : 0;
}

int access_list_read(struct arena *mem, int fd, enum access_list_kind kind, struct str *list)
{
	char bytes[XATTR_SIZE_MAX];
	ssize_t n = read_bytes(fd, kind, bytes);

	if (n < 0)
		return -1;
	*list = n ? (struct str){ arena_copy(mem, bytes, (size_t)n), (size_t)n }
		  : (struct str){ 0 };
	return 0;
}

bool access_list_is(int fd, struct str list)
{
	char bytes[XATTR_SIZE_MAX];
	ssize_t n = read_bytes(fd, ACCESS_LIST, bytes);

	return n >= 0 && str_equal((struct str){ bytes, (size_t)n }, list);
}

static size_t count(struct str list)
{
	return list.len < HEAD ? 0 : (list.len - HEAD) / ENTRY;
}

static enum tag tag_of(struct str list, size_t i)
{
	const unsigned char *at = (const unsigned char *)list.at + HEAD + i * ENTRY;

	return (enum tag)(at[0] | at[1] << 8);
}

static mode_t bits_of(struct str list, size_t i)
{
	return (unsigned char)list.at[HEAD + i * ENTRY + 2] & 07;
}

static bool is_named(enum tag tag)
{
	return tag == NAMED_USER || tag == NAMED_GROUP;
}

/* What the mask leaves of any entry but the owner's and the others'. */
static mode_t mask_of(struct str list)
{
	for (size_t i = 0; i < count(list); i++)
		if (tag_of(list, i) == MASK)
			return bits_of(list, i);
	return 07;
}

/* Of the owning group, without the mask. */
static mode_t group_of(struct str list)
{
	for (size_t i = 0; i < count(list); i++)
		if (tag_of(list, i) == GROUP)
			return bits_of(list, i);
	return 07;
}

static mode_t others_of(struct str list)
{
	for (size_t i = 0; i < count(list); i++)
		if (tag_of(list, i) == OTHERS)
			return bits_of(list, i);
	return 0;
}

mode_t access_list_granted(struct str list, mode_t mode)
{
	mode_t mask = mask_of(list), most = 07;

	if (!list.len)
		return mode;
	/* who is named may be one of the group or of the others */
	for (size_t i = 0; i < count(list); i++)
		if (is_named(tag_of(list, i)))
			most &= bits_of(list, i) & mask;
	return mode & (07700 | (group_of(list) & most) << 3 | most);
}

mode_t access_list_regroup(mode_t mode)
{
	const mode_t both = mode >> 3 & mode & 07;

	return (mode & 07700) | both << 3 | both;
}

static int set(int fd, const char *bytes, size_t n)
{
	return fsetxattr(fd, attributes[ACCESS_LIST], bytes, n, 0);
}

static void set_bits(char *bytes, size_t i, mode_t bits)
{
	bytes[HEAD + i * ENTRY + 2] = (char)bits;
}

int access_list_set(int fd, struct str list)
{
	return set(fd, list.at, list.len);
}

int access_list_set_regrouped(int fd, struct str list, mode_t *mode)
{
	const mode_t both = group_of(list) & mask_of(list) & others_of(list);
	char bytes[XATTR_SIZE_MAX];

	memcpy(bytes, list.at, list.len);
	for (size_t i = 0; i < count(list); i++)
		if (tag_of(list, i) == GROUP || tag_of(list, i) == OTHERS)
			set_bits(bytes, i, both);
	*mode = (*mode & 07770) | both;
	return set(fd, bytes, list.len);
}

int access_list_remove(int fd)
{
	if (fremovexattr(fd, attributes[ACCESS_LIST]) == 0 || errno == ENODATA ||
		errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	return -1;
}

/* As the kernel does it for a file that is made in the directory. */
int access_list_inherit(int fd, struct str list, mode_t *mode)
{
	char bytes[XATTR_SIZE_MAX];
	bool masked = false;

	memcpy(bytes, list.at, list.len);
	for (size_t i = 0; i < count(list); i++)
		masked |= tag_of(list, i) == MASK;
	for (size_t i = 0; i < count(list); i++) {
		const enum tag tag = tag_of(list, i);
		const unsigned shift = tag == OWNER ? 6 : tag == OTHERS ? 0 : 3;

		if (is_named(tag) || (tag == GROUP && masked))
			continue;
		const mode_t left = bits_of(list, i) & *mode >> shift;
		set_bits(bytes, i, left);
		*mode = (*mode & ~((mode_t)07 << shift)) | left << shift;
	}
	return set(fd, bytes, list.len);
}
