# SPDX-License-Identifier: Apache-2.0
# The life of patches, from the first try to values.yaml, on the example fleet and on a real one if there is one beside
# the checkout. After each command the judge computes what every target gets, without promote.

load common

setup() {
	unset NO_COLOR CLICOLOR_FORCE MAKEFLAGS GIT_DIR GIT_WORK_TREE
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export LC_ALL=C.UTF-8 TERM=dumb TMPDIR=$BATS_TEST_TMPDIR/tmp
	command -v git >/dev/null || skip "needs git"
	umask 022
	ROOT=$BATS_TEST_TMPDIR/fleet
	mkdir "$TMPDIR"
}

# in_fleet DIRECTORY CLUSTER_TYPE APPLICATION: a copy of it, as a commit
in_fleet() {
	KIND=$2 NAME=$3 HOME_OF=config/$2/$3
	REVISION=applications.$NAME.source.targetRevision
	cp -R "$1" "$ROOT"
	chmod -R u+w "$ROOT"
	cd "$ROOT"
	rm -rf rendered
	git init -q .
	commit
	"$PYTHON" "$here/values.py" values "$KIND" >"$BATS_TEST_TMPDIR/before.json"
}

commit() {
	git add -A
	git -c user.name=test -c user.email=test@example.com commit -q --allow-empty -m step
}

# now TARGETS VALUE...: what is other than at first: the targets whose path begins so have this revision
now() {
	local old target i expected=
	"$PYTHON" "$here/values.py" values "$KIND" >"$BATS_TEST_TMPDIR/now.json"
	while IFS=$'\t' read -r target old; do
		for ((i = 1; i < $#; i += 2)); do
			[[ $target/ == "${!i}"/* ]] || continue
			local next=$((i + 1))
			expected+="$target $REVISION: $old -> \"${!next}\""$'\n'
			break
		done
	done < <(jq -r --arg a "$NAME" 'to_entries[] | [.key, (.value.applications[$a].source.targetRevision | tojson)] | join("\t")' "$BATS_TEST_TMPDIR/before.json")
	local got
	got=$("$PYTHON" "$here/values.py" changes "$BATS_TEST_TMPDIR/before.json" "$BATS_TEST_TMPDIR/now.json")
	[ "$got" = "${expected%$'\n'}" ] || fail "expected:" "$expected" "got:" "$got"
}

# files PATH...: these are the patches and holds of the application
files() {
	local got
	got=$(cd "$HOME_OF" && find . \( -name 'patch-*' -o -name hold.yaml \) -printf '%P\n' | sort | tr '\n' ' ')
	[ "${got% }" = "$*" ] || fail "files: $got"
}

# refused STATUS CODE ARGUMENT...: an Error, and nothing has changed
refused() {
	remember
	gives "$1" -o json "${@:3}"
	[ "$(jq -r .code <<<"$output")" = "$2" ] || fail "$output"
	unchanged
}

# story FIRST_TARGET SECTOR SECTOR ENVIRONMENT ENVIRONMENT ENVIRONMENT, with $GATE and $GATES of the last two environments
story() {
	local first=$1 one=$2 two=$3 early=$4 middle=$5 late=$6 patch="$KIND $NAME" digest
	local current
	current=$(jq -r --arg t "$first" --arg a "$NAME" '.[$t].applications[$a].source.targetRevision' "$BATS_TEST_TMPDIR/before.json")

	# patches that somebody will regret
	refused 4 loses-mapping start $patch --set "applications.$NAME.source=v2"
	refused 2 usage start $patch --set "$REVISION=yes"
	refused 4 no-effect start $patch --set-string "$REVISION=$current"
	refused 4 gap start $patch --set "$REVISION=v2.0.0" --at="$late"
	refused 3 not-found $patch patch-001
	files
	now

	# a good one, and two steps
	gives 0 start $patch --set "$REVISION=v2.0.0" --description="the second version"
	files "$first/patch-001.yaml"
	now "$first" v2.0.0
	refused 4 target-exists start $patch patch-001 --set "$REVISION=v2.0.1"
	gives 0 $patch patch-001
	files "$one/patch-001.yaml"
	now "$one" v2.0.0
	gives 0 -n -o json $patch patch-001
	digest=$(jq -r .digest <<<"$output")
	gives 0 $patch patch-001 --to="$two" --expect="$digest"
	files "$early/patch-001.yaml"
	now "$early" v2.0.0
	refused 4 unexpected $patch patch-001 --expect="$digest"
	gives 0 $patch patch-001 --to="$two" --expect="$digest"
	files "$early/patch-001.yaml"
	commit

	# the last step is taken back, and nothing goes there until it is released
	gives 0 rollback $patch patch-001 --hold="it leaks"
	files hold.yaml "$one/patch-001.yaml"
	now "$one" v2.0.0
	refused 7 hold $patch patch-001
	has "$stderr" "it leaks"
	gives 7 plan $patch patch-001
	gives 0 -n $patch patch-001
	now "$one" v2.0.0
	gives 0 release $patch --patch=patch-001
	files "$one/patch-001.yaml"
	gives 0 $patch patch-001 --to="$two"
	files "$early/patch-001.yaml"
	now "$early" v2.0.0
	commit

	# a hotfix, where it is needed first
	refused 5 gate start $patch --set "$REVISION=v2.0.1" --at="$late" --hotfix
	gives 0 start $patch --set "$REVISION=v2.0.1" --at="$late" --hotfix "${GATES[@]}"
	files "$early/patch-001.yaml" "$late/patch-002.yaml"
	now "$early" v2.0.0 "$late" v2.0.1
	refused 4 gap $patch patch-002
	has "$stderr" "fill"

	# it overtakes the other one on its way
	refused 4 conflict fill --all $patch patch-002
	refused 5 gate fill --all $patch patch-002 --accept-conflict
	gives 0 fill --all $patch patch-002 --accept-conflict "$GATE"
	files "$early/patch-001.yaml" "$early/patch-002.yaml" "$late/patch-002.yaml" "$middle/patch-002.yaml"
	now "$early" v2.0.1 "$middle" v2.0.1 "$late" v2.0.1
	refused 4 values-would-change $patch patch-002
	has "$stderr" "retire"
	gives 0 status $patch patch-001
	has "$output" "superseded"

	# what has been overtaken is retired; until there is a commit of it that would be a loss
	git rm -q --cached "$HOME_OF/$early/patch-001.yaml"
	commit_of_index
	refused 4 not-committed retire $patch patch-001
	commit
	gives 0 retire $patch patch-001
	files "$early/patch-002.yaml" "$late/patch-002.yaml" "$middle/patch-002.yaml"
	now "$early" v2.0.1 "$middle" v2.0.1 "$late" v2.0.1
	refused 4 values-would-change retire $patch patch-002

	# the end
	gives 0 $patch patch-002
	files
	now "$early" v2.0.1 "$middle" v2.0.1 "$late" v2.0.1
	refused 3 not-found $patch patch-002
	gives 0 status $patch
	[ "$(git status --porcelain --untracked-files=all | grep -v '^ D ')" = " M $HOME_OF/values.yaml" ] ||
		fail "$(git status --porcelain --untracked-files=all)"
}

commit_of_index() {
	git -c user.name=test -c user.email=test@example.com commit -q --allow-empty -m step
}

@test "on the example fleet" {
	GATE=--approve=trial GATES=(--approve=live --approve=live/live-rest)
	in_fleet "$here/../../examples/fleet" edge telemetry
	story lab/lab-a/amsterdam lab/lab-a lab/lab-b lab trial live
}

@test "on a real fleet" {
	local fleet=${PROMOTE_SHARED:-$here/../../../shared}/fleets/gcp-hcp-apps
	[ -d "$fleet" ] || skip "no real fleet at PROMOTE_SHARED"
	GATE=--approve=stage GATES=(--approve=production --approve=production/prod-sector-1)
	in_fleet "$fleet" management-cluster hypershift
	story integration/int-sector-1/us-central1 integration/int-sector-1 integration/int-sector-2 integration stage production
}
