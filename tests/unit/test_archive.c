/* SPDX-License-Identifier: Apache-2.0 */
/* The archive of a directory: it is read back as it was written, and refused if it is damaged. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/render/walk.h"

static bool fstat_fails, on_other_devices;

/* In place of the C library's own. */
int fstat(int fd, struct stat *st)
{
	static dev_t device;
	int rc = fstatat(fd, "", st, AT_EMPTY_PATH);

	if (on_other_devices)
		st->st_dev += ++device;
	errno = EIO;
	return fstat_fails ? -1 : rc;
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
	struct kept files[COUNT];
	struct str text;
	int fd = file_of(STR(""));
	struct backup written = { fd, files, COUNT };

	for (int i = 0; i < COUNT; i++) {
		const struct str bytes = i % 3 == ENTRY_FILE && i ? STR("a\0b") : STR("");

		files[i] = (struct kept){ .name = arena_printf(&k->mem, "%02d", i),
			.depth = i > 0,
			.parent = i ? 0 : BACKUP_NONE,
			.kind = i ? (enum entry_kind)(i % 3) : ENTRY_DIRECTORY,
			.access = { .mode = 07777, .owner = UINT32_MAX },
			.link = "to" };
		assert_int_equal(backup_put(&k->mem, &written, (size_t)i, bytes, &k->e), 0);
	}
	assert_int_equal(backup_end(fd, &k->e), 0);
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), 0);
	assert_int_equal(read.count, COUNT);
	for (int i = 0; i < COUNT; i++) {
		const struct kept *f = &read.files[i];

		assert_string_equal(backup_path(&k->mem, &read, (size_t)i),
			arena_printf(&k->mem, i ? "00/%02d" : "%02d", i));
		assert_int_equal(f->kind, files[i].kind);
		assert_int_equal(f->access.mode, 07777);
		assert_int_equal(f->access.owner, UINT32_MAX);
		if (f->kind == ENTRY_LINK)
			assert_string_equal(f->link, "to");
		if (f->kind != ENTRY_FILE)
			continue;
		assert_int_equal(backup_text(&k->mem, &read, (size_t)i, &text, &k->e), 0);
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
		STR("end 0\0"),
		STR("file 0 x 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 -1 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 10000 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644,0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644 x 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 4294967296 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 99999999999999999999 p\0end 0 0 0 0 0 \0"),
		STR("file x 644 0 0 0 p\0end 0 0 0 0 0 \0"),
		/* trees that cannot be */
		STR("file 1 644 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 \0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 a/b\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 .\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 ..\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 p\0file 0 644 0 0 0 q\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 p\0file 1 644 0 0 0 q\0end 0 0 0 0 0 \0"),
		STR("directory 0 755 0 0 0 p\0file 2 644 0 0 0 q\0end 0 0 0 0 0 \0"),
		STR("directory 0 755 0 0 0 p\0file 1 644 0 0 0 b\0file 1 644 0 0 0 a\0end 0 0 0 0 0 \0"),
		STR("directory 0 755 0 0 0 p\0file 1 644 0 0 0 a\0file 1 644 0 0 0 a\0end 0 0 0 0 0 \0"),
		STR("pipe 0 644 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("other 0 644 0 0 0 p\0end 0 0 0 0 0 \0"),
		STR("file 0 644 0 0 0 p\0"),
		STR("file 0 644 0 0 0 p"),
		STR("file 0 644 0 0 99 p\0end 0 0 0 0 0 \0"),
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

	buf_add(&text, STR("link 0 777 0 0 4096 p\0"));
	for (int i = 0; i < 4096; i++)
		buf_putc(&text, 'a');
	buf_add(&text, STR("end 0 0 0 0 0 \0"));
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

	struct kept longer = { .name = "p", .parent = BACKUP_NONE, .length = 1, .size = 4 };
	fd = file_of(STR("abc"));
	const struct backup one = { fd, &longer, 1 };
	fstat_fails = true;
	assert_int_equal(backup_read(&k->mem, fd, &read, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "cannot be read: Input/output error");
	fstat_fails = false;
	assert_int_equal(backup_text(&k->mem, &one, 0, &text, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "the kept copy of p: Input/output error");
	close(fd);
}

/* Entries of a tree as "depth name", in order. */
static struct backup tree_of(struct kit *k, const char *const *rows)
{
	struct backup r = { 0 };
	size_t in[4];

	for (size_t i = 0; rows[i]; i++) {
		size_t depth = (size_t)(rows[i][0] - '0');

		ARENA_PUSH(&k->mem, r.files, r.count)->kind = ENTRY_FILE;
		backup_place(&r, i, rows[i] + 2, depth ? in[depth - 1] : BACKUP_NONE);
		assert_int_equal(r.files[i].depth, depth);
		in[depth] = i;
	}
	return r;
}

static void matches_by_path(void **state)
{
	static const char *const a[] = { "0 rendered", "1 a", "2 x", "2 y", "1 b", "1 c", "2 x",
		"3 x", "1 d", "2 x", NULL };
	static const char *const b[] = { "0 rendered", "1 a", "2 w", "3 x", "2 y", "1 c", "1 d",
		"2 x", "3 x", "1 e", "2 x", NULL };
	static const char *const none[] = { NULL };
	static const size_t there[] = { 0, 1, BACKUP_NONE, 4, BACKUP_NONE, 5, BACKUP_NONE,
		BACKUP_NONE, 6, 7 };
	static const size_t back[] = { 0, 1, BACKUP_NONE, BACKUP_NONE, 3, 5, 8, 9, BACKUP_NONE,
		BACKUP_NONE, BACKUP_NONE };
	struct kit *k = *state;
	const struct backup x = tree_of(k, a), y = tree_of(k, b), empty = tree_of(k, none);

	assert_memory_equal(backup_match(&k->mem, &x, &y), there, sizeof(there));
	assert_memory_equal(backup_match(&k->mem, &y, &x), back, sizeof(back));
	for (size_t i = 0; i < x.count; i++)
		assert_true(backup_match(&k->mem, &x, &empty)[i] == BACKUP_NONE);
	assert_string_equal(backup_path(&k->mem, &y, 8), "rendered/d/x/x");
}

static void shows_long_paths_cut(void **state)
{
	struct kit *k = *state;
	struct backup r = { 0 };

	for (size_t i = 0; i < 600; i++) {
		ARENA_PUSH(&k->mem, r.files, r.count)->kind = ENTRY_DIRECTORY;
		backup_place(&r, i, i == 599 ? "last" : "d", i ? i - 1 : BACKUP_NONE);
	}
	assert_int_equal(strlen(backup_path(&k->mem, &r, 599)), 2 * 599 + 4);
	assert_int_equal(strlen(backup_shown(&k->mem, &r, 499)), 999);
	const char *shown = backup_shown(&k->mem, &r, 599);
	assert_int_equal(strlen(shown), 999 + strlen("/.../last"));
	assert_string_equal(shown + 996, "d/d/.../last");
}

/* A directory is moved while we are in it: ".." is another one now. */
static void goes_back_only_where_it_came_from(void **state)
{
	struct kit *k = *state;
	char path[] = "/tmp/promote-XXXXXX";
	struct walk w;

	assert_non_null(mkdtemp(path));
	int top = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(top, "a", 0700), 0);
	assert_int_equal(mkdirat(top, "b", 0700), 0);
	assert_int_equal(mkdirat(top, "a/in", 0700), 0);
	assert_int_equal(symlinkat("b", top, "link"), 0);
	assert_int_equal(walk_start(&w, &k->mem, top, O_PATH), 0);
	assert_int_equal(walk_down(&w, "link"), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(walk_down(&w, "a"), 0);
	assert_int_equal(walk_down(&w, "in"), 0);
	assert_int_equal(walk_up(&w), 0);
	assert_int_equal(walk_down(&w, "in"), 0);
	on_other_devices = true;
	assert_int_equal(walk_up(&w), -1);
	assert_int_equal(errno, ESTALE);
	on_other_devices = false;
	assert_int_equal(renameat(top, "a/in", top, "b/in"), 0);
	assert_int_equal(walk_up(&w), -1);
	assert_int_equal(errno, ESTALE);
	walk_end(&w);
	unlinkat(top, "b/in", AT_REMOVEDIR);
	unlinkat(top, "b", AT_REMOVEDIR);
	unlinkat(top, "a", AT_REMOVEDIR);
	unlinkat(top, "link", 0);
	close(top);
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(is_read_as_put),
		KIT_TEST(refuses_what_is_damaged),
		KIT_TEST(refuses_a_link_that_is_too_long),
		KIT_TEST(tells_what_cannot_be_read),
		KIT_TEST(matches_by_path),
		KIT_TEST(shows_long_paths_cut),
		KIT_TEST(goes_back_only_where_it_came_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
