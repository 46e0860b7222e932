/* The cell as a whole: what IPython strips from it, cell magics, the loop over its
 * top-level statements with recovery, and the choice between Python 3 and 2. */
#include "python/parser_state.h"

#include <string.h>

/* Tokens. */

static struct token lex(struct parser *parser)
{
	struct token token = lexer_next(&parser->lexer);
	vector_push(parser->arena, &parser->tokens, token);
	return token;
}

static void load(struct parser *parser)
{
	if (parser->index >= parser->tokens.count)
		lex(parser);
	parser->token = parser->tokens.items[parser->index];
}

/* Line ends and indentation are no part of what they end. */
static bool is_layout(enum lexeme kind)
{
	return kind == LEX_NEWLINE || kind == LEX_INDENT || kind == LEX_DEDENT;
}

void parser_advance(struct parser *parser)
{
	if (!is_layout(parser->token.kind))
		parser->last_end = parser->token.end;
	parser->index++;
	load(parser);
}

void parser_rewind(struct parser *parser, size_t index)
{
	parser->index = index;
	if (index > 0 && !is_layout(parser->tokens.items[index - 1].kind))
		parser->last_end = parser->tokens.items[index - 1].end;
	load(parser);
}

struct token parser_peek(struct parser *parser, size_t ahead)
{
	while (parser->index + ahead >= parser->tokens.count)
		if (lex(parser).kind == LEX_ERROR)
			return parser->tokens.items[parser->tokens.count - 1];
	return parser->tokens.items[parser->index + ahead];
}

/* Forgets the tokens of statements that are done. */
static void forget_tokens(struct parser *parser)
{
	size_t left = parser->tokens.count - parser->index;
	if (parser->index == 0)
		return;
	memmove(parser->tokens.items, parser->tokens.items + parser->index, left * sizeof *parser->tokens.items);
	parser->tokens.count = left;
	parser->index = 0;
}

struct slice parser_text(const struct parser *parser, struct token token)
{
	return slice_part(parser->lexer.source, token.start, token.end);
}

bool parser_is_name(const struct parser *parser, struct slice name)
{
	return parser->token.kind == LEX_NAME && slice_equal(parser_text(parser, parser->token), name);
}

symbol parser_name(struct parser *parser, struct slice message)
{
	bool print = parser->token.kind == LEX_PRINT || parser->token.kind == LEX_EXEC;
	if (parser->token.kind != LEX_NAME && !(print && parser->print_function))
		parser_error(parser, parser->token.start, parser->token.kind == LEX_ERROR ? parser->lexer.error : message);
	symbol name = parser->token.name;
	parser_advance(parser);
	return name;
}

void parser_expect(struct parser *parser, enum lexeme kind, struct slice message)
{
	if (!parser_accept(parser, kind))
		parser_error(parser, parser->token.start, message);
}

/* Errors. */

/* How many lines end between two places: at a line feed, or at a carriage return without one. */
static uint32_t line_ends(const struct parser *parser, uint32_t start, uint32_t end)
{
	struct slice source = parser->module->source, part = slice_part(source, start, end);
	size_t count = slice_count(part, '\n');
	for (size_t at = slice_find(part, '\r', 0); at < part.length; at = slice_find(part, '\r', at + 1))
		count += start + at + 1 >= source.length || part.bytes[at + 1] != '\n';
	return (uint32_t)count;
}

uint32_t parser_line(struct parser *parser, uint32_t offset)
{
	struct slice source = parser->module->source;
	offset = text_map_offset(parser->map, offset);
	if (offset > source.length)
		offset = (uint32_t)source.length;
	if (parser->line == 0) {
		parser->line = 1;
		parser->line_at = 0;
	}
	if (parser->line_at < offset)
		parser->line += line_ends(parser, parser->line_at, offset);
	else
		parser->line -= line_ends(parser, offset, parser->line_at);
	parser->line_at = offset;
	return parser->line;
}

uint32_t python_line(struct slice source, uint32_t offset)
{
	uint32_t line = 1;
	for (uint32_t i = 0; i < offset && i < source.length; i++)
		if (source.bytes[i] == '\n' ||
		    (source.bytes[i] == '\r' && (i + 1 >= source.length || source.bytes[i + 1] != '\n')))
			line++;
	return line;
}

/* CPython reads all of a source before it says what is wrong: an error of its
 * tokenizer further on counts before one of its grammar (but for some, which it
 * then drops), and a bracket that is never closed before what was then found
 * inside it on a later line. */
static void prefer_lexer_error(struct parser *parser, uint32_t *at, struct slice *message)
{
	if (parser->token.kind == LEX_INDENT)
		return;
	struct lexer *rest = arena_copy(parser->arena, &parser->lexer, sizeof parser->lexer);
	struct token token;
	do
		token = lexer_next(rest);
	while (token.kind != LEX_END && token.kind != LEX_ERROR);
	if (token.kind == LEX_END)
		return;
	if (rest->unclosed || rest->is_quiet) {
		if (rest->bracket_count == 0)
			return;
		uint32_t open = rest->bracket_at[rest->bracket_count - 1];
		if (lexer_line_end(rest, open) <= parser->token.start) {
			*at = open;
			*message = slice_format(parser->arena, "'%c' is never closed", rest->source.bytes[open]);
		}
		return;
	}
	*at = rest->error_at;
	*message = rest->error;
}

/* `offset` is one of the source. */
static void set_error(struct module *module, uint32_t offset, struct slice message)
{
	uint32_t start = offset, column = 1;
	while (start > 0 && module->source.bytes[start - 1] != '\n' && module->source.bytes[start - 1] != '\r')
		start--;
	for (uint32_t i = start; i < offset; i++)
		column += ((unsigned char)module->source.bytes[i] & 0xC0) != 0x80;
	module->has_error = true;
	module->error = (struct syntax_error){
	    .line = python_line(module->source, offset), .column = column, .offset = offset, .message = message};
}

static void parse_any_expression(struct parser *parser, void *result)
{
	(void)result;
	parse_expression(parser);
}

/* Where CPython points to for an error at the token under way. */
static uint32_t place_of_error(struct parser *parser, uint32_t at)
{
	const struct lexer *lexer = &parser->lexer;
	if (at >= lexer->limit && lexer->limit > 0 && lexer->source.bytes[lexer->limit - 1] == '\n')
		return lexer->limit - 1; /* the last line */
	if (at != parser->token.start || parser->last_end != parser->operand_end)
		return at;
	/* Two expressions side by side between brackets: a comma may be missing behind the first. */
	uint32_t operand = parser->operand, error_at = parser->error_at;
	size_t index = parser->index;
	bool two = lexer->bracket_count > 0 && parser_try(parser, parse_any_expression, NULL);
	parser_rewind(parser, index);
	parser->error_at = error_at;
	if (two)
		return operand;
	/* `if x = 1` */
	return parser->token.kind == LEX_EQUAL ? operand : at;
}

static void record_error(struct parser *parser, uint32_t at, struct slice message)
{
	if (parser->module->has_error)
		return;
	at = place_of_error(parser, at);
	if (parser->token.kind != LEX_ERROR)
		prefer_lexer_error(parser, &at, &message);
	set_error(parser->module, text_map_offset(parser->map, at), message);
}

void parser_error(struct parser *parser, uint32_t at, struct slice message)
{
	/* Nodes of a text that is no part of the source have spans in the source; the token is where it is in the text. */
	if (parser->map)
		at = parser->token.start;
	/* What the lexer could not read comes first: the parser only stumbled over it. */
	if (parser->token.kind == LEX_ERROR && parser->lexer.failed) {
		at = parser->lexer.error_at;
		message = parser->lexer.error;
	}
	parser->error_at = at;
	if (!parser->trying)
		record_error(parser, at, message);
	longjmp(*parser->recovery, 1);
}

void parser_unexpected(struct parser *parser)
{
	struct slice text = parser_text(parser, parser->token);
	struct slice message;
	switch (parser->token.kind) {
	case LEX_NEWLINE: message = SLICE("the line ends too early"); break;
	case LEX_END: message = SLICE("the source ends too early"); break;
	case LEX_INDENT: message = SLICE("this line is indented, but nothing asks for it"); break;
	case LEX_DEDENT: message = SLICE("the block ends too early"); break;
	default:
		message = text.length > 0 && text.length <= 40 && slice_find(text, '\n', 0) == text.length
		              ? slice_format(parser->arena, "'%.*s' can't stand here", SLICE_FORMAT(text))
		              : SLICE("this can't stand here");
	}
	parser_error(parser, parser->token.start, message);
}

void parser_needs(struct parser *parser, uint8_t minor)
{
	if (minor > parser->module->least_minor)
		parser->module->least_minor = minor;
}

void parser_enter(struct parser *parser)
{
	if (++parser->depth > PARSER_MAX_DEPTH)
		parser_error(parser, parser->token.start, SLICE("this is nested too deeply"));
}

void parser_leave(struct parser *parser)
{
	parser->depth--;
}

bool parser_try(struct parser *parser, void (*parse)(struct parser *parser, void *result), void *result)
{
	jmp_buf here, *outer = parser->recovery;
	const volatile size_t index = parser->index;
	unsigned depth = parser->depth;
	bool trying = parser->trying;
	uint8_t least_minor = parser->module->least_minor;
	volatile bool good = true;
	parser->trying = true;
	parser->recovery = &here;
	if (setjmp(here) == 0) {
		parse(parser, result);
	} else {
		good = false;
		parser->depth = depth;
		parser->module->least_minor = least_minor;
		parser_rewind(parser, index);
	}
	parser->trying = trying;
	parser->recovery = outer;
	return good;
}

/* Nodes. */

struct span parser_place(const struct parser *parser, uint32_t start, uint32_t end)
{
	return text_map_place(parser->map, start, end);
}

struct span parser_span(const struct parser *parser, uint32_t start)
{
	return parser_place(parser, start, parser->last_end > start ? parser->last_end : parser->token.end);
}

struct expression *parser_expression_node(struct parser *parser, enum expression_kind kind, uint32_t start)
{
	struct expression *node = arena_alloc(parser->arena, sizeof *node);
	node->kind = kind;
	node->span = parser_span(parser, start);
	return node;
}

/* Recovery. */

static void restart(struct parser *parser, uint32_t at)
{
	parser->tokens.count = 0;
	parser->index = 0;
	parser->depth = 0;
	parser->resynchronise = false;
	parser->no_in = false;
	lexer_begin(&parser->lexer, at);
	load(parser);
}

/* All statements from where the lexer stands to its limit. */
static void parse_statements(struct parser *parser, struct statement_list *into)
{
	jmp_buf here, *outer = parser->recovery;
	size_t *capacity = arena_alloc(parser->arena, sizeof *capacity);
	volatile uint32_t start = parser->lexer.at;
	parser->recovery = &here;
	if (setjmp(here) != 0) {
		struct statement *invalid = arena_alloc(parser->arena, sizeof *invalid);
		uint32_t resume = parser_resume(parser, start);
		/* What stands before it on its line is kept. */
		if (parser->kept_end > start)
			start = parser->kept_end;
		invalid->kind = STATEMENT_INVALID;
		invalid->span = parser_place(parser, start, resume);
		invalid->line = parser_line(parser, start);
		parser_add(parser, into, capacity, invalid);
		restart(parser, resume);
	} else {
		load(parser);
	}
	while (!parser_is(parser, LEX_END)) {
		forget_tokens(parser);
		start = parser->token.start;
		if (parser_is(parser, LEX_ERROR))
			parser_unexpected(parser);
		parse_statement(parser, into, capacity);
		if (parser->resynchronise)
			restart(parser, parser_resume(parser, start));
	}
	parser->recovery = outer;
}

/* Cells. */

/* The whole of a cell that is one cell magic. */
static bool parse_as_cell_magic(struct parser *parser, struct statement_list *into)
{
	struct lexer *lexer = &parser->lexer;
	uint32_t start = lexer->at;
	if (!slice_starts(slice_part(lexer->source, start, lexer->limit), SLICE("%%")))
		return false;
	struct magic *magic = parse_cell_magic(parser, start);
	if (!magic)
		return false;
	size_t capacity = 0;
	struct statement *statement = parser_statement_node(parser, STATEMENT_MAGIC, start);
	statement->span = parser_place(parser, start, lexer->limit);
	statement->magic = magic;
	parser_add(parser, into, &capacity, statement);
	return true;
}

/* Statements, and lines that are IPython's. */
static void parse_lines(struct parser *parser, struct statement_list *into)
{
	struct lexer *lexer = &parser->lexer;
	if (parser->options.ipython) {
		struct special_lines *specials = arena_alloc(parser->arena, sizeof *specials);
		cell_text_find(parser->arena, lexer->source, lexer->at, lexer->limit, specials);
		lexer->specials = specials;
		if (specials->failed && !parser->module->has_error)
			set_error(parser->module, text_map_offset(parser->map, specials->error_at), specials->error);
	}
	lexer_begin(lexer, lexer->at);
	parser->reread = 8 * (uint64_t)(lexer->limit - lexer->at) + 65536;
	parse_statements(parser, into);
}

/* Parses what the lexer's range holds; of a cell, as IPython reads it. */
static void parse_cell(struct parser *parser, struct statement_list *into)
{
	struct lexer *lexer = &parser->lexer;
	if (parser->options.ipython) {
		lexer->source = cell_text_clean(parser->arena, lexer->source, &parser->map, &lexer->at, &lexer->limit);
		if (parse_as_cell_magic(parser, into))
			return;
	}
	parse_lines(parser, into);
}
static struct parser *sub_parser(struct parser *parser, struct passage passage)
{
	struct parser *inner = arena_alloc(parser->arena, sizeof *inner);
	inner->arena = parser->arena;
	inner->symbols = parser->symbols;
	inner->options = parser->options;
	inner->module = parser->module;
	inner->magic_depth = parser->magic_depth + 1;
	inner->print_function = parser->print_function;
	inner->map = passage.map;
	inner->line = parser->line;
	inner->line_at = parser->line_at;
	inner->lexer = (struct lexer){.arena = parser->arena,
	                              .symbols = parser->symbols,
	                              .source = passage.text,
	                              .at = passage.start,
	                              .limit = passage.end,
	                              .python2 = parser->lexer.python2};
	return inner;
}

struct statement_list parse_embedded(struct parser *parser, struct passage passage, bool cell)
{
	struct statement_list list = {0};
	if (parser->magic_depth >= PARSER_MAX_MAGICS)
		return list;
	struct parser *inner = sub_parser(parser, passage);
	if (cell)
		parse_cell(inner, &list);
	else
		parse_lines(inner, &list);
	parser->lexer.newer_format |= inner->lexer.newer_format;
	parser->lexer.only_python2 |= inner->lexer.only_python2;
	return list;
}

static void parse_whole_expression(struct parser *parser, void *result)
{
	struct expression **expression = result;
	load(parser);
	*expression = parse_star_expressions(parser);
	parser_accept(parser, LEX_NEWLINE);
	if (!parser_is(parser, LEX_END))
		parser_unexpected(parser);
}

struct expression *parse_embedded_expression(struct parser *parser, struct passage passage)
{
	struct expression *expression = NULL;
	struct parser *inner = sub_parser(parser, passage);
	inner->options.ipython = false;
	lexer_begin(&inner->lexer, inner->lexer.at);
	return parser_try(inner, parse_whole_expression, &expression) ? expression : NULL;
}

/* What the first bytes of a file say of its encoding. */
static void begin_file(struct parser *parser)
{
	struct slice source = parser->lexer.source, name;
	parser->lexer.encoding = python_encoding(source, &name);
	if (parser->lexer.encoding == ENCODING_UNKNOWN)
		set_error(parser->module, 0, slice_format(parser->arena, "the encoding %.*s is not known", SLICE_FORMAT(name)));
	if (parser->lexer.encoding == ENCODING_CONFLICT)
		set_error(
		    parser->module, 0,
		    slice_format(parser->arena, "the file begins as UTF-8, but says that it is %.*s", SLICE_FORMAT(name)));
	/* A byte order mark is no part of the text. */
	if (slice_starts(source, SLICE("\xEF\xBB\xBF")))
		parser->lexer.at = 3;
}

/* `*only_python2` says whether the source has something that no Python 3 has. */
static struct module *parse_as(struct arena *arena, struct symbols *symbols, struct slice source,
                               struct parser_options options, bool *only_python2, bool *old_names)
{
	struct module *module = arena_alloc(arena, sizeof *module);
	struct parser *parser = arena_alloc(arena, sizeof *parser);
	module->source = source;
	module->dialect = options.major == 2 ? DIALECT_PYTHON2 : DIALECT_PYTHON3;
	module->ipython = options.ipython;
	parser->arena = arena;
	parser->symbols = symbols;
	parser->module = module;
	parser->options = options;
	parser->lexer = (struct lexer){.arena = arena,
	                               .symbols = symbols,
	                               .source = source,
	                               .limit = (uint32_t)source.length,
	                               .python2 = options.major == 2};
	if (!options.ipython)
		begin_file(parser);
	parse_cell(parser, &module->body);
	if (parser->lexer.newer_format)
		parser_needs(parser, 12);
	*only_python2 = parser->lexer.only_python2;
	*old_names = parser->lexer.old_names;
	return module;
}

struct module *python_parse(struct arena *arena, struct symbols *symbols, struct slice source,
                            struct parser_options options)
{
	if (source.length > UINT32_MAX - 16)
		source.length = UINT32_MAX - 16; /* offsets have 32 bits; the reader refuses such cells before */
	struct parser_options three = options, two = options;
	bool only_python2, old_names;
	three.major = 3;
	two.major = 2;
	struct module *module = parse_as(arena, symbols, source, three, &only_python2, &old_names);
	/* `except A, B:` is Python 2's way to bind B, and 3.14's way to catch both. */
	bool ambiguous = module->least_minor >= 14 && options.minor < 14;
	if (!module->has_error && !ambiguous)
		return module;
	/* What Python 2's grammar merely allows too is a broken Python 3: there must be
	 * something that is Python 2's alone. If both have an error, who comes further is believed,
	 * by more than what stands on that line. */
	struct module *older = parse_as(arena, symbols, source, two, &only_python2, &old_names);
	bool further = module->has_error && (!older->has_error || older->error.line > module->error.line);
	bool sound = !older->has_error || (module->has_error && further);
	/* With `async` for a name, broken Python 3 gets some way too. */
	bool told = only_python2 || (!older->has_error && (old_names || options.major == 2));
	return sound && told ? older : module;
}
