/* check.h - the findings of many notebooks as one document, in the forms that people
 * and the tools around them read.
 *
 * A form is a row of a table. Files come one by one, in the order in which they were
 * named, so that nothing but the document itself grows with their number:
 *
 *     struct check_document document = {.form = form, .out = &out};
 *     check_begin(&document);
 *     check_file(&document, &checked);     for each file
 *     check_end(&document);
 *
 * Between the calls the caller may write what the builder holds and empty it.
 *
 * Sources: SARIF 2.1.0 (OASIS), GitHub's workflow commands, GitLab's Code Quality
 * report format, JUnit's XML as Jenkins and GitLab read it.
 */
#ifndef NBSCOPE_REPORT_CHECK_H
#define NBSCOPE_REPORT_CHECK_H

#include "findings/policy.h"
#include "notebook/source_places.h"
#include "report/json_writer.h"

/* A finding apart from the analysis that it came from. */
struct check_finding {
	const struct rule *rule;
	enum severity severity; /* the rule's, unless a policy says another */
	enum certainty certainty;
	size_t cell;   /* number of the code cell; 0 for the notebook */
	uint32_t line; /* of the cell, from 1; 0 for the cell as a whole */
	/* Where that is in the .ipynb file; columns are 0 where only the line is known. */
	struct file_region region;
	bool fails;           /* it makes the check fail: it is certain, and severe enough */
	uint64_t fingerprint; /* see check.c */
	struct slice message;
};

/* What was found in one file. */
struct check_file {
	struct slice path;
	struct slice failure; /* why it could not be read, in one line; else empty */
	struct check_finding *findings;
	size_t count;
};

struct check_document;

struct check_form {
	const char *name;
	void (*begin)(struct check_document *document); /* may be null, like the others */
	void (*file)(struct check_document *document, const struct check_file *file);
	void (*end)(struct check_document *document);
};

extern const struct check_form check_form_json, check_form_ndjson, check_form_sarif,
    check_form_gitlab; /* check_json.c */

/* The form of that name, or null. */
const struct check_form *check_form_find(struct slice name);

struct check_document {
	const struct check_form *form;
	struct builder *out;
	struct json_writer json;       /* of the forms that are JSON */
	size_t files, failed;          /* files that were read, and that could not be */
	VECTOR(struct slice) failures; /* for the end of a document that tells them there */
	size_t excluded;               /* notebooks that were named, but that their project passes over */
	size_t of_severity[SEVERITIES];
	struct rule_count {
		size_t count;
		enum severity severity; /* the highest */
	} * of_rule;                /* by place in the catalogue */
};

void check_begin(struct check_document *document);
void check_file(struct check_document *document, const struct check_file *file);
void check_end(struct check_document *document);

/* Takes what was found out of an analysis' stages; all in the arena. */
struct check_file check_file_of(struct arena *arena, const struct notebook *notebook, const struct findings *findings);

/* What a project says of what was found: how severe it is, and what fails a check. */
void check_file_judge(struct check_file *file, const struct judgement *judgement);
bool check_fails(const struct check_finding *finding, unsigned fail_on);

/* What an earlier check wrote as NDJSON. `read_file` is given what was found in each file,
 * in the order in which it stands there, for as long as it runs. Whether it `fails` is not read.
 * False, with the place and the reason, when something else stands there. */
typedef void check_reader(void *context, const struct check_file *file);
bool check_read(struct arena *arena, struct slice path, check_reader *read_file, void *context,
                struct failure *failure);

/* The same of bytes in memory; `path` is only what to call them. */
bool check_read_bytes(struct arena *arena, struct slice path, struct slice text, check_reader *read_file, void *context,
                      struct failure *failure);

/* How severe a form that knows no certainty calls it: what is not certain is no error. */
enum severity check_severity(const struct check_finding *finding);

/* The fingerprint in 16 hexadecimal digits. */
struct slice check_fingerprint(struct arena *arena, uint64_t fingerprint);

/* How often each rule that found something did, the most frequent first; and the sum. */
void check_statistics(const struct check_document *document, struct builder *out);

/* "3 errors, 1 warning and 2 notes in 4 notebooks." */
void check_summary(const struct check_document *document, struct builder *out);

#endif
