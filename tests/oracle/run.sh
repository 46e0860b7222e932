#!/bin/sh
# run.sh BUILD - scores nbscope's statuses against sessions that real kernels played and then really ran again from the top.
# NBSCOPE_TRUTH names another directory of such sessions than the sample in truth/. This is `make test-truth`.
set -u
build=$1
here=$(dirname "$0")
if ! command -v python3 >/dev/null 2>&1; then
	echo 'skipped: the scorer needs python3 (its standard library is enough)'
	exit 0
fi
exec python3 -B "$here/score_status.py" --nbscope "$build/nbscope" "${NBSCOPE_TRUTH:-$here/truth}"
