/* The review as a comment on a pull request: what everybody must see first, the rest folded
 * away. GitHub refuses a comment of more than 65,536 characters, so that entries are left
 * out, with a word that says so, before there is no room for what ends the document. */
#include <inttypes.h>

#include "report/markup.h"
#include "report/report.h"
#include "report/review.h"

struct comment {
	struct builder *out;
	const struct review *review;
	size_t limit; /* bytes that `out` may hold when an entry is complete */
};

/* What ends a list whose entries had no room. */
enum { ROOM_FOR_END = 400 };

static void add_sentence(struct comment *comment, struct slice sentence)
{
	if (sentence.length == 0)
		return;
	escape_markdown_sentence(comment->out, sentence);
	builder_add_string(comment->out, "\n\n");
}

/* Takes back what was written since `start` when it is too much. */
static bool has_room(struct comment *comment, size_t start)
{
	if (comment->out->length + ROOM_FOR_END <= comment->limit)
		return true;
	comment->out->length = start;
	return false;
}

typedef bool entry_writer(struct comment *comment, size_t i); /* false: there is nothing to say of it */

/* Entries [0, count) as a list, as far as there is room. */
static void add_list(struct comment *comment, entry_writer *writer, size_t count, const char *what)
{
	size_t left_out = 0, start = comment->out->length;
	for (size_t i = 0; i < count; i++) {
		size_t before = comment->out->length;
		if (!writer(comment, i))
			continue;
		if (left_out || !has_room(comment, before)) {
			comment->out->length = before;
			left_out++;
		}
	}
	if (left_out)
		builder_add_format(comment->out, "%s- … and %zu more %s, for which there is no room here.\n",
		                   comment->out->length == start ? "\n" : "", left_out, what);
	builder_add_byte(comment->out, '\n');
}

static void begin_details(struct comment *comment, struct slice summary)
{
	builder_add_string(comment->out, "<details><summary>");
	escape_html(comment->out, summary);
	builder_add_string(comment->out, "</summary>\n\n");
}

static void end_details(struct comment *comment)
{
	builder_add_string(comment->out, "</details>\n\n");
}

static bool add_cell(struct comment *comment, size_t i)
{
	struct builder *out = comment->out;
	const struct review_cell *cell = &comment->review->cells[i];
	if (!cell->is_problem)
		return false;
	builder_add_format(out, "- **Cell %zu** ", cell->status->cell);
	escape_markdown(out, count_label(out->arena, cell->cell->execution_count));
	builder_add_byte(out, ' ');
	escape_markdown(out, status_words(out->arena, cell->status));
	if (cell->same_as) {
		builder_add_format(out, ", as cell %zu\n", cell->same_as);
		return true;
	}
	if (cell->is_consequence) {
		builder_add_string(out, ", for ");
		escape_markdown_sentence(out, cell->rests_on);
		builder_add_byte(out, '\n');
		return true;
	}
	builder_add_string(out, ": ");
	escape_markdown_code(out, cell->telling_line);
	builder_add_string(out, "  \n  ");
	for (size_t at = 0; at < cell->sentence_count; at++) {
		builder_add_string(out, at ? " " : "");
		escape_markdown_sentence(out, cell->sentences[at]);
	}
	builder_add_byte(out, '\n');
	return true;
}

static bool add_finding(struct comment *comment, size_t i)
{
	struct builder *out = comment->out;
	const struct review_topic *topic = &comment->review->topics[i];
	enum { FEW_REMARKS = 10 };
	builder_add_format(out, "- **%s** %s %s\n", severity_name(topic->rule->severity), topic->rule->code,
	                   topic->rule->name);
	for (size_t at = 0; at < topic->remark_count && at < FEW_REMARKS; at++) {
		const struct review_remark *remark = &topic->remarks[at];
		builder_add_string(out, "  - ");
		escape_markdown(out, remark->where);
		if (remark->certainty != CERTAIN)
			builder_add_format(out, " (%s)", certainty_name(remark->certainty));
		builder_add_string(out, ": ");
		escape_markdown_sentence(out, remark->message);
		builder_add_byte(out, '\n');
	}
	if (topic->remark_count > FEW_REMARKS)
		builder_add_format(out, "  - … and %zu more\n", topic->remark_count - FEW_REMARKS);
	return true;
}

void report_markdown(struct builder *out, const struct analysis *analysis, size_t room)
{
	const struct review *review = review_of(out->arena, analysis);
	struct comment comment = {out, review, out->length + room};
	size_t cells = analysis->status->cell_count, problems = 0;
	for (size_t i = 0; i < cells; i++)
		problems += review->cells[i].is_problem;
	builder_add_string(out, "### nbscope: ");
	escape_markdown_code(out, analysis->notebook->path);
	builder_add_string(out, "\n\n**");
	escape_markdown_sentence(out, review->verdict);
	builder_add_string(out, "**\n\n");
	add_sentence(&comment, review->run_all);
	add_sentence(&comment, review->also);
	add_sentence(&comment, review_to_do(review));
	if (problems) {
		begin_details(&comment, slice_format(out->arena, "What does not stand, and why: %zu cell%s", problems,
		                                     problems == 1 ? "" : "s"));
		add_list(&comment, add_cell, cells, "cells");
		add_sentence(&comment, review->basis);
		end_details(&comment);
	}
	if (review->topic_count) {
		begin_details(&comment, SLICE("What else was found"));
		add_list(&comment, add_finding, review->topic_count, "rules that found something");
		end_details(&comment);
	}
	if (review->standing.length + review->never_run.length + review->standing_errors.length == 0)
		return;
	begin_details(&comment, SLICE("The other cells"));
	add_sentence(&comment, review->standing);
	add_sentence(&comment, review->never_run);
	add_sentence(&comment, review->standing_errors);
	end_details(&comment);
}
