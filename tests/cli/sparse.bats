# SPDX-License-Identifier: Apache-2.0
# Files of config/ that a sparse checkout of git has left out.

load common

# checkout PATTERN...: a clone in ../sparse that has only these
checkout() {
	command -v git >/dev/null || skip "needs git"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	put $APP/stage/override.yaml "value: 6"
	git init -q
	git add -A
	git -c user.name=t -c user.email=t@example.com commit -qm fleet
	git clone -q . ../sparse
	cd ../sparse
	git sparse-checkout set "$@"
}

left_out() {
	for words in "mgmt app patch-001" "-n mgmt app patch-001" "values mgmt stage/s1/us" "explain mgmt app stage/s1/us"; do
		# shellcheck disable=SC2086 # words
		gives 3 $words
		one_error "$1: a sparse checkout has left it out, and values cannot be computed without it. To have it: git sparse-checkout add config"
	done
}

@test "a file is left out: named, with every version of the index" {
	checkout --cone config/mgmt/app/integration
	for version in 2 3 4; do
		git update-index --index-version $version
		left_out $APP/stage/override.yaml
	done
	gives 3 -o json mgmt app patch-001
	has "$output" '"code": "sparse-checkout"'
	gives 0 recover
	git sparse-checkout add config
	gives 0 values mgmt stage/s1/us
}

@test "a sparse index" {
	checkout --cone --sparse-index config/mgmt/app/integration
	left_out $APP/stage/
}

@test "in a worktree, and with a root below the top" {
	cd ..
	mkdir top
	cp -r fleet top
	cd top
	put fleet/$APP/stage/override.yaml "value: 6"
	git init -q
	git add -A
	git -c user.name=t -c user.email=t@example.com commit -qm fleet
	git worktree add -q ../tree
	cd ../tree
	git sparse-checkout set --cone fleet/config/mgmt/app/integration
	cd fleet
	left_out $APP/stage/override.yaml
}

@test "a file that is marked by hand" {
	checkout --cone config
	git sparse-checkout disable
	rm .git/info/sparse-checkout
	git update-index --skip-worktree $APP/stage/override.yaml
	gives 0 values mgmt stage/s1/us
	rm $APP/stage/override.yaml
	for step in --no-split-index --split-index; do
		git update-index $step
		gives 3 values mgmt stage/s1/us
		one_error "$APP/stage/override.yaml: it is missing, and marked skip-worktree in git's index; values cannot be computed without it. To have it: git update-index --no-skip-worktree FILE, and git restore FILE"
	done
	git update-index --no-split-index --no-skip-worktree $APP/stage/override.yaml
	git restore $APP/stage/override.yaml
	gives 0 values mgmt stage/s1/us
}

@test "a split index" {
	checkout --cone config
	for version in 2 4; do
		git sparse-checkout add config
		git update-index --no-split-index --index-version $version
		git update-index --split-index
		gives 0 values mgmt stage/s1/us
		# entries without a path, which replace some of the shared index, have the marks
		git sparse-checkout set --cone config/mgmt/app/integration
		[ -n "$(compgen -G '.git/sharedindex.*')" ]
		gives 3 values mgmt stage/s1/us
		one_error "$APP/stage/override.yaml: it is missing; whether a sparse checkout has left it out is not known, since git's index is split. Join it first: git update-index --no-split-index"
		git update-index --no-split-index
		left_out $APP/stage/override.yaml
	done
}

@test "files left out elsewhere, and an index that is no such thing" {
	put other/file "x"
	checkout --cone config
	gives 0 values mgmt stage/s1/us
	git sparse-checkout set --cone config/mgmt/app/integration
	for bytes in 0 11 12 40 100 200; do
		cp .git/index ../index
		truncate -s $bytes .git/index
		gives 0 values mgmt integration/s1/us
		mv ../index .git/index
	done
}
