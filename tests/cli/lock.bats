# SPDX-License-Identifier: Apache-2.0
# One run at a time: the lock is flock(2) on ROOT, and there is a queue for it on ROOT/config.

load common

held="another run of promote holds this fleet:"
hidden="$held a process that this system does not show; waited"

# hold_lock -x|-s: the lock is held until let_go, and the process that took it has ended. In a PID
# namespace the kernel does not show such a lock.
hold_lock() {
	exec 9<.
	flock "$1" 9
	find_inherited
}

find_inherited() {
	inherited=$hidden
	if grep -q ":$(stat -c %i .) 0 EOF" /proc/locks; then
		inherited="$held a generator that a killed run has left running; waited"
	fi
}

let_go() {
	exec 9<&-
}

# hold_by EX|SH NAME [ARGUMENT...]: the process $holder of this name holds the lock, or that of
# $directory, until it is killed
hold_by() {
	cat >"$BATS_TEST_TMPDIR/hold" <<-'END'
		import fcntl, os, sys, time
		fcntl.flock(os.open(os.environ["DIRECTORY"], os.O_RDONLY), getattr(fcntl, "LOCK_" + os.environ["KIND"]))
		open(f"holds-{os.getpid()}", "w")
		time.sleep(60)
	END
	(cd "$BATS_TEST_TMPDIR" && KIND=$1 DIRECTORY=${directory:-$ROOT} exec -a "$2" "$PYTHON" -IS hold "${@:3}" 3>&-) &
	holder=$!
	wait_for test -e "$BATS_TEST_TMPDIR/holds-$holder"
}

end_holders() {
	kill "$@"
	wait "$@" || true
}

@test "held: exit status 6 at once with --lock-timeout=0" {
	hold_lock -x
	refuses 6 "$inherited 0 s for it (see --lock-timeout)" --lock-timeout=0 mgmt app patch-001
}

@test "held: exit status 6 after a second with --lock-timeout=1" {
	hold_lock -x
	local start=${EPOCHREALTIME/[.,]/}
	refuses 6 "$inherited 1 s for it (see --lock-timeout)" --lock-timeout=1 mgmt app patch-001
	local took=$((${EPOCHREALTIME/[.,]/} - start))
	[ "$took" -ge 950000 ] || fail "waited only $took microseconds"
}

@test "held: the message names the run that holds it" {
	no_valgrind "the system has valgrind's command line for that of the run"
	makefile 'generate:' "	touch $BATS_TEST_TMPDIR/runs; while [ ! -e $BATS_TEST_TMPDIR/go ]; do sleep 0.05; done"
	(exec -a promote "$PROMOTE" -q mgmt app patch-001 3>&-) &
	local pid=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	gives 6 --lock-timeout=0 mgmt app patch-001
	touch "$BATS_TEST_TMPDIR/go"
	wait $pid
	one_error "$held process $pid ('promote -q mgmt app patch-001'); waited 0 s for it (see --lock-timeout)"
}

@test "held: the name of another program is escaped and cut" {
	local long
	long=$(printf '%0200d' 0)
	hold_by EX $'git\e[1m' $'a\nb' "${long:0:138}éé"
	gives 6 --lock-timeout=0 mgmt app patch-001
	end_holders "$holder"
	one_error "$held process $holder ('git\\x1b[1m -IS hold a\\x0ab ${long:0:138}...'); waited 0 s for it (see --lock-timeout)"
}

@test "held: a long process name that is not UTF-8 is not cut inside a character" {
	hold_by EX "$(printf '\x80%.0s' {1..200})"
	gives 6 --lock-timeout=0 mgmt app patch-001
	end_holders "$holder"
	one_error "$held process $holder ('...'); waited 0 s for it (see --lock-timeout)"
}

@test "held by readers: one is named, the others are counted" {
	hold_by SH reader one
	local first=$holder named
	hold_by SH reader two
	gives 6 --lock-timeout=0 mgmt app patch-001
	end_holders "$first" "$holder"
	named="process $first ('reader -IS hold one')"
	[[ $stderr == *"$named"* ]] || named="process $holder ('reader -IS hold two')"
	one_error "$held $named and 1 more; waited 0 s for it (see --lock-timeout)"
}

@test "held: a process of another PID namespace is not named" {
	unshare --pid --fork --mount-proc true 2>/dev/null || skip "no PID namespaces here"
	hold_by EX promote
	local out
	out=$(unshare --pid --fork --mount-proc "$PROMOTE" --lock-timeout=0 mgmt app patch-001 2>&1) || status=$?
	end_holders "$holder"
	[ "$status" -eq 6 ]
	[ "$out" = "ERROR: $hidden 0 s for it (see --lock-timeout)" ] || fail "$out"
}

@test "on a terminal a run says what it waits for, once" {
	hold_by EX promote
	local wait="Waiting for another run of promote: process $holder ('promote -IS hold')"
	local error="ERROR: $held process $holder ('promote -IS hold'); waited 2 s for it (see --lock-timeout)"
	local arguments=(--lock-timeout=2 mgmt app patch-001)
	"$PYTHON" -IS "$here/terminal.py" "$PROMOTE" "${arguments[@]}" >"$BATS_TEST_TMPDIR/shown" &
	local loud=$!
	"$PYTHON" -IS "$here/terminal.py" "$PROMOTE" --quiet "${arguments[@]}" >"$BATS_TEST_TMPDIR/quiet" &
	local quiet=$!
	gives 6 "${arguments[@]}"
	wait $loud || [ $? -eq 6 ]
	wait $quiet || [ $? -eq 6 ]
	end_holders "$holder"
	[ "$stderr" = "$error" ]
	[ "$(<"$BATS_TEST_TMPDIR/shown")" = "$wait"$'\n'"$error" ]
	[ "$(<"$BATS_TEST_TMPDIR/quiet")" = "$error" ]
	unchanged
}

@test "an interrupt ends the wait at once" {
	hold_by EX promote
	run "$PYTHON" -IS "$here/terminal.py" --answer "Waiting for another run" ^C "$PROMOTE" --lock-timeout=60 mgmt app patch-001
	end_holders "$holder"
	[ "$status" -eq 130 ] || fail "exit status $status" "$output"
	unchanged
}

@test "a run waits for the lock and reads the fleet after the wait" {
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

@test "a dry run does not read a step that is half done" {
	hold_lock -x
	refuses 6 "$inherited 0 s for it (see --lock-timeout)" --dry-run --lock-timeout=0 mgmt app patch-001
}

@test "a run waits for readers" {
	hold_lock -s
	refuses 6 "$inherited 0 s for it (see --lock-timeout)" --lock-timeout=0 mgmt app patch-001
}

@test "the lock is released when its process ends" {
	makefile 'generate:' "	touch $BATS_TEST_TMPDIR/runs; sleep 1; true"
	remember
	"$PROMOTE" -q mgmt app patch-001 3>&- &
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill -KILL $!
	wait $! || true
	gives 0 --lock-timeout=5 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: mgmt app: patch-001 to integration/s2; as before: value at integration/s2/us" ]
	unchanged
}

@test "help and version do not wait" {
	hold_lock -x
	gives 0 --help
	gives 0 --version
}

@test "the lock is taken if config is not writable" {
	give_to_user
	chmod a-w config
	run --separate-stderr as_user "$PROMOTE" --dry-run -C "$ROOT" mgmt app patch-001
	[ "$status" -eq 0 ]
}

@test "held by a generator of a killed run: the message says so, until it has ended" {
	# its watcher is stopped, which would end it within a second
	"$PROMOTE" -q --generate-command="kill -STOP \$PPID; touch $BATS_TEST_TMPDIR/runs; until [ -e $BATS_TEST_TMPDIR/go ]; do sleep 0.05; done; kill -CONT \$PPID; sleep 9" \
		mgmt app patch-001 3>&- &
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill -KILL $!
	wait $! || true
	find_inherited
	gives 6 --lock-timeout=0 recover
	one_error "$inherited 0 s for it (see --lock-timeout)"
	touch "$BATS_TEST_TMPDIR/go"
	gives 0 --lock-timeout=9 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: mgmt app: patch-001 to integration/s2; as before: value at integration/s2/us" ]
	unchanged
}

# replace_root: another directory of the same content gets the path, as a checkout makes it that
# has removed the old one
replace_root() {
	cp -R "$ROOT" "$BATS_TEST_TMPDIR/new"
	mv "$ROOT" "$BATS_TEST_TMPDIR/old"
	mv "$BATS_TEST_TMPDIR/new" "$ROOT"
}

# start [ARGUMENT...]: the run $pid in the background, which waits for its turn
start() {
	"$PROMOTE" -C "$ROOT" "$@" mgmt app patch-001 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 9<&- 3>&- &
	pid=$!
	wait_for eval '[[ " $(readlink /proc/$pid/fd/*) " == *"$ROOT/config"* ]]'
}

@test "config is replaced while a run waits: it keeps its place, and uses the new directory" {
	hold_lock -x
	start -q --lock-timeout=9
	cp -R config new
	mv config "$BATS_TEST_TMPDIR/old"
	mv new config
	sleep 0.2
	copies integration/s1
	let_go
	wait $pid
	copies integration
}

@test "config is replaced while a generator runs: the lock is not lost" {
	makefile 'generate:' "	touch $BATS_TEST_TMPDIR/runs; while [ ! -e $BATS_TEST_TMPDIR/go ]; do sleep 0.05; done"
	"$PROMOTE" -q mgmt app patch-001 3>&- &
	local first=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	mv config "$BATS_TEST_TMPDIR/old"
	mkdir config
	rmdir config
	mv "$BATS_TEST_TMPDIR/old" config
	cp -R config new
	mv config "$BATS_TEST_TMPDIR/old"
	mv new config
	gives 6 --lock-timeout=0 mgmt app patch-001
	mv config "$BATS_TEST_TMPDIR/new"
	mv "$BATS_TEST_TMPDIR/old" config
	touch "$BATS_TEST_TMPDIR/go"
	wait $first
	copies integration
}

@test "the root is replaced while a run waits: the run waits for the lock of the new directory" {
	hold_lock -x
	start --lock-timeout=2
	replace_root
	cd "$ROOT"
	exec 8<.
	flock -x 8
	let_go
	status=0
	wait $pid || status=$?
	find_inherited
	[ "$status" -eq 6 ] || fail "exit status $status" "$(<"$BATS_TEST_TMPDIR/out")"
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: $inherited 2 s for it (see --lock-timeout)" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	exec 8<&-
	unchanged
}

@test "the root is replaced while a run waits: it uses the new directory" {
	hold_lock -x
	start -q --lock-timeout=9
	replace_root
	let_go
	wait $pid
	cd "$BATS_TEST_TMPDIR/old"
	unchanged
	cd "$ROOT"
	copies integration
}

@test "the root is removed while a run waits: one clear error" {
	hold_lock -x
	start --lock-timeout=9
	mv "$ROOT" "$BATS_TEST_TMPDIR/old"
	let_go
	status=0
	wait $pid || status=$?
	[ "$status" -eq 3 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: no config/config.yaml in $ROOT" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	unchanged
}

@test "config is removed while a run waits: one clear error" {
	hold_lock -x
	start --lock-timeout=9
	mv config elsewhere
	let_go
	status=0
	wait $pid || status=$?
	mv elsewhere config
	[ "$status" -eq 3 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: config/config.yaml: not found" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	unchanged
}

# in_turn SH|EX: ten that come and go until end_turns and obey the queue; one of them has the lock at any time
in_turn() {
	cat >"$BATS_TEST_TMPDIR/holders" <<-'END'
		import fcntl, os, sys, time
		root, how = sys.argv[1], getattr(fcntl, "LOCK_" + sys.argv[2])
		children = []
		for i in range(10):
		    child = os.fork()
		    children.append(child)
		    if child == 0:
		        time.sleep(i * 0.04)
		        end = time.monotonic() + 300
		        while not os.path.exists("enough") and time.monotonic() < end:
		            turnstile = os.open(root + "/config", os.O_RDONLY)
		            fcntl.flock(turnstile, fcntl.LOCK_EX)
		            lock = os.open(root, os.O_RDONLY)
		            fcntl.flock(lock, how)
		            os.close(turnstile)
		            open("holds", "w").close()
		            time.sleep(0.2)
		            os.close(lock)
		        os._exit(0)
		for child in children:
		    os.waitpid(child, 0)
	END
	(cd "$BATS_TEST_TMPDIR" && exec "$PYTHON" -IS holders "$ROOT" "$1" 3>&-) &
	holder=$!
	wait_for test -e "$BATS_TEST_TMPDIR/holds"
	sleep 0.3
}

end_turns() {
	touch "$BATS_TEST_TMPDIR/enough"
	wait "$holder"
}

@test "readers that come and go do not keep a run out that writes" {
	in_turn SH
	gives 0 -q --lock-timeout=60 mgmt app patch-001
	end_turns
	copies integration
}

@test "runs that write do not keep a reader out" {
	in_turn EX
	gives 0 -q --dry-run --lock-timeout=60 mgmt app patch-001
	end_turns
}

@test "held: the holder of the lock is named, and not who waits for it" {
	hold_by EX writer
	local writer=$holder
	directory=$ROOT/config hold_by EX promote waits
	gives 6 --dry-run --lock-timeout=0 mgmt app patch-001
	end_holders "$writer" "$holder"
	one_error "$held process $writer ('writer -IS hold'); waited 0 s for it (see --lock-timeout)"
}

@test "a dry run behind one that waits shares the lock when its time is over" {
	hold_by SH reader
	local reader=$holder
	directory=$ROOT/config hold_by EX promote waits
	gives 0 --dry-run --lock-timeout=1 mgmt app patch-001
	end_holders "$reader" "$holder"
	unchanged
}

@test "a run that is stopped while it waits does not keep others out for good" {
	hold_by EX promote
	start --lock-timeout=60
	sleep 0.2
	kill -STOP $pid
	# until it is stopped, the lock may still be given to it
	until [[ $(<"/proc/$pid/stat") == *") T "* ]]; do sleep 0.01; done
	end_holders "$holder"
	gives 0 -q --lock-timeout=1 mgmt app patch-001
	kill -KILL $pid
	wait $pid || true
	copies integration
}

@test "an interrupt ends the wait at the turnstile at once" {
	directory=$ROOT/config hold_by EX promote
	run "$PYTHON" -IS "$here/terminal.py" --answer "Waiting for another run" ^C "$PROMOTE" --lock-timeout=60 mgmt app patch-001
	end_holders "$holder"
	[ "$status" -eq 130 ] || fail "exit status $status" "$output"
	[ "${lines[0]}" = "Waiting for another run of promote: process $holder ('promote -IS hold')" ] || fail "$output"
	unchanged
}
