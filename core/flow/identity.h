/* identity.h - how a value was derived, as hashes, at three degrees of certainty.
 *
 * Two results with one identity were derived in the same way. Each identity is
 * kept three times: what is derived on every path (`LEVEL_CERTAIN`), what is
 * derived if loops run and nothing raises (`LEVEL_LIKELY`), and what may have
 * played a part on some path (`LEVEL_POSSIBLE`). The first level at which the
 * identities of two runs differ says how certain the difference is.
 */
#ifndef NBSCOPE_FLOW_IDENTITY_H
#define NBSCOPE_FLOW_IDENTITY_H

#include "base/hash.h"

enum level { LEVEL_CERTAIN, LEVEL_LIKELY, LEVEL_POSSIBLE, LEVELS };

struct identity {
	uint64_t at[LEVELS];
};

/* Adds `what`, which happened with the certainty `level`: a level knows only what
 * is at least as certain as itself. */
static inline void identity_add(struct identity *identity, enum level level, const struct identity *what)
{
	for (int i = (int)level; i < LEVELS; i++)
		identity->at[i] = hash_mix(identity->at[i], what->at[i]);
}

/* Adds a number that is the same at every level. */
static inline void identity_add_number(struct identity *identity, enum level level, uint64_t number)
{
	for (int i = (int)level; i < LEVELS; i++)
		identity->at[i] = hash_mix(identity->at[i], number);
}

static inline struct identity identity_of_number(uint64_t number)
{
	struct identity identity = {{0}};
	identity_add_number(&identity, LEVEL_CERTAIN, number);
	return identity;
}

/* The most certain level at which the two differ, or LEVELS when they are equal. */
static inline enum level identity_difference(const struct identity *a, const struct identity *b)
{
	int level = LEVEL_CERTAIN;
	while (level < LEVELS && a->at[level] == b->at[level])
		level++;
	return (enum level)level;
}

#endif
