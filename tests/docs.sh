#!/bin/sh
# docs.sh BUILD - the documents hold what they promise.
#
# - Each command in a ```console block (a line that begins with "$ ") is run from the top of the source tree and must print
#   the lines that follow it; a line "…" stands for any lines.
# - Links to files of the tree lead to files.
# - The pictures are what the program draws now (make pictures).
# - The keys in the README's table are keys of the inspector's help.
# - The README has exactly two ```sh blocks, the set-up commands, of one line each; .ci/run takes the second from there.
set -u
cd "$(dirname "$0")/.." || exit 2
PATH=$(cd "$1" && pwd):$PATH
export PATH
passed=0
failed=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

documents=$(find README.md CHANGELOG.md docs tests -name '*.md' | LC_ALL=C sort)

# shellcheck disable=SC2086 # a list of files
awk -v scratch="$scratch" '
	FNR == 1 { inside = 0 }
	/^```/ { if (inside) inside = 0; else inside = /^```console *$/; target = ""; next }
	inside && /^\$ / {
		name = sprintf("%s/%04d", scratch, ++number)
		print substr($0, 3) >(name ".command")
		print FILENAME ":" FNR >(name ".where")
		target = name ".expected"
		printf "" >target
		next
	}
	inside && target { print >target }' $documents

for command in "$scratch"/*.command; do
	[ -f "$command" ] || continue
	name=${command%.command}
	sh "$command" >"$name.printed" 2>&1 </dev/null
	# Where the next expected line may be found: at the next line, or after a "…" at any later one.
	if awk '
		NR == FNR { expected[++count] = $0; next }
		{ printed[++lines] = $0 }
		END {
			at = 1; loose = 0
			for (i = 1; i <= count; i++) {
				if (expected[i] == "…") { loose = 1; continue }
				while (loose && at <= lines && printed[at] != expected[i]) at++
				if (at > lines || printed[at] != expected[i]) exit 1
				at++; loose = 0
			}
			exit !(loose || at > lines)
		}' "$name.expected" "$name.printed"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $(cat "$name.where"): $(cat "$command")"
		diff "$name.expected" "$name.printed" | sed 's/^/    /'
	fi
done

for document in $documents; do
	# [text](target) without a scheme, and without the part after #
	grep -o '](\([^)]*\))' "$document" | sed 's/^](//; s/)$//; s/#.*//' | grep -v '^[a-z]*:' | grep . >"$scratch/links"
	missing=0
	while read -r link; do
		[ -e "$(dirname "$document")/$link" ] || { missing=1 && echo "FAILED $document: there is no $link"; }
	done <"$scratch/links"
	if [ $missing = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

# The help shows the keys of the view that it was called from.
for view in vc vf; do
	nbscope --screen 100x1000 --keys "$view<F1>" docs/examples/hidden-state.ipynb | cut -c1-29 | tr -s ' ' '\n' | grep .
done >"$scratch/help"
awk '/^\| keys/ { inside = 1 } !/^\|/ { inside = 0 } inside' README.md | awk -F'|' '{ print $2 }' | grep -o '`[^`]*`' | tr -d '`' >"$scratch/keys"
unknown=$(grep -vxFf "$scratch/help" "$scratch/keys")
if [ -s "$scratch/keys" ] && [ -z "$unknown" ]; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "FAILED README.md: the help of the inspector does not know the keys:" $unknown
fi

mkdir "$scratch/pictures"
if sh docs/pictures/draw.sh "$1" "$scratch/pictures" && diff -rq -x draw.sh docs/pictures "$scratch/pictures"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo 'FAILED docs/pictures: not what the program draws (make pictures draws them anew)'
fi

awk '/^```/ { if (inside) inside = 0; else if (/^```sh *$/) { inside = 1; print "block" }; next } inside' README.md >"$scratch/setup"
if [ "$(cat "$scratch/setup")" = "block
sh tests/deps.sh && make run
block
sh tests/deps.sh && make test" ]; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo 'FAILED README.md: its sh blocks are not the two set-up commands'
fi

echo "# docs: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
