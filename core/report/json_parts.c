#include "report/json_parts.h"

void json_begin_document(struct json_writer *json, struct slice file)
{
	json_begin_object(json);
	json_number(json, "schema", 1);
	json_text(json, "file", file);
}

void json_optional(struct json_writer *json, const char *key, bool is_known, int64_t number)
{
	json_key(json, key);
	if (is_known)
		json_integer(json, number);
	else
		json_null(json);
}

void json_error(struct json_writer *json, const struct run_error *error)
{
	json_key(json, "error");
	if (!error) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_text(json, "ename", error->ename);
	json_text(json, "evalue", error->evalue);
	json_optional(json, "line", error->line != 0, error->line);
	json_end_object(json);
}

static void write_reason(struct json_writer *json, const struct analysis *analysis, const struct reason *reason)
{
	json_begin_object(json);
	json_key(json, "name");
	if (reason->name)
		json_string(json, symbols_name(analysis->symbols, reason->name));
	else
		json_null(json);
	json_text(json, "why", reason->why);
	json_key(json, "execution");
	if (reason->execution_cell || reason->execution_count != NO_COUNT) {
		json_begin_object(json);
		json_optional(json, "cell", reason->execution_cell != 0, (int64_t)reason->execution_cell);
		json_optional(json, "count", reason->execution_count != NO_COUNT, reason->execution_count);
		json_end_object(json);
	} else {
		json_null(json);
	}
	json_key(json, "file");
	if (reason->file_cell) {
		json_begin_object(json);
		json_number(json, "cell", (int64_t)reason->file_cell);
		json_end_object(json);
	} else {
		json_null(json);
	}
	json_end_object(json);
}

static void write_cell(struct json_writer *json, const struct analysis *analysis, const struct cell_status *status)
{
	const struct cell *cell = analysis->notebook->code[status->cell - 1];
	json_begin_object(json);
	json_number(json, "cell", (int64_t)status->cell);
	json_number(json, "index", (int64_t)cell->index);
	json_optional(json, "count", cell->execution_count != NO_COUNT, cell->execution_count);
	json_text(json, "status", slice_of(status_name(status->status)));
	json_error(json, status->error);
	json_text(json, "now", slice_of(now_name(status->now)));
	json_text(json, "certainty", slice_of(certainty_name(status->certainty)));
	json_key(json, "reasons");
	json_begin_array(json);
	for (size_t i = 0; i < status->reason_count; i++)
		write_reason(json, analysis, &status->reasons[i]);
	json_end_array(json);
	json_end_object(json);
}

static void write_run_all(struct json_writer *json, const struct analysis *analysis)
{
	const struct status_report *report = analysis->status;
	json_key(json, "run_all");
	json_begin_object(json);
	json_optional(json, "stops_at", report->stops_at != 0, (int64_t)report->stops_at);
	json_key(json, "errors");
	json_begin_array(json);
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		json_begin_object(json);
		json_number(json, "cell", (int64_t)error->cell);
		json_text(json, "name", symbols_name(analysis->symbols, error->name));
		json_number(json, "line", error->line);
		json_text(json, "certainty", slice_of(error->must ? "must" : "may"));
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

void json_step(struct json_writer *json, const struct run *run)
{
	json_number(json, "step", (int64_t)run->step);
	json_optional(json, "count", run->count != NO_COUNT, run->count);
	json_optional(json, "cell", run->cell != 0, (int64_t)run->cell);
	json_text(json, "origin", slice_of(run_origin_name(run->origin)));
	json_text(json, "via", slice_of(run_source_name(run->via)));
	json_number(json, "session", run->session);
	json_number(json, "runs", run->origin == RUN_LOST ? run->lost_count : 1);
}

void json_status(struct json_writer *json, const struct analysis *analysis)
{
	json_key(json, "cells");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->status->cell_count; i++)
		write_cell(json, analysis, &analysis->status->cells[i]);
	json_end_array(json);
	write_run_all(json, analysis);
	json_key(json, "log");
	json_begin_array(json);
	for (size_t i = 0; i < analysis->log->run_count; i++) {
		json_begin_object(json);
		json_step(json, &analysis->log->runs[i]);
		json_end_object(json);
	}
	json_end_array(json);
}
