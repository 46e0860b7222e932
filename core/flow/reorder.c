/* Moving cells: which cells stay is a largest set of cells no two of which the
 * constraints would turn round. "b must come before a, though a stands above b" is
 * a partial order, so by Dilworth's theorem that set is found by matching (its
 * complement by König's). That a third cell must not come between a definer and a
 * reader is a choice, before the one or after the other; such constraints are added
 * when an order breaks them, both ways being tried. */
#include "flow/reorder.h"

#include <string.h>

enum { WORDS = (REORDER_CELLS + 64) / 64, BUDGET = 100 };

/* Cells by number; bit n of row m: m comes before n. */
struct relation {
	uint64_t rows[REORDER_CELLS + 1][WORDS];
};

struct expectation {
	symbol name;
	size_t writer; /* the cell that last wrote it when the reader ran; 0: nobody */
};

struct reader {
	struct expectation *items;
	size_t count;
};

struct search {
	struct arena *arena;
	const struct traced *traced;
	size_t count;           /* of code cells */
	struct reader *readers; /* by cell; empty for one that never ran */
	size_t *writer_of;      /* by symbol: while an order is swept */
	size_t name_count;
	size_t *order, *best; /* [0, count) */
	size_t best_moves;
	unsigned budget;
	bool exhausted;
};

static bool has(const struct relation *relation, size_t from, size_t to)
{
	return relation->rows[from][to / 64] >> (to % 64) & 1;
}

static void set(struct relation *relation, size_t from, size_t to)
{
	relation->rows[from][to / 64] |= (uint64_t)1 << (to % 64);
}

static const struct played_run *last_run(const struct search *search, size_t cell)
{
	const struct playback *execution = search->traced->execution.playback;
	size_t last = execution->last_of_cell[cell];
	return last ? &execution->runs.items[last - 1] : NULL;
}

/* What a cell does when it runs: its last run, or, where it never ran, the run from the top. */
static const struct replay_run *result_of(const struct search *search, size_t cell)
{
	const struct playback *file = search->traced->file.playback;
	const struct played_run *last = last_run(search, cell);
	return (last ? last : &file->runs.items[file->last_of_cell[cell] - 1])->result;
}

static void note_writes(struct search *search, size_t cell, const struct replay_run *run)
{
	for (size_t i = 0; i < run->writes.count; i++)
		search->writer_of[run->writes.items[i].name] = cell;
}

/* Who had last written each name that the last run of each cell read. */
static void collect_expectations(struct search *search)
{
	const struct playback *execution = search->traced->execution.playback;
	unsigned session = 0;
	for (size_t i = 0; i < execution->runs.count; i++) {
		const struct played_run *played = &execution->runs.items[i];
		size_t cell = played->run->cell;
		if (played->run->session != session)
			memset(search->writer_of, 0, search->name_count * sizeof *search->writer_of);
		session = played->run->session;
		if (cell && played == last_run(search, cell)) {
			struct reader *reader = &search->readers[cell];
			reader->items = arena_array(search->arena, played->result->reads.count, sizeof *reader->items);
			for (size_t j = 0; j < played->result->reads.count; j++) {
				symbol name = played->result->reads.items[j].name;
				reader->items[reader->count++] = (struct expectation){name, search->writer_of[name]};
			}
		}
		note_writes(search, cell, played->result);
	}
}

/* Definers come before their readers. */
static void require_definers(struct search *search, struct relation *before)
{
	const struct traced_order *order = &search->traced->execution;
	const struct trace *trace = order->playback->trace;
	for (size_t cell = 1; cell <= search->count; cell++) {
		if (!last_run(search, cell))
			continue;
		struct traced_statements statements = order->of_run[order->playback->last_of_cell[cell] - 1];
		for (uint32_t number = statements.first; number < statements.first + statements.count; number++) {
			const struct traced_statement *statement = &trace->statements.items[number - 1];
			for (uint32_t i = 0; i < statement->link_count; i++) {
				uint32_t on = trace->links.items[statement->first_link + i].on;
				size_t from = on ? order->playback->runs.items[traced_run(order, on)].run->cell : 0;
				if (from && from != cell)
					set(before, from, cell);
			}
		}
	}
}

/* The relation with all that follows from it; false when it goes in a circle. */
static bool close_relation(struct relation *before, size_t count)
{
	for (size_t middle = 1; middle <= count; middle++)
		for (size_t from = 1; from <= count; from++)
			for (size_t word = 0; has(before, from, middle) && word < WORDS; word++)
				before->rows[from][word] |= before->rows[middle][word];
	for (size_t cell = 1; cell <= count; cell++)
		if (has(before, cell, cell))
			return false;
	return true;
}

/* Whether the constraints turn two cells round that the file has in this order. */
static bool is_turned(const struct relation *before, size_t above, size_t below)
{
	return above < below && has(before, below, above);
}

/* A matching between cells that are turned round: `lower_of` by upper cell, `upper_of` by lower cell. */
struct matching {
	size_t lower_of[REORDER_CELLS + 1], upper_of[REORDER_CELLS + 1];
	uint64_t seen[WORDS];
};

/* Looks for a partner of `above`, moving others to another one; as deep as there are cells. */
static bool find_partner(const struct relation *before, struct matching *matching, size_t count, size_t above)
{
	for (size_t below = above + 1; below <= count; below++) {
		if (!is_turned(before, above, below) || matching->seen[below / 64] >> (below % 64) & 1)
			continue;
		matching->seen[below / 64] |= (uint64_t)1 << (below % 64);
		if (!matching->upper_of[below] || find_partner(before, matching, count, matching->upper_of[below])) {
			matching->upper_of[below] = above;
			matching->lower_of[above] = below;
			return true;
		}
	}
	return false;
}

/* Marks what alternating paths reach from a cell without a partner. */
static void mark_reached(const struct relation *before, const struct matching *matching, size_t count, size_t above,
                         bool *upper, bool *lower)
{
	if (upper[above])
		return;
	upper[above] = true;
	for (size_t below = above + 1; below <= count; below++) {
		if (!is_turned(before, above, below) || lower[below])
			continue;
		lower[below] = true;
		if (matching->upper_of[below])
			mark_reached(before, matching, count, matching->upper_of[below], upper, lower);
	}
}

/* The most cells that can stay where they are; gives how many must move. */
static size_t choose_staying(const struct relation *before, size_t count, bool *stays)
{
	struct matching matching = {{0}, {0}, {0}};
	bool upper[REORDER_CELLS + 1] = {false}, lower[REORDER_CELLS + 1] = {false};
	size_t moves = 0;
	for (size_t cell = 1; cell <= count; cell++) {
		memset(matching.seen, 0, sizeof matching.seen);
		moves += find_partner(before, &matching, count, cell);
	}
	for (size_t cell = 1; cell <= count; cell++)
		if (!matching.lower_of[cell])
			mark_reached(before, &matching, count, cell, upper, lower);
	for (size_t cell = 1; cell <= count; cell++)
		stays[cell] = upper[cell] && !lower[cell];
	return moves;
}

/* An order that keeps the constraints and the places of those that stay; the others
 * go where they can stand first. */
static void write_order(const struct relation *before, size_t count, const bool *stays, size_t *order)
{
	bool placed[REORDER_CELLS + 1] = {false};
	for (size_t at = 0; at < count; at++) {
		size_t next = 0;
		bool passed = false; /* one that stays and must wait: no later one that stays may go first */
		for (size_t cell = 1; cell <= count && !next; cell++) {
			bool waits = placed[cell] || (passed && stays[cell]);
			for (size_t other = 1; other <= count && !waits; other++)
				waits = !placed[other] && has(before, other, cell);
			if (!waits)
				next = cell;
			passed = passed || (stays[cell] && !placed[cell]);
		}
		placed[next] = true;
		order[at] = next;
	}
}

/* Sweeps an order: the first reader that would find a name as another cell left it. */
static bool find_intruder(struct search *search, size_t *reader, struct expectation *expected, size_t *intruder)
{
	memset(search->writer_of, 0, search->name_count * sizeof *search->writer_of);
	for (size_t at = 0; at < search->count; at++) {
		size_t cell = search->order[at];
		for (size_t i = 0; i < search->readers[cell].count; i++) {
			*expected = search->readers[cell].items[i];
			*intruder = search->writer_of[expected->name];
			*reader = cell;
			if (*intruder != expected->writer && *intruder)
				return true;
		}
		note_writes(search, cell, result_of(search, cell));
	}
	return false;
}

bool reordering_reproduces(struct arena *parent, const struct traced *traced, const size_t *order)
{
	struct arena *arena = arena_child(parent);
	struct notebook notebook = *traced->notebook;
	struct playback saved = *traced->execution.playback;
	size_t count = notebook.code_count;
	struct effects **effects = arena_array(arena, count, sizeof(struct effects *));
	notebook.code = arena_array(arena, count, sizeof(struct cell *));
	saved.last_of_cell = arena_array(arena, count + 1, sizeof *saved.last_of_cell);
	for (size_t i = 0; i < count; i++) {
		notebook.code[i] = traced->notebook->code[order[i] - 1];
		effects[i] = traced->effects[order[i] - 1];
		saved.last_of_cell[i + 1] = traced->execution.playback->last_of_cell[order[i]];
	}
	struct playback *file = playback_of_file(arena, traced->symbols, &notebook, effects, &saved, false);
	bool same = true;
	for (size_t i = 0; i < count && same; i++) {
		const struct played_run *again = &file->runs.items[file->last_of_cell[i + 1] - 1];
		if (!saved.last_of_cell[i + 1])
			continue;
		const struct played_run *last = &saved.runs.items[saved.last_of_cell[i + 1] - 1];
		bool fails = false;
		for (size_t j = 0; j < again->result->errors.count; j++)
			fails = fails || again->result->errors.items[j].must;
		same = (last->run->error ? again->repeats_error : !fails) &&
		       identity_difference(&last->result->identity, &again->result->identity) == LEVELS;
	}
	arena_free(arena);
	return same;
}

static void explore(struct search *search, const struct relation *constraints)
{
	struct arena *scratch = arena_child(search->arena);
	struct relation *closed = arena_copy(scratch, constraints, sizeof *constraints);
	bool stays[REORDER_CELLS + 1];
	size_t reader, intruder;
	struct expectation expected;
	search->exhausted = search->exhausted || search->budget == 0;
	if (!search->exhausted && close_relation(closed, search->count)) {
		search->budget--;
		size_t moves = choose_staying(closed, search->count, stays);
		if (moves < search->best_moves) {
			write_order(closed, search->count, stays, search->order);
			/* What comes between may leave the name as it was: the order is right if it plays right. */
			if (!find_intruder(search, &reader, &expected, &intruder) ||
			    reordering_reproduces(scratch, search->traced, search->order)) {
				search->best_moves = moves;
				memcpy(search->best, search->order, search->count * sizeof *search->best);
			} else {
				struct relation *more = arena_copy(scratch, constraints, sizeof *constraints);
				if (expected.writer) {
					set(more, intruder, expected.writer);
					explore(search, more);
					*more = *constraints;
				}
				set(more, reader, intruder);
				explore(search, more);
			}
		}
	}
	arena_free(scratch);
}

/* The cells as they last ran, those that never ran at the end. */
static void write_order_of_log(const struct search *search, size_t *order)
{
	const struct playback *execution = search->traced->execution.playback;
	size_t count = 0;
	for (size_t i = 0; i < execution->runs.count; i++) {
		size_t cell = execution->runs.items[i].run->cell;
		if (cell && last_run(search, cell) == &execution->runs.items[i])
			order[count++] = cell;
	}
	for (size_t cell = 1; cell <= search->count; cell++)
		if (!last_run(search, cell))
			order[count++] = cell;
}

/* The cells of an order that keep their places to each other: a longest rising row of it. */
static void find_staying(const struct search *search, const size_t *order, bool *stays)
{
	/* end[k]: the place of the least cell that ends a rising row of k + 1. */
	size_t *end = arena_array(search->arena, search->count, sizeof *end);
	size_t *previous = arena_array(search->arena, search->count, sizeof *previous);
	size_t length = 0;
	for (size_t at = 0; at < search->count; at++) {
		size_t low = 0, high = length;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (order[end[middle]] < order[at])
				low = middle + 1;
			else
				high = middle;
		}
		previous[at] = low ? end[low - 1] : SIZE_MAX;
		end[low] = at;
		length = low == length ? length + 1 : length;
	}
	for (size_t at = length ? end[length - 1] : SIZE_MAX; at != SIZE_MAX; at = previous[at])
		stays[order[at]] = true;
}

static void write_moves(const struct search *search, struct reordering *reordering)
{
	bool *stays = arena_array(search->arena, search->count + 1, sizeof *stays);
	find_staying(search, reordering->order, stays);
	reordering->moves = arena_array(search->arena, search->count, sizeof *reordering->moves);
	for (size_t at = 0; at < search->count; at++) {
		size_t cell = reordering->order[at];
		struct reorder_move move = {cell, at ? reordering->order[at - 1] : 0};
		if (!stays[cell])
			reordering->moves[reordering->move_count++] = move;
	}
	reordering->kind = reordering->move_count ? REORDER_MOVES : REORDER_NOTHING;
}

/* Why no order can give a cell what it had when it ran; empty where nothing tells. */
static struct slice obstacle_of_cell(const struct search *search, size_t cell)
{
	const struct traced_order *order = &search->traced->execution;
	const struct trace *trace = order->playback->trace;
	const struct symbols *symbols = search->traced->symbols;
	const struct played_run *played = last_run(search, cell);
	struct traced_statements statements = order->of_run[order->playback->last_of_cell[cell] - 1];
	if (played->lost.count)
		return slice_format(search->arena, "Cell %zu needs `%.*s`, which no run that is known had defined.", cell,
		                    SLICE_FORMAT(symbols_name(symbols, played->lost.items[0])));
	for (uint32_t number = statements.first; number < statements.first + statements.count; number++) {
		const struct traced_statement *statement = &trace->statements.items[number - 1];
		for (uint32_t i = 0; i < statement->link_count; i++) {
			const struct trace_link *link = &trace->links.items[statement->first_link + i];
			if (!link->on || link->how == TRACE_STATE)
				continue;
			const struct played_run *from = &order->playback->runs.items[traced_run(order, link->on)];
			const struct played_run *last = from->run->cell ? last_run(search, from->run->cell) : NULL;
			struct slice name = symbols_name(symbols, link->name);
			if (from == played)
				continue;
			if (from->run->cell == cell)
				return slice_format(search->arena, "Cell %zu had `%.*s` from its own earlier run.", cell,
				                    SLICE_FORMAT(name));
			if (!from->run->cell)
				return slice_format(search->arena, "Cell %zu had `%.*s` from a cell that is no longer in the file.",
				                    cell, SLICE_FORMAT(name));
			if (last && identity_difference(&last->result->identity, &from->result->identity) != LEVELS)
				return slice_format(search->arena,
				                    "Cell %zu had `%.*s` from an earlier run of cell %zu, which gave something else "
				                    "when it last ran.",
				                    cell, SLICE_FORMAT(name), from->run->cell);
		}
	}
	return SLICE("");
}

static struct slice obstacle(const struct search *search)
{
	for (size_t cell = 1; cell <= search->count; cell++) {
		struct slice why = last_run(search, cell) ? obstacle_of_cell(search, cell) : SLICE("");
		if (why.length)
			return why;
	}
	return SLICE("None of the orders that were tried gives each cell what it had when it ran.");
}

/* Looks for the order with the fewest moves, and falls back on that of the log. What
 * was never defined comes back in no order. */
static bool find_order(struct search *search, bool *is_least)
{
	for (size_t i = 0; i < search->count; i++)
		search->best[i] = i + 1;
	*is_least = reordering_reproduces(search->arena, search->traced, search->best);
	if (*is_least)
		return true;
	for (size_t cell = 1; cell <= search->count; cell++)
		if (last_run(search, cell) && last_run(search, cell)->lost.count)
			return false;
	if (search->count <= REORDER_CELLS) {
		struct relation *constraints = arena_alloc(search->arena, sizeof *constraints);
		require_definers(search, constraints);
		explore(search, constraints);
		*is_least = !search->exhausted;
		if (search->best_moves <= search->count && reordering_reproduces(search->arena, search->traced, search->best))
			return true;
	}
	*is_least = false;
	write_order_of_log(search, search->best);
	return reordering_reproduces(search->arena, search->traced, search->best);
}

struct reordering *reordering_of_notebook(struct arena *arena, const struct traced *traced)
{
	struct reordering *reordering = arena_alloc(arena, sizeof *reordering);
	struct search search = {.arena = arena, .traced = traced, .count = traced->notebook->code_count, .budget = BUDGET};
	search.name_count = symbols_count(traced->symbols) + 1;
	search.writer_of = arena_array(arena, search.name_count, sizeof *search.writer_of);
	search.readers = arena_array(arena, search.count + 1, sizeof *search.readers);
	search.order = arena_array(arena, search.count, sizeof *search.order);
	search.best = arena_array(arena, search.count, sizeof *search.best);
	search.best_moves = search.count + 1;
	collect_expectations(&search);
	reordering->kind = REORDER_NONE;
	reordering->order = search.best;
	if (find_order(&search, &reordering->is_least))
		write_moves(&search, reordering);
	else
		reordering->why = obstacle(&search);
	return reordering;
}
