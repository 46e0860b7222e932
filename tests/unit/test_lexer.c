/* The lexer: one table of sources and their tokens, and the limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "python/lexer.h"
#include "tests/unit/arena.h"

static struct lexer *lexer_of(struct slice source, bool python2)
{
	struct lexer *lexer = arena_alloc(arena, sizeof *lexer);
	*lexer = (struct lexer){.arena = arena,
	                        .symbols = symbols_new(arena),
	                        .source = source,
	                        .limit = (uint32_t)source.length,
	                        .python2 = python2};
	lexer_begin(lexer, 0);
	return lexer;
}

/* The tokens of a source: their text, or what they are where they have none that shows. */
static struct slice tokens_of(struct slice source, bool python2)
{
	struct lexer *lexer = lexer_of(source, python2);
	struct builder out = {.arena = arena};
	for (;;) {
		struct token token = lexer_next(lexer);
		if (token.kind == LEX_END)
			return builder_slice(&out);
		builder_add_string(&out, out.length ? " " : "");
		switch (token.kind) {
		case LEX_NEWLINE: builder_add_string(&out, "NL"); break;
		case LEX_INDENT: builder_add_string(&out, "IN"); break;
		case LEX_DEDENT: builder_add_string(&out, "OUT"); break;
		case LEX_ERROR:
			builder_add_format(&out, "ERROR@%u: ", lexer->error_at);
			builder_add(&out, lexer->error);
			return builder_slice(&out);
		case LEX_NAME:
			builder_add_byte(&out, '.');
			builder_add(&out, symbols_name(lexer->symbols, token.name));
			break;
		default: builder_add(&out, slice_part(source, token.start, token.end));
		}
	}
}

static const struct {
	const char *source, *tokens;
} cases[] = {
    /* Lines and indentation. */
    {"", ""},
    {"\n\n# nothing\n  \n", ""},
    {"x", ".x NL"},
    {"x\n", ".x NL"},
    {"x # why\ny", ".x NL .y NL"},
    {"x\r\ny\rz\n", ".x NL .y NL .z NL"},
    {"if x:\n  y\nz\n", "if .x : NL IN .y NL OUT .z NL"},
    {"if x:\n  y", "if .x : NL IN .y NL OUT"},
    {"if x:\n\ty\n        z\n", "if .x : NL IN .y NL ERROR@17: tabs and spaces are mixed in the indentation"},
    {"if x:\n    y\n  z\n", "if .x : NL IN .y NL ERROR@15: this line's indentation matches no outer level"},
    {"if x:\n  y\n # comment\n\n  z\n", "if .x : NL IN .y NL .z NL OUT"},
    {"\fx\n \f y\n", ".x NL IN .y NL OUT"},
    {"x = \\\n  1\n", ".x = 1 NL"},
    {"x \\ \n", ".x ERROR@3: something follows the backslash that should end the line"},
    {"x \\", ".x ERROR@3: a backslash joins this line to the next, but there is none"},
    {"(a,\n\n  # comment\n b)\n", "( .a , .b ) NL"},
    {"  \\\nx\n", "IN .x NL OUT"},
    /* Names and keywords. */
    {"if iff None nonlocal print async", "if .iff None nonlocal .print async NL"},
    {"\xCE\xB1\xCE\xB2_1 \xEF\xAC\x81", ".\xCE\xB1\xCE\xB2_1 .fi NL"},
    {"x\xC2\xB2", "ERROR@1: this character can't stand in a name"},
    {"\xE2\x82\xAC", "ERROR@0: this character can't stand in a name"},
    {"a\xFF", "ERROR@1: this is no UTF-8 text"},
    /* Numbers. */
    {"0 00 1_000 0x_fF 0b01 0o17 1. .5 1e5 1E-5 1_0.0_1j 5J",
     "0 00 1_000 0x_fF 0b01 0o17 1. .5 1e5 1E-5 1_0.0_1j 5J NL"},
    {"012", "ERROR@0: leading zeros are not allowed in a decimal number; an octal one begins with 0o"},
    {"012.5 0e0 08j", "012.5 0e0 08j NL"},
    {"1__0", "ERROR@1: this number is not written as Python writes numbers"},
    {"0b12", "ERROR@3: this number is not written as Python writes numbers"},
    {"1if x else y", "1 if .x else .y NL"},
    {"1x", "ERROR@0: this number is not written as Python writes numbers"},
    {"1...", "1. . . NL"},
    /* Strings. */
    {"'a\\'b' \"c\" r'\\\\' u'' Rb'' bR\"\"", "'a\\'b' \"c\" r'\\\\' u'' Rb'' bR\"\" NL"},
    {"'''a\nb''' x", "'''a\nb''' .x NL"},
    {"'a\\\nb'", "'a\\\nb' NL"},
    {"ur''", ".ur '' NL"},
    {"'a\n'", "ERROR@0: this string has no closing quote"},
    {"x = '''a\n", ".x = ERROR@4: this triple-quoted string is never closed"},
    /* f-strings: PEP 701. */
    {"f'a{b}c'", "f' a { .b } c ' NL"},
    {"f'{{}}'", "f' {{}} ' NL"},
    {"f'{a!r:>{w}}'", "f' { .a ! .r : > { .w } } ' NL"},
    {"f'{a['b']}'", "f' { .a [ 'b' ] } ' NL"},
    {"f'{f'{x}'}'", "f' { f' { .x } ' } ' NL"},
    {"f'{x:%H:%M}'", "f' { .x : %H:%M } ' NL"},
    {"f'{x:\\n}'", "f' { .x : \\n } ' NL"},
    {"rf'\\{x}' t'{y}'", "rf' \\ { .x } ' t' { .y } ' NL"},
    {"f'\\N{DASH}{x}'", "f' \\N{DASH} { .x } ' NL"},
    {"f'}'", "f' ERROR@2: a single '}' in an f-string; write '}}' for a brace"},
    {"f'''{\n1\n}'''", "f''' { 1 } ''' NL"},
    {"f'{a != b}'", "f' { .a != .b } ' NL"},
    {"f'{(lambda x: 1)}'", "f' { ( lambda .x : 1 ) } ' NL"},
    {"f'abc", "f' ERROR@0: this f-string is never closed"},
    /* Operators. */
    {"a@=b**=c//=d>>=e<<=f->g:=h!=i==j...", ".a @= .b **= .c //= .d >>= .e <<= .f -> .g := .h != .i == .j ... NL"},
    {"a<>b", ".a < > .b NL"},
    {"a $ b", ".a ERROR@2: this character has no place in Python"},
    {"a ? b", ".a ERROR@2: this character has no place in Python"},
    {"(]", "( ERROR@1: ']' does not close '('"},
    {")", "ERROR@0: ')' closes no bracket"},
    {"(\n[\n", "( [ ERROR@2: '[' is never closed"},
};

static void lexer_makes_these_tokens(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice got = tokens_of(slice_of(cases[i].source), false), expected = slice_of(cases[i].tokens);
		if (!slice_equal(got, expected))
			print_error("%s\ngave     %.*s\nexpected %.*s\n", cases[i].source, SLICE_FORMAT(got),
			            SLICE_FORMAT(expected));
		assert_true(slice_equal(got, expected));
	}
}

static void lexer_knows_python_2(void **state)
{
	(void)state;
	static const struct {
		const char *source, *tokens;
	} older[] = {
	    {"print exec nonlocal async True", "print exec .nonlocal .async .True NL"},
	    {"0777 10L 0xFFl ur'a' `x` a <> b", "0777 10L 0xFFl ur'a' ` .x ` .a <> .b NL"},
	    {"f'a'", ".f 'a' NL"},
	};
	for (size_t i = 0; i < sizeof older / sizeof *older; i++) {
		struct slice got = tokens_of(slice_of(older[i].source), true);
		assert_string_equal(slice_copy(arena, got).bytes, older[i].tokens);
	}
}

/* `count` times `unit`. */
static struct slice repeat(const char *unit, size_t count)
{
	struct builder text = {.arena = arena};
	for (size_t i = 0; i < count; i++)
		builder_add_string(&text, unit);
	return builder_slice(&text);
}

static enum lexeme last_token(struct slice source, struct lexer **lexer)
{
	*lexer = lexer_of(source, false);
	for (;;) {
		struct token token = lexer_next(*lexer);
		if (token.kind == LEX_END || token.kind == LEX_ERROR)
			return token.kind;
	}
}

static void lexer_has_the_limits_of_cpython(void **state)
{
	(void)state;
	struct lexer *lexer;
	struct builder text = {.arena = arena};
	builder_add(&text, repeat("(", 200));
	builder_add(&text, repeat(")", 200));
	assert_int_equal(last_token(builder_slice(&text), &lexer), LEX_END);
	assert_int_equal(last_token(repeat("(", 201), &lexer), LEX_ERROR);
	assert_int_equal(lexer->error_at, 200);
	text = (struct builder){.arena = arena};
	for (size_t i = 0; i < 100; i++) {
		builder_add(&text, repeat(" ", i));
		builder_add_string(&text, "if x:\n");
	}
	assert_int_equal(last_token(builder_slice(&text), &lexer), LEX_END);
	builder_add(&text, repeat(" ", 100));
	builder_add_string(&text, "x\n");
	assert_int_equal(last_token(builder_slice(&text), &lexer), LEX_ERROR);
	assert_string_equal(slice_copy(arena, lexer->error).bytes, "too many levels of indentation");
}

static void lexer_begins_anew_at_any_line(void **state)
{
	(void)state;
	struct slice source = SLICE("x = (1,\ny = 'a\nz = 3\n");
	struct lexer *lexer = lexer_of(source, false);
	while (lexer_next(lexer).kind != LEX_ERROR)
		;
	uint32_t second = lexer_line_end(lexer, 0), third = lexer_line_end(lexer, second);
	assert_int_equal(second, 8);
	lexer_begin(lexer, third);
	assert_int_equal(lexer_next(lexer).start, third);
	assert_int_equal(lexer_next(lexer).kind, LEX_EQUAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lexer_makes_these_tokens, setup, teardown),
	    cmocka_unit_test_setup_teardown(lexer_knows_python_2, setup, teardown),
	    cmocka_unit_test_setup_teardown(lexer_has_the_limits_of_cpython, setup, teardown),
	    cmocka_unit_test_setup_teardown(lexer_begins_anew_at_any_line, setup, teardown),
	};
	return cmocka_run_group_tests_name("lexer", tests, NULL, NULL);
}
