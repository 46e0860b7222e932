#!/bin/sh
# run.sh BUILD [unit] - runs every test (or the unit tests alone) against what is in BUILD and adds up the counts.
#
# A test is one of
#   BUILD/tests/unit/test_NAME      a cmocka program, asked for TAP
#   tests/NAME.sh, tests/NAME/run.sh   a script that is given BUILD and ends with the line
#                                      "# NAME: P passed, F failed, S skipped"
# run from the top of the source tree, with NBSCOPE set to the program under test. A test that exits with another
# status than its failures account for, crashes or prints no counts is a failure. What a test prints is
# shown only if it fails; a script's lines that begin with "skipped:" are shown always.
# The last line is "tests: P passed, F failed, S skipped"; the status is 0 only if something ran and nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$1
only=${2:-all}
NBSCOPE=$build/nbscope
export NBSCOPE
# The same everywhere, whatever the person's own settings are.
LC_ALL=$(locale -a 2>/dev/null | grep -iE '^(C|en_US)\.utf-?8$' | LC_ALL=C sort | head -n 1)
export LC_ALL="${LC_ALL:-C.UTF-8}" TZ=UTC TERM=xterm-256color
unset NO_COLOR COLUMNS LINES XDG_CONFIG_HOME
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:print_suppressions=0"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

output=$(mktemp) || exit 2
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT TERM

total_passed=0
total_failed=0
total_skipped=0

# Adds one test's counts and shows what there is to see.
account() { # name status
	passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
	if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "$1: exit status $2" >>"$output"
		failed=1
	elif [ $((passed + failed + skipped)) -eq 0 ]; then
		echo "$1: no test ran" >>"$output"
		failed=1
	fi
	if [ "$failed" -ne 0 ]; then
		cat "$output"
	else
		grep '^skipped:' "$output"
	fi
	printf '%-6s %-16s %5d passed' "$([ "$failed" -eq 0 ] && echo ok || echo FAILED)" "$1" "$passed"
	[ "$failed" -eq 0 ] || printf ', %d failed' "$failed"
	[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
	echo
	total_passed=$((total_passed + passed))
	total_failed=$((total_failed + failed))
	total_skipped=$((total_skipped + skipped))
}

run_program() {
	name=$(basename "$1" | sed 's/^test_//')
	CMOCKA_MESSAGE_OUTPUT=TAP "$1" >"$output" 2>&1
	status=$?
	skipped=$(grep -c '^ok .*# SKIP' "$output")
	passed=$(($(grep -c '^ok ' "$output") - skipped))
	failed=$(grep -c '^not ok' "$output")
	account "$name" "$status"
}

run_script() { # name path
	sh "$2" "$build" >"$output" 2>&1
	status=$?
	counts=$(sed -n "s/^# $1: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped\$/\1 \2 \3/p" "$output" | tail -n 1)
	# shellcheck disable=SC2086 # three numbers
	set -- "$1" ${counts:-0 0 0}
	passed=$2 failed=$3 skipped=$4
	account "$1" "$status"
}

# Programs of sources that are gone are not run.
for source in tests/unit/test_*.c; do
	[ ! -f "$source" ] || run_program "$build/${source%.c}"
done
if [ "$only" = all ]; then
	for script in tests/*.sh tests/*/run.sh; do
		case $script in
		tests/run.sh | tests/deps.sh | tests/coverage.sh | tests/oracle/run.sh) continue ;;
		tests/*/run.sh) name=$(basename "$(dirname "$script")") ;;
		*) name=$(basename "$script" .sh) ;;
		esac
		if [ -f "$script" ]; then run_script "$name" "$script"; fi
	done
fi

echo "tests: $total_passed passed, $total_failed failed, $total_skipped skipped"
[ $((total_passed)) -gt 0 ] && [ "$total_failed" -eq 0 ]
