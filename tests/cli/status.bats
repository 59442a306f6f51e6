# SPDX-License-Identifier: Apache-2.0
# promote status: its formats, what cannot be read, names that are hostile, and promote without words.
# What each state is, tests/rules says.

load common

ONE='mgmt/app
  patch-001  integration ●●○ stage ○  next integration/s2: ready

1 patch in flight: 1 ready'

# shows STATUS TEXT [ARGUMENT...]: promote writes this, and nothing else anywhere
shows() {
	remember
	gives "$1" "${@:3}"
	[ -z "$stderr" ] || fail "standard error: $stderr"
	[ "$output" = "$2" ] || fail "got:" "$output" "expected:" "$2"
	unchanged
}

@test "without words, and with the options of every command" {
	shows 0 "$ONE"
	shows 0 "$ONE" status
	shows 0 "$ONE" -otext
	shows 0 "$ONE" --color never -C .
	shows 0 "$ONE" --color=never --dir="$ROOT"
	shows 0 $'\e[1mmgmt/app\e[0m\n  patch-001  integration ●●○ stage ○  \e[32mnext integration/s2: ready\e[0m\n\n1 patch in flight: 1 ready' \
		--color=always
	gives 0 -o json
	has "$output" '"kind": "Status"'
	cd config/mgmt
	gives 0
	[ "$output" = "$ONE" ]
	cd ../..
	refuses 2 "-C needs a value; see promote --help" -C
	refuses 2 "--output=yaml: must be text, wide, json or markdown" -o yaml
	refuses 2 "unknown option '--name'; see promote --help" --name
	refuses 2 "--names is not an option of promote; see promote --help" --names
}

@test "without words outside of a fleet: the help, unless a program asks or a directory is named" {
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	cd "$BATS_TEST_TMPDIR/elsewhere"
	gives 0 --help
	local help=$output
	gives 0
	[ "$output" = "$help" ] || fail "$output"
	[ -z "$stderr" ] || fail "$stderr"
	gives 0 --color=always
	[ "$output" = "$help" ]
	remember
	gives 3 -o json
	has "$output" '"code": "not-found"'
	refuses 3 "no config/config.yaml in ." -C .
	refuses 3 "no config/config.yaml in $PWD or above it; go into a fleet or name one with -C DIR" status
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" -n
}

@test "symbols only where they can be shown" {
	export LC_ALL=C
	shows 0 'mgmt/app
  patch-001  integration ##. stage .  next integration/s2: ready

1 patch in flight: 1 ready'
}

@test "one patch closely: its tree, its metadata, what it sets" {
	put $APP/values.yaml 'value: old'
	put $APP/integration/s1/eu/override.yaml '{value: mine, other: {a: 1}}'
	put $APP/integration/s1/patch-001.yaml '{metadata: {description: "new\ttable", ticket: 7}, value: new, other: {a: 2}}'
	gives 0 status mgmt app patch-001.yaml
	[ "$output" = 'mgmt/app/patch-001: new\x09table
State: ready
Next: integration/s2
Covered: 2 of 4 targets, without effect at 1

Positions
  ○ integration  not reached
    ● s1         placed
      ● us       covered
      ◌ eu       without effect
    ▷ s2         next
      ○ us       not reached
  ○ stage        not reached     manual gate
    ○ s1         not reached
      ○ us       not reached

Metadata
  description: new\x09table
  ticket: 7

Sets
  value: new
  other.a: 2

Effect: 1 of 4 targets changes
  integration/s1/us
    value: old → new
    other.a: (unset) → 2' ] || fail "$output"
	gives 0 status --names mgmt app patch-001
	[ "$output" = 'mgmt/app/patch-001
State: ready
Next: integration/s2
Covered: 2 of 4 targets

Positions
  ○ integration  not reached
    ● s1         placed
      ● us       covered
      ● eu       covered
    ▷ s2         next
      ○ us       not reached
  ○ stage        not reached  manual gate
    ○ s1         not reached
      ○ us       not reached' ] || fail "$output"
}

@test "one patch closely, for a pull request" {
	put $APP/integration/s1/patch-001.yaml '{value: "a|b", list: ["<b>"]}'
	gives 0 status -o markdown mgmt app patch-001
	[ "$output" = '## 1 patch in flight: 1 ready

### mgmt/app

| Patch | Where | Next | Waits for | Description |
| --- | --- | --- | --- | --- |
| `patch-001` | integration ●●○ stage ○ | `integration/s2` | ready |  |

### Positions

| Position | State | Gate |
| --- | --- | --- |
| `integration` | not reached |  |
| `integration/s1` | placed |  |
| `integration/s1/us` | covered |  |
| `integration/s1/eu` | covered |  |
| `integration/s2` | next |  |
| `integration/s2/us` | not reached |  |
| `stage` | not reached | manual |
| `stage/s1` | not reached |  |
| `stage/s1/us` | not reached |  |

### Sets

| Path | Value |
| --- | --- |
| `value` | <code>a&#124;b</code> |
| `list` | `["<b>"]` |

### Effect

2 of 4 targets change: `integration/s1/us`, `integration/s1/eu`

| Path | Old | New | Targets |
| --- | --- | --- | --- |
| `value` | (unset) | <code>a&#124;b</code> | all 2 |
| `list` | (unset) | `["<b>"]` | all 2 |' ] || fail "$output"
}

@test "names that do not exist" {
	remember
	refuses 3 "Cluster type 'mgm' not found. Available: mgmt. Did you mean 'mgmt'?" status mgm
	refuses 3 "Application 'ap' not found. Available: app" status mgmt ap
	refuses 3 "patch-002.yaml not found for app in any dimension. Did you mean 'patch-001'?" status mgmt app patch-002
	refuses 3 "patch-002.yaml not found for app in any dimension. Did you mean 'patch-001'?" status --names mgmt app patch-002
	refuses 2 "the patch name 'x' does not begin with 'patch-'; it is a file's name such as patch-001" status mgmt app x
	refuses 2 "too many arguments: promote status takes [CLUSTER_TYPE [APPLICATION [PATCH]]]; see promote status --help" \
		status mgmt app patch-001 more
}

# the errors of break_all, in the order in which they are told
BROKEN="mgmt/broken: unreadable: config/mgmt/broken/values.yaml:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'
mgmt/link: unreadable: config/mgmt/link/integration: is reached through a symbolic link, and promote follows none
mgmt/pipe: unreadable: config/mgmt/pipe/integration/override.yaml: is a special file, not a file"

# break_all: applications that cannot be read, each for another reason
break_all() {
	put config/mgmt/broken/values.yaml 'a: [1'
	put config/mgmt/broken/integration/patch-001.yaml 'a: 1'
	put config/mgmt/link/values.yaml 'a: 1'
	ln -s ../app/integration config/mgmt/link/integration
	put config/mgmt/pipe/values.yaml 'a: 1'
	mkdir config/mgmt/pipe/integration
	mkfifo config/mgmt/pipe/integration/override.yaml
	put config/mgmt/zoo/values.yaml 'a: 1'
	put config/mgmt/zoo/stage/patch-7.yaml 'a: 2'
}

@test "what cannot be read has a line of its own, and hides nothing" {
	break_all
	shows 3 "mgmt/app
  patch-001  integration ●●○ stage ○  next integration/s2: ready
mgmt/broken
  patch-001  integration ●●● stage ○  unreadable
mgmt/zoo
  patch-7  integration ○○○ stage ●  gap
$BROKEN

3 patches in flight: 1 ready, 1 gap, 1 unreadable"
	shows 3 "mgmt/broken
  patch-001  integration ●●● stage ○  unreadable
${BROKEN%%$'\n'*}

1 patch in flight: 1 unreadable" status mgmt broken
	shows 3 "mgmt/app
  patch-001  integration ●●○ stage ○  next integration/s2: ready
mgmt/broken
  patch-001  integration ●●● stage ○  next stage/s1: gate stage
mgmt/zoo
  patch-7  integration ○○○ stage ●  gap
mgmt/link: unreadable: config/mgmt/link/integration: is reached through a symbolic link, and promote follows none

3 patches in flight: 1 ready, 1 gate, 1 gap" status --names
	gives 3 status -o wide
	has "$output" "$BROKEN"
	gives 3 status -o markdown
	has "$output" '| `mgmt/link` | config/mgmt/link/integration: is reached through a symbolic link, and promote follows none |'
	has "$output" '| `patch-7` | integration ○○○ stage ● |  | gap |  |'
	gives 3 -o json
	gives 3 status -o json mgmt broken patch-001
	has "$output" '"code": "broken-yaml",
      "text": "config/mgmt/broken/values.yaml:2:1: not valid YAML'
	has_not "$output" '"sets"'
	gives 3 status mgmt broken patch-001
	has "$output" "State: unreadable"
	remember
	refuses 3 "config/mgmt/link/integration: is reached through a symbolic link, and promote follows none" status mgmt link patch-001
}

@test "directories that may not be listed" {
	put config/mgmt/shut/values.yaml 'a: 1'
	put config/other/app/values.yaml 'a: 1'
	sed -i '$a\  - name: other' config/config.yaml
	give_to_user
	chmod 0 config/mgmt/shut config/other
	status=0
	output=$(as_user "$PROMOTE" status) || status=$?
	local page
	page=$(as_user "$PROMOTE" status -o markdown) || [ $? -eq 3 ]
	chmod 755 config/mgmt/shut config/other
	[ "$status" -eq 3 ]
	[ "$output" = "mgmt/app
  patch-001  integration ●●○ stage ○  next integration/s2: ready
mgmt/shut: unreadable: config/mgmt/shut: Permission denied
other: unreadable: config/other: Permission denied

1 patch in flight: 1 ready" ] || fail "$output"
	has "$page" '| `mgmt/shut` | config/mgmt/shut: Permission denied |
| `other` | config/other: Permission denied |'
}

@test "names and texts that would steer a terminal or a page" {
	local app=$'config/mgmt/\e[2J<script>|`x`\u202e'
	put "$app/values.yaml" 'a: 1'
	put "$app"/integration/s1/$'patch-\a*.yaml' 'a: 2'
	rm $APP/integration/s1/patch-001.yaml
	put $APP/integration/s1/patch-1.yaml '{metadata: {description: "\e[2J <script>alert(1)</script> | @you \u202e"}, "k\e": "\e[1m"}'
	local format
	for format in text wide markdown json; do
		gives 3 status -o "$format"
		has_not "$output" $'\e'
		has_not "$output" $'\a'
		has_not "$output" $'\u202e'
	done
	gives 0 status mgmt app patch-1
	has_not "$output" $'\e'
	has "$output" '"k\x1b": \x1b[1m'
	gives 0 status -o markdown mgmt app
	has_not "$output" '<script>'
	has_not "$output" '@you'
}

@test "a description of several lines is one line" {
	put $APP/integration/s1/patch-001.yaml "metadata:
  description: |
    A new table
    for eu

value: new"
	gives 0 status mgmt app patch-001
	[ "${lines[0]}" = "mgmt/app/patch-001: A new table for eu" ] || fail "$output"
	gives 0 status -o wide
	has "${lines[1]}" "2/4      A new table for eu"
	gives 0 status -o markdown
	has "$output" '| ready | A new table for eu |'
	gives 0 status -o json
	has "$output" '"description": "A new table\nfor eu\n"'
}

@test "a patch that sets many values" {
	local values
	values=$(seq -f 'k%g: 1' 32)
	put $APP/integration/s1/patch-001.yaml "$values"
	gives 0 status mgmt app patch-001
	has "$output" "  k30: 1
  and 2 more; --diff shows all

Effect:"
	gives 0 status mgmt app patch-001 --diff
	has "$output" "  k32: 1

Effect:"
}

@test "a name of a thousand bytes" {
	local long
	long=$(printf 'x%.0s' {1..240})
	put "config/mgmt/$long/integration/patch-$long.yaml" 'a: 1'
	put "config/mgmt/$long/values.yaml" ''
	gives 0 status
	has "$output" "mgmt/$long
  patch-$long  integration ●●● stage ○  next stage/s1: gate stage"
}

@test "a step that was not finished is a warning" {
	status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	remember
	gives 0 status
	unchanged
	has "$output" "1 patch in flight"
	[ "$stderr" = "WARNING: a run was killed in the middle of a step; 'promote recover' finishes or undoes it" ] ||
		fail "$stderr"
	gives 0 status -o json
	has "$output" '"code": "unfinished-step"'
	promote recover -q
}

@test "while a step is taken nobody is waited for, and nothing is unfinished" {
	makefile 'generate:' "	\$(PROMOTE) status >'$BATS_TEST_TMPDIR/seen' 2>&1"
	export PROMOTE
	gives 0 -q mgmt app patch-001
	[ "$(<"$BATS_TEST_TMPDIR/seen")" = "mgmt/app
  patch-001  integration ●●● stage ○  next stage/s1: gate stage

1 patch in flight: 1 gate" ] || fail "$(<"$BATS_TEST_TMPDIR/seen")"
}

@test "files that were probably meant to be read are warned of" {
	put $APP/stage/patch-002.yml 'a: 1'
	gives 0 status
	[ "$stderr" = "WARNING: config/mgmt/app/stage/patch-002.yml is ignored; did you mean patch-002.yaml?" ] || fail "$stderr"
	[ "$output" = "$ONE" ]
	gives 0 status -o json
	has "$output" '"application": "app",
      "position": "stage",
      "file": "config/mgmt/app/stage/patch-002.yml"'
}

@test "in a fleet of another user, without make and git, in one that cannot be written" {
	makefile "X := \$(shell touch ran)" 'generate:'
	if [ "$(id -u)" -eq 0 ]; then
		chown -R 65534:65534 .
	fi
	chmod -R a-w .
	[ "$(PATH=/nowhere "$PROMOTE" status)" = "$ONE" ]
	chmod -R u+w .
	[ ! -e ran ]
}

@test "no room for what is written" {
	[ -e /dev/full ]
	local format
	for format in text json; do
		status=0
		"$PROMOTE" status -o "$format" >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
		[ "$status" -eq 1 ]
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: No space left on device" ] ||
			fail "$(<"$BATS_TEST_TMPDIR/err")"
	done
}

# narrow COLUMNS [ARGUMENT...]: what a terminal of this width shows; no line is wider
narrow() {
	output=$("$PYTHON" -B "$here/terminal.py" --columns "$1" "$PROMOTE" status "${@:2}" | tr -d '\r')
	"$PYTHON" -c 'import sys
assert all(len(x) <= int(sys.argv[1]) for x in sys.stdin.read().split("\n"))' "$1" <<<"$output" || fail "$output"
}

@test "a narrow terminal" {
	no_valgrind "a terminal's program is not measured"
	narrow 80
	[ "$output" = "$ONE" ] || fail "$output"
	narrow 50
	[ "$output" = 'mgmt/app
  patch-001
    integration ●●○ stage ○
    next integration/s2: ready

1 patch in flight: 1 ready' ] || fail "$output"
	narrow 20
	narrow 20 -o wide
	narrow 30 mgmt app patch-001
}
