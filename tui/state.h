/* state.h - the state of the inspector, and what views may ask of it.
 *
 * All of it hangs on one struct app, which is passed around. Views read the
 * analysis and never change it.
 */
#ifndef NBSCOPE_TUI_STATE_H
#define NBSCOPE_TUI_STATE_H

#include "analysis.h"
#include "report/check.h"
#include "tui/app.h"
#include "tui/job.h"
#include "tui/keymap.h"
#include "tui/orders.h"
#include "tui/prompt.h"
#include "tui/search.h"
#include "tui/terminal.h"
#include "tui/versions.h"
#include "tui/view.h"

/* What is selected, in all views alike. */
struct place {
	size_t cell; /* index in the notebook's list */
	size_t run;  /* index in the log, or NO_RUN when the cell never ran; may be one without a cell, then `cell` is where
	                the cursor was before */
};

/* The name that w went to, or the one at the cursor of a list of names. */
struct name_focus {
	symbol name;        /* 0: none */
	struct place place; /* where it stands */
	uint32_t start;     /* in the source there; NO_OFFSET where it stands in no source */
};

#define NO_OFFSET UINT32_MAX

/* What the view of results is to list. */
struct wanted_results {
	symbol name;     /* where this is read, bound, mutated and deleted; 0: where the search matches */
	unsigned number; /* counts what was asked for */
};

/* How much of outputs is shown; see folds.h. */
enum { OUTPUT_NONE, OUTPUT_SOME, OUTPUT_MORE, OUTPUT_MOST, OUTPUT_ALL };

/* Where the cells view has its text: where there is room, beside the lists, or below them. */
enum split { SPLIT_AUTO, SPLIT_BESIDE, SPLIT_BELOW };

struct settings {
	bool wrap, numbers, execution, ascii, mouse, images, marks;
	int outputs; /* OUTPUT_... */
	enum search_scope scope;
	enum split split;
	int growth; /* by how many rows or columns the lists are larger than they would be by themselves */
};

/* The level of a part of a cell; see folds.h. */
struct fold {
	size_t cell, part;
	int level;
};

struct folds {
	struct fold *items;
	size_t count, capacity;
};

/* What is at the cursor of a view. */
struct spot {
	size_t part;                     /* of the selected cell (PART_...) */
	struct slice text;               /* of the line, printable */
	const struct link_target *links; /* of the paragraph */
	size_t link_count;
	const struct check_finding *finding;
};

/* Places that were left by a jump; `at` is where one stands among them, their number: at none. */
struct jumps {
	struct place *items;
	size_t count, capacity, at;
};

struct mark {
	struct place place;
	bool set;
};

/* What tells whether a file has been written to. */
struct file_stamp {
	bool there;
	uint64_t device, inode, size;
	int64_t seconds, nanoseconds;
};

/* Why a file is being read: for the first time, because the user asked, because it has changed. */
enum load { LOAD_FIRST, LOAD_AGAIN, LOAD_FOLLOWED };

enum { VIEWS_LIMIT = VIEW_TOTAL, PENDING_LIMIT = 8, MARKS = 26 };

struct app {
	struct arena *arena; /* the app's own */
	struct arena *frame; /* of one key, and of one drawing */
	struct app_options options;
	struct terminal *terminal;
	struct canvas *canvas;
	struct arena *canvas_arena;

	struct analysis *analysis;
	struct arena *index_arena; /* of what is derived from the analysis for the screen */
	struct orders *orders;
	struct versions *versions[2];            /* see app_versions() */
	struct check_file *findings;             /* see app_findings() */
	bool *has_finding;                       /* by number of the code cell; made with them */
	struct policy user_policy, typed_policy; /* the rules' lines of the configuration, and those typed after `:` */
	struct graph *graphs;                    /* see app_graphs() */

	struct theme *theme;
	struct {
		struct slice *items;
		size_t count, capacity;
	} overrides;      /* lines that change slots of whatever theme is used */
	unsigned sources; /* files of the configuration that are being read */
	struct settings settings;
	struct folds folds;
	struct keymap *keymap;
	struct prompt prompt;
	struct search *search;
	bool search_back;    /* the direction of the search */
	bool search_shown;   /* whether matches are marked */
	bool search_stopped; /* by the user */

	struct search *filter; /* of the cells that the file order shows; null: all */
	struct arena *filter_arena;
	struct {
		size_t *items;
		size_t count, capacity;
	} shown; /* indices of the cells that match the filter */

	struct place place;
	struct name_focus focus;
	struct wanted_results results;
	const struct rule *rule; /* whose page the view of a rule shows */
	struct slice file;       /* what the view of a file shows */
	size_t part;             /* of the cell, whose images the view of an image shows first */
	uint32_t line;           /* of the source, from 1: where the view of a cell is to put its cursor next; 0: nowhere */
	struct {
		uint64_t *items; /* fingerprints, sorted */
		size_t count, capacity;
	} acknowledged; /* findings */
	struct jumps jumps;
	struct mark marks[MARKS];
	struct job *job;                  /* that is reading the file, or null */
	enum load load;                   /* why */
	bool early;                       /* what is shown is not all there is: the cells are still to be read */
	const struct failure *failure;    /* why nothing can be shown at all, or null */
	bool following;                   /* the file is read again whenever it changes */
	struct file_stamp stamp, reading; /* of what is shown, of what is being read */
	bool *changed; /* by cell: whether it was not so before the file was read again; null before that */

	struct view views[VIEWS_LIMIT];
	size_t view_count;
	unsigned generation; /* counts what makes texts out of date: settings, theme, another analysis */

	key_code pending[PENDING_LIMIT]; /* of a sequence that was begun */
	size_t pending_count, number;    /* the number typed before it */
	enum action waiting;             /* for a letter, or ACTION_NONE */
	long long interrupted;           /* when Ctrl-C was pressed last, in milliseconds */
	long long look;                  /* when to look up from long work, see app_watch() */

	const char *mistake; /* where in the line of a command what was complained of stands, or null */
	struct arena *message_arena;
	struct slice message;
	enum slot message_slot;

	unsigned playing;    /* how many steps a second the view takes by itself; 0: none */
	long long next_step; /* when it takes the next one, in milliseconds */

	bool settled;   /* drawing may take its time: no key is waiting */
	bool unsettled; /* something was left undrawn that settled drawing will draw */
	bool quit;
};

/* --- what is selected --- */

const struct cell *app_cell(const struct app *app);

/* The status of a code cell; null for another cell. */
const struct cell_status *app_status(const struct app *app, const struct cell *cell);

/* Selects a cell, and its last run. */
void app_go(struct app *app, size_t cell);

/* The name in the focus, if it is one of what is selected; else 0. */
symbol app_focused_name(const struct app *app);

/* Selects a run, and its cell if it has one. */
void app_go_run(struct app *app, size_t run);

/* Remembers the place that is about to be left, so that one can come back to it. */
void app_leave_trace(struct app *app);

/* Where a cell of another analysis is now. */
size_t app_find_again(const struct notebook *notebook, const struct cell *cell);

/* Selects the code cell with that number, or the last one. */
void app_go_cell_number(struct app *app, size_t number);

/* The versions of the names as it happened, or from the top; made when first asked for. */
const struct versions *app_versions(struct app *app, bool from_top);

/* What the rules find, in their order; made when first asked for. Null when the user stopped that. */
const struct check_file *app_findings(struct app *app);

/* Who depends on whom, by enum graph_order; likewise. */
struct graph *app_graphs(struct app *app);

/* The rows of the file order: all cells, or those that match the filter. */
size_t app_shown_count(const struct app *app);
size_t app_shown_cell(const struct app *app, size_t row);

/* The row of a cell, or of the next one that is shown. */
size_t app_shown_row(const struct app *app, size_t cell);

/* --- what is said --- */

/* Shows a line at the bottom until the next key. */
void app_say(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
void app_complain(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- what is done --- */

void app_act(struct app *app, enum action action, size_t number);

/* "on" or "off" for an action that switches something, else null. */
const char *app_toggle_state(const struct app *app, enum action action);

/* Opens a view over the others, or goes back to it where it is open already. */
void app_open_view(struct app *app, enum view_id id);
void app_close_view(struct app *app);
struct view *app_view(struct app *app);

/* Sets the theme; false with a complaint when there is no such one. */
bool app_set_theme(struct app *app, struct slice name);

/* Changes a slot of this theme and of those to come, as a line of a theme file does;
 * false with a complaint when the line has a mistake. */
bool app_override_theme(struct app *app, struct slice line);

/* Marks texts as out of date. */
void app_renew(struct app *app);

/* For work that takes long in the thread that draws: shows how far it is, and stops it
 * with Ctrl-C or Esc. For one work at a time. */
struct analysis_watch app_watch(struct app *app);

/* A search begins: nothing has stopped it yet. */
void app_begin_search(struct app *app);

/* What searches asks this now and then, with how much of it is done: whether the user
 * wants it to stop. Shows the progress of what has lasted for a moment. */
bool app_interrupted(struct app *app, uint64_t done, uint64_t total);

/* What is at the cursor of the view that is open. */
struct spot app_spot(struct app *app);

/* The search whose matches are to be marked, or null. */
const struct search *app_marks(const struct app *app);

/* Searches for a pattern from where the cursor is. */
void app_search(struct app *app, struct slice pattern, bool back);

/* --- how things look --- */

struct slice app_glyph(const struct app *app, enum glyph glyph);
struct look status_look(const struct cell_status *status);
enum glyph status_glyph(enum status status);

/* The rows that a view has. */
int app_view_rows(const struct app *app);

/* Draws the whole screen on the app's canvas; returns whether the text cursor is
 * shown, and where. */
bool app_draw(struct app *app, int *row, int *column);

/* Draws in the last row how far work is that keeps the screen from being drawn. */
void app_draw_work(struct app *app, const char *what, size_t done, size_t whole);

/* Draws a pane's title in its first row: the text, a rule, and a note at the end. */
void draw_pane_title(const struct app *app, struct pane pane, bool focused, struct slice text, struct slice note);

/* The first line of a source that says something, printable. */
struct slice first_line(struct arena *arena, struct slice source);

/* "[12]", or "[ ]" without a count. */
struct slice count_text(struct arena *arena, int64_t count);

/* Gives each line of what an output shows as text, printable and valid for the call
 * only, to a function, until that says no; whether it never did. (output_walk.c) */
typedef bool output_visitor(void *context, struct slice line);
bool output_walk(const struct app *app, const struct output *output, output_visitor *visit, void *context);

#endif
