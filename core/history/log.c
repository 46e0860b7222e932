/* The log that the file alone gives. */
#include "history/log.h"

#include <stdlib.h>

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

/* Each count of a session that no cell has now, up to the highest. */
static void add_gap(struct arena *arena, struct log *log, size_t *capacity, unsigned session, int64_t from, int64_t to)
{
	if (from >= to)
		return;
	log->runs = arena_grow(arena, log->runs, log->run_count, capacity, sizeof *log->runs);
	log->runs[log->run_count++] =
	    (struct run){.count = from,
	                 .origin = RUN_LOST,
	                 .via = VIA_COUNTS,
	                 .known = KNOWN_UNKNOWN,
	                 .session = session,
	                 .lost_count = to - from > UINT32_MAX ? UINT32_MAX : (uint32_t)(to - from)};
}

static struct run run_of(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                         const struct counted *counted)
{
	const struct cell *cell = counted->cell;
	return (struct run){.count = cell->execution_count,
	                    .cell = cell->number,
	                    .origin = RUN_RECORDED,
	                    .via = VIA_COUNTS,
	                    .known = KNOWN_ASSUMED,
	                    .session = counted->session,
	                    .effects = effects[cell->number - 1],
	                    .source = cell->source,
	                    .error = run_error_of_cell(arena, notebook, cell)};
}

struct log *log_from_notebook(struct arena *arena, const struct notebook *notebook, struct effects *const *effects)
{
	struct log *log = arena_alloc(arena, sizeof *log);
	VECTOR(struct counted) counted = {0};
	bool all_timed = true;
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		if (cell->execution_count == NO_COUNT)
			continue;
		struct counted one = {.cell = cell};
		struct cell_metadata metadata = {0};
		if (cell->metadata.end - cell->metadata.start > 2 && cell_metadata_load(notebook, arena, cell, &metadata))
			one.started = metadata.started;
		all_timed = all_timed && one.started.length > 0;
		vector_push(arena, &counted, one);
	}
	if (counted.count == 0)
		return log;
	log->session_count = all_timed ? sessions_by_time(counted.items, counted.count)
	                               : sessions_by_counts(arena, counted.items, counted.count);
	log->sessions_assumed = !all_timed && log->session_count > 1;
	qsort(counted.items, counted.count, sizeof *counted.items, compare_steps);
	size_t capacity = 0;
	int64_t expected = 1;
	for (size_t i = 0; i < counted.count; i++) {
		const struct counted *one = &counted.items[i];
		if (i > 0 && one->session != counted.items[i - 1].session)
			expected = 1;
		add_gap(arena, log, &capacity, one->session, expected, one->cell->execution_count);
		log->runs = arena_grow(arena, log->runs, log->run_count, &capacity, sizeof *log->runs);
		log->runs[log->run_count++] = run_of(arena, notebook, effects, one);
		if (one->cell->execution_count < INT64_MAX)
			expected = one->cell->execution_count + 1;
	}
	for (size_t i = 0; i < log->run_count; i++)
		log->runs[i].step = i + 1;
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

const char *knowledge_name(enum knowledge knowledge)
{
	static const char *const names[] = {"recorded", "proved", "inferred", "assumed", "unknown"};
	return names[knowledge];
}
