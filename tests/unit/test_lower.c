/* Lowering: the events of small sources as text, against tests/data/events.cases,
 * and the hashes of statements, which spacing and comments must not change. */
#include "cases.h"

#include "python/effects.h"

static const char *const kinds[] = {
    [EVENT_READ] = "read",
    [EVENT_BIND] = "bind",
    [EVENT_DELETE] = "delete",
    [EVENT_CONSTANT] = "constant",
    [EVENT_BUILD] = "build",
    [EVENT_OPERATE] = "operate",
    [EVENT_UPDATE] = "update",
    [EVENT_CHOOSE] = "choose",
    [EVENT_CALL] = "call",
    [EVENT_ATTRIBUTE] = "attribute",
    [EVENT_ITEM] = "item",
    [EVENT_SET_ATTRIBUTE] = "set-attribute",
    [EVENT_SET_ITEM] = "set-item",
    [EVENT_DELETE_ATTRIBUTE] = "delete-attribute",
    [EVENT_DELETE_ITEM] = "delete-item",
    [EVENT_ITERATE] = "iterate",
    [EVENT_NEXT] = "next",
    [EVENT_UNPACK] = "unpack",
    [EVENT_APPEND] = "append",
    [EVENT_FUNCTION] = "function",
    [EVENT_CLASS] = "class",
    [EVENT_CLASS_BEGIN] = "class-begin",
    [EVENT_ENTER] = "enter",
    [EVENT_EXIT] = "exit",
    [EVENT_AWAIT] = "await",
    [EVENT_YIELD] = "yield",
    [EVENT_IMPORT] = "import",
    [EVENT_IMPORT_FROM] = "import-from",
    [EVENT_IMPORT_STAR] = "import-star",
    [EVENT_RETURN] = "return",
    [EVENT_RAISE] = "raise",
    [EVENT_DISPLAY] = "display",
    [EVENT_STEP] = "step",
    [EVENT_MAGIC] = "magic",
    [EVENT_OPAQUE] = "opaque",
    [EVENT_STATEMENT] = "statement",
    [EVENT_JUMP] = "jump",
    [EVENT_BRANCH] = "branch",
    [EVENT_END] = "end",
};

static const char *const branches[] = {
    [BRANCH_IF] = "if",         [BRANCH_CHOICE] = "choice", [BRANCH_LOOP] = "loop",
    [BRANCH_WHILE] = "while",   [BRANCH_FILTER] = "filter", [BRANCH_MATCH] = "match",
    [BRANCH_EXCEPT] = "except", [BRANCH_ASSERT] = "assert", [BRANCH_SUPPRESS] = "suppress",
    [BRANCH_SILENT] = "silent",
};

static void add_arguments(struct builder *text, const struct symbols *symbols, const struct program *program,
                          const struct event *event)
{
	builder_add_byte(text, '(');
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &program->arguments[event->arguments + i];
		if (i)
			builder_add_byte(text, ' ');
		if (argument->keyword)
			builder_add_format(text, "%.*s=", SLICE_FORMAT(symbols_name(symbols, argument->keyword)));
		builder_add_format(text, "%.*s%u", (int)argument->stars, "**", argument->value);
	}
	builder_add_byte(text, ')');
}

static void add_event(struct builder *text, const struct symbols *symbols, const struct program *program, uint32_t i)
{
	static const char *const scopes[] = {"", "local ", "class ", "enclosing "};
	const struct event *event = &program->events[i];
	bool names = event->kind == EVENT_READ || event->kind == EVENT_BIND || event->kind == EVENT_DELETE;
	bool goes = event->kind == EVENT_JUMP || event->kind == EVENT_BRANCH;
	builder_add_format(text, "%u %s", i, kinds[event->kind]);
	if (names)
		builder_add_format(text, " %s%.*s", scopes[program->variables[event->variable].scope],
		                   SLICE_FORMAT(symbols_name(symbols, program->variables[event->variable].name)));
	if (event->a)
		builder_add_format(text, " %u", event->a);
	if (event->b && event->kind != EVENT_CONSTANT)
		builder_add_format(text, " %u", event->b);
	if (event->name && !names)
		builder_add_format(text, " .%.*s", SLICE_FORMAT(symbols_name(symbols, event->name)));
	if (event->argument_count)
		add_arguments(text, symbols, program, event);
	if (event->kind == EVENT_BRANCH)
		builder_add_format(text, " %s when %s", branches[event->index], event->when ? "true" : "false");
	if (goes)
		builder_add_format(text, " to %u", event->target);
	if (event->kind == EVENT_DISPLAY && event->index)
		builder_add_string(text, " result");
	if (event->kind == EVENT_UNPACK)
		builder_add_format(text, " part %d", event->index);
	if (event->value)
		builder_add_format(text, " = %u", event->value);
	if (event->guarded)
		builder_add_string(text, " guarded");
	if (event->soft)
		builder_add_string(text, " soft");
	if (event->automatic)
		builder_add_string(text, " automatic");
	if (event->handler != NO_HANDLER)
		builder_add_format(text, " else %d", event->handler);
	builder_add_byte(text, '\n');
}

static void add_program(struct builder *text, const struct symbols *symbols, const struct program *program)
{
	if (program->parent)
		builder_add_format(text, "%.*s\n", SLICE_FORMAT(program->qualified_name));
	for (uint32_t i = 0; i < program->event_count; i++)
		if (program->events[i].kind != EVENT_STATEMENT)
			add_event(text, symbols, program, i);
	for (uint32_t i = 0; i < program->child_count; i++)
		add_program(text, symbols, program->children[i]);
}

static void open_program(struct arena *arena, struct program *program)
{
	struct program_events opened = program_open(arena, program);
	program->events = opened.items;
	program->arguments = opened.arguments;
	for (uint32_t i = 0; i < program->child_count; i++)
		open_program(arena, program->children[i]);
}

static struct program *lower(struct arena *arena, struct symbols *symbols, struct slice source)
{
	struct parser_options options = {.ipython = true};
	struct program *program = effects_of_source(arena, symbols, source, options)->program;
	open_program(arena, program);
	return program;
}

static struct slice events_as_text(struct arena *arena, struct slice source)
{
	struct symbols *symbols = symbols_new(arena);
	struct builder text = {.arena = arena};
	add_program(&text, symbols, lower(arena, symbols, source));
	return builder_slice(&text);
}

static void events_are_in_evaluation_order(void **state)
{
	(void)state;
	run_cases("tests/data/events.cases", events_as_text, 15);
}

static uint64_t hash_of(struct arena *arena, const char *source)
{
	const struct program *program = lower(arena, symbols_new(arena), slice_of(source));
	return program->statements[0].hash;
}

static void spacing_and_comments_do_not_change_a_hash(void **state)
{
	(void)state;
	struct arena *arena = arena_new(NULL, NULL);
	uint64_t hash = hash_of(arena, "x = f(a, b)");
	assert_true(hash == hash_of(arena, "x=f(a,b)"));
	assert_true(hash == hash_of(arena, "x = f(a,  # first\n      b)  # both"));
	assert_true(hash == hash_of(arena, "# before\n\nx = f( a , b ) ; y"));
	assert_true(hash == hash_of(arena, "x = \\\n  f(a, b)"));
	assert_true(hash != hash_of(arena, "x = f(a, c)"));
	assert_true(hash != hash_of(arena, "x = f(b, a)"));
	uint64_t block = hash_of(arena, "if a:\n    b\n    c");
	assert_true(block == hash_of(arena, "if a:\n  b # one\n\n  # two\n  c"));
	assert_true(block != hash_of(arena, "if a:\n    b\nc"));
	assert_true(block == hash_of(arena, "if a:\n    b\n    c\n\n# after\nd"));
	assert_true(hash_of(arena, "x = 'a b'") != hash_of(arena, "x = 'a  b'"));
	assert_true(hash_of(arena, "x = '#a'") != hash_of(arena, "x = '#b'"));
	arena_free(arena);
}

/* A nested statement's hash does not depend on where it stands. */
static void nested_statements_hash_as_they_would_alone(void **state)
{
	(void)state;
	struct arena *arena = arena_new(NULL, NULL);
	const struct program *nested = lower(arena, symbols_new(arena), SLICE("if a:\n    if b:\n        x = 1\n    y"));
	const struct program *alone = lower(arena, symbols_new(arena), SLICE("if b:\n  x = 1"));
	assert_int_equal(nested->statement_count, 4);
	assert_int_equal(nested->statements[0].depth, 0);
	assert_int_equal(nested->statements[1].depth, 1);
	assert_int_equal(nested->statements[2].line, 3);
	assert_true(nested->statements[1].hash == alone->statements[0].hash);
	assert_true(nested->statements[1].first_event < nested->statements[2].first_event);
	assert_true(nested->statements[2].end_event <= nested->statements[1].end_event);
	arena_free(arena);
}

/* What refers to an event refers to one that is there, in every program. */
static void check_program(const struct program *program)
{
	assert_int_equal(program->events[program->event_count - 1].kind, EVENT_END);
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &program->events[i];
		if (event->kind == EVENT_JUMP || event->kind == EVENT_BRANCH)
			assert_true(event->target < program->event_count);
		assert_true(event->handler == NO_HANDLER || (uint32_t)event->handler < program->event_count);
		assert_true(event->value <= program->value_count);
		assert_true(event->a <= program->value_count && event->variable <= program->variable_count);
	}
	for (uint32_t i = 0; i < program->child_count; i++) {
		assert_ptr_equal(program->children[i]->parent, program);
		check_program(program->children[i]);
	}
}

static void events_refer_to_events(void **state)
{
	(void)state;
	struct arena *arena = arena_new(NULL, NULL);
	const char *const files[] = {"tests/data/names.cases", "tests/data/refused.cases", "tests/data/events.cases"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct slice text = read_case_file(arena, files[i]);
		struct text_case one;
		while (next_case(&text, &one))
			check_program(lower(arena, symbols_new(arena), one.source));
	}
	arena_free(arena);
}

static void check_opened(const struct program *before, const struct program *after)
{
	for (uint32_t i = 0; i < before->event_count; i++)
		assert_memory_equal(&before->events[i], &after->events[i], offsetof(struct event, span));
	for (uint32_t i = 0; i < before->argument_count; i++) {
		assert_int_equal(before->arguments[i].value, after->arguments[i].value);
		assert_int_equal(before->arguments[i].keyword, after->arguments[i].keyword);
		assert_int_equal(before->arguments[i].stars, after->arguments[i].stars);
	}
	for (uint32_t i = 0; i < before->child_count; i++)
		check_opened(before->children[i], after->children[i]);
}

static void packing_loses_nothing_but_spans(void **state)
{
	(void)state;
	struct arena *arena = arena_new(NULL, NULL);
	const char *const files[] = {"tests/data/names.cases", "tests/data/refused.cases", "tests/data/events.cases"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct slice text = read_case_file(arena, files[i]);
		struct text_case one;
		while (next_case(&text, &one)) {
			struct symbols *symbols = symbols_new(arena);
			struct parser_options options = {.ipython = true};
			struct module *module = python_parse(arena, symbols, one.source, options);
			struct program *before = python_lower(arena, arena, symbols, module, true);
			struct program *after = python_lower(arena, arena, symbols, module, true);
			program_pack(arena, arena, after);
			assert_null(after->events);
			open_program(arena, after);
			check_opened(before, after);
		}
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_are_in_evaluation_order),
	    cmocka_unit_test(spacing_and_comments_do_not_change_a_hash),
	    cmocka_unit_test(nested_statements_hash_as_they_would_alone),
	    cmocka_unit_test(events_refer_to_events),
	    cmocka_unit_test(packing_loses_nothing_but_spans),
	};
	return cmocka_run_group_tests_name("lower", tests, NULL, NULL);
}
