#include "flow/resolved.h"

#include <stdlib.h>

#include "flow/playback.h"

/* What a run did last to a name: its place in the list of writes. */
struct last_write {
	symbol name;
	size_t at;
};

struct resolver {
	struct arena *arena;
	struct symbols *symbols;
	const struct names *own;
	const struct replay_run *run;
	struct last_write *last_writes;
	size_t last_write_count;
};

struct entry {
	struct slice text;
	symbol name;
};

/* A list of names under construction. */
typedef VECTOR(struct entry) entries;

static int compare_entries(const void *left, const void *right)
{
	return slice_compare(((const struct entry *)left)->text, ((const struct entry *)right)->text);
}

static void add(const struct resolver *resolver, entries *into, symbol name)
{
	struct entry entry = {symbols_name(resolver->symbols, name), name};
	vector_push(resolver->arena, into, entry);
}

/* Lists are sorted by name. */
static bool has(const struct resolver *resolver, const struct name_list *list, symbol name)
{
	struct slice text = symbols_name(resolver->symbols, name);
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = slice_compare(symbols_name(resolver->symbols, list->items[middle]), text);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void add_all(const struct resolver *resolver, entries *into, const struct name_list *names,
                    const struct name_list *only)
{
	for (size_t i = 0; i < names->count; i++)
		if (!only || has(resolver, only, names->items[i]))
			add(resolver, into, names->items[i]);
}

/* Sorted by name, each once, as all lists of names.h are. */
static struct name_list finish(const struct resolver *resolver, entries *from)
{
	if (from->count)
		qsort(from->items, from->count, sizeof *from->items, compare_entries);
	VECTOR(symbol) names = {0};
	for (size_t i = 0; i < from->count; i++)
		if (i == 0 || from->items[i].name != from->items[i - 1].name)
			vector_push(resolver->arena, &names, from->items[i].name);
	return (struct name_list){names.items, names.count};
}

static void add_writes(const struct resolver *resolver, entries *into, enum write_kind kind, enum level most)
{
	for (size_t i = 0; i < resolver->run->writes.count; i++) {
		const struct replay_write *write = &resolver->run->writes.items[i];
		if (write->kind == kind && write->level <= most)
			add(resolver, into, write->name);
	}
}

static int compare_last_writes(const void *left, const void *right)
{
	const struct last_write *a = left, *b = right;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* The last binding or deletion of each name, sorted by symbol. */
static void find_last_writes(struct resolver *resolver)
{
	VECTOR(struct last_write) found = {0};
	for (size_t i = 0; i < resolver->run->writes.count; i++) {
		struct last_write write = {resolver->run->writes.items[i].name, i};
		if (resolver->run->writes.items[i].kind != WRITE_CHANGE)
			vector_push(resolver->arena, &found, write);
	}
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items, compare_last_writes);
	resolver->last_writes = found.items;
	for (size_t i = 0; i < found.count; i++)
		if (i + 1 == found.count || found.items[i].name != found.items[i + 1].name)
			found.items[resolver->last_write_count++] = found.items[i];
}

/* Whether the cell itself, without what other cells left, shows that the name is
 * certainly bound and stays so. */
static bool is_surely_bound(const struct resolver *resolver, symbol name)
{
	size_t low = 0, high = resolver->last_write_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (resolver->last_writes[middle].name < name)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == resolver->last_write_count || resolver->last_writes[low].name != name)
		return false;
	const struct replay_write *write = &resolver->run->writes.items[resolver->last_writes[low].at];
	return write->kind == WRITE_BIND && write->level == LEVEL_CERTAIN && !write->foreign;
}

static struct name_list resolved_binds(const struct resolver *resolver, bool certain)
{
	entries list = {0};
	/* A cell that fails binds what it bound until then. */
	if (!resolver->run->failed)
		add_all(resolver, &list, certain ? &resolver->own->binds_certain : &resolver->own->binds, NULL);
	entries written = {0};
	add_writes(resolver, &written, WRITE_BIND, certain ? LEVEL_CERTAIN : LEVEL_POSSIBLE);
	for (size_t i = 0; i < written.count; i++) {
		/* What the cell binds itself it has said; names that it deletes again are not left. */
		bool own = has(resolver, &resolver->own->binds, written.items[i].name);
		if (own && certain && is_surely_bound(resolver, written.items[i].name))
			own = has(resolver, &resolver->own->binds_transient, written.items[i].name);
		if (!own || (resolver->run->failed && !has(resolver, &resolver->own->binds_transient, written.items[i].name)))
			vector_push(resolver->arena, &list, written.items[i]);
	}
	return finish(resolver, &list);
}

/* Reads of the cell itself; what it deletes must be there too; and what a function
 * that it calls both reads and binds again, as `n += 1` does. */
static struct name_list resolved_reads(const struct resolver *resolver)
{
	entries list = {0};
	add_all(resolver, &list, &resolver->own->reads_first, NULL);
	add_all(resolver, &list, &resolver->own->deletes_first, NULL);
	struct name_list binds = resolved_binds(resolver, false);
	for (size_t i = 0; i < resolver->run->reads.count; i++) {
		const struct replay_read *read = &resolver->run->reads.items[i];
		if (read->in_text || (read->function && has(resolver, &binds, read->name)))
			add(resolver, &list, read->name);
	}
	return finish(resolver, &list);
}

static struct name_list resolved_certain_reads(const struct resolver *resolver, const struct name_list *reads)
{
	entries list = {0};
	add_all(resolver, &list, &resolver->own->reads_first_certain, NULL);
	for (size_t i = 0; i < resolver->run->reads.count; i++) {
		const struct replay_read *read = &resolver->run->reads.items[i];
		if (read->level == LEVEL_CERTAIN && has(resolver, reads, read->name))
			add(resolver, &list, read->name);
	}
	return finish(resolver, &list);
}

static struct name_list resolved_deletes(const struct resolver *resolver)
{
	entries list = {0};
	add_all(resolver, &list, &resolver->own->deletes, &resolver->own->deletes_first);
	for (size_t i = 0; i < resolver->run->writes.count; i++) {
		const struct replay_write *write = &resolver->run->writes.items[i];
		if (write->kind == WRITE_DELETE && !has(resolver, &resolver->own->binds, write->name))
			add(resolver, &list, write->name);
	}
	return finish(resolver, &list);
}

/* What the cell changes by a name that it did not bind itself, and all other names
 * by which that object is seen. */
static struct name_list resolved_changes(const struct resolver *resolver, bool certain)
{
	entries list = {0};
	add_all(resolver, &list, certain ? &resolver->own->mutates_certain : &resolver->own->mutates,
	        &resolver->own->reads_first);
	add_writes(resolver, &list, WRITE_CHANGE, certain ? LEVEL_CERTAIN : LEVEL_POSSIBLE);
	return finish(resolver, &list);
}

/* A function that calls itself needs no other definition of itself. */
static struct deferred_names *without_recursion(const struct resolver *resolver)
{
	struct deferred_names *deferred =
	    arena_copy(resolver->arena, resolver->own->deferred, resolver->own->deferred_count * sizeof *deferred);
	for (size_t i = 0; i < resolver->own->deferred_count; i++) {
		symbol self = symbols_find(resolver->symbols, deferred[i].qualified_name);
		if (!self || !has(resolver, &deferred[i].reads, self) || !has(resolver, &resolver->own->binds, self))
			continue;
		entries list = {0};
		for (size_t j = 0; j < deferred[i].reads.count; j++)
			if (deferred[i].reads.items[j] != self)
				add(resolver, &list, deferred[i].reads.items[j]);
		deferred[i].reads = finish(resolver, &list);
	}
	return deferred;
}

static struct effects *resolve(struct resolver *resolver, const struct effects *effects)
{
	find_last_writes(resolver);
	struct effects *resolved = arena_copy(resolver->arena, effects, sizeof *effects);
	struct names *names = arena_copy(resolver->arena, resolver->own, sizeof *names);
	names->binds = resolved_binds(resolver, false);
	names->binds_certain = resolved_binds(resolver, true);
	names->reads_first = resolved_reads(resolver);
	names->reads_first_certain = resolved_certain_reads(resolver, &names->reads_first);
	names->deletes = resolved_deletes(resolver);
	names->mutates = resolved_changes(resolver, false);
	names->mutates_certain = resolved_changes(resolver, true);
	names->deferred = without_recursion(resolver);
	resolved->names = names;
	return resolved;
}

struct effects **effects_resolved(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                  struct effects *const *effects)
{
	struct log *log = log_from_notebook(arena, notebook, effects), *whole;
	struct playback *execution = playback_of_log(arena, symbols, notebook, effects, log, false, &whole);
	replay_free(execution->replay);
	struct playback *file = playback_of_file(arena, symbols, notebook, effects, execution, false);
	replay_free(file->replay);
	struct effects **resolved = arena_array(arena, notebook->code_count, sizeof(struct effects *));
	for (size_t i = 0; i < notebook->code_count; i++) {
		resolved[i] = effects[i];
		const struct replay_run *run = file->runs.items[file->last_of_cell[i + 1] - 1].result;
		struct resolver resolver = {.arena = arena, .symbols = symbols, .own = effects[i]->names, .run = run};
		if (effects[i]->names)
			resolved[i] = resolve(&resolver, effects[i]);
	}
	return resolved;
}
