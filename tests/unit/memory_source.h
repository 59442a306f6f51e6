/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_source.h - a fleet's files as an array, for tests that touch no disk.
 *
 *	static struct memory_file files[] = {
 *		{ .path = "config/t/a/values.yaml", .text = "a: 1\n" },
 *		{ .path = "config/t/a/link", .kind = ENTRY_LINK },
 *		{ .path = "config/t/empty", .kind = ENTRY_DIRECTORY },
 *	};
 *	struct memory memory = source_memory(files, LENGTH(files));
 *	names_scan(&k->mem, &memory.source, ...);
 *	assert_int_equal(memory.reads, 0);
 *
 * Errors have the texts of the source on disk. The directories above a file need no entry.
 */
#ifndef MEMORY_SOURCE_H
#define MEMORY_SOURCE_H

#include "store/load/source.h"

struct memory_file {
	const char *path, *text;
	enum entry_kind kind;
	mode_t mode; /* 0644 if it is 0 */
	int fails;   /* what opening it fails with, or 0; of a directory: listing it */
};

struct memory {
	struct source source;
	const struct memory_file *files; /* borrowed; in any order */
	size_t count;
	size_t lists, reads; /* how many calls there were */
};

struct memory source_memory(const struct memory_file *files, size_t count);

#endif
