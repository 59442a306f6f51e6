# SPDX-License-Identifier: Apache-2.0
# The form of results: colour, symbols, width, JSON, and outputs that cannot be written.

load common

# Every byte is printable ASCII or the end of a line.
is_ascii() {
	! LC_ALL=C grep -q '[^ -~]' <<<"$1" || fail "not ASCII: $1"
}

@test "no colour without a terminal" {
	TERM=xterm gives 0 mgmt app patch-001
	has_not "$output$stderr" $'\e'
	has "$output" "✓ Copied patch successfully"
}

@test "--color=always colours the ticks and new values, --color=never does not" {
	gives 0 --color=always --dry-run mgmt app patch-001
	has "$output" $'    value: (unset) → \e[32mnew\e[0m'
	has_not "${output/$'\e[32mnew\e[0m'/}" $'\e'
	gives 0 --color=always mgmt app patch-001
	has "$output" $'\e[32m✓\e[0m Copied patch successfully'
	gives 0 --color=never mgmt app patch-001 --approve=stage
	has_not "$output" $'\e'
}

@test "--color=always colours errors and warnings" {
	put $APP/lost/patch-001.yaml "value: lost"
	gives 0 --color=always mgmt app patch-001
	has "$stderr" $'\e[33mWARNING:\e[0m '
	gives 5 --color=always mgmt app patch-001
	has "$stderr" $'\e[31mERROR:\e[0m '
}

@test "CLICOLOR_FORCE asks for colour without a terminal" {
	CLICOLOR_FORCE=1 gives 0 mgmt app patch-001
	has "$output" $'\e[32m'
}

@test "CLICOLOR_FORCE=0 and an empty one do not force colour" {
	CLICOLOR_FORCE=0 gives 0 mgmt app patch-001
	has_not "$output" $'\e'
	CLICOLOR_FORCE='' gives 5 mgmt app patch-001
	has_not "$stderr" $'\e'
}

@test "NO_COLOR wins over CLICOLOR_FORCE, --color over both" {
	NO_COLOR=1 CLICOLOR_FORCE=1 gives 0 mgmt app patch-001
	has_not "$output" $'\e'
	NO_COLOR=1 gives 5 --color=always mgmt app patch-001
	has "$stderr" $'\e[31m'
	CLICOLOR_FORCE=1 gives 5 --color=never mgmt app patch-001
	has_not "$stderr" $'\e'
}

@test "LC_ALL=C: ASCII only, in a run and in a dry run" {
	LC_ALL=C gives 0 --dry-run mgmt app patch-001
	is_ascii "$output$stderr"
	has "$output" "- Would copy patch (dry run)"
	LC_ALL=C gives 0 mgmt app patch-001
	is_ascii "$output$stderr"
	has "$output" "ok Copied patch successfully"
	LC_ALL=C gives 5 mgmt app patch-001
	is_ascii "$output$stderr"
	LC_ALL=C gives 0 --help
	is_ascii "$output$stderr"
}

@test "a locale that does not exist: ASCII only" {
	LC_ALL=xx_YY.UTF-8 gives 0 mgmt app patch-001
	is_ascii "$output$stderr"
}

@test "LANG alone, with LC_ALL unset" {
	unset LC_ALL LC_CTYPE
	LANG=C.UTF-8 gives 0 mgmt app patch-001
	has "$output" "✓ Copied"
}

@test "with JSON there is no colour and no text report" {
	gives 0 -o json --color=always mgmt app patch-001
	has_not "$output" $'\e'
	"$PYTHON" -c 'import json, sys; json.loads(sys.argv[1])' "$output"
}

@test "JSON of a step, a dry run and an integration, read by another program" {
	local check='import json, sys
step = json.load(sys.stdin)
for key, value in json.loads(sys.argv[1]).items():
    assert step[key] == value, (key, step[key])
assert step["apiVersion"] == "promote/v1" and step["kind"] == "Step"'
	promote -o json --dry-run mgmt app patch-001 | "$PYTHON" -c "$check" '{"dryRun": true, "action": "promote"}'
	promote -o json mgmt app patch-001 |
		"$PYTHON" -c "$check" '{"dryRun": false, "targets": ["integration/s2/us"], "complete": false}'
	promote -o json mgmt app patch-001 --approve=stage |
		"$PYTHON" -c "$check" '{"gates": [{"position": "stage", "approved": true}], "complete": true, "next": null}'
	promote -o json mgmt app patch-001 | "$PYTHON" -c "$check" '{"action": "integrate", "source": {"position": "stage",
		"path": "config/mgmt/app/stage/patch-001.yaml"}, "target": null, "complete": true, "next": null}'
}

@test "JSON with names that are not UTF-8 or need quotes" {
	mv $APP "config/mgmt/a\"p\\p"$'\xff'
	gives 0 -o json mgmt "a\"p\\p"$'\xff' patch-001
	"$PYTHON" -c 'import json, sys; assert json.loads(sys.argv[1])["application"] == "a\"p\\p\\xff"' "$output"
}

@test "a standard output that is full: exit status 1" {
	run --separate-stderr bash -c '"$0" mgmt app patch-001 >/dev/full' "$PROMOTE"
	[ "$status" -eq 1 ]
	[ "$stderr" = "ERROR: The step is done, but not reported: cannot write to standard output: No space left on device" ] || fail "$stderr"
	[ ! -e $APP/integration/s2 ]
	copies integration
}

@test "a standard output that is full: help, version, JSON, dry run" {
	local command
	for command in --help --version '--dry-run mgmt app patch-001' '--dry-run -o json mgmt app patch-001'; do
		# shellcheck disable=SC2086
		status=0
		stderr=$("$PROMOTE" $command 2>&1 >/dev/full) || status=$?
		[ "$status" -eq 1 ]
		[ "$stderr" = "ERROR: cannot write to standard output: No space left on device" ] || fail "$stderr"
	done
	unchanged
}

@test "a closed standard output: exit status 1, and no file of the fleet gets its descriptor" {
	run --separate-stderr bash -c '"$0" mgmt app patch-001 >&-' "$PROMOTE"
	[ "$status" -eq 1 ]
	[ "$stderr" = "ERROR: The step is done, but not reported: cannot write to standard output: Bad file descriptor" ] || fail "$stderr"
	copies integration
	[ "$(cat $APP/integration/patch-001.yaml)" = "value: new" ]
}

@test "with --quiet a closed standard output does not matter" {
	"$PROMOTE" -q mgmt app patch-001 >&-
	copies integration
}

@test "all descriptors closed: the step is done, and the report is written to no file" {
	put $APP/lost/patch-001.yaml "value: lost"
	"$PROMOTE" -q mgmt app patch-001 <&- >&- 2>&-
	[ "$(cat $APP/integration/patch-001.yaml)" = "value: new" ]
	copies integration lost
}

@test "a reader that has closed its pipe: exit status 1 and no signal" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 8<>"$BATS_TEST_TMPDIR/pipe"
	exec 9>"$BATS_TEST_TMPDIR/pipe" 8<&-
	status=0
	stderr=$("$PROMOTE" --help 2>&1 >&9) || status=$?
	[ "$status" -eq 1 ]
	[ "$stderr" = "ERROR: cannot write to standard output: Broken pipe" ] || fail "$stderr"
}

@test "the whole report" {
	gives 0 mgmt app patch-001
	[ -z "$stderr" ]
	[ "$output" = "$STEP_DONE" ] || fail "$output"
}
