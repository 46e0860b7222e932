/* Which names a cell changes the objects of, from its own source alone: stores
 * into items and attributes, known methods and functions, `inplace=True`. The
 * replay knows more (aliases, functions of the notebook). */
#include <stdlib.h>

#include "python/mutators.h"
#include "python/names_parts.h"

enum { NO_VARIABLE = UINT32_MAX };

/* What a value is, as far as names are concerned. */
struct origin {
	uint32_t variable;   /* the name through which the object was reached, or NO_VARIABLE */
	struct slice module; /* the dotted module that the value may be, where a name says so */
	symbol method;       /* the attribute that the value is of `object` */
	value_id object;
	enum form form; /* of a constant */
};

struct finder {
	struct arena *scratch;
	struct symbols *symbols;
	const struct program *program;
	struct origin *origins; /* of each value */
	uint8_t *changed;       /* of each variable: 1 may, 2 certainly */
	struct slice *modules;  /* of each variable: the module that the cell has bound to it, or empty */
};

static void change(struct finder *finder, value_id value, bool certain)
{
	uint32_t variable = finder->origins[value].variable;
	if (variable == NO_VARIABLE || finder->program->variables[variable].scope != VARIABLE_GLOBAL)
		return;
	finder->changed[variable] |= certain ? 2 : 1;
}

/* Names that mean modules in nearly every notebook: the cell that imports them is another one. */
static struct slice usual_module(struct slice name)
{
	static const struct {
		struct slice name, module;
	} usual[] = {
	    {SLICE_CONSTANT("np"), SLICE_CONSTANT("numpy")},
	    {SLICE_CONSTANT("pd"), SLICE_CONSTANT("pandas")},
	    {SLICE_CONSTANT("plt"), SLICE_CONSTANT("matplotlib.pyplot")},
	    {SLICE_CONSTANT("sns"), SLICE_CONSTANT("seaborn")},
	    {SLICE_CONSTANT("tf"), SLICE_CONSTANT("tensorflow")},
	    {SLICE_CONSTANT("torch"), SLICE_CONSTANT("torch")},
	    {SLICE_CONSTANT("os"), SLICE_CONSTANT("os")},
	    {SLICE_CONSTANT("sys"), SLICE_CONSTANT("sys")},
	    {SLICE_CONSTANT("re"), SLICE_CONSTANT("re")},
	    {SLICE_CONSTANT("json"), SLICE_CONSTANT("json")},
	    {SLICE_CONSTANT("math"), SLICE_CONSTANT("math")},
	    {SLICE_CONSTANT("time"), SLICE_CONSTANT("time")},
	    {SLICE_CONSTANT("heapq"), SLICE_CONSTANT("heapq")},
	    {SLICE_CONSTANT("random"), SLICE_CONSTANT("random")},
	    {SLICE_CONSTANT("shutil"), SLICE_CONSTANT("shutil")},
	    {SLICE_CONSTANT("warnings"), SLICE_CONSTANT("warnings")},
	    {SLICE_CONSTANT("itertools"), SLICE_CONSTANT("itertools")},
	};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (slice_equal(name, usual[i].name))
			return usual[i].module;
	return SLICE("");
}

static bool is_true(const struct origin *origin)
{
	return origin->form == FORM_TRUE;
}

static void change_by_keyword(struct finder *finder, const struct event *event, bool certain)
{
	const struct event_argument *arguments = finder->program->arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct slice keyword = symbols_name(finder->symbols, arguments[i].keyword);
		const struct origin *value = &finder->origins[arguments[i].value];
		if (slice_equal(keyword, SLICE("out")))
			change(finder, arguments[i].value, certain);
		if (!slice_equal(keyword, SLICE("inplace")))
			continue;
		bool is_false = value->form != FORM_OTHER && value->form != FORM_TRUE;
		if (!is_false)
			change(finder, finder->origins[event->a].object, certain && is_true(value));
	}
}

static void change_by_function(struct finder *finder, const struct event *event, struct function_effect effect,
                               bool certain)
{
	const struct event_argument *arguments = finder->program->arguments + event->arguments;
	uint32_t position = 0;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		if (arguments[i].keyword || arguments[i].stars || position > 31)
			continue;
		/* What a function does to some types only is left to the replay, which knows types. */
		if (effect.changes >> position & 1)
			change(finder, arguments[i].value, certain);
		position++;
	}
}

static void change_by_call(struct finder *finder, const struct event *event, bool certain, bool is_dropped)
{
	const struct origin *callee = &finder->origins[event->a];
	change_by_keyword(finder, event, certain);
	if (!callee->object) {
		if (callee->variable == NO_VARIABLE)
			return;
		struct slice name = symbols_name(finder->symbols, finder->program->variables[callee->variable].name);
		change_by_function(finder, event, python_function_effect(SLICE(""), name), certain);
		return;
	}
	struct slice method = symbols_name(finder->symbols, callee->method);
	const struct origin *object = &finder->origins[callee->object];
	if (object->module.length) {
		struct function_effect effect = python_function_effect(object->module, method);
		if (effect.known) {
			change_by_function(finder, event, effect, certain);
			if (effect.changes_module)
				change(finder, callee->object, certain);
			return;
		}
	}
	switch (python_method_effect(method)) {
	case METHOD_CHANGES:
	case METHOD_ADDS:
		if (!object->module.length)
			change(finder, callee->object, certain);
		break;
	case METHOD_MAY_CHANGE:
		if (!object->module.length)
			change(finder, callee->object, false);
		break;
	case METHOD_UNKNOWN:
		if (is_dropped && !object->module.length)
			change(finder, callee->object, false);
		break;
	case METHOD_READS:
	case METHOD_SHARES: break;
	}
}

static void follow(struct finder *finder, const struct event *event)
{
	struct origin *origin = &finder->origins[event->value];
	switch (event->kind) {
	case EVENT_READ:
		origin->variable = event->variable;
		origin->module = finder->modules[event->variable];
		if (!origin->module.length && finder->program->variables[event->variable].scope == VARIABLE_GLOBAL)
			origin->module =
			    usual_module(symbols_name(finder->symbols, finder->program->variables[event->variable].name));
		break;
	case EVENT_ATTRIBUTE: {
		const struct origin *object = &finder->origins[event->a];
		origin->variable = object->variable;
		origin->method = event->name;
		origin->object = event->a;
		origin->module = object->module;
		/* A name so long is in no table, and without a bound a long chain of attributes would cost its square. */
		enum { LONGEST = 512 };
		if (object->module.length && object->module.length < LONGEST)
			origin->module = slice_format(finder->scratch, "%.*s.%.*s", SLICE_FORMAT(object->module),
			                              SLICE_FORMAT(symbols_name(finder->symbols, event->name)));
		break;
	}
	case EVENT_ITEM: origin->variable = finder->origins[event->a].variable; break;
	case EVENT_IMPORT: origin->module = symbols_name(finder->symbols, event->text); break;
	case EVENT_CONSTANT: origin->form = event->form; break;
	default: break;
	}
}

void names_find_mutations(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                          const struct program *program, struct names *names)
{
	struct finder finder = {.scratch = scratch, .symbols = symbols, .program = program};
	finder.origins = arena_array(scratch, program->value_count + 1, sizeof *finder.origins);
	finder.changed = arena_array(scratch, program->variable_count, 1);
	finder.modules = arena_array(scratch, program->variable_count, sizeof *finder.modules);
	for (uint32_t i = 0; i <= program->value_count; i++)
		finder.origins[i].variable = NO_VARIABLE;
	uint32_t conditional_end = 0; /* up to here some jump may have skipped what is done */
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &program->events[i];
		bool in_try = event->handler != NO_HANDLER && program->events[event->handler].kind != EVENT_EXIT;
		bool certain = i >= conditional_end && !in_try;
		if (event->value)
			follow(&finder, event);
		switch (event->kind) {
		case EVENT_BIND: finder.modules[event->variable] = finder.origins[event->a].module; break;
		case EVENT_SET_ATTRIBUTE:
		case EVENT_SET_ITEM:
		case EVENT_DELETE_ATTRIBUTE:
		case EVENT_DELETE_ITEM: change(&finder, event->a, certain); break;
		case EVENT_CALL: {
			const struct event *next = event + 1;
			bool is_dropped = next->kind == EVENT_DISPLAY && next->a == event->value && !next->index;
			change_by_call(&finder, event, certain, is_dropped);
			break;
		}
		case EVENT_JUMP:
		case EVENT_BRANCH:
			if (event->target > conditional_end)
				conditional_end = event->target;
			break;
		default: break;
		}
	}
	struct sorter sorter = {.scratch = scratch, .symbols = symbols};
	struct name_list *lists[] = {&names->mutates, &names->mutates_certain};
	for (uint32_t which = 0; which < 2; which++) {
		for (uint32_t i = 0; i < program->variable_count; i++)
			if (which ? finder.changed[i] & 2 : finder.changed[i])
				sorter_add(&sorter, program->variables[i].name, i);
		*lists[which] = sorter_take(arena, &sorter);
	}
}
