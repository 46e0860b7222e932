/* page.h - the parts of the review's HTML page that show the notebook itself: sources,
 * outputs, and both orders. */
#ifndef NBSCOPE_REPORT_PAGE_H
#define NBSCOPE_REPORT_PAGE_H

#include "report/review.h"

/* How many bytes of images a page may still hold. */
struct page_budget {
	size_t images;
};
struct page_budget page_budget(void);

/* A cell's source, its tokens in colours where it is Python. */
void page_add_source(struct builder *out, const struct cell *cell, bool is_python);

/* A cell of text, as it was typed; what is a heading stands out. */
void page_add_prose(struct builder *out, const struct cell *cell);

/* An output: its text, up to a number of lines; a PNG or JPEG image that is small. What is
 * left out is said. */
void page_add_output(struct builder *out, const struct notebook *notebook, const struct output *output,
                     struct page_budget *budget);

/* The cells in the order of the file beside the order in which they ran: as a drawing with
 * lines between them, unless there are too many, and as a table. */
void page_add_orders(struct builder *out, const struct review *review);

#endif
