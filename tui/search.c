#define PCRE2_CODE_UNIT_WIDTH 8
#include "tui/search.h"

#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

enum { MATCH_STEPS = 1000000, MATCH_KIBIBYTES = 16 * 1024 };

struct search {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	enum search_scope scope;
	bool *gave_up;        /* apart, so that a search that does not change can note it */
	struct slice pattern; /* in memory of its own, behind this struct */
	char bytes[];
};

static bool has_upper_case(struct slice pattern)
{
	for (size_t at = 0; at < pattern.length; at++) {
		if (pattern.bytes[at] == '\\')
			at++; /* \W is no upper-case letter of the text */
		else if (pattern.bytes[at] >= 'A' && pattern.bytes[at] <= 'Z')
			return true;
	}
	return false;
}

static pcre2_code *compile(struct slice pattern, uint32_t flags, int *error, size_t *offset)
{
	flags |= PCRE2_MATCH_INVALID_UTF | PCRE2_UTF;
	if (!has_upper_case(pattern))
		flags |= PCRE2_CASELESS;
	PCRE2_SIZE at = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.bytes, pattern.length, flags, error, &at, NULL);
	*offset = at;
	return code;
}

const char *search_scope_name(enum search_scope scope)
{
	static const char *const NAMES[SEARCH_SCOPES] = {
	    [SEARCH_ALL] = "all", [SEARCH_SOURCE] = "source", [SEARCH_OUTPUTS] = "outputs", [SEARCH_NAMES] = "names"};
	return NAMES[scope];
}

struct search *search_new(struct arena *arena, struct slice pattern, enum search_scope scope, struct slice *mistake)
{
	struct search *search = calloc(1, sizeof *search + pattern.length);
	if (!search)
		return NULL;
	search->gave_up = calloc(1, sizeof *search->gave_up);
	search->scope = scope;
	memcpy(search->bytes, pattern.bytes, pattern.length);
	search->pattern = (struct slice){search->bytes, pattern.length};
	*mistake = (struct slice){0};
	int error = 0;
	size_t offset = 0;
	/* \C would match within a character, which patterns of users never need. */
	search->code = compile(search->pattern, PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &error, &offset);
	if (!search->code) {
		PCRE2_UCHAR message[256] = "";
		pcre2_get_error_message(error, message, sizeof message);
		*mistake = printable(arena, slice_format(arena, "%s at %zu", (const char *)message, offset + 1));
		search->code = compile(search->pattern, PCRE2_LITERAL, &error, &offset);
	}
	search->context = pcre2_match_context_create(NULL);
	search->match = search->code ? pcre2_match_data_create_from_pattern(search->code, NULL) : NULL;
	if (!search->match || !search->context || !search->gave_up) {
		search_free(search);
		return NULL;
	}
	pcre2_set_match_limit(search->context, MATCH_STEPS);
	pcre2_set_heap_limit(search->context, MATCH_KIBIBYTES);
	pcre2_jit_compile(search->code, PCRE2_JIT_COMPLETE); /* where there is none, matching is only slower */
	return search;
}

void search_free(struct search *search)
{
	if (!search)
		return;
	pcre2_match_data_free(search->match);
	pcre2_match_context_free(search->context);
	pcre2_code_free(search->code);
	free(search->gave_up);
	free(search);
}

enum search_scope search_scope(const struct search *search)
{
	return search ? search->scope : SEARCH_ALL;
}

bool search_gave_up(struct search *search)
{
	bool gave_up = search && *search->gave_up;
	if (search)
		*search->gave_up = false;
	return gave_up;
}

struct slice search_pattern(const struct search *search)
{
	return search ? search->pattern : (struct slice){0};
}

bool search_find(const struct search *search, struct slice text, size_t from, size_t *start, size_t *end)
{
	if (!search || from > text.length || text.length == 0)
		return false;
	int found = pcre2_match(search->code, (PCRE2_SPTR)text.bytes, text.length, from, PCRE2_NOTEMPTY, search->match,
	                        search->context);
	if (found < 0) {
		bool fault = found != PCRE2_ERROR_NOMATCH && found != PCRE2_ERROR_BADUTFOFFSET;
		*search->gave_up |= fault;
		return false;
	}
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(search->match);
	*start = ends[0];
	*end = ends[1];
	return *end > *start; /* \K in a lookahead can turn a match around */
}
