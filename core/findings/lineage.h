/* lineage.h - what models, transformers and data sets of a notebook come from.
 *
 * The cells are gone through from top to bottom, and values are followed, not the
 * spelling of names: which data an estimator was fitted on, which data were split
 * in two, on which data a model was scored. Known are scikit-learn and what is
 * called as it is, and the functions of NumPy and pandas that pass data on. What
 * unknown code had in its hands, and what only one side of an `if` did, is unknown
 * from there on: it is never said to be this or that.
 */
#ifndef NBSCOPE_FINDINGS_LINEAGE_H
#define NBSCOPE_FINDINGS_LINEAGE_H

#include "findings/finder.h"

/* An estimator is fitted. */
struct data_fit {
	size_t cell;
	uint32_t line;
	struct slice class_path; /* "sklearn.preprocessing.StandardScaler" */
	symbol data_name;        /* what it is fitted on; 0 when that has no name */
	bool resamples;          /* it makes new rows, so that one row's likeness may land on both sides */
};

/* Data are split into a part to train on and one to test with. */
struct data_split {
	size_t cell;
	uint32_t line;
	const struct data_fit *fit; /* whose result is split, though the fit saw all of it; null when there is none */
	symbol data_name;           /* of what is split; 0 when that has no name */
	bool is_validation;         /* what is held out is called so */
	uint32_t loop;              /* in which it happens; 0: in none */
};

/* On which data a model is scored. */
enum scored_on { SCORED_ON_TRAINING, SCORED_ON_TEST, SCORED_ON_OTHER };

struct data_score {
	size_t cell;
	uint32_t line;
	const struct data_fit *fit; /* of the model; null when it is not known */
	symbol model_name, data_name;
	enum scored_on on;
	size_t split; /* index + 1 in splits, of the test data; else 0 */
	bool chooses; /* in a loop over models or their settings, which is not over the test data */
};

struct lineage {
	struct data_split *splits;
	size_t split_count;
	struct data_score *scores;
	size_t score_count;
	bool may_score_elsewhere; /* something may evaluate a model in a way that is not followed */
	bool predicts_test;       /* a model predicts for test data: what becomes of that need not be a score */
};

/* The lineage of a notebook; computed once, in the finder's arena. */
const struct lineage *lineage_of(struct finder *finder);

#endif
