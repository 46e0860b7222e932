/* The forms of a check that are JSON. Each writes one file's findings as they come. */
#include <inttypes.h>

#include "base/hash.h"
#include "report/check.h"

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

static void add_finding(struct json_writer *json, struct slice path, const struct check_finding *finding)
{
	json_begin_object(json);
	add_integer(json, "schema", 1);
	json_key(json, "file");
	json_string(json, path);
	add_number_or_null(json, "cell", finding->cell);
	add_number_or_null(json, "line", finding->line);
	add_integer(json, "file_line", finding->region.line);
	add_number_or_null(json, "file_column", finding->region.column);
	add_integer(json, "file_end_line", finding->region.end_line);
	add_number_or_null(json, "file_end_column", finding->region.end_column);
	add_string(json, "code", finding->rule->code);
	add_string(json, "name", finding->rule->name);
	add_string(json, "severity", severity_name(finding->severity));
	add_string(json, "certainty", certainty_name(finding->certainty));
	json_key(json, "fails");
	json_boolean(json, finding->fails);
	json_key(json, "message");
	json_string(json, finding->message);
	json_key(json, "fingerprint");
	json_string(json, check_fingerprint(json->out->arena, finding->fingerprint));
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
	if (slice_starts(path, SLICE("/")))
		builder_add_string(&uri, "file://");
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
	const struct file_region *region = &finding->region;
	add_integer(json, "startLine", region->line);
	if (region->column) {
		add_integer(json, "startColumn", region->column);
		add_integer(json, "endLine", region->end_line);
		add_integer(json, "endColumn", region->end_column);
	}
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
	if (file->failure.length)
		vector_push(document->out->arena, &document->failures, slice_copy(document->out->arena, file->failure));
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		json_begin_object(json);
		add_string(json, "ruleId", finding->rule->code);
		add_integer(json, "ruleIndex", (uint64_t)(finding->rule - rule_catalogue));
		add_string(json, "level", severity_name(check_severity(finding)));
		add_text(json, "message", finding->message);
		add_location(json, file->path, finding);
		json_key(json, "partialFingerprints");
		json_begin_object(json);
		/* The name under which GitHub looks for it, in the form in which it writes its own. */
		json_key(json, "primaryLocationLineHash");
		struct slice digits = check_fingerprint(json->out->arena, finding->fingerprint);
		json_string(json, slice_format(json->out->arena, "%.*s:1", SLICE_FORMAT(digits)));
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
	json_key(json, "invocations");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "executionSuccessful");
	json_boolean(json, document->failed == 0);
	json_key(json, "toolExecutionNotifications");
	json_begin_array(json);
	for (size_t i = 0; i < document->failures.count; i++) {
		json_begin_object(json);
		add_string(json, "level", "error");
		add_text(json, "message", document->failures.items[i]);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	builder_add_byte(document->out, '\n');
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
		/* GitLab shows the first of those with one fingerprint, so the file is in it. */
		json_key(json, "fingerprint");
		json_string(json, check_fingerprint(json->out->arena, hash_mix(hash_bytes(file->path), finding->fingerprint)));
		add_string(json, "severity", severities[check_severity(finding)]);
		json_key(json, "location");
		json_begin_object(json);
		json_key(json, "path");
		json_string(json, file->path);
		json_key(json, "lines");
		json_begin_object(json);
		add_integer(json, "begin", finding->region.line);
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

const struct check_form check_form_json = {"json", json_begin, json_file, json_end};
const struct check_form check_form_ndjson = {"ndjson", NULL, ndjson_file, NULL};
const struct check_form check_form_sarif = {"sarif", sarif_begin, sarif_file, sarif_end};
const struct check_form check_form_gitlab = {"gitlab", gitlab_begin, gitlab_file, gitlab_end};
