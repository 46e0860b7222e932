/* rule_texts.h - the pages of docs/rules, compiled in: the Makefile writes the table. */
#ifndef NBSCOPE_FINDINGS_RULE_TEXTS_H
#define NBSCOPE_FINDINGS_RULE_TEXTS_H

struct rule_text {
	const char *name; /* the code */
	const char *text; /* Markdown */
};

/* Ended by a row without a name. */
extern const struct rule_text rule_texts[];

#endif
