/* log.h - the runs of a notebook's cells, in the order in which they happened.
 *
 * The log is what the replay in execution order plays. Execution counts give
 * the last run of each cell; other sources add runs or facts. Runs that must
 * have happened although nothing recorded them are inferred by the replay's
 * needs (flow/playback.h), and gaps in the counts stand as lost runs.
 */
#ifndef NBSCOPE_HISTORY_LOG_H
#define NBSCOPE_HISTORY_LOG_H

#include "python/effects.h"

/* How we know that a run happened. */
enum run_origin { RUN_RECORDED, RUN_INFERRED, RUN_LOST };

/* Which source says so. */
enum run_source { VIA_COUNTS, VIA_OUTPUTS, VIA_TIMING, VIA_IPYTHON, VIA_GIT, VIA_LIVE };

/* What a run is to the cell that it is tied to. */
enum run_link {
	LINK_NONE,
	LINK_LAST_RUN,        /* the cell's saved result is from it */
	LINK_EARLIER_RUN,     /* of the same source */
	LINK_EARLIER_VERSION, /* of a source that the cell had before */
	LINK_LATER,           /* of the cell, but after the file was saved: its saved result is not from it */
	LINK_GONE,            /* of a source that no cell has any more */
};

/* How a run ended. */
enum run_end { END_UNKNOWN, END_OK, END_ERROR };

/* How a fact of the log is known, strongest first. */
enum knowledge { KNOWN_RECORDED, KNOWN_PROVED, KNOWN_INFERRED, KNOWN_ASSUMED, KNOWN_UNKNOWN };

/* What a saved error output says of a run. */
struct run_error {
	struct slice ename, evalue;
	uint32_t line; /* of the cell, from 1; 0 when the traceback does not say */
};

struct run {
	size_t step;   /* in the log, from 1 */
	int64_t count; /* execution count, or NO_COUNT */
	size_t cell;   /* number of the code cell, from 1; 0 when it is none of the file's */
	enum run_origin origin;
	enum run_source via;
	enum knowledge known;      /* of the source: ASSUMED when the present text is taken for what ran */
	bool edited;               /* it is proved that the cell's source is another now, and not known which it was */
	bool edited_unseen;        /* only a hash tells that, so that it may have been no more than a comment */
	enum run_link link;        /* what it is to the cell */
	enum knowledge link_known; /* UNKNOWN where there is no link */
	enum run_end end;
	enum knowledge end_known;      /* ASSUMED to be well where no saved output says otherwise */
	struct slice started, ended;   /* ISO 8601 in UTC; empty where nothing tells */
	unsigned session;              /* from 1 */
	const struct effects *effects; /* of the source as it ran; null for a lost run */
	struct slice source;
	struct run_error *error; /* null unless the run failed */
	uint32_t lost_count;     /* of a lost run: how many runs the gap stands for, from `count` on */
};

/* The runs between two starts of a kernel. */
struct session {
	int64_t history_session;     /* its number in IPython's history; 0 when it is not from there */
	int64_t pid;                 /* of the kernel's process; 0 when nothing tells */
	struct slice started, ended; /* of the kernel, ISO 8601 in UTC; empty where nothing tells */
	enum knowledge known;        /* that these runs are of one session, and of this notebook */
};

struct log {
	struct run *runs;
	size_t run_count;
	struct session *sessions; /* sessions[n - 1] has the number n */
	unsigned session_count;
	bool history_is_foreign; /* a history was asked, and no session of it is the notebook's */
	bool sessions_assumed;   /* only counts that occur twice tell them apart: which cell ran in which is a guess */
	bool sessions_tangled;   /* and no good one: no restart between two cells of the file explains the counts */
};

/* The log that the file alone gives: the last run of each counted cell in the
 * order of the counts, gaps as lost runs. Sessions are told apart by the times
 * where every counted cell has one, else by processes, else by counts that occur twice. Saved error outputs are read
 * for the line that failed. */
struct log *log_from_notebook(struct arena *arena, const struct notebook *notebook, struct effects *const *effects);

/* The same with what IPython's history knows: every run of the sessions that belong to
 * the notebook, with its source as it ran. Runs of cells that it does not know stand
 * before them, in sessions of their own. Null, with the reason in `*failure`, when the
 * history cannot be read. */
struct log *log_from_history(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                             struct effects *const *effects, struct slice history, struct failure *failure);

/* The error that a cell's outputs show, or null; and the line of the cell's own
 * source that its traceback names. */
struct run_error *run_error_of_cell(struct arena *arena, const struct notebook *notebook, const struct cell *cell);

const char *run_origin_name(enum run_origin origin);
const char *run_source_name(enum run_source source);
const char *run_link_name(enum run_link link); /* null for LINK_NONE */
const char *run_end_name(enum run_end end);
const char *knowledge_name(enum knowledge knowledge);

#endif
