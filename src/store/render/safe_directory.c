/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/safe_directory.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/render/process.h"

/* value: absolute, without a link on the way if it exists here */
static bool names_path(const char *value, const char *path)
{
	char real[PATH_MAX];
	size_t n = strlen(value);

	if (n >= 2 && strcmp(value + n - 2, "/*") == 0)
		return strncmp(value, path, n - 1) == 0;
	return value[0] == '/' && realpath(value, real) && strcmp(real, path) == 0;
}

bool safe_directory_match(struct str values, const char *path, bool before)
{
	while (values.len > 0) {
		const char *end = memchr(values.at, '\n', values.len);
		const size_t n = end ? (size_t)(end - values.at) : values.len;
		char value[PATH_MAX];

		if (n < sizeof(value)) {
			memcpy(value, values.at, n);
			value[n] = '\0';
			/* an empty value takes back what was said before */
			before = n > 0 &&
				(before || strcmp(value, "*") == 0 || names_path(value, path));
		}
		values.at += n + (end != NULL);
		values.len -= n + (end != NULL);
	}
	return before;
}

bool safe_directory_has(struct arena *mem, const char *path)
{
	static const char *const scopes[] = { "--system", "--global" };
	int top = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool has = false;

	if (top < 0)
		return false;
	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++) {
		const char *const argv[] = { "env", "GIT_DIR=/dev/null", "git", "config", scopes[i],
			"--includes", "--type=path", "--get-all", "safe.directory", NULL };
		struct error ignored = { 0 };
		struct ending ending;

		if (process_run(mem, top, argv, PROCESS_OUTPUT_ALL, &ending, &ignored) == 0 &&
			ending.code == 0)
			has = safe_directory_match(ending.output, path, has);
		error_free(&ignored);
	}
	close(top);
	return has;
}
