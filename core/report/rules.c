/* The catalogue of rules, for people and programs. */
#include "findings/finding.h"
#include "report/json_writer.h"
#include "report/paragraph.h"
#include "report/report.h"

void rules_text(struct builder *out, unsigned width)
{
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice label =
		    slice_format(out->arena, "%s  %-7s  %-19s  ", rule->code, severity_name(rule->severity), rule->name);
		paragraph_add(out, label, (unsigned)label.length, slice_of(rule->summary), width);
	}
}

void rules_json(struct builder *out)
{
	struct json_writer json = {.out = out};
	json_begin_object(&json);
	json_number(&json, "schema", 1);
	json_key(&json, "rules");
	json_begin_array(&json);
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		json_begin_object(&json);
		json_text(&json, "code", slice_of(rule->code));
		json_text(&json, "name", slice_of(rule->name));
		json_text(&json, "family", slice_of(family_name(rule->family)));
		json_text(&json, "severity", slice_of(severity_name(rule->severity)));
		json_text(&json, "certainty", slice_of(rule->certainty));
		json_text(&json, "summary", slice_of(rule->summary));
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
