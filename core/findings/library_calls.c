#include "findings/library_calls.h"

struct user {
	struct finder *finder;
	struct library_use *use;
	struct slice *path_of_name; /* by symbol; empty: it stands for no module */
	bool *is_other;             /* by symbol: something else is bound to the name too */
	VECTOR(struct library_call) calls;
	VECTOR(struct library_import) imports;
	size_t cell;
};

typedef void visitor(struct user *user, const struct program *program, struct program_events events);

/* Statements are in the order of their events. */
uint32_t library_line(const struct program *program, uint32_t event)
{
	uint32_t line = program->line;
	size_t low = 0, high = program->statement_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (program->statements[middle].first_event <= event)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? program->statements[low - 1].line : line;
}

static struct slice imported_path(struct user *user, const struct event *event)
{
	const struct symbols *symbols = user->finder->evidence->symbols;
	struct slice module = symbols_name(symbols, event->text);
	if (event->kind == EVENT_IMPORT)
		return module;
	struct slice name = symbols_name(symbols, event->name);
	return slice_format(user->finder->arena, "%.*s.%.*s", SLICE_FORMAT(module), SLICE_FORMAT(name));
}

static void bind(struct user *user, symbol name, struct slice path)
{
	struct slice *known = &user->path_of_name[name];
	if (path.length == 0 || (known->length && !slice_equal(*known, path)))
		user->is_other[name] = true;
	*known = path;
}

/* Which names are imports, and which are read. */
static void note_names(struct user *user, const struct program *program, struct program_events events)
{
	const struct event *import = NULL;
	for (uint32_t i = 0; i < program->variable_count; i++) {
		const struct variable *variable = &program->variables[i];
		user->use->is_read[variable->name] = user->use->is_read[variable->name] || variable->is_read;
		if (variable->is_parameter)
			bind(user, variable->name, SLICE(""));
	}
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &events.items[i];
		if (event->kind == EVENT_IMPORT || event->kind == EVENT_IMPORT_FROM)
			import = event;
		if (event->kind != EVENT_BIND)
			continue;
		symbol name = program->variables[event->variable].name;
		bool is_import = import && event->a && event->a == import->value;
		struct slice path = is_import ? imported_path(user, import) : SLICE("");
		bind(user, name, path);
		if (!is_import || program->kind != PROGRAM_CELL)
			continue;
		bool dotted = import->kind == EVENT_IMPORT && import->name != import->text;
		struct library_import found = {user->cell, library_line(program, i), name, path, dotted};
		vector_push(user->finder->arena, &user->imports, found);
		user->use->is_imported[name] = true;
	}
}

static void note_calls(struct user *user, const struct program *program, struct program_events events)
{
	struct arena *arena = user->finder->arena;
	struct slice *path = arena_array(arena, program->value_count + 1, sizeof *path);
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &events.items[i];
		symbol name = event->kind == EVENT_READ ? program->variables[event->variable].name : 0;
		if (name && !user->is_other[name]) {
			path[event->value] = user->path_of_name[name];
		} else if (event->kind == EVENT_ATTRIBUTE && path[event->a].length) {
			struct slice attribute = symbols_name(user->finder->evidence->symbols, event->name);
			path[event->value] =
			    slice_format(arena, "%.*s.%.*s", SLICE_FORMAT(path[event->a]), SLICE_FORMAT(attribute));
		} else if (event->kind == EVENT_CALL && path[event->a].length) {
			const struct event_argument *arguments =
			    arena_copy(arena, events.arguments + event->arguments, event->argument_count * sizeof *arguments);
			struct library_call call = {user->cell, library_line(program, i), path[event->a],
			                            arguments,  event->argument_count,    program->kind != PROGRAM_CELL};
			vector_push(arena, &user->calls, call);
		}
	}
}

/* Visits a program and those below it, outer ones first. */
static void visit(struct user *user, const struct program *program, visitor *look)
{
	struct arena *scratch = arena_child(user->finder->arena);
	VECTOR(const struct program *) waiting = {0};
	vector_push(scratch, &waiting, program);
	while (waiting.count) {
		const struct program *next = waiting.items[--waiting.count];
		look(user, next, program_open(scratch, next));
		for (uint32_t i = next->child_count; i-- > 0;)
			vector_push(scratch, &waiting, next->children[i]);
	}
	arena_free(scratch);
}

static void visit_cells(struct user *user, visitor *look)
{
	for (size_t i = 0; i < user->finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = user->finder->evidence->effects[i];
		arena_step(user->finder->arena, "looking at calls of libraries", i,
		           user->finder->evidence->notebook->code_count);
		user->cell = i + 1;
		if (effects->is_python)
			visit(user, effects->program, look);
	}
}

const struct library_use *library_use(struct finder *finder)
{
	if (finder->library_use)
		return finder->library_use;
	struct library_use *use = arena_alloc(finder->arena, sizeof *use);
	use->symbol_count = symbols_count(finder->evidence->symbols) + 1;
	use->is_read = arena_array(finder->arena, use->symbol_count, sizeof *use->is_read);
	use->is_imported = arena_array(finder->arena, use->symbol_count, sizeof *use->is_imported);
	struct user user = {.finder = finder, .use = use};
	user.path_of_name = arena_array(finder->arena, use->symbol_count, sizeof *user.path_of_name);
	user.is_other = arena_array(finder->arena, use->symbol_count, sizeof *user.is_other);
	visit_cells(&user, note_names);
	visit_cells(&user, note_calls);
	use->calls = user.calls.items;
	use->call_count = user.calls.count;
	use->imports = user.imports.items;
	use->import_count = user.imports.count;
	finder->library_use = use;
	return use;
}

bool call_has_keyword(const struct library_call *call, const struct symbols *symbols, struct slice keyword)
{
	for (uint32_t i = 0; i < call->argument_count; i++) {
		const struct event_argument *argument = &call->arguments[i];
		if (argument->stars == 2 || slice_equal(symbols_name(symbols, argument->keyword), keyword))
			return true;
	}
	return false;
}
