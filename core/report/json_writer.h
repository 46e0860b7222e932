/* json_writer.h - JSON text (RFC 8259), written value by value.
 *
 * The writer puts the commas; the caller opens and closes objects and arrays in
 * pairs and names each member of an object first. No white space is written, so
 * a document is one line. What would not show in a terminal is escaped, a lone
 * surrogate as \udXXX, and a byte that is no UTF-8 becomes U+FFFD.
 */
#ifndef NBSCOPE_REPORT_JSON_WRITER_H
#define NBSCOPE_REPORT_JSON_WRITER_H

#include <stdint.h>

#include "base/slice.h"

/* Initialise it with the builder to write to: `struct json_writer json = {.out = out};` */
struct json_writer {
	struct builder *out;
	bool needs_comma;
};

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);
/* The name of the next member; one of our own, in plain ASCII. */
void json_key(struct json_writer *json, const char *key);
/* The same for a name that comes from outside. */
void json_key_slice(struct json_writer *json, struct slice key);
void json_string(struct json_writer *json, struct slice text);
void json_integer(struct json_writer *json, int64_t number);
void json_boolean(struct json_writer *json, bool value);
void json_null(struct json_writer *json);
/* A member of an object with its value. */
void json_text(struct json_writer *json, const char *key, struct slice text);
void json_number(struct json_writer *json, const char *key, int64_t number);

#endif
