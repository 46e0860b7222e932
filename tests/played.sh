#!/bin/sh
# played.sh BUILD - random notebooks of plain Python, really played: nothing that nbscope status is certain of may be wrong
# (tests/oracle/status_random.py; with more cells it finds more).
set -u
here=$(dirname "$0")
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	echo 'skipped: played: the notebooks are played by python3, 3.11 or newer'
	echo '# played: 0 passed, 0 failed, 2 skipped'
	exit 0
fi
passed=0
failed=0
play() {
	if said=$(python3 -B "$here/oracle/status_random.py" --nbscope "$NBSCOPE" --cells 400 --show 2 "$@"); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$said"
	fi
}
play --seed 1
play --seed 1 --history
echo "# played: $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
