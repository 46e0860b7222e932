/* view.h - what a view is, and the table of all of them.
 *
 * Views open over one another; closing one shows the one below as it was left.
 *
 * To add a view:
 * 1. give it an enumerator in enum view_id (actions.h);
 * 2. write tui/views/NAME.c with its functions and one
 *    `const struct view_type NAME_view = {.id = ..., .draw = ..., ...}`;
 * 3. declare that below and enter it in VIEWS (view.c);
 * 4. give it an action with its keys in actions.h and actions.c, whose `view` is
 *    named in VIEW_ACTIONS (view.c);
 * 5. add a golden screen in tests/screens.
 * Lists (list.h), texts (reader.h), search and the frame are shared, so a view is
 * mostly what it draws.
 */
#ifndef NBSCOPE_TUI_VIEW_H
#define NBSCOPE_TUI_VIEW_H

#include "tui/actions.h"
#include "tui/canvas.h"
#include "tui/key.h"

struct app;
struct spot;
struct view_type;

/* An open view; `state` is of the type's size, zeroed when the view is opened. */
struct view {
	const struct view_type *type;
	struct arena *arena; /* of the state; freed when the view is closed */
	void *state;
};

struct view_type {
	enum view_id id;
	const char *name;
	const char *about; /* a sentence for help */
	size_t state_size;
	bool opens; /* whether Enter opens what is at the cursor */

	/* Each may be null where there is nothing to do. */
	/* Has what the view shows made ready, which may take long (app_watch()); false when the
	 * user stopped it: then the view is not opened, or is closed. */
	bool (*prepare)(struct app *app);
	void (*open)(struct app *app, struct view *view);
	void (*close)(struct app *app, struct view *view);
	/* Another analysis has taken the place of the one that the state was made from. */
	void (*renew)(struct app *app, struct view *view);

	void (*draw)(struct app *app, struct view *view, struct pane pane);
	/* Does an action; `number` is what was typed before it, or 0. False when the
	 * view has nothing to do for it: then app_act() does what holds everywhere. */
	bool (*act)(struct app *app, struct view *view, enum action action, size_t number);
	/* Takes a click or a turn of the wheel at a place of the view; false when it has
	 * nothing there: then the wheel scrolls three lines. */
	bool (*point)(struct app *app, struct view *view, key_code key, int row, int column);
	/* What is at the cursor; with no such function, the selected cell as a whole. */
	struct spot (*spot)(struct app *app, struct view *view);
	/* Goes to the next match of the app's search, or back; false when there is none. */
	bool (*search)(struct app *app, struct view *view, bool back);
};

extern const struct view_type cells_view, detail_view, matrix_view, history_view, results_view, log_view, graph_view,
    findings_view, rule_view, image_view, file_view, info_view, help_view;

/* The type of a view; VIEW_ANY has none. */
const struct view_type *view_type(enum view_id id);

/* The view that an action opens, or VIEW_ANY. */
enum view_id view_of_action(enum action action);

/* The action that opens the view that comes `steps` behind (or before) another one in the
 * order of their numbered keys, around the end. */
enum action view_action_beside(enum view_id view, int steps);

#endif
