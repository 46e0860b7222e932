/* sessions.h - notebooks for tests up to their traced replays, and the sessions of the
 * truth sample (or of $NBSCOPE_TRUTH). */
#ifndef NBSCOPE_TESTS_SESSIONS_H
#define NBSCOPE_TESTS_SESSIONS_H

#include <dirent.h>
#include <stdlib.h>

#include "flow/status.h"
#include "flow/traced.h"
#include "tests/unit/arena.h"

struct played_session {
	struct symbols *symbols;
	struct notebook *notebook;
	struct effects **effects;
	struct status_report *report;
	struct traced *traced;
};

static inline struct played_session session_of(struct notebook *notebook)
{
	struct played_session session = {.symbols = symbols_new(arena), .notebook = notebook};
	session.effects = effects_of_notebook(arena, session.symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, session.effects);
	session.report = status_of_notebook(arena, session.symbols, notebook, session.effects, log);
	session.traced = traced_new(arena, session.symbols, notebook, session.effects, session.report->log);
	return session;
}

/* Calls `check` with each session; gives how many there were. */
static inline size_t each_session(void check(const char *path, const struct played_session *session))
{
	const char *directory = getenv("NBSCOPE_TRUTH");
	directory = directory && *directory ? directory : "tests/oracle/truth";
	DIR *listing = opendir(directory);
	assert_non_null(listing);
	size_t seen = 0;
	for (struct dirent *entry; (entry = readdir(listing));) {
		struct slice name = slice_of(entry->d_name);
		if (!slice_ends(name, SLICE(".ipynb")))
			continue;
		struct arena *whole = arena;
		arena = arena_child(whole);
		struct failure failure = {0};
		struct slice path = slice_format(arena, "%s/%s", directory, entry->d_name);
		struct notebook *notebook = notebook_open(arena, path, &failure);
		assert_non_null(notebook);
		struct played_session session = session_of(notebook);
		check(path.bytes, &session);
		notebook_close(notebook);
		arena_free(arena);
		arena = whole;
		seen++;
	}
	closedir(listing);
	return seen;
}

#endif
