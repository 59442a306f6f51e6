#include "core/plan.h"

enum { NAMED_POSITIONS = 8 }; /* how many of many are named in one line */

bool plan_is_ambiguous(const struct question *q)
{
	uint32_t first = 0;

	for (size_t i = 0; i < q->fleet->count; i++) {
		if (first && q->placed[i] && q->placed[i] != first)
			return true;
		if (!first)
			first = q->placed[i];
	}
	return false;
}

static int refuse_different(const struct question *q, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"The copies of %s.yaml differ; say which one to promote with --from=POSITION",
		q->subject.patch);
	for (size_t i = 0; i < q->fleet->count; i++)
		if (q->placed[i])
			error_detail(e, "  %s  %s", q->digests[q->placed[i]],
				q->fleet->positions[i].path);
	return -1;
}

/* "int-sector-1 (us-central1, europe-west1)": a position, and its targets where it has several */
static void add_missing(struct buf *b, const struct fleet *f, size_t p)
{
	size_t skip = strlen(f->positions[p].path) + 1, named = 0;

	buf_puts(b, f->positions[p].path);
	if (f->positions[p].targets == 1)
		return;
	for (size_t i = p; i < f->positions[p].end; i++) {
		if (!fleet_is_target(f, i))
			continue;
		if (named == NAMED_POSITIONS) {
			buf_printf(b, " and %zu more", f->positions[p].targets - named);
			break;
		}
		buf_printf(b, "%s%s", named++ ? ", " : " (", f->positions[i].path + skip);
	}
	buf_putc(b, ')');
}

static int refuse_gap(struct arena *mem, const struct question *q, const size_t *missing, size_t n,
	struct error *e)
{
	const struct fleet *f = q->fleet;
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < n && i < NAMED_POSITIONS; i++) {
		if (i)
			buf_puts(&b, ", ");
		add_missing(&b, f, missing[i]);
	}
	if (n > NAMED_POSITIONS)
		buf_printf(&b, " and %zu more", n - NAMED_POSITIONS);
	return error_set(e, STATUS_REFUSED, "Gap detected: %s exists at %s but is missing from %s",
		q->subject.patch, f->positions[sequence_latest(f, q->placed)].path, b.at);
}

static int check_source(const struct question *q, struct plan *p, struct error *e)
{
	const struct fleet *f = q->fleet;

	p->latest = sequence_latest(f, q->placed);
	if (p->latest == NOWHERE)
		return error_set(e, STATUS_FILES, "%s.yaml not found for %s in any dimension",
			q->subject.patch, q->subject.application);
	if (q->from != NOWHERE && !q->placed[q->from]) {
		error_set(e, STATUS_FILES, "%s.yaml has no copy at %s; it is found at",
			q->subject.patch, f->positions[q->from].path);
		for (size_t i = 0; i < f->count; i++)
			if (q->placed[i])
				error_detail(e, "  %s", f->positions[i].path);
		return -1;
	}
	if (q->from == NOWHERE && plan_is_ambiguous(q))
		return refuse_different(q, e);
	p->source = q->from == NOWHERE ? p->latest : q->from;
	return 0;
}

/* Something that is no file has a copy's name: in the way at the target, and wrong anywhere. */
static int check_blocked(struct arena *mem, const struct question *q, size_t next, struct error *e)
{
	const struct fleet *f = q->fleet;

	if (next != NOWHERE && q->layers[next] & LAYERS_BLOCKED)
		return error_set(e, STATUS_REFUSED, "Target patch already exists at %s",
			layout_copy(mem, &q->subject, &f->positions[next]));
	for (size_t i = 0; i < f->count; i++)
		if (q->layers[i] & LAYERS_BLOCKED)
			return error_set(e, STATUS_FILES,
				"%s: a copy must be a file, not a folder or a link; move it away",
				layout_copy(mem, &q->subject, &f->positions[i]));
	return 0;
}

/* The placement with the new copy in it, consolidated; and the edits that lead there. */
static void decide_edits(struct arena *mem, const struct question *q, struct plan *p)
{
	const struct fleet *f = q->fleet;
	uint32_t *placed = arena_grow(mem, q->placed, f->count, f->count, sizeof(*placed));
	size_t *source = ARENA_NEW(mem, size_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		source[i] = placed[i] ? i : NOWHERE;
	if (p->next != NOWHERE) {
		placed[p->next] = placed[p->source];
		source[p->next] = p->source;
	}
	p->after = consolidate(mem, f, placed, source, q->layers);
	for (size_t i = 0; i < f->count; i++)
		p->edit_count += !q->placed[i] != !p->after.placed[i];
	p->edits = ARENA_NEW(mem, struct edit, p->edit_count);
	size_t n = 0;
	for (unsigned depth = 1; depth <= f->depth; depth++)
		for (size_t i = 0; i < f->count; i++)
			if (f->positions[i].depth == depth && !q->placed[i] && p->after.placed[i])
				p->edits[n++] = (struct edit){ i, p->after.source[i] };
	for (size_t i = 0; i < f->count; i++)
		if (q->placed[i] && !p->after.placed[i])
			p->edits[n++] = (struct edit){ i, NOWHERE };
}

int plan_step(struct arena *mem, const struct question *q, struct plan *plan, struct error *e)
{
	const struct fleet *f = q->fleet;
	struct plan p = { .following = NOWHERE };
	size_t *missing = ARENA_NEW(mem, size_t, f->count);

	/* "not found" would be hard to believe where a link has the copy's name */
	if (sequence_latest(f, q->placed) == NOWHERE && check_blocked(mem, q, NOWHERE, e) < 0)
		return -1;
	if (check_source(q, &p, e) < 0)
		return -1;
	size_t gaps = sequence_gap(f, q->placed, missing);
	if (gaps)
		return refuse_gap(mem, q, missing, gaps, e);
	p.next = sequence_next(f, q->placed, q->level);
	if (check_blocked(mem, q, p.next, e) < 0)
		return -1;
	if (p.next != NOWHERE) {
		p.gates = ARENA_NEW(mem, size_t, f->count);
		p.gate_count = sequence_gates(f, q->placed, p.next, p.gates);
	}
	decide_edits(mem, q, &p);
	p.kind = p.next != NOWHERE ? PLAN_PROMOTE : p.edit_count ? PLAN_CONSOLIDATE : PLAN_COMPLETE;
	p.following = sequence_next(f, p.after.placed, q->level);
	if (p.following != NOWHERE) {
		p.following_gates = ARENA_NEW(mem, size_t, f->count);
		p.following_gate_count =
			sequence_gates(f, p.after.placed, p.following, p.following_gates);
	}
	*plan = p;
	return 0;
}
