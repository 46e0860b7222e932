/* A list of chunks, the newest first; each allocation bumps the newest chunk.
 * A request larger than a chunk gets a chunk of its own size. Chunks double up
 * to a limit, so that a small notebook costs little and a large one few calls.
 * Children are freed with their parent, which matters when exhaustion jumps out. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 1024 * 1024, ALIGNMENT = 16 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct chunk *chunks;
	size_t next_chunk, total;
	arena_exhausted *exhausted;
	void *context;
	struct arena *parent, *children; /* the newest child first; siblings are linked both ways */
	struct arena *newer, *older;
};

struct arena *arena_new(arena_exhausted *exhausted, void *context)
{
	struct arena *arena = malloc(sizeof *arena);
	if (arena)
		*arena = (struct arena){.next_chunk = FIRST_CHUNK, .exhausted = exhausted, .context = context};
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->children)
		arena_free(arena->children);
	if (arena->older)
		arena->older->newer = arena->newer;
	if (arena->newer)
		arena->newer->older = arena->older;
	else if (arena->parent)
		arena->parent->children = arena->older;
	for (struct chunk *chunk = arena->chunks; chunk;) {
		struct chunk *next = chunk->next;
		free(chunk);
		chunk = next;
	}
	free(arena);
}

static _Noreturn void exhausted(struct arena *arena)
{
	if (arena->exhausted)
		arena->exhausted(arena->context);
	abort();
}

struct arena *arena_child(struct arena *parent)
{
	struct arena *arena = arena_new(parent->exhausted, parent->context);
	if (!arena)
		exhausted(parent);
	arena->parent = parent;
	arena->older = parent->children;
	if (arena->older)
		arena->older->newer = arena;
	parent->children = arena;
	return arena;
}

void arena_on_exhaustion(struct arena *arena, arena_exhausted *function, void *context)
{
	arena->exhausted = function;
	arena->context = context;
}

/* Under the address sanitizer, what was released may not be touched. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZES_ADDRESSES
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SANITIZES_ADDRESSES)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(bytes, size) ((void)(bytes), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(bytes, size) ((void)(bytes), (void)(size))
#endif

static void release_bytes(struct chunk *chunk, size_t used)
{
	chunk->used = used;
	ASAN_POISON_MEMORY_REGION(chunk->bytes + used, chunk->size - used);
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->chunks, arena->chunks ? arena->chunks->used : 0};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	struct chunk *newest = arena->chunks;
	if (newest == mark.chunk) {
		if (newest)
			release_bytes(newest, mark.used);
		return;
	}
	/* The newest chunk, much the largest, is kept, so that filling and releasing in turns does not ask the system
	 * each time. */
	while (newest->next != mark.chunk) {
		struct chunk *next = newest->next;
		newest->next = next->next;
		free(next);
	}
	release_bytes(newest, 0);
	if (mark.chunk)
		((struct chunk *)mark.chunk)->used = mark.used;
}

static struct chunk *add_chunk(struct arena *arena, size_t least)
{
	size_t size = least > arena->next_chunk ? least : arena->next_chunk;
	if (size > SIZE_MAX - sizeof(struct chunk))
		exhausted(arena);
	struct chunk *chunk = malloc(sizeof *chunk + size);
	if (!chunk)
		exhausted(arena);
	chunk->size = size;
	chunk->used = 0;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	if (arena->next_chunk < LARGEST_CHUNK)
		arena->next_chunk *= 2;
	return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ALIGNMENT)
		exhausted(arena);
	size_t rounded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
	struct chunk *chunk = arena->chunks;
	if (!chunk || chunk->size - chunk->used < rounded)
		chunk = add_chunk(arena, rounded);
	void *bytes = chunk->bytes + chunk->used;
	ASAN_UNPOISON_MEMORY_REGION(bytes, rounded);
	chunk->used += rounded;
	arena->total += rounded;
	return memset(bytes, 0, rounded);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		exhausted(arena);
	return arena_alloc(arena, count * size);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	void *copy = arena_alloc(arena, size);
	if (size)
		memcpy(copy, bytes, size);
	return copy;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	if (*capacity > SIZE_MAX / 2)
		exhausted(arena);
	if (count > SIZE_MAX / 2)
		exhausted(arena);
	size_t room = *capacity ? *capacity * 2 : 8;
	while (room <= count)
		room *= 2;
	void *grown = arena_array(arena, room, size);
	if (count)
		memcpy(grown, items, count * size);
	*capacity = room;
	return grown;
}

size_t arena_used(const struct arena *arena)
{
	return arena->total;
}
