#include "tui/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

int file_head_read(struct arena *arena, struct slice path, size_t limit, struct slice *text, uint64_t *size)
{
	/* A pipe that nobody writes to would keep us waiting. */
	int file = open(slice_copy(arena, path).bytes, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	if (file < 0)
		return errno;
	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(file);
		return EINVAL;
	}
	char *bytes = arena_alloc(arena, limit);
	size_t length = 0;
	ssize_t got = 1;
	while (length < limit && (got = read(file, bytes + length, limit - length)) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	int error = got < 0 ? errno : 0;
	close(file);
	*text = (struct slice){bytes, length};
	*size = (uint64_t)status.st_size;
	return error;
}
