/* testimony.h - what the saved outputs prove, held against what the cells compute. */
#ifndef NBSCOPE_FLOW_TESTIMONY_H
#define NBSCOPE_FLOW_TESTIMONY_H

#include "flow/rehearsal.h"
#include "history/log.h"

/* By number of the code cell, from 1. */
struct testimony {
	struct saved_output *saved;
	struct rehearsed **file; /* from the top, in a fresh kernel */
	struct rehearsed **log;  /* the cell's last recorded run; null when there is none */
};

/* The text outputs of a cell; `any` is false for a cell whose outputs are too large to look at. */
struct saved_output saved_output_of(struct arena *arena, const struct notebook *notebook, const struct cell *cell);

/* Rehearses the file from the top, and the log; all in the arena. */
struct testimony *testimony_gather(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                   struct effects *const *effects, const struct log *log);

#endif
