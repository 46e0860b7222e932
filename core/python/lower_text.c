/* What the events keep of the source's own text: operators, and the templates of
 * f-strings, for those who compute with them. */
#include "python/lower.h"

enum { LONGEST_TEMPLATE = 200 };

/* Adds what stands between two operands without parentheses and white space; false where there is a comment. */
static bool add_operator(struct builder *text, struct slice between)
{
	for (size_t i = 0; i < between.length; i++) {
		char byte = between.bytes[i];
		if (byte == '#')
			return false;
		if (byte != '(' && byte != ')' && byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\\')
			builder_add_byte(text, byte);
	}
	return true;
}

symbol lower_operator(struct lowering *lowering, uint32_t from, uint32_t to)
{
	struct builder text = {.arena = lowering->scratch};
	if (!add_operator(&text, slice_part(lowering->module->source, from, to)) || text.length == 0)
		return 0;
	return symbols_intern(lowering->symbols, builder_slice(&text));
}

/* The end of the field that begins at `at`, behind its brace; adds what is to be done with its value between the bytes
 * 1 and 2: the conversion, then the format. */
static size_t add_field(struct builder *text, struct slice source, size_t at, const struct expression *value)
{
	at = value->span.end;
	while (at < source.length && (source.bytes[at] == ' ' || source.bytes[at] == ')'))
		at++;
	builder_add_byte(text, 1);
	if (at + 1 < source.length && source.bytes[at] == '!') {
		builder_add_byte(text, source.bytes[at + 1]);
		at += 2;
	} else {
		builder_add_byte(text, 's');
	}
	if (at < source.length && source.bytes[at] == ':')
		for (at++; at < source.length && source.bytes[at] != '}' && source.bytes[at] != '{'; at++)
			builder_add_byte(text, source.bytes[at]);
	builder_add_byte(text, 2);
	return at < source.length && source.bytes[at] == '}' ? at + 1 : 0;
}

/* `f'{a}: {b:.2f}'`: its text, with each field as add_field() writes it. */
static symbol lower_template(struct lowering *lowering, const struct expression *expression)
{
	struct slice source = slice_part(lowering->module->source, 0, expression->span.end);
	size_t at = expression->span.start, field = 0;
	if (source.length - at > LONGEST_TEMPLATE || source.length - at < 3 || (source.bytes[at] | 32) != 'f')
		return 0;
	char quote = source.bytes[at + 1];
	if ((quote != '"' && quote != '\'') || source.bytes[at + 2] == quote)
		return 0;
	struct builder text = {.arena = lowering->scratch};
	for (at += 2; at + 1 < source.length;) {
		char byte = source.bytes[at];
		if (byte == '\\' || byte == quote || (unsigned char)byte < ' ')
			return 0;
		bool twice = source.bytes[at + 1] == byte;
		if (byte == '{' && !twice) {
			if (field == expression->items.count)
				return 0;
			at = add_field(&text, source, at, expression->items.items[field++]);
			if (!at)
				return 0;
			continue;
		}
		if (byte == '}' && !twice)
			return 0;
		builder_add_byte(&text, byte);
		at += byte == '{' || byte == '}' ? 2 : 1;
	}
	if (field != expression->items.count)
		return 0;
	return symbols_intern(lowering->symbols, builder_slice(&text));
}

symbol lower_operators(struct lowering *lowering, const struct expression *expression)
{
	const struct expression_list *items = &expression->items;
	if (expression->kind == EXPRESSION_FORMATTED)
		return lower_template(lowering, expression);
	if (expression->kind == EXPRESSION_NOT)
		return symbols_intern(lowering->symbols, SLICE("not"));
	if (items->count == 1)
		return lower_operator(lowering, expression->span.start, items->items[0]->span.start);
	struct builder text = {.arena = lowering->scratch};
	for (size_t i = 1; i < items->count; i++) {
		if (i > 1)
			builder_add_byte(&text, ' ');
		if (!add_operator(&text, slice_part(lowering->module->source, items->items[i - 1]->span.end,
		                                    items->items[i]->span.start)))
			return 0;
	}
	return symbols_intern(lowering->symbols, builder_slice(&text));
}
