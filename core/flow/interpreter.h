/* interpreter.h - the state of a replay while it plays; private to core/flow.
 *
 * interpreter.c follows the control flow of a program, event by event; names.c
 * reads and binds names, values.c makes values; calls.c knows what calls, methods
 * and library functions do, namespace.c what is done to the namespace as an object;
 * keep.c keeps what outlives a run; replay.c is the door.
 */
#ifndef NBSCOPE_FLOW_INTERPRETER_H
#define NBSCOPE_FLOW_INTERPRETER_H

#include "flow/replay.h"
#include "flow/trace.h"

/* Where a binding is kept, with a mark for the joining of states. */
struct place {
	struct binding now;
	bool lasts; /* it is of the namespace, or of a frame that a closure keeps */
	uint32_t mark, index;
};

/* A name of the namespace, and what the run under way did with it. */
struct global {
	struct place place;
	uint32_t read_in, read_at;       /* the run that last read it from outside, and where that stands in its list */
	uint32_t written_in, written_at; /* the run that last bound or deleted it, and where that stands in its list */
	uint32_t changed_in, changed_at; /* the same for the last change in place, and where that stands */
	uint32_t doubted_in;             /* the run that last noted that it may be missing */
	uint32_t kernel_number;          /* of the kernel that the binding is of */
	bool expected;                   /* some cell of the notebook binds it */
};

/* A change of a binding. The changes form a tree, each pointing at the one
 * before it, so that the state at a branch is kept by remembering a node, and
 * going from one state to another means undoing and redoing changes up to their
 * common ancestor. */
struct change {
	struct place *place;
	struct binding before, after;
	struct change *previous;
	uint32_t depth; /* changes before this one */
};

/* A change of an object, kept so that a run can be taken back. */
struct object_change {
	struct object *object;
	struct object before;
	struct object_change *previous;
};

/* A place that one of two states changed since they parted. */
struct parted {
	struct place *place;
	struct binding other; /* what the other state has there */
};

/* A state that waits at an event to which something jumps. */
struct pending {
	struct change *state;
	struct pending *next;
};

/* What a jump leaves out: events before `target` happen only with certainty `level`. */
struct cover {
	uint32_t target;
	enum level level;
	bool foreign; /* they happen as surely as `level` says, but what other cells left decided it */
	struct cover *next;
};

/* A program being interpreted. */
struct frame {
	const struct program *program;
	const struct event *events; /* of the program, unpacked */
	const struct event_argument *arguments;
	struct frame *outer; /* of the program in which a closure was made */
	struct frame *caller;
	struct frame *moved;      /* where it lives on (keep.c) */
	bool kept;                /* it is of a run that is over */
	struct place *slots;      /* of the program's variables that are not global */
	struct object **values;   /* by value_id */
	struct pending **waiting; /* by event: the states that wait there, the latest first */
	struct cover *covers;
	uint32_t searched_head, searched_to; /* where the last search for a loop's exit found none */
	enum level entry;                    /* how surely the whole program runs */
	const struct event *at;              /* the event under way */
	const struct event *call;            /* the event of `caller` that runs this program */
	uint32_t *varies_to;                 /* by variable: up to this event, what a loop binds is not what it was first */
	uint32_t raising;                    /* the handler at which a NameError that no clause catches is; 0: none is */
	uint32_t loops_to;                   /* the end of the loops under way */
	bool looped;                         /* a loop of a caller is under way */
	bool foreign;                        /* what other cells left decided that the program runs */
	bool decided;                        /* a branch was taken because of a value that is known */
	bool reachable;
	bool in_text;     /* code of a text that is run (`exec`): what it reads, the cell reads */
	bool speculative; /* code that something may run some day: a name that it misses is no error */
	struct object *returned;
	struct object *callee; /* the function whose program this is; null for a cell */
	symbol function;       /* the name by which the notebook called it; 0 for a cell */
};

/* An object made or changed by the statement under way, whose identity is final
 * only when all reads of the statement are known. */
struct touched {
	struct object *object;
	enum level level;
	bool made;
	uint64_t event_key;     /* of the event that made it */
	struct identity before; /* of one that was changed */
	bool unchanged;         /* the change gave what was there; see repeat.c */
};

/* Code that the statement under way has already run because something used it. */
struct carried {
	const struct program *program;
	uint32_t statement_number;
	enum level level;
};

/* Something ran that may have bound anything: from then on an unbound name is not
 * certainly so. */
struct opacity {
	bool is_opaque;
	struct identity identity;
	uint32_t by; /* the run */
};

/* What was imported so far (modules.c). */
struct modules {
	VECTOR(struct object *) list;
	uint32_t *slots; /* index + 1 in the list, by hash; 0: none */
	size_t slot_count;
};

/* The effects of a text that was run. */
struct source_effects {
	struct slice source;
	const struct effects *effects;
};

/* What IPython keeps as In[count]. */
struct input {
	int64_t count;
	uint32_t kernel_number;
	struct slice source;
};

enum { TEXTS_KEPT = 64 };

/* A statement that leaves an object as it is when it is repeated (repeat.c). */
struct store {
	symbol name;           /* 0: it is no such statement */
	struct object *object; /* and what it was before */
	struct object before;
	uint64_t hash;          /* of the statement's tokens */
	struct identity others; /* what the statement was derived from so far, but for that object */
	unsigned changes;       /* of the object so far */
};

enum { PATHS_ENDED = 8 };

struct replay {
	struct arena *arena;   /* of objects, changes and frames of the run under way: released before the next */
	struct arena *kernel;  /* of what can still be reached when a run is over; ends with the replay */
	struct arena *results; /* of what outlives it: the runs' results and the trace */
	struct symbols *symbols;
	struct global **globals; /* by symbol; null where the name was never touched */
	size_t global_count;
	uint32_t kernel_number;   /* counts the restarts */
	struct object **builtins; /* by symbol, made when first asked for */
	size_t builtin_count;
	uint32_t run_count;

	/* The run under way. */
	struct replay_run *run;
	const struct replay_request *request;
	struct identity statement; /* what the statement under way was derived from so far */
	struct store store;        /* when it is one of a certain kind */
	uint32_t line;             /* of the statement of the cell under way */
	uint64_t event_key;        /* of the event under way: the same in every replay of the same code */
	uint32_t statement_number; /* over the whole replay, from 1 */
	VECTOR(struct touched) touched;
	struct change *state;
	struct change *ended[PATHS_ENDED]; /* where paths of the statement under way may have ended the run */
	unsigned ended_count;
	uint32_t mark;                   /* of the last joining of states */
	VECTOR(struct parted) parted;    /* room for a joining of two states, */
	VECTOR(struct change *) joining; /* and of many */
	struct object_change *object_changes;
	size_t steps;            /* events so far in this run: a bound on what calls may cost */
	size_t all_steps;        /* in all runs that were not taken back */
	enum level change_level; /* how surely the statement under way changes anything: one that failed may not have */
	unsigned change_budget;  /* how many objects the change under way may still reach */
	VECTOR(struct carried) carried;
	struct modules modules;

	struct source_effects texts[TEXTS_KEPT]; /* by the hash of the source, the last of each */
	VECTOR(struct input) inputs;             /* of all runs, in order */
	size_t inputs_before;
	struct opacity opacity;
	struct trace *trace; /* null unless it is wanted */

	/* What taking back the run under way goes back to. */
	struct opacity before;
	size_t all_steps_before;
	size_t modules_before;
	struct arena_mark mark_before;
};

/* Interprets the frame's events from `from` to its end, or to where the run fails. */
void interpret(struct replay *replay, struct frame *frame, uint32_t from, uint32_t to);

/* A frame for a program, before its first event. */
struct frame *frame_new(struct replay *replay, const struct program *program, struct frame *caller);

/* How surely the event under way happens. */
enum level frame_level(const struct frame *frame);

/* Whether that rests on what other cells left in the namespace. */
bool frame_is_foreign(const struct frame *frame);

/* The event certainly raises something: what follows it does not happen, and a run
 * that nothing protects ends. Not so in a run that is known to have succeeded. */
void raise_error(struct replay *replay, struct frame *frame, const struct event *event);

/* Whether the event under way is in a loop, so that what holds now may not hold the
 * next time. */
bool is_in_loop(const struct frame *frame, const struct event *event);

/* Whether the run has ended early. */
static inline bool has_failed(const struct replay *replay)
{
	return replay->run->failed;
}

/* A new object, made by the statement under way. */
struct object *make_object(struct replay *replay, enum object_type type);

/* A new object of a known value. */
struct object *make_constant(struct replay *replay, const struct constant *value);

/* The value of an object, where it is known; null otherwise. */
const struct constant *constant_of(struct replay *replay, struct object *object);

/* The text that an object is, where that is known; false otherwise. */
bool text_of(struct replay *replay, struct object *object, struct slice *text);

/* Whether another cell made the object. */
bool is_foreign(const struct object *object);

/* An object that may be either: one of the two when they are the same. */
struct object *choose_object(struct replay *replay, struct object *a, struct object *b);

/* What goes over one object's parts sees this many; more would make the cost of a statement grow with its data. */
enum { PARTS_SEEN = 64 };

/* Whether no path can change it: an immutable object, or a choice of such. */
bool object_is_immutable(const struct object *object);

/* `container` may hold `part` from now on. */
void hold_part(struct replay *replay, struct object *container, struct object *part);

/* The object changes in place, and with it whatever it is a part of. */
void change_object(struct replay *replay, struct object *object, enum level level);

/* Keeps the object as it is now, so that the run can be taken back. */
void save_object(struct replay *replay, struct object *object);

/* Ends the last run for good: what can still be reached of what it made moves to
 * the kernel's arena, the rest goes (keep.c). */
void keep_run(struct replay *replay);

/* Notes what the run does to a name. */
void note_write(struct replay *replay, symbol name, enum write_kind kind, enum level level, bool foreign);

/* Notes whether the statement of these events is a store that can be repeated; and when it
 * has been played, whether it was. */
void begin_repeat(struct replay *replay, const struct frame *frame, uint32_t from, uint32_t to);
void end_repeat(struct replay *replay);

/* Ends the statement under way: what it made and changed gets its final identity. */
void settle_statement(struct replay *replay);

/* Something happens that may bind any name: `what` it is, or nothing when only the
 * statement under way tells it. */
void become_opaque(struct replay *replay, struct slice what);

/* Adds the identity of an object to what the statement under way derives from. */
void derive_from(struct replay *replay, const struct object *object, enum level level);

/* The global of a name, made when it is first asked for. */
struct global *global_of(struct replay *replay, symbol name);

/* Changes a binding in such a way that it can be taken back. */
void bind_place(struct replay *replay, struct place *place, struct binding after);

/* Goes back, or over, to another state. */
void restore_state(struct replay *replay, struct change *state);

/* Joins the state under way with another one: both are possible from here on. */
void join_state(struct replay *replay, struct change *other);

/* Where an exception at this event goes, past the contexts that only clean up; or NO_HANDLER. */
int32_t handler_of(struct replay *replay, const struct frame *frame, const struct event *event);

/* Lets the state under way wait at the event `target` of the frame. */
void wait_at(struct replay *replay, struct frame *frame, uint32_t target);

/* The NameError under way in the frame goes on from this event: to a `finally`, or out of the run. */
void pass_on_error(struct replay *replay, struct frame *frame, const struct event *event);

/* It is not certain any more that it gets out: `finally: return`. */
void end_raising(struct replay *replay, struct frame *frame);

/* Names (names.c). */

/* Reads a global name for an event: null where that raises NameError. */
struct object *read_global(struct replay *replay, struct frame *frame, const struct event *event, symbol name);

/* Whether a name can be read though the notebook binds it nowhere: a builtin, or one of IPython's names; of these
 * only `_5` and `_i5` can be missing. */
bool is_always_there(const struct replay *replay, symbol name);

/* Asks only whether a global name is bound: `del x`, `'x' in globals()`. */
void read_existence(struct replay *replay, struct frame *frame, symbol name);

/* Binds a name to something unknown that was there: what a lost run or a start-up
 * file had made. */
void replay_assume(struct replay *replay, symbol name);

/* Binds a global name. */
void bind_global(struct replay *replay, struct frame *frame, symbol name, struct object *object);

/* Reads what `Out[5]` is, by the name `_5`: null where that raises KeyError. */
struct object *read_output(struct replay *replay, struct frame *frame, const struct event *event, symbol name);

/* A name is not bound where it is needed. */
void raise_name_error(struct replay *replay, struct frame *frame, const struct event *event, symbol name);

/* EVENT_READ, EVENT_BIND and EVENT_DELETE. */
struct object *read_variable(struct replay *replay, struct frame *frame, const struct event *event);
void bind_variable(struct replay *replay, struct frame *frame, const struct event *event, struct object *object);
void delete_variable(struct replay *replay, struct frame *frame, const struct event *event);

/* Unbinds a global name that is bound. */
void unbind_global(struct replay *replay, struct frame *frame, symbol name);

/* The namespace as an object (namespace.c). */

/* `globals()[key] = value` and `del globals()[key]`; false when the key is not known. */
bool store_name(struct replay *replay, struct frame *frame, struct object *key, struct object *value);
bool delete_name(struct replay *replay, struct frame *frame, const struct event *event, struct object *key);

/* `globals()[key]`; with `must`, a name that is not there raises KeyError. */
struct object *load_name(struct replay *replay, struct frame *frame, const struct event *event, struct object *key,
                         bool must);

/* The names that a method looks up in the text it is given: `df.query('a > @limit')`. */
void read_names_in_text(struct replay *replay, struct frame *frame, const struct event *call, struct slice method,
                        struct object *text);

/* What a method of the namespace does: `globals().update(...)`. */
struct object *call_of_namespace(struct replay *replay, struct frame *frame, const struct event *call,
                                 struct object *namespace, struct slice method);

/* `exec(...)`, or `eval(...)`. */
struct object *call_exec(struct replay *replay, struct frame *frame, const struct event *call, bool evaluates);

/* Keeps a run's source for `In[count]`. */
void remember_input(struct replay *replay, int64_t count, struct slice source);

/* `In[index]`, or what `_i`, `_ii` and `_i5` stand for; null where that is not known. */
struct object *load_input(struct replay *replay, const struct object *list, struct object *index);

/* The name `_5` of `Out[5]`; 0 where it is no such thing. */
symbol output_name(struct replay *replay, const struct object *dict, struct object *key);
struct object *read_input_name(struct replay *replay, struct slice name);

/* Runs the input with a count again; false where it is not known. */
bool run_input(struct replay *replay, struct frame *frame, const struct event *event, int64_t count);

/* What a magic does, and gives (magic.c). */
struct object *run_magic(struct replay *replay, struct frame *frame, const struct event *event);

/* Whether the object is what `get_ipython()` gives, and what its methods do. */
bool is_shell(const struct replay *replay, const struct object *object);
struct object *call_of_shell(struct replay *replay, struct frame *frame, const struct event *call, struct slice method);

/* Values (values.c): what the events of these names make. */

/* The object of a value; an unknown one where nothing is known of it. */
struct object *operand(struct replay *replay, const struct frame *frame, value_id value);

struct object *build(struct replay *replay, struct frame *frame, const struct event *event);
struct object *operate(struct replay *replay, struct frame *frame, const struct event *event);
struct object *update(struct replay *replay, struct frame *frame, const struct event *event);
struct object *choose(struct replay *replay, struct frame *frame, const struct event *event);
struct object *next_element(struct replay *replay, struct object *iterator);
struct object *unpack(struct replay *replay, struct frame *frame, const struct event *event);
struct object *iterate(struct replay *replay, struct frame *frame, struct object *iterable);
struct object *load_item(struct replay *replay, struct frame *frame, const struct event *event);

/* `target.name = value`; `name` is 0 for an item. */
void store_part(struct replay *replay, struct frame *frame, struct object *target, symbol name, struct object *value);
struct object *make_function(struct replay *replay, struct frame *frame, const struct event *event);
/* A module, or a name of one: one object in one kernel, wherever it is imported. */
struct object *import(struct replay *replay, const struct event *event);
/* Leaves the first `count` that were imported. */
void forget_modules(struct replay *replay, size_t count);
void import_star(struct replay *replay, struct frame *frame, const struct event *event);

/* The class whose body has just run from the state `begin` on. */
struct object *make_class(struct replay *replay, struct frame *frame, const struct event *event,
                          const struct change *begin);

/* Calls (calls.c). */

/* Bounds on what calls of calls may cost in one run, and in all. Past them a call
 * is taken for one of an unknown function. */
enum { MAX_STEPS = 200000, MAX_ALL_STEPS = 2000000, MAX_CALLS = 40 };

/* The value of a.name. */
struct object *load_attribute(struct replay *replay, struct frame *frame, struct object *object, symbol name);

/* Whether the program is being run already, or too many others. */
bool is_running(const struct frame *frame, const struct program *program);

/* Calls a special method of an instance of the notebook's classes, with arguments
 * that are not known; null where its class has none. */
struct object *call_special(struct replay *replay, struct frame *frame, struct object *instance, struct slice name);

/* The value of `await object`. */
struct object *await_object(struct replay *replay, struct frame *frame, struct object *object);

/* What a call does and gives. */
struct object *interpret_call(struct replay *replay, struct frame *frame, const struct event *event);

/* Runs the code that an object carries, because something uses the object. */
void use_carried_code(struct replay *replay, struct frame *frame, struct object *object, enum level level);

#endif
