/* Literal paths that a cell reads or writes: one table of the functions and
 * methods that take a path, and open(), whose mode says which. */
#include <stdlib.h>
#include <string.h>

#include "python/magics.h"
#include "python/names_parts.h"
#include "python/parser.h"

enum direction { READS = 1, WRITES = 2, BY_MODE = 3 };

struct path_function {
	struct slice name;
	uint8_t argument; /* which positional argument is the path */
	enum direction direction;
	struct slice keyword;
};

#define READ(name, keyword)                                                                                            \
	{                                                                                                                  \
		SLICE_CONSTANT(name), 0, READS, SLICE_CONSTANT(keyword)                                                        \
	}
#define WRITE(name, keyword)                                                                                           \
	{                                                                                                                  \
		SLICE_CONSTANT(name), 0, WRITES, SLICE_CONSTANT(keyword)                                                       \
	}

/* Sorted by name (a test holds that). Names that say little alone, such as
 * `load`, count only as an attribute. */
static const struct path_function path_functions[] = {
    READ("fromfile", "file"),
    READ("genfromtxt", "fname"),
    READ("imread", "fname"),
    WRITE("imsave", "fname"),
    WRITE("imwrite", "filename"),
    READ("listdir", "path"),
    READ("load", "file"),
    READ("load_model", "filepath"),
    READ("load_weights", "filepath"),
    READ("loadmat", "file_name"),
    READ("loadtxt", "fname"),
    {SLICE_CONSTANT("open"), 0, BY_MODE, SLICE_CONSTANT("file")},
    READ("read_clipboard", ""),
    READ("read_csv", "filepath_or_buffer"),
    READ("read_excel", "io"),
    READ("read_feather", "path"),
    READ("read_fwf", "filepath_or_buffer"),
    READ("read_hdf", "path_or_buf"),
    READ("read_html", "io"),
    READ("read_json", "path_or_buf"),
    READ("read_orc", "path"),
    READ("read_parquet", "path"),
    READ("read_pickle", "filepath_or_buffer"),
    READ("read_sas", "filepath_or_buffer"),
    READ("read_spss", "path"),
    READ("read_stata", "filepath_or_buffer"),
    READ("read_table", "filepath_or_buffer"),
    READ("read_xml", "path_or_buffer"),
    WRITE("save", "file"),
    WRITE("save_weights", "filepath"),
    WRITE("savefig", "fname"),
    WRITE("savemat", "file_name"),
    WRITE("savetxt", "fname"),
    WRITE("savez", "file"),
    WRITE("savez_compressed", "file"),
    WRITE("to_csv", "path_or_buf"),
    WRITE("to_excel", "excel_writer"),
    WRITE("to_feather", "path"),
    WRITE("to_hdf", "path_or_buf"),
    WRITE("to_html", "buf"),
    WRITE("to_json", "path_or_buf"),
    WRITE("to_latex", "buf"),
    WRITE("to_markdown", "buf"),
    WRITE("to_orc", "path"),
    WRITE("to_parquet", "path"),
    WRITE("to_pickle", "path"),
    WRITE("to_stata", "path"),
    WRITE("to_xml", "path_or_buffer"),
    WRITE("tofile", "fid"),
};

struct file_finder {
	struct arena *arena, *scratch;
	const struct symbols *symbols;
	const struct program *program;
	const struct event **makers; /* of each value: the event that made it */
	struct slice source;
	bool is_needed; /* what the event under way reads has to be there */
	VECTOR(struct slice) read, needed, written;
};

static int compare_function(const void *key, const void *item)
{
	return slice_compare(*(const struct slice *)key, ((const struct path_function *)item)->name);
}

static bool literal(struct file_finder *finder, value_id value, struct slice *text)
{
	const struct event *maker = finder->makers[value];
	if (!maker || maker->kind != EVENT_CONSTANT || maker->form != FORM_STRING)
		return false;
	const struct expression string = {
	    .kind = EXPRESSION_CONSTANT, .span = maker->span, .constant = {.is_string = true}};
	return python_string_value(finder->scratch, finder->source, &string, text);
}

/* The argument at a position, or the one with the keyword; 0 where there is none. */
static value_id argument(const struct file_finder *finder, const struct event *call, uint32_t position,
                         struct slice keyword)
{
	const struct event_argument *arguments = finder->program->arguments + call->arguments;
	uint32_t at = 0;
	for (uint32_t i = 0; i < call->argument_count; i++) {
		if (arguments[i].stars)
			return 0;
		if (arguments[i].keyword ? slice_equal(symbols_name(finder->symbols, arguments[i].keyword), keyword)
		                         : at++ == position)
			return arguments[i].value;
	}
	return 0;
}

static void add_path(struct file_finder *finder, enum direction direction, struct slice path)
{
	if (direction & READS)
		vector_push(finder->arena, &finder->read, slice_copy(finder->arena, path));
	if ((direction & READS) && finder->is_needed)
		vector_push(finder->arena, &finder->needed, slice_copy(finder->arena, path));
	if (direction & WRITES)
		vector_push(finder->arena, &finder->written, slice_copy(finder->arena, path));
}

static enum direction direction_of_mode(struct slice mode)
{
	bool plus = memchr(mode.bytes, '+', mode.length) != NULL;
	bool writes = mode.length && strchr("wax", mode.bytes[0]);
	if (writes)
		return plus && mode.bytes[0] == 'a' ? BY_MODE : WRITES;
	return plus ? BY_MODE : READS;
}

static void note_call(struct file_finder *finder, const struct event *call)
{
	const struct event *callee = finder->makers[call->a];
	symbol name = 0;
	if (callee && callee->kind == EVENT_ATTRIBUTE)
		name = callee->name;
	else if (callee && callee->kind == EVENT_READ)
		name = finder->program->variables[callee->variable].name;
	struct slice text = symbols_name(finder->symbols, name);
	const struct path_function *function =
	    bsearch(&text, path_functions, sizeof path_functions / sizeof *path_functions, sizeof *path_functions,
	            compare_function);
	struct slice path, mode = SLICE("r");
	if (!function || (callee->kind == EVENT_READ && text.length <= 4 && function->direction != BY_MODE))
		return;
	if (!literal(finder, argument(finder, call, function->argument, function->keyword), &path)) {
		/* torch.save(object, path) and its like. */
		if (function->direction != WRITES || !literal(finder, argument(finder, call, 1, SLICE("f")), &path))
			return;
	}
	if (function->direction != BY_MODE) {
		add_path(finder, function->direction, path);
		return;
	}
	value_id given = argument(finder, call, 1, SLICE("mode"));
	if (given && !literal(finder, given, &mode))
		return;
	add_path(finder, direction_of_mode(mode), path);
}

/* %%writefile and %%file. */
static void note_magic(struct file_finder *finder, const struct event *event)
{
	const struct magic_rule *rule =
	    event->name ? python_magic_rule(symbols_name(finder->symbols, event->name), event->index == MAGIC_CELL) : NULL;
	if (rule && rule->effect == MAGIC_EFFECT_WRITE && event->text)
		add_path(finder, WRITES, symbols_name(finder->symbols, event->text));
}

void names_find_files(struct arena *arena, struct arena *scratch, const struct symbols *symbols,
                      const struct program *program, struct names *names)
{
	struct file_finder finder = {.arena = arena, .scratch = scratch, .symbols = symbols, .program = program};
	finder.makers = arena_array(scratch, program->value_count + 1, sizeof *finder.makers);
	finder.source = program->source;
	uint32_t branched_to = 0; /* where what is under way may be jumped to */
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &program->events[i];
		if (event->value)
			finder.makers[event->value] = event;
		if ((event->kind == EVENT_BRANCH || event->kind == EVENT_JUMP) && event->target > branched_to)
			branched_to = event->target;
		finder.is_needed = i >= branched_to && event->handler == NO_HANDLER;
		if (event->kind == EVENT_CALL)
			note_call(&finder, event);
		else if (event->kind == EVENT_MAGIC)
			note_magic(&finder, event);
	}
	names->files_read = finder.read.items;
	names->files_read_count = finder.read.count;
	names->files_needed = finder.needed.items;
	names->files_needed_count = finder.needed.count;
	names->files_written = finder.written.items;
	names->files_written_count = finder.written.count;
}
