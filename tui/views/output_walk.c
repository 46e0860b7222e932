/* The text of an output line by line, for those who search it or hand it on. */
#include "tui/views/output_shown.h"

enum { SCRATCH_LIMIT = 1 << 20 /* bytes of lines that are kept before they are let go */ };

/* Whether a line is shown as it stands. */
static bool is_plain(struct slice line)
{
	for (size_t at = 0; at < line.length; at++) {
		unsigned char byte = (unsigned char)line.bytes[at];
		if (byte < ' ' || byte >= 0x7f)
			return false;
	}
	return true;
}

static struct slice shown_line(struct arena *arena, struct slice text)
{
	size_t count = 0;
	bool more = false;
	struct styled_line *lines = styled_lines(arena, text, 1, &count, &more);
	struct builder joined = {.arena = arena};
	for (size_t piece = 0; count && piece < lines->count; piece++)
		builder_add(&joined, lines->pieces[piece].text);
	return builder_slice(&joined);
}

bool output_walk(const struct app *app, const struct output *output, output_visitor *visit, void *context)
{
	struct arena *arena = terminal_arena(), *scratch = terminal_arena();
	struct output_content content = {0};
	bool on = true;
	if (output_load(app->analysis->notebook, arena, output, &content)) {
		struct slice rest = output_shown(arena, output, &content).text, line;
		while (on && slice_next_line(&rest, &line)) {
			on = visit(context, is_plain(line) ? line : shown_line(scratch, line));
			if (arena_used(scratch) > SCRATCH_LIMIT) {
				arena_free(scratch);
				scratch = terminal_arena();
			}
		}
	}
	arena_free(scratch);
	arena_free(arena);
	return on;
}
