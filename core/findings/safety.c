/* What should not leave the machine. */
#include "findings/finder.h"
#include "findings/secrets.h"

/* Adds the secrets of a text; `where` says where it stands, and only a source has lines. */
static void report_secrets(struct finder *finder, struct secret_finder *secrets, const struct cell *cell,
                           struct slice text, const char *where)
{
	struct secret secret;
	for (size_t from = 0; secret_find(secrets, text, from, &secret); from = secret.end) {
		struct slice hint = secret_hint(finder->arena, slice_part(text, secret.start, secret.end));
		uint32_t line = where[0] ? 0 : finder_line(text, secret.start);
		finder_add(finder, secret.certainty, cell->number, line, "This holds %s%s: %.*s.", secret.what, where,
		           SLICE_FORMAT(hint));
	}
}

/* The text of an output as it would show; a picture has none. */
static void search_output(struct finder *finder, struct secret_finder *secrets, const struct cell *cell,
                          const struct output *output)
{
	struct output_content content;
	struct arena *arena = arena_child(finder->arena);
	if (output_load(finder->evidence->notebook, arena, output, &content)) {
		report_secrets(finder, secrets, cell, content.text, " in its output");
		report_secrets(finder, secrets, cell, content.traceback, " in its traceback");
		for (size_t i = 0; i < content.part_count; i++)
			if (slice_equal(content.parts[i].type, SLICE("text/plain")))
				report_secrets(finder, secrets, cell, content.parts[i].text, " in its output");
	}
	arena_free(arena);
}

void rule_secret(struct finder *finder)
{
	struct secret_finder *secrets = secret_finder_new(finder->arena);
	if (!secrets)
		return;
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		report_secrets(finder, secrets, cell, cell->source, "");
		for (size_t j = 0; j < cell->output_count; j++)
			search_output(finder, secrets, cell, &cell->outputs[j]);
	}
	secret_finder_free(secrets);
}
