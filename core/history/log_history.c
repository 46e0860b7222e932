/* The log with what IPython's history knows: the history says what ran in which order,
 * the file how the last runs ended and when. */
#include <stdlib.h>

#include "history/log_parts.h"
#include "history/matching.h"

struct historian {
	struct arena *arena;
	const struct notebook *notebook;
	struct effects *const *effects;
	struct log_writer writer;
};

/* A run as a row tells it, with what the file adds. */
static struct run run_of_row(const struct historian *historian, const struct history_row *row,
                             const struct row_link *link, const struct effects *effects)
{
	struct run run = {.end_known = KNOWN_UNKNOWN};
	if (link->link == LINK_LAST_RUN)
		run = run_of_cell(historian->arena, historian->notebook, effects, historian->notebook->code[link->cell - 1]);
	run.count = row->count;
	run.cell = link->cell;
	run.origin = RUN_RECORDED;
	run.via = VIA_IPYTHON;
	run.known = KNOWN_RECORDED;
	run.link = link->link;
	run.link_known = link->known;
	run.effects = effects;
	run.source = row->source;
	return run;
}

static int compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

static void add_session(struct historian *historian, const struct matched_session *matched,
                        struct effects *const *effects)
{
	struct arena *arena = historian->arena;
	const struct history_session *rows = matched->session;
	struct session session = {.history_session = rows->number,
	                          .started = instant_text(arena, rows->started),
	                          .ended = instant_text(arena, rows->ended),
	                          .known = matched->known};
	VECTOR(struct run) runs = {0};
	for (size_t i = 0; i < rows->row_count; i++)
		vector_push(arena, &runs, run_of_row(historian, &rows->rows[i], &matched->links[i], effects[i]));
	for (size_t i = 0; i < matched->missing_cells.count; i++) {
		size_t number = matched->missing_cells.items[i];
		vector_push(arena, &runs,
		            run_of_cell(arena, historian->notebook, historian->effects[number - 1],
		                        historian->notebook->code[number - 1]));
	}
	if (runs.count)
		qsort(runs.items, runs.count, sizeof *runs.items, compare_runs);
	log_begin_session(&historian->writer, &session);
	for (size_t i = 0; i < runs.count; i++)
		log_add_run(&historian->writer, &runs.items[i]);
}

/* The effects of all rows, session by session. */
static struct effects **effects_of_match(const struct historian *historian, struct symbols *symbols,
                                         const struct history_match *match)
{
	VECTOR(struct slice) sources = {0};
	for (size_t i = 0; i < match->session_count; i++)
		for (size_t j = 0; j < match->sessions[i].session->row_count; j++)
			vector_push(historian->arena, &sources, match->sessions[i].session->rows[j].source);
	return effects_of_runs(historian->arena, symbols, historian->notebook, historian->effects, sources.items,
	                       sources.count);
}

struct log *log_from_history(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                             struct effects *const *effects, struct slice path, struct failure *failure)
{
	struct ipython_history *history = ipython_history_read(arena, path, notebook, failure);
	if (!history)
		return NULL;
	int64_t *times = arena_array(arena, notebook->code_count, sizeof *times);
	for (size_t i = 0; i < notebook->code_count; i++) {
		struct cell_metadata metadata;
		run_times(arena, notebook, notebook->code[i], &metadata);
		times[i] = instant_of_text(metadata.started, NULL);
	}
	struct history_match *match = history_match(arena, notebook, history, times);
	struct historian historian = {.arena = arena, .notebook = notebook, .effects = effects};
	struct effects **of_rows = effects_of_match(&historian, symbols, match);
	const struct evidence *evidence = evidence_of_notebook(arena, notebook);
	struct log *log = log_from_cells(arena, notebook, effects, evidence, match->found, &historian.writer);
	for (size_t i = 0; i < match->session_count; i++) {
		add_session(&historian, &match->sessions[i], of_rows);
		of_rows += match->sessions[i].session->row_count;
	}
	log->history_is_foreign = match->session_count == 0;
	log_weigh_evidence(arena, notebook, effects, evidence, log);
	return log;
}
