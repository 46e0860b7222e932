/* What the saved results rest on that the file does not hold. All of it is the judgement
 * of flow/status.h, said as findings. */
#include "findings/finder.h"
#include "flow/playback.h"

static struct slice name_of(const struct finder *finder, symbol name)
{
	return symbols_name(finder->evidence->symbols, name);
}

/* By symbol: whether some cell of the file binds the name, be it in code that runs later. */
static const bool *find_bound(const struct finder *finder)
{
	bool *bound = arena_array(finder->arena, symbols_count(finder->evidence->symbols) + 1, sizeof *bound);
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->binds.count; j++)
			bound[names->binds.items[j]] = true;
		for (size_t j = 0; names && j < names->deferred_count; j++)
			for (size_t k = 0; k < names->deferred[j].binds.count; k++)
				bound[names->deferred[j].binds.items[k]] = true;
	}
	return bound;
}

/* The reason that speaks of the name, or null. */
static const struct reason *reason_of(const struct cell_status *status, symbol name)
{
	for (size_t i = 0; i < status->reason_count; i++)
		if (status->reasons[i].name == name)
			return &status->reasons[i];
	return NULL;
}

static bool has_run(const struct cell_status *status)
{
	return status->status != STATUS_NOT_RUN;
}

/* What a NameError from the top comes from. */
enum missing { MISSING_UNDEFINED, MISSING_DELETED, MISSING_LOST };

/* For each error of the report, whether a cell above certainly deleted the name. */
static const bool *find_deleted(const struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	const struct playback *file = report->from_top;
	bool *deleted = arena_array(finder->arena, report->error_count + 1, sizeof *deleted);
	bool *is_gone = arena_array(finder->arena, symbols_count(finder->evidence->symbols) + 1, sizeof *is_gone);
	size_t at = 0; /* errors stand in the order of the cells */
	for (size_t i = 0; i < file->runs.count; i++) {
		const struct played_run *run = &file->runs.items[i];
		for (; at < report->error_count && report->errors[at].cell <= run->run->cell; at++)
			deleted[at] = is_gone[report->errors[at].name];
		for (size_t j = 0; j < run->result->writes.count; j++) {
			const struct replay_write *write = &run->result->writes.items[j];
			is_gone[write->name] = write->kind == WRITE_DELETE && write->level == LEVEL_CERTAIN;
		}
	}
	return deleted;
}

/* NameErrors from the top. A name that no cell binds, though the cell had it when it ran, is a lost definition. */
static void check_run_all(struct finder *finder, enum missing wanted)
{
	const struct status_report *report = finder->evidence->status;
	if (report->error_count == 0)
		return;
	const bool *deleted = find_deleted(finder), *bound = find_bound(finder);
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		const struct cell_status *status = &report->cells[error->cell - 1];
		bool is_lost = has_run(status) && !status->error && !bound[error->name];
		enum missing missing = is_lost ? MISSING_LOST : deleted[i] ? MISSING_DELETED : MISSING_UNDEFINED;
		if (!error->must || missing != wanted)
			continue;
		const struct reason *reason = reason_of(status, error->name);
		if (reason)
			finder_add(finder, CERTAIN, error->cell, error->line, "%.*s", SLICE_FORMAT(reason->why));
		else
			finder_add(finder, CERTAIN, error->cell, error->line, "`%.*s` is not defined here from the top.",
			           SLICE_FORMAT(name_of(finder, error->name)));
	}
}

void rule_undefined_on_rerun(struct finder *finder)
{
	check_run_all(finder, MISSING_UNDEFINED);
}

void rule_deleted_name(struct finder *finder)
{
	check_run_all(finder, MISSING_DELETED);
}

void rule_lost_definition(struct finder *finder)
{
	check_run_all(finder, MISSING_LOST);
}

void rule_stale_result(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct cell_status *status = &report->cells[i];
		if (status->status == STATUS_STALE && status->reason_count)
			finder_add(finder, status->certainty, status->cell, 0, "%.*s", SLICE_FORMAT(status->reasons[0].why));
	}
}

void rule_mixed_sessions(struct finder *finder)
{
	const struct log *log = finder->evidence->status->log;
	if (log->session_count < 2)
		return;
	finder_add(finder, log->sessions_assumed ? LIKELY : CERTAIN, 0, 0,
	           "The results come from %u sessions of the kernel: no one session held all of them.", log->session_count);
}

void rule_not_run(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	bool any_ran = false;
	for (size_t i = 0; i < report->cell_count && !any_ran; i++)
		any_ran = has_run(&report->cells[i]);
	for (size_t i = 0; any_ran && i < report->cell_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		if (!has_run(&report->cells[i]) && slice_trim(cell->source).length)
			finder_add(finder, CERTAIN, cell->number, 0,
			           cell->output_count ? "This cell has outputs and no count: it ran, and its count was cleared."
			                              : "This cell has never run, or its count was cleared.");
	}
}

void rule_history_reference(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->history_reads.count; j++)
			finder_add(finder, CERTAIN, i + 1, 0,
			           "`%.*s` is an earlier result by its place in the session: run out of turn, it is another.",
			           SLICE_FORMAT(name_of(finder, names->history_reads.items[j])));
	}
}

/* Whether a result can be no result of the cell as it stands: no expression is there to show. */
static bool shows_nothing(const struct finder *finder, size_t cell)
{
	const struct effects *effects = finder->evidence->effects[cell - 1];
	struct cell_metadata metadata;
	if (!cell_metadata_load(finder->evidence->notebook, finder->arena, finder->evidence->notebook->code[cell - 1],
	                        &metadata) ||
	    metadata.is_block)
		return false;
	if (!effects->is_python || effects->cell_magic.length || effects->program->has_magic ||
	    effects->module->has_error || effects->names->opaque_count)
		return false;
	struct arena *scratch = arena_child(finder->arena);
	struct program_events events = program_open(scratch, effects->program);
	bool found = false;
	for (uint32_t i = 0; i < effects->program->event_count && !found; i++)
		found = events.items[i].kind == EVENT_DISPLAY;
	arena_free(scratch);
	return !found;
}

/* Whether the notebook may have IPython show other values than those of last expressions. */
static bool shows_more(const struct finder *finder)
{
	struct slice option = SLICE("ast_node_interactivity");
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		struct slice source = finder->evidence->notebook->code[i]->source;
		if (slice_contains(source, option))
			return true;
	}
	return false;
}

static void check_outputs(struct finder *finder, const struct cell *cell, bool may_show_more)
{
	for (size_t i = 0; i < cell->output_count; i++) {
		const struct output *output = &cell->outputs[i];
		if (output->type != OUTPUT_EXECUTE_RESULT)
			continue;
		if (output->execution_count != NO_COUNT && cell->execution_count != NO_COUNT &&
		    output->execution_count != cell->execution_count)
			finder_add(
			    finder, CERTAIN, cell->number, 0,
			    "The saved result is of the run [%lld], but the cell counts [%lld]: the file was merged or edited.",
			    (long long)output->execution_count, (long long)cell->execution_count);
		else if (!may_show_more && shows_nothing(finder, cell->number))
			finder_add(finder, LIKELY, cell->number, 0,
			           "The saved result is a value, but no line of the cell shows one: the cell was edited since.");
		else
			continue;
		return;
	}
}

void rule_edited_after_run(struct finder *finder)
{
	const struct evidence *evidence = finder->evidence;
	const struct playback *played = evidence->status->execution;
	bool may_show_more = shows_more(finder);
	for (size_t i = 0; i < evidence->notebook->code_count; i++) {
		const struct cell *cell = evidence->notebook->code[i];
		size_t last = played->last_of_cell[cell->number];
		const struct run *run = last ? played->runs.items[last - 1].run : NULL;
		if (run && run->edited)
			finder_add(finder, CERTAIN, cell->number, 0,
			           "What ran as [%lld] was another source than this: what is saved of it shows lines, or a hash, "
			           "that the cell does not have.",
			           (long long)run->count);
		else if (run && run->effects && run->known == KNOWN_RECORDED &&
		         !effects_same_code(run->effects, evidence->effects[i]))
			finder_add(finder, CERTAIN, cell->number, 0,
			           "What ran as [%lld] was another source than this: the history has it as it was.",
			           (long long)run->count);
		else
			check_outputs(finder, cell, may_show_more);
	}
}
