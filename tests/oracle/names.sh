#!/bin/sh
# names.sh BUILD PYTHON [FILE|FOLDER|--stdlib...] - holds `nbscope effects` against CPython's compiler: hand-written cases,
# random cells, then the given sources. This is `make test-oracle`. SEED and CELLS choose the random ones.
set -u
build=$1
python=$2
shift 2
here=$(dirname "$0")
if ! "$python" -c 'import sys, IPython; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
	echo "skipped: the oracle of names needs CPython 3.11 with IPython; say make test-oracle PYTHON=..."
	exit 0
fi
random=$(mktemp -d) || exit 1
trap 'rm -rf "$random"' EXIT
status=0
"$python" -B "$here/names_cases.py" "$here/../data/names.cases" || status=1
"$python" -B "$here/names_random.py" --seed "${SEED:-1}" --count "${CELLS:-2000}" "$random/random.ipynb" || status=1
"$python" -B "$here/score_names.py" --nbscope "$build/nbscope" "$random/random.ipynb" "$@" || status=1
exit $status
