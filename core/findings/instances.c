/* Instances whose class was defined again since: they are not of the class that its name
 * means now, though it is the same source. */
#include "findings/finder.h"
#include "flow/playback.h"

/* What a global name, or a value, stands for. */
struct sort {
	symbol class;    /* the class itself, or that of an instance; 0: something else */
	uint32_t number; /* which definition of it, from 1 */
	bool is_instance;
};

struct definition {
	uint32_t number;
	const struct run *run; /* that made it last */
};

struct instances {
	struct finder *finder;
	struct sort *names;             /* by symbol */
	struct definition *definitions; /* by symbol of the class */
	const struct run **made_in;     /* by symbol of the instance: the run that made it */
	const struct run *run;
	symbol isinstance;
	uint32_t line;
	bool said; /* of the run under way */
};

/* The program under way. */
struct frame_of_sorts {
	struct program_events events;
	struct sort *values; /* by value */
	symbol *read_from;   /* by value: the name that was read */
};

static void check_instance(struct instances *all, struct sort sort, symbol name, symbol class)
{
	const struct definition *now = &all->definitions[class];
	if (!sort.is_instance || sort.class != class || sort.number == now->number || !all->run->cell || all->said)
		return;
	all->said = true;
	const struct symbols *symbols = all->finder->evidence->symbols;
	const struct run *made = name ? all->made_in[name] : NULL;
	if (!made || !made->cell || !now->run->cell)
		return;
	finder_add(all->finder, LIKELY, all->run->cell, all->line,
	           "`%.*s`, made by cell %zu, is of a former `%.*s`: cell %zu defined the class again since, so "
	           "isinstance() says no here.",
	           SLICE_FORMAT(symbols_name(symbols, name)), made->cell, SLICE_FORMAT(symbols_name(symbols, class)),
	           now->run->cell);
}

/* A class that was just made is no definition before it is bound to a name. */
enum { NEW_CLASS = 1 };

static bool is_class(struct sort sort)
{
	return sort.class && !sort.is_instance;
}

static void call(struct instances *all, struct frame_of_sorts *frame, const struct event *event, bool maybe)
{
	const struct event_argument *arguments = frame->events.arguments + event->arguments;
	struct sort callee = frame->values[event->a];
	if (is_class(callee)) {
		callee.is_instance = true;
		frame->values[event->value] = callee;
	} else if (event->argument_count == 1 && is_class(frame->values[arguments[0].value]) &&
	           !frame->values[arguments[0].value].number) {
		frame->values[event->value] = frame->values[arguments[0].value]; /* a decorator of the class */
	} else if (frame->read_from[event->a] == all->isinstance && event->argument_count == 2 && !maybe &&
	           is_class(frame->values[arguments[1].value])) {
		check_instance(all, frame->values[arguments[0].value], frame->read_from[arguments[0].value],
		               frame->values[arguments[1].value].class);
	}
}

static void bind(struct instances *all, const struct frame_of_sorts *frame, const struct event *event, symbol name,
                 bool maybe)
{
	struct sort sort = frame->values[event->a];
	symbol from = frame->read_from[event->a];
	if (is_class(sort) && !sort.number) {
		struct definition *definition = &all->definitions[name];
		*definition = (struct definition){definition->number + 1, all->run};
		sort = (struct sort){.class = name, .number = definition->number};
	}
	all->made_in[name] = from ? all->made_in[from] : all->run;
	all->names[name] = maybe ? (struct sort){0} : sort;
}

/* Follows what surely happens; a name that only may be bound stands for something else from then on. */
static void play(struct instances *all, const struct program *program)
{
	struct arena *scratch = arena_child(all->finder->arena);
	struct frame_of_sorts frame = {.events = program_open(scratch, program)};
	frame.values = arena_array(scratch, program->value_count + 1, sizeof *frame.values);
	frame.read_from = arena_array(scratch, program->value_count + 1, sizeof *frame.read_from);
	uint32_t maybe_end = 0, statement = 0;
	all->said = false;
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &frame.events.items[i];
		const struct variable *variable = &program->variables[event->variable];
		while (statement < program->statement_count && program->statements[statement].first_event <= i)
			all->line = program->statements[statement++].line;
		maybe_end = maybe_end <= i ? 0 : maybe_end;
		bool forks = event->kind == EVENT_BRANCH || event->kind == EVENT_JUMP;
		if (forks && event->target > i && event->target > maybe_end)
			maybe_end = event->target;
		if (event->kind == EVENT_CLASS)
			frame.values[event->value] = (struct sort){.class = NEW_CLASS};
		else if (event->kind == EVENT_CALL)
			call(all, &frame, event, maybe_end > 0);
		bool names = event->kind == EVENT_READ || event->kind == EVENT_BIND || event->kind == EVENT_DELETE;
		if (!names || variable->scope != VARIABLE_GLOBAL)
			continue;
		if (event->kind == EVENT_READ) {
			frame.values[event->value] = all->names[variable->name];
			frame.read_from[event->value] = variable->name;
		} else if (event->kind == EVENT_BIND) {
			bind(all, &frame, event, variable->name, maybe_end > 0);
		} else {
			all->names[variable->name] = (struct sort){0};
		}
	}
	arena_free(scratch);
}

void rule_former_class(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	symbol isinstance = symbols_find(finder->evidence->symbols, SLICE("isinstance"));
	if (!isinstance)
		return;
	struct arena *scratch = arena_child(finder->arena);
	size_t names = symbols_count(finder->evidence->symbols) + 1;
	struct instances all = {.finder = finder, .isinstance = isinstance};
	all.names = arena_array(scratch, names, sizeof *all.names);
	all.definitions = arena_array(scratch, names, sizeof *all.definitions);
	all.made_in = arena_array(scratch, names, sizeof *all.made_in);
	/* As it happened; where nothing ran, as the file stands. */
	const struct playback *played = report->execution->runs.count ? report->execution : report->from_top;
	for (size_t i = 0; i < played->runs.count; i++) {
		all.run = played->runs.items[i].run;
		if (all.run->effects && all.run->effects->program)
			play(&all, all.run->effects->program);
	}
	arena_free(scratch);
}
