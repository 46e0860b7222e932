/* status.h - what is to be said of each cell's saved result, and why.
 *
 * Compares the replay in execution order with the replay in file order. Two
 * questions are kept apart: would a fresh run from the top give this result
 * (`status`), and would running the cell again now, in the kernel as it is,
 * give it (`now`).
 */
#ifndef NBSCOPE_FLOW_STATUS_H
#define NBSCOPE_FLOW_STATUS_H

#include "history/log.h"

enum status { STATUS_STANDS, STATUS_STALE, STATUS_BROKEN, STATUS_NOT_RUN, STATUS_UNKNOWN };

enum now { NOW_SAME, NOW_DIFFERS, NOW_ERROR, NOW_UNKNOWN };

enum certainty { CERTAIN, LIKELY, POSSIBLE };

/* One cause of a status: a name whose value differs, or a plain fact when name is 0. */
struct reason {
	symbol name;
	struct slice why;        /* one sentence, with full stop, that names the variable, the cells and the counts */
	size_t execution_cell;   /* who provided the name in execution order; 0 when nobody or no cell of the file */
	int64_t execution_count; /* NO_COUNT when not known */
	size_t file_cell;        /* who provides it in file order; 0 when nobody */
};

struct cell_status {
	size_t cell; /* number */
	enum status status;
	enum certainty certainty;
	enum now now;
	const struct run_error *error; /* the saved error output, or null */
	struct reason *reasons;        /* the most telling first; none for a cell that stands */
	size_t reason_count;
};

/* A NameError that Restart & Run All would raise. */
struct run_all_error {
	size_t cell;
	symbol name;
	uint32_t line;
	bool must;
};

struct playback;

struct status_report {
	struct cell_status *cells; /* cells[n - 1] is of the code cell with number n */
	size_t cell_count;
	size_t stops_at; /* the first cell at which a real Run All stops; 0 if it runs through */
	struct run_all_error *errors;
	size_t error_count;
	struct log *log; /* with what was inferred while replaying */
	/* What each run read and wrote, as it happened and from the top (playback.h); the
	 * kernels themselves are gone by then. Those of the log are its runs that are not
	 * lost, in the same order. */
	const struct playback *execution, *from_top;
};

/* The status of every code cell; all in the arena. `log` is what the sources
 * gave; the report's log also holds the runs that reconstruction inferred. */
struct status_report *status_of_notebook(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                         struct effects *const *effects, const struct log *log);

/* Whether the cell ends well whatever it raises, so that Run All goes on: `%%time` (before
 * IPython 9.4) and `%%capture` only show an error. */
bool status_swallows_errors(const struct effects *effects);

const char *status_name(enum status status);
const char *now_name(enum now now);
const char *certainty_name(enum certainty certainty);

#endif
