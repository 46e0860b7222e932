/* replay.h - an abstract kernel: plays runs of cells without running any code.
 *
 * The namespace maps names to objects (object.h). Playing a run interprets the
 * events of its program and says how its result was derived, what it read from
 * whom, and whether it fails. The last run can be taken back, which is how the
 * question "would it give the same now?" is asked, and how reconstruction finds
 * out what a run needs.
 */
#ifndef NBSCOPE_FLOW_REPLAY_H
#define NBSCOPE_FLOW_REPLAY_H

#include "flow/object.h"
#include "history/log.h"

enum { READ_OFFERS = 4 };

/* The first read, in a run, of a name that the run itself had not bound. */
struct replay_read {
	symbol name;
	enum level level;         /* how surely it is read */
	uint32_t line;            /* of the cell; of the call when the read is in a called function */
	struct identity identity; /* of what was read */
	uint64_t
	    offers[READ_OFFERS]; /* of the first objects that it may be, where it is one of several, or may be missing */
	bool unbound;            /* there was nothing to read */
	bool guarded;            /* and the cell is prepared for that: the NameError is caught */
	bool maybe_unbound;      /* it was bound on some paths only */
	bool existence;          /* only whether it is bound was asked */
	bool provided;           /* and the run bound it then: it sees to it that it is */
	bool in_text;            /* by a text that the cell runs (`exec`) */
	bool opaque;             /* perhaps bound by something opaque, such as `import *` */
	uint32_t bound_by;       /* the run that bound it, from 1; 0: none (a builtin, the kernel) */
	uint32_t changed_by;     /* the run that last changed it in place since; 0: none */
	symbol function;         /* the notebook's function in which the read stands; 0 for the cell itself */
};

/* A name that the run bound, changed in place or deleted. */
enum write_kind { WRITE_BIND, WRITE_CHANGE, WRITE_DELETE };

struct replay_write {
	symbol name;
	enum write_kind kind;
	enum level level;
	bool foreign; /* what other cells left decided that it happens */
};

/* A name that is not bound where it is read: NameError. */
struct replay_error {
	symbol name;
	uint32_t line;
	bool must;
};

/* What playing one run showed; it outlives the replay. */
struct replay_run {
	uint32_t number; /* from 1, in the order of play */
	struct identity identity;
	VECTOR(struct replay_read) reads;
	VECTOR(struct replay_write) writes;
	VECTOR(struct replay_error) errors; /* those that only may happen, then at most one that must, which ends it */
	VECTOR(symbol) assumed;             /* names that nothing had bound, but that must have been there: it succeeded */
	bool may_fail; /* by a NameError, as far as what came before tells; also in code that it passes on */
	bool failed;   /* it ended early: by a NameError that must happen, or where told to */
	bool uses_opaque;
	bool bounded; /* so much had happened by then that calls were no longer followed */
};

struct replay;

/* An empty kernel. Results live in the arena; what the kernel holds ends with replay_free(). */
struct replay *replay_new(struct arena *arena, struct symbols *symbols);
void replay_free(struct replay *replay);

/* Says that some cell of the notebook binds the name: so where it is missing it is
 * not taken to come from something opaque, such as an `import *`. */
void replay_expect(struct replay *replay, symbol name);

/* Makes the replay note which statements rest on which (trace.h), from here on; gives
 * the trace, which outlives the replay. To be asked for before the first run. */
struct trace;
struct trace *replay_trace(struct replay *replay);

/* A kernel (re)start: the namespace is empty again. */
void replay_restart(struct replay *replay);

/* How to play a run. */
struct replay_request {
	const struct effects *effects;
	int64_t count;         /* the execution count it has, for `_5` and the like; NO_COUNT when unknown */
	bool displays;         /* its last expression showed a value */
	bool may_display;      /* no saved output tells whether it did: it did unless the value is None */
	uint32_t failing_line; /* where a saved error cut it short, from 1; 0: it ran through */
	uint32_t refused_line; /* of what CPython's compiler refuses: what stands before it ran; 0: nothing */
	bool other_source;     /* what ran was another source, which is not known: so all that it made is another thing */
	bool fails_whole;      /* nothing of it happened (a SyntaxError) */
	bool succeeded;        /* it is known to have found the names that it certainly reads ... */
	struct arena *results; /* where the result is to live; null for the replay's */
	symbol missing;        /* ... but for this one, which its saved NameError names; 0 for none */
};

/* Plays a run. Its effects stay, unless it is taken back. */
struct replay_run *replay_play(struct replay *replay, const struct replay_request *request);

/* Takes a name away: something that no run tells had unbound it. */
void replay_unbind(struct replay *replay, symbol name);

/* Makes the kernel as it was before the last run that was played, whose result stays. */
void replay_take_back(struct replay *replay);

/* What a name is bound to now: null object when it is not. */
struct binding replay_binding(const struct replay *replay, symbol name);

#endif
