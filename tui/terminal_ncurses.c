/* A real terminal, through ncurses: the only file that knows it.
 *
 * What was shown last is kept as a canvas, so that only cells that changed are
 * given to ncurses, which in turn sends only what changed on the screen. Signals
 * write to a pipe on which read() waits together with the keyboard, so that none
 * is missed and nothing but a flag is touched in a handler. */
#include "tui/terminal.h"

#define NCURSES_WIDECHAR 1 /* some systems declare the wide functions only then */
#include <curses.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ESCAPE_MILLISECONDS = 25, QUEUE_LIMIT = 64, COLOUR_SLOTS = 257 };

static const int SIGNALS[] = {SIGWINCH, SIGHUP, SIGTERM, SIGINT};
enum { SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS };

struct ncurses_terminal {
	struct terminal terminal; /* first, so that the one can be seen as the other */
	SCREEN *screen;
	FILE *keyboard; /* /dev/tty where standard input is something else; else null */
	int keyboard_fd;
	struct arena *shown_arena;
	struct canvas *shown;
	cchar_t *stretch;                /* room for those of a row that are shown at a time */
	const struct theme *theme;       /* in which it was shown; null: nothing was, and all is plain */
	uint16_t (*pairs)[COLOUR_SLOTS]; /* [foreground + 1][background + 1]: the colour pair, or 0 */
	int pair_count;
	key_code queue[QUEUE_LIMIT]; /* keys that interrupted() came upon */
	size_t queue_count;
	struct sigaction before[SIGNAL_COUNT];
};

/* The one terminal of the process, for signals and for the end of memory. */
static struct {
	volatile sig_atomic_t active;
	volatile sig_atomic_t resized, ended; /* `ended` is the signal that asked for it */
	int pipe[2];
} the_terminal = {.pipe = {-1, -1}};

/* --- memory --- */

static void memory_exhausted(void *context)
{
	static const char MESSAGE[] = "nbscope: there is no memory left\n";
	(void)context;
	if (the_terminal.active)
		endwin();
	ssize_t written = write(STDERR_FILENO, MESSAGE, sizeof MESSAGE - 1);
	_exit(written < 0 ? 3 : 2);
}

struct arena *terminal_arena(void)
{
	struct arena *arena = arena_new(memory_exhausted, NULL);
	if (!arena)
		memory_exhausted(NULL);
	return arena;
}

/* --- signals --- */

static void on_signal(int signal)
{
	int error = errno;
	if (signal == SIGWINCH)
		the_terminal.resized = 1;
	else
		the_terminal.ended = signal;
	ssize_t written = write(the_terminal.pipe[1], "", 1); /* full is as good: read() wakes up */
	(void)written;
	errno = error;
}

static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASH_COUNT = sizeof CRASHES / sizeof *CRASHES };
static struct sigaction before_crash[CRASH_COUNT];

/* A program that is broken gives the terminal back all the same, as well as it still can; then it ends as it would
 * have. */
static void on_crash(int signal)
{
	if (the_terminal.active)
		endwin();
	the_terminal.active = false;
	for (size_t at = 0; at < CRASH_COUNT; at++)
		sigaction(CRASHES[at], &before_crash[at], NULL);
	raise(signal);
}

static bool open_pipe(void)
{
	if (pipe(the_terminal.pipe) != 0)
		return false;
	for (int end = 0; end < 2; end++) {
		int fd = the_terminal.pipe[end];
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	return true;
}

static void catch_signals(struct ncurses_terminal *this)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigemptyset(&action.sa_mask);
	for (size_t at = 0; at < SIGNAL_COUNT; at++)
		sigaction(SIGNALS[at], &action, &this->before[at]);
	action.sa_handler = on_crash;
	for (size_t at = 0; at < CRASH_COUNT; at++)
		sigaction(CRASHES[at], &action, &before_crash[at]);
}

static void release_signals(struct ncurses_terminal *this)
{
	for (size_t at = 0; at < SIGNAL_COUNT; at++)
		sigaction(SIGNALS[at], &this->before[at], NULL);
	for (size_t at = 0; at < CRASH_COUNT; at++)
		sigaction(CRASHES[at], &before_crash[at], NULL);
	for (int end = 0; end < 2; end++)
		close(the_terminal.pipe[end]);
}

/* --- showing --- */

static void ncurses_size(struct terminal *terminal, int *rows, int *columns)
{
	(void)terminal;
	getmaxyx(stdscr, *rows, *columns);
}

/* The colour pair of two colours (-1: the terminal's default), made when first
 * asked for; the default pair when there is no room for another. */
static int pair_of(struct ncurses_terminal *this, int foreground, int background)
{
	uint16_t *pair = &this->pairs[foreground + 1][background + 1];
	if (*pair == 0 && (foreground >= 0 || background >= 0) && this->pair_count + 1 < COLOR_PAIRS &&
	    this->pair_count < UINT16_MAX && init_extended_pair(this->pair_count + 1, foreground, background) == OK)
		*pair = (uint16_t)++ this->pair_count;
	return *pair;
}

static attr_t attributes_of(uint8_t attributes)
{
	attr_t set = A_NORMAL;
	if (attributes & ATTRIBUTE_BOLD)
		set |= A_BOLD;
	if (attributes & ATTRIBUTE_DIM)
		set |= A_DIM;
	if (attributes & ATTRIBUTE_ITALIC)
		set |= A_ITALIC;
	if (attributes & ATTRIBUTE_UNDERLINE)
		set |= A_UNDERLINE;
	if (attributes & ATTRIBUTE_REVERSE)
		set |= A_REVERSE;
	return set;
}

static struct paint paint_of(const struct ncurses_terminal *this, const struct canvas_cell *cell,
                             const struct theme *theme)
{
	static const struct paint PLAIN = {.foreground = NO_COLOR, .background = NO_COLOR};
	return theme ? theme_paint(theme, cell->look, this->terminal.colours) : PLAIN;
}

static cchar_t character_of(struct ncurses_terminal *this, const struct canvas_cell *cell, const struct theme *theme)
{
	struct paint paint = paint_of(this, cell, theme);
	wchar_t text[2 + CANVAS_MARKS] = {0};
	for (size_t at = 0; at <= CANVAS_MARKS; at++)
		text[at] = (wchar_t)cell->characters[at];
	int pair = pair_of(this, paint.foreground, paint.background);
	cchar_t character;
	if (setcchar(&character, text, attributes_of(paint.attributes), 0, &pair) != OK)
		setcchar(&character, L" ", A_NORMAL, 0, NULL);
	return character;
}

/* A canvas as large as the screen, that shows nothing. */
static void new_shown(struct ncurses_terminal *this)
{
	int rows, columns;
	ncurses_size(&this->terminal, &rows, &columns);
	arena_free(this->shown_arena);
	this->shown_arena = terminal_arena();
	this->shown = canvas_new(this->shown_arena, rows, columns);
	this->stretch = arena_array(this->shown_arena, (size_t)columns + 1, sizeof *this->stretch);
	this->theme = NULL;
	erase();
}

/* Two themes, and whether the look that was asked for last is the same in both: most cells look as the one before. */
struct change {
	const struct theme *before, *now;
	struct look look;
	bool known, same;
};

/* Whether a cell looks as what was shown in the theme before. */
static bool looks_the_same(const struct ncurses_terminal *this, const struct canvas_cell *cell,
                           const struct canvas_cell *old, struct change *change)
{
	if (!canvas_cell_equal(cell, old))
		return false;
	if (change->before == change->now)
		return true;
	if (!change->known || !look_equal(change->look, cell->look)) {
		change->look = cell->look;
		change->same = paint_equal(paint_of(this, cell, change->before), paint_of(this, cell, change->now));
		change->known = true;
	}
	return change->same;
}

/* Gives ncurses the stretches of a row that are not as they were shown. */
static void show_row(struct ncurses_terminal *this, const struct canvas *canvas, int row, struct change *change)
{
	int columns = canvas->columns < this->shown->columns ? canvas->columns : this->shown->columns, start = 0, count = 0;
	for (int column = 0; column <= columns; column++) {
		const struct canvas_cell *cell = column < columns ? canvas_at(canvas, row, column) : NULL;
		struct canvas_cell *old = cell ? canvas_at(this->shown, row, column) : NULL;
		if (cell && !looks_the_same(this, cell, old, change)) {
			*old = *cell;
			start = count ? start : column;
			if (cell->width)
				this->stretch[count++] = character_of(this, cell, this->theme);
		} else if (count) {
			mvadd_wchnstr(row, start, this->stretch, count);
			count = 0;
		}
	}
}

static void ncurses_show(struct terminal *terminal, const struct canvas *canvas, const struct theme *theme, int row,
                         int column)
{
	struct ncurses_terminal *this = (struct ncurses_terminal *)terminal;
	struct change change = {.before = this->theme, .now = theme};
	this->theme = theme;
	for (int y = 0; y < canvas->rows && y < this->shown->rows; y++)
		show_row(this, canvas, y, &change);
	leaveok(stdscr, row < 0);
	curs_set(row >= 0);
	if (row >= 0)
		move(row, column);
	refresh();
}

static void ncurses_forget(struct terminal *terminal)
{
	(void)terminal;
	clearok(stdscr, TRUE);
}

/* --- keys --- */

static key_code decode_code(wint_t code)
{
	static const struct {
		wint_t code;
		key_code key;
	} CODES[] = {
	    {KEY_UP, PRESSED_UP},
	    {KEY_DOWN, PRESSED_DOWN},
	    {KEY_LEFT, PRESSED_LEFT},
	    {KEY_RIGHT, PRESSED_RIGHT},
	    {KEY_HOME, PRESSED_HOME},
	    {KEY_END, PRESSED_END},
	    {KEY_PPAGE, PRESSED_PAGE_UP},
	    {KEY_NPAGE, PRESSED_PAGE_DOWN},
	    {KEY_IC, PRESSED_INSERT},
	    {KEY_DC, PRESSED_DELETE},
	    {KEY_BTAB, PRESSED_BACK_TAB},
	    {KEY_ENTER, PRESSED_ENTER},
	    {KEY_BACKSPACE, PRESSED_BACKSPACE},
	    {KEY_FIND, PRESSED_HOME},
	    {KEY_SELECT, PRESSED_END},
	    {KEY_A1, PRESSED_HOME},
	    {KEY_A3, PRESSED_PAGE_UP},
	    {KEY_C1, PRESSED_END},
	    {KEY_C3, PRESSED_PAGE_DOWN},
	    {KEY_RESIZE, PRESSED_RESIZE},
	};
	for (size_t at = 0; at < sizeof CODES / sizeof *CODES; at++) {
		if (CODES[at].code == code)
			return CODES[at].key;
	}
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return PRESSED_F1 + (key_code)(code - KEY_F(1));
	return PRESSED_NOTHING;
}

static key_code decode_character(wint_t character)
{
	if (character == '\n')
		return PRESSED_ENTER;
	if (character == 0x08)
		return PRESSED_BACKSPACE;
	return (key_code)character;
}

#ifdef BUTTON5_PRESSED
enum { HAS_WHEEL = 1 };
#else
enum { HAS_WHEEL = 0, BUTTON5_PRESSED = 0 }; /* an ncurses that was built for the first mouse protocol */
#endif

static key_code decode_mouse(struct ncurses_terminal *this)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return PRESSED_NOTHING;
	this->terminal.pointer_row = event.y;
	this->terminal.pointer_column = event.x;
	if (HAS_WHEEL && event.bstate & BUTTON5_PRESSED)
		return PRESSED_WHEEL_DOWN;
	if (event.bstate & BUTTON4_PRESSED)
		return PRESSED_WHEEL_UP;
	return event.bstate & BUTTON1_PRESSED ? PRESSED_CLICK : PRESSED_NOTHING;
}

static void ncurses_mouse(struct terminal *terminal, bool on)
{
	(void)terminal;
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	mouseinterval(0); /* a press is told at once, not when it has turned out to be no double click */
}

/* A key that is there already, or PRESSED_NOTHING. */
static key_code key_now(struct ncurses_terminal *this)
{
	wint_t character, next;
	int kind = wget_wch(stdscr, &character);
	if (kind == KEY_CODE_YES && character == KEY_MOUSE)
		return decode_mouse(this);
	if (kind == KEY_CODE_YES)
		return decode_code(character);
	if (kind != OK)
		return PRESSED_NOTHING;
	if (character == PRESSED_ESCAPE && wget_wch(stdscr, &next) == OK)
		return next == PRESSED_ESCAPE ? PRESSED_ESCAPE : PRESSED_ALT | decode_character(next);
	return decode_character(character);
}

static void take_new_size(struct ncurses_terminal *this)
{
	struct winsize size;
	the_terminal.resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resize_term(size.ws_row, size.ws_col);
	new_shown(this);
	clearok(stdscr, TRUE);
}

static void ncurses_wake(struct terminal *terminal)
{
	(void)terminal;
	ssize_t written = write(the_terminal.pipe[1], "", 1); /* full is as good, as in on_signal() */
	(void)written;
}

/* Waits for a key or a signal. PRESSED_NOTHING when neither came in time, PRESSED_WOKEN
 * when ncurses_wake() was called, PRESSED_HANGUP when none will ever come, else 0. */
static key_code wait_for_input(struct ncurses_terminal *this, int milliseconds)
{
	struct pollfd fds[2] = {{.fd = this->keyboard_fd, .events = POLLIN},
	                        {.fd = the_terminal.pipe[0], .events = POLLIN}};
	int ready = poll(fds, 2, milliseconds), waiting = 0;
	if (ready == 0)
		return PRESSED_NOTHING;
	if (ready < 0)
		return errno == EINTR ? 0 : PRESSED_HANGUP;
	char bytes[64];
	while (fds[1].revents & POLLIN && read(the_terminal.pipe[0], bytes, sizeof bytes) > 0)
		;
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		return PRESSED_HANGUP;
	/* Readable, and nothing to read: the end of a terminal that is gone. */
	if (fds[0].revents & POLLIN && ioctl(this->keyboard_fd, FIONREAD, &waiting) == 0 && waiting == 0)
		return PRESSED_HANGUP;
	return fds[1].revents & POLLIN && !the_terminal.resized && !the_terminal.ended ? PRESSED_WOKEN : 0;
}

static key_code ncurses_read(struct terminal *terminal, int milliseconds)
{
	struct ncurses_terminal *this = (struct ncurses_terminal *)terminal;
	if (this->queue_count) {
		key_code key = this->queue[0];
		memmove(this->queue, this->queue + 1, --this->queue_count * sizeof *this->queue);
		return key;
	}
	for (;;) {
		if (the_terminal.ended)
			return PRESSED_HANGUP;
		if (the_terminal.resized) {
			take_new_size(this);
			return PRESSED_RESIZE;
		}
		key_code key = key_now(this);
		if (key != PRESSED_NOTHING)
			return key;
		key = wait_for_input(this, milliseconds);
		if (key)
			return key;
	}
}

static bool ncurses_interrupted(struct terminal *terminal)
{
	struct ncurses_terminal *this = (struct ncurses_terminal *)terminal;
	while (this->queue_count < QUEUE_LIMIT) {
		key_code key = key_now(this);
		if (key == PRESSED_CONTROL('c') || key == PRESSED_ESCAPE || the_terminal.ended)
			return true;
		if (key == PRESSED_NOTHING)
			break;
		this->queue[this->queue_count++] = key;
	}
	return the_terminal.ended != 0;
}

/* --- life --- */

/* ncurses' own handler gives the terminal back, stops, and takes it again. */
static void ncurses_suspend(struct terminal *terminal)
{
	(void)terminal;
	kill(0, SIGTSTP);
	the_terminal.resized = 1; /* the window may have another size by now */
}

/* In the child: its input, the signals as they were. */
static void become(const struct ncurses_terminal *this, char *const words[], int input)
{
	for (size_t at = 0; at < SIGNAL_COUNT; at++)
		sigaction(SIGNALS[at], &this->before[at], NULL);
	signal(SIGPIPE, SIG_DFL);
	if (input == STDIN_FILENO || dup2(input, STDIN_FILENO) >= 0)
		execvp(words[0], words);
	_exit(127);
}

/* A file without a name that holds a text, to be read from its start; -1 on failure. */
static int file_of(struct slice text)
{
	FILE *file = tmpfile();
	if (!file)
		return -1;
	bool written = fwrite(text.bytes, 1, text.length, file) == text.length && fflush(file) == 0;
	int copy = written ? dup(fileno(file)) : -1;
	fclose(file);
	if (copy >= 0)
		lseek(copy, 0, SEEK_SET);
	return copy;
}

/* What a program wrote stays on the shell's screen until the user has seen it. */
static void wait_for_enter(const struct ncurses_terminal *this)
{
	char byte = 0;
	fputs("\n[Enter goes back to nbscope]", stdout);
	fflush(stdout);
	while (byte != '\n' && byte != '\r') {
		ssize_t got = read(this->keyboard_fd, &byte, 1);
		if (got == 0 || (got < 0 && errno != EINTR))
			return;
	}
}

/* Ctrl-C is meant for the program while it has the terminal. */
static bool ncurses_run(struct terminal *terminal, char *const words[], const struct slice *input)
{
	struct ncurses_terminal *this = (struct ncurses_terminal *)terminal;
	int source = input ? file_of(*input) : this->keyboard_fd;
	if (source < 0)
		return false;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, kept;
	sigemptyset(&ignore.sa_mask);
	endwin();
	sigaction(SIGINT, &ignore, &kept);
	int status = 0;
	pid_t child = fork(), ended = -1;
	if (child == 0)
		become(this, words, source);
	while (child > 0 && (ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	bool ran = ended == child && child > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127;
	if (input && ran)
		wait_for_enter(this);
	if (input)
		close(source);
	sigaction(SIGINT, &kept, NULL);
	the_terminal.resized = 1; /* the window may have another size by now */
	return ran;
}

/* Terminals that are known to show the sequence instead of obeying it. */
static bool has_clipboard(void)
{
	static const char *const WITHOUT[] = {"linux", "vt", "dumb", "cons", "ansi"};
	const char *name = getenv("TERM");
	for (size_t at = 0; name && at < sizeof WITHOUT / sizeof *WITHOUT; at++) {
		if (strncmp(name, WITHOUT[at], strlen(WITHOUT[at])) == 0)
			return false;
	}
	return name != NULL;
}

/* OSC 52: xterm's "Manipulate Selection Data", the clipboard as base64 (RFC 4648). */
static bool ncurses_copy(struct terminal *terminal, struct slice text)
{
	static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	(void)terminal;
	if (!has_clipboard())
		return false;
	fputs("\x1b]52;c;", stdout);
	for (size_t at = 0; at < text.length; at += 3) {
		uint32_t group = 0;
		for (size_t byte = 0; byte < 3; byte++)
			group = group << 8 | (at + byte < text.length ? (uint8_t)text.bytes[at + byte] : 0);
		for (size_t digit = 0; digit < 4; digit++)
			putchar(at + digit > text.length ? '=' : DIGITS[group >> (18 - 6 * digit) & 63]);
	}
	putchar('\a');
	return fflush(stdout) == 0;
}

static void ncurses_close(struct terminal *terminal)
{
	struct ncurses_terminal *this = (struct ncurses_terminal *)terminal;
	int signal = the_terminal.ended;
	endwin();
	the_terminal.active = false;
	delscreen(this->screen);
	if (this->keyboard)
		fclose(this->keyboard);
	arena_free(this->shown_arena);
	release_signals(this);
	if (signal) /* end as the signal would have ended the process */
		raise(signal);
}

static bool fail(struct failure *failure, struct arena *arena, const char *format, const char *detail)
{
	*failure = (struct failure){.message = slice_format(arena, format, detail)};
	return false;
}

/* Opens the terminal as TERM says, or as a common one where this machine doesn't
 * know it, which a notice then tells. */
static bool open_screen(struct ncurses_terminal *this, struct arena *arena, struct failure *failure)
{
	static const char *const COMMON[] = {"xterm-256color", "xterm", "vt100"};
	const char *name = getenv("TERM");
	FILE *input = this->keyboard ? this->keyboard : stdin;
	this->screen = newterm(NULL, stdout, input);
	for (size_t at = 0; !this->screen && at < sizeof COMMON / sizeof *COMMON; at++) {
		this->screen = newterm(COMMON[at], stdout, input);
		if (this->screen)
			this->terminal.notice =
			    slice_format(arena, "This machine doesn't know the terminal \"%s\"; it is treated as %s.",
			                 name ? name : "", COMMON[at]);
	}
	if (!this->screen)
		return fail(failure, arena, "no description of a terminal was found (TERM is \"%s\")", name ? name : "");
	if (!tigetstr("cup")) { /* cursor_address; a name of a string, so never -1 */
		endwin();
		delscreen(this->screen);
		return fail(failure, arena, "the terminal \"%s\" can't place text; \"nbscope report FILE\" prints a report",
		            name ? name : "");
	}
	return true;
}

static char *description_string(const char *name)
{
	char *text = tigetstr(name);
	return text && text != (char *)-1 ? text : NULL;
}

/* Takes a part out of a string of the terminal's description. */
static void strike(const char *name, const char *part)
{
	char *text = description_string(name), *at = text ? strstr(text, part) : NULL;
	if (at)
		memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
}

/* Nothing is drawn in the alternate character set, which the descriptions of most terminals leave anew with each change
 * of attributes: a quarter of the bytes of a screen. */
static void forget_alternate_characters(void)
{
	strike("sgr0", "\033(B");
	strike("sgr0", "\017");
	strike("sgr", "%?%p9%t\033(0%e\033(B%;");
	strike("sgr", "%?%p9%t\016%e\017%;");
}

static int colours_of_terminal(void)
{
	const char *none = getenv("NO_COLOR"); /* https://no-color.org */
	if ((none && *none) || !has_colors() || start_color() != OK)
		return 0;
	use_default_colors();
	return COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

static bool open_keyboard(struct ncurses_terminal *this, struct arena *arena, struct failure *failure)
{
	if (!isatty(STDOUT_FILENO))
		return fail(failure, arena, "standard output is not a terminal%s", "");
	this->keyboard_fd = STDIN_FILENO;
	if (isatty(STDIN_FILENO))
		return true;
	this->keyboard = fopen("/dev/tty", "r");
	if (!this->keyboard)
		return fail(failure, arena, "there is no keyboard: /dev/tty: %s", strerror(errno));
	this->keyboard_fd = fileno(this->keyboard);
	return true;
}

struct terminal *terminal_open(struct arena *arena, bool utf8, struct failure *failure)
{
	struct ncurses_terminal *this = arena_alloc(arena, sizeof *this);
	*this = (struct ncurses_terminal){.terminal = {.size = ncurses_size,
	                                               .show = ncurses_show,
	                                               .read = ncurses_read,
	                                               .wake = ncurses_wake,
	                                               .interrupted = ncurses_interrupted,
	                                               .forget = ncurses_forget,
	                                               .suspend = ncurses_suspend,
	                                               .run = ncurses_run,
	                                               .copy = ncurses_copy,
	                                               .mouse = ncurses_mouse,
	                                               .close = ncurses_close}};
	this->terminal.ascii = !utf8;
	if (!open_keyboard(this, arena, failure))
		return NULL;
	if (!open_pipe()) {
		fail(failure, arena, "no pipe for signals: %s", strerror(errno));
		return NULL;
	}
	catch_signals(this);
	if (!open_screen(this, arena, failure)) {
		release_signals(this);
		return NULL;
	}
	the_terminal.active = true;
	this->pairs = arena_array(arena, COLOUR_SLOTS, sizeof *this->pairs);
	this->terminal.colours = colours_of_terminal();
	set_escdelay(ESCAPE_MILLISECONDS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	wtimeout(stdscr, 0);
	forget_alternate_characters();
	new_shown(this);
	return &this->terminal;
}
