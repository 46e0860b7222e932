/* output_shown.h - which of the representations of an output is shown as text. */
#ifndef NBSCOPE_TUI_VIEWS_OUTPUT_SHOWN_H
#define NBSCOPE_TUI_VIEWS_OUTPUT_SHOWN_H

#include "tui/state.h"

struct shown {
	const struct mime_part *part; /* that the text was made from; null of a stream or an error */
	struct slice text;            /* for styled_lines(), in the arena or of the content */
	bool markdown;                /* the text is Markdown */
	bool whole;                   /* the text says what text/html says too */
};

/* text/plain, unless it says less than what stands beside it: "<IPython.core.display.HTML
 * object>", or a table whose columns were broken into several blocks. */
struct shown output_shown(struct arena *arena, const struct output *output, const struct output_content *content);

#endif
