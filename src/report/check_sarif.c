/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): one run, whose tool
 * has a rule for each code. Paths are relative to the root of the sources, which the reader knows.
 */
#include "report/check.h"

#include <assert.h>
#include <string.h>

#include "report/document.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define ROOT "%SRCROOT%"

/* What each code means, in a sentence; promote-check(1) has more. */
static const struct {
	const char *code, *meaning;
} rules[] = {
	{ "gap", "A patch is at a later position, and an earlier one lacks it." },
	{ "copies-differ", "The copies of a patch do not mean the same." },
	{ "broken-yaml", "A file cannot be read as what it should be." },
	{ "duplicate-key", "A mapping has a key twice." },
	{ "too-large", "The files of an application differ too much to compare them all." },
	{ "stray-file",
		"A file that was probably meant to be read is not, because of its name or its place." },
	{ "loses-mapping", "A mapping becomes null or a single value." },
	{ "unknown-application", "A name below 'applications' is that of no application." },
	{ "stale-rendered", "A rendered file differs from the effective values of its target." },
	{ "unfinished-step", "A run that was killed, or another user, has left a step undone." },
	{ "bad-hold", "A hold.yaml that cannot be judged holds all that it concerns." },
	{ "no-effect", "A patch changes no value where it is." },
	{ "hidden", "An override or another patch hides what a patch sets." },
	{ "conflict", "Two patches set the same path." },
	{ "superseded", "Another patch sets all that a patch sets." },
	{ "unknown-key", "A key that is set nowhere else is nearly one that is." },
	{ "looks-like-number",
		"A version without quotes is a number, which loses its trailing zeros." },
	{ "redundant-copy", "A copy below another one that means the same has no effect." },
	{ "expired-hold", "A hold has ended." },
	{ "name-order", "Patches apply in the order of their names as text, not as numbers." },
	{ "unused-ignore", "A comment ignores a finding that is not there." },
};

enum { RULES = sizeof(rules) / sizeof(*rules) };

static const char *meaning_of(const char *code)
{
	size_t i = 0;

	while (strcmp(rules[i].code, code) != 0) {
		i++;
		assert(i < RULES); /* a row for each of finding_codes */
	}
	return rules[i].meaning;
}

static const char *level(enum severity severity)
{
	return severity == SEVERITY_ERROR ? "error" : "warning";
}

/* The tool's rules, in the order of finding_codes. */
static json_t *make_rules(void)
{
	json_t *list = json_array();

	for (const struct finding_code *c = finding_codes; c->code; c++) {
		const char *meaning = meaning_of(c->code);

		json_array_append_new(list,
			json_pack("{s:s, s:{s:s}, s:{s:s++}, s:{s:s}}", "id", c->code,
				"shortDescription", "text", meaning, "help", "text", meaning,
				" What to do is in promote-check(1), section CODES: ", c->code,
				"defaultConfiguration", "level", level(c->severity)));
	}
	return list;
}

static size_t rule_index(const char *code)
{
	size_t i = 0;

	while (strcmp(finding_codes[i].code, code) != 0) {
		i++;
		assert(finding_codes[i].code);
	}
	return i;
}

/* A path as a relative reference: what is not a letter, a digit or one of -._~/ is %XX. */
static void add_uri(struct buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	for (; *path; path++)
		if (strchr(plain, *path))
			buf_putc(out, *path);
		else
			buf_printf(out, "%%%02X", (unsigned char)*path);
}

static json_t *make_location(
	struct arena *mem, const struct check_report *r, const struct finding *f)
{
	const struct about *about = &f->about;
	struct buf uri = { .mem = mem };

	add_uri(&uri, r->prefix);
	add_uri(&uri, check_place(mem, f));
	json_t *place =
		json_pack("{s:{s:s, s:s}}", "artifactLocation", "uri", uri.at, "uriBaseId", ROOT);
	if (about->line)
		json_object_set_new(place, "region",
			json_pack("{s:I, s:I}", "startLine", (json_int_t)about->line, "startColumn",
				(json_int_t)about->column));
	json_t *location = json_pack("{s:o}", "physicalLocation", place);
	if (about->key)
		json_object_set_new(location, "logicalLocations",
			json_pack("[{s:o, s:s}]", "fullyQualifiedName", json_text(mem, about->key),
				"kind", "property"));
	return location;
}

static json_t *make_result(struct arena *mem, const struct check_report *r, const struct finding *f)
{
	const char *hint = f->about.hint;

	return json_pack("{s:s, s:I, s:s, s:{s:o}, s:[o]}", "ruleId", f->code, "ruleIndex",
		(json_int_t)rule_index(f->code), "level", level(f->severity), "message", "text",
		json_text(mem, hint ? arena_printf(mem, "%s\n%s", f->text, hint) : f->text),
		"locations", make_location(mem, r, f));
}

json_t *check_sarif(struct arena *mem, const struct check_report *r)
{
	struct buf results = { .mem = mem };

	for (size_t i = 0; i < r->found.count; i++)
		json_list_add(&results, make_result(mem, r, &r->found.list[i]));
	return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:s, s:{s:{s:{s:s}}}, s:o}]}",
		"$schema", SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name", "promote",
		"version", r->version, "rules", make_rules(), "columnKind", "unicodeCodePoints",
		"originalUriBaseIds", ROOT, "description", "text",
		"The root of the repository, or of the fleet if that is not below it", "results",
		json_list_end(&results));
}
