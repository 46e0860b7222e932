#!/bin/sh
# tmux.sh PROGRAM - plays keys to PROGRAM in a real terminal emulator and looks at what stands there: that what is sent
# draws what the memory backend draws, and that the program and the terminal part well.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=$1
case $program in /*) ;; *) program=./$program ;; esac
if ! command -v tmux >/dev/null 2>&1; then
	echo 'skipped: screens: no tmux here, so no real terminal is tried'
	exit 0
fi
file=docs/examples/hidden-state.ipynb
copy=$(mktemp -d) || exit 2
# Each terminal has a server of its own: one that is just ending takes no new session.
socket=nbscope-test-$$-0
count=0
trap 't kill-server 2>/dev/null; rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM
failed=0

t() {
	tmux -L "$socket" "$@"
}

# Waits until the screen holds the text, for five seconds at most.
see() { # text
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		if t capture-pane -p | grep -qF -- "$1"; then return 0; fi
		sleep 0.2
	done
	return 1
}

check() { # name status
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
	else
		failed=$((failed + 1))
		echo "FAILED $1"
		t capture-pane -p
	fi
}

fresh() {
	t kill-server 2>/dev/null
	count=$((count + 1))
	socket=nbscope-test-$$-$count
}

# A press and a release: ESC [ M, then button, column and row, each with 32 added.
click() { # column row
	t send-keys -l "$(printf '\033[M %c%c\033[M#%c%c' "$1" "$2" "$1" "$2")"
}

begin() { # columns rows command
	fresh
	t -f /dev/null new-session -d -x "$1" -y "$2" "env LC_ALL=C.UTF-8 TERM=screen-256color XDG_CONFIG_HOME=$copy sh -c '$3; echo left with \$?; sleep 60'" || exit 2
	t set-option -g status off
	t resize-window -x "$1" -y "$2" 2>/dev/null
}

same_as_memory() { # size keys
	"$program" --screen "$1" --keys "$2" "$file" >"$copy/memory"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.2
		t capture-pane -p >"$copy/terminal"
		if cmp -s "$copy/memory" "$copy/terminal"; then return 0; fi
	done
	diff "$copy/memory" "$copy/terminal"
	return 1
}

begin 100 30 "$program $file"
see 'File order'
check 'the first screen comes up' $?
same_as_memory 100x30 ''
check 'the terminal shows what the memory backend shows' $?
t send-keys ']s' ']s' j
same_as_memory 100x30 ']s]sj'
check 'keys do the same in both' $?
t send-keys Tab Tab j j / d f Enter
same_as_memory 100x30 ']s]sj<Tab><Tab>jj/df<Enter>'
check 'a search does the same in both' $?
t resize-window -x 140 -y 40
see '│'
check 'another size gives another layout' $?
t resize-window -x 100 -y 30
t send-keys q
see 'left with 0'
check 'q ends it' $?

begin 80 24 "cp $file $copy/n.ipynb; $program $copy/n.ipynb"
see 'File order'
t send-keys j j j
echo '{' >"$copy/n.ipynb"
t send-keys R
see 'Not read again'
check 'a file that is broken by now leaves the old one in place' $?
see '>  3  [3]'
check 'and the cursor where it was' $?
cp "$file" "$copy/n.ipynb"
t send-keys R
see 'Read again'
check 'a file that is whole again is read' $?

# The file is watched: what is half written is tried again, what is whole is read, and what changed is shown.
t send-keys 4 G F
see 'is watched'
check 'F watches the file' $?
head -c 2000 "$file" >"$copy/n.ipynb"
see "can't be read yet"
check 'a file that is half written is told of' $?
touch "$copy/.~n.ipynb"
sed 's/df.isna().sum()/df.isna().any()/' "$file" >"$copy/n.ipynb"
sleep 1
if t capture-pane -p | grep -qF 'any()'; then false; else true; fi
check 'a file that Jupyter is still saving is not read' $?
rm "$copy/.~n.ipynb"
see 'Read again: 1 cell changed'
check 'a file that was saved is read by itself' $?
t send-keys ']' c
see '>  3+ [3]'
check 'and what changed is shown' $?
t send-keys Q

# The editor gets the line and the file as words of their own; what it changes is read.
cat >"$copy/editor" <<'EDITOR'
#!/bin/sh
echo "edits $*" | tee "${0%editor}edited"
for file; do :; done
sed 's/df.head()/df.tail()/' "$file" >"$file.new" && mv "$file.new" "$file"
EDITOR
chmod +x "$copy/editor"
cp "$file" "$copy/n b.ipynb"
begin 80 24 "EDITOR=\"$copy/editor -w\" $program \"$copy/n b.ipynb\""
see 'File order'
t send-keys 2 G e
see 'Read again: 1 cell changed'
check 'e opens the editor and reads what it wrote' $?
grep -q "^edits -w +[1-9][0-9]* $copy/n b.ipynb\$" "$copy/edited"
check 'at the line of the cell' $?
t send-keys Q

begin 80 24 "$program $file"
t set-option -s set-clipboard on
see 'File order'
t send-keys 9 G y r
sleep 0.5
[ "$(t show-buffer 2>/dev/null | cut -c1-35)" = "$file#" ] || t show-buffer | grep -q "^$file"
check 'y hands a text to the clipboard' $?
t send-keys Q

# The configuration is read from its usual place; the mouse works when it says so.
mkdir -p "$copy/nbscope"
printf 'set mouse\nbind any <F2> next-error\nset nonsense\n' >"$copy/nbscope/config"
begin 80 24 "$program $file"
see 'config:3:5: There is no option "nonsense"'
check 'the configuration is read, and its mistake told' $?
click '&' '%'
see '>  2  [2]'
check 'a click selects' $?
t send-keys -l "$(printf '\033[Ma%c%c' '&' '%')"
see '>  5  [5]'
check 'the wheel moves on' $?
# In the views too; a second click enters.
t send-keys v l
see 'first line'
click '+' '&'
see '>     3'
check 'a click selects a run' $?
click '+' '&'
see 'Execution order'
check 'a second click goes there' $?
t send-keys v m
see 'As it happened'
click '+' '&'
click '+' '&'
see 'Cell 3 [3]'
check 'the mouse opens a cell of the matrix' $?
t send-keys v f
see 'What a reviewer should know'
click '+' '%'
see '3/'
check 'a click selects a finding' $?
t send-keys v g
see 'As it ran'
click '+' '&'
see '4/'
check 'a click selects in the graph' $?
t send-keys v h
see 'Time line'
click '*' '5'
see 'step 2/'
check 'a click in the time line goes to a run' $?
t send-keys g g 2 0 p
see 'step 19/'
check 'p steps on by itself, to the end' $?
t send-keys g g 1 p
see 'playing'
t send-keys p g g
sleep 1.5
see 'step 1/'
check 'and p stops it' $?
t send-keys Q
rm -r "$copy/nbscope"

begin 80 24 "cat $file | $program -"
see 'standard input'
check 'a notebook comes from standard input, keys from the terminal' $?
t send-keys H
see 'Help for the view'
check 'keys are read' $?
t send-keys Q
see 'left with 0'
check 'and it ends' $?

# ncurses forgets some memory when it does not know a terminal, which is not ours to free.
begin 80 24 "ASAN_OPTIONS=detect_leaks=0 TERM=no-such-terminal $program $file"
see "doesn't know the terminal"
check 'an unknown terminal is treated as a common one' $?
t send-keys Q
see 'left with 0'
check 'and left well' $?

begin 80 24 "TERM=dumb $program $file"
see 'left with'
if t capture-pane -p | grep -qF 'File order'; then false; else true; fi
check 'a terminal that cannot place text is not drawn on' $?

# What is wrong with a file is said as in every form: FILE:LINE:COLUMN first.
begin 100 12 "$program tests/data/malformed/truncated.ipynb"
see 'left with 2' && t capture-pane -p | grep -q '^tests/data/malformed/truncated.ipynb:18:4: the file is cut short'
check 'a file that cannot be read is named first' $?

# A file that is slow to come: keys are answered meanwhile, and it is shown when it is whole, or told what is wrong.
mkfifo "$copy/slow"
begin 80 24 "$program $copy/slow"
exec 9<>"$copy/slow"
see 'waiting for the rest of the file'
check 'a file that is slow to come is waited for' $?
t send-keys H
see 'Help for the view'
check 'and keys are answered meanwhile' $?
t send-keys q
cat "$file" >&9
exec 9>&-
see '[3]'
check 'and it is shown when it is there' $?
t send-keys Q
see 'left with 0'
begin 80 24 "$program $copy/slow"
exec 9<>"$copy/slow"
see 'waiting for the rest of the file'
t send-keys Escape
see 'Stopped: what the cells do is not known'
check 'Esc stops the reading, and not the program' $?
t send-keys / a Escape
see 'F1 help'
check 'Esc leaves a prompt' $?
t send-keys Q
see 'left with 0'
check 'and the program ends' $?
exec 9>&-
begin 100 12 "$program $copy/slow"
exec 9<>"$copy/slow"
see 'waiting for the rest of the file'
echo '{]' >&9
exec 9>&-
see 'left with 2' && t capture-pane -p | grep -q "^$copy/slow:1:2: "
check 'what is wrong with it ends the program' $?

begin 80 24 "LC_ALL=C $program $file"
see 'File order ---'
check 'without UTF-8 the signs are ASCII' $?
t send-keys C-c C-c
see 'left with 0'
check 'Ctrl-C twice ends it' $?

# Terminals with few colours or none, and a locale that this machine need not have.
for terminal in linux vt100 xterm; do
	begin 80 24 "TERM=$terminal $program $file"
	see 'File order'
	check "TERM=$terminal is drawn on" $?
	t send-keys Q
	see 'left with 0'
	check 'and left well' $?
done
begin 80 24 "LC_ALL= LC_CTYPE= LANG=xx_YY.UTF-8 $program $file"
see '─ File order'
check 'a UTF-8 locale that is not there is made up for' $?
t send-keys Q

# What ends the program gives the terminal back; so does what should not have happened.
cat >"$copy/start" <<EOF
#!/bin/sh
echo \$\$ >"$copy/pid"
exec "$program" "$file"
EOF
for signal in TERM:143 HUP:129 SEGV:139; do
	begin 80 24 "ASAN_OPTIONS=handle_segv=0 sh $copy/start"
	see 'File order'
	kill "-${signal%:*}" "$(cat "$copy/pid")"
	see "left with ${signal#*:}"
	if t capture-pane -p | grep -qF 'File order'; then false; else true; fi
	check "SIG${signal%:*} gives the terminal back" $?
done

# Any size is drawn.
begin 80 24 "$program $file"
see 'File order'
for size in '1 1' '3 2' '200 2' '2 50' '80 24'; do
	t resize-window -x "${size% *}" -y "${size#* }"
	t send-keys j
	sleep 0.1
done
see 'Execution order'
check 'it survives all sizes' $?
t send-keys Q

# A job of an interactive shell can be suspended and continued.
fresh
t -f /dev/null new-session -d -x 80 -y 24 'env LC_ALL=C.UTF-8 TERM=screen-256color PS1="% " HISTFILE= sh -i' || exit 2
t set-option -g status off
t send-keys "$program $file" Enter
see 'File order'
t send-keys j C-z
see 'Stopped'
check 'Ctrl-Z gives the terminal back to the shell' $?
t send-keys fg Enter
see 'File order'
check 'and fg takes it again' $?
t send-keys j Q
sleep 0.5
t send-keys "echo back in 'the' shell" Enter
see 'back in the shell'
check 'and the shell is whole afterwards' $?

# A command gets the source, and what it says stays to be read.
begin 80 24 "$program $file"
see 'File order'
t send-keys 7G '|' "tr a-z A-Z" Enter
see 'DF = DF.DROPNA' && see 'Enter goes back'
check 'a command gets the source of the cell' $?
t send-keys Enter
see 'File order'
check 'and nbscope goes on behind it' $?
t send-keys Q

exit $((failed > 0))
