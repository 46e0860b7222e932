/* object.h - the abstract objects of the replay: what names are bound to.
 *
 * Two names bound to one object see each other's changes. An object knows how it
 * was derived (its identity, which every change in place renews), what it may
 * hold, of what it is a part, and the code that it carries.
 */
#ifndef NBSCOPE_FLOW_OBJECT_H
#define NBSCOPE_FLOW_OBJECT_H

#include "flow/constant.h"
#include "flow/identity.h"
#include "python/events.h"

enum object_type {
	OBJECT_UNKNOWN,
	OBJECT_IMMUTABLE, /* number, string, tuple of such, None ... */
	OBJECT_CONTAINER, /* list, dict or set made by a display or comprehension */
	OBJECT_MODULE,    /* `text` is its dotted name */
	OBJECT_BUILTIN,   /* a builtin (`text` is 0), or `name` of module `text`; what it does is in tables */
	OBJECT_FUNCTION,  /* made in the notebook; program, closure */
	OBJECT_CLASS,     /* made in the notebook; members */
	OBJECT_INSTANCE,  /* of `class` */
	OBJECT_METHOD,    /* attribute `name` of `self`, perhaps with a program */
	OBJECT_ITERATOR,  /* over `owner`, or a generator with a program */
	OBJECT_CHOICE,    /* one of `parts`, by the path taken */
	OBJECT_MOVED,     /* of a run that is over; `owner` is where it lives on (keep.c) */
};

struct frame;

struct member {
	symbol name;
	uint32_t order; /* of the bindings of one name */
	struct object *object;
};

/* What a class binds, sorted by symbol, each name once. */
struct members {
	size_t count;
	struct member items[];
};

/* There are many: what only some types have shares its place. */
struct object {
	enum object_type type : 8;
	enum form literal : 8;      /* what was written, of a constant or display; else FORM_OTHER */
	enum level owner_level : 8; /* how surely a change of it changes its owner */
	int8_t truth;               /* of a constant: 1 true, 0 false, -1 unknown */
	bool kept;                  /* it is no object of the run under way */
	bool nonempty;              /* a container that certainly has an element */
	bool exact;                 /* `parts` are its items, in order */
	bool is_namespace;          /* the namespace itself, as `globals()` gives it */
	bool never_changes;         /* a choice among immutable objects only */
	bool maybe_holds;           /* `parts` are arguments of unknown code, which its result may have kept */
	bool from_library;          /* a library made it: an array, a table, a number */
	bool suspended;             /* a generator or coroutine: `closure` holds the arguments of the call that made it */
	bool temporary;             /* an element or attribute that no name has been bound to yet */
	uint32_t changed_by;        /* the run, from 1; 0: none */
	struct identity identity;
	const struct repeat *repeat;     /* the store that last changed it, when it could be repeated (repeat.c); or null */
	uint32_t touched_in, touched_at; /* the statement that last touched it, and where it stands in that one's list */
	symbol name;                   /* of an attribute or builtin; of an unknown object the builtin that gave it, or 0 */
	symbol text;                   /* of a module its dotted name, of what comes from one that module's; or 0 */
	struct object *owner;          /* of what it is an element, attribute or view */
	VECTOR(struct object *) parts; /* what it may hold, or be */
	VECTOR(symbol) names;          /* global names that were ever bound to it */
	const struct program *program; /* code that it carries */
	struct frame *closure;         /* where that code was made, if it uses variables of it; else null */
	union {
		struct object *self;  /* of a method */
		struct object *class; /* of an instance */
	};
	union {
		struct members *members;         /* of a class; of a function and its methods the defaults of parameters */
		const struct constant *constant; /* of an immutable object, where its value is known: ask constant_of() */
	};
};

/* Where a name's object is kept. */
struct binding {
	struct object *object; /* null when unbound */
	bool maybe_unbound;    /* bound on some paths only */
	uint32_t by;           /* the run that bound it, from 1; 0: none */
};

/* The identity of an object as it is now, with what it may hold. */
struct identity object_identity(const struct object *object);

/* The member with a name, or null. */
struct object *member_of(const struct members *members, symbol name);

/* The member of a class or of its bases, or null. */
struct object *object_member(const struct object *class, symbol name);

/* Whether using the object can run code of the notebook. */
bool object_carries_code(const struct object *object);

#endif
