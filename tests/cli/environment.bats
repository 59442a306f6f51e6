# SPDX-License-Identifier: Apache-2.0
# The environment of a run: variables, descriptors, limits, signals, directories.

load common

# works COMMAND...: run by this command the usual step is done, with its usual output
works() {
	status=0
	"$@" "$PROMOTE" mgmt app patch-001 </dev/null >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	[ "$status" -eq 0 ] || fail "$*: exit status $status" "$stderr"
	[ "$output" = "$STEP_DONE" ] || fail "$*: $output"
	[ -z "$stderr" ] || fail "$*: $stderr"
	copies integration
	[ "$(<$APP/integration/patch-001.yaml)" = "value: new" ]
	# as before, for another run
	rm -r $APP/integration
	put $APP/integration/s1/patch-001.yaml "value: new"
}

@test "PATH empty, missing, or without any program" {
	works env PATH=
	works env -u PATH
	works env PATH=/nonexistent:relative
}

@test "no make in PATH, and a Makefile: an error before the step" {
	makefile "generate:" "	touch ran"
	remember
	run --separate-stderr env PATH=/nonexistent "$PROMOTE" mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error "cannot run env: No such file or directory"
	unchanged
}

@test "LD_PRELOAD of a library that is missing" {
	status=0
	output=$(LD_PRELOAD=/nonexistent.so "$PROMOTE" mgmt app patch-001 2>"$BATS_TEST_TMPDIR/err") || status=$?
	[ "$status" -eq 0 ]
	[ "$output" = "$STEP_DONE" ] || fail "$output"
	copies integration
}

@test "an environment that is empty, or very large" {
	works env -i LC_ALL=C.UTF-8
	local -a many=()
	local i long
	long=$(head -c 100000 /dev/zero | tr '\0' x)
	for ((i = 0; i < 10; i++)); do many+=("V$i=$long"); done
	works env "${many[@]}"
	works env "TERM=$long" "HOME=$long" "TMPDIR=$long" "NO_COLOR=$long"
}

@test "HOME unset, TMPDIR bogus" {
	works env -u HOME TMPDIR=/nonexistent
	works env HOME= TMPDIR=
}

@test "invalid locales" {
	local locale
	for locale in xx_YY.UTF-8 ../../etc POSIX '' C.UTF-8/../x "$(head -c 5000 /dev/zero | tr '\0' x)"; do
		LC_ALL=$locale gives 0 --dry-run mgmt app patch-001
		[ -z "$stderr" ] || fail "$locale: $stderr"
		[ "${lines[0]}" = "Found patch: config/mgmt/app/integration/s1/patch-001.yaml" ] || fail "$locale: $output"
	done
	unchanged
}

@test "make's variables do not affect promote" {
	works env MAKEFLAGS=-n GNUMAKEFLAGS=--eval=x MAKEFILES=/nonexistent MAKELEVEL=99
}

@test "any umask: the copy has the bits of its source" {
	local mask
	for mask in 000 077 777; do
		(umask $mask && promote -q mgmt app patch-001) || fail "umask $mask"
		copies integration
		[ "$(stat -c %a $APP/integration/patch-001.yaml)" = 644 ] || fail "umask $mask: $(stat -c %a $APP/integration/patch-001.yaml)"
		rm -r $APP/integration
		put $APP/integration/s1/patch-001.yaml "value: new"
	done
}

@test "standard descriptors closed, each and all: a question changes no file" {
	local closed
	for closed in '<&-' '2>&-' '<&- 2>&-'; do
		status=0
		output=$(eval "\"\$PROMOTE\" --dry-run mgmt app patch-001 $closed") || status=$?
		[ "$status" -eq 0 ] || fail "$closed: exit status $status"
		[[ $output == "Found patch: "*"(dry run) Nothing was written"*"--expect="* ]] || fail "$closed: $output"
	done
	for closed in '>&-' '<&- >&-'; do
		status=0
		stderr=$(eval "\"\$PROMOTE\" --dry-run mgmt app patch-001 2>&1 $closed") || status=$?
		[ "$status" -eq 1 ] || fail "$closed: exit status $status"
	done
	status=0
	"$PROMOTE" --dry-run mgmt app patch-001 <&- >&- 2>&- || status=$?
	[ "$status" -eq 1 ]
	unchanged
}

@test "values, explain and help to a full or closed standard output: one error" {
	put $APP/values.yaml "a: 1"
	remember
	local command
	for command in 'values mgmt stage/s1/us' 'values -o json mgmt stage/s1/us app' 'explain mgmt app stage/s1/us' \
		'explain -o json mgmt app stage/s1/us' 'help values' '--version' '--dry-run -o json mgmt app patch-001'; do
		status=0
		# shellcheck disable=SC2086
		stderr=$("$PROMOTE" $command 2>&1 >/dev/full) || status=$?
		[ "$status" -eq 1 ] || fail "$command: exit status $status"
		[ "$stderr" = "ERROR: cannot write to standard output: No space left on device" ] || fail "$command: $stderr"
		status=0
		# shellcheck disable=SC2086
		"$PROMOTE" $command 2>"$BATS_TEST_TMPDIR/err" >&- || status=$?
		[ "$status" -eq 1 ] || fail "$command: exit status $status"
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: Bad file descriptor" ] || fail "$command"
	done
	unchanged
}

@test "standard error full: the exit status is that of the error" {
	status=0
	"$PROMOTE" mgmt app patch-009 2>/dev/full || status=$?
	[ "$status" -eq 3 ]
	unchanged
}

@test "a reader that closes its pipe, SIGPIPE ignored or not: exit status 1, no signal" {
	seq -f 'key%g: a value of some length' 20000 >$APP/values.yaml
	remember
	local trap
	for trap in "trap '' PIPE" "trap - PIPE"; do
		run bash -c "$trap; "'"$0" values mgmt stage/s1/us app 2>"$1" | head -c 1 >/dev/null; exit "${PIPESTATUS[0]}"' \
			"$PROMOTE" "$BATS_TEST_TMPDIR/err"
		[ "$status" -eq 1 ] || fail "$trap: exit status $status"
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: Broken pipe" ] || fail "$trap"
	done
	unchanged
}

@test "the limit of a file's size, SIGXFSZ not ignored: the step is undone and no signal ends it" {
	head -c 100000 /dev/zero | tr '\0' '#' >>$APP/integration/s1/patch-001.yaml
	remember
	run --separate-stderr prlimit --fsize=50000 "$PROMOTE" mgmt app patch-001
	[ "$status" -eq 1 ] || fail "exit status $status"
	one_error "cannot write $APP/integration/patch-001.yaml: File too large"
	unchanged
}

@test "a limit of 0 for a file's size: an error before the step" {
	no_valgrind "valgrind itself writes files before the program starts"
	run prlimit --fsize=0 "$PROMOTE" mgmt app patch-001
	[ "$status" -eq 1 ] || fail "exit status $status"
	unchanged
}

@test "a low limit of descriptors is enough" {
	no_valgrind "valgrind itself needs more"
	works prlimit --nofile=24
}

@test "little memory: one error, exit status 1, and a tree as before" {
	no_valgrind "valgrind itself needs more"
	if grep -aq __asan_init "$PROMOTE"; then skip "sanitizers take their memory first"; fi
	local size met=0
	seq -f 'key%g: a value of some length' 20000 >>$APP/integration/s1/patch-001.yaml
	remember
	for size in 5000000 8000000 12000000; do
		prlimit --as=$size "$PROMOTE" --version >/dev/null 2>&1 || continue # its libraries need some
		run --separate-stderr prlimit --as=$size "$PROMOTE" mgmt app patch-001
		[ "$status" -eq 1 ] || fail "$size: exit status $status"
		[[ $stderr =~ ^ERROR:\ (.*:\ )?([Oo]ut\ of\ memory|Cannot\ allocate\ memory)$ ]] || fail "$size: $stderr"
		[ -z "$output" ] || fail "$size: $output"
		unchanged
		met=1
	done
	[ $met = 1 ] || fail "no size was small enough and large enough"
}

@test "-C with odd paths" {
	ln -s "$ROOT" "$BATS_TEST_TMPDIR/link"
	cp -a "$ROOT" "$BATS_TEST_TMPDIR/a b'\"\$x"$'\xff\n'
	local dir
	for dir in . ./ .// "$ROOT/" "$ROOT/./config/.." "//$ROOT" "$BATS_TEST_TMPDIR/link" "$BATS_TEST_TMPDIR/link/" \
		"$BATS_TEST_TMPDIR/a b'\"\$x"$'\xff\n'; do
		gives 0 -C "$dir" --dry-run mgmt app patch-001
		[ -z "$stderr" ] || fail "$dir: $stderr"
		[ "${lines[0]}" = "Found patch: config/mgmt/app/integration/s1/patch-001.yaml" ] || fail "$dir: $output"
	done
	gives 3 -C config/config.yaml --dry-run mgmt app patch-001
	one_error "no config/config.yaml in config/config.yaml"
	gives 1 -C "$(head -c 5000 /dev/zero | tr '\0' x)" --dry-run mgmt app patch-001
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}
