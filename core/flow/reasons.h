/* reasons.h - why a cell's result is stale or broken, in sentences. */
#ifndef NBSCOPE_FLOW_REASONS_H
#define NBSCOPE_FLOW_REASONS_H

#include "flow/playback.h"
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

/* A reason that rests on no name. */
struct reason reason_plain(struct slice why);

#endif
