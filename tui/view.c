#include "tui/view.h"

static const struct view_type *const VIEWS[VIEW_TOTAL] = {
    [VIEW_CELLS] = &cells_view,     [VIEW_DETAIL] = &detail_view,     [VIEW_MATRIX] = &matrix_view,
    [VIEW_HISTORY] = &history_view, [VIEW_RESULTS] = &results_view,   [VIEW_LOG] = &log_view,
    [VIEW_GRAPH] = &graph_view,     [VIEW_FINDINGS] = &findings_view, [VIEW_RULE] = &rule_view,
    [VIEW_IMAGE] = &image_view,     [VIEW_FILE] = &file_view,         [VIEW_INFO] = &info_view,
    [VIEW_HELP] = &help_view,
};

/* Those before ACTION_EXPLAIN are what gt goes through, in the order of their numbers (Alt). */
static const struct {
	enum action action;
	enum view_id view;
} VIEW_ACTIONS[] = {
    {ACTION_VIEW_CELLS, VIEW_CELLS},       {ACTION_VIEW_DETAIL, VIEW_DETAIL}, {ACTION_VIEW_MATRIX, VIEW_MATRIX},
    {ACTION_VIEW_HISTORY, VIEW_HISTORY},   {ACTION_VIEW_LOG, VIEW_LOG},       {ACTION_VIEW_RESULTS, VIEW_RESULTS},
    {ACTION_VIEW_FINDINGS, VIEW_FINDINGS}, {ACTION_VIEW_GRAPH, VIEW_GRAPH},   {ACTION_EXPLAIN, VIEW_RULE},
    {ACTION_VIEW_IMAGE, VIEW_IMAGE},       {ACTION_OPEN_FILE, VIEW_FILE},     {ACTION_VIEW_INFO, VIEW_INFO},
    {ACTION_VIEW_HELP, VIEW_HELP},
};

const struct view_type *view_type(enum view_id id)
{
	return VIEWS[id];
}

enum view_id view_of_action(enum action action)
{
	for (size_t at = 0; at < sizeof VIEW_ACTIONS / sizeof *VIEW_ACTIONS; at++) {
		if (VIEW_ACTIONS[at].action == action)
			return VIEW_ACTIONS[at].view;
	}
	return VIEW_ANY;
}

enum action view_action_beside(enum view_id view, int steps)
{
	int count = 0, at = 0;
	while (VIEW_ACTIONS[count].action != ACTION_EXPLAIN) {
		at = VIEW_ACTIONS[count].view == view ? count : at;
		count++;
	}
	int to = (at + steps % count + count) % count;
	return VIEW_ACTIONS[to].action;
}
