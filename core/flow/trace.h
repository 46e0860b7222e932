/* trace.h - which statement of a replay rests on which earlier ones.
 *
 * A replay that is traced notes, for every top-level statement that it plays,
 * the statements whose work it needs: those that bound the names it reads, that
 * made or last changed the objects behind them and what these hold, and what it
 * changes further. A binding that only may happen needs the one before it. So
 * the links of a statement, followed to their ends, are all that it rests on.
 * Graph, plan and slice are made of this.
 */
#ifndef NBSCOPE_FLOW_TRACE_H
#define NBSCOPE_FLOW_TRACE_H

#include "flow/object.h"

enum trace_how {
	TRACE_BIND,   /* `on` bound the name */
	TRACE_CHANGE, /* `on` made or changed in place what the name, or something it holds, stands for */
	TRACE_STATE,  /* by no name: a closure, an object changed further, something opaque; with a name, `on` had bound
	                 it, and the statement may leave it so */
};

struct trace_link {
	uint32_t on; /* the number of an earlier statement; 0: the name was there, though nothing known bound it */
	symbol name; /* as it was read, or kept; 0 where there is none */
	enum level level : 8;
	enum trace_how how : 8;
};

struct traced_statement {
	uint32_t run;   /* number of the run */
	uint32_t index; /* in the statements of the run's program */
	uint32_t first_link, link_count;
};

/* A name that a statement bound or deleted. */
struct trace_write {
	uint32_t statement;
	symbol name;
	bool sure; /* on every path, and nothing cut the statement short */
};

struct trace_name;

struct trace_undo {
	symbol name;
	uint32_t bound_at, shared_at;
};

struct trace {
	struct arena *arena;
	VECTOR(struct traced_statement) statements; /* items[n - 1] has the number n */
	VECTOR(struct trace_link) links;
	VECTOR(struct trace_write) writes; /* in order */

	/* While it is made. */
	bool partial;             /* the statement under way is the one at which a saved error ended the run */
	struct trace_name *names; /* by symbol */
	size_t name_capacity;
	uint32_t *linked_in; /* by statement: the last one that was linked to it */
	size_t linked_capacity;
	uint32_t opaque;                /* the last statement that may have bound anything */
	VECTOR(struct trace_undo) undo; /* what the run under way replaced */
	size_t writes_before;
	uint32_t opaque_before;
};

struct trace *trace_new(struct arena *arena);

/* A run, a statement of it, or a new kernel begins. */
void trace_begin_run(struct trace *trace);
void trace_begin_statement(struct trace *trace, uint32_t run, uint32_t index, bool partial);
void trace_restart(struct trace *trace);

/* The last run is taken back: what its statements bound is as before. */
void trace_take_back(struct trace *trace);

/* The statement under way reads a name that is bound to the object. */
void trace_read(struct trace *trace, symbol name, const struct object *object, enum level level);

/* It needs an object that it has by no name. */
void trace_object(struct trace *trace, const struct object *object, enum level level);

/* It binds or deletes a name. */
void trace_bind(struct trace *trace, symbol name, enum level level);

/* It changes an object that may share the ones that this one's parts are: what their
 * names stand for may have changed too. */
void trace_change(struct trace *trace, const struct object *object);

/* A name is taken to have been there already. */
void trace_assume(struct trace *trace, symbol name);

/* It may bind anything; it reads a name that something opaque may have bound. */
void trace_opaque(struct trace *trace);
void trace_read_opaque(struct trace *trace, symbol name, enum level level);

#endif
