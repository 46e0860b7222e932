/* versions.h - the names of a kernel over time: what each run did to them, and how
 * long what it bound lived.
 *
 * Made from one of the two replays: of the log, whose steps are the runs of the
 * log, or of the file, whose steps are the code cells from the top. A version of
 * a name begins with the step that binds it and ends with the one that binds it
 * anew or deletes it, or with the session.
 */
#ifndef NBSCOPE_TUI_VERSIONS_H
#define NBSCOPE_TUI_VERSIONS_H

#include "analysis.h"
#include "flow/identity.h"

#define NO_STEP SIZE_MAX

/* What one step did to one name. */
struct touch {
	symbol name;
	size_t step; /* from 0 */
	bool reads, binds, changes, deletes;
	bool unbound;                  /* read where nothing had bound it */
	bool may;                      /* bound, changed or deleted on some paths only */
	bool read_may;                 /* read on some paths only */
	bool leaves;                   /* the name is bound when the step has ended */
	size_t read_from;              /* the step that had bound what was read first; NO_STEP: nothing records it */
	struct identity read_identity; /* how what was read was derived */
	size_t read_changed;           /* the step that had changed it since; NO_STEP when none had */
	size_t bound_in;   /* what the step leaves: the step that bound it, or NO_STEP where nothing records that, ... */
	size_t changed_in; /* ... the last that changed it since, or NO_STEP, ... */
	size_t until;      /* ... and the one that binds or deletes it next in the session, or NO_STEP */
};

/* The touches of one name, in the order of the steps. */
struct name_row {
	symbol name;
	const struct touch *touches;
	size_t count;
	size_t trouble; /* how many cells have a reason that names it */
};

struct versions {
	size_t step_count;
	unsigned *sessions;    /* by step */
	struct name_row *rows; /* in the order of first use */
	size_t row_count;
	size_t *row_of; /* by symbol: index + 1 of its row, or 0 */
	size_t symbol_limit;
	int name_width;               /* columns of the longest name */
	const struct touch **by_step; /* those of step S are by_step[starts[S]] to by_step[starts[S + 1]], by row */
	size_t *starts;
};

/* The versions in the log (`from_top` false) or in the file; in the arena. */
struct versions *versions_new(struct arena *arena, const struct analysis *analysis, bool from_top);

/* The row of a name, or null. */
const struct name_row *versions_row(const struct versions *versions, symbol name);

/* The last touch of a name at or before a step and in its session; null when there is none. */
const struct touch *versions_last_touch(const struct versions *versions, const struct name_row *row, size_t step);

/* The touch of a name in a step, or null. */
const struct touch *versions_touch(const struct name_row *row, size_t step);

/* What there was when a step had ended, and what it deleted; what was written
 * last comes first. `*count` is how many; in the arena. */
const struct touch **versions_namespace(const struct versions *versions, struct arena *arena, size_t step,
                                        size_t *count);

/* The touches of one step, in the order of first use. */
const struct touch **versions_of_step(const struct versions *versions, size_t step, size_t *count);

#endif
