# One run at a time: the lock is flock(2) on ROOT/config.

load common

held="another run of promote holds this fleet; waited"

# hold_lock -x|-s: another process holds the lock until let_go
hold_lock() {
	exec 9<config
	flock "$1" 9
}

let_go() {
	exec 9<&-
}

@test "held: exit status 6 at once with --lock-timeout=0" {
	hold_lock -x
	refuses 6 "$held 0 s for it (see --lock-timeout)" --lock-timeout=0 mgmt app patch-001
}

@test "held: exit status 6 after a second with --lock-timeout=1" {
	hold_lock -x
	local start=${EPOCHREALTIME/[.,]/}
	refuses 6 "$held 1 s for it (see --lock-timeout)" --lock-timeout=1 mgmt app patch-001
	local took=$((${EPOCHREALTIME/[.,]/} - start))
	[ "$took" -ge 950000 ] || fail "waited only $took microseconds"
}

@test "a run waits for the lock, then decides from what it finds" {
	hold_lock -x
	promote mgmt app patch-001 >"$BATS_TEST_TMPDIR/out" 9<&- &
	local pid=$!
	sleep 0.3
	unchanged
	mv $APP/integration/s1/patch-001.yaml $APP/integration/patch-001.yaml
	rmdir $APP/integration/s1
	mkdir -p $APP/stage/s1
	cp $APP/integration/patch-001.yaml $APP/stage/s1
	let_go
	wait $pid
	grep -q "covers all 4 targets" "$BATS_TEST_TMPDIR/out"
	copies integration stage
}

@test "two runs at once take two steps, one after the other" {
	rm -r $APP/integration
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	makefile 'generate:' '	echo begin >>$(LOG); sleep 0.2; echo end >>$(LOG)' "LOG = $BATS_TEST_TMPDIR/log"
	promote -q mgmt app patch-001 &
	local first=$!
	promote -q mgmt app patch-001 &
	wait $first
	wait $!
	copies integration
	[ "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/log")" = "begin end begin end " ]
}

@test "a dry run shares the lock with other readers" {
	hold_lock -s
	gives 0 --dry-run --lock-timeout=0 mgmt app patch-001
	unchanged
}

@test "a dry run does not look at a step half done" {
	hold_lock -x
	refuses 6 "$held 0 s for it (see --lock-timeout)" --dry-run --lock-timeout=0 mgmt app patch-001
}

@test "a run waits for readers" {
	hold_lock -s
	refuses 6 "$held 0 s for it (see --lock-timeout)" --lock-timeout=0 mgmt app patch-001
}

@test "the lock goes with the process that held it" {
	makefile 'generate:' "	touch $BATS_TEST_TMPDIR/runs; sleep 1; true"
	remember
	"$PROMOTE" -q mgmt app patch-001 3>&- &
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill -KILL $!
	wait $! || true
	gives 0 --lock-timeout=5 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: mgmt app: patch-001 to integration/s2" ]
	unchanged
}

@test "help and version do not wait" {
	hold_lock -x
	gives 0 --help
	gives 0 --version
}

@test "a lock is taken where config is not writable" {
	give_to_user
	chmod a-w config
	run --separate-stderr as_user "$PROMOTE" --dry-run -C "$ROOT" mgmt app patch-001
	[ "$status" -eq 0 ]
}
