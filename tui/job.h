/* job.h - a notebook that is read and analysed by a thread beside the one that draws.
 *
 * The thread works on what nobody else sees until it hands it over; it asks between
 * its steps whether it is to go on, and notes how far it is.
 */
#ifndef NBSCOPE_TUI_JOB_H
#define NBSCOPE_TUI_JOB_H

#include "tui/versions.h"

struct job;

/* What a job came to. */
struct job_result {
	struct analysis *analysis; /* with its notebook still borrowed from `read`; null: failed or stopped */
	struct analysis *read;     /* null where the file could not be read */
	bool stopped;              /* because of job_stop() */
	struct failure failure;    /* in the arena given to job_end() */
	/* The names over time, as it happened and from the top, with the analysis, in an arena that is the taker's: of many
	 * cells they take longer than a key may. */
	struct arena *index;
	struct versions *versions[2];
};

/* Begins. With `early`, what takes longer to analyse is handed over as an outline first
 * (analysis_outline()). Null when the system has no thread left. */
struct job *job_start(struct slice path, struct slice history, bool early);

/* Has the thread call a function whenever there is something to be taken from now on. */
void job_on_news(struct job *job, void (*wake)(void *context), void *context);

/* Waits for the end, for so many milliseconds (-1: for ever); whether it has come. */
bool job_wait(struct job *job, int milliseconds);

/* The outline, once it is there, else null. It stays the job's: job_end() gives it as `read`. */
struct analysis *job_outline(struct job *job);

/* How far some work is, in words: "reading the cells 43 %". */
struct slice progress_text(struct arena *arena, const char *what, size_t done, size_t whole);

/* How far the job is, in the arena; empty before it has begun. */
struct slice job_progress(struct job *job, struct arena *arena);

/* Asks it to stop, which it does before its next step. */
void job_stop(struct job *job);

/* Takes what came of a job that has ended, and frees it. */
struct job_result job_end(struct job *job, struct arena *arena);

/* Closes what came of a job that nobody wants. */
void job_drop(const struct job_result *result);

/* Stops a job whose result nobody wants any more. One that does not stop soon is left to
 * itself, since the process is about to end. */
void job_leave(struct job *job);

#endif
