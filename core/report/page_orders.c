/* Both orders: the cells stand on the left as in the file, the runs on the right in the
 * order in which they happened, and a line leads from each cell to its last run. Lines that
 * cross are what a run from top to bottom does not give. */
#include <inttypes.h>

#include "report/markup.h"
#include "report/page.h"

enum { ROW = 22, TOP = 34, LEFT = 140, RIGHT = 300, WIDTH = 470, MANY_ROWS = 200 };

static size_t row_y(size_t row)
{
	return TOP + row * ROW;
}

static void add_drawing(struct builder *out, const struct review *review)
{
	const struct analysis *analysis = review->analysis;
	const struct log *log = analysis->log;
	size_t cells = analysis->notebook->code_count, rows = cells > log->run_count ? cells : log->run_count;
	if (rows > MANY_ROWS)
		return;
	builder_add_format(
	    out,
	    "<div class=\"orders\" tabindex=\"0\" role=\"group\" aria-label=\"Both orders\">\n"
	    "<svg role=\"img\" aria-label=\"Cells in the order of the file, each with a line to its last run; "
	    "the table below says the same\" width=\"%d\" height=\"%zu\" viewBox=\"0 0 %d %zu\">\n"
	    "<text x=\"%d\" y=\"16\" text-anchor=\"end\">in the file</text>"
	    "<text x=\"%d\" y=\"16\">as it ran</text>\n",
	    WIDTH, row_y(rows) + ROW / 2, WIDTH, row_y(rows) + ROW / 2, LEFT, RIGHT);
	for (size_t i = 0; i < cells; i++) {
		const struct cell_status *status = review->cells[i].status;
		const char *class = review->is_judged ? status_name(status->status) : "";
		const char *sign = review->is_judged ? status_sign(status->status) : "";
		builder_add_format(out, "<text class=\"%s\" x=\"%d\" y=\"%zu\" text-anchor=\"end\">cell %zu %s</text>\n", class,
		                   LEFT, row_y(i) + 18, i + 1, sign);
	}
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		struct slice count = run_count_label(review->arena, run);
		builder_add_format(out, "<text x=\"%d\" y=\"%zu\">%.*s ", RIGHT, row_y(i) + 18, SLICE_FORMAT(count));
		if (run->origin == RUN_LOST)
			builder_add_format(out, "%" PRIu32 " lost", run->lost_count);
		else if (run->cell)
			builder_add_format(out, "cell %zu%s", run->cell, run->origin == RUN_INFERRED ? ", inferred" : "");
		else
			builder_add_string(out, "no cell");
		builder_add_string(out, "</text>\n");
		if (run->origin != RUN_RECORDED || !run->cell || run->link != LINK_LAST_RUN)
			continue;
		size_t from = row_y(run->cell - 1) + 14, to = row_y(i) + 14;
		const char *class = review->is_judged ? status_name(review->cells[run->cell - 1].status->status) : "";
		builder_add_format(out, "<path class=\"%s\" d=\"M%d %zuC%d %zu %d %zu %d %zu\"/>\n", class, LEFT + 8, from,
		                   LEFT + 70, from, RIGHT - 70, to, RIGHT - 8, to);
	}
	builder_add_string(out, "</svg>\n</div>\n");
}

static void add_row(struct builder *out, const struct run *run, const struct page_limits *limits)
{
	struct slice count = run_count_label(out->arena, run);
	builder_add_format(out, "<tr><td class=\"r\">%zu</td><td class=\"r\">%.*s</td><td>", run->step,
	                   SLICE_FORMAT(count));
	if (run->cell)
		builder_add_format(out, "<a href=\"#cell-%zu\">cell %zu</a>", run->cell, run->cell);
	else if (run->origin != RUN_LOST)
		builder_add_string(out, "no cell");
	builder_add_format(out, "</td><td>%s</td><td><code>", run_origin_name(run->origin));
	if (run->origin != RUN_LOST)
		escape_html(out, page_text(limits, out->arena, slice_trim(source_first_line(run->source))));
	builder_add_string(out, "</code></td></tr>\n");
}

void page_add_orders(struct builder *out, const struct review *review, const struct page_limits *limits)
{
	const struct log *log = review->analysis->log;
	if (log->run_count == 0)
		return;
	builder_add_string(out, "<h2>Both orders</h2>\n");
	add_drawing(out, review);
	builder_add_format(
	    out, "<details><summary>The runs as a table</summary>\n<table><thead><tr><th class=\"r\" scope=\"col\">"
	         "run</th><th class=\"r\" scope=\"col\">count</th><th scope=\"col\">cell</th><th scope=\"col\">known"
	         "</th><th scope=\"col\">begins with</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < log->run_count; i++)
		add_row(out, &log->runs[i], limits);
	builder_add_string(out, "</tbody></table>\n</details>\n");
}
