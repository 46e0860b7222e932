#!/bin/sh
# libraries.sh BUILD - a library that nbscope loads when it is needed is missed only then, and said to be missing.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${NBSCOPE:=$1/nbscope}"
passed=0
failed=0
names=$(tr ' ' '\n' <"$1/flags" | sed -n 's/^-DLIBRARY_.*=//p')
if [ -z "$names" ]; then
	echo 'skipped: libraries: all of them are linked here'
	echo '# libraries: 0 passed, 0 failed, 1 skipped'
	exit 0
fi
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/broken"
for name in $names; do : >"$scratch/broken/$name"; done

expect() { # what it is, status, text, command...
	what=$1 status=$2 text=$3
	shift 3
	LD_LIBRARY_PATH=$scratch/broken "$@" >"$scratch/out" 2>&1
	got=$?
	if [ "$got" -eq "$status" ] && grep -qF "$text" "$scratch/out"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $what: exit status $got"
		cat "$scratch/out"
	fi
}

head -c 4096 /dev/zero | { printf 'SQLite format 3\0'; cat; } >"$scratch/history.sqlite"
expect 'a report needs none of them' 0 'results stand' "$NBSCOPE" report docs/examples/hidden-state.ipynb
expect 'a history needs SQLite' 2 "libsqlite3.so" "$NBSCOPE" log --history "$scratch/history.sqlite" docs/examples/hidden-state.ipynb
for name in $names; do
	case $name in
	libchafa*) expect 'an image needs chafa' 0 "$name can't be loaded" "$NBSCOPE" --screen 120x24 --keys vi tests/data/images.ipynb ;;
	esac
done
echo "# libraries: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
