/* value.h - values that are known exactly, computed as CPython computes them.
 *
 * Numbers up to 64 bits, text, and containers of such; functions, classes and
 * instances of the notebook; and what is not known. What is not exactly so in
 * CPython too is given as unknown: an overflow, an odd format, a large container.
 */
#ifndef NBSCOPE_FLOW_VALUE_H
#define NBSCOPE_FLOW_VALUE_H

#include "python/events.h"

enum value_kind {
	VALUE_UNKNOWN, /* of a library, or computed from something unknown */
	VALUE_WILD,    /* unknown, and perhaps code of the notebook */
	VALUE_NONE,
	VALUE_BOOL, /* integer */
	VALUE_INT,  /* integer */
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_TUPLE,
	VALUE_LIST,
	VALUE_DICT,      /* items: key, value, key, value */
	VALUE_SET,       /* items, of which only some things are known: not their order */
	VALUE_VIEW,      /* what can be gone over, but not shown: items */
	VALUE_ITERATOR,  /* over `self`, from `integer` on */
	VALUE_SLICE,     /* items: lower, upper, step (None where absent) */
	VALUE_FUNCTION,  /* program, frame, items: defaults, by `names` */
	VALUE_GENERATOR, /* of a generator expression: program, frame, items[0] its first iterator */
	VALUE_CLASS,     /* names, items: its members; self: its base or null */
	VALUE_INSTANCE,  /* names, items: its attributes; self: its class */
	VALUE_METHOD,    /* `symbol` of `self`; of an instance with `function` */
	VALUE_MOVED,     /* of a rehearsal under way nothing is: what was here is `self` (rehearsal_keep.c) */
	VALUE_LIBRARY,   /* a builtin (text is empty), a module (symbol is 0) or `symbol` of module `text` */
};

struct rehearsal_frame;

struct value {
	enum value_kind kind;
	bool lost;    /* something may have changed it since */
	bool escaped; /* something that isn't known may hold it, or give it again */
	uint32_t epoch;
	uint32_t changes;     /* how often it was changed */
	uint32_t seen;        /* `changes` of `source` when this was made of it */
	struct value *source; /* of a VIEW or ITERATOR: the container that it looks at, which must not have changed */
	int64_t integer;
	double real;
	struct slice text;
	symbol symbol;
	VECTOR(struct value *) items;
	VECTOR(symbol) names;
	struct value *self, *function;
	const struct program *program;
	struct rehearsal_frame *frame;
};

/* What goes over a container looks at this many items; larger ones are unknown. */
enum { VALUE_ITEMS = 1000 };

struct value *value_new(struct arena *arena, enum value_kind kind);
struct value *value_of_integer(struct arena *arena, int64_t integer);
struct value *value_of_bool(struct arena *arena, bool truth);
struct value *value_of_real(struct arena *arena, double real);
struct value *value_of_text(struct arena *arena, struct slice text);

/* A literal, as it stands in the source. */
struct value *value_of_literal(struct arena *arena, enum form form, struct slice text);

/* Reads a literal that stands at `*at` of what a notebook saved, as repr() writes it, and moves on behind it; null
 * when there is none that is surely so. */
struct value *value_read(struct arena *arena, struct slice text, size_t *at);

/* Whether the contents are known at this epoch. */
bool value_is_known(const struct value *value, uint32_t epoch);
bool value_is_mutable(const struct value *value);
bool value_is_number(const struct value *value);

/* 1 true, 0 false, -1 unknown. */
int value_truth(const struct value *value, uint32_t epoch);

/* 1 equal, 0 not, -1 unknown. */
int value_equal(const struct value *a, const struct value *b, uint32_t epoch);

/* Less than, equal to or greater than zero; false when they have no known order. */
bool value_compare(const struct value *a, const struct value *b, uint32_t epoch, int *order);

/* Writes repr(value), or str(value); false when it isn't known. */
bool value_write(struct builder *text, const struct value *value, uint32_t epoch, bool repr);

/* `a operator b`, both known; null for what would raise, or is not known. `*zero` becomes true for a division by zero.
 */
struct value *value_operate(struct arena *arena, const struct value *a, struct slice operator, const struct value * b,
                            uint32_t epoch, bool *zero);

/* Whether `a operator b` of known values raises TypeError, where value_operate() gave nothing. */
bool value_is_refused(const struct value *a, struct slice operator, const struct value * b);

/* format(value, spec): null when not known. */
struct value *value_format(struct arena *arena, const struct value *value, struct slice spec, uint32_t epoch);

/* Where a dictionary has the key: the index of its value, 0 if it has not, -1 if that is not known. */
int64_t value_find_key(const struct value *dict, const struct value *key, uint32_t epoch);

#endif
