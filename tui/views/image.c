/* One image of a cell's outputs, as large as the screen allows. */
#include "tui/views/image.h"

#include "tui/folds.h"
#include "tui/picture.h"
#include "tui/reader.h"
#include "tui/views/cell_text.h"

struct image {
	size_t output; /* of the cell */
	struct mime_part part;
};

struct images {
	struct reader reader;
	struct place place; /* of the cell whose images these are */
	VECTOR(struct image) images;
	size_t at;
	int rows; /* for which the image was painted */
	struct slice about;
};

static bool is_image(const struct mime_part *part)
{
	return slice_starts(part->type, SLICE("image/"));
}

/* The images of an output; false when there is none. */
static bool has_image(const struct app *app, const struct output *output)
{
	if (output->type != OUTPUT_DISPLAY_DATA && output->type != OUTPUT_EXECUTE_RESULT)
		return false;
	struct arena *arena = terminal_arena();
	struct output_content content = {0};
	bool found = false;
	output_load(app->analysis->notebook, arena, output, &content);
	for (size_t at = 0; at < content.part_count && !found; at++)
		found = is_image(&content.parts[at]);
	arena_free(arena);
	return found;
}

bool cell_has_image(const struct app *app, const struct cell *cell)
{
	bool found = false;
	for (size_t at = 0; at < cell->output_count && !found; at++)
		found = has_image(app, &cell->outputs[at]);
	return found;
}

bool part_has_image(const struct app *app, const struct cell *cell, size_t part)
{
	size_t at = part - PART_OUTPUTS;
	return part >= PART_OUTPUTS && at < cell->output_count && has_image(app, &cell->outputs[at]);
}

static void collect(const struct app *app, struct images *images, struct arena *arena, const struct cell *cell)
{
	images->images.items = NULL;
	images->images.count = images->images.capacity = 0;
	for (size_t at = 0; cell && at < cell->output_count; at++) {
		struct output_content content = {0};
		if (!has_image(app, &cell->outputs[at]) ||
		    !output_load(app->analysis->notebook, arena, &cell->outputs[at], &content))
			continue;
		for (size_t part = 0; part < content.part_count; part++) {
			struct image image = {at, content.parts[part]};
			if (is_image(&image.part))
				vector_push(arena, &images->images, image);
		}
	}
}

static void add_sentence(struct document *document, const char *sentence)
{
	struct line line = {0};
	line_add(document->arena, &line, SLOT_DIM, slice_of(sentence));
	document_add_prose(document, line, 0);
}

static void paint(const struct app *app, struct images *images, int rows)
{
	struct document *document = images->reader.document;
	const struct mime_part *part = &images->images.items[images->at].part;
	struct slice text;
	const char *problem = NULL;
	if (!picture_is_known(part->type))
		add_sentence(document, "nbscope can't paint images of this type.");
	else if (!output_part_load(app->analysis->notebook, document->arena, part, &text))
		add_sentence(document, "The file was changed since it was read; R reads it again.");
	else
		problem = picture_add(document, part->type, text, rows, app->terminal->colours, app->settings.ascii);
	if (problem)
		add_sentence(document, problem);
}

static bool is_stale(const struct app *app, const struct images *images)
{
	return reader_is_stale(&images->reader, app, app->canvas->columns) || images->place.cell != app->place.cell ||
	       images->rows != app_view_rows(app);
}

static void make(struct app *app, struct images *images)
{
	bool moved = !images->reader.document || images->place.cell != app->place.cell;
	struct document *document = reader_renew(&images->reader, app, app->canvas->columns, true);
	images->place = app->place;
	images->rows = app_view_rows(app);
	collect(app, images, document->arena, app_cell(app));
	size_t count = images->images.count;
	if (moved)
		images->at = 0;
	while (moved && app->part >= PART_OUTPUTS && images->at + 1 < count &&
	       images->images.items[images->at].output < app->part - PART_OUTPUTS)
		images->at++;
	images->at = images->at < count ? images->at : 0;
	app->part = PART_HEAD;
	images->about = cell_text_title(app, document->arena, app->place);
	if (count == 0) {
		add_sentence(document, "No output of this cell has an image; ]i goes to the next one that has.");
		return;
	}
	const struct mime_part *part = &images->images.items[images->at].part;
	images->about =
	    slice_format(document->arena, "%.*s: %.*s, %.*s", SLICE_FORMAT(images->about), SLICE_FORMAT(part->type),
	                 SLICE_FORMAT(size_text(document->arena, part->size / 4 * 3)));
	paint(app, images, images->rows - 1);
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct images *images = view->state;
	if (is_stale(app, images) && app->settled)
		make(app, images);
	app->unsettled |= is_stale(app, images);
	if (!images->reader.document)
		return;
	size_t count = images->images.count;
	draw_pane_title(app, pane, true, images->about,
	                slice_format(app->frame, "%zu/%zu", count ? images->at + 1 : 0, count));
	struct list list = {.count = images->reader.document->rows.count, .rows = pane.rows - 1};
	document_draw(images->reader.document, app->frame, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), &list, 0,
	              false, NULL, app->theme, app->settings.ascii);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	struct images *images = view->state;
	size_t count = images->images.count, times = number ? number : 1;
	bool on =
	    action == ACTION_DOWN || action == ACTION_RIGHT || action == ACTION_NEXT_PART || action == ACTION_PAGE_DOWN;
	bool back =
	    action == ACTION_UP || action == ACTION_LEFT || action == ACTION_PREVIOUS_PART || action == ACTION_PAGE_UP;
	if ((!on && !back) || is_stale(app, images))
		return on || back;
	size_t room = on ? count - (count > 0) - images->at : images->at;
	times = times < room ? times : room;
	if (times == 0)
		app_say(app, "This is the %s image of the cell; ]i goes to the next cell with one.", on ? "last" : "first");
	images->at = on ? images->at + times : images->at - times;
	images->reader.generation = times ? app->generation - 1 : images->reader.generation;
	return true;
}

static void let_go(struct app *app, struct view *view)
{
	struct images *images = view->state;
	(void)app;
	reader_free(&images->reader);
	images->images.count = 0;
}

const struct view_type image_view = {
    .id = VIEW_IMAGE,
    .name = "image",
    .about = "One image of a cell's outputs, painted with characters on the whole screen; j and k go through them.",
    .state_size = sizeof(struct images),
    .draw = draw,
    .act = act,
    .renew = let_go,
    .close = let_go,
};
