/* folds.h - how much is shown of the parts of a cell: of its source, and of each of
 * its outputs.
 *
 * A part has the level that was given to it, else that of its cell, else that of
 * all cells (app->settings.outputs).
 */
#ifndef NBSCOPE_TUI_FOLDS_H
#define NBSCOPE_TUI_FOLDS_H

#include "tui/state.h"

/* The parts of a cell's text. Outputs of one stream that follow each other are one
 * part: that of the first. */
enum {
	PART_HEAD /* what is said of the cell, or the cell as a whole */,
	PART_SOURCE,
	PART_OUTPUTS /* the first one */
};

/* The level (OUTPUT_...) of a part: of a source it is OUTPUT_NONE or OUTPUT_ALL. */
int folds_level(const struct app *app, size_t cell, size_t part);

/* Whether the part has a level of its own, or its cell has. */
bool folds_own(const struct app *app, size_t cell, size_t part);

/* Opens a part at least as far as to show that many lines of it. */
void folds_show_lines(struct app *app, size_t cell, size_t part, size_t lines);

/* How many lines of an output a level shows; 0 stands for all. */
size_t folds_lines(int level);

#endif
