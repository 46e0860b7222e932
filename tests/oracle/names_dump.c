/* names_dump - `nbscope effects --format json FILE...` without the rest of nbscope,
 * for the oracle while only the front end is being worked on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static struct slice read_all(struct arena *arena, const char *path)
{
	struct builder text = {.arena = arena};
	FILE *file = fopen(path, "rb");
	if (!file)
		return SLICE("");
	char buffer[65536];
	for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
		builder_add(&text, (struct slice){buffer, got});
	fclose(file);
	return builder_slice(&text);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "effects") == 0 || argv[i][0] == '-' || strcmp(argv[i], "json") == 0)
			continue;
		struct arena *arena = arena_new(NULL, NULL);
		struct symbols *symbols = symbols_new(arena);
		struct slice path = slice_of(argv[i]);
		struct builder out = {.arena = arena};
		struct failure failure;
		if (slice_ends(path, SLICE(".ipynb"))) {
			struct notebook *notebook = notebook_open(arena, path, &failure);
			if (notebook)
				effects_json(&out, symbols, path, effects_of_notebook(arena, symbols, notebook), notebook->code_count);
		} else {
			struct parser_options options = {0};
			struct effects *effects = effects_of_source(arena, symbols, read_all(arena, argv[i]), options);
			effects_json(&out, symbols, path, &effects, 1);
		}
		fwrite(out.bytes, 1, out.length, stdout);
		arena_free(arena);
	}
	return 0;
}
