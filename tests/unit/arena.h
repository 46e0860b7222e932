/* arena.h - the arena that the tests of one program share: `setup` and `teardown`
 * are cmocka's for a group, or for each test. */
#ifndef NBSCOPE_TESTS_ARENA_H
#define NBSCOPE_TESTS_ARENA_H

#include "base/arena.h"

static struct arena *arena;

static inline int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	return arena == NULL;
}

static inline int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#endif
