/* playback.h - the two replays of a notebook: the log as it happened, and the file
 * from top to bottom.
 *
 * Playing the log also reconstructs what it lost: where a run needs a name that
 * nothing before it bound, an earlier run of a cell that binds it must have
 * happened, if the counts leave room for one.
 */
#ifndef NBSCOPE_FLOW_PLAYBACK_H
#define NBSCOPE_FLOW_PLAYBACK_H

#include "flow/definers.h"
#include "flow/replay.h"

struct played_run {
	const struct run *run; /* of the log; for the file, one with the cell's number */
	struct replay_run *result;
	bool repeats_error;    /* in the file: it fails again as its saved error says */
	struct name_list lost; /* names that it needs and that no run could have bound */
	enum level differs;    /* how surely what it read had other values than from the top, of a cell's last run; known when
	                          both replays are done */
	bool same_values;      /* derived otherwise than from the top, but of the same values */
	enum level at_best;    /* how sure what is said of it can be, where its inputs differ from the file's only by what was
	                          inferred or is lost; known when both replays are done */
};

struct playback {
	struct replay *replay; /* the kernel after the last run; null when it was freed */
	struct trace *trace;   /* which statements rest on which; null unless it was asked for */
	VECTOR(struct played_run) runs;
	size_t *run_of_number; /* index + 1 of the run that the replay gave this number; 0 for one taken back */
	size_t number_capacity;
	struct definers *definers;
	size_t *last_of_cell; /* index + 1 of the last recorded run of each cell, by number; 0 when there is none */
};

/* Plays a log. `*whole` becomes the log with the runs that were inferred; with a null
 * `whole` the log holds them already. `traced`: with a trace (trace.h). */
struct playback *playback_of_log(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                 struct effects *const *effects, const struct log *log, bool traced,
                                 struct log **whole);

/* Plays the file in a fresh kernel, past errors. `log` is the playback of the log,
 * which tells whether a saved error would come again. */
struct playback *playback_of_file(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                  struct effects *const *effects, const struct playback *log, bool traced);

/* Plays a cell's last run again at the end of the log, and takes it back. The result lives in the arena. */
struct replay_run *playback_again(struct playback *playback, const struct notebook *notebook,
                                  const struct effects *effects, const struct run *run, struct arena *arena);

/* The run behind a number that a replay gave, or null. */
const struct played_run *playback_run(const struct playback *playback, uint32_t number);

#endif
