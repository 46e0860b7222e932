#include "notebook/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Three kinds in one: a regular file has a descriptor and is read at offsets; a
 * pipe has a descriptor and a spool that grows as far as was asked for; memory
 * has neither. */
struct notebook_bytes {
	struct arena *arena;
	struct slice path; /* of a file that was opened by its name, else empty */
	int descriptor;    /* -1 when there is none (any more) */
	bool pipe;
	struct stat opened;
	struct slice memory;
	char *spool;
	size_t spooled, capacity;
};

enum { SPOOL_STEP = 64 * 1024 };

static struct timespec changed_at(const struct stat *status)
{
#ifdef __APPLE__
	return status->st_mtimespec;
#else
	return status->st_mtim;
#endif
}

static struct notebook_bytes *refuse(struct arena *arena, struct failure *failure, struct slice path, const char *why)
{
	*failure = (struct failure){.file = path, .message = slice_format(arena, "cannot be opened: %s", why)};
	return NULL;
}

struct notebook_bytes *bytes_open(struct arena *arena, struct slice path, struct failure *failure)
{
	struct notebook_bytes *bytes = arena_alloc(arena, sizeof *bytes);
	bytes->arena = arena;
	bool standard_input = slice_equal(path, SLICE("-"));
	if (!standard_input && slice_find(path, '\0', 0) < path.length)
		return refuse(arena, failure, path, strerror(ENOENT));
	if (!standard_input)
		bytes->path = slice_copy(arena, path);
	/* A copy of standard input stays what it was when the front end puts the
	 * terminal in its place. */
	bytes->descriptor = standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
	                                   : open(bytes->path.bytes, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (bytes->descriptor < 0)
		return refuse(arena, failure, path, strerror(errno));
	int error = fstat(bytes->descriptor, &bytes->opened) != 0 ? errno : S_ISDIR(bytes->opened.st_mode) ? EISDIR : 0;
	if (error) {
		bytes_close(bytes);
		return refuse(arena, failure, path, strerror(error));
	}
	/* Standard input may be a file that someone already read a part of. */
	bytes->pipe = !S_ISREG(bytes->opened.st_mode) || (standard_input && lseek(bytes->descriptor, 0, SEEK_CUR) != 0);
#ifdef POSIX_FADV_SEQUENTIAL
	if (!bytes->pipe)
		posix_fadvise(bytes->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
	return bytes;
}

struct notebook_bytes *bytes_borrow(struct arena *arena, struct slice memory)
{
	struct notebook_bytes *bytes = arena_alloc(arena, sizeof *bytes);
	bytes->descriptor = -1;
	bytes->memory = memory;
	return bytes;
}

static void close_descriptor(struct notebook_bytes *bytes)
{
	if (bytes->descriptor >= 0)
		close(bytes->descriptor);
	bytes->descriptor = -1;
}

void bytes_close(struct notebook_bytes *bytes)
{
	if (!bytes)
		return;
	close_descriptor(bytes);
	bytes->memory = (struct slice){0};
	free(bytes->spool);
	bytes->spool = NULL;
	bytes->spooled = bytes->capacity = 0;
}

/* Whoever waits for the other end of a pipe may lose patience. */
static void wait_for_more(const struct notebook_bytes *bytes)
{
	enum { MILLISECONDS = 100 };
	struct pollfd descriptor = {.fd = bytes->descriptor, .events = POLLIN};
	while (poll(&descriptor, 1, MILLISECONDS) == 0)
		arena_step(bytes->arena, "waiting for the rest of the file", 0, 0);
}

/* Takes in what the pipe has, at least up to `needed` unless it ends before. */
static bool spool(struct notebook_bytes *bytes, uint64_t needed)
{
	while (bytes->spooled < needed && bytes->descriptor >= 0) {
		if (bytes->capacity - bytes->spooled < SPOOL_STEP) {
			size_t room = bytes->capacity ? bytes->capacity * 2 : 4 * SPOOL_STEP;
			char *grown = room > bytes->capacity ? realloc(bytes->spool, room) : NULL;
			if (!grown) {
				errno = ENOMEM;
				return false;
			}
			bytes->spool = grown;
			bytes->capacity = room;
		}
		wait_for_more(bytes);
		ssize_t count = read(bytes->descriptor, bytes->spool + bytes->spooled, bytes->capacity - bytes->spooled);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		if (count == 0)
			close_descriptor(bytes);
		bytes->spooled += (size_t)count;
	}
	return true;
}

int64_t bytes_read(struct notebook_bytes *bytes, uint64_t offset, void *into, size_t size)
{
	if (size == 0)
		return 0;
	if (bytes->descriptor >= 0 && !bytes->pipe) {
		ssize_t count;
		if (offset > INT64_MAX - size)
			return 0;
		do
			count = pread(bytes->descriptor, into, size, (off_t)offset);
		while (count < 0 && errno == EINTR);
		return count;
	}
	if (bytes->pipe && !spool(bytes, offset + 1))
		return -1;
	struct slice memory = bytes->pipe ? (struct slice){bytes->spool, bytes->spooled} : bytes->memory;
	if (offset >= memory.length)
		return 0;
	size_t left = memory.length - (size_t)offset;
	size_t count = left < size ? left : size;
	memcpy(into, memory.bytes + offset, count);
	return (int64_t)count;
}

int64_t bytes_read_all(struct notebook_bytes *bytes, uint64_t offset, void *into, size_t size)
{
	size_t done = 0;
	while (done < size) {
		int64_t count = bytes_read(bytes, offset + done, (char *)into + done, size - done);
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		done += (size_t)count;
	}
	return (int64_t)done;
}

bool bytes_load(struct arena *arena, struct slice path, struct slice *all, struct failure *failure)
{
	struct notebook_bytes *bytes = bytes_open(arena, path, failure);
	if (!bytes)
		return false;
	struct builder text = {.arena = arena};
	char *part = arena_alloc(arena, SPOOL_STEP);
	int64_t length;
	while ((length = bytes_read_all(bytes, text.length, part, SPOOL_STEP)) > 0)
		builder_add(&text, (struct slice){part, (size_t)length});
	int error = errno;
	bytes_close(bytes);
	*all = builder_slice(&text);
	if (length < 0)
		refuse(arena, failure, path, strerror(error));
	return length == 0;
}

bool bytes_changed(const struct notebook_bytes *bytes)
{
	struct stat now;
	if (bytes->descriptor < 0 || bytes->pipe)
		return false;
	if (fstat(bytes->descriptor, &now) != 0)
		return true;
	struct timespec then = changed_at(&bytes->opened), at = changed_at(&now);
	return now.st_size != bytes->opened.st_size || at.tv_sec != then.tv_sec || at.tv_nsec != then.tv_nsec;
}

bool bytes_being_saved(const struct notebook_bytes *bytes, struct arena *arena)
{
	if (bytes->path.length == 0)
		return false;
	size_t name = bytes->path.length;
	while (name > 0 && bytes->path.bytes[name - 1] != '/')
		name--;
	struct slice parent = slice_part(bytes->path, 0, name), rest = slice_part(bytes->path, name, bytes->path.length);
	struct slice former = slice_format(arena, "%.*s.~%.*s", SLICE_FORMAT(parent), SLICE_FORMAT(rest));
	return access(former.bytes, F_OK) == 0;
}

uint64_t bytes_size(const struct notebook_bytes *bytes)
{
	if (bytes->pipe)
		return UINT64_MAX;
	return bytes->descriptor >= 0 ? (uint64_t)bytes->opened.st_size : bytes->memory.length;
}
