/* The forms of a check that are no JSON. Each writes one file's findings as they come. */
#include <inttypes.h>

#include "base/printable.h"
#include "report/check.h"
#include "report/markup.h"

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
		                   finding->rule->code, severity_name(finding->severity));
		add_certainty(out, finding);
		builder_add_format(out, ": %.*s\n", SLICE_FORMAT(finding->message));
	}
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
	struct slice path = printable(out->arena, file->path);
	if (file->failure.length) {
		builder_add_string(out, "::error file=");
		add_command_text(out, path, true);
		builder_add_string(out, ",title=This notebook could not be read::");
		add_command_text(out, printable(out->arena, file->failure), false);
		builder_add_byte(out, '\n');
	}
	for (size_t i = 0; i < file->count; i++) {
		const struct check_finding *finding = &file->findings[i];
		const struct file_region *region = &finding->region;
		builder_add_format(out, "::%s file=", commands[check_severity(finding)]);
		add_command_text(out, path, true);
		builder_add_format(out, ",line=%" PRIu64, region->line);
		/* Columns are refused where an annotation spans lines. */
		if (region->end_line != region->line)
			builder_add_format(out, ",endLine=%" PRIu64, region->end_line);
		else if (region->column)
			builder_add_format(out, ",col=%" PRIu64 ",endColumn=%" PRIu64, region->column, region->end_column);
		builder_add_format(out, ",title=%s %s", finding->rule->code, finding->rule->name);
		if (finding->cell)
			builder_add_format(out, " (cell %zu)", finding->cell);
		builder_add_string(out, "::");
		add_command_text(out, finding->message, false);
		builder_add_byte(out, '\n');
	}
}

/* JUnit. */

static void junit_begin(struct check_document *document)
{
	builder_add_string(document->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nbscope\">\n");
}

static void junit_failure(struct builder *out, struct slice path, struct slice failure)
{
	builder_add_string(out, "<testcase name=\"read\" classname=\"");
	escape_html(out, path);
	builder_add_string(out, "\"><error message=\"");
	escape_html(out, failure);
	builder_add_string(out, "\"/></testcase>\n");
}

static void junit_finding(struct builder *out, struct slice path, const struct check_finding *finding)
{
	builder_add_format(out, "<testcase name=\"%s %s, cell %zu, line %" PRIu32 "\" classname=\"", finding->rule->code,
	                   finding->rule->name, finding->cell, finding->line);
	escape_html(out, path);
	builder_add_string(out, "\">");
	/* Whoever reads this calls a build broken that has failures: what fails no check is none. */
	if (finding->fails)
		builder_add_format(out, "<failure type=\"%s\" message=\"", severity_name(finding->severity));
	else
		builder_add_format(out, "<skipped message=\"%s: ", severity_name(finding->severity));
	escape_html(out, finding->message);
	builder_add_string(out, "\">");
	escape_html(out, path);
	builder_add_format(out, ":%" PRIu64 "</%s></testcase>\n", finding->region.line,
	                   finding->fails ? "failure" : "skipped");
}

static void junit_file(struct check_document *document, const struct check_file *file)
{
	struct builder *out = document->out;
	struct slice path = printable(out->arena, file->path);
	bool has_failed = file->failure.length > 0, is_clean = file->count == 0 && !has_failed;
	size_t failures = 0;
	for (size_t i = 0; i < file->count; i++)
		failures += file->findings[i].fails;
	builder_add_string(out, "<testsuite name=\"");
	escape_html(out, path);
	builder_add_string(out, "\" file=\"");
	escape_html(out, path);
	builder_add_format(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"%zu\">\n",
	                   file->count + has_failed + is_clean, failures, has_failed, file->count - failures);
	if (has_failed)
		junit_failure(out, path, file->failure);
	if (is_clean) {
		builder_add_string(out, "<testcase name=\"nothing found\" classname=\"");
		escape_html(out, path);
		builder_add_string(out, "\"/>\n");
	}
	for (size_t i = 0; i < file->count; i++)
		junit_finding(out, path, &file->findings[i]);
	builder_add_string(out, "</testsuite>\n");
}

static void junit_end(struct check_document *document)
{
	builder_add_string(document->out, "</testsuites>\n");
}

/* Markdown, for the comment on a pull request. */

/* A sentence as one field of a table, which a bar would end, even one in code. */
static void add_field(struct builder *out, struct slice sentence)
{
	struct builder text = {.arena = out->arena};
	escape_markdown_sentence(&text, sentence);
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '|' && (i == 0 || text.bytes[i - 1] != '\\'))
			builder_add_byte(out, '\\');
		builder_add_byte(out, text.bytes[i]);
	}
}

static void markdown_file(struct check_document *document, const struct check_file *file)
{
	struct builder *out = document->out;
	if (!file->count && !file->failure.length)
		return;
	builder_add_string(out, "### ");
	escape_markdown(out, file->path);
	builder_add_string(out, "\n\n");
	if (file->failure.length) {
		builder_add_string(out, "This notebook could not be read: ");
		escape_markdown(out, file->failure);
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
		                   severity_name(finding->severity));
		add_certainty(out, finding);
		builder_add_string(out, " | ");
		add_field(out, finding->message);
		builder_add_string(out, " |\n");
	}
	builder_add_byte(out, '\n');
}

static void markdown_end(struct check_document *document)
{
	check_summary(document, document->out);
}

static const struct check_form text_form = {"text", NULL, text_file, NULL};
static const struct check_form github_form = {"github", NULL, github_file, NULL};
static const struct check_form junit_form = {"junit", junit_begin, junit_file, junit_end};
static const struct check_form markdown_form = {"markdown", NULL, markdown_file, markdown_end};

static const struct check_form *const forms[] = {
    &text_form,   &check_form_json,   &check_form_ndjson, &check_form_sarif,
    &github_form, &check_form_gitlab, &junit_form,        &markdown_form,
};

const struct check_form *check_form_find(struct slice name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (slice_equal(name, slice_of(forms[i]->name)))
			return forms[i];
	return NULL;
}
