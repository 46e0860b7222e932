/* Open addressing over a table of symbols, at most half full; the names and
 * their hashes stand in an array in the order of their symbols. */
#include "base/symbol.h"

#include "base/hash.h"

struct entry {
	struct slice name;
	uint64_t hash;
};

struct symbols {
	struct arena *arena;
	VECTOR(struct entry) entries;
	symbol *slots;
	size_t slot_count;
};

enum { FIRST_SLOTS = 256 };

struct symbols *symbols_new(struct arena *arena)
{
	struct symbols *symbols = arena_alloc(arena, sizeof *symbols);
	symbols->arena = arena;
	symbols->slot_count = FIRST_SLOTS;
	symbols->slots = arena_array(arena, FIRST_SLOTS, sizeof *symbols->slots);
	return symbols;
}

/* The slot that holds the name, or the empty one where it belongs. */
static size_t find_slot(const struct symbols *symbols, struct slice name, uint64_t hash)
{
	size_t mask = symbols->slot_count - 1;
	size_t slot = (size_t)hash & mask;
	while (symbols->slots[slot]) {
		const struct entry *entry = &symbols->entries.items[symbols->slots[slot] - 1];
		if (entry->hash == hash && slice_equal(entry->name, name))
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

static void grow(struct symbols *symbols)
{
	symbols->slot_count *= 2;
	symbols->slots = arena_array(symbols->arena, symbols->slot_count, sizeof *symbols->slots);
	for (size_t i = 0; i < symbols->entries.count; i++) {
		const struct entry *entry = &symbols->entries.items[i];
		symbols->slots[find_slot(symbols, entry->name, entry->hash)] = (symbol)(i + 1);
	}
}

symbol symbols_intern(struct symbols *symbols, struct slice name)
{
	uint64_t hash = hash_bytes(name);
	size_t slot = find_slot(symbols, name, hash);
	if (symbols->slots[slot])
		return symbols->slots[slot];
	struct entry entry = {slice_copy(symbols->arena, name), hash};
	vector_push(symbols->arena, &symbols->entries, entry);
	symbol made = (symbol)symbols->entries.count;
	symbols->slots[slot] = made;
	if (symbols->entries.count * 2 > symbols->slot_count)
		grow(symbols);
	return made;
}

symbol symbols_find(const struct symbols *symbols, struct slice name)
{
	return symbols->slots[find_slot(symbols, name, hash_bytes(name))];
}

struct slice symbols_name(const struct symbols *symbols, symbol which)
{
	if (which == 0 || which > symbols->entries.count)
		return SLICE("");
	return symbols->entries.items[which - 1].name;
}

size_t symbols_count(const struct symbols *symbols)
{
	return symbols->entries.count;
}
