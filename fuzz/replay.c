/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay - a fuzz target's main without libFuzzer.
 *
 *	replay_TARGET FILE_OR_DIRECTORY...
 *
 * Feeds each file, and each file of a directory, to the target once, and prints
 * one result in TAP with their number. A file that the target does not survive
 * is the last that was named.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct replay {
	size_t files;
	size_t failed; /* files and directories that could not be read */
};

static void failed(struct replay *r, const char *path)
{
	printf("# cannot read %s: %s\n", path, strerror(errno));
	r->failed++;
}

static void feed(struct replay *r, const char *path)
{
	FILE *f = fopen(path, "rb");
	long size = -1;

	if (f && fseek(f, 0, SEEK_END) == 0)
		size = ftell(f);
	/* no byte more than the file has, so that a read after its end is seen */
	uint8_t *data = size < 0 ? NULL : malloc((size_t)size);
	if (size >= 0 && (data || size == 0) && fseek(f, 0, SEEK_SET) == 0 &&
		(size == 0 || fread(data, 1, (size_t)size, f) == (size_t)size)) {
		printf("# %s\n", path);
		fflush(stdout);
		LLVMFuzzerTestOneInput(data, (size_t)size);
		r->files++;
	} else {
		failed(r, path);
	}
	free(data);
	if (f)
		fclose(f);
}

static void feed_directory(struct replay *r, const char *path)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, NULL, alphasort);

	if (n < 0 && errno == ENOTDIR)
		feed(r, path);
	else if (n < 0)
		failed(r, path);
	for (int i = 0; i < n; i++) {
		char *below = NULL;
		if (names[i]->d_name[0] != '.' &&
			asprintf(&below, "%s/%s", path, names[i]->d_name) >= 0) {
			feed(r, below);
			free(below);
		}
		free(names[i]);
	}
	free(names);
}

int main(int argc, char **argv)
{
	struct replay r = { 0 };

	puts("1..1");
	for (int i = 1; i < argc; i++)
		feed_directory(&r, argv[i]);
	bool ok = r.files && !r.failed;
	printf("%s 1 - %zu files\n", ok ? "ok" : "not ok", r.files);
	return ok ? 0 : 1;
}
