/* The page that explains a rule. */
#include "tui/reader.h"
#include "tui/views/markdown.h"

struct rule_page {
	struct reader reader;
	const struct rule *rule; /* of which the text is */
};

static struct reader *reader_of(struct app *app, struct view *view)
{
	struct rule_page *page = view->state;
	bool other = page->rule != app->rule;
	if (!other && !reader_is_stale(&page->reader, app, app->canvas->columns))
		return &page->reader;
	page->rule = app->rule;
	struct document *document = reader_renew(&page->reader, app, app->canvas->columns, other);
	if (page->rule) {
		markdown_add(document, rule_page(page->rule), app_glyph(app, GLYPH_DOT), app_glyph(app, GLYPH_VERTICAL),
		             app_glyph(app, GLYPH_HORIZONTAL));
	} else {
		struct line line = {0};
		line_add(document->arena, &line, SLOT_DIM, SLICE("Choose a finding first: vf lists them."));
		document_add_prose(document, line, 0);
	}
	return &page->reader;
}

static void draw(struct app *app, struct view *view, struct pane pane)
{
	struct reader *reader = reader_of(app, view);
	list_fit(&reader->list, reader->document->rows.count, pane.rows - 1);
	draw_pane_title(app, pane, true, SLICE("The rule"), reader_note(reader, app->frame));
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
	reader_free(view->state);
}

const struct view_type rule_view = {
    .id = VIEW_RULE,
    .name = "rule",
    .about = "What the rule behind a finding means, with examples, and what to do.",
    .state_size = sizeof(struct rule_page),
    .draw = draw,
    .act = act,
    .search = search,
    .close = close_view,
};
