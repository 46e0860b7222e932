/* plan.h - which cells to run again so that all results stand.
 *
 * The plan is the shortest list of cells with this promise: run one after the
 * other, in the order of the file, in the kernel as the log left it, they give
 * every cell that has a saved result the derivation that a fresh run from the top
 * gives it, so that all of them stand; a result that stands already, if only by what
 * its output proves, is left as it is. Cells are left out of the promise that no
 * run can mend: those that are broken, and those that are not in Python.
 *
 * A stale cell must run again. What it reads must then be as it is from the top:
 * either the kernel still has it so and no cell of the plan above it binds or
 * changes the name, or the cells that provide it from the top are in the plan
 * too. The least set of cells that is closed under this is the plan, and the plan
 * is played to see that its promise holds. Where it does not (the kernel holds
 * something that no cell can undo, such as a name that must not be bound), only
 * a restart helps.
 */
#ifndef NBSCOPE_FLOW_PLAN_H
#define NBSCOPE_FLOW_PLAN_H

#include "flow/status.h"
#include "flow/traced.h"

enum plan_kind {
	PLAN_NOTHING, /* all that can stand stands already */
	PLAN_RUN,     /* run the steps */
	PLAN_RESTART, /* restart the kernel and run all cells; there are no steps */
};

struct plan_step {
	size_t cell;
	bool is_stale;     /* its own result does not stand; else it is there for another step */
	bool raises;       /* it is broken, but needed for what it does before its NameError */
	size_t needed_by;  /* the first cell of the plan that needs it; 0 when none does */
	symbol needed_for; /* and the name for which it does */
};

struct plan {
	enum plan_kind kind;
	struct plan_step *steps;
	size_t step_count;
	size_t *beyond; /* the cells that ran and that no run can mend, upwards */
	size_t beyond_count;
};

/* The plan; in the arena. `report` is the one that the log of `traced` comes from. */
struct plan *plan_of_notebook(struct arena *arena, const struct traced *traced, const struct status_report *report);

#endif
