/* Hostile text: whatever goes in, nothing comes out that a terminal would obey. */
#include <stdlib.h>

#include "base/printable.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice text, bool may_have_lines)
{
	if (utf8_invalid(text) != text.length)
		abort();
	for (size_t offset = 0; offset < text.length;) {
		int32_t character = utf8_next(text, &offset);
		bool is_control = character < 0x20 || (character >= 0x7F && character < 0xA0);
		bool is_bidirectional = character == 0x061C || character == 0x200E || character == 0x200F ||
		                        (character >= 0x202A && character <= 0x202E) ||
		                        (character >= 0x2066 && character <= 0x2069);
		if ((is_control && !(may_have_lines && character == '\n')) || is_bidirectional)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct slice text = {(const char *)data, size};
	check(printable(arena, text), false);
	check(printable_lines(arena, text), true);
	size_t limit = size ? data[0] % 4 : 0, count;
	bool more;
	const struct styled_line *lines = styled_lines(arena, text, limit, &count, &more);
	if (limit && count > limit)
		abort();
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < lines[i].count; j++)
			check(lines[i].pieces[j].text, false);
	/* The columns of a line that is written over, and what the text itself takes. */
	if (arena_used(arena) > 4000000 + 200 * size)
		abort();
	arena_free(arena);
	return 0;
}
