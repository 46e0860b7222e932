#include "tui/keymap.h"

#include <string.h>

struct keymap *keymap_default(struct arena *arena)
{
	struct keymap *keymap = arena_alloc(arena, sizeof *keymap);
	for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++) {
		const struct action_definition *definition = action_definition(action);
		struct slice rest = slice_of(definition->keys);
		while (rest.length) {
			size_t end = slice_find(rest, ' ', 0);
			struct key_binding binding = {.action = action, .view = definition->view};
			struct failure failure;
			if (keys_parse(arena, slice_part(rest, 0, end), &binding.keys, &failure)) {
				vector_push(arena, keymap, binding);
				binding.view = definition->also;
				if (definition->also != VIEW_ANY)
					vector_push(arena, keymap, binding);
			}
			rest = slice_part(rest, end + 1, rest.length);
		}
	}
	return keymap;
}

/* Whether one of the two sequences begins the other. */
static bool overlap(struct keys a, struct keys b)
{
	size_t shorter = a.count < b.count ? a.count : b.count;
	return memcmp(a.items, b.items, shorter * sizeof *a.items) == 0;
}

void keymap_bind(struct keymap *keymap, struct arena *arena, struct key_binding binding)
{
	size_t kept = 0;
	for (size_t at = 0; at < keymap->count; at++) {
		const struct key_binding *old = &keymap->items[at];
		bool same_place = old->view == binding.view || old->view == VIEW_ANY || binding.view == VIEW_ANY;
		if (!same_place || !overlap(old->keys, binding.keys))
			keymap->items[kept++] = *old;
	}
	keymap->count = kept;
	if (binding.action != ACTION_NONE)
		vector_push(arena, keymap, binding);
}

static bool binding_begins(const struct key_binding *binding, enum view_id view, const key_code *keys, size_t count)
{
	return binding->view == view && binding->keys.count >= count &&
	       memcmp(binding->keys.items, keys, count * sizeof *keys) == 0;
}

bool key_binding_continues(const struct key_binding *binding, enum view_id view, const key_code *keys, size_t count)
{
	return binding->keys.count > count &&
	       (binding_begins(binding, view, keys, count) || binding_begins(binding, VIEW_ANY, keys, count));
}

static enum keymap_match find_in(const struct keymap *keymap, enum view_id view, const key_code *keys, size_t count,
                                 enum action *action)
{
	enum keymap_match match = KEYMAP_NONE;
	for (size_t at = 0; at < keymap->count; at++) {
		const struct key_binding *binding = &keymap->items[at];
		if (!binding_begins(binding, view, keys, count))
			continue;
		if (binding->keys.count == count) {
			*action = binding->action;
			return KEYMAP_ACTION;
		}
		match = KEYMAP_PREFIX;
	}
	return match;
}

enum keymap_match keymap_find(const struct keymap *keymap, enum view_id view, const key_code *keys, size_t count,
                              enum action *action)
{
	enum keymap_match match = find_in(keymap, view, keys, count, action);
	if (match == KEYMAP_ACTION || view == VIEW_ANY)
		return match;
	enum keymap_match general = find_in(keymap, VIEW_ANY, keys, count, action);
	return general == KEYMAP_NONE ? match : general;
}

void keys_write(struct builder *out, struct keys keys, size_t from)
{
	for (size_t at = from; at < keys.count; at++)
		key_write(out, keys.items[at]);
}
