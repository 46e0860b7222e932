#!/bin/sh
# run.sh BUILD [KEYS [SEED]] - presses random keys on notebooks; see random_keys.c. Other notebooks: NOTEBOOKS="FILE...", or
# those of a folder: NBSCOPE_CORPUS=DIR.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$1 keys=${2:-20000} seed=${3:-1}
top=$(pwd)
case $build in /*) ;; *) build=$top/$build ;; esac
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$top/tests/leaks.supp:print_suppressions=0}"
for file in ${NOTEBOOKS:-"$top"/tests/data/*.ipynb "$top"/tests/data/notebooks/*.ipynb "$top"/docs/examples/*.ipynb}; do
	printf '%s\n' "$file"
done >"$scratch/list"
if [ "${NBSCOPE_CORPUS:-}" ]; then
	find "$NBSCOPE_CORPUS" -name '*.ipynb' -size -2000k | sort >>"$scratch/list"
fi
# Somewhere else, so that what a prompt is told to write lands where it is removed.
mkdir "$scratch/here"
cd "$scratch/here" || exit 2
if tr '\n' '\0' <"$scratch/list" | XDG_CONFIG_HOME="$scratch" xargs -0 "$build/random_keys" "$keys" "$seed"; then
	echo "# keys: 1 passed, 0 failed, 0 skipped"
else
	echo "# keys: 0 passed, 1 failed, 0 skipped"
	exit 1
fi
