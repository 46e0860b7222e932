#include "report/check.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/printable.h"

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
		document->of_severity[file->findings[i].rule->severity]++;
		document->of_rule[rule_index(file->findings[i].rule)]++;
	}
	if (document->form->file)
		document->form->file(document, file);
}

void check_end(struct check_document *document)
{
	if (document->form->end)
		document->form->end(document);
}

/* The line of the cell's source that a finding speaks of, or all of it. */
static struct slice source_of(const struct cell *cell, uint32_t line)
{
	struct slice rest = cell->source, here = {0};
	if (line == 0)
		return slice_trim(rest);
	for (uint32_t i = 0; i < line; i++)
		if (!slice_next_line(&rest, &here))
			return SLICE("");
	return slice_trim(here);
}

/* The words of a message without its numbers, which change when a cell moves. */
static uint64_t words_hash(struct arena *arena, struct slice message)
{
	struct builder words = {.arena = arena};
	for (size_t i = 0; i < message.length; i++)
		if (message.bytes[i] < '0' || message.bytes[i] > '9')
			builder_add_byte(&words, message.bytes[i]);
	return hash_bytes(builder_slice(&words));
}

static struct check_finding take(struct arena *arena, const struct notebook *notebook, const struct finding *finding)
{
	struct check_finding taken = {
	    finding->rule, finding->certainty, finding->cell, finding->line, 1, 0, slice_copy(arena, finding->message)};
	uint64_t hash = hash_mix(hash_bytes(notebook->path), hash_bytes(slice_of(finding->rule->code)));
	hash = hash_mix(hash, words_hash(arena, finding->message));
	if (finding->cell) {
		const struct cell *cell = notebook->code[finding->cell - 1];
		taken.file_line = cell_file_line(cell, finding->line);
		hash = hash_mix(hash, hash_bytes(source_of(cell, finding->line)));
	}
	taken.fingerprint = hash;
	return taken;
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

struct check_file check_file_of(struct arena *arena, const struct notebook *notebook, const struct findings *findings)
{
	struct check_file file = {.path = slice_copy(arena, notebook->path), .count = findings->count};
	file.findings = arena_array(arena, findings->count, sizeof *file.findings);
	for (size_t i = 0; i < findings->count; i++)
		file.findings[i] = take(arena, notebook, &findings->items[i]);
	number_twins(arena, &file);
	return file;
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
	builder_add_string(out, ".\n");
}

struct tally {
	const struct rule *rule;
	size_t count;
};

static int compare_tallies(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->rule < b->rule ? -1 : 1;
}

void check_statistics(const struct check_document *document, struct builder *out)
{
	size_t count = rule_count();
	struct tally *tallies = arena_array(out->arena, count, sizeof *tallies);
	for (size_t i = 0; i < count; i++)
		tallies[i] = (struct tally){&rule_catalogue[i], document->of_rule[i]};
	qsort(tallies, count, sizeof *tallies, compare_tallies);
	for (size_t i = 0; i < count && tallies[i].count; i++)
		builder_add_format(out, "%7zu  %s  %-7s  %s\n", tallies[i].count, tallies[i].rule->code,
		                   severity_name(tallies[i].rule->severity), tallies[i].rule->name);
	check_summary(document, out);
}
