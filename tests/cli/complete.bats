# SPDX-License-Identifier: Apache-2.0
# What the program answers a shell that completes: promote --complete -- WORD... The shells
# themselves are in tests/complete/.

load common.bash

# offers TEXT WORD...: the whole answer for the last word, with "|" for a tab; nothing is written
offers() {
	gives 0 --complete -- "${@:2}"
	[ -z "$stderr" ] || fail "standard error: $stderr"
	[ "$output" = "${1//|/$'\t'}" ] || fail "offered: $output" "expected: $1"
	unchanged
}

# silent WORD...: nothing is offered
silent() {
	offers "" "$@"
}

# all commands as --help lists them, for offers
commands() {
	promote --help | sed -n '/^Commands:/,/^If /s/^  \([a-z]*\)  *\(.*\)/\1|\2/p'
}

POSITIONS="integration/|environment
stage/|environment, manual gate"

@test "the first word: commands and cluster types" {
	offers "$(commands)
mgmt|cluster type" ""
	offers "$(commands)
mgmt|cluster type" --color never ""
	offers "mgmt|cluster type" -- ""
	gives 0 --complete
	[ "${lines[-1]}" = "mgmt"$'\t'"cluster type" ]
}

@test "a cluster type with the name of a command is offered behind --" {
	mkdir config/values config/help
	sed -i '/^cluster_types:/,$d' config/config.yaml
	remember
	offers "$(commands)
mgmt|cluster type" ""
	offers "help|cluster type
mgmt|cluster type
values|cluster type" -- ""
	offers "help|cluster type
mgmt|cluster type
values|cluster type" values ""
}

@test "help: commands" {
	offers "$(commands | grep -v '^help|')" help ""
	silent help values ""
}

@test "applications" {
	mkdir $APP-2 config/mgmt/.hidden
	touch config/mgmt/file
	remember
	offers "app|application
app-2|application" mgmt ""
	offers "app|application
app-2|application" -n mgmt --yes a
	offers "app|application
app-2|application" explain --verbose mgmt ""
	silent nothing ""
	silent .. ""
	silent ../config/mgmt ""
	silent "" ""
}

@test "patches, with where they are" {
	put $APP/stage/patch-002.yaml "a: 1"
	put $APP/integration/s1/us/patch-002.yaml "a: 1"
	put $APP/integration/patch-010.yaml "not yaml: ["
	put $APP/integration/s2/patch-010.yaml "a: 1"
	put $APP/integration/s2/override.yaml "a: 1"
	mkdir $APP/stage/patch-003.yaml
	ln -s patch-002.yaml $APP/stage/patch-004.yaml
	remember
	offers "patch-001|latest copy at integration/s1; 2 of 4 targets; next integration/s2
patch-002|latest copy at stage; 2 of 4 targets; gap
patch-010|latest copy at integration/s2; 3 of 4 targets; next stage/s1, gate stage" mgmt app ""
	silent mgmt app patch-001 ""
	silent mgmt none ""
	silent mgmt .. ""
}

@test "targets, a level at a time" {
	offers "$POSITIONS" values mgmt ""
	offers "$POSITIONS" values mgmt inte
	offers "integration/s1/|sector
integration/s2/|sector" values mgmt integration/
	offers "integration/s1/us|region
integration/s1/eu|region" values mgmt integration/s1/u
	silent values mgmt integration/s9/
	silent values mgmt integration/s1/us/
	silent values mgmt /
	silent values mgmt ../
}

@test "options of the command, and none behind --" {
	offers "--blame|show since which commit each value is what it is
--verbose|show values in full
--rev=|read this commit of git, not the working tree
--trust|trust a fleet that belongs to another user
--directory=|the fleet's root; else the nearest one upwards
--output=|the format
--color=|when to use color
--help|show this help
--version|show the version" explain -
	gives 0 --complete -- --
	has "$output" "--dry-run"$'\t'"show what would be done and write nothing"
	has "$output" "--from="$'\t'
	has_not "$output" "--complete"
	gives 0 --complete -- mgmt app --n
	has "$output" "--no-input"$'\t'
	silent explain mgmt app -- integration/s1/us -- -
}

@test "values of options: choices, positions, dimensions" {
	offers "--output=yaml|
--output=json|" values --output=
	offers "yaml|
json|" values -o ""
	offers "-oyaml|
-ojson|" values -oj
	offers "auto|
always|
never|" --color n
	offers "--approve=stage|environment, manual gate" mgmt app patch-001 --approve=
	offers "--app=stage|environment, manual gate" mgmt app patch-001 --app=
	offers "stage|environment, manual gate" --approve ""
	offers "--from=integration/s1|sector" mgmt app patch-001 --from=
	offers "integration/s1|sector" mgmt app patch-001.yaml --from x
	offers "environment|environments
sector|sectors
region|regions" --level ""
	offers "--to=integration|environment
--to=integration/s1|sector
--to=integration/s1/us|region
--to=integration/s1/eu|region" rollback mgmt app patch-001 --to=
	silent rollback mgmt app patch-009 --to=
	silent rollback --to=
	silent --from=
	silent mgmt app --from=
	silent mgmt app patch-009 --from=
	silent --lock-timeout=
	silent --dry-run=
	silent --d=
	silent --nothing=
	silent values --from=
	silent -xC
	silent mgmt app patch-001 -nx
}

@test "what the shell knows itself" {
	offers "|directory|" -C ""
	offers "|directory|" -C some/dir
	offers "|directory|--directory=" --directory=x
	offers "|directory|-nC" -nCx
	offers "|command|--generate-command=" --generate-command=
}

@test "the fleet of -C" {
	cd "$BATS_TEST_TMPDIR"
	offers_there() {
		gives 0 --complete -- "${@:2}"
		[ "$output$stderr" = "${1//|/$'\t'}" ] || fail "offered: $output$stderr"
	}
	offers_there "app|application" -C fleet mgmt ""
	offers_there "app|application" mgmt -C fleet ""
	offers_there "app|application" --directory=fleet mgmt ""
	offers_there "" mgmt ""
	offers_there "" -C tmp mgmt ""
	HOME=$PWD offers_there "app|application" -C '~/fleet' mgmt ""
	HOME=$PWD/fleet offers_there "app|application" -C '~' mgmt ""
	HOME=$PWD offers_there "" -C '~root/fleet' mgmt ""
	offers_there "$(commands)" ""
}

@test "paths of values" {
	put $APP/values.yaml 'app: {up: true, list: [a, {b: 1}], "a.b": {"q\"": x}, none: {}, nil: null, 80: x}'
	put $APP/integration/s1/patch-001.yaml "app: {up: false}"
	remember
	offers "app.|6 keys" explain mgmt app integration/s1/us ""
	offers 'app.up|false
app.list.|2 items
app."a.b".|1 key
app.none|{}
app.nil|null
app.80|x' explain mgmt app integration/s1/us app.u
	offers "app.list.0|a
app.list.1.|1 key" explain mgmt app integration/s1/us app.list.
	offers 'app."a.b".q"|x' explain mgmt app stage/s1/us 'app."a.b".'
	offers "app.list.1.b|1" explain mgmt app stage/s1/us app.list.1.
	silent explain mgmt app stage/s1/us app.up.
	silent explain mgmt app stage/s1/us app..
	silent explain mgmt app stage/s1/us .
	silent explain mgmt app stage ""
	silent explain mgmt none stage/s1/us ""
}

@test "paths of values to set" {
	put $APP/values.yaml 'app: {up: true, list: [a, {b: 1}], "a=b": x}'
	remember
	offers "app.|3 keys
value=|new" start mgmt app --set ""
	offers '--set=app.up=|true
--set=app.list.|2 items
--set=app."a=b"=|x' start mgmt app --set=app.
	offers 'app.up=|true
app.list.|2 items
app."a=b"=|x' start mgmt app --set app.
	offers "app.list[1].b=|1" start mgmt app --set-string "app.list[1]."
	silent start mgmt app --set app.up=x.
	silent start mgmt app --set 'app..'
	silent start mgmt none --set ""
}

@test "an argument that may be left out, and paths of any application" {
	put $APP/values.yaml "applications: {app: {version: 1}, other: {a: 2}}"
	mkdir config/mgmt/aaa
	remember
	offers "aaa|application
app|application
applications.|2 keys
value|new" matrix mgmt ""
	offers "aaa|application
app|application
applications.*.version|1" matrix mgmt applications.*.
	offers "applications.other.a|2" matrix mgmt app applications.other.
	silent matrix mgmt app applications. ""
	silent matrix mgmt aaa applications.*.none.
	offers "$POSITIONS" values mgmt ""
	offers "aaa|application
app|application" values mgmt integration/s1/us ""
	offers "environment|environments
sector|sectors
region|regions
target|a column for each target" matrix --by ""
	rm -r $APP
	remember
	offers "aaa|application" matrix mgmt ""
}

@test "diff: a cluster type behind a revision or without one, and the applications of one" {
	offers "mgmt|cluster type" diff ""
	offers "mgmt|cluster type" diff HEAD~1..HEAD ""
	offers "app|application" diff mgmt ""
	offers "app|application" diff HEAD mgmt ""
	silent diff HEAD none ""
	offers "--expect=any|
--expect=none|" diff --expect=
}

@test "what a terminal would obey is not offered, and an option's name only behind --" {
	local name
	for name in $'new\nline' $'tab\there' $'esc\e[31m' $'byte\xff' $'rtl\u202e' -dash 'sp ace' '$(touch evil)' "q'\"" ünï; do
		mkdir "config/mgmt/$name"
	done
	put $APP/values.yaml $'a: "x\\e[31my\\tz"\n"k\\ne": 1'
	remember
	offers '$(touch evil)|application
app|application
q'\''"|application
sp ace|application
ünï|application' mgmt ""
	offers '$(touch evil)|application
-dash|application
app|application
q'\''"|application
sp ace|application
ünï|application' -- mgmt ""
	offers 'a|x\x1b[31my\x09z
"k\x0ae"|1' explain mgmt app stage/s1/us ""
}

@test "nothing, and silently, if there is no fleet to ask" {
	local config
	config=$(<config/config.yaml)
	echo "dimensions: [" >config/config.yaml
	remember
	silent mgmt ""
	offers "$(commands)" ""
	echo "$config" >config/config.yaml
	put $APP/values.yaml "a: ["
	remember
	silent explain mgmt app stage/s1/us ""
	offers "patch-001|latest copy at integration/s1; 2 of 4 targets; next integration/s2" mgmt app ""
	rm -r config
	remember
	silent mgmt ""
	rm -r "$ROOT"
	gives 0 --complete -- mgmt ""
	[ -z "$output$stderr" ]
}

@test "a lock, the step of a killed run, and a foreign owner do not matter" {
	mkdir .promote
	put .promote/journal "x"
	remember
	offers "app|application" mgmt ""
	rm -r .promote
	remember
	exec {held}<config/config.yaml
	flock -x config sh -c 'exec "$0" --complete -- mgmt ""' "$PROMOTE" >"$BATS_TEST_TMPDIR/out"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'app\tapplication' ]
	if [ "$(id -u)" -eq 0 ]; then
		chown -R 65534 .
		remember
		offers "app|application" -C . mgmt ""
	fi
	unchanged
}

@test "directories that cannot be read" {
	give_to_user
	chmod 0 $APP
	status=0
	output=$(as_user "$PROMOTE" --complete -- mgmt app "" 2>&1) || status=$?
	[ "$status$output" = 0 ]
	output=$(as_user "$PROMOTE" --complete -- mgmt "" 2>&1) || status=$?
	[ "$status$output" = $'0app\tapplication' ]
}

@test "an answer that cannot be written" {
	(exec -a promote "$PROMOTE" --complete -- mgmt "" >/dev/full) 2>"$BATS_TEST_TMPDIR/err"
	(exec -a promote "$PROMOTE" --complete -- mgmt "" >&-) 2>>"$BATS_TEST_TMPDIR/err"
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}

@test "neither git nor make is run" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for name in git make sh env; do
		printf '#!/bin/bash\necho ran >>"%s"\n' "$BATS_TEST_TMPDIR/ran" >"$BATS_TEST_TMPDIR/bin/$name"
		chmod +x "$BATS_TEST_TMPDIR/bin/$name"
	done
	makefile 'generate:' $'\ttouch made'
	mkdir .git
	remember
	PATH=$BATS_TEST_TMPDIR/bin:$PATH offers "app|application" mgmt ""
	PATH=$BATS_TEST_TMPDIR/bin:$PATH offers "integration/s1|sector" mgmt app patch-001 --from ""
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "a word that is not finished in its quotes" {
	put $APP/values.yaml '"a.b": {c: 1}'
	remember
	offers '"a.b".|1 key' explain mgmt app stage/s1/us '"a.'
	offers '"a.b".c|1' explain mgmt app stage/s1/us '"a.b".'
}
