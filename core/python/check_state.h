/* check_state.h - what the files of the checks share; private to core/python.
 *
 * check.c             statements, and the module as a whole
 * check_expression.c  expressions, targets, parameters
 * check_pattern.c     the patterns of `match`
 * check_scope.c       scopes and what their names are
 */
#ifndef NBSCOPE_PYTHON_CHECK_STATE_H
#define NBSCOPE_PYTHON_CHECK_STATE_H

#include "python/check.h"
#include "python/parser.h"

/* Who in CPython refuses it; an earlier stage's error is reported first. */
enum check_stage { CHECK_FUTURE, CHECK_SYMBOLS, CHECK_COMPILER };

enum scope_kind {
	SCOPE_MODULE,
	SCOPE_CLASS,
	SCOPE_FUNCTION,
	SCOPE_LAMBDA,
	SCOPE_COMPREHENSION,
	SCOPE_ANNOTATION,      /* one that is not evaluated */
	SCOPE_TYPE_PARAMETERS, /* around a generic function or class, or a type alias */
	SCOPE_TYPE_BOUND,
	SCOPE_TYPE_ALIAS
};

/* What a scope says of a name; as the flags of CPython's symbol table. */
enum name_flag {
	NAME_USED = 1,
	NAME_BOUND = 2,
	NAME_PARAMETER = 4,
	NAME_ANNOTATED = 8,
	NAME_GLOBAL = 16,
	NAME_NONLOCAL = 32,
	NAME_IMPORTED = 128, /* binds, but may stand before `global` */
	NAME_ITERATED = 64   /* the target of a comprehension's `for` */
};

/* Symbols, each once: few in a row, many in a table. */
struct symbol_set {
	symbol *slots;
	size_t count, capacity;
	symbol few[8];
};

struct name_entry {
	symbol name;
	uint8_t flags;
};

struct declared_name {
	symbol name, written; /* as it is mangled, and as it stands there */
	uint32_t offset;
};

struct scope {
	struct scope *outer;
	enum scope_kind kind;
	bool is_async;     /* of an async function */
	bool is_generator; /* a yield stands in it */
	bool is_coroutine; /* of a comprehension: an await or `async for` stands in it */
	bool in_iterable;  /* an iterable of a comprehension is being read */
	bool in_target;    /* a target of a comprehension's `for` is being read */
	bool returns_value;
	uint32_t return_at;
	symbol private;    /* the class whose private names are mangled */
	const char *words; /* of a comprehension: what it is */
	/* Kept where the module declares names, and for comprehensions. */
	struct name_entry *entries;
	size_t entry_count, entry_slots;
	VECTOR(struct declared_name) nonlocals; /* of the scopes within, not found yet */
};

struct checker {
	struct arena *arena;
	const struct symbols *symbols;
	const struct module *module;
	struct scope *scope;
	bool declares, python2;
	bool lazy_annotations;                   /* annotations are not evaluated where they stand */
	bool not_compiled;                       /* in what the compiler never sees */
	bool future_allowed;                     /* the statement is an import from __future__ in its place */
	symbol debug;                            /* __debug__, or 0 when the source has no such name */
	VECTOR(const struct expression *) chain; /* of calls, attributes and subscripts under way */

	bool failed, runs_in_ipython;
	enum check_stage stage;
	uint32_t offset;
	struct slice message;
};

/* Records an error if it comes before the one that is recorded. */
void check_fail(struct checker *checker, enum check_stage stage, uint32_t offset, struct slice message);
bool check_is_debug(struct checker *checker, symbol name);
/* A name that a statement binds by itself: def, class, import, except. */
void check_stored_name(struct checker *checker, symbol name, uint32_t offset);

/* check_expression.c; each takes a null. */
void check_expression(struct checker *checker, const struct expression *expression);
/* The same where it may be starred. */
void check_starred(struct checker *checker, const struct expression *expression);
/* A target, one that may not be starred, and one of `del`. */
void check_target(struct checker *checker, const struct expression *target);
void check_sole_target(struct checker *checker, const struct expression *target);
void check_deleted(struct checker *checker, const struct expression *target);
void check_annotation(struct checker *checker, const struct expression *annotation, bool not_compiled);
void check_defaults(struct checker *checker, const struct function *function);
void check_annotations(struct checker *checker, const struct function *function);
void check_parameters(struct checker *checker, const struct function *function);
void check_arguments(struct checker *checker, const struct argument *arguments, size_t count, uint32_t offset);

/* check_pattern.c: the pattern of a case, and whether it may match everything. */
void check_case_pattern(struct checker *checker, const struct pattern *pattern, bool may_be_irrefutable);

/* check_scope.c */
/* Adds a symbol; false when it was there. */
bool symbol_set_add(struct checker *checker, struct symbol_set *set, symbol name);
void scope_enter(struct checker *checker, struct scope *scope, enum scope_kind kind);
void scope_leave(struct checker *checker, struct scope *scope);
/* Notes what is done to a name in the scope under way. */
void scope_add(struct checker *checker, symbol name, enum name_flag flag, uint32_t offset);
void scope_annotate(struct checker *checker, symbol name, uint32_t offset);
void scope_declare(struct checker *checker, const struct statement *statement);
/* A named expression inside a comprehension binds outside of it. */
void scope_bind_outside(struct checker *checker, symbol name, uint32_t offset);

#endif
