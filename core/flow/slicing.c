/* Statements are gone through from the last to the first: whatever one needs stands
 * before it, so that one pass marks all. */
#include "flow/slicing.h"

#include <string.h>

/* A run's source, parsed anew. */
struct parsed {
	const struct module *module;
	uint32_t *node_of; /* by statement of the program: index + 1 in the module's body; 0 for a nested one */
};

/* The places in trace->writes at which a name is written, in order. */
struct name_writes {
	VECTOR(uint32_t) at;
};

struct slicer {
	struct arena *arena;
	const struct traced *traced;
	const struct trace *trace;
	struct parsed *parsed; /* by run */
	struct name_writes *writes;
	size_t name_count;
	enum { UNMARKED, NEEDED, SETS_UP, OUTSIDE } * marks; /* by statement of the trace */
	uint32_t end;                                        /* the statements behind are none of ours */
	VECTOR(symbol) lost;
	VECTOR(uint32_t) file_writers;
};

static const struct played_run *run_of(const struct slicer *slicer, uint32_t statement)
{
	return playback_run(slicer->traced->execution.playback, slicer->trace->statements.items[statement - 1].run);
}

static const struct parsed *parsed_run(struct slicer *slicer, const struct played_run *played)
{
	struct parsed *parsed = &slicer->parsed[played - slicer->traced->execution.playback->runs.items];
	const struct effects *effects = played->run->effects;
	if (parsed->module || !effects || !effects->program)
		return parsed;
	bool python2 = effects->module->dialect == DIALECT_PYTHON2;
	struct parser_options options = {.ipython = true, .major = python2 ? 2 : 3};
	const struct program *program = effects->program;
	parsed->module = python_parse(slicer->arena, slicer->traced->symbols, effects->module->source, options);
	parsed->node_of = arena_array(slicer->arena, program->statement_count, sizeof *parsed->node_of);
	uint32_t next = 0;
	for (uint32_t i = 0; i < program->statement_count && next < parsed->module->body.count; i++)
		if (program->statements[i].depth == 0)
			parsed->node_of[i] = ++next;
	return parsed;
}

/* The syntax of a statement of the trace, or null. */
static const struct statement *node_of(struct slicer *slicer, uint32_t statement)
{
	const struct played_run *played = run_of(slicer, statement);
	const struct parsed *parsed = played ? parsed_run(slicer, played) : NULL;
	if (!parsed || !parsed->module)
		return NULL;
	uint32_t node = parsed->node_of[slicer->trace->statements.items[statement - 1].index];
	return node ? parsed->module->body.items[node - 1] : NULL;
}

static struct slice text_of(struct slicer *slicer, uint32_t statement)
{
	const struct statement *node = node_of(slicer, statement);
	if (!node)
		return SLICE("");
	struct slice source = run_of(slicer, statement)->run->effects->module->source;
	return slice_part(source, node->span.start, node->span.end);
}

static void need(struct slicer *slicer, uint32_t statement)
{
	slicer->marks[statement] = NEEDED;
}

static void add_lost(struct slicer *slicer, symbol name)
{
	for (size_t i = 0; i < slicer->lost.count; i++)
		if (slicer->lost.items[i] == name)
			return;
	vector_push(slicer->arena, &slicer->lost, name);
}

/* What may have bound the name by the time a statement runs. */
static void need_writers(struct slicer *slicer, symbol name, uint32_t before)
{
	if (name >= slicer->name_count)
		return;
	const struct name_writes *writes = &slicer->writes[name];
	for (size_t i = writes->at.count; i-- > 0;) {
		const struct trace_write *write = &slicer->trace->writes.items[writes->at.items[i]];
		if (write->statement >= before)
			continue;
		need(slicer, write->statement);
		if (write->sure)
			return;
	}
}

/* What the functions that a statement defines read when they are called, as it is before another statement. */
static void need_deferred(struct slicer *slicer, uint32_t definition, uint32_t before)
{
	const struct statement *node = node_of(slicer, definition);
	const struct played_run *played = run_of(slicer, definition);
	const struct names *names = node ? played->run->effects->names : NULL;
	if (!names || names->deferred_count == 0)
		return;
	struct slice source = played->run->effects->module->source;
	size_t length = slice_trim(slice_part(source, node->span.start, node->span.end)).length;
	uint32_t first = python_line(source, node->span.start);
	uint32_t last = python_line(source, node->span.start + (uint32_t)length);
	for (size_t i = 0; i < names->deferred_count; i++) {
		const struct deferred_names *deferred = &names->deferred[i];
		if (deferred->line < first || deferred->line > last)
			continue;
		for (size_t j = 0; j < deferred->reads.count; j++)
			need_writers(slicer, deferred->reads.items[j], before);
	}
}

static bool mentions(struct slice text, const struct slice *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (paths[i].length && memmem(text.bytes, text.length, paths[i].bytes, paths[i].length))
			return true;
	return false;
}

/* The statements that write a file whose path they spell out. */
static void find_file_writers(struct slicer *slicer)
{
	for (uint32_t statement = 1; statement < slicer->end; statement++) {
		const struct played_run *played = run_of(slicer, statement);
		const struct names *names = played && played->run->effects ? played->run->effects->names : NULL;
		if (names && names->files_written_count &&
		    mentions(text_of(slicer, statement), names->files_written, names->files_written_count))
			vector_push(slicer->arena, &slicer->file_writers, statement);
	}
}

/* Those that write a file that a statement reads, where both spell its path out. */
static void need_file_writers(struct slicer *slicer, uint32_t reader)
{
	const struct names *names = run_of(slicer, reader)->run->effects->names;
	if (slicer->file_writers.count == 0 || names->files_read_count == 0)
		return;
	struct slice text = text_of(slicer, reader);
	for (size_t i = 0; i < names->files_read_count; i++)
		for (size_t j = 0; j < slicer->file_writers.count && mentions(text, &names->files_read[i], 1); j++) {
			uint32_t writer = slicer->file_writers.items[j];
			if (writer < reader && mentions(text_of(slicer, writer), &names->files_read[i], 1))
				need(slicer, writer);
		}
}

/* `__` is what `_` was one value before, and Out[5] is _5. */
static void need_history(struct slicer *slicer, uint32_t statement, symbol name)
{
	struct slice text = symbols_name(slicer->traced->symbols, name);
	symbol last = symbols_find(slicer->traced->symbols, SLICE("_"));
	size_t depth = slice_equal(text, SLICE("___")) ? 3 : slice_equal(text, SLICE("__")) ? 2 : 0;
	if (!last || last >= slicer->name_count || !depth)
		return;
	const struct name_writes *writes = &slicer->writes[last];
	for (size_t i = writes->at.count; i-- > 0 && depth > 0;) {
		uint32_t shown = slicer->trace->writes.items[writes->at.items[i]].statement;
		if (shown >= statement)
			continue;
		need(slicer, shown);
		depth--;
	}
}

static void need_outputs(struct slicer *slicer, uint32_t statement)
{
	static const struct slice out = SLICE_CONSTANT("Out[");
	struct slice text = text_of(slicer, statement);
	while (text.length) {
		const char *found = memmem(text.bytes, text.length, out.bytes, out.length);
		if (!found)
			return;
		text = slice_part(text, (size_t)(found - text.bytes) + out.length, text.length);
		size_t digits = 0;
		while (digits < text.length && text.bytes[digits] >= '0' && text.bytes[digits] <= '9')
			digits++;
		struct slice number = slice_part(text, 0, digits);
		symbol name = symbols_find(slicer->traced->symbols, slice_format(slicer->arena, "_%.*s", SLICE_FORMAT(number)));
		if (digits && name)
			need_writers(slicer, name, statement);
	}
}

static void follow(struct slicer *slicer, uint32_t statement)
{
	const struct traced_statement *traced = &slicer->trace->statements.items[statement - 1];
	for (uint32_t i = 0; i < traced->link_count; i++) {
		const struct trace_link *link = &slicer->trace->links.items[traced->first_link + i];
		if (!link->on) {
			add_lost(slicer, link->name);
			continue;
		}
		need(slicer, link->on);
		need_deferred(slicer, link->on, statement);
		need_history(slicer, statement, link->name);
	}
	const struct played_run *played = run_of(slicer, statement);
	if (!played)
		return;
	need_file_writers(slicer, statement);
	if (played->run->effects->names->history_reads.count)
		need_outputs(slicer, statement);
}

static bool is_import(const struct statement *node)
{
	return node && (node->kind == STATEMENT_IMPORT || node->kind == STATEMENT_IMPORT_FROM);
}

/* The name with which `a.b(c).d[e]` begins, or 0. */
static symbol root_of(const struct expression *expression)
{
	while (expression->kind == EXPRESSION_ATTRIBUTE || expression->kind == EXPRESSION_CALL ||
	       expression->kind == EXPRESSION_SUBSCRIPT)
		expression = expression->items.items[0];
	return expression->kind == EXPRESSION_NAME ? expression->name : 0;
}

/* Whether a statement is a call of what a module has, or sets something in one, and rests on modules only. */
static bool sets_up(struct slicer *slicer, uint32_t statement, const struct statement *node)
{
	const struct traced_statement *traced = &slicer->trace->statements.items[statement - 1];
	bool calls = node->kind == STATEMENT_EXPRESSION && node->value->kind == EXPRESSION_CALL;
	bool assigns = (node->kind == STATEMENT_ASSIGN || node->kind == STATEMENT_AUGMENTED) && node->targets.count == 1;
	const struct expression *place = calls ? node->value : assigns ? node->targets.items[0] : NULL;
	symbol root = place && place->kind != EXPRESSION_NAME ? root_of(place) : 0;
	bool is_module = false;
	for (uint32_t i = 0; i < traced->link_count && root; i++) {
		const struct trace_link *link = &slicer->trace->links.items[traced->first_link + i];
		if (!link->on || !is_import(node_of(slicer, link->on)))
			return false;
		is_module = is_module || link->name == root;
	}
	return is_module;
}

/* Statements that nothing needs by name, but that may matter: settings, the state of random numbers, and what works
 * outside of Python. */
static void mark_settings(struct slicer *slicer, uint32_t first)
{
	static const struct slice random = SLICE_CONSTANT("random.");
	bool uses_random = false;
	for (uint32_t statement = first; statement < slicer->end && !uses_random; statement++)
		uses_random = slicer->marks[statement] == NEEDED && mentions(text_of(slicer, statement), &random, 1);
	for (uint32_t statement = first; statement < slicer->end; statement++) {
		const struct statement *node = slicer->marks[statement] ? NULL : node_of(slicer, statement);
		if (!node)
			continue;
		if (node->kind == STATEMENT_MAGIC)
			slicer->marks[statement] = OUTSIDE;
		else if (sets_up(slicer, statement, node))
			slicer->marks[statement] = SETS_UP;
		else if (uses_random && !is_import(node) && mentions(text_of(slicer, statement), &random, 1))
			slicer->marks[statement] = NEEDED;
	}
}

static void index_writes(struct slicer *slicer)
{
	slicer->name_count = symbols_count(slicer->traced->symbols) + 1;
	slicer->writes = arena_array(slicer->arena, slicer->name_count, sizeof *slicer->writes);
	for (size_t i = 0; i < slicer->trace->writes.count; i++)
		vector_push(slicer->arena, &slicer->writes[slicer->trace->writes.items[i].name].at, (uint32_t)i);
}

/* The first statement of the session that a statement belongs to. */
static uint32_t session_start(const struct slicer *slicer, unsigned session)
{
	for (uint32_t statement = 1; statement < slicer->end; statement++) {
		const struct played_run *played = run_of(slicer, statement);
		if (played && played->run->session == session)
			return statement;
	}
	return slicer->end;
}

static void close_slice(struct slicer *slicer)
{
	for (uint32_t statement = slicer->end; statement-- > 1;)
		if (slicer->marks[statement] == NEEDED || slicer->marks[statement] == SETS_UP)
			follow(slicer, statement);
}

/* Whether the statement's value became `_`. */
static bool is_shown(const struct slicer *slicer, uint32_t statement)
{
	symbol last = symbols_find(slicer->traced->symbols, SLICE("_"));
	if (!last || last >= slicer->name_count)
		return false;
	const struct name_writes *writes = &slicer->writes[last];
	size_t low = 0, high = writes->at.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (slicer->trace->writes.items[writes->at.items[middle]].statement < statement)
			low = middle + 1;
		else
			high = middle;
	}
	return low < writes->at.count && slicer->trace->writes.items[writes->at.items[low]].statement == statement;
}

static struct slicing *collect(struct slicer *slicer, unsigned session)
{
	struct slicing *slicing = arena_alloc(slicer->arena, sizeof *slicing);
	const struct playback *execution = slicer->traced->execution.playback;
	find_file_writers(slicer);
	close_slice(slicer);
	uint32_t first = session_start(slicer, session);
	mark_settings(slicer, first);
	close_slice(slicer);
	slicing->statements = arena_array(slicer->arena, slicer->end, sizeof *slicing->statements);
	for (uint32_t statement = 1; statement < slicer->end; statement++) {
		const struct statement *node = slicer->marks[statement] ? node_of(slicer, statement) : NULL;
		if (!node)
			continue;
		static const enum slice_role roles[] = {
		    [NEEDED] = SLICE_NEEDED, [SETS_UP] = SLICE_SETS_UP, [OUTSIDE] = SLICE_OUTSIDE};
		size_t run = traced_run(&slicer->traced->execution, statement);
		struct traced_statements of_run = slicer->traced->execution.of_run[run];
		slicing->statements[slicing->count++] = (struct sliced_statement){
		    .run = run,
		    .node = node,
		    .role = roles[slicer->marks[statement]],
		    .is_shown = is_shown(slicer, statement),
		    .is_cut_short = execution->runs.items[run].result->failed && statement + 1 == of_run.first + of_run.count,
		};
	}
	for (size_t i = 0; i < slicing->count; i++)
		slicing->reads_history =
		    slicing->reads_history ||
		    execution->runs.items[slicing->statements[i].run].run->effects->names->history_reads.count;
	slicing->lost = slicer->lost.items;
	slicing->lost_count = slicer->lost.count;
	return slicing;
}

static struct slicer slicer_new(struct arena *arena, const struct traced *traced)
{
	const struct playback *execution = traced->execution.playback;
	struct slicer slicer = {.arena = arena, .traced = traced, .trace = execution->trace};
	slicer.parsed = arena_array(arena, execution->runs.count, sizeof *slicer.parsed);
	slicer.marks = arena_array(arena, slicer.trace->statements.count + 2, sizeof *slicer.marks);
	index_writes(&slicer);
	return slicer;
}

struct slicing *slicing_of_cell(struct arena *arena, const struct traced *traced, size_t cell)
{
	struct slicer slicer = slicer_new(arena, traced);
	size_t last = traced->execution.playback->last_of_cell[cell];
	if (!last)
		return NULL;
	struct traced_statements statements = traced->execution.of_run[last - 1];
	slicer.end = statements.first + statements.count;
	for (uint32_t i = 0; i < statements.count; i++)
		need(&slicer, statements.first + i);
	struct slicing *slicing = collect(&slicer, traced->execution.playback->runs.items[last - 1].run->session);
	slicing->target = last - 1;
	return slicing;
}

struct slicing *slicing_of_name(struct arena *arena, const struct traced *traced, symbol name)
{
	const struct playback *execution = traced->execution.playback;
	struct binding binding = replay_binding(execution->replay, name);
	if (!binding.object || !binding.by)
		return NULL;
	/* What a statement behind all others would need that reads the name. */
	trace_begin_statement(execution->trace, 0, 0, false);
	trace_read(execution->trace, name, binding.object, LEVEL_CERTAIN);
	struct slicer slicer = slicer_new(arena, traced);
	slicer.end = (uint32_t)execution->trace->statements.count;
	follow(&slicer, slicer.end);
	struct slicing *slicing = collect(&slicer, execution->runs.items[execution->runs.count - 1].run->session);
	slicing->target = SIZE_MAX;
	slicing->name = name;
	return slicing;
}
