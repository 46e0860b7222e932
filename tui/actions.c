#include "tui/actions.h"

static const struct action_definition ACTIONS[ACTION_TOTAL] = {
    [ACTION_NONE] = {"", "", "", GROUP_TOTAL, VIEW_ANY},

    [ACTION_DOWN] = {"down", "Go to the next line", "j <Down> <C-n>", GROUP_MOVE, VIEW_ANY},
    [ACTION_UP] = {"up", "Go to the previous line", "k <Up> <C-p>", GROUP_MOVE, VIEW_ANY},
    [ACTION_LEFT] = {"left", "Scroll text to the left; in a list, go to the list on the left", "h <Left>", GROUP_MOVE,
                     VIEW_ANY},
    [ACTION_RIGHT] = {"right", "Scroll text to the right; in a list, go to the list on the right", "l <Right>",
                      GROUP_MOVE, VIEW_ANY},
    [ACTION_FIRST] = {"first", "Go to the first line, or to the one whose number was typed before", "gg <Home>",
                      GROUP_MOVE, VIEW_ANY},
    [ACTION_LAST] = {"last", "Go to the last line, or to the one whose number was typed before", "G <End>", GROUP_MOVE,
                     VIEW_ANY},
    [ACTION_PAGE_DOWN] = {"page-down", "Go down a page", "<Space> f <PageDown> <C-f>", GROUP_MOVE, VIEW_ANY},
    [ACTION_PAGE_UP] = {"page-up", "Go up a page", "b <PageUp> <C-b>", GROUP_MOVE, VIEW_ANY},
    [ACTION_HALF_DOWN] = {"half-page-down", "Go down half a page", "d <C-d>", GROUP_MOVE, VIEW_ANY},
    [ACTION_HALF_UP] = {"half-page-up", "Go up half a page", "u <C-u>", GROUP_MOVE, VIEW_ANY},
    [ACTION_SCROLL_DOWN] = {"scroll-down", "Scroll down a line", "<C-e>", GROUP_MOVE, VIEW_ANY},
    [ACTION_SCROLL_UP] = {"scroll-up", "Scroll up a line", "<C-y>", GROUP_MOVE, VIEW_ANY},
    [ACTION_CENTRE] = {"centre", "Scroll so that the cursor is in the middle", "zz", GROUP_MOVE, VIEW_ANY},
    [ACTION_TO_TOP] = {"to-top", "Scroll so that the cursor is at the top", "zt", GROUP_MOVE, VIEW_ANY},
    [ACTION_TO_BOTTOM] = {"to-bottom", "Scroll so that the cursor is at the bottom", "zb", GROUP_MOVE, VIEW_ANY},
    [ACTION_LINE_START] = {"line-start", "Scroll text back to the start of its lines", "0", GROUP_MOVE, VIEW_ANY},
    [ACTION_LINE_END] = {"line-end", "Scroll text to the end of the line at the cursor", "$", GROUP_MOVE, VIEW_ANY},

    [ACTION_NEXT_CELL] = {"next-cell", "Go to the next cell, from any pane", "J", GROUP_CELLS, VIEW_ANY},
    [ACTION_PREVIOUS_CELL] = {"previous-cell", "Go to the previous cell, from any pane", "K", GROUP_CELLS, VIEW_ANY},
    [ACTION_NEXT_STALE] = {"next-stale", "Go to the next cell that is stale or broken", "]s", GROUP_CELLS, VIEW_ANY},
    [ACTION_PREVIOUS_STALE] = {"previous-stale", "Go to the previous cell that is stale or broken", "[s", GROUP_CELLS,
                               VIEW_ANY},
    [ACTION_NEXT_ERROR] = {"next-error", "Go to the next cell whose saved output is an error", "]e", GROUP_CELLS,
                           VIEW_ANY},
    [ACTION_PREVIOUS_ERROR] = {"previous-error", "Go to the previous cell whose saved output is an error", "[e",
                               GROUP_CELLS, VIEW_ANY},
    [ACTION_NEXT_OUTPUT] = {"next-output", "Go to the next cell that has outputs", "]o", GROUP_CELLS, VIEW_ANY},
    [ACTION_PREVIOUS_OUTPUT] = {"previous-output", "Go to the previous cell that has outputs", "[o", GROUP_CELLS,
                                VIEW_ANY},
    [ACTION_NEXT_HEADING] = {"next-heading", "Go to the next heading of the text", "]]", GROUP_CELLS, VIEW_ANY},
    [ACTION_PREVIOUS_HEADING] = {"previous-heading", "Go to the previous heading of the text", "[[", GROUP_CELLS,
                                 VIEW_ANY},

    [ACTION_NEXT_CHANGE] = {"next-change", "Go to the next cell that changed when the file was read again", "]c",
                            GROUP_CELLS, VIEW_ANY},
    [ACTION_PREVIOUS_CHANGE] = {"previous-change", "Go to the previous cell that changed when the file was read again",
                                "[c", GROUP_CELLS, VIEW_ANY},
    [ACTION_JUMP_BACK] = {"jump-back", "Go back to where the last jump came from", "<lt> <C-o>", GROUP_CELLS, VIEW_ANY},
    [ACTION_JUMP_ON] = {"jump-on", "Go on again, after going back", ">", GROUP_CELLS, VIEW_ANY},
    [ACTION_MARK] = {"mark", "Set a mark here: a letter follows", "m", GROUP_CELLS, VIEW_ANY},
    [ACTION_GO_TO_MARK] = {"go-to-mark", "Go to a mark: its letter follows; '' goes back", "' `", GROUP_CELLS,
                           VIEW_ANY},

    [ACTION_OPEN] = {"open", "Open what is at the cursor: a cell in full, the cell of a run", "<Enter>", GROUP_VIEWS,
                     VIEW_ANY},
    [ACTION_VIEW_CELLS] = {"cells", "Show the cells in file order beside the order in which they ran", "vc <A-1>",
                           GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_DETAIL] = {"detail", "Show this cell in full", "vd <A-2>", GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_MATRIX] = {"matrix", "Show which run reads, binds, changes and deletes which name", "vm <A-3>",
                            GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_HISTORY] = {"history", "Step through the runs, with the namespace as it then was", "vh <A-4>",
                             GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_RESULTS] = {"results", "List all that the search matches, in sources and outputs", "vs <A-6>",
                             GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_LOG] = {"log", "Show the runs in order, and how each is known", "vl <A-5>", GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_GRAPH] = {"graph", "Show who needs what from whom, with lines between them", "vg <A-8>", GROUP_VIEWS,
                           VIEW_ANY},
    [ACTION_VIEW_FINDINGS] = {"findings", "List what a reviewer should know of the notebook, the worst first",
                              "vf <A-7>", GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_INFO] = {"info", "Show what is known of the notebook", "= <C-g>", GROUP_VIEWS, VIEW_ANY},
    [ACTION_VIEW_HELP] = {"help", "Show this help", "<F1> H v?", GROUP_VIEWS, VIEW_ANY},
    [ACTION_CLOSE] = {"q", "Close this view and go back to the one before; the last one ends nbscope", "q", GROUP_VIEWS,
                      VIEW_ANY},
    [ACTION_QUIT] = {"qa", "End nbscope", "Q ZZ", GROUP_VIEWS, VIEW_ANY},

    [ACTION_NEXT_PANE] = {"next-pane", "Go to the next pane", "<Tab> <C-w>w", GROUP_PANES, VIEW_CELLS},
    [ACTION_PREVIOUS_PANE] = {"previous-pane", "Go to the previous pane", "<S-Tab> <C-w>W", GROUP_PANES, VIEW_CELLS},
    [ACTION_PANE_LEFT] = {"pane-left", "Go to the pane on the left", "<C-w>h <C-w><Left>", GROUP_PANES, VIEW_CELLS},
    [ACTION_PANE_RIGHT] = {"pane-right", "Go to the pane on the right", "<C-w>l <C-w><Right>", GROUP_PANES, VIEW_CELLS},
    [ACTION_PANE_DOWN] = {"pane-down", "Go to the pane below", "<C-w>j <C-w><Down>", GROUP_PANES, VIEW_CELLS},
    [ACTION_PANE_UP] = {"pane-up", "Go to the pane above", "<C-w>k <C-w><Up>", GROUP_PANES, VIEW_CELLS},
    [ACTION_MAXIMISE] = {"maximise", "Give the whole screen to this pane, or give it back", "O <C-w>o", GROUP_PANES,
                         VIEW_CELLS},

    [ACTION_SEARCH] = {"search", "Search on for a regular expression (Perl's syntax)", "/", GROUP_SEARCH, VIEW_ANY},
    [ACTION_SEARCH_BACK] = {"search-back", "Search back for a regular expression", "?", GROUP_SEARCH, VIEW_ANY},
    [ACTION_FILTER] = {"filter", "Show only the cells that match a regular expression; nothing typed: all", "&",
                       GROUP_SEARCH, VIEW_ANY},
    [ACTION_NEXT_MATCH] = {"next-match", "Go to the next match", "n", GROUP_SEARCH, VIEW_ANY},
    [ACTION_PREVIOUS_MATCH] = {"previous-match", "Go to the previous match", "N", GROUP_SEARCH, VIEW_ANY},
    [ACTION_CANCEL] = {"cancel", "Stop what takes long, or showing the matches of the search", "<Esc>", GROUP_SEARCH,
                       VIEW_ANY},

    [ACTION_NEXT_NAME] = {"next-name", "Go to the next name in the source; says who bound it, in either order", "w",
                          GROUP_STEPS, VIEW_ANY},
    [ACTION_PREVIOUS_NAME] = {"previous-name", "Go to the previous name in the source", "W", GROUP_STEPS, VIEW_ANY},
    [ACTION_DEFINITION] = {"definition", "Go to the run that had bound the name at the cursor", "gd", GROUP_STEPS,
                           VIEW_ANY},
    [ACTION_DEFINITION_TOP] = {"definition-from-top", "Go to the cell that binds the name in a run from the top", "gD",
                               GROUP_STEPS, VIEW_ANY},
    [ACTION_READERS] = {"readers", "List who reads the name at the cursor, and who else touches it", "gr", GROUP_STEPS,
                        VIEW_ANY},
    [ACTION_SEARCH_NAME] = {"search-name", "Search on for the name at the cursor", "*", GROUP_SEARCH, VIEW_ANY},
    [ACTION_SEARCH_NAME_BACK] = {"search-name-back", "Search back for the name at the cursor", "#", GROUP_SEARCH,
                                 VIEW_ANY},
    [ACTION_STEP_FORWARD] = {"step", "Go to the next run, as l does; gg and G go to the first and the last one", ".",
                             GROUP_STEPS, VIEW_HISTORY},
    [ACTION_STEP_BACK] = {"step-back", "Go to the run before, as h does", ",", GROUP_STEPS, VIEW_HISTORY},
    [ACTION_PLAY] = {"play", "Step on by itself, or stop; a number before it says how many steps a second", "p",
                     GROUP_STEPS, VIEW_HISTORY},
    [ACTION_SORT] = {"sort", "Sort the rows by the next thing: a line says by what", "i", GROUP_STEPS, VIEW_MATRIX,
                     VIEW_FINDINGS},
    [ACTION_REVERSE] = {"reverse", "Turn the order of the rows round", "I", GROUP_STEPS, VIEW_MATRIX, VIEW_FINDINGS},
    [ACTION_OTHER_ORDER] = {"other-order", "Show what happened, or what a fresh run from the top would do", "s",
                            GROUP_STEPS, VIEW_MATRIX, VIEW_GRAPH},
    [ACTION_ACKNOWLEDGE] =
        {"acknowledge",
         "Fold the finding away until nbscope ends, or as many as the number before says; or take it back", "x",
         GROUP_STEPS, VIEW_FINDINGS},
    [ACTION_SHOW_ACKNOWLEDGED] = {"show-acknowledged", "Show the acknowledged findings too, or fold them away", "X",
                                  GROUP_STEPS, VIEW_FINDINGS},
    [ACTION_EXPLAIN] = {"explain", "Read the page of the rule: what it means, examples, what to do", "gx", GROUP_STEPS,
                        VIEW_FINDINGS},

    [ACTION_MORE_OUTPUT] = {"more-output", "Show more lines of long outputs", "zo", GROUP_SHOW, VIEW_ANY},
    [ACTION_LESS_OUTPUT] = {"less-output", "Show fewer lines of long outputs", "zc", GROUP_SHOW, VIEW_ANY},
    [ACTION_ALL_OUTPUT] = {"all-output", "Show all lines of outputs", "zR", GROUP_SHOW, VIEW_ANY},
    [ACTION_NO_OUTPUT] = {"no-output", "Show one line of each output", "zM", GROUP_SHOW, VIEW_ANY},
    [ACTION_TOGGLE_WRAP] = {"toggle-wrap", "Wrap long lines of source and outputs, or cut them", "ow", GROUP_SHOW,
                            VIEW_ANY},
    [ACTION_TOGGLE_NUMBERS] = {"toggle-numbers", "Number the lines of sources, or don't", "on", GROUP_SHOW, VIEW_ANY},
    [ACTION_TOGGLE_EXECUTION] = {"toggle-execution", "Show the execution order beside the file order, or don't", "oe",
                                 GROUP_SHOW, VIEW_ANY},
    [ACTION_TOGGLE_GLYPHS] = {"toggle-glyphs", "Draw signs in ASCII, or in Unicode", "og", GROUP_SHOW, VIEW_ANY},
    [ACTION_TOGGLE_IMAGES] = {"toggle-images", "Paint images with characters, or say what they are", "oi", GROUP_SHOW,
                              VIEW_ANY},
    [ACTION_TOGGLE_MOUSE] = {"toggle-mouse", "Let the mouse select and scroll here, or leave it to the terminal", "om",
                             GROUP_SHOW, VIEW_ANY},
    [ACTION_NEXT_THEME] = {"next-theme", "Use the next of the built-in themes", "ot", GROUP_SHOW, VIEW_ANY},

    [ACTION_COPY_SOURCE] = {"copy-source", "Copy the source of the cell, through the terminal (OSC 52)", "yy",
                            GROUP_PROGRAM, VIEW_ANY},
    [ACTION_COPY_OUTPUT] = {"copy-output", "Copy what is shown of the cell's outputs", "yo", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_COPY_REFERENCE] = {"copy-reference", "Copy the file's name with the cell's id", "yr", GROUP_PROGRAM,
                               VIEW_ANY},
    [ACTION_COPY_NAME] = {"copy-name", "Copy the name at the cursor", "yn", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_EDIT] = {"edit", "Open $VISUAL or $EDITOR at the cell", "e", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_PROMPT] = {"prompt", "Type a command, such as :42 for cell 42", ":", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_RELOAD] = {"reload", "Read the file again", "R <F5>", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_FOLLOW] = {"follow", "Watch the file and read it again when it is saved, or stop that", "F", GROUP_PROGRAM,
                       VIEW_ANY},
    [ACTION_REDRAW] = {"redraw", "Draw the screen anew", "r <C-l>", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_SUSPEND] = {"suspend", "Suspend nbscope; the shell's fg brings it back", "<C-z>", GROUP_PROGRAM, VIEW_ANY},
    [ACTION_INTERRUPT] = {"interrupt", "Stop what takes long; twice within a second, end nbscope", "<C-c>",
                          GROUP_PROGRAM, VIEW_ANY},
};

static const char *const GROUPS[GROUP_TOTAL] = {
    [GROUP_MOVE] = "Moving",        [GROUP_CELLS] = "Cells",         [GROUP_VIEWS] = "Views",
    [GROUP_PANES] = "Panes",        [GROUP_SEARCH] = "Searching",    [GROUP_STEPS] = "Names and runs",
    [GROUP_SHOW] = "What is shown", [GROUP_PROGRAM] = "The program",
};

const struct action_definition *action_definition(enum action action)
{
	return &ACTIONS[action];
}

const char *action_group_name(enum action_group group)
{
	return GROUPS[group];
}

enum action action_find(struct slice name)
{
	for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++) {
		if (slice_equal(name, slice_of(ACTIONS[action].name)))
			return action;
	}
	return ACTION_NONE;
}
