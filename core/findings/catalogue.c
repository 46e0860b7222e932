/* The catalogue. A code never changes its meaning and is never given twice; a rule that
 * goes leaves a hole. */
#include <string.h>

#include "findings/finder.h"
#include "findings/rule_texts.h"

/* clang-format off */
const struct rule rule_catalogue[] = {
	{"NB101", "undefined-on-rerun", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "Restart & Run All raises NameError here.", rule_undefined_on_rerun},
	{"NB102", "stale-result", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "A fresh run from the top would derive this result in another way.", rule_stale_result},
	{"NB103", "lost-definition", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "No cell of the file defines a name that this cell had when it ran.", rule_lost_definition},
	{"NB104", "mixed-sessions", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The results come from more than one session of the kernel.", rule_mixed_sessions},
	{"NB105", "not-run", FAMILY_HIDDEN_STATE, SEVERITY_NOTE,
	 "A code cell has never run although others have.", rule_not_run},
	{"NB106", "history-reference", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The cell reads an earlier result by its number, which another run would give another meaning.",
	 rule_history_reference},
	{"NB107", "edited-after-run", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The saved result is not from the run that the cell counts.", rule_edited_after_run},
	{"NB108", "version-skew", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "Two inputs of a call were made from different versions of a name, which are one from the top.", rule_version_skew},
	{"NB201", "absolute-path", FAMILY_REPRODUCIBILITY, SEVERITY_WARNING,
	 "The cell reads or writes a file by a path of one machine.", rule_absolute_path},
	{"NB202", "file-order", FAMILY_REPRODUCIBILITY, SEVERITY_WARNING,
	 "The cell reads a file that only a later cell writes.", rule_file_order},
	{"NB203", "install-in-notebook", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "The notebook installs packages.", rule_install},
	{"NB204", "unseeded-random", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "Random numbers are drawn that no seed makes repeatable.", rule_unseeded_random},
	{"NB205", "missing-file", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "The cell reads a file that is not beside the notebook.", rule_missing_file},
	{"NB301", "train-on-test", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "The only score of a model is measured on the data that it was fitted on.", rule_train_on_test},
	{"NB302", "fit-before-split", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "A transformer has seen all of the data before they are split to train and test.", rule_fit_before_split},
	{"NB303", "test-reused", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "Models, or settings of one, are compared on the test data, and nothing is kept to test the best with.",
	 rule_test_reused},
	{"NB401", "star-import", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "`from module import *` hides which names the notebook uses.", rule_star_import},
	{"NB402", "syntax-error", FAMILY_STRUCTURE, SEVERITY_ERROR, "Python refuses the cell.", rule_syntax_error},
	{"NB403", "python-2", FAMILY_STRUCTURE, SEVERITY_WARNING, "The cell is Python 2.", rule_python_2},
	{"NB404", "error-output", FAMILY_STRUCTURE, SEVERITY_WARNING, "The saved result of the cell is an error.",
	 rule_error_output},
	{"NB405", "large-output", FAMILY_STRUCTURE, SEVERITY_NOTE, "The saved outputs of the cell are very large.",
	 rule_large_output},
	{"NB406", "unused-suppression", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "The notebook asks not to be told what nobody would tell it.", NULL},
	{"NB407", "unused-import", FAMILY_STRUCTURE, SEVERITY_NOTE, "No cell uses what is imported.", rule_unused_import},
	{"NB408", "swallowed-error", FAMILY_STRUCTURE, SEVERITY_WARNING,
	 "The cell fails from the top, but its magic lets Run All go on.", rule_swallowed_error},
	{"NB501", "secret", FAMILY_SAFETY, SEVERITY_ERROR, "A key, token or password stands in the file.", rule_secret},
	{0},
};
/* clang-format on */

const struct rule *rule_find(struct slice code_or_name)
{
	for (const struct rule *rule = rule_catalogue; rule->code; rule++)
		if (slice_equal(code_or_name, slice_of(rule->code)) || slice_equal(code_or_name, slice_of(rule->name)))
			return rule;
	return NULL;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITIES] = {"note", "warning", "error"};
	return names[severity];
}

const char *family_name(enum family family)
{
	static const char *const names[FAMILIES] = {"hidden state", "reproducibility", "data science", "structure",
	                                            "safety"};
	return names[family];
}

struct slice rule_page(const struct rule *rule)
{
	const struct rule_text *text = rule_texts;
	while (text->name && strcmp(text->name, rule->code) != 0)
		text++;
	return text->name ? slice_of(text->text) : SLICE("");
}
