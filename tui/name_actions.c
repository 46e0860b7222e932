/* What is done with the name in the focus: to where it was bound, who reads it, and
 * where else it stands. */
#include "tui/known_names.h"
#include "tui/parts.h"

symbol app_focused_name(const struct app *app)
{
	const struct place *place = &app->focus.place;
	return place->cell == app->place.cell && place->run == app->place.run ? app->focus.name : 0;
}

/* To the step that had bound what was read, or that binds what is there after it. */
static void go_to_definition(struct app *app, symbol name, bool from_top)
{
	const struct name_row *row = versions_row(app_versions(app, from_top), name);
	const struct cell *cell = app_cell(app);
	size_t here = !from_top ? app->place.run : cell->number ? cell->number - 1 : NO_STEP;
	const struct touch *touch = NULL;
	if (row && here != NO_STEP && here != NO_RUN) {
		touch = versions_touch(row, here);
		if (!touch)
			touch = versions_last_touch(app_versions(app, from_top), row, here);
	}
	size_t step = !touch ? NO_STEP : touch->reads && touch->step == here ? touch->read_from : touch->bound_in;
	if (step == NO_STEP || step == here) {
		app_say(app, "%.*s", SLICE_FORMAT(known_name_text(app, name, app->place)));
		return;
	}
	app_leave_trace(app);
	if (from_top)
		app_go(app, app->analysis->notebook->code[step]->index);
	else
		app_go_run(app, step);
	app->focus = (struct name_focus){name, app->place, NO_OFFSET};
}

static void search_for(struct app *app, symbol name, bool back)
{
	struct slice text = symbols_name(app->analysis->symbols, name);
	app_search(app, slice_format(app->frame, "(?-i)\\b%.*s\\b", SLICE_FORMAT(text)), back);
}

bool name_actions_act(struct app *app, enum action action)
{
	symbol name = app_focused_name(app);
	if (action != ACTION_DEFINITION && action != ACTION_DEFINITION_TOP && action != ACTION_READERS &&
	    action != ACTION_SEARCH_NAME && action != ACTION_SEARCH_NAME_BACK)
		return false;
	if (!name) {
		app_complain(app, "Go to a name, or to a line with one, first: w goes to the next one.");
	} else if (action == ACTION_READERS) {
		app->results = (struct wanted_results){name, app->results.number + 1};
		app_open_view(app, VIEW_RESULTS);
	} else if (action == ACTION_SEARCH_NAME || action == ACTION_SEARCH_NAME_BACK) {
		search_for(app, name, action == ACTION_SEARCH_NAME_BACK);
	} else {
		go_to_definition(app, name, action == ACTION_DEFINITION_TOP);
	}
	return true;
}
