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

void parser_advance(struct parser *parser)
{
	parser->last_end = parser->token.end;
	parser->index++;
	load(parser);
}

void parser_rewind(struct parser *parser, size_t index)
{
	parser->index = index;
	if (index > 0)
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

uint32_t parser_line(struct parser *parser, uint32_t offset)
{
	const char *bytes = parser->lexer.source.bytes;
	if (parser->line == 0) {
		parser->line = 1;
		parser->line_at = 0;
	}
	if (parser->fixed_span)
		offset = 0;
	for (; parser->line_at < offset; parser->line_at++)
		if (bytes[parser->line_at] == '\n' ||
		    (bytes[parser->line_at] == '\r' &&
		     (parser->line_at + 1 >= parser->lexer.source.length || bytes[parser->line_at + 1] != '\n')))
			parser->line++;
	for (; parser->line_at > offset; parser->line_at--)
		if (bytes[parser->line_at - 1] == '\n' ||
		    (bytes[parser->line_at - 1] == '\r' && bytes[parser->line_at] != '\n'))
			parser->line--;
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

static void record_error(struct parser *parser, uint32_t at, struct slice message)
{
	struct module *module = parser->module;
	if (module->has_error)
		return;
	module->has_error = true;
	uint32_t offset = parser->fixed_span ? parser->fixed.start : at;
	uint32_t column = 1;
	if (!parser->fixed_span) {
		uint32_t start = offset;
		while (start > 0 && module->source.bytes[start - 1] != '\n' && module->source.bytes[start - 1] != '\r')
			start--;
		for (uint32_t i = start; i < offset; i++)
			column += ((unsigned char)module->source.bytes[i] & 0xC0) != 0x80;
	}
	module->error = (struct syntax_error){
	    .line = python_line(module->source, offset), .column = column, .offset = offset, .message = message};
}

void parser_error(struct parser *parser, uint32_t at, struct slice message)
{
	/* What the lexer could not read comes first: the parser only stumbled over it. */
	if (parser->token.kind == LEX_ERROR && parser->lexer.failed) {
		at = parser->lexer.error_at;
		message = parser->lexer.error;
	}
	/* Nodes of a text that is no part of the source have the outer text's spans: the token is where it is. */
	parser->error_at = parser->fixed_span ? parser->token.start : at;
	parser->error_bracket = parser->lexer.bracket_count ? parser->lexer.bracket_at[0] : UINT32_MAX;
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
	const unsigned depth = parser->depth;
	const bool trying = parser->trying;
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

struct span parser_span(const struct parser *parser, uint32_t start)
{
	if (parser->fixed_span)
		return parser->fixed;
	return (struct span){start, parser->last_end > start ? parser->last_end : parser->token.end};
}

struct expression *parser_expression_node(struct parser *parser, enum expression_kind kind, uint32_t start)
{
	struct expression *node = arena_alloc(parser->arena, sizeof *node);
	node->kind = kind;
	node->span = parser_span(parser, start);
	return node;
}

/* Recovery. */

/* Where the line that holds `at` begins, past the margin. */
static uint32_t line_of(const struct parser *parser, uint32_t at)
{
	const char *bytes = parser->lexer.source.bytes;
	while (at > 0 && bytes[at - 1] != '\n' && bytes[at - 1] != '\r')
		at--;
	return at;
}

static uint32_t past_margin(const struct parser *parser, uint32_t at)
{
	struct slice margin = parser->lexer.margin, rest = slice_part(parser->lexer.source, at, parser->lexer.limit);
	return slice_starts(rest, margin) ? at + (uint32_t)margin.length : at;
}

/* Whether a statement may begin in column 0 of this line. */
static bool may_begin_statement(const struct parser *parser, uint32_t at)
{
	struct slice rest = slice_part(parser->lexer.source, at, parser->lexer.limit);
	if (rest.length == 0)
		return false;
	switch (rest.bytes[0]) {
	case ' ':
	case '\t':
	case '\f':
	case '\n':
	case '\r':
	case '#':
	case ')':
	case ']':
	case '}': return false;
	default: break;
	}
	static const struct slice continuations[] = {SLICE_CONSTANT("else"), SLICE_CONSTANT("elif"),
	                                             SLICE_CONSTANT("except"), SLICE_CONSTANT("finally")};
	for (size_t i = 0; i < sizeof continuations / sizeof *continuations; i++) {
		size_t length = continuations[i].length;
		if (slice_starts(rest, continuations[i]) &&
		    (rest.length == length || rest.bytes[length] == ':' || rest.bytes[length] == ' '))
			return false;
	}
	return true;
}

/* The line to go on with after an error in the statement that began at `start`:
 * the next one in column 0, counted from the bracket that was left open if one was,
 * because what follows it was taken for what it holds. */
static uint32_t resume_at(const struct parser *parser, uint32_t start)
{
	uint32_t from = parser->error_at > start ? parser->error_at : start;
	if (parser->error_bracket < from && parser->error_bracket >= start)
		from = parser->error_bracket;
	/* An error at the very beginning of a later line is that line's own beginning: the one before it was cut short. */
	uint32_t line = line_of(parser, from);
	if (line > start && past_margin(parser, line) == from && may_begin_statement(parser, from))
		return line;
	for (uint32_t at = lexer_line_end(&parser->lexer, from); at < parser->lexer.limit;
	     at = lexer_line_end(&parser->lexer, at))
		if (may_begin_statement(parser, past_margin(parser, at)))
			return at;
	return parser->lexer.limit;
}

static void restart(struct parser *parser, uint32_t at)
{
	parser->tokens.count = 0;
	parser->index = 0;
	parser->depth = 0;
	parser->resynchronise = false;
	parser->no_in = false;
	lexer_begin(&parser->lexer, past_margin(parser, at));
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
		uint32_t resume = resume_at(parser, start);
		invalid->kind = STATEMENT_INVALID;
		invalid->span = parser->fixed_span ? parser->fixed : (struct span){start, resume};
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
			restart(parser, resume_at(parser, parser->error_at > start ? line_of(parser, parser->error_at) : start));
	}
	parser->recovery = outer;
}

/* What IPython does to a cell before it looks at its lines. */

static bool is_blank_line(struct slice source, uint32_t start, uint32_t end)
{
	return slice_trim(slice_part(source, start, end)).length == 0;
}

static uint8_t prompt_of(const struct lexer *lexer, uint32_t first)
{
	struct slice line = slice_part(lexer->source, first, lexer->limit);
	uint32_t second = lexer_line_end(lexer, first);
	struct slice next = slice_part(lexer->source, second, lexer->limit);
	bool classic =
	    slice_starts(line, SLICE(">>> ")) || slice_equal(slice_trim(slice_part(line, 0, second - first)), SLICE(">>>"));
	if (classic || slice_starts(next, SLICE("... ")) || slice_starts(next, SLICE(">>> ")))
		return 1;
	if (slice_starts(line, SLICE("In [")) && line.length > 4 && line.bytes[4] >= '0' && line.bytes[4] <= '9') {
		size_t close = slice_find(line, ']', 0);
		if (close + 1 < line.length && line.bytes[close + 1] == ':')
			return 2;
	}
	return 0;
}

/* Skips blank lines, finds the margin and prompts, and parses a cell magic as such. */
static void parse_cell(struct parser *parser, struct statement_list *into)
{
	struct lexer *lexer = &parser->lexer;
	struct slice source = lexer->source;
	uint32_t start = lexer->at;
	if (parser->options.ipython) {
		uint32_t end = lexer_line_end(lexer, start);
		while (start < lexer->limit && is_blank_line(source, start, end)) {
			start = end;
			end = lexer_line_end(lexer, start);
		}
		uint32_t text = start;
		while (text < lexer->limit && (source.bytes[text] == ' ' || source.bytes[text] == '\t'))
			text++;
		lexer->margin = slice_part(source, start, text);
		lexer->prompt = prompt_of(lexer, text);
		struct slice rest = slice_part(source, text, lexer->limit);
		if (slice_starts(rest, SLICE("%%"))) {
			struct magic *magic = parse_cell_magic(parser, text);
			if (magic) {
				size_t capacity = 0;
				struct statement *statement = parser_statement_node(parser, STATEMENT_MAGIC, text);
				statement->span = parser->fixed_span ? parser->fixed : (struct span){text, lexer->limit};
				statement->magic = magic;
				parser_add(parser, into, &capacity, statement);
				return;
			}
		}
	}
	lexer_begin(lexer, lexer->prompt ? start : past_margin(parser, start));
	parse_statements(parser, into);
}

static struct parser *sub_parser(struct parser *parser, struct slice text, uint32_t offset, bool verbatim)
{
	struct parser *inner = arena_alloc(parser->arena, sizeof *inner);
	inner->arena = parser->arena;
	inner->symbols = parser->symbols;
	inner->options = parser->options;
	inner->module = parser->module;
	inner->magic_depth = parser->magic_depth + 1;
	inner->print_function = parser->print_function;
	inner->lexer = (struct lexer){.arena = parser->arena,
	                              .symbols = parser->symbols,
	                              .source = parser->lexer.source,
	                              .at = offset,
	                              .limit = offset + (uint32_t)text.length,
	                              .ipython = true,
	                              .python2 = parser->lexer.python2};
	if (!verbatim || parser->fixed_span) {
		uint32_t end = offset + (uint32_t)text.length;
		inner->fixed_span = true;
		inner->fixed = parser->fixed_span ? parser->fixed : (struct span){offset, end};
		if (inner->fixed.end > parser->module->source.length)
			inner->fixed.end = (uint32_t)parser->module->source.length;
		inner->lexer.source = text;
		inner->lexer.at = 0;
		inner->lexer.limit = (uint32_t)text.length;
	}
	return inner;
}

struct statement_list parse_embedded(struct parser *parser, struct slice text, uint32_t offset, bool verbatim)
{
	struct statement_list list = {0};
	if (parser->magic_depth >= PARSER_MAX_MAGICS)
		return list;
	parse_cell(sub_parser(parser, text, offset, verbatim), &list);
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

struct expression *parse_embedded_expression(struct parser *parser, struct slice text, uint32_t offset, bool verbatim)
{
	struct expression *expression = NULL;
	struct parser *inner = sub_parser(parser, text, offset, verbatim);
	inner->options.ipython = inner->lexer.ipython = false;
	lexer_begin(&inner->lexer, inner->lexer.at);
	return parser_try(inner, parse_whole_expression, &expression) ? expression : NULL;
}

static struct module *parse_as(struct arena *arena, struct symbols *symbols, struct slice source,
                               struct parser_options options)
{
	struct module *module = arena_alloc(arena, sizeof *module);
	struct parser *parser = arena_alloc(arena, sizeof *parser);
	module->source = source;
	module->dialect = options.major == 2 ? DIALECT_PYTHON2 : DIALECT_PYTHON3;
	parser->arena = arena;
	parser->symbols = symbols;
	parser->module = module;
	parser->options = options;
	parser->lexer = (struct lexer){.arena = arena,
	                               .symbols = symbols,
	                               .source = source,
	                               .limit = (uint32_t)source.length,
	                               .ipython = options.ipython,
	                               .python2 = options.major == 2};
	/* A byte order mark is no part of the text. */
	if (!options.ipython && slice_starts(source, SLICE("\xEF\xBB\xBF")))
		parser->lexer.at = 3;
	parse_cell(parser, &module->body);
	if (parser->lexer.newer_format)
		parser_needs(parser, 12);
	return module;
}

struct module *python_parse(struct arena *arena, struct symbols *symbols, struct slice source,
                            struct parser_options options)
{
	if (source.length > UINT32_MAX - 16)
		source.length = UINT32_MAX - 16; /* offsets have 32 bits; the reader refuses such cells before */
	struct parser_options three = options, two = options;
	three.major = 3;
	two.major = 2;
	struct module *module = parse_as(arena, symbols, source, three);
	/* `except A, B:` is Python 2's way to bind B, and 3.14's way to catch both. */
	bool ambiguous = module->least_minor >= 14 && options.minor < 14;
	if (!module->has_error && !ambiguous)
		return module;
	struct module *older = parse_as(arena, symbols, source, two);
	return older->has_error ? module : older;
}
