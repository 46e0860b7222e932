#!/bin/sh
# coverage.sh BUILD - which share of each source file's lines the tests reached, from a build with --coverage.
set -eu
cd "$(dirname "$0")/.."
objects=$(find "$1" -name "*.gcda")
[ -n "$objects" ] || { echo 'No test wrote coverage data.' >&2; exit 1; }
# shellcheck disable=SC2086 # a list of files
gcov -n $objects 2>/dev/null | awk -F"[':% ]+" '
	/^File/ { file = $2 }
	/^Lines executed/ && file ~ /^(core|tui)\/.*\.c$/ {
		printf "%6.2f %% of %5d  %s\n", $3, $5, file
		reached += $3 / 100 * $5; lines += $5; file = ""
	}
	END { if (lines) printf "%6.2f %% of %5d  all\n", 100 * reached / lines, lines }' | sort -n -k 1
