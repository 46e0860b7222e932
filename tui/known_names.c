/* The events of a source's programs say which of its names are the namespace's; the
 * versions say what is known of them. The analysis keeps no places of its events, so
 * the source is read anew, with symbols of its own. A name is looked for in the text
 * of its event, because an event may be as large as a definition. */
#include "tui/known_names.h"

#include <stdlib.h>

#include "python/events.h"
#include "python/parser.h"
#include "tui/views/names.h"

enum { LOOK_LIMIT = 4096 /* bytes of an event's text in which its name is looked for */ };

struct finder {
	struct app *app;
	struct arena *arena;
	struct slice source;
	struct symbols *symbols; /* of the source read anew */
	VECTOR(struct known_name) names;
	enum knowing *knowing; /* by symbol, + 1; 0: not asked for yet */
	struct place place;
};

static bool is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || (unsigned char)byte >= 0x80;
}

/* Where the name first stands in the span as a word of its own and no attribute. */
static bool find_word(struct slice source, struct span within, struct slice name, struct span *found)
{
	size_t end = within.end < source.length ? within.end : source.length;
	if (name.length == 0)
		return false;
	if (end > within.start + LOOK_LIMIT)
		end = within.start + LOOK_LIMIT;
	for (size_t at = slice_find(source, name.bytes[0], within.start); at + name.length <= end;
	     at = slice_find(source, name.bytes[0], at + 1)) {
		bool begins = at == 0 || (!is_word(source.bytes[at - 1]) && source.bytes[at - 1] != '.');
		bool ends = at + name.length == source.length || !is_word(source.bytes[at + name.length]);
		if (begins && ends && slice_equal(slice_part(source, at, at + name.length), name)) {
			*found = (struct span){(uint32_t)at, (uint32_t)(at + name.length)};
			return true;
		}
	}
	return false;
}

static size_t cell_of_step(const struct app *app, bool from_top, size_t step)
{
	return from_top ? step + 1 : app->analysis->log->runs[step].cell;
}

/* The touches of a name in a place: as it happened, and from the top. */
static void touches_of(struct app *app, symbol name, struct place place, const struct touch *touches[2])
{
	const struct cell *cell = &app->analysis->notebook->cells[place.cell];
	touches[0] = touches[1] = NULL;
	const struct name_row *happened = versions_row(app_versions(app, false), name),
	                      *top = versions_row(app_versions(app, true), name);
	if (happened && place.run != NO_RUN)
		touches[0] = versions_touch(happened, place.run);
	if (top && cell->number)
		touches[1] = versions_touch(top, cell->number - 1);
}

static enum knowing judge(struct app *app, symbol name, struct place place)
{
	const struct touch *touches[2];
	touches_of(app, name, place, touches);
	const struct touch *happened = touches[0], *top = touches[1];
	if ((happened && happened->unbound) || (top && top->unbound))
		return NAME_UNBOUND;
	if (!happened || !happened->reads)
		return (happened && happened->binds) || (!happened && top && top->binds && !top->reads) ? NAME_OWN : NAME_LATER;
	if (happened->read_from == NO_STEP)
		return NAME_UNTOLD;
	if (!top || !top->reads)
		return NAME_LATER;
	switch (identity_difference(&happened->read_identity, &top->read_identity)) {
	case LEVELS: return NAME_SAME;
	case LEVEL_POSSIBLE: return NAME_PERHAPS;
	default: return NAME_DIFFERS;
	}
}

static void add_event(struct finder *finder, const struct program *program, const struct event *event)
{
	const struct variable *variable = &program->variables[event->variable];
	struct span span;
	if (variable->scope == VARIABLE_CLASS && event->kind == EVENT_READ)
		variable = &program->variables[variable->outer];
	if (variable->scope != VARIABLE_GLOBAL || variable->name == 0 || event->automatic)
		return;
	struct slice text = symbols_name(finder->symbols, variable->name);
	symbol which = symbols_find(finder->app->analysis->symbols, text);
	bool is_row =
	    versions_row(app_versions(finder->app, false), which) || versions_row(app_versions(finder->app, true), which);
	if (!is_row || !find_word(finder->source, event->span, text, &span))
		return;
	enum knowing *known = &finder->knowing[which];
	if (*known == 0)
		*known = judge(finder->app, which, finder->place) + 1;
	struct known_name name = {span, which, *known - 1};
	vector_push(finder->arena, &finder->names, name);
}

static int compare(const void *left, const void *right)
{
	const struct known_name *a = left, *b = right;
	return (a->span.start > b->span.start) - (a->span.start < b->span.start);
}

struct known_name *known_names(struct app *app, struct arena *arena, struct place place, const struct effects *effects,
                               struct slice source, size_t *count)
{
	struct finder finder = {.app = app, .arena = arena, .source = source, .place = place};
	VECTOR(const struct program *) programs = {0};
	*count = 0;
	if (!effects || !effects->is_python || !effects->module)
		return NULL;
	struct parser_options options = {.ipython = true, .major = effects->module->dialect == DIALECT_PYTHON2 ? 2 : 3};
	finder.symbols = symbols_new(arena);
	const struct module *module = python_parse(arena, finder.symbols, source, options);
	finder.knowing = arena_array(arena, symbols_count(app->analysis->symbols) + 1, sizeof *finder.knowing);
	vector_push(arena, &programs, python_lower(arena, arena, finder.symbols, module, false));
	for (size_t at = 0; at < programs.count; at++) {
		const struct program *program = programs.items[at];
		for (uint32_t event = 0; event < program->event_count; event++) {
			enum event_kind kind = program->events[event].kind;
			if (kind == EVENT_READ || kind == EVENT_BIND || kind == EVENT_DELETE)
				add_event(&finder, program, &program->events[event]);
		}
		for (uint32_t child = 0; child < program->child_count; child++)
			vector_push(arena, &programs, program->children[child]);
	}
	if (finder.names.count == 0)
		return NULL;
	qsort(finder.names.items, finder.names.count, sizeof *finder.names.items, compare);
	for (size_t at = 0; at < finder.names.count; at++) {
		if (*count == 0 || finder.names.items[*count - 1].span.start != finder.names.items[at].span.start)
			finder.names.items[(*count)++] = finder.names.items[at];
	}
	return finder.names.items;
}

/* "cell 12 [13], changed by cell 14 [15]" */
static void add_provider(struct app *app, struct builder *text, bool from_top, const struct touch *touch)
{
	if (touch->unbound)
		builder_add_string(text, "nothing, a NameError");
	else if (touch->read_from == NO_STEP)
		builder_add_string(text, "a run that nothing records");
	else
		builder_add(text, step_text(app, from_top, touch->read_from));
	if (touch->read_changed != NO_STEP)
		builder_add_format(text, ", changed by %.*s", SLICE_FORMAT(step_text(app, from_top, touch->read_changed)));
}

struct slice known_name_text(struct app *app, symbol name, struct place place)
{
	const struct touch *touches[2];
	struct builder text = {.arena = app->frame};
	touches_of(app, name, place, touches);
	builder_add(&text, printable(app->frame, symbols_name(app->analysis->symbols, name)));
	const struct touch *happened = touches[0], *top = touches[1];
	if (happened && happened->reads) {
		builder_add_string(&text, " came from ");
		add_provider(app, &text, false, happened);
	} else if (happened && happened->binds) {
		builder_add_string(&text, " is bound here");
	}
	if (top && top->reads) {
		bool same = happened && happened->reads && happened->read_from != NO_STEP && top->read_from != NO_STEP &&
		            cell_of_step(app, false, happened->read_from) == cell_of_step(app, true, top->read_from) &&
		            (happened->read_changed == NO_STEP) == (top->read_changed == NO_STEP);
		builder_add_string(&text, happened ? "; from the top: " : " comes, from the top, from ");
		if (same && judge(app, name, place) == NAME_SAME)
			builder_add_string(&text, "the same");
		else
			add_provider(app, &text, true, top);
	} else if (!happened) {
		builder_add_string(&text, " is read when it is called");
	}
	builder_add_byte(&text, '.');
	return builder_slice(&text);
}
