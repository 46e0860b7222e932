/* page.h - the parts of the review's HTML page that show the notebook itself: sources,
 * outputs, and both orders. */
#ifndef NBSCOPE_REPORT_PAGE_H
#define NBSCOPE_REPORT_PAGE_H

#include "findings/secrets.h"
#include "report/review.h"

/* What a page may still hold, and what it must not show. */
struct page_limits {
	size_t images; /* bytes */
	struct secret_finder *secrets;
};

/* For a new page; the caller ends the finder of secrets, which is null where there is no memory for it. */
struct page_limits page_limits(struct arena *arena);

/* The text with its secrets masked; nothing where that can't be done. */
struct slice page_text(const struct page_limits *limits, struct arena *arena, struct slice text);

/* A cell's source without its secrets, its tokens in colours where it is Python. */
void page_add_source(struct builder *out, const struct cell *cell, bool is_python, const struct page_limits *limits);

/* A cell of text, as it was typed, without its secrets; what is a heading stands out. */
void page_add_prose(struct builder *out, const struct cell *cell, const struct page_limits *limits);

/* An output: its text without its secrets, up to a number of lines; a PNG or JPEG image that is small. What is
 * left out is said. */
void page_add_output(struct builder *out, const struct notebook *notebook, const struct output *output,
                     struct page_limits *limits);

/* The cells in the order of the file beside the order in which they ran: as a drawing with
 * lines between them, unless there are too many, and as a table. */
void page_add_orders(struct builder *out, const struct review *review, const struct page_limits *limits);

#endif
