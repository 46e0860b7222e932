/* mutators.h - what calls change in place: the one table of known methods and functions.
 *
 * Names are all that is known of most objects in a notebook, so methods are
 * looked up by name: `append` changes what it is called on whatever that is, and
 * `describe` changes nothing. What is not in the table may do anything.
 */
#ifndef NBSCOPE_PYTHON_MUTATORS_H
#define NBSCOPE_PYTHON_MUTATORS_H

#include <stdint.h>

#include "base/slice.h"

enum method_effect {
	METHOD_UNKNOWN,    /* in no table: may change the object when its result is thrown away */
	METHOD_READS,      /* leaves the object as it is */
	METHOD_SHARES,     /* so too, but what it gives may share elements or data with the object */
	METHOD_CHANGES,    /* changes the object */
	METHOD_ADDS,       /* changes it by adding to it: it has an element afterwards */
	METHOD_MAY_CHANGE, /* changes it for some types, in a way that often matters */
};

/* What calling a method of this name does to the object. Names that end in one
 * underscore change it (torch's convention); dunder names are looked up as they are. */
enum method_effect python_method_effect(struct slice name);

/* Methods that, called again with equal arguments, leave as it is what they made. */
enum method_repeat {
	REPEATS_NOT,
	REPEATS_RESULT,   /* of what they return: `df = df.fillna(0)`; in place with `inplace=True` */
	REPEATS_CHANGE,   /* of the object that they change: `xs.sort()` */
	REPEATS_CONTAINER /* the same, of a dict or set; of others of that name this is not known */
};

enum method_repeat python_method_repeat(struct slice name);

struct function_effect {
	bool known;           /* the table has the function: it changes nothing but the following */
	uint32_t changes;     /* bit i: positional argument i */
	uint32_t may_change;  /* the same, for some types only */
	bool changes_module;  /* the state of its module: random numbers, options, the current figure */
	bool calls_arguments; /* calls functions that it is given: `map`, `sorted(key=...)` */
	bool lazy;            /* goes over its arguments, and calls them, only when its result is gone over */
	bool never_returns;   /* raises: `sys.exit()` */
	bool same_object;     /* returns its first argument */
};

/* What calling a function does. `module` is the dotted name of the module that it
 * is an attribute of ("numpy.random"), or empty for a builtin. */
struct function_effect python_function_effect(struct slice module, struct slice name);

#endif
