# SPDX-License-Identifier: Apache-2.0
# Long reading is shown on a terminal: a line on standard error, which is removed again.

load common

TARGET=integration/s1/us

setup_many() {
	mkdir -p $APP/integration/s1
	"$PYTHON" -c 'import os, sys
for i in range(3000):
    os.link(sys.argv[1], f"{sys.argv[2]}/patch-{i + 1000}.yaml")' \
		$APP/integration/s1/patch-001.yaml $APP/integration/s1
	put $APP/stage/override.yaml "value: last"
	remember
}

# stopped STATUS [--columns N] [--stderr FILE] -- ARGUMENT...: reading takes over a second
stopped() {
	with_python "$1" progress.py $APP/values.yaml $APP/stage/override.yaml "${@:2}"
	unchanged
}

CLEAR=$'\r\e[K'

# shows LINE TEXT: one or more lines that match LINE, and then, when the line is removed, TEXT
shows() {
	[[ $output =~ ^($'\r'$1$'\e['K)+"$CLEAR$2"$ ]] || fail "$(printf '%q' "$output")"
}

LINE="reading: [0-9,]+ files in [0-9]+ directories"

@test "a long read is shown, and removed before the output" {
	setup_many
	TERM=xterm stopped 0 -- values mgmt $TARGET app
	shows "$LINE" "value: new"
}

@test "it is removed before an error and before a warning" {
	setup_many
	put $APP/stage/s1/override.yaml 'a: b: c'
	remember
	TERM=xterm stopped 3 -- --color=never values mgmt $TARGET app
	shows "$LINE" "ERROR: $APP/stage/s1/override.yaml:1:5: not valid YAML: mapping values are not allowed in this context"
	rm $APP/stage/s1/override.yaml
	put $APP/stage/overrides.yaml ''
	remember
	TERM=xterm stopped 0 --stderr /dev/tty -- --color=never values mgmt $TARGET app
	shows "$LINE" "WARNING: $APP/stage/overrides.yaml is ignored; did you mean override.yaml?"$'\n'"value: new"
}

@test "a narrow terminal shows less" {
	setup_many
	TERM=xterm stopped 0 --columns 24 -- values mgmt $TARGET app
	shows "reading: [0-9,]+ files" "value: new"
}

@test "nothing is shown if errors are no terminal, on a dumb one, and by a quiet run" {
	setup_many
	TERM=xterm stopped 0 --stderr "$BATS_TEST_TMPDIR/err" -- values mgmt $TARGET app
	[ "$output" = "value: new" ] || fail "$(printf '%q' "$output")"
	[ ! -s "$BATS_TEST_TMPDIR/err" ] || fail "$(cat "$BATS_TEST_TMPDIR/err")"
	TERM=dumb stopped 0 -- values mgmt $TARGET app
	[ "$output" = "value: new" ] || fail "$(printf '%q' "$output")"
	TERM=xterm stopped 0 -- --dry-run --quiet mgmt app patch-001
	[ "$output" = "" ] || fail "$(printf '%q' "$output")"
}
