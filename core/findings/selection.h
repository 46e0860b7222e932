/* selection.h - which rules are meant: by code (`NB101`), by the beginning of codes
 * (`NB1`), by name (`stale-result`), or `all`. */
#ifndef NBSCOPE_FINDINGS_SELECTION_H
#define NBSCOPE_FINDINGS_SELECTION_H

#include "findings/finding.h"

/* A list of words for rules; empty to begin with. */
struct selection {
	struct slice *items;
	size_t count, capacity;
};

/* Adds the words of a list with commas. False, with the first that means no rule in
 * `*stranger`, when there is one; the others are added. */
bool selection_add(struct arena *arena, struct selection *selection, struct slice words, struct slice *stranger);

bool selection_has(const struct selection *selection, const struct rule *rule);

#endif
