/* likeness.h - how much two sources are alike.
 *
 * Kernels store the sources of runs without trailing line ends, and editors and
 * version control change blanks at the ends of lines: what differs in these
 * only is the same source.
 */
#ifndef NBSCOPE_HISTORY_LIKENESS_H
#define NBSCOPE_HISTORY_LIKENESS_H

#include <stdint.h>

#include "base/slice.h"

/* The source without blanks at the ends of its lines and empty lines at its ends;
 * every line ends with a line feed. */
struct slice source_normal(struct arena *arena, struct slice source);

/* The same for two sources. */
bool source_same(struct slice a, struct slice b);

/* From 0 (nothing in common) to 1 (the same): what their lines have in common, by
 * Dice's measure, or in short sources what pairs of characters have, if that is more. */
double source_likeness(struct arena *arena, struct slice a, struct slice b);

#endif
