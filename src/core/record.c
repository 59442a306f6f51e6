/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record.h"

#include <strings.h>

#include "base/assume.h"
#include "core/promote.h"
#include "core/show.h"

static const char hold[] = "hold", release[] = "release";

static const char key_patch[] = "Promote-Patch", key_action[] = "Promote-Action",
		  key_from[] = "Promote-From", key_to[] = "Promote-To",
		  key_consolidated[] = "Promote-Consolidated",
		  key_approved[] = "Promote-Approved-By", key_options[] = "Promote-Options",
		  key_reason[] = "Promote-Reason";

static bool is_hold(const char *action)
{
	return strcmp(action, hold) == 0 || strcmp(action, release) == 0;
}

/* Writing -------------------------------------------------------------------------------------- */

static void add_list(struct buf *out, const char *before, const struct record_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		show_printf(out, "%s%s", i ? ", " : before, l->list[i]);
}

/* What is held: "everything", "management-cluster", "hypershift", "hypershift at integration". */
static const char *hold_subject(struct buf *out, const struct record *r)
{
	buf_puts(out, strcmp(r->action, hold) == 0 ? "Hold " : "Release ");
	show_printf(out, "%s", r->application ? r->application : r->type ? r->type : "everything");
	add_list(out, " at ", &r->to);
	return out->at;
}

const char *record_subject(struct arena *mem, const struct record *r)
{
	static const struct {
		enum step_kind kind;
		const char *verb, *before;
	} rows[] = {
		{ STEP_PROMOTE, "Promote", " to " },
		{ STEP_CONSOLIDATE, "Consolidate", "" },
		{ STEP_INTEGRATE, "Integrate", "" },
		{ STEP_START, "Start", " at " },
		{ STEP_FILL, "Fill", " at " },
		{ STEP_ROLLBACK, "Roll back", " to " },
		{ STEP_RETIRE, "Retire", "" },
	};
	struct buf out = { .mem = mem };
	size_t i = 0;

	if (is_hold(r->action))
		return hold_subject(&out, r);
	while (strcmp(step_kind_name(rows[i].kind), r->action) != 0)
		i++;
	show_printf(&out, "%s %s of %s", rows[i].verb, r->patch, r->application);
	if (rows[i].before[0])
		add_list(&out, rows[i].before, &r->to);
	return out.at;
}

typedef void escape_function(struct buf *out, struct str text);

/* git takes off the blanks at the end of a line, and a reader those at its start. */
static void escape_name(struct buf *out, struct str text)
{
	static const char blank[] = "\\x20";
	const bool first = text.at[0] == ' ';
	const bool last = text.len > 1 && text.at[text.len - 1] == ' ';

	buf_puts(out, first ? blank : "");
	show_escaped(out, str_part(text, first, text.len - last));
	buf_puts(out, last ? blank : "");
}

static void write_line(struct buf *out, const char *key, const char *value, escape_function *escape)
{
	buf_printf(out, "%s: ", key);
	escape(out, str_of(value));
	buf_putc(out, '\n');
}

static void write_list(struct buf *out, const char *key, const struct record_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		write_line(out, key, l->list[i], escape_name);
}

void record_write(const struct record *r, struct buf *out)
{
	struct buf options = { .mem = out->mem };

	if (!is_hold(r->action))
		write_line(out, key_patch,
			arena_printf(out->mem, "%s/%s/%s", r->type, r->application, r->patch),
			escape_name);
	write_line(out, key_action, r->action, escape_name);
	write_list(out, key_from, &r->from);
	write_list(out, key_to, &r->to);
	write_list(out, key_consolidated, &r->consolidated);
	write_list(out, key_approved, &r->approved);
	for (size_t i = 0; i < r->options.count; i++)
		buf_shell_word(&options, r->options.list[i]);
	if (r->options.count)
		write_line(out, key_options, options.at, show_escaped);
	if (r->reason)
		write_line(out, key_reason, r->reason, show_escaped);
}

/* Reading -------------------------------------------------------------------------------------- */

struct reader {
	struct arena *mem;
	struct record *r;
	const char *problem; /* the first */
};

/* Takes the first line off a text that is not empty, without its end. */
static struct str take_line(struct str *text)
{
	const char *end = memchr(text->at, '\n', text->len);
	struct str line = *text;

	if (end)
		line.len = (size_t)(end - text->at);
	*text = str_part(*text, end ? line.len + 1 : line.len, text->len);
	while (line.len && strchr("\r \t", line.at[line.len - 1]))
		line.len--;
	return line;
}

/* Whether a line is the trailer of this key; keys are compared without case, as git does. */
static bool is_trailer(struct str line, const char *key, struct str *value)
{
	const size_t n = strlen(key);

	if (line.len <= n || line.at[n] != ':' || strncasecmp(line.at, key, n) != 0)
		return false;
	*value = str_part(line, n + 1, line.len);
	while (value->len && strchr(" \t", value->at[0]))
		*value = str_part(*value, 1, value->len);
	return true;
}

/* The last paragraph with an action; empty if there is none. */
static struct str find_paragraph(struct str message)
{
	struct str found = { 0 }, paragraph = { 0 }, value;
	bool has = false;

	while (message.len) {
		const char *start = message.at;
		const struct str line = take_line(&message);

		if (!line.len) {
			paragraph = (struct str){ 0 };
			has = false;
			continue;
		}
		if (!paragraph.at)
			paragraph.at = start;
		paragraph.len = (size_t)(line.at + line.len - paragraph.at);
		has |= is_trailer(line, key_action, &value);
		if (has)
			found = paragraph;
	}
	return found;
}

static int digit_of(char c)
{
	static const char hex[] = "0123456789abcdef";
	const char *at = memchr(hex, c, 16);

	return at ? (int)(at - hex) : -1;
}

/* Adds the text with a byte for each "\x0a". */
static void add_bytes(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const bool is = i + 3 < text.len && text.at[i] == '\\' && text.at[i + 1] == 'x' &&
			digit_of(text.at[i + 2]) >= 0 && digit_of(text.at[i + 3]) >= 0;

		buf_putc(out,
			is ? (char)(digit_of(text.at[i + 2]) * 16 + digit_of(text.at[i + 3]))
			   : text.at[i]);
		i += is ? 3 : 0;
	}
}

/* What was written as this value; a name may have a backslash of its own. */
static struct str written(struct reader *r, struct str value, escape_function *escape)
{
	struct buf bytes = { .mem = r->mem }, again = { .mem = r->mem };

	if (!value.len)
		return value;
	add_bytes(&bytes, value);
	const struct str text = buf_str(&bytes);
	escape(&again, text);
	return str_equal(buf_str(&again), value) && !memchr(text.at, 0, text.len) ? text : value;
}

static void fail(struct reader *r, const char *problem)
{
	if (!r->problem)
		r->problem = problem;
}

static const char *copy(struct reader *r, struct str value)
{
	return arena_copy(r->mem, value.at, value.len);
}

static void set_once(struct reader *r, const char *key, const char **field, struct str value)
{
	if (*field)
		fail(r, arena_printf(r->mem, "there are two of %s", key));
	if (!value.len)
		fail(r, arena_printf(r->mem, "%s is empty", key));
	*field = copy(r, value);
}

static void add(struct reader *r, struct record_list *l, struct str value)
{
	if (value.len)
		*ARENA_PUSH(r->mem, l->list, l->count) = copy(r, value);
}

/* Words as buf_shell_word() writes them; none is empty. */
static void read_options(struct reader *r, struct str text)
{
	struct buf word = { .mem = r->mem };
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];

		if (c == '\'') {
			quoted = !quoted;
		} else if (c == ' ' && !quoted) {
			add(r, &r->r->options, buf_str(&word));
			word.len = 0;
		} else {
			if (c == '\\' && !quoted && i + 1 < text.len)
				i++;
			buf_putc(&word, text.at[i]);
		}
	}
	if (quoted)
		fail(r, "Promote-Options ends in a quote");
	add(r, &r->r->options, buf_str(&word));
}

/* "TYPE/APPLICATION/PATCH" */
static void read_patch(struct reader *r, struct str text)
{
	const char *part[3] = { NULL };
	size_t n = 0, start = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.at[i] != '/')
			continue;
		if (n < 3 && i > start)
			part[n] = copy(r, str_part(text, start, i));
		n++;
		start = i + 1;
	}
	if (n != 3 || !part[0] || !part[1] || !part[2]) {
		fail(r, "Promote-Patch is not CLUSTER_TYPE/APPLICATION/PATCH");
		return;
	}
	if (r->r->patch)
		fail(r, "there are two of Promote-Patch");
	r->r->type = part[0];
	r->r->application = part[1];
	r->r->patch = part[2];
}

static void read_line(struct reader *r, struct str line)
{
	struct record *to = r->r;
	struct str value;

	if (is_trailer(line, key_patch, &value))
		read_patch(r, written(r, value, escape_name));
	else if (is_trailer(line, key_action, &value))
		set_once(r, key_action, &to->action, value);
	else if (is_trailer(line, key_from, &value))
		add(r, &to->from, written(r, value, escape_name));
	else if (is_trailer(line, key_to, &value))
		add(r, &to->to, written(r, value, escape_name));
	else if (is_trailer(line, key_consolidated, &value))
		add(r, &to->consolidated, written(r, value, escape_name));
	else if (is_trailer(line, key_approved, &value))
		add(r, &to->approved, written(r, value, escape_name));
	else if (is_trailer(line, key_options, &value))
		read_options(r, written(r, value, show_escaped));
	else if (is_trailer(line, key_reason, &value))
		set_once(r, key_reason, &to->reason, written(r, value, show_escaped));
}

static bool is_action(const char *action)
{
	enum step_kind kind = STEP_PROMOTE;

	while (kind < STEP_NONE && strcmp(step_kind_name(kind), action) != 0)
		kind++;
	return kind < STEP_NONE || is_hold(action);
}

enum record_found record_read(
	struct arena *mem, struct str message, struct record *r, const char **problem)
{
	struct record read = { 0 };
	struct reader reader = { mem, &read, NULL };
	struct str paragraph = find_paragraph(message);

	if (!paragraph.len)
		return RECORD_NONE;
	while (paragraph.len)
		read_line(&reader, take_line(&paragraph));
	if (NEVER(!read.action) || !is_action(read.action))
		fail(&reader, "Promote-Action is none that promote takes");
	else if (!read.patch && !is_hold(read.action))
		fail(&reader, "there is no Promote-Patch");
	else if (read.patch && is_hold(read.action))
		fail(&reader, "a hold is told by its file, and not by a Promote-Patch");
	*problem = reader.problem;
	if (*problem)
		return RECORD_WRONG;
	*r = read;
	return RECORD_READ;
}
