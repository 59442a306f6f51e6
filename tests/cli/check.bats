# SPDX-License-Identifier: Apache-2.0
# promote check: what it finds in files, its formats, its exit status, and comments that ignore findings.
# What each code of the core finds, tests/rules says.

load common

# finds STATUS TEXT [ARGUMENT...]: promote check writes this, and nothing else anywhere
finds() {
	remember
	gives "$1" check "${@:3}"
	[ -z "$stderr" ] || fail "standard error: $stderr"
	[ "$output" = "$2" ] || fail "got:" "$output" "expected:" "$2"
	unchanged
}

# break_files: a few that are broken, each in another way
break_files() {
	put config/mgmt/defaults.yaml 'a: ['
	put $APP/values.yaml 'a: {b: 1, b: 2}'
	put $APP/integration/override.yaml 'a: "x'
	printf 'a: \xff\n' >$APP/stage/patch-002.yaml
	: >$APP/stage/s1/us/patch-003.yaml
	put config/mgmt/web/values.yaml '- a'
}

BROKEN='config/mgmt/app/integration/override.yaml
  2:1: error: not valid YAML: while scanning a quoted scalar found unexpected end of stream [broken-yaml]
    correct it; what depends on it was not checked

config/mgmt/app/stage/patch-002.yaml
  1:4: error: not valid UTF-8; save the file as UTF-8 [broken-yaml]
    correct it; what depends on it was not checked

config/mgmt/app/stage/s1/us/patch-003.yaml
  error: the patch is empty; it must be a mapping of the values to set [broken-yaml]
    correct it; what depends on it was not checked

config/mgmt/app/values.yaml
  1:11: error: duplicate key '\''b'\''; keep one: the first is at config/mgmt/app/values.yaml:1:5 [duplicate-key]
    correct it; what depends on it was not checked

config/mgmt/defaults.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

config/mgmt/web/values.yaml
  1:1: error: the file must be a mapping of the values to set, not a list [broken-yaml]
    correct it; what depends on it was not checked

6 errors'

@test "a fleet without findings, in every format" {
	finds 0 "No findings"
	finds 0 "No findings" --strict
	finds 0 "No findings" mgmt
	finds 0 "No findings" mgmt app
	finds 0 '{
  "apiVersion": "promote/v1",
  "kind": "Findings",
  "findings": [],
  "errors": 0,
  "warnings": 0
}' -o json
	finds 0 "## No findings" -o markdown
	finds 0 "" -o github
	gives 0 check -o sarif
	[ "$(jq_python 'd["runs"][0]["results"]')" = "[]" ]
}

# jq_python EXPRESSION: of d, the document that was written
jq_python() {
	printf '%s' "$output" | "$PYTHON" -c "import json, sys; d = json.load(sys.stdin); print(json.dumps($1))"
}

@test "each broken file is named, at its place, and none hides the others" {
	mkdir -p $APP/stage/s1/us config/mgmt/web
	break_files
	finds 4 "$BROKEN"
}

@test "a broken config.yaml is a finding, whatever was asked for" {
	put config/config.yaml 'dimensions: ['
	finds 4 'config/config.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

1 error'
	finds 4 'config/config.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

1 error' mgmt nothing
}

@test "only one application, only one cluster type" {
	put config/mgmt/web/values.yaml 'a: ['
	put config/patch-001.yaml 'a: 1'
	put config/mgmt/default.yml 'a: 1'
	finds 0 "No findings" mgmt app
	finds 4 'config/mgmt/default.yml
  error: config/mgmt/default.yml is ignored; did you mean defaults.yaml? [stray-file]
    rename it to defaults.yaml, or remove it

config/mgmt/web/values.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

2 errors' mgmt
	finds 4 'config/mgmt/default.yml
  error: config/mgmt/default.yml is ignored; did you mean defaults.yaml? [stray-file]
    rename it to defaults.yaml, or remove it

config/mgmt/web/values.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

config/patch-001.yaml
  error: config/patch-001.yaml is not at a position of an application and is ignored [stray-file]
    move it to a position of the fleet, or remove it

3 errors'
}

@test "what is named must exist" {
	refuses 3 "Cluster type 'mgnt' not found. Available: mgmt. Did you mean 'mgmt'?" check mgnt
	refuses 3 "Application 'ap' not found. Available: app" check mgmt ap
	refuses 2 "too many arguments: promote check takes [CLUSTER_TYPE [APPLICATION]]; see promote check --help" check mgmt app x
	refuses 2 "--output=html: must be text, json, markdown, sarif or github" check -o html
	cd "$TMPDIR"
	gives 3 check
}

@test "files that nobody reads: places, names, endings, other cluster types" {
	put $APP/integration/s9/patch-001.yaml 'a: 1'
	put $APP/stage/Override.yml 'a: 1'
	put $APP/patch-001.yaml 'a: 1'
	put $APP/integration/s1/patch_7.yaml 'a: 1'
	put config/Config.yml 'a: 1'
	put config/mgmt/override.yaml 'a: 1'
	put config/mgmt/notes.txt 'a: 1'
	put config/mgnt/app/integration/s1/patch-002.yaml 'a: 1'
	put config/mgnt/app/values.yaml 'a: 1'
	put $APP/Values.yml 'a: 1' # beside a values.yaml it may be anything
	finds 4 'config/Config.yml
  error: config/Config.yml is ignored; did you mean config.yaml? [stray-file]
    rename it to config.yaml, or remove it

config/mgmt/app/integration/s1/patch_7.yaml
  error: config/mgmt/app/integration/s1/patch_7.yaml is ignored; did you mean patch-7.yaml? [stray-file]
    rename it to patch-7.yaml, or remove it

config/mgmt/app/integration/s9/patch-001.yaml
  error: config/mgmt/app/integration/s9/patch-001.yaml is not at a position of config/config.yaml and is ignored; did you mean integration/s1? [stray-file]
    move it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001

config/mgmt/app/patch-001.yaml
  error: config/mgmt/app/patch-001.yaml is not at a position of config/config.yaml and is ignored; '"'"'promote retire --at-unknown-positions'"'"' removes it [stray-file]
    move it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001

config/mgmt/app/stage/Override.yml
  error: config/mgmt/app/stage/Override.yml is ignored; did you mean override.yaml? [stray-file]
    rename it to override.yaml, or remove it

config/mgmt/override.yaml
  error: config/mgmt/override.yaml is not at a position of an application and is ignored [stray-file]
    move it to a position of the fleet, or remove it

config/mgnt/app/integration/s1/patch-002.yaml
  error: config/mgnt/app/integration/s1/patch-002.yaml is of no cluster type of config/config.yaml and is ignored [stray-file]
    add the cluster type to config/config.yaml, or remove the file

7 errors'
}

@test "what is no file, and a position that is no directory" {
	mkdir -p $APP/stage/s1
	ln -s ../x $APP/stage/s1/us
	finds 4 'config/mgmt/app/stage/s1/us
  error: is reached through a symbolic link, and promote follows none [stray-file]
    correct it; what depends on it was not checked

1 error'
	rm $APP/stage/s1/us
	mkdir $APP/stage/patch-001.yaml
	ln -s s2 $APP/integration/override.yaml
	finds 4 'config/mgmt/app/integration/override.yaml
  error: is reached through a symbolic link, and promote follows none [broken-yaml]
    correct it; what depends on it was not checked

config/mgmt/app/stage/patch-001.yaml
  error: is a directory, not a file [broken-yaml]
    correct it; what depends on it was not checked

2 errors'
}

@test "a file that cannot be read is a failure, and each is named" {
	put config/mgmt/web/values.yaml 'a: 1'
	give_to_user
	chmod 0 config/mgmt/web/values.yaml $APP/values.yaml
	status=0
	output=$(as_user "$PROMOTE" check 2>"$BATS_TEST_TMPDIR/err") || status=$?
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: config/mgmt/app/values.yaml: Permission denied
  config/mgmt/web/values.yaml: Permission denied" ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
}

RENDERED='cluster: {environment: integration, sector: s1, region: us}
value: new'

@test "rendered files that are stale, with the first paths; one that is missing is not" {
	put rendered/mgmt/integration/s1/us/values.yaml "$RENDERED"
	put rendered/mgmt/other/values.yaml 'a: 1'
	finds 0 "No findings"
	put rendered/mgmt/integration/s1/eu/values.yaml 'cluster: {environment: integration, sector: s1, region: eu}
value: old
a: 1
b: {c: 1}
d: 2'
	put rendered/mgmt/integration/s2/us/values.yaml 'cluster: [}'
	finds 4 'rendered/mgmt/integration/s1/eu/values.yaml
  2:8: error: value is old and should be new; a is 1 and should be (unset); b.c is 1 and should be (unset); and 1 more [stale-rendered]
    run the generator, make generate, and commit what it writes

rendered/mgmt/integration/s2/us/values.yaml
  1:11: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

2 errors' mgmt
	finds 0 "No findings" mgmt app # they are of all applications
	put config/mgmt/web/integration/override.yaml 'a: [' # nobody knows the values
	finds 4 'config/mgmt/web/integration/override.yaml
  2:1: error: not valid YAML: while parsing a flow node did not find expected node content [broken-yaml]
    correct it; what depends on it was not checked

1 error'
	rm -r config/mgmt/web rendered
	mkdir rendered
	ln -s ../config rendered/mgmt
	finds 4 'rendered/mgmt
  error: is reached through a symbolic link, and promote follows none [stale-rendered]
    correct it; what depends on it was not checked

1 error'
}

@test "the step of a run that was killed, and one that another user has left" {
	local status=0
	"$PROMOTE" -q mgmt app patch-001 --generate-command="kill -KILL $run_above" 3>&- || status=$?
	[ "$status" -eq 137 ]
	gives 4 check
	[ "$output" = ".promote
  error: a run was killed in the middle of a step; 'promote recover' finishes or undoes it [unfinished-step]
    promote recover finishes or undoes a step of one's own

1 error" ] || fail "$output"
	[ -e .promote/undo ]
	chmod 755 .promote
	gives 4 check
	has "$output" "[unfinished-step]"
	has "$output" ".promote is open to other users (mode 755): .promote is not used."
	chmod 700 .promote
	# while another run is at work, it is no matter yet
	flock . "$PROMOTE" check >"$TMPDIR/../during"
	[ "$(<"$TMPDIR/../during")" = "No findings" ]
	promote recover -q
	finds 0 "No findings"
}

@test "comments that ignore findings: on the line, above it, at the top of the file" {
	put $APP/stage/patch-002.yml '# of the team

# promote: ignore stray-file
a: 1'
	finds 0 "No findings"
	put $APP/stage/patch-002.yml '# promote:ignore gap, stray-file'
	finds 4 'config/mgmt/app/stage/patch-002.yml
  1:1: warning: there is no finding gap here to ignore [unused-ignore]
    remove the code from the comment, or the comment

1 warning' --strict
	put $APP/stage/patch-002.yml 'a: 1
# promote: ignore stray-file'
	finds 4 'config/mgmt/app/stage/patch-002.yml
  error: config/mgmt/app/stage/patch-002.yml is ignored; did you mean patch-002.yaml? [stray-file]
    rename it to patch-002.yaml, or remove it
  2:1: warning: there is no finding stray-file here to ignore [unused-ignore]
    remove the code from the comment, or the comment

1 error, 1 warning'
}

UNUSED='config/config.yaml
  4:25: warning: there is no finding hidden here to ignore [unused-ignore]
    remove the code from the comment, or the comment

config/mgmt/app/values.yaml
  1:1: warning: the comment names no code to ignore [unused-ignore]
    remove the code from the comment, or the comment
  2:6: warning: there is no code '\''stale-renderd'\''; did you mean stale-rendered? [unused-ignore]
    remove the code from the comment, or the comment
  2:6: warning: there is no finding hidden here to ignore [unused-ignore]
    remove the code from the comment, or the comment

config/mgmt/defaults.yaml
  1:1: warning: there is no code '\''x'\'' [unused-ignore]
    remove the code from the comment, or the comment

5 warnings'

@test "comments that ignore nothing; what is no comment" {
	put $APP/values.yaml '# promote: ignore
a: 1 # promote: ignore hidden stale-renderd
b: "# promote: ignore x"
c: |
  # promote: ignore x
d: "x # promote: ignore x"
e: x# promote:ignore_x
# promote: ignores x
# please, promote: ignore x'
	put config/mgmt/defaults.yaml '# promote: ignore x
'
	sed -i '4s/$/ # promote: ignore hidden/' config/config.yaml
	finds 0 "$UNUSED"
	finds 4 "$UNUSED" --strict
	# not all of defaults.yaml is looked at
	finds 0 'config/mgmt/app/values.yaml
  1:1: warning: the comment names no code to ignore [unused-ignore]
    remove the code from the comment, or the comment
  2:6: warning: there is no code '\''stale-renderd'\''; did you mean stale-rendered? [unused-ignore]
    remove the code from the comment, or the comment
  2:6: warning: there is no finding hidden here to ignore [unused-ignore]
    remove the code from the comment, or the comment

3 warnings' mgmt app
}

@test "without make and git, in a fleet of another user, in one that cannot be written" {
	local bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	put Makefile 'generate: ; touch ran'
	PATH=$bin finds_bare
	if [ "$(id -u)" -eq 0 ]; then
		chown -R nobody .
		finds_bare
	fi
	chmod -R a-w .
	finds_bare
	chmod -R u+w .
}

finds_bare() {
	[ "$("$PROMOTE" check)" = "No findings" ]
	[ ! -e ran ]
}

@test "no room for what is written" {
	[ -e /dev/full ]
	status=0
	"$PROMOTE" check >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = "ERROR: cannot write to standard output: No space left on device" ]
}

@test "colour, and lines no wider than a terminal" {
	put $APP/stage/patch-002.yml 'a: 1 # promote: ignore gap'
	gives 4 check --color=always
	[ "$output" = $'\e[1mconfig/mgmt/app/stage/patch-002.yml\e[0m
  \e[31merror\e[0m: config/mgmt/app/stage/patch-002.yml is ignored; did you mean patch-002.yaml? [stray-file]
    rename it to patch-002.yaml, or remove it
  1:6: \e[33mwarning\e[0m: there is no finding gap here to ignore [unused-ignore]
    remove the code from the comment, or the comment

1 error, 1 warning' ] || fail "$(printf '%s' "$output" | cat -v)"
}

# read_as FORMAT TEXT [ARGUMENT...]: what programs read of the output (tests/lib/findings.py)
read_as() {
	gives 4 check -o "$1" "${@:3}"
	[ -z "$stderr" ]
	local got
	got=$("$PYTHON" -B "$here/../lib/findings.py" "$1" <"$BATS_TEST_TMPDIR/out")
	[ "$got" = "$2" ] || fail "got:" "$got" "expected:" "$2"
}

@test "names and values of any bytes, in each format" {
	local odd=$'a%0A::c,d|e<script>`@x\e[31m\xff\nz\u202e' shown='a%0A::c,d|e<script>`@x\x1b[31m\xff\x0az\xe2\x80\xae'
	put "$APP/$odd/patch-001.yaml" 'a: 1'
	put rendered/mgmt/integration/s1/us/values.yaml "$RENDERED
\"::error x|<b>\": \"%0A\\n::warning::y\\e[1m|<i>\""
	gives 4 check
	[ "$output" = "config/mgmt/app/$shown/patch-001.yaml
  error: config/mgmt/app/$shown/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it [stray-file]
    move it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001

rendered/mgmt/integration/s1/us/values.yaml
  3:18: error: ::error x|<b> is %0A\\x0a::warning::y\\x1b[1m|<i> and should be (unset) [stale-rendered]
    run the generator, make generate, and commit what it writes

2 errors" ] || fail "$output"
	gives 4 check -o github
	[ "$output" = "::error file=config/mgmt/app/a%250A%3A%3Ac%2Cd|e<script>\`@x\\x1b[31m\\xff\\x0az\\xe2\\x80\\xae/patch-001.yaml,title=stray-file::config/mgmt/app/a%250A::c,d|e<script>\`@x\\x1b[31m\\xff\\x0az\\xe2\\x80\\xae/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it%0Amove it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001
::error file=rendered/mgmt/integration/s1/us/values.yaml,line=3,col=18,title=stale-rendered::::error x|<b> is %250A\\x0a::warning::y\\x1b[1m|<i> and should be (unset)%0Arun the generator, make generate, and commit what it writes" ] || fail "$output"
	local text="config/mgmt/app/$shown/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it"
	local json=${shown//\\/\\\\} stale='error stale-rendered 3:18 "rendered/mgmt/integration/s1/us/values.yaml" "::error x|<b> is %0A\\x0a::warning::y\\x1b[1m|<i> and should be (unset)\nrun the generator, make generate, and commit what it writes"'
	text=${text//\\/\\\\}
	read_as github "error stray-file \"config/mgmt/app/$json/patch-001.yaml\" \"$text\\nmove it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001\"
$stale"
	read_as sarif "error stray-file \"config/mgmt/app/a%0A::c,d|e<script>\`@x\\u001b[31m\\\\xff\\nz\\u202e/patch-001.yaml\" \"$text\\nmove it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001\"
$stale"
	gives 4 check -o markdown
	[ "$output" = "## 2 errors

### <code>config&#47;mgmt&#47;app&#47;a&#37;0A&#58;&#58;c&#44;d&#124;e&#60;script&#62;&#96;&#64;x&#92;x1b&#91;31m&#92;xff&#92;x0az&#92;xe2&#92;x80&#92;xae&#47;patch&#45;001&#46;yaml</code>

| Line | Code | What |
| --- | --- | --- |
|  | error \`stray-file\` | config/mgmt/app/a%&#8203;0A::c,d&#124;e&lt;script&gt;\\\`@&#8203;x\\\\x1b\\[31m\\\\xff\\\\x0az\\\\xe2\\\\x80\\\\xae/patch-001.yaml is not at a position of config/config.yaml and is ignored; 'promote retire --at-unknown-positions' removes it<br>move it to a position of the fleet, or remove it: promote retire --at-unknown-positions mgmt app patch-001 |

### \`rendered/mgmt/integration/s1/us/values.yaml\`

| Line | Code | What |
| --- | --- | --- |
| 3:18 | error \`stale-rendered\` | ::error x&#124;&lt;b&gt; is %&#8203;0A\\\\x0a::warning::y\\\\x1b\\[1m&#124;&lt;i&gt; and should be (unset)<br>run the generator, make generate, and commit what it writes |" ] || fail "$output"
	gives 4 check -o json
	jq_python '[x["path"] for x in d["findings"] if "path" in x]' | grep -qxF '["::error x|<b>"]'
}

@test "paths of SARIF and GitHub begin at the repository" {
	local where='"config/mgmt/app/stage/patch-002.yml" "config/mgmt/app/stage/patch-002.yml is ignored; did you mean patch-002.yaml?\nrename it to patch-002.yaml, or remove it"'
	put $APP/stage/patch-002.yml 'a: 1'
	unset GITHUB_WORKSPACE
	read_as github "error stray-file $where"
	cd config/mgmt # the root is above
	read_as sarif "error stray-file $where"
	cd ../../..
	read_as github "error stray-file ${where/\"/\"fleet/}" -C fleet
	export GITHUB_WORKSPACE=$PWD
	cd fleet
	read_as sarif "error stray-file ${where/\"/\"fleet/}"
	export GITHUB_WORKSPACE=$PWD/config
	read_as sarif "error stray-file $where"
	export GITHUB_WORKSPACE=$PWD/none
	read_as sarif "error stray-file $where"
	export GITHUB_WORKSPACE=/
	read_as github "error stray-file ${where/\"/\"${PWD#/}/}"
}

@test "an application whose files differ too much hides no other finding" {
	local i
	put $APP/values.yaml 'a: 1 # promote: ignore hidden'
	for i in {1000..1999}; do
		put "$APP/integration/s1/us/patch-$i.yaml" "a: $i"
	done
	put config/mgmt/web/values.yaml 'a: {b: 1, b: 2}'
	gives 4 check
	[ -z "$stderr" ] || fail "standard error: $stderr"
	has "$output" "config/mgmt/app
  error: its files set too many values differently at too many positions: more than "
	has "$output" " [too-large]
    what would have been found after that is missing"
	has "$output" "duplicate key 'b'; keep one: the first is at config/mgmt/web/values.yaml:1:5 [duplicate-key]"
	has "$output" "2 errors, "
	# what is not known to be unused is not called so
	has_not "$output" "unused-ignore"
}
