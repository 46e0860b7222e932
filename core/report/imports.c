/* What a notebook imports: what to install for it, a line each, and as JSON what is known of each module. */
#include <stdlib.h>

#include "base/printable.h"
#include "findings/imports.h"
#include "report/json_writer.h"
#include "report/report.h"

static int by_text(const void *left, const void *right)
{
	return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

void imports_text(struct builder *out, const struct analysis *analysis)
{
	const struct imports *imports = imports_of(out->arena, analysis->symbols, analysis->notebook, analysis->effects);
	VECTOR(struct slice) names = {0};
	for (size_t i = 0; i < imports->items.count; i++)
		if (imports->items.items[i].origin == IMPORT_PACKAGE && !imports->items.items[i].optional)
			vector_push(out->arena, &names, imports->items.items[i].distribution);
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_text);
	for (size_t i = 0; i < names.count; i++) {
		if (i > 0 && slice_equal(names.items[i], names.items[i - 1]))
			continue;
		builder_add(out, printable(out->arena, names.items[i]));
		builder_add_byte(out, '\n');
	}
}

void imports_json(struct builder *out, const struct analysis *analysis)
{
	const struct imports *imports = imports_of(out->arena, analysis->symbols, analysis->notebook, analysis->effects);
	struct json_writer json = {.out = out};
	json_begin_object(&json);
	json_number(&json, "schema", 1);
	json_text(&json, "file", analysis->notebook->path);
	json_key(&json, "declared_in");
	json_begin_array(&json);
	for (size_t i = 0; i < imports->declared->files.count; i++)
		json_string(&json, imports->declared->files.items[i]);
	json_end_array(&json);
	json_key(&json, "imports");
	json_begin_array(&json);
	for (size_t i = 0; i < imports->items.count; i++) {
		const struct notebook_import *import = &imports->items.items[i];
		bool is_package = import->origin == IMPORT_PACKAGE;
		json_begin_object(&json);
		json_text(&json, "module", import->module);
		json_number(&json, "cell", (int64_t)import->cell);
		json_number(&json, "line", import->line);
		json_text(&json, "from", slice_of(import_origin_name(import->origin)));
		json_key(&json, "optional");
		json_boolean(&json, import->optional);
		json_key(&json, "distribution");
		if (is_package)
			json_string(&json, import->distribution);
		else
			json_null(&json);
		json_key(&json, "declared");
		if (is_package)
			json_boolean(&json, import->declared);
		else
			json_null(&json);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}
