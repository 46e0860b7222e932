/* image.h - the images among the outputs of a cell. */
#ifndef NBSCOPE_TUI_VIEWS_IMAGE_H
#define NBSCOPE_TUI_VIEWS_IMAGE_H

#include "tui/state.h"

bool cell_has_image(const struct app *app, const struct cell *cell);

/* Whether one of the outputs of a part of a cell (PART_...) is an image. */
bool part_has_image(const struct app *app, const struct cell *cell, size_t part);

#endif
