# SPDX-License-Identifier: Apache-2.0
# promote board: the page as text. tests/browser/ opens it.

load common

# The data of the page in `output`, as JSON.
data() {
	"$PYTHON" -IS -c 'import json, re, sys
page = open(sys.argv[1], encoding="ascii" if sys.argv[2:] else "utf-8").read()
[text] = re.findall(r"<script type=\"application/json\" id=\"data\">(.*?)</script>", page, re.S)
assert "<" not in text and text.isascii(), "not safe in a page"
print(json.dumps(json.loads(text), indent=1, ensure_ascii=False))' "$BATS_TEST_TMPDIR/out"
}

@test "board: the whole document" {
	put $APP/values.yaml 'applications: {app: {source: {targetRevision: "1.10"}}}'
	put $APP/integration/s1/patch-001.yaml 'metadata: {description: "A <b> & c"}
applications: {app: {source: {targetRevision: "2.0"}}}'
	remember
	gives 0 board -o html
	[ -z "$stderr" ]
	unchanged
	run -0 data
	diff <(echo "$output") - <<-'END'
		{
		 "dimensions": [
		  "environments",
		  "sectors",
		  "regions"
		 ],
		 "positions": [
		  [
		   "integration",
		   1,
		   0
		  ],
		  [
		   "s1",
		   2,
		   0
		  ],
		  [
		   "us",
		   3,
		   0
		  ],
		  [
		   "eu",
		   3,
		   0
		  ],
		  [
		   "s2",
		   2,
		   0
		  ],
		  [
		   "us",
		   3,
		   0
		  ],
		  [
		   "stage",
		   1,
		   1
		  ],
		  [
		   "s1",
		   2,
		   0
		  ],
		  [
		   "us",
		   3,
		   0
		  ]
		 ],
		 "applications": [
		  {
		   "clusterType": "mgmt",
		   "application": "app",
		   "patches": [
		    {
		     "patch": "patch-001",
		     "description": "A <b> & c",
		     "state": "ready",
		     "next": 4,
		     "step": "promote",
		     "gates": [],
		     "waits": [],
		     "covered": 2,
		     "copies": [
		      1
		     ],
		     "metadata": [
		      [
		       "description",
		       "A <b> & c"
		      ]
		     ],
		     "sets": [
		      [
		       "applications.app.source.targetRevision",
		       "\"2.0\""
		      ]
		     ],
		     "setsLeft": 0,
		     "hidden": [],
		     "effect": [
		      {
		       "targets": [
		        [
		         0,
		         2
		        ]
		       ],
		       "changes": [
		        [
		         "applications.app.source.targetRevision",
		         "\"1.10\"",
		         "\"2.0\""
		        ]
		       ],
		       "left": 0
		      }
		     ],
		     "left": 0
		    }
		   ]
		  }
		 ],
		 "versions": [
		  {
		   "clusterType": "mgmt",
		   "by": "environments",
		   "columns": [
		    0,
		    6
		   ],
		   "rows": [
		    {
		     "application": "app",
		     "path": "applications.app.source.targetRevision",
		     "cells": [
		      [
		       "\"2.0\"",
		       "\"1.10\""
		      ],
		      [
		       "\"1.10\""
		      ]
		     ]
		    }
		   ]
		  }
		 ],
		 "findings": []
		}
	END
}

@test "board: only the page's own style and script can run, and nothing is loaded" {
	gives 0 board
	"$PYTHON" -IS -c 'import base64, hashlib, re, sys
page = open(sys.argv[1]).read()
[policy] = re.findall(r"Content-Security-Policy\" content=\"([^\"]*)\"", page)
rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
own = {}
for tag in ("style", "script"):
    [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
    own[tag] = "\x27sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "\x27"
wanted = {"default-src": "\x27none\x27", "script-src": own["script"], "style-src": own["style"], "img-src": "data:",
    "base-uri": "\x27none\x27", "form-action": "\x27none\x27"}
assert rules == wanted, (rules, wanted)
found = re.findall(r"(?:src|href|action|url)\s*[=(]\s*[\"\x27]?(?!data:|#)[a-z]+:?//", page)
assert not found, found
assert "{{" not in page, "something was not replaced"' "$BATS_TEST_TMPDIR/out"
}

@test "board: an application that cannot be read is on the page, with its patches by their names" {
	put config/mgmt/web/values.yaml 'a: ['
	put config/mgmt/web/integration/patch-002.yaml 'b: 1'
	gives 0 board
	[ -z "$stderr" ]
	run -0 data
	[[ $output == *'"code": "broken-yaml"'* ]]
	[[ $output == *'"patch": "patch-002"'* ]]
	[[ $output == *'"state": "unreadable"'* ]]
	[[ $output == *'"state": "ready"'* ]] # the other application's patch
}

@test "board: a directory with the name of a copy" {
	mkdir -p $APP/stage/patch-003.yaml
	gives 0 board
	run -0 data
	[[ $output == *'"patch": "patch-003"'* ]]
	[[ $output == *'"copies": []'* ]]
}

@test "board: a file that may not be read is a finding" {
	give_to_user
	chmod 000 $APP/values.yaml
	as_user "$PROMOTE" board >"$BATS_TEST_TMPDIR/out"
	run -0 data
	[[ $output == *'"hint": "what else is wrong is not known"'* ]] || fail "$output"
	[[ $output == *"$APP/values.yaml: Permission denied"* ]] || fail "$output"
	chmod 644 $APP/values.yaml
}

@test "board: what a patch changes is cut, with what is left out" {
	{
		echo "value: >-"
		printf '  %03000d\n' 7
		for i in {1..3000}; do
			printf 'key-%04d: v%0100d\n' "$i" "$i"
		done
	} >$APP/integration/s1/patch-001.yaml
	gives 0 board
	[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -lt 250000 ]
	run -0 data
	[[ $output == *'000...'* ]]
	"$PYTHON" -IS -c 'import json, sys
[patch] = json.loads(sys.argv[1])["applications"][0]["patches"]
[group] = patch["effect"]
assert len(group["changes"]) + group["left"] == 3001 and group["left"] > 0, group["left"]
assert len(patch["sets"]) + patch["setsLeft"] == 3001 and patch["setsLeft"] > 0, patch["setsLeft"]
assert len(patch["sets"][0][1]) == 2003 or len(patch["sets"][-1][1]) == 2003 or any(len(x[1]) == 2003 for x in patch["sets"])' "$output"
}

@test "board: a fleet without patches, and a cluster type without applications" {
	rm -r config/mgmt
	gives 0 board
	run -0 data
	[[ $output == *'"applications": []'* ]]
}

@test "board: outside a fleet, with a broken config.yaml, on a full disk" {
	refuses 2 "--output=text: must be html" board -o text
	refuses 2 "too many arguments: promote board takes no argument; see promote board --help" board mgmt
	echo 'dimensions: [' >config/config.yaml
	remember
	gives 3 board
	[ -z "$output" ]
	cd "$BATS_TEST_TMPDIR/tmp"
	gives 3 board
	[ -z "$output" ]
	cd "$ROOT"
	make_fleet .
	[ -e /dev/full ] || skip "there is no /dev/full"
	status=0
	"$PROMOTE" board >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	grep -q '^ERROR: .*No space left on device' "$BATS_TEST_TMPDIR/err"
}
