#include "base/printable.h"
#include "report/json_writer.h"
#include "report/paragraph.h"
#include "report/report.h"

void findings_text(struct builder *out, const struct analysis *analysis)
{
	struct slice file = printable(out->arena, analysis->notebook->path);
	for (size_t i = 0; i < analysis->findings->count; i++) {
		const struct finding *finding = &analysis->findings->items[i];
		builder_add_format(out, "%.*s:%zu:%u: %s %s", SLICE_FORMAT(file), finding->cell, (unsigned)finding->line,
		                   finding->rule->code, severity_name(finding->rule->severity));
		if (finding->certainty != CERTAIN)
			builder_add_format(out, " (%s)", certainty_name(finding->certainty));
		builder_add_format(out, ": %.*s\n", SLICE_FORMAT(finding->message));
	}
}

static void add_position(struct json_writer *json, const char *key, size_t number)
{
	json_key(json, key);
	if (number)
		json_integer(json, (int64_t)number);
	else
		json_null(json);
}

void findings_json(struct builder *out, const struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->findings->count; i++) {
		const struct finding *finding = &analysis->findings->items[i];
		struct json_writer json = {.out = out};
		json_begin_object(&json);
		json_key(&json, "schema");
		json_integer(&json, 1);
		json_key(&json, "file");
		json_string(&json, analysis->notebook->path);
		add_position(&json, "cell", finding->cell);
		add_position(&json, "line", finding->line);
		json_key(&json, "code");
		json_string(&json, slice_of(finding->rule->code));
		json_key(&json, "name");
		json_string(&json, slice_of(finding->rule->name));
		json_key(&json, "severity");
		json_string(&json, slice_of(severity_name(finding->rule->severity)));
		json_key(&json, "certainty");
		json_string(&json, slice_of(certainty_name(finding->certainty)));
		json_key(&json, "message");
		json_string(&json, finding->message);
		json_end_object(&json);
		builder_add_byte(out, '\n');
	}
}

void rules_text(struct builder *out, unsigned width)
{
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice label =
		    slice_format(out->arena, "%s  %-7s  %-18s  ", rule->code, severity_name(rule->severity), rule->name);
		paragraph_add(out, label, (unsigned)label.length, slice_of(rule->summary), width);
	}
}

void rules_json(struct builder *out)
{
	struct json_writer json = {.out = out};
	json_begin_object(&json);
	json_key(&json, "schema");
	json_integer(&json, 1);
	json_key(&json, "rules");
	json_begin_array(&json);
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		json_begin_object(&json);
		json_key(&json, "code");
		json_string(&json, slice_of(rule->code));
		json_key(&json, "name");
		json_string(&json, slice_of(rule->name));
		json_key(&json, "family");
		json_string(&json, slice_of(family_name(rule->family)));
		json_key(&json, "severity");
		json_string(&json, slice_of(severity_name(rule->severity)));
		json_key(&json, "summary");
		json_string(&json, slice_of(rule->summary));
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
