/* A slice as a Python script. What is IPython's becomes the calls that IPython makes
 * of it, or a comment that says why not. Code is written as it stood, but for what a
 * terminal or a reader could be deceived by: such a statement is written as a string
 * that is executed. */
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "flow/slicing.h"
#include "python/magics.h"
#include "report/report.h"
#include "report/summary.h"

struct scripting {
	struct arena *arena;
	const struct analysis *analysis;
	const struct traced *traced;
	const struct slicing *slicing;
	struct builder body;
	bool uses_ipython, uses_display;
};

/* A piece of a statement that is IPython's, and the Python that stands for it. */
struct replacement {
	struct span span;
	struct slice code;
};

typedef VECTOR(struct replacement) replacement_list;

/* Comments: no text of the notebook gets out of its line. */
static void add_comment(struct builder *out, struct slice text)
{
	struct slice rest = printable_lines(out->arena, text), line;
	while (slice_next_line(&rest, &line))
		builder_add_format(out, "# %.*s\n", SLICE_FORMAT(printable(out->arena, line)));
}

/* A Python string literal, in characters that show. */
static void add_literal(struct builder *out, struct slice text)
{
	builder_add_byte(out, '\'');
	for (size_t offset = 0; offset < text.length;) {
		size_t start = offset;
		int32_t character = utf8_next(text, &offset);
		if (character == '\'' || character == '\\')
			builder_add_format(out, "\\%c", (char)character);
		else if (character == '\n')
			builder_add_string(out, "\\n");
		else if (character < 0)
			builder_add_format(out, "\\x%02x", (unsigned)(unsigned char)text.bytes[start]);
		else if (character_is_visible(character))
			builder_add(out, slice_part(text, start, offset));
		else if (character < 0x100)
			builder_add_format(out, "\\x%02x", (unsigned)character);
		else if (character < 0x10000)
			builder_add_format(out, "\\u%04x", (unsigned)character);
		else
			builder_add_format(out, "\\U%08x", (unsigned)character);
	}
	builder_add_byte(out, '\'');
}

static struct slice literal(struct arena *arena, struct slice text)
{
	struct builder out = {.arena = arena};
	add_literal(&out, text);
	return builder_slice(&out);
}

/* Whether all of a code shows as it is. */
static bool is_plain(struct slice code)
{
	for (size_t offset = 0; offset < code.length;) {
		int32_t character = utf8_next(code, &offset);
		bool shows = character == '\n' || character == '\t' || (character >= 0 && character_is_visible(character));
		if (!shows)
			return false;
	}
	return true;
}

/* Line ends as "\n", and without the indentation that the statement's first line has in the cell. */
static struct slice laid_out(struct arena *arena, struct slice source, struct span span, struct slice code)
{
	uint32_t line = span.start;
	while (line > 0 && source.bytes[line - 1] != '\n' && source.bytes[line - 1] != '\r')
		line--;
	struct slice indent = slice_part(source, line, span.start);
	if (slice_trim(indent).length)
		indent.length = 0;
	struct builder out = {.arena = arena};
	for (size_t i = 0; i < code.length; i++) {
		char byte = code.bytes[i];
		if (byte != '\n' && byte != '\r') {
			builder_add_byte(&out, byte);
			continue;
		}
		if (byte == '\r' && i + 1 < code.length && code.bytes[i + 1] == '\n')
			i++;
		builder_add_byte(&out, '\n');
		if (slice_starts(slice_part(code, i + 1, code.length), indent))
			i += indent.length;
	}
	return builder_slice(&out);
}

/* Magics. */

/* Why a magic or shell line is not run; null when it is. */
static const char *why_not(const struct magic *magic)
{
	static const char *const shows[] = {"matplotlib", "config",   "precision", "colors",
	                                    "xmode",      "autosave", "pdb",       NULL};
	static const char *const loads[] = {"load_ext", "reload_ext", "autoreload", NULL};
	static const char *const measures[] = {"timeit", "prun", "memit", "mprun", "lprun", NULL};
	static const char *const installs[] = {"pip", "conda", "mamba", NULL};
	if (magic->kind == MAGIC_HELP)
		return "it only asks for help";
	if (magic->kind == MAGIC_SHELL || magic->kind == MAGIC_SHELL_OUTPUT) {
		struct slice line = slice_trim(magic->line);
		struct slice program = slice_part(line, 0, slice_find(line, ' ', 0));
		return slice_is_one_of(program, installs) ? "it installs packages" : NULL;
	}
	if (slice_starts(magic->name, SLICE("%")))
		return "IPython refuses a cell magic that does not begin its cell";
	if (slice_is_one_of(magic->name, shows))
		return "it only sets how things are shown";
	if (slice_is_one_of(magic->name, loads))
		return "it only loads an extension of IPython";
	if (slice_is_one_of(magic->name, measures))
		return "it only measures";
	return slice_is_one_of(magic->name, installs) ? "it installs packages" : NULL;
}

/* `%cd` and `%env NAME=VALUE` as Python itself does them; empty for all others. */
static struct slice plain_equivalent(struct arena *arena, const struct magic *magic)
{
	static const char *const environment[] = {"env", "set_env", NULL};
	struct slice line = slice_trim(magic->line);
	size_t equals = slice_find(line, '=', 0);
	bool expands = slice_find(line, '{', 0) < line.length || slice_find(line, '$', 0) < line.length;
	if (magic->kind != MAGIC_LINE || line.length == 0 || expands)
		return SLICE("");
	if (slice_equal(magic->name, SLICE("cd")) && line.bytes[0] != '-' && line.bytes[0] != '~')
		return slice_format(arena, "__import__('os').chdir(%.*s)", SLICE_FORMAT(literal(arena, line)));
	if (slice_is_one_of(magic->name, environment) && equals < line.length) {
		struct slice name = slice_trim(slice_part(line, 0, equals));
		struct slice value = slice_trim(slice_part(line, equals + 1, line.length));
		return slice_format(arena, "__import__('os').environ[%.*s] = %.*s", SLICE_FORMAT(literal(arena, name)),
		                    SLICE_FORMAT(literal(arena, value)));
	}
	return SLICE("");
}

/* What IPython runs for a magic. */
static struct slice ipython_call(struct scripting *scripting, const struct magic *magic)
{
	struct builder out = {.arena = scripting->arena};
	scripting->uses_ipython = true;
	switch (magic->kind) {
	case MAGIC_SHELL: builder_add_string(&out, "get_ipython().system("); break;
	case MAGIC_SHELL_OUTPUT: builder_add_string(&out, "get_ipython().getoutput("); break;
	case MAGIC_CELL: builder_add_string(&out, "get_ipython().run_cell_magic("); break;
	default: builder_add_string(&out, "get_ipython().run_line_magic("); break;
	}
	if (magic->kind == MAGIC_CELL || magic->kind == MAGIC_LINE) {
		add_literal(&out, magic->name);
		builder_add_string(&out, ", ");
	}
	add_literal(&out, magic->line);
	if (magic->kind == MAGIC_CELL) {
		builder_add_string(&out, ", ");
		add_literal(&out, magic->body);
	}
	builder_add_byte(&out, ')');
	return builder_slice(&out);
}

/* The code for a magic inside another statement; there a comment needs a statement beside it. */
static struct slice nested_code(struct scripting *scripting, const struct magic *magic, struct slice written)
{
	struct slice plain = plain_equivalent(scripting->arena, magic);
	if (plain.length)
		return plain;
	if (!why_not(magic))
		return ipython_call(scripting, magic);
	struct slice line = printable(scripting->arena, source_first_line(written));
	return slice_format(scripting->arena, "pass  # Left out, for %s: %.*s", why_not(magic), SLICE_FORMAT(line));
}

static void collect_magics(struct scripting *scripting, struct slice source, const struct statement *statement,
                           replacement_list *found);

static void collect_list(struct scripting *scripting, struct slice source, const struct statement_list *list,
                         replacement_list *found)
{
	for (size_t i = 0; i < list->count; i++)
		collect_magics(scripting, source, list->items[i], found);
}

/* The magics in a statement and in those inside it: as deep as Python lets code be indented. */
static void collect_magics(struct scripting *scripting, struct slice source, const struct statement *statement,
                           replacement_list *found)
{
	if (statement->kind == STATEMENT_MAGIC) {
		struct slice written = slice_part(source, statement->span.start, statement->span.end);
		struct replacement replacement = {statement->span, nested_code(scripting, statement->magic, written)};
		vector_push(scripting->arena, found, replacement);
		return;
	}
	if (statement->value && statement->value->kind == EXPRESSION_MAGIC) {
		struct replacement replacement = {statement->value->span, ipython_call(scripting, statement->value->magic)};
		vector_push(scripting->arena, found, replacement);
	}
	collect_list(scripting, source, &statement->body, found);
	if (statement->kind == STATEMENT_TRY)
		for (size_t i = 0; i < statement->handlers.count; i++)
			collect_list(scripting, source, &statement->handlers.items[i].body, found);
	if (statement->kind == STATEMENT_MATCH)
		for (size_t i = 0; i < statement->cases.count; i++)
			collect_list(scripting, source, &statement->cases.items[i].body, found);
	if (statement->kind == STATEMENT_FUNCTION)
		collect_list(scripting, source, &statement->function->body, found);
	collect_list(scripting, source, &statement->orelse, found);
	collect_list(scripting, source, &statement->finally, found);
}

/* The Python of a statement that is no magic itself. */
static struct slice code_of(struct scripting *scripting, struct slice source, const struct statement *statement)
{
	replacement_list found = {0};
	struct builder code = {.arena = scripting->arena};
	collect_magics(scripting, source, statement, &found);
	uint32_t at = statement->span.start;
	for (size_t i = 0; i < found.count; i++) {
		if (found.items[i].span.start < at)
			continue;
		builder_add(&code, slice_part(source, at, found.items[i].span.start));
		builder_add(&code, found.items[i].code);
		at = found.items[i].span.end;
	}
	builder_add(&code, slice_part(source, at, statement->span.end));
	return laid_out(scripting->arena, source, statement->span, slice_trim(builder_slice(&code)));
}

/* One line of code, or one that executes it as a string. */
static struct slice as_line(struct arena *arena, struct slice code)
{
	if (is_plain(code) && slice_find(code, '\n', 0) == code.length)
		return code;
	return slice_format(arena, "exec(%.*s)", SLICE_FORMAT(literal(arena, code)));
}

static void add_code(struct scripting *scripting, struct slice code)
{
	struct builder *out = &scripting->body;
	static const struct slice display = SLICE_CONSTANT("display(");
	scripting->uses_display = scripting->uses_display || memmem(code.bytes, code.length, display.bytes, display.length);
	if (!is_plain(code)) {
		add_comment(out, SLICE("It holds characters that do not show."));
		code = as_line(scripting->arena, code);
	}
	builder_add(out, code);
	builder_add_byte(out, '\n');
}

static void add_statement(struct scripting *scripting, struct slice source, const struct sliced_statement *sliced,
                          const struct statement *node, bool shows);

/* `%%time` and `%time` change nothing about the code that they run. */
static bool add_timed(struct scripting *scripting, struct slice source, const struct sliced_statement *sliced,
                      const struct magic *magic, bool shows)
{
	if (!slice_equal(magic->name, SLICE("time")) || magic->python.count == 0)
		return false;
	for (size_t i = 0; i < magic->python.count; i++)
		add_statement(scripting, source, sliced, magic->python.items[i], shows && i + 1 == magic->python.count);
	return true;
}

static void add_magic(struct scripting *scripting, struct slice source, const struct sliced_statement *sliced,
                      const struct statement *node, bool shows)
{
	const struct magic *magic = node->magic;
	struct slice written = slice_part(source, node->span.start, node->span.end);
	struct slice plain = plain_equivalent(scripting->arena, magic);
	const char *why = why_not(magic);
	if (!why && sliced->role == SLICE_OUTSIDE)
		why = "it works outside of Python";
	if (plain.length) {
		add_code(scripting, plain);
	} else if (why) {
		struct slice text = slice_format(scripting->arena, "Left out, for %s:\n%.*s", why, SLICE_FORMAT(written));
		add_comment(&scripting->body, text);
	} else if (!add_timed(scripting, source, sliced, magic, shows)) {
		add_code(scripting, ipython_call(scripting, magic));
	}
}

/* Whether IPython would show what a last statement gives. */
static bool has_value(const struct scripting *scripting, const struct statement *node)
{
	static const char *const showing[] = {"print", "display", NULL};
	if (node->kind != STATEMENT_EXPRESSION || node->semicolon)
		return false;
	const struct expression *callee = node->value->kind == EXPRESSION_CALL ? node->value->items.items[0] : NULL;
	return !callee || callee->kind != EXPRESSION_NAME ||
	       !slice_is_one_of(symbols_name(scripting->analysis->symbols, callee->name), showing);
}

static void add_statement(struct scripting *scripting, struct slice source, const struct sliced_statement *sliced,
                          const struct statement *node, bool shows)
{
	struct arena *arena = scripting->arena;
	if (node->kind == STATEMENT_MAGIC) {
		add_magic(scripting, source, sliced, node, shows);
		return;
	}
	struct slice code = code_of(scripting, source, node);
	if (shows && has_value(scripting, node) && is_plain(code)) {
		bool is_bare = node->value->kind == EXPRESSION_TUPLE && !node->value->parenthesised;
		code = slice_format(arena,
		                    is_bare ? "__import__('sys').displayhook((%.*s))" : "__import__('sys').displayhook(%.*s)",
		                    SLICE_FORMAT(code));
	} else if (sliced->is_shown && scripting->slicing->reads_history && node->kind == STATEMENT_EXPRESSION) {
		int64_t count = scripting->traced->execution.playback->runs.items[sliced->run].run->count;
		code = slice_format(arena, "___, __, _ = __, _, (%.*s)", SLICE_FORMAT(code));
		if (count != NO_COUNT)
			code = slice_format(arena, "%.*s\n_%lld = Out[%lld] = _", SLICE_FORMAT(code), (long long)count,
			                    (long long)count);
	} else if (sliced->is_cut_short && sliced->run != scripting->slicing->target) {
		add_comment(&scripting->body,
		            SLICE("It ended with an error when it ran, and what came before the error counts."));
		code = slice_format(arena, "try:\n    %.*s\nexcept Exception:\n    pass", SLICE_FORMAT(as_line(arena, code)));
	}
	add_code(scripting, code);
}

static void add_title(struct scripting *scripting, const struct run *run)
{
	struct builder *out = &scripting->body;
	builder_add_format(out, "\n# %%%% %.*s", SLICE_FORMAT(run_count_label(scripting->arena, run)));
	if (run->cell)
		builder_add_format(out, " cell %zu", run->cell);
	else
		builder_add_string(out, " a cell that is no longer in the file");
	builder_add_string(out, run->origin == RUN_INFERRED ? ", an earlier run that is inferred\n" : "\n");
}

static bool is_future(const struct statement *node)
{
	return node->kind == STATEMENT_IMPORT_FROM && slice_equal(node->imports.module, SLICE("__future__"));
}

static void add_statements(struct scripting *scripting)
{
	const struct slicing *slicing = scripting->slicing;
	const struct playback *execution = scripting->traced->execution.playback;
	size_t run = SIZE_MAX;
	for (size_t i = 0; i < slicing->count; i++) {
		const struct sliced_statement *sliced = &slicing->statements[i];
		const struct run *played = execution->runs.items[sliced->run].run;
		bool is_last = i + 1 == slicing->count;
		if (is_future(sliced->node))
			continue;
		if (sliced->run != run)
			add_title(scripting, played);
		run = sliced->run;
		add_statement(scripting, played->effects->module->source, sliced, sliced->node,
		              is_last && sliced->run == slicing->target);
	}
	if (slicing->name) {
		struct slice name = symbols_name(scripting->analysis->symbols, slicing->name);
		builder_add_format(&scripting->body,
		                   "\n# %%%% What `%.*s` is in the end\n__import__('sys').displayhook(%.*s)\n",
		                   SLICE_FORMAT(name), SLICE_FORMAT(name));
	}
}

static void add_head(struct builder *out, const struct scripting *scripting)
{
	struct arena *arena = scripting->arena;
	const struct slicing *slicing = scripting->slicing;
	const struct symbols *symbols = scripting->analysis->symbols;
	struct slice path = scripting->analysis->notebook->path;
	struct slice what =
	    slicing->name ? slice_format(arena, "`%.*s`", SLICE_FORMAT(symbols_name(symbols, slicing->name))) : SLICE("");
	if (!slicing->name) {
		const struct run *run = scripting->traced->execution.playback->runs.items[slicing->target].run;
		what = slice_format(arena, "cell %zu %.*s", run->cell, SLICE_FORMAT(count_label(arena, run->count)));
	}
	path = printable(arena, path);
	add_comment(out, slice_format(arena, "What %.*s of %.*s rests on, in the order in which it ran.",
	                              SLICE_FORMAT(what), SLICE_FORMAT(path)));
	add_comment(out, scripting->uses_ipython ? SLICE("Run it with ipython: some of its lines are IPython's.")
	                                         : SLICE("Run it with python3."));
	for (size_t i = 0; i < slicing->lost_count; i++)
		add_comment(out, slice_format(arena, "Nothing that is known had defined `%.*s`: define it first.",
		                              SLICE_FORMAT(symbols_name(symbols, slicing->lost[i]))));
	for (size_t i = 0; i < slicing->count; i++) {
		const struct sliced_statement *sliced = &slicing->statements[i];
		const struct run *run = scripting->traced->execution.playback->runs.items[sliced->run].run;
		struct span span = sliced->node->span;
		if (is_future(sliced->node))
			builder_add_format(out, "%.*s\n",
			                   SLICE_FORMAT(slice_part(run->effects->module->source, span.start, span.end)));
	}
	if (slicing->reads_history)
		builder_add(out, SLICE("\n# What IPython keeps of the values that it shows.\n_ = __ = ___ = ''\nOut = {}\n"));
	if (scripting->uses_display)
		builder_add(
		    out, SLICE("\ntry:\n    from IPython.display import display\nexcept ImportError:\n    display = print\n"));
}

bool script_of_slice(struct builder *out, const struct analysis *analysis, struct slice what, struct slice *problem)
{
	struct arena *arena = out->arena;
	struct traced *traced = traced_new(arena, analysis->symbols, analysis->notebook, analysis->effects, analysis->log);
	struct scripting scripting = {.arena = arena, .analysis = analysis, .traced = traced, .body = {.arena = arena}};
	size_t cells = analysis->notebook->code_count, cell = 0, digits = 0;
	for (; digits < what.length && what.bytes[digits] >= '0' && what.bytes[digits] <= '9'; digits++)
		cell = cell > cells ? cell : cell * 10 + (size_t)(what.bytes[digits] - '0');
	if (what.length && digits == what.length) {
		if (cell == 0 || cell > cells)
			*problem = slice_format(arena, "there is no code cell %.*s; it has %zu", SLICE_FORMAT(what), cells);
		else if (!(scripting.slicing = slicing_of_cell(arena, traced, cell)))
			*problem = slice_format(arena, "cell %zu never ran, so it has no result", cell);
	} else {
		symbol name = symbols_find(analysis->symbols, what);
		scripting.slicing = name ? slicing_of_name(arena, traced, name) : NULL;
		if (!scripting.slicing)
			*problem = slice_format(arena, "nothing is bound to `%.*s` when all has run", SLICE_FORMAT(what));
	}
	if (!scripting.slicing)
		return false;
	add_statements(&scripting);
	add_head(out, &scripting);
	builder_add(out, builder_slice(&scripting.body));
	return true;
}
