/* text_file.h - the whole of a file that somebody wrote by hand: a theme, a configuration. */
#ifndef NBSCOPE_TUI_TEXT_FILE_H
#define NBSCOPE_TUI_TEXT_FILE_H

#include "base/slice.h"

/* 0 and what the file holds, in the arena; else a value of errno: EFBIG from a
 * MiB on. */
int text_file_read(struct arena *arena, struct slice path, struct slice *text);

#endif
