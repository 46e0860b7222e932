/* Cells that ran at another place than they stand at, and changes that the source of a
 * cell does not show. Both are told by the reads of the two replays. */
#include <stdlib.h>

#include "findings/library_calls.h"
#include "flow/playback.h"

static struct slice name_of(const struct finder *finder, symbol name)
{
	return symbols_name(finder->evidence->symbols, name);
}

static bool is_sure(const struct replay_read *read)
{
	return read->level != LEVEL_POSSIBLE && !read->opaque && !read->maybe_unbound && !read->in_text;
}

/* "cell 3", "cells 3 and 5", "cells 3, 5 and 4 more"; the cells stand in their order, some twice. */
static struct slice cells_words(struct arena *arena, const size_t *cells, size_t count)
{
	enum { NAMED = 3 };
	size_t named[NAMED] = {0}, different = 0, last = 0;
	for (size_t i = 0; i < count; i++) {
		if (cells[i] == last)
			continue;
		last = cells[i];
		if (different < NAMED)
			named[different] = last;
		different++;
	}
	if (different == 1)
		return slice_format(arena, "cell %zu", named[0]);
	if (different == 2)
		return slice_format(arena, "cells %zu and %zu", named[0], named[1]);
	if (different == NAMED)
		return slice_format(arena, "cells %zu, %zu and %zu", named[0], named[1], named[2]);
	return slice_format(arena, "cells %zu, %zu and %zu more", named[0], named[1], different - 2);
}

/* --- out-of-order ---------------------------------------------------------------- */

/* Two cells of which the lower one ran first, though a read of one of them tells the difference. */
struct inversion {
	size_t upper, lower;
	size_t provider; /* of the two, the one that is read from */
	symbol name;
	enum certainty certainty;
	size_t blamed; /* of the two, the one that is said to be out of order */
};

struct order {
	struct finder *finder;
	struct arena *scratch;
	const struct playback *log, *file;
	size_t *first_of_cell;              /* by cell: index + 1 of its first run in the log, or 0 */
	const struct replay_read **of_name; /* by symbol: the reads of the run from the top under way */
	VECTOR(struct inversion) found;
};

static size_t cell_of(const struct playback *playback, uint32_t run)
{
	const struct played_run *played = playback_run(playback, run);
	return played ? played->run->cell : 0;
}

/* Whether the lower cell ran before the upper one, in one session. What the lower one could have had from an earlier
 * run of the upper one, be it only inferred, is no other order. */
static bool ran_before(const struct order *order, size_t lower, size_t upper, bool reads_upper)
{
	size_t a = order->log->last_of_cell[lower];
	size_t b = reads_upper ? order->first_of_cell[upper] : order->log->last_of_cell[upper];
	return a && b && a < b && order->log->runs.items[a - 1].run->session == order->log->runs.items[b - 1].run->session;
}

static void note_inversion(struct order *order, const struct cell_status *reader, size_t provider, symbol name)
{
	size_t upper = provider < reader->cell ? provider : reader->cell;
	size_t lower = provider < reader->cell ? reader->cell : provider;
	struct inversion inversion = {upper, lower, provider, name, reader->certainty, 0};
	if (provider && upper < lower && ran_before(order, lower, upper, provider == upper))
		vector_push(order->scratch, &order->found, inversion);
}

static void compare_reads(struct order *order, const struct cell_status *status)
{
	size_t last = order->log->last_of_cell[status->cell], top = order->file->last_of_cell[status->cell];
	if (!last || !top)
		return;
	const struct replay_run *ran = order->log->runs.items[last - 1].result;
	const struct replay_run *fresh = order->file->runs.items[top - 1].result;
	for (size_t i = 0; i < fresh->reads.count; i++)
		order->of_name[fresh->reads.items[i].name] = &fresh->reads.items[i];
	for (size_t i = 0; i < ran->reads.count; i++) {
		const struct replay_read *read = &ran->reads.items[i], *other = order->of_name[read->name];
		if (!other || !is_sure(read) || !is_sure(other) ||
		    identity_difference(&read->identity, &other->identity) == LEVELS)
			continue;
		size_t bound = cell_of(order->log, read->bound_by), bound_from_top = cell_of(order->file, other->bound_by);
		size_t changed = cell_of(order->log, read->changed_by);
		size_t changed_from_top = cell_of(order->file, other->changed_by);
		if (bound != bound_from_top) {
			note_inversion(order, status, bound, read->name);
			note_inversion(order, status, bound_from_top, read->name);
		} else if (changed != changed_from_top) {
			note_inversion(order, status, changed, read->name);
			note_inversion(order, status, changed_from_top, read->name);
		}
	}
	for (size_t i = 0; i < fresh->reads.count; i++)
		order->of_name[fresh->reads.items[i].name] = NULL;
}

static int compare_numbers(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int by_cells(const void *left, const void *right)
{
	const struct inversion *a = left, *b = right;
	int upper = compare_numbers(a->upper, b->upper), lower = compare_numbers(a->lower, b->lower);
	return upper ? upper : lower ? lower : compare_numbers(a->name, b->name);
}

static int by_blamed(const void *left, const void *right)
{
	int blamed = compare_numbers(((const struct inversion *)left)->blamed, ((const struct inversion *)right)->blamed);
	return blamed ? blamed : by_cells(left, right);
}

/* Of two cells the one that takes part in more inversions is out of order; else the one that is read from. */
static void find_blamed(struct order *order)
{
	size_t *parts = arena_array(order->scratch, order->finder->evidence->notebook->code_count + 1, sizeof *parts);
	struct inversion *items = order->found.items;
	for (size_t i = 0; i < order->found.count; i++) {
		if (i > 0 && items[i - 1].upper == items[i].upper && items[i - 1].lower == items[i].lower)
			continue;
		parts[items[i].upper]++;
		parts[items[i].lower]++;
	}
	for (size_t i = 0; i < order->found.count; i++) {
		size_t upper = items[i].upper, lower = items[i].lower;
		bool is_same = i > 0 && items[i - 1].upper == upper && items[i - 1].lower == lower;
		items[i].blamed = is_same                       ? items[i - 1].blamed
		                  : parts[upper] > parts[lower] ? upper
		                  : parts[lower] > parts[upper] ? lower
		                                                : items[i].provider;
	}
}

/* One sentence for each cell that is out of order. */
static void say_inversions(struct order *order, const struct inversion *items, size_t count)
{
	struct finder *finder = order->finder;
	size_t cell = items[0].blamed, above = 0, below = 0;
	size_t *others_above = arena_array(order->scratch, count, sizeof *others_above);
	size_t *others_below = arena_array(order->scratch, count, sizeof *others_below);
	enum certainty certainty = POSSIBLE;
	for (size_t i = 0; i < count; i++) {
		if (items[i].lower == cell)
			others_above[above++] = items[i].upper;
		else
			others_below[below++] = items[i].lower;
		certainty = items[i].certainty < certainty ? items[i].certainty : certainty;
	}
	if (finder->evidence->status->log->sessions_assumed && certainty == CERTAIN)
		certainty = LIKELY;
	struct builder text = {.arena = order->scratch};
	size_t run = order->log->last_of_cell[cell];
	builder_add_format(&text, "This ran as [%lld], ", (long long)order->log->runs.items[run - 1].run->count);
	if (above)
		builder_add_format(&text, "before %.*s further up%s",
		                   SLICE_FORMAT(cells_words(order->scratch, others_above, above)), below ? " and " : "");
	if (below)
		builder_add_format(&text, "after %.*s further down",
		                   SLICE_FORMAT(cells_words(order->scratch, others_below, below)));
	finder_add(finder, certainty, cell, 0, "%.*s: from the top, one of them gets another `%.*s`, or none.",
	           SLICE_FORMAT(builder_slice(&text)), SLICE_FORMAT(name_of(finder, items[0].name)));
}

void rule_out_of_order(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	struct order order = {.finder = finder, .log = report->execution, .file = report->from_top};
	order.scratch = arena_child(finder->arena);
	order.of_name = arena_array(order.scratch, symbols_count(finder->evidence->symbols) + 1, sizeof *order.of_name);
	order.first_of_cell = arena_array(order.scratch, report->cell_count + 1, sizeof *order.first_of_cell);
	for (size_t i = order.log->runs.count; i-- > 0;)
		order.first_of_cell[order.log->runs.items[i].run->cell] = i + 1;
	for (size_t i = 0; i < report->cell_count; i++) {
		enum status status = report->cells[i].status;
		if ((status == STATUS_STALE || status == STATUS_BROKEN) && report->cells[i].certainty != POSSIBLE)
			compare_reads(&order, &report->cells[i]);
	}
	if (order.found.count)
		qsort(order.found.items, order.found.count, sizeof *order.found.items, by_cells);
	find_blamed(&order);
	if (order.found.count)
		qsort(order.found.items, order.found.count, sizeof *order.found.items, by_blamed);
	for (size_t from = 0, to; from < order.found.count; from = to) {
		for (to = from + 1; to < order.found.count && order.found.items[to].blamed == order.found.items[from].blamed;)
			to++;
		say_inversions(&order, &order.found.items[from], to - from);
	}
	arena_free(order.scratch);
}

/* --- cross-cell mutation --------------------------------------------------------- */

/* Whether the run surely changed what the name stands for, though its source does not speak of
 * the name: by another name of the object, or in a function of the notebook. */
static bool changes_unseen(const struct finder *finder, const struct played_run *run, symbol name)
{
	const struct names *names = finder->evidence->effects[run->run->cell - 1]->names;
	if (!names || name_list_has(&names->reads_first, name) || name_list_has(&names->binds, name))
		return false;
	for (size_t i = 0; i < run->result->writes.count; i++) {
		const struct replay_write *write = &run->result->writes.items[i];
		if (write->name == name && write->kind == WRITE_CHANGE)
			return write->level == LEVEL_CERTAIN;
	}
	return false;
}

void rule_cross_cell_mutation(struct finder *finder)
{
	const struct playback *file = finder->evidence->status->from_top;
	struct arena *scratch = arena_child(finder->arena);
	const bool *imported = library_use(finder)->is_imported;
	/* By name: the run whose change was looked at last. */
	uint32_t *said = arena_array(scratch, symbols_count(finder->evidence->symbols) + 1, sizeof *said);
	for (size_t i = 0; i < file->runs.count; i++) {
		const struct played_run *reader = &file->runs.items[i];
		for (size_t j = 0; j < reader->result->reads.count; j++) {
			const struct replay_read *read = &reader->result->reads.items[j];
			const struct played_run *changer = playback_run(file, read->changed_by);
			size_t binder = cell_of(file, read->bound_by);
			if (!is_sure(read) || imported[read->name] || !changer || changer == reader || !binder ||
			    binder == changer->run->cell || said[read->name] == read->changed_by)
				continue;
			said[read->name] = read->changed_by;
			if (!changes_unseen(finder, changer, read->name))
				continue;
			finder_add(finder, CERTAIN, changer->run->cell, 0,
			           "This changes `%.*s` of cell %zu without a word of it, by another name or in a function; cell "
			           "%zu reads what it has become.",
			           SLICE_FORMAT(name_of(finder, read->name)), binder, reader->run->cell);
		}
	}
	arena_free(scratch);
}
