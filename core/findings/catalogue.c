/* The catalogue. A code never changes its meaning and is never given twice; a rule that
 * goes leaves a hole. */
#include <string.h>

#include "findings/finder.h"
#include "findings/rule_texts.h"

/* clang-format off */
const struct rule rule_catalogue[] = {
	{"NB101", "undefined-on-rerun", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "Restart & Run All raises NameError here.",
	 "certain", rule_undefined_on_rerun},
	{"NB102", "stale-result", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "A fresh run from the top would derive this result in another way.",
	 "certain on every path, likely where a run was inferred or loops have to run, possible where only some path leads there", rule_stale_result},
	{"NB103", "lost-definition", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "No cell of the file defines a name that this cell had when it ran.",
	 "certain", rule_lost_definition},
	{"NB104", "mixed-sessions", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The results come from more than one session of the kernel.",
	 "certain by recorded times or processes, likely where only counts that occur twice tell the sessions apart", rule_mixed_sessions},
	{"NB105", "not-run", FAMILY_HIDDEN_STATE, SEVERITY_NOTE,
	 "A code cell has never run although others have.",
	 "certain", rule_not_run},
	{"NB106", "history-reference", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The cell reads an earlier result by its number, which is another one when cells run out of turn.",
	 "certain", rule_history_reference},
	{"NB107", "edited-after-run", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The saved result is not from the run that the cell counts.",
	 "certain where numbers, hashes or quoted lines prove it, likely where only the kind of output does", rule_edited_after_run},
	{"NB108", "version-skew", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "Two inputs of a call were made from different versions of a name, which are one from the top.",
	 "that of the stale result, and never possible", rule_version_skew},
	{"NB109", "deleted-name", FAMILY_HIDDEN_STATE, SEVERITY_ERROR,
	 "A cell above deletes a name that this cell reads.",
	 "certain", rule_deleted_name},
	{"NB110", "out-of-order", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The cell ran at another place than it stands at, so that another cell read something else.",
	 "the best of the results that it explains, likely where sessions are a guess, and never possible", rule_out_of_order},
	{"NB111", "rebinding", FAMILY_HIDDEN_STATE, SEVERITY_NOTE,
	 "A name means another thing below the cell than above it, and cells on both sides read it.",
	 "certain", rule_rebinding},
	{"NB112", "run-again", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "The cell ran more than once, and each run changes what the one before left, or fails.",
	 "likely where an earlier run is recorded or must have been, possible where only a missing count speaks of one", rule_run_again},
	{"NB113", "not-repeatable", FAMILY_HIDDEN_STATE, SEVERITY_NOTE,
	 "Running the cell a second time would change its result once more, or fail.",
	 "likely, since what a method does is known by its name", rule_not_repeatable},
	{"NB114", "cross-cell-mutation", FAMILY_HIDDEN_STATE, SEVERITY_NOTE,
	 "The cell changes what another cell made, by another name or in a function.",
	 "certain", rule_cross_cell_mutation},
	{"NB115", "former-class", FAMILY_HIDDEN_STATE, SEVERITY_WARNING,
	 "An object is of a class that was defined again since.",
	 "likely, since code that is not followed may have made the instance anew", rule_former_class},
	{"NB201", "absolute-path", FAMILY_REPRODUCIBILITY, SEVERITY_WARNING,
	 "The cell reads or writes a file by a path of one machine.",
	 "certain", rule_absolute_path},
	{"NB202", "file-order", FAMILY_REPRODUCIBILITY, SEVERITY_WARNING,
	 "The cell reads a file that only a later cell writes.",
	 "likely, since the file may also come from elsewhere", rule_file_order},
	{"NB203", "install-in-notebook", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "The notebook installs packages.",
	 "certain", rule_install},
	{"NB204", "unseeded-random", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "Random numbers are drawn that no seed makes repeatable.",
	 "likely, since a module of your own may set the seed", rule_unseeded_random},
	{"NB205", "missing-file", FAMILY_REPRODUCIBILITY, SEVERITY_NOTE,
	 "The cell reads a file that is not beside the notebook.",
	 "likely, since something outside the notebook may bring the file", rule_missing_file},
	{"NB206", "undeclared-import", FAMILY_REPRODUCIBILITY, SEVERITY_WARNING,
	 "The notebook imports a package that the requirements beside it do not name.",
	 "likely, since the file may name what another package brings along", rule_undeclared_import},
	{"NB301", "train-on-test", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "The only score of a model is measured on the data that it was fitted on.",
	 "likely, since another model may be judged outside the notebook", rule_train_on_test},
	{"NB302", "fit-before-split", FAMILY_DATA_SCIENCE, SEVERITY_NOTE,
	 "A transformer has seen all of the data before they are split to train and test.",
	 "likely, since how much it matters depends on the data", rule_fit_before_split},
	{"NB303", "test-reused", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "Models, or settings of one, are compared on the test data, and nothing is kept to test the best with.",
	 "likely, since the best score may not be what is believed in the end", rule_test_reused},
	{"NB304", "overlap", FAMILY_DATA_SCIENCE, SEVERITY_WARNING,
	 "Rows are made of all of the data before they are split to train and test.",
	 "certain", rule_overlap},
	{"NB401", "star-import", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "`from module import *` hides which names the notebook uses.",
	 "certain", rule_star_import},
	{"NB402", "syntax-error", FAMILY_STRUCTURE, SEVERITY_ERROR,
	 "Python refuses the cell.",
	 "certain", rule_syntax_error},
	{"NB403", "python-2", FAMILY_STRUCTURE, SEVERITY_WARNING,
	 "The cell is Python 2.",
	 "certain", rule_python_2},
	{"NB404", "error-output", FAMILY_STRUCTURE, SEVERITY_WARNING,
	 "The saved result of the cell is an error.",
	 "certain", rule_error_output},
	{"NB405", "large-output", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "The saved outputs of the cell are very large.",
	 "certain", rule_large_output},
	{"NB406", "unused-suppression", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "The notebook asks not to be told what nobody would tell it.",
	 "certain", NULL},
	{"NB407", "unused-import", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "No cell uses what is imported.",
	 "likely, since loading a module can be what it is imported for", rule_unused_import},
	{"NB408", "swallowed-error", FAMILY_STRUCTURE, SEVERITY_WARNING,
	 "The cell fails from the top, but its magic lets Run All go on.",
	 "likely, since newer magics let the error through", rule_swallowed_error},
	{"NB409", "dead-definition", FAMILY_STRUCTURE, SEVERITY_NOTE,
	 "No cell uses a function or class that is defined.",
	 "likely, since somebody may call it by hand", rule_dead_definition},
	{"NB501", "secret", FAMILY_SAFETY, SEVERITY_ERROR,
	 "A key, token or password stands in the file.",
	 "certain for the forms that only keys have, likely for what is called a password", rule_secret},
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
