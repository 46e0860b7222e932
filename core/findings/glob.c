/* All places in the pattern where a match may stand move on together, character by character
 * of the path: no pattern makes it try one way after the other. */
#include "findings/glob.h"

#include <string.h>

#include "base/utf8.h"

enum step_kind {
	STEP_CHARACTER,
	STEP_ONE,     /* ?: anything but a slash */
	STEP_NAME,    /* *: any number of them */
	STEP_FOLDERS, /* `**` and a slash: any number of whole components */
	STEP_ALL,     /* ** at the end: whatever follows */
};

struct step {
	enum step_kind kind;
	int32_t character;
};

struct steps {
	struct step *items;
	size_t count, capacity;
};

static struct steps steps_of(struct arena *arena, struct slice pattern)
{
	struct steps steps = {0};
	for (size_t at = 0; at < pattern.length;) {
		struct slice rest = slice_part(pattern, at, pattern.length);
		bool begins_component = at == 0 || pattern.bytes[at - 1] == '/';
		struct step step = {STEP_CHARACTER, 0};
		if (begins_component && slice_starts(rest, SLICE("**/"))) {
			step.kind = STEP_FOLDERS;
			at += 3;
		} else if (begins_component && slice_equal(rest, SLICE("**"))) {
			step.kind = STEP_ALL;
			at += 2;
		} else {
			step.character = utf8_next(pattern, &at);
			step.kind = step.character == '*' ? STEP_NAME : step.character == '?' ? STEP_ONE : STEP_CHARACTER;
		}
		vector_push(arena, &steps, step);
	}
	return steps;
}

/* Adds the places that are reached from those that are set without taking a character. */
static void pass_on(const struct steps *steps, bool *places, bool begins_component)
{
	for (size_t i = 0; i < steps->count; i++) {
		enum step_kind kind = steps->items[i].kind;
		if (places[i] && (kind == STEP_NAME || kind == STEP_ALL || (kind == STEP_FOLDERS && begins_component)))
			places[i + 1] = true;
	}
}

static bool takes(struct step step, int32_t character)
{
	return step.kind == STEP_FOLDERS || step.kind == STEP_ALL ||
	       (step.kind == STEP_CHARACTER ? character == step.character : character != '/');
}

bool glob_means(struct arena *arena, struct slice pattern, struct slice path)
{
	while (slice_ends(pattern, SLICE("/")))
		pattern.length--;
	bool from_top = slice_find(pattern, '/', 0) < pattern.length;
	if (slice_starts(pattern, SLICE("/")))
		pattern = slice_part(pattern, 1, pattern.length);
	if (pattern.length == 0)
		return false;
	struct arena *scratch = arena_child(arena);
	struct steps steps = steps_of(scratch, pattern);
	bool *places = arena_array(scratch, steps.count + 1, sizeof *places);
	bool *next = arena_array(scratch, steps.count + 1, sizeof *next);
	bool is_meant = false, begins_component = true;
	for (size_t at = 0; !is_meant; begins_component = path.bytes[at - 1] == '/') {
		if (begins_component && (at == 0 || !from_top))
			places[0] = true;
		pass_on(&steps, places, begins_component);
		if (at == path.length || path.bytes[at] == '/')
			is_meant = places[steps.count] && at > 0;
		if (at == path.length)
			break;
		int32_t character = utf8_next(path, &at);
		memset(next, 0, (steps.count + 1) * sizeof *next);
		for (size_t i = 0; i < steps.count; i++)
			if (places[i] && takes(steps.items[i], character))
				next[steps.items[i].kind == STEP_CHARACTER || steps.items[i].kind == STEP_ONE ? i + 1 : i] = true;
		bool *former = places;
		places = next;
		next = former;
	}
	arena_free(scratch);
	return is_meant;
}
