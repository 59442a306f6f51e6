/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/comments.h"

#include <yaml.h>

#include "base/error.h"
#include "yaml/lines.h"
#include "yaml/offsets.h"
#include "yaml/scan.h"

struct search {
	struct arena *mem;
	struct str text;
	struct comments *out;
	struct offsets offsets;
	size_t at;         /* up to here all comments were found */
	size_t line_start; /* of the line numbered `line`, at or before `at` */
	uint32_t line;
	bool top; /* no token was there yet */
};

static void add_comment(struct search *s, size_t at, size_t end)
{
	for (size_t next; (next = line_next(s->text, s->line_start)) <= at; s->line++)
		s->line_start = next;
	const struct str before = str_part(s->text, s->line_start, at);

	*ARENA_PUSH(s->mem, s->out->list, s->out->count) = (struct comment){
		.text = str_part(s->text, at, end),
		.place = { s->line, offsets_characters(before) + 1 },
		.alone = skip_blanks(s->text, s->line_start) == at,
		.top = s->top,
	};
}

/* Between two tokens are blanks, line ends and comments. */
static void search_gap(struct search *s, size_t end)
{
	while (s->at < end) {
		const size_t line = line_end(s->text, s->at);

		if (s->text.at[s->at] == '#') {
			add_comment(s, s->at, line);
			s->at = line;
		} else {
			s->at++;
		}
	}
}

/* A block scalar's first line may end with a comment: "|- # why". */
static void search_header(struct search *s, size_t start)
{
	const size_t line = line_end(s->text, start);
	const char *sign = memchr(s->text.at + start, '#', line - start);

	if (sign)
		add_comment(s, (size_t)(sign - s->text.at), line);
}

static void pass_token(struct search *s, const yaml_token_t *token)
{
	const size_t start = offsets_byte(&s->offsets, token->start_mark.index);
	const size_t end = offsets_byte(&s->offsets, token->end_mark.index);

	search_gap(s, start < s->text.len ? start : s->text.len);
	if (token->type == YAML_STREAM_START_TOKEN)
		return;
	s->top = false;
	if (token->type == YAML_SCALAR_TOKEN &&
		(token->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
			token->data.scalar.style == YAML_FOLDED_SCALAR_STYLE))
		search_header(s, start);
	if (end > s->at)
		s->at = end;
}

static bool search_tokens(struct search *s, yaml_parser_t *parser)
{
	yaml_token_t token;
	bool ended = false;

	while (!ended) {
		if (!yaml_parser_scan(parser, &token))
			return false;
		ended = token.type == YAML_STREAM_END_TOKEN;
		pass_token(s, &token);
		yaml_token_delete(&token);
	}
	return true;
}

bool yaml_comments(struct arena *mem, struct str text, struct comments *out)
{
	struct error refused = { 0 };
	yaml_parser_t parser;
	struct scan scan;

	*out = (struct comments){ 0 };
	/* untested: libyaml has no memory left */
	if (yaml_scan("", text, &scan, &refused) < 0 || !yaml_parser_initialize(&parser)) {
		error_free(&refused);
		return false;
	}
	const size_t start = scan.bom ? 3 : 0;
	struct search s = { .mem = mem,
		.text = text,
		.out = out,
		.offsets = { .text = text, .start = start, .ascii = scan.ascii },
		.at = start,
		.line_start = start,
		.line = 1,
		.top = true };
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)text.at + start, text.len - start);
	const bool all = search_tokens(&s, &parser);
	yaml_parser_delete(&parser);
	if (!all)
		*out = (struct comments){ 0 };
	return all;
}
