/* Reading IPython's database. Each row is looked at once: a session in which the
 * count and the source of some cell agree is a candidate, and how many sessions
 * hold a source says how telling that is. Then the best candidates are read whole. */
#include "history/ipython_history.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "history/likeness.h"
#include "history/snapshot.h"

enum {
	MAX_CANDIDATES = 64, /* sessions that are read whole */
	SOURCE_LIMIT = 16 * 1024 * 1024,
};

/* A source of the notebook; cells that hold the same one share it. */
struct text {
	uint64_t hash;
	struct slice normal;
	size_t sessions;   /* how many hold it */
	int64_t last_seen; /* in this one */
	bool seen;
};

struct counted_cell {
	const struct cell *cell;
	struct text *text;
};

struct candidate {
	int64_t session;
	VECTOR(size_t) cells; /* indices of cells that agree in count and source */
	double score;
};

struct search {
	struct arena *arena; /* for the search alone */
	const struct sqlite *sqlite;
	sqlite3 *database;
	struct text *texts; /* by hash */
	size_t text_count;
	struct counted_cell *cells; /* those with a count, by count */
	size_t cell_count;
	VECTOR(struct candidate) candidates; /* by session */
	size_t sessions;                     /* in the database */
};

static int compare_texts(const void *left, const void *right)
{
	const struct text *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return slice_compare(a->normal, b->normal);
}

static int compare_cells(const void *left, const void *right)
{
	const struct counted_cell *a = left, *b = right;
	if (a->cell->execution_count != b->cell->execution_count)
		return a->cell->execution_count < b->cell->execution_count ? -1 : 1;
	return (a->cell->number > b->cell->number) - (a->cell->number < b->cell->number);
}

static struct text *find_text(const struct search *search, struct slice normal)
{
	struct text wanted = {.hash = hash_bytes(normal), .normal = normal};
	return search->text_count ? bsearch(&wanted, search->texts, search->text_count, sizeof wanted, compare_texts)
	                          : NULL;
}

static void collect_cells(struct search *search, const struct notebook *notebook)
{
	size_t count = notebook->code_count;
	search->texts = arena_array(search->arena, count, sizeof *search->texts);
	search->cells = arena_array(search->arena, count, sizeof *search->cells);
	for (size_t i = 0; i < count; i++) {
		struct slice normal = source_normal(search->arena, notebook->code[i]->source);
		search->texts[i] = (struct text){.hash = hash_bytes(normal), .normal = normal};
	}
	qsort(search->texts, count, sizeof *search->texts, compare_texts);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || compare_texts(&search->texts[i], &search->texts[search->text_count - 1]) != 0)
			search->texts[search->text_count++] = search->texts[i];
	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = notebook->code[i];
		struct arena_mark mark = arena_mark(search->arena);
		if (cell->execution_count > 0)
			search->cells[search->cell_count++] =
			    (struct counted_cell){cell, find_text(search, source_normal(search->arena, cell->source))};
		arena_release(search->arena, mark);
	}
	qsort(search->cells, search->cell_count, sizeof *search->cells, compare_cells);
}

/* The first counted cell whose count is not below this one. */
static size_t first_with_count(const struct search *search, int64_t count)
{
	size_t low = 0, high = search->cell_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (search->cells[middle].cell->execution_count < count)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct candidate *candidate_of(struct search *search, int64_t session)
{
	size_t count = search->candidates.count;
	if (count && search->candidates.items[count - 1].session == session)
		return &search->candidates.items[count - 1];
	struct candidate *candidate = vector_add(search->arena, &search->candidates);
	candidate->session = session;
	return candidate;
}

/* One row of the history; rows come by session. */
static void look_at_row(struct search *search, int64_t session, int64_t count, struct slice source)
{
	struct arena_mark mark = arena_mark(search->arena);
	struct text *text = find_text(search, source_normal(search->arena, source));
	arena_release(search->arena, mark);
	if (!text)
		return;
	if (!text->seen || text->last_seen != session)
		text->sessions++;
	text->seen = true;
	text->last_seen = session;
	for (size_t i = first_with_count(search, count);
	     i < search->cell_count && search->cells[i].cell->execution_count == count; i++)
		if (search->cells[i].text == text)
			vector_push(search->arena, &candidate_of(search, session)->cells, i);
}

static struct slice column_text(const struct sqlite *sqlite, sqlite3_stmt *statement, int column)
{
	const void *bytes = sqlite->column_text(statement, column);
	int length = sqlite->column_bytes(statement, column);
	return bytes && length > 0 ? (struct slice){bytes, (size_t)length} : SLICE("");
}

/* Whether the row that stands at (session, line, source_raw) is one that IPython writes. */
static bool is_run(const struct sqlite *sqlite, sqlite3_stmt *row)
{
	return sqlite->column_type(row, 0) == SQLITE_INTEGER && sqlite->column_type(row, 1) == SQLITE_INTEGER &&
	       sqlite->column_type(row, 2) == SQLITE_TEXT && sqlite->column_int64(row, 1) > 0 &&
	       sqlite->column_bytes(row, 2) <= SOURCE_LIMIT;
}

/* Gives SQLite's result: SQLITE_DONE when all is well. */
static int find_candidates(struct search *search)
{
	const struct sqlite *sqlite = search->sqlite;
	sqlite3_stmt *rows;
	int result = sqlite->prepare_v2(
	    search->database, "SELECT session, line, source_raw FROM history ORDER BY session, line", -1, &rows, NULL);
	int64_t session = 0;
	while (result == SQLITE_OK && (result = sqlite->step(rows)) == SQLITE_ROW) {
		result = SQLITE_OK;
		if (!is_run(sqlite, rows))
			continue;
		if (search->sessions == 0 || session != sqlite->column_int64(rows, 0))
			search->sessions++;
		session = sqlite->column_int64(rows, 0);
		look_at_row(search, session, sqlite->column_int64(rows, 1), column_text(sqlite, rows, 2));
	}
	sqlite->finalize(rows);
	return result;
}

/* A source that many sessions hold tells little. */
static double weight_of(const struct search *search, const struct text *text)
{
	const double least = 0.05;
	size_t holders = text->sessions ? text->sessions : 1;
	return log((1 + (double)search->sessions) / (double)holders) + least;
}

static int compare_scores(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	if (a->score < b->score || a->score > b->score)
		return a->score > b->score ? -1 : 1;
	return (a->session < b->session) - (a->session > b->session);
}

static int compare_sessions(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	return (a->session > b->session) - (a->session < b->session);
}

/* Leaves the candidates that are worth reading, by session. */
static void choose_candidates(struct search *search)
{
	size_t count = search->candidates.count;
	for (size_t i = 0; i < count; i++) {
		struct candidate *candidate = &search->candidates.items[i];
		for (size_t j = 0; j < candidate->cells.count; j++)
			candidate->score += weight_of(search, search->cells[candidate->cells.items[j]].text);
	}
	if (count > MAX_CANDIDATES) {
		qsort(search->candidates.items, count, sizeof *search->candidates.items, compare_scores);
		search->candidates.count = MAX_CANDIDATES;
		qsort(search->candidates.items, MAX_CANDIDATES, sizeof *search->candidates.items, compare_sessions);
	}
}

/* Reads the rows of one session; SQLITE_DONE when all is well. */
static int read_rows(const struct sqlite *sqlite, struct arena *arena, sqlite3_stmt *rows,
                     struct history_session *session)
{
	VECTOR(struct history_row) found = {0};
	int result = sqlite->bind_int64(rows, 1, session->number);
	while (result == SQLITE_OK && (result = sqlite->step(rows)) == SQLITE_ROW) {
		result = SQLITE_OK;
		int64_t count = sqlite->column_int64(rows, 1);
		if (!is_run(sqlite, rows) || (found.count && found.items[found.count - 1].count == count))
			continue;
		struct history_row row = {count, slice_copy(arena, column_text(sqlite, rows, 2))};
		vector_push(arena, &found, row);
	}
	sqlite->reset(rows);
	session->rows = found.items;
	session->row_count = found.count;
	return result;
}

/* When the session began and ended. Both are written without a zone in local time,
 * the end in UTC with its zone since IPython 9. */
static int read_times(const struct sqlite *sqlite, sqlite3_stmt *times, struct history_session *session)
{
	int result = sqlite->bind_int64(times, 1, session->number);
	session->started = session->ended = NO_INSTANT;
	while (result == SQLITE_OK && (result = sqlite->step(times)) == SQLITE_ROW) {
		result = SQLITE_OK;
		session->started = instant_of_local_text(column_text(sqlite, times, 0));
		session->ended = instant_of_local_text(column_text(sqlite, times, 1));
	}
	sqlite->reset(times);
	return result;
}

static int read_sessions(struct arena *arena, const struct search *search, struct ipython_history *history)
{
	const struct sqlite *sqlite = search->sqlite;
	sqlite3_stmt *rows = NULL, *times = NULL;
	int result = sqlite->prepare_v2(search->database,
	                                "SELECT session, line, source_raw FROM history WHERE session = ? ORDER BY line", -1,
	                                &rows, NULL);
	if (result == SQLITE_OK)
		result = sqlite->prepare_v2(search->database, "SELECT start, \"end\" FROM sessions WHERE session = ?", -1,
		                            &times, NULL);
	history->sessions = arena_array(arena, search->candidates.count, sizeof *history->sessions);
	if (result == SQLITE_OK)
		result = SQLITE_DONE;
	for (size_t i = 0; result == SQLITE_DONE && i < search->candidates.count; i++) {
		struct history_session *session = &history->sessions[history->session_count++];
		session->number = search->candidates.items[i].session;
		result = read_rows(sqlite, arena, rows, session);
		if (result == SQLITE_DONE)
			result = read_times(sqlite, times, session);
	}
	sqlite->finalize(rows);
	sqlite->finalize(times);
	return result;
}

/* Whether the database has a table with the columns of the query, and no view that
 * only looks like one. */
static bool has_table(const struct sqlite *sqlite, sqlite3 *database, const char *query, const char *name)
{
	sqlite3_stmt *statement = NULL, *kind = NULL;
	bool is_there = sqlite->prepare_v2(database, query, -1, &statement, NULL) == SQLITE_OK;
	is_there = is_there && sqlite->prepare_v2(database,
	                                          "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table' AND "
	                                          "rootpage > 0",
	                                          -1, &kind, NULL) == SQLITE_OK;
	is_there = is_there && sqlite->bind_text(kind, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
	           sqlite->step(kind) == SQLITE_ROW;
	sqlite->finalize(statement);
	sqlite->finalize(kind);
	return is_there;
}

/* Gives what is wrong, or null. */
static const char *read_database(struct arena *arena, const struct snapshot *snapshot, const struct notebook *notebook,
                                 struct ipython_history *history)
{
	const struct sqlite *sqlite = &snapshot->sqlite;
	sqlite3 *database = snapshot->database;
	/* What a damaged file makes of its schema shows only here. */
	int result = sqlite->exec(database, "SELECT 1 FROM sqlite_master", NULL, NULL, NULL);
	if (result != SQLITE_OK)
		return sqlite->errstr(result);
	if (!has_table(sqlite, database, "SELECT session, line, source_raw FROM history", "history") ||
	    !has_table(sqlite, database, "SELECT session, start, \"end\" FROM sessions", "sessions"))
		return "it is no history of IPython";
	struct search search = {.arena = arena_child(arena), .sqlite = sqlite, .database = database};
	collect_cells(&search, notebook);
	result = find_candidates(&search);
	if (result == SQLITE_DONE) {
		choose_candidates(&search);
		result = read_sessions(arena, &search, history);
	}
	history->weights = arena_array(arena, notebook->code_count, sizeof *history->weights);
	for (size_t i = 0; i < search.cell_count; i++)
		history->weights[search.cells[i].cell->number - 1] = weight_of(&search, search.cells[i].text);
	arena_free(search.arena);
	return result == SQLITE_DONE ? NULL : sqlite->errstr(result);
}

struct ipython_history *ipython_history_read(struct arena *arena, struct slice path, const struct notebook *notebook,
                                             struct failure *failure)
{
	struct snapshot snapshot;
	if (!snapshot_open(arena, path, &snapshot, failure))
		return NULL;
	struct ipython_history *history = arena_alloc(arena, sizeof *history);
	const char *wrong = read_database(arena, &snapshot, notebook, history);
	snapshot_close(&snapshot);
	if (!wrong)
		return history;
	*failure = (struct failure){.file = path, .message = slice_format(arena, "cannot be read: %s", wrong)};
	return NULL;
}

struct slice ipython_history_place(struct arena *arena)
{
	const char *directory = getenv("IPYTHONDIR"), *home = getenv("HOME");
	if (directory && *directory)
		return slice_format(arena, "%s/profile_default/history.sqlite", directory);
	return slice_format(arena, "%s/.ipython/profile_default/history.sqlite", home ? home : "");
}
