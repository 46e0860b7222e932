/* What the compiler demands of the patterns of `match` (PEP 634): each name is
 * bound once, alternatives bind the same names, and what matches everything
 * stands last. */
#include "python/check_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* The names that a pattern binds, in order. */
struct bindings {
	VECTOR(symbol) names;
	struct symbol_set set;
};

static void fail(struct checker *checker, const struct pattern *pattern, struct slice message)
{
	check_fail(checker, CHECK_COMPILER, pattern->span.start, message);
}

static void bind(struct checker *checker, struct bindings *bindings, const struct pattern *pattern, symbol name)
{
	if (!name)
		return;
	if (!symbol_set_add(checker, &bindings->set, name)) {
		fail(checker, pattern,
		     slice_format(checker->arena, "multiple assignments to name '%.*s' in pattern",
		                  SLICE_FORMAT(symbols_name(checker->symbols, name))));
		return;
	}
	vector_push(checker->arena, &bindings->names, name);
	check_stored_name(checker, name, pattern->name_span.start);
}

static void check_pattern(struct checker *checker, struct bindings *bindings, const struct pattern *pattern,
                          bool may_be_irrefutable);

static int compare_symbols(const void *a, const void *b)
{
	symbol x = *(const symbol *)a, y = *(const symbol *)b;
	return x < y ? -1 : x > y;
}

static bool same_names(struct bindings *a, struct bindings *b)
{
	if (a->names.count != b->names.count)
		return false;
	if (a->names.count == 0)
		return true;
	qsort(a->names.items, a->names.count, sizeof(symbol), compare_symbols);
	qsort(b->names.items, b->names.count, sizeof(symbol), compare_symbols);
	return memcmp(a->names.items, b->names.items, a->names.count * sizeof(symbol)) == 0;
}

static void check_alternatives(struct checker *checker, struct bindings *bindings, const struct pattern *pattern,
                               bool may_be_irrefutable)
{
	struct bindings first = {0};
	for (size_t i = 0; i < pattern->count; i++) {
		struct bindings one = {0};
		bool last = i + 1 == pattern->count;
		check_pattern(checker, i == 0 ? &first : &one, pattern->items[i], last && may_be_irrefutable);
		if (i > 0 && !same_names(&first, &one))
			fail(checker, pattern, SLICE("alternative patterns bind different names"));
	}
	for (size_t i = 0; i < first.names.count; i++)
		bind(checker, bindings, pattern, first.names.items[i]);
}

/* Keys that are plain strings or None, True and False; of numbers only the spelling is known. */
static void check_keys(struct checker *checker, const struct pattern *pattern)
{
	struct slice source = checker->module->source, *texts;
	if (pattern->keys.count < 2)
		return;
	size_t slots = 16;
	while (slots < pattern->keys.count * 2)
		slots *= 2;
	texts = arena_array(checker->arena, slots, sizeof *texts);
	for (size_t i = 0; i < pattern->keys.count; i++) {
		const struct expression *key = pattern->keys.items[i];
		struct slice text;
		if (key->kind != EXPRESSION_CONSTANT)
			continue;
		if (!python_string_value(checker->arena, source, key, &text))
			text = slice_part(source, key->span.start, key->span.end);
		char kind = key->constant.is_string ? 's' : 'o';
		text = slice_format(checker->arena, "%c%.*s", kind, SLICE_FORMAT(text));
		size_t slot = (size_t)hash_bytes(text) & (slots - 1);
		while (texts[slot].length && !slice_equal(texts[slot], text))
			slot = (slot + 1) & (slots - 1);
		if (texts[slot].length)
			fail(checker, pattern, SLICE("a key stands twice in a mapping pattern"));
		texts[slot] = text;
	}
}

static void check_parts(struct checker *checker, struct bindings *bindings, const struct pattern *pattern)
{
	for (size_t i = 0; i < pattern->count; i++)
		check_pattern(checker, bindings, pattern->items[i], true);
}

static void check_pattern(struct checker *checker, struct bindings *bindings, const struct pattern *pattern,
                          bool may_be_irrefutable)
{
	switch (pattern->kind) {
	case PATTERN_VALUE: check_expression(checker, pattern->value); return;
	case PATTERN_CAPTURE:
		if (!may_be_irrefutable)
			fail(checker, pattern, SLICE("this pattern makes remaining patterns unreachable"));
		bind(checker, bindings, pattern, pattern->name);
		return;
	case PATTERN_STAR: bind(checker, bindings, pattern, pattern->name); return;
	case PATTERN_OR: check_alternatives(checker, bindings, pattern, may_be_irrefutable); return;
	case PATTERN_AS:
		check_pattern(checker, bindings, pattern->items[0], may_be_irrefutable);
		bind(checker, bindings, pattern, pattern->name);
		return;
	case PATTERN_CLASS:
		check_expression(checker, pattern->value);
		check_parts(checker, bindings, pattern);
		return;
	case PATTERN_MAPPING:
		check_keys(checker, pattern);
		for (size_t i = 0; i < pattern->keys.count; i++)
			check_expression(checker, pattern->keys.items[i]);
		check_parts(checker, bindings, pattern);
		bind(checker, bindings, pattern, pattern->name);
		return;
	case PATTERN_SEQUENCE: check_parts(checker, bindings, pattern); return;
	}
}

void check_case_pattern(struct checker *checker, const struct pattern *pattern, bool may_be_irrefutable)
{
	struct bindings bindings = {0};
	check_pattern(checker, &bindings, pattern, may_be_irrefutable);
}
