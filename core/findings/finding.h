/* finding.h - one thing that a reviewer should know, with where it stands, how bad
 * it is and how sure it is.
 *
 * A rule is a row of the catalogue (catalogue.c) and a pure function of the stages
 * before it, in the file of its family. Findings come sorted: by cell, line, code.
 */
#ifndef NBSCOPE_FINDINGS_FINDING_H
#define NBSCOPE_FINDINGS_FINDING_H

#include "flow/status.h"

/* How much it matters when it is true; how surely it is true is the certainty. */
enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITIES };

enum family {
	FAMILY_HIDDEN_STATE,
	FAMILY_REPRODUCIBILITY,
	FAMILY_DATA_SCIENCE,
	FAMILY_STRUCTURE,
	FAMILY_SAFETY,
	FAMILIES,
};

struct finder;

struct rule {
	const char *code; /* "NB101"; the first digit is the family's */
	const char *name; /* "undefined-on-rerun" */
	enum family family;
	enum severity severity;
	const char *summary;                  /* one sentence */
	const char *certainty;                /* how sure its findings are, and why: "certain", "likely: ..." */
	void (*check)(struct finder *finder); /* adds what it finds; null: suppression.c does */
};

/* In the order of the codes, ended by a row without a code. */
extern const struct rule rule_catalogue[];

struct finding {
	const struct rule *rule;
	enum certainty certainty;
	size_t cell;          /* number of the code cell; 0 for the notebook as a whole */
	uint32_t line;        /* of the cell's source, from 1; 0 for the cell as a whole */
	struct slice message; /* one sentence or more, each with its full stop; printable */
};

struct findings {
	struct finding *items;
	size_t count;
	size_t of_severity[SEVERITIES];
};

/* The stages that rules look at. */
struct evidence {
	struct symbols *symbols;
	const struct notebook *notebook;
	struct effects *const *effects;
	const struct status_report *status;
};

/* Everything that the rules find, in the arena. */
struct findings *findings_of(struct arena *arena, const struct evidence *evidence);

/* The page that explains a rule, in Markdown: docs/rules/CODE.md, compiled in. */
struct slice rule_page(const struct rule *rule);

/* The rule with that code or name, or null. */
const struct rule *rule_find(struct slice code_or_name);

const char *severity_name(enum severity severity); /* "note", "warning", "error" */
const char *family_name(enum family family);       /* "hidden state" ... */

#endif
