#include "tui/manual.h"

#include <string.h>

#include "findings/finding.h"
#include "tui/actions.h"
#include "tui/config_texts.h"
#include "tui/options.h"
#include "tui/typed_commands.h"
#include "version.h"

const struct manual_page manual_pages[] = {
    {"nbscope.1", "the manual page of the program", manual_write_program},
    {"nbscope-config.5", "the manual page of the configuration", manual_write_config},
    {"bash", "completion for bash", completion_write_bash},
    {"zsh", "completion for zsh", completion_write_zsh},
    {"fish", "completion for fish", completion_write_fish},
    {0},
};

/* Text as it is, whatever it means to roff. A line never begins with a dot of ours. */
static void add_text(struct builder *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		bool begins = i == 0 || text.bytes[i - 1] == '\n';
		if (begins && (text.bytes[i] == '.' || text.bytes[i] == '\''))
			builder_add_string(out, "\\&");
		switch (text.bytes[i]) {
		case '\\': builder_add_string(out, "\\e"); break;
		case '-': builder_add_string(out, "\\-"); break;
		case '^': builder_add_string(out, "\\(ha"); break;
		case '~': builder_add_string(out, "\\(ti"); break;
		case '`': builder_add_string(out, "\\(ga"); break;
		case '\'': builder_add_string(out, "\\(aq"); break;
		case '"': builder_add_string(out, "\\(dq"); break;
		default: builder_add_byte(out, text.bytes[i]);
		}
	}
}

static void add_string(struct builder *out, const char *text)
{
	add_text(out, slice_of(text));
}

static void add_bold(struct builder *out, const char *text)
{
	builder_add_string(out, "\\fB");
	add_string(out, text);
	builder_add_string(out, "\\fR");
}

static void add_line(struct builder *out, const char *macro, const char *text)
{
	builder_add_format(out, ".%s\n", macro);
	add_string(out, text);
	builder_add_byte(out, '\n');
}

static void add_section(struct builder *out, const char *name)
{
	builder_add_format(out, ".SH %s\n", name);
}

/* What is described by the paragraph that follows. */
static void begin_item(struct builder *out)
{
	builder_add_string(out, ".TP\n");
}

static void add_option(struct builder *out, const struct option *option)
{
	begin_item(out);
	if (option->letter)
		builder_add_format(out, "\\fB\\-%c\\fR, ", option->letter);
	builder_add_string(out, "\\fB\\-\\-\\fR");
	add_bold(out, option->name);
	if (option->argument) {
		builder_add_string(out, option->without ? "[=\\fI" : " \\fI");
		add_string(out, option->argument);
		builder_add_string(out, option->without ? "\\fR]" : "\\fR");
	}
	builder_add_byte(out, '\n');
	add_string(out, option->help);
	builder_add_byte(out, '\n');
}

static void add_command(struct builder *out, enum command_id id)
{
	const struct command *command = &commands[id];
	builder_add_string(out, ".SS ");
	add_string(out, command->name);
	builder_add_byte(out, ' ');
	add_string(out, command->arguments);
	builder_add_byte(out, '\n');
	add_string(out, command->help);
	builder_add_byte(out, '\n');
	if (command->details[0])
		add_line(out, "PP", command->details);
	if (command->formats) {
		builder_add_string(out, ".PP\nFormats: ");
		add_text(out, command_formats(out->arena, command));
		builder_add_string(out, ".\n");
	}
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (i != OPTION_HELP && options[i].commands & 1u << id)
			add_option(out, &options[i]);
}

static void add_keys(struct builder *out)
{
	add_section(out, "KEYS");
	add_string(out, "A number typed before a key repeats it. Keys are written as vim writes them.\n");
	for (enum action_group group = 0; group < GROUP_TOTAL; group++) {
		builder_add_format(out, ".SS %s\n", action_group_name(group));
		for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++) {
			const struct action_definition *definition = action_definition(action);
			if (definition->group != group)
				continue;
			begin_item(out);
			add_bold(out, definition->keys);
			builder_add_byte(out, '\n');
			add_string(out, definition->help);
			builder_add_string(out, " (\\fB:");
			add_string(out, definition->name);
			builder_add_string(out, "\\fR).\n");
		}
	}
}

static void add_rules(struct builder *out)
{
	add_section(out, "RULES");
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		begin_item(out);
		add_bold(out, rule->code);
		builder_add_byte(out, ' ');
		add_string(out, rule->name);
		builder_add_format(out, " (%s)\n", severity_name(rule->severity));
		add_string(out, rule->summary);
		builder_add_byte(out, '\n');
	}
}

static void add_item(struct builder *out, const char *name, const char *text)
{
	begin_item(out);
	add_bold(out, name);
	builder_add_byte(out, '\n');
	add_string(out, text);
	builder_add_byte(out, '\n');
}

static void add_title(struct builder *out, const char *name, const char *section, const char *manual)
{
	builder_add_format(out, ".TH %s %s \"\" \"nbscope %s\" \"%s\"\n.SH NAME\n", name, section, NBSCOPE_VERSION, manual);
}

void manual_write_program(struct builder *out)
{
	add_title(out, "NBSCOPE", "1", "User Commands");
	builder_add_string(out, "nbscope \\- say which results of Jupyter notebooks still stand\n"
	                        ".SH SYNOPSIS\n.B nbscope\n.RI [ OPTION ...]\n");
	add_string(out, commands[COMMAND_INSPECT].arguments);
	builder_add_string(out, "\n.br\n.B nbscope\n.I COMMAND\n.RI [ OPTION ...]\n[FILE...]\n");
	add_section(out, "DESCRIPTION");
	add_string(out, options_introduction);
	builder_add_byte(out, '\n');
	add_line(out, "PP", commands[COMMAND_INSPECT].details);
	add_section(out, "OPTIONS OF THE INSPECTOR");
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (options[i].commands & 1u << COMMAND_INSPECT)
			add_option(out, &options[i]);
	add_section(out, "COMMANDS");
	for (enum command_id id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++)
		add_command(out, id);
	add_keys(out);
	add_section(out, "TYPED COMMANDS");
	struct typed_command_help line;
	for (size_t i = 0; (line = typed_command_help(i)).left; i++)
		add_item(out, line.left, line.right);
	add_rules(out);
	add_section(out, "EXIT STATUS");
	add_string(out, options_exit_statuses);
	builder_add_byte(out, '\n');
	add_section(out, "ENVIRONMENT");
	add_item(out, "NO_COLOR", "When it is not empty, nothing is written in colours, unless --color asks for them.");
	add_item(out, "LC_ALL, LC_CTYPE, LANG", "Where the locale is not UTF-8, signs are ASCII.");
	add_item(out, "TERM", "The kind of terminal.");
	add_item(out, "VISUAL, EDITOR", "What the inspector opens a cell in.");
	add_item(out, "XDG_CONFIG_HOME", "Where the configuration is; ~/.config by default.");
	add_section(out, "FILES");
	add_item(out, "$XDG_CONFIG_HOME/nbscope/config", "The configuration: see nbscope-config(5).");
	add_item(out, ".nbscope",
	         "What counts of what \"check\" finds in the notebooks of a project: see nbscope-config(5).");
	builder_add_string(out, ".SH SEE ALSO\n.BR nbscope\\-config (5)\n");
}

/* The comments of the configuration file as text, its lines (those too that are commented
 * out) as examples. */
static bool is_example(struct slice text)
{
	return typed_command_takes_arguments(slice_next_word(&text));
}

void manual_write_config(struct builder *out)
{
	add_title(out, "NBSCOPE\\-CONFIG", "5", "File Formats");
	builder_add_string(out, "nbscope\\-config \\- configuration of nbscope\n");
	add_section(out, "DESCRIPTION");
	struct slice rest = slice_of(config_texts[0].text), line;
	bool in_example = false;
	while (slice_next_line(&rest, &line)) {
		bool is_comment = slice_starts(line, SLICE("#"));
		struct slice text = slice_trim(slice_part(line, is_comment, line.length));
		bool begins_section = slice_starts(text, SLICE("--- "));
		bool example = text.length && !begins_section && (!is_comment || is_example(text));
		if (in_example && !example)
			builder_add_string(out, ".EE\n.RE\n");
		else if (example && !in_example)
			builder_add_string(out, ".RS\n.EX\n");
		in_example = example;
		if (begins_section) {
			size_t end = text.length;
			while (end > 0 && text.bytes[end - 1] == '-')
				end--;
			builder_add_string(out, ".SS ");
			text = slice_trim(slice_part(text, 4, end));
		} else if (text.length == 0) {
			if (is_comment)
				builder_add_string(out, ".PP\n");
			continue;
		}
		add_text(out, text);
		builder_add_byte(out, '\n');
	}
	builder_add_string(out, in_example ? ".EE\n.RE\n" : "");
	add_section(out, "RULES");
	add_string(
	    out,
	    "These lines say what counts of what \"nbscope check\" finds. They stand in the configuration, or in a file "
	    ".nbscope of the project, which then counts alone.\n");
	add_item(out, "select RULE...", "Only these rules count; several such lines add up.");
	add_item(out, "ignore RULE...", "These don\'t.");
	add_item(out, "severity RULE... SEVERITY", "They are as severe as this: error, warning or note.");
	add_item(out, "fail-on SEVERITY", "Something certain that is as severe makes the check fail; never for nothing.");
	add_item(out, "exclude PATTERN...", "These notebooks and folders are passed over.");
	add_item(out, "at PATTERN LINE", "One of the first four, for the notebooks that are meant.");
	builder_add_string(out, ".SH SEE ALSO\n.BR nbscope (1)\n");
}
