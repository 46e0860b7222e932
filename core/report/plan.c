/* What to do about results that don't stand: which cells to run again, or to move. */
#include "base/printable.h"
#include "report/advice.h"
#include "report/json_parts.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/summary.h"

enum { INDENT = 4 };

struct advice advice_of(struct arena *arena, const struct analysis *analysis)
{
	struct traced *traced = traced_new(arena, analysis->symbols, analysis->notebook, analysis->effects, analysis->log);
	return (struct advice){analysis, plan_of_notebook(arena, traced, analysis->status),
	                       reordering_of_notebook(arena, traced)};
}

static bool has_lost_runs(const struct log *log)
{
	for (size_t i = 0; i < log->run_count; i++)
		if (log->runs[i].origin == RUN_LOST)
			return true;
	return false;
}

static struct slice step_cells(struct arena *arena, const struct plan *plan)
{
	size_t *cells = arena_array(arena, plan->step_count, sizeof *cells);
	for (size_t i = 0; i < plan->step_count; i++)
		cells[i] = plan->steps[i].cell;
	return cell_list(arena, cells, plan->step_count);
}

/* "cell 7 right below cell 3" */
static struct slice move_words(struct arena *arena, const struct reorder_move *move)
{
	if (!move->below)
		return slice_format(arena, "cell %zu to the top", move->cell);
	return slice_format(arena, "cell %zu right below cell %zu", move->cell, move->below);
}

static struct slice beyond_words(struct arena *arena, const struct plan *plan)
{
	if (plan->beyond_count == 0)
		return SLICE("");
	struct slice cells = cell_list(arena, plan->beyond, plan->beyond_count);
	return slice_format(arena, "Running cells again does not mend %.*s.", SLICE_FORMAT(cells));
}

/* Text. */

static void add_step(struct builder *out, const struct analysis *analysis, const struct plan_step *step, unsigned width)
{
	struct arena *arena = out->arena;
	const struct cell *cell = analysis->notebook->code[step->cell - 1];
	struct builder why = {.arena = arena};
	builder_add_string(&why, step->is_stale ? status_name(analysis->status->cells[step->cell - 1].status) : "");
	if (!step->is_stale)
		builder_add_format(&why, "for the `%.*s` of cell %zu",
		                   SLICE_FORMAT(symbols_name(analysis->symbols, step->needed_for)), step->needed_by);
	builder_add_string(&why, step->raises ? ", up to its NameError" : "");
	struct slice number = slice_format(arena, "cell %zu", step->cell),
	             count = count_label(arena, cell->execution_count);
	struct slice line = slice_format(arena, "%-9.*s%6.*s  %.*s", SLICE_FORMAT(number), SLICE_FORMAT(count),
	                                 SLICE_FORMAT(builder_slice(&why)));
	paragraph_add_line(out, INDENT, line, width);
}

static void add_plan(struct builder *out, const struct advice *advice, unsigned width)
{
	const struct plan *plan = advice->plan;
	const struct analysis *analysis = advice->analysis;
	if (plan->kind == PLAN_RESTART)
		paragraph_add(out, SLICE(""), 0,
		              SLICE("Restart the kernel and run all cells: it holds something that no cell undoes."), width);
	if (plan->kind == PLAN_RUN) {
		paragraph_add(out, SLICE(""), 0, SLICE("Run these cells again, in this order, in the kernel as it was left:"),
		              width);
		for (size_t i = 0; i < plan->step_count; i++)
			add_step(out, analysis, &plan->steps[i], width);
		if (has_lost_runs(analysis->log))
			paragraph_add(out, SLICE(""), 0,
			              SLICE("Some runs left no trace; what they did to the kernel is not in this."), width);
	}
	if (plan->beyond_count)
		paragraph_add(out, SLICE(""), 0, beyond_words(out->arena, plan), width);
}

static void add_reordering(struct builder *out, const struct advice *advice, unsigned width)
{
	const struct reordering *reordering = advice->reordering;
	struct arena *arena = out->arena;
	if (reordering->kind == REORDER_NOTHING)
		return;
	builder_add_byte(out, '\n');
	if (reordering->kind == REORDER_NONE) {
		paragraph_add(
		    out, SLICE(""), 0,
		    slice_format(arena, "No order of the cells gives what was saved. %.*s", SLICE_FORMAT(reordering->why)),
		    width);
		return;
	}
	paragraph_add(out, SLICE(""), 0,
	              SLICE("Or keep what was saved, and move cells, so that a run from top to bottom gives it again:"),
	              width);
	for (size_t i = 0; i < reordering->move_count; i++)
		paragraph_add_line(out, INDENT, move_words(arena, &reordering->moves[i]), width);
}

void plan_text(struct builder *out, const struct analysis *analysis, unsigned width)
{
	struct slice title =
	    slice_format(out->arena, "%.*s:", SLICE_FORMAT(printable(out->arena, analysis->notebook->path)));
	paragraph_add(out, title, 0, summary_sentence(out->arena, analysis), width);
	if (!summary_is_possible(analysis))
		return;
	struct advice advice = advice_of(out->arena, analysis);
	add_plan(out, &advice, width);
	add_reordering(out, &advice, width);
}

struct slice advice_rerun(struct arena *arena, const struct advice *advice)
{
	const struct plan *plan = advice->plan;
	struct builder text = {.arena = arena};
	struct slice cells = step_cells(arena, plan), beyond = cell_list(arena, plan->beyond, plan->beyond_count);
	if (plan->kind == PLAN_NOTHING)
		return SLICE("");
	if (plan->beyond_count)
		builder_add_format(&text, "To make all results but %s of %.*s stand",
		                   plan->beyond_count == 1 ? "that" : "those", SLICE_FORMAT(beyond));
	else
		builder_add_string(&text, "To make all results stand");
	if (plan->kind == PLAN_RUN)
		builder_add_format(&text, ", run %.*s again%s.", SLICE_FORMAT(cells),
		                   plan->step_count > 1 ? ", from top to bottom" : "");
	if (plan->kind == PLAN_RESTART)
		builder_add_string(&text, ", restart the kernel and run all cells.");
	return builder_slice(&text);
}

struct slice advice_reorder(struct arena *arena, const struct advice *advice)
{
	enum { FEW_MOVES = 3 };
	const struct reordering *reordering = advice->reordering;
	struct builder text = {.arena = arena};
	if (reordering->kind != REORDER_MOVES || reordering->move_count > FEW_MOVES)
		return SLICE("");
	builder_add_string(&text, advice->plan->kind == PLAN_NOTHING ? "To make it run from the top, move " : "Or move ");
	struct slice moves[FEW_MOVES];
	for (size_t i = 0; i < reordering->move_count; i++)
		moves[i] = move_words(arena, &reordering->moves[i]);
	builder_add(&text, list_words(arena, moves, reordering->move_count));
	builder_add_string(&text, ": then the file gives what was saved.");
	return builder_slice(&text);
}

/* JSON. */

static void write_step(struct json_writer *json, const struct analysis *analysis, const struct plan_step *step)
{
	json_begin_object(json);
	json_number(json, "cell", (int64_t)step->cell);
	json_key(json, "stale");
	json_boolean(json, step->is_stale);
	json_key(json, "raises");
	json_boolean(json, step->raises);
	json_optional(json, "needed_by", step->needed_by != 0, (int64_t)step->needed_by);
	json_key(json, "needed_for");
	if (step->needed_for)
		json_string(json, symbols_name(analysis->symbols, step->needed_for));
	else
		json_null(json);
	json_end_object(json);
}

static void write_numbers(struct json_writer *json, const char *key, const size_t *numbers, size_t count)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		json_integer(json, (int64_t)numbers[i]);
	json_end_array(json);
}

static void write_reordering(struct json_writer *json, const struct advice *advice)
{
	static const char *const kinds[] = {
	    [REORDER_NOTHING] = "nothing", [REORDER_MOVES] = "moves", [REORDER_NONE] = "none"};
	const struct reordering *reordering = advice->reordering;
	size_t count = advice->analysis->notebook->code_count;
	json_begin_object(json);
	json_text(json, "kind", slice_of(kinds[reordering->kind]));
	json_key(json, "moves");
	json_begin_array(json);
	for (size_t i = 0; i < reordering->move_count; i++) {
		json_begin_object(json);
		json_number(json, "cell", (int64_t)reordering->moves[i].cell);
		json_optional(json, "below", reordering->moves[i].below != 0, (int64_t)reordering->moves[i].below);
		json_end_object(json);
	}
	json_end_array(json);
	write_numbers(json, "order", reordering->order, reordering->kind == REORDER_NONE ? 0 : count);
	json_key(json, "least");
	json_boolean(json, reordering->is_least && reordering->kind != REORDER_NONE);
	json_key(json, "why");
	if (reordering->why.length)
		json_string(json, reordering->why);
	else
		json_null(json);
	json_end_object(json);
}

void advice_json(struct json_writer *json, const struct advice *advice)
{
	static const char *const kinds[] = {[PLAN_NOTHING] = "nothing", [PLAN_RUN] = "run", [PLAN_RESTART] = "restart"};
	json_key(json, "rerun");
	json_begin_object(json);
	json_text(json, "kind", slice_of(kinds[advice->plan->kind]));
	json_key(json, "steps");
	json_begin_array(json);
	for (size_t i = 0; i < advice->plan->step_count; i++)
		write_step(json, advice->analysis, &advice->plan->steps[i]);
	json_end_array(json);
	write_numbers(json, "beyond", advice->plan->beyond, advice->plan->beyond_count);
	json_end_object(json);
	json_key(json, "reorder");
	write_reordering(json, advice);
}

void plan_json(struct builder *out, const struct analysis *analysis)
{
	struct advice advice = advice_of(out->arena, analysis);
	struct json_writer json = {.out = out};
	json_begin_document(&json, analysis->notebook->path);
	advice_json(&json, &advice);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
