/* Who depends on whom, in both orders, and how it is laid out in lanes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/lanes.h"
#include "flow/status.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"

struct case_of_graph {
	const char *title;
	struct given cells[GIVEN_CELLS];
	/* "definer>reader name", by cells: "~" what it changed in place, "?" only perhaps, "!" not so in the other order */
	const char *execution, *file;
};

static const struct case_of_graph cases[] = {
    {"in order", {{1, "a = 1"}, {2, "b = a"}, {3, "print(a, b)"}}, "1>2 a; 1>3 a; 2>3 b", "1>2 a; 1>3 a; 2>3 b"},
    {"out of order: each order has its own definer",
     {{1, "df = 1"}, {3, "print(df)"}, {2, "df = 2"}},
     "3>2 df!",
     "1>2 df!"},
    {"a change in place is an edge of its own",
     {{1, "xs = []"}, {2, "xs.append(1)"}, {3, "print(xs)"}},
     "1>2 xs; 1>3 xs; 2>3 xs~",
     "1>2 xs; 1>3 xs; 2>3 xs~"},
    {"so is one through another name",
     {{1, "xs = []\nys = xs"}, {2, "ys.append(1)"}, {3, "print(xs)"}},
     "1>2 ys; 1>3 xs; 2>3 xs~",
     "1>2 ys; 1>3 xs; 2>3 xs~"},
    {"and one of what it holds",
     {{1, "part = []"}, {2, "whole = [part]"}, {3, "part.append(1)"}, {4, "print(whole)"}},
     "1>2 part; 1>3 part; 2>4 whole; 3>4 whole~",
     "1>2 part; 1>3 part; 2>4 whole; 3>4 whole~"},
    {"what a function reads, its caller needs",
     {{1, "k = 1"}, {2, "def f():\n    return k"}, {3, "f()"}},
     "1>3 k; 2>3 f",
     "1>3 k; 2>3 f"},
    {"a read on some paths only", {{1, "a = input()\nb = 2"}, {2, "if a > 3:\n    print(b)"}}, "1>2 a b?", "1>2 a b?"},
    {"no edge within a cell, none to builtins", {{1, "a = 1\nprint(a)"}, {2, "len('x')"}}, "", ""},
    {"a run that is inferred stands for its cell", {{3, "x = 1"}, {2, "y = x"}}, "1>2 x", "1>2 x"},
    {"a name that only one order has", {{2, "print(x)"}, {1, "x = 1"}}, "2>1 x!", ""},
    {"a session ends what was bound", {{1, "x = 1"}, {1, "x = 2"}, {2, "print(x)"}}, "2>3 x", "2>3 x"},
};

static struct slice edges_of(const struct symbols *symbols, const struct graph *graph)
{
	struct builder text = {.arena = arena};
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		builder_add_format(&text, "%s%zu>%zu", i ? "; " : "", graph->nodes[edge->from].cell,
		                   graph->nodes[edge->to].cell);
		for (size_t j = 0; j < edge->name_count; j++) {
			const struct graph_name *name = &edge->names[j];
			builder_add_format(&text, " %.*s%s%s%s", SLICE_FORMAT(symbols_name(symbols, name->name)),
			                   name->binds ? "" : "~", name->level == LEVEL_CERTAIN ? "" : "?",
			                   name->only_here ? "!" : "");
		}
	}
	return builder_slice(&text);
}

static struct graph *graph_of(struct symbols *symbols, const struct given *cells)
{
	struct notebook *notebook = given_notebook(cells);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct status_report *report = status_of_notebook(arena, symbols, notebook, effects, log);
	struct traced *traced = traced_new(arena, symbols, notebook, effects, report->log);
	return graph_of_notebook(arena, traced);
}

static void both_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct symbols *symbols = symbols_new(arena);
		struct graph *graphs = graph_of(symbols, cases[i].cells);
		struct slice execution = edges_of(symbols, &graphs[GRAPH_EXECUTION]);
		struct slice file = edges_of(symbols, &graphs[GRAPH_FILE]);
		if (!slice_equal(execution, slice_of(cases[i].execution)) || !slice_equal(file, slice_of(cases[i].file)))
			fail_msg("%s:\n  as it ran: %.*s\n  from the top: %.*s", cases[i].title, SLICE_FORMAT(execution),
			         SLICE_FORMAT(file));
	}
}

static void up_and_down(void **state)
{
	(void)state;
	static const struct given cells[] = {{1, "a = 1"}, {2, "b = a"}, {3, "c = 3"}, {4, "print(b)"}, {0}};
	struct graph *graph = &graph_of(symbols_new(arena), cells)[GRAPH_FILE];
	static const bool above[] = {true, true, false, false}, below[] = {false, true, false, true};
	assert_memory_equal(graph_upstream(arena, graph, 3), above, sizeof above);
	assert_memory_equal(graph_downstream(arena, graph, 0), below, sizeof below);
}

/* Every edge is drawn: from the definer's row a line goes down to the reader's and there to its side. */
static void lanes_join_all(void **state)
{
	(void)state;
	static const struct given cells[] = {
	    {1, "a = 1"}, {2, "b = a"}, {3, "c = a + b"}, {4, "d = b"}, {5, "e = c + d"}, {6, "print(a, e)"}, {0}};
	struct graph *graph = &graph_of(symbols_new(arena), cells)[GRAPH_FILE];
	struct lanes *lanes = lanes_of_graph(arena, graph, 8);
	size_t drawn = 0;
	for (size_t row = 0; row < graph->node_count; row++) {
		size_t nodes = 0;
		for (size_t lane = 0; lane < lanes->rows[row].count; lane++) {
			unsigned marks = lanes->rows[row].marks[lane];
			nodes += (marks & LANE_NODE) != 0;
			bool meets = marks & (LANE_NODE | LANE_LEFT | LANE_RIGHT) && marks & LANE_UP && !(marks & LANE_PASS);
			drawn += meets;
			if (!(marks & LANE_UP))
				continue;
			/* A line that comes from above left the row above. */
			assert_true(row > 0 && lane < lanes->rows[row - 1].count);
			assert_true(lanes->rows[row - 1].marks[lane] & LANE_DOWN);
		}
		assert_int_equal(nodes, 1);
	}
	assert_int_equal(drawn, graph->edge_count);
	assert_false(lanes->cut);
	/* In one lane not all fits, and that is said. */
	assert_true(lanes_of_graph(arena, graph, 1)->cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_orders),
	    cmocka_unit_test(up_and_down),
	    cmocka_unit_test(lanes_join_all),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
