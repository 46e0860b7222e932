#include "findings/selection.h"

static bool means(struct slice word, const struct rule *rule)
{
	return slice_equal(word, SLICE("all")) || slice_equal(word, slice_of(rule->name)) ||
	       (word.length > 2 && slice_starts(slice_of(rule->code), word));
}

static bool means_any(struct slice word)
{
	for (const struct rule *rule = rule_catalogue; rule->code; rule++)
		if (means(word, rule))
			return true;
	return false;
}

bool selection_add(struct arena *arena, struct selection *selection, struct slice words, struct slice *stranger)
{
	bool is_known = true;
	for (size_t start = 0, end; start <= words.length; start = end + 1) {
		end = slice_find(words, ',', start);
		struct slice word = slice_trim(slice_part(words, start, end));
		if (means_any(word)) {
			vector_push(arena, selection, word);
		} else if (word.length && is_known) {
			is_known = false;
			*stranger = word;
		}
	}
	return is_known;
}

bool selection_has(const struct selection *selection, const struct rule *rule)
{
	for (size_t i = 0; i < selection->count; i++)
		if (means(selection->items[i], rule))
			return true;
	return false;
}
