#include "flow/testimony.h"

static struct saved_output read_output(struct arena *arena, const struct notebook *notebook, const struct cell *cell)
{
	enum { LARGEST = 16384 };
	struct saved_output saved = {0};
	struct cell_metadata metadata = {0};
	if (slice_trim(cell->source).length == 0) /* nothing will run here */
		return saved;
	if (cell->metadata.end - cell->metadata.start > 2 && cell_metadata_load(notebook, arena, cell, &metadata) &&
	    metadata.is_block)
		return saved;
	struct builder printed = {.arena = arena};
	for (size_t i = 0; i < cell->output_count; i++) {
		const struct output *output = &cell->outputs[i];
		struct output_content content = {0};
		if (output->type == OUTPUT_DISPLAY_DATA)
			continue;
		if (output->type == OUTPUT_UNKNOWN || output->range.end - output->range.start > LARGEST ||
		    !output_load(notebook, arena, output, &content))
			return (struct saved_output){0};
		saved.any = true;
		if (output->type == OUTPUT_STREAM && slice_equal(output->stream, SLICE("stdout")))
			builder_add(&printed, content.text);
		if (output->type == OUTPUT_ERROR) {
			saved.fails = true;
			saved.ename = content.ename;
		}
		for (size_t k = 0; output->type == OUTPUT_EXECUTE_RESULT && k < content.part_count; k++)
			if (slice_equal(content.parts[k].type, SLICE("text/plain")))
				saved.shown = content.parts[k].text;
		saved.shows = saved.shows || output->type == OUTPUT_EXECUTE_RESULT;
	}
	saved.printed = builder_slice(&printed);
	return saved;
}

struct saved_output saved_output_of(struct arena *arena, const struct notebook *notebook, const struct cell *cell)
{
	struct arena *scratch = arena_child(arena); /* pictures, say */
	struct saved_output saved = read_output(scratch, notebook, cell);
	saved.printed = slice_copy(arena, saved.printed);
	saved.shown = slice_copy(arena, saved.shown);
	saved.ename = slice_copy(arena, saved.ename);
	arena_free(scratch);
	return saved;
}

/* What a run can be rehearsed with; `error` is the saved one, or null. */
static struct rehearsal_request request_of(const struct effects *effects, int64_t count, const struct run_error *error)
{
	struct rehearsal_request request = {.effects = effects, .count = count};
	const struct module *module = effects ? effects->module : NULL;
	bool wrong = module && module->has_error && !module->error.runs_in_ipython;
	if (wrong && module->error.is_late)
		request.refused_line = module->error.line;
	request.skipped = wrong && !module->error.is_late;
	if (!error)
		return request;
	request.failing_line = error->line ? error->line : 1;
	if (slice_equal(error->ename, SLICE("SyntaxError")) || slice_equal(error->ename, SLICE("IndentationError")))
		request.skipped = request.skipped || !request.refused_line;
	return request;
}

static void rehearse_file(struct testimony *testimony, struct arena *arena, struct symbols *symbols,
                          const struct notebook *notebook, struct effects *const *effects, bool sorts_keys)
{
	struct rehearsal *rehearsal = rehearsal_new(arena, symbols);
	int64_t count = 0;
	for (size_t number = 1; number <= notebook->code_count; number++) {
		arena_step(arena, "comparing with what cells print", number - 1, notebook->code_count);
		if (slice_trim(notebook->code[number - 1]->source).length > 0)
			count++;
		const struct saved_output *saved = &testimony->saved[number];
		const struct run_error *error =
		    saved->fails ? run_error_of_cell(arena, notebook, notebook->code[number - 1]) : NULL;
		struct rehearsal_request request = request_of(effects[number - 1], count, NULL);
		/* A name that was missing is not the cell's own doing: if it is there, nothing fails. */
		if (saved->fails && !slice_equal(saved->ename, SLICE("NameError")))
			request.doubted_line = error && error->line ? error->line : 1;
		request.sorts_keys = sorts_keys;
		request.interrupted = slice_equal(saved->ename, SLICE("KeyboardInterrupt"));
		testimony->file[number] = rehearsal_run(rehearsal, &request);
	}
	rehearsal_free(rehearsal);
}

static void rehearse_log(struct testimony *testimony, struct arena *arena, struct symbols *symbols,
                         const struct notebook *notebook, const struct log *log, bool sorts_keys)
{
	struct rehearsal *rehearsal = rehearsal_new(arena, symbols);
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		arena_step(arena, "comparing with what runs printed", i, log->run_count);
		if (i > 0 && run->session != log->runs[i - 1].session)
			rehearsal_restart(rehearsal);
		if (!run->effects)
			continue;
		struct rehearsal_request request = request_of(run->effects, run->count, run->error);
		request.other_source = run->edited;
		request.sorts_keys = sorts_keys;
		bool last =
		    run->cell && run->origin == RUN_RECORDED && run->count == notebook->code[run->cell - 1]->execution_count;
		if (last)
			request.saved = &testimony->saved[run->cell];
		struct rehearsed *rehearsed = rehearsal_run(rehearsal, &request);
		if (last)
			testimony->log[run->cell] = rehearsed;
	}
	rehearsal_free(rehearsal);
}

/* The minor version of the Python 3 that ran the notebook; a late one when nothing tells, and 0 when it may not have
 * been Python 3. */
static int python_minor(const struct notebook *notebook, struct effects *const *effects)
{
	enum { NEW = 99 };
	struct slice version = notebook->language_version;
	if (slice_starts(notebook->kernel_name, SLICE("python2")))
		return 0;
	for (size_t i = 0; i < notebook->code_count; i++)
		if (effects[i] && effects[i]->program && effects[i]->program->python2)
			return 0;
	if (version.length == 0)
		return notebook->format_major < 4 ? 0 : NEW;
	if (!slice_starts(version, SLICE("3")))
		return 0;
	int minor = 0;
	for (size_t i = 2; i < version.length && version.bytes[i] >= '0' && version.bytes[i] <= '9' && minor < NEW; i++)
		minor = minor * 10 + (version.bytes[i] - '0');
	return version.length > 2 ? minor : NEW;
}

/* IPython can be told to show more than the last expression of a cell; one that does shows it. */
static bool shows_more(const struct notebook *notebook)
{
	struct slice option = SLICE("ast_node_interactivity");
	for (size_t i = 0; i < notebook->code_count; i++) {
		const struct cell *cell = notebook->code[i];
		unsigned results = 0;
		for (size_t k = 0; k < cell->output_count; k++)
			results += cell->outputs[k].type == OUTPUT_EXECUTE_RESULT;
		if (results > 1)
			return true;
		for (size_t at = slice_find(cell->source, 'a', 0); at < cell->source.length;
		     at = slice_find(cell->source, 'a', at + 1))
			if (slice_starts(slice_part(cell->source, at, cell->source.length), option))
				return true;
	}
	return false;
}

struct testimony *testimony_gather(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                   struct effects *const *effects, const struct log *log)
{
	struct testimony *testimony = arena_alloc(arena, sizeof *testimony);
	enum { KEEPS_ORDER = 6, SHOWS_ORDER = 8 };
	int minor = python_minor(notebook, effects);
	testimony->saved = arena_array(arena, notebook->code_count + 1, sizeof *testimony->saved);
	testimony->file = arena_array(arena, notebook->code_count + 1, sizeof(struct rehearsed *));
	testimony->log = arena_array(arena, notebook->code_count + 1, sizeof(struct rehearsed *));
	for (size_t number = 1; number <= notebook->code_count; number++)
		testimony->saved[number] = saved_output_of(arena, notebook, notebook->code[number - 1]);
	if (minor < KEEPS_ORDER) { /* dictionaries in no order, or another division */
		for (size_t number = 1; number <= notebook->code_count; number++)
			testimony->file[number] = arena_alloc(arena, sizeof(struct rehearsed));
		return testimony;
	}
	rehearse_file(testimony, arena, symbols, notebook, effects, minor < SHOWS_ORDER);
	rehearse_log(testimony, arena, symbols, notebook, log, minor < SHOWS_ORDER);
	bool more = shows_more(notebook);
	for (size_t number = 1; more && number <= notebook->code_count; number++) {
		testimony->file[number]->shows = SHOWS_ANYTHING;
		if (testimony->log[number])
			testimony->log[number]->shows = SHOWS_ANYTHING;
	}
	return testimony;
}
