#include "flow/constant.h"

#include <string.h>

#include "base/slice.h"
#include "python/parser.h"

/* ------------------------------------------------------------------ literals */

static int digit_value(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 32;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : 99;
}

static bool parse_integer(struct slice text, int64_t *value)
{
	int base = 10;
	size_t i = 0;
	if (text.length > 2 && text.bytes[0] == '0') {
		char mark = (char)(text.bytes[1] | 32);
		base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
		i = base == 10 ? 0 : 2;
	}
	int64_t sum = 0;
	for (; i < text.length; i++) {
		if (text.bytes[i] == '_')
			continue;
		int digit = digit_value(text.bytes[i]);
		if (digit >= base || __builtin_mul_overflow(sum, base, &sum) || __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	/* 0777 is Python 2's. */
	if (base == 10 && text.length > 1 && text.bytes[0] == '0' && sum != 0)
		return false;
	*value = sum;
	return text.length > 0;
}

/* A decimal fraction that a double holds as CPython reads it: few digits and a small
 * exponent, so that one exact multiplication or division is rounded once. */
static bool parse_real(struct slice text, double *value)
{
	static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	enum { MOST_DIGITS = 15, MOST_TENS = 22 };
	int64_t digits = 0;
	int count = 0, written = 0, exponent = 0;
	bool fraction = false, whole = true;
	size_t i = 0;
	for (; i < text.length && (text.bytes[i] | 32) != 'e'; i++) {
		char byte = text.bytes[i];
		if (byte == '_')
			continue;
		if (byte == '.') {
			if (fraction) /* `...` */
				return false;
			fraction = true;
			whole = false;
			continue;
		}
		if (byte < '0' || byte > '9')
			return false;
		written++;
		if (digits || byte != '0')
			count++;
		if (count > MOST_DIGITS)
			return false;
		digits = digits * 10 + (byte - '0');
		exponent -= fraction;
	}
	if (i < text.length) {
		whole = false;
		bool negative = ++i < text.length && text.bytes[i] == '-';
		if (i < text.length && (text.bytes[i] == '-' || text.bytes[i] == '+'))
			i++;
		int64_t power;
		if (!parse_integer(slice_part(text, i, text.length), &power) || power > MOST_TENS)
			return false;
		exponent += negative ? -(int)power : (int)power;
	}
	if (whole || !written || exponent > MOST_TENS || exponent < -MOST_TENS)
		return false;
	*value = exponent < 0 ? (double)digits / tens[-exponent] : (double)digits * tens[exponent];
	return true;
}

static bool parse_number(struct slice text, struct constant *value)
{
	int64_t integer;
	if (parse_integer(text, &integer)) {
		*value = (struct constant){.kind = CONSTANT_INTEGER, .integer = integer};
		return true;
	}
	value->kind = CONSTANT_REAL;
	return parse_real(text, &value->real);
}

bool constant_of_literal(struct arena *arena, enum form form, struct slice text, struct constant *value)
{
	*value = (struct constant){.kind = CONSTANT_NONE};
	switch (form) {
	case FORM_NONE: return true;
	case FORM_TRUE:
	case FORM_FALSE:
		*value = (struct constant){.kind = CONSTANT_INTEGER, .is_bool = true, .integer = form == FORM_TRUE};
		return true;
	case FORM_LITERAL: return parse_number(text, value);
	case FORM_STRING: {
		for (size_t i = slice_find(text, '\\', 0); i < text.length; i = slice_find(text, '\\', i + 2))
			if (i + 1 < text.length && text.bytes[i + 1] == 'N') /* a character by its name */
				return false;
		const struct expression string = {
		    .kind = EXPRESSION_CONSTANT, .span = {0, (uint32_t)text.length}, .constant = {.is_string = true}};
		value->kind = CONSTANT_TEXT;
		return python_string_value(arena, text, &string, &value->text);
	}
	default: return false;
	}
}

/* ------------------------------------------------------------------ values */

const struct constant *constant_copy(struct arena *arena, const struct constant *value)
{
	struct constant *copy = arena_copy(arena, value, sizeof *value);
	if (value->kind == CONSTANT_TEXT)
		copy->text.bytes = arena_copy(arena, value->text.bytes, value->text.length);
	return copy;
}

bool constant_is_true(const struct constant *value)
{
	switch (value->kind) {
	case CONSTANT_UNREAD:
	case CONSTANT_NONE: return false;
	case CONSTANT_INTEGER: return value->integer != 0;
	case CONSTANT_REAL: return value->real < 0 || value->real > 0;
	case CONSTANT_TEXT: return value->text.length > 0;
	}
	return true;
}

static bool is_number(const struct constant *value)
{
	return value->kind == CONSTANT_INTEGER || value->kind == CONSTANT_REAL;
}

/* Numbers of this size are the same as integers and as doubles. */
static bool fits_double(const struct constant *value)
{
	const int64_t limit = INT64_C(1) << 53;
	return value->kind == CONSTANT_REAL || (value->integer <= limit && value->integer >= -limit);
}

static double as_double(const struct constant *value)
{
	return value->kind == CONSTANT_REAL ? value->real : (double)value->integer;
}

/* -1, 0 or 1; false when the two cannot be ordered, or not for certain. */
static bool order(const struct constant *a, const struct constant *b, int *result)
{
	if (a->kind == CONSTANT_INTEGER && b->kind == CONSTANT_INTEGER) {
		*result = (a->integer > b->integer) - (a->integer < b->integer);
		return true;
	}
	if (is_number(a) && is_number(b)) {
		double left = as_double(a), right = as_double(b);
		*result = (left > right) - (left < right);
		return fits_double(a) && fits_double(b);
	}
	if (a->kind == CONSTANT_TEXT && b->kind == CONSTANT_TEXT) {
		int difference = slice_compare(a->text, b->text); /* UTF-8 sorts as its code points do */
		*result = (difference > 0) - (difference < 0);
		return true;
	}
	return false;
}

bool constant_equal(const struct constant *a, const struct constant *b)
{
	int result;
	if (order(a, b, &result))
		return result == 0;
	return a->kind == CONSTANT_NONE && b->kind == CONSTANT_NONE;
}

bool constant_is_no_number(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.bytes[i] > 127)
			return false;
	text = slice_trim(text);
	if (!text.length)
		return true;
	/* Anything that begins like a number, or like inf and nan, may be one. */
	return !strchr("0123456789+-._iInN\f\v", text.bytes[0]);
}

/* ------------------------------------------------------------------ operators */

static enum evaluation give_integer(struct constant *value, int64_t integer)
{
	*value = (struct constant){.kind = CONSTANT_INTEGER, .integer = integer};
	return EVALUATION_VALUE;
}

static enum evaluation give_real(struct constant *value, double real)
{
	*value = (struct constant){.kind = CONSTANT_REAL, .real = real};
	return EVALUATION_VALUE;
}

static enum evaluation give_bool(struct constant *value, bool truth)
{
	*value = (struct constant){.kind = CONSTANT_INTEGER, .is_bool = true, .integer = truth};
	return EVALUATION_VALUE;
}

static enum evaluation power(int64_t base, int64_t exponent, struct constant *value)
{
	if (exponent < 0)
		return base == 0 ? EVALUATION_RAISES : EVALUATION_UNKNOWN;
	int64_t result = 1;
	enum { MOST = 63 };
	if (exponent > MOST)
		return EVALUATION_UNKNOWN;
	for (; exponent > 0; exponent--)
		if (__builtin_mul_overflow(result, base, &result))
			return EVALUATION_UNKNOWN;
	return give_integer(value, result);
}

static enum evaluation divide_integers(enum operation operation, int64_t a, int64_t b, struct constant *value)
{
	if (b == 0)
		return EVALUATION_RAISES;
	if (b == -1)
		return operation == OPERATION_REMAINDER ? give_integer(value, 0) : EVALUATION_UNKNOWN;
	int64_t quotient = a / b, remainder = a % b;
	if (remainder != 0 && (remainder < 0) != (b < 0)) {
		quotient--;
		remainder += b;
	}
	return give_integer(value, operation == OPERATION_FLOOR ? quotient : remainder);
}

static enum evaluation calculate_integers(enum operation operation, const struct constant *left,
                                          const struct constant *right, struct constant *value)
{
	int64_t a = left->integer, b = right->integer, result;
	switch (operation) {
	case OPERATION_ADD: return __builtin_add_overflow(a, b, &result) ? EVALUATION_UNKNOWN : give_integer(value, result);
	case OPERATION_SUBTRACT:
		return __builtin_sub_overflow(a, b, &result) ? EVALUATION_UNKNOWN : give_integer(value, result);
	case OPERATION_MULTIPLY:
		return __builtin_mul_overflow(a, b, &result) ? EVALUATION_UNKNOWN : give_integer(value, result);
	case OPERATION_DIVIDE:
		if (b == 0)
			return EVALUATION_RAISES;
		if (!fits_double(left) || !fits_double(right))
			return EVALUATION_UNKNOWN;
		return give_real(value, (double)a / (double)b);
	case OPERATION_FLOOR:
	case OPERATION_REMAINDER: return divide_integers(operation, a, b, value);
	case OPERATION_POWER: return power(a, b, value);
	case OPERATION_AND: return give_integer(value, a & b);
	case OPERATION_OR: return give_integer(value, a | b);
	case OPERATION_XOR: return give_integer(value, a ^ b);
	case OPERATION_SHIFT_LEFT:
	case OPERATION_SHIFT_RIGHT: return b < 0 ? EVALUATION_RAISES : EVALUATION_UNKNOWN;
	default: return EVALUATION_UNKNOWN;
	}
}

static enum evaluation calculate_reals(enum operation operation, const struct constant *left,
                                       const struct constant *right, struct constant *value)
{
	double a = as_double(left), b = as_double(right);
	bool zero = !(b < 0 || b > 0);
	switch (operation) {
	case OPERATION_DIVIDE:
	case OPERATION_FLOOR:
	case OPERATION_REMAINDER:
		if (zero)
			return EVALUATION_RAISES;
		break;
	case OPERATION_SHIFT_LEFT:
	case OPERATION_SHIFT_RIGHT:
	case OPERATION_AND:
	case OPERATION_OR:
	case OPERATION_XOR: return EVALUATION_RAISES;
	default: break;
	}
	if (!fits_double(left) || !fits_double(right))
		return EVALUATION_UNKNOWN;
	switch (operation) {
	case OPERATION_ADD: return give_real(value, a + b);
	case OPERATION_SUBTRACT: return give_real(value, a - b);
	case OPERATION_MULTIPLY: return give_real(value, a * b);
	case OPERATION_DIVIDE: return give_real(value, a / b);
	default: return EVALUATION_UNKNOWN;
	}
}

/* Arithmetic where at least one side is no number. */
static enum evaluation calculate_others(struct arena *arena, enum operation operation, const struct constant *a,
                                        const struct constant *b, struct constant *value)
{
	bool both_texts = a->kind == CONSTANT_TEXT && b->kind == CONSTANT_TEXT;
	bool repeats = (a->kind == CONSTANT_TEXT && b->kind == CONSTANT_INTEGER) ||
	               (a->kind == CONSTANT_INTEGER && b->kind == CONSTANT_TEXT);
	enum { LONGEST = 1 << 16 };
	if (both_texts && operation == OPERATION_ADD) {
		if (a->text.length + b->text.length > LONGEST)
			return EVALUATION_UNKNOWN;
		struct builder text = {.arena = arena};
		builder_add(&text, a->text);
		builder_add(&text, b->text);
		*value = (struct constant){.kind = CONSTANT_TEXT, .text = builder_slice(&text)};
		return EVALUATION_VALUE;
	}
	/* `'%d' % 1` formats. */
	if ((a->kind == CONSTANT_TEXT && operation == OPERATION_REMAINDER) || (repeats && operation == OPERATION_MULTIPLY))
		return EVALUATION_UNKNOWN;
	return EVALUATION_RAISES;
}

static enum evaluation calculate(struct arena *arena, enum operation operation, const struct constant *a,
                                 const struct constant *b, struct constant *value)
{
	if (operation == OPERATION_NONE || operation >= OPERATION_INVERT)
		return EVALUATION_UNKNOWN;
	if (a->kind == CONSTANT_INTEGER && b->kind == CONSTANT_INTEGER)
		return calculate_integers(operation, a, b, value);
	if (is_number(a) && is_number(b))
		return calculate_reals(operation, a, b, value);
	return calculate_others(arena, operation, a, b, value);
}

static enum evaluation compare(enum operation operation, const struct constant *a, const struct constant *b,
                               struct constant *value)
{
	int result;
	bool ordered = order(a, b, &result);
	bool alike = a->kind == b->kind || (is_number(a) && is_number(b));
	switch (operation) {
	case OPERATION_EQUAL:
	case OPERATION_DIFFERENT:
		if (alike && !ordered && a->kind != CONSTANT_NONE)
			return EVALUATION_UNKNOWN;
		return give_bool(value, constant_equal(a, b) == (operation == OPERATION_EQUAL));
	case OPERATION_LESS:
	case OPERATION_LESS_EQUAL:
	case OPERATION_GREATER:
	case OPERATION_GREATER_EQUAL:
		if (!ordered)
			return alike && a->kind != CONSTANT_NONE ? EVALUATION_UNKNOWN : EVALUATION_RAISES;
		return give_bool(value, operation == OPERATION_LESS         ? result < 0
		                        : operation == OPERATION_LESS_EQUAL ? result <= 0
		                        : operation == OPERATION_GREATER    ? result > 0
		                                                            : result >= 0);
	case OPERATION_IS:
	case OPERATION_IS_NOT: /* which numbers and texts are one object is CPython's affair */
		if (a->kind != CONSTANT_NONE && b->kind != CONSTANT_NONE)
			return EVALUATION_UNKNOWN;
		return give_bool(value, (a->kind == b->kind) == (operation == OPERATION_IS));
	case OPERATION_IN:
	case OPERATION_NOT_IN:
		if (b->kind != CONSTANT_TEXT || a->kind != CONSTANT_TEXT)
			return EVALUATION_RAISES;
		return EVALUATION_UNKNOWN;
	default: return EVALUATION_UNKNOWN;
	}
}

static enum evaluation evaluate_unary(enum operation operation, const struct constant *operand, struct constant *value)
{
	if (!is_number(operand))
		return EVALUATION_RAISES;
	bool whole = operand->kind == CONSTANT_INTEGER;
	int64_t negative;
	switch (operation) {
	case OPERATION_ADD: return whole ? give_integer(value, operand->integer) : give_real(value, operand->real);
	case OPERATION_SUBTRACT:
		if (!whole)
			return give_real(value, -operand->real);
		return __builtin_sub_overflow(0, operand->integer, &negative) ? EVALUATION_UNKNOWN
		                                                              : give_integer(value, negative);
	case OPERATION_INVERT: return whole ? give_integer(value, ~operand->integer) : EVALUATION_RAISES;
	default: return EVALUATION_UNKNOWN;
	}
}

enum evaluation constant_evaluate(struct arena *arena, enum operation operation, const struct constant *operands,
                                  size_t count, struct constant *value)
{
	if (operation == OPERATION_NONE || count == 0 || (operation == OPERATION_POWER && count > 2))
		return EVALUATION_UNKNOWN;
	if (operation == OPERATION_NOT)
		return give_bool(value, !constant_is_true(&operands[0]));
	if (operation >= OPERATION_EQUAL)
		return count == 2 ? compare(operation, &operands[0], &operands[1], value) : EVALUATION_UNKNOWN;
	if (count == 1)
		return evaluate_unary(operation, &operands[0], value);
	struct constant left = operands[0];
	enum evaluation evaluation = EVALUATION_UNKNOWN;
	for (size_t i = 1; i < count; i++) {
		evaluation = calculate(arena, operation, &left, &operands[i], value);
		if (evaluation != EVALUATION_VALUE)
			return evaluation;
		left = *value;
	}
	return evaluation;
}
