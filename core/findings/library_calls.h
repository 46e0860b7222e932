/* library_calls.h - the calls of a notebook's cells that go to functions of imported
 * modules, by their dotted names.
 *
 * A name stands for a module, or for something of it, when every binding of it in the
 * notebook is an import of the same thing.
 */
#ifndef NBSCOPE_FINDINGS_LIBRARY_CALLS_H
#define NBSCOPE_FINDINGS_LIBRARY_CALLS_H

#include "findings/finder.h"

struct library_call {
	size_t cell;
	uint32_t line;
	struct slice path; /* "numpy.random.seed", whatever the names in the notebook are */
	const struct event_argument *arguments;
	uint32_t argument_count;
	bool is_deferred; /* in a function: it happens when that is called */
};

/* An import that binds a name. */
struct library_import {
	size_t cell;
	uint32_t line;
	symbol name;       /* that it binds */
	struct slice path; /* of what it is bound to */
	bool is_dotted;    /* `import a.b`, which also loads a.b */
};

struct library_use {
	struct library_call *calls; /* in the order of the file */
	size_t call_count;
	struct library_import *imports;
	size_t import_count;
	bool *is_read;     /* by symbol: some cell reads the name, at once or in a function */
	bool *is_imported; /* by symbol: some cell imports it */
	size_t symbol_count;
};

/* What the notebook uses; computed once, in the finder's arena. */
const struct library_use *library_use(struct finder *finder);

/* Whether the call names the keyword, or passes on keywords that may hold it (`**options`). */
bool call_has_keyword(const struct library_call *call, const struct symbols *symbols, struct slice keyword);

/* The line of the statement to which an event of the program belongs. */
uint32_t library_line(const struct program *program, uint32_t event);

#endif
