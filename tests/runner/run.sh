#!/bin/sh
# tests/run.sh itself: that it counts right, and that nothing that goes wrong passes for success.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
passed=0
failed=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# tree: an empty source tree with the runner in it.
tree() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/tests/unit" "$scratch/tree/build/tests/unit"
	cp "$here/run.sh" "$scratch/tree/tests/"
}

# program NAME BODY: a unit test that does this instead.
program() {
	touch "$scratch/tree/tests/unit/test_$1.c"
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/tree/build/tests/unit/test_$1"
	chmod +x "$scratch/tree/build/tests/unit/test_$1"
}

script() {
	printf '%s\n' "$2" >"$scratch/tree/tests/$1.sh"
}

expect() { # name status last-line
	sh "$scratch/tree/tests/run.sh" build >"$scratch/printed" 2>&1
	status=$?
	if [ $status -eq "$2" ] && [ "$(tail -n 1 "$scratch/printed")" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $1: status $status (expected $2), $(tail -n 1 "$scratch/printed") (expected $3)"
	fi
}

tree
program one 'echo "ok 1 - a"; echo "ok 2 - b"; echo "ok 3 # SKIP c"; echo "# ok - one"'
script two 'echo "# two: 3 passed, 0 failed, 1 skipped"'
expect 'counts are added up' 0 'tests: 5 passed, 0 failed, 2 skipped'

program three 'echo "ok 1 - a"; echo "not ok 2 - b"; exit 1'
expect 'a failed unit test' 1 'tests: 6 passed, 1 failed, 2 skipped'

tree
program crash 'echo "ok 1 - a"; kill -SEGV $$'
expect 'a crash' 1 'tests: 1 passed, 1 failed, 0 skipped'

tree
program silent 'exit 0'
expect 'a program without tests' 1 'tests: 0 passed, 1 failed, 0 skipped'

tree
script broken 'echo "# broken: 2 passed, 0 failed, 0 skipped"; exit 3'
expect 'a script that fails without saying so' 1 'tests: 2 passed, 1 failed, 0 skipped'

tree
script cut 'echo "so far so good"'
expect 'a script without counts' 1 'tests: 0 passed, 1 failed, 0 skipped'

tree
program gone 'echo "ok 1 - a"'
rm "$scratch/tree/build/tests/unit/test_gone"
expect 'a program that was not built' 1 'tests: 0 passed, 1 failed, 0 skipped'

tree
rm -r "$scratch/tree/tests/unit"
expect 'no test at all' 1 'tests: 0 passed, 0 failed, 0 skipped'

echo "# runner: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
