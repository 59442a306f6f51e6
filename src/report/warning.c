#include "report/report.h"

enum { FOLDED_NAMES = 8 };

void report_names(struct buf *out, const char *const *names, size_t n, bool whole)
{
	size_t shown = whole || n <= FOLDED_NAMES ? n : FOLDED_NAMES;

	for (size_t i = 0; i < shown; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names[i]);
	if (shown < n)
		buf_printf(out, " and %zu more", n - shown);
}

static void add_held(struct buf *b, const struct report *r, const struct held *h)
{
	const struct question *q = r->question;
	const struct position *p = &q->fleet->positions[h->parent];

	buf_printf(b, "Not consolidated to %s: ", p->path);
	switch (h->reason) {
	case HELD_DIFFERENT:
		buf_puts(b, "the copies below it differ");
		break;
	case HELD_OCCUPIED:
		buf_printf(b, "%s differs from the copies below it and is not overwritten",
			layout_copy(b->mem, &q->subject, p));
		break;
	case HELD_LAYERED:
		buf_printf(b, "%s lies between and might win over a copy there",
			q->layer_files[h->where]);
		break;
	}
}

/* Names come from files: what could steer a terminal is escaped. */
static const char *escaped(struct arena *mem, const struct buf *b)
{
	size_t size = error_escape(NULL, 0, b->at, b->len) + 1;
	char *line = arena_alloc(mem, size, 1);

	error_escape(line, size, b->at, b->len);
	return line;
}

size_t report_warnings(
	struct arena *mem, const struct report *r, const struct look *look, const char ***lines)
{
	const struct consolidation *c = &r->plan->after;
	size_t n = 0;

	*lines = ARENA_NEW(mem, const char *, c->holds + r->stray_count + 1);
	for (size_t i = 0; i < c->holds; i++) {
		struct buf b = { .mem = mem };
		add_held(&b, r, &c->held[i]);
		(*lines)[n++] = escaped(mem, &b);
	}
	for (size_t i = 0; i < r->stray_count; i++) {
		struct buf b = { .mem = mem };
		buf_printf(&b, "%s lies at no position of " LAYOUT_CONFIG " and is ignored",
			r->strays[i]);
		(*lines)[n++] = escaped(mem, &b);
	}
	if (r->stale_count) {
		struct buf b = { .mem = mem };
		buf_printf(&b,
			"Generated files changed for targets outside this step; they were stale "
			"before: ");
		report_names(&b, r->stale, r->stale_count, look->whole);
		(*lines)[n++] = escaped(mem, &b);
	}
	return n;
}
