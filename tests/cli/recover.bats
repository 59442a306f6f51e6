# SPDX-License-Identifier: Apache-2.0
# Recovery from a run that was killed. These runs are killed by their own generator, which leaves a
# step to be undone. For a step to be finished, its journal gets the other name, and files are
# restored by hand. tests/fault kills at every call.

load common

step="mgmt app: patch-001 to integration/s2"

# The generator kills the process that runs it, then continues.
kill_promote='kill -KILL $PPID'

# killed COMMAND: a step whose generator runs COMMAND and then kills promote
killed() {
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="$1; $kill_promote" 3>&- || status=$?
	[ "$status" -eq 137 ] || fail "exit status $status"
	[ -e .promote/undo ]
}

# finished_half: the step's journal is one to be finished, and nothing of the step is done
finished_half() {
	killed true
	promote recover -q # as before ...
	unchanged
	killed true
	mv .promote/undo .promote/redo
	rm .promote/rendered
}

@test "nothing to recover" {
	gives 0 recover
	[ "$output" = "There is nothing to recover" ]
	gives 0 recover -q
	[ -z "$output" ]
	gives 0 recover -o json
	[ "$output" = '{
  "apiVersion": "promote/v1",
  "kind": "Recovery",
  "outcome": "none",
  "step": null
}' ]
	unchanged
}

@test "recover takes no argument and no option of other commands" {
	refuses 2 "too many arguments: promote recover takes no argument; see promote recover --help" recover mgmt
	refuses 2 "--dry-run is not an option of promote recover; see promote recover --help" recover --dry-run
}

@test "killed while the generator ran: undone, with what was rendered" {
	put rendered/mgmt/notes.txt "before"
	put rendered/mgmt/stage/values.yaml "a: 1"
	ln -s notes.txt rendered/mgmt/link
	chmod 640 rendered/mgmt/notes.txt
	chmod 750 rendered/mgmt/stage
	remember
	killed 'cd rendered/mgmt; echo after >notes.txt; rm -r stage link; mkdir -p x/y; echo z >x/y/z; chmod 700 .'
	copies integration
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: $step" ]
	[ -z "$stderr" ]
	unchanged
	gives 0 recover
	[ "$output" = "There is nothing to recover" ]
}

@test "recover in JSON" {
	killed true
	gives 0 recover -o json
	[ "$output" = '{
  "apiVersion": "promote/v1",
  "kind": "Recovery",
  "outcome": "undone",
  "step": "mgmt app: patch-001 to integration/s2"
}' ]
}

@test "the next step recovers first, says so, and is computed after that" {
	killed true
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: A run was killed in the middle of a step, which is undone now: $step" ]
	copies integration
}

@test "the next step in JSON has the recovery among its warnings" {
	killed true
	gives 0 --no-generate -o json mgmt app patch-001
	[ "$stderr" = "WARNING: A run was killed in the middle of a step, which is undone now: $step" ]
	"$PYTHON" -c 'import json, sys
assert json.loads(sys.argv[1])["warnings"] == [{"code": "recovered", "severity": "warning",
    "message": "A run was killed in the middle of a step, which is undone now: " + sys.argv[2]}], sys.argv[1]' "$output" "$step"
}

@test "a dry run does not read a tree that is half done" {
	killed true
	remember
	refuses 4 "a run was killed in the middle of a step; 'promote recover' finishes or undoes it" --dry-run mgmt app patch-001
	promote recover -q
}

@test "values and explain still read" {
	put $APP/values.yaml "value: old"
	killed true
	gives 0 values mgmt integration/s2/us app
	[ "$output" = "value: new" ]
	gives 0 explain mgmt app integration/s2/us
	promote recover -q
}

@test "a step to be finished that is done already" {
	finished_half
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step, which is finished now: $step" ]
	copies integration
}

@test "a step to be finished that is half done" {
	finished_half
	mkdir -p $APP/integration/s1
	mv .promote/1 $APP/integration/s1/patch-001.yaml
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step, which is finished now: $step" ]
	copies integration
	[ ! -e $APP/integration/s1 ]
}

@test "a step of which nothing is done: it may be from another branch, so it is dropped" {
	finished_half
	mkdir -p $APP/integration/s1
	mv .promote/1 $APP/integration/s1/patch-001.yaml
	mv $APP/integration/patch-001.yaml .promote/0
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step of which nothing is there; its directory .promote is removed: $step" ]
	unchanged
}

@test "a step to be finished that was undone by hand" {
	finished_half
	mkdir -p $APP/integration/s1
	cp .promote/1 $APP/integration/s1/patch-001.yaml
	rm $APP/integration/patch-001.yaml
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step of which nothing is there; its directory .promote is removed: $step" ]
	unchanged
}

@test "a file that was changed since: nothing is done, and the message says what to do" {
	finished_half
	echo "# mine" >>$APP/integration/patch-001.yaml
	remember
	refuses 4 "$APP/integration/patch-001.yaml was changed since the step '$step' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory .promote away, which has the files that the step took from their places" recover
	echo "value: new" >$APP/integration/patch-001.yaml
	gives 0 recover
	copies integration
}

@test "what another program wrote while its file was moved is not removed with .promote" {
	finished_half
	mkdir -p $APP/integration/s1
	mv $APP/integration/patch-001.yaml .promote/0
	cp .promote/1 $APP/integration/s1/patch-001.yaml
	echo "# mine" >>.promote/1
	remember
	local stranded="another program has changed $APP/integration/s1/patch-001.yaml while the step '$step' moved it, and what it wrote is in .promote/1; move that away and run 'promote recover'"
	refuses 4 "$stranded" recover
	refuses 4 "$stranded" mgmt app patch-001
	mv .promote/1 mine
	gives 0 recover
	[ "$(<mine)" = $'value: new\n# mine' ]
	rm mine
	copies integration/s1
	killed true
	echo "# mine" >>.promote/0
	remember
	refuses 4 "another program has changed $APP/integration/patch-001.yaml while the step '$step' moved it, and what it wrote is in .promote/0; move that away and run 'promote recover'" recover
	rm .promote/0
	gives 0 recover
	copies integration/s1
}

@test "a file that is needed is missing: nothing is done" {
	killed true
	rm .promote/1
	remember
	refuses 4 "$APP/integration/s1/patch-001.yaml was changed since the step '$step' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory .promote away, which has the files that the step took from their places" recover
	rm -r .promote
}

@test "a directory of a run that was killed before the decision" {
	mkdir .promote
	echo x >.promote/0
	echo x >.promote/journal
	echo '*' >.promote/.gitignore
	gives 0 recover
	[ "$output" = "A run was killed before its step began or after it was done; its directory .promote is removed" ]
	[ ! -e .promote ]
	unchanged
}

@test "a directory .promote that promote has not made" {
	mkdir .promote
	echo x >.promote/mine
	remember
	refuses 3 ".promote/mine: not a file of promote; move it away" recover
	mv .promote/mine .promote/2024-new
	remember
	refuses 3 ".promote/2024-new: not a file of promote; move it away" recover
	mv .promote/2024-new .promote/2024
	remember
	refuses 3 "the directory .promote is not promote's own, since it has no .gitignore; move it away" recover
	echo '*' >.promote/.gitignore
	echo x >.promote/mine
	remember
	refuses 3 ".promote/mine: not a file of promote; move it away" recover
	rm .promote/2024 .promote/.gitignore
	remember
	refuses 3 ".promote/mine: not a file of promote; move it away" mgmt app patch-001
	rm -r .promote
}

@test ".promote is a file or a link" {
	echo x >.promote
	remember
	refuses 3 ".promote: not a directory" recover
	refuses 3 ".promote: not a directory" mgmt app patch-001
	rm .promote
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" .promote
	remember
	refuses 3 ".promote: is reached through a symbolic link, and promote follows none" recover
	rm .promote
}

@test "a dry run if .promote cannot be searched, or is not a directory" {
	give_to_user
	echo x >.promote
	remember
	refuses 3 ".promote: not a directory" --dry-run mgmt app patch-001
	rm .promote
	mkdir .promote
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 .promote
	chmod 444 .promote
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --dry-run mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error ".promote/redo: Permission denied"
	rmdir .promote
}

# journal LINE...: a journal to be finished that is valid except for these lines
journal() {
	mkdir -p .promote
	printf '%s\n' "promote journal 1" "step a test" "$@" | "$PYTHON" -c 'import sys
text = sys.stdin.buffer.read()
hash = 0xcbf29ce484222325
for byte in text:
    hash = (hash ^ byte) * 0x100000001b3 % 2**64
sys.stdout.buffer.write(text + b"end %016x\n" % hash)' >.promote/redo
	remember
}

@test "an invalid journal" {
	local broken="not a journal of this version of promote"
	mkdir .promote
	printf 'promote journal 2\n' >.promote/redo
	remember
	refuses 3 ".promote/redo:1: its first line is not 'promote journal 1'; $broken" recover
	journal "remove 0000000000000000 config/../../etc/passwd"
	refuses 3 ".promote/redo:3: a path that does not stay below config/; $broken" recover
	journal "remove 0000000000000000 /etc/passwd"
	refuses 3 ".promote/redo:3: a path that does not stay below config/; $broken" recover
	journal "dance config/x"
	refuses 3 ".promote/redo:3: an unknown word; $broken" recover
	journal "remove config/x"
	refuses 3 ".promote/redo:3: a number is expected; $broken" recover
	journal "make config/x\\y"
	refuses 3 ".promote/redo:3: an unknown escape; $broken" recover
	journal "make config/x"
	sed -i 's|config/x|config/y|' .promote/redo
	remember
	refuses 3 ".promote/redo:4: its end does not match the lines before it; $broken" recover
	rm -r .promote
}

@test "what was rendered cannot be restored: an error, and .promote is kept for another try" {
	put rendered/a "before"
	remember
	killed 'echo after >rendered/a'
	printf 'file' >.promote/rendered
	gives 3 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: is damaged"
	printf "file 0 644 0 0 9999999 rendered\0before\n" >.promote/rendered
	gives 3 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: is damaged"
	printf "file 0 644 0 0 7 config\0before\nend 0 0 0 0 0 \0" >.promote/rendered
	gives 3 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: holds config, which is not rendered"
	printf "directory 0 755 0 0 0 rendered\0other 1 644 0 0 0 pipe\0end 0 0 0 0 0 \0" >.promote/rendered
	gives 1 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: rendered/pipe: was a special file"
	mkfifo rendered/pipe
	ln -sf elsewhere .promote/rendered
	gives 3 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: is reached through a symbolic link, and promote follows none"
	rm .promote/rendered
	mkdir .promote/rendered
	gives 1 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: cannot be read: Is a directory"
	[ -e .promote/undo ]
	rmdir .promote/rendered
	printf "directory 0 755 0 0 0 rendered\0other 1 644 0 0 0 pipe\0end 0 0 0 0 0 \0" >.promote/rendered
	gives 0 recover # a pipe is there again
	[ -p rendered/pipe ]
	copies integration/s1
}

@test "what was rendered is missing in .promote: nothing is done" {
	put rendered/a "before"
	killed 'echo after >rendered/a'
	mv .promote/rendered kept
	remember
	refuses 3 "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: not found" recover
	mv kept .promote/rendered
	gives 0 recover
	[ "$(<rendered/a)" = "before" ]
	copies integration/s1
}

@test "a file that was read changes before the step is decided: refused" {
	put $APP/values.yaml "value: old"
	put $APP/stage/override.yaml "other: 1"
	remember
	# make -n runs the recipe's lines with a + while the step is computed
	makefile 'generate:' '	+touch ../edited; echo "other: 2" >$(FILE)'
	local file
	for file in $APP/stage/override.yaml $APP/values.yaml config/mgmt/defaults.yaml config/config.yaml $APP/integration/s1/patch-001.yaml $APP/stage/patch-000.yaml; do
		FILE=$file gives 4 mgmt app patch-001
		[[ $stderr == "ERROR: "*": changed while the step was worked out; nothing was written. Run it again" ]] || fail "$stderr"
		[ "$(cat $file)" = "other: 2" ]
		tar -xf "$BATS_TEST_TMPDIR/before"
		rm -f config/mgmt/defaults.yaml $APP/stage/patch-000.yaml
	done
}

@test "a generator that outlives a killed run: the next one waits for it" {
	put rendered/notes.txt "before"
	remember
	local go=$BATS_TEST_TMPDIR/go
	killed "trap '' TERM; $kill_promote; timeout 20 sh -c 'until [ -e $go ]; do sleep 0.05; done'; echo late >rendered/late" || true
	gives 6 recover --lock-timeout=0
	(sleep 0.5 && touch "$go") 3>&- &
	gives 0 recover
	unchanged
	sleep 1
	unchanged
}

@test "a file that another program has open for writing is not touched" {
	exec 7>>$APP/integration/s1/patch-001.yaml
	gives 4 --no-generate mgmt app patch-001
	exec 7>&-
	one_error "$APP/integration/s1/patch-001.yaml: another program has changed it meanwhile; it is left as it is"
	unchanged
	gives 0 --no-generate mgmt app patch-001
}

# an integration whose generator runs COMMAND: integrates COMMAND
integrates() {
	rm -r $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	put $APP/values.yaml "value: old"
	remember
	gives 1 --generate-command="$1" mgmt app patch-001
	unchanged
}

@test "a generator that removes .promote and fails: undone" {
	integrates 'rm -r .promote; exit 3'
	[ "$stderr" = "ERROR: The step was undone: 'rm -r .promote; exit 3' failed with exit status 3" ]
	integrates 'rm .promote/*; exit 3'
	integrates 'rm .promote/[0-9]* .promote/.gitignore; exit 3'
}

@test "a generator that removes the directory .promote or what is in it, and keeps a file from being put back" {
	local remove
	remember
	for remove in 'rm -r .promote' 'rm .promote/*'; do
		gives 1 --generate-command="$remove; mkdir $APP/integration/s1; echo mine >$APP/integration/s1/patch-001.yaml; exit 3" mgmt app patch-001
		has "$stderr" "The step is not undone in full; 'promote recover' continues it:"
		[ "$(<.promote/1)" = "value: new" ]
		gives 4 recover
		one_error "$APP/integration/s1/patch-001.yaml was changed since the step '$step' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory .promote away, which has the files that the step took from their places"
		rm $APP/integration/s1/patch-001.yaml
		gives 0 recover
		[ "$output" = "A run was killed in the middle of a step, which is undone now: $step" ]
		unchanged
	done
}

@test "a generator that removes the directory .promote, and what was rendered cannot be restored: the files are kept" {
	local fault=${FAULT_LIB:-$(dirname "$PROMOTE")/tests/fault.so}
	[ -e "$fault" ] || skip "fault.so is not built"
	put $APP/values.yaml "value: old"
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	rm -r $APP/integration/s1
	mkdir rendered
	remember
	LD_PRELOAD=$fault FAULT_PROGRAM=promote FAULT_EACH=syncfs:EIO ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		gives 1 --generate-command="rm -r .promote; exit 3" mgmt app patch-001
	has "$stderr" "The step is not undone in full; 'promote recover' continues it:"
	[ "$(<.promote/0-old)" = "value: old" ]
	gives 3 recover
	has "$stderr" "the step 'mgmt app: patch-001 into values.yaml' stopped half way, and recovery cannot go on: .promote/rendered: "
	[ "$(<.promote/0-old)" = "value: old" ]
	rm -r .promote
}

@test "a generator that removes .promote and succeeds: done" {
	gives 0 -q --generate-command='rm -r .promote' mgmt app patch-001
	[ -z "$stderr" ]
	copies integration
}

@test "something else at the path of a file: nothing is done, and the message says what to do" {
	killed true
	mv $APP/integration/patch-001.yaml "$BATS_TEST_TMPDIR/copy"
	ln -s "$BATS_TEST_TMPDIR/copy" $APP/integration/patch-001.yaml
	remember
	refuses 4 "$APP/integration/patch-001.yaml was changed since the step '$step' stopped half way. Put it back as it was before or after that step and run 'promote recover', or move the directory .promote away, which has the files that the step took from their places" recover
	rm $APP/integration/patch-001.yaml
	mv "$BATS_TEST_TMPDIR/copy" $APP/integration/patch-001.yaml
	gives 0 recover
	copies integration/s1
}

@test "a generator that undoes the step: a failure" {
	integrates "echo 'value: old' >$APP/values.yaml; mkdir $APP/stage $APP/integration; for p in stage integration; do echo 'value: new' >$APP/\$p/patch-001.yaml; done"
	has "$stderr" "left a wrong result: $APP/values.yaml is not as the step has made it any more"
}

@test "a generator that removes the step's copy: a failure" {
	gives 1 --generate-command="rm $APP/integration/patch-001.yaml" mgmt app patch-001
	[ "$stderr" = "ERROR: The step was undone: 'rm $APP/integration/patch-001.yaml' left a wrong result: $APP/integration/patch-001.yaml is not as the step has made it any more" ]
	unchanged
}

@test "copies that are one file with two names" {
	mkdir $APP/integration/s2
	ln $APP/integration/s1/patch-001.yaml $APP/integration/s2/patch-001.yaml
	gives 0 --no-generate --approve=stage mgmt app patch-001
	copies integration stage
}
