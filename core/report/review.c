/* The verdict first, then whether Restart & Run All goes through, then each result that
 * does not stand, what else was found, what to do, and what all that rests on. What is
 * in order is not spoken of. */
#include "report/review.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "findings/secrets.h"
#include "report/advice.h"

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

static struct slice description_of(struct arena *arena, const struct notebook *notebook)
{
	struct slice size = size_label(arena, notebook->size);
	struct builder text = {.arena = arena};
	builder_add(&text, language_name(arena, notebook->language));
	if (notebook->language_version.length)
		builder_add_format(&text, " %.*s", SLICE_FORMAT(notebook->language_version));
	if (notebook->code_count == notebook->cell_count)
		builder_add_format(&text, ", %zu code cell%s", notebook->code_count, notebook->code_count == 1 ? "" : "s");
	else
		builder_add_format(&text, ", %zu cell%s, %zu of them code", notebook->cell_count,
		                   notebook->cell_count == 1 ? "" : "s", notebook->code_count);
	builder_add_format(&text, ", nbformat %d.%d, %.*s", notebook->format_major, notebook->format_minor,
	                   SLICE_FORMAT(size));
	return builder_slice(&text);
}

/* "cells 3, 5-8 and 10", or "1200 cells" where there are too many ranges to be read. */
static struct slice cell_words(struct arena *arena, const size_t *cells, size_t count)
{
	enum { LONGEST = 400 };
	struct slice list = cell_list(arena, cells, count);
	return list.length > LONGEST ? slice_format(arena, "%zu cells", count) : list;
}

/* Those that a test picks; empty for none. */
typedef bool cell_test(const struct review *review, size_t i);

static struct slice cells_that(const struct review *review, cell_test *test)
{
	VECTOR(size_t) cells = {0};
	for (size_t i = 0; i < review->analysis->status->cell_count; i++)
		if (test(review, i))
			vector_push(review->arena, &cells, i + 1);
	return cells.count ? cell_words(review->arena, cells.items, cells.count) : SLICE("");
}

static bool stands(const struct review *review, size_t i)
{
	return review->analysis->status->cells[i].status == STATUS_STANDS;
}

static bool never_ran(const struct review *review, size_t i)
{
	return review->analysis->status->cells[i].status == STATUS_NOT_RUN &&
	       !cell_is_blank(review->analysis->notebook->code[i]);
}

static struct slice standing_sentence(const struct review *review)
{
	const struct summary *summary = &review->summary;
	if (summary->stand == summary->results)
		return SLICE("");
	struct slice list = cells_that(review, stands);
	if (list.length == 0)
		return list;
	return slice_format(review->arena, "What stands: %.*s.", SLICE_FORMAT(list));
}

/* Restart & Run All. */

static const struct run_all_error *error_of_cell(const struct status_report *report, size_t cell)
{
	for (size_t i = 0; i < report->error_count; i++)
		if (report->errors[i].cell == cell && report->errors[i].must)
			return &report->errors[i];
	return NULL;
}

static struct slice stop_sentence(const struct review *review)
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
	if (module && module->has_error && !module->error.runs_in_ipython)
		return slice_format(review->arena, "Restart & Run All would stop at cell %zu, which is not valid Python.",
		                    cell);
	return slice_format(review->arena, "Restart & Run All would stop at cell %zu, which can't run as it is.", cell);
}

/* "cell 7 (`df`), cell 9 (`x`, `y`) and 12 more cells": the errors other than those of `except`. */
static struct slice error_list(const struct review *review, bool must, size_t except, size_t *cells)
{
	enum { FEW_CELLS = 6 };
	const struct status_report *report = review->analysis->status;
	VECTOR(struct slice) parts = {0};
	size_t last = 0;
	*cells = 0;
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		if (error->must != must || error->cell == except || error->cell == last)
			continue;
		last = error->cell;
		if (++*cells > FEW_CELLS)
			continue;
		struct builder part = {.arena = review->arena};
		builder_add_format(&part, "cell %zu (", last);
		for (size_t next = i; next < report->error_count && report->errors[next].cell == last; next++)
			if (report->errors[next].must == must)
				builder_add_format(&part, "%s`%.*s`", next == i ? "" : ", ",
				                   SLICE_FORMAT(symbols_name(review->analysis->symbols, report->errors[next].name)));
		builder_add_byte(&part, ')');
		vector_push(review->arena, &parts, builder_slice(&part));
	}
	if (*cells > FEW_CELLS)
		vector_push(review->arena, &parts, slice_format(review->arena, "%zu more cells", *cells - FEW_CELLS));
	return list_words(review->arena, parts.items, parts.count);
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

static struct slice run_all_sentences(const struct review *review)
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
	return builder_slice(&text);
}

/* How the counts lie in the file: what is to be said where nobody can follow the code. */
static struct slice order_sentence(const struct review *review)
{
	const struct notebook *notebook = review->analysis->notebook;
	const struct cell *last = NULL;
	size_t ran = 0;
	for (size_t i = 0; i < notebook->code_count; i++)
		ran += notebook->code[i]->execution_count != NO_COUNT;
	if (ran == 0)
		return SLICE("None of its code cells ever ran.");
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		if (cell->execution_count == NO_COUNT)
			continue;
		if (last && cell->execution_count < last->execution_count)
			return slice_format(review->arena,
			                    "The counts do not rise from top to bottom: cell %zu [%" PRId64
			                    "] stands below cell %zu [%" PRId64 "].",
			                    cell->number, cell->execution_count, last->number, last->execution_count);
		last = cell;
	}
	return SLICE("By their counts, the cells ran from top to bottom.");
}

/* The cells. */

static bool is_problem(const struct cell_status *status)
{
	return status->status == STATUS_STALE || status->status == STATUS_BROKEN || status->status == STATUS_UNKNOWN;
}

/* Whether a reason is only that what it reads does not stand itself. */
static bool is_inherited(const struct review *review, const struct cell_status *status, const struct reason *reason)
{
	size_t provider = reason->execution_cell;
	return reason->name && provider && provider == reason->file_cell && provider != status->cell &&
	       is_problem(&review->analysis->status->cells[provider - 1]);
}

static bool is_consequence(const struct review *review, const struct cell_status *status)
{
	if (status->status != STATUS_STALE || status->error || status->reason_count == 0)
		return false;
	for (size_t i = 0; i < status->reason_count; i++)
		if (!is_inherited(review, status, &status->reasons[i]))
			return false;
	return true;
}

/* "`X`, `y` of cell 8; `model` of cell 9" */
static struct slice rests_on(const struct review *review, const struct cell_status *status)
{
	enum { FEW_NAMES = 6 };
	struct builder text = {.arena = review->arena};
	for (size_t i = 0; i < status->reason_count && i < FEW_NAMES; i++) {
		const struct reason *reason = &status->reasons[i], *next = reason + 1;
		struct slice name = symbols_name(review->analysis->symbols, reason->name);
		bool is_last = i + 1 == status->reason_count || i + 1 == FEW_NAMES;
		builder_add_format(&text, "`%.*s`", SLICE_FORMAT(name));
		if (!is_last && next->execution_cell == reason->execution_cell)
			builder_add_string(&text, ", ");
		else
			builder_add_format(&text, " of cell %zu%s", reason->execution_cell, is_last ? "" : "; ");
	}
	if (status->reason_count > FEW_NAMES)
		builder_add_format(&text, "; and %zu more", status->reason_count - FEW_NAMES);
	return builder_slice(&text);
}

/* Whether a reason speaks of the saved error already. */
static bool tells_error(const struct cell_status *status)
{
	for (size_t i = 0; i < status->reason_count; i++)
		if (status->reasons[i].name == 0 && memmem(status->reasons[i].why.bytes, status->reasons[i].why.length,
		                                           status->error->ename.bytes, status->error->ename.length))
			return true;
	return false;
}

static void add_sentences(const struct review *review, struct review_cell *cell)
{
	enum { FEW_REASONS = 4 };
	struct arena *arena = review->arena;
	const struct cell_status *status = cell->status;
	VECTOR(struct slice) sentences = {0};
	size_t told = 0;
	while (told < status->reason_count && sentences.count < FEW_REASONS)
		vector_push(arena, &sentences, next_reason(arena, review->analysis, status, &told));
	if (told < status->reason_count)
		vector_push(arena, &sentences, slice_format(arena, "And %zu more.", status->reason_count - told));
	struct slice error = error_words(arena, status->error);
	if (status->status == STATUS_BROKEN && status->error && slice_equal(status->error->ename, SLICE("NameError")))
		vector_push(arena, &sentences, SLICE("Its saved output is a NameError too."));
	else if (status->error && !tells_error(status))
		vector_push(arena, &sentences, slice_format(arena, "Its saved output is an error: %.*s", SLICE_FORMAT(error)));
	cell->sentences = sentences.items;
	cell->sentence_count = sentences.count;
}

static bool is_word(char byte)
{
	return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || (unsigned char)byte >= 0x80;
}

/* Whether a line of source holds the name as a word. */
static bool line_has_name(struct slice line, struct slice name)
{
	for (size_t at = 0; at + name.length <= line.length; at++) {
		size_t end = at + name.length;
		if (slice_equal(slice_part(line, at, end), name) && (at == 0 || !is_word(line.bytes[at - 1])) &&
		    (end == line.length || !is_word(line.bytes[end])))
			return true;
	}
	return false;
}

/* The line of the source that tells most: the one that fails, else the first that holds the
 * name of the first reason, else the first that is more than a comment. */
static struct slice telling_line(const struct review *review, const struct review_cell *cell)
{
	const struct cell_status *status = cell->status;
	uint32_t failing = status->status == STATUS_BROKEN ? cell->failing_line : 0;
	symbol name = status->reason_count ? status->reasons[0].name : 0;
	struct slice source = cell->cell->source, line, first = {0};
	for (uint32_t number = 1; slice_next_line(&source, &line); number++) {
		struct slice text = slice_trim(line);
		bool is_comment = text.length == 0 || text.bytes[0] == '#';
		if (failing ? number == failing
		            : !is_comment && name && line_has_name(text, symbols_name(review->analysis->symbols, name)))
			return text;
		if (first.length == 0 && !is_comment)
			first = text;
	}
	return first.length ? first : slice_trim(source_first_line(cell->cell->source));
}

static int compare_sentences(const struct review_cell *a, const struct review_cell *b)
{
	if (a->sentence_count != b->sentence_count)
		return a->sentence_count < b->sentence_count ? -1 : 1;
	for (size_t i = 0; i < a->sentence_count; i++) {
		int order = slice_compare(a->sentences[i], b->sentences[i]);
		if (order)
			return order;
	}
	return 0;
}

static int compare_reviewed(const void *left, const void *right)
{
	const struct review_cell *a = *(struct review_cell *const *)left, *b = *(struct review_cell *const *)right;
	if (a->status->status != b->status->status)
		return a->status->status < b->status->status ? -1 : 1;
	if (a->status->certainty != b->status->certainty)
		return a->status->certainty < b->status->certainty ? -1 : 1;
	int order = compare_sentences(a, b);
	return order ? order : a->status->cell < b->status->cell ? -1 : 1;
}

/* Finds the cells of which the same is to be said as of one above them. */
static void find_repeats(struct review *review)
{
	VECTOR(struct review_cell *) sorted = {0};
	for (size_t i = 0; i < review->analysis->status->cell_count; i++) {
		struct review_cell *cell = &review->cells[i];
		if (cell->is_problem && !cell->is_consequence && cell->sentence_count)
			vector_push(review->arena, &sorted, cell);
	}
	if (sorted.count == 0)
		return;
	qsort(sorted.items, sorted.count, sizeof *sorted.items, compare_reviewed);
	for (size_t i = 1; i < sorted.count; i++) {
		struct review_cell *before = sorted.items[i - 1], *cell = sorted.items[i];
		if (before->status->status == cell->status->status && before->status->certainty == cell->status->certainty &&
		    compare_sentences(before, cell) == 0)
			cell->same_as = before->same_as ? before->same_as : before->status->cell;
	}
}

static void review_cells(struct review *review)
{
	const struct status_report *report = review->analysis->status;
	struct secret_finder *secrets = secret_finder_new(review->arena);
	review->cells = arena_array(review->arena, report->cell_count, sizeof *review->cells);
	for (size_t i = report->error_count; i-- > 0;)
		if (report->errors[i].must)
			review->cells[report->errors[i].cell - 1].failing_line = report->errors[i].line;
	for (size_t i = 0; i < report->cell_count; i++) {
		struct review_cell *cell = &review->cells[i];
		cell->cell = review->analysis->notebook->code[i];
		cell->status = &report->cells[i];
		if (!review->is_judged)
			continue;
		cell->is_problem = is_problem(cell->status);
		cell->is_possible = cell->status->status == STATUS_STALE && cell->status->certainty == POSSIBLE;
		cell->is_consequence = is_consequence(review, cell->status);
		if (cell->is_consequence)
			cell->rests_on = rests_on(review, cell->status);
		add_sentences(review, cell);
		if (secrets)
			cell->telling_line = secret_masked(secrets, review->arena, telling_line(review, cell));
	}
	if (secrets)
		secret_finder_free(secrets);
	find_repeats(review);
}

/* Errors that were saved and would come again. */
static struct slice standing_errors_sentence(const struct review *review)
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
		return SLICE("");
	return slice_format(review->arena, "Saved errors that would come again: %.*s.", SLICE_FORMAT(builder_slice(&text)));
}

/* What else was found. */

/* Whether the review says it anyway, of the cells or of what it rests on. */
static bool is_told(const struct review *review, const struct finding *finding)
{
	static const char *const of_statuses[] = {"undefined-on-rerun", "stale-result", "lost-definition", "deleted-name",
	                                          NULL};
	struct slice name = slice_of(finding->rule->name);
	if (slice_equal(name, SLICE("not-run")))
		return review->never_run.length > 0;
	if (!review->is_judged)
		return false;
	if (slice_equal(name, SLICE("error-output")))
		return review->analysis->status->cells[finding->cell - 1].status != STATUS_NOT_RUN;
	if (slice_equal(name, SLICE("mixed-sessions")))
		return review->basis.length > 0;
	return slice_is_one_of(name, of_statuses);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	if (a->rule->severity != b->rule->severity)
		return a->rule->severity > b->rule->severity ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->certainty != b->certainty)
		return a->certainty < b->certainty ? -1 : 1;
	int order = slice_compare(a->message, b->message);
	if (order)
		return order;
	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static int compare_remarks(const void *left, const void *right)
{
	const struct review_remark *a = left, *b = right;
	if (a->certainty != b->certainty)
		return a->certainty < b->certainty ? -1 : 1;
	if (a->first_cell != b->first_cell)
		return a->first_cell < b->first_cell ? -1 : 1;
	if (a->first_line != b->first_line)
		return a->first_line < b->first_line ? -1 : 1;
	return slice_compare(a->message, b->message);
}

/* Findings [0, count) of one rule in the same words, by cell. */
static struct review_remark remark_of(struct arena *arena, const struct finding *const *same, size_t count)
{
	const struct finding *first = same[0];
	struct review_remark remark = {first->certainty, SLICE(""), first->cell, first->line, first->message};
	VECTOR(size_t) cells = {0};
	for (size_t i = 0; i < count; i++)
		if (same[i]->cell && (cells.count == 0 || cells.items[cells.count - 1] != same[i]->cell))
			vector_push(arena, &cells, same[i]->cell);
	if (count == 1 && first->cell && first->line)
		remark.where = slice_format(arena, "cell %zu, line %" PRIu32, first->cell, first->line);
	else if (cells.count)
		remark.where = cell_words(arena, cells.items, cells.count);
	else
		remark.where = SLICE("the notebook");
	return remark;
}

static struct review_topic topic_of(struct arena *arena, const struct finding *const *found, size_t count)
{
	VECTOR(struct review_remark) remarks = {0};
	for (size_t start = 0, end; start < count; start = end) {
		end = start + 1;
		while (end < count && found[end]->certainty == found[start]->certainty &&
		       slice_equal(found[end]->message, found[start]->message))
			end++;
		vector_push(arena, &remarks, remark_of(arena, &found[start], end - start));
	}
	qsort(remarks.items, remarks.count, sizeof *remarks.items, compare_remarks);
	return (struct review_topic){found[0]->rule, remarks.items, remarks.count};
}

static void review_findings(struct review *review)
{
	const struct findings *findings = review->findings;
	VECTOR(const struct finding *) found = {0};
	VECTOR(struct review_topic) topics = {0};
	for (size_t i = 0; i < findings->count; i++)
		if (!is_told(review, &findings->items[i]))
			vector_push(review->arena, &found, &findings->items[i]);
	if (found.count == 0)
		return;
	review->others = arena_copy(review->arena, found.items, found.count * sizeof *found.items);
	review->other_count = found.count;
	qsort(found.items, found.count, sizeof *found.items, compare_findings);
	for (size_t start = 0, end; start < found.count; start = end) {
		end = start + 1;
		while (end < found.count && found.items[end]->rule == found.items[start]->rule)
			end++;
		vector_push(review->arena, &topics, topic_of(review->arena, &found.items[start], end - start));
	}
	review->topics = topics.items;
	review->topic_count = topics.count;
}

/* "Also found: 1 error (secret), 2 warnings (star-import) and 3 notes." */
static struct slice also_sentence(const struct review *review)
{
	struct arena *arena = review->arena;
	VECTOR(struct slice) parts = {0};
	for (int severity = SEVERITIES; severity-- > 0;) {
		struct builder names = {.arena = arena};
		size_t count = 0;
		for (size_t i = 0; i < review->topic_count; i++) {
			const struct review_topic *topic = &review->topics[i];
			if (topic->rule->severity != (enum severity)severity)
				continue;
			count += topic->remark_count;
			builder_add_format(&names, "%s%s", names.length ? ", " : "", topic->rule->name);
		}
		if (count)
			vector_push(arena, &parts,
			            slice_format(arena, "%zu %s%s (%.*s)", count, severity_name((enum severity)severity),
			                         count == 1 ? "" : "s", SLICE_FORMAT(builder_slice(&names))));
	}
	if (parts.count == 0)
		return SLICE("");
	return slice_format(arena, "Also found: %.*s.", SLICE_FORMAT(list_words(arena, parts.items, parts.count)));
}

/* What the verdicts rest on. */

static void add_lost(struct builder *text, const struct log *log)
{
	enum { FEW_GAPS = 4 };
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
	enum { FEW_RUNS = 6 };
	struct builder list = {.arena = text->arena};
	size_t inferred = 0, next = 0;
	for (size_t i = 0; i < log->run_count; i++) {
		if (log->runs[i].origin != RUN_INFERRED || ++inferred > FEW_RUNS)
			continue;
		next = next > i ? next : i + 1;
		while (next < log->run_count && log->runs[next].origin != RUN_RECORDED)
			next++;
		builder_add_format(&list, "%scell %zu", inferred > 1 ? ", " : "", log->runs[i].cell);
		if (next < log->run_count)
			builder_add_format(&list, " before [%" PRId64 "]", log->runs[next].count);
	}
	if (inferred > FEW_RUNS)
		builder_add_format(&list, " and %zu more", inferred - FEW_RUNS);
	if (inferred)
		builder_add_format(text, " %zu earlier run%s inferred, because what ran later needs %s: %.*s.", inferred,
		                   inferred == 1 ? " is" : "s are", inferred == 1 ? "it" : "them",
		                   SLICE_FORMAT(builder_slice(&list)));
}

static size_t runs_of_history(const struct log *log)
{
	size_t count = 0;
	for (size_t i = 0; i < log->run_count; i++)
		count += log->runs[i].via == VIA_IPYTHON;
	return count;
}

static struct slice basis_sentences(const struct review *review)
{
	const struct summary *summary = &review->summary;
	const struct log *log = review->analysis->log;
	struct builder text = {.arena = review->arena};
	if (summary->stale + summary->perhaps_stale + summary->unknown == 0)
		return SLICE("");
	size_t stored = runs_of_history(log);
	if (log->session_count > 1)
		builder_add_format(&text, " The counts come from %u sessions%s.", log->session_count,
		                   log->sessions_tangled ? ", and do not tell which cells share one" : "");
	add_inferred(&text, log);
	add_lost(&text, log);
	if (stored)
		return slice_format(review->arena,
		                    "What this rests on: IPython's history, which has %zu run%s of this notebook.%.*s", stored,
		                    stored == 1 ? "" : "s", SLICE_FORMAT(builder_slice(&text)));
	if (text.length == 0)
		return SLICE("");
	return slice_format(review->arena, "What this rests on: the execution counts.%.*s",
	                    SLICE_FORMAT(builder_slice(&text)));
}

/* For each name that some cell binds: true. */
static bool *bound_names(const struct review *review)
{
	const struct analysis *analysis = review->analysis;
	bool *is_bound = arena_array(review->arena, symbols_count(analysis->symbols) + 1, sizeof *is_bound);
	for (size_t i = 0; i < analysis->notebook->code_count; i++) {
		const struct names *names = analysis->effects[i]->names;
		for (size_t at = 0; names && at < names->binds.count; at++)
			is_bound[names->binds.items[at]] = true;
	}
	return is_bound;
}

/* What only the author can do: "To mend what is broken, define `x` above cell 3." */
static struct slice mending_sentence(const struct review *review)
{
	enum { FEW_NAMES = 4 };
	struct arena *arena = review->arena;
	VECTOR(struct slice) parts = {0};
	size_t left_out = 0;
	bool *is_told = bound_names(review);
	for (size_t i = 0; i < review->analysis->status->cell_count; i++) {
		const struct cell_status *status = &review->analysis->status->cells[i];
		symbol name = status->status == STATUS_BROKEN && status->reason_count ? status->reasons[0].name : 0;
		if (!name || is_told[name])
			continue;
		is_told[name] = true;
		if (parts.count < FEW_NAMES)
			vector_push(arena, &parts,
			            slice_format(arena, "`%.*s` above cell %zu",
			                         SLICE_FORMAT(symbols_name(review->analysis->symbols, name)), i + 1));
		else
			left_out++;
	}
	if (parts.count == 0)
		return SLICE("");
	if (left_out)
		vector_push(arena, &parts, slice_format(arena, "%zu more name%s", left_out, left_out == 1 ? "" : "s"));
	return slice_format(arena, "To mend what is broken, define %.*s.",
	                    SLICE_FORMAT(list_words(arena, parts.items, parts.count)));
}

struct slice review_to_do(const struct review *review)
{
	const struct slice sentences[] = {review->mending, review->rerun, review->reorder};
	struct builder text = {.arena = review->arena};
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		if (text.length && sentences[i].length)
			builder_add_byte(&text, ' ');
		builder_add(&text, sentences[i]);
	}
	return builder_slice(&text);
}

struct review *review_of(struct arena *arena, const struct analysis *analysis)
{
	struct review *review = arena_alloc(arena, sizeof *review);
	review->arena = arena;
	review->analysis = analysis;
	review->findings = analysis_findings(analysis, NULL);
	review->summary = summary_of(analysis);
	review->is_judged = summary_is_possible(analysis);
	review->description = description_of(arena, analysis->notebook);
	review->verdict = summary_sentence(arena, analysis);
	if (review->is_judged) {
		review->standing = standing_sentence(review);
		review->run_all = analysis->notebook->code_count ? run_all_sentences(review) : SLICE("");
		review->standing_errors = standing_errors_sentence(review);
		review->basis = basis_sentences(review);
	} else {
		review->run_all = order_sentence(review);
	}
	const struct summary *summary = &review->summary;
	if (review->is_judged && summary->stale + summary->perhaps_stale + summary->broken + summary->unknown) {
		struct advice advice = advice_of(arena, analysis);
		review->mending = mending_sentence(review);
		review->rerun = advice_rerun(arena, &advice);
		review->reorder = advice_reorder(arena, &advice);
	}
	struct slice unrun = summary->results ? cells_that(review, never_ran) : SLICE("");
	if (unrun.length)
		review->never_run = slice_format(arena, "Never run: %.*s.", SLICE_FORMAT(unrun));
	review_cells(review);
	review_findings(review);
	review->also = also_sentence(review);
	return review;
}
