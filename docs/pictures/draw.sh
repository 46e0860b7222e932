#!/bin/sh
# draw.sh BUILD DIRECTORY - draws the pictures of the documents with the program itself (make pictures).
set -eu
cd "$(dirname "$0")/../.."
program=$1/nbscope
into=$2

draw() { # name size keys file
	"$program" --screen "$2" --theme dark --keys "$3" --svg "$4" >"$into/$1.svg"
}

example=docs/examples/hidden-state.ipynb
draw inspector 110x28 ']s]s]s]s]s]s' $example
draw detail 110x28 ':14<Enter>vd' $example
draw graph 110x28 ':14<Enter>vg' $example
draw graph-from-top 110x28 ':14<Enter>vgs' $example
draw matrix 110x28 'vmjjjjj$' $example
draw history 110x28 'vh8G' $example
draw findings 110x28 'vfjjjjjj' $example
draw rule 110x28 'vfjjjjjjgx' $example
draw runs 110x28 'vl8G' $example
draw info 110x28 '=' $example
draw results 110x28 '/data<Enter>vs' $example
draw readers 110x28 ':12<Enter>vdwwgr' $example
draw help 110x28 'vhH' $example
draw prefix 80x24 'v' $example
draw completions 80x24 ':next<Tab><Tab>' $example
