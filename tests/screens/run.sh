#!/bin/sh
# run.sh [--update] BUILD-OR-PROGRAM - holds the screens against what they were; --update writes them anew. See README.md.
set -u
cd "$(dirname "$0")/../.." || exit 2
update=
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
program=${1:-build}
[ ! -d "$program" ] || program=$program/nbscope
if [ ! -x "$program" ]; then
	echo "skipped: screens: $program is not built"
	echo "# screens: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
passed=0
failed=0
skipped=0
actual=$(mktemp) || exit 2
expected=$(mktemp) || exit 2
trap 'rm -f "$actual" "$expected"' EXIT

escape=$(printf '\033')

field() { # name file
	sed -n "1,/^---\$/s/^$1: //p" "$2"
}

for case in tests/screens/*.screen; do
	needs=$(field needs "$case")
	if [ "$needs" ] && ! "$program" --version | grep -q "^extras:.* $needs "; then
		echo "skipped: $case: nbscope was built without $needs"
		skipped=$((skipped + 1))
		continue
	fi
	form=$(field form "$case")
	case $form in
	slots) flag=--slots ;;
	ansi) flag=--color=always ;;
	*) flag= ;;
	esac
	# shellcheck disable=SC2086 # no flag, no word
	"$program" --screen "$(field size "$case")" --keys "$(field keys "$case")" $flag "$(field file "$case")" 2>&1 | sed "s/$escape/\\\\e/g" >"$actual"
	if [ "$update" ]; then
		sed '/^---$/q' "$case" >"$expected"
		cat "$expected" "$actual" >"$case"
		continue
	fi
	sed '1,/^---$/d' "$case" >"$expected"
	if cmp -s "$expected" "$actual"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $case"
		diff "$expected" "$actual"
	fi
done
[ ! "$update" ] || exit 0

# In a real terminal.
if sh tests/screens/tmux.sh "$program" >"$actual" 2>&1; then
	grep '^skipped:' "$actual"
else
	cat "$actual"
	grep -q '^FAILED' "$actual" || failed=$((failed + 1))
fi
passed=$((passed + $(grep -c '^ok ' "$actual")))
failed=$((failed + $(grep -c '^FAILED' "$actual")))
skipped=$((skipped + $(grep -c '^skipped:' "$actual")))

echo "# screens: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
