# SPDX-License-Identifier: Apache-2.0
# The version: that of git describe if a checkout has a tag, or had one when git archive made it a
# tarball; else that of meson.build.

bats_require_minimum_version 1.5.0

# A hook or a rebase that runs the tests has set these: git would then write to that repository.
if command -v git >/dev/null; then
	unset $(git rev-parse --local-env-vars)
fi

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PROMOTE=$(realpath "${PROMOTE:-$top/build/promote}")

git() {
	command git -c user.name=Test -c user.email=test@example.com -c commit.gpgsign=false -c tag.gpgsign=false "$@"
}

# checkout DIR: a new repository with the script and one commit
checkout() {
	mkdir -p "$1/tools"
	cp "$top/tools/version" "$1/tools/version"
	# not as a tarball of this project has them
	printf '%s\n' '$Format:%(describe:match=v[0-9]*,abbrev=12)$' '$Format:%ct$' >"$1/tools/archived"
	echo 'tools/archived export-subst' >"$1/.gitattributes"
	git -C "$1" init -q
	git -C "$1" add .
	git -C "$1" commit -q -m "First"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
}

@test "at a tag and after it" {
	checkout project
	git -C project tag -a v0.1.0 -m "0.1.0"
	[ "$(project/tools/version)" = 0.1.0 ]
	git -C project commit -q --allow-empty -m "Second"
	[[ $(project/tools/version) =~ ^0\.1\.0-1-g[0-9a-f]{12}$ ]]
	git -C project tag -a later -m "no version"
	[[ $(project/tools/version) =~ ^0\.1\.0-1-g[0-9a-f]{12}$ ]]
}

@test "a lightweight tag is ignored" {
	checkout project
	git -C project tag v0.1.0
	run ! project/tools/version
	[ -z "$output" ]
}

@test "no version without a tag, without a repository, and in another repository" {
	checkout project
	run ! project/tools/version
	[ -z "$output" ]
	rm -rf project/.git
	run ! env GIT_CEILING_DIRECTORIES="$PWD" project/tools/version
	[ -z "$output" ]
	git init -q .
	git commit -q --allow-empty -m "First"
	git tag -a v9.9.9 -m "another project's"
	run ! project/tools/version
	[ -z "$output" ]
}

@test "a repository that the environment names is not used" {
	checkout other
	git -C other tag -a v9.9.9 -m "another project's"
	checkout project
	run ! env GIT_DIR="$PWD/other/.git" project/tools/version
	[ -z "$output" ]
	git -C project tag -a v0.1.0 -m "0.1.0"
	[ "$(GIT_DIR=$PWD/other/.git project/tools/version)" = 0.1.0 ]
}

@test "the time of the commit" {
	checkout project
	GIT_COMMITTER_DATE="2001-02-03T04:05:06Z" git -C project commit -q --allow-empty -m "Second"
	run -0 project/tools/version --time
	[ "$output" = 981173106 ]
	rm -rf project/.git
	run ! env GIT_CEILING_DIRECTORIES="$PWD" project/tools/version --time
	[ -z "$output" ]
}

@test "an archive of a commit has its version and its time, in another repository too" {
	checkout project
	git -C project tag -a v0.1.0 -m "0.1.0"
	GIT_COMMITTER_DATE="2001-02-03T04:05:06Z" git -C project commit -q --allow-empty -m "Second"
	git init -q other
	git -C other commit -q --allow-empty -m "First"
	git -C other tag -a v9.9.9 -m "another project's"
	git -C project archive --prefix=after/ HEAD | tar -x -C other
	git -C project archive --prefix=at/ v0.1.0 | tar -x -C other
	run -0 other/after/tools/version
	[ "$output" = "$(project/tools/version)" ]
	run -0 other/after/tools/version --time
	[ "$output" = 981173106 ]
	run -0 other/at/tools/version
	[ "$output" = 0.1.0 ]
}

@test "an archive of a commit without a tag has no version, but a time" {
	checkout project
	mkdir unpacked
	git -C project archive HEAD | tar -x -C unpacked
	run ! unpacked/tools/version
	[ -z "$output" ]
	run -0 unpacked/tools/version --time
	[ "$output" = "$(git -C project log -1 --format=%ct)" ]
}

@test "the changelog of the package is at the version of meson.build" {
	local version
	version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$top/meson.build")
	[ -n "$version" ]
	[ "$(head -n 1 "$top/debian/changelog")" = "promote ($version) unstable; urgency=medium" ]
}

@test "the program says the same" {
	local version
	version=$("$top/tools/version") || version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$top/meson.build")
	[ -n "$version" ]
	run -0 "$PROMOTE" --version
	[ "$output" = "promote $version" ]
}
