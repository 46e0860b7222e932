/* traced.h - the two replays of a notebook once more, with their traces: what the
 * graph, the plan, the reordering and the slices are made of.
 *
 * They are played only for those who ask, as most do not.
 */
#ifndef NBSCOPE_FLOW_TRACED_H
#define NBSCOPE_FLOW_TRACED_H

#include "flow/playback.h"
#include "flow/trace.h"

/* The statements of a run, in order: numbers of the trace, [first, first + count). */
struct traced_statements {
	uint32_t first, count;
};

struct traced_order {
	struct playback *playback;
	struct traced_statements *of_run; /* by index in playback->runs */
};

struct traced {
	struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects; /* effects[n - 1] of the code cell with number n */
	const struct log *log;          /* with the runs that were inferred */
	struct traced_order execution;  /* its kernel is the one that the log left */
	struct traced_order file;       /* its kernel is gone */
};

/* Plays both orders; all in the arena. `log` is the one that a status report holds. */
struct traced *traced_new(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                          struct effects *const *effects, const struct log *log);

/* The index in playback->runs of the run that a statement belongs to. */
size_t traced_run(const struct traced_order *order, uint32_t statement);

#endif
