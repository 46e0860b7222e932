#include "tui/key.h"

#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"

/* The first name of a key is the one that is written. */
static const struct {
	const char *name;
	key_code key;
} NAMES[] = {
    {"Enter", PRESSED_ENTER},
    {"CR", PRESSED_ENTER},
    {"Return", PRESSED_ENTER},
    {"Esc", PRESSED_ESCAPE},
    {"Tab", PRESSED_TAB},
    {"S-Tab", PRESSED_BACK_TAB},
    {"Space", ' '},
    {"BS", PRESSED_BACKSPACE},
    {"lt", '<'},
    {"Up", PRESSED_UP},
    {"Down", PRESSED_DOWN},
    {"Left", PRESSED_LEFT},
    {"Right", PRESSED_RIGHT},
    {"Home", PRESSED_HOME},
    {"End", PRESSED_END},
    {"PageUp", PRESSED_PAGE_UP},
    {"PageDown", PRESSED_PAGE_DOWN},
    {"Insert", PRESSED_INSERT},
    {"Del", PRESSED_DELETE},
};

static bool equal_ignoring_case(struct slice a, const char *b)
{
	if (a.length != strlen(b))
		return false;
	for (size_t at = 0; at < a.length; at++) {
		char left = a.bytes[at], right = b[at];
		left = (char)(left >= 'A' && left <= 'Z' ? left + 32 : left);
		right = (char)(right >= 'A' && right <= 'Z' ? right + 32 : right);
		if (left != right)
			return false;
	}
	return true;
}

/* The function key that "F1" to "F12" names, or 0. */
static key_code function_key(struct slice name)
{
	if (name.length < 2 || name.length > 3 || (name.bytes[0] != 'F' && name.bytes[0] != 'f'))
		return 0;
	unsigned number = 0;
	for (size_t at = 1; at < name.length; at++) {
		if (name.bytes[at] < '0' || name.bytes[at] > '9')
			return 0;
		number = number * 10 + (unsigned)(name.bytes[at] - '0');
	}
	return number >= 1 && number <= 12 ? PRESSED_F1 + number - 1 : 0;
}

/* The key that the text between < and > names, or 0. */
static key_code named_key(struct slice name)
{
	for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
		if (equal_ignoring_case(name, NAMES[at].name))
			return NAMES[at].key;
	}
	if (name.length > 2 && name.bytes[1] == '-') {
		struct slice rest = slice_part(name, 2, name.length);
		char modifier = (char)(name.bytes[0] | 0x20);
		if (modifier == 'c' && rest.length == 1 && rest.bytes[0] >= '@' && rest.bytes[0] < 0x7f)
			return PRESSED_CONTROL(rest.bytes[0]) == PRESSED_CONTROL('h') ? PRESSED_BACKSPACE
			                                                              : PRESSED_CONTROL(rest.bytes[0]);
		if (modifier == 'a' || modifier == 'm') {
			size_t offset = 0;
			int32_t character = utf8_next(rest, &offset);
			if (character > ' ' && offset == rest.length)
				return PRESSED_ALT | (key_code)character;
			key_code key = named_key(rest);
			return key && !(key & PRESSED_ALT) ? PRESSED_ALT | key : 0;
		}
	}
	return function_key(name);
}

bool keys_parse(struct arena *arena, struct slice text, struct keys *keys, struct failure *failure)
{
	for (size_t offset = 0; offset < text.length;) {
		size_t start = offset;
		if (text.bytes[offset] == '<') {
			size_t end = slice_find(text, '>', offset);
			struct slice name = slice_part(text, offset + 1, end);
			key_code key = end < text.length ? named_key(name) : 0;
			if (!key) {
				struct slice shown = printable(arena, slice_part(text, start, end + 1));
				*failure = (struct failure){
				    .message = slice_format(arena, "\"%.*s\" names no key; the character < itself is written <lt>",
				                            SLICE_FORMAT(shown))};
				return false;
			}
			vector_push(arena, keys, key);
			offset = end + 1;
			continue;
		}
		int32_t character = utf8_next(text, &offset);
		vector_push(arena, keys, character < 0 ? (key_code)UTF8_REPLACEMENT : (key_code)character);
	}
	return true;
}

void key_write(struct builder *out, key_code key)
{
	if (key & PRESSED_ALT) {
		key_code plain = key & ~(key_code)PRESSED_ALT;
		struct builder inner = {.arena = out->arena};
		key_write(&inner, plain);
		struct slice name = builder_slice(&inner);
		if (name.bytes[0] == '<')
			name = slice_part(name, 1, name.length - 1);
		builder_add_format(out, "<A-%.*s>", SLICE_FORMAT(name));
		return;
	}
	for (size_t at = 0; at < sizeof NAMES / sizeof *NAMES; at++) {
		if (NAMES[at].key == key) {
			builder_add_format(out, "<%s>", NAMES[at].name);
			return;
		}
	}
	if (key >= PRESSED_F1 && key <= PRESSED_F12) {
		builder_add_format(out, "<F%u>", (unsigned)(key - PRESSED_F1 + 1));
	} else if (key < ' ') {
		char letter = (char)(key | 0x40);
		builder_add_format(out, "<C-%c>", letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
	} else {
		char bytes[UTF8_MAX];
		builder_add(out, (struct slice){bytes, utf8_encode(key, bytes)});
	}
}
