/* HTML of an output: whatever goes in, what comes out is no larger than it may be. */
#include <stdint.h>
#include <stdlib.h>

#include "notebook/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MOST = 32 << 20 };
	struct arena *arena = arena_new(NULL, NULL);
	struct slice text = html_text(arena, (struct slice){(const char *)data, size});
	for (size_t at = 0; at < text.length; at++) {
		bool control = (unsigned char)text.bytes[at] < ' ' && text.bytes[at] != '\n' && text.bytes[at] != '\t';
		if (control && text.bytes[at] != '\33')
			abort();
	}
	if (text.length > MOST)
		abort();
	arena_free(arena);
	return 0;
}
