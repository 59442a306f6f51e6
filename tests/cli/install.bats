# SPDX-License-Identifier: Apache-2.0
# What is installed, and that each shell finds its completion there by itself.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PROMOTE=$(realpath "${PROMOTE:-$top/build/promote}")

# Installs what was built into $D, and sets DATA to its directory of data.
setup_file() {
	export D=$BATS_FILE_TMPDIR/root
	command -v meson >/dev/null || skip "meson is not installed"
	DESTDIR=$D meson install -C "$(dirname "$PROMOTE")" --no-rebuild --quiet
	DATA=$(dirname "$(find "$D" -type d -name bash-completion)")
	export DATA
}

setup() {
	export LC_ALL=C.UTF-8 PATH=$BATS_TEST_TMPDIR/bin:$PATH
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$PROMOTE" "$BATS_TEST_TMPDIR/bin/promote"
	cd "$top/examples/fleet"
}

@test "the files" {
	cd "$D"
	[ "$(find . -type f -path '*complet*' -o -path '*/zsh/*' -type f | sed 's|.*/share/||' | sort)" = \
"bash-completion/completions/promote
fish/vendor_completions.d/promote.fish
zsh/site-functions/_promote" ]
	cmp "$DATA/bash-completion/completions/promote" "$top/completion/promote.bash"
	cmp "$DATA/zsh/site-functions/_promote" "$top/completion/_promote"
	cmp "$DATA/fish/vendor_completions.d/promote.fish" "$top/completion/promote.fish"
	[ "$(find . -type f -path '*/promote/schemas/*' -printf '%f\n' | sort)" = "$(ls "$top/schemas")" ]
	[ "$(find . -type f -name promote -perm -111 -printf '%f\n')" = promote ]
	[ -z "$(find . ! -type d ! -type f)" ]
}

@test "bash" {
	local loader=/usr/share/bash-completion/bash_completion
	[ -e "$loader" ] || skip "bash-completion is not installed"
	run -0 env XDG_DATA_DIRS="$DATA" bash --norc -c '. "$0"
		_completion_loader promote
		[ $? = 124 ] && complete -p promote' "$loader"
	[ "$output" = "complete -o nosort -F _promote promote" ]
}

@test "zsh" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	run -0 zsh -f -c 'fpath=($1 $fpath)
		autoload -Uz compinit
		compinit -u -D
		print -r -- $_comps[promote]
		autoload +X _promote
		print -r -- $functions_source[_promote]' zsh "$DATA/zsh/site-functions"
	[ "${lines[0]}" = _promote ]
	[ "${lines[1]}" = "$DATA/zsh/site-functions/_promote" ]
}

@test "fish" {
	command -v fish >/dev/null || skip "fish is not installed"
	run -0 env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$DATA" fish --no-config -c 'complete -C "promote edge ga"'
	[ -z "$output" ]
	run -0 env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$DATA" fish -c 'complete -C "promote edge ga"'
	[ "$output" = gateway$'\t'application ]
}
