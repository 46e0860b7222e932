#!/bin/sh
# lint.sh BUILD [all] - the rules of the house that a program can check. `all` also asks clang-format and clang-tidy (or
# cppcheck), which differ from version to version and so are no test.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$1
extent=${2:-rules}
passed=0
failed=0
skipped=0

sources() {
	find core tui -name '*.[ch]' 2>/dev/null | LC_ALL=C sort
}

# rule NAME: the lines in $found break it.
found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT
rule() {
	if [ -s "$found" ]; then
		failed=$((failed + 1))
		echo "FAILED $1"
		cat "$found"
	else
		passed=$((passed + 1))
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: lint: $1"
}

# Lines of C without comments and strings, as FILE:LINE:TEXT.
code() {
	awk '
		FNR == 1 { comment = 0 }
		{
			line = $0; text = ""
			while (line != "") {
				if (comment) {
					at = index(line, "*/")
					if (!at) { line = ""; break }
					line = substr(line, at + 2); comment = 0
				} else if (match(line, /"([^"\\]|\\.)*"|'\''([^'\''\\]|\\.)*'\''|\/\*|\/\//)) {
					text = text substr(line, 1, RSTART - 1)
					found = substr(line, RSTART, RLENGTH)
					line = substr(line, RSTART + RLENGTH)
					if (found == "/*") comment = 1
					else if (found == "//") line = ""
					else text = text "\"\""
				} else { text = text line; line = "" }
			}
			if (text ~ /[^ \t]/) print FILENAME ":" FNR ":" text
		}' "$@"
}

# The rooms of core in the order of the data; a room includes itself and the rooms before it.
rooms='base notebook python languages history flow findings diff analysis report'

sources | xargs grep -lE '#include *<(cjson/)?cJSON\.h>' | grep -v '^core/notebook/metadata\.c$' >"$found"
rule 'only core/notebook/metadata.c includes cJSON'
sources | xargs grep -lE '#include *<(ncursesw/)?n?curses\.h>' | sed -n '2,$p' >"$found"
rule 'one file includes <curses.h>'
find core -name '*.[ch]' -print0 | xargs -0 grep -nE '#include *"(\.\./)*tui/' >"$found"
rule 'core never includes tui'
find core -name '*.[ch]' -print0 | xargs -0 grep -nE '#include *"\.\.?/' >"$found"
rule 'includes in core are written from core'
find core -name '*.[ch]' -print0 | xargs -0 grep -nE '#include *"' | awk -F: -v rooms="$rooms" '
	BEGIN { n = split(rooms, name, " "); for (i = 1; i <= n; i++) place[name[i]] = i }
	{
		from = $1; sub(/^core\//, "", from); sub(/[\/.].*/, "", from)
		to = $0; sub(/^[^"]*"/, "", to)
		if (to !~ /^[a-z_]+[\/.]/) next
		sub(/[\/.].*/, "", to)
		if (!(from in place)) print $1 ": no such room: " from
		else if (to in place && place[to] > place[from]) print $0
	}' >"$found"
rule 'a room of core includes only rooms before it'

banned='strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca|tmpnam|mktemp|system'
code $(sources) | grep -E "(^|[^A-Za-z0-9_])($banned) *\(" >"$found"
rule 'no banned function'
code $(find core -name '*.[ch]') | sed 's/format(printf,//' | grep -E '(^|[^A-Za-z0-9_])((printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|perror|exit|_exit) *\(|(stdout|stderr|stdin)([^A-Za-z0-9_]|$))' >"$found"
rule 'core does not print, exit or know the standard streams'
sources | while read -r file; do
	case $file in
	*.h)
		guard=NBSCOPE_$(echo "$file" | sed 's/^core\///' | tr 'a-z/.' 'A-Z__')
		grep -q "^#ifndef $guard\$" "$file" || echo "$file: its guard is not $guard"
		;;
	esac
	awk -v file="$file" '/[ \t]$/ { print file ":" FNR ": white space at the end of the line" }' "$file"
	[ -z "$(tail -c 1 "$file")" ] || echo "$file: no line feed at its end"
done >"$found"
rule 'headers are guarded by their path; lines end cleanly'
git ls-files 2>/dev/null | grep -v '^tests/' | xargs grep -nF '../shared' /dev/null 2>/dev/null >"$found"
rule 'only tests know of the shared corpus'

# Objects in writable sections are mutable state. Only what the compiler laid out plainly can be asked.
if ! command -v objdump >/dev/null 2>&1 || ! objdump -h "$build/libnbscope.a" 2>/dev/null | grep -q 'elf'; then
	skip 'no ELF archive to look into, so whether core has mutable state is not known'
elif nm "$build/libnbscope.a" 2>/dev/null | grep -qE '__asan|__gcov|__ubsan|__sancov'; then
	skip 'an instrumented build does not tell whether core has mutable state'
else
	objdump -t "$build/libnbscope.a" | awk '
		/^[^ ].*file format/ { object = $1 }
		$0 ~ / O \.(data|data\.rel|data\.rel\.local|bss|tdata|tbss)[ \t]/ || $0 ~ / O \*COM\*/ { print object ": " $NF }' >"$found"
	rule 'core has no mutable state of its own'
fi

if [ "$extent" = all ]; then
	if command -v clang-format >/dev/null 2>&1; then
		echo "clang-format: $(clang-format --version)"
		find core tui tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run 2>&1 | grep 'warning:' >"$found"
		rule 'laid out as clang-format would (make format)'
	else
		skip 'no clang-format here'
	fi
	if command -v clang-tidy >/dev/null 2>&1; then
		find core tui -name '*.c' -print0 | xargs -0 clang-tidy --quiet -p . 2>/dev/null | grep -E 'warning:|error:' | sed "s|^$PWD/||" | LC_ALL=C sort -u >"$found"
		rule 'nothing for clang-tidy to say'
	elif command -v cppcheck >/dev/null 2>&1; then
		cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr -Icore -I. core tui 2>&1 >"$found"
		rule 'nothing for cppcheck to say'
	else
		skip 'neither clang-tidy nor cppcheck here'
	fi
fi

echo "# lint: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
