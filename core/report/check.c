#include "report/check.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "python/highlight.h"

static size_t rule_index(const struct rule *rule)
{
	return (size_t)(rule - rule_catalogue);
}

static size_t rule_count(void)
{
	size_t count = 0;
	while (rule_catalogue[count].code)
		count++;
	return count;
}

void check_begin(struct check_document *document)
{
	document->json = (struct json_writer){.out = document->out};
	document->of_rule = arena_array(document->out->arena, rule_count(), sizeof *document->of_rule);
	if (document->form->begin)
		document->form->begin(document);
}

void check_file(struct check_document *document, const struct check_file *file)
{
	*(file->failure.length ? &document->failed : &document->files) += 1;
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		struct rule_count *of_rule = &document->of_rule[rule_index(finding->rule)];
		document->of_severity[finding->severity]++;
		if (of_rule->count++ == 0 || finding->severity > of_rule->severity)
			of_rule->severity = finding->severity;
	}
	if (document->form->file)
		document->form->file(document, file);
}

void check_end(struct check_document *document)
{
	if (document->form->end)
		document->form->end(document);
}

/* --- fingerprints ---
 *
 * A finding is known again, by a baseline or by GitHub, by its rule, by the line of source
 * that it speaks of and by which of several alike in its notebook it is. So cells may move,
 * and what is said of a line may be put in other words. People keep fingerprints in files:
 * what goes into them, hash_bytes() and hash_mix() stay as they are. */

/* The tokens of a line without what stands between them, and with one kind of quotes: layout
 * and comments may change too. */
static uint64_t hash_of_line(struct arena *arena, struct slice line)
{
	struct arena *scratch = arena_child(arena);
	struct builder text = {.arena = scratch};
	size_t count;
	struct token_span *tokens = python_highlight(scratch, line, true, &count);
	for (size_t i = 0; i < count; i++) {
		if (tokens[i].class == TOKEN_COMMENT)
			continue;
		for (size_t at = tokens[i].span.start; at < tokens[i].span.end; at++)
			if (line.bytes[at] != ' ' && line.bytes[at] != '\t')
				builder_add_byte(&text, line.bytes[at] == '\'' ? '"' : line.bytes[at]);
	}
	uint64_t hash = hash_bytes(builder_slice(&text));
	arena_free(scratch);
	return hash;
}

/* Where we are in the source of a cell: what is asked comes in the order of the lines. */
struct line_cursor {
	const struct cell *cell;
	uint32_t number;
	struct slice here, rest;
};

/* The line of the source that a finding speaks of. That is the first one with code in it when it
 * speaks of the cell as a whole: the others may change without making it another finding. */
static struct slice line_of(struct line_cursor *cursor, const struct cell *cell, uint32_t line)
{
	if (cursor->cell != cell || line == 0 || line < cursor->number)
		*cursor = (struct line_cursor){.cell = cell, .rest = cell->source};
	while (line == 0 || cursor->number < line) {
		if (!slice_next_line(&cursor->rest, &cursor->here))
			return SLICE("");
		cursor->number++;
		struct slice text = slice_trim(cursor->here);
		if (line == 0 && text.length && text.bytes[0] != '#')
			break;
	}
	return slice_trim(cursor->here);
}

static int compare_fingerprints(const void *left, const void *right)
{
	const struct check_finding *a = *(struct check_finding *const *)left, *b = *(struct check_finding *const *)right;
	if (a->fingerprint != b->fingerprint)
		return a->fingerprint < b->fingerprint ? -1 : 1;
	return a < b ? -1 : 1;
}

/* Tells apart what would have one fingerprint: the second, the third ... of its kind. */
static void number_twins(struct arena *arena, struct check_file *file)
{
	struct check_finding **sorted = arena_array(arena, file->count, sizeof *sorted);
	for (size_t i = 0; i < file->count; i++)
		sorted[i] = &file->findings[i];
	if (file->count)
		qsort(sorted, file->count, sizeof *sorted, compare_fingerprints);
	uint64_t first = 0, twin = 0;
	for (size_t i = 0; i < file->count; i++) {
		twin = i && sorted[i]->fingerprint == first ? twin + 1 : 0;
		first = sorted[i]->fingerprint;
		if (twin)
			sorted[i]->fingerprint = hash_mix(first, twin);
	}
}

/* Where a line of the cell stands in the file; of the cell as a whole, the line on which its first
 * line begins. */
static struct file_region region_of(const struct cell *cell, const struct source_places *places, uint32_t line)
{
	if (line && line <= places->count)
		return places->lines[line - 1];
	if (places->count)
		return (struct file_region){.line = places->lines[0].line, .end_line = places->lines[0].line};
	return (struct file_region){.line = cell->source_line, .end_line = cell->source_line};
}

struct check_file check_file_of(struct arena *arena, const struct notebook *notebook, const struct findings *findings)
{
	struct check_file file = {.path = slice_copy(arena, notebook->path), .count = findings->count};
	file.findings = arena_array(arena, findings->count, sizeof *file.findings);
	struct arena *scratch = arena_child(arena);
	struct source_places places = {0}; /* of the cell with the number `placed` */
	size_t placed = 0;
	struct line_cursor cursor = {0};
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct check_finding *taken = &file.findings[i];
		*taken = (struct check_finding){.rule = finding->rule,
		                                .severity = finding->rule->severity,
		                                .certainty = finding->certainty,
		                                .cell = finding->cell,
		                                .line = finding->line,
		                                .region = {.line = 1, .end_line = 1},
		                                .fingerprint = hash_bytes(slice_of(finding->rule->code)),
		                                .message = slice_copy(arena, finding->message)};
		if (finding->cell == 0)
			continue;
		const struct cell *cell = notebook->code[finding->cell - 1];
		uint64_t line = hash_of_line(scratch, line_of(&cursor, cell, finding->line));
		taken->fingerprint = hash_mix(taken->fingerprint, line);
		if (placed != finding->cell) {
			places = source_places(notebook, scratch, cell);
			placed = finding->cell;
		}
		taken->region = region_of(cell, &places, finding->line);
	}
	arena_free(scratch);
	number_twins(arena, &file);
	return file;
}

bool check_fails(const struct check_finding *finding, unsigned fail_on)
{
	return finding->certainty == CERTAIN && (unsigned)finding->severity >= fail_on;
}

void check_file_judge(struct check_file *file, const struct judgement *judgement)
{
	for (size_t i = 0; i < file->count; i++) {
		struct check_finding *finding = &file->findings[i];
		finding->severity = verdict_of(judgement, finding->rule)->severity;
		finding->fails = check_fails(finding, judgement->fail_on);
	}
}

enum severity check_severity(const struct check_finding *finding)
{
	bool weaker = finding->severity == SEVERITY_ERROR && finding->certainty != CERTAIN;
	return weaker ? SEVERITY_WARNING : finding->severity;
}

struct slice check_fingerprint(struct arena *arena, uint64_t fingerprint)
{
	return slice_format(arena, "%016" PRIx64, fingerprint);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void check_summary(const struct check_document *document, struct builder *out)
{
	size_t errors = document->of_severity[SEVERITY_ERROR], warnings = document->of_severity[SEVERITY_WARNING],
	       notes = document->of_severity[SEVERITY_NOTE];
	if (errors + warnings + notes == 0)
		builder_add_string(out, "Nothing found");
	else
		builder_add_format(out, "%zu error%s, %zu warning%s and %zu note%s", errors, plural(errors), warnings,
		                   plural(warnings), notes, plural(notes));
	builder_add_format(out, " in %zu notebook%s", document->files, plural(document->files));
	if (document->failed)
		builder_add_format(out, "; %zu could not be read", document->failed);
	if (document->excluded)
		builder_add_format(out, "; %zu excluded", document->excluded);
	builder_add_string(out, ".\n");
}

struct tally {
	const struct rule *rule;
	struct rule_count of;
};

static int compare_tallies(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;
	if (a->of.count != b->of.count)
		return a->of.count > b->of.count ? -1 : 1;
	return a->rule < b->rule ? -1 : 1;
}

void check_statistics(const struct check_document *document, struct builder *out)
{
	size_t count = rule_count();
	struct tally *tallies = arena_array(out->arena, count, sizeof *tallies);
	for (size_t i = 0; i < count; i++)
		tallies[i] = (struct tally){&rule_catalogue[i], document->of_rule[i]};
	qsort(tallies, count, sizeof *tallies, compare_tallies);
	for (size_t i = 0; i < count && tallies[i].of.count; i++)
		builder_add_format(out, "%7zu  %s  %-7s  %s\n", tallies[i].of.count, tallies[i].rule->code,
		                   severity_name(tallies[i].of.severity), tallies[i].rule->name);
	check_summary(document, out);
}
