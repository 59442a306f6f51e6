/* SPDX-License-Identifier: Apache-2.0 */
/* Which right somebody lacks; the calls fail, since root has every right. */
#include "step_kit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "store/tree/denied.h"

static void denied(struct fleet_kit *f, int code, const char *path, const char *text)
{
	assert_int_equal(denied_error(&f->k.e, code, f->root.fd, path), -1);
	calls_end();
	assert_true(!f->k.e.about.file || strcmp(f->k.e.about.file, path) == 0);
	fleet_told(f, STATUS_SYSTEM, text, "");
}

static void names_what_lacks_a_right(void **state)
{
	static const char file[] = "config/c/a/patch-x";
	struct fleet_kit *f = *state;

	assert_int_equal(chmod("config/c", 02711), 0);
	calls_fail("faccessat", "config/c", EACCES, 1);
	denied(f, EACCES, file,
		"config/c/a/patch-x: Permission denied: no right to search config/c (mode 2711)");
	assert_int_equal(chmod(file, 0), 0);
	calls_fail("faccessat", file, EACCES, 1);
	denied(f, EACCES, file,
		"config/c/a/patch-x: Permission denied: no right to read the file (mode 000)");
	calls_fail("faccessat", "config/c", EACCES, 1);
	denied(f, EACCES, "config/c",
		"config/c: Permission denied: no right to read the directory (mode 2711)");
	assert_int_equal(chmod(".", 0711), 0);
	calls_fail("faccessat", ".", EACCES, 1);
	denied(f, EACCES, file,
		"config/c/a/patch-x: Permission denied: no right to search the fleet's root (mode 711)");
}

/* What cannot be found out is not said. */
static void tells_no_more_than_it_knows(void **state)
{
	struct fleet_kit *f = *state;
	char *too_long = ARENA_NEW(&f->k.mem, char, 5001);

	memset(too_long, 'a', 5000);
	denied(f, EIO, "config/c", "config/c: Input/output error");
	denied(f, EACCES, "config/c", "config/c: Permission denied");
	denied(f, EACCES, "config/none", "config/none: Permission denied");
	denied(f, EACCES, too_long, arena_printf(&f->k.mem, "%s: Permission denied", too_long));
	assert_int_equal(symlink("none", "config/link"), 0);
	denied(f, EACCES, "config/link", "config/link: Permission denied");
	assert_int_equal(unlink("config/link"), 0);
	calls_fail("faccessat", "config", EIO, 1);
	denied(f, EACCES, "config/c", "config/c: Permission denied");
	calls_fail("faccessat", ".", EIO, 1);
	denied(f, EACCES, "config/c", "config/c: Permission denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(names_what_lacks_a_right),
		STEP_TEST(tells_no_more_than_it_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
