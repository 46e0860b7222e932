/* What the metadata of a notebook and of its cells says: small JSON of any shape,
 * read with cJSON. That is laxer than JSON in some ways and stricter in others,
 * so nothing here decides whether a file is valid: what cJSON cannot read counts
 * as absent. Its traps: the first of two equal keys wins (here: the last, as in
 * Python), keys are compared without case unless one asks (here: never), and a
 * string ends at its first NUL (here: text with an escaped NUL is not read). */
#include <cjson/cJSON.h>
#include <string.h>

#include "base/instant.h"
#include "notebook/internal.h"

/* Metadata that is larger is not read: nobody wrote it by hand, and none of what
 * is looked for here would need it. */
enum { METADATA_LIMIT = 1024 * 1024 };

/* The value at the range; null when cJSON cannot read it. `*readable` says
 * whether the bytes were there at all. The caller deletes it. */
static cJSON *parse_range(const struct notebook *notebook, struct arena *arena, struct byte_range range, bool *readable)
{
	*readable = true;
	if (range.end <= range.start || range.end - range.start > METADATA_LIMIT)
		return NULL;
	size_t size = (size_t)(range.end - range.start);
	char *text = arena_alloc(arena, size + 1);
	*readable = bytes_read_all(notebook->bytes, range.start, text, size) == (int64_t)size;
	if (!*readable || memmem(text, size, "\\u0000", 6))
		return NULL;
	return cJSON_ParseWithLengthOpts(text, size + 1, NULL, true);
}

/* The last member of that name; null when there is none. */
static const cJSON *member(const cJSON *object, const char *name)
{
	const cJSON *found = NULL, *item;
	if (cJSON_IsObject(object))
		cJSON_ArrayForEach(item, object) if (item->string && strcmp(item->string, name) == 0) found = item;
	return found;
}

static struct slice text_of(struct arena *arena, const cJSON *item)
{
	return cJSON_IsString(item) && item->valuestring ? slice_copy(arena, slice_of(item->valuestring)) : SLICE("");
}

/* A version, which some write as a number. */
static struct slice version_of(struct arena *arena, const cJSON *item)
{
	return cJSON_IsNumber(item) ? slice_format(arena, "%g", item->valuedouble) : text_of(arena, item);
}

/* The strings of a list; of a string alone, that one. */
static struct slice *strings_of(struct arena *arena, const cJSON *list, size_t *count)
{
	VECTOR(struct slice) strings = {0};
	const cJSON *item;
	if (cJSON_IsString(list))
		vector_push(arena, &strings, text_of(arena, list));
	else if (cJSON_IsArray(list))
		cJSON_ArrayForEach(item, list) if (cJSON_IsString(item)) vector_push(arena, &strings, text_of(arena, item));
	*count = strings.count;
	return strings.items;
}

static struct slice lower_case(struct arena *arena, struct slice text)
{
	struct builder lower = {.arena = arena};
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		builder_add_byte(&lower, byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte);
	}
	return builder_slice(&lower);
}

void metadata_read(struct notebook *notebook, struct arena *arena, const struct metadata_ranges *ranges)
{
	bool readable;
	cJSON *info = parse_range(notebook, arena, ranges->language_info, &readable);
	cJSON *kernel = parse_range(notebook, arena, ranges->kernelspec, &readable);
	cJSON *plain = parse_range(notebook, arena, ranges->language, &readable);
	cJSON *own = parse_range(notebook, arena, ranges->nbscope, &readable);
	notebook->ignored = strings_of(arena, member(own, "ignore"), &notebook->ignored_count);
	cJSON_Delete(own);
	notebook->language_version = version_of(arena, member(info, "version"));
	notebook->kernel_name = text_of(arena, member(kernel, "name"));
	notebook->kernel_display = text_of(arena, member(kernel, "display_name"));
	struct slice language = text_of(arena, member(info, "name"));
	if (language.length == 0)
		language = text_of(arena, member(kernel, "language"));
	if (language.length == 0)
		language = text_of(arena, plain);
	notebook->language = language.length ? lower_case(arena, language) : SLICE("python");
	cJSON_Delete(info);
	cJSON_Delete(kernel);
	cJSON_Delete(plain);
}

/* The instant that a string says, or a number that counts milliseconds since 1970. */
static int64_t instant_of(const cJSON *item)
{
	const double last = 253402300799999.0; /* of the year 9999 */
	if (cJSON_IsString(item) && item->valuestring)
		return instant_of_text(slice_of(item->valuestring), NULL);
	if (cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble <= last)
		return (int64_t)(item->valuedouble * 1000);
	return NO_INSTANT;
}

/* Who writes into the metadata of a cell when it ran: the member (the metadata
 * itself without one), the keys of the start and the end, or, where one of them
 * is missing, of how many milliseconds lie between them. */
static const struct recorder {
	const char *member, *started, *ended, *elapsed;
} recorders[] = {
    {"execution", "iopub.execute_input", "shell.execute_reply", NULL}, /* JupyterLab, nbclient */
    {"ExecuteTime", "start_time", "end_time", NULL},                   /* the extension of that name */
    {"papermill", "start_time", "end_time", NULL},
    {"executionInfo", NULL, "timestamp", "elapsed"}, /* Colab */
    {"application/vnd.databricks.v1+cell", "startTime", "finishTime", NULL},
    {NULL, "deepnote_execution_started_at", "deepnote_execution_finished_at", NULL},
    {NULL, "execution_start", NULL, "execution_millis"}, /* Deepnote, formerly */
};

/* When the cell last ran: a cell that went from tool to tool has times of several. */
static void read_times(struct arena *arena, const cJSON *root, struct cell_metadata *metadata)
{
	int64_t latest = NO_INSTANT, latest_end = NO_INSTANT;
	for (size_t i = 0; i < sizeof recorders / sizeof *recorders; i++) {
		const struct recorder *recorder = &recorders[i];
		const cJSON *object = recorder->member ? member(root, recorder->member) : root;
		int64_t started = recorder->started ? instant_of(member(object, recorder->started)) : NO_INSTANT;
		int64_t ended = recorder->ended ? instant_of(member(object, recorder->ended)) : NO_INSTANT;
		const cJSON *elapsed = recorder->elapsed ? member(object, recorder->elapsed) : NULL;
		if (elapsed && cJSON_IsNumber(elapsed) && elapsed->valuedouble >= 0 && elapsed->valuedouble < 1e12) {
			int64_t between = (int64_t)(elapsed->valuedouble * 1000);
			if (started == NO_INSTANT && ended > between)
				started = ended - between;
			else if (ended == NO_INSTANT && started != NO_INSTANT)
				ended = started + between;
		}
		if (started > latest) {
			latest = started;
			latest_end = ended;
		}
	}
	metadata->started = instant_text(arena, latest);
	metadata->ended = instant_text(arena, latest_end);
}

bool cell_metadata_load(const struct notebook *notebook, struct arena *arena, const struct cell *cell,
                        struct cell_metadata *metadata)
{
	bool readable;
	*metadata = (struct cell_metadata){0};
	if (cell->metadata.end - cell->metadata.start <= 2) /* {}, or none */
		return !bytes_changed(notebook->bytes);
	cJSON *root = parse_range(notebook, arena, cell->metadata, &readable);
	metadata->language = text_of(arena, member(member(root, "vscode"), "languageId"));
	/* Blocks of other types than code run what Deepnote makes of them. */
	struct slice type = text_of(arena, member(root, "deepnote_cell_type"));
	if (type.length == 0 || slice_equal(type, SLICE("code")))
		metadata->source_hash = text_of(arena, member(root, "source_hash"));
	else
		metadata->is_block = true;
	read_times(arena, root, metadata);
	const cJSON *tags = member(root, "tags");
	metadata->tags = strings_of(arena, cJSON_IsArray(tags) ? tags : NULL, &metadata->tag_count);
	metadata->ignored = strings_of(arena, member(member(root, "nbscope"), "ignore"), &metadata->ignored_count);
	cJSON_Delete(root);
	return readable && !bytes_changed(notebook->bytes);
}
