/* picture.h - images as rows of character cells, through chafa, libpng and libjpeg.
 *
 * They are loaded when the first image is painted. Built without these libraries, nbscope paints
 * nothing, and the caller says what the image is.
 */
#ifndef NBSCOPE_TUI_PICTURE_H
#define NBSCOPE_TUI_PICTURE_H

#include "tui/document.h"

/* Whether nbscope was built with what it takes to paint images of that type. */
bool picture_is_known(struct slice type);

/* Adds the image as rows, no wider than the document and no more than `rows` (0: as many
 * as suit a text); `text` is its base64. `colours`
 * are those of the terminal, `ascii` whether its characters are. Null, or what is wrong, in
 * a sentence: the bytes are no such image, it is too large, or a library can't be loaded. */
const char *picture_add(struct document *document, struct slice type, struct slice text, int rows, int colours,
                        bool ascii);

#endif
