/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit_file - the lossless edit as a program, for tests that judge it from outside.
 *
 *	edit_file BASE PATCH           the merge of PATCH into BASE
 *	edit_file BASE --remove PATH   BASE without the key that PATH names: a list of keys
 *
 * Writes the new text to stdout. Exits with the status of the error (4: refused),
 * its text on stderr.
 */
#include <stdio.h>
#include <stdlib.h>

#include "yaml/edit/edit.h"
#include "yaml/read.h"

static _Noreturn void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	exit(STATUS_SYSTEM);
}

static int read_file(struct arena *mem, const char *path, struct str *text, struct error *e)
{
	struct buf b = { .mem = mem };
	char block[65536];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (!f)
		return error_set(e, STATUS_SYSTEM, "cannot open %s", path);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, (struct str){ block, n });
	int failed = ferror(f);
	if (fclose(f) != 0 || failed)
		return error_set(e, STATUS_SYSTEM, "cannot read %s", path);
	*text = buf_str(&b);
	return 0;
}

static int read_doc(struct arena *mem, const char *path, struct doc *doc, struct error *e)
{
	struct str text = { 0 };

	return read_file(mem, path, &text, e) < 0 ? -1 : yaml_read(mem, path, text, doc, e);
}

static int remove_key(struct arena *mem, const struct doc *base, const struct doc *keys,
	struct str *out, struct error *e)
{
	struct changes list = { .mem = mem };

	if (!keys->root || keys->root->kind != NODE_LIST || keys->root->list.count == 0)
		return error_set(e, STATUS_USAGE, "a path is a list of keys");
	changes_remove(
		&list, (const struct node *const *)keys->root->list.items, keys->root->list.count);
	return yaml_edit(mem, base, list.at, list.count, out, e);
}

static int run(struct arena *mem, int argc, char **argv, struct str *out, struct error *e)
{
	struct doc base, patch;

	if (argc < 3)
		return error_set(
			e, STATUS_USAGE, "usage: edit_file BASE (PATCH | --remove KEY...)");
	if (read_doc(mem, argv[1], &base, e) < 0)
		return -1;
	if (read_doc(mem, argv[argc - 1], &patch, e) < 0)
		return -1;
	if (argc > 3 && strcmp(argv[2], "--remove") == 0)
		return remove_key(mem, &base, &patch, out, e);
	return yaml_edit_merge(mem, &base, &patch, out, e);
}

int main(int argc, char **argv)
{
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct str out = { 0 };

	arena_init(&mem, out_of_memory);
	if (run(&mem, argc, argv, &out, &e) < 0)
		fprintf(stderr, "%s\n", e.text);
	else if (fwrite(out.at, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
		e.status = STATUS_SYSTEM;
	int status = (int)e.status;
	error_free(&e);
	arena_free(&mem);
	return status;
}
