/* Expressions: operands first, in the order in which CPython evaluates them. */
#include <string.h>

#include "python/lower.h"
#include "python/parser.h"

/* As many operands as CPython keeps on its stack before it builds a container piece by piece. */
enum { STACK_GUIDELINE = 30 };

/* ------------------------------------------------------------------ constants */

static bool has_nonzero_digit(struct slice number)
{
	size_t i = 0;
	if (number.length > 1 && number.bytes[0] == '0' && strchr("xXoObB", number.bytes[1]))
		i = 2;
	for (; i < number.length; i++) {
		char byte = number.bytes[i];
		if (i < 2 || (number.bytes[1] | 32) != 'x')
			if (byte == 'e' || byte == 'E') /* an exponent makes no number of zero */
				return false;
		if (byte != '0' && byte != '.' && byte != '_' && byte != 'j' && byte != 'J' && byte != 'l' && byte != 'L')
			return true;
	}
	return false;
}

/* Whether a bytes literal (or several) has any content. */
static bool has_bytes(struct slice literal)
{
	for (size_t i = 0; i < literal.length; i++)
		if (!strchr("bBrRuU'\" \t\r\n\\()", literal.bytes[i]))
			return true;
	return false;
}

static enum truth constant_truth(struct lowering *lowering, const struct expression *expression)
{
	struct slice text = slice_part(lowering->module->source, expression->span.start, expression->span.end);
	if (expression->constant.is_none || expression->constant.is_false)
		return TRUTH_FALSE;
	if (expression->constant.is_true || expression->constant.is_ellipsis)
		return TRUTH_TRUE;
	if (expression->constant.is_number)
		return has_nonzero_digit(text) ? TRUTH_TRUE : TRUTH_FALSE;
	struct slice value;
	if (expression->constant.is_string &&
	    python_string_value(lowering->scratch, lowering->module->source, expression, &value))
		return value.length ? TRUTH_TRUE : TRUTH_FALSE;
	return has_bytes(text) ? TRUTH_TRUE : TRUTH_FALSE;
}

enum form lower_form(const struct expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_CONSTANT:
		if (expression->constant.is_none)
			return FORM_NONE;
		if (expression->constant.is_true)
			return FORM_TRUE;
		if (expression->constant.is_false)
			return FORM_FALSE;
		return expression->constant.is_string ? FORM_STRING : FORM_LITERAL;
	case EXPRESSION_TUPLE: return FORM_TUPLE;
	case EXPRESSION_LIST: return FORM_LIST;
	case EXPRESSION_SET:
	case EXPRESSION_SET_COMPREHENSION: return FORM_SET;
	case EXPRESSION_DICT:
	case EXPRESSION_DICT_COMPREHENSION: return FORM_DICT;
	case EXPRESSION_LIST_COMPREHENSION: return FORM_LIST;
	case EXPRESSION_SLICE: return FORM_SLICE;
	case EXPRESSION_COMPARISON: return FORM_COMPARISON;
	case EXPRESSION_FORMATTED: return FORM_TEMPLATE;
	default: return FORM_OTHER;
	}
}

/* A constant says whether it is true, except for text, where that would cost its decoding. */
static value_id lower_constant(struct lowering *lowering, const struct expression *expression)
{
	bool text = expression->constant.is_string || expression->constant.is_bytes;
	enum truth truth = text ? TRUTH_UNKNOWN : constant_truth(lowering, expression);
	struct event *event = lower_emit(lowering, EVENT_CONSTANT, expression->span);
	event->form = lower_form(expression);
	event->index = truth == TRUTH_TRUE ? 1 : truth == TRUTH_FALSE ? 0 : -1;
	event->target = expression->span.start;
	event->b = expression->span.end - expression->span.start;
	return event->value = ++lowering->building->values;
}

/* What CPython's optimizer folds to a constant: literals, tuples of them, signs, `not`, `__debug__`. */
enum truth lower_truth(struct lowering *lowering, const struct expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_CONSTANT: return constant_truth(lowering, expression);
	case EXPRESSION_NAME: return expression->name == lowering->known.debug ? TRUTH_TRUE : TRUTH_UNKNOWN;
	case EXPRESSION_NOT: {
		enum truth truth = lower_truth(lowering, expression->items.items[0]);
		return truth == TRUTH_UNKNOWN ? truth : truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
	}
	case EXPRESSION_TUPLE:
		for (size_t i = 0; i < expression->items.count; i++)
			if (lower_truth(lowering, expression->items.items[i]) == TRUTH_UNKNOWN)
				return TRUTH_UNKNOWN;
		return expression->items.count ? TRUTH_TRUE : TRUTH_FALSE;
	case EXPRESSION_OPERATION:
		if (expression->items.count == 1 && expression->span.start < lowering->module->source.length &&
		    strchr("+-", lowering->module->source.bytes[expression->span.start]) &&
		    expression->items.items[0]->kind == EXPRESSION_CONSTANT)
			return lower_truth(lowering, expression->items.items[0]);
		return TRUTH_UNKNOWN;
	default: return TRUTH_UNKNOWN;
	}
}

/* ------------------------------------------------------------------ containers and operators */

/* The operands in order, then one event that makes something of them. */
static value_id lower_operands(struct lowering *lowering, const struct expression *expression, enum event_kind kind)
{
	const struct expression_list *items = &expression->items;
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, items->count, few);
	for (size_t i = 0; i < items->count; i++) {
		const struct expression *item = items->items[i];
		if (!item)
			continue;
		if (item->kind == EXPRESSION_STARRED) {
			lower_begin(lowering, item->span);
			values[i].stars = 1;
			item = item->items.items[0];
		}
		values[i].value = lower_expression(lowering, item);
	}
	value_id value = lower_emit_list(lowering, kind, expression->span, values, items->count);
	lower_set_form(lowering, lower_form(expression));
	if (kind == EVENT_OPERATE && lower_is_reached(lowering)) {
		struct event *event = &lowering->events.items[lowering->events.count - 1];
		event->index = (int32_t)lower_operation(lowering->module->source, expression);
		event->text = lower_operators(lowering, expression);
	}
	return value;
}

static bool is_constant(struct lowering *lowering, const struct expression *expression)
{
	return expression &&
	       (expression->kind == EXPRESSION_CONSTANT || lower_truth(lowering, expression) != TRUTH_UNKNOWN);
}

/* Keys before their values; but keys that are all constants come last, as one tuple. */
static value_id lower_dict(struct lowering *lowering, const struct expression *expression)
{
	const struct expression_list *items = &expression->items;
	bool constant_keys = items->count > 2;
	for (size_t i = 0; i < items->count && constant_keys; i += 2)
		constant_keys = is_constant(lowering, items->items[i]);
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, items->count, few);
	for (size_t i = 0; i + 1 < items->count; i += 2) {
		if (!items->items[i]) {
			lower_begin(lowering, expression->span);
			values[i + 1].stars = 2;
		} else if (!constant_keys) {
			values[i].value = lower_expression(lowering, items->items[i]);
		}
		values[i + 1].value = lower_expression(lowering, items->items[i + 1]);
	}
	for (size_t i = 0; i < items->count && constant_keys; i += 2)
		values[i].value = lower_expression(lowering, items->items[i]);
	value_id value = lower_emit_list(lowering, EVENT_BUILD, expression->span, values, items->count);
	lower_set_form(lowering, FORM_DICT);
	return value;
}

/* An f-string loads its leading text first. */
static void begin_formatted(struct lowering *lowering, const struct expression *expression)
{
	if (!lowering->building->range_begins)
		return;
	struct slice text = slice_part(lowering->module->source, expression->span.start, expression->span.end);
	size_t i = 0;
	while (i < text.length && text.bytes[i] != '"' && text.bytes[i] != '\'')
		i++;
	size_t quotes =
	    i + 2 < text.length && text.bytes[i + 1] == text.bytes[i] && text.bytes[i + 2] == text.bytes[i] ? 3 : 1;
	i += quotes;
	if (!(i + 1 < text.length && text.bytes[i] == '{' && text.bytes[i + 1] != '{'))
		lower_begin(lowering, expression->span);
}

/* ------------------------------------------------------------------ and, or, conditions */

static bool same_line(const struct lowering *lowering, const struct expression *a, const struct expression *b)
{
	uint32_t from = a->span.start < b->span.start ? a->span.start : b->span.start;
	uint32_t to = a->span.start < b->span.start ? b->span.start : a->span.start;
	struct slice between = slice_part(lowering->module->source, from, to);
	return slice_find(between, '\n', 0) == between.length;
}

/* Where a value goes that is known to be true or false, because the test that it
 * would meet next is already decided: CPython jumps past that test. */
struct fates {
	struct label *when[2]; /* null: to the end of the operator itself */
	const struct expression *tested_by;
};

static bool is_boolean(const struct expression *expression)
{
	return expression->kind == EXPRESSION_AND || expression->kind == EXPRESSION_OR;
}

/* `a and b or c`: where an operand decides, its value is the result and goes to
 * the end of the operator, or directly on to where an enclosing operator on the
 * same line would send it. */
static value_id lower_boolean(struct lowering *lowering, const struct expression *expression, const struct fates *fates)
{
	bool decides = expression->kind == EXPRESSION_OR;
	size_t count = expression->items.count;
	struct label end = {0};
	struct event_argument few[LOWER_FEW], *values = lower_room(lowering, count, few);
	bool on_line = fates->tested_by && same_line(lowering, expression, fates->tested_by);
	struct label *decided = on_line && fates->when[decides] ? fates->when[decides] : &end;
	for (size_t i = 0; i < count; i++) {
		const struct expression *item = expression->items.items[i];
		bool last = i + 1 == count;
		struct label next = {0};
		if (is_boolean(item) && !last) {
			struct fates inner = {{NULL, NULL}, expression};
			inner.when[decides] = decided;
			inner.when[!decides] = &next;
			values[i].value = lower_boolean(lowering, item, &inner);
		} else if (is_boolean(item)) {
			values[i].value = lower_boolean(lowering, item, fates);
		} else if (last || lower_truth(lowering, item) != (decides ? TRUTH_FALSE : TRUTH_TRUE)) {
			values[i].value = lower_expression(lowering, item);
		}
		if (!last) {
			enum truth truth = lower_truth(lowering, item);
			if (truth == TRUTH_UNKNOWN)
				lower_branch(lowering, decided, BRANCH_CHOICE, values[i].value, decides, item->span);
			else if ((truth == TRUTH_TRUE) == decides)
				lower_jump(lowering, &end, item->span);
		}
		lower_place(lowering, &next);
	}
	lower_place(lowering, &end);
	return lower_emit_list(lowering, EVENT_CHOOSE, expression->span, values, count);
}

static void set_comparison(struct lowering *lowering, const struct expression *left, const struct expression *right)
{
	if (lower_is_reached(lowering))
		lowering->events.items[lowering->events.count - 1].text =
		    lower_operator(lowering, left->span.end, right->span.start);
}

/* `a < b < c` stops at the first comparison that is false. */
static value_id lower_comparison(struct lowering *lowering, const struct expression *expression)
{
	const struct expression_list *items = &expression->items;
	if (items->count <= 2)
		return lower_operands(lowering, expression, EVENT_OPERATE);
	struct label end = {0};
	struct event_argument few[LOWER_FEW], *results = lower_room(lowering, items->count - 1, few);
	value_id left = lower_expression(lowering, items->items[0]);
	for (size_t i = 1; i < items->count; i++) {
		value_id right = lower_expression(lowering, items->items[i]);
		struct event_argument operands[2] = {{.value = left}, {.value = right}};
		results[i - 1].value = lower_emit_list(lowering, EVENT_OPERATE, items->items[i]->span, operands, 2);
		set_comparison(lowering, items->items[i - 1], items->items[i]);
		if (i + 1 < items->count)
			lower_branch(lowering, &end, BRANCH_CHOICE, results[i - 1].value, false, items->items[i]->span);
		left = right;
	}
	lower_place(lowering, &end);
	return lower_emit_list(lowering, EVENT_CHOOSE, expression->span, results, items->count - 1);
}

static value_id lower_conditional(struct lowering *lowering, const struct expression *expression)
{
	struct label otherwise = {0}, end = {0};
	struct event_argument values[2] = {{0}, {0}};
	lower_condition(lowering, expression->items.items[0], &otherwise, false, BRANCH_CHOICE);
	if (lower_is_reached(lowering))
		values[0].value = lower_expression(lowering, expression->items.items[1]);
	lower_jump(lowering, &end, expression->span);
	lower_place(lowering, &otherwise);
	if (lower_is_reached(lowering))
		values[1].value = lower_expression(lowering, expression->items.items[2]);
	lower_place(lowering, &end);
	return lower_emit_list(lowering, EVENT_CHOOSE, expression->span, values, 2);
}

static void lower_comparison_condition(struct lowering *lowering, const struct expression *expression,
                                       struct label *label, bool when, enum branch_kind kind)
{
	const struct expression_list *items = &expression->items;
	struct label end = {0};
	value_id left = lower_expression(lowering, items->items[0]);
	for (size_t i = 1; i < items->count; i++) {
		value_id right = lower_expression(lowering, items->items[i]);
		struct event_argument operands[2] = {{.value = left}, {.value = right}};
		value_id result = lower_emit_list(lowering, EVENT_OPERATE, items->items[i]->span, operands, 2);
		set_comparison(lowering, items->items[i - 1], items->items[i]);
		if (i + 1 < items->count)
			lower_branch(lowering, when ? &end : label, kind, result, false, expression->span);
		else
			lower_branch(lowering, label, kind, result, when, expression->span);
		left = right;
	}
	lower_place(lowering, &end);
}

void lower_condition(struct lowering *lowering, const struct expression *expression, struct label *label, bool when,
                     enum branch_kind kind)
{
	while (expression->kind == EXPRESSION_NOT) {
		expression = expression->items.items[0];
		when = !when;
	}
	if (!lower_is_reached(lowering))
		return;
	if (is_boolean(expression)) {
		bool decides = expression->kind == EXPRESSION_OR;
		struct label end = {0};
		struct label *decided = decides == when ? label : &end;
		size_t last = expression->items.count - 1;
		for (size_t i = 0; i < last; i++)
			lower_condition(lowering, expression->items.items[i], decided, decides, kind);
		lower_condition(lowering, expression->items.items[last], label, when, kind);
		lower_place(lowering, &end);
		return;
	}
	if (expression->kind == EXPRESSION_CONDITIONAL) {
		struct label otherwise = {0}, end = {0};
		lower_condition(lowering, expression->items.items[0], &otherwise, false, BRANCH_CHOICE);
		lower_condition(lowering, expression->items.items[1], label, when, kind);
		lower_jump(lowering, &end, expression->span);
		lower_place(lowering, &otherwise);
		lower_condition(lowering, expression->items.items[2], label, when, kind);
		lower_place(lowering, &end);
		return;
	}
	if (expression->kind == EXPRESSION_COMPARISON && expression->items.count > 2) {
		lower_comparison_condition(lowering, expression, label, when, kind);
		return;
	}
	enum truth truth = lower_truth(lowering, expression);
	if (truth == TRUTH_UNKNOWN) {
		value_id condition = lower_expression(lowering, expression);
		lower_branch(lowering, label, kind, condition, when, expression->span);
	} else if ((truth == TRUTH_TRUE) == when) {
		lower_jump(lowering, label, expression->span);
	}
}

/* ------------------------------------------------------------------ calls, attributes, items */

void lower_call_arguments(struct lowering *lowering, const struct argument *arguments, size_t count,
                          struct event_argument *values)
{
	for (int keywords = 0; keywords < 2; keywords++)
		for (size_t i = 0; i < count; i++) {
			const struct argument *argument = &arguments[i];
			if ((argument->keyword || argument->stars == 2) != keywords)
				continue;
			values[i] = (struct event_argument){lower_expression(lowering, argument->value), argument->keyword,
			                                    argument->stars};
		}
}

/* CPython calls `a.b(...)` without pushing a null first, if the arguments are plain and few. */
static bool is_method_call(const struct expression *call)
{
	if (call->items.items[0]->kind != EXPRESSION_ATTRIBUTE)
		return false;
	size_t keywords = 0;
	for (size_t i = 0; i < call->call.argument_count; i++) {
		if (call->call.arguments[i].stars)
			return false;
		keywords += call->call.arguments[i].keyword != 0;
	}
	return call->call.argument_count + (keywords != 0) < STACK_GUIDELINE;
}

/* Whether the call chain's first instruction is no load of its base: CPython pushes
 * a null before what it calls, unless it calls a method of something that was not
 * imported, or the null comes with the load of a global. */
static bool begins_with_null(struct lowering *lowering, const struct expression *chain, const struct expression *base)
{
	size_t nulls = 0;
	for (; chain != base; chain = chain->items.items[0]) {
		if (chain->kind != EXPRESSION_CALL)
			continue;
		const struct expression *callee = chain->items.items[0];
		nulls += !is_method_call(chain) || (callee->items.items[0] == base && base->kind == EXPRESSION_NAME &&
		                                    scopes_module_imports(lowering->scopes, base->name));
	}
	bool loads_global = base->kind == EXPRESSION_NAME && !scopes_current(lowering->scopes) &&
	                    scopes_declares_global(lowering->scopes, base->name);
	return nulls > loads_global;
}

static bool is_link(const struct expression *expression)
{
	return expression->kind == EXPRESSION_ATTRIBUTE || expression->kind == EXPRESSION_SUBSCRIPT ||
	       expression->kind == EXPRESSION_CALL;
}

/* exec() may bind anything. */
static void note_opaque_call(struct lowering *lowering, const struct expression *call)
{
	const struct expression *callee = call->items.items[0];
	if (callee->kind != EXPRESSION_NAME || callee->name != lowering->known.exec || !lower_is_reached(lowering))
		return;
	uint32_t variable = scopes_resolve(lowering->scopes, callee->name);
	if (lowering->building->scope.variables.items[variable].scope != VARIABLE_GLOBAL)
		return;
	struct event *event = lower_emit(lowering, EVENT_OPAQUE, call->span);
	event->index = OPAQUE_EXEC;
	event->text = lowering->known.exec;
}

/* `globals()['x'] = 1` */
static void note_opaque_store(struct lowering *lowering, const struct expression *target)
{
	const struct expression *call = target->items.items[0];
	if (call->kind != EXPRESSION_CALL || call->items.items[0]->kind != EXPRESSION_NAME ||
	    call->items.items[0]->name != lowering->known.globals)
		return;
	struct event *event = lower_emit(lowering, EVENT_OPAQUE, target->span);
	event->index = OPAQUE_NAMESPACE;
	event->text = symbols_intern(lowering->symbols, SLICE("globals()"));
}

value_id lower_emit_item(struct lowering *lowering, const struct expression *item, value_id object, value_id index)
{
	value_id value = lower_emit_value(lowering, EVENT_ITEM, item->span, object, index);
	lower_set_form(lowering, lower_form(item->items.items[1]));
	return value;
}

static value_id lower_link(struct lowering *lowering, const struct expression *link, value_id base)
{
	switch (link->kind) {
	case EXPRESSION_ATTRIBUTE: {
		value_id value = lower_emit_value(lowering, EVENT_ATTRIBUTE, link->span, base, 0);
		if (lower_is_reached(lowering))
			lowering->events.items[lowering->events.count - 1].name = scopes_mangle(lowering->scopes, link->name);
		return value;
	}
	case EXPRESSION_SUBSCRIPT: {
		value_id index = lower_expression(lowering, link->items.items[1]);
		return lower_emit_item(lowering, link, base, index);
	}
	default: {
		size_t count = link->call.argument_count;
		struct event_argument few[LOWER_FEW], *values = lower_room(lowering, count, few);
		lower_call_arguments(lowering, link->call.arguments, count, values);
		struct event *event = lower_emit(lowering, EVENT_CALL, link->span);
		event->a = base;
		lower_set_arguments(lowering, event, values, count);
		value_id value = event->value = ++lowering->building->values;
		note_opaque_call(lowering, link);
		return value;
	}
	}
}

/* `a.b(c)[d].e`: such a chain may be as long as the source, so it is unwound in a loop. */
static value_id lower_chain(struct lowering *lowering, const struct expression *expression)
{
	size_t length = 0;
	const struct expression *base = expression;
	for (; is_link(base); base = base->items.items[0])
		length++;
	const struct expression *few[LOWER_FEW], **links = few;
	if (length > LOWER_FEW)
		links = arena_array(lowering->scratch, length, sizeof(*links));
	size_t i = length;
	for (const struct expression *link = expression; i > 0; link = link->items.items[0])
		links[--i] = link;
	if (lowering->building->range_begins && begins_with_null(lowering, expression, base))
		lower_begin(lowering, expression->span);
	value_id value = lower_expression(lowering, base);
	for (i = 0; i < length; i++)
		value = lower_link(lowering, links[i], value);
	return value;
}

/* ------------------------------------------------------------------ targets */

/* Part `index` of what is unpacked; -1 where a starred target stands before it. */
static void lower_unpack(struct lowering *lowering, const struct expression *target, value_id value)
{
	struct span span = target->span;
	size_t count = target->items.count;
	if (!count) {
		lower_emit_value(lowering, EVENT_UNPACK, span, value, 0);
		return;
	}
	struct event_argument few[LOWER_FEW], *parts = lower_room(lowering, count, few);
	bool starred = false, whole = true;
	for (size_t i = 0; i < count; i++)
		whole = whole && target->items.items[i]->kind != EXPRESSION_STARRED;
	for (size_t i = 0; i < count; i++) {
		const struct expression *item = target->items.items[i];
		starred |= item->kind == EXPRESSION_STARRED;
		struct event *event = lower_emit(lowering, EVENT_UNPACK, item->span);
		event->a = value;
		event->index = starred ? -1 : (int32_t)i;
		event->target = whole ? (uint32_t)count : 0;
		parts[i].value = event->value = ++lowering->building->values;
	}
	for (size_t i = 0; i < count; i++)
		lower_assign(lowering, target->items.items[i], parts[i].value);
}

void lower_assign(struct lowering *lowering, const struct expression *target, value_id value)
{
	switch (target->kind) {
	case EXPRESSION_NAME: lower_bind(lowering, target->name, value, target->span); break;
	case EXPRESSION_STARRED: lower_assign(lowering, target->items.items[0], value); break;
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST: lower_unpack(lowering, target, value); break;
	case EXPRESSION_ATTRIBUTE: {
		value_id object = lower_expression(lowering, target->items.items[0]);
		struct event *event = lower_emit(lowering, EVENT_SET_ATTRIBUTE, target->span);
		event->a = object;
		event->b = value;
		event->name = scopes_mangle(lowering->scopes, target->name);
		break;
	}
	case EXPRESSION_SUBSCRIPT: {
		value_id object = lower_expression(lowering, target->items.items[0]);
		struct event_argument index = {.value = lower_expression(lowering, target->items.items[1])};
		struct event *event = lower_emit(lowering, EVENT_SET_ITEM, target->span);
		event->a = object;
		event->b = value;
		lower_set_arguments(lowering, event, &index, 1);
		note_opaque_store(lowering, target);
		break;
	}
	default: lower_expression(lowering, target); break; /* no target: it did not parse as one */
	}
}

/* ------------------------------------------------------------------ all of them */

static value_id lower_unary(struct lowering *lowering, const struct expression *expression, enum event_kind kind)
{
	value_id operand = 0;
	if (expression->items.count && expression->items.items[0])
		operand = lower_expression(lowering, expression->items.items[0]);
	return lower_emit_value(lowering, kind, expression->span, operand, 0);
}

static value_id lower_walrus(struct lowering *lowering, const struct expression *expression)
{
	value_id value = lower_expression(lowering, expression->items.items[1]);
	lower_assign(lowering, expression->items.items[0], value);
	return value;
}

value_id lower_expression(struct lowering *lowering, const struct expression *expression)
{
	if (!expression || !lower_is_reached(lowering))
		return 0;
	switch (expression->kind) {
	case EXPRESSION_NAME:
		if (expression->name == lowering->known.debug)
			return lower_emit_value(lowering, EVENT_CONSTANT, expression->span, 0, 0);
		return lower_read(lowering, expression->name, expression->span);
	case EXPRESSION_CONSTANT: return lower_constant(lowering, expression);
	case EXPRESSION_FORMATTED:
		begin_formatted(lowering, expression);
		return lower_operands(lowering, expression, EVENT_OPERATE);
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST:
	case EXPRESSION_SET:
		if (expression->items.count > STACK_GUIDELINE)
			lower_begin(lowering, expression->span);
		return lower_operands(lowering, expression, EVENT_BUILD);
	case EXPRESSION_SLICE: return lower_operands(lowering, expression, EVENT_BUILD);
	case EXPRESSION_DICT: return lower_dict(lowering, expression);
	case EXPRESSION_OPERATION:
	case EXPRESSION_NOT:
	case EXPRESSION_BACKTICKS: return lower_operands(lowering, expression, EVENT_OPERATE);
	case EXPRESSION_COMPARISON: return lower_comparison(lowering, expression);
	case EXPRESSION_AND:
	case EXPRESSION_OR: return lower_boolean(lowering, expression, &(struct fates){{NULL, NULL}, NULL});
	case EXPRESSION_CONDITIONAL: return lower_conditional(lowering, expression);
	case EXPRESSION_WALRUS: return lower_walrus(lowering, expression);
	case EXPRESSION_LAMBDA: return lower_lambda(lowering, expression);
	case EXPRESSION_LIST_COMPREHENSION:
	case EXPRESSION_SET_COMPREHENSION:
	case EXPRESSION_DICT_COMPREHENSION:
	case EXPRESSION_GENERATOR: return lower_comprehension(lowering, expression);
	case EXPRESSION_ATTRIBUTE:
	case EXPRESSION_SUBSCRIPT:
	case EXPRESSION_CALL: return lower_chain(lowering, expression);
	case EXPRESSION_STARRED: return lower_expression(lowering, expression->items.items[0]);
	case EXPRESSION_AWAIT: return lower_unary(lowering, expression, EVENT_AWAIT);
	case EXPRESSION_YIELD:
	case EXPRESSION_YIELD_FROM:
		lowering->building->program->is_generator = true;
		return lower_unary(lowering, expression, EVENT_YIELD);
	case EXPRESSION_MAGIC: return lower_magic_value(lowering, expression);
	case EXPRESSION_INVALID: return 0;
	}
	return 0;
}
