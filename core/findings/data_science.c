/* Where what a model is tested with has leaked into what it was made from. The kinds of
 * leakage are those of Yang et al., "Data Leakage in Notebooks" (ASE 2022): overlap,
 * preprocessing, and repeated use of test data. */
#include "findings/lineage.h"

/* "`X`", or other words for what has no name. */
static struct slice words_for(struct finder *finder, symbol name, const char *otherwise)
{
	if (!name)
		return slice_of(otherwise);
	return slice_format(finder->arena, "`%.*s`", SLICE_FORMAT(symbols_name(finder->evidence->symbols, name)));
}

/* Said once, at the last such score: no other tells how good a model is. */
void rule_train_on_test(struct finder *finder)
{
	const struct lineage *lineage = lineage_of(finder);
	if (lineage->may_score_elsewhere || lineage->predicts_test || lineage->score_count == 0)
		return;
	for (size_t i = 0; i < lineage->score_count; i++)
		if (lineage->scores[i].on != SCORED_ON_TRAINING)
			return;
	const struct data_score *score = &lineage->scores[lineage->score_count - 1];
	struct slice model = words_for(finder, score->model_name, "The model");
	struct slice data = words_for(finder, score->data_name, "the data");
	finder_add(finder, LIKELY, score->cell, score->line,
	           "%.*s is scored on %.*s, which it was fitted on in cell %zu, and no model here is scored on other data.",
	           SLICE_FORMAT(model), SLICE_FORMAT(data), score->fit->cell);
}

static struct slice class_of(struct slice path)
{
	size_t dot = path.length;
	while (dot > 0 && path.bytes[dot - 1] != '.')
		dot--;
	return slice_part(path, dot, path.length);
}

/* Fits on all of the data, of those that make new rows or of the others; said once for each. */
static void check_fits(struct finder *finder, bool resamples, enum certainty certainty, const char *why)
{
	const struct lineage *lineage = lineage_of(finder);
	for (size_t i = 0; i < lineage->split_count; i++) {
		const struct data_split *split = &lineage->splits[i];
		const struct data_fit *fit = split->fit;
		bool is_said = i > 0 && lineage->splits[i - 1].fit == fit;
		if (!fit || is_said || fit->resamples != resamples)
			continue;
		struct slice data = words_for(finder, fit->data_name, "all of the data");
		finder_add(finder, certainty, fit->cell, fit->line,
		           "%.*s is fitted on %.*s, which cell %zu splits to train and test only afterwards: %s.",
		           SLICE_FORMAT(class_of(fit->class_path)), SLICE_FORMAT(data), split->cell, why);
	}
}

void rule_fit_before_split(struct finder *finder)
{
	check_fits(finder, false, LIKELY, "so the test data have had a say in it");
}

void rule_overlap(struct finder *finder)
{
	check_fits(finder, true, CERTAIN, "copies of one row, or rows made of it, can stand on both sides");
}

/* Whether the notebook has a score on other data than those of this split's test part. */
static bool has_other_test(const struct lineage *lineage, size_t split)
{
	for (size_t i = 0; i < lineage->score_count; i++)
		if (lineage->scores[i].on != SCORED_ON_TRAINING && lineage->scores[i].split != split)
			return true;
	return lineage->may_score_elsewhere;
}

/* Said once for each split, at the first score that chooses. */
void rule_test_reused(struct finder *finder)
{
	const struct lineage *lineage = lineage_of(finder);
	for (size_t i = 0; i < lineage->split_count; i++) {
		if (lineage->split_count > 1 || lineage->splits[i].is_validation || has_other_test(lineage, i + 1))
			continue;
		for (size_t j = 0; j < lineage->score_count; j++) {
			const struct data_score *score = &lineage->scores[j];
			if (score->split != i + 1 || !score->chooses)
				continue;
			finder_add(finder, LIKELY, score->cell, score->line,
			           "%.*s is fitted anew in each turn of a loop and scored on the same test data, %.*s: the best of "
			           "these scores promises too much.",
			           SLICE_FORMAT(words_for(finder, score->model_name, "A model")),
			           SLICE_FORMAT(words_for(finder, score->data_name, "which are held out only once")));
			break;
		}
	}
}
