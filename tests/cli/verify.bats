#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# promote verify: ranges, repositories and formats. What it says of single commits: verify_table.py.

load common.bash

export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# commit MESSAGE: all files; its name is in $made, and the first digits in $short
commit() {
	git add -A
	git commit -qm "$1" --allow-empty
	made=$(git rev-parse HEAD)
	short=${made:0:12}
}

# a legal step, a gate that nobody opened, and an edit, after what was there
three_commits() {
	git init -q "$@" .
	commit import
	first=$made
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	rmdir $APP/integration/s1
	commit "To s2"
	legal=$short
	mkdir -p $APP/stage
	cp $APP/integration/patch-001.yaml $APP/stage/
	commit "To stage"
	illegal=$short
	echo 'other: 1' >>$APP/values.yaml
	commit "Edit"
	edit=$short
}

@test "text: legal and illegal commits, and how many there are" {
	three_commits
	run -4 promote verify "$first.."
	[ "$output" = "✓ $legal To s2 (promote mgmt/app/patch-001)
✗ $illegal To stage
  promote mgmt/app/patch-001
  gate: it enters stage, a manual gate, and no Promote-Approved-By has that

3 commits: 1 legal, 1 illegal, 1 not judged" ]
}

@test "text: with -v those that are not judged, too; in ASCII" {
	three_commits
	LC_ALL=C run -4 promote verify -v HEAD
	[ "$output" = "- ${first:0:12} import
  it has no parent
ok $legal To s2 (promote mgmt/app/patch-001)
illegal $illegal To stage
  promote mgmt/app/patch-001
  gate: it enters stage, a manual gate, and no Promote-Approved-By has that
- $edit Edit
  it changes no patch

4 commits: 1 legal, 1 illegal, 2 not judged" ]
}

@test "only legal commits: 0" {
	three_commits
	run -0 promote verify HEAD~3..HEAD~2
	[ "$output" = "✓ $legal To s2 (promote mgmt/app/patch-001)

1 commit: 1 legal, 0 illegal, 0 not judged" ]
	run -0 promote verify HEAD..
	[ "$output" = "No commits in HEAD.." ]
}

@test "markdown: illegal commits first" {
	three_commits
	run -4 promote verify -o markdown "$first.."
	[ "$output" = "## Verification

3 commits: 1 legal, 1 illegal, 1 not judged

### Illegal commits

| Commit | Subject | Step | Rule | Why |
| --- | --- | --- | --- | --- |
| \`$illegal\` | To stage | promote mgmt/app/patch-001 | \`gate\` | it enters stage, a manual gate, and no Promote-Approved-By has that |

### Legal commits

| Commit | Subject | Step |
| --- | --- | --- |
| \`$legal\` | To s2 | promote mgmt/app/patch-001 |" ]
	run -0 promote verify -o markdown HEAD..
	[ "$output" = "## Verification

No commits in HEAD.." ]
}

@test "json: every field" {
	three_commits
	GIT_COMMITTER_DATE="2026-01-02T03:04:05Z" git commit -q --amend --allow-empty -m "Edit  more"
	run -0 promote verify -o json HEAD~1..
	[ "$output" = '{
  "apiVersion": "promote/v1",
  "kind": "Verification",
  "range": "HEAD~1..",
  "legal": 0,
  "illegal": 0,
  "notJudged": 1,
  "commits": [
    {
      "commit": "'"$(git rev-parse HEAD)"'",
      "subject": "Edit  more",
      "author": "A <a@example.com>",
      "date": "2026-01-02T03:04:05Z",
      "verdict": "not-judged",
      "message": "it changes no patch"
    }
  ]
}' ]
}

@test "a revert is named with the commit that it takes back" {
	three_commits
	git checkout -q HEAD~2
	git revert --no-edit HEAD >/dev/null
	run -0 promote verify HEAD~1..
	[ "$output" = "✓ $(git rev-parse --short=12 HEAD) Revert \"To s2\" (revert $legal)

1 commit: 1 legal, 0 illegal, 0 not judged" ]
	# a chain of reverts is followed so far
	local i
	for i in 1 2 3 4 5 6 7; do git revert --no-edit HEAD >/dev/null; done
	run -0 promote verify HEAD~8..
	[ "${lines[-1]}" = "8 commits: 8 legal, 0 illegal, 0 not judged" ]
	[ "$(grep -c revert <<<"$output")" -eq 8 ]
}

@test "what is not a range: 3, and why" {
	three_commits
	run -3 promote verify nope..
	[ "$output" = "ERROR: no commits 'nope..': bad revision 'nope..'" ]
	run -3 promote verify -- --all
	[ "$output" = "ERROR: no commits '--all': bad revision '--all'" ]
	run -3 promote verify ''
	[ "$output" = "ERROR: no commits ''" ]
	run -3 promote verify "HEAD"$'\n'
	[ "$output" = 'ERROR: no commits '"'HEAD\\x0a'" ]
	run -3 promote verify "$(printf '%05000d' 1)"
	[[ $output == "ERROR: no commits '0000"* ]]
	run -2 promote verify
	run -2 promote verify HEAD HEAD
	run -3 --separate-stderr promote verify -o json nope
	[[ $output == *'"code": "unknown-revision"'* ]]
}

@test "not a repository, and one without commits: 3" {
	run -3 promote verify HEAD
	[[ $output == "ERROR: no commits 'HEAD': not a git repository"* ]]
	git init -q .
	run -3 promote verify HEAD
	[ "$output" = "ERROR: no commits 'HEAD': bad revision 'HEAD'" ]
}

@test "without git: 1" {
	three_commits
	mkdir "$TMPDIR/bin"
	ln -s "$(command -v env)" "$(command -v sh)" "$TMPDIR/bin"
	PATH=$TMPDIR/bin run -1 promote verify HEAD
	rm -r "$TMPDIR/bin"
	[ "$output" = "ERROR: cannot run git to list the commits of 'HEAD'" ]
}

@test "a shallow clone lacks what the parents of a merge have in common: 3, and what to do" {
	git init -q .
	commit import
	mkdir -p $APP/stage
	local rest="git commit -q --allow-empty -m"
	git checkout -qb side
	$rest more
	$rest more
	git checkout -q -
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	commit step
	$rest more
	git merge -q --no-ff -m Merge side
	git clone -q --depth 2 --no-tags "file://$PWD" clone
	cd clone
	run -3 promote verify HEAD^!
	[ "$output" = "ERROR: what the parents of $(git rev-parse --short=12 HEAD) have in common is not here: the clone is shallow; 'git fetch --unshallow' brings it" ]
	git fetch -q --unshallow
	run -0 promote verify HEAD^!
	[ "${lines[-1]}" = "1 commit: 0 legal, 0 illegal, 1 not judged" ]
}

@test "a shallow clone lacks a parent: 3, and what to do" {
	three_commits
	git clone -q --depth=2 "file://$PWD" ../clone
	run -0 promote -C ../clone verify HEAD~1..
	run -3 promote -C ../clone verify HEAD
	[ "$output" = "ERROR: $(git rev-parse --short=12 HEAD~2), the parent of $illegal, is not here: the clone is shallow; 'git fetch --unshallow' brings it" ]
	git -C ../clone fetch -q --unshallow
	run -4 promote -C ../clone verify HEAD
	rm -rf ../clone
}

@test "ROOT below the top, another object format, a detached HEAD, a linked worktree, GIT_DIR" {
	local all
	mkdir top && mv config top/ && cd top
	git init -q --object-format=sha256 ..
	commit import
	mv $APP/integration/s1/patch-001.yaml $APP/integration/
	commit "To s2"
	git checkout -q --detach
	all="✓ $short To s2 (promote mgmt/app/patch-001)

1 commit: 1 legal, 0 illegal, 0 not judged"
	run -0 promote verify HEAD~1..
	[ "$output" = "$all" ]
	git worktree add -q ../../linked
	cd ../../linked/top
	run -0 promote verify HEAD~1..
	[ "$output" = "$all" ]
	GIT_DIR=/nowhere run -0 promote verify HEAD~1..
	[ "$output" = "$all" ]
	cd "$ROOT"
	rm -rf ../linked
}

@test "the working tree, the index and rendered/ do not matter, and nothing is written" {
	three_commits
	mkdir -p rendered/mgmt
	echo 'a: [' >rendered/mgmt/values.yaml
	commit rendered
	rm -r $APP
	echo 'broken: [' >config/config.yaml
	git add -A
	find . -exec stat -c '%n %Y %i %s' {} + | sort >"$TMPDIR/before"
	run -4 promote verify HEAD
	find . -exec stat -c '%n %Y %i %s' {} + | sort >"$TMPDIR/after"
	cmp "$TMPDIR/before" "$TMPDIR/after"
	rm "$TMPDIR/before" "$TMPDIR/after"
	[ "${lines[-1]}" = "5 commits: 1 legal, 1 illegal, 3 not judged" ]
}

@test "names and subjects cannot control the terminal" {
	three_commits
	mkdir -p $APP/$'x\e[31m'
	cp $APP/stage/patch-001.yaml $APP/$'x\e[31m/'
	commit $'evil \e[31m'
	run -4 promote verify HEAD~1..
	[ "$output" = "✗ $short evil \\x1b[31m
  mgmt/app/patch-001
  no-step: no step changes config/mgmt/app/x\\x1b[31m/patch-001.yaml

1 commit: 0 legal, 1 illegal, 0 not judged" ]
	promote verify -o json HEAD~1.. >/dev/null || [ $? -eq 4 ]
}

@test "a tree that is broken, and an object that is missing" {
	three_commits
	local blob tree
	blob=$(git rev-parse HEAD:$APP/values.yaml)
	tree=$(printf '100644 a\0%b100644 a\0%b' "$(sed 's/../\\x&/g' <<<"$blob")" "$(sed 's/../\\x&/g' <<<"$blob")" |
		git hash-object -t tree -w --stdin --literally)
	tree=$(printf '040000 tree %s\tconfig\n' "$tree" | git mktree)
	made=$(git commit-tree -p HEAD -m broken "$tree")
	run -4 promote verify "HEAD..$made"
	[ "$output" = "✗ ${made:0:12} broken
  bad-file: config: git's tree is broken, two entries have the same name; git fsck tells more, and nothing of it is read

1 commit: 0 legal, 1 illegal, 0 not judged" ]
	run -4 promote verify "$made..$(git commit-tree -p "$made" -m mended "HEAD^{tree}")"
	[ "${lines[1]}" = "  bad-file: config: git's tree is broken, two entries have the same name; git fsck tells more, and nothing of it is read" ]
	# in a merge, and in what a commit says that it reverts
	local merge mended
	merge=$(git commit-tree -p HEAD -p HEAD~1 -m merge "$tree")
	run -4 promote verify "HEAD..$merge"
	[ "$output" = "✗ ${merge:0:12} merge
  bad-file: config: git's tree is broken, two entries have the same name; git fsck tells more, and nothing of it is read

1 commit: 0 legal, 1 illegal, 0 not judged" ]
	mended=$(git commit-tree -p "$made" -m mended "HEAD^{tree}")
	run -4 promote verify "$mended..$(git commit-tree -p "$mended" -m "This reverts commit $made" "HEAD~2^{tree}")"
	[ "${lines[1]}" = "  bad-file: config: git's tree is broken, two entries have the same name; git fsck tells more, and nothing of it is read" ]
	git commit-tree -p HEAD -m more "$(git rev-parse "HEAD~1^{tree}")" >"$TMPDIR/more"
	rm -f .git/objects/"${blob:0:2}/${blob:2}"
	run -1 promote verify "HEAD..$(<"$TMPDIR/more")"
	rm "$TMPDIR/more"
	[ "$output" = "ERROR: config/mgmt/app/values.yaml: its object is missing from the repository; git fetch --refetch brings it" ]
	run -1 promote verify HEAD~1..
	[ "$output" = "ERROR: config/mgmt/app/values.yaml: its object is missing from the repository; git fetch --refetch brings it" ]
}

@test "a directory becomes a file, and a file a directory" {
	three_commits
	rm -r $APP/stage
	mkdir -p $APP/stage.yaml
	echo 'a: 1' >$APP/stage
	echo 'a: 1' >$APP/stage.yaml/x.yaml
	commit "Files"
	rm -r $APP/stage $APP/stage.yaml
	mkdir -p $APP/stage/s1
	echo 'value: new' >$APP/stage/s1/patch-001.yaml
	echo 'a: 1' >$APP/stage.yaml
	commit "Directories"
	run -4 promote verify -o json HEAD~2..
	[ "$(grep -c '"verdict": "illegal"' <<<"$output")" -eq 2 ]
}

@test "another user's fleet: 3, or --trust" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	three_commits
	chown -R 12345 .
	run -3 promote verify HEAD
	[[ $output == ERROR:*"--trust"* ]]
	chown -R 0 .
}
