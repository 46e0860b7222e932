/* advice.h - what to do about results that don't stand, as the plan and the review of
 * a notebook say it. */
#ifndef NBSCOPE_REPORT_ADVICE_H
#define NBSCOPE_REPORT_ADVICE_H

#include "analysis.h"
#include "flow/plan.h"
#include "flow/reorder.h"
#include "report/json_writer.h"

struct advice {
	const struct analysis *analysis;
	struct plan *plan;
	struct reordering *reordering;
};

/* Plays the notebook for it; in the arena. */
struct advice advice_of(struct arena *arena, const struct analysis *analysis);

/* Which cells to run again, and how to move cells instead, each a sentence; empty where
 * there is nothing to do, and where more than a few moves are needed. */
struct slice advice_rerun(struct arena *arena, const struct advice *advice);
struct slice advice_reorder(struct arena *arena, const struct advice *advice);

/* The members "rerun" and "reorder" of an object that is open. */
void advice_json(struct json_writer *json, const struct advice *advice);

#endif
