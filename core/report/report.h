/* report.h - the forms in which an analysis is written for people and programs.
 *
 * Each function appends one document to the builder. JSON is versioned
 * ("schema": 1); its keys are documented in docs/json.md. Text is UTF-8 and
 * free of control characters other than line feeds, whatever the notebook holds.
 */
#ifndef NBSCOPE_REPORT_REPORT_H
#define NBSCOPE_REPORT_REPORT_H

#include "analysis.h"

/* The review of a notebook (review.h): in plain text, wrapped to `width` columns (0: not),
 * for a terminal that has colours or not; and as JSON. */
void report_text(struct builder *out, const struct analysis *analysis, unsigned width, bool has_colours);
void report_json(struct builder *out, const struct analysis *analysis);
/* ... as one page of HTML that needs nothing else and holds no script; */
void report_html(struct builder *out, const struct analysis *analysis);
/* ... and as Markdown for a comment on GitHub, of at most `room` bytes unless the sentences
 * that it begins with alone are more. */
void report_markdown(struct builder *out, const struct analysis *analysis, size_t room);

/* What each cell's status is. */
void status_text(struct builder *out, const struct analysis *analysis, unsigned width);
void status_json(struct builder *out, const struct analysis *analysis);

/* The runs in order. */
void log_text(struct builder *out, const struct analysis *analysis, unsigned width);
void log_json(struct builder *out, const struct analysis *analysis);

/* What has to be installed for its imports, as a requirements file has it; as JSON each import. */
void imports_text(struct builder *out, const struct analysis *analysis);
void imports_json(struct builder *out, const struct analysis *analysis);

/* The rules: a line each, or one JSON object. */
void rules_text(struct builder *out, unsigned width);
void rules_json(struct builder *out);
/* Who needs what from whom: in the order of the runs, of the file, or both. DOT is
 * Graphviz's language, https://graphviz.org/doc/info/lang.html; Mermaid's is
 * https://mermaid.js.org/syntax/flowchart.html. */
enum graph_orders { GRAPH_BOTH, GRAPH_EXECUTION_ONLY, GRAPH_FILE_ONLY };
void graph_text(struct builder *out, const struct analysis *analysis, enum graph_orders orders, unsigned width);
void graph_json(struct builder *out, const struct analysis *analysis, enum graph_orders orders);
void graph_dot(struct builder *out, const struct analysis *analysis, enum graph_orders orders);
void graph_mermaid(struct builder *out, const struct analysis *analysis, enum graph_orders orders);

/* Which cells to run again, or to move, where results don't stand. */
void plan_text(struct builder *out, const struct analysis *analysis, unsigned width);
void plan_json(struct builder *out, const struct analysis *analysis);

/* A Python script of what a result rests on, as it ran: `what` is the number of a code
 * cell, or a name, for what it is bound to in the end. False when there is no such
 * result, with why in `*problem`. */
bool script_of_slice(struct builder *out, const struct analysis *analysis, struct slice what, struct slice *problem);

/* The effects of each cell: a paragraph, or one JSON object a line. `effects`
 * holds `count` of them; `file` is what to call the source. */
void effects_text(struct builder *out, const struct symbols *symbols, struct slice file, struct effects *const *effects,
                  size_t count, unsigned width);
void effects_json(struct builder *out, const struct symbols *symbols, struct slice file, struct effects *const *effects,
                  size_t count);

#endif
