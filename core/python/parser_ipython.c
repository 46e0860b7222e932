/* IPython's magics, shell lines and help requests.
 *
 * Follows IPython.core.inputtransformer2 (how lines are found and joined) and
 * string.Formatter with IPython's DollarFormatter (what `{x}` and `$x` in a
 * command stand for). Which magics hold Python is in the table of magics.h. */
#include "python/parser_state.h"

#include "base/utf8.h"
#include "python/magics.h"

static struct slice passage_text(struct passage passage)
{
	return slice_part(passage.text, passage.start, passage.end);
}

/* A part of it, by offsets within it. */
static struct passage passage_part(struct passage passage, size_t start, size_t end)
{
	size_t length = passage.end - passage.start;
	end = end < length ? end : length;
	start = start < end ? start : end;
	return (struct passage){passage.text, passage.map, passage.start + (uint32_t)start, passage.start + (uint32_t)end};
}

/* A text that stands nowhere in the source but stands for a part of it. */
static struct passage passage_for(struct parser *parser, struct slice text, struct span place)
{
	struct text_map *map = arena_alloc(parser->arena, sizeof *map);
	map->collapsed = true;
	map->whole = place;
	return (struct passage){text, map, 0, (uint32_t)text.length};
}

/* Joins the continuation lines of a command as IPython does: each loses its
 * backslash and is followed by one blank. */
static struct passage join_lines(struct parser *parser, uint32_t start, uint32_t end)
{
	struct slice text = parser->lexer.source;
	uint32_t first = cell_text_line_end(text, start, end);
	if (first == end && text.bytes[end - 1] != '\n') {
		size_t length = cell_text_trim_end(slice_part(text, start, end)).length;
		return (struct passage){text, parser->map, start, start + (uint32_t)length};
	}
	struct builder joined = {.arena = parser->arena};
	struct text_map *map = arena_alloc(parser->arena, sizeof *map);
	for (uint32_t at = start; at < end;) {
		uint32_t next = cell_text_line_end(text, at, end);
		struct slice line = cell_text_trim_end(slice_part(text, at, next));
		struct text_piece piece = {(uint32_t)joined.length, text_map_offset(parser->map, at)};
		vector_push(parser->arena, &map->pieces, piece);
		bool continued = slice_ends(slice_part(text, at, next), SLICE("\\\n"));
		builder_add(&joined, continued ? slice_part(line, 0, line.length - 1) : line);
		if (continued)
			builder_add_byte(&joined, ' ');
		at = next;
	}
	if (parser->map && parser->map->collapsed)
		*map = *parser->map;
	return (struct passage){builder_slice(&joined), map, 0, (uint32_t)joined.length};
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

/* Past the letters, digits and underscores at `at`, as `\w+` takes them. */
static size_t word_end(struct slice text, size_t at)
{
	for (size_t next = at; at < text.length; at = next)
		if (!unicode_is_word(utf8_next(text, &next)))
			break;
	return at;
}

typedef VECTOR(struct expression *) field_vector;

static void add_field(struct parser *parser, field_vector *fields, struct slice text, struct span place)
{
	text = slice_trim(text);
	if (text.length == 0)
		return;
	struct passage passage = passage_for(parser, slice_copy(parser->arena, text), place);
	struct expression *field = parse_embedded_expression(parser, passage);
	if (field)
		vector_push(parser->arena, fields, field);
}

/* `$name` and `$name.attribute` in the literal text between fields, not inside
 * single quotes (counted to the end of that text), and not `$$name`. */
static void dollar_fields(struct parser *parser, field_vector *fields, struct slice text, struct span place)
{
	size_t quotes = 0, seen = 0;
	for (size_t i = 0; i < text.length; i++)
		quotes += text.bytes[i] == '\'';
	for (size_t i = 0; i < text.length; i++) {
		seen += text.bytes[i] == '\'';
		if (text.bytes[i] != '$')
			continue;
		bool escaped = i + 1 < text.length && text.bytes[i + 1] == '$';
		size_t start = i + 1 + escaped, end, next = start;
		do {
			end = next;
			next = word_end(text, end);
			next += next < text.length && text.bytes[next] == '.';
		} while (next > end);
		if (end == start || (quotes - seen) % 2 != 0)
			continue;
		if (!escaped)
			add_field(parser, fields, slice_part(text, start, end), place);
		i = end - 1;
	}
}

/* The closing brace of a `{...}` field that begins behind its brace, or the length of the
 * text where str.format() refuses the field; `*name_end` is where its expression ends. */
static size_t field_end(struct slice text, size_t at, size_t *name_end)
{
	for (; at < text.length && text.bytes[at] != '}' && text.bytes[at] != ':' && text.bytes[at] != '!'; at++) {
		if (text.bytes[at] == '{')
			return text.length;
		if (text.bytes[at] == '[')
			at = slice_find(text, ']', at);
	}
	*name_end = at;
	if (at >= text.length || text.bytes[at] == '}')
		return at < text.length ? at : text.length;
	if (text.bytes[at++] == '!') {
		if (at >= text.length)
			return text.length;
		utf8_next(text, &at);
		if (at < text.length && text.bytes[at] == '}')
			return at;
		if (at >= text.length || text.bytes[at++] != ':')
			return text.length;
	}
	for (size_t depth = 1; at < text.length; at++) {
		depth += text.bytes[at] == '{';
		depth -= text.bytes[at] == '}';
		if (depth == 0)
			break;
	}
	return at;
}

static struct expression_list parse_fields(struct parser *parser, struct slice text, struct span place)
{
	field_vector fields = {0};
	struct builder literal = {.arena = parser->arena};
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];
		bool doubled = i + 1 < text.length && text.bytes[i + 1] == c;
		if ((c == '{' || c == '}') && doubled) {
			builder_add_byte(&literal, c);
			/* An escaped brace ends a piece of literal text for the formatter. */
			dollar_fields(parser, &fields, builder_slice(&literal), place);
			literal.length = 0;
			i++;
		} else if (c == '}') {
			goto broken;
		} else if (c == '{') {
			size_t name_end, end = field_end(text, i + 1, &name_end);
			if (end >= text.length)
				goto broken;
			dollar_fields(parser, &fields, builder_slice(&literal), place);
			literal.length = 0;
			add_field(parser, &fields, slice_part(text, i + 1, name_end), place);
			i = end;
			continue;
		} else {
			builder_add_byte(&literal, c);
		}
		if (i + 1 >= text.length)
			break;
	}
	dollar_fields(parser, &fields, builder_slice(&literal), place);
broken: /* a single brace is an error: what the formatter gave before it counts */
	return (struct expression_list){fields.items, fields.count};
}

/* The place in the source of a passage. */
static struct span passage_place(struct passage passage)
{
	return text_map_place(passage.map, passage.start, passage.end);
}

/* Splits `name rest` at the first blank; gives the rest. */
static struct passage split_name(struct magic *magic, struct passage content)
{
	struct slice text = passage_text(content);
	size_t blank = slice_find(text, ' ', 0);
	struct passage rest = passage_part(content, blank + 1, text.length);
	magic->name = slice_part(text, 0, blank);
	magic->line = passage_text(rest);
	magic->line_offset = passage_place(rest).start;
	return rest;
}

/* Parses what a line magic holds of Python. */
static void parse_line_python(struct parser *parser, struct magic *magic, struct passage line)
{
	const struct magic_rule *rule = python_magic_rule(magic->name, false);
	if (!rule || !rule->no_expansion)
		magic->fields = parse_fields(parser, magic->line, passage_place(line));
	if (!rule || rule->body == MAGIC_BODY_NONE)
		return;
	struct passage rest = passage_part(line, skip_options(magic->line, rule->options), magic->line.length);
	if (rule->needs_text && slice_trim(passage_text(rest)).length == 0)
		return;
	magic->python = parse_embedded(parser, rest, true);
}

/* `,f a b` is f("a", "b"), `;f a b` is f("a b"), `/f a b` is f(a, b). */
static void parse_quoted_call(struct parser *parser, struct magic *magic, char escape, struct passage content,
                              struct span place)
{
	const char *separator = escape == '/' ? ", " : "\", \"", *quote = escape == '/' ? "" : "\"";
	struct builder call = {.arena = parser->arena};
	magic->kind = MAGIC_QUOTE;
	struct slice rest = passage_text(split_name(magic, content)), words = slice_trim(rest);
	builder_add(&call, magic->name);
	builder_add_format(&call, "(%s", quote);
	for (size_t i = 0; escape != ';' && i < words.length; i++) {
		size_t blank = i;
		while (words.bytes[i] == ' ' || words.bytes[i] == '\t')
			i++;
		builder_add_string(&call, i > blank ? separator : "");
		builder_add_byte(&call, words.bytes[i]);
	}
	if (escape == ';')
		builder_add(&call, rest);
	builder_add_format(&call, "%s)", quote);
	magic->python = parse_embedded(parser, passage_for(parser, builder_slice(&call), place), false);
}

struct magic *parse_magic_line(struct parser *parser, struct token token, bool assigned)
{
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	struct passage whole = join_lines(parser, token.start, token.end);
	struct slice text = passage_text(whole);
	struct passage content = passage_part(whole, 1, text.length);
	bool doubled = text.length > 1 && text.bytes[1] == text.bytes[0];
	switch (text.bytes[0]) {
	case '%':
		magic->kind = MAGIC_LINE;
		parse_line_python(parser, magic, split_name(magic, content));
		break;
	case '!':
		magic->kind = assigned ? MAGIC_SHELL_OUTPUT : MAGIC_SHELL;
		if (!assigned && doubled) {
			magic->kind = MAGIC_SHELL_OUTPUT;
			content = passage_part(whole, 2, text.length);
		}
		magic->line = passage_text(content);
		magic->line_offset = passage_place(content).start;
		magic->fields = parse_fields(parser, magic->line, passage_place(content));
		break;
	case '?':
		magic->kind = MAGIC_HELP;
		magic->line = slice_part(text, doubled ? 2 : 1, text.length);
		magic->name = slice_trim(magic->line);
		magic->line_offset = passage_place(content).start;
		magic->fields = parse_fields(parser, magic->line, passage_place(content));
		break;
	default: parse_quoted_call(parser, magic, text.bytes[0], content, parser_place(parser, token.start, token.end));
	}
	return magic;
}

struct magic *parse_help_line(struct parser *parser, struct token token)
{
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	magic->kind = MAGIC_HELP;
	magic->line = parser_text(parser, token);
	magic->line_offset = parser_place(parser, token.start, token.end).start;
	magic->name = cell_text_help(magic->line);
	return magic;
}

/* One text of two, a line apart. */
static struct passage join_passages(struct parser *parser, struct passage first, struct passage second)
{
	const struct passage parts[] = {first, second};
	struct builder joined = {.arena = parser->arena};
	struct text_map *map = arena_alloc(parser->arena, sizeof *map);
	for (size_t i = 0; i < 2; i++) {
		/* Line by line, as the parts themselves may be mapped. */
		for (uint32_t at = parts[i].start; at < parts[i].end;) {
			uint32_t next = cell_text_line_end(parts[i].text, at, parts[i].end);
			struct text_piece piece = {(uint32_t)joined.length, text_map_offset(parts[i].map, at)};
			vector_push(parser->arena, &map->pieces, piece);
			builder_add(&joined, slice_part(parts[i].text, at, next));
			at = next;
		}
		builder_add_string(&joined, i == 0 ? "\n" : "");
	}
	if (map->pieces.count == 0 || (second.map && second.map->collapsed)) {
		map->collapsed = true;
		map->whole = passage_place(second);
	}
	return (struct passage){builder_slice(&joined), map, 0, (uint32_t)joined.length};
}

/* Parses the Python that a cell magic holds. */
static void parse_cell_python(struct parser *parser, struct magic *magic, struct passage line, struct passage body)
{
	const struct magic_rule *rule = python_magic_rule(magic->name, true);
	if (!rule || !rule->no_expansion)
		magic->fields = parse_fields(parser, magic->line, passage_place(line));
	if (!rule || rule->body == MAGIC_BODY_NONE)
		return;
	struct passage rest = passage_part(line, skip_options(magic->line, rule->options), magic->line.length);
	if (rule->no_statement && slice_trim(passage_text(rest)).length)
		return; /* `%%time x = 1` is refused when it runs */
	if (rule->body == MAGIC_BODY_TIMEIT)
		magic->setup = parse_embedded(parser, rest, true);
	magic->python = parse_embedded(parser, rule->line_too ? join_passages(parser, rest, body) : body, true);
}

struct magic *parse_cell_magic(struct parser *parser, uint32_t start)
{
	struct lexer *lexer = &parser->lexer;
	struct passage whole = {lexer->source, parser->map, start, lexer->limit};
	uint32_t end = cell_text_line_end(lexer->source, start, lexer->limit);
	struct slice first = cell_text_trim_end(slice_part(lexer->source, start + 2, end));
	size_t word = word_end(first, 0);
	if (word > 0 && word < first.length && first.bytes[word] == '?')
		return NULL; /* `%%time?` asks for help */
	struct magic *magic = arena_alloc(parser->arena, sizeof *magic);
	magic->kind = MAGIC_CELL;
	struct passage line = split_name(magic, passage_part(whole, 2, 2 + first.length));
	struct passage body = passage_part(whole, end - start, lexer->limit - start);
	magic->body = passage_text(body);
	magic->body_offset = passage_place(body).start;
	parse_cell_python(parser, magic, line, body);
	return magic;
}

/* The text of a call's only positional string arguments. */
static bool string_arguments(struct parser *parser, const struct expression *call, struct slice *texts, size_t most,
                             size_t *count)
{
	if (call->call.argument_count > most || (parser->map && parser->map->collapsed))
		return false;
	for (size_t i = 0; i < call->call.argument_count; i++) {
		const struct argument *argument = &call->call.arguments[i];
		if (argument->keyword || argument->stars ||
		    !python_string_value(parser->arena, parser->module->source, argument->value, &texts[i]))
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
	magic->line_offset = magic->body_offset = call->span.start;
	if (line && count == 2) {
		magic->kind = MAGIC_LINE;
		magic->name = texts[0];
		magic->line = texts[1];
		parse_line_python(parser, magic, passage_for(parser, texts[1], call->span));
	} else if (cell && count == 3) {
		magic->kind = MAGIC_CELL;
		magic->name = texts[0];
		magic->line = texts[1];
		magic->body = texts[2];
		parse_cell_python(parser, magic, passage_for(parser, texts[1], call->span),
		                  passage_for(parser, texts[2], call->span));
	} else if ((system || output) && count >= 1) {
		magic->kind = output ? MAGIC_SHELL_OUTPUT : MAGIC_SHELL;
		magic->line = texts[0];
		magic->fields = parse_fields(parser, texts[0], call->span);
	} else {
		return NULL;
	}
	return magic;
}
