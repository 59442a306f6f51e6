/* SPDX-License-Identifier: Apache-2.0 */
/* Every error of config.yaml, whole, with its place. What is right: test_config.c. */
#include "helper.h"

#include "core/config.h"
#include "yaml/read.h"

static int load(struct kit *k, struct str text, struct fleet *f)
{
	struct doc doc;

	return yaml_read(&k->mem, "c.yaml", text, &doc, &k->e) < 0 ||
			config_fleet(&k->mem, &doc, f, &k->e) < 0
		? -1
		: 0;
}

static void errors(void **state)
{
	static const struct {
		struct str text;
		const char *error;
	} rows[] = {
		{ STR(""),
			"c.yaml: the file is empty; it must describe the fleet with 'dimensions' and 'sequence'" },
		{ STR("# nothing\n"),
			"c.yaml: the file is empty; it must describe the fleet with 'dimensions' and 'sequence'" },
		{ STR("---\n"),
			"c.yaml:2:1: must be a mapping with 'dimensions' and 'sequence', not empty" },
		{ STR("[a]\n"),
			"c.yaml:1:1: must be a mapping with 'dimensions' and 'sequence', not a list" },
		{ STR("a\n"),
			"c.yaml:1:1: must be a mapping with 'dimensions' and 'sequence', not a single value" },
		{ STR("{}\n"), "c.yaml:1:1: the key 'dimensions' is missing" },
		{ STR("dimensions: [e]\n"), "c.yaml:1:1: the key 'sequence' is missing" },
		{ STR("sequence: {e: [a]}\n"), "c.yaml:1:1: the key 'dimensions' is missing" },
		{ STR("dimension: [e]\nsequence: {e: [a]}\n"),
			"c.yaml:1:1: unknown key 'dimension'; did you mean 'dimensions'?" },
		{ STR("Dimensions: [e]\n"),
			"c.yaml:1:1: unknown key 'Dimensions'; did you mean 'dimensions'?" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\nclustertypes: [x]\n"),
			"c.yaml:3:1: unknown key 'clustertypes'; did you mean 'cluster_types'?" },
		{ STR("dimensions: e\nsequence: {e: [a]}\n"),
			"c.yaml:1:13: 'dimensions' must be a list of names, such as [environments, regions]" },
		{ STR("dimensions: []\nsequence: {e: [a]}\n"),
			"c.yaml:1:13: 'dimensions' must be a list of names, such as [environments, regions]" },
		{ STR("dimensions:\nsequence: {e: [a]}\n"),
			"c.yaml:1:12: 'dimensions' must be a list of names, such as [environments, regions]" },
		{ STR("dimensions: {e: f}\nsequence: {e: [a]}\n"),
			"c.yaml:1:13: 'dimensions' must be a list of names, such as [environments, regions]" },
		{ STR("dimensions: [[e]]\nsequence: {e: [a]}\n"),
			"c.yaml:1:14: a dimension's name must be a text, not a list" },
		{ STR("dimensions: [e, f, e]\nsequence: {e: [a]}\n"),
			"c.yaml:1:20: duplicate dimension 'e'" },
		{ STR("dimensions: [rings, ring]\nsequence: {rings: [a]}\n"),
			"c.yaml:1:21: the dimensions 'rings' and 'ring' are both called 'ring'" },
		{ STR("dimensions: [as, ass]\nsequence: {as: [a]}\n"),
			"c.yaml:1:18: the dimensions 'as' and 'ass' are both called 'as'" },
		{ STR("dimensions: [ass, as]\nsequence: {ass: [a]}\n"),
			"c.yaml:1:19: the dimensions 'ass' and 'as' are both called 'as'" },
		{ STR("dimensions: [e]\nsequence: {e: [a, a, b, b]}\n"),
			"c.yaml:2:19: duplicate name 'a' among its siblings" },
		{ STR("dimensions: [e, name]\nsequence: {e: [a]}\n"),
			"c.yaml:1:17: 'name' is a key of every position and cannot name a dimension" },
		{ STR("dimensions: [promotion]\nsequence: {e: [a]}\n"),
			"c.yaml:1:14: 'promotion' is a key of every position and cannot name a dimension" },
		{ STR("dimensions: [e/f]\nsequence: {e: [a]}\n"),
			"c.yaml:1:14: a dimension's name 'e/f' holds a slash" },
		{ STR("dimensions: [no]\nsequence: {e: [a]}\n"),
			"c.yaml:1:14: a dimension's name 'no' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: [a]\n"),
			"c.yaml:2:11: 'sequence' must be a mapping with the key 'e', not a list" },
		{ STR("dimensions: [e]\nsequence:\n"),
			"c.yaml:2:10: 'sequence' must be a mapping with the key 'e', not empty" },
		{ STR("dimensions: [e]\nsequence: {f: [a]}\n"),
			"c.yaml:2:11: 'sequence' has no key 'e', the first dimension" },
		{ STR("dimensions: [e]\nsequence: {e: }\n"),
			"c.yaml:2:14: 'e' must be a list of positions, not empty" },
		{ STR("dimensions: [e]\nsequence: {e: []}\n"),
			"c.yaml:2:15: the sequence has no position" },
		{ STR("dimensions: [e]\nsequence: {e: a}\n"),
			"c.yaml:2:15: 'e' must be a list of positions, not a single value" },
		{ STR("dimensions: [e]\nsequence: {e: {name: a}}\n"),
			"c.yaml:2:15: 'e' must be a list of positions, not a mapping" },
		{ STR("dimensions: [e]\nsequence: {e: [[a]]}\n"),
			"c.yaml:2:16: a position must be a mapping or a name, not a list" },
		{ STR("dimensions: [e]\nsequence: {e: [{}]}\n"),
			"c.yaml:2:16: a position without 'name'" },
		{ STR("dimensions: [e]\nsequence: {e: [{promotion: manual}]}\n"),
			"c.yaml:2:16: a position without 'name'" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: }]}\n"),
			"c.yaml:2:22: the name is empty" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: ''}]}\n"),
			"c.yaml:2:23: the name '' is empty" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: [a]}]}\n"),
			"c.yaml:2:23: the name must be a text, not a list" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promotion: }]}\n"),
			"c.yaml:2:36: promotion must be 'automated' or 'manual', not empty" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promotion: ''}]}\n"),
			"c.yaml:2:37: promotion must be 'automated' or 'manual', not a single value" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promotion: Manual}]}\n"),
			"c.yaml:2:37: promotion must be 'automated' or 'manual', not 'Manual'" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promotion: true}]}\n"),
			"c.yaml:2:37: promotion must be 'automated' or 'manual', not 'true'" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promotion: [manual]}]}\n"),
			"c.yaml:2:37: promotion must be 'automated' or 'manual', not a list" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promtion: manual}]}\n"),
			"c.yaml:2:26: unknown key 'promtion'; did you mean 'promotion'?" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, \"promotion\\0\": manual}]}\n"),
			"c.yaml:2:26: a key that contains a NUL byte" },
		{ STR("dimensions: [e]\nsequence: {e: [{nmae: a}]}\n"),
			"c.yaml:2:17: unknown key 'nmae'; did you mean 'name'?" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, PROMOTION: manual}]}\n"),
			"c.yaml:2:26: unknown key 'PROMOTION'; did you mean 'promotion'?" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: a, promote: manual}]}\n"),
			"c.yaml:2:26: unknown key 'promote'; did you mean 'promotion'?" },
		{ STR("dimensions: [e]\nsequence: {e: [{name: patch-001.yaml}]}\n"),
			"c.yaml:2:23: the name 'patch-001.yaml' ends in .yaml, as the files beside the directories do" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npromotion: manual\n"),
			"c.yaml:3:1: 'promotion' belongs to a position, not here" },
		{ STR("dimensions: [e]\nsequence: {promotion: manual, e: [a]}\n"),
			"c.yaml:2:12: 'promotion' belongs to a position, not here" },
		{ STR("dimensions: [es, rs]\nsequence:\n  es:\n    - name: a\n      es: [b]\n"),
			"c.yaml:5:7: 'es' is not allowed here; the next dimension is 'rs'" },
		{ STR("dimensions: [es, rs]\nsequence:\n  es:\n    - name: a\n      rs: [{name: b, rs: [c]}]\n"),
			"c.yaml:5:22: 'rs' below the last dimension 'rs'" },
		{ STR("dimensions: [envs, sectors, regions]\nsequence:\n  envs:\n    - name: a\n      regions: [b]\n"),
			"c.yaml:5:7: 'regions' is not allowed here; the next dimension is 'sectors'" },
		{ STR("dimensions: [envs, sectors, regions]\nsequence:\n  sectors: [a]\n"),
			"c.yaml:3:3: 'sequence' has no key 'envs', the first dimension" },
		{ STR("dimensions: [envs, sectors, regions]\nsequence:\n  envs: [a]\n  sectors: [a]\n"),
			"c.yaml:4:3: 'sectors' is not allowed here; the next dimension is 'envs'" },
		{ STR("dimensions: [envs, sectors]\nsequence:\n  envs:\n    - name: a\n      sector: [b]\n"),
			"c.yaml:5:7: unknown key 'sector'; did you mean 'sectors'?" },
		{ STR("dimensions: [envs, sectors]\nsequence:\n  envs:\n    - name: a\n      sectors: b\n"),
			"c.yaml:5:16: 'sectors' must be a list of positions, not a single value" },
		{ STR("dimensions: [e]\nsequence:\n  e:\n    - a\n    - b\n    - name: a\n"),
			"c.yaml:6:13: duplicate name 'a' among its siblings" },
		{ STR("dimensions: [e, r]\nsequence:\n  e:\n    - {name: a, r: [p, q]}\n    - {name: b, r: [p, 'q', q, p]}\n"),
			"c.yaml:5:29: duplicate name 'q' among its siblings" },
		{ STR("dimensions: [e]\nsequence: {e: [1, '1']}\n"),
			"c.yaml:2:19: duplicate name '1' among its siblings" },
		{ STR("dimensions: [e]\nsequence: {e: [.]}\n"),
			"c.yaml:2:16: the name '.' is a directory's link to itself or its parent" },
		{ STR("dimensions: [e]\nsequence: {e: [..]}\n"),
			"c.yaml:2:16: the name '..' is a directory's link to itself or its parent" },
		{ STR("dimensions: [e]\nsequence: {e: [a/b]}\n"),
			"c.yaml:2:16: the name 'a/b' holds a slash" },
		{ STR("dimensions: [e]\nsequence: {e: [/]}\n"),
			"c.yaml:2:16: the name '/' holds a slash" },
		{ STR("dimensions: [e]\nsequence: {e: [\"a\\n\"]}\n"),
			"c.yaml:2:16: the name 'a\\x0a' holds a control character" },
		{ STR("dimensions: [e]\nsequence: {e: [\"a\\0b\"]}\n"),
			"c.yaml:2:16: the name 'a' holds a control character" },
		{ STR("dimensions: [e]\nsequence: {e: [\"\\x1b[0m\"]}\n"),
			"c.yaml:2:16: the name '\\x1b[0m' holds a control character" },
		{ STR("dimensions: [e]\nsequence: {e: [\"\\u009b\"]}\n"),
			"c.yaml:2:16: the name '\\xc2\\x9b' holds a control character" },
		{ STR("dimensions: [e]\nsequence: {e: [\"\\x7f\"]}\n"),
			"c.yaml:2:16: the name '\\x7f' holds a control character" },
		{ STR("dimensions: [e]\nsequence: {e: [no]}\n"),
			"c.yaml:2:16: the name 'no' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [true]}\n"),
			"c.yaml:2:16: the name 'true' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [007]}\n"),
			"c.yaml:2:16: the name '007' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [0x7]}\n"),
			"c.yaml:2:16: the name '0x7' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [+7]}\n"),
			"c.yaml:2:16: the name '+7' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [-0]}\n"),
			"c.yaml:2:16: the name '-0' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [1.5]}\n"),
			"c.yaml:2:16: the name '1.5' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [1e3]}\n"),
			"c.yaml:2:16: the name '1e3' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [2001-01-01]}\n"),
			"c.yaml:2:16: the name '2001-01-01' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [null]}\n"),
			"c.yaml:2:16: the name is empty" },
		{ STR("dimensions: [e]\nsequence: {e: [~]}\n"), "c.yaml:2:16: the name is empty" },
		{ STR("dimensions: [e]\nsequence: {e: [!!int a]}\n"),
			"c.yaml:2:16: the name 'a' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [<<]}\n"),
			"c.yaml:2:16: the name '<<' is not a string to every YAML reader; put it in quotes" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: a\n"),
			"c.yaml:3:16: 'cluster_types' must be a list, not a single value" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npull_request_command: [a]\n"),
			"c.yaml:3:23: 'pull_request_command' must be a command as text" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npull_request_command: ''\n"),
			"c.yaml:3:23: 'pull_request_command' must be a command as text" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npull_request_command: 1\n"),
			"c.yaml:3:23: 'pull_request_command' must be a command as text" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npull_request_command: \"a\\0b\"\n"),
			"c.yaml:3:23: 'pull_request_command' must be a command as text" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\npull_request_comand: a\n"),
			"c.yaml:3:1: unknown key 'pull_request_comand'; did you mean 'pull_request_command'?" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: [{nam: a}]\n"),
			"c.yaml:3:17: a cluster type without 'name'" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: [a, {name: a}]\n"),
			"c.yaml:3:27: duplicate cluster type 'a'" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: [..]\n"),
			"c.yaml:3:17: a cluster type's name '..' is a directory's link to itself or its parent" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: [[a]]\n"),
			"c.yaml:3:17: a cluster type's name must be a text, not a list" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\ncluster_types: [~]\n"),
			"c.yaml:3:17: a cluster type's name is empty" },
		{ STR("dimensions: [e]\nsequence: {e: [*x]}\n"),
			"c.yaml:2:16: no anchor '&x' before this alias" },
		{ STR("dimensions: [e]\nsequence: &x {e: [*x]}\n"),
			"c.yaml:2:19: the alias is inside the value that it refers to; remove it" },
		{ STR("dimensions: [e]\nsequence: {<<: [a]}\n"),
			"c.yaml:2:17: a merge key (<<) takes a list of mappings only, not a single value in it" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\nsequence: {e: [b]}\n"),
			"c.yaml:3:1: duplicate key 'sequence'; keep one: the first is at c.yaml:2:1" },
		{ STR("dimensions: [e]\nsequence:\n\te: [a]\n"),
			"c.yaml:3:1: not valid YAML: while scanning for the next token found a tab instead of spaces" },
		{ STR("dimensions: [e]\nsequence: {e: [\xff]}\n"),
			"c.yaml:2:16: not valid UTF-8; save the file as UTF-8" },
		{ STR("dimensions: [e]\nsequence: {e: [a]}\n---\ndimensions: [e]\n"),
			"c.yaml:3:1: a second document begins here; a file must have only one" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct fleet f = { .depth = 77 };

		assert_int_equal(load(k, rows[i].text, &f), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
		assert_int_equal(f.depth, 77);
	}
}

static void long_names(void **state)
{
	struct kit *k = *state;
	struct buf name = { .mem = &k->mem };
	struct fleet f;

	for (int i = 0; i < 255; i++)
		buf_putc(&name, 'x');
	const char *config = "dimensions: [e]\nsequence: {e: [%s]}\n";
	assert_int_equal(load(k, str_of(arena_printf(&k->mem, config, name.at)), &f), 0);
	assert_string_equal(f.positions[0].path, name.at);
	buf_putc(&name, 'x');
	assert_int_equal(load(k, str_of(arena_printf(&k->mem, config, name.at)), &f), -1);
	assert_error(k, STATUS_FILES,
		arena_printf(
			&k->mem, "c.yaml:2:16: the name '%s' is longer than 255 bytes", name.at));
}

/* n dimensions d0, d1, ...; a position of each with a name of 240 bytes */
static struct str chain(struct kit *k, int n, int leaves)
{
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "dimensions: [");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "d%d, ", i);
	buf_puts(&b, "]\nsequence:\n");
	for (int i = 0; i < n - 1; i++)
		buf_printf(&b, "%*sd%d:\n%*s- name: n%0239d\n", 2 * i + 2, "", i, 2 * i + 2, "", 0);
	buf_printf(&b, "%*sd%d:\n", 2 * n, "", n - 1);
	for (int i = 0; i < leaves; i++)
		buf_printf(&b, "%*s- n%d\n", 2 * n, "", i);
	return buf_str(&b);
}

static void limits(void **state)
{
	struct kit *k = *state;
	struct fleet f = { 0 };

	assert_int_equal(load(k, chain(k, 13, 1000), &f), 0);
	assert_int_equal(f.targets, 1000);
	assert_int_equal(load(k, chain(k, 14, 1), &f), -1);
	assert_error(k, STATUS_FILES,
		"c.yaml:28:35: the path of this position is longer than 3072 bytes");
	assert_int_equal(load(k, chain(k, 33, 1), &f), -1);
	assert_error(k, STATUS_FILES, "c.yaml:1:13: more than 32 dimensions");
	assert_int_equal(load(k, chain(k, 13, 100000), &f), -1);
	assert_error(k, STATUS_FILES,
		"c.yaml:17393:29: the paths of the positions take more than 48 MiB");

	struct buf types = { .mem = &k->mem };
	buf_puts(&types, "dimensions: [e]\nsequence: {e: [a]}\ncluster_types:\n");
	for (int i = 0; i < CONFIG_TYPES; i++)
		buf_printf(&types, "- t%d\n", i);
	assert_int_equal(load(k, buf_str(&types), &f), 0);
	assert_int_equal(f.types, CONFIG_TYPES);
	buf_puts(&types, "- more\n");
	assert_int_equal(load(k, buf_str(&types), &f), -1);
	assert_error(k, STATUS_FILES, "c.yaml:4:1: more than 1000 cluster types");

	struct buf many = { .mem = &k->mem };
	buf_puts(&many, "dimensions: [e]\nsequence:\n  e:\n");
	for (int i = 0; i <= CONFIG_POSITIONS; i++)
		buf_printf(&many, "  - a%d\n", i);
	assert_int_equal(load(k, buf_str(&many), &f), -1);
	assert_error(k, STATUS_FILES, "c.yaml:400004:5: more than 400000 positions");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(errors),
		KIT_TEST(long_names),
		KIT_TEST(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
