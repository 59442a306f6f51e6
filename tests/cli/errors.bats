# SPDX-License-Identifier: Apache-2.0
# Errors as JSON documents: with -o json on standard output, and as text on standard error.

load common

# errs STATUS CODE MORE [ARGUMENT...]: the document has this code, the status, what standard error
# says, and the other fields of the JSON object MORE; the tree is as before
errs() {
	gives "$1" "${@:4}"
	"$PYTHON" -c 'import json, sys
got, status, code, more, told = json.loads(sys.argv[1]), *sys.argv[2:]
wanted = {"apiVersion": "promote/v1", "kind": "Error", "code": code, "exit": int(status),
          "message": told.splitlines()[0].removeprefix("ERROR: "), "blockers": [], "commands": [], **json.loads(more)}
assert got == wanted, f"\ngot:      {got}\nexpected: {wanted}"' "$output" "$1" "$2" "$3" "$stderr"
	unchanged
}

# one_command: the only command of the document, to be run by a shell
one_command() {
	"$PYTHON" -c 'import json, sys
[command] = json.loads(sys.argv[1])["commands"]
print(command)' "$output"
}

@test "a wrong command line, with -o json anywhere in it" {
	errs 2 usage '{}' mgmt -o json
	errs 2 usage '{}' --bad mgmt app patch-001 -o json
	errs 2 usage '{}' -o json --color mgmt
	errs 2 usage '{}' --color=pink --output json mgmt app patch-001
	errs 2 usage '{}' -o json -q -v mgmt app patch-001
	errs 2 usage '{}' -ojson mgmt app no-patch
	errs 2 usage '{}' explain -o json mgmt
	errs 2 usage '{}' recover --dry-run -o json
	errs 2 usage '{}' help nothing -o json
}

@test "no document: without -o json, with another format, after --, and for values, whose JSON is bare" {
	refuses 2 "unknown option '--bad'; see promote --help" --bad mgmt app patch-001
	refuses 2 "--output=xml: must be text, json or markdown" -o xml mgmt app patch-001
	refuses 2 "too many arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" mgmt app -- -o json
	refuses 2 "unknown option '--bad'; see promote values --help" -o json values mgmt --bad
	refuses 3 "nowhere: the fleet has no such position" values -o json mgmt nowhere
	refuses 3 "Cluster type 'other' not found. Available: mgmt" -o json values other stage/s1/us
}

@test "a cluster type that is called values gets documents" {
	errs 3 not-found '{}' -o json -- values app patch-001
}

@test "names of things that do not exist" {
	errs 3 not-found '{}' -o json other app patch-001
	errs 3 not-found '{}' -o json mgmt other patch-001
	errs 3 not-found '{}' -o json mgmt app patch-009
	errs 3 not-found '{}' -o json mgmt app patch-001 --level=planet
	errs 3 not-found '{}' -o json mgmt app patch-001 --approve=mars
	errs 3 not-found '{"position": "stage", "blockers": [{"position": "integration/s1",
		"file": "config/mgmt/app/integration/s1/patch-001.yaml", "message": "a copy is at integration/s1"}]}' \
		-o json mgmt app patch-001 --from=stage
	errs 3 not-found '{"position": "stage"}' explain -o json mgmt app stage
	errs 3 not-found '{}' explain -o json mgmt app stage/s1/us a.b
	errs 3 not-found '{}' -o json -C "$BATS_TEST_TMPDIR/tmp" mgmt app patch-001
}

@test "wrong files, with line and column" {
	put $APP/values.yaml "a: 1
b: [1"
	remember
	errs 3 broken-yaml '{"file": "config/mgmt/app/values.yaml", "line": 3, "column": 1}' -o json mgmt app patch-001
	put $APP/values.yaml "a: 1
a: 2"
	remember
	errs 3 duplicate-key '{"file": "config/mgmt/app/values.yaml", "line": 2, "column": 1, "blockers":
		[{"file": "config/mgmt/app/values.yaml", "line": 1, "column": 1, "message": "the first '"'a'"'"}]}' \
		-o json mgmt app patch-001
	printf 'a: \xff\n' >$APP/values.yaml
	remember
	errs 3 broken-yaml '{"file": "config/mgmt/app/values.yaml", "line": 1, "column": 4}' explain -o json mgmt app stage/s1/us
	ln -sf /dev/null $APP/values.yaml
	remember
	errs 3 bad-file '{"file": "config/mgmt/app/values.yaml"}' -o json mgmt app patch-001
	rm $APP/values.yaml
	mkdir $APP/values.yaml
	remember
	errs 3 bad-file '{"file": "config/mgmt/app/values.yaml"}' -o json mgmt app patch-001
	rmdir $APP/values.yaml
	: >$APP/integration/s1/patch-001.yaml
	remember
	errs 3 bad-file '{"file": "config/mgmt/app/integration/s1/patch-001.yaml"}' -o json mgmt app patch-001
	sed -i 's/manual/by hand/' config/config.yaml
	remember
	errs 3 bad-config '{"file": "config/config.yaml", "line": 11, "column": 18}' -o json mgmt app patch-001
	: >config/config.yaml
	remember
	errs 3 bad-config '{"file": "config/config.yaml"}' -o json mgmt app patch-001
}

# in_the_way: the place and the hint of each thing in the way of an integration
in_the_way() {
	gives 4 -o json mgmt app patch-001
	"$PYTHON" -c 'import json, sys
error = json.loads(sys.argv[1])
print(*(f"""{x["file"]}: {x.get("hint")}""" for x in error["blockers"]), *error["commands"], sep="\n")' "$output"
}

@test "pruning is the way on only if overrides alone are in the way of an integration" {
	put $APP/values.yaml "value: old"
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	rm -r $APP/integration/s1
	put $APP/integration/override.yaml "value: mine"
	[ "$(in_the_way)" = "$APP/integration/override.yaml: --prune-overrides takes this key out of the override
promote -o json mgmt app patch-001 --prune-overrides" ]
	put $APP/stage/patch-000.yaml "value: other"
	[ "$(in_the_way)" = "$APP/integration/override.yaml: None
$APP/stage/patch-000.yaml: no value needs that patch any more: retire it, or finish it first, since a patch in flight wins over values.yaml
promote retire mgmt app patch-000" ]
}

@test "the command for a closed gate takes the step" {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	remember
	gives 5 -o json -C "$ROOT/config/.." mgmt app patch-001
	unchanged
	local go_on
	go_on=$(one_command)
	[ "$go_on" = "promote -o json -C $ROOT/config/.. mgmt app patch-001 --approve=stage" ] || fail "$go_on"
	eval "$go_on" >/dev/null
	copies integration stage
}

@test "the command of an unfinished step recovers in the same fleet, and is quoted" {
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	remember
	errs 4 unfinished-step '{"commands": ["promote recover"]}' --dry-run -o json mgmt app patch-001
	ln -s "$ROOT" "$TMPDIR/it's"
	cd /
	gives 4 --dry-run -o json mgmt app patch-001 -C "$TMPDIR/it's"
	eval "$(one_command)" >"$BATS_TEST_TMPDIR/out"
	cd "$ROOT"
	has "$(<"$BATS_TEST_TMPDIR/out")" "is undone now"
	copies integration/s1
	rm "$TMPDIR/it's"
}

@test "a file that changes while the step is computed: the same command again" {
	makefile 'X := $(shell echo "value: late" >config/mgmt/app/late.yaml)' 'generate:'
	gives 4 -o json mgmt app patch-001
	[ "$(one_command)" = "promote -o json mgmt app patch-001" ]
	has "$output" '"code": "changed-meanwhile"'
	has "$output" '"file": "config/mgmt/app"'
}

@test "another run holds the fleet" {
	exec 9<.
	flock -x 9
	errs 6 lock-held '{}' -o json --lock-timeout=0 mgmt app patch-001
	errs 6 lock-held '{}' recover -o json --lock-timeout=0
	exec 9<&-
}

@test "the generator fails, is interrupted, and renders other values" {
	errs 1 generator '{}' -o json mgmt app patch-001 --generate-command='echo no; exit 7'
	errs 1 generator '{"file": "rendered/x.yaml", "line": 1, "column": 5}' -o json mgmt app patch-001 \
		--generate-command='mkdir rendered; echo "a: b: c" >rendered/x.yaml'
	errs 1 interrupted '{}' -o json mgmt app patch-001 --generate-command="kill -TERM $run_above; sleep 10"
	put $APP/values.yaml "value: old"
	put rendered/mgmt/integration/s2/us/values.yaml "cluster: {environment: integration, sector: s2, region: us}
value: old"
	remember
	errs 1 rendered-differs '{"blockers": [{"file": "rendered/mgmt/integration/s2/us/values.yaml", "path": "value",
		"message": "rendered/mgmt/integration/s2/us/values.yaml: value is old and should be new"}],
		"commands": ["promote -o json mgmt app patch-001 --generate-command=true --no-check-rendered"]}' \
		-o json mgmt app patch-001 --generate-command=true
}

@test "errors of the system" {
	[ "$(id -u)" -eq 0 ] && skip "root may read all files"
	chmod 0 $APP/integration/s1/patch-001.yaml
	errs 1 io '{"file": "config/mgmt/app/integration/s1/patch-001.yaml"}' -o json mgmt app patch-001
}

@test "a question that is answered with no" {
	at_terminal 5 --stdout "$BATS_TEST_TMPDIR/out" --answer "[y/N] " n -- -i -o json mgmt app patch-001
	has "$(<"$BATS_TEST_TMPDIR/out")" '"code": "not-confirmed"'
	has "$(<"$BATS_TEST_TMPDIR/out")" '"message": "not confirmed; nothing was written"'
	documents "$BATS_TEST_TMPDIR/out"
	unchanged
}

@test "a standard output that is full or closed: the status is that of the error, which is printed once" {
	local to
	for to in '>/dev/full' '>&-'; do
		status=0
		stderr=$(eval "\"\$PROMOTE\" -o json mgmt app patch-009 2>&1 $to") || status=$?
		[ "$status" -eq 3 ] || fail "$to: exit status $status"
		[[ $stderr == "ERROR: patch-009.yaml not found for app in any dimension
ERROR: cannot write to standard output: "* ]] || fail "$stderr"
		[ "$(grep -c ERROR <<<"$stderr")" -eq 2 ]
	done
	unchanged
}

@test "names that are not UTF-8, and control characters" {
	gives 3 -o json mgmt $'a\e\xff' patch-001
	"$PYTHON" -c 'import json, sys
assert json.loads(sys.argv[1])["message"] == "Application '"'a\\\\x1b\\\\xff'"' not found. Available: app", sys.argv[1]' "$output"
}
