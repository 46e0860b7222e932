/* The completions of shells. What may follow is one list of words for each place, so that
 * the three are written from the same few questions. */
#include <string.h>

#include "findings/finding.h"
#include "tui/manual.h"
#include "tui/options.h"
#include "tui/theme_texts.h"

static bool takes(enum command_id command, size_t option)
{
	return options[option].commands >> command & 1;
}

static bool has_argument(size_t option, const char *name)
{
	return options[option].argument && strcmp(options[option].argument, name) == 0;
}

/* Whether the option's value is a file. */
static bool takes_file(size_t option)
{
	return has_argument(option, "FILE") || has_argument(option, "DB") || has_argument(option, "THEME");
}

/* The words that an option's value can be, with spaces between; empty when it is free. */
static struct slice values_of(struct arena *arena, enum command_id command, size_t option)
{
	struct builder words = {.arena = arena};
	for (size_t i = 0; options[option].values && options[option].values[i]; i++)
		if (option != OPTION_FORMAT || commands[command].formats >> i & 1)
			builder_add_format(&words, " %s", options[option].values[i]);
	for (const struct rule *rule = rule_catalogue; has_argument(option, "RULES") && rule->code; rule++)
		builder_add_format(&words, " %s %s", rule->code, rule->name);
	for (size_t i = 0; has_argument(option, "THEME") && theme_texts[i].name; i++)
		builder_add_format(&words, " %s", theme_texts[i].name);
	if (option == OPTION_HISTORY)
		builder_add_string(&words, " auto");
	return slice_trim(builder_slice(&words));
}

/* What follows a command besides files; empty for files alone. */
static struct slice arguments_of(struct arena *arena, enum command_id command)
{
	struct builder words = {.arena = arena};
	for (const struct rule *rule = rule_catalogue; command == COMMAND_RULES && rule->code; rule++)
		builder_add_format(&words, " %s %s", rule->code, rule->name);
	for (size_t i = COMMAND_INSPECT + 1; (command == COMMAND_HELP || command == COMMAND_INSPECT) && i < COMMAND_COUNT;
	     i++)
		builder_add_format(&words, " %s", commands[i].name);
	for (size_t i = 0; command == COMMAND_MANUAL && manual_pages[i].name; i++)
		builder_add_format(&words, " %s", manual_pages[i].name);
	return slice_trim(builder_slice(&words));
}

/* Which files follow a command: a pattern, "*" for all, or null for none. */
static const char *files_of(enum command_id command)
{
	switch (command) {
	case COMMAND_RULES:
	case COMMAND_HELP:
	case COMMAND_MANUAL: return NULL;
	case COMMAND_MERGE: return "*";
	case COMMAND_EFFECTS: return "*.@(ipynb|py)";
	default: return "*.ipynb";
	}
}

/* Text in single quotes, for any of the shells. */
static void add_quoted(struct builder *out, struct slice text)
{
	builder_add_byte(out, '\'');
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\'')
			builder_add_string(out, "'\\''");
		else
			builder_add_byte(out, text.bytes[i]);
	}
	builder_add_byte(out, '\'');
}

static void add_quoted_string(struct builder *out, const char *text)
{
	add_quoted(out, slice_of(text));
}

/* bash: words are looked up in two `case`s, by command, and by command and option. It breaks
 * words at "=", which is joined again. Nothing of the package bash-completion is needed. */

static void add_bash_values(struct builder *out, enum command_id id)
{
	for (size_t option = 0; option < OPTION_COUNT; option++) {
		if (!takes(id, option) || !options[option].argument)
			continue;
		builder_add_format(out, "\t%s:--%s", commands[id].name, options[option].name);
		if (options[option].letter)
			builder_add_format(out, "|%s:-%c", commands[id].name, options[option].letter);
		builder_add_format(out, ") kind=%s words=", takes_file(option) ? "'*'" : "");
		add_quoted(out, values_of(out->arena, id, option));
		builder_add_string(out, " ;;\n");
	}
}

static void add_bash_command(struct builder *out, enum command_id id)
{
	const char *files = files_of(id);
	struct builder names = {.arena = out->arena};
	for (size_t option = 0; option < OPTION_COUNT; option++)
		if (takes(id, option))
			builder_add_format(&names, "%s--%s", names.length ? " " : "", options[option].name);
	builder_add_format(out, "\t'%s') kind='%s' words=", commands[id].name, files ? files : "");
	add_quoted(out, arguments_of(out->arena, id));
	builder_add_string(out, " dashed=");
	add_quoted(out, builder_slice(&names));
	builder_add_string(out, " ;;\n");
}

void completion_write_bash(struct builder *out)
{
	builder_add_string(
	    out, "# bash completion of nbscope, made by \"nbscope manual bash\"\n"
	         "_nbscope() {\n"
	         "\tlocal IFS=$' \\t\\n' word=${COMP_WORDS[COMP_CWORD]} before='' command='' kind='' words='' dashed='' i\n"
	         "\tlocal restore\n"
	         "\tCOMPREPLY=()\n"
	         "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	         "\t\tcase ${COMP_WORDS[i]} in\n"
	         "\t\t");
	for (size_t id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++)
		builder_add_format(out, "%s%s", id > COMMAND_INSPECT + 1 ? "|" : "", commands[id].name);
	builder_add_string(out, ") command=${COMP_WORDS[i]}; break ;;\n"
	                        "\t\t-*|=) ;;\n"
	                        "\t\t*) case ${COMP_WORDS[i-1]} in -*|=) ;; *) break ;; esac ;;\n"
	                        "\t\tesac\n"
	                        "\tdone\n"
	                        "\tbefore=${COMP_WORDS[COMP_CWORD-1]}\n"
	                        "\tif [ \"$word\" = = ]; then\n"
	                        "\t\tword=\n"
	                        "\telif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -gt 1 ]; then\n"
	                        "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
	                        "\tfi\n"
	                        "\tcase $command:$before in\n");
	for (enum command_id id = COMMAND_INSPECT; id < COMMAND_COUNT; id++)
		add_bash_values(out, id);
	builder_add_string(out, "\t*)\n\tcase $command in\n");
	for (enum command_id id = COMMAND_INSPECT; id < COMMAND_COUNT; id++)
		add_bash_command(out, id);
	builder_add_string(out, "\tesac ;;\n\tesac\n"
	                        "\tcase $word in -*) kind='' words=$dashed ;; esac\n"
	                        "\tIFS=$'\\n'\n"
	                        "\tCOMPREPLY=($(IFS=$' \\t\\n'; compgen -W \"$words\" -- \"$word\"))\n"
	                        "\tif [ -n \"$kind\" ]; then\n"
	                        "\t\trestore=$(shopt -p extglob)\n"
	                        "\t\tshopt -s extglob\n"
	                        "\t\tCOMPREPLY+=($(compgen -f -X \"!$kind\" -- \"$word\") $(compgen -d -- \"$word\"))\n"
	                        "\t\teval \"$restore\"\n"
	                        "\t\tcompopt -o filenames 2>/dev/null\n"
	                        "\tfi\n"
	                        "}\n"
	                        "complete -F _nbscope nbscope\n");
}

/* zsh: its own _arguments knows what an option takes. */

/* A text inside a specification of _arguments, where brackets and colons mean something. */
static struct slice zsh_text(struct arena *arena, const char *text)
{
	struct builder out = {.arena = arena};
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			builder_add_byte(&out, '\\');
		builder_add_byte(&out, *text);
	}
	return builder_slice(&out);
}

static void add_zsh_option(struct builder *out, enum command_id id, size_t option, struct slice dashed)
{
	struct builder text = {.arena = out->arena};
	struct slice values = values_of(out->arena, id, option);
	const char *link = !options[option].argument ? "" : options[option].without ? "=-" : dashed.length == 2 ? "+" : "=";
	builder_add_format(&text, "%.*s%s[%.*s]", SLICE_FORMAT(dashed), link,
	                   SLICE_FORMAT(zsh_text(out->arena, options[option].help)));
	if (options[option].argument) {
		const char *colon = options[option].without ? "::" : ":";
		builder_add_format(&text, "%s%s:", colon, options[option].argument);
		if (takes_file(option))
			builder_add_string(&text, "_files");
		else if (values.length)
			builder_add_format(&text, "(%.*s)", SLICE_FORMAT(values));
		else
			builder_add_byte(&text, ' ');
	}
	builder_add_string(out, "\t\t");
	add_quoted(out, builder_slice(&text));
	builder_add_string(out, " \\\n");
}

static void add_zsh_options(struct builder *out, enum command_id id)
{
	for (size_t option = 0; option < OPTION_COUNT; option++) {
		if (!takes(id, option))
			continue;
		add_zsh_option(out, id, option, slice_format(out->arena, "--%s", options[option].name));
		if (options[option].letter)
			add_zsh_option(out, id, option, slice_format(out->arena, "-%c", options[option].letter));
	}
}

static void add_zsh_files(struct builder *out, enum command_id id)
{
	const char *files = files_of(id);
	struct slice words = arguments_of(out->arena, id);
	if (!files)
		builder_add_format(out, "\t\t'*:argument:(%.*s)'\n", SLICE_FORMAT(words));
	else
		builder_add_format(out, "\t\t'*:file:_files -g \"%s(-.)\"'\n", id == COMMAND_EFFECTS ? "*.(ipynb|py)" : files);
}

void completion_write_zsh(struct builder *out)
{
	builder_add_string(out, "#compdef nbscope\n# zsh completion of nbscope, made by \"nbscope manual zsh\"\n"
	                        "_nbscope() {\n"
	                        "\tlocal command=${words[2]}\n"
	                        "\tlocal -a commands=(\n");
	for (size_t id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++) {
		builder_add_string(out, "\t\t");
		add_quoted(out, slice_format(out->arena, "%s:%s", commands[id].name, commands[id].help));
		builder_add_byte(out, '\n');
	}
	builder_add_string(out, "\t)\n"
	                        "\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
	                        "\t\t_describe -t commands command commands\n"
	                        "\tfi\n"
	                        "\tcase $command in\n");
	for (size_t id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++) {
		builder_add_format(
		    out,
		    "\t%s)\n\t\t(( CURRENT > 2 )) || return 0\n\t\tshift words\n\t\t(( CURRENT-- ))\n\t\t_arguments -s -S \\\n",
		    commands[id].name);
		add_zsh_options(out, (enum command_id)id);
		add_zsh_files(out, (enum command_id)id);
		builder_add_string(out, "\t\t;;\n");
	}
	builder_add_string(out, "\t*)\n\t\t_arguments -s -S \\\n");
	add_zsh_options(out, COMMAND_INSPECT);
	add_zsh_files(out, COMMAND_INSPECT);
	builder_add_string(out, "\t\t;;\n\tesac\n}\n_nbscope \"$@\"\n");
}

/* fish: a line for each word, with the condition under which it is offered. */

static void add_fish_option(struct builder *out, enum command_id id, size_t option)
{
	struct slice values = values_of(out->arena, id, option);
	if (id == COMMAND_INSPECT)
		builder_add_string(out, "complete -c nbscope -n __nbscope_has_no_command");
	else
		builder_add_format(out, "complete -c nbscope -n '__fish_seen_subcommand_from %s'", commands[id].name);
	builder_add_format(out, " -l %s", options[option].name);
	if (options[option].letter)
		builder_add_format(out, " -s %c", options[option].letter);
	if (options[option].argument && !options[option].without)
		builder_add_string(out, takes_file(option) ? " -r -F" : " -x");
	if (values.length) {
		builder_add_string(out, options[option].without ? " -f -a " : " -a ");
		add_quoted(out, values);
	}
	builder_add_string(out, " -d ");
	add_quoted_string(out, options[option].help);
	builder_add_byte(out, '\n');
}

void completion_write_fish(struct builder *out)
{
	struct slice names = arguments_of(out->arena, COMMAND_HELP);
	builder_add_format(out,
	                   "# fish completion of nbscope, made by \"nbscope manual fish\"\n"
	                   "function __nbscope_has_no_command\n"
	                   "    not __fish_seen_subcommand_from %.*s\n"
	                   "end\n",
	                   SLICE_FORMAT(names));
	for (size_t id = COMMAND_INSPECT + 1; id < COMMAND_COUNT; id++) {
		builder_add_format(out, "complete -c nbscope -n __fish_use_subcommand -a %s -d ", commands[id].name);
		add_quoted_string(out, commands[id].help);
		builder_add_byte(out, '\n');
	}
	for (enum command_id id = COMMAND_INSPECT; id < COMMAND_COUNT; id++) {
		for (size_t option = 0; option < OPTION_COUNT; option++)
			if (takes(id, option))
				add_fish_option(out, id, option);
		if (id != COMMAND_INSPECT && !files_of(id)) {
			builder_add_format(out, "complete -c nbscope -n '__fish_seen_subcommand_from %s' -f -a ",
			                   commands[id].name);
			add_quoted(out, arguments_of(out->arena, id));
			builder_add_byte(out, '\n');
		}
	}
}
