# SPDX-License-Identifier: Apache-2.0
# The version: that of git describe if a checkout has a tag, else that of meson.build.

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
	git -C "$1" init -q
	git -C "$1" add tools/version
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
	[[ $(project/tools/version) =~ ^0\.1\.0-1-g[0-9a-f]{7,}$ ]]
	git -C project tag -a later -m "no version"
	[[ $(project/tools/version) =~ ^0\.1\.0-1-g[0-9a-f]{7,}$ ]]
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

@test "the program says the same" {
	local version
	version=$("$top/tools/version") || version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$top/meson.build")
	[ -n "$version" ]
	run -0 "$PROMOTE" --version
	[ "$output" = "promote $version" ]
}
