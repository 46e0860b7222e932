/* What is selected, and the ways to go somewhere else: cell by cell, to marks, and
 * back to where one came from. */
#include "tui/parts.h"
#include "tui/views/image.h"

enum { LOOK_AT_KEYS = 64 /* cells between two looks at the keyboard */ };

/* --- what is selected --- */

const struct cell *app_cell(const struct app *app)
{
	const struct notebook *notebook = app->analysis->notebook;
	return app->place.cell < notebook->cell_count ? &notebook->cells[app->place.cell] : NULL;
}

const struct cell_status *app_status(const struct app *app, const struct cell *cell)
{
	return cell->number ? &app->analysis->status->cells[cell->number - 1] : NULL;
}

void app_go(struct app *app, size_t cell)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (notebook->cell_count == 0)
		return;
	app->place.cell = cell < notebook->cell_count ? cell : notebook->cell_count - 1;
	app->place.run = orders_run_of(app->orders, app_cell(app));
}

void app_go_run(struct app *app, size_t run)
{
	const struct analysis *analysis = app->analysis;
	size_t number = analysis->log->runs[run].cell;
	app->place.run = run;
	if (number)
		app->place.cell = analysis->notebook->code[number - 1]->index;
}

void app_go_cell_number(struct app *app, size_t number)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (notebook->code_count == 0) {
		app_complain(app, "The notebook has no code cell.");
	} else {
		app_leave_trace(app);
		app_go(app, notebook->code[(number < notebook->code_count ? number : notebook->code_count) - 1]->index);
	}
}

/* --- going from cell to cell --- */

static bool is_stale(const struct app *app, const struct cell *cell)
{
	const struct cell_status *status = app_status(app, cell);
	return status && (status->status == STATUS_STALE || status->status == STATUS_BROKEN);
}

static bool is_failed(const struct app *app, const struct cell *cell)
{
	const struct cell_status *status = app_status(app, cell);
	return status && status->error;
}

static bool has_outputs(const struct app *app, const struct cell *cell)
{
	(void)app;
	return cell->output_count > 0;
}

static bool is_heading(const struct app *app, const struct cell *cell)
{
	return cell->type == CELL_MARKDOWN && slice_starts(first_line(app->frame, cell->source), SLICE("#"));
}

static bool is_changed(const struct app *app, const struct cell *cell)
{
	return app->changed && app->changed[cell->index];
}

static bool has_image(const struct app *app, const struct cell *cell)
{
	return cell_has_image(app, cell);
}

static bool has_finding(const struct app *app, const struct cell *cell)
{
	return cell->number && app->has_finding[cell->number];
}

static void go_to_next(struct app *app, bool (*wanted)(const struct app *, const struct cell *), bool back,
                       size_t number, const char *none)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t count = notebook->cell_count, at = app->place.cell, times = number ? number : 1;
	app_begin_search(app);
	for (size_t seen = 0; seen < count; seen++) {
		bool wraps = back ? at == 0 : at + 1 >= count;
		at = wraps ? (back ? count - 1 : 0) : back ? at - 1 : at + 1;
		if (wraps)
			app_say(app, "Went on from the %s.", back ? "end" : "top");
		if (wanted(app, &notebook->cells[at]) && --times == 0) {
			app_leave_trace(app);
			app_go(app, at);
			return;
		}
		if (seen % LOOK_AT_KEYS == LOOK_AT_KEYS - 1 && app_interrupted(app, seen, count)) {
			app_say(app, "Stopped.");
			return;
		}
	}
	app_complain(app, "%s", none);
}

/* To the cell that heads the part of the notebook in which this one stands. */
static void go_to_heading_above(struct app *app)
{
	const struct notebook *notebook = app->analysis->notebook;
	size_t at = app->place.cell;
	while (at > 0 && !is_heading(app, &notebook->cells[at - 1]))
		at--;
	if (at == 0) {
		app_complain(app, "There is no heading above.");
		return;
	}
	app_leave_trace(app);
	app_go(app, at - 1);
}

static void step_cells(struct app *app, bool back, size_t number)
{
	size_t times = number ? number : 1, count = app_shown_count(app), row = app_shown_row(app, app->place.cell);
	size_t room = back ? row : count - (count ? 1 : 0) - row;
	times = times < room ? times : room;
	if (count)
		app_go(app, app_shown_cell(app, back ? row - times : row + times));
}

/* --- jumps --- */

static bool is_here(const struct app *app, struct place place)
{
	return place.cell == app->place.cell && place.run == app->place.run;
}

void app_leave_trace(struct app *app)
{
	struct jumps *jumps = &app->jumps;
	jumps->count = jumps->at < jumps->count ? jumps->at : jumps->count;
	if (jumps->count == 0 || !is_here(app, jumps->items[jumps->count - 1]))
		vector_push(app->arena, jumps, app->place);
	jumps->at = jumps->count;
}

static void jump(struct app *app, bool back, size_t number)
{
	struct jumps *jumps = &app->jumps;
	size_t room = back ? jumps->at : jumps->count - jumps->at, times = number ? number : 1;
	/* The place that one leaves is what the way forward ends with. */
	if (back && jumps->at == jumps->count && room && !is_here(app, jumps->items[jumps->count - 1])) {
		vector_push(app->arena, jumps, app->place);
		jumps->at = jumps->count - 1;
	}
	if (!back && room)
		room--;
	if (room == 0) {
		app_complain(app, back ? "There is no place to go back to." : "There is no place to go forward to.");
		return;
	}
	times = times < room ? times : room;
	jumps->at = back ? jumps->at - times : jumps->at + times;
	app->place = jumps->items[jumps->at];
}

/* --- marks --- */

static size_t mark_index(key_code letter)
{
	return letter >= 'a' && letter <= 'z' ? (size_t)(letter - 'a') : MARKS;
}

static void set_mark(struct app *app, key_code letter)
{
	size_t which = mark_index(letter);
	if (which == MARKS) {
		app_complain(app, "A mark is a letter from a to z.");
		return;
	}
	app->marks[which] = (struct mark){app->place, true};
	app_say(app, "Mark %c is here; '%c goes to it.", (int)letter, (int)letter);
}

static void go_to_mark(struct app *app, key_code letter)
{
	size_t which = mark_index(letter);
	bool back = letter == '\'' || letter == '`';
	if (back && app->jumps.at == 0) {
		app_complain(app, "There is no place to go back to.");
	} else if (back) {
		struct place place = app->jumps.items[app->jumps.at - 1]; /* once more comes back here */
		app_leave_trace(app);
		app->place = place;
	} else if (which == MARKS || !app->marks[which].set) {
		app_complain(app, "There is no such mark; m and a letter sets one.");
	} else {
		struct place place = app->marks[which].place;
		app_leave_trace(app);
		app->place = place;
	}
}

void places_take_letter(struct app *app, enum action action, key_code letter)
{
	if (letter == PRESSED_ESCAPE)
		return;
	if (action == ACTION_MARK)
		set_mark(app, letter);
	else
		go_to_mark(app, letter);
}

void places_list_marks(const struct app *app, struct builder *out)
{
	const struct notebook *notebook = app->analysis->notebook;
	for (size_t which = 0; which < MARKS; which++) {
		if (!app->marks[which].set || app->marks[which].place.cell >= notebook->cell_count)
			continue;
		const struct cell *cell = &notebook->cells[app->marks[which].place.cell];
		builder_add_format(out, "%c  ", (int)('a' + which));
		if (cell->number)
			builder_add_format(out, "cell %zu  ", cell->number);
		builder_add(out, first_line(out->arena, cell->source));
		builder_add_byte(out, '\n');
	}
}

/* --- another analysis --- */

/* Where a cell of another analysis is now: the cell with its id, or with its
 * source, the nearest one first; else the one with its index. */
size_t app_find_again(const struct notebook *notebook, const struct cell *cell)
{
	size_t count = notebook->cell_count;
	for (size_t at = 0; cell->id.length && at < count; at++) {
		if (slice_equal(notebook->cells[at].id, cell->id))
			return at;
	}
	for (size_t distance = 0; distance < count || distance <= cell->index; distance++) {
		size_t after = cell->index + distance, before = cell->index - distance;
		if (after < count && slice_equal(notebook->cells[after].source, cell->source))
			return after;
		if (distance <= cell->index && before < count && slice_equal(notebook->cells[before].source, cell->source))
			return before;
	}
	return cell->index;
}

static struct place carried(const struct app *app, const struct notebook *old, struct place place)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (notebook->cell_count == 0)
		return (struct place){0, NO_RUN};
	size_t cell = place.cell < old->cell_count ? app_find_again(notebook, &old->cells[place.cell]) : 0;
	cell = cell < notebook->cell_count ? cell : notebook->cell_count - 1;
	return (struct place){cell, orders_run_of(app->orders, &notebook->cells[cell])};
}

void places_carry_over(struct app *app, const struct notebook *old)
{
	app->place = carried(app, old, app->place);
	folds_carry_over(app, old);
	for (size_t at = 0; at < app->jumps.count; at++)
		app->jumps.items[at] = carried(app, old, app->jumps.items[at]);
	for (size_t which = 0; which < MARKS; which++)
		app->marks[which].place = carried(app, old, app->marks[which].place);
}

static void renew_run(const struct app *app, struct place *place)
{
	const struct notebook *notebook = app->analysis->notebook;
	if (place->cell < notebook->cell_count)
		place->run = orders_run_of(app->orders, &notebook->cells[place->cell]);
}

void places_renew(struct app *app)
{
	renew_run(app, &app->place);
	for (size_t at = 0; at < app->jumps.count; at++)
		renew_run(app, &app->jumps.items[at]);
	for (size_t which = 0; which < MARKS; which++)
		renew_run(app, &app->marks[which].place);
}

bool places_act(struct app *app, enum action action, size_t number)
{
	static const char *const NO_STALE = "No cell is stale or broken.", *const NO_ERROR = "No saved output is an error.",
	                         *const NO_OUTPUT = "No cell has an output.", *const NO_IMAGE = "No output has an image.",
	                         *const NO_HEADING = "The notebook has no heading.",
	                         *const NO_CHANGE = "Nothing has changed since the file was read.";
	switch (action) {
	case ACTION_NEXT_CELL: step_cells(app, false, number); return true;
	case ACTION_PREVIOUS_CELL: step_cells(app, true, number); return true;
	case ACTION_NEXT_STALE: go_to_next(app, is_stale, false, number, NO_STALE); return true;
	case ACTION_PREVIOUS_STALE: go_to_next(app, is_stale, true, number, NO_STALE); return true;
	case ACTION_NEXT_ERROR: go_to_next(app, is_failed, false, number, NO_ERROR); return true;
	case ACTION_PREVIOUS_ERROR: go_to_next(app, is_failed, true, number, NO_ERROR); return true;
	case ACTION_NEXT_OUTPUT: go_to_next(app, has_outputs, false, number, NO_OUTPUT); return true;
	case ACTION_PREVIOUS_OUTPUT: go_to_next(app, has_outputs, true, number, NO_OUTPUT); return true;
	case ACTION_NEXT_HEADING: go_to_next(app, is_heading, false, number, NO_HEADING); return true;
	case ACTION_PREVIOUS_HEADING: go_to_next(app, is_heading, true, number, NO_HEADING); return true;
	case ACTION_NEXT_FINDING:
	case ACTION_PREVIOUS_FINDING:
		if (app_findings(app))
			go_to_next(app, has_finding, action == ACTION_PREVIOUS_FINDING, number, "There is no finding on a cell.");
		else
			app_say(app, "Stopped.");
		return true;
	case ACTION_NEXT_IMAGE: go_to_next(app, has_image, false, number, NO_IMAGE); return true;
	case ACTION_PREVIOUS_IMAGE: go_to_next(app, has_image, true, number, NO_IMAGE); return true;
	case ACTION_NEXT_PART: step_cells(app, false, number); return true;
	case ACTION_PREVIOUS_PART: step_cells(app, true, number); return true;
	case ACTION_PARENT:
		if (app_focused_name(app))
			app_act(app, ACTION_DEFINITION, 0);
		else
			go_to_heading_above(app);
		return true;
	case ACTION_NEXT_CHANGE: go_to_next(app, is_changed, false, number, NO_CHANGE); return true;
	case ACTION_PREVIOUS_CHANGE: go_to_next(app, is_changed, true, number, NO_CHANGE); return true;
	case ACTION_JUMP_BACK: jump(app, true, number); return true;
	case ACTION_JUMP_ON: jump(app, false, number); return true;
	case ACTION_MARK:
	case ACTION_GO_TO_MARK: app->waiting = action; return true;
	default: return false;
	}
}
