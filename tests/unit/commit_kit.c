/* SPDX-License-Identifier: Apache-2.0 */
#include "commit_kit.h"

#include <fcntl.h>
#include <unistd.h>

void start(struct reader *r, struct world *w, const char *dir, const char *rev)
{
	*r = (struct reader){ .w = w,
		.root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir } };
	assert_true(r->root.fd >= 0);
	if (commit_source_open(&w->k.mem, &r->root, rev, &r->cs, &w->k.e) < 0)
		fail_msg("%s", w->k.e.text);
}

void stop(struct reader *r)
{
	commit_source_close(&r->cs);
	close(r->root.fd);
}

void add_error(struct world *w, struct buf *out)
{
	buf_printf(out, "= %d %s\n", (int)w->k.e.status, w->k.e.text);
	error_free(&w->k.e);
}

const char *list(struct reader *r, const char *path)
{
	static const char marks[] = {
		[ENTRY_FILE] = ' ', [ENTRY_DIRECTORY] = '/', [ENTRY_LINK] = '@', [ENTRY_OTHER] = '?'
	};
	struct source *source = &r->cs.source;
	struct buf out = { .mem = &r->w->k.mem };
	struct listing all = { 0 };
	int found = source->list(source, out.mem, path, &all, &r->w->k.e);

	if (found < 0)
		add_error(r->w, &out);
	else
		buf_printf(&out, "%s:", found ? "list" : "nothing");
	for (size_t i = 0; i < all.count; i++)
		buf_printf(&out, " %s%c", all.entries[i].name, marks[all.entries[i].kind]);
	return out.at;
}

const char *read_file(struct reader *r, const char *path, size_t limit)
{
	struct source *source = &r->cs.source;
	struct buf out = { .mem = &r->w->k.mem };
	struct file file = { 0 };
	int found = source->read(source, out.mem, path, limit, &file, &r->w->k.e);

	if (found < 0) {
		add_error(r->w, &out);
	} else if (found == 0) {
		buf_puts(&out, "nothing");
	} else {
		buf_printf(&out, "%o ", file.access.mode);
		buf_add(&out, file.text);
		assert_int_equal(file.text.at[file.text.len], '\0');
	}
	return out.at;
}
