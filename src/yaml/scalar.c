/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/scalar.h"

#include <stdlib.h>

/*
 * The state of a match. Each matcher below steps over what it matches, and returns true if it did.
 */
struct reading {
	const char *at, *end;
};

static bool ended(const struct reading *r)
{
	return r->at == r->end;
}

static bool one_of(struct reading *r, const char *set)
{
	if (ended(r) || *r->at == '\0' || !strchr(set, *r->at))
		return false;
	r->at++;
	return true;
}

/* as many characters of the set as there are; true if that is at least `least` */
static bool some_of(struct reading *r, const char *set, size_t least)
{
	size_t n = 0;

	while (one_of(r, set))
		n++;
	return n >= least;
}

static struct reading reading_of(struct str s)
{
	return (struct reading){ s.at, s.at + s.len };
}

#define DIGITS "0123456789"
#define LOOSE  DIGITS "_" /* YAML 1.1 allows digits to be grouped */

/* Integers that all readers agree on: 0, 42, -7, 0x1f; short enough for 64 bits. */
static bool is_sure_int(struct str s)
{
	struct reading r = reading_of(s);

	if (s.len > 18)
		return false;
	if (s.len > 2 && s.at[0] == '0' && s.at[1] == 'x') {
		r.at += 2;
		return s.len <= 16 && some_of(&r, DIGITS "abcdefABCDEF", 1) && ended(&r);
	}
	one_of(&r, "+-");
	if (one_of(&r, "0"))
		return ended(&r);
	return some_of(&r, DIGITS, 1) && ended(&r);
}

/* Floats that all readers agree on: 1.5, -0.25, 1.0e+3. */
static bool is_sure_float(struct str s)
{
	struct reading r = reading_of(s);

	one_of(&r, "+-");
	if (!some_of(&r, DIGITS, 1) || !one_of(&r, ".") || !some_of(&r, DIGITS, 1))
		return false;
	if (one_of(&r, "eE") && !(one_of(&r, "+-") && some_of(&r, DIGITS, 1)))
		return false;
	return ended(&r);
}

static bool is_prefixed_int(struct reading r)
{
	one_of(&r, "+-");
	if (!one_of(&r, "0") || !one_of(&r, "xXoObB"))
		return false;
	return some_of(&r, LOOSE "abcdefABCDEF", 1) && ended(&r);
}

/* 1_000, 0777, 1e3, 1., .5, 12:30:45 and 1:30.5: a number to at least one reader */
static bool is_loose_number(struct reading r)
{
	one_of(&r, "+-");
	const char *start = r.at;
	some_of(&r, LOOSE, 0);
	bool digits = r.at > start;
	if (digits && !ended(&r) && *r.at == ':') {
		while (one_of(&r, ":"))
			if (!some_of(&r, LOOSE, 1))
				return false;
		if (one_of(&r, "."))
			some_of(&r, LOOSE, 0);
		return ended(&r);
	}
	if (one_of(&r, ".")) {
		start = r.at;
		some_of(&r, LOOSE, 0);
		digits = digits || r.at > start;
	}
	if (digits && one_of(&r, "eE")) {
		one_of(&r, "+-");
		digits = some_of(&r, LOOSE, 1);
	}
	return digits && ended(&r);
}

/* 2001-01-01, alone or followed by what may be a time */
static bool is_date(struct reading r)
{
	for (int i = 0; i < 4; i++)
		if (!one_of(&r, DIGITS))
			return false;
	for (int part = 0; part < 2; part++) {
		if (!one_of(&r, "-") || !one_of(&r, DIGITS))
			return false;
		one_of(&r, DIGITS);
	}
	if (ended(&r))
		return true;
	if (!one_of(&r, "Tt \t"))
		return false;
	some_of(&r, " \t", 0);
	if (!one_of(&r, DIGITS))
		return false;
	some_of(&r, DIGITS ":.+-Z \t", 0);
	return ended(&r);
}

static bool listed(struct str s, const char *const *words)
{
	for (; *words; words++)
		if ((s.len == 0 || s.at[0] == **words) && str_is(s, *words))
			return true;
	return false;
}

static enum scalar_type plain_type(struct str s)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE",
		NULL };
	static const char *const unsure[] = { "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No",
		"NO", "on", "On", "ON", "off", "Off", "OFF", "<<", "=", ".inf", ".Inf", ".INF",
		"+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN",
		NULL };

	/* what a word or a number can begin with */
	if (s.len && !strchr(DIGITS "+-._~nNtTfFyYoO<=", s.at[0]))
		return TYPE_STRING;
	if (s.len <= 5) {
		if (listed(s, nulls))
			return TYPE_NULL;
		if (listed(s, bools))
			return TYPE_BOOL;
		if (listed(s, unsure))
			return TYPE_UNSURE;
	}
	if (!strchr(DIGITS "+-._", s.at[0]))
		return TYPE_STRING;
	if (is_sure_int(s))
		return TYPE_INT;
	if (is_sure_float(s))
		return TYPE_FLOAT;
	struct reading r = reading_of(s);
	if (is_prefixed_int(r) || is_loose_number(r) || is_date(r))
		return TYPE_UNSURE;
	return TYPE_STRING;
}

enum scalar_type scalar_type(const struct node *scalar)
{
	if (scalar->tag.len)
		return str_is(scalar->tag, "!") || str_is(scalar->tag, "tag:yaml.org,2002:str")
			? TYPE_STRING
			: TYPE_TAGGED;
	return scalar->style == SCALAR_PLAIN ? plain_type(scalar->value) : TYPE_STRING;
}

const struct node *scalar_unsure(const struct node *tree)
{
	const struct node *found = NULL;

	if (tree->kind == NODE_SCALAR) {
		const enum scalar_type type = scalar_type(tree);

		return type == TYPE_UNSURE || type == TYPE_TAGGED ? tree : NULL;
	}
	if (tree->tag.len)
		return tree;
	for (size_t i = 0; !found && i < node_count(tree); i++) {
		if (tree->kind == NODE_MAP)
			found = scalar_unsure(tree->map.pairs[i].key);
		if (!found)
			found = scalar_unsure(node_child(tree, i));
	}
	return found;
}

void scalar_canon_text(struct buf *out, char kind, struct str s)
{
	char head[2 + 3 * sizeof(size_t)], *at = head + sizeof(head);

	*--at = ':';
	for (size_t n = s.len; at == head + sizeof(head) - 1 || n; n /= 10)
		*--at = (char)('0' + n % 10);
	*--at = kind;
	buf_add(out, (struct str){ at, (size_t)(head + sizeof(head) - at) });
	buf_add(out, s);
}

void scalar_canon(struct buf *out, const struct node *scalar)
{
	struct str s = scalar->value;

	switch (scalar_type(scalar)) {
	case TYPE_NULL:
		buf_putc(out, '~');
		break;
	case TYPE_BOOL:
		buf_putc(out, s.at[0] == 't' || s.at[0] == 'T' ? '+' : '-');
		break;
	case TYPE_INT:
		/* the first character is a digit or a sign */
		if (s.at[0] >= '0' && !(s.len > 1 && s.at[1] == 'x')) {
			buf_putc(out, 'i'); /* as it would be printed */
			buf_add(out, s);
			buf_putc(out, ';');
			break;
		}
		buf_printf(out, "i%lld;", strtoll(s.at, NULL, s.at[1] == 'x' ? 16 : 10));
		break;
	case TYPE_FLOAT:
		buf_printf(out, "f%.17g;", strtod(s.at, NULL));
		break;
	case TYPE_STRING:
		scalar_canon_text(out, 's', s);
		break;
	case TYPE_UNSURE:
		scalar_canon_text(out, 'p', s);
		break;
	case TYPE_TAGGED:
		scalar_canon_text(out, 't', scalar->tag);
		scalar_canon_text(out, scalar->style == SCALAR_PLAIN ? 'p' : 's', s);
		break;
	}
}
