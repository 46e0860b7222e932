#include "report/summary.h"

#include <inttypes.h>

#include "base/utf8.h"

bool cell_is_blank(const struct cell *cell)
{
	return cell->execution_count == NO_COUNT && slice_trim(cell->source).length == 0;
}

struct slice source_first_line(struct slice source)
{
	struct slice line = {0};
	while (slice_next_line(&source, &line))
		if (slice_trim(line).length)
			break;
	return line;
}

struct slice count_label(struct arena *arena, int64_t count)
{
	return count == NO_COUNT ? SLICE("[ ]") : slice_format(arena, "[%" PRId64 "]", count);
}

struct slice run_count_label(struct arena *arena, const struct run *run)
{
	if (run->origin == RUN_LOST && run->lost_count > 1)
		return slice_format(arena, "[%" PRId64 "-%" PRId64 "]", run->count, run->count + run->lost_count - 1);
	return count_label(arena, run->count);
}

const char *status_sign(enum status status)
{
	static const char *const signs[] = {"✓", "●", "✗", "○", "?"};
	return signs[status];
}

struct slice status_words(struct arena *arena, const struct cell_status *status)
{
	static const char *const names[] = {"stands", "stale", "broken", "not run", "unknown"};
	if (status->status == STATUS_STALE)
		return slice_format(arena, "%s (%s)", names[status->status], certainty_name(status->certainty));
	return slice_of(names[status->status]);
}

struct slice error_words(struct arena *arena, const struct run_error *error)
{
	enum { LONGEST = 200 };
	if (!error)
		return SLICE("");
	struct slice value = source_first_line(error->evalue);
	if (value.length == 0)
		return error->ename;
	size_t end = 0;
	while (end < value.length && end < LONGEST)
		utf8_next(value, &end);
	return slice_format(arena, "%.*s: %.*s%s", SLICE_FORMAT(error->ename), (int)end, value.bytes,
	                    end < value.length ? "…" : "");
}

/* What a reason says of its name: the sentence without the name that begins it. Empty
 * when it begins otherwise. */
static struct slice predicate(struct arena *arena, const struct analysis *analysis, const struct reason *reason)
{
	if (!reason->name)
		return SLICE("");
	struct slice name = symbols_name(analysis->symbols, reason->name);
	struct slice subject = slice_format(arena, "`%.*s` ", SLICE_FORMAT(name));
	return slice_starts(reason->why, subject) ? slice_part(reason->why, subject.length, reason->why.length) : SLICE("");
}

struct slice next_reason(struct arena *arena, const struct analysis *analysis, const struct cell_status *status,
                         size_t *index)
{
	const struct reason *first = &status->reasons[(*index)++];
	struct slice said = predicate(arena, analysis, first);
	size_t start = *index, end = start;
	while (said.length && end < status->reason_count &&
	       slice_equal(predicate(arena, analysis, &status->reasons[end]), said))
		end++;
	if (end == start)
		return first->why;
	struct builder out = {.arena = arena};
	builder_add(&out, slice_part(first->why, 0, first->why.length - 1));
	enum { FEW_NAMES = 5 };
	size_t shown = end - start > FEW_NAMES ? start + FEW_NAMES - 1 : end;
	for (size_t i = start; i < shown; i++) {
		struct slice name = symbols_name(analysis->symbols, status->reasons[i].name);
		const char *link = i == start ? "; the same goes for" : i + 1 == end ? " and" : ",";
		builder_add_format(&out, "%s `%.*s`", link, SLICE_FORMAT(name));
	}
	if (shown < end)
		builder_add_format(&out, " and %zu others", end - shown);
	builder_add_byte(&out, '.');
	*index = end;
	return builder_slice(&out);
}

struct summary summary_of(const struct analysis *analysis)
{
	struct summary summary = {0};
	for (size_t i = 0; i < analysis->status->cell_count; i++) {
		const struct cell_status *cell = &analysis->status->cells[i];
		switch (cell->status) {
		case STATUS_STANDS: summary.stand++; break;
		case STATUS_STALE:
			if (cell->certainty == POSSIBLE)
				summary.perhaps_stale++;
			else
				summary.stale++;
			break;
		case STATUS_BROKEN: summary.broken++; break;
		case STATUS_UNKNOWN: summary.unknown++; break;
		case STATUS_NOT_RUN: summary.not_run += !cell_is_blank(analysis->notebook->code[i]); break;
		}
	}
	summary.results = summary.stand + summary.stale + summary.perhaps_stale + summary.broken + summary.unknown;
	return summary;
}

/* Adds "5 are stale" and its like. */
static void add_part(struct builder *out, size_t count, const char *one, const char *many, bool *is_first)
{
	if (count == 0)
		return;
	builder_add_format(out, "%s%zu %s", *is_first ? "; " : ", ", count, count == 1 ? one : many);
	*is_first = false;
}

struct slice language_name(struct arena *arena, struct slice language)
{
	if (language.length == 0)
		return language;
	struct slice name = slice_copy(arena, language);
	char *first = arena_copy(arena, name.bytes, name.length);
	if (first[0] >= 'a' && first[0] <= 'z')
		first[0] = (char)(first[0] - 'a' + 'A');
	return (struct slice){first, name.length};
}

bool summary_is_possible(const struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->notebook->code_count; i++)
		if (analysis->effects[i]->is_python)
			return true;
	return analysis->notebook->code_count == 0;
}

static struct slice sentence_of(struct arena *arena, const struct summary *summary)
{
	struct builder out = {.arena = arena};
	if (summary->results == 0 && summary->not_run == 0)
		return SLICE("There is no code in it.");
	if (summary->results == 0 && summary->not_run == 1)
		return SLICE("Its only code cell never ran, so there is no result to judge.");
	if (summary->results == 0)
		return slice_format(arena, "None of its %zu code cells ever ran, so there are no results to judge.",
		                    summary->not_run);
	if (summary->stand == summary->results && summary->results == 2)
		builder_add(&out, SLICE("Both results stand"));
	else if (summary->stand == summary->results)
		builder_add_format(&out, summary->results == 1 ? "The only result stands" : "All %zu results stand",
		                   summary->results);
	else if (summary->results == 1)
		builder_add_format(&out, "The only result %s",
		                   summary->stale     ? "is stale"
		                   : summary->broken  ? "is broken"
		                   : summary->unknown ? "can't be judged"
		                                      : "may be stale");
	else if (summary->stand == 0)
		builder_add_format(&out, "None of the %zu results stands", summary->results);
	else
		builder_add_format(&out, "%zu of %zu results %s", summary->stand, summary->results,
		                   summary->stand == 1 ? "stands" : "stand");
	bool is_first = true;
	if (summary->results > 1) {
		add_part(&out, summary->stale, "is stale", "are stale", &is_first);
		add_part(&out, summary->broken, "is broken", "are broken", &is_first);
		add_part(&out, summary->perhaps_stale, "may be stale", "may be stale", &is_first);
		add_part(&out, summary->unknown, "can't be judged", "can't be judged", &is_first);
	}
	add_part(&out, summary->not_run, "cell never ran", "cells never ran", &is_first);
	builder_add_byte(&out, '.');
	return builder_slice(&out);
}

struct slice summary_sentence(struct arena *arena, const struct analysis *analysis)
{
	if (!summary_is_possible(analysis)) {
		struct slice language = language_name(arena, analysis->notebook->language);
		return slice_format(arena, "nbscope can't follow %.*s code, so it can't say whether the results stand.",
		                    SLICE_FORMAT(language));
	}
	struct summary summary = summary_of(analysis);
	struct slice verdict = sentence_of(arena, &summary);
	if (summary.results && analysis->log->history_is_foreign)
		return slice_format(
		    arena,
		    "%.*s No session of the history belongs to this notebook, so its execution counts alone tell "
		    "what ran.",
		    SLICE_FORMAT(verdict));
	return verdict;
}

struct slice list_words(struct arena *arena, const struct slice *words, size_t count)
{
	struct builder out = {.arena = arena};
	for (size_t i = 0; i < count; i++) {
		builder_add_string(&out, i == 0 ? "" : i + 1 == count ? " and " : ", ");
		builder_add(&out, words[i]);
	}
	return builder_slice(&out);
}

struct slice cell_list(struct arena *arena, const size_t *numbers, size_t count)
{
	VECTOR(struct slice) ranges = {0};
	for (size_t start = 0, end; start < count; start = end) {
		end = start + 1;
		while (end < count && numbers[end] == numbers[end - 1] + 1)
			end++;
		struct slice range = slice_format(arena, "%zu", numbers[start]);
		if (end - start > 2)
			range = slice_format(arena, "%zu-%zu", numbers[start], numbers[end - 1]);
		else
			end = start + 1;
		vector_push(arena, &ranges, range);
	}
	return slice_format(arena, "%s %.*s", count == 1 ? "cell" : "cells",
	                    SLICE_FORMAT(list_words(arena, ranges.items, ranges.count)));
}
