/* A line goes from its cell to the right into a lane, along the lane up or down, and
 * on to the run. Lanes are columns; two lines share one where they don't meet. */
#include "tui/views/cell_links.h"

#include "base/utf8.h"

enum { SELECTED_LANE = 1 /* the column of the selected cell's line */, FIRST_LANE = 2 };

/* A cell that ran out of order. Rows beyond the pane are clipped. */
struct crossing {
	size_t number;
	int from, to;
	bool from_shown, to_shown;
};

struct crossings {
	struct crossing *items;
	size_t count, capacity;
};

static int row_of(const struct list *list, size_t line)
{
	enum { FAR = 1 << 20 };
	if (line >= list->top)
		return line - list->top < FAR ? 1 + (int)(line - list->top) : FAR;
	return list->top - line < FAR ? 1 - (int)(list->top - line) : -FAR;
}

static int clipped(int row, int rows)
{
	return row < 1 ? 1 : row >= rows ? rows - 1 : row;
}

/* The lines that begin or end on the screen, in the order of their cells and of their runs. */
static struct crossings collect(const struct app *app, const struct list *files, const struct list *runs, int rows)
{
	struct crossings found = {0};
	const struct notebook *notebook = app->analysis->notebook;
	for (int side = 0; side < 2; side++) {
		const struct list *list = side ? runs : files;
		for (int row = 1; row < rows && list->top + (size_t)row <= list->count; row++) {
			size_t line = list->top + (size_t)row - 1;
			size_t number =
			    side ? app->analysis->log->runs[line].cell : notebook->cells[app_shown_cell(app, line)].number;
			if (!number || !app->orders->displaced[number] || !app->settings.marks)
				continue;
			size_t run = app->orders->last_run[number], cell = notebook->code[number - 1]->index;
			size_t file = app_shown_row(app, cell);
			if (app_shown_cell(app, file) != cell)
				continue;
			int from = row_of(files, file), to = row_of(runs, run);
			bool from_shown = from >= 1 && from < rows, to_shown = to >= 1 && to < rows;
			if (side && (from_shown || run != line))
				continue;
			struct crossing crossing = {number, clipped(from, rows), clipped(to, rows), from_shown, to_shown};
			vector_push(app->frame, &found, crossing);
		}
	}
	return found;
}

static bool stands_there(struct pane pane, int row, int column, struct slice glyph)
{
	bool inside = row >= 0 && row < pane.rows && column >= 0 && column < pane.columns;
	size_t offset = 0;
	return inside && (int32_t)canvas_at(pane.canvas, pane.row + row, pane.column + column)->characters[0] ==
	                     utf8_next(glyph, &offset);
}

/* One column of a line, or where it crosses another: that goes on beyond it. */
static void draw_stroke(const struct app *app, struct pane pane, int row, int column, struct look look, bool across)
{
	struct slice horizontal = app_glyph(app, GLYPH_HORIZONTAL), vertical = app_glyph(app, GLYPH_VERTICAL);
	bool crosses = stands_there(pane, row, column, across ? vertical : horizontal);
	struct slice crossing = app->settings.ascii ? SLICE("+") : SLICE("┼");
	pane_text(pane, row, column, look, crosses ? crossing : across ? horizontal : vertical);
}

static void draw_across(const struct app *app, struct pane pane, int row, int from, int to, struct look look)
{
	for (int column = from; column < to; column++)
		draw_stroke(app, pane, row, column, look, true);
}

static void draw_line(const struct app *app, struct pane pane, struct look look, const struct crossing *line, int lane)
{
	bool down = line->to > line->from;
	if (line->from_shown)
		draw_across(app, pane, line->from, 0, lane, look);
	if (line->to_shown)
		draw_across(app, pane, line->to, lane + 1, pane.columns, look);
	if (line->from == line->to) {
		draw_stroke(app, pane, line->from, lane, look, true);
		return;
	}
	for (int row = (down ? line->from : line->to); row <= (down ? line->to : line->from); row++)
		draw_stroke(app, pane, row, lane, look, false);
	if (line->from_shown)
		pane_text(pane, line->from, lane, look, app_glyph(app, down ? GLYPH_TURN_DOWN : GLYPH_TURN_UP));
	if (line->to_shown)
		pane_text(pane, line->to, lane, look, app_glyph(app, down ? GLYPH_FROM_ABOVE : GLYPH_FROM_BELOW));
}

/* A line that finds no lane shows at least that it leaves. */
static void draw_stubs(const struct app *app, struct pane pane, struct look look, const struct crossing *line)
{
	if (line->from_shown)
		pane_text(pane, line->from, 0, look, app_glyph(app, GLYPH_HORIZONTAL));
	if (line->to_shown)
		pane_text(pane, line->to, pane.columns - 1, look, app_glyph(app, GLYPH_HORIZONTAL));
}

void cell_links_draw(const struct app *app, const struct link *link, struct pane pane, const struct list *files,
                     const struct list *runs)
{
	int lanes = pane.columns - FIRST_LANE - 1;
	struct crossings crossings = collect(app, files, runs, pane.rows);
	int *ends =
	    arena_array(app->frame, (size_t)(lanes > 0 ? lanes : 1), sizeof *ends); /* of the last line in each lane */
	bool done = false;
	for (size_t at = 0; at < crossings.count; at++) {
		const struct crossing *line = &crossings.items[at];
		bool selected = link->drawn && line->number == link->number;
		struct look look = look_of(selected ? SLOT_LINK : SLOT_DISORDER);
		int first = line->from < line->to ? line->from : line->to, last = line->from + line->to - first, lane = 0;
		while (lane < lanes && ends[lane] >= first)
			lane++;
		done |= selected && lane < lanes;
		if (lane >= lanes) {
			draw_stubs(app, pane, look, line);
			continue;
		}
		ends[lane] = last;
		draw_line(app, pane, look, line, FIRST_LANE + lane);
	}
	if (link->drawn && !done)
		draw_line(app, pane, look_of(SLOT_LINK), &(struct crossing){link->number, link->from, link->to, true, true},
		          SELECTED_LANE);
}

void cell_links_place(struct app *app, struct link *link, const struct list *files, const struct list *runs)
{
	const struct run *run = app->place.run == NO_RUN ? NULL : &app->analysis->log->runs[app->place.run];
	bool shown = files->count && app_shown_cell(app, files->cursor) == app->place.cell;
	struct link now = {.drawn = run && run->cell && shown,
	                   .number = run ? run->cell : 0,
	                   .from = row_of(files, files->cursor),
	                   .to = row_of(runs, runs->cursor),
	                   .files_top = files->top,
	                   .runs_top = runs->top};
	bool same = link->drawn == now.drawn && link->from == now.from && link->to == now.to;
	bool scrolled = link->files_top != now.files_top || link->runs_top != now.runs_top;
	if (app->settled || scrolled)
		*link = now;
	else if (!same)
		app->unsettled = true;
}
