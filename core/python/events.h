/* events.h - what a cell does, as ordered events with control flow.
 *
 * Lowering turns the syntax tree into programs: one for the cell, one for each
 * function, lambda and generator expression in it. A program is a list of
 * events in evaluation order over numbered values, much as CPython's bytecode
 * is, but with only what matters to names and objects: which name is read,
 * bound or deleted, which object is made, changed, called or displayed. Class
 * bodies, comprehensions and whatever else runs at once are part of the
 * program in which they stand. Two readers share this form: names.h, which
 * says what a cell binds and reads on some or all paths, and the replay.
 *
 * Control flow is explicit (jump, branch, and handlers for exceptions), so that
 * both can do a real data-flow analysis. Order follows CPython's compiler, as
 * do constant conditions (`if True`, `while 1`) and code that can't be reached.
 */
#ifndef NBSCOPE_PYTHON_EVENTS_H
#define NBSCOPE_PYTHON_EVENTS_H

#include "python/syntax.h"

/* A value that an event makes, numbered from 1 within its program; 0 is none. */
typedef uint32_t value_id;

/* Where a variable lives. */
enum variable_scope {
	VARIABLE_GLOBAL, /* a name of the user's namespace, or a builtin */
	VARIABLE_LOCAL,  /* of this program only: a function's local, a comprehension's target */
	VARIABLE_CLASS, /* of a class body that binds it; a read falls through to the global `outer` when it is not bound */
	VARIABLE_ENCLOSING, /* a variable of the program in which this one was made: index `outer` there */
};

struct variable {
	symbol name; /* mangled where Python mangles it; 0 for a temporary */
	enum variable_scope scope;
	uint32_t outer; /* ENCLOSING: index in the parent program; CLASS: index, in this program, of the global variable
	                   that a read falls through to */
	bool is_parameter;
	uint8_t stars;                      /* of a parameter: 1 for `*args`, 2 for `**kwargs` */
	bool is_read, is_bound, is_deleted; /* by an event of this program that some path reaches */
};

/* clang-format off */
enum event_kind {
	/* Names. `variable` says which. */
	EVENT_READ,   /* value = variable; may raise NameError */
	EVENT_BIND,   /* variable = a */
	EVENT_DELETE, /* del variable */

	/* Values. Operands are `a`, `b` and the list `arguments`. */
	EVENT_CONSTANT,  /* value = an immutable literal, `b` bytes of the source from `target` on; `index` is its truth where
	                    that is plain: 1, 0, else -1 */
	EVENT_BUILD,     /* value = a new container of the arguments (list, tuple, set, dict display, slice) */
	EVENT_OPERATE,   /* value = something new made of the arguments (arithmetic, comparison, f-string ...); `index`
	                    is an enum operation */
	EVENT_UPDATE,    /* value = a op= b: a, changed in place if its type can do that */
	EVENT_CHOOSE,    /* value = one of the arguments, by the path taken (`and`, `or`, conditional expression) */
	EVENT_CALL,      /* value = a(arguments...) */
	EVENT_ATTRIBUTE, /* value = a.name */
	EVENT_ITEM,      /* value = a[b] */
	EVENT_SET_ATTRIBUTE,    /* a.name = b: changes a */
	EVENT_SET_ITEM,         /* a[arguments[0]] = b: changes a */
	EVENT_DELETE_ATTRIBUTE, /* del a.name: changes a */
	EVENT_DELETE_ITEM,      /* del a[b]: changes a */
	EVENT_ITERATE,   /* value = iter(a) */
	EVENT_NEXT,      /* value = an element of the iterator a */
	EVENT_UNPACK,    /* value = a part of a (tuple unpacking, match); part `index` of a sequence, or -1; `target` is how
	                    many parts it must have, or 0 */
	EVENT_APPEND,    /* adds b to the container a that a comprehension builds; of a dict, arguments[0] is the key */
	EVENT_FUNCTION,  /* value = a function made from the program's child `index`; arguments: defaults (keyword: the parameter), then
	                    evaluated annotations; of a generator expression the generator itself, made of its first
	                    iterator */
	EVENT_CLASS,     /* value = a class whose body just ran; arguments: bases and keywords; program is null; the methods
	                    are the functions bound to VARIABLE_CLASS variables since EVENT_CLASS_BEGIN */
	EVENT_CLASS_BEGIN, /* a class body begins; index pairs it with its EVENT_CLASS; variables [variable, target) are
	                      its own, unbound from here on */
	EVENT_ENTER,     /* value = a.__enter__() of `with` */
	EVENT_EXIT,      /* a.__exit__(...); where a was made by a call `f(...)` or `m.f(...)`, name is f and text m or f */
	EVENT_AWAIT, EVENT_YIELD, /* value = what comes back for a */
	EVENT_IMPORT,      /* value = the module `text` (`import a.b` gives a, `import a.b as c` gives a.b); `name` is a.b */
	EVENT_IMPORT_FROM, /* value = name of module `text` */
	EVENT_IMPORT_STAR, /* binds whatever module `text` exports; `index` is the line */
	EVENT_RETURN,    /* ends the program with a */
	EVENT_RAISE,     /* leaves for the handler, or ends the program; `a` is raised, or an exception called `name` */
	EVENT_DISPLAY,   /* a is the value of an expression statement; `index` is 1 when it is the cell's result (`_`, Out) */
	EVENT_STEP,      /* nothing but something that runs here, and so may raise (KeyboardInterrupt if nothing else);
	                    with `when`, the end of a comprehension that began at event `index` */
	EVENT_MAGIC,     /* a magic runs; `index` is its enum magic_kind; value = its result where it is assigned; what Python it holds follows as events */
	EVENT_OPAQUE,    /* may bind anything: exec, %run, %load_ext ...; `index` is an enum opaque_kind */

	/* Control flow. `target` is an index of an event. */
	EVENT_STATEMENT, /* a top-level or nested statement begins; `index` in statements[] */
	EVENT_JUMP,      /* goes to target */
	EVENT_BRANCH,    /* goes on, or to target: when a is true if `when`, else when it is false; a is 0 where no value
	                    decides; `index` is an enum branch_kind */
	EVENT_END,       /* the program ends normally (always the last event) */
};
/* clang-format on */

/* What a branch decides: how likely it is that what it jumps over runs depends on it. */
enum branch_kind {
	BRANCH_IF,       /* if, elif, a guard of a match case */
	BRANCH_CHOICE,   /* and, or, conditional expression, chained comparison */
	BRANCH_LOOP,     /* a `for` loop or comprehension is exhausted: to what follows it; a is the iterator */
	BRANCH_WHILE,    /* the condition of a `while` is false */
	BRANCH_FILTER,   /* the `if` of a comprehension */
	BRANCH_MATCH,    /* a pattern does not match */
	BRANCH_EXCEPT,   /* an `except` clause does not match */
	BRANCH_ASSERT,   /* an assertion holds: over its failure */
	BRANCH_SILENT,   /* a program prints nothing, so that `--out NAME` binds nothing; rare */
	BRANCH_SUPPRESS, /* the `__exit__` of a `with` swallows the exception: to what follows it; rare, and what names.h
	                    says takes it that it does not */
};

/* What was written, where that says more than the kind of event: of a CONSTANT its literal, of a BUILD its display,
 * of an ITEM its index. */
enum form {
	FORM_OTHER,
	FORM_NONE,
	FORM_TRUE,
	FORM_FALSE,
	FORM_STRING,
	FORM_LITERAL, /* a number, bytes or `...` */
	FORM_TUPLE,
	FORM_LIST,
	FORM_SET,
	FORM_DICT,
	FORM_SLICE,
	FORM_COMPARISON,
	FORM_TEMPLATE, /* an f-string */
};

/* What an OPERATE does, where that is one operation throughout: in its `index`. Comparisons come last. */
enum operation {
	OPERATION_NONE,
	OPERATION_ADD,
	OPERATION_SUBTRACT,
	OPERATION_MULTIPLY,
	OPERATION_DIVIDE,
	OPERATION_FLOOR,
	OPERATION_REMAINDER,
	OPERATION_POWER,
	OPERATION_SHIFT_LEFT,
	OPERATION_SHIFT_RIGHT,
	OPERATION_AND,
	OPERATION_OR,
	OPERATION_XOR,
	OPERATION_INVERT,
	OPERATION_NOT,
	OPERATION_EQUAL,
	OPERATION_DIFFERENT,
	OPERATION_LESS,
	OPERATION_LESS_EQUAL,
	OPERATION_GREATER,
	OPERATION_GREATER_EQUAL,
	OPERATION_IS,
	OPERATION_IS_NOT,
	OPERATION_IN,
	OPERATION_NOT_IN,
};

enum opaque_kind { OPAQUE_EXEC, OPAQUE_RUN, OPAQUE_LOAD, OPAQUE_STORE, OPAQUE_PYLAB, OPAQUE_NAMESPACE, OPAQUE_MAGIC };

enum { NO_HANDLER = -1 };

struct event {
	enum event_kind kind : 8;
	enum form form : 8;
	bool guarded : 1;   /* inside `try` with a handler that catches NameError */
	bool soft : 1;      /* READ: by `{x}` or `$x` of a magic, which IPython leaves alone when x is missing; BIND: by a
	                       magic that IPython itself does not have (%%R -o x), so names.h does not count it */
	bool automatic : 1; /* made by Python itself, not written in the source (`except E as e` deletes e) */
	bool when : 1; /* READ: by way of a class body's own names; BRANCH: which truth of `a` goes to the target; CLASS,
	                  STEP: global names were bound or deleted since the body or comprehension began */
	uint32_t variable;
	value_id value, a, b;
	uint32_t arguments; /* index of the first in program->arguments */
	uint32_t argument_count;
	uint32_t target;
	int32_t index;
	int32_t handler; /* the event to which an exception here goes, or NO_HANDLER */
	symbol name;     /* of an attribute, an imported name, a magic */
	symbol text; /* the operators of an OPERATE or UPDATE between blanks, the template of an f-string, the module of an
	                import, the file that a magic writes, the line of some (magics.h), what is opaque */
	struct span span;
};

struct event_argument {
	value_id value;
	symbol keyword; /* 0 when positional */
	uint8_t stars;
};

/* A statement of the program, in the order of the events; nested ones too. A
 * `finally` body that several ways leave through stands here once for each. */
struct program_statement {
	uint32_t first_event, end_event; /* the events of it and of what is nested in it */
	uint32_t line;                   /* in the cell, from 1 */
	uint32_t depth;                  /* 0 for a top-level statement */
	uint64_t hash;                   /* of its tokens, so that comments and spacing change nothing */
};

enum program_kind { PROGRAM_CELL, PROGRAM_FUNCTION, PROGRAM_LAMBDA, PROGRAM_GENERATOR };

struct program {
	enum program_kind kind;
	struct slice qualified_name; /* as CPython's __qualname__, "<lambda>" and "<genexpr>" with "@L" and the line; empty
	                                for the cell */
	uint32_t line;
	struct program *parent;
	uint32_t index;       /* in the parent's children */
	struct event *events; /* null once packed, like the arguments */
	uint32_t event_count;
	struct event_argument *arguments;
	uint32_t argument_count;
	const unsigned char *packed; /* null until then; see program_pack() */
	struct variable *variables;
	uint32_t variable_count;
	uint32_t value_count; /* values are 1 .. value_count */
	struct program_statement *statements;
	uint32_t statement_count;
	uint32_t captured;         /* 1 + the event by which %%capture binds its name, also when its body fails; 0 without */
	uint32_t parameter_count;  /* variables[0 .. parameter_count) are the parameters, in order */
	bool plain_parameters;     /* each may be given by position and takes one argument */
	struct program **children; /* the functions made here, in order */
	uint32_t child_count;
	uint64_t hash; /* of the tokens of the whole definition */
	bool is_generator, is_async;
	bool ipython;        /* a notebook's cell: get_ipython, _, In ... are IPython's */
	struct slice source; /* of the cell */
	bool python2;
	bool has_magic;    /* a magic or a shell line is part of this program or of one below it */
	bool has_handlers; /* some event has a handler */
};

/* The program of a module, with all nested ones, in the arena; their events and
 * arguments, which are much the largest part, in the scratch arena. Hashes cost a pass
 * over the source: they are 0 unless `hashed`. */
struct program *python_lower(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                             const struct module *module, bool hashed);

/* Packs a program and all below it for as long as the arena lives, at some six
 * bytes an event; spans are left out. `events` and `arguments` are null from then
 * on, so what the scratch arena holds of them can go. */
void program_pack(struct arena *arena, struct arena *scratch, struct program *program);

struct program_events {
	struct event *items;
	struct event_argument *arguments;
};

/* The events of one packed program, in the arena; without those of its children. */
struct program_events program_open(struct arena *arena, const struct program *program);

#endif
