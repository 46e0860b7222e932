#!/bin/sh
# slices.sh BUILD - the scripts that `nbscope export --slice` writes give what was saved, when Python runs them. (More of them, on
# sessions of real kernels: tests/oracle/slice_check.py.)
set -u
here=$(dirname "$0")
if ! command -v python3 >/dev/null 2>&1; then
	echo 'skipped: slices: they are Python, and python3 is not there'
	echo '# slices: 0 passed, 0 failed, 1 skipped'
	exit 0
fi
said=$(python3 -B "$here/oracle/slice_check.py" --nbscope "$1/nbscope" "$here/data/slices.ipynb") || said="$said FAILED"
case $said in
*FAILED* | *'cells that stand: 0,'*)
	echo "$said"
	echo '# slices: 0 passed, 1 failed, 0 skipped'
	exit 1
	;;
esac
passed=$(echo "$said" | sed -n 's/^slices of cells that stand: .* as saved: \([0-9]*\) .*/\1/p')
echo "# slices: $passed passed, 0 failed, 0 skipped"
