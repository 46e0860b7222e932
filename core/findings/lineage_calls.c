/* What calls do to data: to split, fit, transform, predict and score; and what unknown
 * calls leave unknown. */
#include <string.h>

#include "base/hash.h"
#include "findings/lineage_parts.h"
#include "python/mutators.h"

static struct slice last_part(struct slice path)
{
	size_t dot = path.length;
	while (dot > 0 && path.bytes[dot - 1] != '.')
		dot--;
	return slice_part(path, dot, path.length);
}

static bool is_of(struct slice path, struct slice package)
{
	return slice_starts(path, package) && (path.length == package.length || path.bytes[package.length] == '.');
}

bool path_has_estimators(struct slice path)
{
	static const char *const packages[] = {"sklearn",  "xgboost",           "lightgbm", "catboost",
	                                       "imblearn", "category_encoders", NULL};
	return slice_is_one_of(slice_part(path, 0, slice_find(path, '.', 0)), packages);
}

static bool is_estimator_class(struct slice path)
{
	struct slice class = last_part(path);
	if (!path_has_estimators(path) || class.length == path.length || is_of(path, SLICE("sklearn.metrics")) ||
	    is_of(path, SLICE("sklearn.datasets")))
		return false;
	return (class.bytes[0] >= 'A' && class.bytes[0] <= 'Z') || slice_equal(class, SLICE("make_pipeline"));
}

/* Classes that learn numbers from the data that they are fitted on, so that a fit on all of them lets
 * what is held out speak. Not those that learn which labels there are, or nothing. */
static bool learns_from_data(struct slice path)
{
	static const char *const classes[] = {"StandardScaler",
	                                      "MinMaxScaler",
	                                      "RobustScaler",
	                                      "MaxAbsScaler",
	                                      "QuantileTransformer",
	                                      "PowerTransformer",
	                                      "KBinsDiscretizer",
	                                      "SimpleImputer",
	                                      "KNNImputer",
	                                      "IterativeImputer",
	                                      "Imputer",
	                                      "PCA",
	                                      "KernelPCA",
	                                      "IncrementalPCA",
	                                      "TruncatedSVD",
	                                      "NMF",
	                                      "FastICA",
	                                      "FactorAnalysis",
	                                      "SelectKBest",
	                                      "SelectPercentile",
	                                      "SelectFromModel",
	                                      "RFE",
	                                      "VarianceThreshold",
	                                      "TfidfVectorizer",
	                                      "TfidfTransformer",
	                                      "TargetEncoder",
	                                      "CatBoostEncoder",
	                                      "LeaveOneOutEncoder",
	                                      "WOEEncoder",
	                                      "JamesSteinEncoder",
	                                      "MEstimateEncoder",
	                                      "LinearDiscriminantAnalysis",
	                                      NULL};
	return slice_is_one_of(last_part(path), classes);
}

/* Which data an estimator gets, by position or by name; null when it gets none. */
static struct thing *argument_of(struct lineage_reader *reader, const struct event *event, uint32_t position,
                                 struct slice keyword)
{
	const struct event_argument *arguments = reader->events.arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		bool here =
		    arguments[i].keyword ? slice_equal(lineage_text(reader, arguments[i].keyword), keyword) : i == position;
		if (here && !arguments[i].stars)
			return thing_of_value(reader, arguments[i].value);
	}
	return NULL;
}

static bool has_keyword(const struct lineage_reader *reader, const struct event *event, struct slice keyword)
{
	const struct event_argument *arguments = reader->events.arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (slice_equal(lineage_text(reader, arguments[i].keyword), keyword))
			return true;
	return false;
}

static void inherit_arguments(struct lineage_reader *reader, struct thing *to, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++)
		thing_inherit(to, thing_of_value(reader, reader->events.arguments[event->arguments + i].value));
}

static struct data_fit *new_fit(struct lineage_reader *reader, const struct thing *estimator, const struct thing *data)
{
	struct data_fit *fit = arena_alloc(reader->finder->arena, sizeof *fit);
	*fit = (struct data_fit){
	    .cell = reader->cell,
	    .line = reader->line,
	};
	fit->class_path = slice_copy(reader->finder->arena, estimator->path);
	fit->data_name = data->name;
	return fit;
}

static enum scored_on relation(const struct thing *model, const struct thing *data)
{
	if (model->fit && model->fitted_on == data->id)
		return SCORED_ON_TRAINING;
	return data->split && data->is_test ? SCORED_ON_TEST : SCORED_ON_OTHER;
}

static void add_score(struct lineage_reader *reader, const struct thing *model, const struct thing *data,
                      enum scored_on on)
{
	struct data_score score = {.cell = reader->cell, .line = reader->line, .fit = model->fit, .on = on};
	if (lineage_is_maybe(reader) || !model->fit || (on == SCORED_ON_TEST && !data->split)) {
		reader->lineage->may_score_elsewhere = true;
		return;
	}
	score.model_name = model->name;
	score.data_name = data->name;
	score.split = on == SCORED_ON_TEST ? data->split : 0;
	/* A model that is another one in each turn, on data that are the same in all. */
	score.chooses = on == SCORED_ON_TEST && model->loop && lineage_is_in_loop(reader, model->loop) && !data->loop &&
	                !lineage_is_in_loop(reader, reader->splits.items[data->split - 1].loop);
	vector_push(reader->finder->arena, &reader->scores, score);
}

static void fit(struct lineage_reader *reader, struct thing *estimator, struct thing *data, bool resamples)
{
	struct data_fit *fit = new_fit(reader, estimator, data);
	fit->resamples = resamples;
	estimator->fit = fit;
	estimator->fitted_on = data->id;
	if (lineage_is_maybe(reader))
		vector_push(reader->scratch, &reader->changed, estimator);
}

/* A method of an estimator is called. */
static struct thing *call_estimator(struct lineage_reader *reader, const struct event *event, struct thing *estimator,
                                    struct slice method)
{
	static const char *const predicting[] = {"predict", "predict_proba", "decision_function", "predict_log_proba",
	                                         NULL};
	struct thing *data = argument_of(reader, event, 0, SLICE("X")), *result = thing_new(reader);
	struct thing *target = argument_of(reader, event, 1, SLICE("y"));
	bool resamples = slice_equal(method, SLICE("fit_resample")) || slice_equal(method, SLICE("fit_sample"));
	if (data && slice_equal(method, SLICE("fit"))) {
		fit(reader, estimator, data, false);
		return estimator;
	}
	if (data && (slice_equal(method, SLICE("fit_transform")) || resamples)) {
		/* To leave rows out gives no row away. */
		resamples = resamples && !memmem(estimator->path.bytes, estimator->path.length, "under_sampling", 14);
		fit(reader, estimator, data, resamples);
		thing_inherit(result, data);
		if (resamples || learns_from_data(estimator->path))
			result->fit = estimator->fit;
		return result;
	}
	if (data && slice_equal(method, SLICE("transform"))) {
		thing_inherit(result, data);
		result->id = hash_mix(hash_mix(estimator->id, estimator->fitted_on), data->id);
		if (estimator->fit && estimator->fitted_on == data->id && learns_from_data(estimator->path))
			result->fit = estimator->fit;
	} else if (data && slice_is_one_of(method, predicting)) {
		result->is_prediction = true;
		result->on = relation(estimator, data);
		result->model = arena_copy(reader->scratch, estimator, sizeof *estimator);
		result->split = data->split;
		result->is_test = data->is_test;
		result->name = data->name;
		/* What is made of the predictions need not be followed. */
		if (result->on == SCORED_ON_OTHER)
			reader->lineage->may_score_elsewhere = true;
		reader->lineage->predicts_test = reader->lineage->predicts_test || result->on == SCORED_ON_TEST;
	} else if (data && target && slice_equal(method, SLICE("score"))) {
		add_score(reader, estimator, data, relation(estimator, data));
	} else if (slice_equal(method, SLICE("score")) || slice_equal(method, SLICE("partial_fit"))) {
		thing_forget(reader, estimator);
	}
	return result;
}

static void call_metric(struct lineage_reader *reader, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *thing = thing_of_value(reader, reader->events.arguments[event->arguments + i].value);
		if (!thing->is_prediction)
			continue;
		add_score(reader, thing->model, thing, thing->on);
		return;
	}
	reader->lineage->may_score_elsewhere = true;
}

static struct thing *call_split(struct lineage_reader *reader, const struct event *event)
{
	struct thing *result = thing_new(reader);
	struct data_split split = {.cell = reader->cell, .line = reader->line, .loop = lineage_innermost_loop(reader)};
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		const struct thing *data = thing_of_value(reader, argument->value);
		if (argument->keyword || argument->stars)
			continue;
		if (data->fit && !split.fit && !lineage_is_maybe(reader)) {
			split.fit = data->fit;
			split.data_name = data->name;
		}
	}
	vector_push(reader->finder->arena, &reader->splits, split);
	result->kind = THING_SPLIT;
	result->split = reader->splits.count;
	return result;
}

/* Packages that change nothing that they are given, and score no model. */
static bool only_looks(struct slice path)
{
	static const char *const packages[] = {"numpy", "pandas", "matplotlib", "seaborn", "plotly", "joblib", "pickle",
	                                       "copy",  "scipy",  "time",       "IPython", "math",   NULL};
	return slice_is_one_of(slice_part(path, 0, slice_find(path, '.', 0)), packages);
}

static void forget_arguments(struct lineage_reader *reader, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++)
		thing_forget(reader, thing_of_value(reader, reader->events.arguments[event->arguments + i].value));
}

/* The loop on whose variable the settings of an estimator depend; its random numbers are no choice. */
static uint32_t loop_of_settings(struct lineage_reader *reader, const struct event *event)
{
	uint32_t loop = 0;
	for (uint32_t i = 0; i < event->argument_count && !loop; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		struct slice keyword = lineage_text(reader, argument->keyword);
		if (!slice_equal(keyword, SLICE("random_state")) && !slice_ends(keyword, SLICE("seed")))
			loop = thing_of_value(reader, argument->value)->loop;
	}
	return loop;
}

static struct thing *call_library(struct lineage_reader *reader, const struct event *event, struct slice path)
{
	static const char *const learning[] = {
	    "scale", "minmax_scale", "robust_scale", "maxabs_scale", "quantile_transform", "power_transform", NULL};
	struct thing *result = thing_new(reader);
	bool of_sklearn = is_of(path, SLICE("sklearn"));
	if (of_sklearn && slice_equal(last_part(path), SLICE("train_test_split")))
		return call_split(reader, event);
	if (is_of(path, SLICE("sklearn.metrics"))) {
		call_metric(reader, event);
		return result;
	}
	if (is_of(path, SLICE("sklearn.model_selection")) || is_of(path, SLICE("sklearn.cross_validation")) ||
	    is_of(path, SLICE("sklearn.grid_search")) || slice_ends(path, SLICE("CV")) ||
	    has_keyword(reader, event, SLICE("oob_score"))) {
		reader->lineage->may_score_elsewhere = true;
		return result;
	}
	if (is_estimator_class(path)) {
		result->kind = THING_ESTIMATOR;
		result->path = path;
		result->loop = loop_of_settings(reader, event);
		return result;
	}
	if (!of_sklearn && !only_looks(path)) {
		forget_arguments(reader, event);
		return result;
	}
	inherit_arguments(reader, result, event);
	struct thing *data = argument_of(reader, event, 0, SLICE("X"));
	if (data && is_of(path, SLICE("sklearn.preprocessing")) && slice_is_one_of(last_part(path), learning))
		result->fit = new_fit(reader, &(struct thing){.path = path}, data);
	else if (slice_equal(path, SLICE("numpy.array")) || slice_equal(path, SLICE("numpy.asarray")) ||
	         slice_equal(path, SLICE("numpy.ravel")) || slice_equal(path, SLICE("pandas.DataFrame")))
		result->id = lineage_operands_id(reader, event, hash_bytes(path));
	return result;
}

/* A method of data, or of something unknown, is called. */
static struct thing *call_method(struct lineage_reader *reader, const struct event *event, struct thing *self,
                                 struct slice method)
{
	static const char *const plain[] = {"reshape", "to_numpy", "copy",   "toarray", "ravel", "flatten", "astype",
	                                    "drop",    "dropna",   "fillna", "squeeze", "head",  NULL};
	static const char *const scoring[] = {"score", "evaluate", "predict", "predict_proba", NULL};
	struct thing *result = thing_new(reader);
	enum method_effect effect = python_method_effect(method);
	if (slice_is_one_of(method, scoring))
		reader->lineage->may_score_elsewhere = true;
	thing_inherit(result, self);
	if (slice_is_one_of(method, plain))
		result->id = lineage_operands_id(reader, event, hash_mix(self->id, hash_bytes(method)));
	if (effect == METHOD_CHANGES || effect == METHOD_ADDS || effect == METHOD_MAY_CHANGE ||
	    has_keyword(reader, event, SLICE("inplace")))
		thing_change(reader, self);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *argument = thing_of_value(reader, reader->events.arguments[event->arguments + i].value);
		/* An unknown method may keep, change or score what it is given. */
		if (effect == METHOD_ADDS && !argument->is_prediction)
			self->element = self->element ? self->element : thing_estimator(argument);
		else if (effect == METHOD_UNKNOWN || argument->is_prediction)
			thing_forget(reader, argument);
	}
	return result;
}

struct thing *lineage_call(struct lineage_reader *reader, const struct event *event)
{
	struct thing *callee = thing_of_value(reader, event->a), *result;
	if (callee->kind == THING_LIBRARY)
		return call_library(reader, event, callee->path);
	if (callee->kind == THING_METHOD && callee->self->kind == THING_ESTIMATOR)
		return call_estimator(reader, event, callee->self, lineage_text(reader, callee->attribute));
	if (callee->kind == THING_METHOD)
		return call_method(reader, event, callee->self, lineage_text(reader, callee->attribute));
	result = thing_new(reader);
	if (callee->name && !reader->global[callee->name] && python_is_builtin(lineage_text(reader, callee->name)))
		inherit_arguments(reader, result, event);
	else
		forget_arguments(reader, event);
	return result;
}
