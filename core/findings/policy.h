/* policy.h - what counts of what the rules find: which rules, how severe, where, and what makes
 * a check fail. It is written as lines, in a project's file, in a user's own configuration or on
 * the command line:
 *
 *     select RULE...               only these rules count (several such lines add up)
 *     ignore RULE...               these don't
 *     severity RULE... SEVERITY    they are as severe as this (the last such line holds)
 *     fail-on SEVERITY             something certain that is as severe fails a check
 *     exclude PATTERN...           these notebooks and folders are passed over
 *     at PATTERN LINE              one of the first four, for the notebooks that are meant
 *
 * Words are divided by blanks or commas, and may stand in double quotes. `#` at the start of a
 * word begins a comment. Rules are named as in selection.h, patterns are those of glob.h.
 */
#ifndef NBSCOPE_FINDINGS_POLICY_H
#define NBSCOPE_FINDINGS_POLICY_H

#include "base/failure.h"
#include "findings/selection.h"

enum policy_verb { POLICY_SELECT, POLICY_IGNORE, POLICY_SEVERITY, POLICY_FAIL_ON, POLICY_EXCLUDE, POLICY_VERBS };

/* What never happens is one above all severities. */
enum { FAIL_NEVER = SEVERITIES };

/* "note" ... "never", by severity, ended by null. */
extern const char *const fail_on_names[];

/* Which of the sources of a policy a line comes from. */
enum policy_source { POLICY_OF_USER, POLICY_OF_PROJECT, POLICY_OF_COMMAND };

struct policy_line {
	enum policy_verb verb;
	struct slice pattern;   /* of `at`, and of `exclude`; empty for everywhere */
	struct selection rules; /* of select, ignore and severity */
	unsigned severity;      /* of severity and fail-on; see FAIL_NEVER */
	struct slice text;      /* as it is written, without a comment */
	enum policy_source source;
	struct slice file; /* that it stands in; empty on the command line */
	uint64_t number;   /* of the line there */
};

struct policy {
	VECTOR(struct policy_line) lines;
};

/* Whether the line begins with one of the words above. */
bool policy_knows(struct slice line);

/* Adds a line, which must live as long as the policy; an empty one says nothing. False, with the
 * place and the reason, when it makes no sense. */
bool policy_add(struct arena *arena, struct policy *policy, struct slice text, enum policy_source source,
                struct slice file, uint64_t number, struct failure *failure);

/* What a policy says of one notebook. */
struct judgement {
	struct verdict {
		bool counts;
		enum severity severity;
		const struct policy_line *why_counts, *why_severity; /* null: by default */
	} * rules;                                               /* by place in the catalogue */
	unsigned fail_on;
	const struct policy_line *why_fail_on;
	const struct policy_line *excluded; /* by this line, or null */
};

/* Judges a path, as it is called from where the patterns of the policy begin. What the command
 * line selects takes the place of what files select. */
struct judgement *policy_judge(struct arena *arena, const struct policy *policy, struct slice path);

/* Whether `exclude` means this notebook or folder. */
bool policy_excludes(struct arena *arena, const struct policy *policy, struct slice path);

/* Leaves only findings of rules that count. */
void findings_keep(struct findings *findings, const struct judgement *judgement);

const struct verdict *verdict_of(const struct judgement *judgement, const struct rule *rule);

/* "select" ... */
const char *policy_verb_name(enum policy_verb verb);

#endif
