/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/read.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include <yaml.h>

#include "base/map.h"
#include "yaml/check_keys.h"
#include "yaml/expand.h"
#include "yaml/fix_spans.h"
#include "yaml/lines.h"
#include "yaml/offsets.h"
#include "yaml/scan.h"

struct reader {
	struct arena *mem;
	struct doc *doc;
	struct error *e;
	yaml_parser_t parser;
	yaml_event_t event;       /* the newest; libyaml owns its strings until the next one */
	struct map anchors;       /* by name: the newest node with that anchor */
	size_t nodes, most_nodes; /* so far, and allowed */
	unsigned depth;
	const struct str *text; /* the doc's, at an address that nodes can keep */
	struct offsets offsets;
};

static struct place place_of_mark(struct reader *r, yaml_mark_t mark)
{
	return offsets_place(&r->offsets, mark.index, mark.line, mark.column);
}

static int parser_failed(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	/* untested: libyaml has no memory left */
	if (p->error == YAML_MEMORY_ERROR)
		return error_system(r->e, ENOMEM, "%s", r->doc->name);
	const char *problem = p->problem;
	size_t at = offsets_byte(&r->offsets, p->problem_mark.index);
	if (at < r->doc->text.len && r->doc->text.at[at] == '\t')
		problem = "found a tab instead of spaces";
	struct place place = place_of_mark(r, p->problem_mark);
	if (p->context)
		return yaml_error(
			r->e, r->doc, place, "not valid YAML: %s %s", p->context, problem);
	return yaml_error(r->e, r->doc, place, "not valid YAML: %s", problem);
}

/* The tag of an event, in full; NULL if it has none. */
static const char *tag_of(const yaml_event_t *v)
{
	const yaml_char_t *tag = NULL;

	if (v->type == YAML_SCALAR_EVENT)
		tag = v->data.scalar.tag;
	else if (v->type == YAML_SEQUENCE_START_EVENT)
		tag = v->data.sequence_start.tag;
	else if (v->type == YAML_MAPPING_START_EVENT)
		tag = v->data.mapping_start.tag;
	return (const char *)tag;
}

static bool is_node(yaml_event_type_t type)
{
	return type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
		type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
}

static int next_event(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return parser_failed(r);
	const char *tag = tag_of(&r->event);
	if (tag && strlen(tag) > YAML_TAG_BYTES)
		return yaml_error(r->e, r->doc, place_of_mark(r, r->event.start_mark),
			"a tag longer than %d bytes", YAML_TAG_BYTES);
	if (is_node(r->event.type) && ++r->nodes > r->most_nodes)
		return yaml_error(r->e, r->doc, place_of_mark(r, r->event.start_mark),
			"more than %zu values in one file", r->most_nodes);
	return 0;
}

static struct str copy_text(struct reader *r, const char *text, size_t n)
{
	return (struct str){ arena_copy(r->mem, text, n), n };
}

static struct node *new_node(struct reader *r, enum node_kind kind, const yaml_char_t *name)
{
	const char *tag = tag_of(&r->event), *anchor = (const char *)name;

	struct node *n = ARENA_NEW(r->mem, struct node, 1);
	n->kind = kind;
	n->text = r->text;
	n->place = place_of_mark(r, r->event.start_mark);
	n->start = offsets_byte(&r->offsets, r->event.start_mark.index);
	n->end = offsets_byte(&r->offsets, r->event.end_mark.index);
	if (tag)
		n->tag = copy_text(r, tag, strlen(tag));
	n->anchored = anchor;
	if (anchor)
		*map_slot(&r->anchors, copy_text(r, anchor, strlen(anchor))) = n;
	return n;
}

static enum scalar_style style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return SCALAR_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return SCALAR_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return SCALAR_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return SCALAR_FOLDED;
	case YAML_ANY_SCALAR_STYLE:
		assert(0 && "for emitters only");
		break;
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	return SCALAR_PLAIN;
}

/* What Helm's reader takes after a backslash; libyaml takes `/`, too. */
#define ESCAPES "0abt\tnvfre \"\\N_LPxuU\n\r"

/* An escape that Helm's reader refuses must not get into a file that it reads. */
static int check_escapes(struct reader *r, const struct node *n)
{
	struct str text = r->doc->text;

	for (size_t i = n->start; i < n->end; i++) {
		if (text.at[i] != '\\' || strchr(ESCAPES, text.at[++i]))
			continue;
		size_t line = n->start;
		struct place place = n->place;
		for (; lines_break(text, line, i); line = line_next(text, line)) {
			place.line++;
			place.column = 1;
		}
		place.column += offsets_characters(str_part(text, line, i - 1));
		return yaml_error(r->e, r->doc, place,
			"the escape \\%c, which Helm and kubectl refuse; write only %c", text.at[i],
			text.at[i]);
	}
	return 0;
}

static int read_scalar(struct reader *r, struct node **out)
{
	const yaml_event_t *v = &r->event;

	struct node *n = *out = new_node(r, NODE_SCALAR, v->data.scalar.anchor);
	n->style = style_of(v->data.scalar.style);
	n->value = copy_text(r, (const char *)v->data.scalar.value, v->data.scalar.length);
	return n->style == SCALAR_DOUBLE ? check_escapes(r, n) : 0;
}

static int read_alias(struct reader *r, struct node **out)
{
	const char *name = (const char *)r->event.data.alias.anchor;
	struct node *target = map_get(&r->anchors, str_of(name));

	if (!target)
		return yaml_error(r->e, r->doc, place_of_mark(r, r->event.start_mark),
			"no anchor '&%s' before this alias", name);
	*out = new_node(r, NODE_ALIAS, NULL);
	(*out)->target = target;
	r->doc->references = true;
	return 0;
}

static int read_node(struct reader *r, struct node **out);

/* Reads children until `stop`; the collection ends with the last of them, or with its bracket. */
static int read_children(struct reader *r, struct node *parent, yaml_event_type_t stop,
	struct node ***children, size_t *count)
{
	if (++r->depth > YAML_DEPTH)
		return yaml_error(
			r->e, r->doc, parent->place, "nested deeper than %d levels", YAML_DEPTH);
	for (;;) {
		struct node *child = NULL;

		if (next_event(r) < 0)
			return -1;
		if (r->event.type == stop)
			break;
		if (read_node(r, &child) < 0)
			return -1;
		*ARENA_PUSH(r->mem, *children, *count) = child;
	}
	if (parent->flow)
		parent->end = offsets_byte(&r->offsets, r->event.end_mark.index);
	else if (*count) /* untested: libyaml begins a block collection at its first entry */
		parent->end = (*children)[*count - 1]->end;
	r->depth--;
	return 0;
}

static int read_list(struct reader *r, struct node **out)
{
	const yaml_event_t *v = &r->event;
	struct node *n = *out = new_node(r, NODE_LIST, v->data.sequence_start.anchor);

	n->flow = v->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	return read_children(r, n, YAML_SEQUENCE_END_EVENT, &n->list.items, &n->list.count);
}

static int read_map(struct reader *r, struct node **out)
{
	const yaml_event_t *v = &r->event;
	struct node *n = *out = new_node(r, NODE_MAP, v->data.mapping_start.anchor);
	struct node **children = NULL;
	size_t count = 0;

	n->flow = v->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	if (read_children(r, n, YAML_MAPPING_END_EVENT, &children, &count) < 0)
		return -1;
	assert(count % 2 == 0);
	n->map.count = count / 2;
	n->map.pairs = ARENA_NEW(r->mem, struct pair, count / 2);
	for (size_t i = 0; i < count / 2; i++)
		n->map.pairs[i] = (struct pair){ children[2 * i], children[2 * i + 1] };
	fix_spans(r->doc->text, n);
	if (check_keys(r->mem, r->doc, n, r->e) < 0)
		return -1;
	for (size_t i = 0; i < n->map.count; i++)
		r->doc->references = r->doc->references || expand_merges(&n->map.pairs[i]);
	return 0;
}

static int read_node(struct reader *r, struct node **out)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, out);
	case YAML_ALIAS_EVENT:
		return read_alias(r, out);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(r, out);
	case YAML_MAPPING_START_EVENT:
		return read_map(r, out);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		assert(0 && "libyaml's grammar has no such event here");
		break;
	}
	return -1;
}

/* an event without a node, and the next one */
static int second_event(struct reader *r)
{
	return next_event(r) < 0 ? -1 : next_event(r);
}

/* stream start, document start, node, document end, stream end */
static int read_document(struct reader *r)
{
	if (second_event(r) < 0)
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return 0;
	if (next_event(r) < 0 || read_node(r, &r->doc->root) < 0)
		return -1;
	if (second_event(r) < 0)
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return yaml_error(r->e, r->doc, place_of_mark(r, r->event.start_mark),
			"a second document begins here; a file must have only one");
	return 0;
}

/* Any number of documents: only the events, with a limit on their depth and number. */
static int read_stream(struct reader *r)
{
	do {
		if (next_event(r) < 0)
			return -1;
		yaml_event_type_t type = r->event.type;
		bool opens = type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
		if (type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT)
			r->depth--;
		if (opens && ++r->depth > YAML_DEPTH)
			return yaml_error(r->e, r->doc, place_of_mark(r, r->event.start_mark),
				"nested deeper than %d levels", YAML_DEPTH);
	} while (r->event.type != YAML_STREAM_END_EVENT);
	return 0;
}

static int parse_text(struct arena *mem, struct doc *doc, size_t most_nodes,
	int (*body)(struct reader *), struct error *e)
{
	struct reader r = {
		.mem = mem, .doc = doc, .e = e, .anchors.mem = mem, .most_nodes = most_nodes
	};
	struct scan scan;

	if (yaml_scan(doc->name, doc->text, &scan, e) < 0)
		return -1;
	/* untested: libyaml has no memory left */
	if (!yaml_parser_initialize(&r.parser))
		return error_system(e, ENOMEM, "%s", doc->name);
	doc->bom = scan.bom;
	doc->crlf = scan.crlf;
	r.offsets = (struct offsets){
		.text = doc->text, .start = scan.bom ? 3 : 0, .ascii = scan.ascii
	};
	r.text = arena_grow(mem, &doc->text, 1, 1, sizeof(doc->text));
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser,
		(const unsigned char *)doc->text.at + r.offsets.start,
		doc->text.len - r.offsets.start);
	int rc = body(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return rc;
}

static int read_one(struct arena *mem, const char *name, struct str text, size_t most_nodes,
	struct doc *doc, struct error *e)
{
	struct doc made = { .name = name, .text = text.at ? text : STR("") };

	if (parse_text(mem, &made, most_nodes, read_document, e) < 0)
		return -1;
	*doc = made;
	return 0;
}

int yaml_read(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e)
{
	return read_one(mem, name, text, YAML_NODES, doc, e);
}

int yaml_read_values(
	struct arena *mem, const char *name, struct str text, struct doc *doc, struct error *e)
{
	if (text.len > YAML_VALUES_BYTES) {
		error_set(e, STATUS_FILES, "%s: larger than %d MiB", name,
			YAML_VALUES_BYTES / (1024 * 1024));
		return error_file(e, name);
	}
	return read_one(mem, name, text, YAML_VALUES_NODES, doc, e);
}

int yaml_check(struct arena *mem, const char *name, struct str text, struct error *e)
{
	struct doc doc = { .name = name, .text = text.at ? text : STR("") };
	struct arena_mark mark = arena_mark(mem);
	int rc = parse_text(mem, &doc, YAML_NODES, read_stream, e);

	arena_rewind(mem, mark);
	return rc;
}
