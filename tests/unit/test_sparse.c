/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indexes of git, made by hand, and what a checkout that has one is said to lack.
 */
#include "helper.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/load/git_index.h"
#include "store/load/sparse.h"

/* An entry of an index: flags of version 3 and above, which only an extended entry has. */
enum { SKIPPED = 0x4000, INTENDED = 0x2000 };

struct entry_made {
	const char *path;
	uint32_t more;
};

/* How an index is written. */
struct form {
	uint32_t version;
	size_t hash;
};

static const struct form forms[] = { { 2, 20 }, { 3, 20 }, { 4, 20 }, { 2, 32 }, { 3, 32 },
	{ 4, 32 } };

static void put_number(struct buf *b, uint32_t n, size_t bytes)
{
	while (bytes--)
		buf_putc(b, (char)(n >> 8 * bytes));
}

/* A number of version 4, of which all bytes but the last have the highest bit. */
static void put_varying(struct buf *b, size_t n)
{
	char bytes[8];
	size_t at = sizeof(bytes) - 1;

	bytes[at] = (char)(n & 0x7f);
	while (n >>= 7)
		bytes[--at] = (char)(0x80 | (--n & 0x7f));
	buf_add(b, (struct str){ bytes + at, sizeof(bytes) - at });
}

static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* Bytes that would be seen if they were taken for something else. */
static void put_stat(struct buf *b, size_t n)
{
	while (n--)
		buf_putc(b, '\x5a');
}

static void put_path(struct buf *b, struct form form, const char *before, const char *path)
{
	if (form.version < 4) {
		buf_puts(b, path);
		return;
	}
	const size_t same = common(before, path);
	put_varying(b, strlen(before) - same);
	buf_puts(b, path + same);
}

static void put_entry(
	struct buf *b, struct form form, const char *before, const struct entry_made *e)
{
	const size_t first = b->len, n = strlen(e->path);

	put_stat(b, 40 + form.hash);
	put_number(b, (e->more ? 0x4000 : 0) | (uint32_t)(n < 0xfff ? n : 0xfff), 2);
	if (e->more && form.version > 2)
		put_number(b, e->more, 2);
	put_path(b, form, before, e->path);
	do
		buf_putc(b, '\0');
	while (form.version < 4 && (b->len - first) % 8);
}

static void put_head(struct buf *b, uint32_t version, uint32_t entries)
{
	buf_puts(b, "DIRC");
	put_number(b, version, 4);
	put_number(b, entries, 4);
}

/* With an extension and a checksum behind the entries. */
static struct str index_of(
	struct arena *mem, struct form form, const struct entry_made *entries, size_t count)
{
	struct buf b = { .mem = mem };

	put_head(&b, form.version, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		put_entry(&b, form, i ? entries[i - 1].path : "", &entries[i]);
	buf_puts(&b, "TREE");
	put_number(&b, 5, 4);
	buf_puts(&b, "words");
	put_stat(&b, form.hash);
	return buf_str(&b);
}

/* "PATH" of each entry, "-PATH" of one that is left out; "no index". */
static const char *show(struct arena *mem, struct str text, size_t hash)
{
	struct git_index *x = ARENA_NEW(mem, struct git_index, 1);
	struct buf b = { .mem = mem };

	if (!git_index_start(x, text, hash))
		return "no index";
	buf_puts(&b, "");
	while (git_index_next(x)) {
		assert_int_equal(strlen(x->path), x->length);
		buf_printf(&b, "%s%s%s", b.len ? " " : "", x->skipped ? "-" : "", x->path);
	}
	return b.at;
}

static char *long_path(struct arena *mem, size_t n)
{
	char *path = ARENA_NEW(mem, char, n + 1);

	memset(path, 'p', n);
	return path;
}

static void reads_every_version(void **state)
{
	static const struct entry_made entries[] = { { "a", 0 }, { "config/a/b/c", SKIPPED },
		{ "config/a/bb", INTENDED }, { "config/b/", SKIPPED | INTENDED }, { "z", 0 } };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(forms); i++) {
		const struct str text = index_of(&k->mem, forms[i], entries, LENGTH(entries));

		/* version 2 has no flags of its own, even if an entry says so */
		assert_string_equal(show(&k->mem, text, forms[i].hash),
			forms[i].version == 2 ? "a config/a/b/c config/a/bb config/b/ z"
					      : "a -config/a/b/c config/a/bb -config/b/ z");
		assert_string_equal(
			show(&k->mem, index_of(&k->mem, forms[i], NULL, 0), forms[i].hash), "");
	}
}

/* Of a long path the index does not tell the length. */
static void reads_long_paths(void **state)
{
	struct kit *k = *state;
	const size_t lengths[] = { 127, 128, 0xffe, 0xfff };

	for (size_t i = 0; i < LENGTH(forms); i++)
		for (size_t n = 0; n < LENGTH(lengths); n++) {
			struct entry_made entries[] = { { long_path(&k->mem, lengths[n]), 0 },
				{ "q", 0 } };
			const struct str text =
				index_of(&k->mem, forms[i], entries, LENGTH(entries));

			assert_string_equal(show(&k->mem, text, forms[i].hash),
				arena_printf(&k->mem, "%s q", entries[0].path));
		}
	/* no path that can be opened has more */
	struct entry_made most = { long_path(&k->mem, PATH_MAX), 0 };
	for (size_t i = 0; i < LENGTH(forms); i++)
		assert_string_equal(
			show(&k->mem, index_of(&k->mem, forms[i], &most, 1), forms[i].hash), "");
}

/* One entry and its end, cut anywhere, in a block that ends where the text does. */
static void ends_where_it_is_cut(void **state)
{
	static const struct entry_made entries[] = { { "config/a", SKIPPED }, { "config/b", 0 } };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(forms); i++) {
		const struct form form = forms[i];
		const struct str one = index_of(&k->mem, form, entries, 1);
		const size_t first = one.len - form.hash - 13; /* where the extension begins */
		const struct str text = index_of(&k->mem, form, entries, 2);
		const char *mark = form.version > 2 ? "-" : "";

		for (size_t n = 0; n < text.len; n++) {
			char *block = malloc(n ? n : 1);

			assert_non_null(block);
			memcpy(block, text.at, n);
			const char *shown = show(&k->mem, (struct str){ block, n }, form.hash);
			free(block);
			assert_string_equal(shown,
				n < 12              ? "no index"
					: n < first ? ""
					: n < text.len - form.hash - 13
					? arena_printf(&k->mem, "%sconfig/a", mark)
					: arena_printf(&k->mem, "%sconfig/a config/b", mark));
		}
	}
}

/* An index of one entry without a path, an extension, and the digest 07 ... 07 ff of a shared index. */
static struct str split_index(struct arena *mem, struct form form)
{
	const struct entry_made replaces = { "", SKIPPED };
	const struct str one = index_of(mem, form, &replaces, 1);
	struct buf b = { .mem = mem };

	buf_add(&b, str_part(one, 0, one.len - form.hash));
	buf_puts(&b, "link");
	put_number(&b, (uint32_t)form.hash + 3, 4);
	for (size_t i = 1; i < form.hash; i++)
		buf_putc(&b, '\7');
	buf_puts(&b, "\xff...");
	put_stat(&b, form.hash);
	return buf_str(&b);
}

/* How many bytes of the digest are found once all entries are read. */
static size_t shared(struct str text, size_t hash)
{
	static struct git_index x;

	if (git_index_start(&x, text, hash))
		while (git_index_next(&x))
			;
	const struct str digest = git_index_shared(&x);
	assert_true(digest.len == 0 || (digest.at[0] == 7 && digest.at[digest.len - 1] == '\xff'));
	return digest.len;
}

static void finds_its_shared_index(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(forms); i++) {
		const size_t hash = forms[i].hash;
		const struct str text = split_index(&k->mem, forms[i]);
		char *bytes = arena_copy(&k->mem, text.at, text.len);
		const size_t link = text.len - hash - 3 - hash - 8;

		assert_int_equal(shared(index_of(&k->mem, forms[i], NULL, 0), hash), 0);
		for (size_t n = 0; n <= text.len; n++)
			assert_int_equal(shared((struct str){ text.at, n }, hash),
				n < text.len - hash ? 0 : hash);
		const struct str changed = { bytes, text.len };
		bytes[link + 7] = (char)(hash - 1); /* shorter than a digest */
		assert_int_equal(shared(changed, hash), 0);
		bytes[link + 4] = '\x7f'; /* longer than the file */
		assert_int_equal(shared(changed, hash), 0);
	}
}

static void reads_no_other_form(void **state)
{
	static const struct entry_made entries[] = { { "config/a", SKIPPED }, { "config/b", 0 } };
	struct kit *k = *state;
	struct str text = index_of(&k->mem, forms[1], entries, 2);
	char *bytes = arena_copy(&k->mem, text.at, text.len);

	text.at = bytes;
	for (int version = 0; version < 6; version++) {
		bytes[7] = (char)version;
		assert_int_equal(strcmp(show(&k->mem, text, 20), "no index") == 0,
			version < 2 || version > 4);
	}
	bytes[7] = 3;
	/* names of objects of the other length */
	assert_string_equal(show(&k->mem, text, 32), "");
	/* another length than the path has */
	bytes[12 + 40 + 20 + 1]++;
	assert_string_equal(show(&k->mem, text, 20), "");
	bytes[12 + 40 + 20 + 1]--;
	assert_string_equal(show(&k->mem, text, 20), "-config/a config/b");
	/* fewer entries than it has, and more */
	bytes[11] = 1;
	assert_string_equal(show(&k->mem, text, 20), "-config/a");
	bytes[11] = 3;
	assert_string_equal(show(&k->mem, text, 20), "-config/a config/b");
	bytes[0] = 'd';
	assert_string_equal(show(&k->mem, text, 20), "no index");
}

/* Ones of version 4 that take more from the one before than there is. */
static void reads_no_impossible_path(void **state)
{
	static const struct {
		struct str number; /* of bytes that are dropped */
		const char *read;
	} rows[] = {
		{ STR("\0"), "ab abc" }, { STR("\1"), "ab ac" }, { STR("\2"), "ab c" },
		{ STR("\3"), "ab" }, { STR("\x80\0"), "ab" }, /* 128 */
		{ STR("\xff\xff\xff\xff\xff\xff\1"), "ab" },  /* longer than any */
	};
	struct kit *k = *state;
	const struct form version_4 = forms[2];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf b = { .mem = &k->mem };

		put_head(&b, 4, 2);
		put_entry(&b, version_4, "", &(struct entry_made){ "ab", 0 });
		put_stat(&b, 40 + 20);
		/* as long as it will be; any other is an error of its own */
		put_number(&b, i < 3 ? 3 - (uint32_t)i : 0xfff, 2);
		buf_add(&b, rows[i].number);
		buf_add(&b, STR("c\0"));
		assert_string_equal(show(&k->mem, buf_str(&b), 20), rows[i].read);
	}
}

/* A directory `top` with .git, and a fleet in `top/fleet`, which is the working directory. */
struct checkout {
	struct kit k;
	char path[32];
	struct root root;
};

static void put(const char *path, struct str text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.at, text.len), text.len);
	close(fd);
}

static int set_up(void **state)
{
	struct checkout *c = calloc(1, sizeof(*c));

	if (!c)
		return -1;
	arena_init(&c->k.mem, abort);
	strcpy(c->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(c->path) || chdir(c->path) < 0 || mkdir(".git", 0755) < 0 ||
		mkdir(".git/info", 0755) < 0 || mkdir("fleet", 0755) < 0 || chdir("fleet") < 0 ||
		mkdir("config", 0755) < 0 || mkdir("config/t", 0755) < 0)
		return -1;
	put("../.git/info/sparse-checkout", STR("/*\n"));
	c->root = (struct root){ open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		arena_printf(&c->k.mem, "%s/fleet", c->path) };
	*state = c;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct checkout *c = *state;
	int rc = c->k.e.text ? -1 : 0;

	close(c->root.fd);
	rc |= chdir("/") | nftw(c->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	arena_free(&c->k.mem);
	free(c);
	return rc;
}

#define CHECKOUT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static size_t open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	/* cppcheck-suppress readdirCalled */
	while (readdir(dir)) /* NOLINT(concurrency-mt-unsafe) */
		n++;
	closedir(dir);
	return n;
}

/* What is said of a file that is missing: why. */
static const struct {
	const char *kind, *text;
} reasons[] = {
	{ "", ": a sparse checkout has left it out, and values cannot be computed without it. To have it: git sparse-checkout add config" },
	{ "marked ",
		": it is missing, and marked skip-worktree in git's index; values cannot be computed without it. To have it: git update-index --no-skip-worktree FILE, and git restore FILE" },
	{ "split ",
		": it is missing; whether a sparse checkout has left it out is not known, since git's index is split. Join it first: git update-index --no-split-index" },
};

/* What is said to be left out, or NULL; no descriptor stays open. */
static const char *check(struct checkout *c)
{
	const size_t before = open_descriptors();
	const int rc = sparse_check(&c->k.mem, &c->root, &c->k.e);

	assert_int_equal(open_descriptors(), before);
	if (rc == 0) {
		assert_null(c->k.e.text);
		return NULL;
	}
	assert_string_equal(c->k.e.code, "sparse-checkout");
	size_t why = 0;
	while (!strstr(c->k.e.text, reasons[why].text))
		assert_true(++why < LENGTH(reasons));
	const size_t n = strlen(c->k.e.text) - strlen(reasons[why].text);
	const char *path = arena_copy(&c->k.mem, c->k.e.text, n);
	assert_error(&c->k, STATUS_FILES, arena_printf(&c->k.mem, "%s%s", path, reasons[why].text));
	return arena_printf(&c->k.mem, "%s%s", reasons[why].kind, path);
}

#define PUT_INDEX(c, path, form, ...)                                                              \
	put(path,                                                                                  \
		index_of(&(c)->k.mem, form, (const struct entry_made[]){ __VA_ARGS__ },            \
			LENGTH(((const struct entry_made[]){ __VA_ARGS__ }))))

static void names_what_is_left_out(void **state)
{
	struct checkout *c = *state;

	put("config/t/here", STR(""));
	for (size_t i = 0; i < LENGTH(forms); i++) {
		PUT_INDEX(c, "../.git/index", forms[i], { "config/t/other", SKIPPED },
			{ "fleet/config/t/deleted", 0 }, { "fleet/config/t/here", SKIPPED },
			{ "fleet/config/t/out", SKIPPED }, { "fleet/config/t/too", SKIPPED });
		const char *path = check(c);
		if (forms[i].version == 2)
			assert_null(path);
		else
			assert_string_equal(path, "config/t/out");
		/* a directory of a sparse index */
		PUT_INDEX(c, "../.git/index", forms[i], { "fleet/config/u/", SKIPPED });
		path = check(c);
		if (forms[i].version > 2)
			assert_string_equal(path, "config/u/");
	}
	/* what is above the fleet, or not of config/, or has a file where its directory was */
	PUT_INDEX(c, "../.git/index", forms[1], { "config/t/a", SKIPPED },
		{ "fleet/confi", SKIPPED }, { "fleet/config/t/here/out", SKIPPED },
		{ "fleet/src/a", SKIPPED }, { "fleets/config/t/a", SKIPPED });
	assert_null(check(c));
}

static void says_nothing_without_an_index(void **state)
{
	struct checkout *c = *state;

	assert_null(check(c));
	put("../.git/index", STR("DIRC"));
	assert_null(check(c));
	PUT_INDEX(c, "../.git/index", forms[1], { "fleet/config/t/out", SKIPPED });
	assert_string_equal(check(c), "config/t/out");
	assert_int_equal(unlink("../.git/info/sparse-checkout"), 0);
	assert_string_equal(check(c), "marked config/t/out");
}

/* An index of one entry without a path, and the shared one that it was split from. */
static void reads_a_shared_index(void **state)
{
	static const char name[] = "../.git/sharedindex.";
	struct checkout *c = *state;

	put("config/t/here", STR(""));
	for (size_t i = 0; i < LENGTH(forms); i++) {
		const size_t hash = forms[i].hash;
		const char *path = arena_printf(&c->k.mem, "%s%s", name,
			hash == 20
				? "07070707070707070707070707070707070707ff"
				: "07070707070707070707070707070707070707070707070707070707070707ff");

		put("../.git/info/sparse-checkout", STR(""));
		put("../.git/index", split_index(&c->k.mem, forms[i]));
		assert_null(check(c));
		PUT_INDEX(c, path, forms[i], { "fleet/config/t/here", SKIPPED });
		assert_null(check(c));
		PUT_INDEX(c, path, forms[i], { "fleet/config/t/here", SKIPPED },
			{ "fleet/config/t/out", 0 }, { "fleet/config/t/too", SKIPPED });
		assert_string_equal(check(c), "split config/t/out");
		assert_int_equal(unlink("../.git/info/sparse-checkout"), 0);
		if (forms[i].version == 2)
			assert_null(check(c));
		else
			assert_string_equal(check(c), "marked config/t/too");
		assert_int_equal(unlink(path), 0);
	}
}

/* Of a worktree .git is a file that names the directory, here from the top or from the root. */
static void follows_the_file_of_a_worktree(void **state)
{
	struct checkout *c = *state;
	struct arena *mem = &c->k.mem;
	const struct {
		const char *text;
		bool found;
	} rows[] = {
		{ "gitdir: ../.git\n", true },
		{ "gitdir: ../.git", true },
		{ arena_printf(mem, "gitdir: %s/.git\n", c->path), true },
		{ "gitdir: ../none\n", false },
		{ "gitdir: ", false },
		{ "gitdir: \n", false },
		{ "gitdir= ../.git\n", false },
		{ "", false },
	};

	/* not the one above, whose paths have "fleet/" before them */
	PUT_INDEX(c, "../.git/index", forms[2], { "config/t/out", SKIPPED });
	assert_null(check(c));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		put(".git", str_of(rows[i].text));
		const char *path = check(c);
		if (rows[i].found)
			assert_string_equal(path, "config/t/out");
		else
			assert_null(path);
	}
	/* a file that cannot be opened, as one for which there is no device */
	assert_int_equal(unlink(".git"), 0);
	assert_int_equal(mkfifo(".git", 0600), 0);
	assert_null(check(c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(reads_every_version),
		KIT_TEST(reads_long_paths),
		KIT_TEST(ends_where_it_is_cut),
		KIT_TEST(finds_its_shared_index),
		KIT_TEST(reads_no_other_form),
		KIT_TEST(reads_no_impossible_path),
		CHECKOUT_TEST(names_what_is_left_out),
		CHECKOUT_TEST(says_nothing_without_an_index),
		CHECKOUT_TEST(reads_a_shared_index),
		CHECKOUT_TEST(follows_the_file_of_a_worktree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
