/* match (PEP 634): patterns as tests that go to the next case, names bound only
 * once the whole pattern holds, as CPython's compiler does. */
#include "python/lower.h"

struct capture {
	symbol name;
	value_id value;
	struct span span;
};

struct captures {
	VECTOR(struct capture) list;
};

static void capture(struct lowering *lowering, struct captures *captures, const struct pattern *pattern, value_id value)
{
	if (!pattern->name)
		return;
	struct capture capture = {pattern->name, value, pattern->name_span.end ? pattern->name_span : pattern->span};
	vector_push(lowering->scratch, &captures->list, capture);
}

static void fail(struct lowering *lowering, struct label *label, const struct pattern *pattern, value_id condition)
{
	lower_branch(lowering, label, BRANCH_MATCH, condition, false, pattern->span);
}

static value_id part(struct lowering *lowering, const struct pattern *pattern, value_id subject, int32_t index)
{
	value_id value = lower_emit_value(lowering, EVENT_UNPACK, pattern->span, subject, 0);
	if (lower_is_reached(lowering))
		lowering->events.items[lowering->events.count - 1].index = index;
	return value;
}

static void lower_pattern(struct lowering *lowering, const struct pattern *pattern, value_id subject,
                          struct label *otherwise, struct captures *captures);

static void lower_parts(struct lowering *lowering, const struct pattern *pattern, value_id subject,
                        struct label *otherwise, struct captures *captures)
{
	bool starred = pattern->kind != PATTERN_SEQUENCE;
	for (size_t i = 0; i < pattern->count; i++) {
		starred |= pattern->items[i]->kind == PATTERN_STAR;
		value_id value = part(lowering, pattern->items[i], subject, starred ? -1 : (int32_t)i);
		lower_pattern(lowering, pattern->items[i], value, otherwise, captures);
	}
}

/* Whichever alternative holds binds the same names. */
static void lower_alternatives(struct lowering *lowering, const struct pattern *pattern, value_id subject,
                               struct label *otherwise, struct captures *captures)
{
	struct label found = {0};
	for (size_t i = 0; i < pattern->count; i++) {
		struct label next = {0};
		struct captures own = {{0}};
		bool last = i + 1 == pattern->count;
		lower_pattern(lowering, pattern->items[i], subject, last ? otherwise : &next, &own);
		if (i == 0)
			for (size_t k = 0; k < own.list.count; k++)
				vector_push(lowering->scratch, &captures->list, own.list.items[k]);
		if (!last)
			lower_jump(lowering, &found, pattern->span);
		lower_place(lowering, &next);
	}
	lower_place(lowering, &found);
}

static void lower_pattern(struct lowering *lowering, const struct pattern *pattern, value_id subject,
                          struct label *otherwise, struct captures *captures)
{
	switch (pattern->kind) {
	case PATTERN_VALUE: {
		struct event_argument operands[2] = {{.value = subject}, {.value = lower_expression(lowering, pattern->value)}};
		fail(lowering, otherwise, pattern, lower_emit_list(lowering, EVENT_OPERATE, pattern->span, operands, 2));
		break;
	}
	case PATTERN_CAPTURE:
	case PATTERN_STAR: capture(lowering, captures, pattern, subject); break;
	case PATTERN_SEQUENCE:
		fail(lowering, otherwise, pattern, 0);
		lower_parts(lowering, pattern, subject, otherwise, captures);
		break;
	case PATTERN_MAPPING:
		fail(lowering, otherwise, pattern, 0);
		for (size_t i = 0; i < pattern->keys.count; i++)
			lower_expression(lowering, pattern->keys.items[i]);
		if (pattern->keys.count)
			fail(lowering, otherwise, pattern, 0);
		lower_parts(lowering, pattern, subject, otherwise, captures);
		if (pattern->name)
			capture(lowering, captures, pattern, part(lowering, pattern, subject, -1));
		break;
	case PATTERN_CLASS: {
		value_id class = lower_expression(lowering, pattern->value);
		fail(lowering, otherwise, pattern, class);
		lower_parts(lowering, pattern, subject, otherwise, captures);
		break;
	}
	case PATTERN_OR: lower_alternatives(lowering, pattern, subject, otherwise, captures); break;
	case PATTERN_AS:
		lower_pattern(lowering, pattern->items[0], subject, otherwise, captures);
		capture(lowering, captures, pattern, subject);
		break;
	}
}

void lower_match(struct lowering *lowering, const struct statement *statement)
{
	struct label end = {0};
	value_id subject = lower_expression(lowering, statement->value);
	for (size_t i = 0; i < statement->cases.count && lower_is_reached(lowering); i++) {
		const struct match_case *match_case = &statement->cases.items[i];
		struct label next = {0};
		struct captures captures = {{0}};
		lower_pattern(lowering, match_case->pattern, subject, &next, &captures);
		for (size_t k = 0; k < captures.list.count; k++)
			lower_bind(lowering, captures.list.items[k].name, captures.list.items[k].value,
			           captures.list.items[k].span);
		if (match_case->guard)
			lower_condition(lowering, match_case->guard, &next, false, BRANCH_IF);
		lower_body(lowering, &match_case->body);
		lower_end_branch(lowering, &end, match_case->span);
		lower_place(lowering, &next);
	}
	lower_place(lowering, &end);
}
