#!/bin/sh
# manual.sh BUILD - the manual pages and the shells' completions.
#
# - mandoc and groff have nothing to say of the pages, and man shows each command, option and rule.
# - bash and fish complete what they are asked; zsh reads its completion.
# - `make install` puts the program and all of these where they are looked for, and `make uninstall` leaves nothing.
# What is not installed here is skipped.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${NBSCOPE:=$1/nbscope}"
passed=0
failed=0
skipped=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# Passes when nothing was printed into $scratch/said.
quiet() { # name
	if [ -s "$scratch/said" ]; then
		failed=$((failed + 1))
		echo "FAILED $1:"
		head -n 20 "$scratch/said"
	else
		passed=$((passed + 1))
	fi
}

has() {
	command -v "$1" >/dev/null 2>&1 && return
	skipped=$((skipped + 1))
	echo "skipped: manual: no $1 here"
	return 1
}

for page in $("$NBSCOPE" manual | cut -d' ' -f1); do
	"$NBSCOPE" manual "$page" >"$scratch/$page" 2>"$scratch/said"
	quiet "nbscope manual $page"
done

if has mandoc; then
	for page in "$scratch"/*.[15]; do
		# A date would change with each build.
		mandoc -T lint -W warning "$page" 2>&1 | grep -v 'missing date' >"$scratch/said"
		quiet "mandoc -T lint $(basename "$page")"
	done
fi
if has groff; then
	for page in "$scratch"/*.[15]; do
		groff -ww -man -Tascii "$page" 2>"$scratch/said" >"$page.text"
		quiet "groff -ww $(basename "$page")"
	done
	{
		"$NBSCOPE" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p; s/^.*--\([a-z-]*\).*/--\1/p'
		"$NBSCOPE" rules | cut -d' ' -f1
	} >"$scratch/words"
	# Without what makes letters bold, and without hyphens at the ends of lines.
	sed "s/$(printf '\033')\[[0-9;]*m//g; s/.$(printf '\b')//g" "$scratch/nbscope.1.text" >"$scratch/plain"
	while read -r word; do
		grep -qF -e "$word" "$scratch/plain" || echo "$word"
	done <"$scratch/words" >"$scratch/said"
	[ -s "$scratch/words" ] || echo 'no words' >"$scratch/said"
	quiet 'nbscope.1 names each command, option and rule'
fi

mkdir -p "$scratch/place/a folder"
: >"$scratch/place/one two.ipynb"
: >"$scratch/place/plain.ipynb"
: >"$scratch/place/script.py"
: >"$scratch/place/found.ndjson"

# expect SHELL 'WORDS' ANSWERS...: the answers in order, as the shell sorts them.
expect() {
	shell=$1 line=$2
	shift 2
	printf "%s\n" "$@" | grep . | LC_ALL=C sort >"$scratch/expected"
	(cd "$scratch/place" && complete_in_"$shell" "$line") | grep . | LC_ALL=C sort >"$scratch/answered"
	diff "$scratch/expected" "$scratch/answered" >"$scratch/said" 2>&1
	quiet "$shell completes: $line"
}

complete_in_bash() { # line; its words end in blanks, "=" is a word of its own as in bash's own reading
	bash --norc -c '
		source "$1"
		IFS=" " read -r -a COMP_WORDS <<<"${2//=/ = }"
		[[ $2 != *" " ]] && [[ $2 != *= ]] || COMP_WORDS+=("")
		[[ $2 != *= ]] || unset "COMP_WORDS[${#COMP_WORDS[@]}-1]"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_nbscope
		printf "%s\n" "${COMPREPLY[@]}"' bash "$scratch/bash" "$1"
}

complete_in_fish() {
	HOME=$scratch fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$scratch/fish" "$1" | cut -f1
}

both() { # line answers...
	! $bash || expect bash "$@"
	! $fish || expect fish "$@"
}

bash=false fish=false
if has bash; then bash=true; fi
if has fish; then fish=true; fi
both 'nbscope rep' report
both 'nbscope report --forma' --format
both 'nbscope plan --format ' text json
both 'nbscope report --format h' html
both 'nbscope check --fail-on ' note warning error never
both 'nbscope graph --order e' execution
both 'nbscope rules sta' stale-result star-import
both 'nbscope help pla' plan
both 'nbscope manual z' zsh
if $bash; then
	expect bash 'nbscope report --color=' auto always never
	expect bash 'nbscope report --color=al' always
	expect bash 'nbscope report ' 'one two.ipynb' plain.ipynb 'a folder'
	expect bash 'nbscope effects s' script.py
	expect bash 'nbscope merge f' found.ndjson
	expect bash 'nbscope report plain.ipynb o' 'one two.ipynb'
	expect bash 'nbscope --theme d' dark default
	# shellcheck disable=SC2046 # words
	expect bash 'nbscope check --select NB10' $("$NBSCOPE" rules | cut -d' ' -f1 | grep '^NB10')
	expect bash 'nbscope report --width ' ''
	expect bash 'nbscope p' plain.ipynb plan
fi
if has zsh; then
	zsh -fn "$scratch/zsh" >"$scratch/said" 2>&1
	quiet 'zsh -n'
fi

prefix=$scratch/root/usr
# What is built stays as it is, whatever flags made it.
make_quietly() {
	make -s -o all BUILD="$1" DESTDIR="$scratch/root" prefix=/usr "$2" >"$scratch/printed" 2>&1 && return
	cp "$scratch/printed" "$scratch/said"
}
: >"$scratch/said"
make_quietly "$1" install
quiet 'make install'
(cd "$prefix" && find . -type f | LC_ALL=C sort) >"$scratch/installed"
cat >"$scratch/expected" <<'END'
./bin/nbscope
./share/bash-completion/completions/nbscope
./share/fish/vendor_completions.d/nbscope.fish
./share/man/man1/nbscope.1
./share/man/man5/nbscope-config.5
./share/zsh/site-functions/_nbscope
END
diff "$scratch/expected" "$scratch/installed" >"$scratch/said"
quiet 'what make install installs'
make_quietly "$1" uninstall
find "$scratch/root" -type f >>"$scratch/said"
quiet 'make uninstall'

echo "# manual: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
