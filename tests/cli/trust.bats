# SPDX-License-Identifier: Apache-2.0
# Whose fleet it is: another user's is read, but not written to, and none of its programs is run.
# Only root can make files of another user.

load common

# The user's configuration of git is empty, and the makefile leaves a trace if it is read.
another_user() {
	[ "$(id -u)" -eq 0 ] || skip "only root can make files of another user"
	unset SUDO_UID GIT_CONFIG_GLOBAL
	export HOME=$BATS_TEST_TMPDIR/home GIT_CONFIG_SYSTEM=$BATS_TEST_TMPDIR/system
	mkdir -p "$HOME"
	touch "$GIT_CONFIG_SYSTEM"
	# shellcheck disable=SC2016 # make's
	makefile "X := \$(shell touch '$BATS_TEST_TMPDIR/read')" 'generate:' "	@:"
	remember
}

# not_mine NAME [ARGUMENT...]: the usual step is refused, since NAME in ROOT belongs to nobody
not_mine() {
	refuses 3 "$ROOT${1#.} belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT" "${@:2}" mgmt app patch-001
	[ ! -e "$BATS_TEST_TMPDIR/read" ] || fail "the makefile was read"
}

# taken [ARGUMENT...]: the usual step is taken, and undone for the next one
taken() {
	gives 0 -q "$@" mgmt app patch-001
	[ -e "$BATS_TEST_TMPDIR/read" ] || fail "the makefile was not read"
	copies integration
	rm "$BATS_TEST_TMPDIR/read" "$APP/integration/patch-001.yaml"
	put "$APP/integration/s1/patch-001.yaml" "value: new"
}

# git_trusts VALUE...: safe.directory in the user's configuration, and in no other
git_trusts() {
	rm -f "$HOME/.gitconfig" "$GIT_CONFIG_SYSTEM"
	touch "$GIT_CONFIG_SYSTEM"
	for value in "$@"; do
		git config --global --add safe.directory "$value"
	done
}

@test "another user's root, config or makefile: exit status 3, before make is run" {
	another_user
	touch makefile GNUmakefile
	remember
	for name in . /config /Makefile /makefile /GNUmakefile; do
		chown nobody "./$name"
		not_mine "$name"
		chown root "./$name"
	done
	rm makefile GNUmakefile
	taken
}

@test "what becomes another user's while the step is worked out: exit status 3, and it is not run" {
	another_user
	# make runs this when it is asked for the target, while the step is worked out
	# shellcheck disable=SC2016 # make's
	makefile 'X := $(shell eval "$$MEANWHILE")' 'generate:' "	@touch '$BATS_TEST_TMPDIR/ran'"
	remember
	for name in . /config /Makefile /GNUmakefile; do
		MEANWHILE="cp -p Makefile GNUmakefile; chown nobody ./$name" gives 3 mgmt app patch-001
		[ "$stderr" = "ERROR: $ROOT${name#.} belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT" ] || fail "$stderr"
		[ ! -e "$BATS_TEST_TMPDIR/ran" ] || fail "the makefile was run"
		chown root "./$name"
		rm GNUmakefile
		unchanged
	done
	MEANWHILE="chown nobody Makefile" gives 0 -q --trust mgmt app patch-001
	[ -e "$BATS_TEST_TMPDIR/ran" ] || fail "the makefile was not run"
}

@test "a makefile that becomes another user's while a question waits is not even read" {
	another_user
	put $APP/integration/s2/patch-001.yaml "value: other"
	remember
	at_terminal 3 --meanwhile "chown nobody Makefile" --answer "Type its number: " 1 -- --approve=stage mgmt app patch-001
	has "$output" "ERROR: $ROOT/Makefile belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT"
	[ ! -e "$BATS_TEST_TMPDIR/read" ] || fail "the makefile was read"
	chown root Makefile
	unchanged
}

@test "a makefile that is a link: the link and what it leads to" {
	another_user
	mv Makefile ../real
	ln -s ../real Makefile
	remember
	chown -h nobody Makefile
	not_mine /Makefile
	chown -h root Makefile
	chown nobody ../real
	not_mine /Makefile
	chown root ../real
	taken
}

@test "other files may belong to others" {
	another_user
	chown -R nobody "$APP"
	gives 0 -q mgmt app patch-001
	copies integration
}

@test "commands that read and dry runs work, and run no program" {
	another_user
	chown -R nobody .
	mkdir ../bin
	for program in git make env sh; do
		put "../bin/$program" "#!/bin/bash
			touch '$BATS_TEST_TMPDIR/ran'"
		chmod +x "../bin/$program"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 --dry-run mgmt app patch-001
	has "$output" "Would generate: make generate, if the makefile has that target"
	has "$output" "(dry run) Nothing was written"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 values mgmt integration/s1/us app
	[ "$output" = "value: new" ]
	PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 explain mgmt app integration/s1/us value
	[ ! -e ../ran ] || fail "a program was run"
	unchanged
}

@test "--trust" {
	another_user
	chown -R nobody .
	taken --trust
	not_mine .
}

@test "recover is refused, too, and takes --trust" {
	another_user
	chown nobody .
	refuses 3 "$ROOT belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT" recover
	gives 0 --trust recover
	[ "$output" = "There is nothing to recover" ]
}

@test "an error in JSON names the command that goes on" {
	another_user
	chown nobody config
	gives 3 -o json mgmt app patch-001
	[ "$output" = "{
  \"apiVersion\": \"promote/v1\",
  \"kind\": \"Error\",
  \"code\": \"not-trusted\",
  \"exit\": 3,
  \"message\": \"${stderr#ERROR: }\",
  \"file\": \"config\",
  \"blockers\": [],
  \"commands\": [
    \"promote -o json mgmt app patch-001 --trust\"
  ]
}" ] || fail "$output"
	unchanged
}

@test "a root whose name a shell would not take as it is: not offered to be pasted" {
	another_user
	mv "$ROOT" "../it's"
	chown nobody "../it's"
	cd "../it's"
	gives 3 mgmt app patch-001
	one_error "$PWD belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory DIR"
}

@test "git's safe.directory, of the user and of the system" {
	another_user
	chown nobody .
	ln -s "$ROOT" ../link
	mkdir ../other
	for value in "$ROOT" "$ROOT/." "${ROOT%/*}/*" '*' '/*' "${ROOT%/*}/link"; do
		git_trusts "$value"
		taken
		git_trusts
		git config --file "$GIT_CONFIG_SYSTEM" safe.directory "$value"
		taken
	done
	HOME=${ROOT%/*} git_trusts '~/fleet'
	HOME=${ROOT%/*} taken
	git_trusts "$ROOT" "${ROOT%/*}/other"
	taken
	git_trusts "$ROOT" '' "$ROOT"
	taken
	put ../included "[safe]
		directory = $ROOT"
	git_trusts
	git config --global include.path "$BATS_TEST_TMPDIR/included"
	taken
}

@test "what safe.directory does not say" {
	another_user
	chown nobody .
	for value in '' . fleet "${ROOT%/*}" "${ROOT%/*}/other" "$ROOT/config" "${ROOT%eet}*" "$ROOT/*" "/x$ROOT"; do
		git_trusts "$value"
		not_mine .
	done
	git_trusts "$ROOT" ''
	not_mine .
	git_trusts
	git config --file "$GIT_CONFIG_SYSTEM" safe.directory "$ROOT"
	git config --global safe.directory ''
	not_mine .
}

@test "the fleet's own configuration of git says nothing, and git is not run in the fleet" {
	another_user
	git init -q
	git config safe.directory "$ROOT"
	git config core.fsmonitor "touch '$BATS_TEST_TMPDIR/ran'; false"
	chown -R nobody .
	remember
	not_mine .
	GIT_DIR=$ROOT/.git GIT_CONFIG=$ROOT/.git/config not_mine .
	[ ! -e ../ran ]
}

@test "without git only --trust" {
	another_user
	chown nobody .
	git_trusts '*'
	mkdir ../bin
	ln -s "$(command -v env)" "$(command -v make)" "$(command -v sh)" ../bin
	mkdir ../none
	local path=$PATH
	for PATH in $BATS_TEST_TMPDIR/bin $BATS_TEST_TMPDIR/none; do
		status=0
		"$PROMOTE" mgmt app patch-001 2>"$BATS_TEST_TMPDIR/err" || status=$?
		[ "$status" -eq 3 ]
		[[ $(<"$BATS_TEST_TMPDIR/err") == "ERROR: $ROOT belongs to user 65534, not to you (user 0); "* ]]
	done
	status=0
	PATH=$BATS_TEST_TMPDIR/bin "$PROMOTE" -q --trust mgmt app patch-001 || status=$?
	PATH=$path
	[ "$status" -eq 0 ]
	copies integration
}

@test "root behind sudo: the user's own fleet, and root's" {
	another_user
	chown -R nobody .
	SUDO_UID=65534 taken
	chown -R root .
	SUDO_UID=65534 taken
	chown -R daemon .
	for id in '' x 65534 -1 ' 1' 1x 4294967295 99999999999999999999; do
		SUDO_UID=$id gives 3 mgmt app patch-001
		has "$stderr" "belongs to user 1, not to you (user 0);"
	done
	unchanged
}

@test "SUDO_UID says nothing if the user is not root" {
	another_user
	give_to_user
	chown root . Makefile
	chmod 777 .
	remember
	status=0
	stderr=$(cd "$ROOT" && SUDO_UID=0 as_user "$PROMOTE" mgmt app patch-001 2>&1) || status=$?
	[ "$status" -eq 3 ]
	has "$stderr" "$ROOT belongs to user 0, not to you (user 65534);"
	unchanged
}

@test "upwards no fleet is found at or above another user's directory" {
	another_user
	mkdir -p a/b
	chown nobody .
	cd a/b
	refuses_there "the fleet in $ROOT is not taken, since $ROOT belongs to user 65534; name it with -C DIR if you mean it"
	chown root "$ROOT"
	chown nobody ..
	refuses_there "the fleet in $ROOT is not taken, since $ROOT/a belongs to user 65534; name it with -C DIR if you mean it"
	gives 0 -C ../.. values mgmt integration/s1/us app
	chown root ..
	gives 0 values mgmt integration/s1/us app
	# the working directory is where the user went, and what is above it may be the same user's
	chown nobody "$ROOT" .. .
	gives 0 values mgmt integration/s1/us app
	SUDO_UID=65534 gives 0 values mgmt integration/s1/us app
	chown root .
	SUDO_UID=65534 gives 0 values mgmt integration/s1/us app
}

# refuses_there TEXT: a command that reads, and one that writes, find no fleet from here
refuses_there() {
	gives 3 values mgmt integration/s1/us app
	one_error "$1"
	gives 3 --trust mgmt app patch-001
	one_error "$1"
}

@test "no fleet above, and another user's directory: the usual message" {
	another_user
	mkdir -p ../plain/sub
	chown nobody ../plain
	cd ../plain/sub
	gives 3 values mgmt integration/s1/us app
	one_error "no config/config.yaml in $PWD or above it; go into a fleet or name one with -C DIR"
}
