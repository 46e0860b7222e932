#include "tui/ascii.h"

#include "base/utf8.h"

static const struct {
	int32_t sign;
	char ascii;
} SIGNS[] = {
    {0x2026, '$'}, {0x2713, '='}, {0x25CF, '*'},  {0x2717, 'X'},  {0x25CB, 'o'}, {0x2500, '-'}, {0x2502, '|'},
    {0x250C, '.'}, {0x2510, '.'}, {0x2514, '\''}, {0x2518, '\''}, {0x251C, '+'}, {0x2524, '+'}, {0x252C, '+'},
    {0x2534, '+'}, {0x253C, '+'}, {0x2574, '-'},  {0x2575, '|'},  {0x2576, '-'}, {0x2577, '|'},
};

static char ascii_sign(int32_t character)
{
	for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
		if (SIGNS[i].sign == character)
			return SIGNS[i].ascii;
	return 0;
}

struct slice ascii_text(struct arena *arena, struct slice text, bool only_ascii)
{
	struct builder out = {.arena = arena};
	for (size_t at = 0; at < text.length;) {
		size_t start = at;
		int32_t character = utf8_next(text, &at);
		char sign = character < 0x80 ? 0 : ascii_sign(character);
		if (sign)
			builder_add_byte(&out, sign);
		else if (character >= 0x80 && only_ascii)
			builder_add_format(&out, "<U+%04X>", (unsigned)character);
		else
			builder_add(&out, slice_part(text, start, at));
	}
	return builder_slice(&out);
}
