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
		json_key(&json, "certainty");
		json_string(&json, slice_of(rule->certainty));
		json_key(&json, "summary");
		json_string(&json, slice_of(rule->summary));
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
