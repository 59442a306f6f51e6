#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that the documents say what the program does: docs.sh PROMOTE. Prints TAP.
set -uo pipefail
export LC_ALL=C.UTF-8 PAGER=cat
unset NO_COLOR CLICOLOR_FORCE

promote=$(realpath "$1") || exit 99
top=$(realpath "$(dirname "$0")/..") || exit 99
page=$top/man/promote.1.scd
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
tests=0

ok() {
	tests=$((tests + 1))
	echo "ok $tests - $1"
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# not_ok NAME: the reason comes from standard input
not_ok() {
	tests=$((tests + 1))
	echo "not ok $tests - $1"
	sed 's/^/# /'
}

# same NAME WANTED GOT: two files that must be equal, and not empty
same() {
	if [ ! -s "$2" ]; then
		echo "nothing found to compare" | not_ok "$1"
	elif diff -u "$2" "$3" >"$work/diff"; then
		ok "$1"
	else
		not_ok "$1" <"$work/diff"
	fi
}

# section TITLE: the lines of a section of promote(1)
section() {
	awk -v title="# $1" '/^# /{ inside = $0 == title; next } inside' "$page"
}

# Every option as in its row: "-C, --directory=DIR".
"$promote" --help | sed -n 's/^ *\(-.*\)/\1/p' | sed 's/  .*//' | sort >"$work/options"
section OPTIONS | grep '^\*-' | tr -d '*_' | sort >"$work/described"
same "every option of --help is in promote(1), and no other" "$work/options" "$work/described"

# Exit statuses, as the source numbers them.
sed -n 's/^\tSTATUS_[A-Z]* = \([0-9]*\),.*/\1/p' "$top/src/base/error.h" >"$work/statuses"
"$promote" --help | sed -n '/^Exit status:/,/\.$/p' | grep -oE '(^|[ ,])[0-9]+ ' |
	tr -dc '0-9\n' >"$work/help"
section "EXIT STATUS" | sed -n 's/^\*\([0-9]*\)\*$/\1/p' >"$work/man"
sed -n '/^## Exit status/,$s/^| \([0-9]*\) |.*/\1/p' "$top/docs/how-it-works.md" >"$work/page"
same "the exit statuses of --help" "$work/statuses" "$work/help"
same "the exit statuses of promote(1)" "$work/statuses" "$work/man"
same "the exit statuses of docs/how-it-works.md" "$work/statuses" "$work/page"

# What the environment is asked for.
grep -rhoE 'getenv\("[A-Z_]+"\)' "$top/src" | grep -oE '[A-Z_]{2,}' | sort -u >"$work/read"
section ENVIRONMENT | grep -oE '\*[A-Z_]+\*' | tr -d '*' | sort -u >"$work/named"
comm -12 "$work/read" "$work/named" >"$work/both"
same "every environment variable read is in promote(1)" "$work/read" "$work/both"

# What the documents look like is in schemas/, which tests/schemas.py compares with promote-json(5).
"$promote" -C "$top/examples/fleet" --dry-run -o json edge gateway patch-001 >"$work/step.json"
if python3 -B "$top/tests/lib/documents.py" "$work/step.json" >"$work/log" 2>&1; then
	ok "the step of the example fleet is as its schema says"
else
	not_ok "the step of the example fleet is as its schema says" <"$work/log"
fi

# The tests that the promises lean on.
grep -oE '`(tests|fuzz)/[^`]*`' "$top/docs/promises.md" | tr -d '`' | sort -u >"$work/leant"
while IFS= read -r test; do
	compgen -G "$top/$test" >/dev/null && printf '%s\n' "$test"
done <"$work/leant" >"$work/found"
same "every test that docs/promises.md names is there" "$work/leant" "$work/found"

# The man pages, made and formatted without a warning.
for source in "$top"/man/*.scd; do
	name=$(basename "$source" .scd)
	made=$work/$name
	if ! command -v scdoc >/dev/null; then
		skip "$name is made" "no scdoc"
		continue
	fi
	if scdoc <"$source" >"$made" 2>"$work/log" && [ ! -s "$work/log" ]; then
		ok "$name is made"
	else
		not_ok "$name is made" <"$work/log"
	fi
	if command -v man >/dev/null; then
		format=(man --warnings -E UTF-8 -l -Tutf8 -Z)
	elif command -v groff >/dev/null; then
		format=(groff -ww -man -Kutf8 -Tutf8 -Z)
	else
		skip "$name is formatted without a warning" "neither man nor groff"
		continue
	fi
	if "${format[@]}" "$made" 2>&1 >/dev/null | tee "$work/log" | grep -q .; then
		not_ok "$name is formatted without a warning" <"$work/log"
	else
		ok "$name is formatted without a warning"
	fi
done

echo "1..$tests"
