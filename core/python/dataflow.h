/* dataflow.h - what may have happened to each name when an event is reached.
 *
 * A forward analysis over a program's events finds, for every read and delete,
 * whether the name may come from outside, may have been bound here, or deleted;
 * a backward one finds the names that are read from outside on every path that
 * ends normally. Between the compound statements of a program there is one state
 * only, so that the work is done region by region, on the names of that region.
 */
#ifndef NBSCOPE_PYTHON_DATAFLOW_H
#define NBSCOPE_PYTHON_DATAFLOW_H

#include "python/events.h"

/* What a name may be at a place; several can hold, by the path taken. */
enum {
	STATE_OUTSIDE = 1, /* as it was before the program */
	STATE_BOUND = 2,   /* bound by the program */
	STATE_DELETED = 4, /* deleted by the program */
	STATE_SEEN = 8,    /* as before the program, and read since: so it exists */
};

/* What was found of a global variable. */
struct variable_facts {
	bool exposed : 1;      /* read where it may come from outside */
	bool exposed_sure : 1; /* ... and was bound here on no path to that read */
	bool unguarded : 1;    /* a read that may be the first to fail is not guarded */
	bool missing : 1;      /* read where it may come from outside or be deleted */
	bool certain : 1;      /* read from outside on every path that ends normally */
	bool bound : 1, deleted : 1;
	bool deleted_exposed : 1; /* deleted where it may come from outside */
	uint8_t exit;             /* its states at the program's normal end */
};

struct dataflow {
	bool completes;               /* some path ends normally */
	struct variable_facts *facts; /* one for each variable of the program */
};

/* Analyses a program; the result lives in `scratch`. Class variables count for
 * the global names that their reads fall through to. */
struct dataflow dataflow_of_program(struct arena *scratch, const struct program *program);

#endif
