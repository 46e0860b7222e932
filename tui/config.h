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

/* $XDG_CONFIG_HOME/nbscope/config, or the same below ~/.config; empty without a home. */
struct slice config_place(struct arena *arena);

#endif
