/* Loops, try, with, match and the ways out of them.
 *
 * As in CPython's code generator, leaving a block early (break, continue,
 * return) unwinds the blocks around: `finally` bodies are lowered again for each
 * way out. As nested ones could so grow without bound, a budget that is linear
 * in the source limits the copies; beyond it the ways out share one copy. */
#include "python/lower.h"

/* ------------------------------------------------------------------ if and loops */

struct ending {
	bool ends, ends_range; /* as in struct building */
};

/* Sets what follows a body, and gives what was set before. */
static struct ending begin_ending(struct lowering *lowering, bool ends, bool ends_range)
{
	struct building *building = lowering->building;
	struct ending before = {building->ends, building->ends_range};
	building->ends = ends;
	building->ends_range = ends_range;
	return before;
}

static void end_ending(struct lowering *lowering, struct ending before)
{
	lowering->building->ends = before.ends;
	lowering->building->ends_range = before.ends_range;
}

/* A condition that the compiler knows leaves an instruction that does nothing,
 * except where nothing follows it in a protected range. */
static void begin_condition(struct lowering *lowering, const struct statement *statement)
{
	enum truth truth = lower_truth(lowering, statement->value);
	bool vanishes = truth == TRUTH_FALSE && !statement->orelse.count && lower_vanishes(lowering, statement);
	if (truth != TRUTH_UNKNOWN && !vanishes && lowering->building->handler != NO_HANDLER)
		lower_step(lowering, statement->value->span);
}

/* Jumps over the other branches at the end of one. */
void lower_end_branch(struct lowering *lowering, struct label *end, struct span span)
{
	struct building *building = lowering->building;
	int32_t handler = building->handler;
	if (building->ends_range)
		building->handler = NO_HANDLER;
	lower_jump(lowering, end, span);
	building->handler = handler;
}

void lower_if(struct lowering *lowering, const struct statement *statement)
{
	struct label end = {0};
	begin_condition(lowering, statement);
	/* A chain of elif is as deep as it is long: follow it in this loop. */
	for (;;) {
		struct label otherwise = {0};
		lower_condition(lowering, statement->value, &otherwise, false, BRANCH_IF);
		lower_body(lowering, &statement->body);
		if (statement->orelse.count)
			lower_end_branch(lowering, &end, statement->span);
		lower_place(lowering, &otherwise);
		if (!lower_is_reached(lowering))
			break;
		if (statement->orelse.count != 1 || statement->orelse.items[0]->kind != STATEMENT_IF) {
			lower_body(lowering, &statement->orelse);
			break;
		}
		statement = statement->orelse.items[0];
	}
	lower_place(lowering, &end);
}

static void push_block(struct lowering *lowering, struct block *block, enum block_kind kind)
{
	struct building *building = lowering->building;
	*block = (struct block){.kind = kind,
	                        .outer = building->block,
	                        .handler = building->handler,
	                        .guards = building->guards,
	                        .depth = building->depth};
	building->block = block;
}

static void pop_block(struct lowering *lowering)
{
	lowering->building->block = lowering->building->block->outer;
}

void lower_while(struct lowering *lowering, const struct statement *statement)
{
	struct label test = {0}, body = {0}, otherwise = {0}, end = {0};
	struct block block;
	struct ending before = begin_ending(lowering, false, false);
	begin_condition(lowering, statement);
	lower_place(lowering, &test);
	lower_condition(lowering, statement->value, &otherwise, false, BRANCH_WHILE);
	push_block(lowering, &block, BLOCK_LOOP);
	block.next = &test;
	block.end = &end;
	lower_place(lowering, &body);
	lower_body(lowering, &statement->body);
	/* The test stands a second time at the end of the body. */
	if (lower_is_reached(lowering))
		lower_condition(lowering, statement->value, &body, true, BRANCH_WHILE);
	pop_block(lowering);
	end_ending(lowering, before);
	lower_place(lowering, &otherwise);
	lower_body(lowering, &statement->orelse);
	lower_place(lowering, &end);
}

void lower_for(struct lowering *lowering, const struct statement *statement)
{
	struct label next = {0}, exhausted = {0}, end = {0};
	struct block block;
	const struct expression *target = statement->targets.items[0];
	value_id iterator = lower_emit_value(lowering, EVENT_ITERATE, statement->value->span,
	                                     lower_expression(lowering, statement->value), 0);
	push_block(lowering, &block, BLOCK_LOOP);
	block.iterates = true;
	block.next = &next;
	block.end = &end;
	struct ending before = begin_ending(lowering, false, false);
	lower_place(lowering, &next);
	lower_branch(lowering, &exhausted, BRANCH_LOOP, iterator, false, statement->value->span);
	lower_assign(lowering, target, lower_emit_value(lowering, EVENT_NEXT, target->span, iterator, 0));
	lower_body(lowering, &statement->body);
	lower_jump(lowering, &next, statement->span);
	pop_block(lowering);
	end_ending(lowering, before);
	lower_place(lowering, &exhausted);
	lower_body(lowering, &statement->orelse);
	lower_place(lowering, &end);
}

/* ------------------------------------------------------------------ ways out */

static value_id none(struct lowering *lowering, struct span span)
{
	return lower_emit_value(lowering, EVENT_CONSTANT, span, 0, 0);
}

/* `except E as e` ends with `e = None; del e`. */
static void unbind_exception(struct lowering *lowering, symbol name, struct span span)
{
	value_id value = none(lowering, span);
	if (!lower_is_reached(lowering))
		return;
	lower_bind(lowering, name, value, span);
	lowering->events.items[lowering->events.count - 1].automatic = true;
	lower_delete(lowering, name, span);
	lowering->events.items[lowering->events.count - 1].automatic = true;
}

static bool may_copy(struct lowering *lowering, const struct statement_list *body)
{
	size_t cost = body->count;
	if (cost) /* a statement costs what stands in it */
		cost += (body->items[body->count - 1]->span.end - body->items[0]->span.start) / 16;
	if (cost > lowering->copies)
		return false;
	lowering->copies -= (uint32_t)cost;
	return true;
}

static void exit_context(struct lowering *lowering, const struct block *block, struct span span)
{
	struct event *event = lower_emit(lowering, EVENT_EXIT, span);
	event->a = block->context;
	const struct expression *callee =
	    block->manager->kind == EXPRESSION_CALL ? block->manager->items.items[0] : block->manager;
	const struct expression *base = callee;
	while (base->kind == EXPRESSION_ATTRIBUTE)
		base = base->items.items[0];
	if (callee == block->manager || base->kind != EXPRESSION_NAME)
		return;
	event->name = callee->name;
	event->text = base->name;
}

/* The body of a `try`, or another that unwinding follows. CPython has an instruction even for a statement that does
 * nothing, but not for one at the very end. */
static void lower_protected(struct lowering *lowering, const struct statement_list *body)
{
	const struct statement *tail = lowering->building->tail;
	lowering->building->tail = body->count ? body->items[body->count - 1] : NULL;
	lower_body(lowering, body);
	lowering->building->tail = tail;
}

/* What Python does first when it has caught something, and last when that is done
 * with, or with a loop's iterator; it shows only in a range around it. */
static void step_in_range(struct lowering *lowering, struct span span)
{
	if (lowering->building->handler != NO_HANDLER)
		lower_step(lowering, span);
}

/* Unwinds what stands between here and `stop` (all blocks when null). */
static void unwind(struct lowering *lowering, const struct block *stop, struct span span)
{
	struct building *building = lowering->building;
	for (struct block *block = building->block; block && block != stop; block = block->outer) {
		building->handler = block->handler;
		switch (block->kind) {
		case BLOCK_FINALLY:
			building->block = block->outer;
			building->guards = block->guards;
			if (may_copy(lowering, block->finally))
				lower_protected(lowering, block->finally);
			break;
		case BLOCK_HANDLER:
			if (block->name)
				unbind_exception(lowering, block->name, span);
			break;
		case BLOCK_WITH: exit_context(lowering, block, span); break;
		case BLOCK_LOOP:
			if (block->iterates)
				step_in_range(lowering, span);
			break;
		default: break;
		}
	}
}

/* Does `leave` with everything unwound, then restores what holds for the code that follows in the source. */
#define UNWOUND(lowering, stop, span, leave)                                                                           \
	do {                                                                                                               \
		struct building *building_ = (lowering)->building;                                                             \
		struct block *block_ = building_->block;                                                                       \
		int32_t handler_ = building_->handler;                                                                         \
		uint32_t guards_ = building_->guards;                                                                          \
		unwind((lowering), (stop), (span));                                                                            \
		leave;                                                                                                         \
		building_->block = block_;                                                                                     \
		building_->handler = handler_;                                                                                 \
		building_->guards = guards_;                                                                                   \
	} while (0)

void lower_leave_loop(struct lowering *lowering, const struct statement *statement)
{
	struct block *loop = lowering->building->block;
	while (loop && loop->kind != BLOCK_LOOP)
		loop = loop->outer;
	if (!loop)
		return; /* 'break' outside loop: CPython refuses it */
	struct label *label = statement->kind == STATEMENT_BREAK ? loop->end : loop->next;
	UNWOUND(lowering, loop, statement->span, {
		if (statement->kind == STATEMENT_BREAK && loop->iterates)
			step_in_range(lowering, statement->span);
		lower_jump(lowering, label, statement->span);
	});
}

static void emit_return(struct lowering *lowering, const struct statement *statement, value_id value)
{
	struct event *event = lower_emit(lowering, EVENT_RETURN, statement->span);
	event->a = value;
	lower_end_path(lowering);
}

void lower_return(struct lowering *lowering, const struct statement *statement)
{
	/* Outside a function it is refused; what stands around it is analysed all the same. */
	if (lowering->building->program->kind == PROGRAM_CELL) {
		lower_expression(lowering, statement->value);
		return;
	}
	/* A constant is loaded after everything was unwound. */
	bool is_constant = statement->value && lower_truth(lowering, statement->value) != TRUTH_UNKNOWN;
	value_id value = is_constant ? 0 : lower_expression(lowering, statement->value);
	UNWOUND(lowering, NULL, statement->span, {
		if (is_constant)
			value = lower_expression(lowering, statement->value);
		emit_return(lowering, statement, value);
	});
}

/* ------------------------------------------------------------------ try */

/* Whether a handler catches NameError, as far as the source says. */
static bool names_name_error(const struct lowering *lowering, const struct expression *type)
{
	if (type->kind == EXPRESSION_NAME) {
		struct slice name = symbols_name(lowering->symbols, type->name);
		return slice_equal(name, SLICE("NameError")) || slice_equal(name, SLICE("Exception")) ||
		       slice_equal(name, SLICE("BaseException"));
	}
	for (size_t i = 0; i < type->items.count; i++)
		if (type->items.items[i] && names_name_error(lowering, type->items.items[i]))
			return true;
	if (type->kind == EXPRESSION_CALL)
		for (size_t i = 0; i < type->call.argument_count; i++)
			if (names_name_error(lowering, type->call.arguments[i].value))
				return true;
	return false;
}

static bool catches_name_error(const struct lowering *lowering, const struct statement *statement)
{
	if (statement->is_star)
		return false;
	for (size_t i = 0; i < statement->handlers.count; i++)
		if (!statement->handlers.items[i].type || names_name_error(lowering, statement->handlers.items[i].type))
			return true;
	return false;
}

static void reraise(struct lowering *lowering, struct span span)
{
	lower_emit(lowering, EVENT_RAISE, span)->automatic = true;
	lower_end_path(lowering);
}

static void lower_handler_body(struct lowering *lowering, const struct handler *handler, value_id exception,
                               bool is_star)
{
	struct building *building = lowering->building;
	if (handler->target)
		lower_assign(lowering, handler->target, exception);
	if (!handler->name && !is_star) {
		lower_body(lowering, &handler->body);
		return;
	}
	if (handler->name)
		lower_bind(lowering, handler->name, exception, handler->span);
	if (lowering->module->dialect == DIALECT_PYTHON2) { /* which keeps the name */
		lower_body(lowering, &handler->body);
		return;
	}
	struct block block;
	struct label end = {0};
	push_block(lowering, &block, BLOCK_HANDLER);
	block.name = handler->name;
	building->handler = lower_add_handler(lowering);
	int32_t slot = building->handler;
	lower_protected(lowering, &handler->body);
	building->handler = block.handler;
	pop_block(lowering);
	if (handler->name)
		unbind_exception(lowering, handler->name, handler->span);
	lower_jump(lowering, &end, handler->span);
	lower_place_handler(lowering, slot);
	if (handler->name)
		unbind_exception(lowering, handler->name, handler->span);
	/* What a clause of `except*` raises is kept until all have been tried. */
	if (!is_star)
		reraise(lowering, handler->span);
	lower_place(lowering, &end);
}

static void lower_handlers(struct lowering *lowering, const struct statement *statement, struct label *end)
{
	for (size_t i = 0; i < statement->handlers.count; i++) {
		const struct handler *handler = &statement->handlers.items[i];
		struct label next = {0};
		value_id exception = 0;
		if (handler->type) {
			value_id type = lower_expression(lowering, handler->type);
			lower_branch(lowering, &next, BRANCH_EXCEPT, type, false, handler->span);
		}
		if (handler->name || handler->target) {
			exception = lower_emit_value(lowering, EVENT_OPERATE, handler->span, 0, 0);
			lowering->events.items[lowering->events.count - 1].automatic = true;
		}
		lower_handler_body(lowering, handler, exception, statement->is_star);
		step_in_range(lowering, handler->span);
		/* The clauses of `except*` are tried one after the other. */
		if (statement->is_star)
			lower_jump(lowering, &next, handler->span);
		else
			lower_jump(lowering, end, handler->span);
		lower_place(lowering, &next);
		if (!lower_is_reached(lowering))
			return;
	}
	if (statement->is_star)
		lower_branch(lowering, end, BRANCH_EXCEPT, 0, false, statement->span);
	reraise(lowering, statement->span);
}

static void lower_try_except(struct lowering *lowering, const struct statement *statement)
{
	struct building *building = lowering->building;
	struct label end = {0};
	struct block block;
	push_block(lowering, &block, BLOCK_TRY);
	int32_t slot = lower_add_handler(lowering);
	building->handler = slot;
	building->range_begins = true;
	if (catches_name_error(lowering, statement)) {
		building->guard_begins = statement->body.count ? statement->body.items[0] : NULL;
		building->outer_guards = building->guards++;
	}
	struct ending before = begin_ending(lowering, false, building->ends && !statement->orelse.count);
	lower_protected(lowering, &statement->body);
	end_ending(lowering, before);
	building->guards = block.guards;
	building->handler = block.handler;
	building->range_begins = false;
	pop_block(lowering);
	lower_body(lowering, &statement->orelse);
	lower_jump(lowering, &end, statement->span);
	lower_place_handler(lowering, slot);
	step_in_range(lowering, statement->span);
	before = begin_ending(lowering, false, false);
	lower_handlers(lowering, statement, &end);
	end_ending(lowering, before);
	lower_place(lowering, &end);
}

static void lower_finally(struct lowering *lowering, const struct statement *statement)
{
	struct building *building = lowering->building;
	struct label end = {0};
	struct block block;
	push_block(lowering, &block, BLOCK_FINALLY);
	block.finally = &statement->finally;
	int32_t slot = lower_add_handler(lowering);
	building->handler = slot;
	building->range_begins = true;
	struct ending before = begin_ending(lowering, false, false);
	if (statement->handlers.count)
		lower_try_except(lowering, statement);
	else
		lower_protected(lowering, &statement->body);
	end_ending(lowering, before);
	building->handler = block.handler;
	building->range_begins = false;
	pop_block(lowering);
	bool share = !may_copy(lowering, &statement->finally);
	enum reach normal = building->reach;
	if (!share) {
		lower_body(lowering, &statement->finally);
		lower_jump(lowering, &end, statement->span);
	}
	lower_place_handler(lowering, slot);
	if (share && building->reach < normal)
		building->reach = normal;
	step_in_range(lowering, statement->span);
	push_block(lowering, &block, BLOCK_FINALLY_BODY);
	before = begin_ending(lowering, false, false);
	lower_body(lowering, &statement->finally);
	end_ending(lowering, before);
	pop_block(lowering);
	if (share)
		lower_branch(lowering, &end, BRANCH_EXCEPT, 0, false, statement->span);
	reraise(lowering, statement->span);
	lower_place(lowering, &end);
}

void lower_try(struct lowering *lowering, const struct statement *statement)
{
	if (statement->finally.count)
		lower_finally(lowering, statement);
	else
		lower_try_except(lowering, statement);
}

/* ------------------------------------------------------------------ with */

struct with_state {
	struct block block;
	int32_t slot;
};

static void enter_context(struct lowering *lowering, const struct with_item *item, struct with_state *state)
{
	struct building *building = lowering->building;
	value_id context = lower_expression(lowering, item->context);
	value_id value = lower_emit_value(lowering, EVENT_ENTER, item->context->span, context, 0);
	push_block(lowering, &state->block, BLOCK_WITH);
	state->block.context = context;
	state->block.manager = item->context;
	state->slot = lower_add_handler(lowering);
	building->handler = state->slot;
	if (item->target)
		lower_assign(lowering, item->target, value);
	else
		lower_step(lowering, item->context->span);
}

/* Leaves at the end of the body, and by an exception, which __exit__ may swallow. */
static void leave_context(struct lowering *lowering, const struct statement *statement, struct with_state *state)
{
	struct label end = {0};
	lowering->building->handler = state->block.handler;
	pop_block(lowering);
	exit_context(lowering, &state->block, statement->span);
	lower_jump(lowering, &end, statement->span);
	lower_place_handler(lowering, state->slot);
	exit_context(lowering, &state->block, statement->span);
	lower_branch(lowering, &end, BRANCH_SUPPRESS, 0, true, statement->span);
	reraise(lowering, statement->span);
	lower_place(lowering, &end);
}

void lower_with(struct lowering *lowering, const struct statement *statement)
{
	size_t count = statement->with_items.count;
	struct with_state one, *states = &one;
	if (count > 1)
		states = arena_array(lowering->scratch, count, sizeof *states);
	for (size_t i = 0; i < count; i++)
		enter_context(lowering, &statement->with_items.items[i], &states[i]);
	struct ending before = begin_ending(lowering, false, false);
	lower_body(lowering, &statement->body);
	end_ending(lowering, before);
	for (size_t i = count; i-- > 0;)
		leave_context(lowering, statement, &states[i]);
}
