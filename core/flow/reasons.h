/* reasons.h - why a cell's result is stale or broken, in sentences. */
#ifndef NBSCOPE_FLOW_REASONS_H
#define NBSCOPE_FLOW_REASONS_H

#include "flow/playback.h"
#include "flow/rehearsal.h"
#include "flow/status.h"

/* What the sentences speak of. */
struct reasoning {
	struct arena *arena;
	struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects;
	const struct playback *log, *file;
	const struct status_report *report; /* the statuses of the cells above are known */
};

/* Why the cell raises NameError from the top. */
struct reason reason_unbound(const struct reasoning *reasoning, size_t cell, const struct replay_error *error);

/* Why a name that the run reads is another one from the top: the read in the log
 * and the read in the file (null when there is none). */
struct reason reason_differs(const struct reasoning *reasoning, size_t cell, const struct replay_read *execution,
                             const struct replay_read *file);

/* Whether the cell's source is another one than that of this run of it. */
bool reason_is_edited(const struct reasoning *reasoning, const struct run *run);

/* What the cell gives from the top is not what it saved. */
struct reason reason_output(const struct reasoning *reasoning, const struct rehearsed *file,
                            const struct saved_output *saved);

/* A name that it reads had the value `before`, as the saved outputs show, and has the value `now` from the top. */
struct reason reason_value(const struct reasoning *reasoning, const struct rehearsed_name *before,
                           const struct rehearsed_name *now);

/* A reason that rests on no name. */
struct reason reason_plain(struct slice why);

#endif
