# SPDX-License-Identifier: Apache-2.0
# Other files in the places of positions and copies, and files that cannot be written.

load common

# as_user_step STATUS TEXT: like `step`, as a user without root's powers
as_user_step() {
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001
	chmod -R u+rwX "$ROOT"
	[ "$status" -eq "$1" ] || fail "exit status $status" "$stderr"
	one_error "$2"
}

file_there="not a directory"
linked="is reached through a symbolic link, and promote follows none"
no_copy="a copy must be a file, not a directory or a link; move it away"

@test "a position is a file" {
	touch $APP/stage
	step 3 "$APP/stage: $file_there"
	rm $APP/stage
	touch $APP/integration/s2
	step 3 "$APP/integration/s2: $file_there"
}

@test "a position is a link to a directory inside or outside the root, or a dangling link" {
	mkdir "$BATS_TEST_TMPDIR/outside" other
	local to
	for to in "$BATS_TEST_TMPDIR/outside" ../../../other . nowhere /; do
		ln -sfn "$to" $APP/stage
		step 3 "$APP/stage: $linked"
		rm $APP/stage
		ln -sfn "$to" $APP/integration/s2
		step 3 "$APP/integration/s2: $linked"
		rm $APP/integration/s2
	done
	rmdir "$BATS_TEST_TMPDIR/outside" other
}

# The library of tests/fault makes openat2 fail, as kernels do that do not have it.
@test "links are detected by a kernel without openat2, too" {
	local -x FAULT_PROGRAM=promote FAULT_EACH=openat2:ENOSYS ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
	local -x LD_PRELOAD=${FAULT_LIB:-$(dirname "$PROMOTE")/tests/fault.so}
	[ -e "$LD_PRELOAD" ] || skip "fault.so is not built"
	ln -s "$ROOT" $APP/stage
	step 3 "$APP/stage: $linked"
	rm $APP/stage
	touch $APP/stage
	step 3 "$APP/stage: $file_there"
	rm $APP/stage
	mv config/mgmt "$BATS_TEST_TMPDIR/mgmt"
	ln -s "$BATS_TEST_TMPDIR/mgmt" config/mgmt
	step 3 "config/mgmt: $linked"
}

@test "a directory on the path is a link" {
	mv config/mgmt/app config/mgmt/real
	ln -s real config/mgmt/app
	step 3 "$APP: is reached through a symbolic link, and promote follows none"
	rm config/mgmt/app
	mv config/mgmt/real config/mgmt/app
	mv config/mgmt "$BATS_TEST_TMPDIR/mgmt"
	ln -s "$BATS_TEST_TMPDIR/mgmt" config/mgmt
	step 3 "config/mgmt: $linked"
	rm config/mgmt
	mv "$BATS_TEST_TMPDIR/mgmt" config/mgmt
	mv config real
	ln -s real config
	step 3 "config: $linked"
}

@test "config.yaml is a link" {
	mv config/config.yaml config/real.yaml
	ln -s real.yaml config/config.yaml
	step 3 "config/config.yaml: $linked"
	ln -sf nowhere config/config.yaml
	step 3 "config/config.yaml: $linked"
}

@test "config.yaml is a directory or a pipe" {
	rm config/config.yaml
	mkdir config/config.yaml
	step 3 "config/config.yaml: is a directory, not a file"
	rmdir config/config.yaml
	mkfifo config/config.yaml
	step 3 "config/config.yaml: is a special file, not a file"
}

@test "a socket in the place of a file; a link in the place of an application" {
	"$PYTHON" -IS -c 'import socket; socket.socket(socket.AF_UNIX).bind("config/mgmt/defaults.yaml")'
	step 3 "config/mgmt/defaults.yaml: is a special file, not a file"
	rm config/mgmt/defaults.yaml
	mv $APP elsewhere
	ln -s ../../elsewhere $APP
	step 3 "$APP: is reached through a symbolic link, and promote follows none"
	rm $APP
	: >$APP
	step 3 "$APP: not a directory"
}

@test "the root itself may be reached by a link" {
	ln -s fleet "$BATS_TEST_TMPDIR/link"
	gives 0 -q -C "$BATS_TEST_TMPDIR/link" mgmt app patch-001
	copies integration
}

@test "a copy is a link" {
	mv $APP/integration/s1/patch-001.yaml real.yaml
	ln -s ../../../../../real.yaml $APP/integration/s1/patch-001.yaml
	step 3 "$APP/integration/s1/patch-001.yaml: $no_copy"
	put $APP/integration/patch-001.yaml "value: new"
	step 3 "$APP/integration/s1/patch-001.yaml: $no_copy"
}

@test "a copy is a directory" {
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	rm $APP/integration/s1/patch-001.yaml
	mkdir $APP/integration/s1/patch-001.yaml
	step 3 "$APP/integration/s1/patch-001.yaml: $no_copy"
}

@test "a copy is a pipe" {
	mkfifo $APP/integration/patch-001.yaml
	step 3 "$APP/integration/patch-001.yaml: $no_copy"
}

@test "the target is a directory, a pipe or a link" {
	local exists="Target patch already exists at $APP/integration/s2/patch-001.yaml"
	mkdir -p $APP/integration/s2/patch-001.yaml
	step 4 "$exists"
	touch $APP/integration/s2/patch-001.yaml/file
	step 4 "$exists"
	rm -r $APP/integration/s2/patch-001.yaml
	mkfifo $APP/integration/s2/patch-001.yaml
	step 4 "$exists"
	rm $APP/integration/s2/patch-001.yaml
	ln -s ../s1/patch-001.yaml $APP/integration/s2/patch-001.yaml
	step 4 "$exists"
	ln -sf nowhere $APP/integration/s2/patch-001.yaml
	step 4 "$exists"
}

@test "other files and links beside a copy do not matter" {
	ln -s nowhere $APP/integration/s1/link
	mkfifo $APP/integration/s1/pipe
	ln -s / $APP/elsewhere
	gives 0 -q mgmt app patch-001
	[ -z "$stderr" ]
	[ -L $APP/integration/s1/link ]
}

@test "a copy that cannot be read" {
	give_to_user
	chmod 0 $APP/integration/s1/patch-001.yaml
	as_user_step 1 "$APP/integration/s1/patch-001.yaml: Permission denied"
	chmod 644 $APP/integration/s1/patch-001.yaml
	copies integration/s1
}

@test "a position that cannot be read" {
	give_to_user
	mkdir $APP/stage
	chmod 0 $APP/stage
	as_user_step 1 "$APP/stage: Permission denied"
	copies integration/s1
}

@test "an application that cannot be read" {
	give_to_user
	chmod 0 $APP
	as_user_step 1 "$APP: Permission denied"
	copies integration/s1
}

@test "config cannot be listed, and config.yaml lists no cluster types" {
	sed -i '/cluster_types/,$d' config/config.yaml
	give_to_user
	chmod 311 config
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" values mgmt integration/s1/us
	chmod 755 config
	[ "$status" -eq 1 ]
	one_error "config: Permission denied"
	copies integration/s1
}

@test "copies in directories that are not positions: all that can be found are listed" {
	local directory expected=""
	for directory in a a/b a/b/c a/b/c/d d e f; do
		put "$APP/$directory/patch-001.yaml" "value: stray"
	done
	for directory in a/b/c a/b a d e; do # no position has more levels than three
		expected+="WARNING: $APP/$directory/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it"$'\n'
	done
	give_to_user
	chmod 0 $APP/f
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --dry-run -q mgmt app patch-001
	[ "$status" -eq 0 ]
	[ "$stderr"$'\n' = "$expected" ] || fail "$stderr"
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" values mgmt stage/s1/us app
	[ "$status" -eq 0 ]
	[ "$stderr"$'\n' = "$expected" ] || fail "$stderr"
	chmod 755 $APP/f
}

@test "a file with almost the name of a patch is ignored, and one with control characters in its name is refused" {
	put $APP/integration/s1/patch-0001.yml "value: other"
	put $APP/integration/s1/patch-.yaml.orig "value: other"
	gives 0 values mgmt integration/s1/us app
	[ "$output" = "value: new" ]
	put $APP/integration/s1/$'patch-\n.yaml' "value: other"
	step 3 "$APP/integration/s1/patch-\\x0a.yaml: a file's name that holds a control character; rename it"
	rm $APP/integration/s1/$'patch-\n.yaml'
}

@test "config.yaml cannot be read" {
	give_to_user
	chmod 0 config/config.yaml
	as_user_step 1 "config/config.yaml: Permission denied"
	chmod 0 config
	as_user_step 1 "$ROOT: Permission denied"
	copies integration/s1
}

@test "no permission to make the copy's directory" {
	give_to_user
	chmod 555 $APP/integration
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error "cannot write $APP/integration/patch-001.yaml: Permission denied"
	unchanged
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001 --level=region
	[ "$status" -eq 1 ]
	unchanged
}

@test "no permission to remove copies: the new copy is removed again" {
	give_to_user
	chmod 555 $APP/integration/s1
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error "cannot remove $APP/integration/s1/patch-001.yaml: Permission denied"
	unchanged
}

@test "no permission to remove an empty directory: the step is undone" {
	give_to_user
	rm -r $APP/integration/s1
	put $APP/integration/s1/us/patch-001.yaml "value: new"
	put $APP/integration/s1/eu/patch-001.yaml "value: new"
	put $APP/integration/s1/patch-001.yaml "value: new"
	give_to_user_again
	chmod 555 $APP/integration/s1
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" mgmt app patch-001
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	unchanged
}

give_to_user_again() {
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$ROOT"
}

@test "a dry run needs no permission to write" {
	give_to_user
	chmod -R a-w .
	remember
	run --separate-stderr as_user "$PROMOTE" -C "$ROOT" --dry-run mgmt app patch-001
	[ "$status" -eq 0 ]
	unchanged
	chmod -R u+w .
}

@test "a full disk: the step is undone" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a small file system"
	mkdir "$BATS_TEST_TMPDIR/disk"
	mount -t tmpfs -o size=64k,mode=755 tmpfs "$BATS_TEST_TMPDIR/disk" 2>/dev/null || skip "cannot mount a file system here"
	cp -a config "$BATS_TEST_TMPDIR/disk"
	cd "$BATS_TEST_TMPDIR/disk"
	head -c 9000 /dev/zero | tr '\0' '#' >>$APP/integration/s1/patch-001.yaml
	head -c 1M /dev/zero >fill 2>/dev/null || true
	remember
	run --separate-stderr promote mgmt app patch-001
	snapshot >"$BATS_TEST_TMPDIR/after"
	cd "$ROOT"
	umount "$BATS_TEST_TMPDIR/disk"
	[ "$status" -eq 1 ]
	one_error "cannot write .promote: No space left on device"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "a position on another file system: the step is undone" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a file system"
	mount -t tmpfs -o size=64k,mode=755 tmpfs $APP/integration 2>/dev/null || skip "cannot mount a file system here"
	put $APP/integration/s1/patch-001.yaml "value: new"
	remember
	run --separate-stderr promote mgmt app patch-001
	snapshot >"$BATS_TEST_TMPDIR/after"
	umount $APP/integration
	[ "$status" -eq 1 ]
	one_error "cannot write $APP/integration/patch-001.yaml: it is on another file system than the fleet's root"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "the limit of a file's size is below the copy's: the step is undone" {
	head -c 100000 /dev/zero | tr '\0' '#' >>$APP/integration/s1/patch-001.yaml
	remember
	run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 50; exec "$0" mgmt app patch-001' "$PROMOTE"
	[ "$status" -eq 1 ]
	one_error "cannot write $APP/integration/patch-001.yaml: File too large"
	unchanged
}

@test "no free descriptors: one clear error" {
	no_valgrind "valgrind itself needs more"
	local n
	for n in 4 5 6 7 8 9; do
		prlimit --nofile=$n "$PROMOTE" --version 2>/dev/null || continue # its libraries need some
		remember
		run --separate-stderr prlimit --nofile=$n "$PROMOTE" mgmt app patch-001
		[ "$status" -eq 1 ] || fail "$n: exit status $status" "$stderr"
		[ "${#stderr_lines[@]}" -eq 1 ] || fail "$n: $stderr"
		unchanged
	done
}

@test "too few descriptors for a step: an error before the step" {
	no_valgrind "valgrind itself needs more"
	makefile 'generate:' '	true'
	mkdir rendered
	local out
	remember
	# one more than the number of the root's descriptor, which is the lowest that is free
	for out in 9 16 19; do
		run --separate-stderr prlimit --nofile=$out "$PROMOTE" mgmt app patch-001 3>&- 4>&- 5>&-
		[ "$status" -eq 1 ] || fail "$out: exit status $status" "$stderr"
		one_error "only $out files may be open at once; promote needs 20 (see ulimit -n)"
		unchanged
	done
	run --separate-stderr prlimit --nofile=20 "$PROMOTE" -q mgmt app patch-001 3>&- 4>&- 5>&-
	[ "$status" -eq 0 ] || fail "$stderr"
	copies integration
}
