/* app.h - the inspector: what the command line starts.
 *
 * app_run() is the terminal program, app_screen() draws what it would show, for
 * tests and pictures. Both run the same drawing code over a finished analysis.
 */
#ifndef NBSCOPE_TUI_APP_H
#define NBSCOPE_TUI_APP_H

#include "base/failure.h"
#include "base/slice.h"
#include "tui/theme.h" /* theme_name() and theme_check() for the command line */

struct app_options {
	struct slice path;    /* the notebook, as the user named it; "-" for standard input */
	struct slice history; /* IPython's history.sqlite, or empty */
	struct slice config;  /* the user's configuration; empty: from its usual place, or none for a screen */
	struct slice theme;   /* a built-in theme's name or a theme file's path; empty: what fits the terminal */
};

/* Opens the notebook and shows it on the terminal until the user leaves. What
 * prevents that is written to standard error in one line. Returns the exit
 * status: 0, or 2 when the notebook can't be read or there is no terminal. */
int app_run(const struct app_options *options);

/* The same on a terminal that is there already (terminal.h), and stays the caller's. */
struct terminal;
int app_play(const struct app_options *options, struct terminal *terminal);

/* In which form app_screen() writes a screen. */
enum screen_form {
	SCREEN_TEXT,  /* characters only, no trailing spaces */
	SCREEN_ANSI,  /* with colours as SGR sequences */
	SCREEN_SVG,   /* a picture */
	SCREEN_SLOTS, /* the text, then for each row which columns are drawn in which slot of the theme */
};

struct screen_options {
	int columns, rows;
	struct slice keys; /* as vim writes them: "jj<Enter>gg<C-d>" */
	enum screen_form form;
};

/* Appends what a terminal of that size shows after those keys. Reads no
 * environment variable, so that the same file gives the same screen everywhere.
 * False when the notebook can't be read or the keys or the theme have a mistake;
 * `*failure` then says why, in the builder's arena. */
bool app_screen(struct builder *out, const struct app_options *options, const struct screen_options *screen,
                struct failure *failure);

/* Reads a size such as "80x24" (columns x rows); false when it is none, or out
 * of 1..1000. */
bool screen_size_parse(struct slice text, int *columns, int *rows);

#endif
