/* cases.h - tests as text: `### title`, a source, `---`, what is expected of it. */
#ifndef NBSCOPE_TESTS_CASES_H
#define NBSCOPE_TESTS_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/slice.h"

struct text_case {
	struct slice title, source, expected;
};

/* What a program says of the source of a case. */
typedef struct slice case_answer(struct arena *arena, struct slice source);

static inline struct slice read_case_file(struct arena *arena, const char *path)
{
	struct builder text = {.arena = arena};
	FILE *file = fopen(path, "r");
	char buffer[4096];
	assert_non_null(file);
	for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
		builder_add(&text, (struct slice){buffer, got});
	fclose(file);
	return builder_slice(&text);
}

/* Cuts the next case off the text. */
static inline bool next_case(struct slice *text, struct text_case *next)
{
	struct slice line;
	*next = (struct text_case){0};
	if (!slice_next_line(text, &line))
		return false;
	assert_true(slice_starts(line, SLICE("### ")));
	next->title = slice_part(line, 4, line.length);
	const char *start = text->bytes;
	while (slice_next_line(text, &line) && !slice_equal(line, SLICE("---")))
		;
	size_t length = (size_t)(line.bytes - start);
	next->source = (struct slice){start, length ? length - 1 : 0};
	start = text->bytes;
	length = 0;
	while (text->length && !slice_starts(*text, SLICE("### "))) {
		slice_next_line(text, &line);
		length = (size_t)(text->bytes - start);
	}
	next->expected = slice_trim((struct slice){start, length});
	return true;
}

/* Runs all cases of a file; names each that is answered otherwise. */
static inline void run_cases(const char *path, case_answer *answer, size_t least)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct slice text = read_case_file(arena, path);
	struct text_case one;
	size_t count = 0, wrong = 0;
	while (next_case(&text, &one)) {
		struct slice told = slice_trim(answer(arena, one.source));
		count++;
		if (slice_equal(told, one.expected))
			continue;
		wrong++;
		fprintf(stderr, "%.*s\n  expected:\n%.*s\n  told:\n%.*s\n", SLICE_FORMAT(one.title), SLICE_FORMAT(one.expected),
		        SLICE_FORMAT(told));
	}
	arena_free(arena);
	assert_true(count >= least);
	assert_int_equal(wrong, 0);
}

#endif
