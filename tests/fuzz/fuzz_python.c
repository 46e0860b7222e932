/* Parses arbitrary bytes as a file and as a notebook's cell, and highlights them.
 * Its compile-time checks are made too. Checks what readers of the tree rely on: spans and lines inside the source,
 * statements in order, an error with a message where one is said to be. */
#include <stdint.h>
#include <stdlib.h>

#include "python/check.h"
#include "python/highlight.h"
#include "tests/unit/tree.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_statements(const struct module *module, const struct statement_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct statement *statement = list->items[i];
		require(statement->span.start <= statement->span.end);
		require(statement->span.end <= module->source.length);
		require(statement->line >= 1);
		require(i == 0 || list->items[i - 1]->span.start <= statement->span.start);
		check_statements(module, &statement->body);
		check_statements(module, &statement->orelse);
		check_statements(module, &statement->finally);
	}
}

static void parse(struct arena *arena, struct slice source, struct parser_options options)
{
	struct symbols *symbols = symbols_new(arena);
	struct module *module = python_parse(arena, symbols, source, options);
	python_check(arena, symbols, module);
	check_statements(module, &module->body);
	if (module->has_error) {
		require(module->error.message.length > 0);
		require(module->error.offset <= source.length);
		require(module->error.line >= 1 && module->error.column >= 1);
		require(module->error.line == python_line(source, module->error.offset));
	}
	tree_of_module(arena, symbols, module, true, false);
}

static void highlight(struct arena *arena, struct slice source, bool ipython)
{
	size_t count;
	struct token_span *spans = python_highlight(arena, source, ipython, &count);
	uint32_t done = 0;
	for (size_t i = 0; i < count; i++) {
		require(spans[i].span.start >= done && spans[i].span.end > spans[i].span.start);
		done = spans[i].span.end;
	}
	require(done <= source.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct slice source = {(const char *)data, size};
	for (int ipython = 0; ipython < 2; ipython++) {
		parse(arena, source, (struct parser_options){.ipython = ipython});
		highlight(arena, source, ipython);
	}
	arena_free(arena);
	return 0;
}
