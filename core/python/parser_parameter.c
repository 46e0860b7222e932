/* Parameters: those of functions and lambdas, and type parameters. */
#include "python/parser_state.h"

/* Python 2: `def f((a, b), c)`. */
static struct expression *parse_tuple_parameter(struct parser *parser)
{
	struct expression *target = parse_group(parser);
	parser->lexer.only_python2 = true;
	parser_check_target(parser, target, false);
	return target;
}

void parse_parameters(struct parser *parser, struct function *function, enum lexeme end)
{
	VECTOR(struct parameter) list = {0};
	bool annotated = end == LEX_RIGHT_PAREN, keyword_only = false, defaults = false, slash = false, last = false;
	bool bare_star = false;
	while (!parser_is(parser, end)) {
		uint32_t start = parser->token.start;
		if (last)
			parser_error(parser, start, SLICE("nothing may follow the ** parameter"));
		if (parser_accept(parser, LEX_SLASH)) {
			if (slash || keyword_only || list.count == 0)
				parser_error(parser, start, SLICE("'/' can't stand here in the parameters"));
			parser_needs(parser, 8);
			slash = true;
			for (size_t i = 0; i < list.count; i++)
				list.items[i].kind = 1;
			if (!parser_accept(parser, LEX_COMMA))
				break;
			continue;
		}
		struct parameter parameter = {.kind = keyword_only ? 2 : 0};
		if (parser_is(parser, LEX_STAR) || parser_is(parser, LEX_DOUBLE_STAR)) {
			parameter.stars = parser_is(parser, LEX_STAR) ? 1 : 2;
			parser_advance(parser);
			if (parameter.stars == 1 && keyword_only)
				parser_error(parser, start, SLICE("'*' may stand only once in the parameters"));
			if (parameter.stars == 1)
				keyword_only = true;
			else
				last = true;
			if (parameter.stars == 1 && parser_is(parser, LEX_COMMA)) {
				parser_advance(parser);
				bare_star = true;
				continue;
			}
		}
		if (parser_is(parser, LEX_LEFT_PAREN) && parser->options.major == 2 && !parameter.stars) {
			parameter.tuple = parse_tuple_parameter(parser);
		} else {
			parameter.span = parser_place(parser, parser->token.start, parser->token.end);
			parameter.name = parser_name(parser, SLICE("the name of a parameter is missing"));
		}
		if (annotated && parser_accept(parser, LEX_COLON)) {
			if (parameter.stars == 1 && parser_is(parser, LEX_STAR)) {
				parser_needs(parser, 11);
				parameter.annotation = parse_star_expression(parser);
			} else {
				parameter.annotation = parse_expression(parser);
			}
		}
		if (parser_is(parser, LEX_EQUAL)) {
			if (parameter.stars)
				parser_error(parser, parser->token.start, SLICE("a starred parameter can't have a default"));
			parser_advance(parser);
			parameter.initial = parse_expression(parser);
			defaults = defaults || !keyword_only;
		} else if (defaults && !keyword_only && !parameter.stars) {
			parser_error(parser, start, SLICE("a parameter without a default follows one with a default"));
		}
		if (!parameter.stars)
			bare_star = false;
		vector_push(parser->arena, &list, parameter);
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	if (bare_star)
		parser_error(parser, parser->token.start, SLICE("named parameters must follow a bare '*'"));
	function->parameters = list.items;
	function->parameter_count = list.count;
}

struct type_parameters parse_type_parameters(struct parser *parser)
{
	VECTOR(struct type_parameter) list = {0};
	if (!parser_is(parser, LEX_LEFT_BRACKET))
		return (struct type_parameters){0};
	parser_needs(parser, 12);
	parser_advance(parser);
	if (parser_is(parser, LEX_RIGHT_BRACKET))
		parser_error(parser, parser->token.start, SLICE("the list of type parameters can't be empty"));
	while (!parser_is(parser, LEX_RIGHT_BRACKET)) {
		struct type_parameter parameter = {0};
		if (parser_is(parser, LEX_STAR) || parser_is(parser, LEX_DOUBLE_STAR)) {
			parameter.stars = parser_is(parser, LEX_STAR) ? 1 : 2;
			parser_advance(parser);
		}
		parameter.span = parser_place(parser, parser->token.start, parser->token.end);
		parameter.name = parser_name(parser, SLICE("the name of a type parameter is missing"));
		if (parser_is(parser, LEX_COLON)) {
			if (parameter.stars)
				parser_error(parser, parser->token.start, SLICE("a starred type parameter can't have a bound"));
			parser_advance(parser);
			parameter.bound = parse_expression(parser);
		}
		if (parser_accept(parser, LEX_EQUAL)) {
			parser_needs(parser, 13);
			parameter.initial = parameter.stars == 1 ? parse_star_expression(parser) : parse_expression(parser);
		}
		vector_push(parser->arena, &list, parameter);
		if (!parser_accept(parser, LEX_COMMA))
			break;
	}
	parser_expect(parser, LEX_RIGHT_BRACKET, SLICE("a closing ']' is missing after the type parameters"));
	return (struct type_parameters){list.items, list.count};
}
