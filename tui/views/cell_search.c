/* Searching through cells: their sources first, then their outputs, which are
 * read from the file on the way. Ctrl-C stops a search that takes long. */
#include "tui/views/cell_text.h"
#include "tui/views/detail.h"

enum { LOOK_AT_KEYS = 64 /* cells between two looks at the keyboard */ };

bool cell_matches(struct app *app, const struct search *search, const struct cell *cell)
{
	size_t start, end;
	bool found = search_find(search, cell->source, 0, &start, &end);
	for (size_t at = 0; at < cell->output_count && !found; at++) {
		struct arena *arena = terminal_arena();
		size_t count;
		struct slice *texts = output_texts(app, arena, &cell->outputs[at], &count);
		for (size_t text = 0; text < count && !found; text++)
			found = search_find(search, texts[text], 0, &start, &end);
		arena_free(arena);
	}
	return found;
}

size_t cell_search(struct app *app, bool back)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t count = notebook->cell_count, at = app->place.cell;
	for (size_t seen = 1; seen <= count; seen++) {
		at = back ? (at ? at : count) - 1 : at + 1 < count ? at + 1 : 0;
		if (cell_matches(app, app->search, &notebook->cells[at])) {
			if (back ? at >= app->place.cell : at <= app->place.cell)
				app_say(app, "The search went on from the %s.", back ? "end" : "top");
			return at;
		}
		if (seen % LOOK_AT_KEYS == 0 && app_interrupted(app))
			break;
	}
	return count;
}
