/* SPDX-License-Identifier: Apache-2.0 */
#include "marks.h"

struct marks marks_of(struct arena *mem, const struct doc *doc)
{
	struct marks m = { .doc = doc, .lines = fuzz_lines(mem, doc->text) };

	m.free = ARENA_NEW(mem, bool, m.lines.count + 1);
	m.heads = ARENA_NEW(mem, struct str, m.lines.count + 1);
	m.tails = ARENA_NEW(mem, struct str, m.lines.count + 1);
	return m;
}

/* the number of the line that the offset is in, from 0 */
static size_t line_of(const struct marks *m, size_t at)
{
	size_t i = m->lines.count;

	while (i > 1 && (size_t)(m->lines.at[i - 1].at - m->doc->text.at) > at)
		i--;
	return i ? i - 1 : 0;
}

static struct str blanks_off(struct str line)
{
	while (line.len && (line.at[0] == ' ' || line.at[0] == '\t'))
		line = (struct str){ line.at + 1, line.len - 1 };
	return line;
}

static bool is_comment(struct str line)
{
	return blanks_off(line).len && blanks_off(line).at[0] == '#';
}

static bool says_something(struct str line)
{
	return blanks_off(line).len && !is_comment(line);
}

void marks_free(struct marks *m, size_t from, size_t to)
{
	for (size_t i = line_of(m, from); i <= line_of(m, to > from ? to - 1 : from); i++)
		m->free[i] = true;
}

void marks_free_all(struct marks *m)
{
	for (size_t i = 0; i < m->lines.count; i++)
		m->free[i] = true;
}

void marks_free_marker(struct marks *m)
{
	for (size_t i = 0; i < m->lines.count; i++) {
		struct str line = m->lines.at[i];
		if (line.len >= 3 && memcmp(line.at, "---", 3) == 0) {
			m->free[i] = true;
			return;
		}
	}
}

void marks_free_pair(struct marks *m, const struct pair *p)
{
	const struct node *v = p->value;
	size_t end = v->end > p->key->end ? v->end : p->key->end, line = line_of(m, v->end);
	struct str rest = m->lines.at[line];
	size_t column = v->end - (size_t)(rest.at - m->doc->text.at);

	marks_free(m, p->key->start, end);
	if (v->kind == NODE_LIST && !v->flow) /* comments in its last item go with that */
		for (size_t i = line_of(m, end - 1) + 1;
			i < m->lines.count && !says_something(m->lines.at[i]); i++)
			m->free[i] = m->free[i] || is_comment(m->lines.at[i]);
	if (v->kind != NODE_SCALAR || v->style >= SCALAR_LITERAL || v->start == v->end ||
		column > rest.len)
		return;
	rest = (struct str){ rest.at + column, rest.len - column };
	if (is_comment(rest))
		m->tails[line] = blanks_off(rest);
}

void marks_keep_head(struct marks *m, const struct pair *p)
{
	size_t line = line_of(m, p->value->start);
	struct str text = m->lines.at[line];
	size_t n = p->value->start - (size_t)(text.at - m->doc->text.at);

	if (n <= text.len) /* not after a key that takes the last line's end along */
		m->heads[line] = (struct str){ text.at, n };
}

static size_t indentation(struct str line)
{
	return line.len - blanks_off(line).len;
}

/* A line of a `?` alone, whose key is on a line below. */
static bool is_question(struct str line)
{
	struct str rest = blanks_off(line);

	return rest.len && rest.at[0] == '?' &&
		!says_something((struct str){ rest.at + 1, rest.len - 1 });
}

void marks_free_removed(struct marks *m, const struct pair *p)
{
	size_t end = p->value->end > p->key->end ? p->value->end : p->key->end;
	size_t first = line_of(m, p->key->start);
	size_t behind = line_of(m, end > p->key->start ? end - 1 : end) + 1;
	size_t above = first;

	while (above > 0 && !says_something(m->lines.at[above - 1]))
		above--;
	if (above > 0 && is_question(m->lines.at[above - 1]))
		first = above - 1;
	size_t column = indentation(m->lines.at[first]);
	for (size_t i = first; i < behind; i++)
		m->free[i] = true;
	for (size_t i = first; i > 0 && is_comment(m->lines.at[i - 1]); i--) {
		if (indentation(m->lines.at[i - 1]) != column)
			break;
		m->free[i - 1] = true;
	}
	for (size_t i = behind; i < m->lines.count && !says_something(m->lines.at[i]); i++) {
		if (!is_comment(m->lines.at[i]))
			continue;
		if (indentation(m->lines.at[i]) <= column)
			break;
		for (; behind <= i; behind++)
			m->free[behind] = true;
	}
}

static bool counts(enum counted_lines which, struct str line)
{
	return which == LINES_ALL ||
		(which == LINES_NOT_BLANK ? blanks_off(line).len > 0 : says_something(line));
}

void marks_same_lines(const struct marks *a, const struct marks *b, enum counted_lines which)
{
	size_t k = 0;

	for (size_t i = 0; i < a->lines.count; i++) {
		if (a->free[i] || !counts(which, a->lines.at[i]))
			continue;
		while (k < b->lines.count && !str_equal(a->lines.at[i], b->lines.at[k]))
			k++;
		HOLDS(k < b->lines.count);
		k++;
	}
}

static bool begins_with(struct str line, struct str head)
{
	return line.len >= head.len && memcmp(line.at, head.at, head.len) == 0;
}

static bool ends_with(struct str line, struct str tail)
{
	return line.len >= tail.len &&
		memcmp(line.at + line.len - tail.len, tail.at, tail.len) == 0;
}

void marks_same_ends(const struct marks *a, const struct marks *b)
{
	for (size_t i = 0; i < a->lines.count; i++) {
		bool head = a->heads[i].len == 0, tail = a->tails[i].len == 0;

		for (size_t k = 0; k < b->lines.count && !(head && tail); k++) {
			head = head || begins_with(b->lines.at[k], a->heads[i]);
			tail = tail || ends_with(b->lines.at[k], a->tails[i]);
		}
		HOLDS(head);
		HOLDS(tail);
	}
}
