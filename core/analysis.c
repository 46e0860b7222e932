#include "analysis.h"

#include <setjmp.h>
#include <stdlib.h>

/* Where an analysis that runs out of memory goes back to. */
struct way_out {
	jmp_buf jump;
};

static void leave(void *context)
{
	struct way_out *way_out = context;
	longjmp(way_out->jump, 1);
}

static struct analysis *analyse(struct arena *arena, const struct analysis_sources *sources, struct failure *failure)
{
	struct analysis *analysis = arena_alloc(arena, sizeof *analysis);
	analysis->arena = arena;
	analysis->symbols = symbols_new(arena);
	analysis->notebook = notebook_open(arena, sources->path, failure);
	if (!analysis->notebook)
		return NULL;
	analysis->effects = effects_of_notebook(arena, analysis->symbols, analysis->notebook);
	struct log *log = sources->history.length ? log_from_history(arena, analysis->symbols, analysis->notebook,
	                                                             analysis->effects, sources->history, failure)
	                                          : log_from_notebook(arena, analysis->notebook, analysis->effects);
	if (!log) {
		notebook_close(analysis->notebook);
		return NULL;
	}
	analysis->status = status_of_notebook(arena, analysis->symbols, analysis->notebook, analysis->effects, log);
	analysis->log = analysis->status->log;
	return analysis;
}

struct analysis *analysis_open(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure)
{
	struct way_out way_out;
	struct arena *arena = arena_new(leave, &way_out);
	struct analysis *analysis = NULL;
	struct failure found = {0};
	if (!arena || setjmp(way_out.jump) != 0) {
		arena_free(arena);
		*failure = (struct failure){.file = sources->path, .message = SLICE("there is not enough memory to read this")};
		return NULL;
	}
	analysis = analyse(arena, sources, &found);
	/* From here on nobody stands where a jump would lead to. */
	arena_on_exhaustion(arena, NULL, NULL);
	if (!analysis) {
		*failure = found;
		failure->file = slice_copy(failure_arena, found.file);
		failure->message = slice_copy(failure_arena, found.message);
		arena_free(arena);
	}
	return analysis;
}

struct findings *analysis_findings(const struct analysis *analysis)
{
	struct evidence evidence = {analysis->symbols, analysis->notebook, analysis->effects, analysis->status};
	return findings_of(analysis->arena, &evidence);
}

void analysis_close(struct analysis *analysis)
{
	if (!analysis)
		return;
	notebook_close(analysis->notebook);
	arena_free(analysis->arena);
}
