/* notebook.h - a Jupyter notebook as nbformat 4, 3 and 2 define it.
 *
 * What a reader of the cells needs at once (types, sources, counts, ids, the
 * heads of outputs) is decoded; everything else stays a range of bytes of the
 * file until it is looked at, so a notebook of a gigabyte costs a few megabytes.
 *
 * Source: nbformat's JSON schemas v2, v3, v4.0 to v4.5
 * (https://nbformat.readthedocs.io/en/latest/format_description.html).
 */
#ifndef NBSCOPE_NOTEBOOK_NOTEBOOK_H
#define NBSCOPE_NOTEBOOK_NOTEBOOK_H

#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

/* Bytes [start, end) of the file. Empty (0, 0) where there is no such value. */
struct byte_range {
	uint64_t start, end;
};

enum cell_type { CELL_CODE, CELL_MARKDOWN, CELL_RAW };

enum output_type { OUTPUT_STREAM, OUTPUT_DISPLAY_DATA, OUTPUT_EXECUTE_RESULT, OUTPUT_ERROR, OUTPUT_UNKNOWN };

enum { NO_COUNT = -1 };

/* The head of an output; output_load() gives what is in it. */
struct output {
	enum output_type type;
	struct slice stream;     /* "stdout" or "stderr" of a stream, else empty */
	int64_t execution_count; /* of an execute_result, else NO_COUNT */
	struct byte_range range; /* the whole JSON object */
};

struct cell {
	enum cell_type type;
	size_t index;                   /* in the file's cell list, from 0 */
	size_t number;                  /* of a code cell, from 1; else 0 */
	struct slice id;                /* nbformat 4.5; else empty */
	struct slice source;            /* joined; line ends as in the file */
	int64_t execution_count;        /* NO_COUNT when null, absent or no integer */
	uint64_t line;                  /* of the file on which the cell's object begins, from 1 */
	uint64_t source_line;           /* of the file on which the source's value begins, from 1 */
	uint64_t source_column;         /* ... in characters, from 1; 0 for a cell without a source */
	struct byte_range source_range; /* ... and where it stands; see source_places.h */
	struct output *outputs;         /* of a code cell */
	size_t output_count;
	struct byte_range metadata, attachments;
	uint64_t outputs_size; /* bytes of the outputs in the file */
};

struct notebook {
	struct slice path; /* as the user named it; "-" for standard input */
	int format_major, format_minor;
	struct cell *cells;
	size_t cell_count;
	struct cell **code; /* the code cells: code[n - 1] has number n */
	size_t code_count;
	struct slice language;         /* lower case: "python", "r", "julia"; "python" when nothing says another */
	struct slice language_version; /* metadata.language_info.version; may be empty */
	struct slice kernel_name, kernel_display; /* metadata.kernelspec; may be empty */
	struct byte_range metadata;
	struct slice *ignored; /* metadata.nbscope.ignore: rules that are not to be told */
	size_t ignored_count;
	uint64_t size;                /* of the file, in bytes */
	struct notebook_bytes *bytes; /* where payloads are read from; see notebook_close() */
};

/* Reads a notebook: opens the file (or standard input for "-"), validates every
 * byte of it as CPython's strict json.loads of the UTF-8 text would, and decodes
 * the above into the arena. Null on failure, with the reason in `*failure`.
 * The notebook keeps the file open until notebook_close(). */
struct notebook *notebook_open(struct arena *arena, struct slice path, struct failure *failure);

/* The same for a file that is open already (bytes.h), which stays the caller's to close. */
struct notebook_bytes;
struct notebook *notebook_of_bytes(struct arena *arena, struct slice path, struct notebook_bytes *bytes,
                                   struct failure *failure);

/* The same for bytes in memory, which must outlive the notebook. `path` is only
 * what to call it. */
struct notebook *notebook_read(struct arena *arena, struct slice path, struct slice bytes, struct failure *failure);

/* Closes the file. What was decoded stays valid as long as the arena. */
void notebook_close(struct notebook *notebook);

/* One representation of a displayed object. */
struct mime_part {
	struct slice type;       /* "text/plain", "image/png" ... */
	struct slice text;       /* decoded when textual; empty for one that was left in the file */
	uint64_t size;           /* bytes of the value in the file */
	struct byte_range range; /* where the value stands */
};

/* What an output holds. Fields that its type does not have are empty. */
struct output_content {
	struct slice text;                     /* of a stream */
	struct slice ename, evalue, traceback; /* of an error; traceback lines joined by '\n', escape sequences kept */
	struct mime_part *parts;               /* of display_data and execute_result, in file order */
	size_t part_count;
};

/* Reads an output from the file into the arena. False when the file can no
 * longer be read or was changed since (the caller should read it anew). The
 * text is hostile until it went through core's display functions. */
bool output_load(const struct notebook *notebook, struct arena *arena, const struct output *output,
                 struct output_content *content);

/* Reads a representation that was left in the file into the arena, lines joined: an
 * image's base64. False as output_load(). */
bool output_part_load(const struct notebook *notebook, struct arena *arena, const struct mime_part *part,
                      struct slice *text);

/* What a cell's metadata says that matters here; see metadata.c. */
struct cell_metadata {
	struct slice *tags;
	size_t tag_count;
	struct slice *ignored; /* nbscope.ignore: rules that are not to be told of the cell */
	size_t ignored_count;
	struct slice started, ended; /* when it last ran, as one of the tools that record it says; may be empty.
	                                ISO 8601 in UTC with microseconds, so that they compare as text */
	struct slice source_hash;    /* of the source that ran, as Deepnote writes it; may be empty */
	bool is_block;               /* the tool that wrote the source runs something else for it (a Deepnote block) */
	struct slice language;       /* metadata.vscode.languageId; may be empty */
};

/* Reads a cell's metadata from the file into the arena; false as above. */
bool cell_metadata_load(const struct notebook *notebook, struct arena *arena, const struct cell *cell,
                        struct cell_metadata *metadata);

#endif
