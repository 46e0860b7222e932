/* The forms of a check. Each writes one file's findings as they come. */
#include <inttypes.h>

#include "base/printable.h"
#include "report/check.h"

/* Text: FILE:CELL:LINE: CODE SEVERITY: message. What could not be read is the caller's to say. */

static void add_certainty(struct builder *out, const struct check_finding *finding)
{
	if (finding->certainty != CERTAIN)
		builder_add_format(out, " (%s)", certainty_name(finding->certainty));
}

static void text_file(struct check_document *document, const struct check_file *file)
{
	struct builder *out = document->out;
	struct slice path = printable(out->arena, file->path);
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		builder_add_format(out, "%.*s:%zu:%" PRIu32 ": %s %s", SLICE_FORMAT(path), finding->cell, finding->line,
		                   finding->rule->code, severity_name(finding->rule->severity));
		add_certainty(out, finding);
		builder_add_format(out, ": %.*s\n", SLICE_FORMAT(finding->message));
	}
}

/* JSON. */

static void add_number_or_null(struct json_writer *json, const char *key, uint64_t number)
{
	json_key(json, key);
	if (number)
		json_integer(json, (int64_t)number);
	else
		json_null(json);
}

static void add_string(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, slice_of(text));
}

static void add_integer(struct json_writer *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_integer(json, (int64_t)number);
}

static struct slice fingerprint_text(struct arena *arena, const struct check_finding *finding)
{
	return slice_format(arena, "%016" PRIx64, finding->fingerprint);
}

static void add_finding(struct json_writer *json, struct slice path, const struct check_finding *finding)
{
	json_begin_object(json);
	add_integer(json, "schema", 1);
	json_key(json, "file");
	json_string(json, path);
	add_number_or_null(json, "cell", finding->cell);
	add_number_or_null(json, "line", finding->line);
	add_integer(json, "file_line", finding->file_line);
	add_string(json, "code", finding->rule->code);
	add_string(json, "name", finding->rule->name);
	add_string(json, "severity", severity_name(finding->rule->severity));
	add_string(json, "certainty", certainty_name(finding->certainty));
	json_key(json, "message");
	json_string(json, finding->message);
	json_key(json, "fingerprint");
	json_string(json, fingerprint_text(json->out->arena, finding));
	json_end_object(json);
}

/* A file in which nothing was found, or that could not be read. */
static void add_without_findings(struct json_writer *json, const struct check_file *file)
{
	json_begin_object(json);
	add_integer(json, "schema", 1);
	json_key(json, "file");
	json_string(json, file->path);
	json_key(json, "failure");
	if (file->failure.length)
		json_string(json, file->failure);
	else
		json_null(json);
	json_end_object(json);
}

static void ndjson_file(struct check_document *document, const struct check_file *file)
{
	struct json_writer json = {.out = document->out};
	for (size_t i = 0; i < file->count; i++) {
		json = (struct json_writer){.out = document->out};
		add_finding(&json, file->path, &file->findings[i]);
		builder_add_byte(document->out, '\n');
	}
	if (!file->failure.length && file->count)
		return;
	/* So that whoever puts several of these together knows that it was looked at. */
	json = (struct json_writer){.out = document->out};
	add_without_findings(&json, file);
	builder_add_byte(document->out, '\n');
}

static void json_begin(struct check_document *document)
{
	json_begin_object(&document->json);
	add_integer(&document->json, "schema", 1);
	json_key(&document->json, "findings");
	json_begin_array(&document->json);
}

static void json_file(struct check_document *document, const struct check_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		add_finding(&document->json, file->path, &file->findings[i]);
	if (file->failure.length)
		add_without_findings(&document->json, file);
}

static void json_end(struct check_document *document)
{
	struct json_writer *json = &document->json;
	json_end_array(json);
	json_key(json, "summary");
	json_begin_object(json);
	add_integer(json, "files", document->files);
	add_integer(json, "failed", document->failed);
	for (int severity = SEVERITIES; severity-- > 0;)
		add_integer(json, severity_name((enum severity)severity), document->of_severity[severity]);
	json_end_object(json);
	json_end_object(json);
	builder_add_byte(document->out, '\n');
}

/* SARIF. */

/* A path as a relative or absolute URI reference (RFC 3986). */
static struct slice uri_of(struct arena *arena, struct slice path)
{
	struct builder uri = {.arena = arena};
	for (size_t i = 0; i < path.length; i++) {
		unsigned char byte = (unsigned char)path.bytes[i];
		bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		             byte == '/' || byte == '-' || byte == '.' || byte == '_' || byte == '~';
		if (plain)
			builder_add_byte(&uri, path.bytes[i]);
		else
			builder_add_format(&uri, "%%%02X", (unsigned)byte);
	}
	return builder_slice(&uri);
}

static void add_text(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_begin_object(json);
	json_key(json, "text");
	json_string(json, text);
	json_end_object(json);
}

static void sarif_begin(struct check_document *document)
{
	struct json_writer *json = &document->json;
	json_begin_object(json);
	add_string(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	add_string(json, "version", "2.1.0");
	json_key(json, "runs");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "tool");
	json_begin_object(json);
	json_key(json, "driver");
	json_begin_object(json);
	add_string(json, "name", "nbscope");
	json_key(json, "rules");
	json_begin_array(json);
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		json_begin_object(json);
		add_string(json, "id", rule->code);
		add_string(json, "name", rule->name);
		add_text(json, "shortDescription", slice_of(rule->summary));
		json_key(json, "help");
		json_begin_object(json);
		json_key(json, "text");
		json_string(json, rule_page(rule));
		json_key(json, "markdown");
		json_string(json, rule_page(rule));
		json_end_object(json);
		json_key(json, "defaultConfiguration");
		json_begin_object(json);
		add_string(json, "level", severity_name(rule->severity));
		json_end_object(json);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_object(json);
	json_key(json, "columnKind");
	json_string(json, SLICE("unicodeCodePoints"));
	json_key(json, "results");
	json_begin_array(json);
}

static void add_location(struct json_writer *json, struct slice path, const struct check_finding *finding)
{
	json_key(json, "locations");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "physicalLocation");
	json_begin_object(json);
	json_key(json, "artifactLocation");
	json_begin_object(json);
	json_key(json, "uri");
	json_string(json, uri_of(json->out->arena, path));
	json_end_object(json);
	json_key(json, "region");
	json_begin_object(json);
	add_integer(json, "startLine", finding->file_line);
	json_end_object(json);
	json_end_object(json);
	if (finding->cell) {
		json_key(json, "logicalLocations");
		json_begin_array(json);
		json_begin_object(json);
		json_key(json, "name");
		json_string(json, slice_format(json->out->arena, "cell %zu", finding->cell));
		add_string(json, "kind", "module");
		json_end_object(json);
		json_end_array(json);
	}
	json_end_object(json);
	json_end_array(json);
}

static void sarif_file(struct check_document *document, const struct check_file *file)
{
	struct json_writer *json = &document->json;
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		json_begin_object(json);
		add_string(json, "ruleId", finding->rule->code);
		add_integer(json, "ruleIndex", (uint64_t)(finding->rule - rule_catalogue));
		/* What is not certain never fails a gate. */
		bool weaker = finding->rule->severity == SEVERITY_ERROR && finding->certainty != CERTAIN;
		add_string(json, "level", severity_name(weaker ? SEVERITY_WARNING : finding->rule->severity));
		add_text(json, "message", finding->message);
		add_location(json, file->path, finding);
		json_key(json, "partialFingerprints");
		json_begin_object(json);
		json_key(json, "nbscope/v1");
		json_string(json, fingerprint_text(json->out->arena, finding));
		json_end_object(json);
		json_key(json, "properties");
		json_begin_object(json);
		add_string(json, "certainty", certainty_name(finding->certainty));
		add_number_or_null(json, "cell", finding->cell);
		add_number_or_null(json, "line", finding->line);
		json_end_object(json);
		json_end_object(json);
	}
}

static void sarif_end(struct check_document *document)
{
	struct json_writer *json = &document->json;
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	builder_add_byte(document->out, '\n');
}

/* GitHub's workflow commands. */

static void add_command_text(struct builder *out, struct slice text, bool property)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		if (byte == '%' || byte == '\r' || byte == '\n' || (property && (byte == ':' || byte == ',')))
			builder_add_format(out, "%%%02X", (unsigned)(unsigned char)byte);
		else
			builder_add_byte(out, byte);
	}
}

static void github_file(struct check_document *document, const struct check_file *file)
{
	static const char *const commands[SEVERITIES] = {"notice", "warning", "error"};
	struct builder *out = document->out;
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		bool weaker = finding->rule->severity == SEVERITY_ERROR && finding->certainty != CERTAIN;
		builder_add_format(out, "::%s file=", commands[weaker ? SEVERITY_WARNING : finding->rule->severity]);
		add_command_text(out, printable(out->arena, file->path), true);
		builder_add_format(out, ",line=%" PRIu64 ",title=%s %s", finding->file_line, finding->rule->code,
		                   finding->rule->name);
		if (finding->cell)
			builder_add_format(out, " (cell %zu)", finding->cell);
		builder_add_string(out, "::");
		add_command_text(out, finding->message, false);
		builder_add_byte(out, '\n');
	}
}

/* GitLab's Code Quality. */

static void gitlab_begin(struct check_document *document)
{
	json_begin_array(&document->json);
}

static void gitlab_file(struct check_document *document, const struct check_file *file)
{
	static const char *const severities[SEVERITIES] = {"info", "minor", "major"};
	struct json_writer *json = &document->json;
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		json_begin_object(json);
		json_key(json, "description");
		json_string(json, finding->cell ? slice_format(json->out->arena, "%.*s (cell %zu)",
		                                               SLICE_FORMAT(finding->message), finding->cell)
		                                : finding->message);
		add_string(json, "check_name", finding->rule->name);
		json_key(json, "fingerprint");
		json_string(json, fingerprint_text(json->out->arena, finding));
		bool weaker = finding->rule->severity == SEVERITY_ERROR && finding->certainty != CERTAIN;
		add_string(json, "severity", severities[weaker ? SEVERITY_WARNING : finding->rule->severity]);
		json_key(json, "location");
		json_begin_object(json);
		json_key(json, "path");
		json_string(json, file->path);
		json_key(json, "lines");
		json_begin_object(json);
		add_integer(json, "begin", finding->file_line);
		json_end_object(json);
		json_end_object(json);
		json_end_object(json);
	}
}

static void gitlab_end(struct check_document *document)
{
	json_end_array(&document->json);
	builder_add_byte(document->out, '\n');
}

/* JUnit. */

static void add_xml(struct builder *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		switch (text.bytes[i]) {
		case '&': builder_add_string(out, "&amp;"); break;
		case '<': builder_add_string(out, "&lt;"); break;
		case '>': builder_add_string(out, "&gt;"); break;
		case '"': builder_add_string(out, "&quot;"); break;
		default: builder_add_byte(out, text.bytes[i]);
		}
	}
}

static void junit_begin(struct check_document *document)
{
	builder_add_string(document->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nbscope\">\n");
}

static void junit_file(struct check_document *document, const struct check_file *file)
{
	struct builder *out = document->out;
	struct slice path = printable(out->arena, file->path);
	size_t tests = file->count || file->failure.length ? file->count + (file->failure.length > 0) : 1;
	builder_add_string(out, "<testsuite name=\"");
	add_xml(out, path);
	builder_add_format(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\">\n", tests, file->count,
	                   file->failure.length > 0);
	if (file->failure.length) {
		builder_add_string(out, "<testcase name=\"read\"><error message=\"");
		add_xml(out, printable(out->arena, file->failure));
		builder_add_string(out, "\"/></testcase>\n");
	} else if (file->count == 0) {
		builder_add_string(out, "<testcase name=\"nothing found\"/>\n");
	}
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		builder_add_format(out, "<testcase name=\"%s %s, cell %zu, line %" PRIu32 "\" classname=\"",
		                   finding->rule->code, finding->rule->name, finding->cell, finding->line);
		add_xml(out, path);
		builder_add_format(out, "\"><failure type=\"%s\" message=\"", severity_name(finding->rule->severity));
		add_xml(out, finding->message);
		builder_add_string(out, "\"/></testcase>\n");
	}
	builder_add_string(out, "</testsuite>\n");
}

static void junit_end(struct check_document *document)
{
	builder_add_string(document->out, "</testsuites>\n");
}

/* Markdown, for the comment on a pull request. */

static void add_markdown(struct builder *out, struct slice text)
{
	/* What stands between back quotes is code already, and shows as it is but for the bar, which ends a table's field.
	 */
	bool code = false;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		if (byte == '`')
			code = !code;
		if (byte == '|' || (!code && (byte == '\\' || byte == '*' || byte == '_' || byte == '[' || byte == '<')))
			builder_add_byte(out, '\\');
		builder_add_byte(out, byte);
	}
}

static void markdown_file(struct check_document *document, const struct check_file *file)
{
	struct builder *out = document->out;
	if (!file->count && !file->failure.length)
		return;
	builder_add_string(out, "### ");
	add_markdown(out, printable(out->arena, file->path));
	builder_add_string(out, "\n\n");
	if (file->failure.length) {
		builder_add_string(out, "This notebook could not be read: ");
		add_markdown(out, printable(out->arena, file->failure));
		builder_add_string(out, ".\n\n");
	}
	if (!file->count)
		return;
	builder_add_string(out, "| cell | line | rule | severity | what |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		if (finding->cell)
			builder_add_format(out, "| %zu |", finding->cell);
		else
			builder_add_string(out, "| |");
		if (finding->line)
			builder_add_format(out, " %" PRIu32 " |", finding->line);
		else
			builder_add_string(out, " |");
		builder_add_format(out, " %s %s | %s", finding->rule->code, finding->rule->name,
		                   severity_name(finding->rule->severity));
		add_certainty(out, finding);
		builder_add_string(out, " | ");
		add_markdown(out, finding->message);
		builder_add_string(out, " |\n");
	}
	builder_add_byte(out, '\n');
}

static void markdown_end(struct check_document *document)
{
	check_summary(document, document->out);
}

static const struct check_form forms[] = {
    {"text", NULL, text_file, NULL},
    {"json", json_begin, json_file, json_end},
    {"ndjson", NULL, ndjson_file, NULL},
    {"sarif", sarif_begin, sarif_file, sarif_end},
    {"github", NULL, github_file, NULL},
    {"gitlab", gitlab_begin, gitlab_file, gitlab_end},
    {"junit", junit_begin, junit_file, junit_end},
    {"markdown", NULL, markdown_file, markdown_end},
    {0},
};

const struct check_form *check_form_find(struct slice name)
{
	for (const struct check_form *form = forms; form->name; form++)
		if (slice_equal(name, slice_of(form->name)))
			return form;
	return NULL;
}
