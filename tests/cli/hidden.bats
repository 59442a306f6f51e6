# SPDX-License-Identifier: Apache-2.0
# No byte that a terminal could obey reaches it, from any name or value: control characters (C0, and C1 as
# single bytes, too), those that change the direction of writing, and what is no UTF-8.

load common

hostile=$'x\e[8m\x9b31m\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\x07y'
name=$'\xe2\x80\xaer\xe2\x81\xa7\xe2\x80\x8b' # as config.yaml may have it
odd=$'x\x9b31m\xe2\x80\xaey' # as the name of a file or directory

setup() {
	export LC_ALL=C.UTF-8 TERM=xterm TMPDIR=$BATS_TEST_TMPDIR
	umask 022
	app=config/t$odd/a$odd
	patch=patch-$odd
	mkdir -p "$BATS_TEST_TMPDIR/fleet"
	cd "$BATS_TEST_TMPDIR/fleet"
	put config/config.yaml "dimensions: [environments, sectors]
sequence: {environments: [{name: e$name, sectors: [one, $name]}, {name: live, promotion: manual}]}"
	put "$app/values.yaml" "\"k\\e[1m$name\": {a: \"\\e[2J\\x9b\"}"
	put "$app/e$name/one/$patch.yaml" "\"k\\e[1m$name\": {a: \"\\e[3J $name\"}"
	put "$app/nowhere$hostile/$patch.yaml" "x: 1"
}

teardown() {
	:
}

# safe STATUS [ARGUMENT...]: what the program writes has nothing of the kind
safe() {
	local status=0
	"$PROMOTE" "${@:2}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
	[ "$status" -eq "$1" ] || fail "exit status $status" "$(cat -v "$BATS_TEST_TMPDIR/err")"
	"$PYTHON" -c 'import sys, unicodedata
for path in sys.argv[1:]:
    text = open(path, "rb").read().decode()
    bad = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    assert not bad, (path, bad, text)' "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
}

@test "a step, dry and done, as text and as JSON, with everything shown" {
	for options in "-n" "-n -v" "-n -o json" "-v --no-generate" ; do
		# shellcheck disable=SC2086 # words
		safe 0 $options --color=never "t$odd" "a$odd" "$patch"
	done
	[ -s "$BATS_TEST_TMPDIR/out" ]
	safe 5 "t$odd" "a$odd" "$patch"
	safe 0 -v --approve=live "t$odd" "a$odd" "$patch"
	safe 0 -v "t$odd" "a$odd" "$patch"
}

@test "values and explanations; the YAML means the same" {
	safe 0 values "t$odd" "e$name/one" "a$odd"
	"$PYTHON" -c 'import sys, yaml
[[key, value]] = yaml.safe_load(open(sys.argv[1], encoding="utf-8")).items()
assert (key, value) == ("k\x1b[1m\u202er\u2067\u200b", {"a": "\x1b[3J \u202er\u2067\u200b"}), (key, value)' "$BATS_TEST_TMPDIR/out"
	safe 0 values -o json "t$odd" "e$name/one" "a$odd"
	"$PYTHON" -c 'import json, sys
[[key, value]] = json.load(open(sys.argv[1], encoding="utf-8")).items()
assert (key, value) == ("k\x1b[1m\u202er\u2067\u200b", {"a": "\x1b[3J \u202er\u2067\u200b"}), (key, value)' "$BATS_TEST_TMPDIR/out"
	safe 0 explain --color=never "t$odd" "a$odd" "e$name/one"
	safe 0 explain -o json "t$odd" "a$odd" "e$name/one"
}

@test "errors" {
	safe 3 "t$odd" "a$odd" "$patch-2"
	safe 3 "t$odd" other "$patch"
	safe 3 other "a$odd" "$patch"
	safe 3 values "t$odd" "$hostile"
	safe 3 -C "$hostile" t a patch-1
	safe 2 "--$hostile"
	safe 2 "-$hostile"
	safe 2 "t$odd" "a$odd" "$hostile"
	safe 2 "--lock-timeout=$hostile" a b c
	put "$app/e$name/override.yaml" "[$hostile"
	safe 3 "t$odd" "a$odd" "$patch"
	safe 3 -o json "t$odd" "a$odd" "$patch"
	rm "$app/e$name/override.yaml"
	put "$app/live/$patch.yaml" "x: 1"
	safe 4 "t$odd" "a$odd" "$patch"
}

# However its bytes come, a character in two parts or never to its end.
@test "the output of a generator while it runs" {
	export hostile
	safe 0 -v "t$odd" "a$odd" "$patch" \
		--generate-command="printf '\\342'; sleep 0.2; printf '\\202\\254%s\n' \"\$hostile\"; sleep 0.2; printf '\\360\\237\\230'"
	[ "$(head -2 "$BATS_TEST_TMPDIR/err")" = '€x\x1b[8m\x9b31m\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\x07y
\xf0\x9f\x98' ] || fail "$(cat -v "$BATS_TEST_TMPDIR/err")"
}

@test "the output of a generator that fails" {
	safe 1 --generate-command="printf '%s' '$hostile'; exit 1" "t$odd" "a$odd" "$patch"
	grep -q 'x\\x1b\[8m\\x9b31m\\xc2\\x9b\\xe2\\x80\\xae' "$BATS_TEST_TMPDIR/err"
}

@test "a NUL in the output of a generator that fails does not end the line" {
	safe 1 --generate-command="printf 'a\\0b\\0\\nc\\n'; exit 1" "t$odd" "a$odd" "$patch"
	[ "$(tail -n +2 "$BATS_TEST_TMPDIR/err")" = '  a\x00b\x00
  c' ] || fail "$(cat -v "$BATS_TEST_TMPDIR/err")"
}
