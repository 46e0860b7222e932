#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "findings/suppression.h"

void finder_add(struct finder *finder, enum certainty certainty, size_t cell, uint32_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct slice message = slice_format_list(finder->arena, format, arguments);
	va_end(arguments);
	struct finding found = {finder->rule, certainty, cell, line, printable(finder->arena, message)};
	vector_push(finder->arena, &finder->found, found);
}

uint32_t finder_line(struct slice source, size_t offset)
{
	return 1 + (uint32_t)slice_count(slice_part(source, 0, offset), '\n');
}

/* By place; what a rule found first stays first where all else is equal. */
static int compare(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	int by_code = strcmp(a->rule->code, b->rule->code);
	return by_code ? by_code : slice_compare(a->message, b->message);
}

struct findings *findings_of(struct arena *arena, const struct evidence *evidence)
{
	struct finder finder = {.arena = arena, .evidence = evidence};
	size_t rules = 0;
	while (rule_catalogue[rules].code)
		rules++;
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		arena_step(arena, "looking for findings", (size_t)(rule - rule_catalogue), rules);
		finder.rule = rule;
		if (rule->check)
			rule->check(&finder);
	}
	suppress(&finder);
	struct findings *findings = arena_alloc(arena, sizeof *findings);
	*findings = (struct findings){.items = finder.found.items, .count = finder.found.count};
	if (findings->count)
		qsort(findings->items, findings->count, sizeof *findings->items, compare);
	for (size_t i = 0; i < findings->count; i++)
		findings->of_severity[findings->items[i].rule->severity]++;
	return findings;
}
