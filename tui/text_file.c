#include "tui/text_file.h"

#include <errno.h>
#include <stdio.h>

enum { FILE_LIMIT = 1 << 20 };

int text_file_read(struct arena *arena, struct slice path, struct slice *text)
{
	FILE *file = fopen(slice_copy(arena, path).bytes, "rb");
	if (!file)
		return errno;
	char *bytes = arena_alloc(arena, FILE_LIMIT);
	size_t length = fread(bytes, 1, FILE_LIMIT, file);
	int error = ferror(file) ? errno : length == FILE_LIMIT ? EFBIG : 0;
	fclose(file);
	*text = (struct slice){bytes, length};
	return error;
}
