/* actions.h - what a person can do: one table of names, sentences and keys.
 *
 * The keymap, the help view, the line that shows what may follow a prefix and
 * the names after `:` are all made from it.
 *
 * To add an action: 1. its enumerator here, 2. its row in actions.c, 3. what it
 * does: in the view's `act`, or in actions that hold everywhere in app_act().
 */
#ifndef NBSCOPE_TUI_ACTIONS_H
#define NBSCOPE_TUI_ACTIONS_H

#include "base/slice.h"

/* The views; VIEW_ANY stands for all of them. view.h says how to add one. */
enum view_id {
	VIEW_ANY,
	VIEW_CELLS,
	VIEW_DETAIL,
	VIEW_MATRIX,
	VIEW_HISTORY,
	VIEW_RESULTS,
	VIEW_LOG,
	VIEW_GRAPH,
	VIEW_FINDINGS,
	VIEW_RULE,
	VIEW_INFO,
	VIEW_HELP,
	VIEW_TOTAL,
};

enum action {
	ACTION_NONE,

	ACTION_DOWN,
	ACTION_UP,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_PAGE_DOWN,
	ACTION_PAGE_UP,
	ACTION_HALF_DOWN,
	ACTION_HALF_UP,
	ACTION_SCROLL_DOWN,
	ACTION_SCROLL_UP,
	ACTION_CENTRE,
	ACTION_TO_TOP,
	ACTION_TO_BOTTOM,
	ACTION_LINE_START,
	ACTION_LINE_END,

	ACTION_NEXT_CELL,
	ACTION_PREVIOUS_CELL,
	ACTION_NEXT_STALE,
	ACTION_PREVIOUS_STALE,
	ACTION_NEXT_ERROR,
	ACTION_PREVIOUS_ERROR,
	ACTION_NEXT_OUTPUT,
	ACTION_PREVIOUS_OUTPUT,
	ACTION_NEXT_HEADING,
	ACTION_PREVIOUS_HEADING,
	ACTION_NEXT_CHANGE,
	ACTION_PREVIOUS_CHANGE,
	ACTION_JUMP_BACK,
	ACTION_JUMP_ON,
	ACTION_MARK,
	ACTION_GO_TO_MARK,

	ACTION_OPEN,
	ACTION_VIEW_CELLS,
	ACTION_VIEW_DETAIL,
	ACTION_VIEW_MATRIX,
	ACTION_VIEW_HISTORY,
	ACTION_VIEW_RESULTS,
	ACTION_VIEW_LOG,
	ACTION_VIEW_GRAPH,
	ACTION_VIEW_FINDINGS,
	ACTION_VIEW_INFO,
	ACTION_VIEW_HELP,
	ACTION_CLOSE,
	ACTION_QUIT,

	ACTION_NEXT_PANE,
	ACTION_PREVIOUS_PANE,
	ACTION_PANE_LEFT,
	ACTION_PANE_RIGHT,
	ACTION_PANE_DOWN,
	ACTION_PANE_UP,
	ACTION_MAXIMISE,

	ACTION_SEARCH,
	ACTION_SEARCH_BACK,
	ACTION_FILTER,
	ACTION_NEXT_MATCH,
	ACTION_PREVIOUS_MATCH,
	ACTION_CANCEL,

	ACTION_NEXT_NAME,
	ACTION_PREVIOUS_NAME,
	ACTION_DEFINITION,
	ACTION_DEFINITION_TOP,
	ACTION_READERS,
	ACTION_SEARCH_NAME,
	ACTION_SEARCH_NAME_BACK,
	ACTION_STEP_FORWARD,
	ACTION_STEP_BACK,
	ACTION_PLAY,
	ACTION_SORT,
	ACTION_REVERSE,
	ACTION_OTHER_ORDER,
	ACTION_ACKNOWLEDGE,
	ACTION_SHOW_ACKNOWLEDGED,
	ACTION_EXPLAIN,

	ACTION_MORE_OUTPUT,
	ACTION_LESS_OUTPUT,
	ACTION_ALL_OUTPUT,
	ACTION_NO_OUTPUT,
	ACTION_TOGGLE_WRAP,
	ACTION_TOGGLE_NUMBERS,
	ACTION_TOGGLE_EXECUTION,
	ACTION_TOGGLE_GLYPHS,
	ACTION_TOGGLE_IMAGES,
	ACTION_TOGGLE_MOUSE,
	ACTION_NEXT_THEME,

	ACTION_COPY_SOURCE,
	ACTION_COPY_OUTPUT,
	ACTION_COPY_REFERENCE,
	ACTION_COPY_NAME,
	ACTION_EDIT,

	ACTION_PROMPT,
	ACTION_RELOAD,
	ACTION_FOLLOW,
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_INTERRUPT,
	ACTION_TOTAL,
};

/* Under which heading help shows an action. */
enum action_group {
	GROUP_MOVE,
	GROUP_CELLS,
	GROUP_VIEWS,
	GROUP_PANES,
	GROUP_SEARCH,
	GROUP_STEPS,
	GROUP_SHOW,
	GROUP_PROGRAM,
	GROUP_TOTAL,
};

struct action_definition {
	const char *name; /* as typed after `:` */
	const char *help; /* what it does, as a sentence without full stop */
	const char *keys; /* those that do it, as vim writes them, with spaces between */
	enum action_group group;
	enum view_id view; /* where the keys hold */
	enum view_id also; /* another view where they hold, or VIEW_ANY */
};

const struct action_definition *action_definition(enum action action);
const char *action_group_name(enum action_group group);

/* The action of that name, or ACTION_NONE. */
enum action action_find(struct slice name);

#endif
