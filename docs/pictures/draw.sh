#!/bin/sh
# draw.sh BUILD DIRECTORY - draws the pictures of the documents with the program itself (make pictures).
set -eu
cd "$(dirname "$0")/../.."

"$1/nbscope" --screen 110x28 --theme dark --keys ']s]s]s]s]s]s' --svg docs/examples/hidden-state.ipynb >"$2/inspector.svg"
