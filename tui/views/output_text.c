/* Outputs are read from the file when their cell is shown, and only as much of
 * them as is shown: so many lines of each, so many in all, nothing that is huge. */
#include "tui/folds.h"
#include "tui/picture.h"
#include "tui/views/cell_text.h"
#include "tui/views/markdown.h"
#include "tui/views/output_shown.h"

enum {
	ALL_OUTPUTS_FACTOR = 10,      /* all outputs of a cell may have so many times the lines of one */
	READ_LIMIT = 8 * 1024 * 1024, /* bytes of an output that is read without being asked for */
};

struct slice number_text(struct arena *arena, uint64_t number)
{
	struct slice plain = slice_format(arena, "%llu", (unsigned long long)number);
	struct builder text = {.arena = arena};
	for (size_t at = 0; at < plain.length; at++) {
		if (at && (plain.length - at) % 3 == 0)
			builder_add_byte(&text, ',');
		builder_add_byte(&text, plain.bytes[at]);
	}
	return builder_slice(&text);
}

struct slice size_text(struct arena *arena, uint64_t bytes)
{
	static const char *const UNITS[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t unit = 0;
	double size = (double)bytes;
	for (; size >= 999.5 && unit + 1 < sizeof UNITS / sizeof *UNITS; unit++)
		size /= 1000;
	if (unit == 0)
		return slice_format(arena, "%llu %s", (unsigned long long)bytes, bytes == 1 ? "byte" : UNITS[0]);
	return slice_format(arena, "%.*f %s", size < 9.95 ? 1 : 0, size, UNITS[unit]);
}

static uint64_t output_size(const struct output *output)
{
	return output->range.end - output->range.start;
}

bool output_is_withheld(const struct output *output, int level)
{
	uint64_t limit = READ_LIMIT;
	for (int step = OUTPUT_SOME; step < level; step++)
		limit *= 10;
	return level != OUTPUT_ALL && output_size(output) > limit;
}

static struct slice output_name(const struct output *output, struct arena *arena)
{
	switch (output->type) {
	case OUTPUT_STREAM: return output->stream;
	case OUTPUT_DISPLAY_DATA: return SLICE("display");
	case OUTPUT_EXECUTE_RESULT:
		if (output->execution_count == NO_COUNT)
			return SLICE("Out");
		return slice_format(arena, "Out[%lld]", (long long)output->execution_count);
	case OUTPUT_ERROR: return SLICE("error");
	case OUTPUT_UNKNOWN: break;
	}
	return SLICE("output of an unknown type");
}

/* How many lines may still be shown; without a limit: SIZE_MAX. */
struct budget {
	size_t each, all;
};

static size_t count_lines(struct slice text)
{
	size_t lines = text.length ? 1 : 0;
	for (size_t at = slice_find(text, '\n', 0); at + 1 < text.length; at = slice_find(text, '\n', at + 1))
		lines++;
	return lines;
}

/* "12 more lines: zo shows more, zR all" */
static void add_hint(struct document *document, struct slice what, const char *how)
{
	struct line line = {0};
	line_format(document->arena, &line, SLOT_MORE, "%.*s: ", SLICE_FORMAT(what));
	line_add(document->arena, &line, SLOT_KEY, SLICE("zo"));
	line_format(document->arena, &line, SLOT_MORE, " %s, ", how);
	line_add(document->arena, &line, SLOT_KEY, SLICE("zR"));
	line_add(document->arena, &line, SLOT_MORE, SLICE(" all"));
	enum row_area area = document->area;
	document->area = AREA_HEAD; /* said of the output */
	document_add_prose(document, line, 2);
	document->area = area;
}

static void add_text(struct document *document, struct budget *budget, struct slice text, enum slot slot)
{
	struct arena *arena = document->arena;
	size_t limit = budget->each < budget->all ? budget->each : budget->all, count = 0;
	bool more = false;
	struct styled_line *lines = styled_lines(arena, text, limit == SIZE_MAX ? 0 : limit, &count, &more);
	document_add_styled(document, lines, count, slot);
	if (budget->all != SIZE_MAX)
		budget->all -= count < budget->all ? count : budget->all;
	if (!more)
		return;
	size_t total = count_lines(text), left = total > count ? total - count : 1;
	struct slice number = number_text(arena, left);
	add_hint(document, slice_format(arena, "%.*s more line%s", SLICE_FORMAT(number), left == 1 ? "" : "s"),
	         "shows more");
}

static void add_picture(const struct app *app, struct document *document, const struct mime_part *part)
{
	struct slice text;
	if (!app->settings.images || !picture_is_known(part->type) ||
	    !output_part_load(app->analysis->notebook, document->arena, part, &text))
		return;
	const char *problem = picture_add(document, part->type, text, 0, app->terminal->colours, app->settings.ascii);
	if (problem) {
		struct line line = {0};
		line_add(document->arena, &line, SLOT_COMPLAINT, slice_of(problem));
		document_add(document, line);
	}
}

/* The other representations, each with its size: "[image/png, 23 kB]". Those that only
 * say the same once more are not worth a line. */
static void add_others(const struct app *app, struct document *document, const struct output_content *content,
                       const struct shown *shown)
{
	for (size_t at = 0; at < content->part_count; at++) {
		const struct mime_part *part = &content->parts[at];
		bool is_plain = slice_equal(part->type, SLICE("text/plain"));
		if (part == shown->part || (shown->part && is_plain) ||
		    (shown->whole && slice_equal(part->type, SLICE("text/html"))))
			continue;
		bool is_image = slice_starts(part->type, SLICE("image/"));
		/* Base64 takes four bytes for three. */
		uint64_t size = is_image && part->text.length == 0 ? part->size / 4 * 3 : part->size;
		struct line line = {0};
		line_format(document->arena, &line, is_image ? SLOT_LABEL : SLOT_DIM, "[%.*s, %.*s]", SLICE_FORMAT(part->type),
		            SLICE_FORMAT(size_text(document->arena, size)));
		bool hint = !app->settings.images && picture_is_known(part->type);
		line_add(document->arena, &line, SLOT_KEY, hint ? SLICE(" vi") : SLICE(""));
		line_add(document->arena, &line, SLOT_MORE, hint ? SLICE(" paints it,") : SLICE(""));
		line_add(document->arena, &line, SLOT_KEY, hint ? SLICE(" oi") : SLICE(""));
		line_add(document->arena, &line, SLOT_MORE, hint ? SLICE(" all of them") : SLICE(""));
		document_add(document, line);
		add_picture(app, document, part);
	}
}

static void add_output(const struct app *app, struct document *document, const struct output *output,
                       struct budget *budget)
{
	struct arena *arena = document->arena;
	struct output_content content = {0};
	if (!output_load(app->analysis->notebook, arena, output, &content)) {
		struct line line = {0};
		line_add(arena, &line, SLOT_COMPLAINT,
		         SLICE("The file was changed since it was read, so this output can't be shown. R reads it again."));
		document_add_prose(document, line, 0);
		return;
	}
	struct shown shown = output_shown(arena, output, &content);
	add_others(app, document, &content, &shown);
	bool is_stderr = output->type == OUTPUT_STREAM && slice_equal(output->stream, SLICE("stderr"));
	if (shown.markdown)
		markdown_add(document, shown.text, app_glyph(app, GLYPH_DOT), app_glyph(app, GLYPH_VERTICAL),
		             app_glyph(app, GLYPH_HORIZONTAL));
	else
		add_text(document, budget, shown.text, is_stderr ? SLOT_STDERR : SLOT_OUTPUT);
}

/* A stream often comes in many parts: only the first of them needs a title. */
bool output_continues(const struct cell *cell, size_t at)
{
	const struct output *output = &cell->outputs[at];
	return at > 0 && output->type == OUTPUT_STREAM && output[-1].type == OUTPUT_STREAM &&
	       slice_equal(output->stream, output[-1].stream);
}

static void add_title(const struct app *app, struct document *document, const struct output *output, bool folded,
                      bool with_size)
{
	struct arena *arena = document->arena;
	struct slice name = output_name(output, arena);
	if (folded || with_size)
		name = slice_format(arena, "%.*s, %.*s%s", SLICE_FORMAT(name),
		                    SLICE_FORMAT(size_text(arena, output_size(output))), folded ? ", folded" : "");
	document_add_title(document, output->type == OUTPUT_ERROR ? SLOT_FAILED : SLOT_OUTPUT_TITLE, name,
	                   app_glyph(app, GLYPH_HORIZONTAL));
}

/* All outputs of a cell share so many lines, but for those of which more was asked for. */
void output_text_add(const struct app *app, struct document *document, const struct cell *cell)
{
	struct arena *arena = document->arena;
	size_t each = folds_lines(app->settings.outputs), part = PART_OUTPUTS;
	size_t shared = each ? each * ALL_OUTPUTS_FACTOR : SIZE_MAX;
	for (size_t at = 0; at < cell->output_count; at++) {
		const struct output *output = &cell->outputs[at];
		bool continues = output_continues(cell, at);
		part = continues ? part : PART_OUTPUTS + at;
		int level = folds_level(app, cell->index, part);
		bool own = folds_own(app, cell->index, part), folded = level == OUTPUT_NONE,
		     large = output_is_withheld(output, level);
		if (!continues)
			document_begin_part(document, part, AREA_HEAD);
		if (shared == 0 && !own && !folded) {
			struct slice number = number_text(arena, cell->output_count - at);
			add_hint(document, slice_format(arena, "%.*s more outputs", SLICE_FORMAT(number)),
			         "shows the first of them");
			return;
		}
		if (!continues || (large && !folded))
			add_title(app, document, output, folded, large);
		document->area = AREA_OUTPUT;
		size_t lines = folds_lines(level);
		struct budget budget = {lines ? lines : SIZE_MAX, own ? SIZE_MAX : shared};
		if (folded)
			continue;
		if (large)
			add_hint(document, SLICE("too large to be read without being asked for"), "reads it");
		else
			add_output(app, document, output, &budget);
		shared = own ? shared : budget.all;
	}
}
