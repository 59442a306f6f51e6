# SPDX-License-Identifier: Apache-2.0
# Questions are asked and answered on a terminal only.

load common

to_stage() {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	remember
}

differing() {
	put $APP/integration/s2/patch-001.yaml "value: other"
	remember
}

preview="Found patch: $APP/integration/patch-001.yaml
Target: $APP/stage/s1/patch-001.yaml
• Gate: stage would need --approve=stage
• Would copy patch

Checking consolidation opportunities...
• All sectors in 'stage' environment would have patch-001
• Would consolidate to environment level: $APP/stage/patch-001.yaml
• Would remove sector-level patches: s1

Effect: 1 of 4 targets changes
  stage/s1/us
    value: (unset) → new

patch-001 covers every target. Next step: integration into $APP/values.yaml

"
gate="stage is a manual gate of the step to stage/s1.
Type its name to open it: "
refused="ERROR: manual gate stage: waits for approval. To go on: promote mgmt app patch-001 --approve=stage"

@test "a gate opens when its name is typed" {
	to_stage
	at_terminal 0 --answer "open it: " stage -- mgmt app patch-001
	[[ $output == "$preview$gate"*"✓ Gate opened: stage"* ]] || fail "$output"
	copies integration stage
}

@test "the question goes to standard error: the report can go to a file" {
	to_stage
	at_terminal 0 --stdout "$BATS_TEST_TMPDIR/out" --answer "open it: " stage -- mgmt app patch-001
	[ "$output" = "$preview$gate" ] || fail "$output"
	grep -q "Gate opened: stage" "$BATS_TEST_TMPDIR/out"
}

@test "a gate stays closed if another name is typed" {
	to_stage
	local answer
	for answer in y yes Stage "stage " production ''; do
		at_terminal 5 --answer "open it: " "$answer" -- mgmt app patch-001
		[ "$output" = "$preview$gate$refused" ] || fail "$answer: $output"
		unchanged
	done
}

@test "a NUL does not end what is typed" {
	to_stage
	at_terminal 5 --answer "open it: " 'stage^@' -- mgmt app patch-001
	at_terminal 5 --answer "open it: " 'stage^@no' -- mgmt app patch-001
	unchanged
}

@test "what was typed before the question is no answer" {
	to_stage
	flock . sh -c 'until [ -e ../typed ]; do sleep 0.02; done' 3>&- &
	wait_for eval "! flock -n . true"
	at_terminal 5 --then "touch ../typed" --answer "Waiting for" stage --answer "open it: " ^D -- mgmt app patch-001
	has "$output" "$gate"$'\n'"$refused"
	wait $!
	unchanged
}

@test "a gate stays closed at the end of input" {
	to_stage
	at_terminal 5 --answer "open it: " ^D -- mgmt app patch-001
	[ "$output" = "$preview$gate
$refused" ] || fail "$output"
	unchanged
}

@test "an interrupt at the question ends promote, and nothing is written" {
	to_stage
	at_terminal 130 --answer "open it: " ^C -- mgmt app patch-001
	unchanged
	gives 0 --dry-run --lock-timeout=0 mgmt app patch-001
}

@test "--no-input does not ask" {
	to_stage
	at_terminal 5 -- --no-input mgmt app patch-001
	[ "$output" = "ERROR: manual gate stage: waits for approval. To go on: promote --no-input mgmt app patch-001 --approve=stage" ] ||
		fail "$output"
	unchanged
}

@test "--yes opens no gate: its name is asked for" {
	to_stage
	at_terminal 5 --answer "open it: " y -- --yes mgmt app patch-001
	unchanged
	at_terminal 0 --answer "open it: " stage -- --yes mgmt app patch-001
	copies integration stage
}

@test "--yes --no-input opens no gate" {
	to_stage
	at_terminal 5 -- --yes --no-input mgmt app patch-001
	unchanged
}

@test "an approved gate is not asked about" {
	to_stage
	at_terminal 0 -- --approve=stage mgmt app patch-001
	has_not "$output" "Type its name"
	copies integration stage
}

@test "several gates are asked about one by one; if one stays closed, the step is refused" {
	sed -i 's/- name: s1$/&\n          promotion: manual/' config/config.yaml
	to_stage
	at_terminal 5 --answer "stage is a manual gate" stage --answer "stage/s1 is a manual gate" no -- mgmt app patch-001
	has "$output" "ERROR: manual gate stage/s1: waits for approval. To go on: promote mgmt app patch-001 --approve=stage --approve=stage/s1"
	unchanged
	at_terminal 0 --answer "stage is a manual gate" stage --answer "stage/s1 is a manual gate" stage/s1 -- mgmt app patch-001
	copies integration stage
}

@test "a dry run does not ask" {
	to_stage
	at_terminal 0 -- --dry-run mgmt app patch-001
	has "$output" "Gate: stage would need --approve=stage"
	unchanged
}

@test "without a terminal nothing is asked" {
	to_stage
	run --separate-stderr promote mgmt app patch-001 <<<stage
	[ "$status" -eq 5 ]
	one_error "${refused#ERROR: }"
	unchanged
}

@test "differing copies: the number of one is asked for" {
	differing
	at_terminal 5 --answer "Type its number: " 2 --answer "open it: " no -- mgmt app patch-001
	[[ $output == "The copies of patch-001.yaml differ:
  1  "????????"  integration/s1
  2  "????????"  integration/s2
Which one should be promoted? Type its number: "* ]] || fail "$output"
	has "$output" "To go on: promote mgmt app patch-001 --from=integration/s2 --approve=stage"
	unchanged
	at_terminal 0 --answer "Type its number: " 1 -- --approve=stage mgmt app patch-001
	[ "$(cat $APP/stage/patch-001.yaml)" = "value: new" ]
	[ "$(cat $APP/integration/s2/patch-001.yaml)" = "value: other" ]
}

@test "differing copies: any other answer is refused with the list" {
	differing
	local answer
	for answer in 0 3 -1 x '' '1 x' 4294967297 99999999999999999999 ^D; do
		at_terminal 4 --answer "Type its number: " "$answer" -- mgmt app patch-001
		has "$output" "ERROR: The copies of patch-001.yaml differ; say which one to promote with --from=POSITION"
		unchanged
	done
}

@test "differing copies: not asked with --no-input or --from, nor in a dry run" {
	differing
	at_terminal 4 -- --no-input mgmt app patch-001
	has_not "$output" "Type its number"
	at_terminal 4 -- --dry-run mgmt app patch-001
	has_not "$output" "Type its number"
	at_terminal 0 -- --dry-run --from=integration/s2 mgmt app patch-001
	has_not "$output" "Type its number"
	unchanged
}

@test "--interactive shows the step and continues after yes" {
	at_terminal 0 --answer "Go on? [y/N] " y -- -i mgmt app patch-001
	[[ $output == *"• Would copy patch"*"Go on? [y/N] "*"✓ Copied patch successfully"* ]] || fail "$output"
	copies integration
}

@test "--interactive: every spelling of yes" {
	local answer
	for answer in yes Y YES; do
		rm -rf $APP/integration
		put $APP/integration/s1/patch-001.yaml "value: new"
		at_terminal 0 --answer "Go on? [y/N] " "$answer" -- -q -i mgmt app patch-001
		copies integration
	done
}

@test "--interactive: any other answer is no" {
	local answer
	for answer in n no '' ye yess ^D; do
		at_terminal 5 --answer "Go on? [y/N] " "$answer" -- -i mgmt app patch-001
		[[ $output == *"ERROR: not confirmed; nothing was written" ]] || fail "$output"
		unchanged
	done
}

@test "--interactive --yes does not ask" {
	at_terminal 0 -- -i -y mgmt app patch-001
	has_not "$output" "Go on?"
	copies integration
}

@test "--interactive asks for the gate first, then about the step" {
	to_stage
	at_terminal 0 --answer "open it: " stage --answer "Go on? [y/N] " y -- -i mgmt app patch-001
	copies integration stage
}

@test "a question comes after the effect and the warnings, which are told once" {
	to_stage
	put $APP/stage/s1/us/override.yaml "value: own"
	local warning
	for options in "" -i -q "-o json"; do
		rm -rf $APP/integration $APP/stage/patch-001.yaml $APP/stage/s1/patch-001.yaml
		put $APP/integration/patch-001.yaml "value: new"
		at_terminal 0 --answer "open it: " stage --answer "Go on? [y/N] " y -- -i $options mgmt app patch-001
		warning="WARNING: config/mgmt/app/stage/s1/us/override.yaml:1 sets value to own, which hides patch-001 at stage/s1/us"
		[[ $output == "$warning"*"Effect: 0 of 4 targets change"*"$gate"*"Go on? [y/N] "* ]] || fail "$output"
		has_not "${output#"$warning"}" "$warning"$'\n'
	done
}

@test "--interactive shows an integration and asks about it" {
	to_stage
	put $APP/stage/patch-001.yaml "value: new"
	remember
	at_terminal 5 --answer "Go on? [y/N] " n -- -i mgmt app patch-001
	has "$output" "Would integrate into $APP/values.yaml"
	unchanged
	at_terminal 0 --answer "Go on? [y/N] " y -- -i mgmt app patch-001
	[ "$(cat $APP/values.yaml)" = "value: new" ]
	copies ""
}

@test "--interactive in a dry run does not ask" {
	at_terminal 0 -- -i --dry-run mgmt app patch-001
	has_not "$output" "Go on?"
	unchanged
}

@test "a gate's name is typed in full, with characters that are shown escaped" {
	sed -i 's/name: stage/name: "st\\u200Bage"/' config/config.yaml
	to_stage
	at_terminal 5 --answer "open it: " stage -- mgmt app patch-001
	unchanged
}

@test "output to a terminal has colour, but not with TERM=dumb, NO_COLOR or --color=never" {
	TERM=xterm at_terminal 0 -- --dry-run --approve=stage mgmt app patch-001
	has "$output" $'    value: (unset) → \e[32mnew\e[0m'
	TERM=xterm at_terminal 3 -- --level=none mgmt app patch-001
	has "$output" $'\e[31mERROR:\e[0m'
	TERM=dumb at_terminal 3 -- --level=none mgmt app patch-001
	has_not "$output" $'\e'
	TERM=xterm NO_COLOR=1 at_terminal 3 -- --level=none mgmt app patch-001
	has_not "$output" $'\e'
	TERM=xterm at_terminal 3 -- --color=never --level=none mgmt app patch-001
	has_not "$output" $'\e'
	TERM=dumb at_terminal 3 -- --color=always --level=none mgmt app patch-001
	has "$output" $'\e[31m'
	unset TERM
	at_terminal 3 -- --level=none mgmt app patch-001
	has_not "$output" $'\e'
}

@test "colour of the report, at a terminal" {
	TERM=xterm at_terminal 0 -- mgmt app patch-001
	has "$output" $'\e[32m✓\e[0m Copied patch successfully'
}

@test "colour is decided for standard output and standard error separately" {
	TERM=xterm at_terminal 0 --stdout "$BATS_TEST_TMPDIR/out" -- mgmt app patch-001
	! grep -q $'\e' "$BATS_TEST_TMPDIR/out"
}

@test "a question and an error are broken where the terminal ends" {
	to_stage
	at_terminal 5 --columns 30 --answer "open it: " no -- mgmt app patch-001
	has "$output" "stage is a manual gate of the
    step to stage/s1.
Type its name to open it: ERROR: manual gate stage:
    waits for approval. To go
    on:
    promote mgmt app \\
        patch-001 \\
        --approve=stage"
	at_terminal 5 --columns 20 --answer "open it: " no -- mgmt app patch-001
	has "$output" "Type its name to
    open it: ERROR: manual"
}

@test "a terminal without a size has the columns of COLUMNS, or 80" {
	local line="$(printf 'a%.0s' {1..60}) $(printf 'b%.0s' {1..60})"
	at_terminal 2 --columns 0 -- --nothing="$line"
	[ "${output%%$'\n'*}" = "${output::80}" ] || fail "$output"
	COLUMNS=70 at_terminal 2 --columns 0 -- --nothing="$line"
	[ "${output%%$'\n'*}" = "${output::70}" ] || fail "$output"
	local wrong
	for wrong in 0 x -1 99999999999; do
		COLUMNS=$wrong at_terminal 2 --columns 0 -- --nothing="$line"
		[ "${output%%$'\n'*}" = "${output::80}" ] || fail "$wrong: $output"
	done
}
