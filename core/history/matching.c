/* Sessions are chosen one after the other: the one that explains most of the cells
 * that are still unexplained. Then each cell is tied to a row of a chosen session,
 * and last the other rows are tied to cells by what they look like. */
#include "history/matching.h"

#include <stdlib.h>

#include "base/hash.h"
#include "history/likeness.h"

enum { NO_ROW = -1, MAX_SESSIONS = 32, MAX_LOOKS = 50000 };

/* What is needed to choose a session, and to call two sources versions of one cell. */
static const double least_score = 1.5, least_score_of_most = 0.7, most_cells = 0.6, least_share = 0.5,
                    least_likeness = 0.6, some_likeness = 0.35;

/* Clocks of the machine that wrote the history may stand in another zone than ours. */
static const int64_t largest_shift = INT64_C(14) * 3600 * MICROSECONDS;

/* A cell of the file with a key that it is found by. */
struct cell_key {
	uint64_t key;
	size_t cell;
};

struct matcher {
	struct arena *arena, *scratch;
	const struct notebook *notebook;
	const struct ipython_history *history;
	const int64_t *times;
	float *likenesses; /* by session and cell: of the cell and the row under its count; below 0: not known yet */
	size_t looks;      /* how many of them may still be found out */
	bool *chosen, *barred,
	    *left;         /* by session; by session: it came later than the file; by cell: it still needs an explanation */
	bool trusts_clock; /* sessions and cells tell the same time */
	struct row_link **links;          /* by session and row */
	struct cell_key *sources, *lines; /* by key: the whole source, and what its lines begin with */
	size_t source_count, line_count;
	struct slice *versions; /* by cell: the oldest known version of its source */
};

static int64_t find_row(const struct history_session *session, int64_t count)
{
	size_t low = 0, high = session->row_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (session->rows[middle].count < count)
			low = middle + 1;
		else
			high = middle;
	}
	return low < session->row_count && session->rows[low].count == count ? (int64_t)low : NO_ROW;
}

static int64_t last_count(const struct history_session *session)
{
	return session->row_count ? session->rows[session->row_count - 1].count : 0;
}

static const struct cell *code_cell(const struct matcher *matcher, size_t number)
{
	return matcher->notebook->code[number - 1];
}

enum when { WHEN_UNKNOWN, WHEN_INSIDE, WHEN_OUTSIDE };

/* Whether the cell's last run falls into the session, by the clock. */
static enum when time_in_session(const struct matcher *matcher, size_t cell, const struct history_session *session)
{
	int64_t time = matcher->times[cell - 1];
	if (time == NO_INSTANT || session->started == NO_INSTANT)
		return WHEN_UNKNOWN;
	bool after_start = time >= session->started, before_end = session->ended == NO_INSTANT || time <= session->ended;
	if (after_start && before_end)
		return WHEN_INSIDE;
	int64_t shift = matcher->trusts_clock ? 0 : largest_shift;
	bool far = time < session->started - shift || (session->ended != NO_INSTANT && time > session->ended + shift);
	return far ? WHEN_OUTSIDE : WHEN_UNKNOWN;
}

/* Whether the session has the source of the cell under its count. */
static bool explains(const struct matcher *matcher, const struct history_session *session, size_t cell)
{
	int64_t row = find_row(session, code_cell(matcher, cell)->execution_count);
	return row != NO_ROW && source_same(session->rows[row].source, code_cell(matcher, cell)->source);
}

/* One cell that ran in a session by both source and clock shows that the history was
 * written in this machine's zone. */
static bool clocks_agree(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->history->session_count; i++)
		for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++)
			if (time_in_session(matcher, cell, &matcher->history->sessions[i]) == WHEN_INSIDE &&
			    explains(matcher, &matcher->history->sessions[i], cell))
				return true;
	return false;
}

/* How much a cell is like the row under its count. So that a large notebook is not compared
 * with a large history at length, most of it goes without. */
static double row_likeness(struct matcher *matcher, size_t session, size_t cell, int64_t row)
{
	float *known = &matcher->likenesses[session * matcher->notebook->code_count + cell - 1];
	if (*known < 0 && matcher->looks > 0) {
		matcher->looks--;
		*known = (float)source_likeness(matcher->scratch, code_cell(matcher, cell)->source,
		                                matcher->history->sessions[session].rows[row].source);
	}
	return (double)*known;
}

/* How well a session explains the cells that are left. */
struct explanation {
	double score;
	size_t left, exact, alike; /* cells */
};

static struct explanation explanation_by(struct matcher *matcher, size_t index)
{
	const struct history_session *session = &matcher->history->sessions[index];
	const double in_time = 5, other = -0.3, missing = -0.2;
	struct explanation found = {0};
	for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++) {
		found.left += matcher->left[cell - 1];
		enum when when = matcher->left[cell - 1] ? time_in_session(matcher, cell, session) : WHEN_OUTSIDE;
		if (when == WHEN_OUTSIDE)
			continue;
		double weight = matcher->history->weights[cell - 1];
		int64_t count = code_cell(matcher, cell)->execution_count, row = find_row(session, count);
		if (row == NO_ROW) {
			found.score += count < last_count(session) ? missing : 0;
			continue;
		}
		double likeness = explains(matcher, session, cell) ? 1 : row_likeness(matcher, index, cell, row);
		if (likeness >= 1) {
			found.exact++;
			found.score += weight + (when == WHEN_INSIDE ? in_time : 0);
		} else if (likeness >= least_likeness) {
			found.alike++;
			found.score += 0.5 * likeness * weight;
		} else if (likeness >= 0) {
			found.score += other;
		}
	}
	return found;
}

static int compare_keys(const void *left, const void *right)
{
	const struct cell_key *a = left, *b = right;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

/* The first of the entries with that key, or their number. */
static size_t find_key(const struct cell_key *keys, size_t count, uint64_t key)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (keys[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && keys[low].key == key ? low : count;
}

/* The name that a line begins with, such as `df` in `df = load()`; empty if none. */
static struct slice line_key(struct slice line)
{
	line = slice_trim(line);
	size_t end = 0;
	while (end < line.length) {
		unsigned char byte = (unsigned char)line.bytes[end];
		bool is_name = byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
		               (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
		if (!is_name)
			break;
		end++;
	}
	return slice_part(line, 0, end);
}

/* The source as a key: two that only blanks tell apart have the same. */
static uint64_t source_key(const struct matcher *matcher, struct slice source)
{
	struct arena_mark mark = arena_mark(matcher->scratch);
	uint64_t key = hash_bytes(source_normal(matcher->scratch, source));
	arena_release(matcher->scratch, mark);
	return key;
}

static void index_cells(struct matcher *matcher)
{
	VECTOR(struct cell_key) sources = {0}, lines = {0};
	for (size_t number = 1; number <= matcher->notebook->code_count; number++) {
		struct slice source = code_cell(matcher, number)->source, line;
		struct cell_key whole = {source_key(matcher, source), number};
		vector_push(matcher->arena, &sources, whole);
		while (slice_next_line(&source, &line)) {
			struct slice name = line_key(line);
			struct cell_key key = {hash_bytes(name), number};
			if (name.length)
				vector_push(matcher->arena, &lines, key);
		}
	}
	if (sources.count)
		qsort(sources.items, sources.count, sizeof *sources.items, compare_keys);
	if (lines.count)
		qsort(lines.items, lines.count, sizeof *lines.items, compare_keys);
	matcher->sources = sources.items;
	matcher->source_count = sources.count;
	matcher->lines = lines.items;
	matcher->line_count = lines.count;
}

/* How many of a session's runs have the source of some cell, as a share of all. */
static double share_of(const struct matcher *matcher, const struct history_session *session)
{
	size_t same = 0;
	for (size_t i = 0; i < session->row_count; i++)
		same += find_key(matcher->sources, matcher->source_count, source_key(matcher, session->rows[i].source)) <
		        matcher->source_count;
	return session->row_count ? (double)same / (double)session->row_count : 0;
}

/* Cells that the session explains exactly need no other one. */
static void take_explained(struct matcher *matcher, const struct history_session *session)
{
	for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++) {
		if (!matcher->left[cell - 1] || time_in_session(matcher, cell, session) == WHEN_OUTSIDE)
			continue;
		if (explains(matcher, session, cell))
			matcher->left[cell - 1] = false;
	}
}

/* How many of the session's sources ran in it under the count of a cell, and how many
 * only under another, although an earlier session explains the cell: then the file was
 * saved before this session. */
static bool came_later(const struct matcher *matcher, size_t index, const size_t *last_explained)
{
	const struct history_session *session = &matcher->history->sessions[index];
	size_t agree = 0, contradict = 0;
	bool *seen = arena_array(matcher->scratch, matcher->notebook->code_count, sizeof *seen);
	for (size_t row = session->row_count; row-- > 0;) {
		uint64_t key = source_key(matcher, session->rows[row].source);
		size_t first = find_key(matcher->sources, matcher->source_count, key);
		bool agrees = false, contradicts = false, was_seen = false;
		for (size_t i = first; i < matcher->source_count && matcher->sources[i].key == key; i++) {
			size_t cell = matcher->sources[i].cell;
			was_seen = was_seen || seen[cell - 1];
			seen[cell - 1] = true;
			agrees = agrees || code_cell(matcher, cell)->execution_count == session->rows[row].count;
			contradicts = contradicts || (last_explained[cell - 1] && last_explained[cell - 1] < index + 1);
		}
		agree += agrees;
		contradict += contradicts && !agrees && !was_seen;
	}
	return contradict > 0 && contradict >= agree;
}

static void bar_later_sessions(struct matcher *matcher)
{
	size_t *last_explained = arena_array(matcher->scratch, matcher->notebook->code_count, sizeof *last_explained);
	for (size_t i = 0; i < matcher->history->session_count; i++)
		for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++)
			if (explains(matcher, &matcher->history->sessions[i], cell))
				last_explained[cell - 1] = i + 1;
	for (size_t i = 0; i < matcher->history->session_count; i++)
		matcher->barred[i] = came_later(matcher, i, last_explained);
}

/* A session after those that were chosen may have run some cells again, under the same
 * counts, if most of what ran in it is the notebook's. */
static void choose_later_sessions(struct matcher *matcher)
{
	bool any = false;
	for (size_t i = 0; i < matcher->history->session_count; i++) {
		const struct history_session *session = &matcher->history->sessions[i];
		bool explains_some = false;
		for (size_t cell = 1; cell <= matcher->notebook->code_count && any && !explains_some; cell++)
			explains_some = time_in_session(matcher, cell, session) != WHEN_OUTSIDE && explains(matcher, session, cell);
		any = any || matcher->chosen[i];
		if (explains_some && !matcher->barred[i] && share_of(matcher, session) >= least_share)
			matcher->chosen[i] = true;
	}
}

static bool is_convincing(const struct matcher *matcher, const struct history_session *session,
                          const struct explanation *found)
{
	size_t explained = found->exact + found->alike;
	bool most = explained > 1 && (double)explained >= most_cells * (double)found->left;
	return found->score >= least_score || (most && found->score >= least_score_of_most) ||
	       share_of(matcher, session) >= least_share;
}

static void choose_sessions(struct matcher *matcher)
{
	for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++)
		matcher->left[cell - 1] = code_cell(matcher, cell)->execution_count > 0;
	for (unsigned round = 0; round < MAX_SESSIONS; round++) {
		size_t best = 0;
		double best_score = 0;
		for (size_t i = matcher->history->session_count; i-- > 0;) {
			const struct history_session *session = &matcher->history->sessions[i];
			struct explanation found = {0};
			if (!matcher->chosen[i] && !matcher->barred[i])
				found = explanation_by(matcher, i);
			if (found.exact == 0 || (best && found.score <= best_score) || !is_convincing(matcher, session, &found))
				continue;
			best = i + 1;
			best_score = found.score;
		}
		if (!best)
			break;
		matcher->chosen[best - 1] = true;
		take_explained(matcher, &matcher->history->sessions[best - 1]);
	}
}

static void link_row(struct matcher *matcher, size_t session, int64_t row, size_t cell, enum knowledge known)
{
	matcher->links[session][row] = (struct row_link){cell, LINK_LAST_RUN, known};
	matcher->left[cell - 1] = false;
}

static bool is_free(const struct matcher *matcher, size_t session, int64_t row)
{
	return row != NO_ROW && matcher->links[session][row].link == LINK_NONE;
}

/* The last run of a cell stands in the latest session that has its source under its
 * count, unless the clock says that it was another. */
static void tie_exact(struct matcher *matcher, size_t cell)
{
	const struct ipython_history *history = matcher->history;
	size_t best = 0;
	bool best_inside = false;
	for (size_t i = history->session_count; i-- > 0;) {
		int64_t row =
		    matcher->chosen[i] ? find_row(&history->sessions[i], code_cell(matcher, cell)->execution_count) : NO_ROW;
		if (!is_free(matcher, i, row) || !explains(matcher, &history->sessions[i], cell))
			continue;
		enum when when = time_in_session(matcher, cell, &history->sessions[i]);
		if (when == WHEN_OUTSIDE || (best && (best_inside || when != WHEN_INSIDE)))
			continue;
		best = i + 1;
		best_inside = when == WHEN_INSIDE;
	}
	if (best)
		link_row(matcher, best - 1, find_row(&history->sessions[best - 1], code_cell(matcher, cell)->execution_count),
		         cell, best_inside ? KNOWN_PROVED : KNOWN_INFERRED);
}

/* A cell whose source no session has under its count was edited since: the run is the
 * one under that count that looks most like it. */
static void tie_edited(struct matcher *matcher, size_t cell)
{
	const struct ipython_history *history = matcher->history;
	size_t best = 0, sessions = 0;
	double best_likeness = -1;
	for (size_t i = history->session_count; i-- > 0;) {
		int64_t row =
		    matcher->chosen[i] ? find_row(&history->sessions[i], code_cell(matcher, cell)->execution_count) : NO_ROW;
		if (!is_free(matcher, i, row) || time_in_session(matcher, cell, &history->sessions[i]) == WHEN_OUTSIDE)
			continue;
		sessions++;
		double likeness =
		    source_likeness(matcher->scratch, history->sessions[i].rows[row].source, code_cell(matcher, cell)->source);
		if (likeness > best_likeness) {
			best_likeness = likeness;
			best = i + 1;
		}
	}
	if (!best)
		return;
	bool is_alike = best_likeness >= (sessions > 1 ? least_likeness : some_likeness);
	link_row(matcher, best - 1, find_row(&history->sessions[best - 1], code_cell(matcher, cell)->execution_count), cell,
	         is_alike ? KNOWN_INFERRED : KNOWN_ASSUMED);
}

/* The lists of assigned names of two sources, line by line, are the same. */
static bool binds_alike(struct slice a, struct slice b)
{
	struct slice line_a, line_b;
	bool any = false;
	for (;;) {
		bool more_a, more_b;
		while ((more_a = slice_next_line(&a, &line_a)) && slice_trim(line_a).length == 0)
			;
		while ((more_b = slice_next_line(&b, &line_b)) && slice_trim(line_b).length == 0)
			;
		if (!more_a || !more_b)
			return any && !more_a && !more_b;
		size_t end_a = slice_find(line_a, '=', 0), end_b = slice_find(line_b, '=', 0);
		if (!slice_equal(slice_part(line_a, 0, end_a), slice_part(line_b, 0, end_b)))
			return false;
		any = any || end_a < line_a.length;
	}
}

static double version_likeness(const struct matcher *matcher, struct slice a, struct slice b)
{
	double likeness = source_likeness(matcher->scratch, a, b);
	return likeness < least_likeness && binds_alike(a, b) ? least_likeness : likeness;
}

/* Ties a run to a cell of which it may be an earlier version, if it is more like it
 * than what was found so far. */
static void try_version(struct matcher *matcher, struct slice ran, size_t cell, struct row_link *link, double *best)
{
	if (cell < 1 || cell > matcher->notebook->code_count || link->cell == cell)
		return;
	double likeness = version_likeness(matcher, ran, code_cell(matcher, cell)->source);
	if (matcher->versions[cell - 1].length) {
		double older = version_likeness(matcher, ran, matcher->versions[cell - 1]);
		likeness = older > likeness ? older : likeness;
	}
	if (likeness < least_likeness || likeness <= *best)
		return;
	*best = likeness;
	*link = (struct row_link){cell, LINK_EARLIER_VERSION, KNOWN_INFERRED};
}

/* What a run is that is no cell's last: `next` is the cell of the run after it. */
static void tie_other(struct matcher *matcher, struct slice ran, size_t next, struct row_link *link)
{
	enum { FEW = 8 }; /* cells that are looked at for one line */
	size_t same = find_key(matcher->sources, matcher->source_count, source_key(matcher, ran));
	if (same < matcher->source_count) {
		*link = (struct row_link){matcher->sources[same].cell, LINK_EARLIER_RUN, KNOWN_INFERRED};
		return;
	}
	double best = 0;
	*link = (struct row_link){0, LINK_GONE, KNOWN_INFERRED};
	try_version(matcher, ran, next, link, &best);
	struct slice rest = ran, line;
	for (unsigned lines = 0; lines < FEW && slice_next_line(&rest, &line); lines++) {
		uint64_t key = hash_bytes(line_key(line));
		size_t at = line_key(line).length ? find_key(matcher->lines, matcher->line_count, key) : matcher->line_count;
		for (unsigned few = 0; few < FEW && at < matcher->line_count && matcher->lines[at].key == key; few++, at++)
			try_version(matcher, ran, matcher->lines[at].cell, link, &best);
	}
	if (link->cell)
		matcher->versions[link->cell - 1] = ran;
}

/* From the last run to the first, since versions of a cell are like their successors. */
static void tie_others(struct matcher *matcher)
{
	size_t next = 0;
	for (size_t i = matcher->history->session_count; i-- > 0;) {
		const struct history_session *session = &matcher->history->sessions[i];
		for (size_t row = session->row_count; matcher->chosen[i] && row-- > 0;) {
			struct row_link *link = &matcher->links[i][row];
			if (link->link == LINK_NONE)
				tie_other(matcher, session->rows[row].source, next, link);
			else
				matcher->versions[link->cell - 1] = session->rows[row].source;
			next = link->cell ? link->cell : next;
		}
	}
}

/* What ran after the last run that the file knows of is no earlier one. */
static void tell_later_runs(struct matcher *matcher)
{
	bool *is_over = arena_array(matcher->scratch, matcher->notebook->code_count, sizeof *is_over);
	for (size_t i = 0; i < matcher->history->session_count; i++) {
		for (size_t row = 0; matcher->chosen[i] && row < matcher->history->sessions[i].row_count; row++) {
			struct row_link *link = &matcher->links[i][row];
			if (link->link == LINK_LAST_RUN)
				is_over[link->cell - 1] = true;
			else if (link->cell && is_over[link->cell - 1])
				link->link = LINK_LATER;
		}
	}
}

/* A cell that no row explains although the latest session has room under its count:
 * some runs are never stored. */
static void tie_missing(struct matcher *matcher, struct history_match *match)
{
	for (size_t cell = 1; cell <= matcher->notebook->code_count; cell++) {
		for (size_t i = match->session_count; i-- > 0 && matcher->left[cell - 1];) {
			struct matched_session *matched = &match->sessions[i];
			int64_t count = code_cell(matcher, cell)->execution_count;
			bool is_last = i + 1 == match->session_count;
			if (find_row(matched->session, count) != NO_ROW || (!is_last && count > last_count(matched->session)) ||
			    time_in_session(matcher, cell, matched->session) == WHEN_OUTSIDE)
				continue;
			vector_push(matcher->arena, &matched->missing_cells, cell);
			matcher->left[cell - 1] = false;
		}
	}
}

static enum knowledge session_known(const struct matcher *matcher, size_t session)
{
	for (size_t i = 0; i < matcher->history->sessions[session].row_count; i++)
		if (matcher->links[session][i].known == KNOWN_PROVED)
			return KNOWN_PROVED;
	return KNOWN_INFERRED;
}

struct history_match *history_match(struct arena *arena, const struct notebook *notebook,
                                    const struct ipython_history *history, const int64_t *times)
{
	struct history_match *match = arena_alloc(arena, sizeof *match);
	struct matcher matcher = {.arena = arena, .notebook = notebook, .history = history, .times = times};
	matcher.scratch = arena_child(arena);
	matcher.chosen = arena_array(arena, history->session_count, sizeof *matcher.chosen);
	matcher.barred = arena_array(arena, history->session_count, sizeof *matcher.barred);
	matcher.left = arena_array(arena, notebook->code_count, sizeof *matcher.left);
	matcher.links = arena_array(arena, history->session_count, sizeof *matcher.links);
	matcher.versions = arena_array(arena, notebook->code_count, sizeof *matcher.versions);
	matcher.trusts_clock = clocks_agree(&matcher);
	matcher.looks = MAX_LOOKS;
	matcher.likenesses =
	    arena_array(matcher.scratch, history->session_count * notebook->code_count + 1, sizeof *matcher.likenesses);
	for (size_t i = 0; i < history->session_count * notebook->code_count; i++)
		matcher.likenesses[i] = -1;
	index_cells(&matcher);
	bar_later_sessions(&matcher);
	choose_sessions(&matcher);
	choose_later_sessions(&matcher);
	for (size_t i = 0; i < history->session_count; i++)
		matcher.links[i] = arena_array(arena, history->sessions[i].row_count, sizeof *matcher.links[i]);
	for (size_t cell = 1; cell <= notebook->code_count; cell++) {
		matcher.left[cell - 1] = code_cell(&matcher, cell)->execution_count > 0;
		tie_exact(&matcher, cell);
	}
	for (size_t cell = 1; cell <= notebook->code_count; cell++)
		if (matcher.left[cell - 1])
			tie_edited(&matcher, cell);
	tie_others(&matcher);
	tell_later_runs(&matcher);
	match->sessions = arena_array(arena, history->session_count, sizeof *match->sessions);
	for (size_t i = 0; i < history->session_count; i++)
		if (matcher.chosen[i])
			match->sessions[match->session_count++] =
			    (struct matched_session){&history->sessions[i], matcher.links[i], session_known(&matcher, i), {0}};
	tie_missing(&matcher, match);
	match->found = arena_array(arena, notebook->code_count, sizeof *match->found);
	for (size_t i = 0; i < notebook->code_count; i++)
		match->found[i] = notebook->code[i]->execution_count > 0 && !matcher.left[i];
	arena_free(matcher.scratch);
	return match;
}
