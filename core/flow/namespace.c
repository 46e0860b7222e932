/* The namespace as an object: what `globals()` gives, code that stands in a text
 * (`exec`, `eval`), the inputs that IPython keeps, and IPython's shell itself. */
#include "flow/interpreter.h"

#include "python/parser.h"

static struct object *argument(const struct frame *frame, const struct event *call, uint32_t index)
{
	return index < call->argument_count ? frame->values[frame->arguments[call->arguments + index].value] : NULL;
}

/* Whether all arguments are plain positional ones. */
static bool is_positional(const struct frame *frame, const struct event *call)
{
	for (uint32_t i = 0; i < call->argument_count; i++) {
		const struct event_argument *argument = &frame->arguments[call->arguments + i];
		if (argument->keyword || argument->stars)
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ items of the namespace */

static bool is_bound(struct replay *replay, symbol name)
{
	return global_of(replay, name)->place.now.object != NULL;
}

bool store_name(struct replay *replay, struct frame *frame, struct object *key, struct object *value)
{
	struct slice text;
	if (!text_of(replay, key, &text))
		return false;
	bind_global(replay, frame, symbols_intern(replay->symbols, text), value ? value : operand(replay, frame, 0));
	return true;
}

struct object *load_name(struct replay *replay, struct frame *frame, const struct event *event, struct object *key,
                         bool must)
{
	struct slice text;
	if (!text_of(replay, key, &text))
		return operand(replay, frame, 0);
	symbol name = symbols_intern(replay->symbols, text);
	if (is_bound(replay, name))
		return read_global(replay, frame, event, name);
	read_existence(replay, frame, name);
	if (must && !replay->opacity.is_opaque)
		raise_error(replay, frame, event); /* KeyError */
	return operand(replay, frame, 0);
}

bool delete_name(struct replay *replay, struct frame *frame, const struct event *event, struct object *key)
{
	struct slice text;
	if (!text_of(replay, key, &text))
		return false;
	symbol name = symbols_intern(replay->symbols, text);
	if (is_bound(replay, name) && read_global(replay, frame, event, name))
		unbind_global(replay, frame, name);
	else if (!replay->opacity.is_opaque)
		raise_error(replay, frame, event);
	return true;
}

/* Binds what a dict that is written out holds, or keywords; false where that is not known. */
static bool store_names(struct replay *replay, struct frame *frame, const struct event *call)
{
	for (uint32_t i = 0; i < call->argument_count; i++) {
		const struct event_argument *given = &frame->arguments[call->arguments + i];
		struct object *object = argument(frame, call, i);
		if (given->keyword) {
			bind_global(replay, frame, given->keyword, object ? object : operand(replay, frame, 0));
			continue;
		}
		if (given->stars || !object || object->type != OBJECT_CONTAINER || object->literal != FORM_DICT ||
		    !object->exact)
			return false;
		for (size_t k = 0; k + 1 < object->parts.count; k += 2)
			if (!store_name(replay, frame, object->parts.items[k], object->parts.items[k + 1]))
				return false;
	}
	return true;
}

struct object *call_of_namespace(struct replay *replay, struct frame *frame, const struct event *call,
                                 struct object *namespace, struct slice method)
{
	struct object *key = argument(frame, call, 0), *value = argument(frame, call, 1);
	if (slice_equal(method, SLICE("update"))) {
		if (!store_names(replay, frame, call))
			become_opaque(replay, SLICE(""));
		return operand(replay, frame, 0);
	}
	if (slice_equal(method, SLICE("get")))
		return load_name(replay, frame, call, key, false);
	if (slice_equal(method, SLICE("pop"))) {
		struct object *popped = load_name(replay, frame, call, key, !value);
		struct slice text;
		if (!text_of(replay, key, &text))
			become_opaque(replay, SLICE(""));
		else if (is_bound(replay, symbols_intern(replay->symbols, text)))
			unbind_global(replay, frame, symbols_intern(replay->symbols, text));
		return popped;
	}
	struct slice text;
	if (slice_equal(method, SLICE("setdefault")) && text_of(replay, key, &text)) {
		if (!is_bound(replay, symbols_intern(replay->symbols, text)))
			store_name(replay, frame, key, value);
		return load_name(replay, frame, call, key, false);
	}
	if (slice_equal(method, SLICE("clear")) || slice_equal(method, SLICE("setdefault")) ||
	    slice_equal(method, SLICE("popitem")))
		change_object(replay, namespace, frame_level(frame));
	return operand(replay, frame, 0);
}

/* ------------------------------------------------------------------ code in texts */

/* The effects of a text; the last ones asked for are kept. */
static const struct effects *effects_of_text(struct replay *replay, struct slice source)
{
	uint64_t hash = hash_bytes(source);
	struct source_effects *slot = &replay->texts[hash % TEXTS_KEPT];
	if (slot->effects && slice_equal(slot->source, source))
		return slot->effects;
	struct parser_options options = {.ipython = true};
	if (replay->request->effects->module->dialect == DIALECT_PYTHON2)
		options.major = 2;
	slot->source = slice_copy(replay->kernel, source);
	slot->effects = effects_of_source(replay->kernel, replay->symbols, slot->source, options);
	/* Reading it costs about as much as playing it. */
	replay->steps += source.length / 4;
	replay->all_steps += source.length / 4;
	return slot->effects;
}

/* Runs the text in the namespace; the value is that of its last expression. */
static struct object *run_text(struct replay *replay, struct frame *frame, const struct event *call,
                               struct slice source)
{
	const struct effects *effects = effects_of_text(replay, source);
	if (effects->module->has_error) {
		raise_error(replay, frame, call);
		return operand(replay, frame, 0);
	}
	const struct program *program = effects->program;
	if (is_running(frame, program) || replay->steps > MAX_STEPS || replay->all_steps > MAX_ALL_STEPS) {
		become_opaque(replay, SLICE(""));
		return operand(replay, frame, 0);
	}
	struct frame *inner = frame_new(replay, program, frame);
	inner->entry = frame_level(frame);
	inner->call = call;
	inner->foreign = frame_is_foreign(frame);
	inner->looped = is_in_loop(frame, call);
	inner->speculative = frame->speculative;
	inner->in_text = true;
	interpret(replay, inner, 0, program->event_count);
	if (!inner->reachable && !has_failed(replay))
		raise_error(replay, frame, call);
	for (uint32_t i = program->event_count; i-- > 0;)
		if (inner->events[i].kind == EVENT_DISPLAY)
			return operand(replay, inner, inner->events[i].a);
	return operand(replay, frame, 0);
}

/* `exec(text)` and `eval(text)` run in the namespace of the cell; in a function what
 * they bind is lost, and into another dict it goes there. */
struct object *call_exec(struct replay *replay, struct frame *frame, const struct event *call, bool evaluates)
{
	struct object *code = argument(frame, call, 0), *into = argument(frame, call, 1);
	bool plain = is_positional(frame, call);
	bool here = call->argument_count == 1 ? frame->program->kind == PROGRAM_CELL : into && into->is_namespace;
	struct slice source;
	if (plain && here && text_of(replay, code, &source))
		return run_text(replay, frame, call, source);
	if (!evaluates && (here || !plain))
		become_opaque(replay, SLICE(""));
	if (!evaluates && into && !here)
		change_object(replay, into, frame_level(frame));
	return operand(replay, frame, 0);
}

/* ------------------------------------------------------------------ IPython's shell */

void remember_input(struct replay *replay, int64_t count, struct slice source)
{
	if (count == NO_COUNT)
		return;
	struct input input = {count, replay->kernel_number, source};
	vector_push(replay->results, &replay->inputs, input);
}

/* The input with a count in this session. Counts rise; where they do not, nothing is known. */
static bool input_of(const struct replay *replay, int64_t count, struct slice *source)
{
	size_t low = 0, high = replay->inputs.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct input *input = &replay->inputs.items[middle];
		bool before = input->kernel_number < replay->kernel_number ||
		              (input->kernel_number == replay->kernel_number && input->count < count);
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == replay->inputs.count)
		return false;
	const struct input *input = &replay->inputs.items[low];
	*source = input->source;
	return input->kernel_number == replay->kernel_number && input->count == count;
}

static struct object *input_object(struct replay *replay, int64_t count)
{
	struct slice source;
	if (!input_of(replay, count, &source))
		return NULL;
	return make_constant(replay, &(struct constant){.kind = CONSTANT_TEXT, .text = source});
}

struct object *load_input(struct replay *replay, const struct object *list, struct object *index)
{
	if (list->type != OBJECT_BUILTIN || list->text || replay->request->count == NO_COUNT)
		return NULL;
	struct slice name = symbols_name(replay->symbols, list->name);
	const struct constant *constant = constant_of(replay, index);
	if ((!slice_equal(name, SLICE("In")) && !slice_equal(name, SLICE("_ih"))) || !constant ||
	    constant->kind != CONSTANT_INTEGER)
		return NULL;
	int64_t count = constant->integer;
	return input_object(replay, count < 0 ? replay->request->count + 1 + count : count);
}

symbol output_name(struct replay *replay, const struct object *dict, struct object *key)
{
	if (dict->type != OBJECT_BUILTIN || dict->text)
		return 0;
	struct slice name = symbols_name(replay->symbols, dict->name);
	const struct constant *constant = constant_of(replay, key);
	if ((!slice_equal(name, SLICE("Out")) && !slice_equal(name, SLICE("_oh"))) || !constant ||
	    constant->kind != CONSTANT_INTEGER)
		return 0;
	return symbols_intern(replay->symbols, slice_format(replay->arena, "_%lld", (long long)constant->integer));
}

struct object *read_input_name(struct replay *replay, struct slice name)
{
	if (replay->request->count == NO_COUNT || !slice_starts(name, SLICE("_i")))
		return NULL;
	int64_t back = 0;
	while (back < 3 && (size_t)back + 1 < name.length && name.bytes[back + 1] == 'i')
		back++;
	if ((size_t)back + 1 == name.length)
		return input_object(replay, replay->request->count - back);
	int64_t count = 0;
	for (size_t i = 2; i < name.length; i++) {
		if (name.bytes[i] < '0' || name.bytes[i] > '9' || count > INT32_MAX)
			return NULL;
		count = count * 10 + (name.bytes[i] - '0');
	}
	return input_object(replay, count);
}

bool run_input(struct replay *replay, struct frame *frame, const struct event *event, int64_t count)
{
	struct slice source;
	if (replay->request->count == NO_COUNT || !input_of(replay, count, &source))
		return false;
	run_text(replay, frame, event, source);
	return true;
}

bool is_shell(const struct replay *replay, const struct object *object)
{
	return object->type == OBJECT_UNKNOWN && object->name &&
	       slice_equal(symbols_name(replay->symbols, object->name), SLICE("get_ipython"));
}

struct object *call_of_shell(struct replay *replay, struct frame *frame, const struct event *call, struct slice method)
{
	static const struct slice runners[] = {SLICE_CONSTANT("ex"), SLICE_CONSTANT("ev"), SLICE_CONSTANT("run_cell"),
	                                       SLICE_CONSTANT("run_code")};
	for (size_t i = 0; i < sizeof runners / sizeof *runners; i++) {
		struct slice source;
		if (!slice_equal(method, runners[i]))
			continue;
		if (text_of(replay, argument(frame, call, 0), &source))
			return run_text(replay, frame, call, source);
		become_opaque(replay, SLICE(""));
	}
	if (slice_equal(method, SLICE("push")) && !store_names(replay, frame, call))
		become_opaque(replay, SLICE(""));
	return operand(replay, frame, 0);
}

/* ------------------------------------------------------------------ names in texts */

static bool is_identifier_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || (unsigned char)byte >= 0x80;
}

/* Whether the function that calls has a variable of its own of that name, which comes first. */
static bool is_local(const struct frame *frame, symbol name)
{
	for (uint32_t i = 0; i < frame->program->variable_count; i++)
		if (frame->program->variables[i].name == name && frame->program->variables[i].scope != VARIABLE_GLOBAL)
			return true;
	return false;
}

/* pandas' query() and eval() look up `@name` where they are called. */
void read_names_in_text(struct replay *replay, struct frame *frame, const struct event *call, struct slice method,
                        struct object *object)
{
	struct slice text;
	if (!slice_equal(method, SLICE("query")) && !slice_equal(method, SLICE("eval")))
		return;
	if (!object || !text_of(replay, object, &text))
		return;
	bool in_text = frame->in_text;
	frame->in_text = true;
	for (size_t at = slice_find(text, '@', 0); at < text.length; at = slice_find(text, '@', at + 1)) {
		size_t end = at + 1;
		while (end < text.length && is_identifier_byte(text.bytes[end]))
			end++;
		symbol name = symbols_find(replay->symbols, slice_part(text, at + 1, end));
		bool within_word = at > 0 && is_identifier_byte(text.bytes[at - 1]); /* an address */
		if (name && !within_word && is_bound(replay, name) && !is_local(frame, name))
			read_global(replay, frame, call, name);
	}
	frame->in_text = in_text;
}
