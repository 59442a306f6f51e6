# SPDX-License-Identifier: Apache-2.0
# The container images of packaging/, built and run by buildah without a daemon, a registry or
# privileges of a container:
#
#	STATIC=FILE PROMOTE=FILE bats tests/static/image.bats
#
# IMAGE_BASE=yes makes a base image of Debian's packages (debootstrap) for the image with git.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup_file() {
	export CANNOT= # why nothing can be built here; setup_file itself cannot skip
	if ! command -v buildah >/dev/null; then
		CANNOT="buildah is not installed"
		return
	fi
	mkdir "$BATS_FILE_TMPDIR/context"
	cp "${STATIC:?}" "$BATS_FILE_TMPDIR/context/program"
	export BUILDAH_ISOLATION=chroot
	# a root directory that is no mount point, as in a chroot, is among what it cannot work with
	printf 'FROM scratch\nCOPY program /\n' >"$BATS_FILE_TMPDIR/probe"
	local why
	why=$(storage build -q -f "$BATS_FILE_TMPDIR/probe" -t probe "$BATS_FILE_TMPDIR/context" 2>&1 >/dev/null) ||
		CANNOT="buildah cannot build here: $(tail -n 1 <<<"$why")"
}

setup() {
	[ -z "$CANNOT" ] || skip "$CANNOT"
	PROMOTE=$(realpath "${PROMOTE:?}")
	export LC_ALL=C.UTF-8
	cd "$BATS_TEST_TMPDIR" || return
	cp -R "$top/examples/fleet" inside
	cp -R "$top/examples/fleet" outside
}

storage() {
	buildah --root "$BATS_FILE_TMPDIR/storage" --runroot "$BATS_FILE_TMPDIR/run" --storage-driver vfs "$@"
}

# image CONTAINERFILE ARGUMENT...: builds it, and names a container of it
image() {
	local file=$1
	shift
	storage build -q -f "$top/packaging/$file" -t "${file,,}" --build-arg PROGRAM=program "$@" \
		"$BATS_FILE_TMPDIR/context" >/dev/null
	storage from "${file,,}"
}

# entry CONTAINER: what the image starts, and where
entry() {
	storage inspect --type container --format '{{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.WorkingDir}}' "$1"
}

@test "from scratch: the program and nothing else, which takes a step" {
	local container
	container=$(image Containerfile)
	[ "$(entry "$container")" = "[/bin/promote] /fleet" ]
	[ "$(cd "$(storage mount "$container")" && find . -type f)" = ./bin/promote ]
	storage run -v "$PWD/inside:/fleet" "$container" -- /bin/promote edge gateway patch-001 >inside.out
	(cd outside && LC_ALL=C "$PROMOTE" edge gateway patch-001) >outside.out
	diff inside.out outside.out
	diff -r inside outside
	[ -e inside/config/edge/gateway/lab/lab-a/patch-001.yaml ]
}

@test "with git and make: a step with a generator and a commit" {
	[ -n "${IMAGE_BASE:-}" ] || skip "takes a minute; IMAGE_BASE is not set"
	[ "$(id -u)" = 0 ] || skip "debootstrap needs root"
	local base container name
	debootstrap --variant=minbase bookworm "$BATS_TEST_TMPDIR/root" >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		{ tail "$BATS_TEST_TMPDIR/log"; return 1; }
	base=$(storage from scratch)
	storage add -q "$base" "$BATS_TEST_TMPDIR/root" / >/dev/null
	storage commit -q "$base" base >/dev/null
	rm -rf "$BATS_TEST_TMPDIR/root"

	container=$(image Containerfile.git --build-arg BASE=localhost/base)
	[ "$(entry "$container")" = "[/usr/local/bin/promote] /fleet" ]
	for name in inside outside; do
		printf 'generate:\n\tmkdir -p rendered && find config -name "*.yaml" | sort >rendered/list\n' >$name/Makefile
		make -s -C $name generate
		git -C $name init -q -b main
		git -C $name config user.name A
		git -C $name config user.email a@example.com
		git -C $name add -A
		GIT_AUTHOR_DATE="@1 +0000" GIT_COMMITTER_DATE="@1 +0000" git -C $name commit -q -m start
	done
	storage run -v "$PWD/inside:/fleet" "$container" -- /usr/local/bin/promote edge gateway patch-001 --commit
	(cd outside && "$PROMOTE" edge gateway patch-001 --commit)
	diff -r --exclude=.git inside outside
	diff <(git -C inside log -p --format=%B%T) <(git -C outside log -p --format=%B%T)
	[ "$(git -C inside rev-list --count HEAD)" = 2 ]
	[ -z "$(git -C inside status --porcelain)" ]
}
