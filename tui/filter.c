/* The cells that the file order shows: all, or those that match a pattern. */
#include "tui/parts.h"
#include "tui/views/detail.h"

size_t app_shown_count(const struct app *app)
{
	return app->filter ? app->shown.count : app->analysis->notebook->cell_count;
}

size_t app_shown_cell(const struct app *app, size_t row)
{
	return app->filter ? app->shown.items[row] : row;
}

size_t app_shown_row(const struct app *app, size_t cell)
{
	size_t low = 0, high = app->shown.count;
	if (!app->filter)
		return cell;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (app->shown.items[middle] < cell)
			low = middle + 1;
		else
			high = middle;
	}
	return low < app->shown.count ? low : low ? low - 1 : 0;
}

void filter_drop(struct app *app)
{
	search_free(app->filter);
	arena_free(app->filter_arena);
	app->filter = NULL;
	app->filter_arena = NULL;
	app->shown.items = NULL;
	app->shown.count = app->shown.capacity = 0;
}

bool filter_renew(struct app *app)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (!app->filter)
		return true;
	arena_free(app->filter_arena);
	app->filter_arena = terminal_arena();
	app->shown.items = NULL;
	app->shown.count = app->shown.capacity = 0;
	struct progress progress = progress_begin(app);
	app_begin_search(app);
	for (size_t at = 0; at < notebook->cell_count && !app->search_stopped; at++) {
		if (cell_matches(app, app->filter, &notebook->cells[at], &progress))
			vector_push(app->filter_arena, &app->shown, at);
	}
	return app->shown.count > 0;
}

void filter_set(struct app *app, struct slice pattern)
{
	struct slice mistake = {0};
	filter_drop(app);
	if (pattern.length == 0) {
		app_say(app, "All cells are shown.");
		return;
	}
	app->filter = search_new(app->frame, pattern, app->settings.scope, &mistake);
	if (!app->filter || !filter_renew(app)) {
		app_complain(app, "No cell matches %.*s.", SLICE_FORMAT(pattern));
		filter_drop(app);
		return;
	}
	app_go(app, app_shown_cell(app, app_shown_row(app, app->place.cell)));
	app_say(app, "%s%zu of %zu cells match; & and Enter show all of them.", app->search_stopped ? "Stopped: " : "",
	        app->shown.count, app->analysis->notebook->cell_count);
}
