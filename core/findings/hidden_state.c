/* What the saved results rest on that the file does not hold. All of it is the judgement
 * of flow/status.h, said as findings. */
#include "findings/finder.h"

static struct slice name_of(const struct finder *finder, symbol name)
{
	return symbols_name(finder->evidence->symbols, name);
}

/* Whether no cell of the file binds the name, not even in code that runs later. */
static bool is_bound_nowhere(const struct finder *finder, symbol name)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		if (!names)
			continue;
		if (name_list_has(&names->binds, name))
			return false;
		for (size_t j = 0; j < names->deferred_count; j++)
			if (name_list_has(&names->deferred[j].binds, name))
				return false;
	}
	return true;
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

/* A NameError from the top. A name that no cell binds, though the cell had it when it ran, is a lost definition. */
static void check_run_all(struct finder *finder, bool lost)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		const struct cell_status *status = &report->cells[error->cell - 1];
		bool is_lost = has_run(status) && !status->error && is_bound_nowhere(finder, error->name);
		if (!error->must || is_lost != lost)
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
	check_run_all(finder, false);
}

void rule_lost_definition(struct finder *finder)
{
	check_run_all(finder, true);
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
			finder_add(finder, CERTAIN, cell->number, 0, "This cell has never run, or its count was cleared.");
	}
}

void rule_history_reference(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->history_reads.count; j++)
			finder_add(finder, CERTAIN, i + 1, 0,
			           "`%.*s` is an earlier result by its place in the session; another run gives it another meaning.",
			           SLICE_FORMAT(name_of(finder, names->history_reads.items[j])));
	}
}

void rule_edited_after_run(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		for (size_t j = 0; j < cell->output_count; j++) {
			int64_t count = cell->outputs[j].execution_count;
			if (count == NO_COUNT || cell->execution_count == NO_COUNT || count == cell->execution_count)
				continue;
			finder_add(
			    finder, CERTAIN, cell->number, 0,
			    "The saved result is of the run [%lld], but the cell counts [%lld]: the file was merged or edited.",
			    (long long)count, (long long)cell->execution_count);
			break;
		}
	}
}
