/* config_texts.h - docs/config, compiled in: the Makefile writes the table. */
#ifndef NBSCOPE_TUI_CONFIG_TEXTS_H
#define NBSCOPE_TUI_CONFIG_TEXTS_H

struct config_text {
	const char *name, *text;
};

/* One text; ends with a null name. */
extern const struct config_text config_texts[];

#endif
