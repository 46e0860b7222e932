/* manual.h - texts about nbscope for other programs: manual pages for man, completions for
 * shells. All are made from the tables of commands, options, actions and rules, and from
 * docs/config; `make install` puts them where they belong. */
#ifndef NBSCOPE_TUI_MANUAL_H
#define NBSCOPE_TUI_MANUAL_H

#include "base/slice.h"

struct manual_page {
	const char *name; /* "nbscope.1" */
	const char *help; /* what it is, without a full stop */
	void (*write)(struct builder *out);
};

/* Ended by a row without a name. */
extern const struct manual_page manual_pages[];

/* The writers, in files of their own. */
void manual_write_program(struct builder *out); /* manual.c; man(7)'s language */
void manual_write_config(struct builder *out);
void completion_write_bash(struct builder *out); /* completion.c */
void completion_write_zsh(struct builder *out);
void completion_write_fish(struct builder *out);

#endif
