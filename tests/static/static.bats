# SPDX-License-Identifier: Apache-2.0
# A static program (tools/static) beside the one that is built with shared libraries:
#
#	STATIC=FILE PROMOTE=FILE bats tests/static/static.bats
#
# RUNNER=FILE runs it: a static program of qemu-user, for another architecture.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
LARGEST=2000000 # bytes

setup() {
	STATIC=$(realpath "${STATIC:?}")
	PROMOTE=$(realpath "${PROMOTE:?}")
	cd "$BATS_TEST_TMPDIR"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset LC_ALL LANG
	# without any variable, musl's locale has UTF-8, and glibc's has not
	UTF8=
	[[ $STATIC != *-musl ]] || UTF8=yes
}

# static_root NAME: a root directory that holds the program, a fleet, and nothing else
static_root() {
	mkdir "$1"
	cp "$STATIC" "$1/promote"
	cp -R "$top/examples/fleet" "$1/fleet"
	[ -z "${RUNNER:-}" ] || cp "$RUNNER" "$1/runner"
}

# inside ROOT ARGUMENT...: the static program in that root, without any variable
inside() {
	local root=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		env -i "$(command -v chroot)" "$root" ${RUNNER:+/runner} /promote "$@"
	else
		env -i "$(command -v unshare)" -r -R "$root" ${RUNNER:+/runner} /promote "$@"
	fi
}

# fixed ARGUMENT...: the static program here
fixed() {
	${RUNNER:+"$RUNNER"} "$STATIC" "$@"
}

# tree DIRECTORY: every file in it, with its mode and content
tree() {
	(cd "$1" && find . -path ./.git -prune -o -printf '%P %M %l\n' -type f -exec sha256sum {} + | sort)
}

# Prints where two texts differ.
same() {
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

@test "one file that needs no other: no interpreter, no library" {
	run -0 readelf -lW "$STATIC"
	[[ $output != *INTERP* ]]
	run -0 readelf -dW "$STATIC"
	[[ $output != *NEEDED* ]]
	# a dynamic program has both
	run -0 readelf -lW "$PROMOTE"
	[[ $output == *INTERP* ]]
}

@test "loaded at a random address, and nothing of it both writable and executable" {
	run -0 readelf -hW "$STATIC"
	[[ $output == *"Type:"*"DYN (Position-Independent Executable file)"* ]]
	run -0 readelf -dW "$STATIC"
	[[ $output == *"(FLAGS_1)"*"NOW PIE"* ]]
	[[ $output != *TEXTREL* ]]
	run -0 readelf -lW "$STATIC"
	[[ $output == *GNU_RELRO* ]]
	[[ $output =~ GNU_STACK[^$'\n']*RW\  ]]
	[[ ! $output =~ (LOAD|GNU_STACK)[^$'\n']*RWE ]]
}

@test "at most $LARGEST bytes, without symbols" {
	[ "$(stat -c %s "$STATIC")" -le "$LARGEST" ]
	run -0 readelf -SW "$STATIC"
	[[ $output != *.symtab* ]]
	[[ $output != *.debug_* ]]
}

@test "the same version and help" {
	same "$(fixed --version)" "$("$PROMOTE" --version)"
	same "$(fixed --help)" "$("$PROMOTE" --help)"
}

@test "a whole rollout in an empty root with an empty environment: the outputs and tree of the other" {
	static_root root
	cp -R "$top/examples/fleet" fleet
	local status step of_static of_shared
	while read -r status step; do
		# shellcheck disable=SC2086 # words
		of_static=$(inside root -C fleet $step 2>&1; echo "status $?")
		# shellcheck disable=SC2086
		of_shared=$(env -i ${UTF8:+LC_ALL=C.UTF-8} "$PROMOTE" -C fleet $step 2>&1; echo "status $?")
		same "$of_static" "${of_shared//"$PROMOTE"//promote}"
		[ "${of_static##*status }" = "$status" ]
		same "$(tree root/fleet)" "$(tree fleet)"
	done <<-END
		0 edge gateway patch-001
		0 edge gateway patch-001 -o json
		5 edge gateway patch-001
		0 edge gateway patch-001 --approve=trial
		5 plan edge gateway patch-001
		0 edge gateway patch-001 --approve=live
		0 status
		0 check -o json
		0 rollback edge gateway patch-001
		0 edge gateway patch-001 --approve=live
		0 edge gateway patch-001 --approve=live/live-rest
		0 values edge live/live-rest/espoo
		0 edge gateway patch-001
		3 edge gateway patch-001
		0 matrix edge gateway -o json
	END
	[ "$(ls -A root)" = "$(printf '%s\n' fleet promote ${RUNNER:+runner})" ]
}

@test "a generator and a commit: make and git of the system, the same tree and commit" {
	local name
	export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com GIT_AUTHOR_DATE="2026-01-02T03:04:05Z"
	export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com GIT_COMMITTER_DATE="2026-01-02T03:04:05Z"
	for name in static shared; do
		cp -R "$top/examples/fleet" $name
		printf 'generate:\n\tmkdir -p rendered && find config -name "*.yaml" | sort >rendered/list\n' >$name/Makefile
		git -C $name init -q -b main
		make -s -C $name generate
		git -C $name add -A
		git -C $name commit -q -m start
	done
	(cd static && LC_ALL=C.UTF-8 fixed edge gateway patch-001 --commit) >static.out 2>&1
	(cd shared && LC_ALL=C.UTF-8 "$PROMOTE" edge gateway patch-001 --commit) >shared.out 2>&1
	same "$(<static.out)" "$(<shared.out)"
	same "$(tree static)" "$(tree shared)"
	same "$(git -C static log -p)" "$(git -C shared log -p)"
	[ "$(git -C static rev-list --count HEAD)" = 2 ]
	[ -z "$(git -C static status --porcelain)" ]
}

# by ROOT: who held, as the fleet there says it
by() {
	rm -rf "$1/fleet/config/edge/gateway/hold.yaml"
	inside "$1" -C fleet hold edge gateway --reason=freeze -q
	sed -n 's/^ *by: //p' "$1/fleet/config/edge/gateway/hold.yaml"
}

@test "the login of who runs it is that of /etc/passwd, or a number" {
	static_root root
	# no file, then none of this number, none readable as one, a name that is empty, and one
	[ "$(by root)" = "user 0" ]
	mkdir root/etc
	: >root/etc/passwd
	[ "$(by root)" = "user 0" ]
	echo "other:x:17:0:::" >root/etc/passwd
	[ "$(by root)" = "user 0" ]
	printf '%s\n' "" "garbage" ":x:0:0:::" >root/etc/passwd
	[ "$(by root)" = "user 0" ]
	printf '%s\n' "other:x:17:0:::" "captain:x:0:0:::" "second:x:0:0:::" >root/etc/passwd
	[ "$(by root)" = captain ]
}
