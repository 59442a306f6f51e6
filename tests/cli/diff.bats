#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# promote diff: what targets get in two trees of a repository.

load common

setup() {
	command -v git >/dev/null || skip "needs git"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_TERMINAL_PROMPT=0
	enter_fleet
	put $APP/values.yaml 'a: {x: 1, y z: [1]}
value: old'
	repository
}

# repository [OPTION...]: the fleet in a new one, committed
repository() {
	git init -q -b main "$@" .
	commit first
}

commit() {
	git add -A
	git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m "$1"
	remember
}

short() {
	git rev-parse --short=12 "${1:-HEAD}"
}

NONE="mgmt: no difference at 4 targets"

# between FROM TO TEXT: the whole report on what differs, with these trees
between() {
	printf '%s → %s\n\n%s' "$1" "$2" "$3"
}

# head TEXT: the same between HEAD and the working tree
head_() {
	between "HEAD ($(short))" "the working tree" "$1"
}

@test "HEAD and the working tree: a value that was edited by hand" {
	prints "$(head_ "$NONE")" diff
	put $APP/values.yaml 'a: {x: 2, y z: [1]}
value: old'
	remember
	prints "$(head_ "mgmt
Effect: 4 of 4 targets change
  4 targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us
    a.x: 1 → 2")" diff
	# what is staged, and what is not tracked, is in the working tree
	git add -A
	put $APP/stage/override.yaml 'a: {x: 1}'
	remember
	prints "$(head_ "mgmt
Effect: 3 of 4 targets change
  integration/s1/us
  integration/s1/eu
  integration/s2/us
    a.x: 1 → 2")" diff HEAD
}

@test "what means the same is no difference" {
	put $APP/values.yaml '# in another order, with other quotes
"value": "old"
a: {"y z": [ 0x1 ], x: 1}'
	mv $APP/integration/s1/patch-001.yaml $APP/integration/s1/patch-007.yaml
	remember
	prints "$(head_ "$NONE")" diff --expect=none --exit-code
}

@test "two commits, in each way to name them" {
	put $APP/stage/override.yaml 'value: new'
	commit second
	local effect="mgmt
Effect: 1 of 4 targets changes
  stage/s1/us
    value: old → new" first second
	first=$(short HEAD~1) second=$(short)
	put $APP/values.yaml 'nothing: of this counts'
	remember
	prints "$(between "HEAD~1 ($first)" "HEAD ($second)" "$effect")" diff HEAD~1..HEAD
	prints "$(between "HEAD~1 ($first)" "HEAD ($second)" "$effect")" diff HEAD~1..
	prints "$(between "HEAD ($second)" "HEAD ($second)" "$NONE")" diff ..
	prints "$(between "HEAD ($second)" "main ($second)" "$NONE")" diff ..main
	prints "$(between "HEAD ($second)" "HEAD~1 ($first)" "mgmt
Effect: 1 of 4 targets changes
  stage/s1/us
    value: new → old")" diff ..HEAD~1
	git tag v1 HEAD~1
	remember
	prints "$(between "v1 ($first)" "main^{/second} ($second)" "${effect/mgmt/mgmt app}")" diff v1..main^{/second} mgmt app
}

@test "three dots: what a branch has changed since it left another" {
	git checkout -qb side
	put $APP/stage/override.yaml 'value: side'
	commit side
	git checkout -q main
	put $APP/values.yaml 'value: main'
	commit main
	prints "$(between "main...side ($(short side~1))" "side ($(short side))" "mgmt
Effect: 1 of 4 targets changes
  stage/s1/us
    value: old → side")" diff main...side
	prints "$(between "...side ($(short side~1))" "side ($(short side))" "mgmt
Effect: 1 of 4 targets changes
  value: 1 target")" diff ...side --stat
	git checkout -q --orphan alone
	commit alone
	refuses 3 "main...HEAD: git knows no commit that the two have in common; in a shallow clone, git fetch --unshallow brings what came before" diff main...
	refuses 3 "no commit 'nope'" diff nope...main
	refuses 3 "no commit 'nope'" diff main...nope
}

@test "a merge, from each of its parents" {
	git checkout -qb side
	put $APP/stage/override.yaml 'value: side'
	commit side
	git checkout -q main
	put $APP/integration/override.yaml 'a: {x: 5}'
	commit main
	git -c user.name=t -c user.email=t@example.org merge -q --no-edit side
	remember
	prints "$(between "HEAD^1 ($(short HEAD^1))" "HEAD ($(short))" "mgmt
Effect: 1 of 4 targets changes
  stage/s1/us
    value: old → side")" diff HEAD^1..HEAD
	prints "$(between "HEAD^2 ($(short HEAD^2))" "HEAD ($(short))" "mgmt
Effect: 3 of 4 targets change
  integration/s1/us
  integration/s1/eu
  integration/s2/us
    a.x: 1 → 5")" diff HEAD^2..HEAD
}

@test "an application that is renamed changes nothing for a target, and all for itself" {
	git mv $APP config/mgmt/other
	remember
	prints "$(head_ "$NONE")" diff
	gives 4 diff --expect=none mgmt app
	has "$output" "value: 4 targets
      new → (unset) (at integration/s1/us, integration/s1/eu)
      old → (unset) (at integration/s2/us, stage/s1/us)"
	gives 10 diff --exit-code mgmt other
	has "$output" "a.x: (unset) → 1"
}

@test "keys that move to another application, and one that another decides about" {
	put config/mgmt/web/values.yaml 'web: 1'
	commit web
	put $APP/values.yaml 'value: old'
	put config/mgmt/web/values.yaml 'web: 1
a: {x: 1, y z: [1]}'
	remember
	prints "$(head_ "$NONE")" diff --expect=none
	put config/mgmt/web/values.yaml 'a: {x: 3, y z: [1]}
web: 1
value: web'
	commit decides
	put $APP/values.yaml 'a: {x: 7}
value: another'
	remember
	prints "$(head_ "$NONE")" diff
	prints "$(head_ "mgmt app
Effect: 4 of 4 targets change
  4 targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us
    a.x: (unset) → 7
    value: old → another (at integration/s2/us, stage/s1/us)")" diff mgmt app
}

@test "a new region, one that is gone, and one that has another place" {
	sed -i 's/regions: \[us, eu\]/regions: [eu, ap]/' config/config.yaml
	remember
	prints "$(head_ "mgmt
Effect: 0 of 5 targets change
New target: integration/s1/ap
Target that is gone: integration/s1/us")" diff
	gives 10 diff --exit-code
	gives 4 diff --exit-code --expect=none
	gives 10 diff --exit-code --expect=any --stat
	put $APP/values.yaml 'value: newer'
	sed -i 's/regions: \[us\]/regions: [us, b, c]/' config/config.yaml
	remember
	prints "$(head_ "mgmt
Effect: 3 of 9 targets change
  integration/s1/eu
  integration/s2/us
  stage/s1/us
    a.x: 1 → (unset)
    a.y z: [1] → (unset)
    value: old → newer (at all but integration/s1/eu)
New targets: integration/s1/ap, integration/s2/b, integration/s2/c, stage/s1/b, stage/s1/c
Target that is gone: integration/s1/us")" diff
}

@test "a config.yaml that calls a dimension otherwise, or has another order or gates" {
	sed -i 's/regions/zones/' config/config.yaml
	remember
	gives 0 diff --stat
	[ "$output" = "$(head_ "mgmt
Effect: 4 of 4 targets change
  cluster.region: 4 targets
  cluster.zone: 4 targets")" ] || fail "$output"
	prints "$(head_ "mgmt app: no difference at 4 targets")" diff mgmt app
	git checkout -q .
	sed -i 's/\[us, eu\]/[eu, us]/; /promotion/d' config/config.yaml
	remember
	prints "$(head_ "$NONE")" diff
}

@test "cluster types that come and go" {
	sed -i 's/- name: mgmt/- name: infra/' config/config.yaml
	put config/infra/net/values.yaml 'net: 1'
	remember
	prints "$(head_ "infra
Effect: 0 of 4 targets change
New targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us

mgmt
Effect: 0 of 4 targets change
Targets that are gone: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us")" diff
	gives 0 diff mgmt
	has "$output" "Targets that are gone"
	gives 0 diff infra net
	has "$output" "New targets"
	gives 0 diff mgmt app
	has "$output" "mgmt app
Effect: 0"
	refuses 3 "Application 'nope' not found. Available: net" diff infra nope
	refuses 3 "at HEAD: Application 'nope' not found. Available: app" diff HEAD.. -- mgmt nope
	refuses 3 "at HEAD: Application 'nope' not found. Available: app" diff mgmt nope
}

@test "which word is what" {
	git branch mgmt
	git branch app
	remember
	prints "$(head_ "$NONE")" diff mgmt
	prints "$(between "mgmt ($(short))" "the working tree" "$NONE")" diff mgmt --
	refuses 3 "Application 'mgmt' not found. Available: app" diff mgmt mgmt
	prints "$(between "mgmt ($(short))" "the working tree" "mgmt app: no difference at 4 targets")" diff mgmt mgmt app
	prints "$(between "app ($(short))" "the working tree" "mgmt app: no difference at 4 targets")" diff app -- mgmt app
	prints "$(head_ "$NONE")" diff -- mgmt
	prints "$(head_ "$NONE")" diff --
	refuses 3 "'mgnt' is neither a commit nor a cluster type. Available: mgmt. Did you mean 'mgmt'?" diff mgnt
	refuses 3 "'mgnt' is neither a commit nor a cluster type. Available: mgmt. Did you mean 'mgmt'?" diff mgnt app
	refuses 3 "no commit 'mgnt'" diff mgnt --
	refuses 3 "no commit 'mgnt'" diff mgnt mgmt app
	refuses 3 "no commit 'mgnt'" diff HEAD..mgnt
	refuses 3 "Cluster type 'app' not found. Available: mgmt" diff HEAD app
	refuses 3 "Cluster type 'a..b' not found. Available: mgmt" diff -- a..b
	refuses 2 "'c': too many arguments" diff -- a b c
	refuses 2 "'b': only a revision can be before '--'; a cluster type and an application follow it" diff a b --
	gives 2 diff a b c d
	gives 2 diff --expect=some
}

@test "an application without values.yaml is part of no target" {
	put config/mgmt/idle/integration/patch-001.yaml 'a: 1'
	remember
	prints "$(head_ "$NONE")" diff
	refuses 3 "idle has no values.yaml, so it is part of no target" diff mgmt idle
	put config/mgmt/idle/values.yaml 'b: 1'
	remember
	prints "$(head_ "mgmt idle
Effect: 4 of 4 targets change
  4 targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us
    b: (unset) → 1
    a: (unset) → 1 (at all but stage/s1/us)")" diff mgmt idle
}

@test "as JSON and as markdown" {
	put $APP/stage/override.yaml 'value: "|`<b>"'
	sed -i 's/\[us, eu\]/[us, new]/' config/config.yaml
	remember
	gives 10 diff -o json --exit-code
	[ "$(jq -c '[.from.revision, .to, .differs, .warnings]' <<<"$output")" = '["HEAD",{"revision":null,"commit":null},true,[]]' ]
	[ "$(jq -r .from.commit <<<"$output")" = "$(git rev-parse HEAD)" ]
	[ "$(jq -c .clusterTypes <<<"$output")" = '[{"clusterType":"mgmt","application":null,"added":["integration/s1/new"],"removed":["integration/s1/eu"],"effect":{"targets":5,"changed":1,"groups":[{"targets":["stage/s1/us"],"changes":[{"path":"value","old":"old","new":"|`<b>"}]}]}}]' ] || fail "$output"
	prints "## Difference of values

From \`HEAD\` ($(short)) to the working tree

### mgmt

1 of 5 targets changes: \`stage/s1/us\`

| Path | Old | New | Targets |
| --- | --- | --- | --- |
| \`value\` | \`old\` | <code>&#124;&#96;&#60;b&#62;</code> | all 1 |

New targets: \`integration/s1/new\`

Targets that are gone: \`integration/s1/eu\`" diff -o markdown
	prints "## Difference of values

From \`HEAD\` ($(short)) to \`main\` ($(short))

### mgmt app

No difference at 4 targets" diff -o markdown HEAD..main mgmt app
	gives 3 diff -o json nope
	[ "$(jq -r .code <<<"$output")" = unknown-revision ]
}

@test "long lists are cut, but for --diff" {
	local i text=
	for i in {1..30}; do text+="key$i: 1"$'\n'; done
	put $APP/stage/override.yaml "$text"
	remember
	gives 0 diff
	has "$output" "key20: (unset) → 1
    and 10 more; --diff shows all"
	gives 0 diff --diff
	has "$output" "key30: (unset) → 1"
	has_not "$output" "more"
	gives 2 diff --diff --stat
}

@test "a file that cannot be read, in the one tree or the other" {
	put $APP/stage/override.yaml 'a: [1'
	remember
	refuses 3 "$APP/stage/override.yaml:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'" diff
	commit broken
	rm $APP/stage/override.yaml
	remember
	refuses 3 "at HEAD: $APP/stage/override.yaml:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'" diff
	refuses 3 "at HEAD: $APP/stage/override.yaml:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'" diff HEAD~1..HEAD
	git rm -qr --cached config/config.yaml
	commit without
	git -c user.name=t -c user.email=t@example.org commit -qm gone --allow-empty
	git rm -q --cached config/config.yaml
	git -c user.name=t -c user.email=t@example.org commit -qm gone
	remember
	refuses 3 "at HEAD: config/config.yaml: not found" diff
}

@test "files that are not read are told, of the second tree" {
	put $APP/stage/override.yml 'value: 1'
	commit typo
	gives 0 diff
	[[ $stderr = "WARNING: $APP/stage/override.yml "* ]] || fail "$stderr"
	gives 0 diff HEAD~1.. -o json
	[ "$(jq -r '.warnings[].code' <<<"$output")" = stray-file ]
	gives 0 diff HEAD..HEAD~1
	[ -z "$stderr" ] || fail "$stderr"
}

@test "a step that a killed run has left half done is told if the working tree is compared" {
	commit second
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	gives 0 diff
	has "$stderr" "WARNING: "
	gives 0 diff HEAD..HEAD
	[ -z "$stderr" ] || fail "$stderr"
	gives 0 diff HEAD~1..HEAD -o json
	[ "$(jq -c .warnings <<<"$output")" = "[]" ]
	gives 0 recover
}

@test "a root below the top, a linked worktree, a detached head, variables of a hook" {
	local top=$BATS_TEST_TMPDIR/top
	mkdir "$top"
	mv "$ROOT" "$top/deep fleet"
	rm -rf "$top/deep fleet/.git"
	cd "$top"
	git init -q -b main .
	commit top
	cd "deep fleet"
	put $APP/stage/override.yaml 'value: new'
	git -C "$top" -c user.name=t -c user.email=t@example.org stash -qu
	git -C "$top" stash pop -q
	local effect="mgmt
Effect: 1 of 4 targets changes
  stage/s1/us
    value: old → new"
	gives 0 diff
	[ "$output" = "$(head_ "$effect")" ] || fail "$output"
	(cd config && GIT_DIR=/nowhere GIT_WORK_TREE=/ GIT_INDEX_FILE=/nowhere gives 0 diff && [ "$output" = "$(unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE; head_ "$effect")" ])
	git checkout -q --detach
	git worktree add -q "$BATS_TEST_TMPDIR/linked" main
	cd "$BATS_TEST_TMPDIR/linked/deep fleet"
	put $APP/stage/override.yaml 'value: new'
	gives 0 diff
	[ "$output" = "$(head_ "$effect")" ] || fail "$output"
	mv "$top/deep fleet" "$ROOT"
}

@test "a repository of SHA-256, a shallow clone, one without a commit, and none" {
	rm -rf .git
	git init -q --object-format=sha256 . || skip "git has no SHA-256"
	commit sha256
	put $APP/stage/override.yaml 'value: new'
	commit second
	gives 0 diff HEAD~1..
	has "$output" "value: old → new"
	gives 0 diff -o json HEAD~1
	[ "$(jq -r '.from.commit | length' <<<"$output")" = 64 ]

	git clone -q --depth=1 "file://$ROOT" "$BATS_TEST_TMPDIR/shallow"
	(cd "$BATS_TEST_TMPDIR/shallow" && gives 0 diff && gives 3 diff HEAD~1..HEAD && one_error "no commit 'HEAD~1'")

	rm -rf .git
	git init -q -b main .
	remember
	refuses 3 "no commit 'HEAD'" diff
	rm -rf .git
	remember
	GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR gives 3 diff
	has "$stderr" "not a git repository"
	unchanged
}

@test "without git, and in a fleet that is not trusted, it says so" {
	mkdir "$BATS_TEST_TMPDIR/empty"
	PATH=$BATS_TEST_TMPDIR/empty gives 1 diff
	[[ $stderr = "ERROR: cannot run git"* ]] || fail "$stderr"
	[ "$(id -u)" -eq 0 ] || return 0
	chown -R 65534:65534 .
	remember
	gives 3 diff
	has "$stderr" "belongs to user 65534, not to you"
	unchanged
	gives 0 diff --trust || has "$stderr" dubious
}

@test "attributes with filters run no program, and names that are options are data" {
	git config filter.evil.smudge "touch $BATS_TEST_TMPDIR/ran"
	git config filter.evil.clean "touch $BATS_TEST_TMPDIR/ran"
	git config core.fsmonitor "touch $BATS_TEST_TMPDIR/ran"
	put .gitattributes '* filter=evil'
	remember
	prints "$(head_ "$NONE")" diff
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	git update-ref refs/heads/-x HEAD
	remember
	refuses 3 "no commit '--all'" diff ..--all
	gives 0 diff ..-x
	gives 0 diff -- mgmt
	gives 3 diff $'HEAD\nHEAD..HEAD'
	has_not "$output" "→"
}

# hide PATH: its blob in HEAD is missing from now on, as in a partial clone
hide() {
	local object
	object=$(git rev-parse "HEAD:$1")
	mv ".git/objects/${object:0:2}/${object:2}" "$BATS_TEST_TMPDIR/hidden"
	remember
}

@test "what git says is the same in both commits is not read, and an application at most once" {
	put config/mgmt/defaults.yaml 'apps: {default: {d: 1}}'
	put config/mgmt/web/values.yaml 'apps: {one: {v: 1}}'
	commit web
	commit same
	hide $APP/values.yaml
	prints "$(between "HEAD~1 ($(short HEAD~1))" "HEAD ($(short))" "$NONE")" diff HEAD~1..HEAD
	refuses 1 "at HEAD: $APP/values.yaml: its object is missing from the repository; git fetch --refetch brings it" diff HEAD~1..HEAD mgmt app
	mv "$BATS_TEST_TMPDIR/hidden" ".git/objects/$(git rev-parse HEAD:$APP/values.yaml | sed 's|^..|&/|')"
	put config/mgmt/web/values.yaml 'apps: {one: {v: 2}}'
	commit changes
	hide $APP/values.yaml
	refuses 1 "at HEAD: $APP/values.yaml: its object is missing from the repository; git fetch --refetch brings it" diff HEAD~1..HEAD
	prints "$(between "HEAD~1 ($(short HEAD~1))" "HEAD ($(short))" "mgmt web
Effect: 4 of 4 targets change
  4 targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us
    apps.one.v: 1 → 2")" diff HEAD~1..HEAD mgmt web
	mv "$BATS_TEST_TMPDIR/hidden" ".git/objects/$(git rev-parse HEAD:$APP/values.yaml | sed 's|^..|&/|')"
	remember
	prints "$(between "HEAD~1 ($(short HEAD~1))" "HEAD ($(short))" "mgmt
Effect: 4 of 4 targets change
  4 targets: integration/s1/us, integration/s1/eu, integration/s2/us, stage/s1/us
    apps.one.v: 1 → 2")" diff HEAD~1..HEAD
	put config/mgmt/defaults.yaml 'apps: {default: {d: 2}}'
	commit defaults
	gives 0 diff HEAD~1.. --stat
	has "$output" "  apps.one.d: 4 targets"
}

@test "a submodule and a link in the place of an application are what they are on the disk" {
	ln -s app config/mgmt/link
	commit link
	prints "$(head_ "$NONE")" diff
	prints "$(between "HEAD~1 ($(short HEAD~1))" "HEAD ($(short))" "$NONE")" diff HEAD~1..HEAD
}
