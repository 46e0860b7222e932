#include "flow/plan.h"

#include <stdlib.h>

/* From the top, a cell has a name from another cell. */
struct provider {
	symbol name;
	size_t cell;
	enum trace_how how; /* TRACE_STATE: the cell may leave the name as that one had bound it */
};

struct providers {
	struct provider *items; /* by name */
	size_t count;
};

/* Cells from the last to the first that read a name from the top, and how far the
 * cells of the plan that write it reach up. */
struct name_use {
	VECTOR(size_t) readers;
	size_t passed;                      /* readers below the first writer of the plan */
	size_t writer;                      /* the first cell of the plan that writes it; 0: none */
	const struct replay_read *expected; /* how the cell under trial reads it from the top */
};

struct planner {
	struct arena *arena;
	const struct traced *traced;
	const struct status_report *report;
	struct providers *providers; /* by cell */
	struct name_use *names;      /* by symbol */
	size_t name_count;
	struct plan_step *steps; /* by cell; its `cell` is set when it is in the plan */
	VECTOR(size_t) pending;  /* cells of the plan whose needs were not looked at yet */
};

static const struct played_run *file_run(const struct planner *planner, size_t cell)
{
	const struct playback *file = planner->traced->file.playback;
	return &file->runs.items[file->last_of_cell[cell] - 1];
}

static int compare_providers(const void *a, const void *b)
{
	const struct provider *left = a, *right = b;
	if (left->name != right->name)
		return left->name < right->name ? -1 : 1;
	return (left->cell > right->cell) - (left->cell < right->cell);
}

static void collect_providers(struct planner *planner, size_t cell)
{
	const struct traced_order *order = &planner->traced->file;
	const struct trace *trace = order->playback->trace;
	struct traced_statements statements = order->of_run[order->playback->last_of_cell[cell] - 1];
	VECTOR(struct provider) found = {0};
	for (uint32_t number = statements.first; number < statements.first + statements.count; number++) {
		const struct traced_statement *statement = &trace->statements.items[number - 1];
		for (uint32_t i = 0; i < statement->link_count; i++) {
			const struct trace_link *link = &trace->links.items[statement->first_link + i];
			size_t from = link->on ? order->playback->runs.items[traced_run(order, link->on)].run->cell : cell;
			struct provider provider = {link->name, from, link->how};
			if (link->name && from != cell)
				vector_push(planner->arena, &found, provider);
		}
	}
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items, compare_providers);
	planner->providers[cell] = (struct providers){found.items, found.count};
}

static struct name_use *use_of(struct planner *planner, symbol name)
{
	return &planner->names[name];
}

static void add_cell(struct planner *planner, size_t cell, size_t needed_by, symbol needed_for)
{
	struct plan_step *step = &planner->steps[cell];
	if (step->cell)
		return;
	bool raises = planner->report->cells[cell - 1].status == STATUS_BROKEN;
	*step = (struct plan_step){cell, false, raises, needed_by, needed_for};
	vector_push(planner->arena, &planner->pending, cell);
}

/* The cells that give the name to `cell` from the top go into the plan. Those that changed in place what another one
 * had bound see to it themselves that it is right, so that `all` is seldom needed. */
static void add_providers(struct planner *planner, size_t cell, symbol name, bool all)
{
	const struct providers *providers = &planner->providers[cell];
	bool is_changed = false;
	size_t low = 0, high = providers->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (providers->items[middle].name < name)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < providers->count && providers->items[i].name == name; i++)
		is_changed = is_changed || providers->items[i].how == TRACE_CHANGE;
	for (; low < providers->count && providers->items[low].name == name; low++)
		if (all || !is_changed || providers->items[low].how != TRACE_BIND)
			add_cell(planner, providers->items[low].cell, cell, name);
}

/* Whether the kernel has the name as the cell reads it from the top. */
static bool kernel_has(const struct planner *planner, const struct replay_read *read)
{
	struct binding binding = replay_binding(planner->traced->execution.playback->replay, read->name);
	if (!binding.object || read->unbound)
		return !binding.object && read->unbound;
	struct identity identity = object_identity(binding.object);
	return !binding.maybe_unbound && identity_difference(&identity, &read->identity) == LEVELS;
}

/* A cell that is new in the plan: what it reads must be right, and what it writes
 * is no longer the kernel's for the readers below it. */
static void settle_cell(struct planner *planner, size_t cell)
{
	const struct replay_run *run = file_run(planner, cell)->result;
	for (size_t i = 0; i < run->reads.count; i++) {
		const struct replay_read *read = &run->reads.items[i];
		size_t writer = use_of(planner, read->name)->writer;
		if ((writer && writer < cell) || !kernel_has(planner, read))
			add_providers(planner, cell, read->name, false);
	}
	const struct providers *providers = &planner->providers[cell];
	for (size_t i = 0; i < providers->count; i++)
		if (providers->items[i].how == TRACE_STATE)
			add_cell(planner, providers->items[i].cell, cell, providers->items[i].name);
	for (size_t i = 0; i < run->writes.count; i++) {
		symbol name = run->writes.items[i].name;
		struct name_use *use = use_of(planner, name);
		if (use->writer && use->writer <= cell)
			continue;
		use->writer = cell;
		for (; use->passed < use->readers.count && use->readers.items[use->passed] > cell; use->passed++)
			if (planner->steps[use->readers.items[use->passed]].cell)
				add_providers(planner, use->readers.items[use->passed], name, false);
	}
}

static void settle(struct planner *planner)
{
	while (planner->pending.count > 0)
		settle_cell(planner, planner->pending.items[--planner->pending.count]);
}

/* The names that the run read otherwise than from the top: what provides them goes into the plan. */
static void add_missed(struct planner *planner, size_t cell, const struct replay_run *again)
{
	const struct replay_run *run = file_run(planner, cell)->result;
	for (size_t i = 0; i < run->reads.count; i++)
		planner->names[run->reads.items[i].name].expected = &run->reads.items[i];
	for (size_t i = 0; i < again->reads.count; i++) {
		const struct replay_read *read = &again->reads.items[i];
		const struct replay_read *expected =
		    read->name < planner->name_count ? planner->names[read->name].expected : NULL;
		if (expected &&
		    (expected->unbound != read->unbound || identity_difference(&expected->identity, &read->identity) != LEVELS))
			add_providers(planner, cell, read->name, true);
	}
	for (size_t i = 0; i < run->reads.count; i++)
		planner->names[run->reads.items[i].name].expected = NULL;
}

/* A step of the plan as a run of the log. One that raises NameError from the top does
 * so again, if the kernel does not have the name. */
static struct run run_of_step(const struct planner *planner, struct arena *arena, const struct plan_step *step)
{
	const struct played_run *played = file_run(planner, step->cell);
	struct run run = *played->run;
	run.count = NO_COUNT;
	for (size_t i = 0; step->raises && !run.error && i < played->result->errors.count; i++) {
		const struct replay_error *error = &played->result->errors.items[i];
		if (!error->must || replay_binding(planner->traced->execution.playback->replay, error->name).object)
			continue;
		struct slice name = symbols_name(planner->traced->symbols, error->name);
		run.error = arena_alloc(arena, sizeof *run.error);
		*run.error = (struct run_error){
		    SLICE("NameError"), slice_format(arena, "name '%.*s' is not defined", SLICE_FORMAT(name)), error->line};
	}
	return run;
}

/* Plays the plan at the end of the log. Whether it keeps its promise; what the first cell that it fails lacks goes
 * into the plan. */
static bool try_plan(struct planner *planner, const struct plan *plan)
{
	const struct traced *traced = planner->traced;
	struct arena *arena = arena_child(planner->arena);
	struct log log = *traced->log;
	log.runs = arena_array(arena, log.run_count + plan->step_count, sizeof *log.runs);
	for (size_t i = 0; i < traced->log->run_count; i++)
		log.runs[i] = traced->log->runs[i];
	unsigned session = log.run_count ? log.runs[log.run_count - 1].session : 1;
	for (size_t i = 0; i < plan->step_count; i++) {
		struct run run = run_of_step(planner, arena, &plan->steps[i]);
		run.step = log.run_count + 1;
		run.session = session;
		log.runs[log.run_count++] = run;
	}
	struct playback *playback =
	    playback_of_log(arena, traced->symbols, traced->notebook, traced->effects, &log, false, NULL);
	bool is_kept = true;
	for (size_t i = 0; i < plan->step_count && is_kept; i++) {
		size_t cell = plan->steps[i].cell;
		const struct replay_run *again = playback->runs.items[playback->last_of_cell[cell] - 1].result;
		is_kept = plan->steps[i].raises ||
		          identity_difference(&again->identity, &file_run(planner, cell)->result->identity) == LEVELS;
		if (!is_kept)
			add_missed(planner, cell, again);
	}
	arena_free(arena);
	return is_kept;
}

static void take_steps(struct planner *planner, struct plan *plan)
{
	size_t count = planner->traced->notebook->code_count;
	plan->step_count = 0;
	for (size_t cell = 1; cell <= count; cell++)
		if (planner->steps[cell].cell)
			plan->steps[plan->step_count++] = planner->steps[cell];
}

/* What the closure could not see by names is added when the plan is tried; few rounds are ever needed. */
static void mend(struct planner *planner, struct plan *plan)
{
	enum { ROUNDS = 16 };
	take_steps(planner, plan);
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (try_plan(planner, plan))
			return;
		if (planner->pending.count == 0)
			break;
		settle(planner);
		take_steps(planner, plan);
	}
	plan->kind = PLAN_RESTART;
	plan->step_count = 0;
}

static void collect_readers(struct planner *planner)
{
	planner->name_count = symbols_count(planner->traced->symbols) + 1;
	planner->names = arena_array(planner->arena, planner->name_count, sizeof *planner->names);
	for (size_t cell = planner->traced->notebook->code_count; cell > 0; cell--) {
		const struct replay_run *run = file_run(planner, cell)->result;
		for (size_t i = 0; i < run->reads.count; i++)
			vector_push(planner->arena, &use_of(planner, run->reads.items[i].name)->readers, cell);
	}
}

struct plan *plan_of_notebook(struct arena *arena, const struct traced *traced, const struct status_report *report)
{
	struct plan *plan = arena_alloc(arena, sizeof *plan);
	size_t count = traced->notebook->code_count;
	plan->steps = arena_array(arena, count, sizeof *plan->steps);
	plan->beyond = arena_array(arena, count, sizeof *plan->beyond);
	struct planner planner = {.arena = arena, .traced = traced, .report = report};
	planner.providers = arena_array(arena, count + 1, sizeof *planner.providers);
	planner.steps = arena_array(arena, count + 1, sizeof *planner.steps);
	collect_readers(&planner);
	for (size_t cell = 1; cell <= count; cell++)
		collect_providers(&planner, cell);
	for (size_t cell = 1; cell <= count; cell++) {
		enum status status = report->cells[cell - 1].status;
		if (status == STATUS_BROKEN || (status == STATUS_UNKNOWN && !traced->effects[cell - 1]->is_python)) {
			plan->beyond[plan->beyond_count++] = cell;
		} else if (status == STATUS_STALE || status == STATUS_UNKNOWN) {
			add_cell(&planner, cell, 0, 0);
			planner.steps[cell].is_stale = true;
		}
	}
	plan->kind = planner.pending.count ? PLAN_RUN : PLAN_NOTHING;
	settle(&planner);
	if (plan->kind == PLAN_RUN)
		mend(&planner, plan);
	return plan;
}
