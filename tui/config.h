/* config.h - the configuration: what the program brings, then what the user wrote.
 *
 * Each line is a command as it is typed after `:`, so there is one table of both
 * (typed_commands.c). docs/config is the file that is compiled in.
 */
#ifndef NBSCOPE_TUI_CONFIG_H
#define NBSCOPE_TUI_CONFIG_H

#include "base/failure.h"
#include "base/slice.h"

struct app;

/* Does the lines of the compiled-in text, then those of the file; without a path,
 * those of the user's own, where there is one. What is right holds; the first
 * mistake is complained of at the bottom of the screen. */
void config_read(struct app *app, struct slice path);

/* Does the lines of one file: for the command `source`. False with a complaint where
 * it can't be read. */
bool config_source(struct app *app, struct slice path);

/* Gives each line of a configuration that says something, without its comment: the file and the
 * number of the line, and those of the files that `source` names in its place. Gives errno when the
 * file cannot be read. */
typedef void config_line(void *context, struct slice file, size_t number, struct slice line);
int config_each_line(struct arena *arena, struct slice path, config_line *give, void *context);

/* $XDG_CONFIG_HOME/nbscope/config, or the same below ~/.config; empty without a home. */
struct slice config_place(struct arena *arena);

#endif
