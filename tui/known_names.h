/* known_names.h - the names of the namespace in one source, and what is known of each:
 * who bound it, as it happened and from the top.
 */
#ifndef NBSCOPE_TUI_KNOWN_NAMES_H
#define NBSCOPE_TUI_KNOWN_NAMES_H

#include "tui/state.h"

/* What is known of what a name stands for where it is read. */
enum knowing {
	NAME_OWN,     /* bound by the cell itself */
	NAME_SAME,    /* from the top it is derived in the same way */
	NAME_DIFFERS, /* from the top it is another one */
	NAME_PERHAPS, /* from the top it may be another one */
	NAME_UNBOUND, /* in one of the orders, nothing has bound it */
	NAME_UNTOLD,  /* nothing tells where it came from */
	NAME_LATER,   /* read when a function is called, or in a cell that never ran */
};

struct known_name {
	struct span span; /* bytes of the source */
	symbol name;
	enum knowing knowing;
};

/* The names in the source of a place (a code cell and its run), in order; in the arena. */
struct known_name *known_names(struct app *app, struct arena *arena, struct place place, const struct effects *effects,
                               struct slice source, size_t *count);

/* What is known of one name in a place, in a sentence; in the frame. */
struct slice known_name_text(struct app *app, symbol name, struct place place);

#endif
