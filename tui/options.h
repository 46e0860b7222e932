/* options.h - the command line: what commands and options there are, and what a
 * line of them asks for.
 *
 * Two tables say all there is to say. The parser, the help, usage errors, the
 * manual page and the shells' completions are made from them.
 *
 * To add an option: a row in options.c, a field in struct request, a case in
 * set_option(). To add a command: an id here, a row and a function in commands.c.
 */
#ifndef NBSCOPE_TUI_OPTIONS_H
#define NBSCOPE_TUI_OPTIONS_H

#include <stdbool.h>

#include "base/slice.h"
#include "findings/selection.h"
#include "report/report.h"
#include "tui/app.h"

enum command_id {
	COMMAND_INSPECT, /* no name: `nbscope FILE...` */
	COMMAND_REPORT,
	COMMAND_STATUS,
	COMMAND_EFFECTS,
	COMMAND_LOG,
	COMMAND_CHECK,
	COMMAND_RULES,
	COMMAND_IMPORTS,
	COMMAND_MERGE,
	COMMAND_CONFIG,
	COMMAND_GRAPH,
	COMMAND_PLAN,
	COMMAND_EXPORT,
	COMMAND_MANUAL,
	COMMAND_HELP,
	COMMAND_COUNT,
};

/* What a command can write; commands[] says which of them it does. */
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_NDJSON,
	FORMAT_SARIF,
	FORMAT_GITHUB,
	FORMAT_GITLAB,
	FORMAT_JUNIT,
	FORMAT_MARKDOWN,
	FORMAT_HTML,
	FORMAT_DOT,
	FORMAT_MERMAID,
	FORMAT_COUNT,
};

/* By enum format, ended by null. */
extern const char *const format_names[];

/* When to write colours: auto is on a terminal, unless NO_COLOR says otherwise. */
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What one command line asks for. */
struct request {
	enum command_id command;
	struct slice *arguments; /* the files; of `help`, the commands */
	size_t argument_count;
	bool help, version;
	enum format format;
	bool resolved;                         /* of effects */
	enum graph_orders orders;              /* of graph */
	struct slice result;                   /* of export: a cell's number, or a name */
	struct selection select, ignore;       /* of check: the rules that are wanted (none: all), and that are not */
	struct slice select_text, ignore_text; /* ... as they were written */
	struct slice baseline;                 /* of check: what an earlier one found, as NDJSON; empty for none */
	struct slice files_from;               /* of check: where more files are named; empty for nowhere */
	bool ends_in_nul;                      /* ... each ended by a NUL byte */
	unsigned jobs;                         /* of check: how many at a time; 0: as many as there are processors */
	bool has_fail_on;
	unsigned fail_on; /* of check: the least severity that gives the exit status 1; see policy.h */
	bool statistics;
	bool has_width;
	unsigned width;       /* 0: lines are not broken */
	struct slice history; /* a path, or empty */
	struct slice config, theme, check_theme;
	enum when color;
	bool has_screen;
	struct screen_options screen;
};

struct command {
	const char *name; /* empty for the inspector */
	const char *arguments;
	const char *help;    /* one sentence, for the list of commands */
	const char *details; /* more sentences, for its own help; may be empty */
	bool needs_arguments;
	unsigned formats; /* bit 1 << enum format for each that it writes; 0: it takes no --format */
	int (*run)(const struct request *request); /* returns the exit status */
};

/* By enum command_id; defined in commands.c. */
extern const struct command commands[COMMAND_COUNT];

enum option_id {
	OPTION_FORMAT,
	OPTION_WIDTH,
	OPTION_RESOLVED,
	OPTION_ORDER,
	OPTION_SLICE,
	OPTION_HISTORY,
	OPTION_SELECT,
	OPTION_IGNORE,
	OPTION_BASELINE,
	OPTION_FILES_FROM,
	OPTION_NULL,
	OPTION_JOBS,
	OPTION_FAIL_ON,
	OPTION_STATISTICS,
	OPTION_CONFIG,
	OPTION_THEME,
	OPTION_CHECK_THEME,
	OPTION_SCREEN,
	OPTION_KEYS,
	OPTION_COLOR,
	OPTION_SVG,
	OPTION_SLOTS,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT,
};

struct option {
	const char *name;          /* without the dashes */
	char letter;               /* of its short form, or 0 */
	const char *argument;      /* what to call it in the help; null for none */
	const char *const *values; /* the words that it can be, ended by null; null when it is free */
	const char *help;          /* one sentence */
	unsigned commands;         /* bit 1 << enum command_id for each command that takes it */
	const char *without;       /* its value where none is given; one that is then follows a "=" */
};

/* By enum option_id. */
extern const struct option options[OPTION_COUNT];

/* Reads the arguments of main(). False when they make no sense, with a sentence
 * in `*problem` that says why, without a full stop. What it gives lives in the
 * arena; the arguments themselves are borrowed. */
bool options_parse(struct arena *arena, int count, char *const *arguments, struct request *request,
                   struct slice *problem);

/* The word of `words` (ended by null) that was probably meant by `typed`, or null
 * when none is near. */
const char *nearest_word(struct arena *arena, struct slice typed, const char *const *words);

/* The command of that name, or COMMAND_COUNT. */
enum command_id command_find(struct slice name);

/* The names of all commands, ended by null. */
const char *const *command_names(struct arena *arena);

/* The sentence for a word that is no command, with the one that was probably meant. */
struct slice no_such_command(struct arena *arena, struct slice word);

/* What nbscope is, in a few sentences; and what its exit status says. */
extern const char options_introduction[], options_exit_statuses[];

/* The names of the formats that a command writes: "text, json or dot". */
struct slice command_formats(struct arena *arena, const struct command *command);

/* Appends the help: of the whole program for COMMAND_INSPECT. */
void options_help(struct builder *out, enum command_id id, unsigned width);

#endif
