/* The commands. Each reads its files one by one: what cannot be read is one line on
 * standard error and does not keep the others from being read. */
#include "tui/commands.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "flow/resolved.h"
#include "notebook/bytes.h"
#include "report/report.h"
#include "tui/ascii.h"
#include "tui/manual.h"
#include "tui/terminal.h"

static _Noreturn void out_of_memory(void *context)
{
	(void)context;
	fputs("nbscope: no memory is left\n", stderr);
	exit(EXIT_TROUBLE);
}

struct arena *command_arena(void)
{
	struct arena *arena = arena_new(out_of_memory, NULL);
	if (!arena)
		out_of_memory(NULL);
	return arena;
}

void print_problem(struct arena *arena, struct slice problem)
{
	struct slice line = printable(arena, slice_format(arena, "nbscope: %.*s", SLICE_FORMAT(problem)));
	fprintf(stderr, "%.*s\n", SLICE_FORMAT(line));
}

bool print_output(struct arena *arena, struct slice text)
{
	if (fwrite(text.bytes, 1, text.length, stdout) == text.length && fflush(stdout) == 0)
		return true;
	/* Whoever reads the pipe has seen enough, and says so by closing it. */
	if (errno != EPIPE)
		print_problem(arena, slice_format(arena, "cannot write the output: %s", strerror(errno)));
	return false;
}

unsigned output_width(const struct request *request)
{
	enum { DEFAULT_WIDTH = 80 };
	struct winsize size;
	if (request->has_width)
		return request->width;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : DEFAULT_WIDTH;
}

static void print_failure(struct arena *arena, const struct failure *failure)
{
	fprintf(stderr, "%.*s\n", SLICE_FORMAT(failure_line(arena, failure)));
}

/* Appends what is to be said of one file; false with the reason in `*failure`. */
typedef bool file_writer(struct builder *out, const struct request *request, struct slice path,
                         struct failure *failure);

/* Whether it is text for people, which their locale must be able to show. */
static bool is_text(const struct request *request)
{
	return request->format == FORMAT_TEXT && !request->has_screen && request->command != COMMAND_EXPORT;
}

/* What one file's arena gives back serves the next one, rather than the system, which would hand it out zeroed again. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

/* Writes each file's part to standard output, and gives the exit status. */
static int write_files(const struct request *request, file_writer *writer)
{
	int status = EXIT_SUCCESS;
	bool has_read_input = false, has_written = false;
	if (request->argument_count > 1)
		keep_freed_memory();
	for (size_t i = 0; i < request->argument_count; i++) {
		struct slice path = request->arguments[i];
		struct arena *arena = command_arena();
		struct builder out = {.arena = arena};
		struct failure failure = {.file = path};
		bool is_input = slice_equal(path, SLICE("-"));
		bool is_done = false;
		if (has_written && request->format == FORMAT_TEXT)
			builder_add_byte(&out, '\n');
		if (is_input && has_read_input)
			failure.message = SLICE("standard input can be read only once");
		else
			is_done = writer(&out, request, path, &failure);
		has_read_input = has_read_input || is_input;
		bool is_written = true;
		if (is_done) {
			struct slice text = builder_slice(&out);
			if (is_text(request) && !terminal_reads_utf8())
				text = ascii_text(arena, text, isatty(STDOUT_FILENO));
			is_written = print_output(arena, text);
			has_written = true;
		} else {
			print_failure(arena, &failure);
		}
		arena_free(arena);
		if (!is_done || !is_written)
			status = EXIT_TROUBLE;
		if (!is_written)
			break;
	}
	return status;
}

typedef void text_form(struct builder *out, const struct analysis *analysis, unsigned width);
typedef void json_form(struct builder *out, const struct analysis *analysis);

static struct analysis *open_analysis(struct builder *out, const struct request *request, struct slice path,
                                      struct failure *failure)
{
	return analysis_open(&(struct analysis_sources){path, request->history}, out->arena, failure);
}

static bool write_analysis(struct builder *out, const struct request *request, struct slice path,
                           struct failure *failure, text_form *text, json_form *json)
{
	struct analysis *analysis = open_analysis(out, request, path, failure);
	if (!analysis)
		return false;
	if (request->format == FORMAT_JSON)
		json(out, analysis);
	else
		text(out, analysis, output_width(request));
	analysis_close(analysis);
	return true;
}

/* GitHub takes comments of up to 65,536 characters; some is left for what others put around. */
enum { COMMENT_ROOM = 65000 };

static bool wants_colours(const struct request *request)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
	if (request->color != WHEN_AUTO)
		return request->color == WHEN_ALWAYS;
	return isatty(STDOUT_FILENO) && !(refused && *refused) && terminal && strcmp(terminal, "dumb") != 0;
}

static bool write_report(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	struct analysis *analysis = open_analysis(out, request, path, failure);
	if (!analysis)
		return false;
	switch (request->format) {
	case FORMAT_TEXT: report_text(out, analysis, output_width(request), wants_colours(request)); break;
	case FORMAT_JSON: report_json(out, analysis); break;
	case FORMAT_HTML: report_html(out, analysis); break;
	case FORMAT_MARKDOWN: report_markdown(out, analysis, COMMENT_ROOM / request->argument_count); break;
	default: break; /* the command writes no other */
	}
	analysis_close(analysis);
	return true;
}

static bool write_status(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	return write_analysis(out, request, path, failure, status_text, status_json);
}

static bool write_graph(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	struct analysis *analysis = open_analysis(out, request, path, failure);
	if (!analysis)
		return false;
	switch (request->format) {
	case FORMAT_TEXT: graph_text(out, analysis, request->orders, output_width(request)); break;
	case FORMAT_JSON: graph_json(out, analysis, request->orders); break;
	case FORMAT_DOT: graph_dot(out, analysis, request->orders); break;
	case FORMAT_MERMAID: graph_mermaid(out, analysis, request->orders); break;
	default: break; /* the command writes no other */
	}
	analysis_close(analysis);
	return true;
}

static bool write_plan(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	return write_analysis(out, request, path, failure, plan_text, plan_json);
}

static bool write_imports(struct builder *out, const struct request *request, struct slice path,
                          struct failure *failure)
{
	struct analysis *analysis = open_analysis(out, request, path, failure);
	if (!analysis)
		return false;
	if (request->format == FORMAT_JSON)
		imports_json(out, analysis);
	else
		imports_text(out, analysis);
	analysis_close(analysis);
	return true;
}

static bool write_script(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	struct analysis *analysis = open_analysis(out, request, path, failure);
	if (!analysis)
		return false;
	bool is_done = script_of_slice(out, analysis, request->result, &failure->message);
	analysis_close(analysis);
	return is_done;
}

static bool write_log(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	return write_analysis(out, request, path, failure, log_text, log_json);
}

/* The whole of a Python file as UTF-8, without a byte order mark. */
static bool read_source(struct arena *arena, struct slice path, struct slice *source, struct failure *failure)
{
	if (!bytes_load(arena, path, source, failure))
		return false;
	if (slice_starts(*source, SLICE("\xEF\xBB\xBF")))
		*source = slice_part(*source, 3, source->length);
	size_t invalid = utf8_invalid(*source);
	if (invalid == source->length)
		return true;
	struct slice before = slice_part(*source, 0, invalid);
	size_t line_start = before.length;
	while (line_start > 0 && before.bytes[line_start - 1] != '\n')
		line_start--;
	*failure = (struct failure){.file = path,
	                            .line = 1 + slice_count(before, '\n'),
	                            .column = 1 + utf8_count(slice_part(before, line_start, before.length))};
	failure->message = slice_format(arena, "byte 0x%02X is no UTF-8", (unsigned)(unsigned char)source->bytes[invalid]);
	return false;
}

static bool write_effects(struct builder *out, const struct request *request, struct slice path,
                          struct failure *failure)
{
	struct symbols *symbols = symbols_new(out->arena);
	struct effects **effects, *only;
	struct notebook *notebook = NULL;
	size_t count = 1;
	if (slice_ends(path, SLICE(".py"))) {
		struct slice source;
		if (!read_source(out->arena, path, &source, failure))
			return false;
		only = effects_of_source_names(out->arena, symbols, source, (struct parser_options){0});
		effects = &only;
	} else {
		notebook = notebook_open(out->arena, path, failure);
		if (!notebook)
			return false;
		effects = effects_of_notebook(out->arena, symbols, notebook);
		count = notebook->code_count;
		if (request->resolved)
			effects = effects_resolved(out->arena, symbols, notebook, effects);
	}
	if (request->format == FORMAT_JSON)
		effects_json(out, symbols, path, effects, count);
	else
		effects_text(out, symbols, path, effects, count, output_width(request));
	if (notebook)
		notebook_close(notebook);
	return true;
}

static bool write_screen(struct builder *out, const struct request *request, struct slice path, struct failure *failure)
{
	struct app_options app = {
	    .path = path, .history = request->history, .config = request->config, .theme = request->theme};
	return app_screen(out, &app, &request->screen, failure);
}

static int check_theme(struct slice path)
{
	struct arena *arena = command_arena();
	struct builder out = {.arena = arena};
	struct failure failure = {0};
	int status = EXIT_TROUBLE;
	if (!theme_check_file(&out, path, &failure))
		print_failure(arena, &failure);
	else if (print_output(arena, builder_slice(&out)))
		status = out.length ? EXIT_FINDINGS : EXIT_SUCCESS;
	arena_free(arena);
	return status;
}

static int run_inspect(const struct request *request)
{
	if (request->check_theme.length)
		return check_theme(request->check_theme);
	if (request->has_screen)
		return write_files(request, write_screen);
	if (!isatty(STDOUT_FILENO))
		return write_files(request, write_report);
	int status = EXIT_SUCCESS;
	for (size_t i = 0; i < request->argument_count; i++) {
		struct app_options app = {.path = request->arguments[i],
		                          .history = request->history,
		                          .config = request->config,
		                          .theme = request->theme};
		int here = app_run(&app);
		status = here > status ? here : status;
	}
	return status;
}

static int run_report(const struct request *request)
{
	return write_files(request, write_report);
}

static int run_status(const struct request *request)
{
	return write_files(request, write_status);
}

static int run_effects(const struct request *request)
{
	return write_files(request, write_effects);
}

static int run_graph(const struct request *request)
{
	return write_files(request, write_graph);
}

static int run_export(const struct request *request)
{
	return write_files(request, write_script);
}

static int run_plan(const struct request *request)
{
	return write_files(request, write_plan);
}

static int run_imports(const struct request *request)
{
	return write_files(request, write_imports);
}

static int run_log(const struct request *request)
{
	return write_files(request, write_log);
}

/* The page of each rule that is named, or the list of all. */
static int run_rules(const struct request *request)
{
	struct arena *arena = command_arena();
	struct builder out = {.arena = arena};
	int status = EXIT_SUCCESS;
	if (request->argument_count == 0 && request->format == FORMAT_JSON)
		rules_json(&out);
	else if (request->argument_count == 0)
		rules_text(&out, output_width(request));
	for (size_t i = 0; i < request->argument_count; i++) {
		const struct rule *rule = rule_find(request->arguments[i]);
		if (!rule) {
			print_problem(arena, slice_format(arena, "there is no rule \"%.*s\"", SLICE_FORMAT(request->arguments[i])));
			status = EXIT_TROUBLE;
			continue;
		}
		builder_add_string(&out, i ? "\n" : "");
		builder_add(&out, rule_page(rule));
	}
	if (!print_output(arena, builder_slice(&out)))
		status = EXIT_TROUBLE;
	arena_free(arena);
	return status;
}

static const struct manual_page *manual_page_find(struct slice name)
{
	const struct manual_page *page = manual_pages;
	while (page->name && !slice_equal(name, slice_of(page->name)))
		page++;
	return page->name ? page : NULL;
}

static int run_manual(const struct request *request)
{
	struct arena *arena = command_arena();
	struct builder out = {.arena = arena};
	int status = EXIT_SUCCESS;
	for (size_t i = 0; request->argument_count == 0 && manual_pages[i].name; i++)
		builder_add_format(&out, "%-18s%s\n", manual_pages[i].name, manual_pages[i].help);
	for (size_t i = 0; i < request->argument_count; i++) {
		const struct manual_page *page = manual_page_find(request->arguments[i]);
		if (page) {
			page->write(&out);
		} else {
			print_problem(arena, slice_format(arena, "there is no page \"%.*s\"", SLICE_FORMAT(request->arguments[i])));
			status = EXIT_TROUBLE;
		}
	}
	if (!print_output(arena, builder_slice(&out)))
		status = EXIT_TROUBLE;
	arena_free(arena);
	return status;
}

int print_help(const struct request *request, enum command_id command)
{
	struct arena *arena = command_arena();
	struct builder out = {.arena = arena};
	options_help(&out, command, output_width(request));
	bool is_written = print_output(arena, builder_slice(&out));
	arena_free(arena);
	return is_written ? EXIT_SUCCESS : EXIT_TROUBLE;
}

static int run_help(const struct request *request)
{
	if (request->argument_count == 0)
		return print_help(request, COMMAND_INSPECT);
	struct arena *arena = command_arena();
	int status = EXIT_SUCCESS;
	for (size_t i = 0; i < request->argument_count && status == EXIT_SUCCESS; i++) {
		enum command_id command = command_find(request->arguments[i]);
		if (command == COMMAND_COUNT) {
			print_problem(arena, no_such_command(arena, request->arguments[i]));
			status = EXIT_TROUBLE;
		} else if (i == 0 || print_output(arena, SLICE("\n"))) {
			status = print_help(request, command);
		} else {
			status = EXIT_TROUBLE;
		}
	}
	arena_free(arena);
	return status;
}

/* Formats. */
#define DRAWN (1u << FORMAT_DOT | 1u << FORMAT_MERMAID)
#define PAGES (1u << FORMAT_HTML | 1u << FORMAT_MARKDOWN)
#define TEXT (1u << FORMAT_TEXT)
#define JSON (1u << FORMAT_JSON)
#define CI                                                                                                             \
	(1u << FORMAT_NDJSON | 1u << FORMAT_SARIF | 1u << FORMAT_GITHUB | 1u << FORMAT_GITLAB | 1u << FORMAT_JUNIT |       \
	 1u << FORMAT_MARKDOWN)

const struct command commands[COMMAND_COUNT] = {
    [COMMAND_INSPECT] = {"", "[FILE...]", "Open notebooks in the inspector.",
                         "\"nbscope help COMMAND\" says more about a command. A file with the name of a command is "
                         "written \"./NAME\", and \"--\" ends the options. \"-\" is standard input.",
                         true, 0, run_inspect},
    [COMMAND_REPORT] =
        {"report", "FILE...", "Review each notebook: which results stand, which don't, why, and what to do.",
         "The report says where Restart & Run All would stop, explains every cell whose saved result a fresh run from "
         "the top would not give again, says what else the rules find, and what to run again or to move. As html it is "
         "a page that needs nothing else, with the cells and their outputs; as markdown it fits a comment on a pull "
         "request.",
         true, TEXT | JSON | PAGES, run_report},
    [COMMAND_STATUS] = {"status", "FILE...", "List every code cell with what is to be said of its saved result.",
                        "A result stands, is stale or broken; a cell was not run; or nothing can be known.", true,
                        TEXT | JSON, run_status},
    [COMMAND_EFFECTS] = {"effects", "FILE...", "Show the names that each cell reads, binds, changes and deletes.",
                         "A file whose name ends in .py is taken as one cell of plain Python.", true, TEXT | JSON,
                         run_effects},
    [COMMAND_LOG] =
        {"log", "FILE...", "List the runs of the cells in the order in which they happened.",
         "Runs that nothing recorded are shown as inferred where something must have run, and as lost where "
         "only a gap in the execution counts shows them.",
         true, TEXT | JSON, run_log},
    [COMMAND_CHECK] =
        {"check", "[PATH...]", "Say what a reviewer should know of each notebook, one line a finding.",
         "Of a folder all notebooks below it are looked at; without a path, those below this folder. A line is "
         "FILE:CELL:LINE: CODE SEVERITY: message. Code cells are numbered from 1; 0 is the notebook, or the cell, as a "
         "whole. The exit status is 1 when something certain is found that is severe enough. A comment `# nbscope: "
         "ignore[CODE]` takes back what is said of its line, or of the cell when it has a line to itself. A project's "
         "file .nbscope says which rules count where.",
         false, TEXT | JSON | CI, run_check},
    [COMMAND_RULES] = {"rules", "[CODE...]", "List the rules of \"check\", or explain some of them.",
                       "A rule is named by its code or its name.", false, TEXT | JSON, run_rules},
    [COMMAND_IMPORTS] =
        {"imports", "FILE...", "List what has to be installed for the imports of each notebook.",
         "The names are those of the packages on PyPI, a line each, as requirements.txt has them: \"sort -u\" makes "
         "one "
         "list of several. Left out are modules of Python, of the kernel and beside the notebook, and what a \"try\" "
         "can "
         "do without; as JSON they are there, with where each is imported and whether requirements beside the notebook "
         "name it.",
         false, TEXT | JSON, run_imports},
    [COMMAND_MERGE] = {"merge", "FILE...", "Put together what several checks wrote with --format ndjson.",
                       "So a check can be spread over many machines. The exit status is that of one check over all.",
                       true, TEXT | JSON | CI, run_merge},
    [COMMAND_CONFIG] = {"config", "[PATH...]", "Show what holds for a notebook or a folder, and where it was said.",
                        "Each line is one of a configuration: first what \"check\" makes of the rules, then what the "
                        "inspector looks like. Behind `#` stands the file and the line that says it.",
                        false, TEXT | JSON, run_config},
    [COMMAND_GRAPH] = {"graph", "FILE...", "Show who needs what from whom: the names that cells have from other cells.",
                       "Lines lead from each cell down to those that need it, first as it ran, then from top to "
                       "bottom; what one order has and the other has not is marked.",
                       true, TEXT | JSON | DRAWN, run_graph},
    [COMMAND_EXPORT] =
        {"export", "--slice CELL|NAME FILE...", "Write a Python script that makes one result again.",
         "It holds the statements that the result rests on, as they ran and in the order in which they ran. What "
         "only IPython can run is written as the calls that IPython makes, or left as a comment that says why.",
         true, 0, run_export},
    [COMMAND_PLAN] =
        {"plan", "FILE...", "Say which cells to run again so that all results stand, or how to move them.",
         "The list is the shortest one that does it, from top to bottom, in the kernel as it was left. The "
         "moves are the fewest after which a run from top to bottom gives what was saved.",
         true, TEXT | JSON, run_plan},
    [COMMAND_MANUAL] =
        {"manual", "[PAGE]", "Write a manual page for man, or a shell's completion of nbscope's commands.",
         "\"make install\" puts them where man and the shells look for them. Without a name, the pages are "
         "listed.",
         false, 0, run_manual},
    [COMMAND_HELP] = {"help", "[COMMAND...]", "Show the help of nbscope or of a command.", "", false, 0, run_help},
};
