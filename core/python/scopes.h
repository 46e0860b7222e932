/* scopes.h - which variable a name means, by the rules of CPython's symbol table.
 *
 * Scopes are opened and closed as lowering walks the tree, so the open ones are
 * a stack. Each name has the stack of its bindings in the open scopes, the
 * innermost first, so that a look-up is one step and a scope costs what it
 * binds. The module has no scope: what no function or class binds is global.
 *
 * Source: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
 * and CPython's Python/symtable.c.
 */
#ifndef NBSCOPE_PYTHON_SCOPES_H
#define NBSCOPE_PYTHON_SCOPES_H

#include "python/events.h"

enum scope_kind {
	SCOPE_FUNCTION, /* function, lambda, generator expression, comprehension */
	SCOPE_CLASS,
	SCOPE_TYPE, /* of type parameters (PEP 695): sees the names of the class it stands in */
};

enum binding_kind {
	BINDING_LOCAL,
	BINDING_BARE, /* only annotated (`x: int`): local, but no store */
	BINDING_GLOBAL,
	BINDING_NONLOCAL,
};

struct scopes;

/* The variables of a program under construction. */
struct scope_program {
	struct scope_program *parent;
	uint32_t serial; /* tells it from all others, also those that are complete */
	VECTOR(struct variable) variables;
	struct global_use *globals; /* the global names among them */
};

/* An open scope. */
struct scope {
	enum scope_kind kind;
	struct scope *parent;
	struct scope_program *program; /* whose variables its names are */
	symbol class_name;             /* of the innermost class, without leading underscores, for mangling; or 0 */
	struct binding *bindings;      /* the newest first */
	/* Behind the type parameters of a class, in its bases too, only they are mangled; else null. */
	const struct type_parameters *mangled;
};

/* A new table in the arena `scratch`, with no scope open. Variables are kept in `arena`. */
struct scopes *scopes_new(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                          const struct module *module);

/* Begins and ends the program whose variables names mean from then on. */
void scopes_begin_program(struct scopes *scopes, struct scope_program *program);
void scopes_end_program(struct scopes *scopes);

/* Opens and closes a scope of the current program. `class_name` is 0 except for a class and the type
 * parameters of one. */
void scopes_open(struct scopes *scopes, struct scope *scope, enum scope_kind kind, symbol class_name);
void scopes_close(struct scopes *scopes);
/* The innermost scope; null at module level. */
struct scope *scopes_current(const struct scopes *scopes);

/* Binds a name, after mangling, in the open scope; `global` and `nonlocal` count for all of it.
 * A local one has its variable from now on; for other kinds 0 is returned. */
uint32_t scopes_bind(struct scopes *scopes, symbol name, enum binding_kind kind);

/* Binds in the open scope what a body, a target or the walruses in an
 * expression bind there. `expression` may be null. */
void scopes_bind_body(struct scopes *scopes, const struct statement_list *body);
void scopes_bind_target(struct scopes *scopes, const struct expression *target);
void scopes_bind_walruses(struct scopes *scopes, const struct expression *expression);

/* The name as the innermost class mangles it: `__x` in class C is `_C__x`. */
symbol scopes_mangle(struct scopes *scopes, symbol name);

/* The variable of the current program that a (mangled) name means. */
uint32_t scopes_resolve(struct scopes *scopes, symbol name);

/* The same for reading: the variable of a class body has its `outer` from now on. */
uint32_t scopes_resolve_read(struct scopes *scopes, symbol name);

/* Whether the module itself, at whatever place, imports the name; whether some
 * function or class of it declares the name global. CPython compiles calls of
 * such names otherwise. */
bool scopes_module_imports(struct scopes *scopes, symbol name);
bool scopes_declares_global(struct scopes *scopes, symbol name);

/* Whether reading the name looks into the class body first in which it stands. */
bool scopes_looks_in_class(struct scopes *scopes, symbol name);

/* Whether the source has `:=` at all. */
bool scopes_has_walruses(const struct scopes *scopes);

/* A new variable of the current program that no name means. */
uint32_t scopes_add_variable(struct scopes *scopes, symbol name, enum variable_scope scope);

#endif
