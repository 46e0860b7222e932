/* names.h - which names a cell binds, reads and deletes, on some or on all paths.
 *
 * The facts of one cell, a pure function of its source that agrees with
 * CPython's compiler. They come from a forward and a backward data-flow
 * analysis over the cell's program (events.h). tests/oracle derives the same
 * from CPython's bytecode.
 *
 * Each list holds symbols without repetition, sorted by name.
 */
#ifndef NBSCOPE_PYTHON_NAMES_H
#define NBSCOPE_PYTHON_NAMES_H

#include "python/events.h"

/* What the names of one function, lambda or generator expression are. */
struct deferred_names {
	struct slice qualified_name;
	uint32_t line;
	struct name_list reads; /* of names that are no builtins */
	struct name_list binds, deletes;
};

struct star_import {
	struct slice module; /* with its leading dots */
	uint32_t line;
};

struct names {
	struct name_list binds;               /* may be bound while the cell runs */
	struct name_list binds_certain;       /* bound at every normal end of the cell */
	struct name_list binds_transient;     /* bound, but at no normal end (`except E as e`, `x = 1; del x`) */
	struct name_list reads_first;         /* read where the cell may not have bound it yet */
	struct name_list reads_first_sure;    /* ... and has bound it on no path to that read */
	struct name_list reads_first_certain; /* ... and such a read happens on every normal path through the cell */
	struct name_list
	    reads_guarded; /* of reads_first: all reads that could fail are inside `try` that catches NameError */
	struct name_list reads_ipython; /* exposed reads of get_ipython, In, Out, _, _5, ... */
	struct name_list reads_builtin; /* exposed reads of builtins */
	struct name_list reads_soft;    /* by `{x}` and `$x` in magics and shell lines */
	struct name_list deletes;
	struct name_list deletes_first;            /* deleted where the cell need not have bound it */
	struct name_list mutates, mutates_certain; /* objects changed in place, by the name through which it is done */
	struct name_list history_reads;            /* of reads_ipython: _, __, ___, _5, _i5, In, Out */
	struct deferred_names *deferred;
	size_t deferred_count;
	struct star_import *star_imports;
	size_t star_count;
	struct slice *files_read, *files_written; /* literal paths */
	size_t files_read_count, files_written_count;
	struct slice *files_needed; /* those of files_read that are read for certain, and not in a `try` */
	size_t files_needed_count;
	struct slice *opaque; /* what may bind anything: "exec", "%run", ... */
	size_t opaque_count;
};

/* Whether the list holds the name. */
static inline bool name_list_has(const struct name_list *list, symbol name)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == name)
			return true;
	return false;
}

/* Derives the facts of a program that is not packed; they live in the arena. */
struct names *python_names(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                           const struct program *program);

/* Whether a name is one of CPython's builtins, or one that IPython provides. */
bool python_is_builtin(struct slice name);
bool python_is_python2_builtin(struct slice name); /* one that only Python 2 has */
bool python_is_ipython_name(struct slice name);
/* Whether some hosted kernel provides the name besides (Databricks, Deepnote), so
 * that its absence from the notebook proves nothing. */
bool python_is_kernel_name(struct slice name);
/* Whether a name is the session's history: _, __, ___, _5, _i, _ii, _iii, _i5, In, Out, _ih, _oh. */
bool python_is_history_name(struct slice name);

#endif
