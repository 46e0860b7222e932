/* IPython's magics, shell lines and help requests.
 *
 * Follows IPython.core.inputtransformer2 (how lines are found and joined) and
 * string.Formatter with IPython's DollarFormatter (what `{x}` and `$x` in a
 * command stand for). Which magics hold Python is in the table of magics.h. */
#include "python/parser_state.h"

#include "python/magics.h"

/* Joins the continuation lines of a magic as IPython does: each loses its
 * backslash and is followed by one blank. `*verbatim` says whether nothing changed. */
static struct slice join_lines(struct parser *parser, struct slice text, bool *verbatim)
{
	struct slice line, rest = text;
	struct builder joined = {.arena = parser->arena};
	size_t lines = 0;
	*verbatim = true;
	while (slice_next_line(&rest, &line)) {
		if (lines++)
			builder_add_byte(&joined, ' ');
		bool last = rest.length == 0;
		while (line.length && (line.bytes[line.length - 1] == ' ' || line.bytes[line.length - 1] == '\t'))
			line.length--;
		if (!last && line.length)
			line.length--;
		builder_add(&joined, line);
	}
	if (lines <= 1) {
		while (text.length && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
			text.length--;
		return text;
	}
	*verbatim = false;
	return builder_slice(&joined);
}

/* Drops the leading options of a magic's line; `options` is written as for getopt:
 * a letter, with a colon when it takes a value. */
static size_t skip_options(struct slice line, struct slice options)
{
	size_t at = 0;
	for (;;) {
		while (at < line.length && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
			at++;
		if (at + 1 >= line.length || line.bytes[at] != '-')
			return at;
		char letter = line.bytes[at + 1];
		size_t found = slice_find(options, letter, 0);
		if (letter == ':' || found >= options.length)
			return at;
		size_t word = at;
		while (at < line.length && line.bytes[at] != ' ' && line.bytes[at] != '\t')
			at++;
		if (found + 1 < options.length && options.bytes[found + 1] == ':' && at - word == 2) {
			while (at < line.length && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
				at++;
			while (at < line.length && line.bytes[at] != ' ' && line.bytes[at] != '\t')
				at++;
		}
	}
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

typedef VECTOR(struct expression *) field_vector;

static void add_field(struct parser *parser, field_vector *fields, struct slice text)
{
	text = slice_trim(text);
	if (text.length == 0)
		return;
	struct expression *field = parse_embedded_expression(parser, slice_copy(parser->arena, text), 0, false);
	if (field)
		vector_push(parser->arena, fields, field);
}

/* `$name` and `$name.attribute` in the literal text between fields, not inside
 * single quotes (counted to the end of that text), and not `$$name`. */
static void dollar_fields(struct parser *parser, field_vector *fields, struct slice text)
{
	size_t quotes = 0, seen = 0;
	for (size_t i = 0; i < text.length; i++)
		quotes += text.bytes[i] == '\'';
	for (size_t i = 0; i < text.length; i++) {
		seen += text.bytes[i] == '\'';
		if (text.bytes[i] != '$')
			continue;
		bool escaped = i + 1 < text.length && text.bytes[i + 1] == '$';
		size_t start = i + 1 + escaped, end = start;
		while (end < text.length && (is_word_byte(text.bytes[end]) || text.bytes[end] == '.'))
			end++;
		if (end == start || (quotes - seen) % 2 != 0)
			continue;
		if (!escaped)
			add_field(parser, fields, slice_part(text, start, end));
		i = end - 1;
	}
}

/* The end of a `{...}` field that begins behind its brace, or the length when it
 * is never closed; `*name_end` is where its expression ends. */
static size_t field_end(struct slice text, size_t at, size_t *name_end)
{
	size_t depth = 1, name = SIZE_MAX;
	bool bracket = false;
	for (; at < text.length; at++) {
		char c = text.bytes[at];
		if (c == '{') {
			depth++;
		} else if (c == '}') {
			if (--depth == 0)
				break;
		} else if (name == SIZE_MAX) {
			if (c == '[')
				bracket = true;
			else if (c == ']')
				bracket = false;
			else if (!bracket && depth == 1 && (c == ':' || c == '!'))
				name = at;
		}
	}
	*name_end = name == SIZE_MAX ? at : name;
	return at;
}

static struct expression_list parse_fields(struct parser *parser, struct slice text)
{
	field_vector fields = {0};
	struct builder literal = {.arena = parser->arena};
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];
		bool doubled = i + 1 < text.length && text.bytes[i + 1] == c;
		if ((c == '{' || c == '}') && doubled) {
			builder_add_byte(&literal, c);
			/* An escaped brace ends a piece of literal text for the formatter. */
			dollar_fields(parser, &fields, builder_slice(&literal));
			literal.length = 0;
			i++;
		} else if (c == '}') {
			break; /* a single brace is an error: what came before it counts */
		} else if (c == '{') {
			size_t name_end, end = field_end(text, i + 1, &name_end);
			if (end >= text.length)
				break;
			dollar_fields(parser, &fields, builder_slice(&literal));
			literal.length = 0;
			add_field(parser, &fields, slice_part(text, i + 1, name_end));
			i = end;
			continue;
		} else {
			builder_add_byte(&literal, c);
		}
		if (i + 1 >= text.length)
			break;
	}
	dollar_fields(parser, &fields, builder_slice(&literal));
	return (struct expression_list){fields.items, fields.count};
}

/* Splits `name rest` at the first blank. */
static void split_name(struct magic *magic, struct slice content, uint32_t offset)
{
	size_t blank = slice_find(content, ' ', 0);
	magic->name = slice_part(content, 0, blank);
	magic->line = slice_part(content, blank + 1, content.length);
	magic->line_offset = offset + (uint32_t)(blank < content.length ? blank + 1 : content.length);
}

/* Parses what a line magic holds of Python. */
static void parse_line_python(struct parser *parser, struct magic *magic, bool verbatim)
{
	const struct magic_rule *rule = python_magic_rule(magic->name, false);
	if (!rule || !rule->no_expansion)
		magic->fields = parse_fields(parser, magic->line);
	if (!rule || (rule->body != MAGIC_BODY_PYTHON && rule->body != MAGIC_BODY_TIMEIT))
		return;
	size_t skip = skip_options(magic->line, rule->options);
	struct slice rest = slice_part(magic->line, skip, magic->line.length);
	if (rule->needs_text && slice_trim(rest).length == 0)
		return;
	magic->python = parse_embedded(parser, rest, magic->line_offset + (uint32_t)skip, verbatim);
}

struct magic *parse_magic_line(struct parser *parser, struct token token, bool assigned)
{
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	bool verbatim;
	struct slice text = join_lines(parser, parser_text(parser, token), &verbatim);
	char escape = text.bytes[0];
	uint32_t offset = token.start + 1;
	struct slice content = slice_part(text, 1, text.length);
	switch (escape) {
	case '%':
		magic->kind = MAGIC_LINE;
		split_name(magic, content, offset);
		parse_line_python(parser, magic, verbatim);
		break;
	case '!':
		magic->kind = assigned ? MAGIC_SHELL_OUTPUT : MAGIC_SHELL;
		if (!assigned && content.length && content.bytes[0] == '!') {
			magic->kind = MAGIC_SHELL_OUTPUT;
			content = slice_part(content, 1, content.length);
			offset++;
		}
		magic->line = content;
		magic->line_offset = offset;
		magic->fields = parse_fields(parser, content);
		break;
	case '?':
		magic->kind = MAGIC_HELP;
		magic->name =
		    slice_trim(content.length && content.bytes[0] == '?' ? slice_part(content, 1, content.length) : content);
		magic->line_offset = offset;
		break;
	default: {
		/* `,f a b` is f("a", "b"), `;f a b` is f("a b"), `/f a b` is f(a, b). */
		magic->kind = MAGIC_QUOTE;
		struct slice trimmed = slice_trim(content);
		split_name(magic, trimmed, offset);
		struct builder call = {.arena = parser->arena};
		builder_add(&call, magic->name);
		builder_add_byte(&call, '(');
		struct slice rest = slice_trim(magic->line);
		if (escape == '/') {
			for (size_t i = 0; i < rest.length; i++) {
				bool blank = rest.bytes[i] == ' ';
				builder_add_string(&call, blank ? ", " : "");
				while (blank && i < rest.length && rest.bytes[i] == ' ')
					i++;
				builder_add_byte(&call, rest.bytes[i]);
			}
		}
		builder_add_byte(&call, ')');
		magic->python = parse_embedded(parser, builder_slice(&call), token.start, false);
	}
	}
	return magic;
}

/* Whether the text ends in something that help can be asked for: `a.b[0]?`, `%magic??`. */
static bool has_help_target(struct slice text, size_t *start)
{
	size_t at = text.length;
	while (at > 0 && text.length - at < 2 && text.bytes[at - 1] == '?')
		at--;
	size_t end = at;
	while (at > 0 && (is_word_byte(text.bytes[at - 1]) || text.bytes[at - 1] == '.' || text.bytes[at - 1] == '*' ||
	                  text.bytes[at - 1] == '%'))
		at--;
	*start = at;
	return at < end && !(text.bytes[end - 1] == '.');
}

struct magic *parse_help_line(struct parser *parser, struct token token)
{
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	struct slice text = slice_trim(parser_text(parser, token));
	size_t start;
	magic->kind = MAGIC_HELP;
	magic->line = text;
	magic->line_offset = token.start;
	if (!has_help_target(text, &start))
		parser_error(parser, token.end, SLICE("'?' can't stand here"));
	while (text.length && text.bytes[text.length - 1] == '?')
		text.length--;
	magic->name = slice_part(text, start, text.length);
	return magic;
}

/* Parses the Python that a cell magic's body holds. */
static void parse_cell_python(struct parser *parser, struct magic *magic, bool verbatim)
{
	const struct magic_rule *rule = python_magic_rule(magic->name, true);
	if (!rule || !rule->no_expansion)
		magic->fields = parse_fields(parser, magic->line);
	if (!rule)
		return;
	size_t skip = skip_options(magic->line, rule->options);
	struct slice rest = slice_part(magic->line, skip, magic->line.length);
	uint32_t rest_offset = magic->line_offset + (uint32_t)skip;
	switch (rule->body) {
	case MAGIC_BODY_PYTHON:
		if (rule->no_statement && slice_trim(rest).length)
			return; /* `%%time x = 1` is refused when it runs */
		if (rule->line_too)
			magic->setup = parse_embedded(parser, rest, rest_offset, verbatim);
		magic->python = parse_embedded(parser, magic->body, magic->body_offset, verbatim);
		break;
	case MAGIC_BODY_TIMEIT:
		magic->setup = parse_embedded(parser, rest, rest_offset, verbatim);
		magic->python = parse_embedded(parser, magic->body, magic->body_offset, verbatim);
		break;
	case MAGIC_BODY_CAPTURE: magic->python = parse_embedded(parser, magic->body, magic->body_offset, verbatim); break;
	case MAGIC_BODY_NONE: break;
	}
}

struct magic *parse_cell_magic(struct parser *parser, uint32_t start)
{
	struct lexer *lexer = &parser->lexer;
	uint32_t end = lexer_line_end(lexer, start);
	struct slice first = slice_trim(slice_part(lexer->source, start + 2, end));
	size_t word = 0;
	while (word < first.length && is_word_byte(first.bytes[word]))
		word++;
	if (word > 0 && word < first.length && first.bytes[word] == '?')
		return NULL; /* `%%time?` asks for help */
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	magic->kind = MAGIC_CELL;
	first = slice_part(lexer->source, start + 2, start + 2 + (uint32_t)first.length);
	split_name(magic, first, start + 2);
	magic->body = slice_part(lexer->source, end, lexer->limit);
	magic->body_offset = end;
	parse_cell_python(parser, magic, true);
	return magic;
}

/* The text of a call's only positional string arguments. */
static bool string_arguments(struct parser *parser, const struct expression *call, struct slice *texts, size_t most,
                             size_t *count)
{
	if (call->call.argument_count > most || parser->fixed_span)
		return false;
	for (size_t i = 0; i < call->call.argument_count; i++) {
		const struct argument *argument = &call->call.arguments[i];
		if (argument->keyword || argument->stars ||
		    !python_string_value(parser->arena, parser->lexer.source, argument->value, &texts[i]))
			return false;
	}
	*count = call->call.argument_count;
	return true;
}

struct magic *parse_magic_call(struct parser *parser, const struct expression *call, bool assigned)
{
	if (!parser->options.ipython || !call || call->kind != EXPRESSION_CALL ||
	    call->items.items[0]->kind != EXPRESSION_ATTRIBUTE)
		return NULL;
	const struct expression *method = call->items.items[0], *shell = method->items.items[0];
	if (shell->kind != EXPRESSION_CALL || shell->call.argument_count ||
	    shell->items.items[0]->kind != EXPRESSION_NAME ||
	    !slice_equal(symbols_name(parser->symbols, shell->items.items[0]->name), SLICE("get_ipython")))
		return NULL;
	struct slice name = symbols_name(parser->symbols, method->name), texts[3];
	size_t count;
	bool line = slice_equal(name, SLICE("run_line_magic")), cell = slice_equal(name, SLICE("run_cell_magic"));
	bool system = slice_equal(name, SLICE("system")), output = slice_equal(name, SLICE("getoutput"));
	if ((!line && !cell && !system && !output) || (cell && assigned) ||
	    !string_arguments(parser, call, texts, 3, &count))
		return NULL;
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	if (line && count == 2) {
		magic->kind = MAGIC_LINE;
		magic->name = texts[0];
		magic->line = texts[1];
		magic->line_offset = call->span.start;
		parse_line_python(parser, magic, false);
	} else if (cell && count == 3) {
		magic->kind = MAGIC_CELL;
		magic->name = texts[0];
		magic->line = texts[1];
		magic->body = texts[2];
		magic->line_offset = magic->body_offset = call->span.start;
		parse_cell_python(parser, magic, false);
	} else if ((system || output) && count >= 1) {
		magic->kind = output ? MAGIC_SHELL_OUTPUT : MAGIC_SHELL;
		magic->line = texts[0];
		magic->line_offset = call->span.start;
		magic->fields = parse_fields(parser, texts[0]);
	} else {
		return NULL;
	}
	return magic;
}
