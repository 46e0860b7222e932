/* IPython's history: which sessions are taken, what each run is to the cells, and what
 * databases of all kinds give.
 *
 * A case gives the cells with their counts, the database as SQL, and the log as one
 * line a run: session, count, cell (0: none), link, how the link is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "flow/status.h"
#include "history/likeness.h"
#include "history/log.h"
#include "history/snapshot.h"
#include "tests/unit/arena.h"

#define SCHEMA                                                                                                         \
	"CREATE TABLE sessions (session integer primary key autoincrement, start timestamp, end timestamp, num_cmds "      \
	"integer, remark text); CREATE TABLE history (session integer, line integer, source text, source_raw text, "       \
	"PRIMARY KEY (session, line));"
#define SESSION(number, start, end) "INSERT INTO sessions VALUES (" #number ", " start ", " end ", NULL, '');"
#define RUN(session, count, source)                                                                                    \
	"INSERT INTO history VALUES (" #session ", " #count ", 'transformed', '" source "');"

static char directory[64];
static char database[80];

static int make_directory(void **state)
{
	snprintf(directory, sizeof directory, "/tmp/nbscope-test-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(database, sizeof database, "%s/history.sqlite", directory);
	return setup(state);
}

static int remove_directory(void **state)
{
	static const char *const names[] = {
	    "history.sqlite", "history.sqlite-wal", "history.sqlite-shm", "history.sqlite-journal", "link", "file"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", directory, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(directory), 0);
	return teardown(state);
}

/* A connection that has run the SQL. */
static sqlite3 *run_sql(const char *sql)
{
	sqlite3 *connection;
	char *message = NULL;
	assert_int_equal(sqlite3_open(database, &connection), SQLITE_OK);
	if (sqlite3_exec(connection, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	return connection;
}

static void make_database(const char *sql)
{
	unlink(database);
	sqlite3_close(run_sql(sql));
}

static void write_database(const void *bytes, size_t size)
{
	FILE *file = fopen(database, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

struct given {
	int count;
	const char *source;  /* no quotes, no line ends */
	const char *started; /* null, or when it ran */
};

static struct notebook *notebook_of(const struct given *cells, size_t count)
{
	struct builder json = {.arena = arena};
	builder_add_string(&json, "{\"nbformat\":4,\"nbformat_minor\":4,\"metadata\":{},\"cells\":[");
	for (size_t i = 0; i < count && cells[i].source; i++) {
		builder_add_format(&json, "%s{\"cell_type\":\"code\",\"execution_count\":%d,\"outputs\":[],\"source\":\"%s\",",
		                   i ? "," : "", cells[i].count, cells[i].source);
		if (cells[i].started)
			builder_add_format(&json, "\"metadata\":{\"execution\":{\"iopub.execute_input\":\"%s\"}}}",
			                   cells[i].started);
		else
			builder_add_string(&json, "\"metadata\":{}}");
	}
	builder_add_string(&json, "]}");
	struct failure failure = {0};
	struct notebook *notebook = notebook_read(arena, SLICE("test.ipynb"), builder_slice(&json), &failure);
	assert_non_null(notebook);
	return notebook;
}

static struct log *read_log(const struct given *cells, size_t count, struct failure *failure)
{
	struct notebook *notebook = notebook_of(cells, count);
	struct symbols *symbols = symbols_new(arena);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	return log_from_history(arena, symbols, notebook, effects, slice_of(database), failure);
}

static struct slice log_lines(const struct log *log)
{
	struct builder lines = {.arena = arena};
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		const char *link = run_link_name(run->link);
		builder_add_format(&lines, "%u [%lld] %zu %s %s\n", run->session, (long long)run->count, run->cell,
		                   link ? link : "lost", knowledge_name(run->link_known));
	}
	return builder_slice(&lines);
}

struct case_of_history {
	const char *title;
	struct given cells[6];
	const char *sql;
	const char *expected;
};

static const struct case_of_history cases[] = {
    {"every run of the session, the last one of each cell, other sessions not",
     {{4, "x = load(path)"}, {2, "y = x + 1"}},
     RUN(1, 1, "import os") RUN(2, 1, "x = load(path)") RUN(2, 2, "y = x + 1") RUN(2, 3, "print(dir())")
         RUN(2, 4, "x = load(path)") RUN(3, 1, "import os"),
     "1 [1] 1 earlier-run inferred\n1 [2] 2 last-run inferred\n1 [3] 0 gone inferred\n1 [4] 1 last-run inferred\n"},
    {"a cell that was edited since, and an earlier version of another",
     {{2, "total = prices.sum() * rate"}, {3, "report(total)"}},
     RUN(1, 1, "report(total, rate)") RUN(1, 2, "total = prices.sum()") RUN(1, 3, "report(total)"),
     "1 [1] 2 earlier-version inferred\n1 [2] 1 last-run inferred\n1 [3] 2 last-run inferred\n"},
    {"a cell whose source was replaced altogether is only assumed to be it",
     {{1, "alpha = 1"}, {2, "fit(model, everything)"}},
     RUN(1, 1, "alpha = 1") RUN(1, 2, "zzz.qqq()"),
     "1 [1] 1 last-run inferred\n1 [2] 2 last-run assumed\n"},
    {"two sessions of one notebook, in the order of their numbers",
     {{1, "first()"}, {7, "second()"}, {8, "third()"}},
     RUN(4, 1, "first()") RUN(4, 7, "second()") RUN(4, 8, "third(1)") RUN(5, 1, "first()") RUN(3, 8, "third()"),
     "1 [1] 0 lost unknown\n1 [8] 3 last-run inferred\n2 [1] 1 earlier-run inferred\n2 [2] 0 lost unknown\n"
     "2 [7] 2 last-run inferred\n2 [8] 3 later inferred\n3 [1] 1 last-run inferred\n"},
    {"what ran again after the file was saved does not count",
     {{8, "setup()"}, {2, "area(r * r)"}, {9, "area(r)"}},
     RUN(1, 1, "setup(1)") RUN(1, 2, "area(r ** 2)") RUN(1, 8, "setup()") RUN(1, 9, "area(r)") RUN(2, 1, "setup()")
         RUN(2, 2, "area(r * r)") RUN(2, 3, "area(r)"),
     "1 [1] 1 earlier-version inferred\n1 [2] 2 last-run inferred\n1 [3] 0 lost unknown\n1 [8] 1 last-run inferred\n"
     "1 [9] 3 last-run inferred\n"},
    {"a run that was not stored fills the gap at its count",
     {{1, "a = 1"}, {2, "%paste"}, {3, "b = 2"}},
     RUN(1, 1, "a = 1") RUN(1, 3, "b = 2"),
     "1 [1] 1 last-run inferred\n1 [2] 2 last-run recorded\n1 [3] 3 last-run inferred\n"},
    {"cells that the history does not know stand before it",
     {{5, "old = 1"}, {1, "new = compute()"}, {2, "show(new)"}},
     RUN(1, 1, "new = compute()") RUN(1, 2, "show(new)") RUN(1, 5, "other_thing(1, 2, 3)") RUN(2, 1, "x"),
     "1 [1] 2 last-run inferred\n1 [2] 3 last-run inferred\n1 [3] 0 lost unknown\n1 [5] 1 last-run assumed\n"},
    {"a foreign session that only shares an import is not taken",
     {{1, "import numpy as np"}, {2, "np.zeros(3)"}},
     RUN(1, 1, "import numpy as np") RUN(1, 2, "q") RUN(1, 3, "r") RUN(2, 1, "import numpy as np") RUN(2, 2, "s")
         RUN(2, 3, "t"),
     "1 [1] 1 last-run recorded\n1 [2] 2 last-run recorded\n"},
    {"blanks at line ends make no other source",
     {{1, "x = 1  \\n\\n"}},
     RUN(1, 1, "x = 1"),
     "1 [1] 1 last-run inferred\n"},
    {"times tell which of two sessions with the same source it was",
     {{1, "x = 1", "2026-03-01T10:00:05.000000Z"}},
     SESSION(1, "'2026-03-01 10:00:00+00:00'", "'2026-03-01 11:00:00+00:00'") RUN(1, 1, "x = 1")
         SESSION(2, "'2026-03-02 10:00:00+00:00'", "NULL") RUN(2, 1, "x = 1") RUN(2, 2, "y = 1"),
     "1 [1] 1 last-run proved\n"},
    {"no cell has a count", {{0, "x = 1"}}, RUN(1, 1, "x = 1"), "1 [0] 1 last-run recorded\n"},
    {"nothing in the history is of the notebook", {{1, "x = 1"}}, RUN(1, 1, "y = 2"), "1 [1] 1 last-run recorded\n"},
    {"rows that IPython does not write count for nothing",
     {{1, "x = 1"}},
     "INSERT INTO history VALUES (1, 0, '', 'z'), (1, -5, '', 'z'), (1, 'one', '', 'x = 1'), (1, 2, '', NULL), "
     "(1, 3, '', x'00ff'), (NULL, 4, '', 'z');" RUN(1, 1, "x = 1"),
     "1 [1] 1 last-run inferred\n"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct case_of_history *one = &cases[i];
		struct failure failure = {0};
		make_database(slice_format(arena, "%s %s", SCHEMA, one->sql).bytes);
		struct log *log = read_log(one->cells, sizeof one->cells / sizeof *one->cells, &failure);
		if (!log)
			fail_msg("%s: %.*s", one->title, SLICE_FORMAT(failure.message));
		struct slice lines = log_lines(log);
		if (!slice_equal(lines, slice_of(one->expected)))
			fail_msg("%s: got\n%.*sexpected\n%s", one->title, SLICE_FORMAT(lines), one->expected);
	}
}

/* What another source read that is known is no reason to doubt that it was another. */
static void test_what_was_edited_is_surely_stale(void **state)
{
	static const struct given cells[] = {{1, "prices = [1, 2]; rate = 2"}, {2, "total = sum(prices) * 3"}};
	struct failure failure = {0};
	(void)state;
	make_database(SCHEMA RUN(1, 1, "prices = [1, 2]; rate = 2") RUN(1, 2, "total = sum(prices) * rate"));
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_of(cells, 2);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_history(arena, symbols, notebook, effects, slice_of(database), &failure);
	const struct status_report *report = status_of_notebook(arena, symbols, notebook, effects, log);
	assert_int_equal(report->cells[0].status, STATUS_STANDS);
	assert_int_equal(report->cells[1].status, STATUS_STALE);
	assert_int_equal(report->cells[1].certainty, CERTAIN);
}

static const struct given one_cell[] = {{1, "x = 1"}};

static void assert_refused(const char *message)
{
	struct failure failure = {0};
	assert_null(read_log(one_cell, 1, &failure));
	assert_true(slice_equal(failure.file, slice_of(database)));
	if (!slice_equal(failure.message, slice_of(message)))
		fail_msg("got \"%.*s\", expected \"%s\"", SLICE_FORMAT(failure.message), message);
}

static void test_hostile(void **state)
{
	(void)state;
	assert_refused("cannot be opened: No such file or directory");
	assert_int_equal(mkdir(database, 0700), 0);
	assert_refused("cannot be opened: Is a directory");
	assert_int_equal(rmdir(database), 0);
	assert_int_equal(mkfifo(database, 0600), 0);
	assert_refused("cannot be opened: it is no regular file");
	unlink(database);
	write_database("", 0);
	assert_refused("is no SQLite database");
	char noise[4096];
	memset(noise, 'x', sizeof noise);
	write_database(noise, sizeof noise);
	assert_refused("is no SQLite database");
	memcpy(noise, "SQLite format 3", 16);
	write_database(noise, sizeof noise);
	assert_refused("cannot be read: file is not a database");
	make_database("CREATE TABLE other (a)");
	assert_refused("cannot be read: it is no history of IPython");
	make_database("CREATE TABLE sessions (session, start, end); CREATE TABLE history (session, line, text)");
	assert_refused("cannot be read: it is no history of IPython");
}

/* A view may stand where the table should, and never end. */
static void test_hostile_schema(void **state)
{
	(void)state;
	make_database(
	    "CREATE TABLE sessions (session, start, end); CREATE VIEW history AS WITH RECURSIVE c(n) AS (SELECT 1 "
	    "UNION ALL SELECT n + 1 FROM c) SELECT 1 AS session, n AS line, 'x = 1' AS source_raw FROM c");
	assert_refused("cannot be read: it is no history of IPython");
	make_database(
	    "CREATE TABLE t (session, line, source_raw); CREATE TABLE sessions (session, start, end); CREATE VIEW "
	    "history AS SELECT * FROM t");
	assert_refused("cannot be read: it is no history of IPython");
}

/* Reads the whole database file. */
static struct slice read_database_file(void)
{
	FILE *file = fopen(database, "rb");
	assert_non_null(file);
	struct builder bytes = {.arena = arena};
	for (int byte; (byte = fgetc(file)) != EOF;)
		builder_add_byte(&bytes, (char)byte);
	fclose(file);
	return builder_slice(&bytes);
}

/* Cut short or overwritten anywhere it gives a log or one line, and nothing else. */
static void test_damaged(void **state)
{
	(void)state;
	struct builder sql = {.arena = arena};
	builder_add_string(&sql, SCHEMA);
	for (int i = 1; i <= 400; i++)
		builder_add_format(&sql, "INSERT INTO history VALUES (1, %d, '', 'x = %d');", i, i);
	builder_add_byte(&sql, '\0');
	make_database(sql.bytes);
	struct slice whole = read_database_file();
	unsigned refused = 0, random = 7;
	for (unsigned round = 0; round < 200; round++) {
		struct slice part = slice_copy(arena, whole);
		char *bytes = arena_copy(arena, part.bytes, part.length);
		size_t size = part.length;
		random = random * 1103515245u + 12345u;
		if (round % 4 == 0)
			size = (random >> 8) % part.length;
		for (unsigned i = 0; i < 30; i++) {
			random = random * 1103515245u + 12345u;
			size_t at = 100 + (random >> 4) % (part.length - 100);
			random = random * 1103515245u + 12345u;
			bytes[at] = (char)(random >> 16);
		}
		write_database(bytes, size);
		struct failure failure = {0};
		if (!read_log(one_cell, 1, &failure)) {
			refused++;
			assert_true(failure.message.length > 0);
		}
	}
	assert_true(refused > 50);
}

/* A kernel that holds a lock is neither waited for nor disturbed. */
static void test_locked(void **state)
{
	(void)state;
	make_database(SCHEMA RUN(1, 1, "x = 1"));
	struct stat before, after;
	assert_int_equal(stat(database, &before), 0);
	sqlite3 *writer = run_sql("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
	struct failure failure = {0};
	assert_non_null(read_log(one_cell, 1, &failure));
	assert_int_equal(sqlite3_exec(writer, "ROLLBACK;", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(writer);
	assert_int_equal(stat(database, &after), 0);
	assert_int_equal(before.st_mtime, after.st_mtime);
	assert_int_equal(before.st_size, after.st_size);
}

/* What is only in the write-ahead log counts, and the log stays as it is. */
static void test_write_ahead_log(void **state)
{
	(void)state;
	make_database(SCHEMA "PRAGMA journal_mode = WAL;");
	struct failure failure = {0};
	struct log *log = read_log(one_cell, 1, &failure);
	assert_non_null(log);
	assert_int_equal(log->runs[0].via, VIA_COUNTS);
	sqlite3 *writer = run_sql("PRAGMA wal_autocheckpoint = 0;" RUN(1, 1, "x = 1"));
	log = read_log(one_cell, 1, &failure);
	assert_non_null(log);
	assert_int_equal(log->runs[0].via, VIA_IPYTHON);
	sqlite3_close(writer);
}

/* A journal that a crash left behind is rolled back in a copy. */
static void test_hot_journal(void **state)
{
	(void)state;
	make_database(SCHEMA RUN(1, 1, "x = 1"));
	char journal[128], copy[128], kept[128];
	snprintf(journal, sizeof journal, "%s-journal", database);
	snprintf(copy, sizeof copy, "%s/file", directory);
	snprintf(kept, sizeof kept, "%s/link", directory);
	sqlite3 *writer = run_sql("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE history SET source_raw = "
	                          "'y'; WITH RECURSIVE c(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < 3000) "
	                          "INSERT INTO history SELECT 1, n, '', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' FROM c;");
	/* The files as a crash at this moment would leave them. */
	assert_int_equal(link(database, copy), 0);
	struct slice torn = read_database_file();
	rename(database, kept);
	write_database(torn.bytes, torn.length);
	struct failure failure = {0};
	struct log *log = read_log(one_cell, 1, &failure);
	assert_non_null(log);
	assert_int_equal(log->run_count, 1);
	assert_int_equal(log->runs[0].via, VIA_IPYTHON);
	assert_int_equal(access(journal, F_OK), 0);
	rename(kept, database);
	sqlite3_close(writer);
	unlink(copy);
}

static void test_link(void **state)
{
	(void)state;
	make_database(SCHEMA RUN(1, 1, "x = 1"));
	char path[128];
	snprintf(path, sizeof path, "%s/link", directory);
	assert_int_equal(symlink(database, path), 0);
	struct snapshot snapshot;
	struct failure failure = {0};
	assert_true(snapshot_open(arena, slice_of(path), &snapshot, &failure));
	assert_null(snapshot.directory);
	/* Nothing can be written to a snapshot. */
	assert_int_not_equal(sqlite3_exec(snapshot.database, "DELETE FROM history", NULL, NULL, NULL), SQLITE_OK);
	snapshot_close(&snapshot);
}

static void test_likeness(void **state)
{
	(void)state;
	assert_true(source_same(SLICE("x = 1"), SLICE("\n\nx = 1 \r\n\n")));
	assert_true(source_same(SLICE("a\n\nb"), SLICE("a  \n\nb\n")));
	assert_false(source_same(SLICE("a\n\nb"), SLICE("a\nb")));
	assert_false(source_same(SLICE("x = 1"), SLICE("  x = 1")));
	assert_false(source_same(SLICE("x"), SLICE("x\ny")));
	assert_true(source_likeness(arena, SLICE("x = load(1)"), SLICE("x = load(2)")) > 0.6);
	assert_true(source_likeness(arena, SLICE("import os"), SLICE("fit(model)")) < 0.2);
	assert_true(source_likeness(arena, SLICE(""), SLICE("")) > 0.9);
	assert_true(source_likeness(arena, SLICE("a=1\nb=2\nc=3\nd=4\ne=5\nf=6"), SLICE("a=1\nb=2\nc=3\nd=4\ne=5\nzz")) >
	            0.8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_cases, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_what_was_edited_is_surely_stale, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_hostile, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_hostile_schema, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_damaged, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_locked, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_write_ahead_log, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_hot_journal, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_link, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_likeness, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
