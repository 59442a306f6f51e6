# SPDX-License-Identifier: Apache-2.0
# What all tests of the command line share. Each runs in a fleet of its own:
#
#	integration[s1[us eu] s2[us]] stage![s1[us]], with a copy of patch-001 at integration/s1
#	and an empty values.yaml
#
# and checks at its end that no temporary file is left.

bats_require_minimum_version 1.5.0

# There are hundreds of tests, so what each of them does starts few programs.

here=${BASH_SOURCE[0]%/*}
PROMOTE=${PROMOTE:-$here/../../build/promote}
[[ $PROMOTE == /* && $PROMOTE != */../* ]] || PROMOTE=$(realpath "$PROMOTE")
APP=config/mgmt/app

# the report of the usual step, promote mgmt app patch-001
STEP_DONE="Found patch: config/mgmt/app/integration/s1/patch-001.yaml
Target: config/mgmt/app/integration/s2/patch-001.yaml
✓ Copied patch successfully

Checking consolidation opportunities...
✓ All sectors in 'integration' environment now have patch-001
✓ Consolidated to environment level: config/mgmt/app/integration/patch-001.yaml
✓ Removed sector-level patches: s1, s2

Effect: 1 of 4 targets changes
  integration/s2/us
    value: (unset) → new

Next promotion target: config/mgmt/app/stage/s1/patch-001.yaml (manual gate: stage)"

# Has the name of the program, so that messages use it. What it writes with -o json is kept for
# teardown_file, which checks it against schemas/.
promote() {
	local call status=0
	if [[ " $* " != *json* ]]; then
		(exec -a promote "$PROMOTE" "$@")
		return
	fi
	call=$BATS_FILE_TMPDIR/$BATS_TEST_NUMBER-$SRANDOM
	(exec -a promote "$PROMOTE" "$@") >"$call.out" || status=$?
	printf '%s\0' "$BATS_TEST_DESCRIPTION" "$status" "$@" >"$call.call"
	cat "$call.out"
	return "$status"
}

# documents ARGUMENT...: tests/lib/documents.py, which prints errors
documents() {
	"$PYTHON" -B "$here/../lib/documents.py" "$@"
}

# For a generator: the number of the process of promote, which is above its watcher.
run_above='$(cut -d" " -f4 /proc/$PPID/stat)'

CONFIG="dimensions: [environments, sectors, regions]
sequence:
  environments:
    - name: integration
      sectors:
        - name: s1
          regions: [us, eu]
        - name: s2
          regions: [us]
    - name: stage
      promotion: manual
      sectors:
        - name: s1
          regions: [us]
cluster_types:
  - name: mgmt"

make_fleet() {
	mkdir -p "$1/$APP/integration/s1"
	put "$1/config/config.yaml" "$CONFIG"
	: >"$1/$APP/values.yaml"
	put "$1/$APP/integration/s1/patch-001.yaml" "value: new"
}

# put FILE TEXT: a file with the directories it needs
put() {
	[[ $1 != */* || -d ${1%/*} ]] || mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

# A python without a wrapper. And a hook or a rebase that runs the tests has set variables, with which
# git would write to its repository.
setup_file() {
	PYTHON=$(python3 -IS -c 'import sys; print(sys.executable)')
	export PYTHON
	! command -v git >/dev/null || unset $(git rev-parse --local-env-vars)
}

teardown_file() {
	[ -z "$(compgen -G "$BATS_FILE_TMPDIR/*.call")" ] || documents --calls "$BATS_FILE_TMPDIR"
}

# An environment without surprises, and in it a new fleet.
enter_fleet() {
	bats_add_debug_exclude_path "$here" # to note each command of this file takes long; a test's own are noted
	unset NO_COLOR CLICOLOR_FORCE MAKEFLAGS MFLAGS MAKELEVEL POSIXLY_CORRECT PROMOTE_NOW VISUAL EDITOR
	export LC_ALL=C.UTF-8 TERM=dumb
	export GIT_DISCOVERY_ACROSS_FILESYSTEM=1 # git words it otherwise if /tmp is a file system of its own
	umask 022
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	ROOT=$BATS_TEST_TMPDIR/fleet
	mkdir "$TMPDIR"
	make_fleet "$ROOT"
	cd "$ROOT"
}

setup() {
	enter_fleet
	remember
}

teardown() {
	cd "$BATS_TEST_TMPDIR"
	[ "$EUID" -eq 0 ] || chmod -R u+rwX . # so that bats can remove it
	[ -d fleet ] || return 0
	local left
	left=$(find fleet tmp \( -name '.promote*' -o -name '*.tmp' -o -name '*~' -o -name '*.lock' -o -path 'tmp/*' \) \
		! -path '*/.git/*' -print)
	[ -z "$left" ] || fail "left behind: $left" # the last command: bats takes its status alone
}

# no_valgrind WHY: skips a test that cannot be run if valgrind runs the program (tools/memcheck)
no_valgrind() {
	[ -z "${PROMOTE_VALGRIND:-}" ] || skip "$1"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# Every path with its kind, mode and link, and every byte.
snapshot() {
	tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - . 2>/dev/null || true
}

remember() {
	snapshot >"$BATS_TEST_TMPDIR/before"
}

unchanged() {
	snapshot | cmp -s "$BATS_TEST_TMPDIR/before" - ||
		fail "the tree has changed:" "$(diff -a <(show_snapshot <"$BATS_TEST_TMPDIR/before") <(snapshot | show_snapshot))"
}

show_snapshot() {
	tar -tvf - | sort -k 6
}

# copies POSITION...: all copies of patch-001, in the order of their paths
copies() {
	local expected got
	expected=$(printf '%s\n' "$@")
	got=$(cd $APP && find . -name 'patch-001.yaml' -printf '%h\n' | sed 's|^\./||' | sort)
	[ "$got" = "$expected" ] || fail "copies lie at: $got"
}

# gives STATUS [ARGUMENT...]: runs promote; what it wrote is in $output and $stderr, $lines and
# $stderr_lines, as after bats's own run, which is slow
gives() {
	local expected=$1
	shift
	status=0
	promote "$@" </dev/null >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	mapfile -t lines <"$BATS_TEST_TMPDIR/out"
	mapfile -t stderr_lines <"$BATS_TEST_TMPDIR/err"
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	[ "$status" -eq "$expected" ] || fail "exit status $status, expected $expected" "$output" "$stderr"
}

# The digest of a dry run in $output, which no test knows, as DIGEST.
hide_digest() {
	local digest='([0-9a-f]{8}-){7}[0-9a-f]{8}'

	while [[ $output =~ $digest ]]; do
		output=${output/"${BASH_REMATCH[0]}"/DIGEST}
	done
}

# with_python STATUS SCRIPT [OPTION]... -- ARGUMENT...: promote, run by a program beside this file
with_python() {
	local expected=$1 script=$2 own=()
	shift 2
	while [ "$1" != -- ]; do
		own+=("$1")
		shift
	done
	shift
	run "$PYTHON" -IBS "$here/$script" "${own[@]}" "$PROMOTE" "$@"
	[ "$status" -eq "$expected" ] || fail "exit status $status, expected $expected" "$output"
}

# at_terminal STATUS [--columns N] [--stdout FILE] [--meanwhile SHELL] [--then SHELL] [--answer QUESTION TEXT]... -- ARGUMENT...
at_terminal() {
	with_python "$1" terminal.py "${@:2}"
}

# one_error TEXT: standard error is this one line, standard output is empty
one_error() {
	[ -z "$output" ] || fail "standard output: $output"
	[ "$stderr" = "ERROR: $1" ] || fail "standard error: $stderr" "expected:       ERROR: $1"
}

# prints TEXT [ARGUMENT...]: exit status 0, this standard output (hide_digest) and nothing else, and an unchanged tree
prints() {
	gives 0 "${@:2}"
	hide_digest
	[ "$output" = "$1" ] || fail "$(diff <(printf '%s\n' "$1") <(printf '%s\n' "$output"))"
	[ -z "$stderr" ] || fail "$stderr"
	unchanged
}

# refuses STATUS TEXT [ARGUMENT...]: one clear error, and a tree as before
refuses() {
	gives "$1" "${@:3}"
	one_error "$2"
	unchanged
}

# step STATUS TEXT: the usual step in this fleet is refused
step() {
	remember
	refuses "$1" "$2" mgmt app patch-001
}

# has TEXT PART: TEXT contains PART
has() {
	[[ $1 == *"$2"* ]] || fail "not found: $2" "in: $1"
}

has_not() {
	[[ $1 != *"$2"* ]] || fail "found: $2" "in: $1"
}

# wait_for COMMAND...: waits until it succeeds, at most some minutes, since the machine may be busy
wait_for() {
	local i
	for ((i = 0; i < 5000; i++)); do
		"$@" 2>/dev/null && return 0
		sleep 0.02
	done
	fail "never came true: $*"
}

# makefile LINE...: a Makefile; lines of a recipe are given with their tab
makefile() {
	printf '%s\n' "$@" >Makefile
}

# as_user COMMAND...: without root's powers; for a normal user, as this user
as_user() {
	if [ "$EUID" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# The fleet belongs to the user of as_user, who also gets a promote that can be run.
give_to_user() {
	cp "$PROMOTE" "$BATS_TEST_TMPDIR/promote"
	PROMOTE=$BATS_TEST_TMPDIR/promote
	[ "$EUID" -eq 0 ] || return 0
	command -v setpriv >/dev/null || skip "root needs setpriv to act as a normal user"
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	chown -R 65534:65534 "$ROOT"
	as_user test -x "$PROMOTE" || skip "a normal user cannot reach the directory of the tests"
}
