/* parser_state.h - what the files of the parser share; private to core/python.
 *
 * parser.c          the cell as a whole: margins, prompts, cell magics, dialects, recovery
 * parser_statement.c, parser_expression.c, parser_pattern.c   the grammar
 * parser_string.c   string literals and f-strings
 * parser_ipython.c  magics, shell lines and help
 * parser_recovery.c where to go on after an error
 *
 * A syntax error leaves by longjmp for the innermost block, which keeps what it
 * has; then the parser goes on at the next line that begins in column 0.
 */
#ifndef NBSCOPE_PYTHON_PARSER_STATE_H
#define NBSCOPE_PYTHON_PARSER_STATE_H

#include <setjmp.h>

#include "python/lexer.h"
#include "python/parser.h"

/* Nesting of expressions beyond which a source is refused. CPython has limits of
 * its own (200 brackets are enforced by the lexer); this one bounds the stack. */
enum { PARSER_MAX_DEPTH = 300, PARSER_MAX_MAGICS = 8 };

struct parser {
	struct arena *arena;
	struct symbols *symbols;
	struct lexer lexer;
	struct parser_options options;
	struct module *module;
	VECTOR(struct token) tokens; /* of the top-level statement under way */
	size_t index;                /* of the token under way */
	struct token token;          /* tokens[index] */
	uint32_t last_end;           /* the end of the token before, line ends and indentation aside */
	unsigned depth, magic_depth;
	jmp_buf *recovery;
	bool resynchronise;            /* an error was met: leave all blocks */
	bool trying;                   /* an error means only that the source is something else */
	bool print_function;           /* Python 2 under `from __future__ import print_function` */
	uint32_t line_at, line;        /* the line of an offset that was asked for last */
	bool no_in;                    /* `in` ends the expression: the target of a `for` */
	uint32_t kept_end;             /* of the last simple statement that was kept, in the lexer's text */
	uint32_t error_at;             /* of the last error */
	uint32_t operand, operand_end; /* the disjunction read last: behind it a comma may be missing */
	uint64_t reread;               /* bytes that recovery may still read more than once */
	bool strings_hold;             /* recovery read all strings to the end, and all are closed */
	const struct text_map *map;    /* where the lexer's text stands in the source, if it is not the source itself */
};

/* A part of a text, and where that text stands in the source. */
struct passage {
	struct slice text;
	const struct text_map *map;
	uint32_t start, end;
};

/* Tokens. */
void parser_advance(struct parser *parser);
void parser_rewind(struct parser *parser, size_t index);
struct token parser_peek(struct parser *parser, size_t ahead);

static inline bool parser_is(const struct parser *parser, enum lexeme kind)
{
	return parser->token.kind == kind;
}

/* Moves past the token if it is of that kind. */
static inline bool parser_accept(struct parser *parser, enum lexeme kind)
{
	if (parser->token.kind != kind)
		return false;
	parser_advance(parser);
	return true;
}

void parser_expect(struct parser *parser, enum lexeme kind, struct slice message);
bool parser_is_name(const struct parser *parser, struct slice name);
struct slice parser_text(const struct parser *parser, struct token token);
/* The identifier under way, moved past. */
symbol parser_name(struct parser *parser, struct slice message);

/* Records the error (the first one counts) and leaves for the block around. */
_Noreturn void parser_error(struct parser *parser, uint32_t at, struct slice message);
_Noreturn void parser_unexpected(struct parser *parser);
void parser_needs(struct parser *parser, uint8_t minor);
void parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* The place in the source of a part of the lexer's text. */
struct span parser_place(const struct parser *parser, uint32_t start, uint32_t end);
/* From `start` to the end of the token before the one under way. */
struct span parser_span(const struct parser *parser, uint32_t start);
struct expression *parser_expression_node(struct parser *parser, enum expression_kind kind, uint32_t start);

/* Lists under construction live in the arena. */
typedef VECTOR(struct expression *) expression_vector;
static inline struct expression_list parser_list(const expression_vector *vector)
{
	return (struct expression_list){vector->items, vector->count};
}

/* parser_expression.c */
struct expression *parse_expression(struct parser *parser);       /* no walrus, no commas */
struct expression *parse_named_expression(struct parser *parser); /* `x := 1` too */
struct expression *parse_star_expression(struct parser *parser);  /* `*b` too */
struct expression *parse_star_expressions(struct parser *parser); /* `a, *b` too: a tuple where there are commas */
struct expression *parse_star_targets(struct parser *parser);     /* before `in` */
struct expression *parse_yield(struct parser *parser);
struct expression *parse_annotated_rhs(struct parser *parser); /* yield or star expressions */
struct expression *parse_primary(struct parser *parser);
struct expression *
parse_group(struct parser *parser); /* what is in parentheses: a group, a tuple, a generator, a yield */
/* Past the closing parenthesis. The bases of a class can't be a bare generator expression. */
void parse_arguments(struct parser *parser, struct argument **arguments, size_t *count, bool bases);
/* Refuses what can't be assigned to or deleted. */
void parser_check_target(struct parser *parser, const struct expression *target, bool deletes);
const char *expression_words(const struct expression *expression);

/* parser_parameter.c */
void parse_parameters(struct parser *parser, struct function *function, enum lexeme end);
struct type_parameters parse_type_parameters(struct parser *parser);

/* parser_string.c */
struct expression *parse_strings(struct parser *parser);

/* parser_pattern.c */
struct pattern *parse_patterns(struct parser *parser);

/* Runs `parse` and says whether it went through; if not, the tokens are as before. */
bool parser_try(struct parser *parser, void (*parse)(struct parser *parser, void *result), void *result);
/* The line of an offset, from 1; quick when asked for in order. */
uint32_t parser_line(struct parser *parser, uint32_t offset);

/* parser_statement.c */
void parse_statement(struct parser *parser, struct statement_list *into, size_t *capacity);
struct statement *parser_statement_node(struct parser *parser, enum statement_kind kind, uint32_t start);
void parser_add(struct parser *parser, struct statement_list *into, size_t *capacity, struct statement *statement);

/* parser_simple.c */
/* Simple statements up to the end of the line. */
void parse_simple_line(struct parser *parser, struct statement_list *into, size_t *capacity);

/* parser_recovery.c */
/* Where to go on after the error in the statement that began at `start`: a line in
 * column 0 behind it, or the limit. */
uint32_t parser_resume(struct parser *parser, uint32_t start);

/* parser_ipython.c */
/* What `get_ipython().run_line_magic('time', 'x = 1')` and the like come to, or null. */
struct magic *parse_magic_call(struct parser *parser, const struct expression *call, bool assigned);
struct magic *parse_magic_line(struct parser *parser, struct token token, bool assigned);
struct magic *parse_help_line(struct parser *parser, struct token token);
struct magic *parse_cell_magic(struct parser *parser, uint32_t start);

/* parser.c */
/* Parses text that a magic holds into a list of statements: a cell of its own, which
 * is cleaned and may be a cell magic, or lines. */
struct statement_list parse_embedded(struct parser *parser, struct passage passage, bool cell);
/* The expression that a text is, or null when it is none. */
struct expression *parse_embedded_expression(struct parser *parser, struct passage passage);

#endif
