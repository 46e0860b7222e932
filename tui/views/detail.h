/* detail.h - the text of what is selected: a pane of the cells view, and a view. */
#ifndef NBSCOPE_TUI_VIEWS_DETAIL_H
#define NBSCOPE_TUI_VIEWS_DETAIL_H

#include "tui/reader.h"

struct detail {
	struct reader reader;
	struct place place; /* of which the document speaks */
	struct slice title;
	bool seek; /* go to the first match when the document is made next */
};

/* Draws the pane with its title. While keys are waiting (app->settled is false)
 * it stays as it was, however far the selection has moved on. */
void detail_draw(struct app *app, struct detail *detail, struct pane pane, bool focused);

/* Moves in the text; the pane has that size, its title included. */
bool detail_act(struct app *app, struct detail *detail, enum action action, size_t number, int rows, int columns);

/* Goes to the next match in this cell, else to the next cell that has one. */
bool detail_search(struct app *app, struct detail *detail, bool back, int rows, int columns);

/* Whether a search matches in a cell's source or outputs (cell_search.c). */
bool cell_matches(struct app *app, const struct search *search, const struct cell *cell);

void detail_free(struct detail *detail);

/* The next cell after the selected one (or before it) in which the search
 * matches, around the end of the notebook if need be; the number of cells when
 * there is none (cell_search.c). */
size_t cell_search(struct app *app, bool back);

#endif
