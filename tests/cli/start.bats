# SPDX-License-Identifier: Apache-2.0
# promote start: the first copy of a new patch. The fleet is that of common.bash, without a patch in
# flight and with values.

load common.bash

setup() {
	enter_fleet
	rm -r $APP/integration
	cat >$APP/values.yaml <<-'END'
		# values
		spec:
		  replicas: 2
		  version: "1.19"
		  args: # of the program
		    - --fast
		    - --level=3
		  8080: port
		  "a.b": dotted
		on: true
	END
	cp $APP/values.yaml "$BATS_TEST_TMPDIR/values.yaml"
	remember
}

# FIRST: where a patch starts
FIRST=$APP/integration/s1/us

# made FILE TEXT: the only file that is new, and its bytes
made() {
	[ "$(cat "$1")" = "$2" ] || fail "$(cat "$1")"
	[ "$(git status 2>/dev/null)" = "" ] || true
	local now
	now=$(mktemp -d "$BATS_TEST_TMPDIR/XXXXXX")
	tar -xf "$BATS_TEST_TMPDIR/before" -C "$now"
	[ "$(diff -rq "$now" . | grep -v '^Only in \./')" = "" ] || fail "$(diff -r "$now" .)"
	rm -r "$now"
}

# sets TEXT OPTION...: a start with these options, at the first target, writes these bytes
sets() {
	gives 0 start mgmt app patch-001 -q "${@:2}"
	[ -z "$output" ] || fail "$output"
	[ "$(cat $FIRST/patch-001.yaml)" = "$1" ] || fail "$(cat $FIRST/patch-001.yaml)"
	rm -r $APP/integration
	unchanged
}

# starting STATUS TEXT OPTION...: a start is refused
starting() {
	refuses "$1" "$2" start mgmt app "${@:3}"
}

@test "the report, and the file" {
	gives 0 start mgmt app --set spec.replicas=3 --description "More of them"
	[ -z "$stderr" ]
	[ "$output" = "New patch: config/mgmt/app/integration/s1/us/patch-001.yaml
  metadata:
    description: More of them
  spec:
    replicas: 3
✓ Created patch

Effect: 1 of 4 targets changes
  integration/s1/us
    spec.replicas: 2 → 3

Next promotion target: config/mgmt/app/integration/s1/eu/patch-001.yaml" ] || fail "$output"
	made $FIRST/patch-001.yaml "metadata:
  description: More of them
spec:
  replicas: 3"
	[ "$(stat -c %a $FIRST/patch-001.yaml)" = 644 ]
}

@test "a dry run writes nothing" {
	prints "New patch: config/mgmt/app/integration/s1/us/patch-001.yaml
  spec:
    replicas: 3
• Would create patch (dry run)

Effect: 1 of 4 targets changes
  integration/s1/us
    spec.replicas: 2 → 3

Next promotion target: config/mgmt/app/integration/s1/eu/patch-001.yaml

(dry run) Nothing was written
To do exactly this, or nothing:
--expect=DIGEST" start mgmt app --set spec.replicas=3 -n
}

@test "--expect: the very patch, or none" {
	gives 0 start mgmt app --set spec.replicas=3 -n -o json
	local digest
	digest=$(sed -n 's/^  "digest": "\(.*\)",*$/\1/p' <<<"$output")
	gives 4 start mgmt app --set spec.replicas=4 --expect="$digest"
	gives 4 start mgmt app --set spec.replicas=3 --description x --expect="$digest"
	gives 4 start mgmt app patch-002 --set spec.replicas=3 --expect="$digest"
	unchanged
	gives 0 start mgmt app --set spec.replicas=3 --expect="$digest"
}

@test "the permissions are those of values.yaml, without execution" {
	chmod 775 $APP/values.yaml
	gives 0 start mgmt app --set spec.replicas=3
	[ "$(stat -c %a $FIRST/patch-001.yaml)" = 664 ]
	rm -r $APP/integration
	chmod 400 $APP/values.yaml
	gives 0 start mgmt app --set spec.replicas=3
	[ "$(stat -c %a $FIRST/patch-001.yaml)" = 600 ]
}

@test "several values, in their order" {
	sets "spec:
  version: x
  replicas: 1
new:
  a: true
  b: text" --set spec.version=x --set spec.replicas=1 --set new.a=true --set new.b=text
}

@test "values are YAML" {
	sets 'spec:
  a: null
  b: ""
  c: 1.5
  d: [1, {x: "yes"}]
  e: {}
  f: []
  g: "a: b"
  h: "two\nlines"
  i: "it'"'"'s: x"' --set spec.a=null --set spec.b= --set spec.c=1.5 --set 'spec.d=[1, {x: "yes"}]' --set spec.e={} \
		--set spec.f=[] --set 'spec.g="a: b"' --set spec.h='"two\nlines"' --set spec.i="'it''s: x'"
}

@test "text is quoted if it looks like something else" {
	sets 'spec:
  a: "1.20"
  b: "yes"
  c: ""
  d: "null"
  e: plain
  f: "- x"
  g: "#"
  h: a=b' --set-string spec.a=1.20 --set-string spec.b=yes --set-string spec.c= --set-string spec.d=null \
		--set-string spec.e=plain --set-string 'spec.f=- x' --set-string spec.g='#' --set-string spec.h=a=b
}

@test "keys: quoted parts, as files spell them, and such that look like something else" {
	sets 'spec:
  "a.b": x
  8080: text
  "8081": z
  c=d: w
  "yes": v
"true": u
"": t' --set 'spec."a.b"=x' --set spec.8080=text --set spec.8081=z --set 'spec."c=d"=w' --set spec.yes=v --set on=u --set '""=t'
}

@test "keys of other files, and such that have a tag" {
	put $APP/stage/override.yaml "spec: {0x10: a, !!str tagged: b}"
	put $APP/stage/s1/override.yaml "spec: {0x10: a, !!str tagged: b}"
	remember
	sets 'spec:
  0x10: x
  tagged: t
  new: z' --set spec.16=x --set spec.tagged=t --set spec.new=z
}

@test "a path that is too deep, and a value that is then" {
	local path
	path=$(printf 'a.%.0s' {1..127})
	starting 2 "${path}b: the path has more than 127 parts" --set "${path}b=1"
	path=$(printf 'a.%.0s' {1..126})
	gives 4 start mgmt app --set "${path}b={c: {d: 1}}"
	has "$stderr" "ERROR: these values cannot be written as a patch: the patch:"
	unchanged
}

@test "a path that explain prints is one that --set takes" {
	put $APP/integration/override.yaml 'spec: {"x[0]": 1, "y=z": 2, "q\"": 3, "d.o": 4, "": 5, "[-]": 6}'
	remember
	gives 0 explain mgmt app integration/s1/us spec
	local path explained=$output
	for path in 'spec."x[0]"' 'spec."y=z"' 'spec.q"' 'spec."d.o"' 'spec.""' 'spec."[-]"'; do
		has "$explained" "$path: "
		gives 0 start mgmt app patch-001 -n --stat --set "$path=new"
		has "$output" "$path: 1 target"
	done
}

@test "an item of a list: the list is written as a whole" {
	sets "spec:
  args:
  - \"--slow\"
  - \"--level=3\"" --set 'spec.args[0]=--slow'
	sets "spec:
  args:
  - \"--slow\"
  - \"--level=3\"" --set spec.args.0=--slow
	sets "spec:
  args:
  - \"--fast\"
  - \"--level=3\"
  - {x: 1}
  - last" --set 'spec.args[-]={x: 1}' --set 'spec.args[-]=last'
	sets "spec:
  args:
  - \"--fast\"
  - a:
    - x
    b:
      c: 1" --set 'spec.args[1].a[-]=x' --set 'spec.args[1].b.c=1'
	sets "spec:
  args:
  - \"--fast\"
  - level:
      is: 3" --set 'spec.args[1].level.is=3'
	sets "spec:
  list:
  - a
  - b" --set 'spec.list[-]=a' --set 'spec.list[-]=b'
}

@test "items in items" {
	put $APP/values.yaml "a: [[1, 2], {k: [x]}]"
	remember
	sets "a:
- - 1
  - 3
- k:
  - x
  - z
  m: 1" --set 'a[0][1]=3' --set 'a[1].k[-]=z' --set 'a[1].m=1'
}

@test "an item that is not there" {
	starting 3 "--set spec.args[2]: the list spec.args has 2 items, the first of which is [0]; spec.args[-] adds one" \
		--set 'spec.args[2]=x'
	starting 3 "--set spec.args[18446744073709551617]: the list spec.args has 2 items, the first of which is [0]; spec.args[-] adds one" \
		--set 'spec.args[18446744073709551617]=x'
	starting 3 "--set spec.args.x: spec.args is a list; its items are spec.args[0] and so on, and spec.args[-] adds one" \
		--set spec.args.x=1
	starting 3 "--set spec.args.\"0\": spec.args is a list; its items are spec.args[0] and so on, and spec.args[-] adds one" \
		--set 'spec.args."0"=1'
	starting 3 "--set spec.none[0]: the list spec.none has 0 items, the first of which is [0]; spec.none[-] adds one" \
		--set 'spec.none[0]=x'
	put $APP/values.yaml "one: [1]"
	remember
	starting 3 "--set one[1]: the list one has 1 item, the first of which is [0]; one[-] adds one" --set 'one[1]=x'
	cp "$BATS_TEST_TMPDIR/values.yaml" $APP/values.yaml
	remember
	starting 3 "--set spec[-]: spec is a mapping at integration/s1/us, and no list" --set 'spec[-]=x'
	starting 3 "--set spec.replicas[0]: spec.replicas is a single value at integration/s1/us, and no list" --set 'spec.replicas[0]=x'
	starting 3 "--set spec.args[0][0]: spec.args.0 is a single value, and no list" --set 'spec.args[0][0]=x'
	starting 3 "--set new[-]: new is a mapping, and no list" --set new.a=1 --set 'new[-]=x'
	starting 3 "--set new.a: new is a list; its items are new[0] and so on, and new[-] adds one" --set 'new[-]=x' --set new.a=1
}

@test "a list that is not the same everywhere" {
	put $APP/stage/override.yaml "spec: {args: [--other]}"
	remember
	starting 4 "--set spec.args[0]: the list spec.args is not the same at integration/s1/us and stage/s1/us, and a patch replaces a list as a whole; give all of it as --set 'spec.args=[...]'" \
		--set 'spec.args[0]=x'
	starting 4 "--set spec.args.0: the list spec.args is not the same at integration/s1/us and stage/s1/us, and a patch replaces a list as a whole; give all of it as --set 'spec.args=[...]'" \
		--set spec.args.0=x
	sets "spec:
  args: [x]" --set 'spec.args=[x]'
	put $APP/integration/s2/override.yaml "spec: {args: [--third]}"
	remember
	starting 4 "--set spec.args[0]: the list spec.args is not the same at integration/s1/us and integration/s2/us, and a patch replaces a list as a whole; give all of it as --set 'spec.args=[...]'" \
		--set 'spec.args[0]=x'
	rm -r $APP/integration
	put $APP/stage/override.yaml "only: [there]"
	remember
	starting 4 "--set only[-]: the list only is not the same at integration/s1/us and stage/s1/us, and a patch replaces a list as a whole; give all of it as --set 'only=[...]'" \
		--set 'only[-]=x'
	gives 4 start mgmt app --set 'only[-]=x' -o json
	has "$output" '"code": "refused"'
	has "$output" '"position": "stage/s1/us"'
}

@test "a list with an item that readers do not agree about" {
	put $APP/values.yaml "a: [x, yes]"
	remember
	starting 4 "config/mgmt/app/values.yaml:1: readers of YAML 1.1 and 1.2 do not agree about 'yes' in the list a, which the patch would repeat; give all of it as --set 'a=[...]'" \
		--set 'a[0]=y1'
	sets "a:
- x
- true" --set 'a[1]=true'
}

@test "values that readers do not agree about" {
	local value
	for value in yes No on y 012 0o14 1_000 1:20 1e3 2001-01-01 .5 .inf 0b1 12345678901234567890 '<<'; do
		starting 2 "--set spec.a=$value: readers of YAML 1.1 and 1.2 do not agree about '$value'; --set-string spec.a=$value sets it as text" \
			--set "spec.a=$value"
	done
	starting 2 "--set spec.a: readers of YAML 1.1 and 1.2 do not agree about 'off' in VALUE; put it in quotes if it is text" \
		--set 'spec.a={k: [off]}'
	starting 2 "--set spec.a: readers of YAML 1.1 and 1.2 do not agree about 'on' in VALUE; put it in quotes if it is text" \
		--set 'spec.a={on: 1}'
	starting 2 "--set spec.a: VALUE has a tag, which readers of YAML do not agree about; write it without" --set 'spec.a=!x y'
	starting 2 "--set spec.a: VALUE has a tag, which readers of YAML do not agree about; write it without" --set 'spec.a=[!!set {x}]'
}

@test "values that are no YAML, or more than a value" {
	starting 2 "--set spec.a: VALUE:1:1: no anchor '&x' before this alias; --set-string spec.a=TEXT sets any text" --set 'spec.a=*x'
	starting 2 "--set spec.a: VALUE has a comment, which would be lost; --set-string spec.a=TEXT sets any text" --set 'spec.a=x # y'
	starting 2 "--set spec.a: VALUE has nothing in it; --set-string spec.a=TEXT sets any text" --set 'spec.a= '
	gives 2 start mgmt app --set 'spec.a=[x'
	has "$stderr" "ERROR: --set spec.a: VALUE:1:"
	unchanged
	starting 2 $'--set-string spec.a: TEXT must be UTF-8' --set-string $'spec.a=\xff'
	starting 2 $'spec.\\xff: a key must be UTF-8 text without NUL' --set $'spec.\xff=1'
	starting 2 'spec."\x00": a key must be UTF-8 text without NUL' --set 'spec."\x00"=1'
}

@test "paths that are none" {
	starting 2 "--set: 'spec.a' has no equals sign after the path" --set spec.a
	starting 2 "--set-string: 'spec.a' has no equals sign after the path" --set-string spec.a
	starting 2 "--set: the path '=1' has an empty part; write a key that is empty as \"\"" --set =1
	starting 2 "--set: the path 'a..b=1' has an empty part; write a key that is empty as \"\"" --set a..b=1
	local path
	for path in 'list[-1]' 'list[0x1]' 'list[ 0]' 'list[]' 'list[+]' 'list[x][0]' '[x]'; do
		starting 2 "--set: the path '$path=1': what is in brackets is an item's index, counted from 0, or - for one more; write a key such as \"${path%'[0]'}\" in quotes" --set "$path=1"
	done
	starting 2 "--set: the path '[0]=1' has an empty part; write a key that is empty as \"\"" --set '[0]=1'
	starting 2 "--set: the path '\"a=1': a quoted key must end with a quote and a dot or the path's end" --set '"a=1'
	starting 2 "--set: the path '\"a\"b=1': a quoted key must end with a quote and a dot or the path's end" --set '"a"b=1'
	starting 2 "a[-].b: [-] adds an item and must be the last part; give the item as VALUE, such as {name: x}" --set 'a[-].b=1'
	starting 2 "metadata.ticket: metadata at the top of a patch is about the patch, and sets no value; --description or --file sets it" \
		--set metadata.ticket=1
}

@test "a path twice, or one in another" {
	starting 2 "--set spec.a and --set spec.a set the same value, or one a part of the other's" --set spec.a=1 --set spec.a=2
	starting 2 "--set spec.a and --set spec.a.b set the same value, or one a part of the other's" --set spec.a=1 --set spec.a.b=2
	starting 2 "--set spec.a.b and --set spec.a set the same value, or one a part of the other's" --set spec.a.b=1 --set spec.a=2
	starting 2 "--set spec.8080 and --set spec.0x1F90 set the same value, or one a part of the other's" --set spec.8080=1 --set spec.0x1F90=2
	starting 2 "--set spec.args[0] and --set spec.args.00 set the same value, or one a part of the other's" --set 'spec.args[0]=1' --set spec.args.00=2
	starting 2 "--set spec.args[-] and --set spec.args set the same value, or one a part of the other's" --set 'spec.args[-]=1' --set spec.args=2
	starting 2 "--set spec.a and --set spec.a set the same value, or one a part of the other's" --set spec.a=1 --set-string spec.a=2
}

@test "what the patch sets must be said, once" {
	starting 2 "what the patch sets is missing: --set PATH=VALUE, --set-string PATH=TEXT, --file FILE or --edit"
	starting 2 "--set, --file and --edit cannot be used together: each gives the whole patch" --file x --set a=1
	starting 2 "--description=: must not be empty" --set a=1 --description=
	starting 2 "--description: must be UTF-8 text" --set a=1 --description $'\xff'
}

@test "--file: the bytes of the file" {
	printf '%%YAML 1.1\n---\n# about\r\nspec: {replicas: 5} # five\r\n...' >../patch
	gives 0 start mgmt app --file ../patch
	cmp ../patch $FIRST/patch-001.yaml
	rm -r $APP/integration
	promote start mgmt app -q --file - <../patch
	cmp ../patch $FIRST/patch-001.yaml
	rm -r $APP/integration
	promote start mgmt app -q --file <(cat ../patch)
	cmp ../patch $FIRST/patch-001.yaml
}

@test "--file with --description" {
	printf '# about\r\nspec:\r\n  replicas: 5' >../patch
	gives 0 start mgmt app -q --file ../patch --description "why: so"
	printf 'metadata:\r\n  description: "why: so"\r\n# about\r\nspec:\r\n  replicas: 5' | cmp - $FIRST/patch-001.yaml
	rm -r $APP/integration
	printf '\xef\xbb\xbf---\n# about\nspec: {replicas: 5}\n' >../patch
	gives 0 start mgmt app -q --file ../patch --description x
	printf '\xef\xbb\xbf---\n# about\nmetadata:\n  description: x\nspec: {replicas: 5}\n' | cmp - $FIRST/patch-001.yaml
	rm -r $APP/integration
	put ../patch "{spec: {replicas: 5}}"
	starting 4 "../patch: --description cannot be added: nothing can be written above its first line" --file ../patch --description x
	put ../patch "metadata: {}"
	starting 4 "../patch: --description cannot be added: the patch has metadata of its own; write it there" --file ../patch --description x
}

@test "--file: a file that is no patch" {
	starting 3 "../none: not found" --file ../none
	starting 3 "..: is a directory, not a file" --file ..
	put ../patch "- a"
	starting 3 "../patch:1:1: a patch must be a mapping of the values to set, not a list" --file ../patch
	put ../patch $'a: 1\na: 2'
	starting 3 "../patch:2:1: duplicate key 'a'; the first one is at 1:1" --file ../patch || {
		gives 3 start mgmt app --file ../patch
		has "$stderr" "../patch:2:1: "
	}
	: >../patch
	starting 3 "../patch: the patch is empty; it must be a mapping of the values to set" --file ../patch
	starting 3 "standard input: the patch is empty; it must be a mapping of the values to set" --file -
	put ../patch "metadata: {a: b}"
	starting 4 "patch-001 would change no target: it sets no value" --file ../patch
	head -c 9000000 /dev/zero | tr '\0' '#' >../patch
	starting 3 "../patch: more than 8 MiB" --file ../patch
}

@test "where it starts" {
	gives 0 start mgmt app --set spec.replicas=3 --at=integration/s1 -q
	made $APP/integration/s1/patch-001.yaml "spec:
  replicas: 3"
	gives 0 start mgmt app --set spec.version=3 --at=integration -q
	[ -f $APP/integration/patch-002.yaml ]
	remember
	starting 3 "--at=integration/s9 is not a position" --set a=1 --at=integration/s9 || {
		gives 3 start mgmt app --set a=1 --at=integration/s9
		has "$stderr" "integration/s9"
		unchanged
	}
}

@test "a later position is a gap, without --hotfix" {
	starting 4 "Gap: patch-001 would start at integration/s2, and the rollout begins at integration/s1/us; --hotfix starts it there all the same, and promote fill closes the gap later" \
		--set spec.replicas=3 --at=integration/s2
	gives 4 start mgmt app --set spec.replicas=3 --at=integration/s1/eu -o json
	has "$output" '"code": "gap"'
	has "$output" '"position": "integration/s1/us"'
	has "$output" '"promote start mgmt app --set spec.replicas=3 --at=integration/s1/eu -o json --hotfix"'
	unchanged
	gives 0 start mgmt app --set spec.replicas=3 --at=integration/s2 --hotfix
	[ "$output" = "New patch: config/mgmt/app/integration/s2/patch-001.yaml
  spec:
    replicas: 3
✓ Created patch

Effect: 1 of 4 targets changes
  integration/s2/us
    spec.replicas: 2 → 3

Next position to fill: config/mgmt/app/integration/s1/patch-001.yaml" ] || fail "$output"
	copies integration/s2
}

@test "a hotfix meets the gates of its position" {
	starting 5 "manual gate stage: waits for approval. To go on: promote start mgmt app --set spec.replicas=3 --at=stage/s1 --hotfix --approve=stage" \
		--set spec.replicas=3 --at=stage/s1 --hotfix
	gives 0 start mgmt app --set spec.replicas=3 --at=stage/s1 --hotfix --approve=stage -o json
	has "$output" '"action": "start"'
	has "$output" '"text": "spec:\n  replicas: 3\n"'
	copies stage/s1
}

@test "a mapping that would be lost" {
	starting 4 "A mapping would be lost: config/mgmt/app/integration/s1/us/patch-001.yaml:1 sets spec to null in the place of a mapping of 5 keys (replicas, version, args, ...) in config/mgmt/app/values.yaml:3. Set keys of it instead, or go on with --accept-loss" \
		--set spec=null
	gives 4 start mgmt app --set spec=null -o json
	has "$output" '"code": "loses-mapping"'
	has "$output" '"promote start mgmt app --set spec=null -o json --accept-loss"'
	unchanged
	gives 0 start mgmt app --set spec=null --accept-loss -q
	has "$stderr" "WARNING: config/mgmt/app/integration/s1/us/patch-001.yaml:1 sets spec to null in the place of a mapping of 5 keys"
	made $FIRST/patch-001.yaml "spec: null"
}

@test "two mappings that would be lost" {
	put $APP/values.yaml "a: {b: 1}
c: {d: 1}"
	remember
	gives 4 start mgmt app --set a=1 --set c=2
	[[ $stderr == "ERROR: A mapping would be lost: "*" sets a to 1 in the place"*$'\n'"  "*" sets c to 2 in the place of a mapping of 1 key (d)"* ]] || fail "$stderr"
	unchanged
}

@test "a mapping that would be lost only later" {
	put $APP/stage/override.yaml "only: {there: 1}"
	remember
	starting 4 "A mapping would be lost: config/mgmt/app/stage/s1/us/patch-001.yaml:1 sets only to x in the place of a mapping of 1 key (there) in config/mgmt/app/stage/override.yaml:1. Set keys of it instead, or go on with --accept-loss" \
		--set only=x
}

@test "what is lost by null is said" {
	gives 0 start mgmt app --set spec.version=null
	has "$output" '    spec.version: "1.19" → null'
}

@test "a patch that changes nothing anywhere" {
	starting 4 "patch-001 would change no target, wherever it is: each value that it sets is set already, or hidden by a later patch" --set spec.replicas=2
	gives 4 start mgmt app --set spec.replicas=2 -o json
	has "$output" '"code": "no-effect"'
	put $APP/stage/override.yaml "spec: {replicas: 9}"
	gives 0 start mgmt app --set spec.replicas=2
	has "$output" "Effect: 0 of 4 targets change"
}

@test "what check says of the patch is said" {
	gives 0 start mgmt app --set spec.version=1.20 -q
	[ "$stderr" = "WARNING: config/mgmt/app/integration/s1/us/patch-001.yaml:2 sets spec.version to 1.20, which is the number 1.2" ]
	rm -r $APP/integration
	gives 0 start mgmt app --set spec.replicsa=3 -n -q
	has "$stderr" "did you mean replicas?"
}

@test "a value of another patch" {
	gives 0 start mgmt app --set spec.replicas=3 -q
	remember
	starting 4 "config/mgmt/app/integration/s1/us/patch-001.yaml:2 sets spec.replicas, and this step would take it over at integration/s1/us; promote or finish that patch first, or go on with --accept-conflict" \
		--set spec.replicas=4
	gives 0 start mgmt app --set spec.replicas=4 --accept-conflict -q
	has "$stderr" "takes over from that patch"
	[ -f $FIRST/patch-002.yaml ]
}

@test "a name that is in flight" {
	put $APP/stage/s1/patch-003.yaml "spec: {replicas: 7}"
	remember
	starting 4 "patch-003 is in flight already, at stage/s1; give the new patch another name, or promote mgmt app patch-003 to take its next step" \
		patch-003 --set spec.replicas=4
	gives 4 start mgmt app patch-003.yaml --set spec.replicas=4 -o json
	has "$output" '"code": "target-exists"'
	put $APP/gone/patch-005.yaml "spec: {replicas: 7}"
	remember
	starting 4 "patch-005 is in the fleet already: config/mgmt/app/gone/patch-005.yaml, which is at no position or has nearly that name; remove it, or give the new patch another name" \
		patch-005 --set spec.replicas=4
	put $APP/stage/overrides.yaml "a: 1"
	gives 0 start mgmt app patch-004 --set spec.replicas=4 -n -q
	has "$stderr" "overrides.yaml"
	mkdir -p $FIRST/patch-006.yaml
	remember
	starting 4 "Target patch already exists at config/mgmt/app/integration/s1/us/patch-006.yaml" patch-006 --set spec.version=x
	rmdir $FIRST/patch-006.yaml
	mkdir $APP/stage/patch-007.yaml
	remember
	starting 3 "config/mgmt/app/stage/patch-007.yaml: a copy must be a file, not a directory or a link; move it away" patch-007 --set spec.version=x
}

@test "names" {
	starting 2 "the patch name 'x' does not begin with 'patch-'; it is a file's name such as patch-001" x --set a=1
	starting 2 "the patch name 'patch-a/b' holds a slash; it is a file's name such as patch-001" patch-a/b --set a=1 || {
		gives 2 start mgmt app patch-a/b --set a=1
		unchanged
	}
	gives 2 start mgmt app $'patch-\n' --set a=1
	unchanged
	gives 0 start mgmt app 'patch- $(x)' --set spec.replicas=3 -q
	made "$FIRST/patch- \$(x).yaml" "spec:
  replicas: 3"
}

# named NAME COPY...: with these in flight, a start has this name
named() {
	local copy
	for copy in "${@:2}"; do
		put "$APP/$copy.yaml" "x: {\"$copy\": 1}"
	done
	remember
	gives 0 start mgmt app --set spec.replicas=3 -n -q -o json
	has "$output" "\"patch\": \"$1\""
}

@test "the number of the patch" {
	named patch-001
	named patch-003 stage/patch-002
	named patch-003 stage/patch-001 stage/s1/patch-abc
	named patch-008 integration/patch-007-some-name
	named patch-008 integration/patch-00999999999999999999
	named patch-012 gone/patch-011
}

@test "the number of a patch that git knows" {
	command -v git >/dev/null || skip "no git"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
	git init -q .
	put $APP/stage/patch-004.yaml "a: 1"
	put config/mgmt/other/stage/patch-009.yaml "a: 1"
	put $APP/stage/s1/patch-x.yaml "a: 1"
	git add -A
	git commit -qm one
	git mv $APP/stage/patch-004.yaml $APP/stage/patch-006.yaml
	git commit -qm two
	git rm -q $APP/stage/patch-006.yaml
	git commit -qm three
	named patch-007
	GIT_DIR=/nowhere GIT_WORK_TREE=/nowhere named patch-007
	mkdir ../bin
	printf '#!/bin/sh\nexit 127\n' >../bin/git
	chmod +x ../bin/git
	PATH=$BATS_TEST_TMPDIR/bin:$PATH named patch-001
	mv .git ../git
	named patch-001
}

@test "the number if git knows more digits" {
	command -v git >/dev/null || skip "no git"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
	git init -q .
	put $APP/stage/patch-0999.yaml "a: 1"
	git add -A
	git commit -qm one
	git rm -q $APP/stage/patch-0999.yaml
	git commit -qm two
	named patch-1000
	put $APP/stage/patch-001.yaml "a: 1"
	remember
	starting 4 "the new patch needs a name: patch-1000 would be applied before patch-001, which is in flight, since patches are applied in the byte order of their names; give PATCH after the application" \
		--set spec.replicas=3
}

@test "as many digits as those in flight" {
	named patch-0008 stage/patch-0007
}

@test "a name is asked for where it would sort before another one" {
	put $APP/stage/patch-999.yaml "x: 1"
	remember
	starting 4 "the new patch needs a name: patch-1000 would be applied before patch-999, which is in flight, since patches are applied in the byte order of their names; give PATCH after the application" \
		--set spec.replicas=3
	gives 4 start mgmt app --set spec.replicas=3 -o json
	has "$output" '"code": "name-needed"'
	gives 0 start mgmt app patch-9991 --set spec.replicas=3 -q
}

@test "wrong names, and no values" {
	refuses 3 "Application 'ap' not found. Available: app. Did you mean 'app'?" start mgmt ap --set a=1 || {
		gives 3 start mgmt ap --set a=1
		has "$stderr" "Application 'ap' not found. Available: app"
	}
	mkdir config/mgmt/empty
	remember
	refuses 3 "config/mgmt/empty/values.yaml is missing: without it empty is part of no target, and patch-001 changes nothing; add that file first, in a change of its own" \
		start mgmt empty --set a=1
}

# editor SHELL: an editor that runs this with the file's path as $1
editor() {
	printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/editor"
	chmod +x "$BATS_TEST_TMPDIR/editor"
	export EDITOR=$BATS_TEST_TMPDIR/editor
}

# edited TEXT OPTION...: what the editor makes of the text becomes this patch, and nothing is left
edited() {
	gives 0 start mgmt app patch-001 -q --edit "${@:2}"
	printf %s "$1" | cmp - $FIRST/patch-001.yaml || fail "$(cat $FIRST/patch-001.yaml)"
	rm -r $APP/integration
	unchanged
}

# kept TEXT: the file that the error names has this text; it is removed
kept() {
	local path
	path=$(sed -n 's/^The text is kept; to go on with it: --file //p' "$BATS_TEST_TMPDIR/err")
	[ "$(stat -c %a "$(dirname "$path")" "$path" | tr '\n' ' ')" = "700 600 " ]
	[ "$(cat "$path")" = "$1" ] || fail "$(cat "$path")"
	rm -r "$(dirname "$path")"
	unchanged
}

@test "--edit: what the editor shows" {
	put $APP/integration/s1/override.yaml "spec: {replicas: 5}"
	remember
	editor 'cat "$1" >../shown; ls -l "$1" | cut -c 1-10 >../mode'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	[ "$(cat ../shown)" = '# A new patch of app, to start at integration/s1/us.
# Write the values to set, as in values.yaml, without the keys that stay as they are.
# Lines that are here now and begin with # are left out of the patch.
#
# metadata:
#   description: what it is for
#
# What integration/s1/us has now:
#
# spec:
#   replicas: 5
#   version: "1.19"
#   args:
#   - "--fast"
#   - "--level=3"
#   8080: port
#   "a.b": dotted
# on: true' ] || fail "$(cat ../shown)"
	[ "$(cat ../mode)" = "-rw-------" ]
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit --description "a: b" --at=stage --hotfix
	[ "$(sed 8q ../shown)" = 'metadata:
  description: "a: b"
# A new patch of app, to start at stage.
# Write the values to set, as in values.yaml, without the keys that stay as they are.
# Lines that are here now and begin with # are left out of the patch.
#
# What stage/s1/us has now:
#' ] || fail "$(cat ../shown)"
}

@test "--edit: the help is left out of the patch, and nothing else" {
	editor 'sed -i -e "s/^# \(spec:\)/\1/" -e "s/^#   replicas: 2/  replicas: 3 # more/" "$1"'
	edited $'spec:\n  replicas: 3 # more\n'
	editor 'printf "\n\n# mine\nspec: {replicas: 3}\n\n# end\n\n\n" >>"$1"'
	edited $'# mine\nspec: {replicas: 3}\n\n# end\n'
	edited $'metadata:\n  description: why\n# mine\nspec: {replicas: 3}\n\n# end\n' --description why ||
		edited $'metadata:\n  description: why\n\n\n# mine\nspec: {replicas: 3}\n\n# end\n' --description why
	editor 'printf "spec: {replicas: 3}" >"$1"'
	edited 'spec: {replicas: 3}'
	editor 'sed -i "s/$/\r/" "$1"; printf "spec: {replicas: 3}\r\n" >>"$1"'
	edited $'spec: {replicas: 3}\r\n'
	editor 'printf "spec: {version: \"a\n# spec:\nb\", replicas: 3}\n" >"$1"'
	edited $'spec: {version: "a\n# spec:\nb", replicas: 3}\n'
}

@test "--edit: VISUAL comes first, and either may have arguments" {
	editor 'printf "spec: {version: %s}\n" "$1" >"$2"'
	export VISUAL="$EDITOR 'a b'" EDITOR=false
	edited $'spec: {version: a b}\n'
	export VISUAL= EDITOR="sed -i '\$aspec: {version: x}'"
	edited $'spec: {version: x}\n'
}

@test "--edit: an editor that replaces the file, leaves others, or writes to its output" {
	editor 'cp "$1" "$1~"; touch "$(dirname "$1")/.x.swp"; echo "spec: {version: x}" >"$1.new"; mv "$1.new" "$1"; echo noise'
	edited $'spec: {version: x}\n'
	gives 0 start mgmt app --edit -n -o json
	[ "${lines[0]}" = "{" ]
	has "$stderr" "noise"
	kept "spec: {version: x}"
}

@test "--edit: nothing is written" {
	editor ': >"$1"'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	editor 'rm "$1"'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	editor 'rm -r "$(dirname "$1")"'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	editor 'printf "\n\n" >>"$1"'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	gives 5 start mgmt app --edit -o json
	has "$output" '"code": "not-confirmed"'
	editor 'exit 3'
	refuses 1 "the editor '$EDITOR' failed with exit status 3" start mgmt app --edit
	editor 'kill -9 $$'
	refuses 1 "the editor '$EDITOR' was ended by signal 9" start mgmt app --edit || {
		gives 1 start mgmt app --edit
		has "$stderr" "the editor '$EDITOR' "
		unchanged
	}
	export EDITOR=/none/of/these
	gives 1 start mgmt app --edit
	has "$stderr" "the editor '/none/of/these' failed with exit status 127"
}

@test "--edit: what was written is not lost" {
	editor 'printf "spec: [x\n" >>"$1"'
	gives 3 start mgmt app --edit
	[[ ${stderr_lines[0]} == "ERROR: $TMPDIR/promote-start-"*/patch.yaml:2:1:* ]] || fail "$stderr"
	kept "spec: [x"
	editor 'printf "spec: {replicas: 3}\n" >>"$1"; exit 1'
	gives 1 start mgmt app --edit
	kept "spec: {replicas: 3}"
	editor 'printf "spec: {replicas: 2}\n" >>"$1"'
	gives 4 start mgmt app --edit
	kept "spec: {replicas: 2}"
	editor 'printf "spec: {replicas: 3}\n" >>"$1"'
	gives 5 start mgmt app --edit --at=stage --hotfix
	kept "spec: {replicas: 3}"
	gives 0 start mgmt app --edit --dry-run
	kept "spec: {replicas: 3}"
	editor 'rm "$1"; mkdir "$1"'
	gives 3 start mgmt app --edit
	has "$stderr" "is a directory, not a file"
	rm -r "$TMPDIR"/promote-start-*
}

# left FILE TEXT: the error names the directory in which the editor left this file; it is removed
left() {
	local dir
	dir=$(sed -n 's/^Other files that the editor left are kept in //p' "$BATS_TEST_TMPDIR/err")
	[ "$(cat "$dir/$1")" = "$2" ] || fail "$stderr"
	rm -r "$dir"
	unchanged
}

@test "--edit: what was written to another file is not lost" {
	editor 'echo "spec: {x" >"$(dirname "$1")/.patch.yaml.swp"; kill -9 $$'
	gives 1 start mgmt app --edit
	left .patch.yaml.swp "spec: {x"
	editor 'cd "$(dirname "$1")"; echo "a: 1" >mine.yaml; rm patch.yaml'
	gives 5 start mgmt app --edit
	left mine.yaml "a: 1"
	editor 'cd "$(dirname "$1")"; mv patch.yaml patch.yaml~; touch patch.yaml'
	refuses 5 "no patch: nothing was added in the editor" start mgmt app --edit
	[ -z "$(ls "$TMPDIR")" ]
}

@test "--edit: who interrupts a question knows where the text is" {
	editor 'printf "spec: {replicas: 3}\n" >>"$1"'
	at_terminal 130 --answer "open it: " ^C -- start mgmt app --edit --at=stage --hotfix
	local path
	path=$(tr -d '\r' <<<"$output" | sed -n 's/^Until the patch is there, its text is in //p')
	[ "$(cat "$path")" = "spec: {replicas: 3}" ] || fail "$output"
	rm -r "$(dirname "$path")"
	unchanged
}

@test "--edit: what is kept is taken by --file" {
	editor 'printf "spec: {replicas: 3}\n" >>"$1"; exit 1'
	gives 1 start mgmt app --edit
	local path
	path=$(sed -n 's/^The text is kept; to go on with it: --file //p' "$BATS_TEST_TMPDIR/err")
	gives 0 start mgmt app --file "$path" -q
	made $FIRST/patch-001.yaml "spec: {replicas: 3}"
	rm -r "$(dirname "$path")"
}

@test "--edit: what can be refused before is, and no editor is opened" {
	editor 'touch ../opened'
	put $APP/stage/patch-002.yaml "a: 1"
	mkdir config/mgmt/empty
	remember
	starting 4 "Gap: a patch would start at stage, and the rollout begins at integration/s1/us; --hotfix starts it there all the same, and promote fill closes the gap later" \
		--edit --at=stage
	starting 4 "patch-002 is in flight already, at stage; give the new patch another name, or promote mgmt app patch-002 to take its next step" \
		patch-002 --edit
	refuses 3 "config/mgmt/empty/values.yaml is missing: without it empty is part of no target, and a patch changes nothing; add that file first, in a change of its own" \
		start mgmt empty --edit
	starting 2 "the patch name 'x' does not begin with 'patch-'; it is a file's name such as patch-001" x --edit
	gives 3 start mgmt app --edit --at=nowhere
	unset EDITOR
	starting 2 "--edit needs an editor: set VISUAL or EDITOR, or use --file" --edit
	export EDITOR=
	starting 2 "--edit needs an editor: set VISUAL or EDITOR, or use --file" --edit
	starting 2 "--set, --file and --edit cannot be used together: each gives the whole patch" --edit --set a=1
	gives 2 start mgmt app --edit --no-input
	[ ! -e ../opened ]
	unchanged
}

@test "--edit: the fleet is not locked meanwhile, and what is decided is decided afterwards" {
	editor "'$PROMOTE' start mgmt app --set spec.version=other -q; echo 'spec: {replicas: 3}' >\"\$1\""
	gives 0 start mgmt app --edit -q
	[ "$(cat $FIRST/patch-001.yaml)" = "spec:
  version: other" ]
	[ "$(cat $FIRST/patch-002.yaml)" = "spec: {replicas: 3}" ]
}

@test "--edit: an interrupt is the editor's" {
	editor 'kill -INT $PPID; echo "spec: {replicas: 3}" >"$1"'
	export EDITOR="exec $EDITOR" # in the place of the shell, so that promote is right above it
	gives 0 start mgmt app --edit -q
	[ -f $FIRST/patch-001.yaml ]
}

@test "--edit: no directory for the text" {
	editor 'true'
	TMPDIR=/none/of/these refuses 1 "cannot make a directory in /none/of/these: No such file or directory" start mgmt app --edit
}

@test "markdown" {
	gives 0 start mgmt app --set spec.replicas=3 -n -o markdown
	[ "${lines[0]}" = "## Start patch-001 of app at integration/s1/us (dry run)" ]
	has "$output" '| `config/mgmt/app/integration/s1/us/patch-001.yaml` | new |'
	has "$output" $'\n\n### Patch\n\n    spec:\n      replicas: 3\n\n### Effect\n\n'
	printf '# ```\n\n# <b>@x\nspec:\n  replicas: 3\n' >"$TMPDIR/patch.yaml"
	gives 0 start mgmt app --file "$TMPDIR/patch.yaml" -n -o markdown
	has "$output" $'\n\n### Patch\n\n    # ```\n\n    # <b>@x\n    spec:\n      replicas: 3\n\n### Effect\n\n'
	rm "$TMPDIR/patch.yaml"
}

@test "the generator runs, and if it fails nothing is there" {
	makefile "generate:" $'\t@cat '"$FIRST"'/patch-001.yaml >generated; exit 1'
	remember
	gives 1 start mgmt app --set spec.replicas=3
	rm generated
	unchanged
}

@test "the whole way: start, steps, integration" {
	local i
	gives 0 start mgmt app --set spec.replicas=3 --set 'spec.args[-]=--new' -q
	for ((i = 0; i < 4; i++)); do
		gives 0 mgmt app patch-001 --approve=stage -q
	done
	[ -z "$(find $APP -name 'patch-*')" ]
	[ "$(cat $APP/values.yaml)" = '# values
spec:
  replicas: 3
  version: "1.19"
  args: # of the program
    - --fast
    - --level=3
    - "--new"
  8080: port
  "a.b": dotted
on: true' ] || fail "$(cat $APP/values.yaml)"
}
