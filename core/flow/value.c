/* Exact values: their arithmetic, their order and how Python writes them. */
#include "flow/value.h"

#include "flow/constant.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 6, LONGEST_TEXT = 4000 };

struct value *value_new(struct arena *arena, enum value_kind kind)
{
	struct value *value = arena_alloc(arena, sizeof *value);
	value->kind = kind;
	return value;
}

struct value *value_of_integer(struct arena *arena, int64_t integer)
{
	struct value *value = value_new(arena, VALUE_INT);
	value->integer = integer;
	return value;
}

struct value *value_of_bool(struct arena *arena, bool truth)
{
	struct value *value = value_new(arena, VALUE_BOOL);
	value->integer = truth;
	return value;
}

struct value *value_of_real(struct arena *arena, double real)
{
	struct value *value = value_new(arena, VALUE_FLOAT);
	value->real = real;
	return value;
}

struct value *value_of_text(struct arena *arena, struct slice text)
{
	if (text.length > LONGEST_TEXT)
		return value_new(arena, VALUE_UNKNOWN);
	struct value *value = value_new(arena, VALUE_STRING);
	value->text = text;
	return value;
}

bool value_is_mutable(const struct value *value)
{
	return value->kind == VALUE_LIST || value->kind == VALUE_DICT || value->kind == VALUE_SET ||
	       value->kind == VALUE_ITERATOR || value->kind == VALUE_GENERATOR || value->kind == VALUE_CLASS ||
	       value->kind == VALUE_INSTANCE || value->kind == VALUE_VIEW;
}

bool value_is_known(const struct value *value, uint32_t epoch)
{
	if (value->kind == VALUE_UNKNOWN || value->kind == VALUE_WILD || value->lost)
		return false;
	if (value->source && (value->source->changes != value->seen || !value_is_known(value->source, epoch)))
		return false;
	return !value_is_mutable(value) || value->epoch >= epoch;
}

bool value_is_number(const struct value *value)
{
	return value->kind == VALUE_BOOL || value->kind == VALUE_INT || value->kind == VALUE_FLOAT;
}

/* ------------------------------------------------------------------ literals */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* A plain decimal number at the start of the text, as Python writes it; its length, or 0. */
static size_t number_length(struct slice text, bool *real)
{
	size_t at = 0, digits = 0;
	*real = false;
	if (at < text.length && text.bytes[at] == '-')
		at++;
	for (; at < text.length && is_digit(text.bytes[at]); at++)
		digits++;
	if (at < text.length && text.bytes[at] == '.' && digits) {
		*real = true;
		for (at++; at < text.length && is_digit(text.bytes[at]); at++)
			;
	}
	if (digits && at + 1 < text.length && text.bytes[at] == 'e') {
		size_t exponent = at + 1;
		if (text.bytes[exponent] == '-' || text.bytes[exponent] == '+')
			exponent++;
		if (exponent < text.length && is_digit(text.bytes[exponent])) {
			*real = true;
			for (at = exponent; at < text.length && is_digit(text.bytes[at]); at++)
				;
		}
	}
	return digits ? at : 0;
}

static struct value *number_of(struct arena *arena, struct slice text, bool real)
{
	if (text.length > (real ? 40 : 18))
		return NULL;
	struct slice copy = slice_copy(arena, text);
	return real ? value_of_real(arena, strtod(copy.bytes, NULL))
	            : value_of_integer(arena, strtoll(copy.bytes, NULL, 10));
}

struct value *value_of_literal(struct arena *arena, enum form form, struct slice text)
{
	/* No escape is longer than this for one byte of text. */
	enum { LONGEST_ESCAPE = sizeof "\\U00000041" - 1 };
	struct constant constant;
	if (text.length > LONGEST_ESCAPE * LONGEST_TEXT)
		return value_new(arena, VALUE_UNKNOWN);
	if (!constant_of_literal(arena, form, text, &constant))
		return value_new(arena, VALUE_UNKNOWN);
	switch (constant.kind) {
	case CONSTANT_NONE: return value_new(arena, VALUE_NONE);
	case CONSTANT_REAL: return value_of_real(arena, constant.real);
	case CONSTANT_TEXT: return value_of_text(arena, constant.text);
	default:
		return constant.is_bool ? value_of_bool(arena, constant.integer != 0)
		                        : value_of_integer(arena, constant.integer);
	}
}

static bool read_word(struct slice text, size_t *at, struct slice word)
{
	if (!slice_starts(slice_part(text, *at, text.length), word))
		return false;
	*at += word.length;
	return true;
}

static struct value *read_string(struct arena *arena, struct slice text, size_t *at)
{
	char quote = text.bytes[*at];
	struct builder read = {.arena = arena};
	for (size_t i = *at + 1; i < text.length; i++) {
		char byte = text.bytes[i];
		if (byte == quote) {
			*at = i + 1;
			return value_of_text(arena, builder_slice(&read));
		}
		if (byte == '\\') {
			if (i + 1 == text.length)
				return NULL;
			byte = text.bytes[++i];
			if (byte == 'n')
				byte = '\n';
			else if (byte == 't')
				byte = '\t';
			else if (byte != '\\' && byte != '\'' && byte != '"')
				return NULL;
		}
		builder_add_byte(&read, byte);
	}
	return NULL;
}

static struct value *read_within(struct arena *arena, struct slice text, size_t *at, unsigned depth);

/* What stands between brackets, behind the opening one. */
static struct value *read_items(struct arena *arena, struct slice text, size_t *at, unsigned depth)
{
	char open = text.bytes[*at], close = open == '[' ? ']' : open == '(' ? ')' : '}';
	struct value *value = value_new(arena, open == '[' ? VALUE_LIST : open == '(' ? VALUE_TUPLE : VALUE_DICT);
	size_t i = *at + 1;
	bool comma = false;
	while (i < text.length && text.bytes[i] != close) {
		struct value *item = read_within(arena, text, &i, depth - 1);
		if (!item)
			return NULL;
		vector_push(arena, &value->items, item);
		if (open == '{') {
			if (!read_word(text, &i, SLICE(": ")) || !(item = read_within(arena, text, &i, depth - 1)))
				return NULL;
			vector_push(arena, &value->items, item);
		}
		comma = i < text.length && text.bytes[i] == ',';
		if (!comma)
			break;
		for (i++; i < text.length && (text.bytes[i] == ' ' || text.bytes[i] == '\n'); i++)
			;
	}
	if (i >= text.length || text.bytes[i] != close || (open == '(' && value->items.count == 1 && !comma))
		return NULL;
	*at = i + 1;
	return value;
}

static struct value *read_within(struct arena *arena, struct slice text, size_t *at, unsigned depth)
{
	struct slice rest = slice_part(text, *at, text.length);
	bool real = false;
	if (rest.length == 0 || depth == 0)
		return NULL;
	switch (rest.bytes[0]) {
	case '[':
	case '(':
	case '{': return read_items(arena, text, at, depth);
	case '\'':
	case '"': return read_string(arena, text, at);
	default: break;
	}
	if (read_word(text, at, SLICE("None")))
		return value_new(arena, VALUE_NONE);
	if (read_word(text, at, SLICE("True")))
		return value_of_bool(arena, true);
	if (read_word(text, at, SLICE("False")))
		return value_of_bool(arena, false);
	size_t length = number_length(rest, &real);
	struct value *number = length ? number_of(arena, slice_part(rest, 0, length), real) : NULL;
	if (number)
		*at += length;
	return number;
}

struct value *value_read(struct arena *arena, struct slice text, size_t *at)
{
	size_t from = *at;
	struct value *value = read_within(arena, text, &from, DEPTH);
	if (value)
		*at = from;
	return value;
}

/* ------------------------------------------------------------------ truth, equality, order */

int value_truth(const struct value *value, uint32_t epoch)
{
	if (!value_is_known(value, epoch))
		return -1;
	switch (value->kind) {
	case VALUE_NONE: return 0;
	case VALUE_BOOL:
	case VALUE_INT: return value->integer != 0;
	case VALUE_FLOAT: return value->real != 0;
	case VALUE_STRING: return value->text.length > 0;
	case VALUE_TUPLE:
	case VALUE_LIST:
	case VALUE_DICT:
	case VALUE_SET: return value->items.count > 0;
	case VALUE_FUNCTION:
	case VALUE_CLASS: return 1;
	default: return -1;
	}
}

static double real_of(const struct value *value)
{
	return value->kind == VALUE_FLOAT ? value->real : (double)value->integer;
}

/* Integers beyond this are not exact as doubles. */
static bool is_exact(const struct value *value)
{
	return value->kind == VALUE_FLOAT || (value->integer < INT64_C(1) << 53 && value->integer > -(INT64_C(1) << 53));
}

static int equal_within(const struct value *a, const struct value *b, uint32_t epoch, unsigned depth)
{
	if (!value_is_known(a, epoch) || !value_is_known(b, epoch) || depth == 0)
		return -1;
	if (value_is_number(a) && value_is_number(b)) {
		if (a->kind != VALUE_FLOAT && b->kind != VALUE_FLOAT)
			return a->integer == b->integer;
		return is_exact(a) && is_exact(b) ? real_of(a) == real_of(b) : -1;
	}
	if (a->kind > VALUE_DICT || b->kind > VALUE_DICT)
		return a == b ? 1 : -1;
	if (a->kind != b->kind)
		return 0;
	if (a->kind == VALUE_NONE)
		return 1;
	if (a->kind == VALUE_STRING)
		return slice_equal(a->text, b->text);
	if (a->items.count != b->items.count)
		return 0;
	int equal = 1;
	for (size_t i = 0; i < a->items.count && i < VALUE_ITEMS && equal == 1; i++) {
		if (a->kind == VALUE_DICT && i % 2 == 0) {
			int64_t at = value_find_key(b, a->items.items[i], epoch);
			equal = at < 0    ? -1
			        : at == 0 ? 0
			                  : equal_within(a->items.items[i + 1], b->items.items[at], epoch, depth - 1);
		} else if (a->kind != VALUE_DICT) {
			equal = equal_within(a->items.items[i], b->items.items[i], epoch, depth - 1);
		}
	}
	return equal;
}

int value_equal(const struct value *a, const struct value *b, uint32_t epoch)
{
	return equal_within(a, b, epoch, DEPTH);
}

bool value_compare(const struct value *a, const struct value *b, uint32_t epoch, int *order)
{
	if (!value_is_known(a, epoch) || !value_is_known(b, epoch))
		return false;
	if (value_is_number(a) && value_is_number(b)) {
		if (a->kind != VALUE_FLOAT && b->kind != VALUE_FLOAT) {
			*order = (a->integer > b->integer) - (a->integer < b->integer);
			return true;
		}
		if (!is_exact(a) || !is_exact(b) || isnan(real_of(a)) || isnan(real_of(b)))
			return false;
		*order = (real_of(a) > real_of(b)) - (real_of(a) < real_of(b));
		return true;
	}
	if (a->kind == VALUE_STRING && b->kind == VALUE_STRING) { /* UTF-8 keeps the order of code points */
		*order = slice_compare(a->text, b->text);
		return true;
	}
	if ((a->kind != VALUE_LIST && a->kind != VALUE_TUPLE) || a->kind != b->kind)
		return false;
	for (size_t i = 0; i < a->items.count && i < b->items.count; i++) {
		int equal = i < VALUE_ITEMS ? value_equal(a->items.items[i], b->items.items[i], epoch) : -1;
		const struct value *left = a->items.items[i], *right = b->items.items[i];
		bool flat = left->kind <= VALUE_STRING && right->kind <= VALUE_STRING;
		if (equal != 1)
			return equal == 0 && flat && value_compare(left, right, epoch, order);
	}
	*order = (a->items.count > b->items.count) - (a->items.count < b->items.count);
	return true;
}

/* What can't be hashed raises TypeError where it is looked for. */
static bool is_hashable(const struct value *key, unsigned depth)
{
	if (key->kind != VALUE_TUPLE)
		return key->kind <= VALUE_STRING;
	bool hashable = depth > 0 && key->items.count <= VALUE_ITEMS;
	for (size_t i = 0; hashable && i < key->items.count; i++)
		hashable = is_hashable(key->items.items[i], depth - 1);
	return hashable;
}

int64_t value_find_key(const struct value *dict, const struct value *key, uint32_t epoch)
{
	if (!value_is_known(dict, epoch) || !value_is_known(key, epoch) || dict->items.count > VALUE_ITEMS)
		return -1;
	if (!is_hashable(key, DEPTH))
		return -1;
	for (size_t i = 0; i + 1 < dict->items.count; i += 2) {
		int equal = value_equal(dict->items.items[i], key, epoch);
		if (equal)
			return equal < 0 ? -1 : (int64_t)i + 1;
	}
	return 0;
}

/* ------------------------------------------------------------------ writing */

/* The shortest digits that read back as the number, as repr() has it. */
static void write_real(struct builder *text, double real)
{
	char digits[40];
	int precision = 0;
	if (isnan(real) || isinf(real)) {
		builder_add_string(text, isnan(real) ? "nan" : real < 0 ? "-inf" : "inf");
		return;
	}
	do
		snprintf(digits, sizeof digits, "%.*e", precision, real);
	while (strtod(digits, NULL) != real && ++precision < 17);
	const char *e = strchr(digits, 'e');
	int exponent = e ? (int)strtol(e + 1, NULL, 10) : 0;
	if (exponent < -4 || exponent >= 16) {
		builder_add(text, slice_part(slice_of(digits), 0, (size_t)(e - digits)));
		builder_add_format(text, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
		return;
	}
	int decimals = precision - exponent;
	builder_add_format(text, "%.*f", decimals > 0 ? decimals : 1, real);
}

static bool write_string(struct builder *text, struct slice string)
{
	bool single = slice_find(string, '\'', 0) < string.length, twice = slice_find(string, '"', 0) < string.length;
	char quote = single && !twice ? '"' : '\'';
	builder_add_byte(text, quote);
	for (size_t i = 0; i < string.length; i++) {
		unsigned char byte = (unsigned char)string.bytes[i];
		if (byte >= 0x7f || (byte < ' ' && byte != '\n' && byte != '\t'))
			return false;
		if (byte == '\n' || byte == '\t') {
			builder_add_string(text, byte == '\n' ? "\\n" : "\\t");
			continue;
		}
		if (byte == '\\' || byte == (unsigned char)quote)
			builder_add_byte(text, '\\');
		builder_add_byte(text, (char)byte);
	}
	builder_add_byte(text, quote);
	return true;
}

static bool write_within(struct builder *text, const struct value *value, uint32_t epoch, bool repr, unsigned depth);

static bool write_items(struct builder *text, const struct value *value, uint32_t epoch, unsigned depth)
{
	bool dict = value->kind == VALUE_DICT, tuple = value->kind == VALUE_TUPLE;
	builder_add_string(text, dict ? "{" : tuple ? "(" : "[");
	for (size_t i = 0; i < value->items.count; i++) {
		if (i > 0)
			builder_add_string(text, dict && i % 2 ? ": " : ", ");
		if (text->length > LONGEST_TEXT || !write_within(text, value->items.items[i], epoch, true, depth))
			return false;
	}
	if (tuple && value->items.count == 1)
		builder_add_byte(text, ',');
	builder_add_string(text, dict ? "}" : tuple ? ")" : "]");
	return true;
}

static bool write_within(struct builder *text, const struct value *value, uint32_t epoch, bool repr, unsigned depth)
{
	if (!value_is_known(value, epoch) || depth == 0)
		return false;
	switch (value->kind) {
	case VALUE_NONE: builder_add_string(text, "None"); return true;
	case VALUE_BOOL: builder_add_string(text, value->integer ? "True" : "False"); return true;
	case VALUE_INT: builder_add_format(text, "%" PRId64, value->integer); return true;
	case VALUE_FLOAT: write_real(text, value->real); return true;
	case VALUE_STRING:
		if (repr)
			return write_string(text, value->text);
		builder_add(text, value->text);
		return true;
	case VALUE_TUPLE:
	case VALUE_LIST:
	case VALUE_DICT: return write_items(text, value, epoch, depth - 1);
	default: return false;
	}
}

bool value_write(struct builder *text, const struct value *value, uint32_t epoch, bool repr)
{
	return write_within(text, value, epoch, repr, DEPTH);
}

struct value *value_format(struct arena *arena, const struct value *value, struct slice spec, uint32_t epoch)
{
	struct builder text = {.arena = arena};
	if (spec.length == 0)
		return value_write(&text, value, epoch, false) ? value_of_text(arena, builder_slice(&text)) : NULL;
	/* `.2f` of a number: C's printf rounds as CPython does. */
	if (!value_is_known(value, epoch) || !value_is_number(value) || !is_exact(value) || value->kind == VALUE_BOOL ||
	    spec.length != 3 || spec.bytes[0] != '.' || !is_digit(spec.bytes[1]) || spec.bytes[2] != 'f')
		return NULL;
	builder_add_format(&text, "%.*f", spec.bytes[1] - '0', real_of(value));
	return value_of_text(arena, builder_slice(&text));
}

/* ------------------------------------------------------------------ operators */

static struct value *integer_power(struct arena *arena, int64_t base, int64_t exponent)
{
	int64_t power = 1;
	if (exponent < 0 || exponent > 64)
		return NULL;
	for (int64_t i = 0; i < exponent; i++)
		if (__builtin_mul_overflow(power, base, &power))
			return NULL;
	return value_of_integer(arena, power);
}

/* Python's division rounds down. */
static int64_t floor_divide(int64_t a, int64_t b)
{
	int64_t quotient = a / b;
	return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

static struct value *operate_integers(struct arena *arena, int64_t a, struct slice operator, int64_t b, bool *zero)
{
	int64_t result = 0;
	if (slice_equal(operator, SLICE("+")))
		return __builtin_add_overflow(a, b, &result) ? NULL : value_of_integer(arena, result);
	if (slice_equal(operator, SLICE("-")))
		return __builtin_sub_overflow(a, b, &result) ? NULL : value_of_integer(arena, result);
	if (slice_equal(operator, SLICE("*")))
		return __builtin_mul_overflow(a, b, &result) ? NULL : value_of_integer(arena, result);
	if (slice_equal(operator, SLICE("**")))
		return integer_power(arena, a, b);
	if (slice_equal(operator, SLICE("/")) || slice_equal(operator, SLICE("//")) || slice_equal(operator, SLICE("%"))) {
		*zero = b == 0;
		if (b == 0 || b == -1) /* INT64_MIN / -1 */
			return b == 0 || operator.bytes[0] == '/' ? NULL : value_of_integer(arena, 0);
		if (operator.length == 2)
			return value_of_integer(arena, floor_divide(a, b));
		if (operator.bytes[0] == '%')
			return value_of_integer(arena, a - b * floor_divide(a, b));
		bool exact = a < INT64_C(1) << 53 && a > -(INT64_C(1) << 53) && b < INT64_C(1) << 53 && b > -(INT64_C(1) << 53);
		return exact ? value_of_real(arena, (double)a / (double)b) : NULL;
	}
	return NULL;
}

/* Infinities and what is no number have rules of their own. */
static struct value *finite_real(struct arena *arena, double real)
{
	return isfinite(real) ? value_of_real(arena, real) : NULL;
}

static struct value *operate_reals(struct arena *arena, double a, struct slice operator, double b, bool *zero)
{
	if (slice_equal(operator, SLICE("+")))
		return finite_real(arena, a + b);
	if (slice_equal(operator, SLICE("-")))
		return finite_real(arena, a - b);
	if (slice_equal(operator, SLICE("*")))
		return finite_real(arena, a * b);
	if (slice_equal(operator, SLICE("/"))) {
		*zero = b == 0;
		return b == 0 ? NULL : finite_real(arena, a / b);
	}
	return NULL;
}

static struct value *concatenated(struct arena *arena, const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_STRING) {
		struct builder text = {.arena = arena};
		builder_add(&text, a->text);
		builder_add(&text, b->text);
		return value_of_text(arena, builder_slice(&text));
	}
	struct value *both = value_new(arena, a->kind);
	for (size_t i = 0; i < a->items.count; i++)
		vector_push(arena, &both->items, a->items.items[i]);
	for (size_t i = 0; i < b->items.count; i++)
		vector_push(arena, &both->items, b->items.items[i]);
	return both->items.count > VALUE_ITEMS ? NULL : both;
}

static struct value *repeated(struct arena *arena, const struct value *sequence, int64_t times)
{
	size_t length = sequence->kind == VALUE_STRING ? sequence->text.length : sequence->items.count;
	if (times > VALUE_ITEMS || (times > 0 && length * (size_t)times > VALUE_ITEMS))
		return NULL;
	if (sequence->kind == VALUE_STRING) {
		struct builder text = {.arena = arena};
		for (int64_t i = 0; i < times; i++)
			builder_add(&text, sequence->text);
		return value_of_text(arena, builder_slice(&text));
	}
	struct value *all = value_new(arena, sequence->kind);
	for (int64_t i = 0; i < times; i++)
		for (size_t k = 0; k < length; k++)
			vector_push(arena, &all->items, sequence->items.items[k]);
	return all;
}

/* `a in b`: 1, 0 or -1. */
static int contains(const struct value *container, const struct value *item, uint32_t epoch)
{
	if (container->kind == VALUE_STRING && item->kind == VALUE_STRING) {
		if (item->text.length > container->text.length)
			return 0;
		for (size_t at = 0; at + item->text.length <= container->text.length; at++)
			if (slice_starts(slice_part(container->text, at, container->text.length), item->text))
				return 1;
		return 0;
	}
	if (container->kind < VALUE_TUPLE || container->kind > VALUE_SET || container->items.count > VALUE_ITEMS)
		return -1;
	int found = 0;
	if (container->kind >= VALUE_DICT && !is_hashable(item, DEPTH))
		return -1;
	for (size_t i = 0; i < container->items.count && found != 1; i += container->kind == VALUE_DICT ? 2 : 1) {
		int equal = value_equal(container->items.items[i], item, epoch);
		found = equal == 1 ? 1 : equal < 0 ? -1 : found;
	}
	return found;
}

/* An attribute of something unknown may be anything, None too. */
static bool has_known_type(const struct value *value)
{
	return value->kind != VALUE_METHOD && value->kind != VALUE_LIBRARY;
}

static struct value *compared(struct arena *arena, const struct value *a, struct slice operator, const struct value * b,
                              uint32_t epoch)
{
	int order = 0, truth = -1;
	if (slice_equal(operator, SLICE("==")) || slice_equal(operator, SLICE("!="))) {
		truth = value_equal(a, b, epoch);
		return truth < 0 ? NULL : value_of_bool(arena, (truth != 0) == (operator.bytes[0] == '='));
	}
	if (slice_equal(operator, SLICE("in")) || slice_equal(operator, SLICE("notin"))) {
		truth = contains(b, a, epoch);
		return truth < 0 ? NULL : value_of_bool(arena, (truth != 0) == (operator.length == 2));
	}
	if (slice_equal(operator, SLICE("is")) || slice_equal(operator, SLICE("isnot"))) {
		if ((a->kind != VALUE_NONE && b->kind != VALUE_NONE) || !has_known_type(a) || !has_known_type(b))
			return NULL;
		return value_of_bool(arena, (a->kind == b->kind) == (operator.length == 2));
	}
	if (!value_compare(a, b, epoch, &order))
		return NULL;
	if (operator.bytes[0] == '<')
		return value_of_bool(arena, operator.length == 1 ? order < 0 : order <= 0);
	return value_of_bool(arena, operator.length == 1 ? order > 0 : order >= 0);
}

static bool is_comparison(struct slice operator)
{
	static const struct slice all[] = {SLICE_CONSTANT("=="),   SLICE_CONSTANT("!="), SLICE_CONSTANT("<"),
	                                   SLICE_CONSTANT("<="),   SLICE_CONSTANT(">"),  SLICE_CONSTANT(">="),
	                                   SLICE_CONSTANT("in"),   SLICE_CONSTANT("is"), SLICE_CONSTANT("notin"),
	                                   SLICE_CONSTANT("isnot")};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (slice_equal(operator, all[i]))
			return true;
	return false;
}

struct value *value_operate(struct arena *arena, const struct value *a, struct slice operator, const struct value * b,
                            uint32_t epoch, bool *zero)
{
	if (operator.length == 0 || !value_is_known(a, epoch) || !value_is_known(b, epoch))
		return NULL;
	if (is_comparison(operator))
		return compared(arena, a, operator, b, epoch);
	if (value_is_number(a) && value_is_number(b)) {
		if (a->kind != VALUE_FLOAT && b->kind != VALUE_FLOAT)
			return operate_integers(arena, a->integer, operator, b->integer, zero);
		return is_exact(a) && is_exact(b) ? operate_reals(arena, real_of(a), operator, real_of(b), zero) : NULL;
	}
	bool sequence = a->kind == VALUE_STRING || a->kind == VALUE_LIST || a->kind == VALUE_TUPLE;
	if (sequence && a->kind == b->kind && slice_equal(operator, SLICE("+")))
		return concatenated(arena, a, b);
	if (sequence && b->kind == VALUE_INT && slice_equal(operator, SLICE("*")))
		return repeated(arena, a, b->integer);
	return NULL;
}

bool value_is_refused(const struct value *a, struct slice operator, const struct value * b)
{
	bool plain_a = (a->kind >= VALUE_NONE && a->kind <= VALUE_DICT) || a->kind == VALUE_FUNCTION;
	bool plain_b = (b->kind >= VALUE_NONE && b->kind <= VALUE_DICT) || b->kind == VALUE_FUNCTION;
	bool numbers = value_is_number(a) && value_is_number(b);
	bool adds = slice_equal(operator, SLICE("+")) || slice_equal(operator, SLICE("-"));
	if (!plain_a || !plain_b || numbers)
		return false;
	if (adds || slice_equal(operator, SLICE("/")) || slice_equal(operator, SLICE("//")) ||
	    slice_equal(operator, SLICE("**")))
		return !(a->kind == b->kind && slice_equal(operator, SLICE("+")));
	bool orders = slice_equal(operator, SLICE("<")) || slice_equal(operator, SLICE(">")) ||
	              slice_equal(operator, SLICE("<=")) || slice_equal(operator, SLICE(">="));
	if (orders)
		return a->kind != b->kind || a->kind == VALUE_NONE || a->kind == VALUE_FUNCTION || a->kind == VALUE_DICT;
	bool sequence_a = a->kind >= VALUE_STRING && a->kind <= VALUE_LIST;
	bool sequence_b = b->kind >= VALUE_STRING && b->kind <= VALUE_LIST;
	return slice_equal(operator, SLICE("*")) && !(sequence_a && value_is_number(b)) &&
	       !(sequence_b && value_is_number(a));
}
