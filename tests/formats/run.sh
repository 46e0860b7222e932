#!/bin/sh
# run.sh BUILD - what `nbscope check` writes is what the tools around it read (formats.py says what is asked), on all notebooks
# here and in the corpus (NBSCOPE_CORPUS, or ../shared/corpus beside the source tree).
set -u
build=$(cd "$1" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
corpus=${NBSCOPE_CORPUS:-../shared/corpus}
[ -d "$corpus" ] || corpus=
schemas=${NBSCOPE_SCHEMAS:-}
able='import sys; sys.exit(sys.version_info < (3, 9))'
[ -z "$schemas" ] || able='import sys, lxml, jsonschema'
for python in "${PYTHON:-}" python3 /usr/bin/python3; do
	if [ -n "$python" ] && "$python" -c "$able" >/dev/null 2>&1; then
		exec "$python" -B tests/formats/formats.py "$build/nbscope" docs/examples tests/data $corpus
	fi
done
echo 'skipped: formats: no Python 3.9 is here to read them (with jsonschema and lxml where NBSCOPE_SCHEMAS is given)'
echo '# formats: 0 passed, 0 failed, 1 skipped'
