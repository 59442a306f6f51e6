/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover - any text as the journal of a step that was not finished.
 *
 * The input's first byte says whether the step is to be undone; the rest is the
 * journal except for its first and last lines, which are added, so that mutations keep it valid.
 * In it $n and $o are the digests of "new" and "old", $r that of the archive, $i an identity.
 * It is in a small tree with a staging directory of known texts.
 *
 * - journal_read refuses with one line, or what it gives can be written and read
 *   back as the same.
 * - Files outside config/ stay, and so do those below it that the journal does
 *   not name, and those that have another text than it says. What was rendered is
 *   restored if the step is undone and the journal says that it was kept.
 * - What recovery refuses leaves the tree as it was; what it does not refuse
 *   leaves no staging directory, and is done once: then there is nothing to recover.
 */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/render/mark.h"
#include "store/txn/journal.h"
#include "store/txn/recover.h"

#define RENDERED "rendered/r"

#define ARCHIVE                                                                                    \
	"directory 0 755 0 0 0 rendered\0file 1 644 0 0 8 r\0rendered"                             \
	"end 0 0 0 0 0 \0"

/* What the tree begins with. */
static const struct {
	const char *path;
	struct str text;
} tree[] = {
	{ "outside", STR("outside") },
	{ "config/config.yaml", STR("fleet") },
	{ "config/a/x", STR("old") },
	{ "config/a/b/y", STR("old") },
	{ "config/a/b/z", STR("new") },
	{ RENDERED, STR("after") },
	{ STAGING_DIR "/.gitignore", STR("*") },
	{ STAGING_DIR "/0", STR("new") },
	{ STAGING_DIR "/1", STR("new") },
	{ STAGING_DIR "/1-old", STR("old") },
	{ STAGING_DIR "/2", STR("old") },
	{ STAGING_DIR "/rendered", STR(ARCHIVE) },
};

enum { FILES = sizeof(tree) / sizeof(*tree), STAGED = 6 };

static struct root root = { -1, NULL };

static void need(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	abort();
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	if (at->level > 0)
		need(remove(path) == 0, path);
	return 0;
}

static void empty_root(void)
{
	need(nftw(root.path, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0, root.path);
}

static void remove_root(void)
{
	empty_root();
	close(root.fd);
	rmdir(root.path);
}

static void make_root(void)
{
	static char path[] = "/tmp/promote-fuzz-XXXXXX";

	need(mkdtemp(path), path);
	root.path = path;
	root.fd = open(path, O_RDONLY | O_DIRECTORY);
	need(root.fd >= 0, path);
	atexit(remove_root);
}

static void write_file(const char *path, struct str text)
{
	int fd = openat(root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	need(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len, path);
	close(fd);
}

static void make_dir(const char *path)
{
	need(mkdirat(root.fd, path, 0755) == 0 || errno == EEXIST, path);
}

static void make_tree(void)
{
	empty_root();
	make_dir("config");
	make_dir("config/a");
	make_dir("config/a/b");
	make_dir("rendered");
	need(mkdirat(root.fd, STAGING_DIR, 0700) == 0, STAGING_DIR);
	for (size_t i = 0; i < FILES; i++)
		write_file(tree[i].path, tree[i].text);
}

static bool has_text(const char *path, struct str text)
{
	const struct digest wanted = digest_of(text);
	struct digest now;

	return tree_digest(root.fd, path, &now) == 0 && digest_equal(&now, &wanted);
}

/* Whether the tree's file has its first text still. */
static bool is_as_before(size_t i)
{
	return has_text(tree[i].path, tree[i].text);
}

/* Whether an operation may have changed the file. */
static bool is_named(const struct journal *j, size_t i)
{
	for (size_t k = 0; k < j->op_count; k++) {
		const struct op *d = &j->ops[k];
		const struct digest text = digest_of(tree[i].text);

		if (strcmp(d->path, tree[i].path) == 0 &&
			(digest_equal(&d->before, &text) || digest_equal(&d->after, &text)))
			return true;
	}
	return false;
}

static void check_journal(struct arena *mem, const struct journal *j)
{
	struct buf once = { .mem = mem }, again = { .mem = mem };
	struct error e = { 0 };
	struct journal back;

	journal_write(j, &once);
	HOLDS(journal_read(mem, "again", buf_str(&once), &back, &e) == 0);
	journal_write(&back, &again);
	HOLDS(str_equal(buf_str(&once), buf_str(&again)));
	for (size_t i = 0; i < j->op_count; i++)
		HOLDS(strncmp(j->ops[i].path, "config/", 7) == 0 &&
			!strstr(j->ops[i].path, "/../"));
}

static void put_digest(struct buf *b, struct str text)
{
	const struct digest d = digest_of(text);
	char printed[DIGEST_TEXT];

	digest_print(&d, printed);
	buf_puts(b, printed);
}

/* What a word of the input is in the journal, after '$'. */
static void put_word(struct buf *b, char word)
{
	switch (word) {
	case 'n':
		put_digest(b, STR("new"));
		break;
	case 'o':
		put_digest(b, STR("old"));
		break;
	case 'r':
		put_digest(b, STR(ARCHIVE));
		break;
	case 'i':
		buf_puts(b, "0 0 0");
		break;
	default:
		buf_putc(b, '$');
		buf_putc(b, word);
	}
}

static void put_site(struct buf *b)
{
	int staging = openat(root.fd, STAGING_DIR, O_RDONLY | O_DIRECTORY);
	char text[SITE_TEXT];
	struct site site;

	need(staging >= 0 && site_of(root.fd, staging, &site) == 0, STAGING_DIR);
	close(staging);
	site_print(&site, text);
	buf_printf(b, "place %s\n", text);
}

/* The input as a journal that has its first and last lines. */
static struct str journal_text(struct arena *mem, const uint8_t *data, size_t size)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "promote journal 2\nstep a step\n");
	put_site(&b);
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '$' && i + 1 < size)
			put_word(&b, (char)data[++i]);
		else
			buf_putc(&b, (char)data[i]);
	}
	if (b.at[b.len - 1] != '\n')
		buf_putc(&b, '\n');
	const struct str lines = { arena_copy(mem, b.at, b.len), b.len };
	buf_puts(&b, "end ");
	put_digest(&b, lines);
	buf_putc(&b, '\n');
	return buf_str(&b);
}

/* Another file of the application has come if there is an application of this name. */
static int list_layers(const void *context, struct arena *mem, const char *application,
	const char *const **paths, size_t *count, struct error *e)
{
	static const char *const some[] = { "config/a/x" };

	(void)context;
	(void)mem;
	(void)e;
	*paths = some;
	*count = 1;
	return strcmp(application, "config/a/b") == 0;
}

static int end_left(struct arena *mem, const char *mark, struct error *e)
{
	(void)mem;
	(void)e;
	need(mark_is(mark), mark);
	return 0;
}

static void check_recovery(struct arena *mem, const struct journal *j, bool readable)
{
	struct error e = { 0 };
	const struct recover_how how = { .layers.list = list_layers, .end_left = end_left };
	struct recovered r;
	int rc = recover(mem, &root, &how, &r, &e);

	HOLDS(readable || rc < 0);
	bool restores = j->rendered && r.what == RECOVERY_UNDONE;
	for (size_t i = 0; i < FILES - STAGED; i++)
		if (restores && strcmp(tree[i].path, RENDERED) == 0)
			HOLDS(rc < 0 || has_text(RENDERED, STR("rendered")));
		else if (rc < 0 && e.status != STATUS_SYSTEM)
			HOLDS(is_as_before(i));
		else
			HOLDS(is_as_before(i) || is_named(j, i));
	if (rc < 0) {
		HOLDS(e.text);
		error_free(&e);
		return;
	}
	HOLDS(r.what != RECOVERY_NONE);
	HOLDS(faccessat(root.fd, STAGING_DIR, F_OK, 0) < 0);
	HOLDS(recover(mem, &root, &how, &r, &e) == 0 && r.what == RECOVERY_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal j = { 0 };
	struct error e = { 0 };
	struct arena mem;

	if (size == 0)
		return 0;
	if (root.fd < 0)
		make_root();
	fuzz_arena(&mem);
	make_tree();
	struct str text = journal_text(&mem, data + 1, size - 1);
	bool readable = journal_read(&mem, "journal", text, &j, &e) == 0;
	if (readable)
		check_journal(&mem, &j);
	else
		fuzz_error(&e, STATUS_FILES);
	error_free(&e);
	write_file(data[0] % 2 ? STAGING_DIR "/" STAGING_UNDO : STAGING_DIR "/" STAGING_REDO, text);
	check_recovery(&mem, &j, readable);
	arena_free(&mem);
	return 0;
}
