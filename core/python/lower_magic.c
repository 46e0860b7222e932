/* Magics and shell lines: what they read from the namespace before they run, the
 * Python that they hold, and what they bind or delete afterwards. */
#include <string.h>

#include "python/lower.h"
#include "python/magics.h"

/* `{x}` and `$x` are looked up first; what is missing is left as it stands. */
static void lower_fields(struct lowering *lowering, const struct magic *magic)
{
	struct building *building = lowering->building;
	int32_t handler = building->handler;
	building->handler = NO_HANDLER;
	building->soft = true;
	building->field_variables = (uint32_t)building->scope.variables.count;
	for (size_t i = 0; i < magic->fields.count; i++)
		lower_expression(lowering, magic->fields.items[i]);
	building->soft = false;
	building->handler = handler;
}

/* The body of %timeit runs as a function of its own: what it binds is lost. */
static void lower_timed(struct lowering *lowering, const struct magic *magic)
{
	struct scope scope;
	struct block *block = lowering->building->block;
	lowering->building->block = NULL;
	scopes_open(lowering->scopes, &scope, SCOPE_FUNCTION, 0);
	scopes_bind_body(lowering->scopes, &magic->setup);
	scopes_bind_body(lowering->scopes, &magic->python);
	lower_body(lowering, &magic->setup);
	lower_body(lowering, &magic->python);
	scopes_close(lowering->scopes);
	lowering->building->block = block;
}

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* The ASCII identifier at the beginning of the text, or an empty slice. */
static struct slice leading_name(struct slice text)
{
	size_t end = 0;
	while (end < text.length && is_name_byte(text.bytes[end]))
		end++;
	if (end && text.bytes[0] >= '0' && text.bytes[0] <= '9')
		end = 0;
	return slice_part(text, 0, end);
}

static void bind_name(struct lowering *lowering, struct slice name, struct span span, bool soft)
{
	value_id value = lower_emit_value(lowering, EVENT_OPERATE, span, 0, 0);
	lower_bind(lowering, symbols_intern(lowering->symbols, name), value, span);
	if (lower_is_reached(lowering))
		lowering->events.items[lowering->events.count - 1].soft = soft;
}

/* What an option such as `--out NAME` or `--out=NAME` binds, where the magic has something to store there. */
static void bind_options(struct lowering *lowering, struct slice line, const struct slice *options, size_t count,
                         struct span span, bool soft)
{
	for (size_t i = 0; i < line.length; i++)
		for (size_t k = 0; k < count; k++) {
			struct slice rest = slice_part(line, i, line.length);
			if (!slice_starts(rest, options[k]))
				continue;
			rest = slice_part(rest, options[k].length, rest.length);
			struct slice trimmed = slice_trim(rest);
			if (rest.length && rest.bytes[0] == '=')
				trimmed = slice_part(rest, 1, rest.length);
			else if (!rest.length || !strchr(" \t", rest.bytes[0]))
				continue;
			struct slice name = leading_name(trimmed);
			struct label skip = {0};
			if (!name.length)
				continue;
			lower_branch(lowering, &skip, BRANCH_SILENT, 0, false, span);
			bind_name(lowering, name, span, soft);
			lower_place(lowering, &skip);
		}
}

/* The first word that is no option. */
static struct slice first_argument(struct slice line)
{
	for (size_t start = 0; start < line.length;) {
		while (start < line.length && strchr(" \t\n", line.bytes[start]))
			start++;
		size_t end = start;
		while (end < line.length && !strchr(" \t\n", line.bytes[end]))
			end++;
		if (end > start && line.bytes[start] != '-')
			return slice_part(line, start, end);
		start = end;
	}
	return SLICE("");
}

static struct slice last_word(struct slice line)
{
	line = slice_trim(line);
	size_t start = line.length;
	while (start && !strchr(" \t\n", line.bytes[start - 1]))
		start--;
	return slice_part(line, start, line.length);
}

static void emit_opaque(struct lowering *lowering, const struct magic *magic, enum opaque_kind kind, struct span span)
{
	if (!lower_is_reached(lowering))
		return;
	struct event *event = lower_emit(lowering, EVENT_OPAQUE, span);
	event->index = (int32_t)kind;
	const char *sign = magic->kind == MAGIC_CELL ? "%%" : "%";
	event->text =
	    symbols_intern(lowering->symbols, slice_format(lowering->scratch, "%s%.*s", sign, SLICE_FORMAT(magic->name)));
}

/* Whether `-r` is among the options. */
static bool has_option(struct slice line, struct slice option)
{
	for (struct slice rest = slice_trim(line); rest.length;) {
		size_t end = slice_find(rest, ' ', 0);
		if (slice_equal(slice_part(rest, 0, end), option))
			return true;
		rest = slice_trim(slice_part(rest, end, rest.length));
	}
	return false;
}

static enum opaque_kind opaque_kind(struct slice name)
{
	if (slice_equal(name, SLICE("run")))
		return OPAQUE_RUN;
	return slice_equal(name, SLICE("pylab")) ? OPAQUE_PYLAB : OPAQUE_LOAD;
}

/* `%%sql rows << SELECT ...` binds rows. */
static void bind_redirected(struct lowering *lowering, struct slice line, struct span span)
{
	for (size_t at = slice_find(line, '<', 0); at + 1 < line.length; at = slice_find(line, '<', at + 1)) {
		if (line.bytes[at + 1] != '<')
			continue;
		struct slice name = last_word(slice_trim(slice_part(line, 0, at)));
		if (name.length && leading_name(name).length == name.length)
			bind_name(lowering, name, span, true);
		return;
	}
}

static void lower_effect(struct lowering *lowering, const struct magic *magic, const struct magic_rule *rule,
                         struct span span)
{
	static const struct slice outputs[] = {SLICE_CONSTANT("--out"), SLICE_CONSTANT("--err"), SLICE_CONSTANT("--proc")};
	static const struct slice results[] = {SLICE_CONSTANT("-o"), SLICE_CONSTANT("--output")};
	if (!rule) {
		/* Extensions: %%R -o x and its like. */
		if (magic->kind == MAGIC_CELL)
			bind_options(lowering, magic->line, results, 2, span, true);
		if (slice_equal(magic->name, SLICE("sql")))
			bind_redirected(lowering, magic->line, span);
		if (magic->kind == MAGIC_CELL || magic->kind == MAGIC_LINE)
			emit_opaque(lowering, magic, OPAQUE_MAGIC, span);
		return;
	}
	switch (rule->effect) {
	case MAGIC_EFFECT_SCRIPT: bind_options(lowering, magic->line, outputs, 3, span, false); break;
	case MAGIC_EFFECT_OPAQUE: emit_opaque(lowering, magic, opaque_kind(magic->name), span); break;
	case MAGIC_EFFECT_STORE:
		if (has_option(magic->line, SLICE("-r")))
			emit_opaque(lowering, magic, OPAQUE_STORE, span);
		break;
	case MAGIC_EFFECT_DELETE: {
		struct slice name = last_word(magic->line);
		if (name.length && leading_name(name).length == name.length)
			lower_delete(lowering, symbols_intern(lowering->symbols, name), span);
		break;
	}
	case MAGIC_EFFECT_MACRO: {
		struct slice name = first_argument(magic->line);
		if (name.length && leading_name(name).length == name.length) {
			bind_name(lowering, name, span, true);
			emit_opaque(lowering, magic, OPAQUE_MAGIC, span);
		}
		break;
	}
	case MAGIC_EFFECT_ALIAS: emit_opaque(lowering, magic, OPAQUE_MAGIC, span); break;
	case MAGIC_EFFECT_NONE:
	case MAGIC_EFFECT_RERUN:
	case MAGIC_EFFECT_RESET:
	case MAGIC_EFFECT_RESET_SELECTIVE:
	case MAGIC_EFFECT_WRITE: break;
	}
}

static void lower_python(struct lowering *lowering, const struct magic *magic, const struct magic_rule *rule,
                         struct span span)
{
	if (rule && rule->body == MAGIC_BODY_TIMEIT) {
		lower_timed(lowering, magic);
		return;
	}
	lower_body(lowering, &magic->setup);
	lower_body(lowering, &magic->python);
	if (!rule || rule->body != MAGIC_BODY_CAPTURE)
		return;
	struct slice name = first_argument(magic->line);
	if (!name.length || leading_name(name).length != name.length)
		return;
	if (lowering->building->reach == REACH_NONE)
		lowering->building->reach = REACH_SUPPRESSED; /* it is bound even if the body never ends well */
	bind_name(lowering, name, span, false);
	if (magic->kind == MAGIC_CELL)
		lowering->building->program->captured = lower_position(lowering);
}

static value_id emit_magic(struct lowering *lowering, const struct magic *magic, const struct magic_rule *rule,
                           struct span span)
{
	struct event *event = lower_emit(lowering, EVENT_MAGIC, span);
	event->index = (int32_t)magic->kind;
	if (rule && rule->effect == MAGIC_EFFECT_WRITE)
		event->text = symbols_intern(lowering->symbols, last_word(magic->line));
	else if (rule && (rule->effect == MAGIC_EFFECT_RESET || rule->effect == MAGIC_EFFECT_RESET_SELECTIVE ||
	                  rule->effect == MAGIC_EFFECT_RERUN))
		event->text = symbols_intern(lowering->symbols, magic->line);
	event->name = magic->name.length ? symbols_intern(lowering->symbols, magic->name) : 0;
	if (magic->kind != MAGIC_QUOTE) /* an ordinary call, for Python */
		lowering->building->program->has_magic = true;
	return event->value = ++lowering->building->values;
}

static const struct magic_rule *rule_of(const struct magic *magic)
{
	if (magic->kind != MAGIC_LINE && magic->kind != MAGIC_CELL)
		return NULL;
	return python_magic_rule(magic->name, magic->kind == MAGIC_CELL);
}

void lower_magic_statement(struct lowering *lowering, const struct statement *statement)
{
	const struct magic *magic = statement->magic;
	const struct magic_rule *rule = rule_of(magic);
	if (magic->kind == MAGIC_HELP && !magic->line.length) { /* IPython makes it get_ipython().show_usage() */
		lower_read(lowering, symbols_intern(lowering->symbols, SLICE("get_ipython")), statement->span);
		return;
	}
	lower_fields(lowering, magic);
	emit_magic(lowering, magic, rule, statement->span);
	lower_python(lowering, magic, rule, statement->span);
	lower_effect(lowering, magic, rule, statement->span);
}

/* `x = %time f()`: the Python runs, then the magic's value is assigned. */
value_id lower_magic_value(struct lowering *lowering, const struct expression *expression)
{
	const struct magic *magic = expression->magic;
	const struct magic_rule *rule = rule_of(magic);
	lower_fields(lowering, magic);
	lower_python(lowering, magic, rule, expression->span);
	return emit_magic(lowering, magic, rule, expression->span);
}
