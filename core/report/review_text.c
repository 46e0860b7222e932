/* The review in plain text. */
#include "base/printable.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/review.h"

enum { INDENT = 4 };

struct text {
	struct builder *out;
	const struct review *review;
	unsigned width;
	bool has_colours;
};

/* Our own colours, which alone may stand in the text besides what is printable. */
#define BOLD "1"
#define RED "31"
#define GREEN "32"
#define YELLOW "33"
#define FAINT "2"

static void colour(struct text *text, const char *code)
{
	if (text->has_colours)
		builder_add_format(text->out, "\033[%sm", code);
}

static void say(struct text *text, unsigned indent, struct slice sentence)
{
	if (sentence.length)
		paragraph_add(text->out, SLICE(""), indent, sentence, text->width);
}

/* A paragraph of its own. */
static void say_apart(struct text *text, struct slice sentence)
{
	if (sentence.length)
		builder_add_byte(text->out, '\n');
	say(text, 0, sentence);
}

static const char *status_colour(const struct cell_status *status)
{
	switch (status->status) {
	case STATUS_STANDS: return GREEN;
	case STATUS_BROKEN: return RED;
	case STATUS_STALE: return status->certainty == POSSIBLE ? FAINT : YELLOW;
	default: return FAINT;
	}
}

static void add_cell(struct text *text, const struct review_cell *cell)
{
	struct arena *arena = text->review->arena;
	builder_add_format(text->out, "\ncell %zu %.*s  ", cell->status->cell,
	                   SLICE_FORMAT(count_label(arena, cell->cell->execution_count)));
	colour(text, status_colour(cell->status));
	builder_add(text->out, status_words(arena, cell->status));
	colour(text, "0");
	builder_add_byte(text->out, '\n');
	paragraph_add_line(text->out, INDENT, slice_format(arena, "> %.*s", SLICE_FORMAT(cell->telling_line)), text->width);
	for (size_t i = 0; i < cell->sentence_count; i++)
		say(text, INDENT, cell->sentences[i]);
}

/* A line of a cell of which little is to be said: it is as another one, or what it reads is. */
static void add_line(struct text *text, const struct review_cell *cell)
{
	struct arena *arena = text->review->arena;
	struct slice number = slice_format(arena, "cell %zu", cell->status->cell);
	struct slice count = count_label(arena, cell->cell->execution_count);
	struct builder line = {.arena = arena};
	builder_add_format(&line, "%-9.*s%6.*s  ", SLICE_FORMAT(number), SLICE_FORMAT(count));
	if (cell->same_as)
		builder_add_format(&line, "%s, as cell %zu", status_name(cell->status->status), cell->same_as);
	else if (cell->status->certainty != CERTAIN)
		builder_add_format(&line, "%s: ", certainty_name(cell->status->certainty));
	builder_add(&line, cell->rests_on);
	paragraph_add_line(text->out, INDENT, builder_slice(&line), text->width);
}

enum { FEW_CELLS = 40, FEW_LINES = 30 };

static void add_left_out(struct text *text, size_t count)
{
	if (count)
		say_apart(text, slice_format(text->review->arena,
		                             "%zu more cell%s of that kind %s left out here; \"nbscope status\" has every one.",
		                             count, count == 1 ? "" : "s", count == 1 ? "is" : "are"));
}

/* Those whose status is certain or likely, or those where it is only possible. */
static void add_cells(struct text *text, bool possible)
{
	size_t told = 0;
	for (size_t i = 0; i < text->review->analysis->status->cell_count; i++) {
		const struct review_cell *cell = &text->review->cells[i];
		if (cell->is_problem && !cell->is_consequence && !cell->same_as && cell->is_possible == possible &&
		    told++ < FEW_CELLS)
			add_cell(text, cell);
	}
	add_left_out(text, told > FEW_CELLS ? told - FEW_CELLS : 0);
}

/* Those that one line is enough for. */
static void add_lines(struct text *text, bool consequences, struct slice title)
{
	size_t told = 0;
	for (size_t i = 0; i < text->review->analysis->status->cell_count; i++) {
		const struct review_cell *cell = &text->review->cells[i];
		if (!(consequences ? cell->is_consequence : cell->same_as != 0) || told++ >= FEW_LINES)
			continue;
		if (told == 1)
			say_apart(text, title);
		add_line(text, cell);
	}
	add_left_out(text, told > FEW_LINES ? told - FEW_LINES : 0);
}

static void add_topic(struct text *text, const struct review_topic *topic)
{
	enum { FEW_REMARKS = 5 };
	struct arena *arena = text->review->arena;
	static const char *const colours[] = {FAINT, YELLOW, RED};
	builder_add_byte(text->out, '\n');
	colour(text, colours[topic->rule->severity]);
	builder_add_string(text->out, severity_name(topic->rule->severity));
	colour(text, "0");
	builder_add_format(text->out, " %s  %s\n", topic->rule->code, topic->rule->name);
	for (size_t i = 0; i < topic->remark_count && i < FEW_REMARKS; i++) {
		const struct review_remark *remark = &topic->remarks[i];
		struct builder line = {.arena = arena};
		builder_add(&line, remark->where);
		if (remark->certainty != CERTAIN)
			builder_add_format(&line, " (%s)", certainty_name(remark->certainty));
		builder_add_format(&line, ": %.*s", SLICE_FORMAT(remark->message));
		say(text, INDENT, builder_slice(&line));
	}
	if (topic->remark_count > FEW_REMARKS)
		say(text, INDENT, slice_format(arena, "And %zu more.", topic->remark_count - FEW_REMARKS));
}

void report_text(struct builder *out, const struct analysis *analysis, unsigned width, bool has_colours)
{
	const struct review *review = review_of(out->arena, analysis);
	struct text text = {out, review, width, has_colours};
	colour(&text, BOLD);
	builder_add(out, printable(out->arena, analysis->notebook->path));
	colour(&text, "0");
	builder_add_byte(out, '\n');
	say(&text, 0, review->description);
	builder_add_byte(out, '\n');
	say(&text, 0, review->verdict);
	say(&text, 0, review->standing);
	say(&text, 0, review->run_all);
	say(&text, 0, review->also);
	add_cells(&text, false);
	add_cells(&text, true);
	add_lines(&text, false, SLICE("For the same reason as a cell above:"));
	add_lines(&text, true, SLICE("Stale only because what they read does not stand:"));
	for (size_t i = 0; i < review->topic_count; i++)
		add_topic(&text, &review->topics[i]);
	say_apart(&text, review_to_do(review));
	say_apart(&text, review->never_run);
	say_apart(&text, review->standing_errors);
	say_apart(&text, review->basis);
}
