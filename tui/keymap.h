/* keymap.h - from sequences of keys to actions.
 *
 * A sequence is looked up among those of the view first, then among those that
 * hold everywhere. No sequence is the beginning of another that holds in the
 * same place, so that none has to wait for a time-out.
 */
#ifndef NBSCOPE_TUI_KEYMAP_H
#define NBSCOPE_TUI_KEYMAP_H

#include "tui/actions.h"
#include "tui/key.h"

struct key_binding {
	struct keys keys;
	enum action action;
	enum view_id view;
};

struct keymap {
	struct key_binding *items; /* in the order of the table of actions */
	size_t count, capacity;
};

/* The keys that the table of actions names; in the arena. */
struct keymap *keymap_default(struct arena *arena);

/* Binds keys in a view, in place of whatever stood in their way there; an action of
 * ACTION_NONE only unbinds them. */
void keymap_bind(struct keymap *keymap, struct arena *arena, struct key_binding binding);

enum keymap_match {
	KEYMAP_NONE,   /* nothing begins so */
	KEYMAP_PREFIX, /* more keys must follow */
	KEYMAP_ACTION,
};

/* What the keys mean in a view; `*action` is set for KEYMAP_ACTION. */
enum keymap_match keymap_find(const struct keymap *keymap, enum view_id view, const key_code *keys, size_t count,
                              enum action *action);

/* Whether a binding holds in a view and begins with the keys, but has more. */
bool key_binding_continues(const struct key_binding *binding, enum view_id view, const key_code *keys, size_t count);

/* Appends the keys of a sequence from the one at `from` on, as vim writes them. */
void keys_write(struct builder *out, struct keys keys, size_t from);

#endif
