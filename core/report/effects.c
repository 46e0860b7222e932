/* The effects of each cell. One table holds the lists of names, for both forms. */
#include <stdlib.h>

#include "report/json_writer.h"
#include "report/paragraph.h"
#include "report/report.h"

/* The lists of struct names in the order in which they are written: those that CPython's
 * compiler knows too, and behind the functions our own. */
static const struct name_field {
	const char *key;
	size_t offset;
} compiler_lists[] =
    {
        {"binds", offsetof(struct names, binds)},
        {"binds_certain", offsetof(struct names, binds_certain)},
        {"binds_transient", offsetof(struct names, binds_transient)},
        {"reads_first", offsetof(struct names, reads_first)},
        {"reads_first_sure", offsetof(struct names, reads_first_sure)},
        {"reads_first_certain", offsetof(struct names, reads_first_certain)},
        {"reads_guarded", offsetof(struct names, reads_guarded)},
        {"reads_ipython", offsetof(struct names, reads_ipython)},
        {"reads_soft", offsetof(struct names, reads_soft)},
        {"deletes", offsetof(struct names, deletes)},
        {"deletes_first", offsetof(struct names, deletes_first)},
},
  own_lists[] = {
      {"mutates", offsetof(struct names, mutates)},
      {"mutates_certain", offsetof(struct names, mutates_certain)},
      {"history_reads", offsetof(struct names, history_reads)},
};

static const struct name_list *list_at(const struct names *names, size_t offset)
{
	return (const struct name_list *)(const void *)((const char *)names + offset);
}

static const struct names no_names;

static const struct names *names_of(const struct effects *effects)
{
	return effects->names ? effects->names : &no_names;
}

static size_t number_of(const struct effects *effects)
{
	return effects->cell ? effects->cell->number : 1;
}

static void write_names(struct json_writer *json, const struct symbols *symbols, const struct names *names,
                        const struct name_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct name_list *list = list_at(names, fields[i].offset);
		json_key(json, fields[i].key);
		json_begin_array(json);
		for (size_t j = 0; j < list->count; j++)
			json_string(json, symbols_name(symbols, list->items[j]));
		json_end_array(json);
	}
}

static void write_slices(struct json_writer *json, const char *key, const struct slice *items, size_t count)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		json_string(json, items[i]);
	json_end_array(json);
}

/* Functions by name. Those that share one (a function defined twice) are one member
 * with the names of all, each once. */

static int by_qualified_name(const void *left, const void *right)
{
	const struct deferred_names *const *a = left, *const *b = right;
	return slice_compare((*a)->qualified_name, (*b)->qualified_name);
}

static int by_bytes(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;
	return slice_compare(*a, *b);
}

static const struct deferred_names **sorted_deferred(struct arena *arena, const struct names *names)
{
	const struct deferred_names **sorted = arena_array(arena, names->deferred_count, sizeof *sorted);
	for (size_t i = 0; i < names->deferred_count; i++)
		sorted[i] = &names->deferred[i];
	if (names->deferred_count)
		qsort(sorted, names->deferred_count, sizeof *sorted, by_qualified_name);
	return sorted;
}

typedef VECTOR(struct slice) slices;

/* The names that `offset` of each function [start, end) says, sorted, without repetition. */
static slices merged_names(struct arena *arena, const struct symbols *symbols, const struct deferred_names **functions,
                           size_t start, size_t end, size_t offset)
{
	slices merged = {0};
	for (size_t i = start; i < end; i++) {
		const struct name_list *list = (const void *)((const char *)functions[i] + offset);
		for (size_t j = 0; j < list->count; j++)
			vector_push(arena, &merged, symbols_name(symbols, list->items[j]));
	}
	if (end - start == 1 || merged.count == 0)
		return merged;
	qsort(merged.items, merged.count, sizeof *merged.items, by_bytes);
	size_t kept = 1;
	for (size_t i = 1; i < merged.count; i++)
		if (!slice_equal(merged.items[i], merged.items[kept - 1]))
			merged.items[kept++] = merged.items[i];
	merged.count = kept;
	return merged;
}

/* The end of the functions that share the name of the one at `start`. */
static size_t same_name_end(const struct deferred_names **functions, size_t start, size_t count)
{
	size_t end = start + 1;
	while (end < count && slice_equal(functions[end]->qualified_name, functions[start]->qualified_name))
		end++;
	return end;
}

static void write_deferred(struct json_writer *json, const struct symbols *symbols, const struct names *names,
                           const char *key, size_t offset)
{
	struct arena *arena = json->out->arena;
	const struct deferred_names **functions = sorted_deferred(arena, names);
	json_key(json, key);
	json_begin_object(json);
	for (size_t start = 0, end; start < names->deferred_count; start = end) {
		end = same_name_end(functions, start, names->deferred_count);
		slices merged = merged_names(arena, symbols, functions, start, end, offset);
		if (merged.count == 0)
			continue;
		json_key_slice(json, functions[start]->qualified_name);
		json_begin_array(json);
		for (size_t i = 0; i < merged.count; i++)
			json_string(json, merged.items[i]);
		json_end_array(json);
	}
	json_end_object(json);
}

static void write_module(struct json_writer *json, const struct module *module)
{
	json_key(json, "dialect");
	if (module)
		json_string(json, module->dialect == DIALECT_PYTHON2 ? SLICE("python2") : SLICE("python3"));
	else
		json_null(json);
	json_key(json, "min_python");
	if (module && module->dialect == DIALECT_PYTHON3 && module->least_minor)
		json_string(json, slice_format(json->out->arena, "3.%u", (unsigned)module->least_minor));
	else
		json_null(json);
	json_key(json, "syntax_error");
	if (module && module->has_error) {
		json_begin_object(json);
		json_number(json, "line", module->error.line);
		json_number(json, "column", module->error.column);
		json_text(json, "message", module->error.message);
		json_end_object(json);
	} else {
		json_null(json);
	}
}

static void write_effects(struct json_writer *json, const struct symbols *symbols, struct slice file,
                          const struct effects *effects)
{
	const struct names *names = names_of(effects);
	json_begin_object(json);
	json_number(json, "schema", 1);
	json_text(json, "file", file);
	json_number(json, "cell", (int64_t)number_of(effects));
	json_number(json, "index", effects->cell ? (int64_t)effects->cell->index : 0);
	json_text(json, "language", effects->language);
	write_module(json, effects->is_python ? effects->module : NULL);
	write_names(json, symbols, names, compiler_lists, sizeof compiler_lists / sizeof *compiler_lists);
	write_deferred(json, symbols, names, "deferred_reads", offsetof(struct deferred_names, reads));
	write_deferred(json, symbols, names, "deferred_binds", offsetof(struct deferred_names, binds));
	json_key(json, "star_imports");
	json_begin_array(json);
	for (size_t i = 0; i < names->star_count; i++) {
		json_begin_object(json);
		json_text(json, "module", names->star_imports[i].module);
		json_end_object(json);
	}
	json_end_array(json);
	write_names(json, symbols, names, own_lists, sizeof own_lists / sizeof *own_lists);
	write_slices(json, "files_read", names->files_read, names->files_read_count);
	write_slices(json, "files_written", names->files_written, names->files_written_count);
	write_slices(json, "opaque", names->opaque, names->opaque_count);
	json_end_object(json);
}

void effects_json(struct builder *out, const struct symbols *symbols, struct slice file, struct effects *const *effects,
                  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json_writer json = {.out = out};
		write_effects(&json, symbols, file, effects[i]);
		builder_add_byte(out, '\n');
	}
}

/* The text form: a line for each thing that the cell does. */

enum { LABEL_INDENT = 4, TEXT_INDENT = 16 };

struct sheet {
	struct builder *out;
	const struct symbols *symbols;
	unsigned width;
	bool is_empty; /* nothing was said of the cell yet */
};

static void say(struct sheet *sheet, const char *label, struct slice text)
{
	struct arena *arena = sheet->out->arena;
	paragraph_add(sheet->out, slice_format(arena, "%*s%s", LABEL_INDENT, "", label), TEXT_INDENT, text, sheet->width);
	sheet->is_empty = false;
}

static void add_item(struct builder *text, struct slice item)
{
	if (text->length)
		builder_add(text, SLICE(", "));
	builder_add(text, item);
}

/* The names of a list that are (or are not) in another; both are in the same order. */
static void say_names(struct sheet *sheet, const char *label, struct name_list list, struct name_list other,
                      bool in_other)
{
	struct builder text = {.arena = sheet->out->arena};
	for (size_t i = 0, j = 0; i < list.count; i++) {
		struct slice name = symbols_name(sheet->symbols, list.items[i]);
		while (j < other.count && slice_compare(symbols_name(sheet->symbols, other.items[j]), name) < 0)
			j++;
		bool found = j < other.count && other.items[j] == list.items[i];
		if (found == in_other)
			add_item(&text, name);
	}
	if (text.length)
		say(sheet, label, builder_slice(&text));
}

static void say_split(struct sheet *sheet, const char *label, const char *perhaps, struct name_list all,
                      struct name_list certain)
{
	say_names(sheet, label, all, certain, true);
	say_names(sheet, perhaps, all, certain, false);
}

static void say_slices(struct sheet *sheet, const char *label, const struct slice *items, size_t count)
{
	struct builder text = {.arena = sheet->out->arena};
	for (size_t i = 0; i < count; i++)
		add_item(&text, items[i]);
	if (count)
		say(sheet, label, builder_slice(&text));
}

static void say_deferred(struct sheet *sheet, const struct names *names, const char *verb, size_t offset)
{
	struct arena *arena = sheet->out->arena;
	const struct deferred_names **functions = sorted_deferred(arena, names);
	for (size_t start = 0, end; start < names->deferred_count; start = end) {
		end = same_name_end(functions, start, names->deferred_count);
		slices merged = merged_names(arena, sheet->symbols, functions, start, end, offset);
		if (merged.count == 0)
			continue;
		struct builder text = {.arena = arena};
		builder_add(&text, functions[start]->qualified_name);
		builder_add_format(&text, " %s ", verb);
		for (size_t i = 0; i < merged.count; i++) {
			if (i)
				builder_add(&text, SLICE(", "));
			builder_add(&text, merged.items[i]);
		}
		say(sheet, "when called", builder_slice(&text));
	}
}

static void say_module(struct sheet *sheet, const struct module *module)
{
	struct arena *arena = sheet->out->arena;
	if (module->has_error)
		say(sheet, "syntax",
		    slice_format(arena, "line %u, column %u: %.*s", module->error.line, module->error.column,
		                 SLICE_FORMAT(module->error.message)));
	if (module->dialect == DIALECT_PYTHON2)
		say(sheet, "version", SLICE("Python 2"));
	else if (module->least_minor)
		say(sheet, "version", slice_format(arena, "Python 3.%u or newer", (unsigned)module->least_minor));
}

static void say_effects(struct sheet *sheet, const struct effects *effects)
{
	const struct names *names = names_of(effects);
	if (!effects->is_python) {
		say(sheet, "language", effects->language);
		return;
	}
	if (effects->module)
		say_module(sheet, effects->module);
	say_split(sheet, "reads", "may read", names->reads_first, names->reads_first_certain);
	say_names(sheet, "reads if set", names->reads_soft, (struct name_list){0}, false);
	say_names(sheet, "from IPython", names->reads_ipython, (struct name_list){0}, false);
	say_split(sheet, "binds", "may bind", names->binds, names->binds_certain);
	say_split(sheet, "changes", "may change", names->mutates, names->mutates_certain);
	say_names(sheet, "deletes", names->deletes, (struct name_list){0}, false);
	say_deferred(sheet, names, "reads", offsetof(struct deferred_names, reads));
	say_deferred(sheet, names, "binds", offsetof(struct deferred_names, binds));
	for (size_t i = 0; i < names->star_count; i++)
		say(sheet, "star import",
		    slice_format(sheet->out->arena, "from %.*s import *", SLICE_FORMAT(names->star_imports[i].module)));
	say_slices(sheet, "opaque", names->opaque, names->opaque_count);
	say_slices(sheet, "reads files", names->files_read, names->files_read_count);
	say_slices(sheet, "writes files", names->files_written, names->files_written_count);
}

void effects_text(struct builder *out, const struct symbols *symbols, struct slice file, struct effects *const *effects,
                  size_t count, unsigned width)
{
	paragraph_add(out, SLICE(""), 0, file, 0);
	for (size_t i = 0; i < count; i++) {
		builder_add_format(out, "  cell %zu\n", number_of(effects[i]));
		struct sheet sheet = {out, symbols, width, true};
		say_effects(&sheet, effects[i]);
		if (sheet.is_empty)
			say(&sheet, "no effect on names", SLICE(""));
	}
}
