#include "findings/suppression.h"

#include "findings/selection.h"
#include "python/highlight.h"

struct suppression {
	size_t cell;
	uint32_t line;         /* 0: the whole cell */
	uint32_t written_on;   /* the line; 0 for a tag */
	struct slice text;     /* as it was written */
	struct selection what; /* when `some` */
	struct slice stranger; /* a word that means no rule, or empty */
	bool some, is_used;
};

struct suppressions {
	struct suppression *items;
	size_t count, capacity;
};

/* Reads `ignore` or `ignore[...]`; false for anything else. */
static bool read_request(struct arena *arena, struct slice text, struct suppression *suppression)
{
	struct slice word = SLICE("ignore");
	if (!slice_starts(text, word))
		return false;
	struct slice rest = slice_trim(slice_part(text, word.length, text.length));
	suppression->some = slice_starts(rest, SLICE("["));
	if (!suppression->some)
		return rest.length == 0 || rest.bytes[0] == '#';
	size_t close = slice_find(rest, ']', 0);
	if (close == rest.length)
		return false;
	selection_add(arena, &suppression->what, slice_part(rest, 1, close), &suppression->stranger);
	return true;
}

/* What follows `nbscope:` in the text; false when that is not there. */
static bool cut_prefix(struct slice *text)
{
	struct slice prefix = SLICE("nbscope:");
	if (!slice_starts(*text, prefix))
		return false;
	*text = slice_trim(slice_part(*text, prefix.length, text->length));
	return true;
}

/* Whether nothing but white space stands before the place on its line. */
static bool begins_line(struct slice source, size_t at)
{
	while (at > 0 && (source.bytes[at - 1] == ' ' || source.bytes[at - 1] == '\t'))
		at--;
	return at == 0 || source.bytes[at - 1] == '\n';
}

static bool mentions(struct slice source)
{
	for (size_t at = slice_find(source, 'n', 0); at < source.length; at = slice_find(source, 'n', at + 1))
		if (slice_starts(slice_part(source, at, source.length), SLICE("nbscope:")))
			return true;
	return false;
}

static void read_comments(struct finder *finder, const struct cell *cell, struct suppressions *all)
{
	if (!mentions(cell->source))
		return;
	size_t count;
	struct token_span *tokens = python_highlight(finder->arena, cell->source, true, &count);
	uint32_t line = 1;
	size_t counted = 0;
	for (size_t i = 0; i < count; i++) {
		struct span span = tokens[i].span;
		if (tokens[i].class != TOKEN_COMMENT)
			continue;
		line += (uint32_t)slice_count(slice_part(cell->source, counted, span.start), '\n');
		counted = span.start;
		struct suppression found = {.cell = cell->number, .written_on = line};
		struct slice text = slice_trim(slice_part(cell->source, span.start, span.end));
		found.text = text;
		while (slice_starts(text, SLICE("#")))
			text = slice_trim(slice_part(text, 1, text.length));
		found.line = begins_line(cell->source, span.start) ? 0 : line;
		if (cut_prefix(&text) && read_request(finder->arena, text, &found))
			vector_push(finder->arena, all, found);
	}
}

static void read_tags(struct finder *finder, const struct cell *cell, struct suppressions *all)
{
	struct cell_metadata metadata;
	if (!cell_metadata_load(finder->evidence->notebook, finder->arena, cell, &metadata))
		return;
	for (size_t i = 0; i < metadata.tag_count; i++) {
		struct suppression found = {.cell = cell->number, .text = metadata.tags[i]};
		struct slice text = metadata.tags[i];
		if (cut_prefix(&text) && read_request(finder->arena, text, &found))
			vector_push(finder->arena, all, found);
	}
}

/* Whether one of the cell's suppressions speaks of the finding; all that do count as used. */
static bool is_suppressed(struct suppression *suppressions, size_t count, const struct finding *finding)
{
	bool is_suppressed = false;
	for (size_t i = 0; i < count; i++) {
		struct suppression *suppression = &suppressions[i];
		bool speaks = (suppression->line == 0 || suppression->line == finding->line) &&
		              (!suppression->some || selection_has(&suppression->what, finding->rule));
		suppression->is_used = suppression->is_used || speaks;
		is_suppressed = is_suppressed || speaks;
	}
	return is_suppressed;
}

static void report_unused(struct finder *finder, const struct suppression *suppression)
{
	finder->rule = rule_find(SLICE("unused-suppression"));
	if (suppression->stranger.length)
		finder_add(finder, CERTAIN, suppression->cell, suppression->written_on, "`%.*s` names no rule: %.*s.",
		           SLICE_FORMAT(suppression->text), SLICE_FORMAT(suppression->stranger));
	else if (!suppression->is_used)
		finder_add(finder, CERTAIN, suppression->cell, suppression->written_on, "`%.*s` has nothing to suppress here.",
		           SLICE_FORMAT(suppression->text));
}

void suppress(struct finder *finder)
{
	const struct notebook *notebook = finder->evidence->notebook;
	struct suppressions all = {0};
	/* Those of the cell with number n are [first[n - 1], first[n]). */
	size_t *first = arena_array(finder->arena, notebook->code_count + 1, sizeof *first);
	for (size_t i = 0; i < notebook->code_count; i++) {
		read_comments(finder, notebook->code[i], &all);
		read_tags(finder, notebook->code[i], &all);
		first[i + 1] = all.count;
	}
	if (all.count == 0)
		return;
	size_t kept = 0;
	for (size_t i = 0; i < finder->found.count; i++) {
		const struct finding *finding = &finder->found.items[i];
		size_t cell = finding->cell;
		if (cell && is_suppressed(&all.items[first[cell - 1]], first[cell] - first[cell - 1], finding))
			continue;
		finder->found.items[kept++] = *finding;
	}
	finder->found.count = kept;
	for (size_t i = 0; i < all.count; i++)
		report_unused(finder, &all.items[i]);
}
