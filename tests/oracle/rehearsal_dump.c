/* rehearsal_dump FILE - what the rehearsal foretells of each code cell, run from
 * the top in a fresh kernel: one JSON object a line, for rehearsal_oracle.py. */
#include <stdio.h>

#include "analysis.h"
#include "flow/testimony.h"
#include "report/json_writer.h"

static void write_cell(struct builder *out, const struct cell *cell, const struct rehearsed *rehearsed,
                       const struct symbols *symbols)
{
	struct json_writer json = {.out = out};
	json_begin_object(&json);
	json_key(&json, "index");
	json_integer(&json, (int64_t)cell->index);
	json_key(&json, "ran");
	json_boolean(&json, rehearsed->ran);
	json_key(&json, "printed");
	json_string(&json, rehearsed->printed);
	json_key(&json, "shows");
	json_string(&json, rehearsed->shows == SHOWS_TEXT       ? SLICE("text")
	                   : rehearsed->shows == SHOWS_ANYTHING ? SLICE("anything")
	                                                        : SLICE("nothing"));
	json_key(&json, "shown");
	json_string(&json, rehearsed->shown);
	json_key(&json, "fails");
	json_boolean(&json, rehearsed->fails);
	json_key(&json, "ename");
	json_string(&json, rehearsed->ename);
	json_key(&json, "missing");
	json_string(&json, symbols_name(symbols, rehearsed->missing));
	json_end_object(&json);
	builder_add_byte(out, '\n');
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct failure failure;
	for (int i = 1; i < argc; i++) {
		struct symbols *symbols = symbols_new(arena);
		struct notebook *notebook = notebook_open(arena, slice_of(argv[i]), &failure);
		if (!notebook)
			return 2;
		struct effects **effects = effects_of_notebook(arena, symbols, notebook);
		struct log *log = log_from_notebook(arena, notebook, effects);
		struct testimony *testimony = testimony_gather(arena, symbols, notebook, effects, log);
		struct builder out = {.arena = arena};
		for (size_t number = 1; number <= notebook->code_count; number++)
			write_cell(&out, notebook->code[number - 1], testimony->file[number], symbols);
		fwrite(out.bytes, 1, out.length, stdout);
		notebook_close(notebook);
	}
	arena_free(arena);
	return 0;
}
