/* rehearsal.h - what runs will print and show, as far as that is certain.
 *
 * The replay (replay.h) knows how values are derived, the rehearsal what they are:
 * it computes with values that are known exactly (value.h) and is silent about all
 * others. What it foretells of a run can be held against what was saved.
 */
#ifndef NBSCOPE_FLOW_REHEARSAL_H
#define NBSCOPE_FLOW_REHEARSAL_H

#include "python/effects.h"

/* What a cell's saved outputs hold. */
struct saved_output {
	bool any;             /* it has outputs at all */
	struct slice printed; /* all of its stdout */
	bool shows;           /* it has a result, */
	struct slice shown;   /* which as plain text is this */
	bool fails;
	struct slice ename;
};

/* A name and its value as repr() writes it. */
struct rehearsed_name {
	symbol name;
	struct slice value;
};

struct rehearsed {
	bool ran;             /* false for what can't be rehearsed: then all else is empty */
	struct slice printed; /* a byte 0 stands for any text */
	enum { SHOWS_NOTHING, SHOWS_TEXT, SHOWS_ANYTHING } shows;
	struct slice shown;
	bool fails;         /* it certainly raises ... */
	struct slice ename; /* ... this, empty when it isn't known what; of a NameError: */
	symbol missing;
	uint32_t line;
	VECTOR(struct rehearsed_name) inputs; /* names that it read before it bound them, where their value is known */
	bool contradicted; /* its saved output shows that names had other values than the runs before it gave them */
};

struct rehearsal;

/* An empty kernel, until rehearsal_free() or the arena ends; what its runs give is in the arena. */
struct rehearsal *rehearsal_new(struct arena *arena, struct symbols *symbols);

/* Ends the kernel; what its runs gave stays. */
void rehearsal_free(struct rehearsal *rehearsal);

/* A kernel (re)start. */
void rehearsal_restart(struct rehearsal *rehearsal);

/* A run of which nothing is known: from here on anything may be bound to anything. */
void rehearsal_lose(struct rehearsal *rehearsal);

struct rehearsal_request {
	const struct effects *effects;
	int64_t count;                    /* or NO_COUNT */
	uint32_t failing_line;            /* where a saved error cut it short; 0: nowhere */
	uint32_t doubted_line;            /* where a saved error ended it, which may come again; 0: nowhere */
	bool sorts_keys;                  /* the IPython of that time may show dictionaries sorted by their keys */
	bool interrupted;                 /* that was the user */
	uint32_t refused_line;            /* of what CPython's compiler refuses: what stands before it ran; 0: nothing */
	bool skipped;                     /* nothing of it happened (a SyntaxError) */
	bool other_source;                /* what ran was another source of this cell, which is not known */
	const struct saved_output *saved; /* of this very run, whose values are taken from it; or null */
};

struct rehearsed *rehearsal_run(struct rehearsal *rehearsal, const struct rehearsal_request *request);

/* Whether what is foretold can't be what was saved. */
bool rehearsed_differs(const struct rehearsed *rehearsed, const struct saved_output *saved);

/* Whether it is foretold completely, and is what was saved. */
bool rehearsed_agrees(const struct rehearsed *rehearsed, const struct saved_output *saved);

#endif
