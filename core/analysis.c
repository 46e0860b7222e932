#include "analysis.h"

#include <setjmp.h>
#include <stdlib.h>

#include "notebook/bytes.h"

/* Work in an arena of its own that ends in the middle, and with its arena, when memory
 * runs out or the watch has it stopped. */
struct work {
	struct arena *arena;
	const struct analysis_watch *watch;
	bool stopped;
	jmp_buf way_out;
};

static void leave(void *context)
{
	struct work *work = context;
	longjmp(work->way_out, 1);
}

static void ask_watch(void *context, const char *what, size_t done, size_t whole)
{
	struct work *work = context;
	if (work->watch->go_on(work->watch->context, what, done, whole))
		return;
	work->stopped = true;
	longjmp(work->way_out, 1);
}

/* Does the work; false when it was left. From then on nobody stands where a jump would
 * lead to. The arena stays the caller's in either case. */
static bool work_do(struct work *work, void (*step)(struct arena *arena, void *context), void *context)
{
	if (!work->arena || setjmp(work->way_out) != 0)
		return false;
	arena_on_exhaustion(work->arena, leave, work);
	if (work->watch)
		arena_watch(work->arena, ask_watch, work);
	step(work->arena, context);
	arena_on_exhaustion(work->arena, NULL, NULL);
	arena_watch(work->arena, NULL, NULL);
	return true;
}

/* Why there is no result: the work was left, or it found out, in an arena that is about to go. */
static void tell(const struct work *work, bool done, const struct analysis_sources *sources,
                 const struct failure *found, struct arena *arena, struct failure *failure)
{
	if (done) {
		*failure = *found;
		failure->file = slice_copy(arena, found->file);
		failure->message = slice_copy(arena, found->message);
	} else {
		*failure = (struct failure){.file = sources->path,
		                            .message = work->stopped ? SLICE("stopped")
		                                                     : SLICE("there is not enough memory to read this")};
	}
}

/* --- the file --- */

struct reading {
	const struct analysis_sources *sources;
	struct notebook_bytes *bytes;
	struct notebook *notebook;
	struct failure failure;
};

static void read_file(struct arena *arena, void *context)
{
	struct reading *reading = context;
	reading->bytes = bytes_open(arena, reading->sources->path, &reading->failure);
	if (reading->bytes)
		reading->notebook = notebook_of_bytes(arena, reading->sources->path, reading->bytes, &reading->failure);
}

struct analysis *analysis_read(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure)
{
	struct work work = {.arena = arena_new(NULL, NULL), .watch = sources->watch};
	struct reading reading = {.sources = sources};
	struct arena *arena = arena_new(NULL, NULL);
	bool done = arena && work_do(&work, read_file, &reading);
	if (done && reading.notebook) {
		struct analysis *analysis = arena_alloc(arena, sizeof *analysis);
		*analysis = (struct analysis){.arena = arena, .file = work.arena, .notebook = reading.notebook};
		return analysis;
	}
	tell(&work, done, sources, &reading.failure, failure_arena, failure);
	bytes_close(reading.bytes);
	arena_free(work.arena);
	arena_free(arena);
	return NULL;
}

/* --- what is in it --- */

struct completing {
	const struct analysis_sources *sources;
	struct notebook *notebook;
	struct analysis *analysis;
	struct failure failure;
};

static struct analysis *begin(struct arena *arena, struct notebook *notebook)
{
	struct analysis *analysis = arena_alloc(arena, sizeof *analysis);
	*analysis = (struct analysis){.arena = arena, .symbols = symbols_new(arena), .notebook = notebook};
	return analysis;
}

static void finish(struct analysis *analysis, const struct log *log)
{
	analysis->status =
	    status_of_notebook(analysis->arena, analysis->symbols, analysis->notebook, analysis->effects, log);
	analysis->log = analysis->status->log;
}

static void complete(struct arena *arena, void *context)
{
	struct completing *completing = context;
	struct analysis *analysis = begin(arena, completing->notebook);
	struct slice history = completing->sources->history;
	analysis->effects = effects_of_notebook(arena, analysis->symbols, analysis->notebook);
	struct log *log = history.length ? log_from_history(arena, analysis->symbols, analysis->notebook, analysis->effects,
	                                                    history, &completing->failure)
	                                 : log_from_notebook(arena, analysis->notebook, analysis->effects);
	if (!log)
		return;
	finish(analysis, log);
	completing->analysis = analysis;
}

struct analysis *analysis_complete(const struct analysis *read, const struct analysis_sources *sources,
                                   struct arena *failure_arena, struct failure *failure)
{
	struct work work = {.arena = arena_new(NULL, NULL), .watch = sources->watch};
	struct completing completing = {.sources = sources, .notebook = read->notebook};
	bool done = work_do(&work, complete, &completing);
	if (done && completing.analysis)
		return completing.analysis;
	tell(&work, done, sources, &completing.failure, failure_arena, failure);
	arena_free(work.arena);
	return NULL;
}

/* Cells in a language that is not known are cells of which nothing is known. */
static void outline(struct arena *arena, void *context)
{
	struct analysis *read = context;
	struct analysis *analysis = begin(arena, read->notebook);
	struct notebook *notebook = read->notebook;
	analysis->effects = arena_array(arena, notebook->code_count, sizeof(struct effects *));
	for (size_t i = 0; i < notebook->code_count; i++) {
		analysis->effects[i] = arena_alloc(arena, sizeof(struct effects));
		analysis->effects[i]->cell = notebook->code[i];
	}
	finish(analysis, log_from_notebook(arena, notebook, analysis->effects));
	for (size_t i = 0; i < analysis->status->cell_count; i++) {
		struct cell_status *status = &analysis->status->cells[i];
		for (size_t reason = 0; reason < status->reason_count; reason++)
			status->reasons[reason].why = SLICE("The cells are still being read.");
	}
	analysis->file = read->file;
	*read = *analysis;
}

bool analysis_outline(struct analysis *analysis)
{
	struct arena *former = analysis->arena;
	struct work work = {.arena = arena_child(former)};
	struct analysis result = {.file = analysis->file, .notebook = analysis->notebook};
	if (!work_do(&work, outline, &result)) {
		arena_free(work.arena);
		return false;
	}
	result.arena = former;
	*analysis = result;
	return true;
}

struct analysis *analysis_empty(struct slice path)
{
	static const char NO_CELLS[] = "{\"cells\": [], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}";
	struct arena *arena = arena_new(NULL, NULL), *file = arena_new(NULL, NULL);
	struct failure failure;
	struct analysis *analysis = arena && file ? arena_alloc(arena, sizeof *analysis) : NULL;
	if (!analysis) {
		arena_free(arena);
		arena_free(file);
		return NULL;
	}
	*analysis = (struct analysis){
	    .arena = arena, .file = file, .notebook = notebook_read(file, path, slice_of(NO_CELLS), &failure)};
	if (analysis_outline(analysis))
		return analysis;
	analysis_close(analysis);
	return NULL;
}

void analysis_take_notebook(struct analysis *analysis, struct analysis *read)
{
	analysis->file = read->file;
	arena_free(read->arena);
}

struct analysis *analysis_open(const struct analysis_sources *sources, struct arena *failure_arena,
                               struct failure *failure)
{
	struct analysis *read = analysis_read(sources, failure_arena, failure);
	if (!read)
		return NULL;
	struct analysis *analysis = analysis_complete(read, sources, failure_arena, failure);
	if (analysis)
		analysis_take_notebook(analysis, read);
	else
		analysis_close(read);
	return analysis;
}

/* --- what few ask for --- */

struct asking {
	const struct analysis *analysis;
	struct findings *findings;
	struct graph *graphs;
};

static void find(struct arena *arena, void *context)
{
	struct asking *asking = context;
	const struct analysis *analysis = asking->analysis;
	struct evidence evidence = {analysis->symbols, analysis->notebook, analysis->effects, analysis->status};
	asking->findings = findings_of(arena, &evidence);
}

static void draw_graphs(struct arena *arena, void *context)
{
	struct asking *asking = context;
	const struct analysis *analysis = asking->analysis;
	asking->graphs = graph_of_notebook(
	    arena, traced_new(arena, analysis->symbols, analysis->notebook, analysis->effects, analysis->log));
}

static void ask(struct asking *asking, void (*step)(struct arena *arena, void *context),
                const struct analysis_watch *watch)
{
	struct work work = {.arena = arena_child(asking->analysis->arena), .watch = watch};
	if (!work_do(&work, step, asking))
		arena_free(work.arena);
}

struct findings *analysis_findings(const struct analysis *analysis, const struct analysis_watch *watch)
{
	struct asking asking = {analysis};
	ask(&asking, find, watch);
	return asking.findings;
}

struct graph *analysis_graphs(const struct analysis *analysis, const struct analysis_watch *watch)
{
	struct asking asking = {analysis};
	ask(&asking, draw_graphs, watch);
	return asking.graphs;
}

void analysis_close(struct analysis *analysis)
{
	if (!analysis)
		return;
	if (analysis->file) {
		notebook_close(analysis->notebook);
		arena_free(analysis->file);
	}
	arena_free(analysis->arena);
}
