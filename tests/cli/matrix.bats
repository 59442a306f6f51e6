#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# promote matrix: which value is where.

load common

US=integration/s1/us
USUAL='applications.*.source.targetRevision'

# Two applications, one without values.yaml, and a target that is an environment.
setup_matrix() {
	sed -i 's/^cluster_types:/    - lab\ncluster_types:/' config/config.yaml
	put config/mgmt/defaults.yaml 'applications:
  default:
    project: edge'
	put $APP/values.yaml 'applications:
  app:
    source:
      targetRevision: "1.10"
    args: [a, {b: c}]'
	put $APP/integration/s1/patch-001.yaml 'applications:
  app:
    source:
      targetRevision: 2.0'
	put $APP/$US/override.yaml 'applications:
  app:
    source: {targetRevision: 2.0, extra: yes}'
	put $APP/stage/override.yaml 'applications:
  app: ~'
	put config/mgmt/web/values.yaml 'applications:
  web:
    source:
      targetRevision: v1'
	put config/mgmt/idle/integration/patch-001.yaml 'applications: {web: {source: {targetRevision: v2}}}'
	remember
}

# at COLUMNS ARGUMENT...: what it prints at a terminal of that many columns is in $output
at() {
	output=$("$PYTHON" -B "$here/terminal.py" --columns "$1" "$PROMOTE" matrix "${@:2}")
}

@test "the versions of all applications, by the first dimension" {
	setup_matrix
	prints "$USUAL
APPLICATION  integration  stage    lab
app          *            (unset)  \"1.10\"
web          v1           v1       v1" matrix mgmt
}

@test "by another dimension, in singular and plural; a branch that ends early has a column" {
	setup_matrix
	local by
	for by in sector sectors; do
		prints "$USUAL
APPLICATION  integration/s1  integration/s2  stage/s1  lab
app          2.0             \"1.10\"          (unset)   \"1.10\"
web          v1              v1              v1        v1" matrix --by=$by mgmt
	done
	for by in target region; do
		prints "$USUAL
APPLICATION  integration/s1/us  integration/s1/eu  integration/s2/us  stage/s1/us  lab
app          2.0                2.0                \"1.10\"             (unset)      \"1.10\"
web          v1                 v1                 v1                 v1           v1" matrix --by=$by mgmt
	done
	refuses 3 "--by=zone: the fleet has no such dimension. Available: environment, sector, region, target" matrix --by=zone mgmt
	refuses 3 "--by=: the fleet has no such dimension. Available: environment, sector, region, target" matrix --by= mgmt
}

@test "one application, and paths with stars" {
	setup_matrix
	prints "$USUAL
APPLICATION  integration  stage  lab
web          v1           v1     v1" matrix mgmt web
	prints 'APPLICATION  PATH                                    integration  stage    lab
app          applications.app.project                edge         (unset)  edge
app          applications.app.source.targetRevision  *            (unset)  "1.10"
app          applications.app.source.extra           *            (unset)  (unset)
app          applications.app.args                   [a, {b: c}]  (unset)  [a, {b: c}]
app          applications.app                        *            null     {project: edge, source: {targetRevision: "1.10"}, args: [a, ...' \
		matrix mgmt app 'applications.**'
	prints 'applications.app.args.1.*
APPLICATION  integration  stage    lab
app          c            (unset)  c' matrix mgmt 'applications.app.args.1.*'
	prints 'applications.*.pro*
APPLICATION  integration  stage    lab
app          edge         (unset)  edge
web          edge         edge     edge' matrix mgmt 'applications.*.pro*'
}

@test "the second word is an application or a path" {
	setup_matrix
	put config/mgmt/a.b/values.yaml 'a: {b: 1}
web: 2'
	remember
	prints "a.*
APPLICATION  integration  stage  lab
a.b          1            1      1" matrix mgmt a.b 'a.*'
	refuses 3 "$USUAL: no target has such a value of a.b" matrix mgmt a.b
	prints 'a."b"
APPLICATION  integration  stage  lab
a.b          1            1      1' matrix mgmt 'a."b"'
	prints '"web"
APPLICATION  integration  stage  lab
a.b          2            2      2' matrix mgmt '"web"'
	refuses 3 "'wib' is neither an application of mgmt nor the path of a value. Available: a.b, app, idle, web. Did you mean 'web'?" matrix mgmt wib
	refuses 3 "'nothing' is neither an application of mgmt nor the path of a value. Available: a.b, app, idle, web" matrix mgmt nothing
	refuses 3 "no.such: no target of mgmt has such a value" matrix mgmt no.such
	refuses 3 "Application 'wib' not found. Available: a.b, app, idle, web. Did you mean 'web'?" matrix mgmt wib a.b
	refuses 3 "Cluster type 'mgtm' not found. Available: mgmt. Did you mean 'mgmt'?" matrix mgtm
	refuses 3 "idle has no values.yaml, so it is part of no target" matrix mgmt idle
	refuses 2 "the path 'a.**.**': ** may be used only once" matrix mgmt 'a.**.**'
	refuses 2 "the path 'a..b' has an empty part; write a key that is empty as \"\"" matrix mgmt a..b
}

@test "a cluster type without applications" {
	printf '  - name: empty\n' >>config/config.yaml
	remember
	refuses 3 "$USUAL: no target of empty has such a value" matrix empty
	refuses 3 "'x' is neither an application of empty nor the path of a value. Available: none" matrix empty x
}

@test "wide: paths, whole values, and all values instead of a star" {
	setup_matrix
	local long
	printf -v long '%0100d' 0
	put config/mgmt/web/values.yaml "applications: {web: {source: {targetRevision: v$long}}}"
	remember
	prints "APPLICATION  PATH                                    integration  stage    lab
app          applications.app.source.targetRevision  2.0, \"1.10\"  (unset)  \"1.10\"" \
		matrix -o wide mgmt app
	gives 0 matrix -o wide mgmt web
	[ "${lines[1]}" = "web          applications.web.source.targetRevision  v$long  v$long  v$long" ] || fail "$output"
	prints "APPLICATION  PATH                           integration   stage    lab
app          applications.app.source.extra  yes, (unset)  (unset)  (unset)" matrix -o wide mgmt applications.app.source.extra
}

@test "--why: the files and lines that decide" {
	setup_matrix
	prints "app applications.app.source.targetRevision
  * (2.0, \"1.10\"): integration
    2.0 set by $APP/$US/override.yaml:3
    2.0 set by $APP/integration/s1/patch-001.yaml:4
    \"1.10\" set by $APP/values.yaml:4
  (unset): stage
    unset by $APP/stage/override.yaml:2
  \"1.10\": lab
    set by $APP/values.yaml:4
web applications.web.source.targetRevision
  v1: integration, stage, lab
    set by config/mgmt/web/values.yaml:4" matrix --why mgmt
	prints "app applications.app.project
  edge: $US, integration/s1/eu, integration/s2/us, lab
    set by config/mgmt/defaults.yaml:3
  (unset): stage/s1/us
    unset by $APP/stage/override.yaml:2" matrix --why --by=target mgmt app applications.app.project
	prints "app applications.app.source.extra
  * (yes, (unset)): integration
    yes set by $APP/$US/override.yaml:3
  (unset): stage
    unset by $APP/stage/override.yaml:2
  (unset): lab" matrix --why mgmt app applications.app.source.extra
}

@test "--where: the targets that have a value" {
	setup_matrix
	prints 'app applications.app.source.targetRevision
  integration/s2/us
  lab' matrix --where=1.10 mgmt
	prints 'app applications.app.source.targetRevision
  integration/s1/us
  integration/s1/eu' matrix --where 2 mgmt
	prints 'app applications.app.source.extra
  integration/s1/us' matrix --where true mgmt '**'
	prints 'app applications.app
  stage/s1/us' matrix --where null -o wide mgmt '**'
	prints '' matrix --where nope mgmt
	prints '' matrix --where nope -o markdown mgmt
	refuses 3 "no.such: no target of mgmt has such a value" matrix --where 1 mgmt no.such
	refuses 2 "--where and --why cannot be used together" matrix --where 1 --why mgmt
}

@test "as JSON" {
	setup_matrix
	prints '{
  "apiVersion": "promote/v1",
  "kind": "Matrix",
  "clusterType": "mgmt",
  "by": "environments",
  "path": "applications.app.source.*",
  "columns": [
    "integration",
    "stage",
    "lab"
  ],
  "where": "yes",
  "rows": [
    {
      "application": "app",
      "path": "applications.app.source.extra",
      "cells": [
        {
          "position": "integration",
          "value": null,
          "differs": true,
          "unset": true,
          "values": [
            true
          ]
        },
        {
          "position": "stage",
          "value": null,
          "differs": false,
          "unset": true
        },
        {
          "position": "lab",
          "value": null,
          "differs": false,
          "unset": true
        }
      ],
      "targets": [
        "integration/s1/us"
      ]
    }
  ],
  "unreadable": [],
  "warnings": []
}' matrix -o json --where=yes mgmt 'applications.app.source.*'
	gives 0 matrix -o json --why --by=target mgmt app applications.app.source.targetRevision
	[ "$("$PYTHON" -c 'import json, sys
for cell in json.load(sys.stdin)["rows"][0]["cells"]:
    print(cell["position"], cell["value"], *[(x["file"], x["line"], x.get("value")) for x in cell["from"]])' <<<"$output")" = "\
$US 2 ('$APP/$US/override.yaml', 3, 2)
integration/s1/eu 2 ('$APP/integration/s1/patch-001.yaml', 4, 2)
integration/s2/us 1.10 ('$APP/values.yaml', 4, '1.10')
stage/s1/us None ('$APP/stage/override.yaml', 2, None)
lab 1.10 ('$APP/values.yaml', 4, '1.10')" ] || fail "$output"
}

@test "as markdown" {
	setup_matrix
	prints '| Application | Path | `integration` | `stage` | `lab` |
| --- | --- | --- | --- | --- |
| `app` | `applications.app.source.targetRevision` | `2.0`<br>`"1.10"` | (unset) | `"1.10"` |
| `web` | `applications.web.source.targetRevision` | `v1` | `v1` | `v1` |' matrix -o markdown mgmt
	prints '| Application | Path | `integration` | `stage` | `lab` |
| --- | --- | --- | --- | --- |
| `app` | `applications.app.source.extra` | `yes`<br>`'$APP/$US'/override.yaml:3`<br>(unset) | (unset)<br>`'$APP'/stage/override.yaml:2` | (unset) |' \
		matrix -o markdown --why mgmt app applications.app.source.extra
	prints '`app` `applications.app.source.targetRevision`

- `integration/s2/us`
- `lab`' matrix -o markdown --where=1.10 mgmt
}

@test "as markdown: whole applications are left out of what is too long" {
	local i name
	for name in one two three; do
		put config/mgmt/$name/values.yaml "$(for ((i = 0; i < 200; i++)); do printf 'key-of-%s-%03d: %050d\n' $name $i $i; done)"
	done
	remember
	gives 0 matrix -o markdown mgmt 'key*'
	[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -lt 65536 ]
	has "$output" "## one"
	has "$output" "key-of-three-199"
	[ "${lines[-1]}" = "Left out, to stay below 65536 bytes: two" ] || fail "${lines[-1]}"
	[ "$(grep -c '^| `' <<<"$output")" -eq 400 ]
}

@test "an application that cannot be read does not hide the others" {
	setup_matrix
	put $APP/stage/override.yaml 'a: 1
b: c: d'
	remember
	local table="$USUAL
APPLICATION  integration  stage  lab
web          v1           v1     v1"
	gives 3 matrix mgmt
	[ "$output" = "$table" ] || fail "$output"
	[[ $stderr == "ERROR: $APP/stage/override.yaml:2:"* && $stderr != *$'\n'* ]] || fail "$stderr"
	unchanged
	gives 3 matrix -o json mgmt
	[ "$("$PYTHON" -c 'import json, sys
document = json.load(sys.stdin)
print(document["kind"], [x["application"] for x in document["rows"]])
for x in document["unreadable"]:
    print(x["clusterType"], x["application"], x["code"], x["file"], x["line"])' <<<"$output")" = "Matrix ['web']
mgmt app broken-yaml $APP/stage/override.yaml 2" ] || fail "$output"
	gives 3 matrix -o json mgmt app
	has "$output" '"kind": "Error"'
	has "$output" '"code": "broken-yaml"'
	gives 3 matrix mgmt app
	[ -z "$output" ] || fail "$output"
	[[ $stderr == "ERROR: $APP/stage/override.yaml:2:"* ]] || fail "$stderr"
	gives 3 matrix mgmt nothing.there
	[ -z "$output" ] || fail "$output"
	rm -r config/mgmt/web
	gives 3 matrix mgmt
	[ -z "$output" ] || fail "$output"
}

@test "directories that cannot be listed, and links" {
	setup_matrix
	local table="$USUAL
APPLICATION  integration  stage  lab
web          v1           v1     v1"
	mv $APP/stage $APP/other
	ln -s other $APP/stage
	remember
	gives 3 matrix mgmt
	[ "$output" = "$table" ] || fail "$output"
	[[ $stderr == "ERROR: $APP/stage: "*link* && $stderr != *$'\n'* ]] || fail "$stderr"
	unchanged
	rm $APP/stage
	mkdir $APP/stage
	give_to_user
	chmod 0 $APP/stage
	status=0
	output=$(as_user "$PROMOTE" matrix mgmt 2>"$BATS_TEST_TMPDIR/err") || status=$?
	chmod 755 $APP/stage
	[ "$status" -eq 3 ] || fail "exit status $status"
	[ "$output" = "$table" ] || fail "$output"
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: $APP/stage: Permission denied" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
}

@test "files that were probably meant to be read are named" {
	setup_matrix
	put config/mgmt/web/stage/overrides.yaml 'applications: {web: {source: {targetRevision: v9}}}'
	local text="config/mgmt/web/stage/overrides.yaml is ignored; did you mean override.yaml?"
	gives 0 matrix mgmt
	[ "$stderr" = "WARNING: $text" ] || fail "$stderr"
	gives 0 matrix -o json mgmt web
	[ "$stderr" = "WARNING: $text" ] || fail "$stderr"
	[ "$("$PYTHON" -c 'import json, sys
for x in json.load(sys.stdin)["warnings"]:
    print(x["code"], x["severity"], x["clusterType"], x["application"], x["position"], x["message"])' <<<"$output")" = \
		"stray-file warning mgmt web stage $text" ] || fail "$output"
	gives 0 matrix mgmt app
	[ -z "$stderr" ] || fail "$stderr"
}

@test "names and values from files reach no terminal or page as they are" {
	mkdir -p config/mgmt/wéb日本
	put config/mgmt/wéb日本/values.yaml 'applications:
  "日本<script>|`x`": {source: {targetRevision: "\e[31mred\u202e|`a`*"}}
  star: {source: {targetRevision: "*"}}
  "a.b": {source: {targetRevision: (unset)}}'
	remember
	prints 'APPLICATION  PATH                                                 integration                   stage
wéb日本      applications.日本<script>|`x`.source.targetRevision  \x1b[31mred\xe2\x80\xae|`a`*  \x1b[31mred\xe2\x80\xae|`a`*
wéb日本      applications.star.source.targetRevision              "*"                           "*"
wéb日本      applications."a.b".source.targetRevision             "(unset)"                     "(unset)"' matrix mgmt
	gives 0 matrix -o markdown mgmt
	has_not "$output" '<script>'
	has_not "$output" $'\e'
	[ "$(sed -n '2,$s/[^|]//gp' <<<"$output" | sort -u)" = '|||||' ] || fail "$output"
	gives 0 matrix -o json mgmt
	has_not "$output" $'\e'
	local name
	printf -v name '%0200d' 0
	put config/mgmt/$name/values.yaml "applications: {$name: {source: {targetRevision: $name}}}"
	remember
	gives 0 matrix mgmt $name
	[ "${lines[2]}" = "$name  ${name:0:60}...  ${name:0:60}..." ] || fail "$output"
	at 80 --where=$name mgmt $name
	[ "$(wc -L <<<"$output")" -le 80 ] || fail "$output"
}

@test "at terminals of 20, 80 and 200 columns" {
	setup_matrix
	local columns
	for columns in 80 200; do
		at $columns mgmt
		[ "$output" = "$USUAL
APPLICATION  integration  stage    lab
app          *            (unset)  \"1.10\"
web          v1           v1       v1" ] || fail "$output"
	done
	at 20 mgmt
	[ "$output" = 'app applications.app
    .source.targetRe
    vision
  * (2.0, "1.10"):
    integration
  (unset): stage
  "1.10": lab
web applications.web
    .source.targetRe
    vision
  v1: integration,
    stage, lab' ] || fail "$output"
	at 80 --by=target mgmt app
	[ "$output" = "app applications.app.source.targetRevision
  2.0: $US, integration/s1/eu
  \"1.10\": integration/s2/us, lab
  (unset): stage/s1/us" ] || fail "$output"
	for columns in 20 45 80; do
		for option in --why --where=1.10 -owide; do
			at $columns $option mgmt
			[ "$(wc -L <<<"$output")" -le $columns ] || fail "$output"
		done
	done
}

@test "a wide character takes two columns" {
	setup_matrix
	put config/mgmt/日本/values.yaml 'applications: {x: {source: {targetRevision: 東京}}}'
	remember
	prints "$USUAL
APPLICATION  integration  stage    lab
app          *            (unset)  \"1.10\"
web          v1           v1       v1
日本         東京         東京     東京" matrix mgmt
}

@test "color marks where targets differ" {
	setup_matrix
	gives 0 matrix --color=always mgmt
	[ "${lines[2]}" = $'app          \e[33m*\e[0m            (unset)  "1.10"' ] || fail "${lines[2]}"
	gives 0 matrix --color=never mgmt
	has_not "$output" $'\e'
}

@test "an output that cannot be written" {
	setup_matrix
	local status=0
	stderr=$("$PROMOTE" matrix mgmt 2>&1 >/dev/full) || status=$?
	[ "$status" -eq 1 ] || fail "$status"
	[ "$stderr" = "ERROR: cannot write to standard output: No space left on device" ] || fail "$stderr"
}

@test "nobody is waited for, and the remains of a killed step do not matter" {
	setup_matrix
	exec 8<.
	flock -x 8
	gives 0 matrix mgmt
	exec 8<&-
	mkdir .promote
	gives 0 matrix mgmt
	rmdir .promote
	unchanged
}

@test "a step that was not finished is a warning" {
	put $APP/values.yaml 'value: old'
	status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	remember
	gives 0 matrix mgmt value
	unchanged
	[ "$output" = "value
APPLICATION  integration  stage
app          new          old" ] || fail "$output"
	[ "$stderr" = "WARNING: a run was killed in the middle of a step; 'promote recover' finishes or undoes it" ] ||
		fail "$stderr"
	gives 0 matrix -o json mgmt value
	has "$output" '"code": "unfinished-step"'
	promote recover -q
}

@test "help and options" {
	gives 0 matrix --help
	has "$output" "Usage: promote matrix [OPTIONS] CLUSTER_TYPE [APPLICATION] [PATH]"
	has "$output" "text, wide, json or markdown"
	refuses 2 "--dry-run is not an option of promote matrix; see promote matrix --help" matrix -n mgmt
	refuses 2 "--output=yaml: must be text, wide, json or markdown" matrix -o yaml mgmt
	refuses 2 "too few arguments: promote matrix takes CLUSTER_TYPE [APPLICATION] [PATH]; see promote matrix --help" matrix
	refuses 2 "too many arguments: promote matrix takes CLUSTER_TYPE [APPLICATION] [PATH]; see promote matrix --help" matrix a b c d
}
