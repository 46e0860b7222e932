/* terminal.h - what the inspector needs of a place to be shown on.
 *
 * Two backends: a real terminal through ncurses, and memory, for screens that are
 * written to a file (screen.h).
 */
#ifndef NBSCOPE_TUI_TERMINAL_H
#define NBSCOPE_TUI_TERMINAL_H

#include "tui/canvas.h"
#include "tui/key.h"

/* Functions of a backend; each is given the terminal itself. */
struct terminal {
	/* The present size. */
	void (*size)(struct terminal *terminal, int *rows, int *columns);
	/* Shows a canvas: sends what differs from what was shown before. The cursor
	 * stands at row and column when `row` is not negative, else it is hidden. */
	void (*show)(struct terminal *terminal, const struct canvas *canvas, const struct theme *theme, int row,
	             int column);
	/* The next key; PRESSED_NOTHING when none came within so many milliseconds
	 * (-1: waits for ever). */
	key_code (*read)(struct terminal *terminal, int milliseconds);
	/* Has read() return PRESSED_WOKEN soon; may be called by any thread. Null where nobody can wait. */
	void (*wake)(struct terminal *terminal);
	/* Whether Ctrl-C or Esc was pressed; other keys are kept for read(). */
	bool (*interrupted)(struct terminal *terminal);
	/* Forgets what is shown, so that the next show() sends everything. */
	void (*forget)(struct terminal *terminal);
	/* Gives the terminal back to the shell until it continues the process. */
	void (*suspend)(struct terminal *terminal);
	/* Gives the terminal to a program until it ends: its words, ended by a null pointer. Its
	 * input is the keyboard, or a text; what it says to that stays until Enter is pressed.
	 * False when it could not be run. */
	bool (*run)(struct terminal *terminal, char *const words[], const struct slice *input);
	/* Hands a text to the terminal's clipboard (OSC 52); false where it has none. Whether
	 * the terminal takes it can't be known. */
	bool (*copy)(struct terminal *terminal, struct slice text);
	/* Asks for clicks and turns of the wheel, or no longer: then the terminal's own selection works. */
	void (*mouse)(struct terminal *terminal, bool on);
	/* Gives the terminal back for good and frees what the backend owns. */
	void (*close)(struct terminal *terminal);
	int pointer_row, pointer_column; /* where the mouse was when its last key came */
	int colours;                     /* 0, 8, 16 or 256 */
	bool ascii;                      /* the locale knows ASCII only */
	struct slice notice;             /* something to be told at the start, or empty */
};

/* Takes over the terminal; the keyboard is /dev/tty when standard input is not a
 * terminal. `utf8` is what terminal_locale() gave. Null on failure, with the reason in
 * `*failure`, in the arena. */
struct terminal *terminal_open(struct arena *arena, bool utf8, struct failure *failure);

/* A terminal of 256 colours that shows nothing and has no keys; in the arena. */
struct terminal *terminal_memory(struct arena *arena, int rows, int columns);

/* A new arena, owned by the caller. When there is no memory left, the terminal is
 * given back and the process ends with status 2. */
struct arena *terminal_arena(void);

/* Sets the locale for character types: that of the environment, or a UTF-8 one
 * where the environment names UTF-8 but this machine doesn't have it. With
 * `always`, a UTF-8 one whatever the environment says. Whether it is UTF-8. */
bool terminal_locale(bool always);

/* Whether text may be UTF-8, as far as the environment tells: no locale is needed for that. */
bool terminal_reads_utf8(void);

#endif
