/* ascii.h - text for those whose locale is not UTF-8. */
#ifndef NBSCOPE_TUI_ASCII_H
#define NBSCOPE_TUI_ASCII_H

#include "base/slice.h"

/* The text with the signs of our own reports in ASCII, each as wide as it was. What else
 * is not ASCII stays, for a file or a pipe; for a terminal (`only_ascii`), which would take
 * its bytes for something else, it is written as <U+4E2D>. */
struct slice ascii_text(struct arena *arena, struct slice text, bool only_ascii);

#endif
