/* Classes of tokens, from the lexer. Where the lexer gives up, the rest of the
 * line is shown as an error and it begins anew at the next line. */
#include "python/highlight.h"

#include "python/lexer.h"
#include "python/names.h"

typedef VECTOR(struct token_span) span_vector;

static enum token_class class_of(const struct token *token, enum lexeme before, bool line_start, struct slice source)
{
	switch (token->kind) {
	case LEX_NAME:
		if (before == LEX_DEF || before == LEX_CLASS)
			return TOKEN_DEFINITION;
		if (before == LEX_AT && !line_start)
			return TOKEN_DECORATOR;
		if (before != LEX_DOT && python_is_builtin(slice_part(source, token->start, token->end)))
			return TOKEN_BUILTIN;
		return TOKEN_NAME;
	case LEX_NUMBER: return TOKEN_NUMBER;
	case LEX_STRING:
	case LEX_FSTRING_START:
	case LEX_FSTRING_MIDDLE:
	case LEX_FSTRING_END: return TOKEN_STRING;
	case LEX_MAGIC:
	case LEX_HELP: return TOKEN_MAGIC;
	case LEX_ERROR: return TOKEN_ERROR;
	default: return token->kind >= LEX_FALSE ? TOKEN_KEYWORD : TOKEN_OPERATOR;
	}
}

static void add(struct arena *arena, span_vector *spans, uint32_t start, uint32_t end, enum token_class class)
{
	struct token_span span = {{start, end}, class};
	if (end > start)
		vector_push(arena, spans, span);
}

/* Comments are no tokens: they stand in the gaps between tokens. */
static void add_gap(struct arena *arena, span_vector *spans, struct slice source, uint32_t start, uint32_t end)
{
	while (start < end) {
		uint32_t hash = (uint32_t)slice_find(slice_part(source, 0, end), '#', start);
		if (hash >= end)
			return;
		uint32_t stop = hash;
		while (stop < end && source.bytes[stop] != '\n' && source.bytes[stop] != '\r')
			stop++;
		add(arena, spans, hash, stop, TOKEN_COMMENT);
		start = stop;
	}
}

struct token_span *python_highlight(struct arena *arena, struct slice source, bool ipython, size_t *count)
{
	span_vector spans = {0};
	struct lexer *lexer = arena_alloc(arena, sizeof *lexer);
	uint32_t done = 0;
	if (source.length > UINT32_MAX - 16)
		source.length = UINT32_MAX - 16;
	*lexer = (struct lexer){.arena = arena,
	                        .symbols = symbols_new(arena),
	                        .source = source,
	                        .limit = (uint32_t)source.length,
	                        .ipython = ipython};
	/* A cell magic is one line of magic; what follows it is read as Python, which it mostly is. */
	uint32_t begin = 0;
	while (ipython && begin < source.length && (source.bytes[begin] == '\n' || source.bytes[begin] == ' '))
		begin++;
	if (ipython && slice_starts(slice_part(source, begin, source.length), SLICE("%%"))) {
		done = (uint32_t)slice_find(source, '\n', begin);
		add(arena, &spans, begin, done, TOKEN_MAGIC);
	}
	lexer_begin(lexer, done);
	enum lexeme before = LEX_NEWLINE;
	for (;;) {
		struct token token = lexer_next(lexer);
		if (token.kind == LEX_END)
			break;
		if (token.kind == LEX_ERROR) {
			uint32_t at = token.start > done ? token.start : done;
			uint32_t end = lexer_line_end(lexer, at);
			add_gap(arena, &spans, source, done, at);
			add(arena, &spans, at, end, TOKEN_ERROR);
			done = end;
			if (end >= lexer->limit)
				break;
			lexer_begin(lexer, end);
			continue;
		}
		add_gap(arena, &spans, source, done, token.start);
		if (token.kind != LEX_NEWLINE && token.kind != LEX_INDENT && token.kind != LEX_DEDENT) {
			add(arena, &spans, token.start, token.end, class_of(&token, before, before == LEX_NEWLINE, source));
			before = token.kind;
		} else if (token.kind == LEX_NEWLINE) {
			before = LEX_NEWLINE;
		}
		if (token.end > done)
			done = token.end;
	}
	add_gap(arena, &spans, source, done, (uint32_t)source.length);
	*count = spans.count;
	return spans.items;
}
