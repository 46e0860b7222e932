/* What is to be said of each cell, one after the other. */
#include "base/printable.h"
#include "report/json_parts.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/summary.h"

void status_json(struct builder *out, const struct analysis *analysis)
{
	struct json_writer json = {.out = out};
	json_begin_document(&json, analysis->notebook->path);
	json_status(&json, analysis);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}

static void add_cell(struct builder *out, const struct analysis *analysis, const struct cell_status *status,
                     unsigned width)
{
	enum { TEXT_COLUMN = 38 };
	struct arena *arena = out->arena;
	const struct cell *cell = analysis->notebook->code[status->cell - 1];
	struct slice count = count_label(arena, cell->execution_count), words = status_words(arena, status);
	struct slice number = slice_format(arena, "cell %zu", status->cell);
	struct slice label =
	    slice_format(arena, "%s%s %-9.*s %6.*s  %-16.*s", status_sign(status->status), status->error ? "!" : " ",
	                 SLICE_FORMAT(number), SLICE_FORMAT(count), SLICE_FORMAT(words));
	struct builder text = {.arena = arena};
	if (status->reason_count) {
		size_t most_telling = 0;
		builder_add(&text, next_reason(arena, analysis, status, &most_telling));
		builder_add_byte(&text, ' ');
	}
	if (status->error) {
		builder_add(&text, SLICE("Saved error: "));
		builder_add(&text, error_words(arena, status->error));
	}
	if (text.length == 0)
		paragraph_add_line(out, 0, slice_trim(label), 0);
	else
		paragraph_add(out, label, TEXT_COLUMN, builder_slice(&text), width);
}

void status_text(struct builder *out, const struct analysis *analysis, unsigned width)
{
	struct slice file = printable(out->arena, analysis->notebook->path);
	struct slice title = slice_format(out->arena, "%.*s:", SLICE_FORMAT(file));
	paragraph_add(out, title, 0, summary_sentence(out->arena, analysis), width);
	for (size_t i = 0; i < analysis->status->cell_count && summary_is_possible(analysis); i++)
		if (!cell_is_blank(analysis->notebook->code[i]))
			add_cell(out, analysis, &analysis->status->cells[i], width);
}
