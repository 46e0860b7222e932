#!/bin/sh
# truth.sh BUILD - on the sessions of tests/oracle/truth nothing that nbscope is sure of may be wrong: every NameError that it foretells
# happened, and no result that it calls stale was the same again. (How much it finds is scored by make test-truth.)
set -u
here=$(dirname "$0")
if ! command -v python3 >/dev/null 2>&1; then
	echo 'skipped: truth: the scorer needs python3'
	echo '# truth: 0 passed, 0 failed, 3 skipped'
	exit 0
fi
passed=0
failed=0
score=$(NBSCOPE_TRUTH='' sh "$here/oracle/run.sh" "$1")
for claim in 'NameError P 1.0 ' 'false alarms 0;' 'failed 0'; do
	case $score in
	*"$claim"*) passed=$((passed + 1)) ;;
	*) failed=$((failed + 1)) && echo "FAILED: expected \"$claim\" in the scores" ;;
	esac
done
[ $failed = 0 ] || echo "$score"
echo "# truth: $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
