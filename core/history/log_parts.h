/* log_parts.h - what the sources of the log share while they write it; of this room only. */
#ifndef NBSCOPE_HISTORY_LOG_PARTS_H
#define NBSCOPE_HISTORY_LOG_PARTS_H

#include "history/evidence.h"
#include "history/log.h"

/* A log under construction. */
struct log_writer {
	struct arena *arena;
	struct log *log;
	size_t capacity, session_capacity;
	int64_t expected; /* the count of the session's next run, if nothing is missing */
};

/* Runs that are added from here on are of a new session. */
void log_begin_session(struct log_writer *writer, const struct session *session);

/* Adds a run of the session, after those with lower counts; counts between them that
 * nothing tells of become a lost run. */
void log_add_run(struct log_writer *writer, const struct run *run);

/* The log of the counted cells alone, without those of which `left_out` (by number - 1;
 * may be null) is true; the writer goes on with it. */
struct log *log_from_cells(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                           const struct evidence *evidence, const bool *left_out, struct log_writer *writer);

/* The last run of a counted cell as the file tells it. */
struct run run_of_cell(struct arena *arena, const struct notebook *notebook, const struct effects *effects,
                       const struct cell *cell);

/* What the outputs of each cell give away, by number - 1. */
const struct evidence *evidence_of_notebook(struct arena *arena, const struct notebook *notebook);

/* Adds to the runs and sessions what the outputs prove of them. */
void log_weigh_evidence(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                        const struct evidence *evidence, struct log *log);

/* When a cell last ran, as its metadata says; all empty when it does not. */
void run_times(struct arena *arena, const struct notebook *notebook, const struct cell *cell,
               struct cell_metadata *metadata);

#endif
