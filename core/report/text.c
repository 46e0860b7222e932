/* The review of a notebook as a careful colleague would write it: the verdict
 * first, then whether Restart & Run All goes through, then each result that does
 * not stand, then what that rests on. What is in order is not spoken of. */
#include <inttypes.h>
#include <string.h>

#include "base/printable.h"
#include "report/json_parts.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/summary.h"

enum { INDENT = 4, FEW_REASONS = 4, FEW_GAPS = 4 };

struct review {
	struct builder *out;
	struct arena *arena;
	const struct analysis *analysis;
	struct summary summary;
	unsigned width;
};

static void say(struct review *review, unsigned indent, struct slice text)
{
	paragraph_add(review->out, SLICE(""), indent, text, review->width);
}

/* What the notebook is. */

static struct slice size_label(struct arena *arena, uint64_t size)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	if (size < 1000)
		return slice_format(arena, "%" PRIu64 " bytes", size);
	double value = (double)size / 1000;
	size_t unit = 0;
	while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
		value /= 1000;
		unit++;
	}
	return slice_format(arena, value < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static void add_description(struct review *review)
{
	const struct notebook *notebook = review->analysis->notebook;
	struct slice language = language_name(review->arena, notebook->language);
	struct slice size = size_label(review->arena, notebook->size);
	struct builder text = {.arena = review->arena};
	builder_add(&text, language);
	if (notebook->language_version.length)
		builder_add_format(&text, " %.*s", SLICE_FORMAT(notebook->language_version));
	if (notebook->code_count == notebook->cell_count)
		builder_add_format(&text, ", %zu code cell%s", notebook->code_count, notebook->code_count == 1 ? "" : "s");
	else
		builder_add_format(&text, ", %zu cell%s, %zu of them code", notebook->cell_count,
		                   notebook->cell_count == 1 ? "" : "s", notebook->code_count);
	builder_add_format(&text, ", nbformat %d.%d, %.*s", notebook->format_major, notebook->format_minor,
	                   SLICE_FORMAT(size));
	say(review, 0, builder_slice(&text));
}

/* Restart & Run All. */

static const struct run_all_error *error_of_cell(const struct status_report *report, size_t cell)
{
	for (size_t i = 0; i < report->error_count; i++)
		if (report->errors[i].cell == cell && report->errors[i].must)
			return &report->errors[i];
	return NULL;
}

static struct slice stop_sentence(struct review *review)
{
	const struct status_report *report = review->analysis->status;
	size_t cell = report->stops_at;
	const struct run_all_error *error = error_of_cell(report, cell);
	const struct run_error *saved = report->cells[cell - 1].error;
	if (error) {
		struct slice name = symbols_name(review->analysis->symbols, error->name);
		return slice_format(review->arena,
		                    "Restart & Run All would stop at cell %zu, line %" PRIu32
		                    ": NameError, `%.*s` is not defined there.",
		                    cell, error->line, SLICE_FORMAT(name));
	}
	if (saved)
		return slice_format(review->arena, "Restart & Run All would stop at cell %zu, which failed when it ran: %.*s.",
		                    cell, SLICE_FORMAT(saved->ename));
	const struct module *module = review->analysis->effects[cell - 1]->module;
	if (module && module->has_error)
		return slice_format(review->arena, "Restart & Run All would stop at cell %zu, which is not valid Python.",
		                    cell);
	return slice_format(review->arena, "Restart & Run All would stop at cell %zu.", cell);
}

/* "cell 7 (`df`), cell 9 (`x`, `y`)": the errors other than those of `except`. */
static struct slice error_list(struct review *review, bool must, size_t except, size_t *cells)
{
	const struct status_report *report = review->analysis->status;
	struct builder text = {.arena = review->arena};
	size_t last = 0;
	*cells = 0;
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		if (error->must != must || error->cell == except)
			continue;
		struct slice name = symbols_name(review->analysis->symbols, error->name);
		if (error->cell == last) {
			builder_add_format(&text, ", `%.*s`", SLICE_FORMAT(name));
			continue;
		}
		builder_add_format(&text, "%scell %zu (`%.*s`", last ? "), " : "", error->cell, SLICE_FORMAT(name));
		last = error->cell;
		++*cells;
	}
	if (last)
		builder_add_byte(&text, ')');
	return builder_slice(&text);
}

/* Names that are missing on some paths only: where it begins, and how many cells there are. */
static void add_uncertain(struct builder *text, struct slice list, size_t cells)
{
	struct slice first = slice_part(list, 0, slice_find(list, ')', 0) + 1);
	if (text->length)
		builder_add_byte(text, ' ');
	builder_add_format(text, "On some paths through the code a name may be missing in %.*s", SLICE_FORMAT(first));
	if (cells > 1)
		builder_add_format(text, " and in %zu cell%s after it", cells - 1, cells == 2 ? "" : "s");
	builder_add_byte(text, '.');
}

static void add_run_all(struct review *review)
{
	const struct status_report *report = review->analysis->status;
	struct builder text = {.arena = review->arena};
	size_t more, perhaps;
	struct slice others = error_list(review, true, report->stops_at, &more);
	struct slice uncertain = error_list(review, false, 0, &perhaps);
	const char *errors = more == 1 ? "a NameError" : "NameErrors";
	if (report->stops_at)
		builder_add(&text, stop_sentence(review));
	else if (more)
		builder_add_format(&text, "Restart & Run All would get to the end, but with %s in %.*s.", errors,
		                   SLICE_FORMAT(others));
	else if (perhaps == 0)
		builder_add(&text, SLICE("Restart & Run All would find every name that it needs."));
	if (report->stops_at && more)
		builder_add_format(&text, " If it went on, %s would follow in %.*s.", errors, SLICE_FORMAT(others));
	if (perhaps)
		add_uncertain(&text, uncertain, perhaps);
	say(review, 0, builder_slice(&text));
}

/* The cells that don't stand. */

/* Whether a reason speaks of the saved error already. */
static bool tells_error(const struct cell_status *status)
{
	for (size_t i = 0; i < status->reason_count; i++)
		if (status->reasons[i].name == 0 && memmem(status->reasons[i].why.bytes, status->reasons[i].why.length,
		                                           status->error->ename.bytes, status->error->ename.length))
			return true;
	return false;
}

static void add_cell(struct review *review, const struct cell_status *status)
{
	const struct cell *cell = review->analysis->notebook->code[status->cell - 1];
	struct slice count = count_label(review->arena, cell->execution_count);
	struct slice words = status_words(review->arena, status);
	builder_add_format(review->out, "\ncell %zu %.*s  %.*s\n", status->cell, SLICE_FORMAT(count), SLICE_FORMAT(words));
	struct slice source = slice_trim(source_first_line(cell->source));
	paragraph_add_line(review->out, INDENT, slice_format(review->arena, "> %.*s", SLICE_FORMAT(source)), review->width);
	size_t told = 0;
	for (size_t sentences = 0; told < status->reason_count && sentences < FEW_REASONS; sentences++)
		say(review, INDENT, next_reason(review->arena, review->analysis, status, &told));
	if (told < status->reason_count)
		say(review, INDENT, slice_format(review->arena, "And %zu more.", status->reason_count - told));
	struct slice error = error_words(review->arena, status->error);
	if (status->error && !tells_error(status))
		say(review, INDENT, slice_format(review->arena, "Its saved output is an error: %.*s", SLICE_FORMAT(error)));
}

/* Those whose status is certain or likely, or those where it is only possible. */
static void add_cells(struct review *review, bool possible)
{
	const struct status_report *report = review->analysis->status;
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct cell_status *status = &report->cells[i];
		bool is_problem =
		    status->status == STATUS_STALE || status->status == STATUS_BROKEN || status->status == STATUS_UNKNOWN;
		bool is_possible = status->status == STATUS_STALE && status->certainty == POSSIBLE;
		if (is_problem && is_possible == possible)
			add_cell(review, status);
	}
}

/* What would bring it in order. */
static void add_plan(struct review *review)
{
	const struct summary *summary = &review->summary;
	if (summary->stale + summary->perhaps_stale + summary->broken + summary->unknown == 0)
		return;
	struct slice sentences = plan_sentences(review->arena, review->analysis);
	if (sentences.length == 0)
		return;
	builder_add_byte(review->out, '\n');
	say(review, 0, sentences);
}

/* Facts beside the statuses. */

static void add_never_run(struct review *review)
{
	const struct status_report *report = review->analysis->status;
	VECTOR(size_t) cells = {0};
	for (size_t i = 0; i < report->cell_count; i++)
		if (report->cells[i].status == STATUS_NOT_RUN && !cell_is_blank(review->analysis->notebook->code[i]))
			vector_push(review->arena, &cells, i + 1);
	if (cells.count == 0 || review->summary.results == 0)
		return;
	struct slice list = cell_list(review->arena, cells.items, cells.count);
	builder_add_byte(review->out, '\n');
	say(review, 0, slice_format(review->arena, "Never run: %.*s.", SLICE_FORMAT(list)));
}

/* Errors that were saved and would come again. */
static void add_standing_errors(struct review *review)
{
	const struct status_report *report = review->analysis->status;
	struct builder text = {.arena = review->arena};
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct cell_status *status = &report->cells[i];
		if (status->status == STATUS_STANDS && status->error)
			builder_add_format(&text, "%scell %zu (%.*s)", text.length ? ", " : "", status->cell,
			                   SLICE_FORMAT(status->error->ename));
	}
	if (text.length == 0)
		return;
	builder_add_byte(review->out, '\n');
	say(review, 0,
	    slice_format(review->arena, "Saved errors that would come again: %.*s.", SLICE_FORMAT(builder_slice(&text))));
}

static void add_syntax_errors(struct review *review)
{
	const struct notebook *notebook = review->analysis->notebook;
	bool is_first = true;
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct module *module = review->analysis->effects[i]->module;
		if (!module || !module->has_error)
			continue;
		if (is_first)
			builder_add_byte(review->out, '\n');
		is_first = false;
		say(review, 0,
		    slice_format(review->arena, "Cell %zu is not valid Python: line %" PRIu32 ", column %" PRIu32 ": %.*s.",
		                 i + 1, module->error.line, module->error.column, SLICE_FORMAT(module->error.message)));
	}
}

/* What the verdicts rest on. */

static void add_lost(struct builder *text, const struct log *log)
{
	size_t lost = 0, gap_count = 0;
	struct builder gaps = {.arena = text->arena};
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		if (run->origin != RUN_LOST)
			continue;
		lost += run->lost_count;
		struct slice label = run_count_label(text->arena, run);
		builder_add_format(&gaps, "%s%.*s", gap_count++ ? ", " : ": ", SLICE_FORMAT(label));
	}
	if (lost == 0)
		return;
	builder_add_format(text, " %zu run%s left no trace but ", lost, lost == 1 ? "" : "s");
	if (gap_count == 1)
		builder_add_string(text, "a gap in the counts");
	else
		builder_add_format(text, "%zu gaps in the counts", gap_count);
	if (gap_count <= FEW_GAPS)
		builder_add(text, builder_slice(&gaps));
	builder_add_byte(text, '.');
}

static void add_inferred(struct builder *text, const struct log *log)
{
	struct builder list = {.arena = text->arena};
	size_t inferred = 0;
	for (size_t i = 0; i < log->run_count; i++) {
		if (log->runs[i].origin != RUN_INFERRED)
			continue;
		size_t next = i + 1;
		while (next < log->run_count && log->runs[next].origin != RUN_RECORDED)
			next++;
		builder_add_format(&list, "%scell %zu", inferred ? ", " : "", log->runs[i].cell);
		if (next < log->run_count)
			builder_add_format(&list, " before [%" PRId64 "]", log->runs[next].count);
		inferred++;
	}
	if (inferred)
		builder_add_format(text, " %zu earlier run%s inferred, because what ran later needs %s: %.*s.", inferred,
		                   inferred == 1 ? " is" : "s are", inferred == 1 ? "it" : "them",
		                   SLICE_FORMAT(builder_slice(&list)));
}

/* How the order is known from which stale results were told. */
static void add_basis(struct review *review)
{
	const struct summary *summary = &review->summary;
	const struct log *log = review->analysis->log;
	struct builder text = {.arena = review->arena};
	if (summary->stale + summary->perhaps_stale + summary->unknown == 0)
		return;
	if (log->session_count > 1)
		builder_add_format(&text, " The counts come from %u sessions.", log->session_count);
	add_inferred(&text, log);
	add_lost(&text, log);
	if (text.length == 0)
		return;
	builder_add_byte(review->out, '\n');
	say(review, 0,
	    slice_format(review->arena, "What this rests on: the execution counts.%.*s",
	                 SLICE_FORMAT(builder_slice(&text))));
}

void report_text(struct builder *out, const struct analysis *analysis, unsigned width)
{
	struct review review = {out, out->arena, analysis, summary_of(analysis), width};
	paragraph_add_line(out, 0, analysis->notebook->path, 0);
	add_description(&review);
	builder_add_byte(out, '\n');
	say(&review, 0, summary_sentence(out->arena, analysis));
	if (!summary_is_possible(analysis))
		return;
	if (analysis->notebook->code_count)
		add_run_all(&review);
	add_cells(&review, false);
	add_cells(&review, true);
	add_plan(&review);
	add_never_run(&review);
	add_standing_errors(&review);
	add_syntax_errors(&review);
	add_basis(&review);
}

void report_json(struct builder *out, const struct analysis *analysis)
{
	const struct notebook *notebook = analysis->notebook;
	struct summary summary = summary_of(analysis);
	struct json_writer json = {.out = out};
	json_begin_document(&json, notebook->path);
	json_key(&json, "notebook");
	json_begin_object(&json);
	json_key(&json, "language");
	json_string(&json, notebook->language);
	json_key(&json, "language_version");
	json_string(&json, notebook->language_version);
	json_key(&json, "kernel");
	json_string(&json, notebook->kernel_name);
	json_key(&json, "format");
	json_string(&json, slice_format(out->arena, "%d.%d", notebook->format_major, notebook->format_minor));
	json_key(&json, "cells");
	json_integer(&json, (int64_t)notebook->cell_count);
	json_key(&json, "code_cells");
	json_integer(&json, (int64_t)notebook->code_count);
	json_key(&json, "size");
	json_integer(&json, (int64_t)notebook->size);
	json_end_object(&json);
	json_key(&json, "summary");
	json_begin_object(&json);
	const struct {
		const char *key;
		size_t count;
	} counts[] = {
	    {"results", summary.results}, {"stand", summary.stand},
	    {"stale", summary.stale},     {"perhaps_stale", summary.perhaps_stale},
	    {"broken", summary.broken},   {"unknown", summary.unknown},
	    {"not_run", summary.not_run},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		json_key(&json, counts[i].key);
		json_integer(&json, (int64_t)counts[i].count);
	}
	json_key(&json, "verdict");
	json_string(&json, summary_sentence(out->arena, analysis));
	json_end_object(&json);
	json_status(&json, analysis);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
