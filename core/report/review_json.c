/* The review as JSON: docs/json.md documents the keys. */
#include "report/advice.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "report/review.h"

static void add_text(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_string(json, text);
}

static void add_size(struct json_writer *json, const char *key, uint64_t size)
{
	json_key(json, key);
	json_integer(json, (int64_t)size);
}

static void add_notebook(struct json_writer *json, const struct notebook *notebook)
{
	json_key(json, "notebook");
	json_begin_object(json);
	add_text(json, "language", notebook->language);
	add_text(json, "language_version", notebook->language_version);
	add_text(json, "kernel", notebook->kernel_name);
	add_text(json, "format", slice_format(json->out->arena, "%d.%d", notebook->format_major, notebook->format_minor));
	add_size(json, "cells", notebook->cell_count);
	add_size(json, "code_cells", notebook->code_count);
	add_size(json, "size", notebook->size);
	json_end_object(json);
}

static void add_summary(struct json_writer *json, const struct review *review)
{
	const struct summary *summary = &review->summary;
	json_key(json, "summary");
	json_begin_object(json);
	add_size(json, "results", summary->results);
	add_size(json, "stand", summary->stand);
	add_size(json, "stale", summary->stale);
	add_size(json, "perhaps_stale", summary->perhaps_stale);
	add_size(json, "broken", summary->broken);
	add_size(json, "unknown", summary->unknown);
	add_size(json, "not_run", summary->not_run);
	add_text(json, "verdict", review->verdict);
	json_end_object(json);
}

static void add_finding(struct json_writer *json, const struct finding *finding)
{
	json_begin_object(json);
	json_optional(json, "cell", finding->cell != 0, (int64_t)finding->cell);
	json_optional(json, "line", finding->line != 0, finding->line);
	add_text(json, "code", slice_of(finding->rule->code));
	add_text(json, "name", slice_of(finding->rule->name));
	add_text(json, "severity", slice_of(severity_name(finding->rule->severity)));
	add_text(json, "certainty", slice_of(certainty_name(finding->certainty)));
	add_text(json, "message", finding->message);
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
