# SPDX-License-Identifier: Apache-2.0
# Whole rollouts in a copy of a real fleet, if there is one beside the checkout. git checks that
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

# changed LINE...: git says that this has changed since the last commit; it is then committed
changed() {
	local expected got
	expected=$(printf '%s\n' "$@")
	got=$(git status --porcelain --no-renames --untracked-files=all)
	[ "$got" = "$expected" ] || fail "changed:" "$got"
	commit
	# git keeps no empty directories: there must be none
	[ -z "$(find config -type d -empty)" ]
}

# says TEXT: this is the whole standard output; standard error has only warnings of what is stale
# without a generator, and of the metadata of removed copies
says() {
	[ "$output" = "$1" ] || fail "$output"
	local line
	for line in "${stderr_lines[@]}"; do
		case $line in
		"WARNING: No generator ran; these rendered files are stale now: rendered/management-cluster/"*) ;;
		"WARNING: "*": metadata."*" is removed with the copy there; "*) ;;
		*) fail "$stderr" ;;
		esac
	done
}

cert() {
	gives "$1" "${@:2}" management-cluster cert-manager patch-001
}

shift_on() {
	gives "$1" "${@:2}" management-cluster hypershift patch-001
}

# keep: what every target gets now, as the judge computes it
keep() {
	"$PYTHON" "$here/values.py" values management-cluster >"$BATS_TEST_TMPDIR/values.json"
}

# now LINE...: how that has changed since, by target and path
now() {
	local expected got
	[ $# -eq 0 ] || expected=$(printf '%s\n' "$@")
	cp "$BATS_TEST_TMPDIR/values.json" "$BATS_TEST_TMPDIR/old.json"
	keep
	got=$("$PYTHON" "$here/values.py" changes "$BATS_TEST_TMPDIR/old.json" "$BATS_TEST_TMPDIR/values.json")
	[ "$got" = "${expected-}" ] || fail "values changed:" "$got"
}

# diff_is FILE LINE...: the lines that git sees removed and added in the file
diff_is() {
	local expected got
	expected=$(printf '%s\n' "${@:2}")
	got=$(git diff -U0 --no-color "$1" | sed '1,4d; /^@@/d')
	[ "$got" = "$expected" ] || fail "the difference in $1:" "$got"
}

nothing_changed() {
	[ -z "$(git status --porcelain --untracked-files=all)" ] || fail "$(git status --porcelain)"
}

@test "cert-manager: from its present position to complete" {
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

Effect: 1 of 9 targets changes
  stage/stage-sector-2/ap-east1
    applications.cert-manager.source.targetRevision: v1.16.0 → v1.18.2

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

Effect: 1 of 9 targets changes
  production/prod-canary/us-east1
    applications.cert-manager.source.targetRevision: v1.16.0 → v1.18.2

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

Effect: 2 of 9 targets change
  production/prod-sector-1/us-east1
  production/prod-sector-1/europe-east1
    applications.cert-manager.source.targetRevision: v1.16.0 → v1.18.2

patch-001 covers every target. Next step: integration into $CERT/values.yaml"
	[ "$(git hash-object $CERT/production/patch-001.yaml)" = "$first" ]
	changed " D $CERT/production/prod-canary/patch-001.yaml" "?? $CERT/production/patch-001.yaml"

	keep
	cert 0
	says "Found patch: $CERT/production/patch-001.yaml
patch-001 covers all 9 targets

✓ Integrated into $CERT/values.yaml
✓ Removed patches: integration, stage, production

Effect: 0 of 9 targets change

patch-001 is complete"
	now
	diff_is $CERT/values.yaml '-      targetRevision: "v1.16.0"' '+      targetRevision: "v1.18.2"'
	changed " D $CERT/integration/patch-001.yaml" " D $CERT/production/patch-001.yaml" \
		" D $CERT/stage/patch-001.yaml" " M $CERT/values.yaml"

	cert 0
	has "$output" "management-cluster/cert-manager/patch-001 was integrated on "
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

Effect: 1 of 9 targets changes
  integration/int-sector-1/europe-west1
    applications.hypershift.source.targetRevision: {{ .Values.cluster.targetRevision | default \"main\" }} → v1.2

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

Effect: 1 of 9 targets changes
  integration/int-sector-2/us-central1
    applications.hypershift.source.targetRevision: {{ .Values.cluster.targetRevision | default \"main\" }} → v1.2

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

	keep
	shift_on 0
	has "$output" "✓ Integrated into $SHIFT/values.yaml"
	now
	diff_is $SHIFT/values.yaml \
		'-      targetRevision: "{{ .Values.cluster.targetRevision | default \"main\" }}"' \
		'+      targetRevision: v1.2'
	changed " D $SHIFT/integration/patch-001.yaml" " D $SHIFT/production/patch-001.yaml" \
		" D $SHIFT/stage/patch-001.yaml" " M $SHIFT/values.yaml"
}

PROM=config/management-cluster/prometheus

prom() {
	gives "$1" -q "${@:2}" management-cluster prometheus patch-001
}

# entered OLD TARGET...: these targets changed from OLD to 78.0.0, and nothing else has changed
entered() {
	local lines=() target
	for target in "${@:2}"; do
		lines+=("$target applications.prometheus.source.targetRevision: \"$1\" -> \"78.0.0\"")
	done
	now "${lines[@]}"
}

# Another program of this kind merged the finished patch into values.yaml and removed it. From then
# on production/override.yaml, which sets 77.8.0, won again: three clusters were downgraded
# without a message.
@test "prometheus: the silent downgrade of production, step by step" {
	local first=integration/int-sector-1/us-central1 values
	put $PROM/$first/patch-001.yaml 'metadata:
  description: "a new chart"
applications:
  prometheus:
    source:
      targetRevision: "78.0.0"'
	commit
	keep

	prom 0
	entered 77.9.1 integration/int-sector-1/europe-west1
	changed " D $PROM/$first/patch-001.yaml" "?? $PROM/integration/int-sector-1/patch-001.yaml"
	prom 0
	entered 77.9.1 integration/int-sector-2/us-central1
	changed " D $PROM/integration/int-sector-1/patch-001.yaml" "?? $PROM/integration/patch-001.yaml"
	prom 0 --approve=stage
	entered 77.9.1 stage/stage-sector-1/us-east1 stage/stage-sector-1/europe-west1
	changed "?? $PROM/stage/stage-sector-1/patch-001.yaml"
	prom 0
	entered 77.9.1 stage/stage-sector-2/ap-east1
	changed " D $PROM/stage/stage-sector-1/patch-001.yaml" "?? $PROM/stage/patch-001.yaml"
	prom 0 --approve=production
	entered 77.8.0 production/prod-canary/us-east1
	changed "?? $PROM/production/prod-canary/patch-001.yaml"
	# the last one, and consolidated: a patch of production wins over the override of production
	prom 0 --approve=production/prod-sector-1
	entered 77.8.0 production/prod-sector-1/us-east1 production/prod-sector-1/europe-east1
	changed " D $PROM/production/prod-canary/patch-001.yaml" "?? $PROM/production/patch-001.yaml"

	prom 4
	[ "$stderr" = "ERROR: Integration into $PROM/values.yaml would change 3 of 9 targets; nothing is written
  $PROM/production/override.yaml:5 sets applications.prometheus.source.targetRevision to 77.8.0
--prune-overrides takes these keys out of the overrides, so that the patch's values become the permanent ones" ] ||
		fail "$stderr"
	nothing_changed
	gives 4 --dry-run management-cluster prometheus patch-001
	nothing_changed

	gives 0 --dry-run --prune-overrides management-cluster prometheus patch-001
	hide_digest
	says "Found patch: $PROM/production/patch-001.yaml
patch-001 covers all 9 targets

• Would integrate into $PROM/values.yaml
• Would remove from $PROM/production/override.yaml: applications.prometheus.source.targetRevision
• Would remove patches: integration, stage, production

Effect: 0 of 9 targets change

patch-001 would be complete

(dry run) Nothing was written
To do exactly this, or nothing:
--expect=DIGEST"
	nothing_changed

	values=$(tr -cd '#' <$PROM/values.yaml)
	gives 0 --prune-overrides management-cluster prometheus patch-001
	says "Found patch: $PROM/production/patch-001.yaml
patch-001 covers all 9 targets

✓ Integrated into $PROM/values.yaml
✓ Removed from $PROM/production/override.yaml: applications.prometheus.source.targetRevision
✓ Removed patches: integration, stage, production

Effect: 0 of 9 targets change

patch-001 is complete"
	now
	diff_is $PROM/values.yaml '-      targetRevision: "77.9.1"' '+      targetRevision: "78.0.0"'
	diff_is $PROM/production/override.yaml '-      targetRevision: "77.8.0"  # Stable version'
	[ "$(tr -cd '#' <$PROM/values.yaml)" = "$values" ]
	changed " D $PROM/integration/patch-001.yaml" " M $PROM/production/override.yaml" \
		" D $PROM/production/patch-001.yaml" " D $PROM/stage/patch-001.yaml" " M $PROM/values.yaml"
}

# differences TYPE: of each target's rendered file from `promote values`
differences() {
	local file target
	while read -r file; do
		target=${file#rendered/"$1"/}
		promote values "$1" "${target%/values.yaml}" >"$BATS_TEST_TMPDIR/values.yaml"
		"$PYTHON" "$here/values.py" compare "$file" "$BATS_TEST_TMPDIR/values.yaml"
	done < <(find "rendered/$1" -name values.yaml | sort)
}

@test "the rendered files of the management clusters equal what promote computes" {
	[ "$(find rendered/management-cluster -name values.yaml | wc -l)" -eq 9 ]
	[ -z "$(differences management-cluster)" ]
}

@test "the rendered files of the infra clusters are stale in one path, at every target" {
	local path=applicationsets.infra-cluster-root.template.spec.source.helm.valuesObject.cluster.vpcId
	[ "$(differences infra-cluster)" = "$(printf "$path\n%.0s" {1..9})" ] || fail "$(differences infra-cluster)"
}

@test "promote values of all targets equals what another program computes, as YAML and as JSON" {
	local kind
	for kind in management-cluster infra-cluster; do
		"$PYTHON" "$here/values.py" values "$kind" >"$BATS_TEST_TMPDIR/$kind.json"
		"$PYTHON" -c 'import json, subprocess, sys, yaml
promote, kind, file = sys.argv[1:]
values = json.load(open(file))
assert len(values) == 9
for target, expected in values.items():
    ask = [promote, "values", kind, target]
    assert yaml.safe_load(subprocess.check_output(ask)) == expected, target
    assert json.loads(subprocess.check_output(ask + ["-o", "json"])) == expected, target' \
			"$PROMOTE" "$kind" "$BATS_TEST_TMPDIR/$kind.json"
	done
	nothing_changed
}

@test "a generator with the fleet's rules passes, and a stale one fails" {
	put $SHIFT/integration/int-sector-1/patch-001.yaml 'applications: {hypershift: {source: {targetRevision: v1.2}}}'
	commit
	# the judge renders what is in the tree; JSON is YAML, too
	makefile 'generate:' "	@$PYTHON $here/values.py values management-cluster >all.json" \
		"	@$PYTHON -c 'import json; [json.dump(v, open(f\"rendered/management-cluster/{t}/values.yaml\", \"w\")) for t, v in json.load(open(\"all.json\")).items()]'" \
		"	@rm all.json"
	commit
	shift_on 0 -q
	[[ $stderr == "WARNING: Generated files changed for targets outside this step; they were stale before: "* ]]
	commit
	makefile 'generate:' '	true'
	commit
	shift_on 1 --approve=stage
	[ "$stderr" = "ERROR: The step was undone: What was rendered is not what the files say
  rendered/management-cluster/stage/stage-sector-1/us-east1/values.yaml: applications.hypershift.source.targetRevision is {{ .Values.cluster.targetRevision | default \"main\" }} and should be v1.2
  rendered/management-cluster/stage/stage-sector-1/europe-west1/values.yaml: applications.hypershift.source.targetRevision is {{ .Values.cluster.targetRevision | default \"main\" }} and should be v1.2
--no-check-rendered leaves this comparison out" ] || fail "$stderr"
	nothing_changed
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
