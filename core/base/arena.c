/* A list of chunks, the newest first; each allocation bumps the newest chunk.
 * Chunks double up to a limit, so that a small notebook costs little and a large
 * one few calls. What is large is a block of its own, which can grow where it is
 * and leaves the chunk under way as it was.
 * Children are freed with their parent, which matters when exhaustion jumps out. */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 1024 * 1024, LARGE = 128 * 1024, ALIGNMENT = 16 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

struct block {
	struct arena *arena;
	struct block *newer, *older;
	size_t serial; /* over all blocks of the arena, from 1 */
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct chunk *chunks;
	struct block *blocks; /* the newest first */
	size_t serial;        /* of the newest block ever */
	size_t next_chunk, total;
	arena_exhausted *exhausted;
	void *context;
	arena_watcher *watcher;
	void *watcher_context;
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

/* Frees the blocks that are newer than a serial number. */
static void free_blocks(struct arena *arena, size_t serial)
{
	while (arena->blocks && arena->blocks->serial > serial) {
		struct block *older = arena->blocks->older;
		free(arena->blocks);
		arena->blocks = older;
	}
	if (arena->blocks)
		arena->blocks->newer = NULL;
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
	free_blocks(arena, 0);
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
	arena_watch(arena, parent->watcher, parent->watcher_context);
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

void arena_watch(struct arena *arena, arena_watcher *watcher, void *context)
{
	arena->watcher = watcher;
	arena->watcher_context = context;
}

void arena_step(const struct arena *arena, const char *what, size_t done, size_t whole)
{
	if (arena->watcher)
		arena->watcher(arena->watcher_context, what, done, whole);
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
	return (struct arena_mark){arena->chunks, arena->chunks ? arena->chunks->used : 0, arena->serial};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	free_blocks(arena, mark.serial);
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

static void *add_block(struct arena *arena, size_t size, bool zeroed)
{
	struct block *block = zeroed ? calloc(1, sizeof *block + size) : malloc(sizeof *block + size);
	if (!block)
		exhausted(arena);
	*block = (struct block){.arena = arena, .older = arena->blocks, .serial = ++arena->serial};
	if (block->older)
		block->older->newer = block;
	arena->blocks = block;
	return block->bytes;
}

/* The block keeps its place in the order, so that marks hold. */
static void *grow_block(struct arena *arena, void *bytes, size_t old_size, size_t size)
{
	struct block *block = (struct block *)((char *)bytes - offsetof(struct block, bytes));
	block = realloc(block, sizeof *block + size);
	if (!block)
		exhausted(arena);
	if (block->older)
		block->older->newer = block;
	if (block->newer)
		block->newer->older = block;
	else
		arena->blocks = block;
	memset(block->bytes + old_size, 0, size - old_size);
	return block->bytes;
}

static bool is_block_of(const struct arena *arena, const void *bytes, size_t size)
{
	return size >= LARGE &&
	       ((const struct block *)((const char *)bytes - offsetof(struct block, bytes)))->arena == arena;
}

/* Inline, so that a caller with a constant size gets a constant's code. */
static inline void *take(struct arena *arena, size_t size, bool zeroed)
{
	if (size > SIZE_MAX - sizeof(struct block) - ALIGNMENT)
		exhausted(arena);
	if (size >= LARGE) {
		arena->total += size;
		return add_block(arena, size, zeroed);
	}
	size_t rounded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
	struct chunk *chunk = arena->chunks;
	if (!chunk || chunk->size - chunk->used < rounded)
		chunk = add_chunk(arena, rounded);
	void *bytes = chunk->bytes + chunk->used;
	ASAN_UNPOISON_MEMORY_REGION(bytes, rounded);
	chunk->used += rounded;
	arena->total += rounded;
	return zeroed ? memset(bytes, 0, rounded) : bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, true);
}

void *arena_bytes(struct arena *arena, size_t size)
{
	return take(arena, size, false);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		exhausted(arena);
	return arena_alloc(arena, count * size);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	void *copy = arena_bytes(arena, size);
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
	if (size && room > (SIZE_MAX - sizeof(struct block)) / size)
		exhausted(arena);
	void *grown;
	if (is_block_of(arena, items, *capacity * size)) {
		arena->total += room * size - *capacity * size;
		grown = grow_block(arena, items, *capacity * size, room * size);
		*capacity = room;
		return grown;
	}
	grown = arena_bytes(arena, room * size);
	if (count)
		memcpy(grown, items, count * size);
	memset((char *)grown + count * size, 0, (room - count) * size);
	*capacity = room;
	return grown;
}

size_t arena_used(const struct arena *arena)
{
	return arena->total;
}
