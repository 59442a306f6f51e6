# Whole rollouts in a copy of a real fleet, where there is one beside the checkout. git judges that
# nothing else is touched.

load common

CERT=config/management-cluster/cert-manager
SHIFT=config/management-cluster/hypershift

setup() {
	local fleet=${PROMOTE_SHARED:-$here/../../../shared}/fleets/gcp-hcp-apps
	[ -d "$fleet" ] || skip "no real fleet at PROMOTE_SHARED"
	command -v git >/dev/null || skip "needs git"
	unset NO_COLOR CLICOLOR_FORCE MAKEFLAGS GIT_DIR GIT_WORK_TREE
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	export LC_ALL=C.UTF-8 TERM=dumb TMPDIR=$BATS_TEST_TMPDIR/tmp
	umask 022
	ROOT=$BATS_TEST_TMPDIR/fleet
	mkdir "$TMPDIR"
	cp -R "$fleet" "$ROOT"
	chmod -R u+w "$ROOT"
	cd "$ROOT"
	git init -q .
	commit
}

commit() {
	git add -A
	git -c user.name=test -c user.email=test@example.com commit -q -m step
}

# changed LINE...: what git says has changed since the last commit, which is then made
changed() {
	local expected got
	expected=$(printf '%s\n' "$@")
	got=$(git status --porcelain --no-renames --untracked-files=all)
	[ "$got" = "$expected" ] || fail "changed:" "$got"
	commit
	# git keeps no empty folders: there must be none
	[ -z "$(find config -type d -empty)" ]
}

# says TEXT: the whole of standard output, and nothing on standard error
says() {
	[ "$output" = "$1" ] || fail "$output"
	[ -z "$stderr" ] || fail "$stderr"
}

cert() {
	gives "$1" "${@:2}" management-cluster cert-manager patch-001
}

shift_on() {
	gives "$1" "${@:2}" management-cluster hypershift patch-001
}

nothing_changed() {
	[ -z "$(git status --porcelain --untracked-files=all)" ] || fail "$(git status --porcelain)"
}

@test "cert-manager: from where it lies to complete" {
	local first
	first=$(git hash-object $CERT/stage/stage-sector-1/patch-001.yaml)

	cert 0
	says "Found patch: $CERT/stage/stage-sector-1/patch-001.yaml
Target: $CERT/stage/stage-sector-2/patch-001.yaml
✓ Copied patch successfully

Checking consolidation opportunities...
✓ All sectors in 'stage' environment now have patch-001
✓ Consolidated to environment level: $CERT/stage/patch-001.yaml
✓ Removed sector-level patches: stage-sector-1, stage-sector-2

Effect: 1 of 9 targets gets the patch
  stage/stage-sector-2/ap-east1

Next promotion target: $CERT/production/prod-canary/patch-001.yaml (manual gate: production)"
	[ "$(git hash-object $CERT/stage/patch-001.yaml)" = "$first" ]
	changed " D $CERT/stage/stage-sector-1/patch-001.yaml" "?? $CERT/stage/patch-001.yaml"

	cert 5
	one_error "manual gate production: waits for approval. To go on: promote management-cluster cert-manager patch-001 --approve=production"
	nothing_changed

	cert 0 --approve=production
	says "Found patch: $CERT/stage/patch-001.yaml
Target: $CERT/production/prod-canary/patch-001.yaml
✓ Gate opened: production
✓ Copied patch successfully

Checking consolidation opportunities...
  Nothing to consolidate

Effect: 1 of 9 targets gets the patch
  production/prod-canary/us-east1

Next promotion target: $CERT/production/prod-sector-1/patch-001.yaml (manual gate: production/prod-sector-1)"
	changed "?? $CERT/production/prod-canary/patch-001.yaml"

	cert 5
	one_error "manual gate production/prod-sector-1: waits for approval. To go on: promote management-cluster cert-manager patch-001 --approve=production/prod-sector-1"
	nothing_changed

	cert 0 --approve=production/prod-sector-1
	says "Found patch: $CERT/production/prod-canary/patch-001.yaml
Target: $CERT/production/prod-sector-1/patch-001.yaml
✓ Gate opened: production/prod-sector-1
✓ Copied patch successfully

Checking consolidation opportunities...
✓ All sectors in 'production' environment now have patch-001
✓ Consolidated to environment level: $CERT/production/patch-001.yaml
✓ Removed sector-level patches: prod-canary, prod-sector-1

Effect: 2 of 9 targets get the patch
  production/prod-sector-1/us-east1
  production/prod-sector-1/europe-east1

patch-001 covers every target. Next step: integration into $CERT/values.yaml"
	[ "$(git hash-object $CERT/production/patch-001.yaml)" = "$first" ]
	changed " D $CERT/production/prod-canary/patch-001.yaml" "?? $CERT/production/patch-001.yaml"

	cert 0
	says "Found patch: $CERT/production/patch-001.yaml
patch-001 covers all 9 targets and is complete
Next step: integration into $CERT/values.yaml, which this version leaves to you"
	nothing_changed
}

@test "hypershift: a new patch from its first region to complete" {
	local first=integration/int-sector-1/us-central1
	put $SHIFT/$first/patch-001.yaml 'metadata:
  description: "a new version"
applications:
  hypershift:
    source:
      targetRevision: v1.2   # was main'
	commit

	shift_on 0
	says "Found patch: $SHIFT/$first/patch-001.yaml
Target: $SHIFT/integration/int-sector-1/europe-west1/patch-001.yaml
✓ Copied patch successfully

Checking consolidation opportunities...
✓ All regions in 'int-sector-1' sector now have patch-001
✓ Consolidated to sector level: $SHIFT/integration/int-sector-1/patch-001.yaml
✓ Removed region-level patches: us-central1, europe-west1

Effect: 1 of 9 targets gets the patch
  integration/int-sector-1/europe-west1

Next promotion target: $SHIFT/integration/int-sector-2/patch-001.yaml"
	changed " D $SHIFT/$first/patch-001.yaml" "?? $SHIFT/integration/int-sector-1/patch-001.yaml"

	shift_on 0
	says "Found patch: $SHIFT/integration/int-sector-1/patch-001.yaml
Target: $SHIFT/integration/int-sector-2/patch-001.yaml
✓ Copied patch successfully

Checking consolidation opportunities...
✓ All sectors in 'integration' environment now have patch-001
✓ Consolidated to environment level: $SHIFT/integration/patch-001.yaml
✓ Removed sector-level patches: int-sector-1, int-sector-2

Effect: 1 of 9 targets gets the patch
  integration/int-sector-2/us-central1

Next promotion target: $SHIFT/stage/stage-sector-1/patch-001.yaml (manual gate: stage)"
	changed " D $SHIFT/integration/int-sector-1/patch-001.yaml" "?? $SHIFT/integration/patch-001.yaml"

	shift_on 5
	nothing_changed
	shift_on 0 --approve=stage
	has "$output" "✓ Gate opened: stage"
	changed "?? $SHIFT/stage/stage-sector-1/patch-001.yaml"

	shift_on 0
	changed " D $SHIFT/stage/stage-sector-1/patch-001.yaml" "?? $SHIFT/stage/patch-001.yaml"

	shift_on 5 --approve=stage
	nothing_changed
	shift_on 0 --approve=production
	changed "?? $SHIFT/production/prod-canary/patch-001.yaml"

	shift_on 5 --approve=production
	nothing_changed
	shift_on 0 --approve=production/prod-sector-1
	changed " D $SHIFT/production/prod-canary/patch-001.yaml" "?? $SHIFT/production/patch-001.yaml"

	shift_on 0
	says "Found patch: $SHIFT/production/patch-001.yaml
patch-001 covers all 9 targets and is complete
Next step: integration into $SHIFT/values.yaml, which this version leaves to you"
	nothing_changed
}

@test "prometheus: an override of production stands in nobody's way on the way there" {
	local prom=config/management-cluster/prometheus
	put $prom/integration/patch-001.yaml 'applications: {prometheus: {source: {targetRevision: "78.0.0"}}}'
	commit
	gives 0 -q management-cluster prometheus patch-001 --level=environment --approve=stage
	changed "?? $prom/stage/patch-001.yaml"
	gives 0 -q management-cluster prometheus patch-001 --approve=production
	changed "?? $prom/production/prod-canary/patch-001.yaml"
	gives 0 -q management-cluster prometheus patch-001 --approve=production/prod-sector-1
	changed " D $prom/production/prod-canary/patch-001.yaml" "?? $prom/production/patch-001.yaml"
}

@test "the names of the real fleet are suggested" {
	gives 3 management-cluster hypershift-operator patch-001
	one_error "Application 'hypershift-operator' not found. Available: cert-manager, hypershift, prometheus"
	gives 3 mgmt hypershift patch-001
	one_error "Cluster type 'mgmt' not found. Available: management-cluster, infra-cluster"
	gives 3 management-cluster hypershift patch-001
	one_error "patch-001.yaml not found for hypershift in any dimension"
	nothing_changed
}
