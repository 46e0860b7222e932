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
	return (a->cell->number > b->cell->number) - (a->cell->number < b->cell->number);
}

/* Times tell sessions apart: a new one begins wherever the count does not rise
 * from one run to the next. */
static unsigned sessions_by_time(struct counted *cells, size_t count)
{
	qsort(cells, count, sizeof *cells, compare_started);
	unsigned session = 1;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && cells[i].cell->execution_count <= cells[i - 1].cell->execution_count)
			session++;
		cells[i].session = session;
	}
	return session;
}

static int compare_counts(const void *left, const void *right)
{
	const struct counted *a = *(struct counted *const *)left, *b = *(struct counted *const *)right;
	if (a->cell->execution_count != b->cell->execution_count)
		return a->cell->execution_count < b->cell->execution_count ? -1 : 1;
	return (a->cell->number > b->cell->number) - (a->cell->number < b->cell->number);
}

/* Counts that occur more than once prove several sessions. Which cell ran in
 * which is not recorded: after a restart one runs from the top again, so of two
 * cells with one count the upper is taken for the later run; and every cell above
 * it for one of that session. */
static unsigned sessions_by_counts(struct arena *arena, struct counted *cells, size_t count)
{
	struct counted **sorted = arena_array(arena, count, sizeof(struct counted *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &cells[i];
	qsort(sorted, count, sizeof *sorted, compare_counts);
	/* `session` counts back from the last one (0) while the cells are gone through
	 * in file order: a cell belongs to a session before that of the cell above it
	 * that has the same count. */
	unsigned *earlier = arena_array(arena, count, sizeof *earlier);
	for (size_t i = 1; i < count; i++)
		if (sorted[i]->cell->execution_count == sorted[i - 1]->cell->execution_count)
			earlier[sorted[i] - cells] = earlier[sorted[i - 1] - cells] + 1;
	unsigned deepest = 0;
	for (size_t i = 0; i < count; i++) {
		if (earlier[i] > deepest)
			deepest = earlier[i];
		cells[i].session = deepest;
	}
	for (size_t i = 0; i < count; i++)
		cells[i].session = deepest - cells[i].session + 1;
	return deepest + 1;
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

struct log *log_from_cells(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                           const bool *left_out, struct log_writer *writer)
{
	struct log *log = arena_alloc(arena, sizeof *log);
	*writer = (struct log_writer){.arena = arena, .log = log};
	VECTOR(struct counted) counted = {0};
	bool all_timed = true;
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		if (cell->execution_count == NO_COUNT || (left_out && left_out[i]))
			continue;
		struct counted one = {.cell = cell};
		struct cell_metadata metadata = {0};
		run_times(arena, notebook, cell, &metadata);
		one.started = metadata.started;
		all_timed = all_timed && one.started.length > 0;
		vector_push(arena, &counted, one);
	}
	if (counted.count == 0)
		return log;
	unsigned sessions = all_timed ? sessions_by_time(counted.items, counted.count)
	                              : sessions_by_counts(arena, counted.items, counted.count);
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
	struct log *log = log_from_cells(arena, notebook, effects, NULL, &writer);
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
