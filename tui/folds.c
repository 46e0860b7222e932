#include "tui/folds.h"

#include <string.h>

#include "tui/parts.h"

size_t folds_lines(int level)
{
	static const size_t LINES[] = {
	    [OUTPUT_NONE] = 1, [OUTPUT_SOME] = 200, [OUTPUT_MORE] = 2000, [OUTPUT_MOST] = 20000, [OUTPUT_ALL] = 0};
	return LINES[level];
}

/* --- levels, sorted by cell and part --- */

static bool is_before(const struct fold *fold, size_t cell, size_t part)
{
	return fold->cell != cell ? fold->cell < cell : fold->part < part;
}

static size_t place_of(const struct folds *folds, size_t cell, size_t part)
{
	size_t low = 0, high = folds->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (is_before(&folds->items[middle], cell, part))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct fold *find(const struct folds *folds, size_t cell, size_t part)
{
	size_t at = place_of(folds, cell, part);
	bool there = at < folds->count && folds->items[at].cell == cell && folds->items[at].part == part;
	return there ? &folds->items[at] : NULL;
}

/* The level that was given to a part or to its cell, or null. */
static const struct fold *given(const struct app *app, size_t cell, size_t part)
{
	const struct fold *own = find(&app->folds, cell, part);
	return own ? own : find(&app->folds, cell, PART_HEAD);
}

bool folds_own(const struct app *app, size_t cell, size_t part)
{
	return given(app, cell, part) != NULL;
}

int folds_level(const struct app *app, size_t cell, size_t part)
{
	const struct fold *fold = given(app, cell, part);
	if (part == PART_SOURCE)
		return fold && fold->level == OUTPUT_NONE ? OUTPUT_NONE : OUTPUT_ALL;
	return fold ? fold->level : app->settings.outputs;
}

/* The level of a cell as a whole takes the place of those of its parts. */
static void set(struct app *app, size_t cell, size_t part, int level)
{
	struct folds *folds = &app->folds;
	size_t at = place_of(folds, cell, part), end = at;
	while (end < folds->count && folds->items[end].cell == cell &&
	       (part == PART_HEAD || folds->items[end].part == part))
		end++;
	if (end == at) {
		vector_push(app->arena, folds, (struct fold){0});
		end++;
		memmove(folds->items + end, folds->items + at, (folds->count - end) * sizeof *folds->items);
	} else {
		memmove(folds->items + at + 1, folds->items + end, (folds->count - end) * sizeof *folds->items);
		folds->count -= end - at - 1;
	}
	folds->items[at] = (struct fold){cell, part, level};
}

void folds_show_lines(struct app *app, size_t cell, size_t part, size_t lines)
{
	int level = folds_level(app, cell, part);
	while (level < OUTPUT_ALL && (level == OUTPUT_NONE || folds_lines(level) < lines))
		level++;
	set(app, cell, part, level);
	app_renew(app);
}

void folds_carry_over(struct app *app, const struct notebook *old)
{
	struct folds before = app->folds;
	app->folds = (struct folds){0};
	for (size_t at = 0; at < before.count; at++) {
		const struct fold *fold = &before.items[at];
		if (fold->cell < old->cell_count)
			set(app, app_find_again(app->analysis->notebook, &old->cells[fold->cell]), fold->part, fold->level);
	}
}

/* --- what a person does --- */

static struct slice part_name(const struct app *app, size_t part)
{
	const struct cell *cell = app_cell(app);
	if (part == PART_HEAD)
		return SLICE("This cell");
	if (part == PART_SOURCE)
		return SLICE("The source");
	return slice_format(app->frame, "Output %zu of %zu", part - PART_OUTPUTS + 1, cell->output_count);
}

static void say_level(struct app *app, struct slice what, int level)
{
	if (level == OUTPUT_NONE)
		app_say(app, "%.*s: folded.", SLICE_FORMAT(what));
	else if (level == OUTPUT_ALL)
		app_say(app, "%.*s: all lines.", SLICE_FORMAT(what));
	else
		app_say(app, "%.*s: up to %zu lines.", SLICE_FORMAT(what), folds_lines(level));
}

/* In a list, or above the source, the outputs of the cell are meant. */
static size_t part_at_cursor(struct app *app)
{
	const struct cell *cell = app_cell(app);
	size_t part = app_spot(app).part;
	return part == PART_HEAD && cell->output_count == 1 ? PART_OUTPUTS : part;
}

static void act_on_part(struct app *app, enum action action)
{
	size_t cell = app->place.cell, part = part_at_cursor(app);
	int level = folds_level(app, cell, part), usual = app->settings.outputs;
	bool closed = level == OUTPUT_NONE;
	if (usual == OUTPUT_NONE)
		usual = OUTPUT_SOME;
	if (part == PART_SOURCE)
		usual = OUTPUT_ALL;
	if (action == ACTION_FOLD_CLOSE || (action == ACTION_FOLD_TOGGLE && !closed))
		level = OUTPUT_NONE;
	else if (closed)
		level = usual;
	else if (level < OUTPUT_ALL)
		level++;
	/* The outputs of a cell are folded without its source. */
	if (part == PART_HEAD && level == OUTPUT_NONE) {
		set(app, cell, PART_HEAD, level);
		set(app, cell, PART_SOURCE, OUTPUT_ALL);
		say_level(app, SLICE("The outputs of this cell"), level);
	} else {
		set(app, cell, part, level);
		say_level(app, part_name(app, part), level);
	}
}

static void act_on_all(struct app *app, int level)
{
	app->folds.count = 0;
	app->settings.outputs = level;
	say_level(app, SLICE("The outputs of all cells"), level);
}

bool folds_act(struct app *app, enum action action)
{
	if (action < ACTION_FOLD_TOGGLE || action > ACTION_TOGGLE_OUTPUTS)
		return false;
	if (!app_cell(app))
		return false;
	switch (action) {
	case ACTION_FOLDS_OPEN:
	case ACTION_FOLDS_CLOSE:
		set(app, app->place.cell, PART_HEAD, action == ACTION_FOLDS_OPEN ? OUTPUT_ALL : OUTPUT_NONE);
		say_level(app, SLICE("Source and outputs of this cell"),
		          action == ACTION_FOLDS_OPEN ? OUTPUT_ALL : OUTPUT_NONE);
		break;
	case ACTION_ALL_OUTPUTS: act_on_all(app, OUTPUT_ALL); break;
	case ACTION_NO_OUTPUTS: act_on_all(app, OUTPUT_NONE); break;
	case ACTION_TOGGLE_OUTPUTS:
		act_on_all(app, app->settings.outputs == OUTPUT_NONE ? OUTPUT_SOME : OUTPUT_NONE);
		break;
	default: act_on_part(app, action); break;
	}
	app_renew(app);
	return true;
}
