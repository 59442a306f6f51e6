# SPDX-License-Identifier: Apache-2.0
# The path of a copy in the place of CLUSTER_TYPE APPLICATION PATCH.

load common.bash

COPY=config/mgmt/app/integration/s1/patch-001.yaml
NOT="; a copy is config/CLUSTER_TYPE/APPLICATION/POSITION/PATCH.yaml"

# same WORD...: a dry run with these words does what one with the three does
same() {
	gives 0 --dry-run -o json -C "$ROOT" mgmt app patch-001
	local wanted=$output
	gives 0 --dry-run -o json "$@"
	[ "$output" = "$wanted" ] || fail "promote $*: $output"
	(cd "$ROOT" && unchanged)
}

@test "from the root, from below it, from elsewhere, and as an absolute path" {
	same $COPY
	same ./config//mgmt/../mgmt/app/integration/s1/patch-001.yaml
	same "$PWD/$COPY"
	cd $APP/integration
	same s1/patch-001.yaml
	same ./s1/patch-001.yaml
	same ../integration/s1/patch-001.yaml
	same $COPY
	same "$ROOT/$COPY"
	cd "$BATS_TEST_TMPDIR"
	same -C fleet fleet/$COPY
	same -C fleet $COPY
	same -C fleet -- $COPY
	ln -s fleet link
	same -C link link/$COPY
	same -C fleet "$PWD/link/$COPY"
}

@test "the step is done" {
	gives 0 $COPY
	[ "$output" = "$STEP_DONE" ]
	copies integration
}

@test "any copy of the patch will do" {
	put $APP/integration/s2/us/patch-001.yaml "value: new"
	remember
	gives 0 --dry-run mgmt app patch-001
	local wanted=$output
	gives 0 --dry-run $APP/integration/s2/us/patch-001.yaml
	[ "$output" = "$wanted" ]
}

@test "other commands that take the three" {
	gives 0 status mgmt app patch-001
	local wanted=$output
	gives 0 status $COPY
	[ "$output" = "$wanted" ]
	gives 0 -o json status $COPY
	has "$output" '"patch": "patch-001"'
}

@test "a copy that the step of a killed run has moved away" {
	local words
	for words in "$COPY" "$ROOT/$COPY" "-C $ROOT $COPY"; do
		[[ $words != -C* ]] || cd $APP
		status=0
		"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
		[ "$status" -eq 137 ]
		[ ! -e "$ROOT/$APP/integration/s1" ]
		gives 0 $words --no-generate
		[ "$output" = "$STEP_DONE" ] || fail "$output"
		has "$stderr" "WARNING: A run was killed in the middle of a step, which is undone now: mgmt app: patch-001"
		cd "$ROOT"
		rm -r $APP/integration
		put $COPY "value: new"
	done
	mkdir .promote
	remember
	refuses 3 "$APP/integration/s9/patch-001.yaml does not exist$NOT" $APP/integration/s9/patch-001.yaml
	refuses 3 "gone/$COPY does not exist$NOT" gone/$COPY
	refuses 3 "$APP/gone/../$COPY does not exist$NOT" $APP/gone/../$COPY
	rmdir .promote
}

@test "what is not a copy" {
	put $APP/integration/s9/patch-001.yaml "value: new"
	put $APP/integration/s1/notes.yaml "a: 1"
	put $APP/patch-001.yaml "value: new"
	put "$BATS_TEST_TMPDIR/other/$COPY" "value: new"
	ln -s "$BATS_TEST_TMPDIR/other/config/mgmt" config/away
	remember
	refuses 3 "$APP/integration/s2/patch-001.yaml does not exist$NOT" $APP/integration/s2/patch-001.yaml
	refuses 3 "$APP/integration/s9/patch-001.yaml is not a copy of a patch$NOT" $APP/integration/s9/patch-001.yaml
	refuses 3 "$APP/integration/s1/notes.yaml is not a copy of a patch$NOT" $APP/integration/s1/notes.yaml
	refuses 3 "$APP/patch-001.yaml is not a copy of a patch$NOT" $APP/patch-001.yaml
	refuses 3 "$APP/integration/s1 is not a copy of a patch$NOT" $APP/integration/s1
	refuses 3 "config/ is not a copy of a patch$NOT" config/
	refuses 3 "$COPY/ does not exist$NOT" $COPY/
	refuses 3 "/ is not in this fleet$NOT" /
	refuses 3 "../other/$COPY is not in this fleet$NOT" "../other/$COPY"
	refuses 3 "config/away/app/integration/s1/patch-001.yaml is not in this fleet$NOT" config/away/app/integration/s1/patch-001.yaml
	refuses 3 'esc\x1b[31m/x does not exist'"$NOT" $'esc\e[31m/x'
	refuses 3 "config/config.yaml is not a copy of a patch$NOT" status config/config.yaml
	gives 3 -o json nothing/here
	has "$output" '"code": "not-found"'
}

@test "a path is none where a command takes none, or where there are more words" {
	refuses 3 "Cluster type '$COPY' not found. Available: mgmt" explain $COPY app integration/s1/us
	refuses 3 "Cluster type '$COPY' not found. Available: mgmt" $COPY app patch-001
	refuses 3 "Cluster type '$COPY' not found. Available: mgmt" status $COPY app
	refuses 2 "too many arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" $COPY app patch-001 more
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" patch-001.yaml
}

@test "no fleet, or a broken one" {
	cd "$BATS_TEST_TMPDIR"
	gives 3 "fleet/$COPY"
	one_error "no config/config.yaml in $PWD or above it; go into a fleet or name one with -C DIR"
	echo "dimensions: [" >fleet/config/config.yaml
	gives 3 -C fleet $COPY
	has "$stderr" "ERROR: config/config.yaml:"
}

@test "links on the path are followed, and the copy is the one that is meant" {
	ln -s integration $APP/first
	ln -s "$ROOT/$APP/integration" "$BATS_TEST_TMPDIR/here"
	remember
	same $APP/first/s1/patch-001.yaml
	same ../here/s1/patch-001.yaml
}

@test "it is completed as a file, and what follows is completed as behind the three" {
	offers() {
		gives 0 --complete -- "${@:2}"
		[ "$output$stderr" = "${1//|/$'\t'}" ] || fail "offered: $output$stderr"
	}
	gives 0 --complete -- config/m
	[ "${lines[-1]}" = $'\tfile\t' ]
	gives 0 --complete -- mg
	has_not "$output" $'\tfile'
	offers "mgmt|cluster type
|file|" -- config/m
	gives 0 --complete -- status con
	[ "${lines[-1]}" = $'\tfile\t' ]
	gives 0 --complete -- values con
	has_not "$output" $'\tfile'
	offers "--from=integration/s1|sector" $COPY --from=
	offers "" $COPY ""
	offers "" status $COPY ""
	offers "" config/nothing --from=
}
