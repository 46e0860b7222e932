/* instant.h - points in time, as microseconds since 1970 in UTC.
 *
 * Kernels, front ends and databases write times in several ways; here they
 * become numbers, and one text that sorts as they do.
 */
#ifndef NBSCOPE_BASE_INSTANT_H
#define NBSCOPE_BASE_INSTANT_H

#include <stdint.h>

#include "base/slice.h"

enum { NO_INSTANT = -1, MICROSECONDS = 1000000 /* in a second */ };

/* An ISO 8601 time as Python and JavaScript write it, with a "T" or a space between
 * day and hour; NO_INSTANT when it is none, or before 1970. A time that names no
 * zone is taken for UTC; `*zoned` (null is allowed) says whether it named one. */
int64_t instant_of_text(struct slice text, bool *zoned);

/* The same, but a time that names no zone is the local time of this machine. */
int64_t instant_of_local_text(struct slice text);

/* ISO 8601 in UTC with microseconds, "2026-11-21T05:59:36.642257Z"; empty for NO_INSTANT. */
struct slice instant_text(struct arena *arena, int64_t instant);

#endif
