/* screen.h - a canvas written as text, as colours of a terminal, as a picture. */
#ifndef NBSCOPE_TUI_SCREEN_H
#define NBSCOPE_TUI_SCREEN_H

#include "tui/app.h"
#include "tui/canvas.h"

void screen_write(struct builder *out, const struct canvas *canvas, const struct theme *theme, enum screen_form form);

#endif
