# SPDX-License-Identifier: Apache-2.0
# What a release is made of, and what prevents one. Packages are not built here: deb.bats.

load common

setup() {
	need git dpkg-parsechangelog
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	checkout one
	cd one || return
}

# refused REASON: no release of v99.0.0, and nothing is left of the attempt
refused() {
	run -1 tools/release v99.0.0 ../out tarball
	[ "$output" = "release: $1" ]
	[ ! -e ../out ]
}

# again: the tag is set again after a change
again() {
	git commit -q -a -m "Change"
	git tag -f -a v99.0.0 -m "99.0.0" >/dev/null
}

@test "no release without an annotated tag" {
	git tag -d v99.0.0 >/dev/null
	refused "v99.0.0 is not an annotated tag"
	git tag v99.0.0
	refused "v99.0.0 is not an annotated tag"
}

@test "no release if a file of the tag has another version" {
	sed -i "s/^  version: '.*',$/  version: '98.0.0',/" meson.build
	again
	refused "meson.build of v99.0.0 has another version"
	git checkout -q HEAD~ -- meson.build
	sed -i '1s/99/98/' debian/changelog
	again
	refused "debian/changelog of v99.0.0 has another version"
	git checkout -q HEAD~2 -- debian/changelog
	sed -i 's/^## \[99.0.0\]/## [98.0.0]/' CHANGELOG.md
	again
	refused "CHANGELOG.md of v99.0.0 has no section [99.0.0]"
}

@test "a directory that exists already is left as it is" {
	mkdir ../out
	run -1 tools/release v99.0.0 ../out tarball
	[ "$output" = "release: $(realpath ../out) exists already" ]
	[ -z "$(ls -A ../out)" ]
}

@test "the tag's commit is released, whatever the checkout has" {
	echo "not committed" >>README.md
	git commit -q --allow-empty -m "Later"
	run -0 tools/release v99.0.0 ../out tarball
	[ "$output" = "$(cat ../out/SHA256SUMS)" ]
	[ "$(ls -A ../out)" = "SHA256SUMS
promote-99.0.0.tar.xz" ]
	tar -xJf ../out/promote-99.0.0.tar.xz
	[ "$(promote-99.0.0/tools/version)" = 99.0.0 ]
	git cat-file blob v99.0.0:README.md | cmp - promote-99.0.0/README.md
}

# A dpkg-buildpackage that keeps the changelog, and makes an empty package.
fake_buildpackage() {
	mkdir ../bin
	cat >../bin/dpkg-buildpackage <<-'EOF'
		#!/bin/sh
		cp debian/changelog tools/archived README.md "$KEPT"
		version=$(dpkg-parsechangelog -S Version)
		touch "../promote_${version}_$(dpkg --print-architecture).deb" \
			"../promote_${version}_$(dpkg --print-architecture).changes" \
			"../promote_${version}_$(dpkg --print-architecture).buildinfo"
	EOF
	chmod +x ../bin/dpkg-buildpackage
	export KEPT=$BATS_TEST_TMPDIR/kept
	mkdir "$KEPT"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "the package of a tag has the changelog as it is" {
	fake_buildpackage
	run -0 tools/deb ../out
	[ "$output" = "$(realpath ../out)/promote_99.0.0_$(dpkg --print-architecture).deb" ]
	[ -e "$output" ]
	cmp debian/changelog "$KEPT/changelog"
	[ "$(cat "$KEPT/archived")" = "v99.0.0
$(git log -1 --format=%ct)" ]
}

@test "the package between two versions has an entry of its own, and what is not committed" {
	fake_buildpackage
	GIT_COMMITTER_DATE="2022-01-02T03:04:05Z" git commit -q --allow-empty -m "Later"
	echo "not committed" >>README.md
	echo "not git's" >notes
	run -0 tools/deb ../out
	version=99.0.0+1.$(git describe --abbrev=12 | sed 's/.*-//')
	[ "$output" = "$(realpath ../out)/promote_${version}_$(dpkg --print-architecture).deb" ]
	[ "$(cat "$KEPT/changelog")" = "promote ($version) UNRELEASED; urgency=medium

  * A build between two versions.

 -- Test <test@example.com>  Sun, 02 Jan 2022 03:04:05 +0000

$(cat debian/changelog)" ]
	cmp README.md "$KEPT/README.md"
	dpkg --compare-versions "$version" gt 99.0.0
	dpkg --compare-versions "$version" lt 99.0.1
}

@test "what a build says is shown if it fails" {
	fake_buildpackage
	printf '#!/bin/sh\necho "a reason"\nexit 2\n' >../bin/dpkg-buildpackage
	run -1 tools/deb ../out
	[ "$output" = "a reason" ]
	[ "$(ls -A ../out)" = build.log ]
}

# scripts JOB: those of a job of the workflow, one file each
scripts() {
	mkdir -p scripts
	python3 -c 'import sys, yaml
steps = yaml.safe_load(open(".github/workflows/release.yml"))["jobs"][sys.argv[1]]["steps"]
for n, text in enumerate(step["run"] for step in steps if "run" in step):
    open(f"scripts/{sys.argv[1]}.{n}", "w").write(text)' "$1"
}

@test "the workflow is YAML that is read in one way, and its scripts are shell" {
	need yamllint shellcheck
	rules='{extends: default, rules: {document-start: disable, truthy: {check-keys: false}, '
	rules+='line-length: disable, comments: {min-spaces-from-content: 1}}}'
	run -0 yamllint -s -d "$rules" .github/workflows/release.yml
	[ -z "$output" ]
	scripts build
	scripts publish
	[ "$(ls scripts | wc -l)" = 7 ]
	for script in scripts/*; do
		run -0 shellcheck -s sh -e SC2148 "$script"
		run -1 grep -F '${{' "$script" # what a tag is called is no part of a script
	done
}

@test "the workflow makes a release of the tag and publishes it" {
	scripts build
	scripts publish
	mkdir ../bin
	cat >../bin/gh <<-'EOF'
		#!/bin/sh
		printf '%s\n' "$@" >"$CALLED"
	EOF
	chmod +x ../bin/gh
	export CALLED=$BATS_TEST_TMPDIR/called PATH=$BATS_TEST_TMPDIR/bin:$PATH
	export GITHUB_REF_NAME=v99.0.0 GITHUB_REPOSITORY=owner/promote

	# A checkout of a tag has the commit in its place.
	commit=$(git rev-parse 'v99.0.0^{}')
	git clone -q "$PWD" ../clone
	cp -r scripts ../clone
	cd ../clone
	git tag -f v99.0.0 "$commit" >/dev/null
	run -1 tools/release v99.0.0 release tarball
	sh -e scripts/build.2
	# the tarball alone: the others take a minute, and have tests of their own
	[ "$(cat scripts/build.4)" = 'tools/release "$GITHUB_REF_NAME" release' ]
	sh -e -c "$(cat scripts/build.4) tarball"

	sh -e scripts/publish.0
	sh -e scripts/publish.1
	[ "$(cat "$CALLED")" = "release
create
v99.0.0
--repo
owner/promote
--verify-tag
--notes-from-tag
release/SHA256SUMS
release/promote-99.0.0.tar.xz" ]
	echo >>release/promote-99.0.0.tar.xz
	run ! sh -e scripts/publish.0
}
