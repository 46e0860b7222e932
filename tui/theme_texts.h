/* theme_texts.h - the files of themes/, compiled in: the Makefile writes the table. */
#ifndef NBSCOPE_TUI_THEME_TEXTS_H
#define NBSCOPE_TUI_THEME_TEXTS_H

struct theme_text {
	const char *name, *text;
};

/* By name; ends with a null name. */
extern const struct theme_text theme_texts[];

#endif
