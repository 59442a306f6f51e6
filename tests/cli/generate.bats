# SPDX-License-Identifier: Apache-2.0
# The fleet's generator: it is found, run, checked, and undone if it fails.

load common

# What a fleet has rendered before; the generator of the tests adds to it.
setup_rendered() {
	put rendered/mgmt/integration/s1/us/values.yaml "a: 1"
	put rendered/mgmt/integration/s2/us/values.yaml "a: 1"
	put rendered/mgmt/stage/s1/us/values.yaml "a: 1"
	put rendered/notes.txt "mine"
	chmod 640 rendered/notes.txt
	chmod 750 rendered/mgmt/stage
}

# the step is refused with this error, and undone
undone() {
	remember
	gives 1 "${@:2}" mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: $1" ] || fail "$stderr"
	[ -z "$output" ]
	unchanged
}

@test "make generate runs after the step, in the root" {
	makefile 'generate:' '	@mkdir -p rendered; pwd >rendered/where; find config -name "patch-*" >rendered/copies'
	cd config
	gives 0 mgmt app patch-001
	cd ..
	has "$output" "✓ Generated: make generate"
	[ "$(cat rendered/where)" = "$ROOT" ]
	[ "$(cat rendered/copies)" = $APP/integration/patch-001.yaml ]
}

@test "its output is not shown if it succeeds" {
	makefile 'generate:' '	echo noise; echo more >&2'
	gives 0 mgmt app patch-001
	has_not "$output$stderr" noise
	has_not "$output$stderr" more
}

@test "its output is shown with --verbose, on standard error" {
	makefile 'generate:' '	@echo noise; echo more >&2'
	gives 0 -v mgmt app patch-001
	has "$stderr" noise
	has "$stderr" more
	has_not "$output" noise
}

@test "all of its output is shown with --verbose, in its order, lines and tabs as they are" {
	seq -f 'line	%.0f ü' 1 20000 >"$BATS_TEST_TMPDIR/expected"
	gives 0 -v mgmt app patch-001 --generate-command="cat $BATS_TEST_TMPDIR/expected"
	cmp "$BATS_TEST_TMPDIR/err" "$BATS_TEST_TMPDIR/expected"
}

@test "its output is shown with --verbose while it runs" {
	mkfifo "$BATS_TEST_TMPDIR/go"
	promote -v mgmt app patch-001 --generate-command="echo first; cat $BATS_TEST_TMPDIR/go" 2>"$BATS_TEST_TMPDIR/err" &
	wait_for grep -q first "$BATS_TEST_TMPDIR/err"
	echo second >"$BATS_TEST_TMPDIR/go"
	wait $!
	[ "$(<"$BATS_TEST_TMPDIR/err")" = $'first\nsecond' ]
}

@test "a standard error that cannot be written does not end it" {
	makefile 'generate:' '	@echo noise; seq 100000; touch done'
	promote -v mgmt app patch-001 2>/dev/full
	[ -e done ]
	rm done
	promote -v mgmt app patch-001 --approve=stage 2>&-
	[ -e done ]
}

# nobody reads standard error until the step is undone: the pipe is full, and the generator waits or
# has ended
unread() {
	local pid code=0

	mkfifo "$BATS_TEST_TMPDIR/unread"
	exec 7<>"$BATS_TEST_TMPDIR/unread"
	(exec -a promote "$PROMOTE" -v mgmt app patch-001 --generate-command="$1") >/dev/null 2>&7 7>&- &
	pid=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	sleep 0.3
	kill -TERM $pid
	wait_for unchanged
	exec 8<"$BATS_TEST_TMPDIR/unread" 7>&-
	cat <&8 >"$BATS_TEST_TMPDIR/err" &
	wait $pid || code=$?
	wait $!
	[ "$code" -eq 1 ] || fail "exit status $code"
	has "$(tail -1 "$BATS_TEST_TMPDIR/err")" "ERROR: The step was undone: interrupted while '$1' ran"
}

@test "SIGTERM with --verbose while its output is not read: undone" {
	unread "touch $BATS_TEST_TMPDIR/runs; exec seq 100000"
}

@test "SIGTERM with --verbose after it has ended, while its output is not read: undone" {
	unread "seq 20000; touch $BATS_TEST_TMPDIR/runs"
}

@test "a Makefile without the target: nothing is run" {
	makefile 'all:' '	touch ran'
	gives 0 mgmt app patch-001
	has_not "$output" "Generated"
	[ ! -e ran ]
}

@test "no Makefile: nothing is run" {
	gives 0 mgmt app patch-001
	has_not "$output" "Generated"
}

@test "the target may come from an included makefile" {
	makefile 'include mk/*.mk'
	mkdir mk
	printf 'generate:\n\ttouch ran\n' >mk/generate.mk
	gives 0 mgmt app patch-001
	[ -e ran ]
}

@test "the target may be in a GNUmakefile or a makefile" {
	printf 'generate:\n\ttouch ran\n' >GNUmakefile
	makefile 'all:'
	gives 0 -q mgmt app patch-001
	[ -e ran ]
}

@test "make's built-in rules do not make a target of generate.sh" {
	makefile 'all:' '	true'
	put generate.sh "touch ran"
	gives 0 mgmt app patch-001
	[ ! -e ran ]
	[ ! -e generate ]
	has_not "$output" "Generated"
}

# generated YES|NO MAKEFILE_LINE...: the step is taken, with or without the generator, which makes the file ran
generated() {
	rm -rf ran $APP
	make_fleet "$ROOT"
	makefile "${@:2}"
	gives 0 mgmt app patch-001
	if [ "$1" = YES ]; then
		has "$output" "✓ Generated: make generate"
		[ -e ran ] || fail "not run:" "${@:2}"
	else
		has_not "$output" "Generated"
		[ ! -e ran ] || fail "run:" "${@:2}"
	fi
}

@test "a file or a directory called generate is no target" {
	local kind
	for kind in "touch generate" "mkdir generate" "ln -s Makefile generate"; do
		$kind
		generated NO 'all:' '	touch ran'
		generated NO 'all: generate' '	touch ran'
		generated NO 'generate: NAME = value' 'all:' '	touch ran'
		generated NO 'gen%:' '	touch ran'
		generated NO '.DEFAULT:' '	touch ran'
		generated YES '.PHONY: generate' 'generate:' '	touch ran'
		generated YES 'generate::' '	touch ran'
		generated YES 'generate: all' '	touch ran' '.PHONY: all' 'all:'
		rm -r generate
	done
	mkdir -p tools/generate
	generated NO 'VPATH = tools' 'all:' '	touch ran'
}

@test "a target that a file of its name hides: an error before the step" {
	mkdir generate
	makefile 'generate:' '	touch ran'
	remember
	refuses 1 "make never runs the target 'generate', since there is a file or a directory of that name; nothing is written. Add '.PHONY: generate' to the makefile, or see --generate-command and --no-generate" mgmt app patch-001
}

@test "rules of all kinds are found" {
	generated YES 'generate:' '	touch ran'
	generated YES '.PHONY: generate' 'generate:' '	touch ran'
	generated YES 'generate::' '	touch ran' 'generate::' '	touch ran'
	generated YES 'generate: work' 'work:' '	touch ran'
	generated YES 'gen%:' '	touch ran'
	generated YES '.DEFAULT:' '	touch ran'
	generated YES 'all generate clean:' '	touch ran'
	generated YES 'NAMES := generate' '$(NAMES): ; touch ran'
	generated YES 'ifeq ($(MAKECMDGOALS),generate)' 'generate: ; touch ran' 'endif'
	generated YES 'generate: NAME = value' 'generate: ; touch ran'
	generated YES '$(info # Files)' 'define TEXT' '# Files' '' 'all:' '#  x' 'endef' 'generate: ; touch ran'
	generated NO 'define TEXT' '' 'generate:' '#  recipe to execute' '' 'endef' 'all: ; touch ran'
	generated NO 'generator: ; touch ran' 'regenerate: ; touch ran'
	# more than a pipe or a screen has
	generated YES "$(printf 'file%s: ; true\n' {1..3000})" 'generate: ; touch ran'
}

@test "a Makefile that make cannot read: an error before the step" {
	makefile 'generate' '	touch ran'
	remember
	gives 1 mgmt app patch-001
	[[ ${stderr_lines[0]} == "ERROR: cannot find out whether the Makefile has the target 'generate'"* ]]
	has "$stderr" "Makefile:1: *** missing separator"
	unchanged
}

@test "looking for the target runs no recipe" {
	makefile 'generate:' "	echo ran >>$BATS_TEST_TMPDIR/log"
	gives 0 -q mgmt app patch-001
	[ "$(wc -l <"$BATS_TEST_TMPDIR/log")" -eq 1 ]
}

@test "looking for the target runs no line that make runs with -n" {
	makefile 'generate: first' "	+echo plus >>$BATS_TEST_TMPDIR/log" "	@\$(MAKE) --no-print-directory second" \
		'first:' "	+@echo first >>$BATS_TEST_TMPDIR/log" 'second:' "	+@echo second >>$BATS_TEST_TMPDIR/log"
	gives 0 -q mgmt app patch-001
	[ "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/log")" = "first plus second " ]
}

@test "make's own variables of the environment are not passed on" {
	local flags
	for flags in GNUMAKEFLAGS=-i MAKEFLAGS=i MFLAGS=-i GNUMAKEFLAGS=-n MAKEFLAGS=n MAKEOVERRIDES=-i; do
		makefile 'generate:' '	false'
		remember
		(
			export "${flags?}" MAKELEVEL=1
			gives 1 -q mgmt app patch-001
			[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'make generate' failed with exit status 2" ] || fail "$stderr"
		)
		unchanged
	done
	makefile 'generate:' '	env >../environment'
	put ../other.mk 'generate: ; touch ran-instead'
	MAKEFILES=$BATS_TEST_TMPDIR/other.mk GNUMAKEFLAGS=-s MAKEFLAGS=s MFLAGS=-s MAKELEVEL=3 MAKEOVERRIDES=x MAKECMDGOALS=x \
		MAKE_RESTARTS=2 MAKE_TERMOUT=/x MAKE_TERMERR=/x MAKEFILE_LIST=x gives 0 -q mgmt app patch-001
	[ ! -e ran-instead ]
	# those that the generator's own make sets
	[ "$(grep -E '^(GNU|M)[A-Z_]*MAKE|^MAKE|^MFLAGS' ../environment | sort)" = "MAKEFLAGS=
MAKELEVEL=1
MFLAGS=" ] || fail "$(<../environment)"
}

@test "a makefile of the environment does not make a target" {
	makefile 'all:'
	put ../other.mk 'generate: ; touch ran'
	MAKEFILES=$BATS_TEST_TMPDIR/other.mk gives 0 mgmt app patch-001
	has_not "$output" "Generated"
	[ ! -e ran ]
}

@test "promote run by make -j works" {
	makefile 'generate:' '	touch ran'
	printf 'step:\n\t+@%s -q mgmt app patch-001\n' "$PROMOTE" >"$BATS_TEST_TMPDIR/outer.mk"
	make -s -j2 -f "$BATS_TEST_TMPDIR/outer.mk" step
	[ -e ran ]
}

@test "--no-generate" {
	makefile 'generate:' '	touch ran'
	gives 0 --no-generate mgmt app patch-001
	[ ! -e ran ]
	has_not "$output" "Generated"
}

@test "--generate-command runs another command with the shell" {
	makefile 'generate:' '	touch ran'
	gives 0 --generate-command='mkdir rendered && echo "$((1 + 1))" >rendered/x' mgmt app patch-001
	[ ! -e ran ]
	[ "$(cat rendered/x)" = 2 ]
	has "$output" "✓ Generated: mkdir rendered && echo"
}

@test "a dry run never runs it" {
	makefile 'generate:' '	touch ran'
	remember
	gives 0 --dry-run mgmt app patch-001
	unchanged
	gives 0 --dry-run --generate-command='touch ran' mgmt app patch-001
	unchanged
}

@test "a step that is refused never runs it" {
	makefile 'generate:' '	touch ran'
	put $APP/stage/s1/patch-001.yaml "value: new"
	remember
	gives 4 mgmt app patch-001
	unchanged
}

@test "it runs after an integration, too, which is undone if it fails" {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	put $APP/values.yaml "value: old # why"
	undone "'false' failed with exit status 1" --generate-command=false
	makefile 'generate:' '	cp $(APP)/values.yaml seen'
	APP=$APP gives 0 mgmt app patch-001
	has "$output" "✓ Generated: make generate"
	[ "$(cat seen)" = "value: new # why" ]
}

# left_for_a_person FILE STEP: every run that writes says what to do and does nothing else
left_for_a_person() {
	local command
	remember
	for command in "recover" "mgmt app patch-001"; do
		# shellcheck disable=SC2086 # words
		gives 4 $command
		[ "${stderr_lines[0]}" = "ERROR: $1 was changed since the step '$2' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory .promote away, which has the files that the step took from their places" ]
		unchanged
	done
	rm -r .promote
}

@test "what another program writes while it runs is not undone, and a message says so" {
	gives 1 --generate-command="echo '# mine' >>$APP/integration/patch-001.yaml; false" mgmt app patch-001
	[ "$stderr" = "ERROR: 'echo '# mine' >>$APP/integration/patch-001.yaml; false' failed with exit status 1
The step is not undone in full; 'promote recover' continues it:
  $APP/integration/patch-001.yaml: another program has changed it meanwhile; it is left as it is" ]
	[ "$(tail -n 1 $APP/integration/patch-001.yaml)" = "# mine" ]
	[ "$(cat $APP/integration/s1/patch-001.yaml)" = "value: new" ]
	left_for_a_person $APP/integration/patch-001.yaml "mgmt app: patch-001 to integration/s2"
}

@test "an edit of values.yaml while it runs after an integration is not undone" {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	put $APP/values.yaml "value: old"
	gives 1 --generate-command="echo '# mine' >>$APP/values.yaml; false" mgmt app patch-001
	has "$stderr" "$APP/values.yaml: another program has changed it meanwhile; it is left as it is"
	[ "$(cat $APP/values.yaml)" = "value: new
# mine" ]
	copies integration stage
	left_for_a_person $APP/values.yaml "mgmt app: patch-001 into values.yaml"
}

@test "it has an empty standard input" {
	gives 0 --generate-command='cat >read' mgmt app patch-001
	[ ! -s read ]
}

@test "it fails: the step is undone and its output shown" {
	makefile 'generate:' '	@echo one; echo two >&2; exit 7'
	remember
	gives 1 mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'make generate' failed with exit status 2" ]
	[ "${stderr_lines[1]}" = "  one" ]
	[ "${stderr_lines[2]}" = "  two" ]
	[ -z "$output" ]
	unchanged
}

@test "it fails: what it created, changed and removed below rendered is undone, modes too" {
	setup_rendered
	makefile 'generate:' \
		'	echo new >rendered/new.yaml' \
		'	mkdir -p rendered/deep/er && echo new >rendered/deep/er/x' \
		'	echo changed >rendered/mgmt/integration/s1/us/values.yaml' \
		'	echo "more: 1" >>rendered/mgmt/integration/s2/us/values.yaml' \
		'	rm -r rendered/mgmt/stage' \
		'	chmod 777 rendered/notes.txt' \
		'	false'
	undone "'make generate' failed with exit status 2"
}

@test "it fails: modes of directories are undone" {
	setup_rendered
	undone "'chmod 700 rendered rendered/mgmt; false' failed with exit status 1" \
		--generate-command='chmod 700 rendered rendered/mgmt; false'
}

@test "it fails: a file became a directory and a directory a file" {
	setup_rendered
	undone "'rm -r rendered/notes.txt rendered/mgmt; mkdir -p rendered/notes.txt/x; echo x >rendered/mgmt; false' failed with exit status 1" \
		--generate-command='rm -r rendered/notes.txt rendered/mgmt; mkdir -p rendered/notes.txt/x; echo x >rendered/mgmt; false'
}

@test "it fails: directories without write permission are undone" {
	setup_rendered
	chmod 555 rendered/mgmt/stage
	give_to_user
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001 \
		--generate-command='mkdir rendered/ro; echo x >rendered/ro/x; chmod 555 rendered/ro; chmod 777 rendered/mgmt/stage; rm -r rendered/mgmt; false'
	[ "$status" -eq 1 ]
	unchanged
}

@test "it fails: links are undone" {
	setup_rendered
	ln -s notes.txt rendered/link
	ln -s notes.txt rendered/gone
	undone "'cd rendered; ln -s x new; ln -sf mgmt link; rm gone; rm notes.txt; ln -s / notes.txt; mkdir d; ln -s / d/l; false' failed with exit status 1" \
		--generate-command='cd rendered; ln -s x new; ln -sf mgmt link; rm gone; rm notes.txt; ln -s / notes.txt; mkdir d; ln -s / d/l; false'
}

@test "it fails: a pipe that it made is undone" {
	setup_rendered
	undone "'mkdir rendered/d; mkfifo rendered/d/p; false' failed with exit status 1" \
		--generate-command='mkdir rendered/d; mkfifo rendered/d/p; false'
}

@test "it leaves a pipe, which the next step could not keep: undone" {
	setup_rendered
	undone "'mkfifo rendered/p' left a wrong result: rendered/p: is a special file; move it away" \
		--generate-command='mkfifo rendered/p'
}

@test "it fails: a file replaced by one of the same size and time is undone" {
	setup_rendered
	undone "'cp -p rendered/notes.txt n; printf \"niem\\n\" >rendered/notes.txt; touch -r n rendered/notes.txt; rm n; false' failed with exit status 1" \
		--generate-command='cp -p rendered/notes.txt n; printf "niem\n" >rendered/notes.txt; touch -r n rendered/notes.txt; rm n; false'
}

@test "it fails, and rendered did not exist before: rendered is removed" {
	undone "'mkdir -p rendered/a/b; echo x >rendered/a/b/c; false' failed with exit status 1" \
		--generate-command='mkdir -p rendered/a/b; echo x >rendered/a/b/c; false'
}

@test "it removes all of rendered and fails" {
	setup_rendered
	undone "'rm -r rendered; false' failed with exit status 1" --generate-command='rm -r rendered; false'
}

@test "it cannot be found" {
	remember
	gives 1 --generate-command=no-such-generator mgmt app patch-001
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'no-such-generator' failed with exit status 127" ]
	unchanged
}

@test "it is killed" {
	undone "'kill -KILL \$\$' failed with exit status 137" --generate-command='kill -KILL $$'
}

@test "long output: only its end is shown" {
	gives 1 --generate-command='seq 100000; false' mgmt app patch-001
	[ "${stderr_lines[-1]}" = "  100000" ]
	[ "${#stderr}" -lt 100000 ]
	unchanged
}

@test "output without a line end" {
	gives 1 --generate-command='printf "half a line"; false' mgmt app patch-001
	[ "${stderr_lines[1]}" = "  half a line" ]
	unchanged
}

@test "control characters in the output are shown as text" {
	gives 1 --generate-command='printf "\033[31mred\n"; false' mgmt app patch-001
	[ "${stderr_lines[1]}" = '  \x1b[31mred' ]
}

# What a generator does that leaves a process running, which is to write the file late.
left_behind="(sleep 0.5; echo late >>late) 3>&- >/dev/null 2>&1 &"
left_in_session="setsid sh -c 'touch ../runs; sleep 0.5; echo late >>late' 3>&- >/dev/null 2>&1 & until [ -e ../runs ]; do sleep 0.02; done;"
left_by_daemon="setsid sh -c '(touch ../runs; sleep 0.5; echo late >>late) &' 3>&- 9>&- >/dev/null 2>&1; until [ -e ../runs ]; do sleep 0.02; done;"
left_stopped="sh -c 'kill -STOP \$\$; echo late >>late' 3>&- >/dev/null 2>&1 & sleep 0.1;"

@test "it succeeds, and what it has left running is ended" {
	local left
	SECONDS=0
	for left in "$left_behind" "$left_in_session" "$left_by_daemon" "$left_stopped"; do
		rm -rf $APP ../runs
		make_fleet "$ROOT"
		gives 0 -q --generate-command="$left" mgmt app patch-001
		copies integration
		remember
		sleep 0.7
		unchanged
	done
	[ "$SECONDS" -lt 60 ]
}

@test "it fails, and what it has left running is ended" {
	local left
	for left in "$left_behind" "$left_in_session" "$left_by_daemon" "$left_stopped"; do
		rm -f ../runs
		undone "'$left false' failed with exit status 1" --generate-command="$left false"
		sleep 0.7
		unchanged
	done
}

@test "what it has left running may end by itself when it is told to, and is killed when it does not" {
	put rendered/a "old"
	remember
	undone "'sh -c \"trap \\\"sleep 0.3; echo told >rendered/a; echo told >>../told; exit\\\" TERM; touch ../runs; while :; do sleep 0.01; done\" & until [ -e ../runs ]; do sleep 0.01; done; false' failed with exit status 1" \
		--generate-command='sh -c "trap \"sleep 0.3; echo told >rendered/a; echo told >>../told; exit\" TERM; touch ../runs; while :; do sleep 0.01; done" & until [ -e ../runs ]; do sleep 0.01; done; false'
	[ "$(cat ../told)" = told ]
	rm ../runs
	SECONDS=0
	undone "'sh -c \"trap : TERM; touch ../runs; while :; do echo late >rendered/a; sleep 0.01; done\" & until [ -e ../runs ]; do sleep 0.01; done; false' failed with exit status 1" \
		--generate-command='sh -c "trap : TERM; touch ../runs; while :; do echo late >rendered/a; sleep 0.01; done" & until [ -e ../runs ]; do sleep 0.01; done; false'
	[ "$SECONDS" -lt 60 ]
}

@test "a process that promote has not started is not touched" {
	local how pids pid status
	# jobs of the shell that becomes promote: one in its session, one in another, and one whose child is an orphan later
	for how in true false 'kill -KILL $PPID; sleep 9'; do
		rm -rf $APP ../strangers ../began
		make_fleet "$ROOT"
		status=0
		sh -c 'sleep 300 & setsid sleep 300 & sh -c "sleep 300 & echo \$! >>../strangers; until [ -e ../began ]; do sleep 0.02; done" & jobs -p >>../strangers
			until [ "$(wc -l <../strangers)" = 4 ]; do sleep 0.02; done; exec "$@"' sh \
			"$PROMOTE" -q --generate-command="touch ../began; sleep 0.3; $how" mgmt app patch-001 >/dev/null 2>&1 3>&- || status=$?
		pids=$(<../strangers)
		for pid in $pids; do
			# the shell that has left an orphan has ended
			if [ "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" = "sleep 300 " ]; then echo "$pid"; fi
		done >../alive
		kill $(<../alive)
		[ "$(wc -l <../alive)" -eq 3 ] || fail "$how: $(<../alive)"
		[ "$status" -eq "$([ "$how" = true ] && echo 0 || echo 1)" ] || fail "exit status $status"
	done
}

# unwatched COMMAND...: the generator runs COMMAND, kills its watcher, and continues
unwatched() {
	remember
	gives 1 mgmt app patch-001 --generate-command="$1 kill -KILL \$PPID; sleep 2; echo late >>late"
	has "${stderr_lines[0]}" "ERROR: The step was undone: the process that watched '"
	unchanged
	sleep 0.8
	unchanged
}

@test "its watcher is killed: all is ended, and the step undone" {
	unwatched ""
	unwatched "trap '' TERM;"
	unwatched "$left_behind"
	unwatched "$left_in_session"
	unwatched "$left_by_daemon"
	rm -f ../runs
	unwatched "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; $left_by_daemon"
	unwatched "env -i PATH=\$PATH setsid sh -c 'sleep 0.5; echo late >>late' 3>&- & sleep 0.1;"
}

@test "the run is killed: its watcher ends all before the lock goes" {
	local left
	for left in "trap '' TERM;" "$left_behind" "$left_in_session" "$left_by_daemon" "$left_stopped" \
		"env -i PATH=\$PATH $PYTHON -c 'import os,time; os.closerange(0, 99); os.setsid(); time.sleep(0.6); open(\"late\",\"w\")' & sleep 0.1;"; do
		rm -f ../runs
		gives 137 mgmt app patch-001 --generate-command="$left kill -KILL $run_above; sleep 2; echo late >>late"
		gives 0 recover
		[ "$output" = "A run was killed in the middle of a step, which is undone now: mgmt app: patch-001 to integration/s2; as before: value at integration/s2/us" ] || fail "$left: $output"
		unchanged
		sleep 0.7
		unchanged
	done
}

@test "the run and its watcher are killed: a run that recovers ends what they have left" {
	local closed="$PYTHON -c 'import os,time; os.closerange(0, 99); os.setsid(); open(\"../runs\",\"w\"); time.sleep(1.5); open(\"late\",\"w\")' & until [ -e ../runs ]; do sleep 0.02; done;"
	gives 137 mgmt app patch-001 --generate-command="$closed kill -KILL $run_above \$PPID"
	gives 0 recover --lock-timeout=2
	unchanged
	sleep 1.7
	unchanged
}

@test "what has the mark of an earlier run is not ended with what a later one has left" {
	local stranger
	gives 0 mgmt app patch-001 --generate-command='printf %s "$PROMOTE_GENERATOR" >../mark'
	[[ $(<../mark) =~ ^[0-9a-f]{32}$ ]] || fail "$(<../mark)"
	PROMOTE_GENERATOR=$(<../mark) sleep 30 3>&- &
	stranger=$!
	rm -r $APP
	make_fleet "$ROOT"
	remember
	gives 137 mgmt app patch-001 --generate-command="printf %s \"\$PROMOTE_GENERATOR\" >../again; kill -KILL $run_above \$PPID"
	gives 0 recover
	unchanged
	kill "$stranger"
	[ "$(<../mark)" != "$(<../again)" ]
}

# other_users COUNT: a generator, sh other, that leaves so many processes which only root can end
other_users() {
	[ "$(id -u)" -eq 0 ] || skip "only root can make a program that changes its user"
	give_to_user
	cp "$(command -v setpriv)" ../setpriv
	chmod 4755 ../setpriv
	chmod 777 "$BATS_TEST_TMPDIR"
	put other "for i in $(seq -s ' ' "$1"); do
	../setpriv --reuid=0 --clear-groups sh -c 'touch ../other-'\$i'; exec sleep 90' >/dev/null 2>&1 3>&- &
	until [ -e ../other-\$i ]; do sleep 0.02; done
done"
	chown 65534 other
	remember
}

# step_of_user STATUS COMMAND: what the step of that generator is undone for is in $stderr
step_of_user() {
	SECONDS=0
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001 --generate-command="$2"
	kill $(grep -o 'process [0-9]*' <<<"$stderr" | cut -d' ' -f2)
	[ "$SECONDS" -lt 60 ]
	[ "$status" -eq "$1" ] || fail "$status $output $stderr"
	unchanged
}

@test "what belongs to another user is named, and not waited for: undone" {
	other_users 1
	step_of_user 1 'sh other'
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'sh other' left running what cannot be ended" ] || fail "$stderr"
	[[ ${stderr_lines[1]} =~ ^"It may still write below rendered/: process "[0-9]+" ('sleep 90')"$ ]] || fail "$stderr"
}

@test "it fails, and leaves many of another user: some are named" {
	other_users 5
	step_of_user 1 'sh other; exit 7'
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'sh other; exit 7' failed with exit status 7" ] || fail "$stderr"
	local one="process [0-9]+ \('sleep 90'\)"
	[[ ${stderr_lines[1]} =~ ^"It may still write below rendered/: "$one", "$one", "$one" and 2 more"$ ]] || fail "$stderr"
}

@test "a signal ends a generator that is stopped, and one whose watcher is" {
	local process command status
	for process in '$$' '$PPID'; do
		command="touch ../runs; kill -STOP $process; exec sleep 60"
		"$PROMOTE" --generate-command="$command" mgmt app patch-001 2>"$BATS_TEST_TMPDIR/err" 3>&- &
		local pid=$!
		wait_for test -e ../runs
		sleep 0.3
		kill -TERM $pid
		status=0
		wait $pid || status=$?
		[ "$status" -eq 1 ]
		[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: The step was undone: interrupted while '$command' ran" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
		unchanged
		rm ../runs
	done
}

@test "two signals while what is left is told to end: it is killed at once" {
	local command='sh -c "trap : TERM; touch ../runs; while :; do sleep 0.01; done" & until [ -e ../runs ]; do sleep 0.01; done; false'
	"$PROMOTE" --generate-command="$command" mgmt app patch-001 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	wait_for test -e ../runs
	sleep 0.3
	kill -TERM $pid
	sleep 0.05
	kill -HUP $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 1 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: The step was undone: interrupted while '$command' ran" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	unchanged
}

interrupted() {
	setup_rendered
	makefile 'generate:' \
		'	echo changed >rendered/mgmt/stage/s1/us/values.yaml' \
		"	touch $BATS_TEST_TMPDIR/runs; sleep 20; echo late >rendered/late"
	remember
	# bash ignores SIGINT in what it starts in the background; python sets the default again
	"$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], ["promote"] + sys.argv[2:])' "$PROMOTE" "${@:2}" mgmt app patch-001 \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill "-$1" $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 1 ] || fail "exit status $status"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	unchanged
}

@test "SIGTERM while it runs: undone, exit status 1" {
	interrupted TERM
	[ "$(head -1 "$BATS_TEST_TMPDIR/err")" = "ERROR: The step was undone: interrupted while 'make generate' ran" ]
}

@test "SIGINT while it runs: undone, exit status 1" {
	interrupted INT
	[ "$(head -1 "$BATS_TEST_TMPDIR/err")" = "ERROR: The step was undone: interrupted while 'make generate' ran" ]
}

@test "SIGHUP while it runs: undone, exit status 1" {
	interrupted HUP
}

@test "SIGTERM with --verbose: undone, exit status 1" {
	interrupted TERM -v
}

@test "the children of an interrupted generator are killed" {
	interrupted TERM --generate-command="(touch $BATS_TEST_TMPDIR/runs; sleep 0.5; mkdir -p rendered; echo late >rendered/late); true"
	sleep 0.7
	unchanged
}

@test "it renders a file that is not YAML: undone, with file, line and column" {
	setup_rendered
	makefile 'generate:' "	printf 'a: 1\\nb: c: d\\n' >rendered/mgmt/x.yaml"
	remember
	gives 1 mgmt app patch-001
	[[ ${stderr_lines[0]} == "ERROR: The step was undone: 'make generate' left a wrong result: rendered/mgmt/x.yaml:2:"* ]] ||
		fail "$stderr"
	[[ ${stderr_lines[0]} =~ x\.yaml:2:[0-9]+:\  ]]
	unchanged
}

@test "a .yml is YAML, too; a file that replaces a link is new" {
	setup_rendered
	undone "'printf \"a: b: c\" >rendered/x.yml' left a wrong result: rendered/x.yml:1:5: not valid YAML: mapping values are not allowed in this context" \
		--generate-command='printf "a: b: c" >rendered/x.yml'
	ln -s notes.txt rendered/x.yaml
	undone "'rm rendered/x.yaml; printf \"a: b: c\" >rendered/x.yaml' left a wrong result: rendered/x.yaml:1:5: not valid YAML: mapping values are not allowed in this context" \
		--generate-command='rm rendered/x.yaml; printf "a: b: c" >rendered/x.yaml'
}

@test "it renders a file that cannot be read: undone" {
	give_to_user
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001 \
		--generate-command='mkdir rendered; echo "a: 1" >rendered/x; chmod 0 rendered/x'
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'mkdir rendered; echo \"a: 1\" >rendered/x; chmod 0 rendered/x' left a wrong result: rendered/x: Permission denied" ] || fail "$stderr"
	unchanged
}

# deep ARGUMENT...: tests/cli/deep.py
deep() {
	"$PYTHON" -IS "$here/deep.py" "$@"
}

# The paths in it are 25 times as long as a path may be.
@test "it fails: directories of any depth are undone, and what is in them" {
	local before
	setup_rendered
	deep plain rendered 400 old
	makefile 'generate:' "	rm -rf rendered/old*; '$PYTHON' -IS '$here/deep.py' make rendered 450 new; false"
	before=$(deep show .)
	(ulimit -n 24 && gives 1 mgmt app patch-001)
	[ "$(deep show .)" = "$before" ]
	copies integration/s1
}

@test "directories of any depth are kept by a step that succeeds" {
	makefile 'generate:' "	mkdir -p rendered; '$PYTHON' -IS '$here/deep.py' plain rendered 100 new"
	gives 0 mgmt app patch-001
	[ "$(find rendered -name file.txt | wc -l)" = 1 ]
	copies integration
}

@test "a killed run whose generator made directories of any depth is undone" {
	local before
	setup_rendered
	deep plain rendered 40 old
	before=$(deep show .)
	gives 137 --generate-command="rm -rf rendered/old*; '$PYTHON' -IS '$here/deep.py' make rendered 90 new; kill -KILL $run_above" mgmt app patch-001
	gives 0 recover
	[ "$(deep show .)" = "$before" ]
}

@test "SIGTERM while make looks for the target: nothing is written" {
	makefile "X := \$(shell touch $BATS_TEST_TMPDIR/runs; sleep 20)" 'generate:'
	remember
	"$PROMOTE" mgmt app patch-001 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 1 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: interrupted; nothing is written" ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	unchanged
}

@test "files of other types are not checked" {
	gives 0 --generate-command='mkdir rendered; echo "a: b: c" >rendered/x.txt' mgmt app patch-001
}

@test "an unchanged file that is not YAML is not an error" {
	put rendered/old.yaml "a: b: c"
	gives 0 --generate-command='echo "a: 1" >rendered/new.yaml' mgmt app patch-001
}

@test "files that changed for other targets and are not compared: a warning lists them" {
	setup_rendered
	makefile 'generate:' '	for f in $$(find rendered -name values.yaml); do echo "a: 2" >$$f; done; rm rendered/notes.txt'
	gives 0 --no-check-rendered mgmt app patch-001
	[ "$stderr" = "WARNING: Generated files changed that are of no target of this step: rendered/mgmt/integration/s1/us/values.yaml, rendered/mgmt/stage/s1/us/values.yaml, rendered/notes.txt" ] || fail "$stderr"
}

@test "a generator that rewrites the same bytes: no warning" {
	setup_rendered
	makefile 'generate:' '	for f in $$(find rendered -name values.yaml); do echo "a: 1" >$$f; done'
	gives 0 --no-check-rendered mgmt app patch-001
	[ -z "$stderr" ]
}

@test "files of other targets that are not compared, in JSON" {
	setup_rendered
	makefile 'generate:' '	echo "a: 2" >rendered/mgmt/stage/s1/us/values.yaml'
	gives 0 -o json --no-check-rendered mgmt app patch-001
	"$PYTHON" -c 'import json, sys
step = json.loads(sys.argv[1])
assert step["stale"] == [], step
assert step["generator"] == "make generate", step
file = "rendered/mgmt/stage/s1/us/values.yaml"
assert step["warnings"] == [{"code": "rendered-outside", "severity": "warning", "file": file, "message":
    f"Generated files changed that are of no target of this step: {file}"}], step' "$output"
}

@test "rendered is a link: an error before the step" {
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" rendered
	makefile 'generate:' '	touch rendered/x'
	step 3 "rendered: is reached through a symbolic link, and promote follows none"
	[ ! -e "$BATS_TEST_TMPDIR/elsewhere/x" ]
}

@test "rendered is a file: an error before the step" {
	touch rendered
	makefile 'generate:' '	true'
	step 3 "rendered: not a directory"
}

@test "it replaces rendered with a link: undone" {
	setup_rendered
	undone "'rm -r rendered; ln -s / rendered; false' failed with exit status 1" \
		--generate-command='rm -r rendered; ln -s / rendered; false'
	undone "'rm -r rendered; ln -s / rendered' left a wrong result: rendered: is reached through a symbolic link, and promote follows none" \
		--generate-command='rm -r rendered; ln -s / rendered'
}

# not_found_out LINE...: the makefile has the target, and make -n fails with this message
not_found_out() {
	remember
	gives 1 mgmt app patch-001
	[ "$stderr" = "ERROR: cannot find out whether the Makefile has the target 'generate' (make -n ended with 2); nothing is written. See --generate-command and --no-generate
$(printf '  %s\n' "$@")" ] || fail "$stderr"
	unchanged
}

@test "the target exists, but a make that it runs has no such target: it fails" {
	mkdir tools
	printf 'all:\n' >tools/Makefile
	makefile 'generate:' '	@$(MAKE) --no-print-directory -C tools generate'
	undone "'make generate' failed with exit status 2"
	[ "${stderr_lines[1]}" = "  make[1]: *** No rule to make target 'generate'.  Stop." ] || fail "$stderr"
}

@test "what the target needs cannot be made: an error before the step" {
	makefile 'generate: nowhere'
	not_found_out "make: *** No rule to make target 'nowhere', needed by 'generate'.  Stop."
}

@test "a makefile that prints make's message about a missing target: an error" {
	makefile "\$(error make: *** No rule to make target 'generate'.  Stop.)" 'generate:' '	touch ran'
	not_found_out "Makefile:1: *** make: *** No rule to make target 'generate'.  Stop..  Stop."
}

@test "a make that fails without printing its data base: an error with all that it says" {
	mkdir ../bin
	printf '#!/bin/sh\necho cannot make anything\n# no\necho; echo or anybody\nexit 2\n' >../bin/make
	chmod +x ../bin/make
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	makefile 'generate:'
	not_found_out "cannot make anything" "or anybody"
}

@test "a makefile with -k and without the target: nothing is run" {
	makefile 'MAKEFLAGS += -k -w' 'all:' '	touch ran'
	gives 0 mgmt app patch-001
	has_not "$output" "Generated"
	[ -z "$stderr" ] || fail "$stderr"
}

@test "a pipe or a socket below rendered: an error before the step" {
	setup_rendered
	makefile 'generate:' '	touch ran; false'
	mkfifo rendered/mgmt/pipe
	step 3 "rendered/mgmt/pipe: is a special file; move it away"
	rm rendered/mgmt/pipe
	"$PYTHON" -IS -c 'import socket; socket.socket(socket.AF_UNIX).bind("rendered/sock")'
	step 3 "rendered/sock: is a special file; move it away"
}

@test "it fails: directories that it made inaccessible are undone" {
	setup_rendered
	chmod 555 rendered/mgmt/stage
	give_to_user
	remember
	local command
	for command in 'chmod 000 rendered/mgmt/integration rendered' 'chmod 600 rendered/mgmt/stage' \
		'mkdir -p rendered/new/x; chmod 300 rendered/new'; do
		run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001 \
			--generate-command="$command; false"
		[ "$status" -eq 1 ]
		[ "${stderr_lines[0]}" = "ERROR: The step was undone: '$command; false' failed with exit status 1" ] ||
			fail "$stderr"
		unchanged
	done
}

# owners: every path below rendered with its owner, group and mode
owners() {
	find rendered -printf '%p %U:%G %m\n' | sort
}

@test "it fails: owners and groups of files and directories are undone" {
	[ "$(id -u)" -eq 0 ] || skip "only root may give files away"
	setup_rendered
	chown -R 1001:1002 rendered
	chown 1003 rendered/notes.txt
	chmod 6755 rendered/notes.txt
	local before command
	before=$(owners)
	for command in 'rm -r rendered' 'chown -R 0:0 rendered' 'chgrp -R 7 rendered/mgmt'; do
		undone "'$command; false' failed with exit status 1" --generate-command="$command; false"
		[ "$(owners)" = "$before" ] || fail "$(owners)"
	done
}

@test "recovery restores owners and groups" {
	[ "$(id -u)" -eq 0 ] || skip "only root may give files away"
	setup_rendered
	chown -R 1001:1002 rendered
	remember
	local before
	before=$(owners)
	gives 137 --generate-command='rm -r rendered/mgmt; chown 0 rendered rendered/notes.txt; kill -KILL '"$run_above" mgmt app patch-001
	gives 0 recover
	unchanged
	[ "$(owners)" = "$before" ] || fail "$(owners)"
}

@test "it fails: a shared group is kept, although the owner cannot be" {
	[ "$(id -u)" -eq 0 ] || skip "only root may give files away"
	setup_rendered
	give_to_user
	chown 1001:1002 rendered/notes.txt rendered/mgmt/stage
	chmod 770 rendered/mgmt/stage
	chmod 660 rendered/notes.txt
	chmod 644 rendered/mgmt/stage/s1/us/values.yaml
	remember
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --groups=1002 "$PROMOTE" -C "$ROOT" \
		--generate-command='rm rendered/notes.txt; rm -r rendered/mgmt/stage; false' mgmt app patch-001
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "ERROR: The step was undone: 'rm rendered/notes.txt; rm -r rendered/mgmt/stage; false' failed with exit status 1" ] ||
		fail "$stderr"
	unchanged
	[ "$(stat -c %u:%g rendered/notes.txt rendered/mgmt/stage)" = $'65534:1002\n65534:1002' ]
}

# stubborn [ARGUMENT...]: the second signal ends a generator that ignores SIGTERM
stubborn() {
	setup_rendered
	makefile 'generate:' "	trap '' TERM INT HUP; echo new >rendered/new; touch $BATS_TEST_TMPDIR/runs; sleep 90; echo late >rendered/late"
	remember
	SECONDS=0
	# whoever runs the tests may ignore SIGHUP, as nohup does
	env --default-signal=HUP "$PROMOTE" "$@" mgmt app patch-001 \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	wait_for test -e "$BATS_TEST_TMPDIR/runs"
	kill -TERM $pid
	sleep 0.3
	kill -0 $pid || fail "the first signal ended it"
	kill -HUP $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 1 ] || fail "exit status $status"
	[ "$SECONDS" -lt 60 ] || fail "took $SECONDS s"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	unchanged
}

@test "a generator that ignores SIGTERM is killed by the second signal: undone" {
	stubborn
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: The step was undone: interrupted while 'make generate' ran" ]
}

@test "a command that ignores SIGTERM is killed by the second signal" {
	stubborn --generate-command="trap '' TERM HUP; touch $BATS_TEST_TMPDIR/runs; (sleep 90; echo late >rendered/late); true"
}

# with_memory KIB ARGUMENT...: a run that gets no more
with_memory() {
	(ulimit -v "$1" && exec "$PROMOTE" "${@:2}") </dev/null >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
}

@test "memory runs out while its result is read: the step is undone" {
	no_valgrind "it needs more memory"
	! grep -aq __asan_init "$PROMOTE" || skip "AddressSanitizer needs more memory"
	put rendered/notes.txt "before"
	remember
	local big='echo after >rendered/notes.txt; truncate -s 300M rendered/big.bin'
	with_memory 200000 --generate-command="$big" mgmt app patch-001
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "ERROR: The step was undone: out of memory" ]
	unchanged
	with_memory 200000 -o json --generate-command="$big" mgmt app patch-001
	[ "$status" -eq 1 ]
	has "$output" '"code": "out-of-memory"'
	has "$output" '"message": "The step was undone: out of memory"'
	unchanged
	truncate -s 300M rendered/big.bin
	remember
	with_memory 200000 -o json --generate-command=true mgmt app patch-001
	[ "$status" -eq 1 ]
	has "$output" '"message": "out of memory"'
	unchanged
}

@test "memory runs out before a step is staged: an error in JSON, too" {
	no_valgrind "it needs more memory"
	! grep -aq __asan_init "$PROMOTE" || skip "AddressSanitizer needs more memory"
	{
		printf 'value:\n'
		seq -f '  key%.0f: {a: [1, 2, 3]}' 200000
	} >$APP/values.yaml
	remember
	with_memory 40000 -o json mgmt app patch-001
	[ "$status" -ne 0 ]
	unchanged
	"$PYTHON" -c 'import json, sys; assert json.loads(sys.argv[1])["kind"] == "Error", sys.argv[1]' "$output"
}

@test "a signal that is ignored when the run starts, as by nohup, stays ignored" {
	local signal
	for signal in HUP INT TERM; do
		(trap '' $signal && exec "$PROMOTE" -q --generate-command="kill -$signal $run_above; sleep 0.1" mgmt app patch-001) ||
			fail "$signal: exit status $?"
		copies integration
		rm -r "$APP"/integration
		put "$APP/integration/s1/patch-001.yaml" 'value: patched'
	done
}
