/* syntax_dump - says how the parser reads sources, for the oracles to compare
 * with CPython and IPython.
 *
 *     syntax_dump [--ipython] [--tree] FILE...   one line of JSON for each file
 *     syntax_dump --frames                       for each source on standard input
 *     syntax_dump --time FILE...                 parses all, says how fast
 *
 * A frame is the length of the source in four bytes (big endian), a byte of
 * options and the source. The options are '@' and what is wanted: 1 for a
 * notebook's cell, 2 for the tree too (see tests/unit/tree.h), 4 for what each
 * top-level statement binds and all names that are read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "python/check.h"
#include "python/events.h"
#include "python/parser.h"
#include "report/json_writer.h"
#include "tests/unit/tree.h"

enum { WANT_IPYTHON = 1, WANT_TREE = 2, WANT_NAMES = 4 };

/* The names that events of one kind in [first, end) name in the namespace of the cell. */
static void write_names(struct json_writer *json, const struct symbols *symbols, const struct program *program,
                        enum event_kind kind, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++) {
		const struct event *event = &program->events[i];
		if (event->kind == kind && program->variables[event->variable].scope == VARIABLE_GLOBAL &&
		    program->variables[event->variable].name)
			json_string(json, symbols_name(symbols, program->variables[event->variable].name));
	}
}

static void write_reads(struct json_writer *json, const struct symbols *symbols, const struct program *program)
{
	write_names(json, symbols, program, EVENT_READ, 0, program->event_count);
	for (uint32_t i = 0; i < program->child_count; i++)
		write_reads(json, symbols, program->children[i]);
}

/* `binds`: first line, last line and names of each top-level statement; `reads`. */
static void write_effects(struct json_writer *json, struct arena *arena, struct symbols *symbols,
                          const struct module *module)
{
	const struct program *program = python_lower(arena, arena, symbols, module, true);
	const struct statement_list *body = &module->body;
	size_t next = 0; /* in the body */
	json_key(json, "binds");
	json_begin_array(json);
	for (uint32_t i = 0; i < program->statement_count; i++) {
		const struct program_statement *statement = &program->statements[i];
		if (statement->depth > 0)
			continue;
		while (next < body->count && body->items[next]->line != statement->line)
			next++;
		if (next == body->count)
			break;
		struct span span = body->items[next++]->span;
		json_begin_array(json);
		json_integer(json, python_line(module->source, span.start));
		json_integer(json, python_line(module->source, span.end > span.start ? span.end - 1 : span.start));
		write_names(json, symbols, program, EVENT_BIND, statement->first_event, statement->end_event);
		json_end_array(json);
	}
	json_end_array(json);
	json_key(json, "reads");
	json_begin_array(json);
	write_reads(json, symbols, program);
	json_end_array(json);
}

static void dump(struct slice source, unsigned wanted)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct symbols *symbols = symbols_new(arena);
	struct parser_options options = {.ipython = wanted & WANT_IPYTHON};
	struct module *module = python_parse(arena, symbols, source, options);
	python_check(arena, symbols, module);
	struct builder out = {.arena = arena};
	struct json_writer json = {.out = &out};
	json_begin_object(&json);
	json_key(&json, "ok");
	json_boolean(&json, !module->has_error);
	if (module->has_error) {
		json_key(&json, "line");
		json_integer(&json, module->error.line);
		json_key(&json, "column");
		json_integer(&json, module->error.column);
		json_key(&json, "message");
		json_string(&json, module->error.message);
	}
	json_key(&json, "dialect");
	json_string(&json, module->dialect == DIALECT_PYTHON2 ? SLICE("python2") : SLICE("python3"));
	json_key(&json, "min");
	json_integer(&json, module->least_minor);
	if (wanted & WANT_TREE) {
		json_key(&json, "tree");
		json_string(&json, tree_of_module(arena, symbols, module, true, true));
	}
	if (wanted & WANT_NAMES)
		write_effects(&json, arena, symbols, module);
	json_end_object(&json);
	fwrite(out.bytes, 1, out.length, stdout);
	putchar('\n');
	fflush(stdout);
	arena_free(arena);
}

static int answer_frames(void)
{
	unsigned char header[5];
	while (fread(header, 1, sizeof header, stdin) == sizeof header) {
		size_t size = (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
		char *bytes = malloc(size ? size : 1);
		if (!bytes || fread(bytes, 1, size, stdin) != size)
			return 1;
		dump((struct slice){bytes, size}, header[4] & 0x0Fu);
		free(bytes);
	}
	return 0;
}

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t capacity = 0, got;
	*size = 0;
	if (!file)
		return NULL;
	do {
		if (*size == capacity) {
			capacity = capacity ? capacity * 2 : 65536;
			char *grown = realloc(bytes, capacity);
			if (!grown)
				abort();
			bytes = grown;
		}
		got = fread(bytes + *size, 1, capacity - *size, file);
		*size += got;
	} while (got > 0);
	fclose(file);
	return bytes;
}

/* Parses all files several times, each with an arena of its own; the best time counts. */
static int time_parsing(char **paths, int count)
{
	double best = 1e9;
	size_t total = 0;
	struct slice *sources = calloc((size_t)count, sizeof *sources);
	if (!sources)
		return 1;
	for (int i = 0; i < count; i++) {
		sources[i].bytes = read_file(paths[i], &sources[i].length);
		total += sources[i].length;
	}
	for (int round = 0; round < 5; round++) {
		struct timespec start, end;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		for (int i = 0; i < count; i++) {
			struct arena *arena = arena_new(NULL, NULL);
			python_parse(arena, symbols_new(arena), sources[i], (struct parser_options){0});
			arena_free(arena);
		}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
		double seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
		best = seconds < best ? seconds : best;
	}
	printf("%.1f MB in %.3f s: %.1f MB/s\n", (double)total / 1e6, best, (double)total / 1e6 / best);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned wanted = 0;
	int first = 1;
	if (argc == 2 && strcmp(argv[1], "--frames") == 0)
		return answer_frames();
	if (argc > 2 && strcmp(argv[1], "--time") == 0)
		return time_parsing(argv + 2, argc - 2);
	for (; first < argc && argv[first][0] == '-'; first++)
		wanted |= strcmp(argv[first], "--ipython") == 0 ? WANT_IPYTHON : WANT_TREE;
	for (int i = first; i < argc; i++) {
		size_t size;
		char *bytes = read_file(argv[i], &size);
		if (bytes)
			dump((struct slice){bytes, size}, wanted);
		free(bytes);
	}
	return 0;
}
