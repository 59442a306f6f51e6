# SPDX-License-Identifier: Apache-2.0
# Holds: what a step waits for, hold.yaml wherever it is, and the commands that change it.

load common

# hold FILE [LINE]...: a hold of Ann in a file, with more lines
hold() {
	put "$1" "- reason: frozen"
	printf '  %s\n' 'by: Ann' 'since: 2026-11-01T00:00:00Z' "${@:2}" >>"$1"
}

# held FILE [WHAT]: the usual step is refused for the only hold of this file
held() {
	remember
	gives 7 mgmt app patch-001
	[ -z "$output" ] || fail "$output"
	[ "${stderr_lines[0]}" = "ERROR: held by $1:1:3: frozen (Ann, ${2:-since 2026-11-01T00:00:00Z})" ] || fail "$stderr"
	unchanged
}

goes_on() {
	gives 0 -q mgmt app patch-001
	[ -z "$stderr" ] || fail "$stderr"
}

@test "held: the fleet" {
	hold config/hold.yaml
	held config/hold.yaml
	[ "${stderr_lines[1]}" = "Try: promote release" ] || fail "$stderr"
}

@test "held: a cluster type" {
	hold config/mgmt/hold.yaml
	held config/mgmt/hold.yaml
	[ "${stderr_lines[1]}" = "Try: promote release mgmt" ] || fail "$stderr"
}

@test "held: an application" {
	hold $APP/hold.yaml
	held $APP/hold.yaml
	[ "${stderr_lines[1]}" = "Try: promote release mgmt app" ] || fail "$stderr"
}

@test "held: a position" {
	hold $APP/integration/s2/hold.yaml
	held $APP/integration/s2/hold.yaml
	[ "${stderr_lines[1]}" = "Try: promote release mgmt app integration/s2" ] || fail "$stderr"
}

@test "held: the directory of a position that has nothing else" {
	hold $APP/integration/s2/us/hold.yaml
	held $APP/integration/s2/us/hold.yaml
}

@test "not held: another application, another cluster type, another position, another patch" {
	hold config/mgmt/other/hold.yaml
	hold config/other/hold.yaml
	hold $APP/stage/hold.yaml
	hold $APP/integration/hold.yaml 'patches: [patch-002]'
	goes_on
}

@test "held: two holds, and each is named with the way to release it" {
	hold config/hold.yaml
	hold $APP/hold.yaml 'patches: [patch-001]' 'positions: [integration]'
	gives 7 mgmt app patch-001
	one_error "held by config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)
  and by $APP/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z, patch-001, at integration)
Try: promote release
Try: promote release mgmt app"
}

@test "until: held to the last second" {
	hold config/hold.yaml 'until: 2026-12-01T00:00:00Z'
	export PROMOTE_NOW=2026-11-30T23:59:59Z
	held config/hold.yaml 'until 2026-12-01T00:00:00Z'
	PROMOTE_NOW=2026-12-01T00:00:00Z
	goes_on
}

@test "until: the system's clock, which is between these two" {
	hold config/hold.yaml 'until: 2001-01-01T00:00:00Z'
	goes_on
	hold config/hold.yaml 'until: 9999-01-01T00:00:00Z'
	gives 7 mgmt app patch-001
}

@test "PROMOTE_NOW that is no time is a wrong command line" {
	export PROMOTE_NOW=now
	refuses 2 "PROMOTE_NOW=now is not a time such as 2026-11-30T18:00:00Z" mgmt app patch-001
	PROMOTE_NOW=
	refuses 2 "PROMOTE_NOW= is not a time such as 2026-11-30T18:00:00Z" mgmt app patch-001
}

@test "a dry run names holds, as text, JSON and markdown, and ends with 0" {
	hold $APP/hold.yaml 'until: 9999-12-01T00:00:00Z' 'patches: [patch-001]'
	remember
	gives 0 -n mgmt app patch-001
	[ "${lines[1]}" = "• Would wait for the hold $APP/hold.yaml:1:3: frozen (Ann, until 9999-12-01T00:00:00Z, patch-001)" ] ||
		fail "$output"
	gives 0 -n -o json mgmt app patch-001
	[ "$(jq -c .holds <<<"$output")" = '[{"file":"config/mgmt/app/hold.yaml","line":1,"column":3,"reason":"frozen","by":"Ann","since":"2026-11-01T00:00:00Z","until":"9999-12-01T00:00:00Z","patches":["patch-001"]}]' ] ||
		fail "$output"
	gives 0 -n -o markdown mgmt app patch-001
	has "$output" "
### Holds

- Would wait for: config/mgmt/app/hold.yaml:1:3: frozen (Ann, until 9999-12-01T00:00:00Z, patch-001)
"
	unchanged
}

@test "an error as JSON" {
	hold $APP/integration/s2/hold.yaml
	gives 7 -o json mgmt app patch-001
	[ "$(jq -c '[.code, .exit, .position, .file, .line, .column, .commands]' <<<"$output")" = \
		'["hold",7,"integration/s2","config/mgmt/app/integration/s2/hold.yaml",1,3,["promote release mgmt app integration/s2"]]' ] ||
		fail "$output"
}

@test "a hold is asked after what is wrong (3) and refused (4), and before gates (5)" {
	hold config/hold.yaml
	gives 3 mgmt app patch-009
	mkdir -p $APP/stage/s1/us
	cp $APP/integration/s1/patch-001.yaml $APP/stage/s1/us/
	gives 4 mgmt app patch-001
	rm -r $APP/stage
	mkdir -p $APP/integration
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	gives 7 mgmt app patch-001
	rm config/hold.yaml
	gives 5 mgmt app patch-001
}

@test "consolidation and integration are held" {
	rm -r $APP/integration
	put $APP/integration/s1/patch-001.yaml "value: new"
	put $APP/integration/s2/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
	hold $APP/integration/s2/hold.yaml
	held $APP/integration/s2/hold.yaml
	mv $APP/integration/s2/hold.yaml hold
	goes_on
	copies integration stage
	mkdir -p $APP/stage/s1/us
	mv hold $APP/stage/s1/us/hold.yaml
	held $APP/stage/s1/us/hold.yaml
	rm $APP/stage/s1/us/hold.yaml
	goes_on
}

@test "a file that is misspelt, is no list or cannot be read holds its application" {
	local path
	while read -r path; do
		hold "$path"
		remember
		refuses 7 "held by $path: it is not read, and was probably meant to be hold.yaml; mend it, or remove it" \
			-q mgmt app patch-001 || return 1
		rm "$path"
	done <<-END
		config/hold.yml
		config/mgmt/Hold.yaml
		config/mgmt/app/holds.yaml
		config/mgmt/app/stage/HOLD.YML
	END
}

@test "a file at no position holds its application" {
	hold $APP/old/hold.yaml
	remember
	refuses 7 "held by $APP/old/hold.yaml: not at a position of config/config.yaml; mend it, or remove it" mgmt app patch-001
}

@test "a directory, a link and a broken file hold" {
	mkdir -p $APP/hold.yaml
	remember
	refuses 7 "held by $APP/hold.yaml: not a file; mend it, or remove it" mgmt app patch-001
	rmdir $APP/hold.yaml
	ln -s nothing config/hold.yaml
	remember
	refuses 7 "held by config/hold.yaml: not a file; mend it, or remove it" mgmt app patch-001
	rm config/hold.yaml
	put config/mgmt/hold.yaml "- reason: [x"
	remember
	gives 7 mgmt app patch-001
	has "$stderr" "ERROR: held by config/mgmt/hold.yaml:"
	unchanged
}

@test "a hold that comes while a question waits stops the step" {
	hold other.yaml
	at_terminal 4 --meanwhile "mv other.yaml config/mgmt/hold.yaml" --answer "Go on" y -- --interactive mgmt app patch-001
	has "$output" "config/mgmt/hold.yaml: changed while the step was worked out; nothing was written."
	copies integration/s1
}

@test "so does one that another one has replaced" {
	hold config/hold.yaml 'patches: [patch-002]'
	hold other.yaml
	at_terminal 4 --meanwhile "mv other.yaml config/hold.yaml" --answer "Go on" y -- --interactive mgmt app patch-001
	has "$output" "config/hold.yaml: changed while the step was worked out; nothing was written."
	copies integration/s1
}

@test "very many holds: some are told" {
	local i
	for ((i = 0; i < 66; i++)); do
		printf -- '- {reason: "r%d", by: Ann, since: "2026-11-01T00:00:00Z"}\n' "$i"
	done >config/hold.yaml
	gives 7 mgmt app patch-001
	[ "${stderr_lines[63]}" = "  and by config/hold.yaml:64:3: r63 (Ann, since 2026-11-01T00:00:00Z)" ] || fail "$stderr"
	[ "${stderr_lines[64]}" = "  and by more" ] || fail "$stderr"
	[ "${stderr_lines[65]}" = "Try: promote release --reason=r0" ] || fail "$stderr"
	[ "${#stderr_lines[@]}" -eq 129 ]
	head -64 config/hold.yaml >../hold.yaml
	mv ../hold.yaml config/hold.yaml
	gives 7 mgmt app patch-001
	[[ $stderr != *"and by more"* ]]
}

# The commands.

# who NAME: what git says who is at work
who() {
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig GIT_CONFIG_SYSTEM=/dev/null
	git config --file "$GIT_CONFIG_GLOBAL" user.name "$1"
}

# at TIME: the clock
at() {
	export PROMOTE_NOW=$1
}

@test "hold: a new file for the fleet, a cluster type, an application and a position" {
	who Ann
	at 2026-11-27T12:00:00Z
	local text=$'- reason: wait\n  by: Ann\n  since: "2026-11-27T12:00:00Z"'
	gives 0 hold --reason=wait
	[ "$output" = "✓ Added hold: config/hold.yaml:1:3: wait (Ann, since 2026-11-27T12:00:00Z)" ] || fail "$output"
	[ "$(<config/hold.yaml)" = "$text" ]
	[ "$(stat -c %a config/hold.yaml)" = 644 ]
	gives 0 hold mgmt --reason=wait
	[ "$(<config/mgmt/hold.yaml)" = "$text" ]
	gives 0 hold mgmt app --reason=wait
	[ "$(<$APP/hold.yaml)" = "$text" ]
	gives 0 hold mgmt app stage/s1/us --reason=wait
	[ "$(<$APP/stage/s1/us/hold.yaml)" = "$text" ]
	gives 7 mgmt app patch-001
}

@test "hold: with an end, patches and positions, and a reason that must be quoted" {
	who Ann
	at 2026-11-27T12:00:00Z
	gives 0 hold mgmt app integration --reason='yes: #1' --until=2026-11-27T12:00:01Z --patch=patch-1 --patch=patch-2.yaml \
		--position=integration/s1/ --position=integration
	[ "$(<$APP/integration/hold.yaml)" = '- reason: "yes: #1"
  by: Ann
  since: "2026-11-27T12:00:00Z"
  until: "2026-11-27T12:00:01Z"
  patches: [patch-1, patch-2]
  positions: [integration/s1, integration]' ] || fail "$(<$APP/integration/hold.yaml)"
}

@test "hold: a patch that is not in flight where it holds is a warning" {
	gives 0 hold mgmt app --patch=patch-01 --patch=patch-001 --reason=no
	[ "$stderr" = "WARNING: patch-01 is not in flight here: the hold waits for a patch of that name; did you mean patch-001?" ] ||
		fail "$stderr"
	gives 0 hold mgmt --patch=patch-001 --reason=no
	[ -z "$stderr" ] || fail "$stderr"
	gives 0 hold --patch=patch-of-tomorrow -n -o json --reason=no
	[ "$(jq -c '[.warnings[] | .code, .message]' <<<"$output")" = \
		'["not-in-flight","patch-of-tomorrow is not in flight here: the hold waits for a patch of that name"]' ] || fail "$output"
}

@test "hold: behind the others, whose bytes stay" {
	who Ann
	at 2026-11-27T12:00:00Z
	printf -- '# of us all\n- reason:   "x"   # why\n  by: Bo\n\n  since: 2026-11-01T00:00:00Z\n# end\n' >config/hold.yaml
	chmod 640 config/hold.yaml
	gives 0 hold --reason=wait
	[ "$output" = "✓ Added hold: config/hold.yaml:6:3: wait (Ann, since 2026-11-27T12:00:00Z)" ] || fail "$output"
	cmp config/hold.yaml - <<-'END' || fail "$(<config/hold.yaml)"
		# of us all
		- reason:   "x"   # why
		  by: Bo

		  since: 2026-11-01T00:00:00Z
		- reason: wait
		  by: Ann
		  since: "2026-11-27T12:00:00Z"
		# end
	END
	[ "$(stat -c %a config/hold.yaml)" = 640 ]
}

@test "hold: twice the same is one, and a longer one is another" {
	who Ann
	at 2026-11-27T12:00:00Z
	gives 0 hold --reason=wait
	at 2026-11-28T12:00:00Z
	remember
	prints "Nothing to do: this hold is there already: config/hold.yaml:1:3: wait (Ann, since 2026-11-27T12:00:00Z)" hold --reason=wait
	gives 0 hold -o json --reason=wait
	[ "$(jq -c '[.action, .left, (.holds | length)]' <<<"$output")" = '["none",1,1]' ] || fail "$output"
	gives 0 -q hold --reason=wait --until=2026-12-01T00:00:00Z
	[ "$(grep -c reason config/hold.yaml)" = 2 ]
}

@test "hold: again when the same has expired" {
	hold config/hold.yaml 'until: 2026-12-01T00:00:00Z'
	at 2026-12-01T00:00:00Z
	gives 0 -q hold --reason=frozen --until=2026-12-02T00:00:00Z
	[ "$(grep -c reason config/hold.yaml)" = 2 ]
}

@test "hold: who holds is git's user.name, else the login" {
	command -v git >/dev/null || skip "needs git"
	who "Ann Å"
	git init -q .
	gives 0 -q hold --reason=a
	git config user.name "Of This Repository"
	gives 0 -q hold --reason=b
	git config user.name $'two\nlines'
	gives 0 -q hold --reason=c
	git config user.name ""
	gives 0 -q hold --reason=e
	rm -r .git
	PATH=/nowhere gives 0 -q hold --reason=d
	[ "$(sed -n 's/^  by: //p' config/hold.yaml)" = "Ann Å
Of This Repository
$(id -un)
$(id -un)
$(id -un)" ] || fail "$(<config/hold.yaml)"
}

@test "hold: what git warns of is no part of the name" {
	command -v git >/dev/null || skip "needs git"
	local git
	git=$(command -v git)
	who Ann
	put "$BATS_TEST_TMPDIR/bin/git" "#!/bin/sh
		echo 'warning: unable to access a file' >&2
		exec $git \"\$@\""
	chmod +x "$BATS_TEST_TMPDIR/bin/git"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 -q hold --reason=a
	[ "$(sed -n 's/^  by: //p' config/hold.yaml)" = Ann ] || fail "$(<config/hold.yaml)"
}

@test "hold: a dry run writes nothing" {
	who Ann
	at 2026-11-27T12:00:00Z
	remember
	prints "• Would add hold: config/mgmt/hold.yaml:1:3: wait (Ann, since 2026-11-27T12:00:00Z)

(dry run) Nothing was written" hold -n mgmt --reason=wait
}

@test "hold: git is not asked in a fleet that is not trusted, and nothing is written there" {
	[ "$(id -u)" -eq 0 ] || skip "only root can give a fleet away"
	command -v git >/dev/null || skip "needs git"
	who Ann
	at 2026-11-27T12:00:00Z
	git init -q .
	git config user.name Eve
	git config --file "$GIT_CONFIG_GLOBAL" --add safe.directory "$PWD"
	gives 0 hold -n --reason=wait
	has "$output" "wait (Eve, since"
	git config --file "$GIT_CONFIG_GLOBAL" --unset-all safe.directory
	chown -R 65534 .
	remember
	gives 0 hold -n --reason=wait
	has "$output" "wait (Ann, since"
	gives 3 hold --reason=wait
	has "$stderr" "safe.directory"
	unchanged
}

@test "hold: JSON and markdown" {
	who Ann
	at 2026-11-27T12:00:00Z
	gives 0 hold mgmt app stage -o json --reason=wait --until=2026-11-28T12:00:00Z
	[ "$(jq -c . <<<"$output")" = '{"apiVersion":"promote/v1","kind":"Hold","dryRun":false,"action":"hold","file":"config/mgmt/app/stage/hold.yaml","holds":[{"file":"config/mgmt/app/stage/hold.yaml","line":1,"column":3,"position":"stage","reason":"wait","by":"Ann","since":"2026-11-27T12:00:00Z","until":"2026-11-28T12:00:00Z"}],"left":1,"warnings":[],"clusterType":"mgmt","application":"app","position":"stage"}' ] ||
		fail "$output"
	gives 0 hold mgmt -n -o markdown --reason='a*b'
	[ "$output" = '## Hold mgmt (dry run)

- Would add hold: config/mgmt/hold.yaml:1:3: a\*b (Ann, since 2026-11-27T12:00:00Z)' ] || fail "$output"
}

@test "hold: what is wrong on the command line (2) or names nothing (3)" {
	at 2026-11-27T12:00:00Z
	remember
	refuses 2 "a hold needs a reason, for who meets it: --reason=TEXT" hold mgmt
	refuses 2 "a hold needs a reason, for who meets it: --reason=TEXT" hold mgmt --reason='  '
	refuses 2 '--reason=a\x0ab: must be a line of text, without control characters' hold --reason=$'a\nb'
	refuses 2 "--until=2026-11-27T12:00:00Z is over; it is 2026-11-27T12:00:00Z now" hold --reason=x --until=2026-11-27T12:00:00Z
	refuses 2 "--until=2026-11-31T00:00:00Z is a day that the calendar does not have" hold --reason=x --until=2026-11-31T00:00:00Z
	refuses 2 "--until=2026-12-31T23:59:60Z is a time that the clock does not have" hold --reason=x --until=2026-12-31T23:59:60Z
	refuses 2 "--until=2026-12-01T00:00:00+02:00 is not in UTC; write it as 2026-11-30T18:00:00Z" hold --reason=x --until=2026-12-01T00:00:00+02:00
	refuses 2 "--position=stage is not in integration" hold mgmt app integration --reason=x --position=stage
	refuses 2 "the patch name '001' does not begin with 'patch-'; it is a file's name such as patch-001" hold --reason=x --patch=001
	refuses 3 "--position=stag: the fleet has no such position. Did you mean 'stage'?" hold --reason=x --position=stag
	refuses 3 "Application 'ap' not found. Available: app" hold mgmt ap --reason=x
	refuses 3 "stage/s2: the fleet has no such position. Did you mean 'stage/s1'?" hold mgmt app stage/s2 --reason=x
}

@test "hold and release: a file that cannot be judged is left to a person (3), one in brackets too (4)" {
	put config/hold.yaml "- reason: x"
	remember
	refuses 3 "config/hold.yaml:1:3: the key 'by' is missing" hold --reason=x
	refuses 3 "config/hold.yaml:1:3: the key 'by' is missing" release
	put config/hold.yaml "- reason: [x"
	remember
	gives 3 release
	has "$stderr" "ERROR: config/hold.yaml:"
	unchanged
	put config/hold.yaml "[{reason: x, by: y, since: 2026-11-01T00:00:00Z}]"
	remember
	refuses 4 "config/hold.yaml:1:1: this list cannot be changed without a risk for the rest of the file; change it by hand" hold --reason=z
	gives 0 -q release
	[ ! -e config/hold.yaml ]
}

@test "release: a cluster type without a directory is left as it was" {
	printf '  - name: new\n' >>config/config.yaml
	remember
	gives 0 -q hold new --reason=x
	[ -f config/new/hold.yaml ]
	gives 0 -q release new
	[ ! -e config/new ]
	unchanged
}

@test "release: all of a file, which goes with the last, and its directory with it" {
	hold $APP/stage/s1/hold.yaml
	gives 0 release mgmt app stage/s1
	[ "$output" = "✓ Removed hold: config/mgmt/app/stage/s1/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)
The file had no hold left, and is removed" ] || fail "$output"
	unchanged
	hold config/hold.yaml
	hold config/mgmt/hold.yaml
	gives 0 -q release
	gives 0 -q release mgmt
	unchanged
}

@test "release: those that match, and the others stay as they are" {
	hold config/hold.yaml 'patches: [patch-1, patch-2]' '# of both'
	printf -- '- {reason: b, by: Bo, since: 2026-11-02T00:00:00Z, until: 9999-01-01T00:00:00Z}   # kept\n' >>config/hold.yaml
	printf -- '- {reason: c, by: Bo, since: 2026-11-02T00:00:00Z, positions: [stage]}\n' >>config/hold.yaml
	cp config/hold.yaml all
	remember
	gives 4 release --patch=patch-1
	gives 4 release --until=9999-01-01T00:00:01Z
	gives 4 release --position=stage/s1
	gives 4 release --reason=b --patch=patch-1
	[ "$stderr" = "ERROR: config/hold.yaml has no such hold, and nothing is released
  there is config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z, patch-1, patch-2)
  there is config/hold.yaml:6:3: b (Bo, until 9999-01-01T00:00:00Z)
  there is config/hold.yaml:7:3: c (Bo, since 2026-11-02T00:00:00Z, at stage)" ] || fail "$stderr"
	unchanged
	gives 0 release --patch=patch-2 --patch=patch-1
	[ "$output" = "✓ Removed hold: config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z, patch-1, patch-2)
2 more holds are in it" ] || fail "$output"
	cmp config/hold.yaml <(tail -n 2 all) || fail "$(<config/hold.yaml)"
	gives 0 -q release --position=stage
	cmp config/hold.yaml <(sed -n 6p all) || fail "$(<config/hold.yaml)"
	gives 0 -q release --until=9999-01-01T00:00:00Z --reason=b
	[ ! -e config/hold.yaml ]
}

@test "release: without a file, the holds that there are for it are named" {
	hold config/hold.yaml
	hold $APP/stage/hold.yaml
	remember
	gives 4 release mgmt app
	[ "$stderr" = "ERROR: config/mgmt/app/hold.yaml has no such hold, and nothing is released
  there is config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)
  there is config/mgmt/app/stage/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)" ] || fail "$stderr"
	gives 4 release mgmt
	[ "$stderr" = "ERROR: config/mgmt/hold.yaml has no such hold, and nothing is released
  there is config/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)" ] || fail "$stderr"
	rm config/hold.yaml
	remember
	refuses 4 "config/hold.yaml has no such hold, and nothing is released" release
}

@test "release: JSON and markdown, and a dry run" {
	hold config/mgmt/hold.yaml
	remember
	gives 0 release -n mgmt
	[ "$output" = "• Would remove hold: config/mgmt/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)
The file would have no hold left, and be removed

(dry run) Nothing was written" ] || fail "$output"
	unchanged
	gives 0 release mgmt -o markdown -n
	[ "$output" = '## Release mgmt (dry run)

- Would remove hold: config/mgmt/hold.yaml:1:3: frozen (Ann, since 2026-11-01T00:00:00Z)

The file would have no hold left, and be removed' ] || fail "$output"
	gives 0 release mgmt -o json
	[ "$(jq -c '[.action, .dryRun, .file, .left]' <<<"$output")" = '["release",false,"config/mgmt/hold.yaml",0]' ] || fail "$output"
}

@test "a cluster type called hold is reached by --" {
	refuses 3 "Cluster type 'hold' not found. Available: mgmt" -- hold app patch-001
}

@test "what an error says releases the hold" {
	hold $APP/hold.yaml
	printf -- '- reason: "it'"'"'s late"\n  by: Bo\n  since: 2026-11-01T00:00:00Z\n  patches: [patch-001]\n' >>$APP/hold.yaml
	gives 7 -o json mgmt app patch-001
	local commands
	mapfile -t commands < <(jq -r '.commands[]' <<<"$output")
	[ "${#commands[@]}" = 2 ]
	eval "${commands[1]}"
	gives 7 mgmt app patch-001
	eval "${commands[0]}"
	goes_on
}

@test "status: a patch that is on hold, at a time that the environment gives" {
	hold $APP/integration/s2/hold.yaml 'until: 2026-12-01T00:00:00Z'
	at 2026-11-30T23:59:59Z
	remember
	gives 0 status -o json
	[ "$(jq -c '[.patches[] | .state, .waits]' <<<"$output")" = '["hold",[{"code":"hold","text":"config/mgmt/app/integration/s2/hold.yaml:1:3: frozen (Ann, until 2026-12-01T00:00:00Z)","position":"integration/s2","file":"config/mgmt/app/integration/s2/hold.yaml","line":1}]]' ] ||
		fail "$output"
	gives 0 status
	has "$output" "next integration/s2: hold"
	has "$output" "1 hold"
	gives 0 status mgmt app patch-001
	has "$output" "  config/mgmt/app/integration/s2/hold.yaml:1:3: frozen (Ann, until 2026-12-01T00:00:00Z)"
	gives 0 status --names
	has_not "$output" hold
	at 2026-12-01T00:00:00Z
	gives 0 status
	has_not "$output" hold
	unchanged
	at soon
	refuses 2 "PROMOTE_NOW=soon is not a time such as 2026-11-30T18:00:00Z" status
}

@test "check: bad-hold and expired-hold, wherever they are" {
	printf 'value: 0\n' >$APP/values.yaml
	hold config/hold.yaml 'until: 2026-12-01T00:00:00Z'
	hold config/mgmt/Hold.yml
	hold $APP/hold.yaml 'untill: 2026-12-01T00:00:00Z'
	hold $APP/old/hold.yaml
	hold $APP/stage/hold.yaml 'positions: [integration]'
	mkdir -p $APP/integration/hold.yaml
	hold config/other/hold.yaml
	at 2026-11-30T23:59:59Z
	remember
	gives 4 check -o json
	[ "$(jq -r '.findings[] | [.code, .severity, .file, .line, .position // "-", .application // "-", .message] | map(tostring) | join(" ")' <<<"$output")" = "bad-hold error config/mgmt/Hold.yml null - - it is not read, and was probably meant to be hold.yaml; until then it holds all that it concerns
bad-hold error config/mgmt/app/hold.yaml 4 - app unknown key 'untill'. Did you mean 'until'?; until then it holds all that it concerns
bad-hold error config/mgmt/app/integration/hold.yaml null - app not a file; until then it holds all that it concerns
bad-hold error config/mgmt/app/old/hold.yaml null - app not at a position of config/config.yaml; until then it holds all that it concerns
bad-hold error config/mgmt/app/stage/hold.yaml 4 - app integration is not in stage, where this file is; until then it holds all that it concerns
stray-file error config/other/hold.yaml null - - config/other/hold.yaml is of no cluster type of config/config.yaml and is ignored" ] || fail "$output"
	rm -r config/mgmt/Hold.yml $APP/hold.yaml $APP/old $APP/stage $APP/integration/hold.yaml config/other
	gives 0 check
	at 2026-12-01T00:00:00Z
	gives 0 check -o github
	[ "$output" = "::warning file=config/hold.yaml,line=1,col=3,title=expired-hold::it has ended at 2026-12-01T00:00:00Z: frozen (Ann)%0Apromote release" ] ||
		fail "$output"
	hold $APP/stage/hold.yaml 'until: 2026-11-30T00:00:00Z'
	printf '%s\n' '- reason: other' '  by: Bo' '  since: 2026-11-01T00:00:00Z' >>$APP/stage/hold.yaml
	gives 0 check -o json
	[ "$(jq -r '.findings[].hint' <<<"$output")" = "promote release
promote release mgmt app stage --reason=frozen --until=2026-11-30T00:00:00Z" ] || fail "$output"
	rm $APP/stage/hold.yaml
	gives 4 check --strict
	gives 0 check -o sarif
	[ "$(jq -r '.runs[].results[].ruleId' <<<"$output")" = expired-hold ] || fail "$output"
	sed -i '1s/$/ # promote: ignore expired-hold/' config/hold.yaml
	gives 0 check --strict
	[ "$output" = "No findings" ] || fail "$output"
}

# killed: the usual step, whose generator kills it
killed() {
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ] || fail "exit status $status"
	[ -e .promote/undo ]
}

@test "a killed step is not finished behind a hold that was added since, and is undone without it" {
	local path
	hold config/hold.yaml 'patches: [patch-002]'
	remember
	for path in config/mgmt/hold.yaml $APP/hold.yaml $APP/integration/s1/hold.yaml; do
		killed
		hold "$path"
		gives 4 recover
		has "$stderr" "$path is new"
		rm "$path"
		[ "$path" != $APP/integration/s1/hold.yaml ] || rmdir $APP/integration/s1 2>/dev/null || true
		gives 0 -q recover
		unchanged
	done
	killed
	hold config/hold.yaml
	gives 4 recover
	has "$stderr" "config/hold.yaml has changed"
	hold config/hold.yaml 'patches: [patch-002]'
	gives 0 -q recover
	unchanged
}
