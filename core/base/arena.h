/* arena.h - memory that lives and dies together.
 *
 * One arena holds everything that one analysis makes. Nothing in it is freed
 * alone; arena_free() ends all of it. Memory is zeroed when it is handed out,
 * but for arena_bytes(), and aligned for any type.
 *
 * When the system has no memory left, the arena calls its `exhausted` function,
 * which must not return (it jumps out of the analysis, as analysis.c does, or
 * ends the process, as tests do). So no caller ever sees a null pointer.
 */
#ifndef NBSCOPE_BASE_ARENA_H
#define NBSCOPE_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* Called when memory is exhausted, or a size overflows; must not return. */
typedef void arena_exhausted(void *context);

/* A new arena, owned by the caller; null if not even that can be had.
 * With a null `exhausted` the process aborts when memory is exhausted. */
struct arena *arena_new(arena_exhausted *exhausted, void *context);

/* Sets what is called when memory is exhausted; null: the process aborts. */
void arena_on_exhaustion(struct arena *arena, arena_exhausted *function, void *context);

/* Whom work that takes long tells how far it is: `what` in words ("reading cells"),
 * `done` of `whole` steps. It may stop the work by not returning: it then jumps out as
 * an `exhausted` function does. */
typedef void arena_watcher(void *context, const char *what, size_t done, size_t whole);

/* Sets who watches the work that is done in the arena, and in children that it is given
 * later; null: nobody. */
void arena_watch(struct arena *arena, arena_watcher *watcher, void *context);

/* Tells the watcher; called between steps, when what is under way could be left. */
void arena_step(const struct arena *arena, const char *what, size_t done, size_t whole);

/* A new arena for work that ends before its parent does: it treats exhaustion as
 * the parent does, has the same watcher, and is freed with the parent at the latest. */
struct arena *arena_child(struct arena *parent) __attribute__((returns_nonnull));

/* Frees the arena and all that was allocated from it. Null is allowed. */
void arena_free(struct arena *arena);

/* Where an arena stands: arena_release() gives back what was allocated since. */
struct arena_mark {
	void *chunk;
	size_t used, serial;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/* `size` zeroed bytes (at least one). */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull, alloc_size(2)));

/* `size` bytes (at least one) that hold anything: for those that are written at once. */
void *arena_bytes(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull, alloc_size(2)));

/* An array of `count` zeroed items of `size` bytes; the product is checked. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* A copy of `size` bytes. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size) __attribute__((returns_nonnull));

/* Grows an array that holds `count` items so that it has room for one more:
 * returns the array to use from now on (the old one when it has room) and
 * updates `*capacity`; the old one may be gone. The new room is zeroed. Items without capacity are
 * borrowed: they are copied when the array grows. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
    __attribute__((returns_nonnull));

/* Bytes handed out so far: what an analysis weighs. */
size_t arena_used(const struct arena *arena);

/* A growable array of T: `VECTOR(struct cell) cells;`, zero-initialised.
 * The items move when it grows, so keep indices, not pointers, while pushing. */
#define VECTOR(T)                                                                                                      \
	struct {                                                                                                           \
		T *items;                                                                                                      \
		size_t count, capacity;                                                                                        \
	}

/* Asks for more only when there is no room: most pushes are a comparison. */
#define VECTOR_ROOM(arena, vector)                                                                                     \
	((vector)->count < (vector)->capacity                                                                              \
	     ? (void)0                                                                                                     \
	     : (void)((vector)->items = arena_grow((arena), (vector)->items, (vector)->count, &(vector)->capacity,         \
	                                           sizeof *(vector)->items)))

/* Appends a value. */
#define vector_push(arena, vector, value)                                                                              \
	(VECTOR_ROOM(arena, vector), (vector)->items[(vector)->count++] = (value))

/* Appends a zeroed item and gives its address, valid until the next push. */
#define vector_add(arena, vector)                                                                                      \
	(VECTOR_ROOM(arena, vector), &(vector)->items[(vector)->count++])

#endif
