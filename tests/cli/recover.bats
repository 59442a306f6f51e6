# SPDX-License-Identifier: Apache-2.0
# Recovery from a run that was killed. These runs are killed by their own generator, which leaves a
# step to be undone. For a step to be finished, its journal gets the other name, and files are
# restored by hand. tests/fault kills at every call.

load common

step="mgmt app: patch-001 to integration/s2"
finished="A run was killed in the middle of a step, which is finished now: $step; changed: value at integration/s2/us"
undone="A run was killed in the middle of a step, which is undone now: $step; as before: value at integration/s2/us"
dropped="A run was killed in the middle of a step of which nothing is there; its directory .promote is removed: $step; not changed: value at integration/s2/us"

# The generator kills the run that it works for, then continues.
kill_promote="kill -KILL $run_above"

# killed COMMAND: a step whose generator runs COMMAND and then kills promote
killed() {
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="$1; $kill_promote" 3>&- || status=$?
	[ "$status" -eq 137 ] || fail "exit status $status"
	[ -e .promote/undo ]
}

# edit_journal FILE SCRIPT: the lines of a journal as sed edits them, with a last line that is right
edit_journal() {
	sed '$d' "$1" | sed "$2" | "$PYTHON" -c 'import hashlib, sys
text = sys.stdin.buffer.read()
sys.stdout.buffer.write(text + b"end %s\n" % hashlib.sha256(text).hexdigest().encode())' >"$BATS_TEST_TMPDIR/journal"
	cat "$BATS_TEST_TMPDIR/journal" >"$1"
}

# finished_half: the step's journal is one to be finished, and all of the step is done
finished_half() {
	killed true
	promote recover -q # as before ...
	unchanged
	killed true
	mv .promote/undo .promote/redo
	rm .promote/rendered
	edit_journal .promote/redo '/^rendered /d'
}

# still_has FILE...: what .promote has, in the words of a refusal
still_has() {
	local line
	for line; do
		printf '\n  .promote/%s as it was before the step' "$line"
	done
}

# refuses_with TEXT CONTENTS ARGUMENT...: the error and what .promote has, and a tree as before
refuses_with() {
	gives 4 "${@:3}"
	[ -z "$output" ]
	[ "$stderr" = "ERROR: $1$2" ] || fail "standard error: $stderr" "expected:       ERROR: $1$2"
	unchanged
}

AWAY="or move the directory .promote away, which has the files that the step took from their places"

# changed_since FILE CONTENTS ARGUMENT...: the refusal of a step whose file was changed
changed_since() {
	refuses_with "$1 was changed since the step '$step' stopped half way. Put it back as it was before or after that step and run 'promote recover', $AWAY" "${@:2}"
}

S1="1 is $APP/integration/s1/patch-001.yaml"
RENDERED="rendered is a copy of rendered/"

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
  "step": null,
  "effect": null
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
	[ "$output" = "$undone" ]
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
  "step": "mgmt app: patch-001 to integration/s2",
  "effect": {
    "groups": [
      {
        "targets": [
          "integration/s2/us"
        ],
        "paths": [
          "value"
        ]
      }
    ]
  }
}' ]
}

@test "the next step recovers first, says so, and is computed after that" {
	killed true
	gives 0 --no-generate mgmt app patch-001
	[ "$stderr" = "WARNING: $undone" ]
	copies integration
}

@test "the next step in JSON has the recovery among its warnings" {
	killed true
	gives 0 --no-generate -o json mgmt app patch-001
	[ "$stderr" = "WARNING: $undone" ]
	"$PYTHON" -c 'import json, sys
step = json.loads(sys.argv[1])
assert step["warnings"] == [{"code": "recovered", "severity": "warning", "message": sys.argv[3]}], sys.argv[1]
assert step["recovered"] == {"outcome": "undone", "step": sys.argv[2],
    "effect": {"groups": [{"targets": ["integration/s2/us"], "paths": ["value"]}]}}, sys.argv[1]' "$output" "$step" "$undone"
}

@test "a run that recovers and then fails says in JSON what it recovered" {
	killed true
	gives 3 -o json mgmt app patch-002
	has "$stderr" "WARNING: $undone"
	"$PYTHON" -c 'import json, sys
error = json.loads(sys.argv[1])
assert error["kind"] == "Error" and error["code"] == "not-found", sys.argv[1]
assert error["recovered"]["outcome"] == "undone" and error["recovered"]["step"] == sys.argv[2], sys.argv[1]' "$output" "$step"
	gives 3 -o json mgmt app patch-002
	has_not "$output" '"recovered"'
}

@test "the words of a journal reach a terminal escaped, and JSON as UTF-8" {
	killed true
	edit_journal .promote/undo $'2s/$/ \x1b]0;owned\x07\xc2\x9b/; s/^path value/path \x1b[2J/'
	cp -a .promote/undo "$BATS_TEST_TMPDIR/undo"
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: $step "'\x1b]0;owned\x07\xc2\x9b; as before: \x1b[2J at integration/s2/us' ] || fail "$output"
	copies integration/s1
	killed true
	edit_journal .promote/undo $'2s/$/ \x1b]0;owned\x07\xff/; s/^path value/path \xff/'
	gives 0 recover -o json
	"$PYTHON" -c 'import json, sys
found = json.loads(sys.argv[1])
assert found["step"].endswith("\x1b]0;owned\x07\\xff"), sys.argv[1]
assert found["effect"]["groups"][0]["paths"] == ["\\xff"], sys.argv[1]' "$output"
}

@test "effects in many groups are cut" {
	killed true
	edit_journal .promote/undo "/^path value/a$(printf 'effect\\ntarget t%s\\npath p\\n' 1 2 3 4)"
	edit_journal .promote/undo '/^$/d'
	gives 0 recover
	[ "$output" = "$undone; p at t1; p at t2; p at t3; and more at other targets" ] || fail "$output"
}

@test "a step that changes no value" {
	killed true
	edit_journal .promote/undo '/^effect$/d; /^target /d; /^path /d'
	gives 0 recover
	[ "$output" = "A run was killed in the middle of a step, which is undone now: $step; it changes no value" ]
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
	[ "$output" = "$finished" ]
	copies integration
}

@test "a step to be finished that is half done" {
	finished_half
	mkdir -p $APP/integration/s1
	mv .promote/1 $APP/integration/s1/patch-001.yaml
	gives 0 recover
	[ "$output" = "$finished" ]
	copies integration
	[ ! -e $APP/integration/s1 ]
}

@test "a step of which nothing is done: it may be from another branch, so it is dropped" {
	finished_half
	mkdir -p $APP/integration/s1
	mv .promote/1 $APP/integration/s1/patch-001.yaml
	mv $APP/integration/patch-001.yaml .promote/0
	gives 0 recover
	[ "$output" = "$dropped" ]
	unchanged
}

@test "a step to be finished that was undone by hand" {
	finished_half
	mkdir -p $APP/integration/s1
	cp .promote/1 $APP/integration/s1/patch-001.yaml
	rm $APP/integration/patch-001.yaml
	gives 0 recover
	[ "$output" = "$dropped" ]
	unchanged
}

@test "a file that was changed since: nothing is done, and the message says what to do" {
	finished_half
	echo "# mine" >>$APP/integration/patch-001.yaml
	remember
	changed_since $APP/integration/patch-001.yaml "$(still_has "$S1")" recover
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
	mv .promote/1 kept
	remember
	changed_since $APP/integration/s1/patch-001.yaml "$(still_has "$RENDERED")" recover
	mv kept .promote/1
	gives 0 recover
	copies integration/s1
}

@test "a directory of a run that was killed before the decision" {
	killed true
	mv .promote/undo .promote/journal
	promote recover -q # nothing is decided, so nothing is put back
	copies integration
	[ ! -e .promote ]
}

@test "a directory of a run that was killed at its first write" {
	local text
	for text in '' '*' $'*\n# 1b4e28ba-2fa1-11d2-883f-b9a761bde3fb 2049 1'; do
		mkdir -m 700 .promote
		printf '%s' "$text" >.promote/.gitignore
		chmod 600 .promote/.gitignore
		gives 0 recover
		[ "$output" = "A run was killed before its step began or after it was done; its directory .promote is removed" ]
		[ ! -e .promote ]
		unchanged
	done
	mkdir .promote
	gives 0 recover
	[ "$output" = "A run was killed before its step began or after it was done; its directory .promote is removed" ]
	unchanged
}

NOT_OURS="if no run here has left it, move it out of the tree, and keep it until you know what it has"
NOT_HERE=".promote was not made here: it came with a copy of the tree, with an archive or with git, and is not used. Move it out of the tree, and keep it until you know what it has; where it was made, 'promote recover' finishes or undoes its step"

# not_used TEXT: no run that writes obeys .promote, and none changes it
not_used() {
	remember
	refuses 4 "$1" recover
	refuses 4 "$1" mgmt app patch-001
	refuses 4 "$1" --dry-run mgmt app patch-001
	gives 0 values mgmt integration/s1/us app
	unchanged
}

# open_to MODE PATH: the message
open_to() {
	echo "$2 is open to other users (mode $1): .promote is not used. If nobody else can have changed it, close it with 'chmod go= $2' and run 'promote recover'; $NOT_OURS"
}

@test "a directory .promote that promote has not made" {
	mkdir -m 755 .promote
	echo x >.promote/mine
	not_used "$(open_to 755 .promote)"
	chmod go= .promote
	remember
	refuses 3 ".promote/mine: not a file of promote; move it away" recover
	refuses 3 ".promote/mine: not a file of promote; move it away" mgmt app patch-001
	mv .promote/mine .promote/2024-new
	remember
	refuses 3 ".promote/2024-new: not a file of promote; move it away" recover
	mv .promote/2024-new .promote/2024
	not_used "$NOT_HERE"
	(umask 077 && echo '*' >.promote/.gitignore)
	not_used "$NOT_HERE"
	rm -r .promote
}

@test "a .promote that came with a clone, an archive or a copy of the tree is not used" {
	killed true
	promote recover -q
	killed true
	cp -a . "$BATS_TEST_TMPDIR/copy"
	promote recover -q
	unchanged
	cp -a "$BATS_TEST_TMPDIR/copy/.promote" .
	not_used "$NOT_HERE"
	rm .promote/undo # nothing is decided: what is in it is not removed either
	not_used "$NOT_HERE"
	rm -r .promote
	cd "$BATS_TEST_TMPDIR/copy"
	not_used "$NOT_HERE"
	cd "$ROOT"
	rm -r "$BATS_TEST_TMPDIR/copy"
	remember
}

@test "a tree that was moved is the same tree" {
	killed true
	mv "$ROOT" "$BATS_TEST_TMPDIR/elsewhere"
	mv "$BATS_TEST_TMPDIR/elsewhere" "$ROOT.2"
	gives 0 recover -C "$ROOT.2"
	mv "$ROOT.2" "$ROOT"
	cd "$ROOT"
	unchanged
}

@test "a .promote that is open to others is not used, and neither is one with a file that is" {
	local name
	killed true
	chmod 750 .promote
	not_used "$(open_to 750 .promote)"
	chmod 700 .promote
	for name in undo rendered .gitignore; do
		chmod 640 .promote/$name
		not_used "$(open_to 640 .promote/$name)"
		chmod 600 .promote/$name
	done
	gives 0 recover
	copies integration/s1
}

@test "a .promote that git has opened to others came with git" {
	git init -q
	killed true
	git add -f .promote config
	git -c user.name=a -c user.email=a commit -q -m fleet
	git clone -q . "$ROOT.2"
	chmod 755 "$ROOT.2/.promote"
	cd "$ROOT.2"
	not_used "$NOT_HERE"
	chmod 700 .promote
	chmod 644 .promote/undo
	not_used "$NOT_HERE"
	cd "$ROOT"
	gives 0 recover
	copies integration/s1
	rm -rf .git "$ROOT.2"
}

@test "a .promote of another user is not used; root may recover the owner's" {
	[ "$(id -u)" -eq 0 ] || skip "only root can give files away"
	killed true
	chown 65534 .promote/undo
	not_used ".promote/undo belongs to user 65534, and you are user 0: .promote is not used. User 65534 can run 'promote recover', and you 'promote recover --trust'; $NOT_OURS"
	chown -R 65534 .promote
	not_used ".promote belongs to user 65534, and you are user 0: .promote is not used. User 65534 can run 'promote recover', and you 'promote recover --trust'; $NOT_OURS"
	chown -R 0 .promote
	gives 0 recover
	copies integration/s1
}

@test "root recovers the step of the owner of the fleet with his rights, if asked" {
	[ "$(id -u)" -eq 0 ] || skip "only root can act as another user"
	give_to_user
	put rendered/a "before"
	chown -R 65534:65534 rendered
	as_user "$PROMOTE" -C "$ROOT" -q mgmt app patch-001 --generate-command="echo after >rendered/a; $kill_promote" 3>&- || true
	[ -e .promote/undo ]
	wait_for flock -n . true
	gives 4 --dry-run --trust mgmt app patch-001
	[ "$stderr" = "ERROR: a run was killed in the middle of a step; 'promote recover' finishes or undoes it" ]
	chown 0 .promote/undo # nobody but its owner can have written what is obeyed
	gives 4 recover --trust
	has "$stderr" ".promote/undo belongs to user 0, and you are user 65534: .promote is not used."
	chown 65534 .promote/undo
	chown 0 . # the directory .promote is of another user than the fleet
	gives 4 recover --trust
	has "$stderr" ".promote belongs to user 65534, and you are user 0: .promote is not used."
	chown 65534 .
	gives 0 recover --trust
	[ "$output" = "$undone" ]
	copies integration/s1
	[ "$(<rendered/a)" = before ]
	[ -z "$(find . ! -user 65534)" ] || fail "$(find . ! -user 65534)"
}

@test "on a file system without modes the owner alone decides, with a warning" {
	local fault=${FAULT_LIB:-$(dirname "$PROMOTE")/tests/fault.so}
	[ -e "$fault" ] || skip "fault.so is not built"
	finished_half
	chmod 755 .promote
	chmod 644 .promote/redo .promote/.gitignore
	LD_PRELOAD=$fault FAULT_PROGRAM=promote FAULT_EACH=fchmod:EPERM ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		gives 0 recover
	[ "$output" = "$finished" ]
	[ "$stderr" = "WARNING: The file system keeps no modes: whether .promote is yours was told by its owner alone" ]
	copies integration
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
	touch .promote/redo
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 .promote .promote/redo
	chmod 400 .promote
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --dry-run mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error ".promote/.gitignore: Permission denied: no right to search .promote (mode 400)"
	chmod 700 .promote
	rm -r .promote
}

@test "an invalid journal" {
	local broken="not a journal of this version of promote"
	finished_half
	cp .promote/redo "$BATS_TEST_TMPDIR/redo"
	# breaks SCRIPT WHAT: with the lines as sed edits them
	breaks() {
		cat "$BATS_TEST_TMPDIR/redo" >.promote/redo
		edit_journal .promote/redo "$1"
		remember
		refuses 3 ".promote/redo:$2; $broken" recover
	}
	breaks '1s/2/1/' "1: its first line is not 'promote journal 2'"
	breaks '3s|.*|make config/../../etc/passwd|' "3: a path that does not stay below config/"
	breaks '3s|.*|make /etc/passwd|' "3: a path that does not stay below config/"
	breaks '3s|.*|dance config/x|' "3: an unknown word"
	breaks '3s|.*|remove config/x|' "3: a digest is expected"
	breaks '3s|.*|make config/x\\y|' "3: an unknown escape"
	cat "$BATS_TEST_TMPDIR/redo" >.promote/redo
	sed -i '2s/app/apq/' .promote/redo
	chmod 600 .promote/redo
	remember
	refuses 3 ".promote/redo:$(wc -l <.promote/redo): its end does not match the lines before it; $broken" recover
	cat "$BATS_TEST_TMPDIR/redo" >.promote/redo
	gives 0 recover
	copies integration
}

@test "a .promote of an earlier version is not used" {
	killed true
	printf 'promote journal 1\nstep a\nend 0\n' >.promote/undo
	remember
	refuses 3 ".promote/undo:1: its first line is not 'promote journal 2'; not a journal of this version of promote" recover
	rm -r .promote
}

@test "what was rendered cannot be restored: an error, and .promote is kept for another try" {
	local other=".promote/rendered is not the copy of rendered/ that the step has made; put that back and run 'promote recover', $AWAY"
	put rendered/a "before"
	remember
	killed 'echo after >rendered/a'
	mv .promote/rendered kept
	(umask 077 && cat kept >.promote/rendered && printf x | dd of=.promote/rendered bs=1 seek=40 conv=notrunc status=none)
	remember
	refuses 4 "$other" recover
	ln -sf elsewhere .promote/rendered
	gives 3 recover
	one_error "the step '$step' stopped half way, and recovery cannot go on: .promote/rendered: is reached through a symbolic link, and promote follows none"
	rm .promote/rendered
	mkdir -m 700 .promote/rendered
	remember
	refuses 4 "$other" recover
	rmdir .promote/rendered
	mv kept .promote/rendered
	gives 0 recover
	[ "$(<rendered/a)" = before ]
	copies integration/s1
}

@test "a recovery that cannot be reported on standard output is told on standard error" {
	local format
	for format in text json; do
		killed true
		run --separate-stderr bash -c '"$0" recover -o "$1" >/dev/full' "$PROMOTE" $format
		[ "$status" -eq 1 ]
		[ "$stderr" = "ERROR: cannot write to standard output: No space left on device
$undone" ] || fail "$stderr"
		copies integration/s1
	done
	run --separate-stderr bash -c '"$0" recover >/dev/full' "$PROMOTE"
	[ "$stderr" = "ERROR: cannot write to standard output: No space left on device" ] || fail "$stderr"
}

@test "what was rendered is missing in .promote: nothing is done" {
	put rendered/a "before"
	killed 'echo after >rendered/a'
	mv .promote/rendered kept
	remember
	refuses 4 ".promote/rendered is not the copy of rendered/ that the step has made; put that back and run 'promote recover', $AWAY" recover
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
	makefile 'X := $(shell touch ../edited; echo "other: 2" >$(FILE))' 'generate:'
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
	# its watcher would end it within a second
	killed "kill -STOP \$PPID; $kill_promote; timeout 20 sh -c 'until [ -e $go ]; do sleep 0.05; done'; echo late >rendered/late; kill -CONT \$PPID"
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
		remember
		changed_since $APP/integration/s1/patch-001.yaml "$(still_has "$S1" "$RENDERED")" recover
		rm $APP/integration/s1/patch-001.yaml
		gives 0 recover
		[ "$output" = "$undone" ]
		copies integration/s1
		[ ! -e .promote ]
	done
}

@test "a program is told what is not undone, and how to go on" {
	local made=$APP/integration/patch-001.yaml
	gives 1 -o json --generate-command="echo '# mine' >>$made; false" mgmt app patch-001
	[ "$(jq -c '.code, .blockers, .commands' <<<"$output")" = "\"generator\"
[{\"file\":\"$made\",\"message\":\"The step is not undone in full; 'promote recover' continues it: $made: another program has changed it meanwhile; it is left as it is\"}]
[\"promote recover\"]" ] || fail "$output"
	rm -r .promote
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
	gives 0 recover # the copy of what was rendered is there again, too
	unchanged
}

@test "a generator that removes values.yaml after an integration: undone" {
	integrates "rm $APP/values.yaml"
	[ "$stderr" = "ERROR: The step was undone: 'rm $APP/values.yaml' left a wrong result: $APP/values.yaml is not as the step has made it any more" ] || fail "$stderr"
	integrates "rm $APP/values.yaml; false"
	integrates "rm -r .promote $APP/values.yaml; false"
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
	changed_since $APP/integration/patch-001.yaml "$(still_has "$S1" "$RENDERED")" recover
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

# on_branches: two branches, of which `other` has no copy of the patch; the first is checked out
on_branches() {
	git init -q -b first
	git config user.name a
	git config user.email a
	git add config
	git commit -q -m fleet
	git checkout -q -b other
	git rm -q $APP/integration/s1/patch-001.yaml
	git commit -q -m "no patch"
	git checkout -q first
}

SWITCHED="what git has checked out has changed since the step began, and nothing is put back there. Check out what was checked out then, and run 'promote recover'"

@test "another branch is checked out while a generator runs that fails: nothing is put back there" {
	local sabotage
	for sabotage in true "rm -r .promote" "rm .promote/undo"; do
		rm -rf .git
		on_branches
		gives 1 --generate-command="git checkout -q other; $sabotage; exit 7" mgmt app patch-001
		[ "$stderr" = "ERROR: '$(printf 'git checkout -q other; %s; exit 7' "$sabotage")' failed with exit status 7
The step is not undone in full; 'promote recover' continues it:
  $SWITCHED" ] || fail "$stderr"
		# the new copy was carried along by git, and the one that was removed is not put back
		copies integration
		gives 4 recover
		has "$stderr" "what git has checked out has changed"
		copies integration

		git checkout -q first
		gives 0 recover
		copies integration/s1
		[ -z "$(git status --porcelain)" ] || fail "$(git status --porcelain)"
	done
}

@test "the same if HEAD is a symbolic link, as with core.preferSymlinkRefs; also for a recovery" {
	on_branches
	git config core.preferSymlinkRefs true
	git checkout -q other
	git checkout -q first
	[ -L .git/HEAD ]
	gives 1 --generate-command="git checkout -q other; exit 7" mgmt app patch-001
	has "$stderr" "  $SWITCHED"
	copies integration
	gives 4 recover
	has "$stderr" "what git has checked out has changed"
	copies integration
	git checkout -q first
	gives 0 recover
	copies integration/s1

	killed true
	git checkout -qf other
	git clean -qfd config
	copies
	gives 4 recover
	has "$stderr" "what git has checked out has changed"
	copies
	# the same text in a file is another thing than in a link
	git checkout -qf first
	rm .git/HEAD
	printf 'refs/heads/first' >.git/HEAD
	gives 4 recover
	rm .git/HEAD
	ln -s refs/heads/first .git/HEAD
	gives 0 recover
	copies integration/s1
}

@test "a HEAD that no git has written is not read to its end: refused, or another branch" {
	on_branches
	remember
	cp .git/HEAD ../head
	truncate -s 65M .git/HEAD
	gives 3 mgmt app patch-001
	[ "$stderr" = "ERROR: .git/HEAD: larger than 64 MiB" ] || fail "$stderr"
	cp ../head .git/HEAD
	unchanged
	gives 1 --generate-command="truncate -s 65M .git/HEAD; exit 7" mgmt app patch-001
	has "$stderr" "  $SWITCHED"
	gives 4 recover
	has "$stderr" "what git has checked out has changed"
	cp ../head .git/HEAD
	gives 0 recover
	copies integration/s1
}

@test "another branch is checked out and back, is committed to, or loses its repository, while a generator runs that fails: undone" {
	on_branches
	remember
	gives 1 --generate-command="git stash -qu; git checkout -q other; git checkout -q first; git stash pop -q; git commit -q --allow-empty -m more; exit 7" mgmt app patch-001
	has "$stderr" "ERROR: The step was undone: "
	copies integration/s1
	[ -z "$(git status --porcelain)" ] || fail "$(git status --porcelain)"
	mv .git repository
	ln -s repository .git # which is not followed
	gives 1 --generate-command="git checkout -q other; exit 7" mgmt app patch-001
	has "$stderr" "ERROR: The step was undone: "
	git checkout -qf first
	rm .git
	mv repository .git
	gives 1 --generate-command="rm -rf .git; exit 7" mgmt app patch-001
	has "$stderr" "ERROR: The step was undone: "
	copies integration/s1
	[ ! -e .git ]
}

@test "a .promote whose .gitignore somebody else wrote: not used, and left" {
	mkdir -m 700 .promote
	(umask 077 && echo "# of somebody else, and longer than the first line of promote's" >.promote/.gitignore && echo x >.promote/0)
	remember
	gives 4 mgmt app patch-001
	one_error "$NOT_HERE"
	unchanged
	rm -r .promote
}

# loses_rights MODE FILE: a generator takes rights away from its own user, whether it fails or not
loses_rights() {
	local generator="chmod $1 $2" status=0
	remember
	as_user "$PROMOTE" -q --generate-command="$generator; exit 7" mgmt app patch-001 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ] || fail "exit status $status" "$(cat "$BATS_TEST_TMPDIR/err")"
	has "$(cat "$BATS_TEST_TMPDIR/err")" "ERROR: The step was undone: "
	unchanged
}

@test "a generator that takes away the rights to .promote or to the new copy: undone, or done" {
	local mode
	give_to_user
	for mode in 000 100 400 500 600; do
		loses_rights $mode .promote
		loses_rights $mode $APP/integration/patch-001.yaml
	done
	as_user "$PROMOTE" -q --generate-command="chmod 000 .promote" mgmt app patch-001
	copies integration
	[ ! -e .promote ]
}

@test "a recovery that cannot remove .promote says what became of the step" {
	local status=0
	give_to_user
	as_user "$PROMOTE" -q mgmt app patch-001 --generate-command="$kill_promote" 3>&- || status=$?
	[ "$status" -eq 137 ] || fail "exit status $status"
	chmod 555 .
	status=0
	as_user "$PROMOTE" recover 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ] || fail "exit status $status"
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = "ERROR: the step '$step', which stopped half way, is undone now: cannot remove the directory .promote: Permission denied" ] || fail "$(cat "$BATS_TEST_TMPDIR/err")"
	copies integration/s1
	chmod 755 .
	as_user "$PROMOTE" recover
	[ ! -e .promote ]
}

# step_of_user COMMAND: a step of the user whose generator it is; status and stderr are set
step_of_user() {
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --generate-command="$1" mgmt app patch-001 3>&-
}

@test "a generator has taken away our own rights to .promote, and is killed with its run: recovered" {
	local how
	give_to_user
	remember
	for how in 'chmod 000 .promote' 'chmod 400 .promote' 'chmod 300 .promote' \
		'chmod 000 .promote/undo .promote/rendered .promote/.gitignore'; do
		step_of_user "$how; kill -KILL $run_above; sleep 9"
		[ "$status" -eq 137 ]
		# a dry run changes no rights
		run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --dry-run mgmt app patch-001
		[ "$status" -eq 1 ] || fail "$how: $status $stderr"
		[[ $stderr == "ERROR: .promote"*": Permission denied"* ]] || fail "$how: $stderr"
		run --separate-stderr as_user "$PROMOTE" -C "$ROOT" recover
		[ "$status" -eq 0 ] || fail "$how: $status $stderr"
		unchanged
	done
}

@test "a right to the step's files that is taken away is named, and nothing else is lacking" {
	give_to_user
	remember
	step_of_user "chmod 000 $APP; exit 7"
	[ "$status" -eq 1 ]
	[ "$stderr" = "ERROR: 'chmod 000 $APP; exit 7' failed with exit status 7
The step is not undone in full; 'promote recover' continues it:
  $APP/integration/patch-001.yaml: Permission denied: no right to search $APP (mode 000)
  $APP/integration/s1/patch-001.yaml: Permission denied: no right to search $APP (mode 000)" ] || fail "$stderr"
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" recover
	[ "$status" -eq 1 ]
	[ "$stderr" = "ERROR: the step 'mgmt app: patch-001 to integration/s2' stopped half way, and recovery cannot go on: $APP/values.yaml: Permission denied: no right to search $APP (mode 000)" ] || fail "$stderr"
	as_user chmod 755 $APP
	as_user "$PROMOTE" -C "$ROOT" recover
	unchanged

	# the mode that a file had is not known to a recovery
	step_of_user "chmod 000 .promote/1; kill -KILL $run_above; sleep 9"
	[ "$status" -eq 137 ]
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" recover
	[ "$stderr" = "ERROR: the step 'mgmt app: patch-001 to integration/s2' stopped half way, and recovery cannot go on: .promote: 1: Permission denied: no right to read the file (mode 000)" ] || fail "$stderr"
	as_user chmod 644 .promote/1
	as_user "$PROMOTE" -C "$ROOT" recover
	unchanged
}

@test "a mount of config that is read-only: refused, and nothing is left to be undone" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount"
	mount --bind config config 2>/dev/null || skip "nothing can be mounted here"
	mount -o remount,ro,bind config
	remember
	promote mgmt app patch-001 2>../err && status=0 || status=$?
	umount config
	[ "$status" -eq 1 ] || fail "$status $(<../err)"
	[ "$(<../err)" = "ERROR: cannot write $APP/integration/patch-001.yaml: it is on another file system than the fleet's root" ] || fail "$(<../err)"
	unchanged
}
