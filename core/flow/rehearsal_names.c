/* What events do to names. */
#include "flow/rehearsal_parts.h"

#include "python/magics.h"
#include "python/names.h"
#include "python/star_exports.h"

/* Where a variable of a frame is kept; null for a global one, whose name it gives, and where it isn't known. */
static struct value **local_slot(struct rehearsal_frame *frame, uint32_t index, symbol *global)
{
	const struct variable *variable = &frame->program->variables[index];
	*global = 0;
	while (variable->scope == VARIABLE_ENCLOSING && frame->outer) {
		index = variable->outer;
		frame = frame->outer;
		variable = &frame->program->variables[index];
	}
	if (variable->scope == VARIABLE_GLOBAL)
		*global = variable->name;
	return variable->scope == VARIABLE_GLOBAL || variable->scope == VARIABLE_ENCLOSING ? NULL : &frame->slots[index];
}

static void note_input(struct rehearsal *rehearsal, struct slot *slot, symbol name)
{
	if (slot->written_in == rehearsal->run || slot->read_in == rehearsal->run)
		return;
	slot->read_in = rehearsal->run;
	slot->input = 0;
	size_t count = rehearsal->result->inputs.count;
	if (!slot->maybe)
		rehearsal_tell_input(rehearsal, slot, name, slot->value);
	if (rehearsal->result->inputs.count > count)
		slot->input = (uint32_t)count + 1;
}

/* Builtins for which libraries have functions of the same name, which a star import brings. */
static bool is_often_replaced(struct slice name)
{
	static const char *const all[] = {"abs", "all", "any", "max", "min", "pow", "sum", "round", "sorted", NULL};
	return slice_is_one_of(name, all);
}

static enum outcome read_global(struct rehearsal *rehearsal, const struct event *event, symbol name,
                                struct value **value)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	struct slice text = rehearsal_text(rehearsal, name);
	if (event->soft)
		return WENT_ON;
	if (slot->value || slot->maybe) {
		if (slot->value)
			note_input(rehearsal, slot, name);
		*value = slot->maybe ? rehearsal_value(rehearsal, VALUE_WILD) : slot->value;
		return WENT_ON;
	}
	bool numbered = text.bytes[0] == '_' && python_is_history_name(text) && text.bytes[text.length - 1] >= '0' &&
	                text.bytes[text.length - 1] <= '9';
	/* What ran is not kept here, so `_i5` is something, or is missing: the replay knows. */
	if (numbered && (rehearsal->history_unknown || text.bytes[1] == 'i'))
		return WENT_ON;
	if (!numbered && (python_is_builtin(text) || python_is_ipython_name(text) || python_is_kernel_name(text))) {
		if (rehearsal->opaque && is_often_replaced(text))
			return WENT_ON;
		*value = rehearsal_value(rehearsal, VALUE_LIBRARY);
		(*value)->symbol = name;
		return WENT_ON;
	}
	if (rehearsal->opaque) {
		*value = rehearsal_value(rehearsal, VALUE_WILD);
		return WENT_ON;
	}
	if (slice_equal(python_magic_of_line(rehearsal->request->effects->module->source), text)) {
		rehearsal_print_anything(rehearsal);
		return LOST;
	}
	rehearsal->missing = name;
	return rehearsal_raise(rehearsal, SLICE("NameError"));
}

enum outcome rehearse_read(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **value)
{
	uint32_t index = event->variable;
	if (frame->program->variables[index].scope == VARIABLE_CLASS && !frame->slots[index])
		index = frame->program->variables[index].outer;
	symbol global;
	struct value **slot = local_slot(frame, index, &global);
	if (global)
		return read_global(rehearsal, event, global, value);
	if (!slot)
		return LOST;
	if (!*slot)
		return rehearsal_raise(rehearsal, SLICE("UnboundLocalError"));
	*value = *slot;
	return WENT_ON;
}

static void bind_global(struct rehearsal *rehearsal, symbol name, struct value *value)
{
	struct slot *slot = rehearsal_slot(rehearsal, name);
	slot->value = value;
	slot->maybe = false;
	slot->written_in = rehearsal->run;
	if (rehearsal_text(rehearsal, name).bytes[0] == '_' && python_is_history_name(rehearsal_text(rehearsal, name)))
		rehearsal->history_unknown = true;
}

enum outcome rehearse_bind(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value *value)
{
	symbol global;
	struct value **slot = local_slot(frame, event->variable, &global);
	if (global)
		bind_global(rehearsal, global, value);
	else if (slot)
		*slot = value;
	return global || slot ? WENT_ON : LOST;
}

enum outcome rehearse_delete(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event)
{
	symbol global;
	struct value **local = local_slot(frame, event->variable, &global);
	if (local) {
		*local = NULL;
		return WENT_ON;
	}
	if (!global)
		return LOST;
	struct slot *slot = rehearsal_slot(rehearsal, global);
	if (!slot->value && !slot->maybe && !event->automatic) {
		if (rehearsal->opaque)
			return WENT_ON;
		rehearsal->missing = global;
		return rehearsal_raise(rehearsal, SLICE("NameError"));
	}
	slot->value = NULL;
	slot->maybe = rehearsal->may_have_ended;
	slot->written_in = rehearsal->run;
	return WENT_ON;
}

void rehearse_import_star(struct rehearsal *rehearsal, const struct event *event)
{
	struct slice names;
	if (!python_star_exports(rehearsal_text(rehearsal, event->text), &names)) {
		rehearsal_lose(rehearsal);
		return;
	}
	while (names.length > 0) {
		size_t end = slice_find(names, ' ', 0);
		struct value *value = rehearsal_value(rehearsal, VALUE_LIBRARY);
		value->symbol = symbols_intern(rehearsal->symbols, slice_part(names, 0, end));
		value->text = rehearsal_text(rehearsal, event->text);
		bind_global(rehearsal, value->symbol, value);
		names = slice_part(names, end + 1, names.length);
	}
}

/* `Out[5]`: what `_5` is. */
enum outcome rehearsal_load_output(struct rehearsal *rehearsal, const struct value *index, struct value **result)
{
	if (index->kind != VALUE_INT)
		return WENT_ON;
	symbol name =
	    symbols_intern(rehearsal->symbols, slice_format(rehearsal->arena, "_%lld", (long long)index->integer));
	struct slot *slot = rehearsal_slot(rehearsal, name);
	if (slot->maybe || rehearsal->history_unknown)
		return WENT_ON;
	if (!slot->value)
		return rehearsal_raise(rehearsal, SLICE("KeyError"));
	note_input(rehearsal, slot, name);
	*result = slot->value;
	return WENT_ON;
}
