/* search.h - what was searched for, and where it occurs in a text.
 *
 * A pattern is a regular expression in Perl's syntax (PCRE2); one that is none
 * is searched for as it stands. Case matters when the pattern has an upper-case
 * letter. Patterns and texts may be anything: a match that costs too much counts
 * as none, and the search remembers that.
 */
#ifndef NBSCOPE_TUI_SEARCH_H
#define NBSCOPE_TUI_SEARCH_H

#include "base/slice.h"

struct search;

/* Where in cells is searched. */
enum search_scope {
	SEARCH_ALL,     /* sources and outputs */
	SEARCH_SOURCE,  /* sources, Markdown among them */
	SEARCH_OUTPUTS, /* outputs */
	SEARCH_NAMES,   /* the names in sources, without strings and comments */
	SEARCH_SCOPES,
};

/* "all", "source", "outputs", "names" */
const char *search_scope_name(enum search_scope scope);

/* A search for a pattern that is not empty; owned by the caller. When the pattern
 * is no regular expression, `*mistake` says why, in the arena; else it is empty.
 * Null when the pattern is no UTF-8, or there is no memory. */
struct search *search_new(struct arena *arena, struct slice pattern, enum search_scope scope, struct slice *mistake);

/* Null is allowed. */
void search_free(struct search *search);

struct slice search_pattern(const struct search *search);

/* Where a search looks; a null one: everywhere. */
enum search_scope search_scope(const struct search *search);

/* Whether a match cost too much since this was asked last. */
bool search_gave_up(struct search *search);

/* The first match at or behind `from` that is not empty: bytes [*start, *end). A
 * null search matches nothing. */
bool search_find(const struct search *search, struct slice text, size_t from, size_t *start, size_t *end);

#endif
