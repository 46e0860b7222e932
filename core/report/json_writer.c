#include "report/json_writer.h"

#include <inttypes.h>

#include "base/printable.h"
#include "base/utf8.h"

static void begin_value(struct json_writer *json)
{
	if (json->needs_comma)
		builder_add_byte(json->out, ',');
	json->needs_comma = true;
}

static void begin(struct json_writer *json, char bracket)
{
	begin_value(json);
	builder_add_byte(json->out, bracket);
	json->needs_comma = false;
}

static void end(struct json_writer *json, char bracket)
{
	builder_add_byte(json->out, bracket);
	json->needs_comma = true;
}

void json_begin_object(struct json_writer *json)
{
	begin(json, '{');
}

void json_end_object(struct json_writer *json)
{
	end(json, '}');
}

void json_begin_array(struct json_writer *json)
{
	begin(json, '[');
}

void json_end_array(struct json_writer *json)
{
	end(json, ']');
}

static void add_unit(struct builder *out, uint32_t unit)
{
	builder_add_format(out, "\\u%04" PRIx32, unit);
}

static void add_escaped(struct builder *out, int32_t character)
{
	switch (character) {
	case '"': builder_add(out, SLICE("\\\"")); return;
	case '\\': builder_add(out, SLICE("\\\\")); return;
	case '\b': builder_add(out, SLICE("\\b")); return;
	case '\f': builder_add(out, SLICE("\\f")); return;
	case '\n': builder_add(out, SLICE("\\n")); return;
	case '\r': builder_add(out, SLICE("\\r")); return;
	case '\t': builder_add(out, SLICE("\\t")); return;
	default: break;
	}
	if (character >= 0x10000) {
		uint32_t rest = (uint32_t)character - 0x10000;
		add_unit(out, 0xD800 | rest >> 10);
		add_unit(out, 0xDC00 | (rest & 0x3FF));
	} else {
		add_unit(out, (uint32_t)character);
	}
}

static void add_text(struct builder *out, struct slice text)
{
	builder_add_byte(out, '"');
	size_t written = 0;
	for (size_t offset = 0; offset < text.length;) {
		size_t start = offset;
		int32_t character = utf8_next(text, &offset);
		if (character_is_visible(character) && character != '"' && character != '\\')
			continue;
		builder_add(out, slice_part(text, written, start));
		add_escaped(out, character < 0 ? UTF8_REPLACEMENT : character);
		written = offset;
	}
	builder_add(out, slice_part(text, written, text.length));
	builder_add_byte(out, '"');
}

void json_key(struct json_writer *json, const char *key)
{
	json_key_slice(json, slice_of(key));
}

void json_key_slice(struct json_writer *json, struct slice key)
{
	begin_value(json);
	add_text(json->out, key);
	builder_add_byte(json->out, ':');
	json->needs_comma = false;
}

void json_string(struct json_writer *json, struct slice text)
{
	begin_value(json);
	add_text(json->out, text);
}

void json_integer(struct json_writer *json, int64_t number)
{
	begin_value(json);
	builder_add_format(json->out, "%" PRId64, number);
}

void json_boolean(struct json_writer *json, bool value)
{
	begin_value(json);
	builder_add(json->out, value ? SLICE("true") : SLICE("false"));
}

void json_null(struct json_writer *json)
{
	begin_value(json);
	builder_add(json->out, SLICE("null"));
}

void json_text(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_string(json, text);
}

void json_number(struct json_writer *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_integer(json, number);
}
