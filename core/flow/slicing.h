/* slicing.h - the statements that a result needs, as they ran.
 *
 * A slice is closed backwards: with each statement it holds all that the trace says
 * it rests on, on any path; with a definition of functions what they read when they
 * may be called; with a reader of a file those that write it, where both name it.
 * Calls that only set something up (`pd.set_option(...)`, `random.seed(1)`) are kept,
 * for nothing tells what they bear on. So a slice may hold more than is needed, and
 * is meant never to hold less; what nbscope does not follow (code in other files,
 * files named by variables) it can't hold.
 */
#ifndef NBSCOPE_FLOW_SLICING_H
#define NBSCOPE_FLOW_SLICING_H

#include "flow/traced.h"
#include "python/parser.h"

enum slice_role {
	SLICE_NEEDED,  /* the result rests on it */
	SLICE_SETS_UP, /* it binds nothing, but may bear on all that follows */
	SLICE_OUTSIDE, /* it works outside of Python (`!wget ...`): to be shown, not run */
};

struct sliced_statement {
	size_t run;                   /* index in traced->execution.playback->runs */
	const struct statement *node; /* of the run's source, parsed anew */
	enum slice_role role;
	bool is_cut_short; /* the run ended in it, with an error */
	bool is_shown;     /* its value became `_` and Out[n] */
};

struct slicing {
	struct sliced_statement *statements; /* in the order in which they ran */
	size_t count;
	size_t target;      /* the run whose result it is; SIZE_MAX for a name */
	symbol name;        /* the name whose value it is; 0 for a cell */
	bool reads_history; /* something in it reads `_`, `_5`, Out and the like */
	symbol *lost;       /* names that no run that is known had defined */
	size_t lost_count;
};

/* The slice of a cell's last run, with all of that run; null when it never ran. */
struct slicing *slicing_of_cell(struct arena *arena, const struct traced *traced, size_t cell);

/* The slice of what a name is bound to at the end of the log; null when no run that is known has bound it. */
struct slicing *slicing_of_name(struct arena *arena, const struct traced *traced, symbol name);

#endif
