/* rehearsal_state.h - the state of a rehearsal; private to rehearsal*.c. */
#ifndef NBSCOPE_FLOW_REHEARSAL_STATE_H
#define NBSCOPE_FLOW_REHEARSAL_STATE_H

#include "flow/rehearsal.h"
#include "flow/value.h"

/* How a piece of a program ended. LOST: what it does is not known. */
enum outcome { WENT_ON, RETURNED, RAISED, LOST };

/* A global name. What befalls all names at once is noted in the rehearsal, and comes to a slot when it is looked at:
 * rehearsal_slot() settles that. */
struct slot {
	struct value *value;          /* null when unbound */
	bool maybe;                   /* it may be bound or not, to anything */
	bool rebound;                 /* functions bind it when they are called */
	uint32_t written_in, read_in; /* runs */
	uint32_t input;               /* where it stands in that run's list, + 1 */
	uint32_t settled;             /* the event of the rehearsal up to which it is */
};

struct rehearsal_frame {
	const struct program *program;
	struct program_events code;
	struct rehearsal_frame *outer;
	struct rehearsal_frame *moved; /* where it is now, while what can be reached moves (rehearsal_keep.c) */
	struct arena_mark before;      /* of the scratch arena: code, values and stamps end with the call */
	struct value **slots;          /* of variables that are not global */
	struct value **values;         /* by value_id */
	uint32_t *stamps;              /* by value_id: when it was made */
	uint32_t *makers;              /* by value_id: the event that makes it; null until rehearsal_name_of() asks */
	struct value *returned;
	struct slice caught; /* the exception that the handler under way has caught; empty when unknown */
	symbol caught_name;
	uint32_t caught_line;
};

struct rehearsal {
	struct arena *results; /* what outlives the kernel */
	struct arena *kernel;  /* the kernel itself */
	struct arena *arena;   /* its values, and garbage, from which rehearsal_keep() moves what can be reached */
	struct arena *scratch; /* of the calls under way */
	size_t kept;           /* bytes that the last move left */
	size_t events;         /* of all programs run so far: what there may be is in proportion */
	size_t budget;         /* bytes that the arena may hold before the run's end */
	struct symbols *symbols;
	struct slot *globals; /* by symbol */
	size_t global_count;
	uint32_t epoch; /* mutable values that are older may have changed */
	uint32_t run;
	bool opaque;          /* a name that is not bound may be so all the same */
	bool history_unknown; /* which results there were, and what `_` is */

	/* What befell all names, numbered as it happened (`happened` is the last): a restart, the loss of all names, and
	 * of those that functions bind. */
	uint32_t happened, restarted, all_lost, rebound_lost;
	uint32_t rebound_lost_in; /* the run */
	struct value unknown;     /* one for all: nothing is ever kept in it */

	struct rehearsed *result;
	const struct rehearsal_request *request;
	struct builder printed;
	struct value *shown; /* the cell's result */
	uint32_t line;
	uint32_t steps, clock; /* `steps` of the statement; also what one event goes over counts */
	uint32_t step_limit;
	int64_t steps_left; /* for all that is to come */
	size_t told;        /* bytes of text in the results */
	unsigned depth;
	size_t read_to; /* of the saved stdout: what was accounted for; SIZE_MAX: no longer */

	/* The exception under way, after RAISED. */
	struct slice ename; /* empty when unknown */
	symbol missing;

	struct value *yields; /* a list, of the generator that is being gone through, */
	int yields_until;     /* which any() and all() leave at the first item of this truth; -1: goes on to its end */

	bool may_have_ended;  /* the run under way: a statement of it got lost, and may have raised */
	bool unsure;          /* something happened that may have raised, or not */
	bool prints_anything; /* stdout is another one */
	bool shows_anything;  /* results are not shown as repr() writes them */
	VECTOR(struct value *) escaped;
};

/* A bound on the events of one statement, and on calls within calls. What a rehearsal makes weighs at most
 * REHEARSAL_BYTES and REHEARSAL_EVENT_BYTES for each event that it knows; what would be beyond is lost. */
enum { REHEARSAL_STEPS = 20000, REHEARSAL_DEPTH = 25, REHEARSAL_BYTES = 32 << 20, REHEARSAL_EVENT_BYTES = 1024 };

/* All statements together take at most this many steps, and as many more for each event. */
enum { REHEARSAL_ALL_STEPS = 1 << 24, REHEARSAL_EVENT_STEPS = 100 };

/* Runs events of a frame. */
enum outcome rehearse_events(struct rehearsal *rehearsal, struct rehearsal_frame *frame, uint32_t from, uint32_t to);

/* A frame until rehearsal_frame_end(), in reverse order; of its variables also longer, where a function needs them. */
struct rehearsal_frame *rehearsal_frame_new(struct rehearsal *rehearsal, const struct program *program,
                                            struct rehearsal_frame *outer);
void rehearsal_frame_end(struct rehearsal *rehearsal, const struct rehearsal_frame *frame);

/* Between runs: leaves in memory what names can reach, when much else is there. */
void rehearsal_keep(struct rehearsal *rehearsal);

struct slot *rehearsal_slot(struct rehearsal *rehearsal, symbol name);

/* The value of an operand; unknown where there is none. */
struct value *rehearsal_operand(struct rehearsal *rehearsal, const struct rehearsal_frame *frame, value_id value);

/* A value of this moment; an unknown one is shared. */
struct value *rehearsal_value(struct rehearsal *rehearsal, enum value_kind kind);

/* Stamps a value that was just made, with what it holds. */
struct value *rehearsal_stamp(struct rehearsal *rehearsal, struct value *value);

bool rehearsal_knows(const struct rehearsal *rehearsal, const struct value *value);

/* Whether using the value may run code of the notebook. */
bool rehearsal_carries_code(const struct value *value);

enum outcome rehearsal_raise(struct rehearsal *rehearsal, struct slice ename);

/* EVENT_CALL. */
enum outcome rehearse_call(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **result);

/* The items that going over a value gives, as a list; null when they are not known. May run a generator. */
enum outcome rehearsal_items(struct rehearsal *rehearsal, struct value *value, struct value **items);

/* The member of a class or its bases, or null. */
struct value *rehearsal_member(const struct value *class, symbol name);

/* What isn't known may hold the value from now on, or (`inside`) only what the value holds. */
void rehearsal_escape(struct rehearsal *rehearsal, struct value *value, bool inside);

/* Something that isn't known was changed: it may be any of the values that have escaped. */
void rehearsal_lose_escaped(struct rehearsal *rehearsal);

/* Something may have changed the value. */
void rehearsal_lose_value(struct rehearsal *rehearsal, struct value *value);

/* Sets an attribute of an instance or class, or a member. */
void rehearsal_set_member(struct rehearsal *rehearsal, struct value *object, symbol name, struct value *value);

/* Adds what a name held before the run bound it, if that can be written. */
void rehearsal_tell_input(struct rehearsal *rehearsal, struct slot *slot, symbol name, const struct value *value);

/* Text that any may stand for. */
void rehearsal_print_anything(struct rehearsal *rehearsal);

/* A name was shown to have a value. */
void rehearsal_observe(struct rehearsal *rehearsal, symbol name, struct value *value);

/* The global name that an operand was read from, or 0. */
symbol rehearsal_name_of(struct rehearsal *rehearsal, struct rehearsal_frame *frame, value_id value);

#endif
