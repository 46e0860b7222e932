#include "findings/policy.h"

#include "base/utf8.h"
#include "findings/glob.h"

const char *const fail_on_names[] = {"note", "warning", "error", "never", NULL};

static const char *const verb_names[POLICY_VERBS] = {
    [POLICY_SELECT] = "select",   [POLICY_IGNORE] = "ignore",   [POLICY_SEVERITY] = "severity",
    [POLICY_FAIL_ON] = "fail-on", [POLICY_EXCLUDE] = "exclude",
};

const char *policy_verb_name(enum policy_verb verb)
{
	return verb_names[verb];
}

/* --- reading a line --- */

struct reading {
	struct arena *arena;
	struct slice line, rest;
	struct failure *failure;
};

static bool is_between(char byte)
{
	return byte == ' ' || byte == '\t' || byte == ',' || byte == '\r';
}

/* Cuts off the next word; false at the end of the line or at a comment. A word in quotes is given
 * without them; where they don't end, that is what the rest of the line says. */
static bool next_word(struct reading *reading, struct slice *word)
{
	struct slice rest = reading->rest;
	size_t start = 0, end;
	while (start < rest.length && is_between(rest.bytes[start]))
		start++;
	if (start == rest.length || rest.bytes[start] == '#')
		return false;
	if (rest.bytes[start] == '"') {
		end = slice_find(rest, '"', start + 1);
		*word = slice_part(rest, start + 1, end);
		end += end < rest.length;
	} else {
		for (end = start; end < rest.length && !is_between(rest.bytes[end]);)
			end++;
		*word = slice_part(rest, start, end);
	}
	reading->rest = slice_part(rest, end, rest.length);
	return true;
}

/* Something is wrong with that part of the line. */
static bool fail(struct reading *reading, struct slice part, struct slice message)
{
	struct slice before = slice_part(reading->line, 0, (size_t)(part.bytes - reading->line.bytes));
	reading->failure->column = 1 + utf8_count(before);
	reading->failure->message = message;
	return false;
}

/* Where the next word would stand. */
static bool fail_at_end(struct reading *reading, const char *message)
{
	return fail(reading, reading->rest, slice_of(message));
}

static enum policy_verb verb_of(struct slice word)
{
	enum policy_verb verb = 0;
	while (verb < POLICY_VERBS && !slice_equal(word, slice_of(verb_names[verb])))
		verb++;
	return verb;
}

bool policy_knows(struct slice line)
{
	struct reading reading = {.line = line, .rest = line};
	struct slice word;
	return next_word(&reading, &word) && (slice_equal(word, SLICE("at")) || verb_of(word) != POLICY_VERBS);
}

static bool read_level(struct reading *reading, struct slice word, bool or_never, unsigned *level)
{
	for (*level = 0; fail_on_names[*level]; ++*level)
		if (slice_equal(word, slice_of(fail_on_names[*level])) && (or_never || *level != FAIL_NEVER))
			return true;
	const char *what = or_never ? "note, warning, error or never" : "note, warning or error";
	return fail(reading, word,
	            slice_format(reading->arena, "a severity is %s, not \"%.*s\"", what, SLICE_FORMAT(word)));
}

/* Rules up to the end of the line; of `severity`, the last word is the severity. */
static bool read_rules(struct reading *reading, struct policy_line *line)
{
	struct slice word, last = {0};
	bool has_last = false;
	while (next_word(reading, &word)) {
		struct slice stranger, named = line->verb == POLICY_SEVERITY ? last : word;
		if ((has_last || line->verb != POLICY_SEVERITY) &&
		    !selection_add(reading->arena, &line->rules, named, &stranger))
			return fail(reading, named, slice_format(reading->arena, "there is no rule \"%.*s\"", SLICE_FORMAT(named)));
		last = word;
		has_last = true;
	}
	if (line->verb == POLICY_SEVERITY && has_last && !read_level(reading, last, false, &line->severity))
		return false;
	return line->rules.count ||
	       fail_at_end(reading, line->verb == POLICY_SEVERITY ? "rules are missing, and how severe they are"
	                                                          : "rules are missing");
}

static bool read_end(struct reading *reading)
{
	struct slice word;
	return !next_word(reading, &word) ||
	       fail(reading, word, slice_format(reading->arena, "\"%.*s\" is too much here", SLICE_FORMAT(word)));
}

static bool read_pattern(struct reading *reading, struct slice *pattern)
{
	return (next_word(reading, pattern) && pattern->length) || fail_at_end(reading, "a pattern for paths is missing");
}

/* What `verb` says in the rest of the line. */
static bool read_verb(struct reading *reading, struct policy *policy, struct policy_line *line)
{
	struct slice word;
	switch (line->verb) {
	case POLICY_SELECT:
	case POLICY_IGNORE:
	case POLICY_SEVERITY:
		if (!read_rules(reading, line))
			return false;
		break;
	case POLICY_FAIL_ON:
		if (!next_word(reading, &word))
			return fail_at_end(reading, "a severity is missing");
		if (!read_level(reading, word, true, &line->severity) || !read_end(reading))
			return false;
		break;
	case POLICY_EXCLUDE:
		if (!read_pattern(reading, &line->pattern))
			return false;
		while (next_word(reading, &word)) {
			vector_push(reading->arena, &policy->lines, *line);
			line->pattern = word;
		}
		break;
	case POLICY_VERBS: break;
	}
	vector_push(reading->arena, &policy->lines, *line);
	return true;
}

bool policy_add(struct arena *arena, struct policy *policy, struct slice text, enum policy_source source,
                struct slice file, uint64_t number, struct failure *failure)
{
	struct reading reading = {arena, text, text, failure};
	struct slice word;
	*failure = (struct failure){.file = file, .line = number};
	while (next_word(&reading, &word))
		continue;
	struct slice said = slice_trim(slice_part(text, 0, text.length - reading.rest.length));
	struct policy_line line = {.text = said, .source = source, .file = file, .number = number};
	reading.rest = text;
	if (!next_word(&reading, &word))
		return true;
	bool has_place = slice_equal(word, SLICE("at"));
	if (has_place && !read_pattern(&reading, &line.pattern))
		return false;
	if (has_place && !next_word(&reading, &word))
		return fail_at_end(&reading, "what holds there is missing: select, ignore, severity or fail-on");
	line.verb = verb_of(word);
	if (line.verb == POLICY_VERBS || (has_place && line.verb == POLICY_EXCLUDE))
		return fail(&reading, word,
		            slice_format(arena, "\"%.*s\" is none of select, ignore, severity%s", SLICE_FORMAT(word),
		                         has_place ? " and fail-on" : ", fail-on, exclude and at"));
	return read_verb(&reading, policy, &line);
}

/* --- what it says --- */

static bool holds_at(struct arena *arena, const struct policy_line *line, struct slice path)
{
	return line->pattern.length == 0 || glob_means(arena, line->pattern, path);
}

/* Takes one line into account; `selects` is the one source whose selections hold. */
static void apply(struct judgement *judgement, const struct policy_line *line, enum policy_source selects)
{
	for (size_t i = 0; rule_catalogue[i].code && line->rules.count; i++) {
		struct verdict *verdict = &judgement->rules[i];
		if (!selection_has(&line->rules, &rule_catalogue[i]))
			continue;
		if (line->verb == POLICY_SEVERITY) {
			verdict->severity = (enum severity)line->severity;
			verdict->why_severity = line;
		} else if (line->verb == POLICY_IGNORE || line->source == selects) {
			verdict->counts = line->verb == POLICY_SELECT;
			verdict->why_counts = line;
		}
	}
	if (line->verb == POLICY_FAIL_ON) {
		judgement->fail_on = line->severity;
		judgement->why_fail_on = line;
	}
	if (line->verb == POLICY_EXCLUDE)
		judgement->excluded = line;
}

struct judgement *policy_judge(struct arena *arena, const struct policy *policy, struct slice path)
{
	struct judgement *judgement = arena_alloc(arena, sizeof *judgement);
	size_t count = 0;
	while (rule_catalogue[count].code)
		count++;
	*judgement =
	    (struct judgement){.rules = arena_array(arena, count, sizeof *judgement->rules), .fail_on = SEVERITY_ERROR};
	bool *holds = arena_array(arena, policy->lines.count, sizeof *holds);
	bool selects = false;
	enum policy_source selecting = POLICY_OF_USER;
	for (size_t i = 0; i < policy->lines.count; i++) {
		const struct policy_line *line = &policy->lines.items[i];
		holds[i] = holds_at(arena, line, path);
		if (holds[i] && line->verb == POLICY_SELECT) {
			selecting = !selects || line->source > selecting ? line->source : selecting;
			selects = true;
		}
	}
	for (size_t i = 0; i < count; i++)
		judgement->rules[i] = (struct verdict){.counts = !selects, .severity = rule_catalogue[i].severity};
	/* What is ignored stays so, whatever the order of the lines. */
	for (int ignores = 0; ignores < 2; ignores++)
		for (size_t i = 0; i < policy->lines.count; i++)
			if (holds[i] && (policy->lines.items[i].verb == POLICY_IGNORE) == ignores)
				apply(judgement, &policy->lines.items[i], selecting);
	return judgement;
}

bool policy_excludes(struct arena *arena, const struct policy *policy, struct slice path)
{
	bool is_excluded = false;
	for (size_t i = 0; i < policy->lines.count && !is_excluded; i++) {
		const struct policy_line *line = &policy->lines.items[i];
		is_excluded = line->verb == POLICY_EXCLUDE && glob_means(arena, line->pattern, path);
	}
	return is_excluded;
}

const struct verdict *verdict_of(const struct judgement *judgement, const struct rule *rule)
{
	return &judgement->rules[rule - rule_catalogue];
}

void findings_keep(struct findings *findings, const struct judgement *judgement)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct rule *rule = findings->items[i].rule;
		if (verdict_of(judgement, rule)->counts)
			findings->items[kept++] = findings->items[i];
		else
			findings->of_severity[rule->severity]--;
	}
	findings->count = kept;
}
