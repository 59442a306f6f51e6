/* SPDX-License-Identifier: Apache-2.0 */
/* The line of progress, with a clock and a terminal that the tests set. */
#include "helper.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"

static uint64_t time_now;
static unsigned width;

static uint64_t now(void)
{
	return time_now;
}

static unsigned columns(void)
{
	return width;
}

static struct terminal {
	struct progress p;
	char *text; /* what was written; valid after a close */
	size_t size;
} t;

static int open_terminal(void **state)
{
	(void)state;
	time_now = 5000;
	width = 80;
	t = (struct terminal){ .p = { .now = now, .columns = columns } };
	t.p.out = open_memstream(&t.text, &t.size);
	progress_start(&t.p);
	return t.p.out ? 0 : -1;
}

static int close_terminal(void **state)
{
	(void)state;
	fclose(t.p.out);
	free(t.text);
	return 0;
}

/* Checks what was written since the last check. */
static void wrote(const char *expected)
{
	fclose(t.p.out);
	assert_string_equal(t.text, expected);
	free(t.text);
	t.p.out = open_memstream(&t.text, &t.size);
	assert_non_null(t.p.out);
}

static void read_at(uint64_t milliseconds, size_t directories, size_t files)
{
	time_now = 5000 + milliseconds;
	t.p.directories = directories - !files;
	t.p.files = files - (files > 0);
	progress_read(&t.p, !files);
}

static void nothing_in_the_first_second(void **state)
{
	(void)state;
	for (size_t i = 0; i < 1000; i++)
		read_at(i, i + 1, i);
	progress_clear(&t.p);
	wrote("");
	read_at(1000, 1, 1);
	wrote("\rreading: 1 file in 1 directory\x1b[K");
}

static void rewritten_ten_times_a_second(void **state)
{
	(void)state;
	read_at(1200, 12, 999);
	read_at(1299, 13, 1000);
	wrote("\rreading: 999 files in 12 directories\x1b[K");
	read_at(1300, 1234, 1234567);
	wrote("\rreading: 1,234,567 files in 1,234 directories\x1b[K");
	read_at(1400, 100000, 0);
	wrote("\rreading: 0 files in 100,000 directories\x1b[K");
}

static void cleared_once_and_shown_again(void **state)
{
	(void)state;
	read_at(1000, 2, 2);
	progress_clear(&t.p);
	progress_clear(&t.p);
	wrote("\rreading: 2 files in 2 directories\x1b[K\r\x1b[K");
	read_at(1100, 2, 3);
	wrote("\rreading: 3 files in 2 directories\x1b[K");
}

static void never_wider_than_the_terminal(void **state)
{
	(void)state;
	width = sizeof("reading: 1,000 files in 20 directories");
	read_at(1000, 20, 1000);
	wrote("\rreading: 1,000 files in 20 directories\x1b[K");
	width--;
	read_at(1100, 20, 1000);
	wrote("\rreading: 1,000 files\x1b[K");
	width = sizeof("reading: 1,000 files");
	read_at(1200, 20, 1000);
	wrote("\rreading: 1,000 files\x1b[K");
	width--;
	read_at(1300, 20, 1000);
	wrote("\r\x1b[K");
	read_at(1400, 20, 1000);
	wrote("");
}

static void nothing_in_the_background(void **state)
{
	(void)state;
	width = 0;
	read_at(1000, 20, 1000);
	wrote("");
	width = 80;
	read_at(1100, 20, 1000);
	wrote("\rreading: 1,000 files in 20 directories\x1b[K");
	width = 0;
	progress_clear(&t.p);
	wrote("");
	width = 80;
	progress_clear(&t.p);
	wrote("");
}

#define AT_A_TERMINAL(f) cmocka_unit_test_setup_teardown(f, open_terminal, close_terminal)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_TERMINAL(nothing_in_the_first_second),
		AT_A_TERMINAL(rewritten_ten_times_a_second),
		AT_A_TERMINAL(cleared_once_and_shown_again),
		AT_A_TERMINAL(never_wider_than_the_terminal),
		AT_A_TERMINAL(nothing_in_the_background),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
