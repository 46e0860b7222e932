#include "flow/definers.h"

/* The cells of all names one after the other: those of a name end at ends[name] and begin where the ones before end. */
struct definers {
	uint32_t *cells;
	size_t *ends; /* by symbol */
	size_t name_count;
};

/* The lists are gone over twice: once to count, once, from the last cell to the first, to fill from the ends. */
static void add_list(struct definers *definers, const struct name_list *names, uint32_t cell)
{
	for (size_t i = 0; i < names->count; i++) {
		size_t *end = &definers->ends[names->items[i]];
		if (definers->cells)
			definers->cells[--*end] = cell;
		else
			++*end;
	}
}

static void add_cells(struct definers *definers, const struct notebook *notebook, struct effects *const *effects)
{
	for (size_t i = notebook->code_count; i-- > 0;) {
		const struct names *names = effects[i]->names;
		if (!names)
			continue;
		add_list(definers, &names->binds, (uint32_t)(i + 1));
		add_list(definers, &names->deletes, (uint32_t)(i + 1));
		for (size_t k = 0; k < names->deferred_count; k++)
			add_list(definers, &names->deferred[k].binds, (uint32_t)(i + 1));
	}
}

struct definers *definers_of_notebook(struct arena *arena, const struct symbols *symbols,
                                      const struct notebook *notebook, struct effects *const *effects)
{
	struct definers *definers = arena_alloc(arena, sizeof *definers);
	definers->name_count = symbols_count(symbols) + 1;
	definers->ends = arena_array(arena, definers->name_count, sizeof *definers->ends);
	add_cells(definers, notebook, effects);
	for (size_t i = 1; i < definers->name_count; i++)
		definers->ends[i] += definers->ends[i - 1];
	size_t total = definers->ends[definers->name_count - 1];
	definers->cells = arena_array(arena, total, sizeof *definers->cells);
	add_cells(definers, notebook, effects);
	/* Filling has moved each end to where its cells begin, which is where those of the name before it end. */
	for (size_t i = 1; i < definers->name_count; i++)
		definers->ends[i - 1] = definers->ends[i];
	definers->ends[definers->name_count - 1] = total;
	return definers;
}

struct name_cells definers_of_name(const struct definers *definers, symbol name, size_t cell, size_t *above)
{
	struct name_cells cells = {0};
	if (name > 0 && name < definers->name_count) {
		size_t begin = definers->ends[name - 1];
		cells = (struct name_cells){definers->cells + begin, definers->ends[name] - begin};
	}
	size_t low = 0, high = cells.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cells.items[middle] < cell)
			low = middle + 1;
		else
			high = middle;
	}
	*above = low;
	return cells;
}
