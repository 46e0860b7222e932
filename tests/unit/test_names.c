/* The names facts: the cases of tests/data/names*.cases (which tests/oracle asks
 * CPython about), what the oracle does not know, and the tables. */
#include "cases.h"

#include <string.h>

#include "python/effects.h"

/* The tables themselves, to hold their order. */
#include "../../core/python/builtins.c"
#include "../../core/python/files.c"

static struct effects *effects_of(struct arena *arena, struct symbols *symbols, struct slice source)
{
	struct parser_options options = {.ipython = true};
	return effects_of_source(arena, symbols, source, options);
}

static void add_list(struct builder *text, const struct symbols *symbols, const char *key, struct name_list list)
{
	if (!list.count)
		return;
	builder_add_format(text, "%s:", key);
	for (size_t i = 0; i < list.count; i++)
		builder_add_format(text, " %.*s", SLICE_FORMAT(symbols_name(symbols, list.items[i])));
	builder_add_byte(text, '\n');
}

static int by_name(const void *left, const void *right)
{
	return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

/* The names of all functions together, sorted, each once. */
static void add_deferred(struct builder *text, const struct symbols *symbols, const char *key,
                         const struct names *names, bool reads)
{
	VECTOR(struct slice) all = {0};
	for (size_t i = 0; i < names->deferred_count; i++) {
		struct name_list list = reads ? names->deferred[i].reads : names->deferred[i].binds;
		for (size_t k = 0; k < list.count; k++)
			vector_push(text->arena, &all, symbols_name(symbols, list.items[k]));
	}
	if (!all.count)
		return;
	qsort(all.items, all.count, sizeof *all.items, by_name);
	builder_add_format(text, "%s:", key);
	for (size_t i = 0; i < all.count; i++)
		if (!i || !slice_equal(all.items[i], all.items[i - 1]))
			builder_add_format(text, " %.*s", SLICE_FORMAT(all.items[i]));
	builder_add_byte(text, '\n');
}

static struct slice names_as_text(struct arena *arena, struct slice source)
{
	struct symbols *symbols = symbols_new(arena);
	const struct effects *effects = effects_of(arena, symbols, source);
	const struct names *names = effects->names;
	struct builder text = {.arena = arena};
	if (effects->module->has_error)
		return SLICE("refused");
	add_list(&text, symbols, "binds", names->binds);
	add_list(&text, symbols, "binds_certain", names->binds_certain);
	add_list(&text, symbols, "binds_transient", names->binds_transient);
	add_list(&text, symbols, "reads_first", names->reads_first);
	add_list(&text, symbols, "reads_first_sure", names->reads_first_sure);
	add_list(&text, symbols, "reads_first_certain", names->reads_first_certain);
	add_list(&text, symbols, "reads_guarded", names->reads_guarded);
	add_list(&text, symbols, "reads_ipython", names->reads_ipython);
	add_list(&text, symbols, "reads_soft", names->reads_soft);
	add_list(&text, symbols, "deletes", names->deletes);
	add_list(&text, symbols, "deletes_first", names->deletes_first);
	add_deferred(&text, symbols, "deferred_reads", names, true);
	add_deferred(&text, symbols, "deferred_binds", names, false);
	if (names->star_count)
		builder_add_string(&text, "star_imports:");
	for (size_t i = 0; i < names->star_count; i++)
		builder_add_format(&text, " %.*s", SLICE_FORMAT(names->star_imports[i].module));
	return builder_slice(&text);
}

static void names_are_as_cpython_says(void **state)
{
	(void)state;
	run_cases("tests/data/names.cases", names_as_text, 70);
	run_cases("tests/data/names-3.13.cases", names_as_text, 9);
}

static struct slice changes_as_text(struct arena *arena, struct slice source)
{
	struct symbols *symbols = symbols_new(arena);
	const struct names *names = effects_of(arena, symbols, source)->names;
	struct builder text = {.arena = arena};
	add_list(&text, symbols, "mutates", names->mutates);
	add_list(&text, symbols, "certain", names->mutates_certain);
	add_list(&text, symbols, "history", names->history_reads);
	for (size_t i = 0; i < names->files_read_count; i++)
		builder_add_format(&text, "reads %.*s\n", SLICE_FORMAT(names->files_read[i]));
	for (size_t i = 0; i < names->files_written_count; i++)
		builder_add_format(&text, "writes %.*s\n", SLICE_FORMAT(names->files_written[i]));
	for (size_t i = 0; i < names->opaque_count; i++)
		builder_add_format(&text, "opaque %.*s\n", SLICE_FORMAT(names->opaque[i]));
	return builder_slice(&text);
}

static void changes_files_and_history_are_found(void **state)
{
	(void)state;
	run_cases("tests/data/changes.cases", changes_as_text, 25);
}

static struct slice error_as_text(struct arena *arena, struct slice source)
{
	struct symbols *symbols = symbols_new(arena);
	const struct module *module = effects_of(arena, symbols, source)->module;
	if (!module->has_error)
		return SLICE("accepted");
	return slice_format(arena, "%u:%u %.*s", module->error.line, module->error.column,
	                    SLICE_FORMAT(module->error.message));
}

static void what_the_compiler_refuses_is_refused(void **state)
{
	(void)state;
	run_cases("tests/data/refused.cases", error_as_text, 40);
}

static void tables_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < sizeof builtins / sizeof *builtins; i++)
		assert_true(slice_compare(builtins[i - 1], builtins[i]) < 0);
	for (size_t i = 1; i < sizeof python2_builtins / sizeof *python2_builtins; i++)
		assert_true(slice_compare(python2_builtins[i - 1], python2_builtins[i]) < 0);
	for (size_t i = 1; i < sizeof path_functions / sizeof *path_functions; i++)
		assert_true(slice_compare(path_functions[i - 1].name, path_functions[i].name) < 0);
}

static void kinds_of_names_are_told_apart(void **state)
{
	(void)state;
	assert_true(python_is_builtin(SLICE("len")));
	assert_false(python_is_builtin(SLICE("xrange")));
	assert_true(python_is_python2_builtin(SLICE("xrange")));
	assert_true(python_is_ipython_name(SLICE("get_ipython")));
	assert_false(python_is_history_name(SLICE("get_ipython")));
	assert_true(python_is_history_name(SLICE("_i12")));
	assert_true(python_is_history_name(SLICE("_iii")));
	assert_false(python_is_history_name(SLICE("_iiii")));
	assert_false(python_is_history_name(SLICE("_x")));
	assert_true(python_is_history_name(SLICE("_7")));
}

/* The work grows with the source, not with its square: a compound statement of
 * many names, many statements, and `finally` bodies in each other. */
static void large_sources_end(void **state)
{
	(void)state;
	struct arena *arena = arena_new(NULL, NULL);
	struct builder wide = {.arena = arena}, nested = {.arena = arena}, chain = {.arena = arena};
	builder_add_string(&wide, "if t:\n");
	for (int i = 0; i < 20000; i++)
		builder_add_format(&wide, "    if a%d: b%d = c%d\n", i, i, i);
	for (int i = 0; i < 40; i++) {
		builder_add_format(&nested, "%*stry:\n%*sa%d\n", i, "", i + 1, "", i);
		builder_add_format(&nested, "%*sfinally:\n", i, "");
	}
	builder_add_format(&nested, "%*sb\n", 40, "");
	builder_add_string(&chain, "x = f");
	for (int i = 0; i < 100000; i++)
		builder_add_string(&chain, ".a(b)[c]");
	struct symbols *symbols = symbols_new(arena);
	assert_int_equal(effects_of(arena, symbols, builder_slice(&wide))->names->binds.count, 20000);
	const struct effects *effects = effects_of(arena, symbols, builder_slice(&nested));
	assert_true(effects->names->reads_first.count > 0);
	assert_true(effects->program->event_count < 100000);
	assert_int_equal(effects_of(arena, symbols, builder_slice(&chain))->names->reads_first.count, 3);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_as_cpython_says),
	    cmocka_unit_test(changes_files_and_history_are_found),
	    cmocka_unit_test(what_the_compiler_refuses_is_refused),
	    cmocka_unit_test(tables_are_sorted),
	    cmocka_unit_test(kinds_of_names_are_told_apart),
	    cmocka_unit_test(large_sources_end),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
