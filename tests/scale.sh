#!/bin/sh
# scale.sh BUILD - a check in parts, as docs/scale.md shows it, is what one check is: by GNU parallel where it is installed, and as
# the tasks of an array share a list.
set -u
PATH=$(cd "$1" && pwd):$PATH
export PATH
cd "$(dirname "$0")/data" || exit 2
passed=0
failed=0
skipped=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

expect() { # what: whether the last command did what it should
	if [ $? = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
	fi
}

find . -name '*.ipynb' | LC_ALL=C sort >"$scratch/list"
nbscope check --files-from "$scratch/list" --format ndjson >"$scratch/one" 2>/dev/null
whole=$?
merged() { # FILE...: the merged parts as text, and the status
	nbscope merge "$@" 2>/dev/null
	echo "$?"
}
{ nbscope check --files-from "$scratch/list" 2>/dev/null; echo "$whole"; } >"$scratch/expected"

# The array's tasks, one after the other.
for task in 0 1 2 3 4; do
	split -n r/$((task + 1))/5 "$scratch/list" |
		nbscope check --files-from - --format ndjson --fail-on never 2>/dev/null >"$scratch/part-$task.ndjson"
done
merged "$scratch"/part-*.ndjson | LC_ALL=C sort >"$scratch/found"
LC_ALL=C sort "$scratch/expected" | cmp -s - "$scratch/found"
expect 'the parts of an array are not what one check is'

# A part that was cut short is told, and does not take the others with it.
head -c 100 "$scratch/part-1.ndjson" >"$scratch/cut.ndjson"
nbscope merge "$scratch/part-0.ndjson" "$scratch/cut.ndjson" "$scratch/part-2.ndjson" >"$scratch/found" 2>"$scratch/told"
[ $? = 2 ] && grep -q "^$scratch/cut.ndjson:[0-9]*:[0-9]*: " "$scratch/told"
expect 'a part that was cut short is not told'
nbscope merge "$scratch/part-0.ndjson" "$scratch/part-2.ndjson" 2>/dev/null | cmp -s - "$scratch/found"
expect 'a part that was cut short changes what the others say'

# However many are looked at at a time, the same is written.
for jobs in 1 2 7; do
	nbscope check -j $jobs --files-from "$scratch/list" --format ndjson 2>/dev/null | cmp -s - "$scratch/one"
	expect "with -j $jobs another thing is written"
done

if command -v parallel >/dev/null 2>&1 && parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
	mkdir "$scratch/home"
	tr '\n' '\0' <"$scratch/list" |
		HOME=$scratch/home parallel -0 -X -k -j 3 nbscope check -j 1 --format ndjson --fail-on never 2>/dev/null >"$scratch/all"
	merged "$scratch/all" | cmp -s - "$scratch/expected"
	expect 'what GNU parallel ran is not what one check is'
else
	skipped=$((skipped + 1))
	echo 'skipped: scale: GNU parallel is not installed'
fi
echo "# scale: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
