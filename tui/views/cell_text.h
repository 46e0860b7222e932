/* cell_text.h - what there is to say of a cell, as a document. */
#ifndef NBSCOPE_TUI_VIEWS_CELL_TEXT_H
#define NBSCOPE_TUI_VIEWS_CELL_TEXT_H

#include "tui/document.h"
#include "tui/state.h"

/* Adds what is known of the place: status and reasons, effects, source, outputs
 * of a code cell; the text of another cell; what a run is that no cell has. */
void cell_text_add(struct app *app, struct document *document, struct place place);

/* The title of that: "cell 7 [12]", and which step it ran in. */
struct slice cell_text_title(const struct app *app, struct arena *arena, struct place place);

/* Adds a code cell's outputs (output_text.c). */
void output_text_add(const struct app *app, struct document *document, const struct cell *cell);

/* Whether an output goes on with the stream of the one before: they are one part. */
bool output_continues(const struct cell *cell, size_t at);

/* Whether an output is too large to be read for that level (OUTPUT_...). */
bool output_is_withheld(const struct output *output, int level);

/* "12 kB" */
struct slice size_text(struct arena *arena, uint64_t bytes);

/* "12,345" */
struct slice number_text(struct arena *arena, uint64_t number);

#endif
