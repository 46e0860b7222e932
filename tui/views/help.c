/* The help: made from the tables of views, actions, keys, glyphs and commands. */
#include "tui/typed_commands.h"
#include "tui/reader.h"

enum { KEYS_WIDTH = 28 };

struct help {
	struct reader reader;
	enum view_id about; /* the view from which help was asked for */
};

static void add_heading(struct document *document, const char *text)
{
	struct line line = {0};
	document_add_blank(document);
	line_add(document->arena, &line, SLOT_HEADING, slice_of(text));
	document_add(document, line);
}

/* A row of two columns: what stands on the left in the look of keys. */
static void add_entry(struct document *document, struct slice left, struct slice right)
{
	struct line line = {0};
	line_add(document->arena, &line, SLOT_KEY, left);
	int pad = KEYS_WIDTH - text_columns(left);
	line_format(document->arena, &line, SLOT_TEXT, "%*s", pad > 1 ? pad : 2, "");
	line_add(document->arena, &line, SLOT_TEXT, right);
	document_add_prose(document, line, KEYS_WIDTH);
}

/* The keys of an action that hold in a view, one behind the other; empty when none do. */
static struct slice keys_of(const struct app *app, struct arena *arena, enum action action, enum view_id view)
{
	struct builder keys = {.arena = arena};
	for (size_t at = 0; at < app->keymap->count; at++) {
		const struct key_binding *binding = &app->keymap->items[at];
		if (binding->action != action || (binding->view != VIEW_ANY && binding->view != view))
			continue;
		if (keys.length)
			builder_add_byte(&keys, ' ');
		keys_write(&keys, binding->keys, 0);
	}
	return builder_slice(&keys);
}

static void add_actions(const struct app *app, struct document *document, enum action_group group, enum view_id view)
{
	bool any = false;
	for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++) {
		const struct action_definition *definition = action_definition(action);
		struct slice keys = keys_of(app, document->arena, action, view);
		bool idle = action == ACTION_OPEN && !view_type(view)->opens;
		if (definition->group != group || keys.length == 0 || idle)
			continue;
		if (!any)
			add_heading(document, action_group_name(group));
		any = true;
		add_entry(document, keys, slice_of(definition->help));
	}
}

static void add_signs(const struct app *app, struct document *document)
{
	static const struct {
		enum glyph glyph;
		const char *meaning;
	} SIGNS[] = {
	    {GLYPH_STANDS, "stands: a fresh run from the top gives this result again"},
	    {GLYPH_STALE, "stale: a fresh run from the top would not give this result; dim when that is only possible"},
	    {GLYPH_BROKEN, "broken: a fresh run from the top raises NameError here"},
	    {GLYPH_NOT_RUN, "not run: the cell has no execution count"},
	    {GLYPH_UNKNOWN, "unknown: it depends on something that the file does not tell"},
	    {GLYPH_FAILED, "the saved output is an error"},
	    {GLYPH_EARLIER, "in file order: this cell ran before one above it; in execution order: the run went back up"},
	    {GLYPH_INFERRED, "inferred: nothing recorded this run, but a later one could not have happened without it"},
	    {GLYPH_CUT, "more text to the right (l scrolls, ow wraps)"},
	};
	add_heading(document, "Signs");
	for (size_t at = 0; at < sizeof SIGNS / sizeof *SIGNS; at++)
		add_entry(document, app_glyph(app, SIGNS[at].glyph), slice_of(SIGNS[at].meaning));
	add_entry(document, SLICE("[12]"), SLICE("the kernel's execution count"));
	add_entry(document, SLICE("df?"), SLICE("among a cell's effects: on some paths through it only"));
}

static void fill(const struct app *app, struct document *document, enum view_id about)
{
	const struct view_type *type = view_type(about);
	struct line line = {0};
	line_add(document->arena, &line, SLOT_TEXT, slice_of(type->about));
	document_add_prose(document, line, 0);
	for (enum action_group group = 0; group < GROUP_TOTAL; group++)
		add_actions(app, document, group, about);
	add_signs(app, document);
	add_heading(document, "Commands");
	for (size_t at = 0; typed_command_help(at).left; at++)
		add_entry(document, slice_of(typed_command_help(at).left), slice_of(typed_command_help(at).right));
	document_add_blank(document);
	struct line last = {0};
	line_add(document->arena, &last, SLOT_DIM,
	         SLICE("A number typed before a key repeats it, or says which line or cell to go to: 5j, 12G."));
	document_add_prose(document, last, 0);
}

static struct reader *reader_of(struct app *app, struct view *view)
{
	struct help *help = view->state;
	if (reader_is_stale(&help->reader, app, app->canvas->columns))
		fill(app, reader_renew(&help->reader, app, app->canvas->columns, false), help->about);
	return &help->reader;
}

/* Help is about the view below it. */
static void open_view(struct app *app, struct view *view)
{
	struct help *help = view->state;
	help->about = app->view_count > 1 ? app->views[app->view_count - 2].type->id : VIEW_CELLS;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct help *help = view->state;
	struct reader *reader = reader_of(app, view);
	list_fit(&reader->list, reader->document->rows.count, pane.rows - 1);
	draw_pane_title(app, pane, true,
	                slice_format(app->frame, "Help for the view: %s  (q goes back)", view_type(help->about)->name),
	                reader_note(reader, app->frame));
	reader_draw(app, reader, pane_part(pane, 1, 0, pane.rows - 1, pane.columns), true);
}

static bool act(struct app *app, struct view *view, enum action action, size_t number)
{
	return reader_act(app, reader_of(app, view), action, number, app_view_rows(app) - 1, app->canvas->columns);
}

static bool search(struct app *app, struct view *view, bool back)
{
	return reader_search(app, reader_of(app, view), back, false);
}

static void close_view(struct app *app, struct view *view)
{
	(void)app;
	reader_free(&((struct help *)view->state)->reader);
}

const struct view_type help_view = {
    .id = VIEW_HELP,
    .name = "help",
    .about = "The keys and signs of the view from which help was asked for.",
    .state_size = sizeof(struct help),
    .open = open_view,
    .draw = draw,
    .act = act,
    .search = search,
    .close = close_view,
};
