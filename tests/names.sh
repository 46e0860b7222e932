#!/bin/sh
# names.sh BUILD [FILE|FOLDER|--stdlib...] - holds what `nbscope effects` says against CPython's compiler and IPython's input transformer:
# the hand-written cases, random control flow, random forms of IPython's input, then the given sources; without any, a sample.
# Needs CPython 3.11 with IPython 8, whose answers tests/oracle/names_oracle.py reads; a newer CPython answers the cases of newer syntax.
# PYTHON names one, SEED and CELLS choose the random cells, SAMPLE is how many files are taken (0: all). `make test-oracle` gives it more.
set -u
build=$1
shift
here=$(dirname "$0")
cells=${CELLS:-300} seed=${SEED:-1} sample=${SAMPLE:-0}
if [ $# = 0 ]; then
	set -- --stdlib "$here/data" "$here/../docs/examples"
	sample=${SAMPLE:-40}
fi
passed=0 failed=0 skipped=0

# The first of the given commands that is such a Python, or nothing.
find_python() { # what it must do, then commands
	able=$1
	shift
	for python; do
		if [ -n "$python" ] && "$python" -c "$able" >/dev/null 2>&1; then
			echo "$python"
			return
		fi
	done
}

run() { # title command...
	title=$1
	shift
	if told=$("$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $title"
	fi
	echo "$told"
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: names: $1"
}

python=$(find_python 'import sys, IPython; sys.exit(sys.version_info[:2] != (3, 11) or IPython.version_info[0] != 8)' \
	"${PYTHON:-}" python3 python3.11 /usr/bin/python3)
newer=$(find_python 'import sys; sys.exit(sys.version_info < (3, 13))' "${PYTHON:-}" python3 python3.14 python3.13 /usr/bin/python3)

if [ -n "$newer" ]; then
	run 'newer syntax' "$newer" -B "$here/oracle/names_cases.py" "$here/data/names-3.13.cases"
else
	skip 'no CPython 3.13 or newer is here to be asked about newer syntax'
fi
if [ -n "$python" ]; then
	work=$(mktemp -d) || exit 2
	trap 'rm -rf "$work"' EXIT
	score="$here/oracle/score_names.py"
	run 'cases' "$python" -B "$here/oracle/names_cases.py" "$here/data/names.cases"
	"$python" -B "$here/oracle/names_random.py" --seed "$seed" --count "$cells" "$work/random.ipynb" || exit 2
	run 'random control flow' "$python" -B "$score" --nbscope "$build/nbscope" "$work/random.ipynb"
	"$python" -B "$here/oracle/names_forms.py" --seed "$seed" --count "$cells" "$work/forms.ipynb" || exit 2
	run 'forms of input' "$python" -B "$score" --nbscope "$build/nbscope" "$work/forms.ipynb"
	run 'files' "$python" -B "$score" --nbscope "$build/nbscope" --sample "$sample" --seed "$seed" "$@"
else
	for part in cases 'random control flow' 'forms of input' files; do
		skip "no CPython 3.11 with IPython 8 is here to be asked about $part"
	done
fi
echo "# names: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
