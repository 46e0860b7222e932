/* The review as JSON: docs/json.md documents the keys. */
#include "report/advice.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "report/review.h"

static void add_notebook(struct json_writer *json, const struct notebook *notebook)
{
	json_key(json, "notebook");
	json_begin_object(json);
	json_text(json, "language", notebook->language);
	json_text(json, "language_version", notebook->language_version);
	json_text(json, "kernel", notebook->kernel_name);
	json_text(json, "format", slice_format(json->out->arena, "%d.%d", notebook->format_major, notebook->format_minor));
	json_number(json, "cells", (int64_t)notebook->cell_count);
	json_number(json, "code_cells", (int64_t)notebook->code_count);
	json_number(json, "size", (int64_t)notebook->size);
	json_end_object(json);
}

static void add_summary(struct json_writer *json, const struct review *review)
{
	const struct summary *summary = &review->summary;
	json_key(json, "summary");
	json_begin_object(json);
	json_number(json, "results", (int64_t)summary->results);
	json_number(json, "stand", (int64_t)summary->stand);
	json_number(json, "stale", (int64_t)summary->stale);
	json_number(json, "perhaps_stale", (int64_t)summary->perhaps_stale);
	json_number(json, "broken", (int64_t)summary->broken);
	json_number(json, "unknown", (int64_t)summary->unknown);
	json_number(json, "not_run", (int64_t)summary->not_run);
	json_text(json, "verdict", review->verdict);
	json_end_object(json);
}

static void add_finding(struct json_writer *json, const struct finding *finding)
{
	json_begin_object(json);
	json_optional(json, "cell", finding->cell != 0, (int64_t)finding->cell);
	json_optional(json, "line", finding->line != 0, finding->line);
	json_text(json, "code", slice_of(finding->rule->code));
	json_text(json, "name", slice_of(finding->rule->name));
	json_text(json, "severity", slice_of(severity_name(finding->rule->severity)));
	json_text(json, "certainty", slice_of(certainty_name(finding->certainty)));
	json_text(json, "message", finding->message);
	json_end_object(json);
}

void report_json(struct builder *out, const struct analysis *analysis)
{
	const struct review *review = review_of(out->arena, analysis);
	struct advice advice = advice_of(out->arena, analysis);
	struct json_writer json = {.out = out};
	json_begin_document(&json, analysis->notebook->path);
	add_notebook(&json, analysis->notebook);
	add_summary(&json, review);
	json_status(&json, analysis);
	json_key(&json, "findings");
	json_begin_array(&json);
	for (size_t i = 0; i < review->findings->count; i++)
		add_finding(&json, &review->findings->items[i]);
	json_end_array(&json);
	json_key(&json, "plan");
	json_begin_object(&json);
	advice_json(&json, &advice);
	json_end_object(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
