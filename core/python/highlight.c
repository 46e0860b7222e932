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
	uint32_t done = 0, seen = 0; /* in the source, and in the text that the lexer reads */
	if (source.length > UINT32_MAX - 16)
		source.length = UINT32_MAX - 16;
	*lexer = (struct lexer){
	    .arena = arena, .symbols = symbols_new(arena), .source = source, .limit = (uint32_t)source.length};
	struct special_lines specials = {0};
	const struct text_map *map = NULL;
	if (ipython)
		lexer->source = cell_text_clean(arena, source, &map, &lexer->at, &lexer->limit);
	/* A cell magic is one line of magic; what follows it is read as Python, which it mostly is. */
	if (ipython && slice_starts(slice_part(lexer->source, lexer->at, lexer->limit), SLICE("%%"))) {
		uint32_t start = lexer->at;
		lexer->at = cell_text_line_end(lexer->source, start, lexer->limit);
		struct span magic = text_map_place(map, start, lexer->at);
		done = magic.end;
		while (magic.end > magic.start && (source.bytes[magic.end - 1] == '\n' || source.bytes[magic.end - 1] == '\r'))
			magic.end--;
		add(arena, &spans, magic.start, magic.end, TOKEN_MAGIC);
	}
	if (ipython)
		cell_text_find(arena, lexer->source, lexer->at, lexer->limit, &specials);
	lexer->specials = &specials;
	lexer_begin(lexer, lexer->at);
	enum lexeme before = LEX_NEWLINE;
	for (;;) {
		struct token token = lexer_next(lexer);
		if (token.kind == LEX_END)
			break;
		if (token.kind == LEX_ERROR && token.start < seen)
			token.start = seen;
		if (token.kind == LEX_ERROR)
			token.end = lexer_line_end(lexer, token.start);
		struct span place = text_map_place(map, token.start, token.end);
		add_gap(arena, &spans, source, done, place.start);
		if (token.kind == LEX_ERROR) {
			add(arena, &spans, place.start, place.end, TOKEN_ERROR);
			lexer_begin(lexer, token.end);
			before = LEX_NEWLINE;
		} else if (token.kind != LEX_NEWLINE && token.kind != LEX_INDENT && token.kind != LEX_DEDENT) {
			add(arena, &spans, place.start, place.end, class_of(&token, before, before == LEX_NEWLINE, lexer->source));
			before = token.kind;
		} else if (token.kind == LEX_NEWLINE) {
			before = LEX_NEWLINE;
		}
		done = place.end > done ? place.end : done;
		seen = token.end > seen ? token.end : seen;
	}
	add_gap(arena, &spans, source, done, (uint32_t)source.length);
	*count = spans.count;
	return spans.items;
}
