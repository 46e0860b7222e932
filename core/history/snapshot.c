/* Reading a database without SQLite's locks: the bytes count when size, time of
 * change and SQLite's change counter are the same before and after, and no journal
 * says that a transaction is under way. */
#include "history/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	HEADER_SIZE = 100,   /* of a database file; https://www.sqlite.org/fileformat2.html */
	WRITE_VERSION = 18,  /* byte of the header; 2 for write-ahead logging, as the next */
	CHANGE_COUNTER = 24, /* four bytes of the header */
	ATTEMPTS = 20,       /* to find the file at rest */
	PAUSE = 5 * 1000000, /* nanoseconds between them */
};

enum side_file { JOURNAL, WRITE_AHEAD_LOG, SIDE_FILES };
static const char *const side_files[SIDE_FILES] = {"-journal", "-wal"};

/* One file in memory. */
struct content {
	unsigned char *bytes; /* of sqlite3_malloc64(), null when there is no file or nothing in it */
	size_t size;
	struct stat status;
};

/* The database and what may lie beside it. */
struct files {
	struct content database, side[SIDE_FILES];
};

static void free_files(const struct sqlite *sqlite, struct files *files)
{
	sqlite->free(files->database.bytes);
	for (size_t i = 0; i < SIDE_FILES; i++)
		sqlite->free(files->side[i].bytes);
	*files = (struct files){0};
}

static bool read_all(int descriptor, unsigned char *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t count = pread(descriptor, bytes + done, size - done, (off_t)done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		if (count == 0) {
			errno = EAGAIN; /* it was cut short just now */
			return false;
		}
		done += (size_t)count;
	}
	return true;
}

/* Reads a regular file; false with errno. */
static bool read_file(const struct sqlite *sqlite, const char *path, struct content *content)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0)
		return false;
	int error = fstat(descriptor, &content->status) != 0        ? errno
	            : S_ISDIR(content->status.st_mode)              ? EISDIR
	            : !S_ISREG(content->status.st_mode)             ? EINVAL
	            : (uintmax_t)content->status.st_size > SIZE_MAX ? ENOMEM
	                                                            : 0;
	if (!error && content->status.st_size > 0) {
		content->size = (size_t)content->status.st_size;
		content->bytes = sqlite->malloc64(content->size);
		if (!content->bytes)
			error = ENOMEM;
		else if (!read_all(descriptor, content->bytes, content->size))
			error = errno;
	}
	close(descriptor);
	errno = error;
	return error == 0;
}

static bool same_status(const struct stat *a, const struct stat *b)
{
#ifdef __APPLE__
	struct timespec left = a->st_mtimespec, right = b->st_mtimespec;
#else
	struct timespec left = a->st_mtim, right = b->st_mtim;
#endif
	return a->st_size == b->st_size && a->st_ino == b->st_ino && left.tv_sec == right.tv_sec &&
	       left.tv_nsec == right.tv_nsec;
}

/* Whether the file is still what was read of it. */
static bool is_unchanged(const char *path, const struct content *content)
{
	struct stat now;
	if (stat(path, &now) != 0)
		return errno == ENOENT && content->status.st_ino == 0;
	if (!same_status(&now, &content->status))
		return false;
	/* The clock of the file system may tick more slowly than a kernel writes. */
	unsigned char counter[4] = {0};
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool is_same = descriptor >= 0;
	if (is_same && content->size >= HEADER_SIZE)
		is_same = pread(descriptor, counter, sizeof counter, CHANGE_COUNTER) == (ssize_t)sizeof counter &&
		          memcmp(counter, content->bytes + CHANGE_COUNTER, sizeof counter) == 0;
	if (descriptor >= 0)
		close(descriptor);
	return is_same;
}

static struct slice side_path(struct arena *arena, const char *path, size_t side)
{
	return slice_format(arena, "%s%s", path, side_files[side]);
}

/* Reads the database and what lies beside it, all of one moment; false with errno. */
static bool read_files(const struct sqlite *sqlite, struct arena *arena, const char *path, struct files *files)
{
	for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
		free_files(sqlite, files);
		bool is_last = attempt + 1 == ATTEMPTS, is_whole = read_file(sqlite, path, &files->database);
		if (!is_whole && errno != EAGAIN)
			return false;
		for (size_t i = 0; i < SIDE_FILES; i++)
			if (!read_file(sqlite, side_path(arena, path, i).bytes, &files->side[i]) && errno != ENOENT)
				is_whole = false;
		for (size_t i = 0; i < SIDE_FILES; i++)
			is_whole = is_whole && is_unchanged(side_path(arena, path, i).bytes, &files->side[i]);
		is_whole = is_whole && is_unchanged(path, &files->database);
		/* A journal is a transaction that goes on, or that a crash ended: who waits sees. */
		if (is_whole && (files->side[JOURNAL].size == 0 || is_last))
			return true;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE}, NULL);
	}
	errno = EBUSY;
	return false;
}

static bool write_file(const char *path, const struct content *content)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool is_written = descriptor >= 0;
	for (size_t done = 0; is_written && done < content->size;) {
		ssize_t count = write(descriptor, content->bytes + done, content->size - done);
		if (count < 0 && errno == EINTR)
			continue;
		is_written = count > 0;
		done += is_written ? (size_t)count : 0;
	}
	if (descriptor >= 0)
		is_written = close(descriptor) == 0 && is_written;
	return is_written;
}

/* Puts database and side files into a directory that only the user can read, where
 * SQLite may roll back or replay what is unfinished. Gives SQLite's result. */
static int open_copy(struct arena *arena, const struct files *files, struct snapshot *snapshot)
{
	const char *temporary = getenv("TMPDIR");
	if (!temporary || !*temporary)
		temporary = "/tmp";
	struct slice directory = slice_format(arena, "%s/nbscope-XXXXXX", temporary);
	char *made = strdup(directory.bytes);
	if (!made || !mkdtemp(made)) {
		free(made);
		return SQLITE_CANTOPEN;
	}
	snapshot->directory = made;
	struct slice copy = slice_format(arena, "%s/copy", made);
	bool is_written = write_file(copy.bytes, &files->database);
	for (size_t i = 0; i < SIDE_FILES; i++)
		if (files->side[i].size)
			is_written = is_written && write_file(side_path(arena, copy.bytes, i).bytes, &files->side[i]);
	return is_written ? snapshot->sqlite.open_v2(copy.bytes, &snapshot->database, SQLITE_OPEN_READWRITE, NULL)
	                  : SQLITE_FULL;
}

static int open_memory(struct files *files, struct snapshot *snapshot)
{
	struct content *content = &files->database;
	/* Nothing lies in a write-ahead log, so the file is whole without one. */
	if (content->bytes[WRITE_VERSION] == 2)
		memset(content->bytes + WRITE_VERSION, 1, 2);
	int result = snapshot->sqlite.open_v2(":memory:", &snapshot->database, SQLITE_OPEN_READWRITE, NULL);
	if (result != SQLITE_OK)
		return result;
	unsigned char *bytes = content->bytes;
	content->bytes = NULL; /* from here on SQLite's, also when it fails */
	return snapshot->sqlite.deserialize(snapshot->database, "main", bytes, (sqlite3_int64)content->size,
	                                    (sqlite3_int64)content->size,
	                                    SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
}

/* The database is hostile: a schema can hold code of its own, such as views that
 * never end. Reading tables is all that anything in it may do. */
static int allow_reading(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

static bool refuse(struct arena *arena, struct failure *failure, struct slice path, const char *why)
{
	*failure = (struct failure){.file = path, .message = slice_format(arena, "%s", why)};
	return false;
}

static bool load(struct sqlite *sqlite)
{
	void *library = LIBRARY_OPEN(LIBRARY_sqlite3);
#define FILL(function) &&LIBRARY_FILL(library, &sqlite->function, sqlite3_##function)
	return library SQLITE_FUNCTIONS(FILL);
#undef FILL
}

bool snapshot_open(struct arena *arena, struct slice path, struct snapshot *snapshot, struct failure *failure)
{
	static const char magic[] = "SQLite format 3";
	const struct sqlite *sqlite = &snapshot->sqlite;
	struct files files = {0};
	*snapshot = (struct snapshot){0};
	if (!load(&snapshot->sqlite))
		return refuse(arena, failure, path, "cannot be opened: " LIBRARY_TEXT(LIBRARY_sqlite3) " can't be loaded");
	/* Side files lie beside the file itself, not beside a link to it. */
	char *real = slice_find(path, '\0', 0) < path.length ? NULL : realpath(slice_copy(arena, path).bytes, NULL);
	bool is_read = real && read_files(sqlite, arena, real, &files);
	int error = errno;
	free(real);
	if (!is_read) {
		free_files(sqlite, &files);
		const char *why = error == EBUSY    ? "it is written to all the time"
		                  : error == EINVAL ? "it is no regular file"
		                                    : strerror(error);
		return refuse(arena, failure, path, slice_format(arena, "cannot be opened: %s", why).bytes);
	}
	if (files.database.size < HEADER_SIZE || memcmp(files.database.bytes, magic, sizeof magic) != 0) {
		free_files(sqlite, &files);
		return refuse(arena, failure, path, "is no SQLite database");
	}
	bool is_quiet = true;
	for (size_t i = 0; i < SIDE_FILES; i++)
		is_quiet = is_quiet && files.side[i].size == 0;
	int result = is_quiet ? open_memory(&files, snapshot) : open_copy(arena, &files, snapshot);
	free_files(sqlite, &files);
	if (result != SQLITE_OK) {
		snapshot_close(snapshot);
		return refuse(arena, failure, path, slice_format(arena, "cannot be opened: %s", sqlite->errstr(result)).bytes);
	}
	sqlite->db_config(snapshot->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite->db_config(snapshot->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite->exec(snapshot->database, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON", NULL, NULL, NULL);
	sqlite->set_authorizer(snapshot->database, allow_reading, NULL);
	return true;
}

void snapshot_close(struct snapshot *snapshot)
{
	static const char *const names[] = {"copy", "copy-journal", "copy-wal", "copy-shm"};
	if (snapshot->database)
		snapshot->sqlite.close(snapshot->database);
	for (size_t i = 0; snapshot->directory && i < sizeof names / sizeof *names; i++) {
		int directory = open(snapshot->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (directory < 0)
			break;
		unlinkat(directory, names[i], 0);
		close(directory);
	}
	if (snapshot->directory)
		rmdir(snapshot->directory);
	free(snapshot->directory);
	*snapshot = (struct snapshot){0};
}
