/* What saved outputs prove: sources that are what ran, cells that were edited since,
 * and the kernels' processes. The outputs are in the words of the kernels that wrote
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "history/evidence.h"
#include "history/log.h"
#include "tests/unit/arena.h"

struct given {
	int count;
	const char *source;    /* as JSON text, without the quotes */
	const char *warning;   /* what it wrote to standard error; null: nothing */
	const char *traceback; /* null: it did not fail */
	const char *metadata;  /* null: none */
};

struct case_of_evidence {
	const char *title;
	struct given cells[4];
	const char *expected; /* a line for each run: count, how the source is known, "edited"; then the processes */
};

static const struct case_of_evidence cases[] = {
    {"a warning with the hash of its own cell proves the source",
     {{4, "import warnings\\nwarnings.warn(\\\"careful\\\")",
       "/tmp/ipykernel_5018/1798193716.py:2: UserWarning: careful\\n  warnings.warn(\\\"careful\\\")\\n"}},
     "1 unknown\n4 proved\npid 5018\n"},
    {"a warning with the hash of another cell proves that one",
     {{1, "import warnings\\nwarnings.warn(\\\"careful\\\")"},
      {2, "f()", "C:\\\\Temp\\\\ipykernel_7\\\\1798193716.py:2: UserWarning: careful\\n"}},
     "1 proved\n2 assumed\npid 7\n"},
    {"but not when it ran only later",
     {{2, "import warnings\\nwarnings.warn(\\\"careful\\\")"},
      {1, "f()", "/tmp/ipykernel_7/1798193716.py:2: UserWarning: careful\\n"}},
     "1 assumed\n2 assumed\npid 7\n"},
    {"a hash of no cell tells the kernel, and nothing of this cell",
     {{1, "f(1)", "/tmp/ipykernel_4242/4126804241.py:2: UserWarning: old\\n"}},
     "1 assumed\npid 4242\n"},
    {"unless it is of the cell's own code: then that was another",
     {{1, "f(1)", NULL, "/tmp/ipykernel_4242/4126804241.py in <module>\\n----> 1 f(2)\\n"}},
     "1 assumed edited, or a comment\npid 4242\n"},
    {"Colab names no process",
     {{1, "import warnings\\nwarnings.warn(\\\"careful\\\")",
       "/tmp/ipython-input-1798193716.py:2: UserWarning: careful\\n"}},
     "1 proved\npid 0\n"},
    {"the hash of IPython 7",
     {{1, "x = 1", NULL, "<ipython-input-1-e139f73e3432> in <module>\\n----> 1 x = 1\\n"},
      {2, "g(x)", NULL, "<ipython-input-2-000000000000> in <module>()\\n----> 1 g(x)\\n"}},
     "1 proved\n2 assumed\npid 0\n"},
    {"what runs under %%time is a source of its own",
     {{1, "%%time\\nimport warnings\\nwarnings.warn(\\\"careful\\\")",
       "/tmp/ipykernel_1/1798193716.py:2: UserWarning\\n"}},
     "1 proved\npid 1\n"},
    {"a traceback quotes a line that the cell had and has no more",
     {{2, "def area(r):\\n    return math.pi*r**2   # edited"},
      {5, "area(\\\"x\\\")", NULL,
       "\\u001b[0;31mTypeError\\u001b[0m  Traceback (most recent call last)\\nCell \\u001b[0;32mIn [5], line "
       "1\\u001b[0m\\n"
       "\\u001b[0;32m----> 1\\u001b[0m \\u001b[43marea\\u001b[49m(\\\"x\\\")\\n\\nCell \\u001b[0;32mIn [2], line "
       "2\\u001b[0m, in "
       "area(r)\\n      1 def area(r):\\n----> 2     return math.pi*r*r\\n"}},
     "1 unknown\n2 assumed edited\n3 unknown\n5 assumed\npid 0\n"},
    {"blanks, comments and indentation make no other line",
     {{1, "if x:\\n    y = 1  # once", NULL, "Cell In[1], line 2\\n      1 if x:\\n----> 2 y=1\\n"}},
     "1 assumed\npid 0\n"},
    {"empty lines at the start are not counted",
     {{1, "\\n\\nx = 1\\ny = x / 0", NULL, "Input In [1], in <cell line: 2>()\\n      1 x = 1\\n----> 2 y = x / 0\\n"}},
     "1 assumed\npid 0\n"},
    {"a line of a library is no line of a cell",
     {{1, "f()", NULL, "Cell In[1], line 1\\n----> 1 f()\\n\\nFile ~/lib.py:1, in f()\\n----> 1 raise ValueError\\n"}},
     "1 assumed\npid 0\n"},
    {"magics are quoted as IPython rewrites them",
     {{1, "!ls\\nx = !ls\\n%cd /\\nraise 1", NULL,
       "Cell In[1], line 4\\n      1 get_ipython().system('ls')\\n      2 x = get_ipython().getoutput('ls')\\n      3 "
       "get_ipython().run_line_magic('cd', '/')\\n----> 4 raise 1\\n"}},
     "1 assumed\npid 0\n"},
    {"two processes in one session tell of none",
     {{1, "f(1)", "/tmp/ipykernel_1/1.py:2: W\\n/tmp/ipykernel_2/1.py:2: W\\n"}},
     "1 assumed\npid 0\n"},
    {"two processes are two sessions, of which the upper is the later",
     {{1, "f(1)", "/tmp/ipykernel_20/1.py:2: W\\n"}, {2, "g(1)"}, {3, "f(2)", "/tmp/ipykernel_10/1.py:2: W\\n"}},
     "1 unknown\n3 assumed\n1 assumed\n2 assumed\npid 10\npid 20\n"},
    {"a count of 0 tells nothing of sessions",
     {{0, "f(1)"}, {0, "g(1)"}, {0, "h(1)"}},
     "0 assumed\n0 assumed\n0 assumed\npid 0\n"},
    {"Deepnote stores the hash of what ran",
     {{1, "name = ''", NULL, NULL, "\"source_hash\":\"9d9ebd50\",\"deepnote_cell_type\":\"code\""},
      {2, "name = 'x'", NULL, NULL, "\"source_hash\":\"9d9ebd50\""},
      {3, "made = 1", NULL, NULL, "\"source_hash\":\"9d9ebd50\",\"deepnote_cell_type\":\"sql\""}},
     "1 proved\n2 assumed edited, or a comment\n3 assumed\npid 0\n"},
    {"Databricks counts nothing: times tell the order, and what ran at all",
     {{0, "a = 1", NULL, NULL, "\"application/vnd.databricks.v1+cell\":{\"startTime\":1782894230683}"},
      {0, "b = 1"},
      {0, "c = 1", NULL, NULL, "\"application/vnd.databricks.v1+cell\":{\"startTime\":1782894230000}"}},
     "0 assumed\n0 assumed\npid 0\n"},
    {"nor does Colab where it lost the count",
     {{1, "a = 1"}, {0, "b = a"}, {3, "b"}},
     "1 assumed\n2 unknown\n3 assumed\npid 0\n"},
    {"a cell that was copied with its count and times is no other session",
     {{1, "a = 1", NULL, NULL, "\"execution\":{\"iopub.execute_input\":\"2026-03-01T10:00:05.000000Z\"}"},
      {1, "a = 1", NULL, NULL, "\"execution\":{\"iopub.execute_input\":\"2026-03-01T10:00:05.000000Z\"}"}},
     "1 assumed\n1 assumed\npid 0\n"},
    {"what only looks like it",
     {{1, "f(1)",
       "ipykernel_\\nipykernel_1/\\nipykernel_99999999999999999999/1.py\\nipykernel_1/4294967296.py\\nipython-input-\\n"
       "ipython-input-3-0123\\nCell In[\\nCell In[]\\nCell In[99999999999999999999]\\nInput In\\n",
       "Cell In[7], line 1\\n----> 1 g()\\n--> x\\n-----\\n99999999999 x\\n"}},
     "1 assumed\npid 0\n"},
};

static void add_cell(struct builder *json, const struct given *cell)
{
	builder_add_format(
	    json, "{\"cell_type\":\"code\",\"metadata\":{%s},\"execution_count\":%d,\"source\":\"%s\",\"outputs\":[",
	    cell->metadata ? cell->metadata : "", cell->count, cell->source);
	if (cell->warning)
		builder_add_format(json, "{\"output_type\":\"stream\",\"name\":\"stderr\",\"text\":\"%s\"}%s", cell->warning,
		                   cell->traceback ? "," : "");
	if (cell->traceback)
		builder_add_format(json, "{\"output_type\":\"error\",\"ename\":\"E\",\"evalue\":\"\",\"traceback\":[\"%s\"]}",
		                   cell->traceback);
	builder_add_string(json, "]}");
}

static struct slice lines_of(const struct given *cells, size_t count)
{
	struct builder json = {.arena = arena}, lines = {.arena = arena};
	builder_add_string(&json, "{\"nbformat\":4,\"nbformat_minor\":4,\"metadata\":{},\"cells\":[");
	for (size_t i = 0; i < count && cells[i].source; i++) {
		builder_add_string(&json, i ? "," : "");
		add_cell(&json, &cells[i]);
	}
	builder_add_string(&json, "]}");
	struct failure failure = {0};
	struct notebook *notebook = notebook_read(arena, SLICE("test.ipynb"), builder_slice(&json), &failure);
	assert_non_null(notebook);
	struct symbols *symbols = symbols_new(arena);
	struct log *log = log_from_notebook(arena, notebook, effects_of_notebook(arena, symbols, notebook));
	for (size_t i = 0; i < log->run_count; i++)
		builder_add_format(&lines, "%lld %s%s\n", (long long)log->runs[i].count, knowledge_name(log->runs[i].known),
		                   !log->runs[i].edited         ? ""
		                   : log->runs[i].edited_unseen ? " edited, or a comment"
		                                                : " edited");
	for (unsigned i = 0; i < log->session_count; i++)
		builder_add_format(&lines, "pid %lld\n", (long long)log->sessions[i].pid);
	return builder_slice(&lines);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice lines = lines_of(cases[i].cells, sizeof cases[i].cells / sizeof *cases[i].cells);
		if (!slice_equal(lines, slice_of(cases[i].expected)))
			fail_msg("%s: got\n%.*sexpected\n%s", cases[i].title, SLICE_FORMAT(lines), cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_cases, setup, teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
