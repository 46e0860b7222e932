/* The log that the file alone gives. */
#include "history/log_parts.h"

#include <stdlib.h>

void run_times(struct arena *arena, const struct notebook *notebook, const struct cell *cell,
               struct cell_metadata *metadata)
{
	enum { EMPTY = 2 /* bytes of `{}` */ };
	if (cell->metadata.end - cell->metadata.start <= EMPTY || !cell_metadata_load(notebook, arena, cell, metadata))
		*metadata = (struct cell_metadata){0};
}

/* A counted cell on its way into the log. */
struct counted {
	const struct cell *cell;
	struct slice started; /* ISO 8601, or empty */
	int64_t pid;          /* of the kernel, as its outputs tell it; 0 when they do not */
	unsigned session;
};

static int compare_started(const void *left, const void *right)
{
	const struct counted *a = left, *b = right;
	int order = slice_compare(a->started, b->started);
	return order ? order : (a->cell->number > b->cell->number) - (a->cell->number < b->cell->number);
}

static int compare_steps(const void *left, const void *right)
{
	const struct counted *a = left, *b = right;
	if (a->session != b->session)
		return a->session < b->session ? -1 : 1;
	if (a->cell->execution_count != b->cell->execution_count)
		return a->cell->execution_count < b->cell->execution_count ? -1 : 1;
	return compare_started(left, right);
}

/* Times tell sessions apart: a new one begins wherever the count does not rise from one
 * run to the next, or where the kernel is another process. Not where a cell is the copy
 * of another, with its count and its times, nor where no run is counted (Databricks writes 0). */
static unsigned sessions_by_time(struct counted *cells, size_t count)
{
	qsort(cells, count, sizeof *cells, compare_started);
	unsigned session = 1;
	int64_t pid = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t here = cells[i].cell->execution_count, before = i > 0 ? cells[i - 1].cell->execution_count : -1;
		bool is_copy = i > 0 && here == before && slice_equal(cells[i].started, cells[i - 1].started);
		bool falls = here <= before && here > 0 && !is_copy;
		if (falls || (pid && cells[i].pid && cells[i].pid != pid)) {
			session++;
			pid = 0;
		}
		pid = cells[i].pid ? cells[i].pid : pid;
		cells[i].session = session;
	}
	return session;
}

/* Cells whose outputs name several processes ran in several sessions. A cell that names
 * none is taken to be of the session of the one above it; and since one runs from the top
 * again after a restart, the session of the upper cells is taken for the later one. False
 * when they name one process at most. */
static bool sessions_by_process(struct arena *arena, struct counted *cells, size_t count, unsigned *sessions)
{
	VECTOR(int64_t) pids = {0};
	size_t first = count, at = 0;
	for (size_t i = 0; i < count; i++) {
		if (!cells[i].pid)
			continue;
		first = i < first ? i : first;
		for (at = 0; at < pids.count && pids.items[at] != cells[i].pid; at++)
			;
		if (at == pids.count)
			vector_push(arena, &pids, cells[i].pid);
		cells[i].session = (unsigned)at;
	}
	if (pids.count < 2)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cells[i].pid)
			cells[i].session = i > first ? cells[i - 1].session : cells[first].session;
	*sessions = (unsigned)pids.count;
	for (size_t i = 0; i < count; i++)
		cells[i].session = *sessions - cells[i].session;
	return true;
}

static int compare_counts(const void *left, const void *right)
{
	const struct counted *a = *(struct counted *const *)left, *b = *(struct counted *const *)right;
	if (a->cell->execution_count != b->cell->execution_count)
		return a->cell->execution_count < b->cell->execution_count ? -1 : 1;
	return (a->cell->number > b->cell->number) - (a->cell->number < b->cell->number);
}

/* How many cells with one count are looked at: more sessions than people leave in a notebook. */
enum { SESSIONS_SEEN = 64 };

/* Counted cells in file order, while their sessions are told apart; sessions count back from the last one (0). */
struct by_counts {
	struct counted *cells;
	size_t *same_above; /* 1 + the place of the next cell above that has the same count, or 0 */
	size_t *others;     /* how many cells above have the same count, copies left out */
	unsigned sessions;
};

/* Whether one is a copy of the other, with its count: then both show one run. */
static bool is_copy(const struct counted *one, const struct counted *other)
{
	return one->cell->execution_count == other->cell->execution_count &&
	       slice_equal(one->cell->source, other->cell->source);
}

/* Whether a cell above has the same count and is of this session. */
static bool holds_count(const struct by_counts *counts, size_t at, unsigned session)
{
	const struct counted *cell = &counts->cells[at];
	size_t above = counts->same_above[at];
	for (size_t seen = 0; above && seen < SESSIONS_SEEN; above = counts->same_above[above - 1], seen++)
		if (counts->cells[above - 1].session == session && !is_copy(cell, &counts->cells[above - 1]))
			return true;
	return false;
}

/* The session of a cell whose upper neighbour is of this one: the same, or the nearest before it that does not hold the
 * count yet; else a later one, and only if that holds it too, a new one. */
static unsigned session_of_cell(const struct by_counts *counts, size_t at, unsigned session)
{
	for (unsigned before = session; before < counts->sessions && before - session < SESSIONS_SEEN; before++)
		if (!holds_count(counts, at, before))
			return before;
	if (counts->others[at] < counts->sessions)
		for (unsigned later = 0; later < session && later < SESSIONS_SEEN; later++)
			if (!holds_count(counts, at, later))
				return later;
	return counts->sessions;
}

/* Counts that occur more than once prove several sessions. Which cell ran in
 * which is not recorded: after a restart one runs from the top again, so of two
 * cells with one count the upper is taken for the later run; and every cell above
 * it for one of that session. `*tangled` where that can't be, since the cells of a
 * session would hold a count twice. A count of 0 counts nothing. */
static unsigned sessions_by_counts(struct arena *arena, struct counted *cells, size_t count, bool *tangled)
{
	struct by_counts counts = {.cells = cells};
	struct counted **sorted = arena_array(arena, count, sizeof(struct counted *));
	counts.same_above = arena_array(arena, count, sizeof *counts.same_above);
	counts.others = arena_array(arena, count, sizeof *counts.others);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &cells[i];
	qsort(sorted, count, sizeof *sorted, compare_counts);
	for (size_t i = 1; i < count; i++) {
		size_t at = (size_t)(sorted[i] - cells), above = (size_t)(sorted[i - 1] - cells);
		if (sorted[i]->cell->execution_count == sorted[i - 1]->cell->execution_count &&
		    sorted[i]->cell->execution_count > 0) {
			counts.same_above[at] = above + 1;
			counts.others[at] = counts.others[above] + !is_copy(sorted[i], sorted[i - 1]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		unsigned above = i > 0 ? cells[i - 1].session : 0;
		cells[i].session = session_of_cell(&counts, i, above);
		*tangled = *tangled || cells[i].session < above;
		if (cells[i].session >= counts.sessions)
			counts.sessions = cells[i].session + 1;
	}
	for (size_t i = 0; i < count; i++)
		cells[i].session = counts.sessions - cells[i].session;
	return counts.sessions;
}

void log_begin_session(struct log_writer *writer, const struct session *session)
{
	struct log *log = writer->log;
	log->sessions =
	    arena_grow(writer->arena, log->sessions, log->session_count, &writer->session_capacity, sizeof *log->sessions);
	log->sessions[log->session_count++] = *session;
	writer->expected = 1;
}

static void add_run(struct log_writer *writer, struct run run)
{
	struct log *log = writer->log;
	log->runs = arena_grow(writer->arena, log->runs, log->run_count, &writer->capacity, sizeof *log->runs);
	run.session = log->session_count;
	run.step = log->run_count + 1;
	log->runs[log->run_count++] = run;
}

void log_add_run(struct log_writer *writer, const struct run *run)
{
	int64_t lost = run->count - writer->expected;
	if (lost > 0)
		add_run(writer, (struct run){.count = writer->expected,
		                             .origin = RUN_LOST,
		                             .via = VIA_COUNTS,
		                             .known = KNOWN_UNKNOWN,
		                             .link_known = KNOWN_UNKNOWN,
		                             .end_known = KNOWN_UNKNOWN,
		                             .lost_count = lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost});
	add_run(writer, *run);
	if (run->count < INT64_MAX)
		writer->expected = run->count + 1;
}

struct run run_of_cell(struct arena *arena, const struct notebook *notebook, const struct effects *effects,
                       const struct cell *cell)
{
	struct run run = {.count = cell->execution_count,
	                  .cell = cell->number,
	                  .origin = RUN_RECORDED,
	                  .via = VIA_COUNTS,
	                  .known = KNOWN_ASSUMED,
	                  .link = LINK_LAST_RUN,
	                  .link_known = KNOWN_RECORDED,
	                  .effects = effects,
	                  .source = cell->source,
	                  .error = run_error_of_cell(arena, notebook, cell)};
	struct cell_metadata metadata = {0};
	run_times(arena, notebook, cell, &metadata);
	run.started = metadata.started;
	run.ended = metadata.ended;
	run.end = run.error ? END_ERROR : END_OK;
	run.end_known = run.error ? KNOWN_RECORDED : KNOWN_ASSUMED;
	return run;
}

/* Whether any cell says when it ran, by a count or a time. */
static bool has_order(struct arena *arena, const struct notebook *notebook)
{
	for (size_t i = 0; i < notebook->code_count; i++) {
		struct cell_metadata metadata = {0};
		run_times(arena, notebook, notebook->code[i], &metadata);
		if (notebook->code[i]->execution_count > 0 || metadata.started.length)
			return true;
	}
	return false;
}

struct log *log_from_cells(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                           const struct evidence *evidence, const bool *left_out, struct log_writer *writer)
{
	struct log *log = arena_alloc(arena, sizeof *log);
	*writer = (struct log_writer){.arena = arena, .log = log};
	VECTOR(struct counted) counted = {0};
	bool all_timed = true, any_order = has_order(arena, notebook);
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		if (cell->execution_count == NO_COUNT || (left_out && left_out[i]))
			continue;
		struct counted one = {.cell = cell};
		struct cell_metadata metadata = {0};
		run_times(arena, notebook, cell, &metadata);
		/* Colab and Databricks write 0 where they know no count: then nothing says that it ran. */
		if (cell->execution_count == 0 && metadata.started.length == 0 && cell->output_count == 0 && any_order)
			continue;
		one.started = metadata.started;
		one.pid = evidence_pid(&evidence[i]);
		all_timed = all_timed && one.started.length > 0;
		vector_push(arena, &counted, one);
	}
	if (counted.count == 0)
		return log;
	unsigned sessions = 1;
	if (all_timed)
		sessions = sessions_by_time(counted.items, counted.count);
	else if (!sessions_by_process(arena, counted.items, counted.count, &sessions))
		sessions = sessions_by_counts(arena, counted.items, counted.count, &log->sessions_tangled);
	log->sessions_assumed = !all_timed && sessions > 1;
	qsort(counted.items, counted.count, sizeof *counted.items, compare_steps);
	struct session session = {.known = all_timed ? KNOWN_PROVED : KNOWN_ASSUMED};
	for (size_t i = 0; i < counted.count; i++) {
		const struct counted *one = &counted.items[i];
		if (i == 0 || one->session != counted.items[i - 1].session)
			log_begin_session(writer, &session);
		struct run run = run_of_cell(arena, notebook, effects[one->cell->number - 1], one->cell);
		log_add_run(writer, &run);
	}
	return log;
}

struct log *log_from_notebook(struct arena *arena, const struct notebook *notebook, struct effects *const *effects)
{
	struct log_writer writer;
	const struct evidence *evidence = evidence_of_notebook(arena, notebook);
	struct log *log = log_from_cells(arena, notebook, effects, evidence, NULL, &writer);
	log_weigh_evidence(arena, notebook, effects, evidence, log);
	return log;
}

const char *run_origin_name(enum run_origin origin)
{
	static const char *const names[] = {"recorded", "inferred", "lost"};
	return names[origin];
}

const char *run_source_name(enum run_source source)
{
	static const char *const names[] = {"counts", "outputs", "timing", "ipython", "git", "live"};
	return names[source];
}

const char *run_link_name(enum run_link link)
{
	static const char *const names[] = {NULL, "last-run", "earlier-run", "earlier-version", "later", "gone"};
	return names[link];
}

const char *run_end_name(enum run_end end)
{
	static const char *const names[] = {"unknown", "ok", "error"};
	return names[end];
}

const char *knowledge_name(enum knowledge knowledge)
{
	static const char *const names[] = {"recorded", "proved", "inferred", "assumed", "unknown"};
	return names[knowledge];
}
