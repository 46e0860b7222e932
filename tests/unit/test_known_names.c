/* Which names of a source are the namespace's, and what is known of each, on the example. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/known_names.h"
#include "tui/parts.h"

static struct app app;

static int open_example(void **state)
{
	struct failure failure = {0};
	setup(state);
	struct analysis *analysis =
	    analysis_open(&(struct analysis_sources){.path = SLICE("docs/examples/hidden-state.ipynb")}, arena, &failure);
	assert_non_null(analysis);
	memset(&app, 0, sizeof app);
	app.arena = arena;
	app.frame = arena;
	loading_use(&app, analysis, NULL);
	return 0;
}

static int close_example(void **state)
{
	analysis_close(app.analysis);
	arena_free(app.index_arena);
	return teardown(state);
}

/* The names of a code cell, one behind the other, each with the line in which it stands. */
static struct slice names_of(size_t number)
{
	static const char *const WORDS[] = {
	    [NAME_OWN] = "own",         [NAME_SAME] = "same",     [NAME_DIFFERS] = "differs", [NAME_PERHAPS] = "perhaps",
	    [NAME_UNBOUND] = "unbound", [NAME_UNTOLD] = "untold", [NAME_LATER] = "later"};
	app_go_cell_number(&app, number);
	size_t count;
	const struct cell *cell = app_cell(&app);
	const struct known_name *names =
	    known_names(&app, arena, app.place, app.analysis->effects[number - 1], cell->source, &count);
	struct builder text = {.arena = arena};
	for (size_t at = 0; at < count; at++) {
		struct slice name = symbols_name(app.analysis->symbols, names[at].name);
		assert_true(slice_equal(slice_part(cell->source, names[at].span.start, names[at].span.end), name));
		assert_true(at == 0 || names[at].span.start > names[at - 1].span.start);
		builder_add_format(&text, "%.*s %s\n", SLICE_FORMAT(name), WORDS[names[at].knowing]);
	}
	return builder_slice(&text);
}

static void expect_names(size_t number, const char *expected)
{
	struct slice names = names_of(number);
	if (!slice_equal(names, slice_of(expected)))
		fail_msg("cell %zu:\n%.*s", number, SLICE_FORMAT(names));
}

static void names_are_judged(void **state)
{
	(void)state;
	expect_names(14, "evaluate same\nmodel same\ndata differs\n");
	expect_names(12, "data own\nload same\ndata own\n");
	/* From the top, cell 16 stops before it binds to_call; threshold was made nowhere. */
	expect_names(16, "risk own\nmodel same\ndata same\nFEATURES same\nto_call own\ndata same\nrisk own\nthreshold "
	                 "unbound\nto_call own\n");
}

/* Locals of functions and attributes are no names of the namespace, whatever they are called. */
static void only_names_of_the_namespace_count(void **state)
{
	(void)state;
	struct slice names = names_of(11), line;
	size_t data = 0, model = 0;
	while (slice_next_line(&names, &line)) {
		data += slice_starts(line, SLICE("data "));
		model += slice_starts(line, SLICE("model "));
	}
	assert_int_equal(data, 0);
	assert_int_equal(model, 0);
}

static void a_sentence_tells_who_bound_it(void **state)
{
	(void)state;
	app_go_cell_number(&app, 14);
	symbol data = symbols_find(app.analysis->symbols, SLICE("data")),
	       model = symbols_find(app.analysis->symbols, SLICE("model"));
	struct slice text = known_name_text(&app, data, app.place);
	assert_true(slice_equal(text, SLICE("data came from cell 15 [17]; from the top: cell 12.")));
	text = known_name_text(&app, model, app.place);
	assert_true(slice_equal(text, SLICE("model came from cell 13 [14]; from the top: the same.")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(names_are_judged, open_example, close_example),
	    cmocka_unit_test_setup_teardown(only_names_of_the_namespace_count, open_example, close_example),
	    cmocka_unit_test_setup_teardown(a_sentence_tells_who_bound_it, open_example, close_example),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
