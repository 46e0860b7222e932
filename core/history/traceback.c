/* The error that a cell's outputs show, and the line of the cell that failed.
 *
 * IPython has written tracebacks in several forms; what they share is an arrow
 * before the failing line of each frame, `----> 3 x = 1/0`, outermost frame first:
 * the first arrow is the cell's own line. `%%time` compiles the body under another
 * name, `<timed exec>:2`, whose lines begin below the magic. */
#include "history/evidence.h"
#include "history/log.h"

#include <string.h>

/* What follows the first occurrence of `needle`, or nothing. */
static struct slice after(struct slice text, struct slice needle)
{
	for (size_t at = slice_find(text, needle.bytes[0], 0); at < text.length;
	     at = slice_find(text, needle.bytes[0], at + 1)) {
		struct slice rest = slice_part(text, at, text.length);
		if (slice_starts(rest, needle))
			return slice_part(rest, needle.length, rest.length);
	}
	return SLICE("");
}

/* The number behind the arrow of a line such as `----> 3 x = 1/0`, or 0. */
static uint32_t arrow_number(struct slice line)
{
	size_t dashes = 0;
	while (dashes < line.length && line.bytes[dashes] == '-')
		dashes++;
	if (dashes == 0 || dashes >= line.length || line.bytes[dashes] != '>')
		return 0;
	return leading_number(slice_trim(slice_part(line, dashes + 1, line.length)));
}

static uint32_t failing_line(struct slice traceback, bool *timed)
{
	struct slice line;
	uint32_t named = 0;
	for (struct slice rest = traceback; slice_next_line(&rest, &line);) {
		uint32_t number = arrow_number(line);
		if (number)
			return number;
		struct slice place = after(line, SLICE("<timed exec>:"));
		if (place.length) {
			*timed = true;
			return leading_number(place);
		}
		/* SyntaxErrors have no arrow, but a header: `Cell In[3], line 1`. */
		if (!named && (slice_starts(line, SLICE("Cell In")) || slice_starts(line, SLICE("Input In"))))
			named = leading_number(after(line, SLICE("line ")));
		if (!named && slice_starts(slice_trim(line), SLICE("File \"<ipython-input-")))
			named = leading_number(after(line, SLICE("line ")));
	}
	return named;
}

struct run_error *run_error_of_cell(struct arena *arena, const struct notebook *notebook, const struct cell *cell)
{
	for (size_t i = cell->output_count; i-- > 0;) {
		const struct output *output = &cell->outputs[i];
		struct output_content content = {0};
		if (output->type != OUTPUT_ERROR || !output_load(notebook, arena, output, &content))
			continue;
		struct run_error *error = arena_alloc(arena, sizeof *error);
		error->ename = content.ename;
		error->evalue = content.evalue;
		bool timed = false;
		error->line = failing_line(without_escapes(arena, content.traceback), &timed);
		if (timed && slice_starts(slice_trim(cell->source), SLICE("%%")) && error->line)
			error->line++;
		return error;
	}
	return NULL;
}
