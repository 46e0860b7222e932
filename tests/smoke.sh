#!/bin/sh
# smoke.sh BUILD - runs every notebook that we have through every form, and looks at what no notebook may do to us.
#
# For each notebook of the corpus (NBSCOPE_CORPUS, or ../shared/corpus beside the source tree), of tests/data and of
# docs/examples, and each form: the status is 0 with nothing on standard error, or 2 with nothing on standard output and one line
# FILE:LINE:COL: on standard error, the same for every form; what is printed holds no control character but line feeds
# and no bidirectional control; JSON is JSON; a page of HTML holds only elements and attributes of ours, and nothing from
# elsewhere; no sanitizer speaks. What is in tests/data/malformed must be refused, at
# the line of LINES.tsv.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${NBSCOPE:=$1/nbscope}"
passed=0
failed=0
skipped=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
limit=
if command -v timeout >/dev/null 2>&1; then limit='timeout 20'; fi

FORMS='report --format text
report --format json
report --format html
report --format markdown
status --format text
status --format json
effects --format text
imports --format json
effects --format json
log --format text
log --format json
graph --format text
graph --format json
graph --format dot
graph --format mermaid
plan --format text
plan --format json
--screen 80x24'

wrong() {
	echo "FAILED $file ($form): $1"
	sed 's/^/    /' "$scratch/err" | head -n 20
	bad=1
}

line_feed='
'
number=0
smoke() { # file [line that must be named]
	file=$1
	number=$((number + 1))
	bad=0
	verdict=
	while read -r form; do
		case $form in
		*json) out=$scratch/$number.$form.json ;;
		*html) out=$scratch/$number.html.text ;;
		*) out=$scratch/$number.$form.text ;;
		esac
		# shellcheck disable=SC2086 # words
		$limit "$NBSCOPE" $form "$file" >"$out" 2>"$scratch/err" </dev/null
		status=$?
		[ "${verdict:=$status}" = "$status" ] || wrong "status $status, but $verdict in another form"
		case $status in
		0)
			[ ! -s "$scratch/err" ] || wrong 'status 0, but something on standard error'
			[ -s "$out" ] || [ "$form" = 'effects --format json' ] || wrong 'status 0, but nothing on standard output'
			;;
		2)
			said=$(cat "$scratch/err")
			[ ! -s "$out" ] || wrong 'status 2, but something on standard output'
			case $said in
			'') wrong 'status 2, but no reason given' ;;
			*"$line_feed"*) wrong 'status 2, but more than one line on standard error' ;;
			"$file":[0-9]*:[0-9]*': '?*) ;;
			*) wrong 'the reason does not begin with FILE:LINE:COL:' ;;
			esac
			if [ $# = 2 ]; then
				case $said in
				"$file:$2":*) ;;
				*) wrong "the mistake is in line $2" ;;
				esac
			fi
			cp "$scratch/err" "$out.err.text"
			;;
		*) wrong "status $status" ;;
		esac
		[ $bad = 0 ] || break
	done <<-END
	$FORMS
	END
	[ $# = 1 ] || [ "$verdict" = 2 ] || { bad=1 && echo "FAILED $file: should be refused"; }
	echo "$number $file" >>"$scratch/files"
	if [ $bad = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

if [ ! -x "$NBSCOPE" ]; then
	echo "There is no $NBSCOPE."
	exit 1
fi

corpus=${NBSCOPE_CORPUS:-../shared/corpus}
if [ -d "$corpus" ]; then
	find "$corpus" -name '*.ipynb' | LC_ALL=C sort >"$scratch/list"
else
	echo "skipped: smoke: no corpus of notebooks at $corpus (set NBSCOPE_CORPUS)"
	skipped=$((skipped + 1))
fi
find docs/examples tests/data -name '*.ipynb' ! -path '*/malformed/*' | LC_ALL=C sort >>"$scratch/list"
while read -r path; do
	smoke "$path"
done <"$scratch/list"

while IFS="$(printf '\t')" read -r name line; do
	case $name in
	'#'*) ;;
	*) smoke "tests/data/malformed/$name" "$line" ;;
	esac
done <tests/data/malformed/LINES.tsv
# A nesting that would eat the stack of a recursive reader, and a file name with an escape sequence in it.
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "["; print "" }' >"$scratch/deep.ipynb"
smoke "$scratch/deep.ipynb" 2
mkdir "$scratch/missing"
smoke_missing() {
	form=report
	"$NBSCOPE" report "$1" >"$scratch/out" 2>"$scratch/err"
	status=$?
	if [ $status = 2 ] && [ ! -s "$scratch/out" ] && [ "$(wc -l <"$scratch/err")" -eq 1 ]; then
		passed=$((passed + 1))
		cp "$scratch/err" "$scratch/$2.missing.text"
	else
		file=$1
		wrong 'what is no file must give one line and status 2'
		failed=$((failed + 1))
	fi
}
smoke_missing "$scratch/none.ipynb" 1
smoke_missing "$scratch/missing" 2
smoke_missing "$(printf '%s/\033[31mred.ipynb' "$scratch")" 3

# Control characters (C0 but line feed, DEL, C1) and bidirectional controls.
control=$(printf '[\001-\011\013-\037\177]|\302[\200-\237]|\342\200[\216\217\252-\256]|\342\201[\246-\251]')
find "$scratch" \( -name '*.text' -o -name '*.json' \) -exec env LC_ALL=C grep -lE "$control" {} + >"$scratch/controls"
find "$scratch" \( -name '*.text' -o -name '*.json' \) -exec sh -c 'for f; do [ "$(tr -cd "\000" <"$f" | head -c 1 | wc -c)" -eq 0 ] || echo "$f"; done' sh {} + >>"$scratch/controls"
if [ -s "$scratch/controls" ]; then
	failed=$((failed + 1))
	while read -r path; do
		name=${path#"$scratch"/}
		echo "FAILED control characters in what is printed of $(grep "^${name%%.*} " "$scratch/files") ($name)"
	done <"$scratch/controls"
else
	passed=$((passed + 1))
fi

if command -v python3 >/dev/null 2>&1; then
	if python3 - "$scratch" <<'PYTHON'; then
import glob, json, os, sys
bad = 0
names = dict(line.rstrip("\n").split(" ", 1) for line in open(os.path.join(sys.argv[1], "files")))
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json"))):
    try:
        text = open(path, encoding="utf-8").read()
        documents = text.splitlines() if "effects" in path else [text] if text else []
        for document in documents:
            if json.loads(document).get("schema") != 1:
                raise ValueError("no schema 1")
    except ValueError as error:
        bad = 1
        form = os.path.basename(path)
        print("FAILED JSON of", names[form.split(".")[0]], form, error)
sys.exit(bad)
PYTHON
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	if python3 - "$scratch" <<'PYTHON'; then
import glob, html.parser, os, re, sys
VOID = {"meta", "img", "path"}
ELEMENTS = VOID | set("""html head title style body header main footer h1 h2 h3 p a code pre span strong ul ol li div article
    details summary svg text table thead tbody tr th td""".split())
PLAIN = {"lang", "charset", "name", "content", "http-equiv", "class", "id", "title", "aria-label", "role", "tabindex", "width",
         "height", "viewbox", "x", "y", "text-anchor", "d", "scope", "alt"}
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []
    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.wrong.append("<%s>" % tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            good = (name in PLAIN or name == "href" and re.fullmatch(r"#(cell-\d+|NB\d+)", value)
                    or name == "src" and re.fullmatch(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+", value))
            if not good:
                self.wrong.append("%s=%s in <%s>" % (name, value[:60], tag))
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("</%s> out of place" % tag)
    def handle_comment(self, data):
        self.wrong.append("a comment")
bad = 0
names = dict(line.rstrip("\n").split(" ", 1) for line in open(os.path.join(sys.argv[1], "files")))
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.html.text"))):
    page = Page()
    page.feed(open(path, encoding="utf-8").read())
    page.close()
    if page.wrong or page.open:
        bad = 1
        print("FAILED HTML of", names[os.path.basename(path).split(".")[0]], page.wrong[:5], page.open)
sys.exit(bad)
PYTHON
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
else
	echo 'skipped: smoke: no python3, so JSON and HTML are not read by another reader'
	skipped=$((skipped + 1))
fi

echo "# smoke: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
