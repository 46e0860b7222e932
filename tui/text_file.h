/* text_file.h - the whole of a file that somebody wrote by hand, and the beginning of any. */
#ifndef NBSCOPE_TUI_TEXT_FILE_H
#define NBSCOPE_TUI_TEXT_FILE_H

#include <stdint.h>

#include "base/slice.h"

/* 0 and what the file holds, in the arena; else a value of errno: EFBIG from a
 * MiB on. */
int text_file_read(struct arena *arena, struct slice path, struct slice *text);

/* The beginning of any file, up to `limit` bytes, and its size; 0, or a value of errno.
 * What is no ordinary file (a device, a pipe) is not opened: EINVAL. */
int file_head_read(struct arena *arena, struct slice path, size_t limit, struct slice *text, uint64_t *size);

#endif
