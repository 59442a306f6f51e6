#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh SCDOC PAGE [COMMAND_PAGE...]: makes a man page, on standard output. The line @COMMANDS@ in
# PAGE becomes a list of the commands, as the NAME sections of their pages have them.
set -eu
scdoc=$1 page=$2
shift 2
# shellcheck disable=SC2016 # awk's own dollars
COMMANDS=$(awk 'name && / - / {
		dash = index($0, " - ")
		printf "*%s*(1)\n\t%s\n\n", substr($0, 1, dash - 1), substr($0, dash + 3)
	}
	/^# /{ name = $0 == "# NAME" }' "$@" </dev/null)
export COMMANDS
awk '$0 == "@COMMANDS@" { $0 = ENVIRON["COMMANDS"] } { print }' "$page" | "$scdoc"
