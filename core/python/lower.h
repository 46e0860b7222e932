/* lower.h - what the parts of lowering share; for lower*.c only.
 *
 * Lowering visits the tree as CPython's code generator does and emits events.
 * `reach` tracks what CPython and its reader know of the place being lowered:
 * code that its compiler drops is not lowered at all, and code that only the
 * suppressed exception of a `with` could reach has events, but its names do not
 * count (see BRANCH_SUPPRESS).
 */
#ifndef NBSCOPE_PYTHON_LOWER_H
#define NBSCOPE_PYTHON_LOWER_H

#include "python/scopes.h"
#include "python/tokens.h"

enum reach {
	REACH_NONE,       /* dropped: nothing is emitted */
	REACH_SUPPRESSED, /* in the program, but only after a `with` swallowed an exception */
	REACH_LIVE,
};

/* A place that jumps go to. Zero-initialise; place it once with lower_place(). */
struct label {
	uint32_t first_jump; /* 1 + index of the newest jump to it, which links to the next through its target */
	enum reach reach;    /* of the best jump to it */
	bool placed;
	uint32_t index; /* of the event that follows it, once placed */
};

/* A place in the program that what happens inside it must be unwound from. */
enum block_kind {
	BLOCK_LOOP,
	BLOCK_TRY,          /* the body of try/except: leaving it ends its range */
	BLOCK_FINALLY,      /* leaving it runs a copy of the body */
	BLOCK_FINALLY_BODY, /* the exceptional copy of a `finally` body */
	BLOCK_WITH,         /* leaving it calls __exit__ */
	BLOCK_HANDLER,      /* the body of `except ... as name`: leaving it deletes the name */
};

struct block {
	enum block_kind kind;
	struct block *outer;
	int32_t handler;                      /* of the code around the block: in force once it is unwound */
	uint32_t guards;                      /* lexical depth of the guards around it */
	uint32_t depth;                       /* of the statements in a finally body */
	struct label *next, *end;             /* of a loop: where `continue` and `break` go, */
	bool iterates;                        /* and whether leaving it drops an iterator */
	const struct statement_list *finally; /* of BLOCK_FINALLY */
	symbol name;                          /* of BLOCK_HANDLER, mangled, or 0 */
	value_id context;                     /* of BLOCK_WITH, */
	const struct expression *manager;     /* and what gave it */
};

/* A handler: where it begins, and how well its range is reached. */
struct handler_slot {
	uint32_t index;
	uint32_t raising[REACH_LIVE + 1]; /* how many events in its range can raise, by how well they are reached */
};

/* A program under construction. Its events are on top of lowering.events. */
struct building {
	struct building *outer;
	struct scope_program scope;
	struct program *program;
	uint32_t first_event; /* in lowering.events */
	VECTOR(struct event_argument) arguments;
	VECTOR(struct program_statement) statements;
	VECTOR(struct program *) children;
	VECTOR(struct handler_slot) handlers; /* an event's handler is an index of these until the program is complete */
	uint32_t values;
	struct slice child_prefix; /* of the qualified names of what is defined here */
	struct block *block;
	int32_t handler; /* slot in force, or NO_HANDLER */
	enum reach reach;
	uint32_t guards;                      /* how many `try` that catch NameError stand around, lexically */
	uint32_t depth;                       /* of the statement */
	const struct statement *guard_begins; /* the first statement of the innermost `try` body with a guard */
	uint32_t outer_guards;                /* guards around that `try` */
	/* What follows the statement being lowered: the end of the program, or that of a
	 * protected range and then of the program. CPython copies such an end to where
	 * it is jumped to, so that the jump is no instruction of the range. */
	bool ends, ends_range;
	const struct statement *tail; /* the last one of the innermost protected range */
	bool soft;                    /* reads are of a magic's fields */
	uint32_t field_variables;     /* where the variables begin that such a field binds itself */
	bool range_begins;            /* nothing was emitted in the innermost protected range yet */
};

struct lowering {
	struct arena *arena, *scratch;
	struct symbols *symbols;
	const struct module *module;
	struct scopes *scopes;
	struct token_reader *tokens;
	struct building *building;
	VECTOR(struct event) events;    /* of all programs under construction, the innermost on top */
	struct event unreached;         /* what emission gives where nothing is emitted */
	const struct statement *result; /* the expression statement whose value the cell shows, or null */
	struct {
		symbol debug, exec, globals, get_ipython;
		symbol doc, module, qualname; /* 0 where no source names them */
	} known;
	struct {
		uint32_t offset, line;
	} cursor;        /* for line numbers */
	uint32_t copies; /* how many statements copied `finally` bodies may still cost */
};

/* ------------------------------------------------------------------ lower.c: emission */

/* What the events keep of the source's text (lower_text.c), or 0 where it is long or unusual: the operators of an
 * expression, the one operator between two places of the source. */
symbol lower_operators(struct lowering *lowering, const struct expression *expression);
symbol lower_operator(struct lowering *lowering, uint32_t from, uint32_t to);

/* Appends an event at the place being lowered; valid until the next one. Where
 * the place is not reached, a dummy is returned and nothing happens. */
struct event *lower_emit(struct lowering *lowering, enum event_kind kind, struct span span);
/* The same with a new value, which is returned. */
value_id lower_emit_value(struct lowering *lowering, enum event_kind kind, struct span span, value_id a, value_id b);
/* The same with a list of operands. */
value_id lower_emit_list(struct lowering *lowering, enum event_kind kind, struct span span,
                         const struct event_argument *arguments, size_t count);
/* The same for `object[index]`. */
value_id lower_emit_item(struct lowering *lowering, const struct expression *item, value_id object, value_id index);
/* What was written, for event.form; and giving it to the event just emitted. */
enum form lower_form(const struct expression *expression);
void lower_set_form(struct lowering *lowering, enum form form);
/* Room for `count` operands: `few` when they are at most LOWER_FEW, else from the scratch arena. */
enum { LOWER_FEW = 8 };
struct event_argument *lower_room(struct lowering *lowering, size_t count, struct event_argument few[LOWER_FEW]);
/* A step, where CPython has an instruction that no event stands for and the
 * difference shows: before anything else in a protected range. */
void lower_begin(struct lowering *lowering, struct span span);
void lower_step(struct lowering *lowering, struct span span);

/* Gives the event a list of operands. */
void lower_set_arguments(struct lowering *lowering, struct event *event, const struct event_argument *arguments,
                         size_t count);

value_id lower_read(struct lowering *lowering, symbol name, struct span span);
void lower_bind(struct lowering *lowering, symbol name, value_id value, struct span span);
void lower_delete(struct lowering *lowering, symbol name, struct span span);
void lower_bind_variable(struct lowering *lowering, uint32_t variable, value_id value, struct span span);

bool lower_is_reached(const struct lowering *lowering);
void lower_jump(struct lowering *lowering, struct label *label, struct span span);
void lower_branch(struct lowering *lowering, struct label *label, enum branch_kind kind, value_id condition, bool when,
                  struct span span);
/* Places the label here: what jumped to it goes on here. */
void lower_place(struct lowering *lowering, struct label *label);
/* Ends the path: nothing follows until a label is placed. */
void lower_end_path(struct lowering *lowering);
/* A slot for a handler that is placed later with lower_place_handler(). */
int32_t lower_add_handler(struct lowering *lowering);
/* The handler's events begin here, reached as well as anything in its range that can raise. */
void lower_place_handler(struct lowering *lowering, int32_t slot);
uint32_t lower_position(const struct lowering *lowering);

/* Begins and ends the program of a function; the former becomes current again. */
void lower_begin_program(struct lowering *lowering, struct building *building, enum program_kind kind,
                         struct slice name, uint32_t line);
struct program *lower_end_program(struct lowering *lowering, struct span span);
/* Binds `__doc__` where the body of the cell or of the open class begins with a
 * string, as CPython does before all else; it matters only where some source names it. */
void lower_docstring(struct lowering *lowering, const struct statement_list *body);

/* ------------------------------------------------------------------ lower_expression.c */

value_id lower_expression(struct lowering *lowering, const struct expression *expression);
/* Jumps to the label when the expression's truth is `when`, else goes on. */
void lower_condition(struct lowering *lowering, const struct expression *expression, struct label *label, bool when,
                     enum branch_kind kind);
/* Whether CPython's compiler knows the truth of the expression. */
enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };
enum truth lower_truth(struct lowering *lowering, const struct expression *expression);
/* Assigns the value to a target: a name, attribute, item, or a tuple of targets. */
void lower_assign(struct lowering *lowering, const struct expression *target, value_id value);
/* Evaluates arguments as CPython does, positional ones first; `values` are in the order of the source. */
void lower_call_arguments(struct lowering *lowering, const struct argument *arguments, size_t count,
                          struct event_argument *values);

/* ------------------------------------------------------------------ lower_operation.c */

/* The operation that all operators of the expression are, or OPERATION_NONE. */
enum operation lower_operation(struct slice source, const struct expression *expression);

/* ------------------------------------------------------------------ lower_function.c */

value_id lower_lambda(struct lowering *lowering, const struct expression *expression);
value_id lower_comprehension(struct lowering *lowering, const struct expression *expression);
void lower_function_statement(struct lowering *lowering, const struct statement *statement);
void lower_class_statement(struct lowering *lowering, const struct statement *statement);
void lower_type_alias(struct lowering *lowering, const struct statement *statement);

/* ------------------------------------------------------------------ lower_statement.c, lower_control.c */

/* Whether a statement that does nothing leaves no instruction, because a protected
 * range ends behind it. */
bool lower_vanishes(const struct lowering *lowering, const struct statement *statement);
void lower_body(struct lowering *lowering, const struct statement_list *body);
/* Ends one of several branches of a statement: goes to what follows all of them. */
void lower_end_branch(struct lowering *lowering, struct label *end, struct span span);
void lower_if(struct lowering *lowering, const struct statement *statement);
void lower_while(struct lowering *lowering, const struct statement *statement);
void lower_for(struct lowering *lowering, const struct statement *statement);
void lower_try(struct lowering *lowering, const struct statement *statement);
void lower_with(struct lowering *lowering, const struct statement *statement);
void lower_match(struct lowering *lowering, const struct statement *statement);
void lower_leave_loop(struct lowering *lowering, const struct statement *statement);
void lower_return(struct lowering *lowering, const struct statement *statement);

/* ------------------------------------------------------------------ lower_magic.c */

void lower_magic_statement(struct lowering *lowering, const struct statement *statement);
value_id lower_magic_value(struct lowering *lowering, const struct expression *expression);

#endif
