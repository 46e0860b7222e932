/* secrets.h - what a secret looks like: one table of forms, as PCRE2 patterns.
 *
 * Sources: the issuers' own pages on the form of their tokens.
 */
#ifndef NBSCOPE_FINDINGS_SECRETS_H
#define NBSCOPE_FINDINGS_SECRETS_H

#include "flow/status.h"

struct secret {
	const char *what; /* "an access key of AWS" */
	enum certainty certainty;
	size_t start, end; /* of the secret itself */
};

struct secret_finder;

/* The compiled patterns, in the arena; null when PCRE2 has no memory. */
struct secret_finder *secret_finder_new(struct arena *arena);
void secret_finder_free(struct secret_finder *finder);

/* The first secret at or after `from`; false when there is none. */
bool secret_find(struct secret_finder *finder, struct slice text, size_t from, struct secret *secret);

/* The text with "*" for each byte of a secret in it but those that may be shown: as long as before, in the arena. */
struct slice secret_masked(struct secret_finder *finder, struct arena *arena, struct slice text);

/* What may be shown of a secret: its first four bytes at most, and its length. */
struct slice secret_hint(struct arena *arena, struct slice secret);

#endif
