/* SPDX-License-Identifier: Apache-2.0 */
#include "core/skeleton.h"

#include "base/map.h"
#include "core/patch_text.h"
#include "core/show.h"
#include "yaml/canon.h"
#include "yaml/expand.h"
#include "yaml/read.h"

/* The line at `at`, with its end. */
static struct str line_at(struct str text, size_t at)
{
	const char *end = memchr(text.at + at, '\n', text.len - at);

	return str_part(text, at, end ? (size_t)(end - text.at) + 1 : text.len);
}

/* A line without its end, LF or CR LF. */
static struct str bare(struct str line)
{
	if (line.at[line.len - 1] == '\n')
		line.len--;
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

struct str skeleton_text(struct arena *mem, const struct skeleton *s)
{
	struct buf out = { .mem = mem };

	if (s->description)
		patch_add_metadata(&out, s->description, "\n");
	show_printf(&out, "# A new patch of %s, to start at %s.\n", s->subject->application,
		s->position);
	buf_puts(&out,
		"# Write the values to set, as in values.yaml, without the keys that stay as they are.\n"
		"# Lines that are here now and begin with # are left out of the patch.\n");
	if (!s->description)
		buf_puts(&out, "#\n# metadata:\n#   description: what it is for\n");
	buf_puts(&out, "#\n");
	show_printf(&out, "# What %s has now:\n", s->current_target);
	buf_puts(&out, "#\n");
	for (size_t at = 0; at < s->current.len;) {
		const struct str line = line_at(s->current, at);

		buf_puts(&out, "# ");
		buf_add(&out, line);
		at += line.len;
	}
	return buf_str(&out);
}

static bool is_blank(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] != ' ' && line.at[i] != '\t')
			return false;
	return true;
}

/* What a text sets; NULL if it cannot be read. */
static const struct node *read_text(struct arena *mem, struct str text)
{
	struct error ignored = { 0 };
	const struct node *root = NULL;
	struct doc doc;

	if (yaml_read_values(mem, "", text, &doc, &ignored) == 0)
		root = yaml_expand_values(mem, &doc, NULL, &ignored);
	error_free(&ignored);
	return root;
}

struct str skeleton_strip(struct arena *mem, struct str skeleton, struct str edited)
{
	struct map known = { .mem = mem };
	struct buf out = { .mem = mem };
	size_t end = 0; /* behind the last line that is not empty */

	for (size_t at = 0; at < skeleton.len;) {
		const struct str line = line_at(skeleton, at);

		if (line.at[0] == '#')
			*map_slot(&known, bare(line)) = &known;
		at += line.len;
	}
	for (size_t at = 0; at < edited.len;) {
		const struct str line = line_at(edited, at);
		const bool blank = is_blank(bare(line));

		at += line.len;
		if (map_get(&known, bare(line)) || (blank && !out.len))
			continue;
		buf_add(&out, line);
		if (!blank)
			end = out.len;
	}
	if (!end)
		return STR("");
	const struct str stripped = str_part(buf_str(&out), 0, end);
	const struct node *meant = read_text(mem, edited);
	return !meant || node_same(mem, meant, read_text(mem, stripped)) ? stripped : edited;
}
