/* snapshot.h - a SQLite database as it is at one moment, without touching it.
 *
 * A reader that holds a lock on a database makes its writers wait, and IPython
 * throws away what it could not write within seconds. So the file is read into
 * memory as bytes, again if it changed in the meantime, and never opened by
 * SQLite itself. What a crash or write-ahead logging left beside it is put
 * together in a private copy.
 */
#ifndef NBSCOPE_HISTORY_SNAPSHOT_H
#define NBSCOPE_HISTORY_SNAPSHOT_H

#include "base/failure.h"
#include "history/sqlite.h"

struct snapshot {
	struct sqlite sqlite; /* what the database is asked through */
	sqlite3 *database;    /* what it may do is to read tables */
	char *directory;      /* of the private copy; null when it is in memory */
};

/* Takes a snapshot; false, with the reason in `*failure`, when the file cannot be
 * read or is no SQLite database, or SQLite is not installed. snapshot_close() ends it. */
bool snapshot_open(struct arena *arena, struct slice path, struct snapshot *snapshot, struct failure *failure);

/* Forgets the snapshot, and deletes the copy if there is one. */
void snapshot_close(struct snapshot *snapshot);

#endif
