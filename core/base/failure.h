/* failure.h - why something could not be done, as a value.
 *
 * Core never prints and never exits: a function that can fail on bad input
 * returns false (or null) and fills a failure, which the front end shows as
 * one line, `FILE:LINE:COLUMN: message`.
 */
#ifndef NBSCOPE_BASE_FAILURE_H
#define NBSCOPE_BASE_FAILURE_H

#include <stdint.h>

#include "base/slice.h"

struct failure {
	struct slice file;     /* as the user named it */
	uint64_t line, column; /* from 1; column in characters; 0 when there is no such place */
	struct slice message;  /* a sentence without a full stop; lives in the arena given to the function */
};

/* The line that tells it: `FILE:LINE:COLUMN: message`, without the places that it
 * does not have; printable, in the arena. */
struct slice failure_line(struct arena *arena, const struct failure *failure);

#endif
