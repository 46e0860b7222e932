/* Fuzzes the whole pipeline behind the reader: effects, log, replay, status and
 * every report, on a notebook whose cells are the pieces of the input between
 * bytes 1; the byte behind each of those is the cell's count. */
#include <stddef.h>
#include <stdint.h>

#include "analysis.h"
#include "report/report.h"

static void add_source(struct builder *json, struct slice text)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];
		if (byte < 0x20 || byte == '"' || byte == '\\' || byte >= 0x7f) {
			builder_add_string(json, "\\u00");
			builder_add_byte(json, hex[byte >> 4]);
			builder_add_byte(json, hex[byte & 15]);
		} else {
			builder_add_byte(json, (char)byte);
		}
	}
}

static struct slice notebook_of(struct arena *arena, struct slice input)
{
	struct builder json = {.arena = arena};
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [");
	for (size_t at = 0; at < input.length;) {
		int count = (unsigned char)input.bytes[at] % 16;
		size_t end = slice_find(input, 1, at + 1);
		builder_add_string(&json, at ? ", " : "");
		builder_add_string(&json, "{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"execution_count\": ");
		if (count)
			builder_add_format(&json, "%d, \"source\": \"", count);
		else
			builder_add_string(&json, "null, \"source\": \"");
		add_source(&json, slice_part(input, at + 1, end));
		builder_add_string(&json, "\"}");
		at = end + 1;
	}
	builder_add_string(&json, "]}");
	return builder_slice(&json);
}

/* The scripts of the first cells; they hold no control characters but line feeds and tabs. */
static void write_scripts(struct builder *out, const struct analysis *analysis)
{
	enum { FEW = 4 };
	size_t start = out->length;
	for (size_t cell = 1; cell <= analysis->notebook->code_count && cell <= FEW; cell++) {
		struct slice problem;
		script_of_slice(out, analysis, slice_format(out->arena, "%zu", cell), &problem);
	}
	for (size_t i = start; i < out->length; i++) {
		unsigned char byte = (unsigned char)out->bytes[i];
		if (byte == 0x7f || (byte < 0x20 && byte != '\n' && byte != '\t'))
			__builtin_trap();
	}
}

/* Whether the text at `at` begins with one of our own elements. */
static bool is_element(struct slice text, size_t at)
{
	static const char *const names[] = {
	    "html", "head", "meta",  "title", "style",   "body",   "header",  "h1",       "p",
	    "main", "ol",   "li",    "a",     "h2",      "ul",     "span",    "code",     "h3",
	    "pre",  "svg",  "text",  "path",  "div",     "table",  "details", "summary",  "thead",
	    "tr",   "th",   "tbody", "td",    "article", "strong", "footer",  "!DOCTYPE", NULL};
	at += at < text.length && text.bytes[at] == '/';
	size_t end = at;
	while (end < text.length && text.bytes[end] != '>' && text.bytes[end] != ' ')
		end++;
	return slice_is_one_of(slice_part(text, at, end), names);
}

/* A page whose every element is one of ours: the source can't have made one. */
static void write_page(struct builder *out, const struct analysis *analysis)
{
	size_t start = out->length;
	bool inside = false;
	report_html(out, analysis);
	struct slice page = slice_part(builder_slice(out), start, out->length);
	for (size_t i = 0; i < page.length; i++) {
		bool opens = page.bytes[i] == '<';
		if ((opens && (inside || !is_element(page, i + 1))) || (page.bytes[i] == '>' && !inside))
			__builtin_trap();
		inside = opens || (inside && page.bytes[i] != '>');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct failure failure = {0};
	struct analysis analysis = {.arena = arena, .symbols = symbols_new(arena)};
	struct slice json = notebook_of(arena, (struct slice){(const char *)data, size});
	analysis.notebook = notebook_read(arena, SLICE("fuzz.ipynb"), json, &failure);
	if (analysis.notebook) {
		analysis.effects = effects_of_notebook(arena, analysis.symbols, analysis.notebook);
		struct log *log = log_from_notebook(arena, analysis.notebook, analysis.effects);
		analysis.status = status_of_notebook(arena, analysis.symbols, analysis.notebook, analysis.effects, log);
		analysis.log = analysis.status->log;
		struct builder out = {.arena = arena};
		report_text(&out, &analysis, 80, false);
		report_json(&out, &analysis);
		report_markdown(&out, &analysis, 65000);
		write_page(&out, &analysis);
		log_json(&out, &analysis);
		graph_text(&out, &analysis, GRAPH_BOTH, 80);
		graph_json(&out, &analysis, GRAPH_BOTH);
		graph_dot(&out, &analysis, GRAPH_BOTH);
		graph_mermaid(&out, &analysis, GRAPH_BOTH);
		plan_text(&out, &analysis, 80);
		plan_json(&out, &analysis);
		write_scripts(&out, &analysis);
		effects_json(&out, analysis.symbols, SLICE("fuzz.ipynb"), analysis.effects, analysis.notebook->code_count);
		notebook_close(analysis.notebook);
	}
	arena_free(arena);
	return 0;
}
