/* SPDX-License-Identifier: Apache-2.0 */
/* The archive of a directory: it is read back as it was written, and refused if it is damaged. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/render/backup.h"

static bool fstat_fails;

/* In place of the C library's own. */
int fstat(int fd, struct stat *st)
{
	errno = EIO;
	return fstat_fails ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
}

static int file_of(struct str bytes)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
	return fd;
}

static void is_read_as_put(void **state)
{
	enum { COUNT = 70 };
	struct kit *k = *state;
	struct backup read = { 0 };
	struct str text;
	int fd = file_of(STR(""));

	for (int i = 0; i < COUNT; i++) {
		struct kept one = { .path = arena_printf(&k->mem, "rendered/%d", i),
			.kind = (enum entry_kind)(i % 4),
			.access = { .mode = 07777, .owner = UINT32_MAX },
			.link = "to" };
		const struct str bytes = one.kind == ENTRY_FILE ? STR("a\0b") : STR("");

		assert_int_equal(backup_put(fd, &one, bytes, &k->e), 0);
	}
	assert_int_equal(backup_end(fd, &k->e), 0);
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), 0);
	assert_int_equal(read.count, COUNT);
	for (int i = 0; i < COUNT; i++) {
		const struct kept *f = &read.files[i];

		assert_string_equal(f->path, arena_printf(&k->mem, "rendered/%d", i));
		assert_int_equal(f->kind, i % 4);
		assert_int_equal(f->access.mode, 07777);
		assert_int_equal(f->access.owner, UINT32_MAX);
		if (f->kind == ENTRY_LINK)
			assert_string_equal(f->link, "to");
		if (f->kind != ENTRY_FILE)
			continue;
		assert_int_equal(backup_text(&k->mem, fd, f, &text, &k->e), 0);
		assert_int_equal(text.len, 3);
		assert_memory_equal(text.at, "a\0b", 3);
	}
	close(fd);
}

static void refuses_what_is_damaged(void **state)
{
	static const struct str rows[] = {
		STR(""),
		STR("\0"),
		STR("end"),
		STR("end \0"),
		STR("file x 0 0 0 p\0end 0 0 0 0 \0"),
		STR("file -1 0 0 0 p\0end 0 0 0 0 \0"),
		STR("file 10000 0 0 0 p\0end 0 0 0 0 \0"),
		STR("file 644,0 0 0 p\0end 0 0 0 0 \0"),
		STR("file 644 x 0 0 p\0end 0 0 0 0 \0"),
		STR("file 644 0 4294967296 0 p\0end 0 0 0 0 \0"),
		STR("file 644 0 0 99999999999999999999 p\0end 0 0 0 0 \0"),
		STR("pipe 644 0 0 0 p\0end 0 0 0 0 \0"),
		STR("file 644 0 0 0 p\0"),
		STR("file 644 0 0 0 p"),
		STR("file 644 0 0 99 p\0end 0 0 0 0 \0"),
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct backup read = { .count = 7 };
		int fd = file_of(rows[i]);

		assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
		assert_error(k, STATUS_FILES, "is damaged");
		assert_int_equal(read.count, 7);
		close(fd);
	}
}

/* A link's target is a path; promote does not write a longer one. */
static void refuses_a_link_that_is_too_long(void **state)
{
	struct kit *k = *state;
	struct backup read = { 0 };
	struct buf text = { .mem = &k->mem };

	buf_add(&text, STR("link 777 0 0 4096 p\0"));
	for (int i = 0; i < 4096; i++)
		buf_putc(&text, 'a');
	buf_add(&text, STR("end 0 0 0 0 \0"));
	int fd = file_of(buf_str(&text));
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
	assert_error(k, STATUS_FILES, "is damaged");
	close(fd);
}

static void tells_what_cannot_be_read(void **state)
{
	struct kit *k = *state;
	struct backup read = { 0 };
	struct str text = { 0 };
	int ends[2], fd = open("/dev/null", O_WRONLY);

	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "cannot be read: Invalid argument");
	close(fd);
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "cannot be read: Bad file descriptor");
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(backup_read(&k->mem, ends[0], &read, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "cannot be read: Illegal seek");
	close(ends[0]);
	close(ends[1]);

	const struct kept longer = { .path = "p", .size = 4 };
	fd = file_of(STR("abc"));
	fstat_fails = true;
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "cannot be read: Input/output error");
	fstat_fails = false;
	assert_int_equal(backup_text(&k->mem, fd, &longer, &text, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "the kept copy of p: Input/output error");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(is_read_as_put),
		KIT_TEST(refuses_what_is_damaged),
		KIT_TEST(refuses_a_link_that_is_too_long),
		KIT_TEST(tells_what_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
