/* Touches are collected step by step, sorted by name with a counting sort, and then
 * each name's own are gone through once to see who bound what. */
#include "tui/versions.h"

#include "flow/playback.h"
#include "tui/canvas.h"

struct collector {
	struct arena *arena;
	struct versions *versions;
	const struct playback *playback;
	size_t *step_of_play; /* by index in the playback */
	VECTOR(struct touch) touches;
	size_t *latest; /* by symbol: index + 1 of its last touch */
	size_t names;
};

/* The step behind a number that the replay gave. */
static size_t step_of(const struct collector *collector, uint32_t number)
{
	const struct played_run *played = playback_run(collector->playback, number);
	return played ? collector->step_of_play[played - collector->playback->runs.items] : NO_STEP;
}

static struct touch *touch_of(struct collector *collector, symbol name, size_t step)
{
	size_t at = collector->latest[name];
	if (at && collector->touches.items[at - 1].step == step)
		return &collector->touches.items[at - 1];
	struct touch *touch = vector_add(collector->arena, &collector->touches);
	*touch = (struct touch){.name = name,
	                        .step = step,
	                        .read_from = NO_STEP,
	                        .read_changed = NO_STEP,
	                        .bound_in = NO_STEP,
	                        .changed_in = NO_STEP,
	                        .until = NO_STEP};
	collector->latest[name] = collector->touches.count;
	return touch;
}

static void collect_read(struct collector *collector, const struct replay_read *read, size_t step)
{
	struct touch *touch = touch_of(collector, read->name, step);
	touch->reads = true;
	touch->unbound = read->unbound;
	touch->read_may = read->level == LEVEL_POSSIBLE;
	touch->read_from = step_of(collector, read->bound_by);
	touch->read_changed = step_of(collector, read->changed_by);
	touch->read_identity = read->identity;
}

static void collect_write(struct collector *collector, const struct replay_write *write, size_t step)
{
	struct touch *touch = touch_of(collector, write->name, step);
	bool wrote = touch->binds || touch->changes || touch->deletes;
	touch->may = (!wrote || touch->may) && write->level == LEVEL_POSSIBLE;
	switch (write->kind) {
	case WRITE_BIND: touch->binds = touch->leaves = true; break;
	case WRITE_CHANGE: touch->changes = true; break;
	case WRITE_DELETE:
		touch->deletes = true;
		touch->leaves = write->level == LEVEL_POSSIBLE;
		break;
	}
}

static void collect_run(struct collector *collector, const struct replay_run *run, size_t step)
{
	for (size_t at = 0; at < run->reads.count; at++)
		collect_read(collector, &run->reads.items[at], step);
	for (size_t at = 0; at < run->writes.count; at++)
		collect_write(collector, &run->writes.items[at], step);
}

/* Says of each touch of a name what it leaves, in whose version. */
static void follow(const struct versions *versions, struct touch *touches, size_t count)
{
	size_t bound_in = NO_STEP, changed_in = NO_STEP, first = 0;
	bool there = false;
	for (size_t at = 0; at < count; at++) {
		struct touch *touch = &touches[at];
		if (at && versions->sessions[touch->step] != versions->sessions[touches[at - 1].step]) {
			there = false;
			bound_in = changed_in = NO_STEP;
			first = at;
		}
		/* Bound by a run that nothing records. */
		there |= touch->reads && !touch->unbound;
		bool ends = touch->binds || (touch->deletes && !touch->leaves);
		for (; ends && first < at; first++)
			touches[first].until = touch->step;
		if (ends) {
			first = at;
			there = touch->leaves;
			bound_in = there ? touch->step : NO_STEP;
			changed_in = NO_STEP;
		} else if (touch->changes) {
			changed_in = touch->step;
		}
		touch->leaves = there;
		touch->bound_in = bound_in;
		touch->changed_in = changed_in;
	}
}

static void sort_by_name(struct collector *collector)
{
	struct versions *versions = collector->versions;
	size_t count = collector->touches.count,
	       *starts = arena_array(collector->arena, collector->names + 2, sizeof *starts);
	size_t *row_of = versions->row_of = arena_array(collector->arena, collector->names + 1, sizeof *row_of);
	versions->symbol_limit = collector->names;
	struct touch *sorted = arena_array(collector->arena, count, sizeof *sorted);
	for (size_t at = 0; at < count; at++)
		starts[collector->touches.items[at].name + 1]++;
	for (size_t name = 0; name <= collector->names; name++) {
		versions->row_count += starts[name + 1] > 0;
		starts[name + 1] += starts[name];
	}
	versions->rows = arena_array(collector->arena, versions->row_count, sizeof *versions->rows);
	size_t rows = 0;
	for (size_t at = 0; at < count; at++) {
		const struct touch *touch = &collector->touches.items[at];
		if (!row_of[touch->name]) {
			versions->rows[rows++] = (struct name_row){.name = touch->name, .touches = &sorted[starts[touch->name]]};
			row_of[touch->name] = rows;
		}
		struct name_row *row = &versions->rows[row_of[touch->name] - 1];
		sorted[starts[touch->name]++] = *touch;
		row->count++;
	}
	for (size_t row = 0; row < rows; row++)
		follow(versions, &sorted[versions->rows[row].touches - sorted], versions->rows[row].count);
}

static void sort_by_step(struct versions *versions, struct arena *arena, size_t count)
{
	size_t *starts = arena_array(arena, versions->step_count + 1, sizeof *starts);
	versions->by_step = arena_array(arena, count, sizeof *versions->by_step);
	/* Shifted by one, so that filling them in leaves each where its step begins. */
	versions->starts = starts++;
	for (size_t row = 0; row < versions->row_count; row++)
		for (size_t at = 0; at < versions->rows[row].count; at++)
			starts[versions->rows[row].touches[at].step]++;
	for (size_t step = 0, sum = 0; step < versions->step_count; step++) {
		size_t here = starts[step];
		starts[step] = sum;
		sum += here;
	}
	for (size_t row = 0; row < versions->row_count; row++)
		for (size_t at = 0; at < versions->rows[row].count; at++) {
			const struct touch *touch = &versions->rows[row].touches[at];
			versions->by_step[starts[touch->step]++] = touch;
		}
}

static void count_trouble(struct versions *versions, struct arena *arena, const struct analysis *analysis, size_t names)
{
	size_t *troubles = arena_array(arena, names + 1, sizeof *troubles);
	for (size_t cell = 0; cell < analysis->status->cell_count; cell++) {
		const struct cell_status *status = &analysis->status->cells[cell];
		for (size_t at = 0; at < status->reason_count; at++)
			troubles[status->reasons[at].name]++;
	}
	for (size_t row = 0; row < versions->row_count; row++)
		versions->rows[row].trouble = troubles[versions->rows[row].name];
}

struct versions *versions_new(struct arena *arena, const struct analysis *analysis, bool from_top)
{
	const struct log *log = analysis->log;
	struct versions *versions = arena_alloc(arena, sizeof *versions);
	struct collector collector = {
	    .arena = arena,
	    .versions = versions,
	    .playback = from_top ? analysis->status->from_top : analysis->status->execution,
	    .names = symbols_count(analysis->symbols),
	};
	size_t plays = collector.playback->runs.count;
	versions->step_count = from_top ? plays : log->run_count;
	versions->sessions = arena_array(arena, versions->step_count, sizeof *versions->sessions);
	collector.step_of_play = arena_array(arena, plays, sizeof *collector.step_of_play);
	collector.latest = arena_array(arena, collector.names + 1, sizeof *collector.latest);
	for (size_t step = 0, play = 0; step < versions->step_count; step++) {
		versions->sessions[step] = from_top ? 1 : log->runs[step].session;
		if (!from_top && log->runs[step].origin == RUN_LOST)
			continue;
		collector.step_of_play[play] = step;
		collect_run(&collector, collector.playback->runs.items[play++].result, step);
	}
	sort_by_name(&collector);
	sort_by_step(versions, arena, collector.touches.count);
	for (size_t row = 0; row < versions->row_count; row++) {
		int width = text_columns(symbols_name(analysis->symbols, versions->rows[row].name));
		versions->name_width = width > versions->name_width ? width : versions->name_width;
	}
	count_trouble(versions, arena, analysis, collector.names);
	return versions;
}

const struct name_row *versions_row(const struct versions *versions, symbol name)
{
	size_t row = name && name <= versions->symbol_limit ? versions->row_of[name] : 0;
	return row ? &versions->rows[row - 1] : NULL;
}

/* How many touches of the name come at or before the step. */
static size_t touches_until(const struct name_row *row, size_t step)
{
	size_t low = 0, high = row->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (row->touches[middle].step <= step)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct touch *versions_last_touch(const struct versions *versions, const struct name_row *row, size_t step)
{
	size_t count = touches_until(row, step);
	const struct touch *touch = count ? &row->touches[count - 1] : NULL;
	return touch && versions->sessions[touch->step] == versions->sessions[step] ? touch : NULL;
}

const struct touch *versions_touch(const struct name_row *row, size_t step)
{
	size_t count = touches_until(row, step);
	return count && row->touches[count - 1].step == step ? &row->touches[count - 1] : NULL;
}

/* When what the touch leaves was written last. */
static size_t written_in(const struct touch *touch)
{
	if (!touch->leaves)
		return touch->step;
	if (touch->changed_in != NO_STEP)
		return touch->changed_in;
	return touch->bound_in == NO_STEP ? 0 : touch->bound_in;
}

/* By symbol, then sorted with a counting sort by when they were written, which keeps that order. */
const struct touch **versions_namespace(const struct versions *versions, struct arena *arena, size_t step,
                                        size_t *count)
{
	const struct touch **found = arena_array(arena, versions->row_count, sizeof *found);
	const struct touch **sorted = arena_array(arena, versions->row_count, sizeof *sorted);
	size_t *ends = arena_array(arena, step + 1, sizeof *ends),
	       all = 0; /* ends[S]: how many were written in S or later */
	for (symbol name = 1; name <= versions->symbol_limit; name++) {
		const struct name_row *row = versions_row(versions, name);
		const struct touch *touch = row ? versions_last_touch(versions, row, step) : NULL;
		if (touch && (touch->leaves || (touch->deletes && touch->step == step))) {
			found[all++] = touch;
			ends[written_in(touch)]++;
		}
	}
	for (size_t at = step; at > 0; at--)
		ends[at - 1] += ends[at];
	for (size_t at = all; at > 0; at--)
		sorted[--ends[written_in(found[at - 1])]] = found[at - 1];
	*count = all;
	return sorted;
}

const struct touch **versions_of_step(const struct versions *versions, size_t step, size_t *count)
{
	*count = versions->starts[step + 1] - versions->starts[step];
	return versions->by_step + versions->starts[step];
}
