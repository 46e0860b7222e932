/* finder.h - what a rule works with; private to core/findings. */
#ifndef NBSCOPE_FINDINGS_FINDER_H
#define NBSCOPE_FINDINGS_FINDER_H

#include "findings/finding.h"

struct finder {
	struct arena *arena;
	const struct evidence *evidence;
	const struct rule *rule;               /* the one at work */
	const struct library_use *library_use; /* see library_calls.h; null until it is asked for */
	const struct lineage *lineage;         /* see lineage.h; likewise */
	VECTOR(struct finding) found;
};

/* Adds a finding of the rule at work; the sentence is made printable. */
void finder_add(struct finder *finder, enum certainty certainty, size_t cell, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The line of the source, from 1, on which the byte stands. */
uint32_t finder_line(struct slice source, size_t offset);

/* The rules, by family. */
void rule_undefined_on_rerun(struct finder *finder); /* hidden_state.c */
void rule_stale_result(struct finder *finder);
void rule_lost_definition(struct finder *finder);
void rule_deleted_name(struct finder *finder);
void rule_not_run(struct finder *finder);
void rule_history_reference(struct finder *finder);
void rule_mixed_sessions(struct finder *finder);
void rule_edited_after_run(struct finder *finder);

void rule_version_skew(struct finder *finder); /* version_skew.c */

void rule_out_of_order(struct finder *finder); /* order.c */
void rule_cross_cell_mutation(struct finder *finder);

void rule_rebinding(struct finder *finder); /* rebinding.c */

void rule_run_again(struct finder *finder); /* again.c */
void rule_not_repeatable(struct finder *finder);

void rule_former_class(struct finder *finder); /* instances.c */

void rule_absolute_path(struct finder *finder); /* reproducibility.c */
void rule_file_order(struct finder *finder);
void rule_install(struct finder *finder);
void rule_unseeded_random(struct finder *finder);
void rule_missing_file(struct finder *finder);

void rule_undeclared_import(struct finder *finder); /* imports.c */

void rule_train_on_test(struct finder *finder); /* data_science.c */
void rule_fit_before_split(struct finder *finder);
void rule_test_reused(struct finder *finder);
void rule_overlap(struct finder *finder);

void rule_secret(struct finder *finder); /* safety.c */

void rule_star_import(struct finder *finder); /* structure.c */
void rule_syntax_error(struct finder *finder);
void rule_python_2(struct finder *finder);
void rule_error_output(struct finder *finder);
void rule_large_output(struct finder *finder);
void rule_unused_import(struct finder *finder);
void rule_swallowed_error(struct finder *finder);
void rule_dead_definition(struct finder *finder);

#endif
