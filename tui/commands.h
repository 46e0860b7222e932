/* commands.h - what the front end does outside the terminal screen. */
#ifndef NBSCOPE_TUI_COMMANDS_H
#define NBSCOPE_TUI_COMMANDS_H

#include "tui/options.h"
#include "tui/projects.h"

/* The exit status when something was found, and when the work could not be done, as grep and diff have it. */
enum { EXIT_FINDINGS = 1, EXIT_TROUBLE = 2 };

/* An arena whose exhaustion ends the program with a line on standard error. */
struct arena *command_arena(void);

/* One line on standard error: "nbscope: problem". */
void print_problem(struct arena *arena, struct slice problem);

/* Writes to standard output. False, with a line on standard error where that helps,
 * when it could not be written. */
bool print_output(struct arena *arena, struct slice text);

/* How wide text may be: what was asked for, the terminal's width, or 80. */
unsigned output_width(const struct request *request);

/* `nbscope check` and `merge`; they give the exit status. */
int run_check(const struct request *request);
int run_merge(const struct request *request);

/* `nbscope config`; likewise. */
int run_config(const struct request *request);

/* A line on standard error for each mistake in the files of projects; gives whether there was one. */
bool print_mistakes(struct arena *arena, const struct projects *projects);

/* What the command line says of the rules, as lines of a policy. */
void request_policy(struct arena *arena, const struct request *request, struct policy *policy);

/* Shows the help of a command (COMMAND_INSPECT: of the program); gives the exit status. */
int print_help(const struct request *request, enum command_id command);

#endif
