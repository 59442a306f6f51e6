# SPDX-License-Identifier: Apache-2.0
# Who may use the files that a step writes: modes, groups, owners and access lists.

load common

# needs PROGRAM...: skips a test if the system has none of that name, or the disk no access lists
needs() {
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "needs $program"
	done
	if [[ " $* " == *" setfacl "* ]]; then
		setfacl -m u:1:r "$APP/integration/s1/patch-001.yaml" 2>/dev/null || skip "the disk has no access lists"
		setfacl -b "$APP/integration/s1/patch-001.yaml"
	fi
}

as_root() {
	[ "$(id -u)" -eq 0 ] || skip "only root can set owners"
}

# list FILE...: modes and access lists, numeric
list() {
	stat -c '%a' "$@"
	getfacl -nc "$@"
}

# like_made MODE FILE: FILE has what a file gets that is made beside it with this mode
like_made() {
	local other
	other=$(dirname "$2")/like-made
	"$PYTHON" -c 'import os, sys
os.umask(0)
os.close(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY | os.O_EXCL, int(sys.argv[2], 8)))' "$other" "$1"
	diff <(list "$other") <(list "$2")
	[ "$(stat -c %g "$other")" = "$(stat -c %g "$2")" ] || fail "group $(stat -c %g "$2")"
	rm "$other"
}

# integrated: a fleet whose next step rewrites values.yaml
integrated() {
	put $APP/values.yaml "value: old"
	rm -rf $APP/integration
	put $APP/integration/patch-001.yaml "value: new"
	put $APP/stage/patch-001.yaml "value: new"
}

@test "a file that is rewritten keeps its access list" {
	needs setfacl
	integrated
	chmod 640 $APP/values.yaml
	setfacl -m u:1:rw,u:2:-,g:3:r,g::- $APP/values.yaml
	list $APP/values.yaml >../list
	gives 0 -q mgmt app patch-001
	[ "$(<$APP/values.yaml)" = "value: new" ]
	list $APP/values.yaml | diff ../list -
}

@test "so does an override that is pruned" {
	needs setfacl
	integrated
	put $APP/stage/override.yaml "value: old"
	printf 'other: 1\n' >>$APP/stage/override.yaml
	setfacl -m u:1:rw,g::- $APP/stage/override.yaml
	list $APP/stage/override.yaml >../list
	gives 0 -q --prune-overrides mgmt app patch-001
	[ "$(<$APP/stage/override.yaml)" = "other: 1" ]
	list $APP/stage/override.yaml | diff ../list -
}

@test "and gets none from the root" {
	needs setfacl
	integrated
	chmod 640 $APP/values.yaml
	setfacl -m d:u:1:rw,d:g::rw .
	list $APP/values.yaml >../list
	gives 0 -q mgmt app patch-001
	list $APP/values.yaml | diff ../list -
}

@test "it is not opened to a group of which the user is no member" {
	as_root
	integrated
	give_to_user
	chmod 2775 "$ROOT"
	for modes in 640:600 664:644 606:600 660:600 644:644; do
		chown 65534:1 $APP/values.yaml
		chmod "${modes%:*}" $APP/values.yaml
		as_user "$PROMOTE" -q mgmt app patch-001
		[ "$(stat -c '%a %u %g' $APP/values.yaml)" = "${modes#*:} 65534 65534" ] ||
			fail "$modes: $(stat -c '%a %u %g' $APP/values.yaml)"
		integrated
		chown -R 65534:65534 $APP
	done
}

@test "nor by its access list" {
	as_root
	needs setfacl
	integrated
	give_to_user
	chown 65534:1 $APP/values.yaml
	chmod 640 $APP/values.yaml
	setfacl -m u:2:rw $APP/values.yaml
	as_user "$PROMOTE" -q mgmt app patch-001
	[ "$(getfacl -nc $APP/values.yaml)" = "user::rw-
user:2:rw-
group::---
mask::rw-
other::---" ] || fail "$(getfacl -n $APP/values.yaml)"
}

@test "a copy is not open to more people than its source" {
	needs setfacl
	chmod 660 $APP/integration/s1/patch-001.yaml
	setfacl -m u:1:rw,g::- $APP/integration/s1/patch-001.yaml
	gives 0 -q mgmt app patch-001
	like_made 600 $APP/integration/patch-001.yaml
}

@test "nor to a user whom the list of its source locks out" {
	needs setfacl
	chmod 644 $APP/integration/s1/patch-001.yaml
	setfacl -m u:1:- $APP/integration/s1/patch-001.yaml
	gives 0 -q mgmt app patch-001
	like_made 600 $APP/integration/patch-001.yaml
}

@test "a copy gets the default access list of its directory, limited by the mode of its source" {
	needs setfacl
	setfacl -m d:u:1:rwx,d:g:2:rw,d:g::r,d:o:r $APP/integration
	for mode in 666 640 600 644; do
		chmod $mode $APP/integration/s1/patch-001.yaml
		gives 0 -q mgmt app patch-001
		like_made $mode $APP/integration/patch-001.yaml
		mkdir $APP/integration/s1
		mv $APP/integration/patch-001.yaml $APP/integration/s1
		setfacl -b $APP/integration/s1/patch-001.yaml
	done
	setfacl -k $APP/integration
	setfacl -m d:u::rw,d:g::-,d:o:- $APP/integration
	gives 0 -q mgmt app patch-001
	like_made 644 $APP/integration/patch-001.yaml
}

@test "also in directories that the step makes" {
	needs setfacl
	put $APP/integration/patch-001.yaml "value: new"
	rm -r $APP/integration/s1
	setfacl -m d:u:1:rwx,d:g::rx,d:o:- $APP
	gives 0 -q --approve=stage mgmt app patch-001
	like_made 644 $APP/stage/patch-001.yaml
	[ "$(getfacl -ncd $APP/stage)" = "$(getfacl -ncd $APP)" ]
}

@test "a copy gets the group of a directory with the set-group bit" {
	as_root
	needs getfacl
	chgrp -R 1 $APP
	find $APP -type d -exec chmod 2775 {} +
	gives 0 -q mgmt app patch-001
	like_made 644 $APP/integration/patch-001.yaml
	gives 0 -q --approve=stage mgmt app patch-001
	[ "$(find $APP -name '*.yaml' -printf '%g %m\n' | sort -u)" = "daemon 644" ]
	[ "$(find $APP/stage -type d -printf '%g %m\n' | sort -u)" = "daemon 2755" ]
}

@test "and not that of the root" {
	as_root
	needs getfacl
	chgrp 1 .
	chmod 2755 .
	gives 0 -q mgmt app patch-001
	like_made 644 $APP/integration/patch-001.yaml
}

@test "root leaves nothing that the fleet's user cannot change" {
	as_root
	chown -R 65534:1 .
	SUDO_UID=65534 gives 0 -q mgmt app patch-001
	SUDO_UID=65534 gives 0 -q --approve=stage mgmt app patch-001
	[ -z "$(find . ! -user 65534)" ] || fail "$(find . ! -user 65534 -ls)"
	[ -z "$(find . ! -group 1)" ] || fail "$(find . ! -group 1 -ls)"
}

@test "an undone step: access lists are as before, also if the generator removes .promote" {
	needs setfacl
	integrated
	chmod 660 $APP/values.yaml $APP/stage/patch-001.yaml
	setfacl -m u:1:rw,g::- $APP/values.yaml $APP/stage/patch-001.yaml
	list $APP/values.yaml $APP/stage/patch-001.yaml >../list
	for command in false "rm -r .promote; false"; do
		gives 1 -q --generate-command="$command" mgmt app patch-001
		[ "$(<$APP/values.yaml)" = "value: old" ]
		list $APP/values.yaml $APP/stage/patch-001.yaml | diff ../list -
	done
}

@test "a generator that opens what the step has taken from its place: undone" {
	local copy=$APP/integration/s1/patch-001.yaml
	needs setfacl
	chmod 640 "$copy"
	setfacl -m u:1:r "$copy"
	list "$copy" >../list
	remember
	gives 1 --generate-command="setfacl -m u:2:rw,m::r .promote/1; false" mgmt app patch-001
	list "$copy" | diff ../list -
	gives 1 --generate-command="setfacl -b .promote/1; chmod 640 .promote/1; false" mgmt app patch-001
	list "$copy" | diff ../list -
	unchanged
}

@test "a generator that gives away what the step has taken from its place: undone" {
	local to
	as_root
	for to in 65534:65534 0:65534; do
		gives 1 --generate-command="chown $to .promote/1; false" mgmt app patch-001
		unchanged
		[ "$(stat -c %u:%g $APP/integration/s1/patch-001.yaml)" = 0:0 ]
	done
}
