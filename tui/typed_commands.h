/* typed_commands.h - what can be typed after `:`.
 *
 * A number (the cell to go to), the name of an action, or one of a table of
 * commands with arguments.
 */
#ifndef NBSCOPE_TUI_TYPED_COMMANDS_H
#define NBSCOPE_TUI_TYPED_COMMANDS_H

#include "tui/state.h"

/* Whether the word is one of those commands. */
bool typed_command_takes_arguments(struct slice name);

/* Does what a line says; complains when it says nothing that is known. */
void typed_command_run(struct app *app, struct slice line);

/* The completions of a line, by number from 0, as whole lines; empty past the last. */
struct slice typed_command_complete(struct arena *arena, struct slice line, size_t index);

struct typed_command_help {
	const char *left, *right; /* both null past the last */
};

/* Lines for the help view, by number from 0. */
struct typed_command_help typed_command_help(size_t index);

#endif
