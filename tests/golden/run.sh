#!/bin/sh
# run.sh BUILD [--update] - runs the commands of each transcript NAME.case and compares what they print.
#
# A transcript is read and written in this form; the commands run in tests/data, and BUILD's nbscope (or
# $NBSCOPE) is found by its name:
#
#   # a comment, or an empty line, belongs to the command below it
#   ? a command: where it fails, the command below it is skipped
#   $ nbscope report notebooks/clean.ipynb
#   | a line of standard output
#   ! a line of standard error
#   = 0 (the exit status)
#
# "\" at the end of a last line says that it had no line feed. To add a case, write its command and run with --update;
# then read what it wrote: a transcript is a claim that this is right.
set -u
cd "$(dirname "$0")" || exit 2
top=$(cd ../.. && pwd)
case ${NBSCOPE:-} in
'') program=$top/$1/nbscope ;;
/*) program=$NBSCOPE ;;
*) program=$top/$NBSCOPE ;;
esac
update=${2:-}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$scratch/bin/nbscope"
chmod +x "$scratch/bin/nbscope"
PATH=$scratch/bin:$PATH
export PATH
passed=0
failed=0
skipped=0

# The lines of a file behind a prefix.
quote() { # prefix file
	if [ -s "$2" ]; then
		sed "s/^/$1 /" "$2"
		[ -z "$(tail -c 1 "$2")" ] || echo '\'
	fi
}

for transcript in *.case; do
	awk -v scratch="$scratch" '
		!/^[|!=]/ { comment = comment $0 "\n" }
		/^\? / { condition = substr($0, 3) }
		/^\$ / {
			number++
			printf "%s", comment >(scratch "/" number ".head"); comment = ""
			printf "%s", condition >(scratch "/" number ".condition"); condition = ""
			printf "" >(scratch "/" number ".expected")
			print substr($0, 3) >(scratch "/" number ".command")
		}
		/^[|!=]/ { print >(scratch "/" number ".expected") }
		END { print number + 0 >(scratch "/count") }' "$transcript"
	count=$(cat "$scratch/count")
	number=0
	: >"$scratch/new"
	while [ "$number" -lt "$count" ]; do
		number=$((number + 1))
		if ! sh "$scratch/$number.condition" >/dev/null 2>&1; then
			cat "$scratch/$number.head" "$scratch/$number.expected" >>"$scratch/new"
			skipped=$((skipped + 1))
			echo "skipped: golden: $(cat "$scratch/$number.command")"
			continue
		fi
		(cd ../data && sh "$scratch/$number.command") >"$scratch/out" 2>"$scratch/err" </dev/null
		status=$?
		{
			quote '|' "$scratch/out"
			quote '!' "$scratch/err"
			echo "= $status"
		} >"$scratch/actual"
		cat "$scratch/$number.head" "$scratch/actual" >>"$scratch/new"
		if cmp -s "$scratch/$number.expected" "$scratch/actual"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAILED $transcript: $(cat "$scratch/$number.command")"
			diff "$scratch/$number.expected" "$scratch/actual" | sed 's/^/    /'
		fi
	done
	[ "$update" != --update ] || cmp -s "$scratch/new" "$transcript" || cp "$scratch/new" "$transcript"
	rm -f "$scratch"/*.head "$scratch"/*.condition "$scratch"/*.command "$scratch"/*.expected
done

echo "# golden: $passed passed, $failed failed, $skipped skipped"
[ "$update" = --update ] || [ "$failed" -eq 0 ]
