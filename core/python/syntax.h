/* syntax.h - the syntax tree of a Python cell.
 *
 * The nodes are those of CPython's own abstract grammar (Python.asdl of 3.14,
 * https://docs.python.org/3/library/ast.html), with these differences: chains
 * that grow to the left are one node with many operands (so that no source can
 * make the tree deeper than the parser's stated depth, except through
 * attribute/call/subscript chains, which visitors unwind in a loop), IPython's
 * and Python 2's forms have nodes of their own, and what no effect depends on
 * (the value of a number, the kind of an operator) is left in the source.
 *
 * Everything lives in the arena given to the parser. Names are symbols after
 * NFKC. Spans are byte offsets into the cell's source.
 */
#ifndef NBSCOPE_PYTHON_SYNTAX_H
#define NBSCOPE_PYTHON_SYNTAX_H

#include <stdint.h>

#include "base/symbol.h"

/* Bytes [start, end) of the cell's source. */
struct span {
	uint32_t start, end;
};

struct expression;
struct statement;
struct pattern;

struct expression_list {
	struct expression **items;
	size_t count;
};

struct statement_list {
	struct statement **items;
	size_t count;
};

/* clang-format off */
enum expression_kind {
	EXPRESSION_NAME,      /* name */
	EXPRESSION_CONSTANT,  /* number, string without fields, bytes, None, True, False, ... */
	EXPRESSION_FORMATTED, /* f- or t-string (or a concatenation with one): parts are the field expressions in order,
	                         those of nested format specs included */
	EXPRESSION_TUPLE,
	EXPRESSION_LIST,
	EXPRESSION_SET,        /* items */
	EXPRESSION_DICT,       /* items: key, value, key, value; a null key is `**value` */
	EXPRESSION_OPERATION,  /* items: operands of a left-growing chain of one precedence level (`a + b - c`), of `**`,
	                          or of a unary operator */
	EXPRESSION_COMPARISON, /* items: operands of a chained comparison */
	EXPRESSION_AND,
	EXPRESSION_OR,          /* items */
	EXPRESSION_NOT,         /* items[0] */
	EXPRESSION_CONDITIONAL, /* items: test, body, alternative (`body if test else alternative`) */
	EXPRESSION_WALRUS,      /* items: target name, value */
	EXPRESSION_LAMBDA,      /* function */
	EXPRESSION_LIST_COMPREHENSION,
	EXPRESSION_SET_COMPREHENSION,
	EXPRESSION_GENERATOR,          /* comprehension; element */
	EXPRESSION_DICT_COMPREHENSION, /* comprehension; element is the key, value the value */
	EXPRESSION_ATTRIBUTE,          /* items[0] . name */
	EXPRESSION_SUBSCRIPT,          /* items: value, index (a tuple where there are commas) */
	EXPRESSION_SLICE,              /* items: lower, upper, step; each may be null */
	EXPRESSION_CALL,               /* items[0] is called with call arguments */
	EXPRESSION_STARRED,            /* items[0]: `*value` */
	EXPRESSION_AWAIT,
	EXPRESSION_YIELD /* items[0] may be null */,
	EXPRESSION_YIELD_FROM,
	EXPRESSION_BACKTICKS, /* Python 2: repr of items[0] */
	EXPRESSION_MAGIC,     /* IPython: the value of `%magic` or `!cmd` on the right of `=`; magic */
	EXPRESSION_INVALID,   /* where the parser recovered; has no effect */
};
/* clang-format on */

/* An argument of a call, or a base or keyword of a class. */
struct argument {
	symbol keyword; /* `keyword=value`; 0 for a positional one */
	uint8_t stars;  /* 1 for `*value`, 2 for `**value` */
	struct expression *value;
};

struct parameter {
	symbol name;
	struct span span;                        /* of the name */
	struct expression *annotation, *initial; /* each may be null; `initial` is the default */
	struct expression *tuple;                /* Python 2: `def f((a, b)):`, then name is 0 */
	uint8_t stars;                           /* 1 for `*args`, 2 for `**kwargs` */
	uint8_t kind;                            /* 0 positional or keyword, 1 positional only, 2 keyword only */
};

/* PEP 695. */
struct type_parameter {
	symbol name;
	struct span span;
	struct expression *bound, *initial; /* each may be null */
	uint8_t stars;
};

struct type_parameters {
	struct type_parameter *items;
	size_t count;
};

/* What `def` and `lambda` have in common. */
struct function {
	struct parameter *parameters;
	size_t parameter_count;
	struct expression *returns; /* annotation; may be null */
	struct statement_list body; /* of a def */
	struct expression *value;   /* of a lambda */
	struct type_parameters type_parameters;
	bool is_async;
};

struct comprehension_clause {
	struct expression *target, *iterable;
	struct expression_list conditions;
	bool is_async;
};

struct comprehension {
	struct expression *element, *value; /* `value` for a dict only */
	struct comprehension_clause *clauses;
	size_t clause_count;
};

/* A magic, a shell line or a help request; see magics.h for what each means. */
enum magic_kind {
	MAGIC_LINE,         /* %name line */
	MAGIC_CELL,         /* %%name line, body; only as the whole cell */
	MAGIC_SHELL,        /* !text */
	MAGIC_SHELL_OUTPUT, /* !!text, and `x = !text` */
	MAGIC_HELP,         /* ?name, name?, name?? */
	MAGIC_QUOTE,        /* `,f a b`, `;f a b`, `/f a b`: text is the rewritten call */
};

struct magic {
	enum magic_kind kind;
	struct slice name; /* of the magic, without percent signs; of the object for help */
	struct slice line; /* the rest of the line, continuation lines joined, trimmed of white space at the end */
	struct slice body; /* of a cell magic: what follows its first line */
	uint32_t line_offset, body_offset; /* where `line` and `body` begin in the cell's source */
	/* Where line or body is Python in the user's namespace, what it parsed to. */
	struct statement_list setup; /* of %%timeit's first line */
	struct statement_list python;
	struct expression_list fields; /* `{expr}` and `$name` that IPython expands first, softly */
};

struct expression {
	enum expression_kind kind;
	bool parenthesised; /* stands in parentheses of its own, which its span leaves out */
	struct span span;
	symbol name;                  /* NAME, ATTRIBUTE, and the target of WALRUS */
	struct expression_list items; /* as the kind says */
	union {
		struct {
			struct argument *arguments;
			size_t argument_count;
		} call;
		struct function *function;
		struct comprehension *comprehension;
		struct magic *magic;
		struct {
			bool is_string, is_bytes, is_none, is_true, is_false, is_number, is_ellipsis;
		} constant; /* string contents: python_string_value() in parser.h */
	};
};

enum pattern_kind {
	PATTERN_VALUE,    /* value: a literal or a dotted name */
	PATTERN_CAPTURE,  /* name (0 for `_`) */
	PATTERN_STAR,     /* *name (0 for `*_`) */
	PATTERN_SEQUENCE, /* items */
	PATTERN_MAPPING,  /* keys beside items; name is `**rest`, or 0 */
	PATTERN_CLASS,    /* value is the class; items positional, then keyword ones */
	PATTERN_OR,       /* items */
	PATTERN_AS,       /* items[0] as name */
};

struct pattern {
	enum pattern_kind kind;
	struct span span, name_span;
	symbol name;
	struct expression *value;
	struct expression_list keys;
	struct pattern **items;
	size_t count;
};

/* clang-format off */
enum statement_kind {
	STATEMENT_EXPRESSION, /* value; semicolon says whether IPython is told not to show it */
	STATEMENT_ASSIGN,     /* targets = value */
	STATEMENT_AUGMENTED,  /* targets[0] op= value */
	STATEMENT_ANNOTATED,  /* targets[0]: annotation = value (may be null); `simple` without parentheses */
	STATEMENT_TYPE_ALIAS, /* type name[type_parameters] = value (PEP 695) */
	STATEMENT_DELETE,     /* targets */
	STATEMENT_PASS,
	STATEMENT_BREAK,
	STATEMENT_CONTINUE,
	STATEMENT_RETURN, /* value may be null */
	STATEMENT_RAISE,  /* value and cause, each may be null; Python 2: `raise E, v, tb` in targets */
	STATEMENT_ASSERT, /* value, message in cause (may be null) */
	STATEMENT_GLOBAL,
	STATEMENT_NONLOCAL,    /* names */
	STATEMENT_IMPORT,      /* imports */
	STATEMENT_IMPORT_FROM, /* imports from module, level dots */
	STATEMENT_IF,          /* value (test), body, orelse (an elif is an If in orelse) */
	STATEMENT_WHILE,       /* value, body, orelse */
	STATEMENT_FOR,         /* targets[0] in value, body, orelse; is_async */
	STATEMENT_TRY,         /* body, handlers, orelse, finally */
	STATEMENT_WITH,        /* with_items, body; is_async */
	STATEMENT_MATCH,       /* value, cases */
	STATEMENT_FUNCTION,    /* name, function, decorators */
	STATEMENT_CLASS,       /* name, bases, type_parameters, decorators, body */
	STATEMENT_MAGIC,       /* IPython: magic */
	STATEMENT_PRINT,       /* Python 2: print >>value, targets */
	STATEMENT_EXEC,        /* Python 2: exec targets[0] in targets[1], targets[2] */
	STATEMENT_INVALID,     /* a line that could not be parsed; the failure is in struct module */
};
/* clang-format on */

struct import_name {
	struct slice module; /* dotted, as written: what is imported ("*" for a star) */
	symbol first;        /* its first part, or the name imported from a module */
	symbol as;           /* 0 without `as` */
	struct span span;
};

struct handler {
	struct expression *type;   /* may be null: a bare except */
	symbol name;               /* 0 without `as` */
	struct expression *target; /* Python 2: `except E, target` that is no plain name */
	struct span span;
	struct statement_list body;
};

struct with_item {
	struct expression *context, *target; /* target may be null */
};

struct match_case {
	struct pattern *pattern;
	struct expression *guard; /* may be null */
	struct statement_list body;
	struct span span;
};

struct name_list {
	symbol *items;
	size_t count;
};

struct statement {
	enum statement_kind kind;
	struct span span; /* of the whole statement, its body included; decorators too */
	uint32_t line;    /* of its first token (`def` for a decorated one), from 1 */
	bool semicolon, is_async, simple, is_star /* except* */;
	symbol name;
	struct span name_span;
	struct expression *value, *cause, *annotation;
	struct expression_list targets, decorators;
	struct statement_list body, orelse, finally;
	union {
		struct {
			struct import_name *items;
			size_t count;
			struct slice module;
			unsigned level;
		} imports;
		struct {
			struct handler *items;
			size_t count;
		} handlers;
		struct {
			struct with_item *items;
			size_t count;
		} with_items;
		struct {
			struct match_case *items;
			size_t count;
		} cases;
		struct {
			struct argument *bases;
			size_t base_count;
		} class;
		struct function *function;
		struct magic *magic;
		struct name_list names;
	};
	struct type_parameters type_parameters; /* of a class or type alias */
};

/* Why and where a source does not parse. */
struct syntax_error {
	uint32_t line, column; /* from 1; column in characters */
	uint32_t offset;       /* in bytes */
	struct slice message;  /* plain words, without a full stop */
	bool is_late;          /* it parses, but CPython's compiler refuses it; IPython compiles a cell statement by
	                          statement, so that what stands before has run */
	bool runs_in_ipython;  /* so it is fine in a cell after all: `from __future__` after other statements, and a
	                          magic without its sign (`pip install x`) */
};

enum dialect { DIALECT_PYTHON3, DIALECT_PYTHON2 };

/* A parsed source: one cell, or one file. */
struct module {
	struct slice source;
	struct statement_list body; /* what parsed, also before and after broken statements */
	bool has_error;
	struct syntax_error error; /* the first one */
	enum dialect dialect;
	uint8_t least_minor;     /* the Python 3 minor version that the syntax needs; 0 when any will do */
	bool future_annotations; /* from __future__ import annotations */
	bool ipython;            /* parsed as a notebook's cell */
	bool declares;           /* it has a `global` or `nonlocal` statement */
	bool has_walruses;
};

#endif
