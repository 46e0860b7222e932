/* The effects of sources and of whole notebooks; a source that a notebook holds
 * several times is analysed once. */
#include "python/effects.h"

#include "base/hash.h"
#include "python/check.h"
#include "python/magics.h"

/* What is kept of a module when its tree goes; `refused` is why the source is no Python, where IPython runs it all the
 * same. */
static struct module *without_body(struct arena *arena, const struct module *parsed, const struct syntax_error *refused,
                                   struct slice source)
{
	struct module *module = arena_copy(arena, parsed, sizeof *parsed);
	module->source = source;
	module->body = (struct statement_list){0};
	if (refused) {
		module->has_error = true;
		module->error = *refused;
		module->error.runs_in_ipython = true;
	}
	module->error.message = slice_copy(arena, module->error.message);
	return module;
}

static struct slice cell_magic(struct arena *arena, const struct module *module)
{
	const struct statement *first = module->body.count ? module->body.items[0] : NULL;
	if (!first || first->kind != STATEMENT_MAGIC || first->magic->kind != MAGIC_CELL)
		return SLICE("");
	return slice_copy(arena, first->magic->name);
}

/* `pip install x`, which the parser refuses, is a magic that lacks its sign. Only the replay could say whether its name
 * is free, but if it were not, the line could not run at all. Gives the magic, whose source is not the cell's. */
static struct module *parse_magic_line(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                                       struct slice source, struct parser_options options)
{
	struct slice line = slice_format(arena, "%%%.*s", SLICE_FORMAT(slice_trim(source)));
	struct module *module = python_parse(scratch, symbols, line, options);
	module->ipython = true;
	return module;
}

/* Leaves the scratch arena as it was. */
static struct effects *make_effects(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                                    struct slice source, struct parser_options options, bool playable)
{
	struct arena_mark mark = arena_mark(scratch);
	struct effects *effects = arena_alloc(arena, sizeof *effects);
	struct module *module = python_parse(scratch, symbols, source, options);
	module->ipython = options.ipython;
	struct syntax_error refused = module->error;
	bool is_magic = module->has_error && options.ipython && python_magic_of_line(source).length;
	if (is_magic)
		module = parse_magic_line(arena, scratch, symbols, source, options);
	python_check(scratch, symbols, module);
	effects->is_python = true;
	effects->language = SLICE("python");
	struct program *program = python_lower(arena, scratch, symbols, module, playable);
	effects->names = python_names(arena, scratch, symbols, program);
	if (playable) {
		program_pack(arena, scratch, program);
		effects->program = program;
	}
	effects->cell_magic = cell_magic(arena, module);
	effects->module = without_body(arena, module, is_magic ? &refused : NULL, source);
	arena_release(scratch, mark);
	return effects;
}

static struct effects *effects_alone(struct arena *arena, struct symbols *symbols, struct slice source,
                                     struct parser_options options, bool playable)
{
	struct arena *scratch = arena_child(arena);
	struct effects *effects = make_effects(arena, scratch, symbols, source, options, playable);
	arena_free(scratch);
	return effects;
}

struct effects *effects_of_source(struct arena *arena, struct symbols *symbols, struct slice source,
                                  struct parser_options options)
{
	return effects_alone(arena, symbols, source, options, true);
}

struct effects *effects_of_source_names(struct arena *arena, struct symbols *symbols, struct slice source,
                                        struct parser_options options)
{
	return effects_alone(arena, symbols, source, options, false);
}

/* The number before a dot, and what follows it. */
static uint8_t version_part(struct slice *version)
{
	unsigned number = 0;
	size_t i = 0;
	for (; i < version->length && version->bytes[i] >= '0' && version->bytes[i] <= '9' && number < 100; i++)
		number = number * 10 + (unsigned)(version->bytes[i] - '0');
	*version = slice_part(*version, i + 1, version->length);
	return (uint8_t)number;
}

static struct parser_options notebook_options(const struct notebook *notebook)
{
	struct slice version = notebook->language_version;
	struct parser_options options = {.ipython = true};
	uint8_t major = version_part(&version);
	if (major == 2 || major == 3) {
		options.major = major;
		options.minor = version_part(&version);
	}
	return options;
}

/* Open addressing over the cells by their sources, at most half full. */
struct source_table {
	struct effects **slots;
	size_t count;
};

static struct effects **find_source(const struct source_table *table, struct slice source)
{
	size_t slot = (size_t)hash_bytes(source) & (table->count - 1);
	while (table->slots[slot] && !slice_equal(table->slots[slot]->module->source, source))
		slot = (slot + 1) & (table->count - 1);
	return &table->slots[slot];
}

/* A table with room for that many sources. */
static struct source_table table_for(struct arena *arena, size_t sources)
{
	struct source_table table = {.count = 16};
	while (table.count < sources * 2)
		table.count *= 2;
	table.slots = arena_array(arena, table.count, sizeof(struct effects *));
	return table;
}

static struct slice language_of_cell(struct arena *arena, const struct notebook *notebook, const struct cell *cell)
{
	enum { LEAST = 20 /* bytes of a metadata object that says a language */ };
	struct cell_metadata metadata;
	if (cell->metadata.end - cell->metadata.start >= LEAST && cell_metadata_load(notebook, arena, cell, &metadata) &&
	    metadata.language.length)
		return metadata.language;
	return notebook->language;
}

struct effects **effects_of_notebook(struct arena *arena, struct symbols *symbols, const struct notebook *notebook)
{
	struct arena *scratch = arena_child(arena);
	struct parser_options options = notebook_options(notebook);
	struct effects **effects = arena_array(arena, notebook->code_count, sizeof(struct effects *));
	struct source_table table = table_for(scratch, notebook->code_count);
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		arena_step(arena, "reading the cells", i, notebook->code_count);
		struct effects *own = arena_alloc(arena, sizeof *own);
		effects[i] = own;
		struct slice language = language_of_cell(arena, notebook, cell);
		if (!slice_equal(language, SLICE("python")) && !slice_equal(language, SLICE("python3")) &&
		    !slice_equal(language, SLICE("ipython"))) {
			own->language = language;
			own->cell = cell;
			continue;
		}
		struct effects **known = find_source(&table, cell->source);
		if (!*known)
			*known = make_effects(arena, scratch, symbols, cell->source, options, true);
		*own = **known;
		own->cell = cell;
	}
	arena_free(scratch);
	return effects;
}

/* The next statement that stands in no other, or their number. */
static uint32_t next_outer(const struct program *program, uint32_t at)
{
	while (at < program->statement_count && program->statements[at].depth > 0)
		at++;
	return at;
}

bool effects_same_code(const struct effects *a, const struct effects *b)
{
	if (!a->program || !b->program || a->program->statement_count != b->program->statement_count)
		return false;
	const struct program *left = a->program, *right = b->program;
	uint32_t i = next_outer(left, 0), j = next_outer(right, 0);
	while (i < left->statement_count && j < right->statement_count &&
	       left->statements[i].hash == right->statements[j].hash) {
		i = next_outer(left, i + 1);
		j = next_outer(right, j + 1);
	}
	return i == left->statement_count && j == right->statement_count;
}

struct effects **effects_of_runs(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                 struct effects *const *effects, const struct slice *sources, size_t count)
{
	struct arena *scratch = arena_child(arena);
	struct parser_options options = notebook_options(notebook);
	struct effects **result = arena_array(arena, count, sizeof(struct effects *));
	struct source_table table = table_for(scratch, notebook->code_count + count);
	for (size_t i = 0; i < notebook->code_count; i++)
		if (effects[i]->is_python)
			*find_source(&table, effects[i]->cell->source) = effects[i];
	for (size_t i = 0; i < count; i++) {
		struct effects **known = find_source(&table, sources[i]);
		if (!*known)
			*known = effects_of_source(arena, symbols, sources[i], options);
		result[i] = *known;
	}
	arena_free(scratch);
	return result;
}
