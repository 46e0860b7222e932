#include "findings/imports.h"

#include <unistd.h>

#include "findings/distributions.h"
#include "findings/finder.h"
#include "findings/install_lines.h"
#include "findings/library_calls.h"
#include "python/highlight.h"

struct collector {
	struct arena *arena;
	const struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects;
	struct imports *imports;
	struct symbols *modules; /* the module with the symbol n is items[n - 1] of the imports */
	struct symbols *written; /* the first and the last part, without `.py`, of paths that are written */
	size_t comparisons;      /* of names that are still allowed */
};

/* Names are held against each other this often in one notebook, and no more. */
enum { MOST_COMPARISONS = 1000000 };

static struct slice text_of(const struct collector *collector, symbol name)
{
	return symbols_name(collector->symbols, name);
}

static void add_import(struct collector *collector, const struct event *event, symbol path, size_t cell, uint32_t line)
{
	struct slice dotted = text_of(collector, path);
	bool optional = event->handler != NO_HANDLER;
	if (dotted.length == 0 || dotted.bytes[0] == '.')
		return;
	/* What `from google.cloud import storage` takes may be a module of its own. */
	if (event->kind == EVENT_IMPORT_FROM)
		dotted = slice_format(collector->arena, "%.*s.%.*s", SLICE_FORMAT(dotted),
		                      SLICE_FORMAT(text_of(collector, event->name)));
	struct slice module = module_of(dotted);
	symbol known = symbols_find(collector->modules, module);
	if (known) {
		struct notebook_import *import = &collector->imports->items.items[known - 1];
		import->optional = import->optional && optional;
		return;
	}
	symbols_intern(collector->modules, module);
	struct notebook_import new = {.module = module, .cell = cell, .line = line, .optional = optional};
	vector_push(collector->arena, &collector->imports->items, new);
}

static bool extends_path(const struct collector *collector, const struct program *program,
                         const struct program_events *events, uint32_t i)
{
	const struct event *event = &events->items[i], *before = i ? event - 1 : event;
	return event->kind == EVENT_ATTRIBUTE && before->kind == EVENT_READ && before->value == event->a &&
	       slice_equal(text_of(collector, event->name), SLICE("path")) &&
	       slice_equal(text_of(collector, program->variables[before->variable].name), SLICE("sys"));
}

static void collect_cell(struct collector *collector, size_t cell)
{
	struct arena *scratch = arena_child(collector->arena);
	VECTOR(const struct program *) waiting = {0};
	vector_push(scratch, &waiting, collector->effects[cell - 1]->program);
	while (waiting.count) {
		const struct program *program = waiting.items[--waiting.count];
		struct program_events events = program_open(scratch, program);
		for (uint32_t i = 0; i < program->event_count; i++) {
			const struct event *event = &events.items[i];
			if (event->kind == EVENT_IMPORT)
				add_import(collector, event, event->name ? event->name : event->text, cell, library_line(program, i));
			else if (event->kind == EVENT_IMPORT_FROM || event->kind == EVENT_IMPORT_STAR)
				add_import(collector, event, event->text, cell, library_line(program, i));
			else if (extends_path(collector, program, &events, i))
				collector->imports->extends_path = true;
		}
		for (uint32_t i = program->child_count; i-- > 0;)
			vector_push(scratch, &waiting, program->children[i]);
	}
	arena_free(scratch);
}

/* What the cell installs is declared by that. */
static void collect_installs(struct collector *collector, const struct cell *cell)
{
	struct arena *scratch = arena_child(collector->arena);
	size_t count = 0;
	struct token_span *tokens =
	    may_install(cell->source) ? python_highlight(scratch, cell->source, true, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		struct slice line = slice_part(cell->source, tokens[i].span.start, tokens[i].span.end);
		if (tokens[i].class == TOKEN_MAGIC && line_installs(line))
			declared_add_words(collector->arena, collector->imports->declared, line);
	}
	arena_free(scratch);
}

static bool is_beside(const struct collector *collector, struct slice module)
{
	static const char *const places[][2] = {{"", ".py"}, {"", ""}, {"src/", ".py"}, {"src/", ""}};
	const struct declared *declared = collector->imports->declared;
	for (size_t i = 0; i < declared->folders.count; i++)
		for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
			struct slice path = slice_format(collector->arena, "%.*s%s%.*s%s", SLICE_FORMAT(declared->folders.items[i]),
			                                 places[j][0], SLICE_FORMAT(module), places[j][1]);
			if (access(path.bytes, F_OK) == 0)
				return true;
		}
	return false;
}

/* A module that the notebook writes, beside itself or in a folder of a package. */
static void collect_written(struct collector *collector, const struct names *names)
{
	for (size_t i = 0; names && i < names->files_written_count; i++) {
		struct slice path = names->files_written[i];
		size_t start = path.length;
		while (start > 0 && path.bytes[start - 1] != '/')
			start--;
		struct slice last = slice_part(path, start, path.length);
		symbols_intern(collector->written, slice_part(path, 0, slice_find(path, '/', 0)));
		if (slice_ends(last, SLICE(".py")))
			symbols_intern(collector->written, slice_part(last, 0, last.length - 3));
	}
}

/* Whether a declared name is much like the module's: `pyfoo`, `foo-python`, `foo2`. */
static bool is_like_declared(struct collector *collector, struct slice name)
{
	const struct declared *declared = collector->imports->declared;
	if (collector->comparisons < declared->names.count)
		return true; /* so many that nobody wrote them by hand */
	collector->comparisons -= declared->names.count;
	for (size_t i = 0; name.length > 2 && i < declared->names.count; i++) {
		struct slice other = declared->names.items[i];
		struct slice longer = name.length > other.length ? name : other,
		             shorter = name.length > other.length ? other : name;
		for (size_t j = 0; shorter.length > 2 && j + shorter.length <= longer.length; j++)
			if (slice_starts(slice_part(longer, j, longer.length), shorter))
				return true;
	}
	return false;
}

static void judge(struct collector *collector, struct notebook_import *import)
{
	struct slice first = slice_part(import->module, 0, slice_find(import->module, '.', 0));
	if (module_is_standard(first)) {
		import->origin = IMPORT_STANDARD;
		return;
	}
	if (module_is_of_kernel(import->module)) {
		import->origin = IMPORT_KERNEL;
		return;
	}
	if (is_beside(collector, first) || symbols_find(collector->written, first)) {
		import->origin = IMPORT_LOCAL;
		return;
	}
	struct slice names = module_distributions(collector->arena, import->module), rest = names;
	import->origin = IMPORT_PACKAGE;
	import->distribution = slice_next_word(&rest);
	import->declared = declared_has(collector->imports->declared, names) ||
	                   is_like_declared(collector, distribution_name(collector->arena, first));
}

struct imports *imports_of(struct arena *arena, const struct symbols *symbols, const struct notebook *notebook,
                           struct effects *const *effects)
{
	struct imports *imports = arena_alloc(arena, sizeof *imports);
	struct arena *scratch = arena_child(arena);
	struct collector collector = {.arena = arena,
	                              .symbols = symbols,
	                              .notebook = notebook,
	                              .effects = effects,
	                              .imports = imports,
	                              .modules = symbols_new(scratch),
	                              .written = symbols_new(scratch),
	                              .comparisons = MOST_COMPARISONS};
	imports->declared = declared_of(arena, notebook->path);
	for (size_t i = 0; i < notebook->code_count; i++) {
		if (!effects[i]->is_python)
			continue;
		collect_cell(&collector, i + 1);
		collect_installs(&collector, notebook->code[i]);
		collect_written(&collector, effects[i]->names);
	}
	declared_finish(arena, imports->declared);
	for (size_t i = 0; i < imports->items.count; i++)
		judge(&collector, &imports->items.items[i]);
	arena_free(scratch);
	return imports;
}

const char *import_origin_name(enum import_origin origin)
{
	static const char *const names[] = {"standard", "kernel", "local", "package"};
	return names[origin];
}

void rule_undeclared_import(struct finder *finder)
{
	const struct evidence *evidence = finder->evidence;
	const struct library_use *use = library_use(finder);
	if (use->import_count == 0)
		return;
	const struct imports *imports = imports_of(finder->arena, evidence->symbols, evidence->notebook, evidence->effects);
	const struct declared *declared = imports->declared;
	if (declared->files.count == 0 || declared->names_more || imports->extends_path)
		return;
	for (size_t i = 0; i < imports->items.count; i++) {
		const struct notebook_import *import = &imports->items.items[i];
		if (import->origin != IMPORT_PACKAGE || import->declared || import->optional)
			continue;
		struct slice who = declared->files.count == 1 ? slice_format(finder->arena, "%.*s does not name",
		                                                             SLICE_FORMAT(declared->files.items[0]))
		                                              : SLICE("no file beside it that says what to install names");
		finder_add(finder, LIKELY, import->cell, import->line, "`%.*s` is imported, but %.*s %.*s.",
		           SLICE_FORMAT(import->module), SLICE_FORMAT(who), SLICE_FORMAT(import->distribution));
	}
}
