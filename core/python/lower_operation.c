/* Which operation an expression is: the tree leaves that in the source. */
#include <string.h>

#include "python/lower.h"

/* The operator in source[start, end), between brackets, spaces and comments. */
static enum operation read_operator(struct slice source, uint32_t start, uint32_t end)
{
	static const struct {
		struct slice text;
		enum operation operation;
	} operators[] = {
	    {SLICE_CONSTANT("**"), OPERATION_POWER},      {SLICE_CONSTANT("//"), OPERATION_FLOOR},
	    {SLICE_CONSTANT("<<"), OPERATION_SHIFT_LEFT}, {SLICE_CONSTANT(">>"), OPERATION_SHIFT_RIGHT},
	    {SLICE_CONSTANT("=="), OPERATION_EQUAL},      {SLICE_CONSTANT("!="), OPERATION_DIFFERENT},
	    {SLICE_CONSTANT("<="), OPERATION_LESS_EQUAL}, {SLICE_CONSTANT(">="), OPERATION_GREATER_EQUAL},
	    {SLICE_CONSTANT("is"), OPERATION_IS},         {SLICE_CONSTANT("in"), OPERATION_IN},
	    {SLICE_CONSTANT("not"), OPERATION_NOT_IN},    {SLICE_CONSTANT("+"), OPERATION_ADD},
	    {SLICE_CONSTANT("-"), OPERATION_SUBTRACT},    {SLICE_CONSTANT("*"), OPERATION_MULTIPLY},
	    {SLICE_CONSTANT("/"), OPERATION_DIVIDE},      {SLICE_CONSTANT("%"), OPERATION_REMAINDER},
	    {SLICE_CONSTANT("&"), OPERATION_AND},         {SLICE_CONSTANT("|"), OPERATION_OR},
	    {SLICE_CONSTANT("^"), OPERATION_XOR},         {SLICE_CONSTANT("~"), OPERATION_INVERT},
	    {SLICE_CONSTANT("<"), OPERATION_LESS},        {SLICE_CONSTANT(">"), OPERATION_GREATER},
	};
	uint32_t at = start;
	while (at < end && strchr(" \t\r\n\f\\()", source.bytes[at]))
		at++;
	if (at >= end || source.bytes[at] == '#')
		return OPERATION_NONE;
	struct slice rest = slice_part(source, at, end);
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (!slice_starts(rest, operators[i].text))
			continue;
		rest = slice_trim(slice_part(rest, operators[i].text.length, rest.length));
		if (operators[i].operation == OPERATION_IS && slice_starts(rest, SLICE("not")))
			return OPERATION_IS_NOT;
		return operators[i].operation;
	}
	return OPERATION_NONE;
}

enum operation lower_operation(struct slice source, const struct expression *expression)
{
	struct expression *const *items = expression->items.items;
	size_t count = expression->items.count;
	if (expression->kind == EXPRESSION_NOT)
		return OPERATION_NOT;
	if ((expression->kind != EXPRESSION_OPERATION && expression->kind != EXPRESSION_COMPARISON) || count == 0)
		return OPERATION_NONE;
	if (count == 1)
		return read_operator(source, expression->span.start, items[0]->span.start);
	enum operation operation = read_operator(source, items[0]->span.end, items[1]->span.start);
	for (size_t i = 1; i + 1 < count; i++)
		if (read_operator(source, items[i]->span.end, items[i + 1]->span.start) != operation)
			return OPERATION_NONE;
	return operation;
}
