/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk - a rollout in memory, for tests that compare it with real runs.
 *
 *	walk ROOT CLUSTER_TYPE APPLICATION PATCH LEVEL < PATHS
 *
 * Reads the files whose paths are on stdin, a line each, and then no file any more: each step is
 * computed on the state that the one before has made. Prints for each step, with tabs between
 * the words and bytes in hexadecimal:
 *
 *	step promote lab/lab-b
 *	create PATH MODE BYTES
 *	replace PATH BYTES
 *	remove PATH
 *
 * and at last `end`, or `refused STATUS TEXT`. Values of other patches are taken over and
 * overrides are pruned, as by --accept-conflict and --prune-overrides.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/memory_source.h"
#include "core/plan.h"
#include "core/promote.h"
#include "store/load/load.h"
#include "store/load/scan.h"

static _Noreturn void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	exit(STATUS_SYSTEM);
}

/* All files in memory. A text with a NUL byte ends there, which no fleet of these tests has. */
static struct memory read_all(struct arena *mem, const char *root)
{
	struct memory_file *files = NULL;
	size_t count = 0, size = 0;
	char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 1) {
		struct buf text = { .mem = mem };
		char block[4096];
		size_t n;
		const char *path = arena_copy(mem, line, (size_t)len - 1);
		FILE *f = fopen(arena_printf(mem, "%s/%s", root, path), "rb");
		struct stat st;

		if (!f || fstat(fileno(f), &st) < 0) {
			perror(path);
			exit(STATUS_SYSTEM);
		}
		buf_puts(&text, "");
		while ((n = fread(block, 1, sizeof(block), f)) > 0)
			buf_add(&text, (struct str){ block, n });
		fclose(f);
		*ARENA_PUSH(mem, files, count) =
			(struct memory_file){ path, text.at, ENTRY_FILE, st.st_mode & 0777, 0 };
	}
	free(line);
	return source_memory(files, count);
}

static void print_bytes(struct str text)
{
	putchar('\t');
	for (size_t i = 0; i < text.len; i++)
		printf("%02x", (unsigned char)text.at[i]);
	putchar('\n');
}

static void print_edit(const struct edit *edit)
{
	switch (edit->kind) {
	case EDIT_CREATE:
		printf("create\t%s\t%o", edit->path, edit->now->mode);
		print_bytes(edit->now->doc->text);
		break;
	case EDIT_REPLACE:
		printf("replace\t%s", edit->path);
		print_bytes(edit->now->doc->text);
		break;
	case EDIT_REMOVE:
		printf("remove\t%s\n", edit->path);
		break;
	}
}

static void print_step(const struct fleet *f, const struct step *s, const struct plan *plan)
{
	const size_t next = step_next(s);

	printf("step\t%s\t%s\n", step_kind_name(s->kind),
		next == NOWHERE ? "-" : f->positions[next].path);
	for (size_t i = 0; i < plan->edit_count; i++)
		print_edit(&plan->edits[i]);
}

static int walk(struct arena *mem, char **args, struct error *e)
{
	const struct subject subject = { args[2], args[3], args[4] };
	struct memory memory = read_all(mem, args[1]);
	struct request r = { .from = NOWHERE, .prune_overrides = true, .accept_conflict = true };
	struct contents contents;
	struct scanned scanned;
	struct file config;
	struct fleet f;
	struct state now;
	struct step s = { 0 };
	struct plan plan;

	contents_init(&contents, mem, &memory.source);
	if (load_fleet(mem, &memory.source, &f, &config, e) < 0 ||
		scan_application(&contents, &f, &subject, &scanned, e) < 0)
		return -1;
	r.level = fleet_level(&f, args[5]);
	state_make(mem, stacks_new(mem), &scanned.app, subject.patch, &now);
	do {
		if (promote_next(mem, &now, &r, &s, e) < 0 ||
			plan_between(mem, &now, &s.after, &s.scope, &plan, e) < 0)
			return -1;
		print_step(&f, &s, &plan);
		now = s.after;
	} while (s.kind != STEP_INTEGRATE);
	puts("end");
	return 0;
}

int main(int argc, char **argv)
{
	struct arena mem;
	struct error e = { 0 };

	if (argc != 6)
		return STATUS_USAGE;
	arena_init(&mem, out_of_memory);
	if (walk(&mem, argv, &e) < 0)
		printf("refused\t%d\t%s\n", (int)e.status, e.text);
	error_free(&e);
	arena_free(&mem);
	return ferror(stdout) || fflush(stdout) ? STATUS_SYSTEM : STATUS_DONE;
}
