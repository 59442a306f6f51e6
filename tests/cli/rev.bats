# SPDX-License-Identifier: Apache-2.0
# --rev: a commit of git in the place of the working tree.

load common

# The fleet as the commit `one`, and with a second patch and a hold as `two`. What follows is in the
# working tree alone.
setup() {
	command -v git >/dev/null || skip "needs git"
	enter_fleet
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
	put $APP/integration/s1/us/override.yaml "value: over"
	put rendered/mgmt/integration/s1/us/values.yaml "cluster: {}"
	git init -q
	commit one
	put $APP/integration/s2/patch-001.yaml "value: new"
	put $APP/integration/s1/patch-002.yaml "other: [1, 2]"
	put $APP/hold.yaml "- reason: later
  by: t
  since: 2026-01-01T00:00:00Z"
	git rm -rqf rendered
	commit two
	remember
}

# commit NAME: all that is there, with this tag
commit() {
	git add -A
	git commit -qm "$1"
	git tag "$1"
}

# What commands say of the fleet, a line with the exit status after each; WORD... is added to all.
say() {
	say_all "values mgmt" "values -o json mgmt" "values mgmt integration/s1/us app" "explain mgmt app integration/s1/us" \
		"explain -o json mgmt app integration/s1/us value" status "status -o json" "status --names" \
		"status mgmt app patch-001" "status -o markdown mgmt app patch-001" "matrix mgmt app value" \
		"matrix -o json --why mgmt app value" "plan mgmt app patch-001" "plan -o json mgmt app patch-001" check "check -o json" \
		"check -o sarif mgmt app" "board -o html" -- "$@"
}

# The same of two that read all of it.
say_little() {
	say_all "values mgmt" "check -o json" -- "$@"
}

# say_all WORDS... -- WORD...
say_all() {
	local list=() words status
	while [ "$1" != -- ]; do
		list+=("$1")
		shift
	done
	shift
	for words in "${list[@]}"; do
		status=0
		# shellcheck disable=SC2086 # words
		"$PROMOTE" $words "$@" 2>&1 || status=$?
		echo "$words: $status"
	done
}

@test "every command says of a commit what it says of its checkout" {
	for name in one two; do
		git worktree add -q "../$name" "$name"
		(cd "../$name" && say) >"../$name.disk"
		say --rev="$name" >"../$name.commit"
		cmp "../$name.disk" "../$name.commit"
	done
	! cmp -s ../one.disk ../two.disk || fail "the two commits say the same"
	has "$(<../two.disk)" "hold"
	has "$(<../one.disk)" "stale-rendered"
	unchanged_but_git
}

# unchanged_but_git: worktrees have been added
unchanged_but_git() {
	rm -rf .git/worktrees
	git worktree prune
	[ -z "$(git status --porcelain)" ] || fail "$(git status --porcelain)"
}

@test "nothing of the working tree and the index is looked at" {
	say --rev=two >../expected
	rm -r $APP
	mkdir -p $APP/stage rendered/mgmt/integration/s1/us
	put $APP/values.yaml "a: [broken"
	put $APP/stage/patch-001.yaml "value: other"
	put config/mgmt/hold.yaml "- reason: all"
	put config/config.yaml "broken: ["
	put rendered/mgmt/integration/s1/us/values.yaml "x: 1"
	git add -A
	ln -s config config/mgmt/link
	mkdir -m 700 .promote
	put .promote/journal "of nobody"
	remember
	say --rev=two >../got
	cmp ../expected ../got
	unchanged
	rm -r .promote
}

@test "a step that is done, and a killed one, do not matter to a commit" {
	say --rev=one >../expected
	git rm -q $APP/hold.yaml
	gives 137 mgmt app patch-001 --approve=stage \
		--generate-command="'$PROMOTE' plan --lock-timeout=0 mgmt app patch-001 --rev=one >../plan; kill -KILL $run_above; sleep 10"
	[ -d .promote ]
	has "$(<../plan)" "integration/s2"
	gives 4 plan mgmt app patch-001
	say --rev=one >../got
	cmp ../expected ../got
	gives 0 recover
}

@test "a commit that is not there: exit status 3, unknown-revision" {
	for rev in none two^^^ HEAD: HEAD:config one..two ^one '' ' ' -x --help --all 0123456789 'HEAD
HEAD' "HEAD^{tree}" "$(git rev-parse HEAD:config)" "one two" "HEAD'; touch x #" "\$(touch x)"; do
		gives 3 values mgmt --rev="$rev"
		[ "$stderr" = "ERROR: no commit '${rev//$'\n'/\\x0a}'" ] || fail "$stderr"
		[ -z "$output" ]
		unchanged
	done
	gives 3 values mgmt --rev=$'\e[31m'
	one_error "no commit '\\x1b[31m'"
	gives 3 status -o json --rev=none
	has "$output" '"code": "unknown-revision"'
	gives 2 values mgmt --rev
	gives 2 mgmt app patch-001 --rev=one
	unchanged
}

@test "names of commits: anything that git takes for one" {
	git tag -am annotated annotated one
	git branch 'odd%"$name' one
	local expected
	expected=$(promote values mgmt --rev=one)
	for rev in HEAD~1 HEAD^ "two^{/one}" annotated "$(git rev-parse one)" "$(git rev-parse --short=5 one)" 'odd%"$name' refs/tags/one \
		HEAD@{1} one^0 "$(git describe --long one)"; do
		[ "$(promote values mgmt --rev="$rev")" = "$expected" ] || fail "$rev"
	done
	[ "$(promote values mgmt --rev=@)" != "$expected" ]
}

@test "a root below the top, a worktree, a detached head, SHA-256, a shallow clone" {
	say_little --rev=one >../expected
	git clone -q --depth=1 --branch=one "file://$PWD" ../shallow 2>/dev/null
	git worktree add -q --detach ../tree two
	for tree in shallow tree; do
		(cd ../$tree && say_little --rev=one) >../got
		cmp ../expected ../got
	done
	(cd ../shallow && gives 3 status --rev=two && one_error "no commit 'two'")
	for form in sha1 sha256; do
		rm -rf ../top
		mkdir -p '../top/a
b/c d'
		git archive one | tar -xC '../top/a
b/c d'
		cd '../top/a
b/c d'
		git init -q --object-format=$form ../..
		git add -A
		git commit -qm deep
		rm -r $APP
		say_little --rev=HEAD >"$BATS_TEST_TMPDIR/got"
		cmp "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/got"
		cd "$ROOT"
	done
	# the root was not there yet
	cd ..
	git init -q later
	cd later
	put file x
	git add -A
	git commit -qm first
	cp -r ../fleet/config .
	gives 3 status --rev=HEAD
	one_error "config/config.yaml: not found"
}

@test "no commit yet, no repository, a bare one, no git" {
	rm -rf .git
	gives 3 status --rev=HEAD
	one_error "no commit 'HEAD': not a git repository (or any of the parent directories): .git"
	git init -q
	gives 3 status --rev=HEAD
	one_error "no commit 'HEAD'"
	git init -q --bare ../bare
	mv config ../bare/fleet
	mkdir ../bare/more && mv ../bare/fleet ../bare/more/config
	cd ../bare/more
	gives 3 status --rev=HEAD
	one_error "no commit 'HEAD': cannot use bare repository '${PWD%/more}' (safe.bareRepository is 'explicit')"
	mkdir bin
	PATH=bin gives 1 status --rev=HEAD
	one_error "cannot run git to read the commit 'HEAD'"
}

@test "a sparse checkout lacks nothing of a commit" {
	say_little --rev=two >../expected
	git sparse-checkout set --cone config/mgmt/app/integration/s1
	gives 3 values mgmt
	say_little --rev=two >../got
	cmp ../expected ../got
}

@test "the path of a copy is that of the commit" {
	git rm -q $APP/integration/s1/patch-001.yaml
	gives 0 plan mgmt app patch-001 --rev=one
	local expected=$output
	gives 0 plan $APP/integration/s1/patch-001.yaml --rev=one
	[ "$output" = "$expected" ]
	cd $APP/integration
	gives 0 plan s1/patch-001.yaml --rev=one
	[ "$output" = "$expected" ]
	gives 3 plan s1/patch-003.yaml --rev=one
	one_error "patch-003.yaml not found for app in any dimension"
	gives 3 plan ../none/patch-001.yaml --rev=two
	one_error "../none/patch-001.yaml does not exist; a copy is config/CLUSTER_TYPE/APPLICATION/POSITION/PATCH.yaml"
}

@test "completion offers branches and tags, and reads the fleet of the commit" {
	git branch topic
	git branch --quiet other one
	git tag topic one
	git update-ref refs/remotes/origin/main one
	gives 0 --complete -- values --rev=
	[ "$output" = "--rev=$(git symbolic-ref --short HEAD)	
--rev=other	
--rev=heads/topic	
--rev=origin/main	
--rev=one	
--rev=tags/topic	
--rev=two	" ] || fail "$output"
	gives 0 --complete -- verify o
	[ "$output" = "$(git symbolic-ref --short HEAD)	
other	
heads/topic	
origin/main	
one	
tags/topic	
two	" ] || fail "$output"
	gives 0 --complete -- status --rev=one mgmt app pat
	[ "${#lines[@]}" = 1 ]
	gives 0 --complete -- status --rev=two mgmt app pat
	[ "${#lines[@]}" = 2 ]
	rm -rf .git
	gives 0 --complete -- values --rev=
	[ -z "$output$stderr" ]
}

@test "links and submodules: refused as on the disk, and a submodule is never half read" {
	mv $APP/integration/s1/us ../us
	ln -s ../s2 $APP/integration/s1/us
	commit link
	for words in "" --rev=link; do
		# shellcheck disable=SC2086 # words
		gives 3 values mgmt $words
		# one for the override below it
		has "$stderr" "$APP/integration/s1/us: "
	done
	git init -q ../other
	(cd ../other && put values.yaml "a: 1" && git add -A && git commit -qm other)
	rm $APP/integration/s1/us
	git -c protocol.file.allow=always submodule --quiet add ../other config/mgmt/more
	commit submodule
	gives 3 values mgmt --rev=submodule
	one_error "config/mgmt/more: a submodule, whose files are in another repository and cannot be read from this commit"
	gives 0 values mgmt integration/s1/us app --rev=submodule
	gives 0 values mgmt integration/s1/us app
	# beside config/ it is of no interest
	git mv config/mgmt/more beside
	commit beside
	gives 0 values mgmt --rev=beside
}

@test "another user's fleet: git is not run unless it is trusted" {
	[ "$(id -u)" -eq 0 ] || skip "only root can make files of another user"
	unset SUDO_UID GIT_CONFIG_GLOBAL
	export HOME=$BATS_TEST_TMPDIR
	chown -R nobody .
	mkdir ../bin
	put ../bin/git "#!/bin/sh
case \"\$*\" in *cat-file*|*rev-parse*) touch '$BATS_TEST_TMPDIR/ran';; esac
exec $(command -v git) \"\$@\""
	chmod +x ../bin/git
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	for words in "values mgmt" check status "plan mgmt app patch-001" "plan $APP/integration/s1/patch-001.yaml"; do
		# shellcheck disable=SC2086 # words
		gives 3 $words --rev=one
		one_error "$ROOT belongs to user 65534, not to you (user 0); nothing is run or written there. \
If you trust it: --trust, or git config --global --add safe.directory $ROOT"
	done
	[ ! -e ../ran ]
	gives 3 status --rev=one --trust
	one_error "no commit 'one': detected dubious ownership in repository at '$ROOT'"
	git config --global --add safe.directory "$ROOT"
	gives 0 values mgmt --rev=one
	[ -e ../ran ]
}
