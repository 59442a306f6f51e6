# SPDX-License-Identifier: Apache-2.0
# The options and arguments of promote, right and wrong ones.

load common

@test "no arguments, too few, too many" {
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" mgmt app
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" --verbose
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" --
	refuses 2 "too many arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" \
		mgmt app patch-001 more
	refuses 2 "unknown command 'recovr'; did you mean 'recover'?" recovr
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" -- recovr more
}

@test "an empty --generate-command" {
	refuses 2 "--generate-command=: must be a command; --no-generate runs none" --generate-command= mgmt app patch-001
}

@test "an unknown option, long and short" {
	refuses 2 "unknown option '--frobnicate'; see promote --help" --frobnicate mgmt app patch-001
	refuses 2 "unknown option '-x'; see promote --help" -x mgmt app patch-001
}

@test "an unknown letter after other options" {
	refuses 2 "unknown option '-x'; see promote --help" --dry-run -xv mgmt app patch-001
	refuses 2 "unknown option '-x'; see promote --help" --dry-run -vx mgmt app patch-001
	refuses 2 "unknown option '-x'; see promote --help" mgmt app patch-001 --verbose -xyz
}

@test "a misspelt option: a similar one is suggested" {
	refuses 2 "unknown option '--dry-rum'; did you mean '--dry-run'?" --dry-rum mgmt app patch-001
	refuses 2 "unknown option '--aprove'; did you mean '--approve'?" --aprove=stage mgmt app patch-001
}

@test "an option may be shortened if that is unambiguous" {
	gives 0 --dry mgmt app patch-001
	unchanged
	refuses 2 "option '--no' is ambiguous: --no-input, --no-generate or --no-check-rendered" --no mgmt app patch-001
	gives 0 values --out=json mgmt integration/s2/us
	[ "${lines[0]}" = "{" ]
	refuses 2 "unknown option '--dry'; see promote values --help" values --dry mgmt integration/s2/us
	refuses 2 "unknown option '--'; see promote --help" --=x mgmt app patch-001
}

@test "a missing value, and a value that an option does not take" {
	refuses 2 "--from needs a value; see promote --help" mgmt app patch-001 --from
	refuses 2 "-C needs a value; see promote --help" mgmt app patch-001 -C
	refuses 2 "-C needs a value; see promote values --help" values mgmt -C
	refuses 2 "'--dry-run=yes': this option takes no value" --dry-run=yes mgmt app patch-001
}

@test "values that must be one of a list" {
	refuses 2 "--output=xml: must be text, json or markdown" -o xml mgmt app patch-001
	refuses 2 "--output=: must be text, json or markdown" --output= mgmt app patch-001
	refuses 2 "--color=red: must be auto, always or never" --color=red mgmt app patch-001
}

@test "a timeout that is not a number of seconds" {
	local wrong
	for wrong in '' x -1 +1 1.5 ' 1' 5s 86401 99999999999999999999; do
		refuses 2 "--lock-timeout=$wrong: must be seconds from 0 to 86400" "--lock-timeout=$wrong" mgmt app patch-001
	done
}

@test "options that cannot be used together" {
	refuses 2 "--quiet and --verbose cannot be used together" -q -v mgmt app patch-001
	refuses 2 "--no-generate and --generate-command cannot be used together" \
		--no-generate --generate-command=true mgmt app patch-001
	refuses 2 "--interactive and --no-input cannot be used together" -i --no-input mgmt app patch-001
}

@test "--interactive without a terminal" {
	refuses 2 "--interactive needs a terminal to ask at" -i mgmt app patch-001
}

@test "--interactive --yes needs no terminal" {
	gives 0 -i -y mgmt app patch-001
	copies integration
}

@test "options may be before, between and after the arguments" {
	gives 0 -q mgmt --no-generate app --color never patch-001 -o text
	[ -z "$output$stderr" ]
	copies integration
}

@test "--help anywhere shows the help, with examples first" {
	gives 0 --help
	[ "${lines[0]}" = "Examples:" ]
	local whole=$output
	gives 0 mgmt app patch-001 -h --dry-run
	[ "$output" = "$whole" ]
	gives 0 help
	[ "$output" = "$whole" ]
	[ -z "$stderr" ]
	unchanged
}

@test "the help fits a terminal of 80 columns" {
	gives 0 --help
	local line
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ] || fail "$line"
	done
}

@test "the help names every exit status and the commands' --" {
	gives 0 --help
	local word
	for word in "0 done" "1 the system" "2 wrong command" "3 wrong files" "4 a rule" "5 waits" "6 another" "promote --"; do
		has "$output" "$word"
	done
}

@test "--version" {
	gives 0 --version
	[[ $output =~ ^promote\ [0-9]+\.[0-9]+\.[0-9]+(-[0-9]+-g[0-9a-f]+)?$ ]]
	[ -z "$stderr" ]
}

@test "--help and --version outside a fleet" {
	cd /
	gives 0 --help
	gives 0 --version
	cd "$ROOT"
	unchanged
}

@test "-C names the root" {
	cd /
	gives 0 -q -C "$ROOT" mgmt app patch-001
	cd "$ROOT"
	copies integration
}

@test "-C is relative to the working directory" {
	cd config/mgmt
	gives 0 -q --directory ../.. mgmt app patch-001
	cd "$ROOT"
	copies integration
}

@test "-C does not look upwards" {
	refuses 3 "no config/config.yaml in config/mgmt" -C config/mgmt mgmt app patch-001
	refuses 3 "no config/config.yaml in nowhere" -C nowhere mgmt app patch-001
	refuses 3 "no config/config.yaml in config/config.yaml" -C config/config.yaml mgmt app patch-001
	refuses 3 "no config/config.yaml in '' (an empty -C DIR)" -C '' mgmt app patch-001
}

@test "the last -C counts" {
	gives 0 -q -C nowhere -C . mgmt app patch-001
	copies integration
}

@test "the root is found from a directory below it" {
	cd $APP/integration/s1
	gives 0 -q mgmt app patch-001
	cd "$ROOT"
	copies integration
}

@test "the nearest root counts" {
	make_fleet "$ROOT/sub"
	remember
	cd sub/config
	gives 0 -q mgmt app patch-001
	cd "$ROOT/sub"
	copies integration
	cd ..
	copies integration/s1
}

@test "no root" {
	mkdir "$BATS_TEST_TMPDIR/empty"
	cd "$BATS_TEST_TMPDIR/empty"
	gives 3 mgmt app patch-001
	one_error "no config/config.yaml in $BATS_TEST_TMPDIR/empty or above it; go into a fleet or name one with -C DIR"
}

@test "a working directory that was removed" {
	no_valgrind "the shell that starts it has something to say, too"
	mkdir gone
	cd gone
	rmdir ../gone
	run --separate-stderr promote mgmt app patch-001
	[ "$status" -eq 1 ]
	one_error "the working directory: No such file or directory"
	cd "$ROOT"
	unchanged
}

@test "a file called config in a parent directory is not a root" {
	mkdir -p sub/deeper
	put sub/config "mine"
	cd sub/deeper
	gives 0 --dry-run mgmt app patch-001
	has "$output" "(dry run)"
}

@test "a parent directory that cannot be searched" {
	mkdir -p closed/deeper
	give_to_user
	cd closed/deeper
	chmod 311 ..
	run --separate-stderr as_user "$PROMOTE" mgmt app patch-001
	chmod 755 ..
	[ "$status" -eq 1 ]
	one_error "$ROOT/closed: Permission denied"
	copies integration/s1 2>/dev/null || (cd "$ROOT" && copies integration/s1)
}

@test "a cluster type called help is written after --" {
	sed -i 's/name: mgmt/name: help/' config/config.yaml
	mv config/mgmt config/help
	remember
	refuses 2 "too many arguments: promote help takes [COMMAND]; see promote --help" help app patch-001
	refuses 2 "unknown command 'app'; see promote --help" help app
	refuses 2 "unknown command 'app'; see promote --help" help -- app
	gives 0 -q -- help app patch-001
	[ -e config/help/app/integration/patch-001.yaml ]
}

@test "arguments after -- are not options" {
	refuses 3 "Cluster type '--help' not found. Available: mgmt" -- --help app patch-001
	refuses 2 "the patch name '--dry-run' does not begin with 'patch-'; it is a file's name such as patch-001" \
		-- mgmt app --dry-run
}

@test "-- is the value of an option that takes one" {
	refuses 3 "no config/config.yaml in --" -C -- mgmt app patch-001
	put $APP/integration/patch-001.yaml "value: new"
	remember
	refuses 5 "manual gate stage: waits for approval. To go on: promote --generate-command -- mgmt app patch-001 --approve=stage" \
		--generate-command -- mgmt app patch-001
	refuses 5 "manual gate stage: waits for approval. To go on: promote --generate-command -- mgmt --approve=stage -- app patch-001" \
		--generate-command -- mgmt -- app patch-001
}

@test "-- after the name of a command ends its options" {
	refuses 3 "Cluster type '--mgmt' not found. Available: mgmt. Did you mean 'mgmt'?" values -- --mgmt integration/s2/us
	gives 0 values -- mgmt integration/s2/us
	refuses 2 "too few arguments: promote takes CLUSTER_TYPE APPLICATION PATCH; see promote --help" \
		-- values mgmt
}

@test "the command is the first word that is not an option's value" {
	refuses 3 "no config/config.yaml in values" -C values mgmt app patch-001
	refuses 3 "no config/config.yaml in values" --dir values values mgmt integration/s2/us
	refuses 3 "no config/config.yaml in values" -qC values mgmt app patch-001
	refuses 3 "no config/config.yaml in x" -qCx mgmt app patch-001
	refuses 2 "--from is not an option of promote values; see promote values --help" \
		--from explain values mgmt integration/s2/us
}

@test "letters of options may be written together, and with their value" {
	gives 0 -nojson mgmt app patch-001
	[ "${lines[0]}" = "{" ]
	unchanged
	gives 0 -qC . mgmt app patch-001
	[ -z "$output$stderr" ]
	copies integration
}

@test "-n is --dry-run" {
	gives 0 --dry-run mgmt app patch-001
	local long=$output
	has "$long" "(dry run) Nothing was written"
	gives 0 -n mgmt app patch-001
	[ "$output" = "$long" ]
	unchanged
}

@test "an error on the command line is shown as later options say" {
	gives 2 --frobnicate mgmt app patch-001 --color=always
	[ "$stderr" = $'\e[31mERROR:\e[0m unknown option \'--frobnicate\'; see promote --help' ]
	unchanged
	gives 2 --frobnicate --lock-timeout=x --from --color=never
	one_error "unknown option '--frobnicate'; see promote --help"
}

@test "--help shows the help if options are used wrongly" {
	local wrong
	for wrong in "-q -v" "--dry-run" "a b c d e"; do
		# shellcheck disable=SC2086 # words
		gives 0 values $wrong --help
		[ "${lines[0]}" = "Examples:" ]
		[ -z "$stderr" ]
	done
	refuses 2 "unknown option '--frobnicate'; see promote values --help" values --frobnicate --help
}

@test "a misspelt command: a similar one is suggested" {
	refuses 2 "unknown command 'valeus'; did you mean 'values'?" help valeus
}

@test "invalid names of patches" {
	refuses 2 "the patch name '../x' holds a slash; it is a file's name such as patch-001" mgmt app ../x
	refuses 2 "the patch name 'patch-1/../x' holds a slash; it is a file's name such as patch-001" mgmt app patch-1/../x
	refuses 2 "the patch name 'a/b' holds a slash; it is a file's name such as patch-001" mgmt app a/b
	refuses 2 "the patch name '/etc/passwd' holds a slash; it is a file's name such as patch-001" mgmt app /etc/passwd
	refuses 2 "the patch name 'patch-001.yml' ends in .yml, and patches end in .yaml; it is a file's name such as patch-001" \
		mgmt app patch-001.yml
	refuses 2 "the patch name '' is empty; it is a file's name such as patch-001" mgmt app ''
	refuses 2 "the patch name '.yaml' is empty; it is a file's name such as patch-001" mgmt app .yaml
	refuses 2 "the patch name 'override.yaml' does not begin with 'patch-'; it is a file's name such as patch-001" \
		mgmt app override.yaml
	refuses 2 "the patch name 'patch-' has nothing after 'patch-'; it is a file's name such as patch-001" \
		mgmt app patch-
	refuses 2 "the patch name 'patch-\\x1b[31m' holds a control character; it is a file's name such as patch-001" \
		mgmt app $'patch-\e[31m'
	refuses 2 "the patch name 'patch-\\x0aERROR: x' holds a control character; it is a file's name such as patch-001" \
		mgmt app $'patch-\nERROR: x'
}

@test "patch names that are too long" {
	local long
	printf -v long 'patch-%0294d' 0
	refuses 2 "the patch name '$long' is too long; it is a file's name such as patch-001" mgmt app "$long"
	long=${long:0:250}
	refuses 3 "$long.yaml not found for app in any dimension" mgmt app "$long"
	refuses 2 "the patch name '${long}0' is too long; it is a file's name such as patch-001" mgmt app "${long}0"
}

@test "applications that are not valid names of directories" {
	local wrong
	for wrong in . .. app/ app/integration ../mgmt/app /etc '' $'a\ttab'; do
		gives 3 mgmt "$wrong" patch-001
		[[ $stderr == "ERROR: Application '"*"' not found. Available: app"* ]] || fail "$stderr"
		[ "${#stderr_lines[@]}" -eq 1 ]
		unchanged
	done
}

@test "cluster types that are not valid names of directories" {
	local wrong
	for wrong in . .. mgmt/ mgmt/app ../config/mgmt /etc '' $'m\e[31m'; do
		gives 3 "$wrong" app patch-001
		[[ $stderr == "ERROR: Cluster type '"*"' not found. Available: mgmt"* ]] || fail "$stderr"
		[ "${#stderr_lines[@]}" -eq 1 ]
		unchanged
	done
}

@test "a cluster type without a directory" {
	sed -i 's/name: mgmt/&\n  - name: infra/' config/config.yaml
	remember
	refuses 3 "config/infra: not found" infra app patch-001
}

@test "a cluster type without applications" {
	mv $APP "$BATS_TEST_TMPDIR/app"
	step 3 "Application 'app' not found. Available: none"
	mv "$BATS_TEST_TMPDIR/app" $APP
}

@test "options with a wrong position" {
	refuses 3 "--from=: the fleet has no such position" --from= mgmt app patch-001
	refuses 3 "--from=/integration: the fleet has no such position. Did you mean 'integration'?" \
		--from=/integration mgmt app patch-001
	refuses 3 "--approve=stage/../stage: the fleet has no such position" --approve=stage/../stage mgmt app patch-001
	refuses 3 "--approve=: the fleet has no such position" --approve= mgmt app patch-001
	refuses 3 "--level=: the fleet has no such dimension. Available: environment, sector, region" --level= mgmt app patch-001
}

@test "--quiet writes nothing to standard output, but still prints warnings" {
	put $APP/lost/patch-001.yaml "value: lost"
	gives 0 -q mgmt app patch-001
	[ -z "$output" ]
	[ "$stderr" = "WARNING: $APP/lost/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it" ]
}

@test "all exit statuses: done, wrong command line, wrong files, refused, waiting" {
	gives 2 mgmt
	gives 3 mgmt none patch-001
	put $APP/stage/s1/patch-001.yaml "value: new"
	gives 4 mgmt app patch-001
	rm -r $APP/stage
	gives 0 mgmt app patch-001
	gives 5 mgmt app patch-001
	gives 0 mgmt app patch-001 --approve=stage
	gives 0 mgmt app patch-001
}

@test "a target whose name begins with a dash is written after --" {
	put config/config.yaml 'dimensions: [environments]
sequence: {environments: ["-z", "--help"]}'
	put $APP/values.yaml "value: 1"
	put "$APP/-z/patch-002.yaml" "value: 2"
	for words in "values -- mgmt -z app" "values mgmt -- -z app"; do
		# shellcheck disable=SC2086 # words
		gives 0 $words
		[ "$output" = "value: 2" ]
	done
	gives 0 values mgmt -- --help app
	[ "$output" = "value: 1" ]
	gives 0 explain mgmt app -- -z value
	[ "$output" = "value: 2
  set by $APP/-z/patch-002.yaml:1
  hides  $APP/values.yaml:1: 1" ] || fail "$output"
}
