/* parts.h - the parts of the inspector that app.c puts together; views use state.h. */
#ifndef NBSCOPE_TUI_PARTS_H
#define NBSCOPE_TUI_PARTS_H

#include "tui/state.h"

/* --- places.c: going from cell to cell, marks, jumps --- */

/* False when the action is none of these. */
bool places_act(struct app *app, enum action action, size_t number);

/* What a letter means behind an action that waits for one: sets a mark, or goes to it. */
void places_take_letter(struct app *app, enum action action, key_code letter);

/* Appends the marks that are set, one a line, for those who are about to name one. */
void places_list_marks(const struct app *app, struct builder *out);

/* Selects in an analysis of the same notebook what was selected before. */
void places_renew(struct app *app);

/* Finds selection, marks and jumps again in the analysis that has taken the place of `old`. */
void places_carry_over(struct app *app, const struct notebook *old);

/* --- loading.c: reading the file, again, and whenever it changes --- */

struct analysis *loading_open(const struct app_options *options, struct arena *arena, struct failure *failure);

/* Makes an analysis the app's, with what a job has made with it (or null); frees what was derived from the one before,
 * but not that one itself. */
void loading_use(struct app *app, struct analysis *analysis, const struct job_result *result);

bool loading_act(struct app *app, enum action action);

/* Has what a job reads shown, as soon as it is there. */
void loading_begin(struct app *app, struct job *job);

/* Shows what came of reading, as far as it has come by now. */
void loading_take(struct app *app);

/* Stops reading; false when nothing is being read. */
bool loading_stop(struct app *app);

/* Whether nothing true can be said yet, since the cells are still being read. */
bool loading_is_early(const struct app *app, enum action action);

/* Closes what is shown, and what is being read. */
void loading_end(struct app *app);

/* Looks whether the file that is followed, if it is, has changed, and reads it when it is whole. */
void loading_follow(struct app *app);

/* --- folds.c: which parts of cells are folded --- */

bool folds_act(struct app *app, enum action action);

/* Finds what was folded again in the analysis that has taken the place of `old`. */
void folds_carry_over(struct app *app, const struct notebook *old);

/* --- filter.c: which cells the file order shows --- */

/* Shows the cells that match a pattern; all of them when it is empty. */
void filter_set(struct app *app, struct slice pattern);

/* Looks anew which cells match; false when none does. */
bool filter_renew(struct app *app);
void filter_drop(struct app *app);

/* --- name_actions.c: what is done with the name in the focus --- */

bool name_actions_act(struct app *app, enum action action);

/* --- handing_on.c: what leaves for the clipboard, an editor, or another command --- */

bool handing_on_act(struct app *app, enum action action);

/* Gives the part at the cursor to a command, typed as words. */
void handing_on_pipe(struct app *app, struct slice command);

/* Hands a text to the terminal's clipboard; `what` it is. */
void handing_on_copy(struct app *app, struct slice text, const char *what);

/* The words of a command: quotes hold blanks, a backslash the next character; no shell
 * reads them. A copy in the frame, ended by room for `more` words and a null pointer; null when a quote is not ended.
 */
char **command_words(struct app *app, struct slice command, size_t more, size_t *count);

/* --- links.c: the links and files that are named at the cursor --- */

bool links_act(struct app *app, enum action action, size_t number);

#endif
