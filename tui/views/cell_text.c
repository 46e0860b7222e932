#include "tui/views/cell_text.h"

#include "tui/folds.h"
#include "tui/known_names.h"
#include "tui/views/markdown.h"

enum { NAMES_LIMIT = 200 };

static const char *const SENTENCES[] = {
    [STATUS_STANDS] = "a fresh run from the top gives this result again.",
    [STATUS_STALE] = "a fresh run from the top would not give this result.",
    [STATUS_BROKEN] = "a fresh run from the top raises NameError here.",
    [STATUS_NOT_RUN] = "this cell has no execution count; it was not run, or its count was cleared.",
    [STATUS_UNKNOWN] = "it depends on something that the file does not tell.",
};

static const char *const NOW_SENTENCES[] = {
    [NOW_SAME] = NULL,
    [NOW_DIFFERS] = "Run again now, in the kernel as it was left, it would give something else.",
    [NOW_ERROR] = "Run again now, in the kernel as it was left, it would raise an error.",
    [NOW_UNKNOWN] = NULL,
};

/* --- status --- */

static void add_status(const struct app *app, struct document *document, const struct cell_status *status)
{
	struct arena *arena = document->arena;
	struct line line = {0};
	enum slot slot = (enum slot)status_look(status).slot;
	bool ran = status->status != STATUS_NOT_RUN;
	line_add(arena, &line, slot, app_glyph(app, status_glyph(status->status)));
	line_format(arena, &line, slot, " %s", ran ? status_name(status->status) : "not run");
	if (ran && status->certainty != CERTAIN)
		line_format(arena, &line, SLOT_DIM, " (%s)", certainty_name(status->certainty));
	line_format(arena, &line, SLOT_TEXT, ": %s", SENTENCES[status->status]);
	document_add_prose(document, line, 2);
	for (size_t at = 0; at < status->reason_count; at++) {
		struct line reason = {0};
		line_format(arena, &reason, SLOT_DIM, "  %.*s ", SLICE_FORMAT(app_glyph(app, GLYPH_DOT)));
		line_add(arena, &reason, SLOT_TEXT, status->reasons[at].why);
		document_add_prose(document, reason, 4);
	}
	if (ran && NOW_SENTENCES[status->now]) {
		struct line now = {0};
		line_format(arena, &now, SLOT_DIM, "  %.*s %s", SLICE_FORMAT(app_glyph(app, GLYPH_DOT)),
		            NOW_SENTENCES[status->now]);
		document_add_prose(document, now, 4);
	}
}

static void add_error(const struct app *app, struct document *document, const struct run_error *error)
{
	struct arena *arena = document->arena;
	struct line line = {0};
	line_format(arena, &line, SLOT_FAILED, "%.*s %.*s", SLICE_FORMAT(app_glyph(app, GLYPH_FAILED)),
	            SLICE_FORMAT(error->ename));
	struct slice rest = error->evalue, first = {0};
	if (slice_next_line(&rest, &first) && first.length)
		line_format(arena, &line, SLOT_TEXT, ": %.*s", SLICE_FORMAT(first));
	if (error->line)
		line_format(arena, &line, SLOT_DIM, " (line %u)", error->line);
	document_add_prose(document, line, 2);
}

/* A NameError from the top of which the status does not speak already. */
static void add_run_all(const struct app *app, struct document *document, const struct cell_status *status)
{
	const struct status_report *report = app->analysis->status;
	struct arena *arena = document->arena;
	for (size_t at = 0; at < report->error_count && status->status != STATUS_BROKEN; at++) {
		const struct run_all_error *error = &report->errors[at];
		if (error->cell != status->cell)
			continue;
		struct line line = {0};
		line_add(arena, &line, SLOT_BROKEN, app_glyph(app, GLYPH_BROKEN));
		line_format(arena, &line, SLOT_TEXT, " from the top, line %u %s NameError: ", error->line,
		            error->must ? "raises" : "may raise");
		line_add(arena, &line, SLOT_CULPRIT, symbols_name(app->analysis->symbols, error->name));
		line_add(arena, &line, SLOT_TEXT, SLICE(" is not bound by then."));
		document_add_prose(document, line, 2);
	}
}

static void add_syntax_error(struct document *document, const struct syntax_error *error)
{
	struct line line = {0};
	line_format(document->arena, &line, SLOT_BROKEN, "Syntax error in line %u, column %u: ", error->line,
	            error->column);
	line_add(document->arena, &line, SLOT_TEXT, error->message);
	document_add_prose(document, line, 2);
}

/* --- effects --- */

/* What is said of a cell's effects: each a label and what it applies to. */
struct groups {
	struct line *items;
	size_t count, capacity;
};

static struct line *add_group(struct arena *arena, struct groups *groups, const char *label)
{
	struct line *line = vector_add(arena, groups);
	line_format(arena, line, SLOT_LABEL, "%s ", label);
	return line;
}

/* All of them in one row where there is room, else one below the other. */
static void add_groups(struct document *document, const struct groups *groups)
{
	struct line joined = {0};
	int columns = 0;
	for (size_t at = 0; at < groups->count; at++) {
		const struct line *group = &groups->items[at];
		if (at)
			line_add(document->arena, &joined, SLOT_TEXT, SLICE("   "));
		for (size_t piece = 0; piece < group->count; piece++)
			vector_push(document->arena, &joined, group->items[piece]);
	}
	for (size_t piece = 0; piece < joined.count && columns <= document->columns; piece++)
		columns += text_columns(joined.items[piece].text);
	if (columns <= document_room(document)) {
		if (joined.count)
			document_add(document, joined);
		return;
	}
	for (size_t at = 0; at < groups->count; at++)
		document_add_prose(document, groups->items[at], 2);
}

/* Adds "label a, b, c?": a name that is not among the certain ones (a part of the
 * list, in the same order; null when all are) has a question mark. */
static void add_names(const struct app *app, struct arena *arena, struct groups *groups, const char *label,
                      struct name_list names, const struct name_list *certain)
{
	struct line *line = names.count ? add_group(arena, groups, label) : NULL;
	size_t sure = 0;
	for (size_t at = 0; at < names.count && at < NAMES_LIMIT; at++) {
		bool is_certain = !certain || (sure < certain->count && certain->items[sure] == names.items[at]);
		sure += certain && is_certain;
		line_add(arena, line, SLOT_TEXT, symbols_name(app->analysis->symbols, names.items[at]));
		if (!is_certain)
			line_add(arena, line, SLOT_DIM, SLICE("?"));
		if (at + 1 < names.count)
			line_add(arena, line, SLOT_DIM, SLICE(", "));
	}
	if (names.count > NAMES_LIMIT)
		line_format(arena, line, SLOT_DIM, "and %zu more", names.count - NAMES_LIMIT);
}

static void add_texts(struct arena *arena, struct groups *groups, const char *label, const struct slice *texts,
                      size_t count)
{
	struct line *line = count ? add_group(arena, groups, label) : NULL;
	for (size_t at = 0; at < count && at < NAMES_LIMIT; at++) {
		line_add(arena, line, SLOT_TEXT, texts[at]);
		if (at + 1 < count)
			line_add(arena, line, SLOT_DIM, SLICE(", "));
	}
	if (count > NAMES_LIMIT)
		line_format(arena, line, SLOT_DIM, "and %zu more", count - NAMES_LIMIT);
}

/* The names that functions of the cell read when they are called, each once. */
static struct name_list deferred_reads(const struct app *app, struct arena *arena, const struct names *names)
{
	struct name_list reads = {0};
	size_t total = 0;
	for (size_t at = 0; at < names->deferred_count; at++)
		total += names->deferred[at].reads.count;
	if (total == 0)
		return reads;
	bool *seen = arena_array(arena, symbols_count(app->analysis->symbols) + 1, sizeof *seen);
	reads.items = arena_array(arena, total, sizeof *reads.items);
	for (size_t at = 0; at < names->deferred_count; at++) {
		struct name_list list = names->deferred[at].reads;
		for (size_t name = 0; name < list.count; name++) {
			if (!seen[list.items[name]])
				reads.items[reads.count++] = list.items[name];
			seen[list.items[name]] = true;
		}
	}
	return reads;
}

static void add_effects(const struct app *app, struct document *document, const struct effects *effects)
{
	struct arena *arena = document->arena;
	const struct names *names = effects->names;
	struct groups groups = {0};
	if (app->early) /* nothing is known yet */
		return;
	if (!effects->is_python) {
		struct line line = {0};
		line_format(arena, &line, SLOT_DIM, "What this source (%.*s) does to names is not known.",
		            SLICE_FORMAT(effects->language));
		document_add_prose(document, line, 2);
		return;
	}
	if (effects->module && effects->module->has_error && !effects->module->error.runs_in_ipython)
		add_syntax_error(document, &effects->module->error);
	if (!names)
		return;
	add_names(app, arena, &groups, "binds", names->binds, &names->binds_certain);
	add_names(app, arena, &groups, "reads", names->reads_first, &names->reads_first_certain);
	add_names(app, arena, &groups, "mutates", names->mutates, &names->mutates_certain);
	add_names(app, arena, &groups, "deletes", names->deletes, NULL);
	add_names(app, arena, &groups, "its functions read", deferred_reads(app, arena, names), NULL);
	add_names(app, arena, &groups, "history", names->history_reads, NULL);
	add_texts(arena, &groups, "reads files", names->files_read, names->files_read_count);
	add_texts(arena, &groups, "writes files", names->files_written, names->files_written_count);
	for (size_t at = 0; at < names->star_count; at++)
		add_texts(arena, &groups, "imports all of", &names->star_imports[at].module, 1);
	add_texts(arena, &groups, "may bind anything:", names->opaque, names->opaque_count);
	add_groups(document, &groups);
}

/* --- the whole --- */

/* Every name of the namespace, drawn in what is known of it. */
static void mark_names(struct app *app, struct document *document, struct place place, const struct effects *effects,
                       struct slice source)
{
	static const struct look LOOKS[] = {
	    [NAME_OWN] = {SLOT_TEXT, 0, NO_COLOR, NO_COLOR},
	    [NAME_SAME] = {SLOT_TEXT, ATTRIBUTE_UNDERLINE, NO_COLOR, NO_COLOR},
	    [NAME_DIFFERS] = {SLOT_CULPRIT, 0, NO_COLOR, NO_COLOR},
	    [NAME_PERHAPS] = {SLOT_POSSIBLE, ATTRIBUTE_UNDERLINE, NO_COLOR, NO_COLOR},
	    [NAME_UNBOUND] = {SLOT_BROKEN, ATTRIBUTE_UNDERLINE, NO_COLOR, NO_COLOR},
	    [NAME_UNTOLD] = {SLOT_LOST, ATTRIBUTE_UNDERLINE, NO_COLOR, NO_COLOR},
	    [NAME_LATER] = {SLOT_TEXT, 0, NO_COLOR, NO_COLOR},
	};
	size_t count;
	const struct known_name *names = known_names(app, document->arena, place, effects, source, &count);
	struct name_focus *focus = &app->focus;
	bool focused = focus->name && focus->place.cell == place.cell && focus->place.run == place.run;
	document->names = arena_array(document->arena, count, sizeof *document->names);
	document->name_count = count;
	for (size_t at = 0; at < count; at++) {
		struct look look = LOOKS[names[at].knowing];
		if (focused && focus->start == NO_OFFSET && focus->name == names[at].name)
			focus->start = names[at].span.start;
		if (focused && focus->start == names[at].span.start)
			look.attributes |= ATTRIBUTE_REVERSE;
		document->names[at] = (struct source_name){names[at].span, names[at].name, look};
	}
}

static void add_folded_source(struct document *document, struct slice source)
{
	size_t lines = slice_count(source, '\n') + (source.length && source.bytes[source.length - 1] != '\n');
	struct line line = {0};
	line_format(document->arena, &line, SLOT_MORE, "%zu line%s of source: ", lines, lines == 1 ? "" : "s");
	line_add(document->arena, &line, SLOT_KEY, SLICE("zo"));
	line_add(document->arena, &line, SLOT_MORE, SLICE(" shows them"));
	document->area = AREA_HEAD;
	document_add(document, line);
}

static void add_code(struct app *app, struct document *document, const struct cell *cell, struct place place)
{
	const struct cell_status *status = app_status(app, cell);
	const struct effects *effects = app->analysis->effects[cell->number - 1];
	document_begin_part(document, PART_HEAD, AREA_HEAD);
	if (app->settings.marks) {
		add_status(app, document, status);
		if (status->error)
			add_error(app, document, status->error);
		add_run_all(app, document, status);
		add_effects(app, document, effects);
		document_add_blank(document);
		mark_names(app, document, place, effects, cell->source);
	}
	document_begin_part(document, PART_SOURCE, AREA_SOURCE);
	if (folds_level(app, cell->index, PART_SOURCE) == OUTPUT_NONE)
		add_folded_source(document, cell->source);
	else
		document_add_source(document, cell->source, effects->is_python, app->settings.numbers,
		                    status->error && app->settings.marks ? status->error->line : 0);
	if (cell->output_count) {
		document->area = AREA_HEAD;
		document_add_blank(document);
		output_text_add(app, document, cell);
	}
}

static void add_plain(struct document *document, struct slice source)
{
	struct slice text;
	while (slice_next_line(&source, &text)) {
		struct line line = {0};
		line_add(document->arena, &line, SLOT_TEXT, text);
		document_add_prose(document, line, 0);
	}
}

/* A run that no cell of the file shows. */
static void add_run(const struct app *app, struct document *document, const struct run *run)
{
	struct arena *arena = document->arena;
	struct line line = {0};
	if (run->origin == RUN_LOST && run->lost_count > 1)
		line_format(
		    arena, &line, SLOT_TEXT,
		    "The counts [%lld] to [%lld] are missing: %u runs of which the file keeps no trace. Their cells were "
		    "run again later, edited or deleted.",
		    (long long)run->count, (long long)run->count + run->lost_count - 1, run->lost_count);
	else if (run->origin == RUN_LOST)
		line_format(
		    arena, &line, SLOT_TEXT,
		    "The count [%lld] is missing: a run of which the file keeps no trace. Its cell was run again later, "
		    "edited or deleted.",
		    (long long)run->count);
	else
		line_add(arena, &line, SLOT_TEXT, SLICE("A run of a source that no cell of the file has any more."));
	document_add_prose(document, line, 0);
	if (run->source.length) {
		document_add_blank(document);
		document_begin_part(document, PART_SOURCE, AREA_SOURCE);
		document_add_source(document, run->source, run->effects && run->effects->is_python, app->settings.numbers, 0);
	}
}

/* The run of a place when no cell of the file is its own; else null. */
static const struct run *run_without_cell(const struct app *app, struct place place)
{
	const struct log *log = app->analysis->log;
	return place.run < log->run_count && log->runs[place.run].cell == 0 ? &log->runs[place.run] : NULL;
}

void cell_text_add(struct app *app, struct document *document, struct place place)
{
	const struct run *run = run_without_cell(app, place);
	const struct notebook *notebook = app->analysis->notebook;
	if (run) {
		add_run(app, document, run);
		return;
	}
	if (place.cell >= notebook->cell_count)
		return;
	const struct cell *cell = &notebook->cells[place.cell];
	if (cell->type != CELL_CODE)
		document_begin_part(document, PART_SOURCE, AREA_SOURCE);
	switch (cell->type) {
	case CELL_CODE: add_code(app, document, cell, place); break;
	case CELL_MARKDOWN:
		markdown_add(document, cell->source, app_glyph(app, GLYPH_DOT), app_glyph(app, GLYPH_VERTICAL),
		             app_glyph(app, GLYPH_HORIZONTAL));
		break;
	case CELL_RAW: add_plain(document, cell->source); break;
	}
}

struct slice cell_text_title(const struct app *app, struct arena *arena, struct place place)
{
	const struct log *log = app->analysis->log;
	const struct notebook *notebook = app->analysis->notebook;
	if (run_without_cell(app, place))
		return slice_format(arena, "Step %zu of %zu, of no cell", place.run + 1, log->run_count);
	if (place.cell >= notebook->cell_count)
		return SLICE("No cell");
	const struct cell *cell = &notebook->cells[place.cell];
	if (cell->type != CELL_CODE)
		return cell->type == CELL_MARKDOWN ? SLICE("Markdown") : SLICE("Raw text");
	struct builder title = {.arena = arena};
	builder_add_format(&title, "Cell %zu ", cell->number);
	builder_add(&title, count_text(arena, cell->execution_count));
	if (place.run < log->run_count) {
		const struct run *run = &log->runs[place.run];
		builder_add_format(&title, ", step %zu of %zu", place.run + 1, log->run_count);
		if (run->origin != RUN_RECORDED)
			builder_add_format(&title, " (%s)", run_origin_name(run->origin));
		if (log->session_count > 1)
			builder_add_format(&title, ", session %u", run->session);
	}
	return builder_slice(&title);
}
