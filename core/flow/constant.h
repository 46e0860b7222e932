/* constant.h - values that the source itself tells: literals, and what operators make of them.
 *
 * Only what is certain counts: a number that is too large, a text with unusual
 * escapes or an operator that is not known gives no value. An evaluation may also
 * be known to raise (`1 / 0`, `'a' + 1`, `None < 2`), as CPython 3 does.
 */
#ifndef NBSCOPE_FLOW_CONSTANT_H
#define NBSCOPE_FLOW_CONSTANT_H

#include "python/events.h"

enum constant_kind {
	CONSTANT_UNREAD, /* a literal whose value nobody asked for yet: `text` is what was written */
	CONSTANT_NONE,
	CONSTANT_INTEGER,
	CONSTANT_REAL,
	CONSTANT_TEXT, /* decoded */
};

struct constant {
	enum constant_kind kind : 8;
	bool is_bool; /* an INTEGER that is True or False */
	bool foreign; /* it rests on what another cell left in the namespace */
	union {
		int64_t integer;
		double real;
		struct slice text;
	};
};

enum evaluation { EVALUATION_UNKNOWN, EVALUATION_VALUE, EVALUATION_RAISES };

/* The value of a literal; false when it is not known. */
bool constant_of_literal(struct arena *arena, enum form form, struct slice text, struct constant *value);

/* What an operation gives, where the values of all its operands are known. */
enum evaluation constant_evaluate(struct arena *arena, enum operation operation, const struct constant *operands,
                                  size_t count, struct constant *value);

/* A copy in the arena, text included. */
const struct constant *constant_copy(struct arena *arena, const struct constant *value);

bool constant_is_true(const struct constant *value);
bool constant_equal(const struct constant *a, const struct constant *b);

/* Whether `int(text)` or `float(text)` certainly raises ValueError. */
bool constant_is_no_number(struct slice text);

#endif
