/* Statements without control flow of their own, and lists of statements. */
#include "python/lower.h"

/* ------------------------------------------------------------------ assignment */

static void lower_assignment(struct lowering *lowering, const struct statement *statement)
{
	value_id value = lower_expression(lowering, statement->value);
	for (size_t i = 0; i < statement->targets.count; i++)
		lower_assign(lowering, statement->targets.items[i], value);
}

/* The target is read before the value is evaluated, and its object and index only once. */
static void lower_augmented(struct lowering *lowering, const struct statement *statement)
{
	const struct expression *target = statement->targets.items[0];
	value_id object = 0, old, new;
	struct event_argument index = {0};
	switch (target->kind) {
	case EXPRESSION_ATTRIBUTE:
		object = lower_expression(lowering, target->items.items[0]);
		old = lower_emit_value(lowering, EVENT_ATTRIBUTE, target->span, object, 0);
		lowering->events.items[lowering->events.count - 1].name = scopes_mangle(lowering->scopes, target->name);
		break;
	case EXPRESSION_SUBSCRIPT:
		object = lower_expression(lowering, target->items.items[0]);
		index.value = lower_expression(lowering, target->items.items[1]);
		old = lower_emit_item(lowering, target, object, index.value);
		break;
	default: old = lower_expression(lowering, target); break;
	}
	value_id operand = lower_expression(lowering, statement->value);
	new = lower_emit_value(lowering, EVENT_UPDATE, statement->span, old, operand);
	if (new)
		lowering->events.items[lowering->events.count - 1].text =
		    lower_operator(lowering, target->span.end, statement->value->span.start);
	if (target->kind == EXPRESSION_NAME) {
		lower_bind(lowering, target->name, new, target->span);
	} else if (object) {
		bool is_item = target->kind == EXPRESSION_SUBSCRIPT;
		struct event *event = lower_emit(lowering, is_item ? EVENT_SET_ITEM : EVENT_SET_ATTRIBUTE, target->span);
		event->a = object;
		event->b = new;
		if (is_item)
			lower_set_arguments(lowering, event, &index, 1);
		else
			event->name = scopes_mangle(lowering->scopes, target->name);
	}
}

/* Whether annotations are evaluated here: in a module or a class only. */
static bool evaluates_annotations(const struct lowering *lowering)
{
	const struct scope *scope = scopes_current(lowering->scopes);
	return !lowering->module->future_annotations && (!scope || scope->kind == SCOPE_CLASS);
}

/* The value first, then the parts of a target that got none, the annotation last. */
static void lower_annotated(struct lowering *lowering, const struct statement *statement)
{
	const struct expression *target = statement->targets.items[0];
	if (statement->value)
		lower_assign(lowering, target, lower_expression(lowering, statement->value));
	else if (target->kind == EXPRESSION_ATTRIBUTE)
		lower_expression(lowering, target->items.items[0]);
	else if (target->kind == EXPRESSION_SUBSCRIPT)
		for (size_t i = 0; i < 2; i++)
			lower_expression(lowering, target->items.items[i]);
	if (evaluates_annotations(lowering))
		lower_expression(lowering, statement->annotation);
	/* It is stored in __annotations__, after the name was bound; but not in a function. */
	const struct scope *scope = scopes_current(lowering->scopes);
	if (statement->simple && (!scope || scope->kind == SCOPE_CLASS))
		lower_step(lowering, statement->span);
}

static void lower_delete_target(struct lowering *lowering, const struct expression *target)
{
	switch (target->kind) {
	case EXPRESSION_NAME: lower_delete(lowering, target->name, target->span); break;
	case EXPRESSION_ATTRIBUTE: {
		value_id object = lower_expression(lowering, target->items.items[0]);
		struct event *event = lower_emit(lowering, EVENT_DELETE_ATTRIBUTE, target->span);
		event->a = object;
		event->name = scopes_mangle(lowering->scopes, target->name);
		break;
	}
	case EXPRESSION_SUBSCRIPT: {
		value_id object = lower_expression(lowering, target->items.items[0]);
		value_id index = lower_expression(lowering, target->items.items[1]);
		struct event *event = lower_emit(lowering, EVENT_DELETE_ITEM, target->span);
		event->a = object;
		event->b = index;
		break;
	}
	default:
		for (size_t i = 0; i < target->items.count; i++)
			lower_delete_target(lowering, target->items.items[i]);
		break;
	}
}

/* ------------------------------------------------------------------ imports */

static void lower_import(struct lowering *lowering, const struct statement *statement)
{
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		bool is_dotted = slice_find(import->module, '.', 0) < import->module.length;
		value_id module = lower_emit_value(lowering, EVENT_IMPORT, import->span, 0, 0);
		struct event *event = &lowering->events.items[lowering->events.count - 1];
		event->name = symbols_intern(lowering->symbols, import->module);
		event->text = import->as ? symbols_intern(lowering->symbols, import->module) : import->first;
		lower_bind(lowering, import->as ? import->as : import->first, module, import->span);
		if (import->as && is_dotted)
			lower_step(lowering, import->span);
	}
}

/* The module as it is written, with the dots of a relative import. */
static symbol module_text(struct lowering *lowering, const struct statement *statement)
{
	if (!statement->imports.level)
		return statement->imports.module.length ? symbols_intern(lowering->symbols, statement->imports.module) : 0;
	struct builder text = {.arena = lowering->scratch};
	for (unsigned i = 0; i < statement->imports.level; i++)
		builder_add_byte(&text, '.');
	builder_add(&text, statement->imports.module);
	return symbols_intern(lowering->symbols, builder_slice(&text));
}

static void lower_import_from(struct lowering *lowering, const struct statement *statement)
{
	symbol module = module_text(lowering, statement);
	lower_begin(lowering, statement->span);
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		if (slice_equal(import->module, SLICE("*"))) {
			struct event *event = lower_emit(lowering, EVENT_IMPORT_STAR, statement->span);
			event->text = module;
			event->index = (int32_t)statement->line;
			return;
		}
		value_id value = lower_emit_value(lowering, EVENT_IMPORT_FROM, import->span, 0, 0);
		struct event *event = &lowering->events.items[lowering->events.count - 1];
		event->name = symbols_intern(lowering->symbols, import->module);
		event->text = module;
		lower_bind(lowering, import->as ? import->as : import->first, value, import->span);
	}
	lower_step(lowering, statement->span); /* the module is dropped */
}

/* ------------------------------------------------------------------ expressions as statements */

static void display(struct lowering *lowering, const struct statement *statement, value_id value)
{
	struct event *event = lower_emit(lowering, EVENT_DISPLAY, statement->value->span);
	event->a = value;
	event->index = statement == lowering->result;
}

static void lower_expression_statement(struct lowering *lowering, const struct statement *statement)
{
	if (lower_truth(lowering, statement->value) == TRUTH_UNKNOWN) {
		display(lowering, statement, lower_expression(lowering, statement->value));
		return;
	}
	/* Nothing is evaluated, but CPython has an instruction where the statement stands. */
	struct building *building = lowering->building;
	int32_t handler = building->handler;
	bool range_begins = building->range_begins;
	bool vanishes = lower_vanishes(lowering, statement);
	if (vanishes)
		building->handler = NO_HANDLER;
	display(lowering, statement, lower_emit_value(lowering, EVENT_CONSTANT, statement->value->span, 0, 0));
	building->handler = handler;
	building->range_begins = range_begins && vanishes;
}

/* ------------------------------------------------------------------ the rest */

static void lower_raise(struct lowering *lowering, const struct statement *statement)
{
	value_id value = lower_expression(lowering, statement->value);
	lower_expression(lowering, statement->cause);
	for (size_t i = 0; i < statement->targets.count; i++) {
		value_id operand = lower_expression(lowering, statement->targets.items[i]);
		value = value ? value : operand;
	}
	struct event *event = lower_emit(lowering, EVENT_RAISE, statement->span);
	event->a = value;
	lower_end_path(lowering);
}

static void lower_assert(struct lowering *lowering, const struct statement *statement)
{
	struct label holds = {0};
	if (lower_truth(lowering, statement->value) == TRUTH_TRUE && !lower_vanishes(lowering, statement))
		lower_step(lowering, statement->span);
	lower_condition(lowering, statement->value, &holds, true, BRANCH_ASSERT);
	if (lower_is_reached(lowering)) {
		value_id message = lower_expression(lowering, statement->cause);
		struct event *event = lower_emit(lowering, EVENT_RAISE, statement->span);
		event->a = message;
		event->name = symbols_intern(lowering->symbols, SLICE("AssertionError"));
		lower_end_path(lowering);
	}
	lower_place(lowering, &holds);
}

/* Python 2: print and exec. */
static void lower_print(struct lowering *lowering, const struct statement *statement)
{
	size_t count = statement->targets.count;
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, count + 1, few);
	if (statement->value)
		values[count].value = lower_expression(lowering, statement->value);
	for (size_t i = 0; i < count; i++)
		values[i].value = lower_expression(lowering, statement->targets.items[i]);
	lower_emit_list(lowering, EVENT_OPERATE, statement->span, values, count + (statement->value != NULL));
}

static void lower_exec(struct lowering *lowering, const struct statement *statement)
{
	for (size_t i = 0; i < statement->targets.count; i++)
		lower_expression(lowering, statement->targets.items[i]);
	if (statement->targets.count > 1)
		return; /* in a namespace of its own */
	struct event *event = lower_emit(lowering, EVENT_OPAQUE, statement->span);
	event->index = OPAQUE_EXEC;
	event->text = lowering->known.exec;
}

static void lower_statement(struct lowering *lowering, const struct statement *statement)
{
	switch (statement->kind) {
	case STATEMENT_EXPRESSION: lower_expression_statement(lowering, statement); break;
	case STATEMENT_ASSIGN: lower_assignment(lowering, statement); break;
	case STATEMENT_AUGMENTED: lower_augmented(lowering, statement); break;
	case STATEMENT_ANNOTATED: lower_annotated(lowering, statement); break;
	case STATEMENT_TYPE_ALIAS: lower_type_alias(lowering, statement); break;
	case STATEMENT_DELETE:
		for (size_t i = 0; i < statement->targets.count; i++)
			lower_delete_target(lowering, statement->targets.items[i]);
		break;
	case STATEMENT_PASS:
		if (!lower_vanishes(lowering, statement))
			lower_step(lowering, statement->span);
		break;
	case STATEMENT_BREAK:
	case STATEMENT_CONTINUE: lower_leave_loop(lowering, statement); break;
	case STATEMENT_RETURN: lower_return(lowering, statement); break;
	case STATEMENT_RAISE: lower_raise(lowering, statement); break;
	case STATEMENT_ASSERT: lower_assert(lowering, statement); break;
	case STATEMENT_IMPORT: lower_import(lowering, statement); break;
	case STATEMENT_IMPORT_FROM: lower_import_from(lowering, statement); break;
	case STATEMENT_IF: lower_if(lowering, statement); break;
	case STATEMENT_WHILE: lower_while(lowering, statement); break;
	case STATEMENT_FOR: lower_for(lowering, statement); break;
	case STATEMENT_TRY: lower_try(lowering, statement); break;
	case STATEMENT_WITH: lower_with(lowering, statement); break;
	case STATEMENT_MATCH: lower_match(lowering, statement); break;
	case STATEMENT_FUNCTION: lower_function_statement(lowering, statement); break;
	case STATEMENT_CLASS: lower_class_statement(lowering, statement); break;
	case STATEMENT_MAGIC: lower_magic_statement(lowering, statement); break;
	case STATEMENT_PRINT: lower_print(lowering, statement); break;
	case STATEMENT_EXEC: lower_exec(lowering, statement); break;
	case STATEMENT_GLOBAL:
	case STATEMENT_NONLOCAL:
	case STATEMENT_INVALID: break;
	}
}

bool lower_vanishes(const struct lowering *lowering, const struct statement *statement)
{
	return statement == lowering->building->tail || lowering->building->ends_range;
}

/* What follows a statement that never ends is dropped, as CPython drops it. */
void lower_body(struct lowering *lowering, const struct statement_list *body)
{
	struct building *building = lowering->building;
	bool ends = building->ends, ends_range = building->ends_range;
	for (size_t i = 0; i < body->count && lower_is_reached(lowering); i++) {
		const struct statement *statement = body->items[i];
		building->ends = ends && i + 1 == body->count;
		building->ends_range = ends_range && i + 1 == body->count;
		struct token_mark start = token_reader_mark(lowering->tokens, statement->span.start);
		size_t index = building->statements.count;
		struct program_statement entry = {
		    .first_event = lower_position(lowering), .line = statement->line, .depth = building->depth};
		vector_push(lowering->scratch, &building->statements, entry);
		lower_emit(lowering, EVENT_STATEMENT, statement->span)->index = (int32_t)index;
		building->depth++;
		lower_statement(lowering, statement);
		building->depth--;
		struct program_statement *done = &building->statements.items[index];
		done->end_event = lower_position(lowering);
		done->hash = token_hash_from(lowering->tokens, start, statement->span.end);
	}
	building->ends = ends;
	building->ends_range = ends_range;
}
