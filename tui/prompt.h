/* prompt.h - a line to type in, at the bottom of the screen.
 *
 * Edits one line with history; what the line means is the app's business.
 */
#ifndef NBSCOPE_TUI_PROMPT_H
#define NBSCOPE_TUI_PROMPT_H

#include "tui/canvas.h"
#include "tui/key.h"

enum prompt_kind { PROMPT_COMMAND, PROMPT_SEARCH, PROMPT_SEARCH_BACK, PROMPT_FILTER, PROMPT_PIPE, PROMPT_KINDS };

enum prompt_result { PROMPT_EDITING, PROMPT_COMPLETE /* Tab */, PROMPT_CANCELLED, PROMPT_ENTERED };

struct prompt_history {
	struct slice *items;
	size_t count, capacity;
};

struct prompt {
	struct arena *arena;         /* of the line that is typed; renewed with each one */
	struct arena *history_arena; /* the app's */
	bool open;
	enum prompt_kind kind;
	struct keys text;   /* characters */
	size_t cursor;      /* among them */
	size_t recalled;    /* the line of the history that is shown; their number: none */
	struct slice typed; /* what stood there before Up or Tab was pressed */
	const char *where;  /* the prompts that search: where they do; else null */
	size_t completion;  /* which one is shown, from 1; 0: none */
	struct prompt_history histories[PROMPT_KINDS];
};

/* Opens the prompt on an empty line. Memory for the history comes from the app's arena. */
void prompt_open(struct prompt *prompt, enum prompt_kind kind, struct arena *history_arena);

enum prompt_result prompt_key(struct prompt *prompt, key_code key);

/* Keeps the line in the history and closes the prompt. */
void prompt_close(struct prompt *prompt, bool keep);

/* The line as it is typed, in the arena. */
struct slice prompt_text(const struct prompt *prompt, struct arena *arena);

/* Shows another line instead (a completion). */
void prompt_replace(struct prompt *prompt, struct slice text);

/* Types a text at the cursor. */
void prompt_insert(struct prompt *prompt, struct slice text);

/* Draws the prompt in one row; returns the column of its cursor. */
int prompt_draw(const struct prompt *prompt, struct arena *frame, struct pane pane);

void prompt_free(struct prompt *prompt);

#endif
