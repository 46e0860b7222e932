/* Searching through cells: their sources first, then their outputs, which are
 * read from the file on the way. Ctrl-C stops a search that takes long. */
#include "python/highlight.h"
#include "tui/folds.h"
#include "tui/views/cell_text.h"
#include "tui/views/detail.h"

enum { LOOK_AT_KEYS = 1 << 20 /* bytes between two looks at the keyboard */ };

/* --- sources --- */

bool name_search(const struct search *search, struct slice source, const struct token_span *tokens, size_t count,
                 size_t *at)
{
	size_t start, end;
	for (; *at < count; ++*at) {
		enum token_class class = tokens[*at].class;
		bool name = class == TOKEN_NAME || class == TOKEN_BUILTIN || class == TOKEN_DEFINITION;
		struct span span = tokens[*at].span;
		if (name && search_find(search, slice_part(source, span.start, span.end), 0, &start, &end))
			return true;
	}
	return false;
}

static bool source_matches(const struct search *search, const struct cell *cell)
{
	size_t count, start, end, at = 0;
	if (search_scope(search) == SEARCH_OUTPUTS)
		return false;
	if (search_scope(search) != SEARCH_NAMES)
		return search_find(search, cell->source, 0, &start, &end);
	if (cell->type != CELL_CODE)
		return false;
	struct arena *scratch = terminal_arena();
	const struct token_span *tokens = python_highlight(scratch, cell->source, true, &count);
	bool found = name_search(search, cell->source, tokens, count, &at);
	arena_free(scratch);
	return found;
}

static bool looks_in_outputs(const struct search *search)
{
	return search_scope(search) == SEARCH_ALL || search_scope(search) == SEARCH_OUTPUTS;
}

/* --- outputs --- */

/* A search through the lines of one output. */
struct walk {
	struct app *app;
	const struct search *search;
	struct progress *progress;
	uint64_t unseen;    /* bytes since the last look at the keyboard */
	size_t line, first; /* the next line, and the one from which on matches count */
	bool found;
};

static bool visit(void *context, struct slice line)
{
	struct walk *walk = context;
	size_t start, end;
	walk->progress->done += line.length + 1;
	walk->unseen += line.length + 1;
	if (walk->unseen >= LOOK_AT_KEYS) {
		walk->unseen = 0;
		if (app_interrupted(walk->app, walk->progress->done, walk->progress->total))
			return false;
	}
	walk->found = walk->line >= walk->first && search_find(walk->search, line, 0, &start, &end);
	walk->line += !walk->found;
	return !walk->found;
}

struct progress progress_begin(const struct app *app)
{
	const struct notebook *notebook = app->analysis->notebook;
	struct progress progress = {0};
	for (size_t at = 0; at < notebook->cell_count; at++)
		progress.total += notebook->cells[at].outputs_size + notebook->cells[at].source.length + 1;
	return progress;
}

bool cell_matches(struct app *app, const struct search *search, const struct cell *cell, struct progress *progress)
{
	uint64_t end = progress->done + cell->outputs_size + cell->source.length + 1;
	bool found = source_matches(search, cell);
	struct walk walk = {.app = app, .search = search, .progress = progress};
	for (size_t at = 0; at < cell->output_count && looks_in_outputs(search) && !found && !app->search_stopped; at++) {
		output_walk(app, &cell->outputs[at], visit, &walk);
		found = walk.found;
	}
	progress->done = end;
	app_interrupted(app, end, progress->total);
	return found;
}

bool cell_reveal(struct app *app, const struct cell *cell, size_t part)
{
	if (!looks_in_outputs(app->search))
		return false;
	struct progress progress = {0, cell->outputs_size};
	size_t group = PART_OUTPUTS;
	for (size_t at = 0; at < cell->output_count && !app->search_stopped; at++) {
		group = output_continues(cell, at) ? group : PART_OUTPUTS + at;
		int level = folds_level(app, cell->index, group);
		if (group < part || level == OUTPUT_ALL)
			continue;
		size_t shown = level == OUTPUT_NONE || output_is_withheld(&cell->outputs[at], level) ? 0 : folds_lines(level);
		struct walk walk = {.app = app, .search = app->search, .progress = &progress, .first = shown};
		output_walk(app, &cell->outputs[at], visit, &walk);
		if (walk.found) {
			folds_show_lines(app, cell->index, group, walk.line + 1);
			while (output_is_withheld(&cell->outputs[at], folds_level(app, cell->index, group)))
				folds_show_lines(app, cell->index, group, folds_lines(folds_level(app, cell->index, group)) + 1);
			return true;
		}
	}
	return false;
}

size_t cell_search(struct app *app, bool back)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t count = notebook->cell_count, at = app->place.cell;
	struct progress progress = progress_begin(app);
	for (size_t seen = 1; seen <= count; seen++) {
		at = back ? (at ? at : count) - 1 : at + 1 < count ? at + 1 : 0;
		if (cell_matches(app, app->search, &notebook->cells[at], &progress)) {
			if (back ? at >= app->place.cell : at <= app->place.cell)
				app_say(app, "The search went on from the %s.", back ? "end" : "top");
			return at;
		}
		if (app->search_stopped)
			break;
	}
	return count;
}
