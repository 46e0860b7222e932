/* Turns what the data-flow found of each variable into sorted lists of names. */
#include "python/names.h"

#include <string.h>

#include "python/dataflow.h"
#include "python/names_parts.h"

struct naming {
	struct arena *arena, *scratch;
	const struct symbols *symbols;
	const struct program *program; /* the cell */
	struct names *names;
	VECTOR(struct deferred_names) deferred;
};

/* ------------------------------------------------------------------ sorted lists */

void sorter_add(struct sorter *sorter, symbol name, uint32_t variable)
{
	struct slice text = symbols_name(sorter->symbols, name);
	struct sortable item = {0, name, variable};
	for (size_t i = 0; i < 8; i++)
		item.prefix = item.prefix << 8 | (i < text.length ? (unsigned char)text.bytes[i] : 0);
	vector_push(sorter->scratch, &sorter->items, item);
}

static bool is_less(const struct sorter *sorter, const struct sortable *a, const struct sortable *b)
{
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix;
	return slice_compare(symbols_name(sorter->symbols, a->name), symbols_name(sorter->symbols, b->name)) < 0;
}

/* Merge sort; short runs by insertion. */
static void sort_items(struct sorter *sorter, struct sortable *items, size_t count)
{
	if (count <= 12) {
		for (size_t i = 1; i < count; i++) {
			struct sortable item = items[i];
			size_t k = i;
			for (; k && is_less(sorter, &item, &items[k - 1]); k--)
				items[k] = items[k - 1];
			items[k] = item;
		}
		return;
	}
	size_t half = count / 2;
	sort_items(sorter, items, half);
	sort_items(sorter, items + half, count - half);
	memcpy(sorter->buffer, items, half * sizeof *items);
	for (size_t left = 0, right = half, to = 0; left < half; to++)
		items[to] = right < count && is_less(sorter, &items[right], &sorter->buffer[left]) ? items[right++]
		                                                                                   : sorter->buffer[left++];
}

static void sorter_sort(struct sorter *sorter)
{
	size_t count = sorter->items.count;
	if (sorter->room < count) {
		sorter->room = count * 2;
		sorter->buffer = arena_array(sorter->scratch, sorter->room, sizeof *sorter->buffer);
	}
	sort_items(sorter, sorter->items.items, count);
}

struct name_list sorter_take(struct arena *arena, struct sorter *sorter)
{
	size_t count = sorter->items.count, kept = 0;
	if (!count)
		return (struct name_list){0};
	sorter_sort(sorter);
	struct name_list list = {arena_array(arena, count, sizeof(symbol)), 0};
	for (size_t i = 0; i < count; i++)
		if (!kept || list.items[kept - 1] != sorter->items.items[i].name)
			list.items[kept++] = sorter->items.items[i].name;
	list.count = kept;
	sorter->items.count = 0;
	return list;
}

/* ------------------------------------------------------------------ kinds of names */

enum name_kind { KIND_USER, KIND_BUILTIN, KIND_IPYTHON };

static enum name_kind kind_of(const struct naming *naming, symbol name)
{
	struct slice text = symbols_name(naming->symbols, name);
	if (naming->program->ipython && python_is_ipython_name(text))
		return KIND_IPYTHON;
	if (python_is_builtin(text) || (naming->program->python2 && python_is_python2_builtin(text)))
		return KIND_BUILTIN;
	return KIND_USER;
}

/* ------------------------------------------------------------------ functions */

/* Whether control flow matters to the global names of a function: only where it
 * changes some, or reads a name of a class in it that may not be bound yet. */
static bool needs_dataflow(const struct program *program)
{
	for (uint32_t i = 0; i < program->variable_count; i++) {
		const struct variable *variable = &program->variables[i];
		if (variable->scope == VARIABLE_GLOBAL ? variable->is_bound || variable->is_deleted
		                                       : variable->scope == VARIABLE_CLASS && variable->is_read)
			return true;
	}
	return false;
}

static void name_function(struct naming *naming, struct sorter *sorter, const struct program *program)
{
	const struct variable_facts *facts = NULL;
	if (needs_dataflow(program))
		facts = dataflow_of_program(naming->scratch, program).facts;
	struct deferred_names *deferred = vector_add(naming->scratch, &naming->deferred);
	deferred->qualified_name = program->qualified_name;
	deferred->line = program->line;
	for (uint32_t i = 0; i < program->variable_count; i++) {
		const struct variable *variable = &program->variables[i];
		if (variable->scope == VARIABLE_GLOBAL && (facts ? facts[i].missing : variable->is_read) &&
		    kind_of(naming, variable->name) == KIND_USER)
			sorter_add(sorter, variable->name, i);
	}
	deferred->reads = sorter_take(naming->arena, sorter);
	if (!facts)
		return;
	for (uint32_t i = 0; i < program->variable_count; i++)
		if (facts[i].bound && program->variables[i].scope == VARIABLE_GLOBAL)
			sorter_add(sorter, program->variables[i].name, i);
	deferred->binds = sorter_take(naming->arena, sorter);
	for (uint32_t i = 0; i < program->variable_count; i++)
		if (facts[i].deleted && program->variables[i].scope == VARIABLE_GLOBAL)
			sorter_add(sorter, program->variables[i].name, i);
	deferred->deletes = sorter_take(naming->arena, sorter);
}

/* All functions below a program: the stack is of programs, not of calls, as they nest as deep as the source says. */
static void name_functions(struct naming *naming, struct sorter *sorter)
{
	VECTOR(const struct program *) pending = {0};
	vector_push(naming->scratch, &pending, naming->program);
	while (pending.count) {
		const struct program *program = pending.items[--pending.count];
		if (program != naming->program)
			name_function(naming, sorter, program);
		for (uint32_t i = program->child_count; i-- > 0;)
			vector_push(naming->scratch, &pending, program->children[i]);
	}
	naming->names->deferred_count = naming->deferred.count;
	naming->names->deferred =
	    arena_copy(naming->arena, naming->deferred.items, naming->deferred.count * sizeof *naming->deferred.items);
}

/* ------------------------------------------------------------------ the cell itself */

struct cell_facts {
	const struct variable_facts *facts;
	enum name_kind *kinds;
	bool completes;
};

enum list {
	LIST_BINDS,
	LIST_BINDS_CERTAIN,
	LIST_BINDS_TRANSIENT,
	LIST_READS_FIRST,
	LIST_READS_SURE,
	LIST_READS_CERTAIN,
	LIST_READS_GUARDED,
	LIST_READS_IPYTHON,
	LIST_READS_BUILTIN,
	LIST_HISTORY,
	LIST_DELETES,
	LIST_DELETES_FIRST,
	LISTS
};

static bool belongs(const struct naming *naming, const struct cell_facts *cell, uint32_t variable, enum list list)
{
	const struct variable_facts *facts = &cell->facts[variable];
	enum name_kind kind = cell->kinds[variable];
	symbol name = naming->program->variables[variable].name;
	bool is_user_read = facts->exposed && kind == KIND_USER;
	switch (list) {
	case LIST_BINDS: return facts->bound;
	case LIST_BINDS_CERTAIN: return facts->bound && cell->completes && facts->exit == STATE_BOUND;
	case LIST_BINDS_TRANSIENT: return facts->bound && cell->completes && !(facts->exit & STATE_BOUND);
	case LIST_READS_FIRST: return is_user_read;
	case LIST_READS_SURE: return is_user_read && facts->exposed_sure;
	case LIST_READS_CERTAIN: return is_user_read && facts->certain;
	case LIST_READS_GUARDED: return is_user_read && !facts->unguarded;
	case LIST_READS_IPYTHON:
		return facts->exposed && kind == KIND_IPYTHON &&
		       !(naming->program->has_magic && slice_equal(symbols_name(naming->symbols, name), SLICE("get_ipython")));
	case LIST_READS_BUILTIN: return facts->exposed && kind == KIND_BUILTIN;
	case LIST_HISTORY:
		return facts->exposed && kind == KIND_IPYTHON && python_is_history_name(symbols_name(naming->symbols, name));
	case LIST_DELETES: return facts->deleted;
	case LIST_DELETES_FIRST: return facts->deleted && facts->deleted_exposed;
	case LISTS: break;
	}
	return false;
}

/* The docstring's store to `__doc__` is Python's own; it counts only beside one of the source. */
static bool is_docstring_only(const struct naming *naming, uint32_t variable)
{
	const struct program *program = naming->program;
	bool automatic = false;
	if (!slice_equal(symbols_name(naming->symbols, program->variables[variable].name), SLICE("__doc__")))
		return false;
	for (uint32_t i = 0; i < program->event_count; i++)
		if (program->events[i].kind == EVENT_BIND && program->events[i].variable == variable) {
			if (!program->events[i].automatic)
				return false;
			automatic = true;
		}
	return automatic;
}

static void name_cell(struct naming *naming, struct sorter *sorter)
{
	const struct program *program = naming->program;
	struct names *names = naming->names;
	struct name_list *const lists[LISTS] = {
	    [LIST_BINDS] = &names->binds,
	    [LIST_BINDS_CERTAIN] = &names->binds_certain,
	    [LIST_BINDS_TRANSIENT] = &names->binds_transient,
	    [LIST_READS_FIRST] = &names->reads_first,
	    [LIST_READS_SURE] = &names->reads_first_sure,
	    [LIST_READS_CERTAIN] = &names->reads_first_certain,
	    [LIST_READS_GUARDED] = &names->reads_guarded,
	    [LIST_READS_IPYTHON] = &names->reads_ipython,
	    [LIST_READS_BUILTIN] = &names->reads_builtin,
	    [LIST_HISTORY] = &names->history_reads,
	    [LIST_DELETES] = &names->deletes,
	    [LIST_DELETES_FIRST] = &names->deletes_first,
	};
	struct dataflow flow = dataflow_of_program(naming->scratch, program);
	struct cell_facts cell = {flow.facts, arena_array(naming->scratch, program->variable_count, sizeof(enum name_kind)),
	                          flow.completes};
	/* The names are sorted once; each list is a selection in that order. */
	for (uint32_t i = 0; i < program->variable_count; i++) {
		const struct variable_facts *facts = &flow.facts[i];
		if (program->variables[i].scope != VARIABLE_GLOBAL || !(facts->exposed || facts->bound || facts->deleted) ||
		    is_docstring_only(naming, i))
			continue;
		sorter_add(sorter, program->variables[i].name, i);
		cell.kinds[i] = kind_of(naming, program->variables[i].name);
	}
	sorter_sort(sorter);
	for (enum list list = 0; list < LISTS; list++) {
		VECTOR(symbol) chosen = {0};
		for (size_t i = 0; i < sorter->items.count; i++)
			if (belongs(naming, &cell, sorter->items.items[i].variable, list))
				vector_push(naming->arena, &chosen, sorter->items.items[i].name);
		*lists[list] = (struct name_list){chosen.items, chosen.count};
	}
	sorter->items.count = 0;
}

/* ------------------------------------------------------------------ everything */

static void name_soft_reads(struct naming *naming, struct sorter *sorter)
{
	const struct program *program = naming->program;
	for (uint32_t i = 0; i < program->event_count; i++)
		if (program->events[i].kind == EVENT_READ && program->events[i].soft)
			sorter_add(sorter, program->variables[program->events[i].variable].name, 0);
}

/* Functions may hold magics too. */
static void name_all_soft_reads(struct naming *naming, struct sorter *sorter)
{
	VECTOR(const struct program *) pending = {0};
	if (!naming->program->has_magic)
		return;
	vector_push(naming->scratch, &pending, naming->program);
	while (pending.count) {
		const struct program *program = pending.items[--pending.count];
		struct naming one = *naming;
		one.program = program;
		name_soft_reads(&one, sorter);
		for (uint32_t i = 0; i < program->child_count; i++)
			if (program->children[i]->has_magic)
				vector_push(naming->scratch, &pending, program->children[i]);
	}
	naming->names->reads_soft = sorter_take(naming->arena, sorter);
}

static void list_stars(struct naming *naming, const struct program *program)
{
	VECTOR(struct star_import) stars = {0};
	for (uint32_t i = 0; i < program->event_count; i++)
		if (program->events[i].kind == EVENT_IMPORT_STAR) {
			const struct event *event = &program->events[i];
			struct star_import star = {symbols_name(naming->symbols, event->text), (uint32_t)event->index};
			vector_push(naming->arena, &stars, star);
		}
	naming->names->star_imports = stars.items;
	naming->names->star_count = stars.count;
}

static void list_opaque(struct naming *naming, const struct program *program)
{
	VECTOR(struct slice) opaque = {0};
	for (uint32_t i = 0; i < program->event_count; i++)
		if (program->events[i].kind == EVENT_OPAQUE)
			vector_push(naming->arena, &opaque, symbols_name(naming->symbols, program->events[i].text));
	naming->names->opaque = opaque.items;
	naming->names->opaque_count = opaque.count;
}

struct names *python_names(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                           const struct program *program)
{
	struct naming naming = {.arena = arena,
	                        .scratch = scratch,
	                        .symbols = symbols,
	                        .program = program,
	                        .names = arena_alloc(arena, sizeof(struct names))};
	struct sorter sorter = {.scratch = scratch, .symbols = symbols};
	name_cell(&naming, &sorter);
	name_functions(&naming, &sorter);
	name_all_soft_reads(&naming, &sorter);
	list_stars(&naming, program);
	list_opaque(&naming, program);
	names_find_mutations(arena, scratch, symbols, program, naming.names);
	names_find_files(arena, scratch, symbols, program, naming.names);
	return naming.names;
}
