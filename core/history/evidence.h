/* evidence.h - what saved outputs give away of the kernel and of the sources behind them.
 *
 * Warnings and tracebacks name the code that they come from, by the kernel's process
 * and a hash of the source, or by its execution count; tracebacks quote lines of it.
 */
#ifndef NBSCOPE_HISTORY_EVIDENCE_H
#define NBSCOPE_HISTORY_EVIDENCE_H

#include "history/fingerprint.h"
#include "notebook/notebook.h"

/* By what an output names a source. */
struct source_name {
	int64_t pid;   /* of the kernel; 0 when it does not say */
	int64_t count; /* under which the source ran; NO_COUNT when it does not say */
	bool has_ipykernel, has_ipython;
	uint32_t ipykernel; /* see fingerprint.h */
	char ipython[FINGERPRINT_IPYTHON_DIGITS];
	bool is_module; /* it is the cell's own code, not that of a function */
};

/* A line of a source, quoted by a traceback. */
struct quote {
	int64_t count; /* under which the source ran */
	uint32_t line; /* from 1; empty lines at the start of a source are not counted since IPython 7 */
	struct slice text;
};

struct evidence {
	VECTOR(struct source_name) names;
	VECTOR(struct quote) quotes;
};

/* Reads the error outputs and standard error of a cell. */
void evidence_of_cell(struct arena *arena, const struct notebook *notebook, const struct cell *cell,
                      struct evidence *evidence);

/* The kernel's process that the names tell of; 0 when they tell of none, or of several. */
int64_t evidence_pid(const struct evidence *evidence);

/* How a quote compares with the source that is said to be quoted. */
enum agreement { QUOTE_AGREES, QUOTE_DIFFERS, QUOTE_UNCLEAR };

/* Compares a quote with a source; what IPython rewrites (magics, shell lines) is unclear. */
enum agreement quote_agreement(struct slice source, const struct quote *quote);

/* The text without CSI sequences, which colour every traceback. */
struct slice without_escapes(struct arena *arena, struct slice text);

/* The decimal number at the start of the text, or 0. */
uint32_t leading_number(struct slice text);

/* The number in front of a line that a traceback quotes, with or without an arrow, and
 * the line itself; 0 when it is none. */
uint32_t quoted_line(struct slice line, struct slice *text);

#endif
