/* Hostile text: what is shown, what is interpreted, and what never comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "tests/unit/arena.h"

#define assert_text(actual, expected) expect_text(actual, SLICE(expected), __FILE__, __LINE__)

static void expect_text(struct slice actual, struct slice expected, const char *file, int line)
{
	if (slice_equal(actual, expected))
		return;
	print_error("got      \"%.*s\"\nexpected \"%.*s\"\n", SLICE_FORMAT(actual), SLICE_FORMAT(expected));
	_fail(file, line);
}

#define shown(literal) printable(arena, SLICE(literal))
#define shown_lines(literal) printable_lines(arena, SLICE(literal))

static void clean_text_is_borrowed(void **state)
{
	(void)state;
	struct slice text = SLICE("plain ASCII ~ and \xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
	assert_ptr_equal(printable(arena, text).bytes, text.bytes);
	assert_ptr_equal(printable_lines(arena, text).bytes, text.bytes);
	assert_text(shown(""), "");
}

static void controls_are_shown(void **state)
{
	(void)state;
	for (int byte = 0; byte < 0x20; byte++) {
		char text[] = {'a', (char)byte, 'b'};
		char expected[] = {'a', '^', (char)(byte + '@'), 'b', 0};
		if (byte != '\t')
			expect_text(printable(arena, (struct slice){text, 3}), slice_of(expected), __FILE__, __LINE__);
	}
	assert_text(shown("\x1B[2J\x7F"), "^[[2J^?");
	for (uint32_t c = 0x80; c < 0xA0; c++) {
		char text[UTF8_MAX];
		struct slice encoded = {text, utf8_encode(c, text)};
		struct slice raw = {(char[]){(char)c}, 1};
		expect_text(printable(arena, encoded), slice_format(arena, "<U+%04X>", c), __FILE__, __LINE__);
		expect_text(printable(arena, raw), slice_format(arena, "<%02X>", c), __FILE__, __LINE__);
	}
}

static void bytes_that_are_no_utf8_are_shown(void **state)
{
	(void)state;
	assert_text(shown("\xFF\xFE"), "<FF><FE>");
	assert_text(shown("\xC0\x80 \xE2\x82"), "<C0><80> <E2><82>");
	assert_text(shown("\xED\xA0\x80"), "<U+D800>");
	assert_text(shown("\xEF\xBF\xBF"), "<U+FFFF>");
}

static void invisible_characters_are_shown(void **state)
{
	(void)state;
	static const uint32_t characters[] = {
	    0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D,  0x202E,  0x2066,  0x2067,
	    0x2068, 0x2069, /* bidi */
	    0x00AD, 0x034F, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D,  0x2060,  0x2064,  0x3164,
	    0xFEFF, 0xFFA0, /* no width */
	    0x2028, 0x2029, 0xFE00, 0xFE0E, 0xFE0F, 0xFFF9, 0xE0001, 0xE0041, 0xE0100, 0x10FFFF,
	};
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
		char text[UTF8_MAX];
		struct slice encoded = {text, utf8_encode(characters[i], text)};
		expect_text(printable(arena, encoded), slice_format(arena, "<U+%04X>", characters[i]), __FILE__, __LINE__);
	}
	assert_text(shown("\xD8\x80"
	                  "1"),
	            "\xD8\x80"
	            "1"); /* ARABIC NUMBER SIGN shows */
}

static void emoji_stay_whole(void **state)
{
	(void)state;
	/* A woman health worker, with and without a skin tone; a heart on fire; a keycap. */
	assert_text(shown("\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9A\x95\xEF\xB8\x8F"),
	            "\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9A\x95\xEF\xB8\x8F");
	assert_text(shown("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xE2\x9A\x95"),
	            "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xE2\x9A\x95");
	assert_text(shown("\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5"),
	            "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5");
	assert_text(shown("1\xEF\xB8\x8F\xE2\x83\xA3"), "1\xEF\xB8\x8F\xE2\x83\xA3");
	/* But nothing is hidden behind them. */
	assert_text(shown("1\xEF\xB8\x8F"), "1<U+FE0F>");
	assert_text(shown("\xE2\x9D\xA4\xEF\xB8\x8F\xEF\xB8\x8F"), "\xE2\x9D\xA4\xEF\xB8\x8F<U+FE0F>");
	assert_text(shown("\xF0\x9F\x91\xA9\xE2\x80\x8D"), "\xF0\x9F\x91\xA9<U+200D>");
	assert_text(shown("\xF0\x9F\x91\xA9\xE2\x80\x8Dx"), "\xF0\x9F\x91\xA9<U+200D>x");
	assert_text(shown("a\xE2\x80\x8D\xF0\x9F\x91\xA9"), "a<U+200D>\xF0\x9F\x91\xA9");
	assert_text(shown("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7"), "\xF0\x9F\x8F\xB4<U+E0067>");
}

static void lines_and_tabs(void **state)
{
	(void)state;
	assert_text(shown("a\r\nb\n"), "a^M^Jb^J");
	assert_text(shown_lines("a\r\nb\rc\n\n"), "a\nb^Mc\n\n");
	assert_text(shown("a\tb\t\tc"), "a       b               c");
	assert_text(shown("12345678\tx"), "12345678        x");
	assert_text(shown("\xE4\xB8\xAD\tx\x01\t"), "\xE4\xB8\xAD      x^A     ");
	assert_text(shown_lines("abc\n\tx\n1\t\n"), "abc\n        x\n1       \n");
}

static void widths_are_those_of_a_terminal(void **state)
{
	(void)state;
	assert_int_equal(printable_width(SLICE("")), 0);
	assert_int_equal(printable_width(SLICE("abc")), 3);
	assert_int_equal(printable_width(SLICE("\xE4\xB8\xAD\xE6\x96\x87")), 4);
	assert_int_equal(printable_width(SLICE("e\xCC\x81")), 1);
}

/* The lines as text, '|' before each but the first piece of a line. */
static struct slice painted(struct slice text, size_t limit)
{
	size_t count;
	bool more;
	struct styled_line *lines = styled_lines(arena, text, limit, &count, &more);
	struct builder out = {.arena = arena};
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < lines[i].count; j++) {
			if (j)
				builder_add_byte(&out, '|');
			builder_add(&out, lines[i].pieces[j].text);
		}
		builder_add_byte(&out, '\n');
	}
	if (more)
		builder_add_string(&out, "...");
	return builder_slice(&out);
}

#define painted_lines(literal) painted(SLICE(literal), 0)

/* The style of the "x" in a text. */
static struct text_style style_of_x(struct slice text)
{
	size_t count;
	bool more;
	struct styled_line *lines = styled_lines(arena, text, 0, &count, &more);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < lines[i].count; j++)
			if (slice_find(lines[i].pieces[j].text, 'x', 0) < lines[i].pieces[j].text.length)
				return lines[i].pieces[j].style;
	fail_msg("no x");
	return (struct text_style){0};
}

#define foreground(literal) style_of_x(SLICE(literal)).foreground
#define background(literal) style_of_x(SLICE(literal)).background

static void lines_are_counted(void **state)
{
	(void)state;
	assert_text(painted_lines(""), "");
	assert_text(painted_lines("\n"), "\n");
	assert_text(painted_lines("a\n\nb"), "a\n\nb\n");
	assert_text(painted_lines("a\r\nb\r\n"), "a\nb\n");
	assert_text(painted(SLICE("a\nb\nc"), 2), "a\nb\n...");
	assert_text(painted(SLICE("a\nb\n"), 2), "a\nb\n");
	assert_text(painted(SLICE("a\nb"), 2), "a\nb\n");
	assert_text(painted(SLICE("\n\n"), 1), "\n...");
}

static void styles_make_pieces(void **state)
{
	(void)state;
	assert_text(painted_lines("a\x1B[31mb\x1B[31mc\x1B[0md\n\x1B[1m\n"), "a|bc|d\n\n");
	assert_int_equal(foreground("\x1B[31m\nx"), 1); /* styles last over line ends */
	assert_int_equal(foreground("x\x1B[31m"), NO_COLOR);
	struct text_style style = style_of_x(SLICE("\x1B[1;2;3;4;7;32;44mx"));
	assert_true(style.bold && style.dim && style.italic && style.underline && style.reverse);
	assert_int_equal(style.foreground, 2);
	assert_int_equal(style.background, 4);
	style = style_of_x(SLICE("\x1B[1;2;3;4;7;32;44m\x1B[22;23;24;27;39;49mx"));
	assert_false(style.bold || style.dim || style.italic || style.underline || style.reverse);
	assert_int_equal(style.foreground, NO_COLOR);
	assert_int_equal(style.background, NO_COLOR);
	assert_int_equal(foreground("\x1B[31m\x1B[mx"), NO_COLOR);
	assert_int_equal(foreground("\x1B[31;mx"), NO_COLOR); /* an empty parameter is 0 */
	assert_int_equal(foreground("\x1B[97mx"), 15);
	assert_int_equal(background("\x1B[100mx"), 8);
	assert_int_equal(foreground("\x1B[8;5;31mx"), 1); /* concealed text is shown */
	assert_false(style_of_x(SLICE("\x1B[4m\x1B[4:0mx")).underline);
	assert_true(style_of_x(SLICE("\x1B[4:3mx")).underline);
}

static void colours_are_mapped(void **state)
{
	(void)state;
	assert_int_equal(foreground("\x1B[38;5;208mx"), 208);
	assert_int_equal(background("\x1B[48;5;0mx"), 0);
	assert_int_equal(foreground("\x1B[38:5:208mx"), 208);
	assert_int_equal(foreground("\x1B[38;2;255;0;0mx"), 196);
	assert_int_equal(foreground("\x1B[38:2::255:0:0mx"), 196);
	assert_int_equal(foreground("\x1B[38:2:255:0:0mx"), 196);
	assert_int_equal(foreground("\x1B[38;2;0;0;0mx"), 16);
	assert_int_equal(foreground("\x1B[38;2;128;128;128mx"), 244);
	assert_int_equal(foreground("\x1B[38;2;255;255;255mx"), 231);
	assert_int_equal(foreground("\x1B[38;2;95;135;175mx"), 67);
	/* What is no colour changes nothing; what follows it still counts. */
	assert_int_equal(foreground("\x1B[31;38;5;256mx"), 1);
	assert_int_equal(foreground("\x1B[31;38mx"), 1);
	assert_int_equal(foreground("\x1B[38;9;32mx"), 2);
	assert_int_equal(foreground("\x1B[38;5;99999999999999999999mx"), NO_COLOR);
	assert_int_equal(foreground("\x1B[58;5;9;31mx"), 1);
	assert_int_equal(background("\x1B[38;5;1;48;5;2mx"), 2);
	assert_int_equal(foreground("\x1B[1:2:3:4:5:6:7:8:9:10:11;31mx"), 1);
	assert_int_equal(foreground("\x1B[>31mx"), NO_COLOR);
	assert_int_equal(foreground("\x1B[31 mx"), NO_COLOR);
}

static void other_sequences_are_dropped(void **state)
{
	(void)state;
	assert_text(painted_lines("a\x1B[2J\x1B[10;20Hb\x1B[?25l"), "ab\n");
	assert_text(painted_lines("a\x1B(B\x1B=\x1B"
	                          "cb"),
	            "ab\n");
	assert_text(painted_lines("a\x1B]0;title\x07"
	                          "b"),
	            "ab\n");
	assert_text(painted_lines("a\x1B]8;;http://x\x1B\\link\x1B]8;;\x1B\\b"), "alinkb\n");
	assert_text(painted_lines("a\x1BPq#0\nmore\x1B\\b"), "ab\n");
	assert_text(painted_lines("a\x1B_apc\x1B\\\x1B^pm\x1B\\\x1BXsos\x1B\\b"), "ab\n");
	/* Cut off by another sequence, as in a terminal. */
	assert_text(painted_lines("a\x1B]0;t\x1B[31mb"), "a|b\n");
	assert_text(painted_lines("a\x1B]0;t\x18"
	                          "b"),
	            "ab\n");
	/* Nothing ends it: it hides nothing. */
	assert_text(painted_lines("a\x1B]0;title\nb"), "a^[]0;title\nb\n");
	assert_text(painted_lines("a\x1BPq"), "a^[Pq\n");
	/* A CSI that breaks off. */
	assert_text(painted_lines("a\x1B[12\nb"), "a\nb\n");
	assert_text(painted_lines("a\x1B[1\x1B[31mb"), "a|b\n");
	assert_text(painted_lines("a\x1B[12"), "a\n");
	assert_text(painted_lines("a\x1B"), "a^[\n");
	assert_text(painted_lines("a\x1B\x1B[31mb"), "a^[|b\n");
	assert_text(painted_lines("a\x1B\xC3\xA9"), "a^[\xC3\xA9\n");
	/* C1 forms are no sequences here. */
	assert_text(painted_lines("a\xC2\x9B"
	                          "31mb\x9B"),
	            "a<U+009B>31mb<9B>\n");
	assert_text(painted_lines("a\x07\x0B\x0C\x7F\xE2\x80\xAE"
	                          "b"),
	            "a^G^K^L^?<U+202E>b\n");
}

static void lines_are_written_over(void **state)
{
	(void)state;
	assert_text(painted_lines(" 10%\r 50%\r100%\n"), "100%\n");
	assert_text(painted_lines("long line\rshort"), "shortline\n");
	assert_text(painted_lines("50%\r"), "50%\n");
	assert_text(painted_lines("a\r\r\nb"), "a\nb\n");
	assert_text(painted_lines("abc\b\bX"), "aXc\n");
	assert_text(painted_lines("\b\ba"), "a\n");
	assert_text(painted_lines("_\bu"), "u\n");
	assert_text(painted_lines("progress 10\r\x1B[Kdone"), "done\n");
	assert_text(painted_lines("progress\x1B[2K\rdone"), "done\n");
	assert_text(painted_lines("abc\b\x1B[0K"), "ab\n");
	assert_text(painted_lines("abc\x1B[1Kd"), "abcd\n");
	assert_text(painted_lines("one\rtwo\nthree\rfour\n"), "two\nfoure\n");
	assert_text(painted_lines("\x1B[31mred\r\x1B[32mg\x1B[0m"), "g|ed\n");
	/* Wide and combining characters. */
	assert_text(painted_lines("\xE4\xB8\xAD\xE6\x96\x87\rx"), "x \xE6\x96\x87\n");
	assert_text(painted_lines("\xE4\xB8\xAD"
	                          "ab\b\b\bx"),
	            " xab\n");
	assert_text(painted_lines("ab\xE4\xB8\xAD\r\xE6\x96\x87\xE6\x96\x87"), "\xE6\x96\x87\xE6\x96\x87\n");
	assert_text(painted_lines("abc\r\xE4\xB8\xAD"), "\xE4\xB8\xAD"
	                                                "c\n");
	assert_text(painted_lines("e\xCC\x81"
	                          "a\ru"),
	            "ua\n");
	/* Tabs move over what is there. */
	assert_text(painted_lines("0123456789\r\tx"), "01234567x9\n");
	assert_text(painted_lines("012\r\tx"), "012     x\n");
	assert_text(painted_lines("a\tb"), "a       b\n");
	assert_text(painted_lines("a\x1B[31m\tb"), "a|       b\n");
}

static void long_lines_are_not_written_over(void **state)
{
	(void)state;
	struct builder text = {.arena = arena};
	for (int i = 0; i < 20000; i++)
		builder_add_byte(&text, 'a');
	struct builder again = text;
	builder_add_string(&again, "\rb\b");
	struct slice shown_text = painted(builder_slice(&again), 0);
	assert_int_equal(shown_text.length, 20000 + 6);
	assert_true(slice_ends(shown_text, SLICE("a^Mb^H\n")));
}

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

/* Bytes that like to be controls, sequences and odd characters. */
static struct slice random_text(void)
{
	static const char *const parts[] = {
	    "\x1B[",
	    "\x1B]",
	    "\x1BP",
	    "\x1B\\",
	    "\x1B",
	    "\x07",
	    "\r",
	    "\n",
	    "\r\n",
	    "\b",
	    "\t",
	    "m",
	    "K",
	    "2",
	    ";",
	    ":",
	    "38;5;",
	    "48;2;1",
	    "\xE2\x80\xAE",
	    "\xE2\x80\x8D",
	    "\xEF\xB8\x8F",
	    "\xF0\x9F\x91\xA9",
	    "\xE4\xB8\xAD",
	    "\xCC\x81",
	    "\xC2\x9B",
	    "\xED\xA0\x80",
	    "a",
	};
	struct builder text = {.arena = arena};
	uint32_t count = next_random() % 40;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t choice = next_random();
		if (choice % 3 == 0)
			builder_add_byte(&text, (char)(choice >> 8));
		else
			builder_add_string(&text, parts[(choice >> 8) % (sizeof parts / sizeof *parts)]);
	}
	return builder_slice(&text);
}

static void assert_harmless(struct slice text, bool may_have_lines)
{
	static const char *const bidi_controls = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";
	struct slice bidi = slice_of(bidi_controls);
	assert_int_equal(utf8_invalid(text), text.length);
	for (size_t offset = 0; offset < text.length;) {
		int32_t character = utf8_next(text, &offset);
		if (character == '\n' && may_have_lines)
			continue;
		assert_true(character >= 0x20 && character != 0x7F && !(character >= 0x80 && character < 0xA0));
		for (size_t i = 0; i < bidi.length;)
			assert_int_not_equal(character, utf8_next(bidi, &i));
		assert_int_not_equal(character, 0x200B);
		assert_int_not_equal(character, 0xFEFF);
	}
}

static void nothing_harmful_comes_out(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct slice text = random_text();
		assert_harmless(printable(arena, text), false);
		assert_harmless(printable_lines(arena, text), true);
		size_t count;
		bool more;
		struct styled_line *lines = styled_lines(arena, text, next_random() % 3, &count, &more);
		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < lines[i].count; j++) {
				assert_harmless(lines[i].pieces[j].text, false);
				assert_int_not_equal(lines[i].pieces[j].text.length, 0);
			}
	}
}

/* Each would take minutes if a step looked back or ahead over the whole text. */
static void the_cost_is_linear(void **state)
{
	(void)state;
	static const char *const parts[] = {"\r",
	                                    "\b",
	                                    "\x1B",
	                                    "\x1B]",
	                                    "\x1B[",
	                                    "a\r",
	                                    "\xCC\x81",
	                                    "\xCC\x81\r",
	                                    "\t",
	                                    "\xF0\x9F\x91\xA9\xE2\x80\x8D",
	                                    "\xCC\x81\x1B[31m\xCC\x81\x1B[m",
	                                    "a\x1B[2K",
	                                    "\x1B[38;",
	                                    "\x1B[K\t",
	                                    "\x01",
	                                    "\xFF"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct arena *own = arena_new(NULL, NULL);
		struct builder text = {.arena = own};
		for (int j = 0; j < 16000; j++)
			builder_add_byte(&text, 'x');
		while (text.length < 1000000)
			builder_add_string(&text, parts[i]);
		size_t count;
		bool more;
		styled_lines(own, builder_slice(&text), 0, &count, &more);
		assert_int_equal(count, 1);
		printable(own, builder_slice(&text));
		assert_true(arena_used(own) < 200 * 1000 * 1000);
		arena_free(own);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clean_text_is_borrowed),
	    cmocka_unit_test(controls_are_shown),
	    cmocka_unit_test(bytes_that_are_no_utf8_are_shown),
	    cmocka_unit_test(invisible_characters_are_shown),
	    cmocka_unit_test(emoji_stay_whole),
	    cmocka_unit_test(lines_and_tabs),
	    cmocka_unit_test(widths_are_those_of_a_terminal),
	    cmocka_unit_test(lines_are_counted),
	    cmocka_unit_test(styles_make_pieces),
	    cmocka_unit_test(colours_are_mapped),
	    cmocka_unit_test(other_sequences_are_dropped),
	    cmocka_unit_test(lines_are_written_over),
	    cmocka_unit_test(long_lines_are_not_written_over),
	    cmocka_unit_test(nothing_harmful_comes_out),
	    cmocka_unit_test(the_cost_is_linear),
	};
	return cmocka_run_group_tests_name("printable", tests, setup, teardown);
}
