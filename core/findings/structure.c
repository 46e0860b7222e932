/* What a cell is made of, and what was saved with it. */
#include "findings/library_calls.h"
#include "python/magics.h"

void rule_star_import(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->star_count; j++)
			finder_add(finder, CERTAIN, i + 1, names->star_imports[j].line,
			           "Nobody can tell from the file which names `from %.*s import *` brings.",
			           SLICE_FORMAT(names->star_imports[j].module));
	}
}

/* Whether the line is a magic without its sign (`timeit f(3)`), which IPython takes for one while nothing has the name;
 * and the saved outputs show that it did. */
static bool was_magic(const struct cell *cell, uint32_t number)
{
	struct slice rest = cell->source, line = {0};
	for (uint32_t i = 0; i < number && slice_next_line(&rest, &line); i++)
		continue;
	struct slice word = slice_next_word(&line);
	if (!python_magic_rule(word, false))
		return false;
	for (size_t i = 0; i < cell->output_count; i++)
		if (cell->outputs[i].type == OUTPUT_ERROR)
			return false;
	return cell->execution_count != NO_COUNT && cell->output_count > 0;
}

void rule_syntax_error(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || !effects->module->has_error || effects->module->error.runs_in_ipython)
			continue;
		const struct syntax_error *error = &effects->module->error;
		if (was_magic(finder->evidence->notebook->code[i], error->line))
			continue;
		finder_add(finder, CERTAIN, i + 1, error->line, "Python refuses this: %.*s.", SLICE_FORMAT(error->message));
	}
}

/* Said once, at the first such cell. */
void rule_python_2(struct finder *finder)
{
	size_t first = 0, count = 0;
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || effects->module->dialect != DIALECT_PYTHON2)
			continue;
		first = first ? first : i + 1;
		count++;
	}
	if (count == 1)
		finder_add(finder, CERTAIN, first, 0, "This cell is Python 2, which a kernel of today refuses.");
	else if (count)
		finder_add(finder, CERTAIN, first, 0, "This cell is Python 2, as are %zu more; a kernel of today refuses them.",
		           count - 1);
}

/* A cell that is tagged as one that raises, as nbclient and Jupyter Book know it. */
static bool is_meant_to_raise(struct finder *finder, const struct cell *cell)
{
	struct cell_metadata metadata;
	if (!cell_metadata_load(finder->evidence->notebook, finder->arena, cell, &metadata))
		return false;
	for (size_t i = 0; i < metadata.tag_count; i++)
		if (slice_equal(metadata.tags[i], SLICE("raises-exception")))
			return true;
	return false;
}

void rule_error_output(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct run_error *error = report->cells[i].error;
		if (!error || is_meant_to_raise(finder, finder->evidence->notebook->code[i]))
			continue;
		finder_add(finder, CERTAIN, i + 1, error->line, "The saved result is an error: %.*s.",
		           SLICE_FORMAT(error->ename));
	}
}

void rule_swallowed_error(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		const struct effects *effects = finder->evidence->effects[error->cell - 1];
		if (error->must && status_swallows_errors(effects))
			finder_add(
			    finder, LIKELY, error->cell, error->line,
			    "From the top this raises NameError for `%.*s`, but `%%%%%.*s` keeps that from stopping Run All: "
			    "the cells below run as if this one had worked.",
			    SLICE_FORMAT(symbols_name(finder->evidence->symbols, error->name)), SLICE_FORMAT(effects->cell_magic));
	}
}

void rule_large_output(struct finder *finder)
{
	enum { LARGE = 5 << 20, MEGABYTE = 1 << 20 };
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		if (cell->outputs_size >= LARGE)
			finder_add(finder, CERTAIN, cell->number, 0, "The outputs take %.1f MB of the file.",
			           (double)cell->outputs_size / MEGABYTE);
	}
}

/* Imported for what loading it does: it registers, patches or switches something on. */
static bool works_by_being_imported(const struct library_import *import)
{
	static const struct slice paths[] = {
	    SLICE_CONSTANT("__future__."),
	    SLICE_CONSTANT("mpl_toolkits.mplot3d"),
	    SLICE_CONSTANT("sklearn.experimental."),
	    SLICE_CONSTANT("seaborn"),
	    SLICE_CONSTANT("scienceplots"),
	    SLICE_CONSTANT("readline"),
	    SLICE_CONSTANT("swifter"),
	    SLICE_CONSTANT("antigravity"),
	    SLICE_CONSTANT("this"),
	    SLICE_CONSTANT("tensorflow_text"),
	    SLICE_CONSTANT("jax_finufft"),
	    SLICE_CONSTANT("fix_yahoo_finance"),
	    SLICE_CONSTANT("cufflinks"),
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (slice_starts(import->path, paths[i]))
			return true;
	return import->is_dotted || slice_starts(import->path, SLICE("."));
}

/* Whether something of the notebook may use names that it does not spell. */
static bool may_use_any_name(const struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || (effects->names && effects->names->opaque_count) ||
		    (effects->module->has_error && !effects->module->error.runs_in_ipython))
			return true;
	}
	return false;
}

/* Whether the cell is exported to a module, where others use what it defines (nbdev). */
static bool is_exported(const struct cell *cell)
{
	struct slice rest = cell->source, line;
	while (slice_next_line(&rest, &line)) {
		struct slice word = slice_next_word(&line);
		if (slice_equal(word, SLICE("#|")) || slice_equal(word, SLICE("#")))
			word = slice_next_word(&line);
		else if (slice_starts(word, SLICE("#")))
			word = slice_part(word, 1, word.length);
		else
			return false;
		if (slice_starts(word, SLICE("export")))
			return true;
	}
	return false;
}

struct definition {
	size_t cell;
	uint32_t line;
	symbol name;
};

struct definitions {
	struct definition *items;
	size_t count, capacity;
};

/* Adds the functions and classes that a cell makes. What a decorator gets may be used from there. */
static void add_definitions(struct finder *finder, struct arena *scratch, struct definitions *all, size_t cell)
{
	const struct program *program = finder->evidence->effects[cell - 1]->program;
	struct arena *arena = arena_child(scratch);
	struct program_events events = program_open(arena, program);
	for (uint32_t i = 1; i < program->event_count; i++) {
		const struct event *event = &events.items[i], *made = &events.items[i - 1];
		const struct variable *variable = &program->variables[event->variable];
		bool defines = made->kind == EVENT_FUNCTION || made->kind == EVENT_CLASS;
		if (event->kind == EVENT_BIND && defines && event->a == made->value && variable->scope == VARIABLE_GLOBAL)
			vector_push(scratch, all, ((struct definition){cell, library_line(program, i), variable->name}));
	}
	arena_free(arena);
}

/* The definitions of a notebook. */
static struct definitions find_definitions(struct finder *finder, struct arena *scratch)
{
	struct definitions all = {0};
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++)
		if (!is_exported(finder->evidence->notebook->code[i]))
			add_definitions(finder, scratch, &all, i + 1);
	return all;
}

/* A notebook that leaves many of its definitions unused is there for others to use them. */
static bool is_library(const struct library_use *use, const struct definitions *all)
{
	size_t unused = 0;
	for (size_t i = 0; i < all->count; i++)
		unused += !use->is_read[all->items[i].name];
	return unused > 1 + all->count / 8;
}

void rule_dead_definition(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	if (may_use_any_name(finder))
		return;
	struct arena *scratch = arena_child(finder->arena);
	struct definitions all = find_definitions(finder, scratch);
	bool is_for_others = is_library(use, &all);
	for (size_t i = 0; i < all.count && !is_for_others; i++) {
		struct slice name = symbols_name(finder->evidence->symbols, all.items[i].name);
		if (!use->is_read[all.items[i].name] && !slice_starts(name, SLICE("_")))
			finder_add(finder, LIKELY, all.items[i].cell, all.items[i].line, "`%.*s` is defined, but no cell uses it.",
			           SLICE_FORMAT(name));
	}
	arena_free(scratch);
}

/* The lines of a cell, read once while the imports are gone through in their order. */
struct lines {
	size_t cell;
	uint32_t number;
	struct slice line, rest;
};

/* Whether the line of the import asks linters not to speak of it: `# noqa`. */
static bool is_excused(struct lines *lines, const struct cell *cell, uint32_t number)
{
	if (lines->cell != cell->number || number < lines->number)
		*lines = (struct lines){.cell = cell->number, .rest = cell->source};
	while (lines->number < number && slice_next_line(&lines->rest, &lines->line))
		lines->number++;
	return slice_contains(slice_part(lines->line, slice_find(lines->line, '#', 0), lines->line.length), SLICE("noqa"));
}

void rule_unused_import(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	if (may_use_any_name(finder))
		return;
	struct arena *scratch = arena_child(finder->arena);
	struct definitions definitions = find_definitions(finder, scratch);
	bool is_for_others = is_library(use, &definitions);
	struct lines lines = {0};
	for (size_t i = 0; i < use->import_count && !is_for_others; i++) {
		const struct library_import *import = &use->imports[i];
		const struct cell *cell = finder->evidence->notebook->code[import->cell - 1];
		if (use->is_read[import->name] || works_by_being_imported(import) || is_exported(cell) ||
		    is_excused(&lines, cell, import->line))
			continue;
		finder_add(finder, LIKELY, import->cell, import->line, "`%.*s` is imported, but no cell uses it.",
		           SLICE_FORMAT(symbols_name(finder->evidence->symbols, import->name)));
	}
	arena_free(scratch);
}
