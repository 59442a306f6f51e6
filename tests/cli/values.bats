# SPDX-License-Identifier: Apache-2.0
# promote values and promote explain.

load common

US=integration/s1/us

# What sets values in these tests; us of s1 gets all of it.
setup_values() {
	put config/mgmt/defaults.yaml 'apps:
  default:
    project: edge
other: {default: {no: "item"}}'
	put $APP/values.yaml '# base
apps:
  web:
    tag: "1.10" # a text
    list: [a, {b: c}]
    labels: {example.com/team: x, "": none}
    size: 1
plain: yes'
	put $APP/integration/override.yaml 'apps: {web: {size: 2}}'
	put $APP/$US/override.yaml 'apps:
  web:
    size: 3
    gone: null'
	put $APP/integration/s1/patch-001.yaml 'metadata: {description: d}
apps:
  web:
    size: 4'
	put config/mgmt/second/values.yaml 'apps: {db: {tag: v1}}
plain: later'
	put config/mgmt/third/integration/override.yaml 'third: has no values.yaml'
	remember
}

@test "values: the whole target, with its facts and all applications" {
	setup_values
	prints 'cluster:
  environment: integration
  sector: s1
  region: us
apps:
  web:
    project: edge
    tag: "1.10"
    list: [a, {b: c}]
    labels: {example.com/team: x, "": none}
    size: 3
    gone: null
  db:
    project: edge
    tag: v1
plain: later' values mgmt $US
}

@test "values: one application" {
	setup_values
	prints 'apps:
  db:
    project: edge
    tag: v1
plain: later' values mgmt $US second
	prints 'third: has no values.yaml' values mgmt $US third
}

@test "values: another target" {
	setup_values
	gives 0 values mgmt integration/s1/eu app
	has "$output" "size: 4"
	gives 0 values mgmt integration/s2/us app
	has "$output" "size: 2"
	gives 0 values mgmt stage/s1/us app
	has "$output" "size: 1"
}

@test "values: as JSON" {
	setup_values
	prints '{
  "apps": {
    "db": {
      "project": "edge",
      "tag": "v1"
    }
  },
  "plain": "later"
}' values -o json mgmt $US second
	gives 0 values --output=yaml mgmt $US second
	has "$output" "project: edge"
}

@test "values: another program reads the YAML and the JSON as the same" {
	setup_values
	promote values mgmt $US >"$BATS_TEST_TMPDIR/yaml"
	promote values -o json mgmt $US >"$BATS_TEST_TMPDIR/json"
	"$PYTHON" -c 'import json, sys, yaml
a, b = yaml.safe_load(open(sys.argv[1])), json.load(open(sys.argv[2]))
assert a == b, (a, b)
assert a["apps"]["web"]["tag"] == "1.10" and a["apps"]["web"]["gone"] is None, a
assert a["cluster"] == {"environment": "integration", "sector": "s1", "region": "us"}, a' \
		"$BATS_TEST_TMPDIR/yaml" "$BATS_TEST_TMPDIR/json"
}

@test "values: JSON has what Helm and kubectl make of the files" {
	put $APP/values.yaml 'no: no
0x1F: [0644, 0x1F, 1_000, 1e3, .03333, 0.10, 1.0, -0.0, 12345678901234567890, 123456789012345678901]
words: [yes, "yes", y, ~, 2001-01-01, 12:30, ! 7, !mine 7, !!int "7", !!binary aGk=, !!binary /2E=]'
	remember
	prints '{
  "false": false,
  "31": [
    420,
    31,
    1000,
    1000,
    0.03333,
    0.1,
    1,
    -0,
    12345678901234567890,
    123456789012345680000
  ],
  "words": [
    true,
    "yes",
    true,
    null,
    "2001-01-01",
    "12:30",
    "7",
    "7",
    7,
    "hi",
    "�a"
  ]
}' values -o json mgmt stage/s1/us app
}

@test "values: what JSON cannot have is an error with its path" {
	local row
	for row in '.inf|.inf' '-.INF|-.INF' '.nan|.nan' '!!int x|x' '!!binary x|x'; do
		put $APP/values.yaml "0x1F: {a.b: [1, {c: ${row%|*}}]}"
		gives 3 values -o json mgmt stage/s1/us app
		[ -z "$output" ] || fail "$output"
		has "$stderr" "ERROR: 31.\"a.b\".1.c: JSON has no value for ${row#*|}; write text, in quotes"
		gives 0 values mgmt stage/s1/us app
	done
}

@test "values and explain: one key in two spellings" {
	rm -r $APP/integration
	put $APP/values.yaml 'ports:
  8080: a
  0x1F: b'
	put $APP/$US/patch-001.yaml 'ports: {"8080": c, 31: d, "0x1F": e}'
	remember
	prints 'ports:
  8080: c
  0x1F: d
  "0x1F": e' values mgmt $US app
	prints 'ports.8080: c
  set by config/mgmt/app/integration/s1/us/patch-001.yaml:1
  hides  config/mgmt/app/values.yaml:2: a' explain mgmt app $US ports.8080
	prints 'ports.31: d
  set by config/mgmt/app/integration/s1/us/patch-001.yaml:1
  hides  config/mgmt/app/values.yaml:3: b' explain mgmt app $US ports.31
	prints 'ports.0x1F: e
  set by config/mgmt/app/integration/s1/us/patch-001.yaml:1' explain mgmt app $US ports.0x1F
}

@test "explain: a path may spell a key as the file does" {
	rm -r $APP/integration
	put $APP/values.yaml 'codes: {0x1F: {yes: a, "no": b}, "0644": c}'
	remember
	prints 'codes.31.true: a
  set by config/mgmt/app/values.yaml:1' explain mgmt app $US codes.0x1F.yes
	prints 'codes.31.no: b
  set by config/mgmt/app/values.yaml:1' explain mgmt app $US codes.31.no
	prints 'codes.0644: c
  set by config/mgmt/app/values.yaml:1' explain mgmt app $US codes.0644
	gives 3 explain mgmt app $US codes.420
	has "$stderr" "codes.420: the target has no such value. Available there: 31, 0644"
	gives 3 explain mgmt app $US codes.0x1F.off.x
	has "$stderr" "codes.0x1F.off.x: the target has no such value. Available there: true, no"
}

@test "values: no byte that a terminal could obey, in tags and text" {
	put $APP/values.yaml "$(printf 'rev: !<%%1B[31m%%07%%0A> x\nway: \xe2\x80\xaeab\nodd: !mine a\xe2\x80\xaeb\nesc: "\\e[1m\\x9b\\u061c"')"
	remember
	prints 'rev: !<%1B%5B31m%07%0A> x
way: "\u202Eab"
odd: !mine "a\u202Eb"
esc: "\x1B[1m\u009B\u061C"' values mgmt stage/s1/us app
	prints '{
  "rev": "x",
  "way": "\u202Eab",
  "odd": "a\u202Eb",
  "esc": "\u001B[1m\u009B\u061C"
}' values -o json mgmt stage/s1/us app
}

@test "values: no values" {
	prints '{}' values mgmt stage/s1/us app
	prints '{}' values -o json mgmt stage/s1/us app
	prints 'cluster:
  environment: stage
  sector: s1
  region: us' values mgmt stage/s1/us
}

# stream of all targets of setup_values: each document is what `values` prints for its target
all_yaml() {
	local target
	for target in integration/s1/us integration/s1/eu integration/s2/us stage/s1/us; do
		printf -- '---\n# %s\n' $target
		promote values mgmt $target
	done
}

@test "values: a key that is too long for one line" {
	local long
	long=$(printf '%01001d' 0 | tr 0 k)
	put $APP/values.yaml "? $long
: a: {? $long : 1}
  b: [x]"
	remember
	prints "? $long
:
  a: {? $long: 1}
  b: [x]" values mgmt stage/s1/us app
	gives 0 values mgmt
	has "$output" "
? $long
:
  a: {? $long: 1}
  b: [x]
---"
}

@test "values of all targets: a stream of documents, each with its target" {
	setup_values
	prints "$(all_yaml)" values mgmt
	prints "$(all_yaml)" values -o yaml mgmt
}

@test "values of all targets: one JSON object, by target" {
	put $APP/values.yaml 'a: {b: [1, {c: x}], d: {}}
list: []'
	put $APP/integration/s1/us/override.yaml 'a: {d: {e: null}}'
	cat >config/config.yaml <<-'END'
		dimensions: [environments, sectors]
		sequence:
		  environments: [{name: integration, sectors: [s1]}, stage]
		cluster_types: [mgmt]
	END
	remember
	prints '{
  "integration/s1": {
    "cluster": {
      "environment": "integration",
      "sector": "s1"
    },
    "a": {
      "b": [
        1,
        {
          "c": "x"
        }
      ],
      "d": {}
    },
    "list": [],
    "value": "new"
  },
  "stage": {
    "cluster": {
      "environment": "stage"
    },
    "a": {
      "b": [
        1,
        {
          "c": "x"
        }
      ],
      "d": {}
    },
    "list": []
  }
}' values -o json mgmt
}

@test "values of all targets: of a cluster type without applications" {
	rm -r $APP
	remember
	gives 0 values mgmt
	[ "${lines[*]:0:7}" = "--- # integration/s1/us cluster:   environment: integration   sector: s1   region: us ---" ] ||
		fail "$output"
	[ "${#lines[@]}" -eq 24 ] || fail "$output"
	rm -r config/mgmt
	remember
	refuses 3 "config/mgmt: not found" values mgmt
}

@test "values of all targets: names and values that a terminal could obey" {
	printf 'dimensions: [environments]\nsequence: {environments: ["a\\u202eb", "c: #\\"d\\"", "-- x", "\xe6\x97\xa5"]}\ncluster_types: [mgmt]\n' >config/config.yaml
	rm -r $APP/integration
	put $APP/values.yaml 'a: "\e[31m"'
	remember
	prints '---
# a\xe2\x80\xaeb
cluster:
  environment: "a\u202Eb"
a: "\x1B[31m"
---
# c: #"d"
cluster:
  environment: "c: #\"d\""
a: "\x1B[31m"
---
# -- x
cluster:
  environment: "-- x"
a: "\x1B[31m"
---
# 日
cluster:
  environment: 日
a: "\x1B[31m"' values mgmt
	gives 0 values -o json mgmt
	[ "$(grep '^  "' <<<"$output")" = '  "a\u202Eb": {
  "c: #\"d\"": {
  "-- x": {
  "日": {' ] || fail "$output"
}

@test "values of all targets: a broken file anywhere is refused before anything is written" {
	setup_values
	put config/mgmt/third/stage/s1/us/override.yaml 'a: b: c'
	remember
	local format
	for format in yaml json; do
		refuses 3 "config/mgmt/third/stage/s1/us/override.yaml:1:5: not valid YAML: mapping values are not allowed in this context" \
			values -o $format mgmt
	done
	rm config/mgmt/third/stage/s1/us/override.yaml
	mkdir config/mgmt/third/stage/s1/us/override.yaml
	remember
	gives 3 values mgmt
	[ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ] || fail "$output" "$stderr"
}

@test "values of all targets: what JSON cannot have is refused, unless every target hides it" {
	setup_values
	put $APP/stage/s1/us/override.yaml 'apps: {web: {size: .inf}}'
	remember
	refuses 3 "stage/s1/us: apps.web.size: JSON has no value for .inf; write text, in quotes" values -o json mgmt
	gives 0 values mgmt
	rm -r $APP/stage
	put $APP/values.yaml 'apps: {web: {size: .nan}}'
	put $APP/stage/override.yaml 'apps: {web: {size: 1}}'
	remember
	gives 0 values -o json mgmt
	has "$output" '"size": 1'
	has_not "$output" nan
}

@test "values of all targets: an output that is full, closed or read in part is an error" {
	setup_values
	local i
	for ((i = 0; i < 100; i++)); do
		put config/mgmt/app$i/values.yaml "apps: {app$i: {text: x$(printf '%0500d' 0)}}"
	done
	remember
	local format
	for format in yaml json; do
		status=0
		(exec "$PROMOTE" values -o $format mgmt) >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
		[ "$status" -eq 1 ] || fail "exit status $status"
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: No space left on device" ] ||
			fail "$(<"$BATS_TEST_TMPDIR/err")"
		status=0
		(exec "$PROMOTE" values -o $format mgmt) >&- 2>"$BATS_TEST_TMPDIR/err" || status=$?
		[ "$status" -eq 1 ] || fail "exit status $status"
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: Bad file descriptor" ] ||
			fail "$(<"$BATS_TEST_TMPDIR/err")"
		# the reader leaves in the middle: of some 200,000 bytes a pipe holds 65,536
		{
			status=0
			(exec "$PROMOTE" values -o $format mgmt) 2>"$BATS_TEST_TMPDIR/err" || status=$?
			echo "$status" >"$BATS_TEST_TMPDIR/status"
		} | head -c 100 >/dev/null
		[ "$(<"$BATS_TEST_TMPDIR/status")" -eq 1 ] || fail "exit status $(<"$BATS_TEST_TMPDIR/status")"
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: Broken pipe" ] ||
			fail "$(<"$BATS_TEST_TMPDIR/err")"
	done
	unchanged
}

@test "values: an application in the place of a target" {
	setup_values
	refuses 3 "app: not a target but an application; a target comes before it: promote values mgmt TARGET app" \
		values mgmt app
	refuses 3 "app: not a target but an application; a target comes before it: promote values mgmt $US app" \
		values mgmt app $US
	refuses 3 "app: not a target but an application; a target comes before it: promote values mgmt TARGET app" \
		values mgmt app nowhere
	refuses 3 "ap: the fleet has no such position" values mgmt ap
	mkdir config/mgmt/stage
	remember
	refuses 3 "stage: not a target, since it has positions below it, such as stage/s1" values mgmt stage
}

@test "values: a branch that stops early, and dimensions of other names" {
	cat >config/config.yaml <<-'END'
		dimensions: [rings, cells, address]
		sequence:
		  rings: [solo, {name: "007", cells: [{name: c1}]}]
		cluster_types: [mgmt]
	END
	rm -r $APP/integration
	put $APP/values.yaml "a: 1"
	put $APP/007/override.yaml "a: 2"
	remember
	prints 'cluster:
  ring: solo
a: 1' values mgmt solo
	prints 'cluster:
  ring: "007"
  cell: c1
a: 2' values mgmt 007/c1
}

@test "values: an unknown target" {
	refuses 3 "integration/s1: not a target, since it has positions below it, such as integration/s1/us" \
		values mgmt integration/s1
	refuses 3 "integration/s1/uss: the fleet has no such position. Did you mean 'integration/s1/us'?" \
		values mgmt integration/s1/uss
	refuses 3 "integration/s1: not a target, since it has positions below it, such as integration/s1/us" \
		explain mgmt app integration/s1
}

@test "values and explain: an unknown cluster type or application" {
	refuses 3 "Cluster type 'mgm' not found. Available: mgmt. Did you mean 'mgmt'?" values mgm $US
	refuses 3 "Cluster type 'mgm' not found. Available: mgmt. Did you mean 'mgmt'?" values mgm $US app
	refuses 3 "Application 'web' not found. Available: app" values mgmt $US web
	refuses 3 "Application 'web' not found. Available: app" explain mgmt web $US
}

@test "values and explain: too few and too many arguments" {
	local usage="arguments: promote values takes CLUSTER_TYPE [TARGET [APPLICATION]]; see promote values --help"
	refuses 2 "too few $usage" values
	refuses 2 "too many $usage" values mgmt $US app more
	usage="arguments: promote explain takes CLUSTER_TYPE APPLICATION TARGET [PATH]; see promote explain --help"
	refuses 2 "too few $usage" explain
	refuses 2 "too few $usage" explain mgmt app
	refuses 2 "too many $usage" explain mgmt app $US a b
}

@test "values and explain: a file that is not YAML, with its line" {
	put $APP/stage/override.yaml 'a: 1
b: c: d'
	remember
	gives 3 values mgmt $US
	[[ $stderr == "ERROR: $APP/stage/override.yaml:2:"* ]] || fail "$stderr"
	gives 3 explain mgmt app $US
	[[ $stderr == "ERROR: $APP/stage/override.yaml:2:"* ]] || fail "$stderr"
	unchanged
}

@test "explain: all values of a target, with what they hide" {
	setup_values
	prints "apps.web.project: edge
  set by config/mgmt/defaults.yaml:3
apps.web.tag: \"1.10\"
  set by $APP/values.yaml:4
apps.web.list: [a, {b: c}]
  set by $APP/values.yaml:5
apps.web.labels.\"example.com/team\": x
  set by $APP/values.yaml:6
apps.web.labels.\"\": none
  set by $APP/values.yaml:6
apps.web.size: 3
  set by $APP/$US/override.yaml:3
  hides  $APP/integration/s1/patch-001.yaml:4: 4
  hides  $APP/integration/override.yaml:1: 2
  hides  $APP/values.yaml:7: 1
apps.web.gone: null
  set by $APP/$US/override.yaml:4
plain: yes
  set by $APP/values.yaml:8" explain mgmt app $US
}

@test "explain: one path" {
	setup_values
	prints "apps.web.size: 2
  set by $APP/integration/override.yaml:1
  hides  $APP/values.yaml:7: 1" explain mgmt app integration/s2/us apps.web.size
}

@test "explain: a path with more below it" {
	setup_values
	prints "apps.web.labels.\"example.com/team\": x
  set by $APP/values.yaml:6
apps.web.labels.\"\": none
  set by $APP/values.yaml:6" explain mgmt app $US apps.web.labels
}

@test "explain: paths that are too long all together" {
	local key text='' i

	key=$(printf '%01000d' 0 | tr 0 k)
	for ((i = 0; i < 100; i++)); do
		text+=$(printf '%*s%s:' $i '' "$key")$'\n'
	done
	for ((i = 0; i < 400; i++)); do
		text+=$(printf '%100sx%d: 1' '' $i)$'\n'
	done
	put $APP/values.yaml "${text}short: {a: 1}"
	remember
	refuses 3 "$US: the paths of its values are too long, all together, to explain them at once; name a PATH that has fewer below it" explain mgmt app $US
	prints "short.a: 1
  set by $APP/values.yaml:501" explain mgmt app $US short
}

@test "explain: keys with dots are quoted, empty ones too" {
	setup_values
	prints "apps.web.labels.\"example.com/team\": x
  set by $APP/values.yaml:6" explain mgmt app $US 'apps.web.labels."example.com/team"'
	prints "apps.web.labels.\"\": none
  set by $APP/values.yaml:6" explain mgmt app $US 'apps.web.labels.""'
	refuses 2 "the path 'apps..web' has an empty part; write a key that is empty as \"\"" explain mgmt app $US apps..web
	refuses 2 "the path '' has an empty part; write a key that is empty as \"\"" explain mgmt app $US ''
	gives 2 explain mgmt app $US 'apps."web'
	one_error "the path 'apps.\"web': a quoted key must end with a quote and a dot or the path's end"
}

@test "explain: keys with quotes and backslashes" {
	put $APP/values.yaml '"say \"hi.\"": {"\"": 1}
"a\\.b": 2'
	remember
	prints '"say \"hi.\""."\"": 1
  set by '$APP'/values.yaml:1
"a\\.b": 2
  set by '$APP'/values.yaml:2' explain mgmt app stage/s1/us
	prints '"a\\.b": 2
  set by '$APP'/values.yaml:2' explain mgmt app stage/s1/us '"a\\.b"'
}

@test "explain: items of a list by index" {
	setup_values
	prints "apps.web.list.0: a
  set by $APP/values.yaml:5" explain mgmt app $US apps.web.list.0
	prints "apps.web.list.1.b: c
  set by $APP/values.yaml:5" explain mgmt app $US apps.web.list.1.b
	refuses 3 "apps.web.list.2: the target has no such value" explain mgmt app $US apps.web.list.2
	refuses 3 "apps.web.list.-1: the target has no such value" explain mgmt app $US apps.web.list.-1
}

@test "explain: a value that replaces a list or a mapping above the path hides the values in it" {
	put $APP/values.yaml 'a: [x, y]
m: {k: 1}'
	put $APP/stage/override.yaml 'a: [z]
m: text'
	remember
	prints "a.0: z
  set by $APP/stage/override.yaml:1
  hides  $APP/values.yaml:1: x" explain mgmt app stage/s1/us a.0
	prints "m: text
  set by $APP/stage/override.yaml:2
  hides  $APP/values.yaml:2: {k: 1}" explain mgmt app stage/s1/us m
	refuses 3 "m.k: the target has no such value" explain mgmt app stage/s1/us m.k
}

@test "explain: an unknown path lists those that exist" {
	setup_values
	refuses 3 "apps.wbe.size: the target has no such value. Available there: web" explain mgmt app $US apps.wbe.size
	refuses 3 "nothing: the target has no such value. Available there: apps, plain" explain mgmt app $US nothing
	refuses 3 "plain.more: the target has no such value" explain mgmt app $US plain.more
}

@test "explain: as JSON" {
	setup_values
	prints '{
  "apiVersion": "promote/v1",
  "kind": "Explanation",
  "clusterType": "mgmt",
  "application": "app",
  "target": "integration/s2/us",
  "values": [
    {
      "path": "apps.web.size",
      "value": 2,
      "file": "config/mgmt/app/integration/override.yaml",
      "line": 1,
      "hides": [
        {
          "file": "config/mgmt/app/values.yaml",
          "line": 7,
          "value": 1
        }
      ]
    }
  ]
}' explain -o json mgmt app integration/s2/us apps.web.size
}

@test "explain: long values are cut, but not with --verbose" {
	local long
	printf -v long '%0100d' 0
	put $APP/values.yaml "a: x$long"
	gives 0 explain mgmt app stage/s1/us a
	[ "${lines[0]}" = "a: x${long:0:59}..." ] || fail "${lines[0]}"
	gives 0 explain -v mgmt app stage/s1/us a
	[ "${lines[0]}" = "a: x$long" ]
}

@test "explain: no values" {
	prints '' explain mgmt app stage/s1/us
	refuses 3 "a: the target has no such value" explain mgmt app stage/s1/us a
}

@test "control characters in keys and values are shown as text" {
	put $APP/values.yaml '"k\e[31m": "v\e[32m"'
	put $APP/integration/s1/patch-001.yaml '"k\e[31m": "w\e[33m"'
	remember
	prints '"k\x1b[31m": v\x1b[32m
  set by '$APP'/values.yaml:1' explain mgmt app stage/s1/us
	gives 0 --dry-run mgmt app patch-001
	has_not "$output" $'\e'
	has "$output" '"k\x1b[31m": v\x1b[32m → w\x1b[33m'
	gives 3 explain mgmt app stage/s1/us nothing
	has_not "$stderr" $'\e'
	gives 0 values mgmt stage/s1/us app
	has_not "$output" $'\e'
}

@test "help of each command" {
	local ask
	for ask in "values --help" "--help values" "help values" "values -h mgmt"; do
		# shellcheck disable=SC2086 # words
		gives 0 $ask
		has "$output" "Usage: promote values [OPTIONS] CLUSTER_TYPE [TARGET [APPLICATION]]"
		has "$output" "yaml or json"
		has_not "$output" "--dry-run"
		has_not "$output" "--verbose"
	done
	gives 0 explain --help
	has "$output" "Usage: promote explain [OPTIONS] CLUSTER_TYPE APPLICATION TARGET [PATH]"
	has "$output" "text, json or markdown"
	has "$output" "  -v, --verbose               show values in full"
	has_not "$output" "--approve"
	refuses 2 "unknown command 'fleets'; see promote --help" help fleets
	refuses 2 "too many arguments: promote help takes [COMMAND]; see promote --help" help values explain
}

@test "options of other commands" {
	local option
	for option in dry-run prune-overrides diff yes interactive no-input no-generate no-check-rendered accept-conflict verbose quiet; do
		refuses 2 "--$option is not an option of promote values; see promote values --help" values mgmt $US --$option
	done
	for option in level=region from=stage approve=stage generate-command=true; do
		refuses 2 "--${option%=*} is not an option of promote explain; see promote explain --help" --$option explain mgmt app $US
	done
	refuses 2 "--output=text: must be yaml or json" values -o text mgmt $US
	refuses 2 "--output=yaml: must be text, json or markdown" explain -o yaml mgmt app $US
	refuses 2 "--output=yaml: must be text, json or markdown" -o yaml mgmt app patch-001
	refuses 2 "--output=: must be text, json or markdown" -o '' mgmt app patch-001
}

@test "cluster types with the name of a command are written after --" {
	local name
	for name in values explain matrix; do
		make_fleet "$BATS_TEST_TMPDIR/$name"
		sed -i "s/name: mgmt/name: $name/" "$BATS_TEST_TMPDIR/$name/config/config.yaml"
		mv "$BATS_TEST_TMPDIR/$name/config/mgmt" "$BATS_TEST_TMPDIR/$name/config/$name"
		gives 3 -C "$BATS_TEST_TMPDIR/$name" $name app patch-001 stage
		gives 0 -q -C "$BATS_TEST_TMPDIR/$name" -- $name app patch-001
		[ -e "$BATS_TEST_TMPDIR/$name/config/$name/app/integration/patch-001.yaml" ]
	done
}

@test "values and explain do not wait for a step: its generator may call them" {
	setup_values
	exec 8<.
	flock -x 8
	gives 0 values mgmt $US
	gives 0 explain mgmt app $US
	exec 8<&-
	unchanged
	makefile 'generate:' $'\t"$(PROMOTE)" values mgmt stage/s1/us >values.txt'
	gives 0 --approve=stage mgmt app patch-001
	[ -s values.txt ]
	rm values.txt
}

@test "values and explain warn of a step that was not finished, and go on" {
	local warning="WARNING: a run was killed in the middle of a step; 'promote recover' finishes or undoes it"
	rm -r $APP/integration
	put $APP/values.yaml 'value: old'
	put $APP/integration/s1/patch-001.yaml 'value: new'
	status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	remember
	gives 0 values mgmt integration/s2/us app
	[ "$output" = "value: new" ] || fail "$output"
	[ "$stderr" = "$warning" ] || fail "$stderr"
	gives 0 values -o json mgmt
	[ "$stderr" = "$warning" ] || fail "$stderr"
	gives 0 explain mgmt app integration/s2/us value
	[ "$output" = "value: new
  set by $APP/integration/patch-001.yaml:1
  hides  $APP/values.yaml:1: old" ] || fail "$output"
	[ "$stderr" = "$warning" ] || fail "$stderr"
	unchanged
	promote recover -q
	gives 0 values mgmt integration/s2/us app
	[ "$output$stderr" = "value: old" ] || fail "$output$stderr"
}

@test "explain: a section of defaults.yaml that is hidden as a whole has a line" {
	put config/mgmt/defaults.yaml "# what all have
extra:
  default: {a: 1}"
	put $APP/values.yaml "extra: {one: {b: 2}}"
	put $APP/integration/s1/us/override.yaml "extra: none"
	remember
	prints "extra: none
  set by config/mgmt/app/integration/s1/us/override.yaml:1
  hides  config/mgmt/app/values.yaml:1: {one: {b: 2}}
  hides  config/mgmt/defaults.yaml:3: {one: {a: 1}}" explain mgmt app $US extra
}
