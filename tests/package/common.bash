# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of packages share.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
# A hook that runs the tests has set these: git would then write to that repository.
# shellcheck disable=SC2046 # a list of names
unset $(git rev-parse --local-env-vars)
export LC_ALL=C.UTF-8

git() {
	command git -c user.name=Test -c user.email=test@example.com -c commit.gpgsign=false -c tag.gpgsign=false "$@"
}

# need PROGRAM...: a test that lacks one is skipped
need() {
	for program; do
		command -v "$program" >/dev/null || skip "no $program: tools/setup build test deb package"
	done
}

# checkout DIR: a clone of the commit that is tested, with the version 99.0.0, as docs/release.md says
checkout() {
	git clone -q --no-tags "$top" "$1"
	(
		cd "$1" || exit
		sed -i "s/^  version: '.*',$/  version: '99.0.0',/" meson.build
		sed -i 's/^## \[Unreleased\]$/&\n\n## [99.0.0] - 2021-02-03/' CHANGELOG.md
		{
			printf 'promote (99.0.0) unstable; urgency=medium\n\n  * A test.\n\n'
			printf ' -- Test <test@example.com>  Wed, 03 Feb 2021 04:05:06 +0000\n'
		} >debian/changelog
		GIT_COMMITTER_DATE="2021-02-03T04:05:06Z" git commit -q -a -m "Release 99.0.0"
		git tag -a v99.0.0 -m "99.0.0"
	)
}
