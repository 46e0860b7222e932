/* What running a cell once more does to what its last run left: nothing (`df = df.dropna()`),
 * another change (`x += 1`, `rows.append(row)`), or an error (`df.drop(columns="id")`).
 *
 * A cell is looked at by itself: what it makes of a name that another cell bound, and binds
 * to that name again or changes in place. Only what surely runs counts, and only calls whose
 * effect is known by their names; of all else nothing is said. */
#include "base/hash.h"
#include "findings/library_calls.h"
#include "flow/playback.h"

enum again {
	AGAIN_SAME,    /* the second time gives what the first gave */
	AGAIN_CHANGES, /* it changes once more */
	AGAIN_FAILS,
	AGAIN_UNKNOWN,
};

/* What a value is of a name that the cell has from elsewhere. */
struct made {
	symbol root;       /* the name; 0: of none */
	uint32_t variable; /* the same as a variable of the program */
	uint64_t key;      /* of which item; 0: of the whole */
	enum again again;  /* when it is stored where it came from */
	bool direct;       /* it is the object itself, or the item */
	symbol method;     /* it is this method of it; else 0 */
};

/* What a cell does that is not the same when it is done again. */
struct repeated {
	enum again again; /* AGAIN_SAME: it does no such thing */
	uint32_t line;
	symbol name;
	uint32_t variable; /* the same as a variable of the program */
};

struct walk {
	struct finder *finder;
	const struct program *program;
	struct program_events events;
	struct made *values;
	uint64_t *texts;     /* by value: the hash of a constant's text; else 0 */
	bool *is_true;       /* by value: it is `True` */
	const bool *is_data; /* by symbol: cells bind it, and not by an import */
	bool *bound;         /* by variable: the cell itself has bound it */
	uint32_t maybe_end, line;
	bool *filled; /* by variable: the cell stores items into it */
	struct repeated found;
};

static struct slice text_of(const struct walk *walk, symbol name)
{
	return symbols_name(walk->finder->evidence->symbols, name);
}

static enum again worse(enum again a, enum again b)
{
	return a > b ? a : b;
}

static void note(struct walk *walk, enum again again, uint32_t variable, const struct event *event)
{
	if ((again != AGAIN_CHANGES && again != AGAIN_FAILS) || walk->maybe_end || event->handler != NO_HANDLER)
		return;
	if (again > walk->found.again)
		walk->found = (struct repeated){again, walk->line, walk->program->variables[variable].name, variable};
}

static const struct event_argument *argument_called(const struct walk *walk, const struct event *event,
                                                    struct slice keyword)
{
	const struct event_argument *arguments = walk->events.arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (arguments[i].keyword && slice_equal(text_of(walk, arguments[i].keyword), keyword))
			return &arguments[i];
	return NULL;
}

static bool has_argument(const struct walk *walk, const struct event *event, struct slice keyword)
{
	return argument_called(walk, event, keyword) != NULL;
}

/* What a method does when its result is stored where its object was; by pandas, NumPy and the builtin types. */
static enum again method_again(const struct walk *walk, const struct event *event, struct slice method)
{
	static const char *const same[] = {
	    "dropna",         "drop_duplicates", "fillna", "astype", "sort_values", "sort_index",
	    "copy",           "lower",           "upper",  "strip",  "lstrip",      "rstrip",
	    "title",          "capitalize",      "head",   "tail",   "query",       "clip",
	    "ffill",          "bfill",           "round",  "abs",    "nlargest",    "nsmallest",
	    "convert_dtypes", "infer_objects",   "loc",    "iloc",   "str",         "to_numpy",
	    "squeeze",        "rename",          NULL};
	static const char *const changes[] = {"append", "extend",  "insert",     "shift",      "diff",
	                                      "cumsum", "cumprod", "pct_change", "appendleft", "extendleft",
	                                      "rotate", "reverse", NULL};
	if (has_argument(walk, event, SLICE("errors")))
		return AGAIN_UNKNOWN;
	if (slice_is_one_of(method, same))
		return AGAIN_SAME;
	if (slice_equal(method, SLICE("insert")) && event->argument_count > 2)
		return AGAIN_FAILS; /* of a column that is there by then */
	if (slice_is_one_of(method, changes))
		return AGAIN_CHANGES;
	if (slice_equal(method, SLICE("drop")) &&
	    (has_argument(walk, event, SLICE("columns")) || has_argument(walk, event, SLICE("axis"))))
		return AGAIN_FAILS;
	if (slice_equal(method, SLICE("set_index")) && event->argument_count > 0)
		return AGAIN_FAILS;
	return AGAIN_UNKNOWN;
}

/* Methods that change their object whatever they are called on, and so need no storing. */
static bool changes_in_place(const struct walk *walk, const struct event *event, struct slice method)
{
	static const char *const methods[] = {"append",     "extend", "insert",  "appendleft",
	                                      "extendleft", "rotate", "reverse", NULL};
	const struct event_argument *in_place = argument_called(walk, event, SLICE("inplace"));
	if (in_place)
		return walk->is_true[in_place->value];
	return slice_is_one_of(method, methods) && !has_argument(walk, event, SLICE("ignore_index"));
}

/* A function of a library that is given what the name stands for. */
static enum again function_again(const struct walk *walk, const struct event *event, struct slice function)
{
	static const char *const changes[] = {"concat", "concatenate", "vstack", "hstack", "log",    "log10", "log2",
	                                      "log1p",  "exp",         "expm1",  "diff",   "cumsum", NULL};
	static const char *const same[] = {"to_datetime", "to_numeric", "array", "asarray", "list", "set", "sorted", NULL};
	if (slice_is_one_of(function, changes))
		return AGAIN_CHANGES;
	if (slice_is_one_of(function, same))
		return AGAIN_SAME;
	if (slice_equal(function, SLICE("get_dummies")) && has_argument(walk, event, SLICE("columns")))
		return AGAIN_FAILS;
	return AGAIN_UNKNOWN;
}

/* What is made of several values, when `again` becomes of the one that is of a name; of two it is unknown:
 * `x / x.sum()` is the same again. */
static struct made made_of(const struct walk *walk, const struct event *event, struct made first, enum again again)
{
	struct made made = first;
	unsigned of_name = first.root != 0;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct made argument = walk->values[walk->events.arguments[event->arguments + i].value];
		if (!argument.root)
			continue;
		made = of_name ? made : argument;
		of_name++;
	}
	made.again = of_name > 1 ? AGAIN_UNKNOWN : worse(made.again, again);
	made.direct = false;
	made.method = 0;
	return made;
}

static enum again operation_again(int32_t operation)
{
	return operation >= OPERATION_ADD && operation <= OPERATION_POWER && operation != OPERATION_REMAINDER &&
	               operation != OPERATION_FLOOR
	           ? AGAIN_CHANGES
	           : AGAIN_UNKNOWN;
}

/* `x |= {1}` is the same again, `x %= 7` too. */
static enum again update_again(const struct walk *walk, const struct event *event)
{
	static const char *const once[] = {"|", "&", "%", "//", "|=", "&=", "%=", "//=", NULL};
	return slice_is_one_of(slice_trim(text_of(walk, event->text)), once) ? AGAIN_UNKNOWN : AGAIN_CHANGES;
}

static struct made call(struct walk *walk, const struct event *event)
{
	struct made callee = walk->values[event->a];
	struct slice name = text_of(walk, callee.method);
	if (callee.root) {
		enum again again = callee.method ? method_again(walk, event, name) : AGAIN_UNKNOWN;
		if (callee.direct && callee.method && changes_in_place(walk, event, name)) {
			note(walk, again, callee.variable, event);
			return (struct made){0};
		}
		struct made self = callee;
		self.direct = false;
		return made_of(walk, event, self, again);
	}
	return made_of(walk, event, (struct made){0}, callee.method ? function_again(walk, event, name) : AGAIN_UNKNOWN);
}

static struct made item(const struct walk *walk, const struct event *event)
{
	struct made of = walk->values[event->a];
	if (!of.root)
		return (struct made){0};
	uint64_t text = walk->texts[event->b];
	/* A part by its name is another thing; rows by a condition, or columns by a list, are there again. */
	bool is_item = of.direct && !of.key && text;
	struct made made = of;
	if (is_item)
		made.key = text;
	else
		made.again =
		    worse(made.again, event->form == FORM_LIST || event->form == FORM_COMPARISON ? AGAIN_SAME : AGAIN_UNKNOWN);
	made.direct = is_item;
	made.method = 0;
	return made;
}

/* A value is stored where the name, or an item of it, is. */
static void store(struct walk *walk, const struct event *event, symbol root, uint64_t key, struct made value)
{
	if (value.root == root && value.key == key && root)
		note(walk, value.again, value.variable, event);
}

static struct made attribute(const struct walk *walk, const struct event *event)
{
	struct made of = walk->values[event->a];
	/* `df.text.str.lower()`: `str` gives nothing away. */
	if (of.root && slice_equal(text_of(walk, event->name), SLICE("str")))
		return of;
	if (of.root && of.method)
		of.again = AGAIN_UNKNOWN;
	of.method = event->name;
	return of;
}

static struct made read(const struct walk *walk, const struct event *event)
{
	const struct variable *variable = &walk->program->variables[event->variable];
	if (variable->scope != VARIABLE_GLOBAL || walk->bound[event->variable])
		return (struct made){0};
	struct slice name = text_of(walk, variable->name);
	if (python_is_builtin(name) || !walk->is_data[variable->name])
		return (struct made){.method = variable->name};
	return (struct made){.root = variable->name, .variable = event->variable, .direct = true};
}

static void delete (struct walk *walk, const struct event *event)
{
	const struct variable *variable = &walk->program->variables[event->variable];
	if (variable->scope == VARIABLE_GLOBAL && !walk->bound[event->variable] && !event->automatic)
		note(walk, AGAIN_FAILS, event->variable, event);
}

static struct made follow(struct walk *walk, const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ: return read(walk, event);
	case EVENT_ATTRIBUTE: return attribute(walk, event);
	case EVENT_CALL: return call(walk, event);
	case EVENT_ITEM: return item(walk, event);
	case EVENT_BUILD: return made_of(walk, event, (struct made){0}, AGAIN_SAME);
	case EVENT_OPERATE: return made_of(walk, event, (struct made){0}, operation_again(event->index));
	case EVENT_UPDATE: {
		struct made target = walk->values[event->a];
		target.again = walk->values[event->b].root ? AGAIN_UNKNOWN : worse(target.again, update_again(walk, event));
		target.direct = false;
		return target;
	}
	case EVENT_SET_ITEM: {
		struct made target = walk->values[event->a];
		walk->filled[target.variable] = walk->filled[target.variable] || target.root;
		uint64_t key = walk->texts[walk->events.arguments[event->arguments].value];
		if (target.direct && !target.key && !target.method && key)
			store(walk, event, target.root, key, walk->values[event->b]);
		break;
	}
	case EVENT_DELETE_ITEM:
		if (walk->values[event->a].direct && !walk->values[event->a].method && walk->texts[event->b])
			note(walk, AGAIN_FAILS, walk->values[event->a].variable, event);
		break;
	case EVENT_BIND: {
		const struct variable *variable = &walk->program->variables[event->variable];
		if (variable->scope == VARIABLE_GLOBAL && !walk->bound[event->variable] && !walk->values[event->a].method)
			store(walk, event, variable->name, 0, walk->values[event->a]);
		walk->bound[event->variable] = true;
		break;
	}
	case EVENT_DELETE: delete (walk, event); break;
	default: break;
	}
	return (struct made){0};
}

/* The worst thing that a cell does when it runs again. */
static struct repeated repeated_of(struct finder *finder, const struct program *program, const bool *is_data)
{
	struct arena *scratch = arena_child(finder->arena);
	struct walk walk = {
	    .finder = finder, .program = program, .events = program_open(scratch, program), .is_data = is_data};
	walk.values = arena_array(scratch, program->value_count + 1, sizeof *walk.values);
	walk.texts = arena_array(scratch, program->value_count + 1, sizeof *walk.texts);
	walk.is_true = arena_array(scratch, program->value_count + 1, sizeof *walk.is_true);
	walk.filled = arena_array(scratch, program->variable_count + 1, sizeof *walk.filled);
	walk.bound = arena_array(scratch, program->variable_count + 1, sizeof *walk.bound);
	uint32_t statement = 0;
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &walk.events.items[i];
		while (statement < program->statement_count && program->statements[statement].first_event <= i)
			walk.line = program->statements[statement++].line;
		if (walk.maybe_end <= i)
			walk.maybe_end = 0;
		bool forks = event->kind == EVENT_JUMP || (event->kind == EVENT_BRANCH && event->index != BRANCH_ASSERT);
		if (forks && event->target > i && event->target > walk.maybe_end)
			walk.maybe_end = event->target;
		if (event->kind == EVENT_CONSTANT && event->form == FORM_STRING)
			walk.texts[event->value] =
			    hash_mix(1, hash_bytes(slice_part(program->source, event->target, event->target + event->b)));
		if (event->kind == EVENT_CONSTANT)
			walk.is_true[event->value] = event->form == FORM_TRUE;
		struct made made = follow(&walk, event);
		if (event->value)
			walk.values[event->value] = made;
	}
	/* What it takes away it may have put there itself, or puts there again. */
	if (walk.found.again == AGAIN_FAILS && walk.filled[walk.found.variable])
		walk.found.again = AGAIN_SAME;
	arena_free(scratch);
	return walk.found;
}

/* Whether a cell ran more than once in the session of its last run, and how surely. */
struct reruns {
	bool known;
	enum certainty certainty;
};

/* By cell. */
static const struct reruns *find_reruns(const struct finder *finder, struct arena *arena)
{
	const struct playback *played = finder->evidence->status->execution;
	const struct log *log = finder->evidence->status->log;
	struct reruns *reruns = arena_array(arena, finder->evidence->notebook->code_count + 1, sizeof *reruns);
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		size_t last = run->cell ? played->last_of_cell[run->cell] : 0;
		const struct run *final = last ? played->runs.items[last - 1].run : NULL;
		if (!final || final->session != run->session || run->end == END_ERROR || run->edited)
			continue;
		const struct run *before = i > 0 ? &log->runs[i - 1] : NULL;
		/* A gap right below its count: most often the same cell, but nothing says so. */
		if (run->step == final->step && !reruns[run->cell].known && before && before->origin == RUN_LOST &&
		    before->session == run->session)
			reruns[run->cell] = (struct reruns){true, POSSIBLE};
		else if (run->step < final->step && effects_same_code(run->effects, final->effects))
			reruns[run->cell] = (struct reruns){true, run->origin == RUN_RECORDED ? CERTAIN : LIKELY};
	}
	return reruns;
}

/* By symbol: whether cells bind the name, and not to something imported. */
static const bool *find_data(struct finder *finder, struct arena *arena)
{
	const struct library_use *use = library_use(finder);
	bool *is_data = arena_array(arena, use->symbol_count, sizeof *is_data);
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->binds.count; j++)
			is_data[names->binds.items[j]] = !use->is_imported[names->binds.items[j]];
	}
	return is_data;
}

/* Whether the cell binds what it deletes, in a function that it calls, so that it is there the next time too. */
static bool makes_what_it_deletes(const struct finder *finder, size_t cell, symbol name)
{
	const struct playback *file = finder->evidence->status->from_top;
	const struct replay_run *run = file->runs.items[file->last_of_cell[cell] - 1].result;
	bool binds = false, deletes = false;
	for (size_t i = 0; i < run->writes.count; i++) {
		const struct replay_write *write = &run->writes.items[i];
		binds = binds || (write->name == name && write->kind == WRITE_BIND);
		deletes = deletes || (write->name == name && write->kind == WRITE_DELETE);
	}
	return binds && deletes;
}

static void check_cells(struct finder *finder, bool with_evidence)
{
	const struct evidence *evidence = finder->evidence;
	struct arena *scratch = arena_child(finder->arena);
	const struct reruns *reruns = find_reruns(finder, scratch);
	const bool *is_data = find_data(finder, scratch);
	for (size_t i = 0; i < evidence->notebook->code_count; i++) {
		const struct effects *effects = evidence->effects[i];
		if (!effects->is_python || effects->cell_magic.length)
			continue;
		struct repeated repeated = repeated_of(finder, effects->program, is_data);
		/* What fails the second time would have failed: a missing count tells of another cell then. */
		bool weak = reruns[i + 1].certainty == POSSIBLE && repeated.again == AGAIN_FAILS;
		if ((reruns[i + 1].known && !weak) != with_evidence)
			continue;
		if (repeated.again == AGAIN_FAILS && makes_what_it_deletes(finder, i + 1, repeated.name))
			continue;
		struct slice name = symbols_name(evidence->symbols, repeated.name);
		const char *what = repeated.again == AGAIN_FAILS ? "a second run finds it done already, and fails"
		                                                 : "a second run changes it once more";
		enum certainty certainty = with_evidence && reruns[i + 1].certainty == POSSIBLE ? POSSIBLE : LIKELY;
		const char *evidence_words = certainty == POSSIBLE
		                                 ? " And the count below its own is missing: it may have run twice."
		                             : with_evidence ? " And it ran more than once."
		                                             : "";
		if (repeated.again != AGAIN_SAME)
			finder_add(finder, certainty, i + 1, repeated.line, "This changes `%.*s` of another cell: %s.%s",
			           SLICE_FORMAT(name), what, evidence_words);
	}
	arena_free(scratch);
}

void rule_run_again(struct finder *finder)
{
	check_cells(finder, true);
}

void rule_not_repeatable(struct finder *finder)
{
	check_cells(finder, false);
}
