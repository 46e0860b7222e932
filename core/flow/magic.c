/* What IPython's magics do to the namespace that lowering could not tell from the
 * source alone: those that go by what is bound, or by what ran before. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "flow/interpreter.h"
#include "python/magics.h"
#include "python/names.h"

static bool is_option(struct slice word)
{
	return word.length > 1 && word.bytes[0] == '-';
}

/* The line without its options; `forced` when one of them is `-f`. */
static struct slice without_options(struct slice line, bool *forced)
{
	struct slice rest = line, word = slice_next_word(&rest);
	for (*forced = false; is_option(word); word = slice_next_word(&rest)) {
		*forced = *forced || slice_find(word, 'f', 0) < word.length;
		line = rest;
	}
	return slice_trim(line);
}

/* A pattern of Python's is one of PCRE2's in nearly all cases. */
struct name_pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
};

static bool pattern_matches(const struct name_pattern *pattern, struct slice name)
{
	return pcre2_match(pattern->code, (PCRE2_SPTR)name.bytes, name.length, 0, 0, pattern->match, pattern->context) >= 0;
}

/* Unbinds the names that match, or all; looking at them is work. */
static void unbind_names(struct replay *replay, struct frame *frame, const struct name_pattern *pattern)
{
	replay->steps += replay->global_count / 8;
	replay->all_steps += replay->global_count / 8;
	for (symbol name = 1; name < replay->global_count && replay->all_steps <= MAX_ALL_STEPS; name++) {
		const struct global *global = replay->globals[name];
		struct slice text = symbols_name(replay->symbols, name);
		if (!global || global->kernel_number != replay->kernel_number || !global->place.now.object ||
		    python_is_history_name(text) || (pattern && !pattern_matches(pattern, text)))
			continue;
		unbind_global(replay, frame, name);
	}
}

static void unbind_matching(struct replay *replay, struct frame *frame, struct slice text)
{
	int error;
	PCRE2_SIZE offset;
	struct name_pattern pattern = {
	    .code = pcre2_compile((PCRE2_SPTR)text.bytes, text.length, PCRE2_UTF, &error, &offset, NULL),
	    .match = pcre2_match_data_create(1, NULL),
	    .context = pcre2_match_context_create(NULL),
	};
	enum { MATCH_LIMIT = 10000 }; /* names are short */
	if (pattern.code && pattern.match && pattern.context) {
		pcre2_set_match_limit(pattern.context, MATCH_LIMIT);
		unbind_names(replay, frame, &pattern);
	}
	pcre2_match_context_free(pattern.context);
	pcre2_match_data_free(pattern.match);
	pcre2_code_free(pattern.code);
}

/* `%reset -f`; asked without `-f`, or for a part of the history, what it does is not known. */
static void reset(struct replay *replay, struct frame *frame, struct slice line)
{
	bool forced;
	line = without_options(line, &forced);
	if (forced && line.length == 0)
		unbind_names(replay, frame, NULL);
}

static bool read_count(struct slice *text, int64_t *count)
{
	size_t i = 0;
	*count = 0;
	for (; i < text->length && text->bytes[i] >= '0' && text->bytes[i] <= '9' && *count < INT32_MAX; i++)
		*count = *count * 10 + (text->bytes[i] - '0');
	*text = slice_part(*text, i, text->length);
	return i > 0;
}

/* `%rerun 3 5-7`, and without counts the input before. */
static void rerun(struct replay *replay, struct frame *frame, const struct event *event, struct slice line)
{
	bool forced;
	line = without_options(line, &forced);
	if (line.length == 0) {
		if (!run_input(replay, frame, event, replay->request->count - 1))
			become_opaque(replay, SLICE(""));
		return;
	}
	enum { MOST = 64 };
	for (struct slice word = slice_next_word(&line); word.length; word = slice_next_word(&line)) {
		int64_t first, last;
		bool known = read_count(&word, &first);
		last = first;
		if (known && word.length > 1 && (word.bytes[0] == '-' || word.bytes[0] == ':')) {
			bool closed = word.bytes[0] == '-';
			word = slice_part(word, 1, word.length);
			known = read_count(&word, &last);
			last -= !closed;
		}
		known = known && word.length == 0 && last - first < MOST;
		for (int64_t count = first; known && count <= last && !has_failed(replay); count++)
			known = run_input(replay, frame, event, count);
		if (!known)
			become_opaque(replay, SLICE(""));
	}
}

struct object *run_magic(struct replay *replay, struct frame *frame, const struct event *event)
{
	struct slice name = symbols_name(replay->symbols, event->name), line = symbols_name(replay->symbols, event->text);
	/* A cell magic that does not begin its cell is no magic: IPython stops there. */
	if (event->index == MAGIC_LINE && slice_starts(name, SLICE("%")) && frame_level(frame) == LEVEL_CERTAIN)
		replay->run->failed = true;
	if (event->index != MAGIC_LINE && event->index != MAGIC_CELL)
		return make_object(replay, OBJECT_UNKNOWN);
	const struct magic_rule *rule = python_magic_rule(name, event->index == MAGIC_CELL);
	bool forced;
	switch (rule ? rule->effect : MAGIC_EFFECT_NONE) {
	case MAGIC_EFFECT_RESET: reset(replay, frame, line); break;
	case MAGIC_EFFECT_RESET_SELECTIVE:
		line = without_options(line, &forced);
		if (forced)
			unbind_matching(replay, frame, line);
		break;
	case MAGIC_EFFECT_RERUN: rerun(replay, frame, event, line); break;
	default: break;
	}
	return make_object(replay, OBJECT_UNKNOWN);
}
