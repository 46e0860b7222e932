/* sqlite.h - SQLite, which is loaded when a history is asked for. */
#ifndef NBSCOPE_HISTORY_SQLITE_H
#define NBSCOPE_HISTORY_SQLITE_H

#include <sqlite3.h>

#include "base/library.h"

/* The functions that are used, without `sqlite3_`. */
#define SQLITE_FUNCTIONS(use)                                                                                          \
	use(bind_int64) use(bind_text) use(close) use(column_bytes) use(column_int64) use(column_text) use(column_type)    \
	    use(db_config) use(deserialize) use(errstr) use(exec) use(finalize) use(free) use(malloc64) use(open_v2)       \
	        use(prepare_v2) use(reset) use(set_authorizer) use(step)

struct sqlite {
#define SQLITE_MEMBER(function) LIBRARY_MEMBER(function, sqlite3_##function)
	SQLITE_FUNCTIONS(SQLITE_MEMBER)
#undef SQLITE_MEMBER
};

#endif
