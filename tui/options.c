#include "tui/options.h"

#include <string.h>

#include "base/utf8.h"
#include "findings/policy.h"
#include "history/ipython_history.h"
#include "report/paragraph.h"

#define BIT(command) (1u << (command))
/* The commands that judge a notebook, */
#define JUDGING                                                                                                        \
	(BIT(COMMAND_REPORT) | BIT(COMMAND_STATUS) | BIT(COMMAND_LOG) | BIT(COMMAND_CHECK) | BIT(COMMAND_GRAPH) |          \
	 BIT(COMMAND_PLAN) | BIT(COMMAND_EXPORT))
/* and those that write JSON too. */
#define REPORTING                                                                                                      \
	((JUDGING & ~BIT(COMMAND_EXPORT)) | BIT(COMMAND_EFFECTS) | BIT(COMMAND_RULES) | BIT(COMMAND_IMPORTS) |             \
	 BIT(COMMAND_MERGE) | BIT(COMMAND_CONFIG))
#define ALL (BIT(COMMAND_COUNT) - 1)

const char *const format_names[] = {"text",  "json",     "ndjson", "sarif", "github",  "gitlab",
                                    "junit", "markdown", "html",   "dot",   "mermaid", NULL};

/* In the order of enum graph_orders. */
static const char *const orders[] = {"both", "execution", "file", NULL};

/* In the order of enum when. */
static const char *const whens[] = {"auto", "always", "never", NULL};

const struct option options[OPTION_COUNT] = {
    [OPTION_FORMAT] = {"format", 0, "FORMAT", format_names, "Write this instead of text for people.", REPORTING},
    [OPTION_WIDTH] = {"width", 0, "COLUMNS", NULL,
                      "Break lines of text at this width; 0 breaks none. The default is the terminal's width, or 80.",
                      BIT(COMMAND_INSPECT) | (REPORTING & ~(BIT(COMMAND_CHECK) | BIT(COMMAND_CONFIG))) |
                          BIT(COMMAND_HELP)},
    [OPTION_RESOLVED] = {"resolved", 0, NULL, NULL,
                         "Add what the cells above tell: what called functions bind and change, and other names of "
                         "what is changed.",
                         BIT(COMMAND_EFFECTS)},
    [OPTION_HISTORY] = {"history", 0, "DB", NULL,
                        "Add what this history.sqlite of IPython knows of the runs; \"auto\" takes the one in its "
                        "usual place.",
                        BIT(COMMAND_INSPECT) | JUDGING},
    [OPTION_SLICE] =
        {"slice", 0, "CELL|NAME", NULL,
         "The result to reproduce: a code cell by its number, or a name for what it is bound to in the end.",
         BIT(COMMAND_EXPORT)},
    [OPTION_ORDER] = {"order", 0, "ORDER", orders,
                      "Show who needs what in the order of execution, of the file, or both (the default).",
                      BIT(COMMAND_GRAPH)},
    [OPTION_SELECT] = {"select", 0, "RULES", NULL,
                       "Look only by these rules: codes, their beginnings or names, with commas (NB1,star-import).",
                       BIT(COMMAND_CHECK) | BIT(COMMAND_CONFIG)},
    [OPTION_IGNORE] = {"ignore", 0, "RULES", NULL, "Leave out these rules.", BIT(COMMAND_CHECK) | BIT(COMMAND_CONFIG)},
    [OPTION_BASELINE] = {"baseline", 0, "FILE", NULL,
                         "Leave out what FILE holds, which an earlier check wrote with --format ndjson.",
                         BIT(COMMAND_CHECK)},
    [OPTION_FILES_FROM] = {"files-from", 0, "FILE", NULL,
                           "Look also at the files and folders that FILE names, one a line; \"-\" is standard input.",
                           BIT(COMMAND_CHECK)},
    [OPTION_NULL] = {"null", '0', NULL, NULL,
                     "With --files-from: each name ends in a NUL byte, as find -print0 has it.", BIT(COMMAND_CHECK)},
    [OPTION_JOBS] = {"jobs", 'j', "N", NULL, "Look at N notebooks at a time. The default is the number of processors.",
                     BIT(COMMAND_CHECK)},
    [OPTION_FAIL_ON] = {"fail-on", 0, "SEVERITY", fail_on_names,
                        "End with status 1 when something certain is found that is at least this severe: error (the "
                        "default), warning, note or never.",
                        BIT(COMMAND_CHECK) | BIT(COMMAND_MERGE) | BIT(COMMAND_CONFIG)},
    [OPTION_STATISTICS] = {"statistics", 0, NULL, NULL, "Say at the end how often each rule found something.",
                           BIT(COMMAND_CHECK) | BIT(COMMAND_MERGE)},
    [OPTION_CONFIG] = {"config", 0, "FILE", NULL,
                       "Read this configuration: in the inspector's place instead of $XDG_CONFIG_HOME/nbscope/config, "
                       "in \"check\" instead of the projects' .nbscope.",
                       BIT(COMMAND_INSPECT) | BIT(COMMAND_CHECK) | BIT(COMMAND_CONFIG)},
    [OPTION_THEME] = {"theme", 0, "THEME", NULL, "Draw the inspector in this theme: a built-in one's name, or a file.",
                      BIT(COMMAND_INSPECT)},
    [OPTION_CHECK_THEME] =
        {"check-theme", 0, "FILE", NULL,
         "Name every mistake in a theme file, each with its line, and end with status 1 if there is one.",
         BIT(COMMAND_INSPECT)},
    [OPTION_SCREEN] = {"screen", 0, "WxH", NULL,
                       "Write what a terminal of W columns and H rows would show, and end: 80x24.",
                       BIT(COMMAND_INSPECT)},
    [OPTION_KEYS] = {"keys", 0, "KEYS", NULL,
                     "With --screen: press these keys first, as vim writes them: jj<Enter><C-d>.",
                     BIT(COMMAND_INSPECT)},
    [OPTION_COLOR] = {"color", 0, "WHEN", whens,
                      "Write colours: auto (on a terminal, unless NO_COLOR is set; the default), always or never.",
                      BIT(COMMAND_INSPECT) | BIT(COMMAND_REPORT), "always"},
    [OPTION_SVG] = {"svg", 0, NULL, NULL, "With --screen: write an SVG picture.", BIT(COMMAND_INSPECT)},
    [OPTION_SLOTS] = {"slots", 0, NULL, NULL, "With --screen: write the text, and what each part of it is drawn as.",
                      BIT(COMMAND_INSPECT)},
    [OPTION_HELP] = {"help", 'h', NULL, NULL, "Show this help.", ALL},
    [OPTION_VERSION] = {"version", 0, NULL, NULL, "Show the version of nbscope and of its libraries.",
                        BIT(COMMAND_INSPECT)},
};

enum command_id command_find(struct slice name)
{
	for (enum command_id id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++)
		if (slice_equal(name, slice_of(commands[id].name)))
			return id;
	return COMMAND_COUNT;
}

const char *const *command_names(struct arena *arena)
{
	const char **names = arena_array(arena, COMMAND_COUNT, sizeof *names);
	for (size_t id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++)
		names[id - 1] = commands[id].name;
	return names;
}

/* Near words. */

/* How many letters to put in, leave out, change or swap with their neighbour (optimal
 * string alignment). */
static size_t edit_distance(struct arena *arena, struct slice a, struct slice b)
{
	size_t row = b.length + 1;
	size_t *cost = arena_array(arena, (a.length + 1) * row, sizeof *cost);
	for (size_t i = 0; i <= a.length; i++) {
		for (size_t j = 0; j <= b.length; j++) {
			size_t *here = &cost[i * row + j];
			if (i == 0 || j == 0) {
				*here = i + j;
				continue;
			}
			bool differs = a.bytes[i - 1] != b.bytes[j - 1];
			size_t best = here[-(ptrdiff_t)row - 1] + differs;
			if (here[-1] + 1 < best)
				best = here[-1] + 1;
			if (here[-(ptrdiff_t)row] + 1 < best)
				best = here[-(ptrdiff_t)row] + 1;
			bool swapped = i > 1 && j > 1 && a.bytes[i - 1] == b.bytes[j - 2] && a.bytes[i - 2] == b.bytes[j - 1];
			if (swapped && here[-2 * (ptrdiff_t)row - 2] + 1 < best)
				best = here[-2 * (ptrdiff_t)row - 2] + 1;
			*here = best;
		}
	}
	return cost[a.length * row + b.length];
}

const char *nearest_word(struct arena *arena, struct slice typed, const char *const *words)
{
	const char *nearest = NULL;
	size_t least = 3; /* two slips at most, and fewer in a short word */
	for (; *words; words++) {
		struct slice word = slice_of(*words);
		if (typed.length > word.length + 2)
			continue;
		bool begins = typed.length >= 3 && slice_starts(word, typed);
		size_t distance = begins ? 1 : edit_distance(arena, typed, word);
		if (distance < least && distance * 2 < word.length) {
			least = distance;
			nearest = *words;
		}
	}
	return nearest;
}

static struct slice did_you_mean(struct arena *arena, struct slice typed, const char *dashes, const char *const *words)
{
	const char *word = nearest_word(arena, typed, words);
	return word ? slice_format(arena, "; did you mean \"%s%s\"?", dashes, word) : SLICE("");
}

struct slice no_such_command(struct arena *arena, struct slice word)
{
	struct slice hint = did_you_mean(arena, word, "", command_names(arena));
	return slice_format(arena, "there is no command \"%.*s\"%.*s", SLICE_FORMAT(word), SLICE_FORMAT(hint));
}

/* Parsing. */

struct parser {
	struct arena *arena;
	struct request *request;
	struct slice *problem;
	unsigned given; /* bit 1 << enum option_id */
	VECTOR(struct slice) arguments;
};

static bool fail(struct parser *parser, struct slice problem)
{
	*parser->problem = problem;
	return false;
}

/* Reads digits only; false when the number is larger than any terminal is wide. */
static bool parse_width(struct slice text, unsigned *width)
{
	enum { WIDEST = 1000000 };
	unsigned value = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text.bytes[i] - '0');
		if (value > WIDEST)
			return false;
	}
	*width = value;
	return text.length > 0;
}

/* The index of the value among the option's words. */
static bool find_value(struct parser *parser, const struct option *option, struct slice value, size_t *index)
{
	for (*index = 0; option->values[*index]; ++*index)
		if (slice_equal(value, slice_of(option->values[*index])))
			return true;
	struct builder words = {.arena = parser->arena};
	for (size_t i = 0; option->values[i]; i++)
		builder_add_format(&words, "%s%s", i == 0 ? "" : option->values[i + 1] ? ", " : " or ", option->values[i]);
	return fail(parser, slice_format(parser->arena, "--%s is %.*s, not \"%.*s\"", option->name,
	                                 SLICE_FORMAT(builder_slice(&words)), SLICE_FORMAT(value)));
}

static bool add_rules(struct parser *parser, enum option_id id, struct selection *selection, struct slice value)
{
	struct slice stranger;
	if (selection_add(parser->arena, selection, value, &stranger))
		return true;
	return fail(parser, slice_format(parser->arena, "--%s: there is no rule \"%.*s\"", options[id].name,
	                                 SLICE_FORMAT(stranger)));
}

static struct slice joined(struct arena *arena, struct slice before, struct slice value)
{
	return before.length ? slice_format(arena, "%.*s,%.*s", SLICE_FORMAT(before), SLICE_FORMAT(value)) : value;
}

static bool set_option(struct parser *parser, enum option_id id, struct slice value)
{
	struct request *request = parser->request;
	size_t index = 0;
	if (options[id].values && !find_value(parser, &options[id], value, &index))
		return false;
	parser->given |= 1u << id;
	switch (id) {
	case OPTION_FORMAT: request->format = (enum format)index; break;
	case OPTION_WIDTH:
		request->has_width = true;
		if (!parse_width(value, &request->width))
			return fail(parser, slice_format(parser->arena, "--width is a number of columns, not \"%.*s\"",
			                                 SLICE_FORMAT(value)));
		break;
	case OPTION_SLICE: request->result = value; break;
	case OPTION_ORDER: request->orders = (enum graph_orders)index; break;
	case OPTION_RESOLVED: request->resolved = true; break;
	case OPTION_HISTORY:
		request->history = slice_equal(value, SLICE("auto")) ? ipython_history_place(parser->arena) : value;
		break;
	case OPTION_SELECT:
		request->select_text = joined(parser->arena, request->select_text, value);
		return add_rules(parser, id, &request->select, value);
	case OPTION_IGNORE:
		request->ignore_text = joined(parser->arena, request->ignore_text, value);
		return add_rules(parser, id, &request->ignore, value);
	case OPTION_BASELINE: request->baseline = value; break;
	case OPTION_FILES_FROM: request->files_from = value; break;
	case OPTION_NULL: request->ends_in_nul = true; break;
	case OPTION_JOBS:
		if (!parse_width(value, &request->jobs) || request->jobs == 0)
			return fail(parser,
			            slice_format(parser->arena, "--jobs is a number from 1, not \"%.*s\"", SLICE_FORMAT(value)));
		break;
	case OPTION_FAIL_ON:
		request->has_fail_on = true;
		request->fail_on = (unsigned)index;
		break;
	case OPTION_STATISTICS: request->statistics = true; break;
	case OPTION_CONFIG: request->config = value; break;
	case OPTION_THEME: request->theme = value; break;
	case OPTION_CHECK_THEME: request->check_theme = value; break;
	case OPTION_SCREEN:
		request->has_screen = true;
		if (!screen_size_parse(value, &request->screen.columns, &request->screen.rows))
			return fail(parser, slice_format(parser->arena, "--screen is a size like 80x24, not \"%.*s\"",
			                                 SLICE_FORMAT(value)));
		break;
	case OPTION_KEYS: request->screen.keys = value; break;
	case OPTION_COLOR: request->color = (enum when)index; break;
	case OPTION_SVG: request->screen.form = SCREEN_SVG; break;
	case OPTION_SLOTS: request->screen.form = SCREEN_SLOTS; break;
	case OPTION_HELP: request->help = true; break;
	case OPTION_VERSION: request->version = true; break;
	case OPTION_COUNT: break;
	}
	return true;
}

/* "--name", "--name=value" or "--name value"; `next` is the argument behind it, and
 * `*takes_next` whether that was its value. */
static bool parse_long(struct parser *parser, struct slice text, const char *next, bool *takes_next)
{
	size_t equals = slice_find(text, '=', 0);
	struct slice name = slice_part(text, 2, equals);
	const char *names[OPTION_COUNT + 1] = {0};
	for (size_t i = 0; i < OPTION_COUNT; i++)
		names[i] = options[i].name;
	enum option_id id = 0;
	while (id < OPTION_COUNT && !slice_equal(name, slice_of(options[id].name)))
		id++;
	if (id == OPTION_COUNT) {
		struct slice hint = did_you_mean(parser->arena, name, "--", names);
		return fail(parser, slice_format(parser->arena, "there is no option \"--%.*s\"%.*s", SLICE_FORMAT(name),
		                                 SLICE_FORMAT(hint)));
	}
	const struct option *option = &options[id];
	if (!option->argument) {
		if (equals < text.length)
			return fail(parser, slice_format(parser->arena, "--%s takes no value", option->name));
		return set_option(parser, id, SLICE(""));
	}
	if (equals < text.length)
		return set_option(parser, id, slice_part(text, equals + 1, text.length));
	if (option->without)
		return set_option(parser, id, slice_of(option->without));
	if (!next)
		return fail(parser, slice_format(parser->arena, "--%s needs a value: %s", option->name, option->argument));
	*takes_next = true;
	return set_option(parser, id, slice_of(next));
}

/* "-h", "-h0", "-j4" or "-j 4". */
static bool parse_short(struct parser *parser, struct slice text, const char *next, bool *takes_next)
{
	for (size_t i = 1; i < text.length; i++) {
		enum option_id id = 0;
		while (id < OPTION_COUNT && options[id].letter != text.bytes[i])
			id++;
		if (id == OPTION_COUNT)
			return fail(parser, slice_format(parser->arena, "there is no option \"-%.*s\"",
			                                 SLICE_FORMAT(slice_part(text, i, text.length))));
		if (!options[id].argument) {
			if (!set_option(parser, id, SLICE("")))
				return false;
			continue;
		}
		if (i + 1 < text.length)
			return set_option(parser, id, slice_part(text, i + 1, text.length));
		if (!next)
			return fail(parser,
			            slice_format(parser->arena, "-%c needs a value: %s", options[id].letter, options[id].argument));
		*takes_next = true;
		return set_option(parser, id, slice_of(next));
	}
	return true;
}

static bool has_option(const struct parser *parser, enum option_id id)
{
	return parser->given & 1u << id;
}

struct slice command_formats(struct arena *arena, const struct command *command)
{
	struct builder words = {.arena = arena};
	size_t left = 0;
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		left += command->formats >> i & 1;
	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (!(command->formats & 1u << i))
			continue;
		const char *link = words.length == 0 ? "" : left == 1 ? " or " : ", ";
		builder_add_format(&words, "%s%s", link, format_names[i]);
		left--;
	}
	return builder_slice(&words);
}

/* Whether what was said of a screen goes together. */
static bool check_screen(struct parser *parser)
{
	static const enum option_id needs_screen[] = {OPTION_KEYS, OPTION_SVG, OPTION_SLOTS};
	for (size_t i = 0; i < sizeof needs_screen / sizeof *needs_screen; i++)
		if (has_option(parser, needs_screen[i]) && !has_option(parser, OPTION_SCREEN))
			return fail(parser, slice_format(parser->arena, "--%s goes with --screen", options[needs_screen[i]].name));
	bool has_colours = has_option(parser, OPTION_SCREEN) && parser->request->color == WHEN_ALWAYS;
	if (has_colours + has_option(parser, OPTION_SVG) + has_option(parser, OPTION_SLOTS) > 1)
		return fail(parser, SLICE("--color, --svg and --slots exclude each other"));
	if (has_colours)
		parser->request->screen.form = SCREEN_ANSI;
	if (has_option(parser, OPTION_SCREEN) && parser->arguments.count > 1)
		return fail(parser, SLICE("--screen takes one file"));
	return true;
}

/* Whether the command writes the format that was asked for. */
static bool check_format(struct parser *parser)
{
	const struct command *command = &commands[parser->request->command];
	if (command->formats & 1u << parser->request->format || !has_option(parser, OPTION_FORMAT))
		return true;
	struct slice words = command_formats(parser->arena, command);
	return fail(parser, slice_format(parser->arena, "\"%s\" writes %.*s, not %s", command->name, SLICE_FORMAT(words),
	                                 format_names[parser->request->format]));
}

/* Whether the options that were given go with the command. */
static bool check_options(struct parser *parser)
{
	const struct command *command = &commands[parser->request->command];
	for (size_t id = 0; id < OPTION_COUNT; id++) {
		if (!(parser->given & 1u << id) || options[id].commands & 1u << parser->request->command)
			continue;
		if (command->name[0])
			return fail(parser,
			            slice_format(parser->arena, "\"%s\" has no option --%s", command->name, options[id].name));
		return fail(parser,
		            slice_format(parser->arena, "--%s goes with a command, like \"nbscope report\"", options[id].name));
	}
	if (has_option(parser, OPTION_NULL) && !has_option(parser, OPTION_FILES_FROM))
		return fail(parser, SLICE("--null goes with --files-from"));
	if (parser->request->format == FORMAT_HTML && parser->arguments.count > 1)
		return fail(parser, SLICE("--format html takes one file"));
	return check_format(parser) && check_screen(parser);
}

bool options_parse(struct arena *arena, int count, char *const *arguments, struct request *request,
                   struct slice *problem)
{
	*request = (struct request){.command = COMMAND_INSPECT};
	struct parser parser = {.arena = arena, .request = request, .problem = problem};
	bool only_files = false, has_word = false;
	for (int i = 1; i < count; i++) {
		struct slice text = slice_of(arguments[i]);
		bool takes_next = false;
		if (only_files || text.length < 2 || text.bytes[0] != '-') {
			enum command_id id = only_files || has_word ? COMMAND_COUNT : command_find(text);
			if (id != COMMAND_COUNT)
				request->command = id;
			else
				vector_push(arena, &parser.arguments, text);
			has_word = true;
		} else if (slice_equal(text, SLICE("--"))) {
			only_files = true;
		} else if (text.bytes[1] == '-') {
			if (!parse_long(&parser, text, i + 1 < count ? arguments[i + 1] : NULL, &takes_next))
				return false;
		} else if (!parse_short(&parser, text, i + 1 < count ? arguments[i + 1] : NULL, &takes_next)) {
			return false;
		}
		i += takes_next;
	}
	request->arguments = parser.arguments.items;
	request->argument_count = parser.arguments.count;
	if (!check_options(&parser))
		return false;
	const struct command *command = &commands[request->command];
	if (request->command == COMMAND_EXPORT && request->result.length == 0 && !request->help)
		return fail(&parser, SLICE("\"export\" needs --slice and a cell's number or a name"));
	if (command->needs_arguments && parser.arguments.count == 0 && !request->help && !request->version &&
	    request->check_theme.length == 0)
		return fail(&parser,
		            command->name[0]
		                ? slice_format(arena, "\"%s\" needs a file to read; \"-\" is standard input", command->name)
		                : SLICE("name a notebook to open; \"-\" is standard input"));
	return true;
}

/* Help. */

const char options_introduction[] =
    "Opens Jupyter notebooks in the terminal and says which of their results still stand. nbscope reads only: it never "
    "runs a notebook's code and never writes to one. Where standard output is no terminal, it prints the report "
    "instead.";

const char options_exit_statuses[] =
    "Exit status: 0 when the work was done, 1 when a check found something severe enough or a theme has mistakes, 2 "
    "when a "
    "file could not be read, the output not be written, or the command line makes no sense.";

static void add_options(struct builder *out, enum command_id command, unsigned width)
{
	builder_add(out, SLICE("\nOptions:\n"));
	for (size_t id = 0; id < OPTION_COUNT; id++) {
		const struct option *option = &options[id];
		if (command != COMMAND_INSPECT && !(option->commands & 1u << command))
			continue;
		struct builder label = {.arena = out->arena};
		if (option->letter)
			builder_add_format(&label, "  -%c, ", option->letter);
		else
			builder_add(&label, SLICE("      "));
		const char *link = !option->argument ? "" : option->without ? "[=" : " ";
		builder_add_format(&label, "--%s%s%s%s  ", option->name, link, option->argument ? option->argument : "",
		                   option->without ? "]" : "");
		paragraph_add(out, builder_slice(&label), 28, slice_of(option->help), width);
	}
}

static void add_paragraph(struct builder *out, const char *text, unsigned width)
{
	builder_add_byte(out, '\n');
	paragraph_add(out, SLICE(""), 0, slice_of(text), width);
}

void options_help(struct builder *out, enum command_id id, unsigned width)
{
	const struct command *command = &commands[id];
	if (id != COMMAND_INSPECT) {
		builder_add_format(out, "Usage: nbscope %s [OPTION...] %s\n", command->name, command->arguments);
		add_paragraph(out, command->help, width);
		if (command->details[0])
			add_paragraph(out, command->details, width);
		if (command->formats) {
			struct slice words = command_formats(out->arena, command);
			builder_add_byte(out, '\n');
			paragraph_add(out, SLICE(""), 0, slice_format(out->arena, "Formats: %.*s.", SLICE_FORMAT(words)), width);
		}
		add_options(out, id, width);
		return;
	}
	builder_add_format(out, "Usage: nbscope [OPTION...] %s\n", command->arguments);
	builder_add(out, SLICE("       nbscope COMMAND [OPTION...] FILE...\n"));
	add_paragraph(out, options_introduction, width);
	builder_add(out, SLICE("\nCommands:\n"));
	for (size_t i = COMMAND_INSPECT + 1; i < COMMAND_COUNT; i++)
		paragraph_add(out, slice_format(out->arena, "  %s  ", commands[i].name), 12, slice_of(commands[i].help), width);
	add_options(out, id, width);
	add_paragraph(out, command->details, width);
	add_paragraph(out, options_exit_statuses, width);
}
