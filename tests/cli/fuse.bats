# SPDX-License-Identifier: Apache-2.0
# File systems that are not the kernel's own: bindfs stands for mounts of Windows directories, CIFS, FAT and the network.

load common

# mounted OPTION...: the fleet as bindfs shows it, in $MOUNT
mounted() {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount"
	command -v bindfs >/dev/null || skip "needs bindfs"
	MOUNT=$BATS_TEST_TMPDIR/mount
	mkdir "$MOUNT"
	bindfs "$@" "$ROOT" "$MOUNT" || skip "the system has no FUSE"
}

teardown() {
	cd /
	[ -z "${MOUNT:-}" ] || ! mountpoint -q "$MOUNT" || umount "$MOUNT"
	cd "$BATS_TEST_TMPDIR"
	[ -z "$(find fleet -name '.promote*')" ]
}

# walk ARGUMENT...: all steps of the patch, one after another
walk() {
	local i
	put $APP/values.yaml "value: old"
	for i in 1 2 3; do
		gives 0 -q -C "$MOUNT" --approve=stage "$@" mgmt app patch-001
		[ -z "$stderr" ] || fail "$stderr"
	done
	[ "$(<$APP/values.yaml)" = "value: new" ]
	[ -z "$(find $APP -name 'patch-*')" ]
}

@test "time stamps that move by themselves" {
	mounted
	walk
}

@test "chmod is refused" {
	mounted --chmod-deny
	walk
	[ "$(stat -c %a $APP/values.yaml)" = 644 ]
}

@test "chmod and chown are ignored" {
	mounted --chmod-ignore --chown-ignore --chgrp-ignore
	walk
}

@test "chmod and chown are refused, and the generator fails" {
	mounted --chmod-deny --chown-deny --chgrp-deny
	put rendered/mgmt/stage/values.yaml "a: 1"
	snapshot >../tree
	gives 1 -q -C "$MOUNT" --generate-command='rm -r rendered; false' mgmt app patch-001
	snapshot | cmp - ../tree
}

@test "extended attributes are refused" {
	mounted --xattr-none
	walk
}
