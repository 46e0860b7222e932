#include "findings/suppression.h"

#include "findings/selection.h"
#include "python/highlight.h"

/* One rule, or beginning of codes, that is asked for in one place; or every rule. */
struct suppression {
	size_t cell;           /* 0: the whole notebook */
	uint32_t line;         /* 0: the whole cell */
	uint32_t written_on;   /* the line; 0 for what is not in the source */
	struct slice text;     /* of the place, as it was written */
	struct slice word;     /* of several there; empty when there is one */
	struct selection what; /* when `some` */
	bool some, is_stranger, is_used;
};

struct suppressions {
	struct suppression *items;
	size_t count, capacity;
};

/* Adds one suppression for a word, which may mean no rule. */
static void add_word(struct finder *finder, struct suppressions *all, struct suppression request, struct slice word,
                     bool is_only)
{
	struct slice stranger;
	request.some = true;
	request.what = (struct selection){0};
	request.is_stranger = !selection_add(finder->arena, &request.what, word, &stranger) || word.length == 0;
	request.word = is_only ? SLICE("") : word;
	vector_push(finder->arena, all, request);
}

/* Adds what `ignore` or `ignore[...]` asks for; anything else asks for nothing. */
static void add_request(struct finder *finder, struct suppressions *all, struct slice text, struct suppression request)
{
	struct slice ignore = SLICE("ignore");
	if (!slice_starts(text, ignore))
		return;
	struct slice rest = slice_trim(slice_part(text, ignore.length, text.length));
	if (!slice_starts(rest, SLICE("["))) {
		if (rest.length == 0 || rest.bytes[0] == '#')
			vector_push(finder->arena, all, request);
		return;
	}
	size_t close = slice_find(rest, ']', 0);
	if (close == rest.length)
		return;
	struct slice words = slice_part(rest, 1, close);
	bool is_only = slice_count(words, ',') == 0;
	for (size_t start = 0, end; start <= words.length; start = end + 1) {
		end = slice_find(words, ',', start);
		add_word(finder, all, request, slice_trim(slice_part(words, start, end)), is_only);
	}
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
		if (cut_prefix(&text))
			add_request(finder, all, text, found);
	}
}

/* What `{"nbscope": {"ignore": [...]}}` in some metadata asks for. */
static void read_metadata(struct finder *finder, size_t cell, struct slice *ignored, size_t count,
                          struct suppressions *all)
{
	struct suppression found = {.cell = cell, .text = SLICE("nbscope.ignore")};
	for (size_t i = 0; i < count; i++)
		add_word(finder, all, found, slice_trim(ignored[i]), false);
}

static void read_tags(struct finder *finder, const struct cell *cell, struct suppressions *all)
{
	struct cell_metadata metadata;
	if (!cell_metadata_load(finder->evidence->notebook, finder->arena, cell, &metadata))
		return;
	for (size_t i = 0; i < metadata.tag_count; i++) {
		struct suppression found = {.cell = cell->number, .text = metadata.tags[i]};
		struct slice text = metadata.tags[i];
		if (cut_prefix(&text))
			add_request(finder, all, text, found);
	}
	read_metadata(finder, cell->number, metadata.ignored, metadata.ignored_count, all);
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
	const char *why = suppression->is_stranger ? "names no rule" : "has nothing to suppress here";
	if (suppression->is_used)
		return;
	if (suppression->word.length)
		finder_add(finder, CERTAIN, suppression->cell, suppression->written_on, "`%.*s` in `%.*s` %s.",
		           SLICE_FORMAT(suppression->word), SLICE_FORMAT(suppression->text), why);
	else
		finder_add(finder, CERTAIN, suppression->cell, suppression->written_on, "`%.*s` %s.",
		           SLICE_FORMAT(suppression->text), why);
}

void suppress(struct finder *finder)
{
	const struct notebook *notebook = finder->evidence->notebook;
	struct suppressions all = {0};
	/* Those of the cell with number n are [first[n - 1], first[n]); those of the notebook stand before. */
	size_t *first = arena_array(finder->arena, notebook->code_count + 1, sizeof *first);
	read_metadata(finder, 0, notebook->ignored, notebook->ignored_count, &all);
	size_t general = first[0] = all.count;
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
		bool is_out = cell && is_suppressed(&all.items[first[cell - 1]], first[cell] - first[cell - 1], finding);
		/* What the cell asks for already leaves the notebook's request unused. */
		if (!is_out && !is_suppressed(all.items, general, finding))
			finder->found.items[kept++] = *finding;
	}
	finder->found.count = kept;
	for (size_t i = 0; i < all.count; i++)
		report_unused(finder, &all.items[i]);
}
