/* A call whose two inputs come from different versions of one name, though from the top
 * both come from the same: a model that was trained on one `data` and is scored on another.
 *
 * It is told from the traces of both replays (flow/trace.h), which are made only when
 * some result is stale, as each one with a skew is. */
#include "findings/finder.h"
#include "flow/traced.h"

/* What a statement has a name from. */
struct input {
	symbol name;
	uint32_t version; /* the statement that bound it; 0 when there is none, or more than one */
};

/* Another name of the statement's that was made from one of its inputs, or from another version of it. */
struct ancestry {
	bool same;      /* from the version that the statement reads */
	uint32_t other; /* from another one; 0: from none */
};

struct skew {
	struct finder *finder;
	struct arena *scratch;
	const struct traced *traced;
	VECTOR(struct input) inputs;
	VECTOR(uint32_t) waiting;
	struct ancestry *ancestry; /* by symbol */
	uint32_t *input_of;        /* by symbol: index + 1 in inputs */
	uint32_t *seen, search;    /* by statement of the longer trace: the last search that came by */
	size_t steps;              /* that are still allowed */
};

/* Links are followed this often in one notebook, and no more. */
enum { MOST_STEPS = 5000000 };

static const struct traced_statement *statement_of(const struct traced_order *order, uint32_t number)
{
	return &order->playback->trace->statements.items[number - 1];
}

static const struct played_run *run_of(const struct traced_order *order, uint32_t number)
{
	return playback_run(order->playback, statement_of(order, number)->run);
}

static const struct trace_link *links_of(const struct traced_order *order, uint32_t number)
{
	return order->playback->trace->links.items + statement_of(order, number)->first_link;
}

/* Whether two statements did the same with the same: a cell that ran again and changed nothing. */
static bool is_same_version(const struct traced_order *order, uint32_t a, uint32_t b)
{
	const struct played_run *left = run_of(order, a), *right = run_of(order, b);
	return a == b || (left && right && left->run->cell && left->run->cell == right->run->cell &&
	                  statement_of(order, a)->index == statement_of(order, b)->index &&
	                  identity_difference(&left->result->identity, &right->result->identity) == LEVELS);
}

/* The names that a statement surely reads, each with the statement that bound it. */
static void find_inputs(struct skew *skew, const struct traced_order *order, uint32_t number)
{
	const struct trace_link *links = links_of(order, number);
	for (size_t i = 0; i < skew->inputs.count; i++)
		skew->input_of[skew->inputs.items[i].name] = 0;
	skew->inputs.count = 0;
	for (uint32_t i = 0; i < statement_of(order, number)->link_count; i++) {
		const struct trace_link *link = &links[i];
		if (!link->name || link->how != TRACE_BIND)
			continue;
		uint32_t *at = &skew->input_of[link->name];
		uint32_t version = link->level == LEVEL_POSSIBLE ? 0 : link->on;
		if (*at) {
			skew->inputs.items[*at - 1].version = 0;
			continue;
		}
		vector_push(skew->scratch, &skew->inputs, ((struct input){link->name, version}));
		*at = (uint32_t)skew->inputs.count;
	}
}

/* What an inferred run left is too little to go by. */
static bool is_recorded(const struct traced_order *order, uint32_t statement)
{
	const struct played_run *played = run_of(order, statement);
	return played && played->run->origin == RUN_RECORDED;
}

static void note_link(struct skew *skew, const struct traced_order *order, const struct trace_link *link)
{
	uint32_t at = link->name && link->how == TRACE_BIND ? skew->input_of[link->name] : 0;
	uint32_t version = at ? skew->inputs.items[at - 1].version : 0;
	if (!version || !link->on)
		return;
	struct ancestry *ancestry = &skew->ancestry[link->name];
	if (is_same_version(order, version, link->on))
		ancestry->same = true;
	else
		ancestry->other = link->on;
}

/* From which versions of the inputs the one called `name` was made: in skew->ancestry. */
static void find_ancestry(struct skew *skew, const struct traced_order *order, uint32_t number, symbol name)
{
	skew->search++;
	for (size_t i = 0; i < skew->inputs.count; i++)
		skew->ancestry[skew->inputs.items[i].name] = (struct ancestry){0};
	skew->waiting.count = 0;
	const struct trace_link *links = links_of(order, number);
	for (uint32_t i = 0; i < statement_of(order, number)->link_count; i++)
		if (links[i].name == name && links[i].on && links[i].level != LEVEL_POSSIBLE)
			vector_push(skew->scratch, &skew->waiting, links[i].on);
	while (skew->waiting.count && skew->steps) {
		uint32_t next = skew->waiting.items[--skew->waiting.count];
		if (skew->seen[next] == skew->search)
			continue;
		skew->seen[next] = skew->search;
		links = links_of(order, next);
		for (uint32_t i = 0; i < statement_of(order, next)->link_count && skew->steps; i++, skew->steps--) {
			note_link(skew, order, &links[i]);
			if (links[i].on && links[i].level != LEVEL_POSSIBLE)
				vector_push(skew->scratch, &skew->waiting, links[i].on);
		}
	}
}

/* Whether one call of the statement gets what comes from both names. */
static bool is_one_call(struct skew *skew, const struct program *program, uint32_t statement, symbol a, symbol b)
{
	enum { FROM_A = 1, FROM_B = 2, FROM_BOTH = 3 };
	struct arena *arena = arena_child(skew->scratch);
	struct program_events events = program_open(arena, program);
	unsigned char *from = arena_array(arena, program->value_count + 1, 1);
	unsigned char *held = arena_array(arena, program->variable_count + 1, 1);
	const struct program_statement *span = &program->statements[statement];
	bool found = false;
	for (uint32_t i = span->first_event; i < span->end_event && !found; i++) {
		const struct event *event = &events.items[i];
		unsigned gets = from[event->a] | from[event->b];
		for (uint32_t j = 0; j < event->argument_count; j++)
			gets |= from[events.arguments[event->arguments + j].value];
		if (event->kind == EVENT_READ) {
			symbol name = program->variables[event->variable].name;
			gets = held[event->variable] | (name == a ? FROM_A : 0u) | (name == b ? FROM_B : 0u);
		}
		found = event->kind == EVENT_CALL && gets == FROM_BOTH;
		if (event->kind == EVENT_BIND)
			held[event->variable] |= (unsigned char)gets;
		from[event->value] = (unsigned char)gets;
		from[0] = 0;
	}
	arena_free(arena);
	return found;
}

static struct slice run_words(struct skew *skew, uint32_t statement, size_t reader)
{
	struct arena *arena = skew->finder->arena;
	const struct run *run = run_of(&skew->traced->execution, statement)->run;
	struct slice count = run->count == NO_COUNT ? SLICE("") : slice_format(arena, " ([%lld])", (long long)run->count);
	if (!run->cell)
		return slice_format(arena, "a cell that is no longer in the file%.*s", SLICE_FORMAT(count));
	if (run->link == LINK_EARLIER_RUN)
		return slice_format(arena, "an earlier run of cell %zu%.*s", run->cell, SLICE_FORMAT(count));
	if (run->link == LINK_EARLIER_VERSION)
		return slice_format(arena, "an earlier version of cell %zu%.*s", run->cell, SLICE_FORMAT(count));
	if (run->cell == reader)
		return SLICE("this cell");
	return slice_format(arena, "cell %zu%.*s", run->cell, SLICE_FORMAT(count));
}

/* A statement as it ran and the same in the file. Gives whether something was found. */
static bool check_statement(struct skew *skew, const struct cell_status *status, uint32_t ran, uint32_t top)
{
	const struct traced_order *execution = &skew->traced->execution, *file = &skew->traced->file;
	const struct program *program = skew->finder->evidence->effects[status->cell - 1]->program;
	const struct symbols *symbols = skew->finder->evidence->symbols;
	uint32_t index = statement_of(execution, ran)->index;
	find_inputs(skew, execution, ran);
	struct input *inputs = arena_copy(skew->scratch, skew->inputs.items, skew->inputs.count * sizeof *inputs);
	size_t count = skew->inputs.count;
	for (size_t i = 0; i < count && count > 1; i++) {
		find_inputs(skew, execution, ran);
		find_ancestry(skew, execution, ran, inputs[i].name);
		for (size_t j = 0; j < count; j++) {
			struct ancestry then = skew->ancestry[inputs[j].name];
			if (i == j || !then.other || then.same || !is_recorded(execution, then.other) ||
			    !is_recorded(execution, inputs[j].version))
				continue;
			find_inputs(skew, file, top);
			find_ancestry(skew, file, top, inputs[i].name);
			uint32_t at = skew->input_of[inputs[j].name];
			struct ancestry now = skew->ancestry[inputs[j].name];
			if (at && now.same && !now.other && is_one_call(skew, program, index, inputs[i].name, inputs[j].name)) {
				struct slice whole = symbols_name(symbols, inputs[i].name),
				             part = symbols_name(symbols, inputs[j].name);
				finder_add(
				    skew->finder, status->certainty, status->cell, program->statements[index].line,
				    "`%.*s` was made from the `%.*s` of %.*s, but `%.*s` here is the one of %.*s; from the top both "
				    "are the one of cell %zu.",
				    SLICE_FORMAT(whole), SLICE_FORMAT(part), SLICE_FORMAT(run_words(skew, then.other, status->cell)),
				    SLICE_FORMAT(part), SLICE_FORMAT(run_words(skew, inputs[j].version, status->cell)),
				    run_of(file, skew->inputs.items[at - 1].version)->run->cell);
				return true;
			}
			find_inputs(skew, execution, ran);
			find_ancestry(skew, execution, ran, inputs[i].name);
		}
	}
	return false;
}

/* The first skew of a cell. */
static void check_cell(struct skew *skew, const struct cell_status *status)
{
	const struct traced_order *execution = &skew->traced->execution, *file = &skew->traced->file;
	size_t last = execution->playback->last_of_cell[status->cell];
	size_t from_top = file->playback->last_of_cell[status->cell];
	if (!last || !from_top)
		return;
	const struct run *run = execution->playback->runs.items[last - 1].run;
	const struct effects *effects = skew->finder->evidence->effects[status->cell - 1];
	if (!run->effects || run->edited || !effects_same_code(run->effects, effects))
		return;
	struct traced_statements ran = execution->of_run[last - 1], top = file->of_run[from_top - 1];
	for (uint32_t i = 0; i < ran.count && i < top.count; i++)
		if (statement_of(execution, ran.first + i)->index == statement_of(file, top.first + i)->index &&
		    check_statement(skew, status, ran.first + i, top.first + i))
			return;
}

static bool may_be_skewed(const struct cell_status *status)
{
	return status->status == STATUS_STALE && status->certainty != POSSIBLE;
}

void rule_version_skew(struct finder *finder)
{
	const struct evidence *evidence = finder->evidence;
	const struct status_report *report = evidence->status;
	bool any = false;
	for (size_t i = 0; i < report->cell_count && !any; i++)
		any = may_be_skewed(&report->cells[i]);
	if (!any)
		return;
	struct arena *scratch = arena_child(finder->arena);
	struct skew skew = {.finder = finder, .scratch = scratch, .steps = MOST_STEPS};
	skew.traced = traced_new(scratch, evidence->symbols, evidence->notebook, evidence->effects, report->log);
	size_t names = symbols_count(evidence->symbols) + 1;
	size_t statements = skew.traced->execution.playback->trace->statements.count;
	size_t of_file = skew.traced->file.playback->trace->statements.count;
	skew.seen = arena_array(scratch, (statements > of_file ? statements : of_file) + 1, sizeof *skew.seen);
	skew.input_of = arena_array(scratch, names, sizeof *skew.input_of);
	skew.ancestry = arena_array(scratch, names, sizeof *skew.ancestry);
	for (size_t i = 0; i < report->cell_count; i++)
		if (may_be_skewed(&report->cells[i]))
			check_cell(&skew, &report->cells[i]);
	replay_free(skew.traced->execution.playback->replay);
	arena_free(scratch);
}
