/* names.h - what the views of names and runs share: the four things that a run does
 * to a name, and how a step is called. */
#ifndef NBSCOPE_TUI_VIEWS_NAMES_H
#define NBSCOPE_TUI_VIEWS_NAMES_H

#include "tui/state.h"

enum touch_kind { TOUCH_READ, TOUCH_BIND, TOUCH_MUTATE, TOUCH_DELETE, TOUCH_KINDS };

bool touch_has(const struct touch *touch, enum touch_kind kind);

/* r, b, m, d */
char touch_letter(enum touch_kind kind);

/* "reads", "binds", "mutates", "deletes" */
const char *touch_verb(enum touch_kind kind);

enum slot touch_slot(enum touch_kind kind);

/* "cell 12 [13]", "cell 12" from the top, "a run of no cell": in the frame. */
struct slice step_text(struct app *app, bool from_top, size_t step);

/* Goes to the next run whose source matches the search, or back; false when there is none. */
bool run_search(struct app *app, bool back);

#endif
