/* detail.h - the text of what is selected: a pane of the cells view, and a view. */
#ifndef NBSCOPE_TUI_VIEWS_DETAIL_H
#define NBSCOPE_TUI_VIEWS_DETAIL_H

#include "tui/reader.h"

enum landing { LAND_TOP, LAND_END, LAND_LAST_PART };

struct detail {
	struct reader reader;
	struct place place; /* of which the document speaks */
	struct slice title;
	bool seek;         /* go to the first match when the document is made next */
	enum landing land; /* where the cursor goes in the next cell's text */
};

/* Draws the pane with its title. While keys are waiting (app->settled is false)
 * it stays as it was, however far the selection has moved on, unless it has the focus. */
void detail_draw(struct app *app, struct detail *detail, struct pane pane, bool focused);

/* Moves in the text; the pane has that size, its title included. */
bool detail_act(struct app *app, struct detail *detail, enum action action, size_t number, int rows, int columns);

/* Goes to the next match in this cell, else to the next cell that has one. */
bool detail_search(struct app *app, struct detail *detail, bool back, int rows, int columns);

/* What is at the cursor. */
struct spot detail_spot(struct app *app, struct detail *detail, int rows, int columns);

/* How far a search through cells has come, in bytes of what it reads. */
struct progress {
	uint64_t done, total;
};

/* What searching all cells of the notebook comes to. */
struct progress progress_begin(const struct app *app);

/* Whether a search matches in a cell, where it is to look (cell_search.c). The user may
 * stop that: then app->search_stopped is set. */
bool cell_matches(struct app *app, const struct search *search, const struct cell *cell, struct progress *progress);

/* Opens the first output of a cell, from a part on, that has a match in lines which are not
 * shown; false when none has (cell_search.c). */
bool cell_reveal(struct app *app, const struct cell *cell, size_t part);

/* The next token of a source, from `*at` on, that is a name in which a search matches (cell_search.c). */
bool name_search(const struct search *search, struct slice source, const struct token_span *tokens, size_t count,
                 size_t *at);

void detail_free(struct detail *detail);

/* The next cell after the selected one (or before it) in which the search
 * matches, around the end of the notebook if need be; the number of cells when
 * there is none (cell_search.c). */
size_t cell_search(struct app *app, bool back);

#endif
