# SPDX-License-Identifier: Apache-2.0
# The Debian package: that two builds of a commit are the same, what is in it, and that it works on
# a system that has nothing else. It takes a minute and Debian's packages from the network, so it is
# no test of `make check`: bats tests/package/deb.bats

load common

setup_file() {
	need dh debootstrap faketime lintian xz
	cd "$BATS_FILE_TMPDIR" || return
	# It waits for the network most of the time.
	if [ "$(id -u)" = 0 ]; then
		debootstrap --variant=minbase "$(. /etc/os-release && echo "$VERSION_CODENAME")" root "$(mirror)" \
			>debootstrap.log 2>&1 3>&- &
		debootstrap=$!
		export debootstrap
	fi

	# One build of the tarball, by the way of a release.
	checkout one
	one/tools/release v99.0.0 one.release tarball deb >release.out 3>&-

	# The other of a checkout, by another user in another directory, a year later.
	mkdir home
	git config --file home/.gitconfig tar.umask 0077
	git config --file home/.gitconfig core.abbrev 40
	(
		umask 077
		mkdir -p two/directory/with/another/length
		git clone -q "$PWD/one" two/directory/with/another/length/checkout
		cd two/directory/with/another/length/checkout || exit
		export HOME=$BATS_FILE_TMPDIR/home LC_ALL=C LANG=C TZ=Asia/Kathmandu XZ_OPT=-0 DEB_BUILD_OPTIONS=parallel=1
		faketime -f +400d tools/dist >../tarball.name
		faketime -f +400d tools/deb >../deb.name
	) 3>&-

	[ -z "${debootstrap:-}" ] || wait "$debootstrap" || {
		cat debootstrap.log
		return 1
	}
}

# Nothing may be mounted in the other system when it is removed: debootstrap ends first.
teardown_file() {
	while [ -n "${debootstrap:-}" ] && kill -0 "$debootstrap" 2>/dev/null; do
		sleep 1
	done
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	deb=one.release/promote_99.0.0_$(dpkg --print-architecture).deb
	two=two/directory/with/another/length/checkout
}

# Where this system has its packages from.
mirror() {
	apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 == "main" { print $3; exit }'
}

# apt_in_root ARGUMENT...
apt_in_root() {
	chroot root env -i PATH="$PATH" DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
		apt-get -qq -o APT::Sandbox::User=root "$@"
}

# in_root COMMAND...: with nothing but a PATH in the environment
in_root() {
	chroot root env -i PATH=/usr/bin:/bin "$@"
}

# tree DIR: all that is in it, with types, modes and digests
tree() {
	(
		cd "$1" || exit
		find . -printf '%y %m %p\n' | LC_ALL=C sort -k 3
		find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
	)
}

# Skips what needs the other system.
need_root() {
	[ "$(id -u)" = 0 ] || skip "debootstrap and chroot are root's"
}

@test "a release has the tarball, the package, and their digests" {
	run -0 ls -A one.release
	[ "$output" = "SHA256SUMS
promote-99.0.0.tar.xz
$(basename "$deb")" ]
	cmp release.out one.release/SHA256SUMS
	cd one.release
	run -0 sha256sum --check --strict SHA256SUMS
	[ "$output" = "promote-99.0.0.tar.xz: OK
$(basename "$deb"): OK" ]
}

@test "the tarball is the same, whoever makes it, and when and where" {
	[ "$(cat "$two/../tarball.name")" = "$PWD/$two/build/dist/promote-99.0.0.tar.xz" ]
	cmp one.release/promote-99.0.0.tar.xz "$two/build/dist/promote-99.0.0.tar.xz"
	# all of the commit, at its time, of nobody, with the modes of git
	run -0 tar --utc --full-time -tvf one.release/promote-99.0.0.tar.xz
	[ -z "$(grep -vE '^(-rw-r--r--|[-d]rwxr-xr-x) root/root +[0-9]+ 2021-02-03 04:05:06 promote-99.0.0/' <<<"$output")" ]
	[ "$(tar -tf one.release/promote-99.0.0.tar.xz | grep -v '/$' | LC_ALL=C sort)" = \
		"$(git -C one ls-tree -r --name-only HEAD | sed 's|^|promote-99.0.0/|' | LC_ALL=C sort)" ]
}

@test "the package is the same, whoever makes it, and when and where, of a tarball or a checkout" {
	[ "$(cat "$two/../deb.name")" = "$PWD/$two/build/deb/$(basename "$deb")" ]
	cmp "$deb" "$two/build/deb/$(basename "$deb")"
	[ -z "$(git -C "$two" status --porcelain)" ] # nothing was written beside build/
	[ "$(ls -A two/directory/with/another/length)" = "checkout
deb.name
tarball.name" ]
}

@test "lintian has nothing to say" {
	run lintian --allow-root --fail-on error,warning,pedantic --pedantic "$deb"
	echo "$output"
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "what the package says of itself" {
	run -0 dpkg-deb -f "$deb" Package Version Recommends Suggests
	[ "$output" = "Package: promote
Version: 99.0.0
Recommends: git
Suggests: make" ]
	run -0 dpkg-deb -f "$deb" Depends
	[ "$(tr ',' '\n' <<<"$output" | sed 's/^ //; s/ .*//')" = "libc6
libjansson4
libyaml-0-2" ]
}

@test "what is in it" {
	dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v '/$' | sed 's|^\./||' | LC_ALL=C sort >got
	{
		echo usr/bin/promote
		echo usr/share/bash-completion/completions/promote
		echo usr/share/fish/vendor_completions.d/promote.fish
		echo usr/share/zsh/vendor-completions/_promote
		cd one
		for page in man/*.scd; do
			page=$(basename "$page" .scd)
			echo "usr/share/man/man${page##*.}/$page.gz"
		done
		git ls-files schemas | sed 's|^|usr/share/promote/|'
		git ls-files CHANGELOG.md README.md SECURITY.md docs examples | sed 's|^|usr/share/doc/promote/|'
		echo usr/share/doc/promote/changelog.gz
		echo usr/share/doc/promote/copyright
	} | LC_ALL=C sort >wanted
	diff wanted got
}

@test "on a new system apt installs it with what it needs, and it takes a step" {
	need_root
	cp "$deb" root/tmp/promote.deb
	apt_in_root update
	apt_in_root install -y --no-install-recommends /tmp/promote.deb
	run -0 in_root promote --version
	[ "$output" = "promote 99.0.0" ]

	# the same as the program that was built, on the sources' example
	promote=$(realpath "${PROMOTE:-$top/build/promote}")
	[ -x "$promote" ]
	cp -r root/usr/share/doc/promote/examples/fleet root/tmp/fleet
	cp -r one/examples/fleet fleet
	tree fleet >before
	tree root/tmp/fleet | diff before -
	run -0 --separate-stderr in_root promote -C /tmp/fleet edge gateway patch-001
	inside=$output$stderr
	run -0 --separate-stderr env -i "$promote" -C "$PWD/fleet" edge gateway patch-001
	[ "$inside" = "$output$stderr" ]
	[ -n "$inside" ]
	tree fleet >after
	tree root/tmp/fleet | diff after -
	run ! diff before after
}

@test "man finds the pages there, with the date of the version" {
	need_root
	need man
	for page in one/man/*.scd; do
		name=$(basename "$page" .scd)
		run -0 man --manpath="$PWD/root/usr/share/man" -w "${name##*.}" "${name%.*}"
		[ "$output" = "$PWD/root/usr/share/man/man${name##*.}/$name.gz" ]
		gzip -dc "$output" | grep -qx "\.TH \"${name%.*}\" \"${name##*.}\" \"2021-02-03\".*"
	done
}

@test "the shells find the completion there" {
	need_root
	need zsh
	run -0 env XDG_DATA_DIRS="$PWD/root/usr/share" bash --norc -c '. /usr/share/bash-completion/bash_completion
		_completion_loader promote
		[ $? = 124 ] && complete -p promote'
	[ "$output" = "complete -o nosort -F _promote promote" ]
	# zsh and fish of Debian look in directories that are compiled in
	run -0 zsh -f -c 'print -l $fpath'
	grep -qx /usr/share/zsh/vendor-completions <<<"$output"
	cmp one/completion/_promote root/usr/share/zsh/vendor-completions/_promote
	cmp one/completion/promote.fish root/usr/share/fish/vendor_completions.d/promote.fish
}

@test "apt removes it without a trace" {
	need_root
	apt_in_root purge -y promote
	run -0 find root/etc root/usr root/var -name '*promote*' ! -path 'root/var/cache/apt/*'
	[ -z "$output" ]
}
