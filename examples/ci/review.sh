#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a pull request means for the fleet, as markdown for a comment: review.sh BASE FILE
# BASE: a commit of the branch that it goes to. Run it in the fleet's root. All three commands run,
# and the exit status is that of the first which has failed.
set -u

base=$(git merge-base "$1" HEAD) || exit
file=$2
most=65536 # what a forge takes as one comment

add() {
	"$@" >>"$file"
	last=$?
	[ "$status" -ne 0 ] || status=$last
	echo >>"$file"
}

review() {
	status=0
	: >"$file"
	add promote check -o markdown
	add promote verify -o markdown "$base..HEAD"
	add promote diff "$@" -o markdown "$base..HEAD"
}

review
[ "$(wc -c <"$file")" -le "$most" ] || review --stat
if [ "$(wc -c <"$file")" -gt "$most" ]; then
	cat "$file"
	text=$(head -c $((most - 100)) "$file" | sed '$d')
	printf '%s\n\nThe rest is in the log.\n' "$text" >"$file"
fi
exit "$status"
