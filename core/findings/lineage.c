#include "findings/lineage.h"

#include <string.h>

#include "base/hash.h"
#include "findings/library_calls.h"
#include "python/mutators.h"

enum thing_kind {
	THING_UNKNOWN,   /* data, or whatever else */
	THING_LIBRARY,   /* a module or something of one; `path` */
	THING_ESTIMATOR, /* made by the class `path` */
	THING_METHOD,    /* `attribute` of `self` */
	THING_SPLIT,     /* what train_test_split() gives */
};

/* What a value stands for. Names that share an object share its thing. */
struct thing {
	enum thing_kind kind;
	uint64_t id; /* equal ids: equal contents */
	symbol name; /* the first that was bound to it */
	struct slice path;
	struct thing *self;
	symbol attribute;
	struct thing *element;      /* an estimator that it holds; or null */
	const struct data_fit *fit; /* of an estimator the last one; else the transformation that it is the result of */
	uint64_t fitted_on;         /* of an estimator */
	uint64_t column;            /* only this column of it is the transformation's result; 0: all of it */
	size_t split;               /* index + 1, of what is a part of one */
	bool is_test;
	bool is_prediction; /* of the model `model`, and scored as `on` */
	enum scored_on on;
	const struct thing *model;
	uint32_t loop; /* whose variable it depends on; 0: none */
};

struct loop {
	uint32_t number; /* in the notebook, from 1 */
	uint32_t end;    /* the event behind it */
};

struct reader {
	struct finder *finder;
	struct arena *scratch;
	struct lineage *lineage;
	VECTOR(struct data_split) splits;
	VECTOR(struct data_score) scores;
	struct thing **global; /* by symbol */
	size_t global_count;
	uint64_t last_id;
	uint32_t loop_count;
	size_t cell;

	/* Of the program under way. */
	const struct program *program;
	struct program_events events;
	struct thing **values, **locals;
	VECTOR(struct loop) loops;     /* around the event under way */
	uint32_t maybe_end;            /* up to this event, what happens need not happen; 0: it does */
	VECTOR(struct thing **) bound; /* since then */
	VECTOR(struct thing *) changed;
	uint32_t line;
};

static struct slice text_of(const struct reader *reader, symbol name)
{
	return symbols_name(reader->finder->evidence->symbols, name);
}

static struct thing *new_thing(struct reader *reader)
{
	struct thing *thing = arena_alloc(reader->scratch, sizeof *thing);
	thing->id = hash_mix(1, ++reader->last_id);
	return thing;
}

static struct thing *value_of(struct reader *reader, value_id value)
{
	if (!value)
		return new_thing(reader);
	if (!reader->values[value])
		reader->values[value] = new_thing(reader);
	return reader->values[value];
}

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

static bool has_estimators(struct slice path)
{
	static const char *const packages[] = {"sklearn",  "xgboost",           "lightgbm", "catboost",
	                                       "imblearn", "category_encoders", NULL};
	return slice_is_one_of(slice_part(path, 0, slice_find(path, '.', 0)), packages);
}

static bool is_estimator_class(struct slice path)
{
	struct slice class = last_part(path);
	if (!has_estimators(path) || class.length == path.length || is_of(path, SLICE("sklearn.metrics")) ||
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
static struct thing *argument_of(struct reader *reader, const struct event *event, uint32_t position,
                                 struct slice keyword)
{
	const struct event_argument *arguments = reader->events.arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++) {
		bool here = arguments[i].keyword ? slice_equal(text_of(reader, arguments[i].keyword), keyword) : i == position;
		if (here && !arguments[i].stars)
			return value_of(reader, arguments[i].value);
	}
	return NULL;
}

static bool has_keyword(const struct reader *reader, const struct event *event, struct slice keyword)
{
	const struct event_argument *arguments = reader->events.arguments + event->arguments;
	for (uint32_t i = 0; i < event->argument_count; i++)
		if (slice_equal(text_of(reader, arguments[i].keyword), keyword))
			return true;
	return false;
}

static bool is_maybe(const struct reader *reader)
{
	return reader->maybe_end > 0;
}

static uint32_t innermost_loop(const struct reader *reader)
{
	return reader->loops.count ? reader->loops.items[reader->loops.count - 1].number : 0;
}

static bool is_in_loop(const struct reader *reader, uint32_t number)
{
	for (size_t i = 0; i < reader->loops.count; i++)
		if (reader->loops.items[i].number == number)
			return true;
	return false;
}

/* Its contents are others from here on. */
static void change(struct reader *reader, struct thing *thing)
{
	thing->id = hash_mix(1, ++reader->last_id);
	if (is_maybe(reader))
		vector_push(reader->scratch, &reader->changed, thing);
}

/* Nothing is known of it any more. */
static void forget(struct reader *reader, struct thing *thing)
{
	if (thing->kind == THING_LIBRARY)
		return;
	if (thing->kind == THING_ESTIMATOR || thing->is_prediction)
		reader->lineage->may_score_elsewhere = true;
	*thing = (struct thing){.id = hash_mix(1, ++reader->last_id), .name = thing->name, .loop = thing->loop};
}

/* The estimator that it is or holds. */
static struct thing *element_of(struct thing *thing)
{
	return thing->kind == THING_ESTIMATOR ? thing : thing->element;
}

/* What is made of something is as it where that makes no difference here. */
static void inherit(struct thing *to, const struct thing *from)
{
	if (from->kind == THING_LIBRARY || from->kind == THING_ESTIMATOR) {
		to->loop = to->loop ? to->loop : from->loop;
		return;
	}
	if (!to->fit && from->fit) {
		to->fit = from->fit;
		to->column = from->column;
	}
	if (from->split && !to->split) {
		to->split = from->split;
		to->is_test = from->is_test;
	} else if (from->split && (to->split != from->split || to->is_test != from->is_test)) {
		to->is_test = false; /* of both parts */
	}
	if (from->is_prediction && !to->is_prediction) {
		to->is_prediction = true;
		to->on = from->on;
		to->model = from->model;
	}
	to->element = to->element ? to->element : from->element;
	to->loop = to->loop ? to->loop : from->loop;
}

static void inherit_arguments(struct reader *reader, struct thing *to, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++)
		inherit(to, value_of(reader, reader->events.arguments[event->arguments + i].value));
}

/* The same of the same is the same. */
static uint64_t id_of_operands(struct reader *reader, const struct event *event, uint64_t id)
{
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		id = hash_mix(hash_mix(id, argument->keyword), value_of(reader, argument->value)->id);
	}
	return id;
}

static struct data_fit *new_fit(struct reader *reader, const struct thing *estimator, const struct thing *data)
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

static void add_score(struct reader *reader, const struct thing *model, const struct thing *data, enum scored_on on)
{
	struct data_score score = {.cell = reader->cell, .line = reader->line, .fit = model->fit, .on = on};
	if (is_maybe(reader) || !model->fit || (on == SCORED_ON_TEST && !data->split)) {
		reader->lineage->may_score_elsewhere = true;
		return;
	}
	score.model_name = model->name;
	score.data_name = data->name;
	score.split = on == SCORED_ON_TEST ? data->split : 0;
	/* A model that is another one in each turn, on data that are the same in all. */
	score.chooses = on == SCORED_ON_TEST && model->loop && is_in_loop(reader, model->loop) && !data->loop &&
	                !is_in_loop(reader, reader->splits.items[data->split - 1].loop);
	vector_push(reader->finder->arena, &reader->scores, score);
}

static void fit(struct reader *reader, struct thing *estimator, struct thing *data, bool resamples)
{
	struct data_fit *fit = new_fit(reader, estimator, data);
	fit->resamples = resamples;
	estimator->fit = fit;
	estimator->fitted_on = data->id;
	if (is_maybe(reader))
		vector_push(reader->scratch, &reader->changed, estimator);
}

/* A method of an estimator is called. */
static struct thing *call_estimator(struct reader *reader, const struct event *event, struct thing *estimator,
                                    struct slice method)
{
	static const char *const predicting[] = {"predict", "predict_proba", "decision_function", "predict_log_proba",
	                                         NULL};
	struct thing *data = argument_of(reader, event, 0, SLICE("X")), *result = new_thing(reader);
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
		inherit(result, data);
		if (resamples || learns_from_data(estimator->path))
			result->fit = estimator->fit;
		return result;
	}
	if (data && slice_equal(method, SLICE("transform"))) {
		inherit(result, data);
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
		forget(reader, estimator);
	}
	return result;
}

static void call_metric(struct reader *reader, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *thing = value_of(reader, reader->events.arguments[event->arguments + i].value);
		if (!thing->is_prediction)
			continue;
		add_score(reader, thing->model, thing, thing->on);
		return;
	}
	reader->lineage->may_score_elsewhere = true;
}

static struct thing *call_split(struct reader *reader, const struct event *event)
{
	struct thing *result = new_thing(reader);
	struct data_split split = {.cell = reader->cell, .line = reader->line, .loop = innermost_loop(reader)};
	for (uint32_t i = 0; i < event->argument_count; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		const struct thing *data = value_of(reader, argument->value);
		if (argument->keyword || argument->stars)
			continue;
		if (data->fit && !split.fit && !is_maybe(reader)) {
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

static void forget_arguments(struct reader *reader, const struct event *event)
{
	for (uint32_t i = 0; i < event->argument_count; i++)
		forget(reader, value_of(reader, reader->events.arguments[event->arguments + i].value));
}

/* The loop on whose variable the settings of an estimator depend; its random numbers are no choice. */
static uint32_t loop_of_settings(struct reader *reader, const struct event *event)
{
	uint32_t loop = 0;
	for (uint32_t i = 0; i < event->argument_count && !loop; i++) {
		const struct event_argument *argument = &reader->events.arguments[event->arguments + i];
		struct slice keyword = text_of(reader, argument->keyword);
		if (!slice_equal(keyword, SLICE("random_state")) && !slice_ends(keyword, SLICE("seed")))
			loop = value_of(reader, argument->value)->loop;
	}
	return loop;
}

static struct thing *call_library(struct reader *reader, const struct event *event, struct slice path)
{
	static const char *const learning[] = {
	    "scale", "minmax_scale", "robust_scale", "maxabs_scale", "quantile_transform", "power_transform", NULL};
	struct thing *result = new_thing(reader);
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
		result->id = id_of_operands(reader, event, hash_bytes(path));
	return result;
}

/* A method of data, or of something unknown, is called. */
static struct thing *call_method(struct reader *reader, const struct event *event, struct thing *self,
                                 struct slice method)
{
	static const char *const plain[] = {"reshape", "to_numpy", "copy",   "toarray", "ravel", "flatten", "astype",
	                                    "drop",    "dropna",   "fillna", "squeeze", "head",  NULL};
	static const char *const scoring[] = {"score", "evaluate", "predict", "predict_proba", NULL};
	struct thing *result = new_thing(reader);
	enum method_effect effect = python_method_effect(method);
	if (slice_is_one_of(method, scoring))
		reader->lineage->may_score_elsewhere = true;
	inherit(result, self);
	if (slice_is_one_of(method, plain))
		result->id = id_of_operands(reader, event, hash_mix(self->id, hash_bytes(method)));
	if (effect == METHOD_CHANGES || effect == METHOD_ADDS || effect == METHOD_MAY_CHANGE ||
	    has_keyword(reader, event, SLICE("inplace")))
		change(reader, self);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *argument = value_of(reader, reader->events.arguments[event->arguments + i].value);
		/* An unknown method may keep, change or score what it is given. */
		if (effect == METHOD_ADDS && !argument->is_prediction)
			self->element = self->element ? self->element : element_of(argument);
		else if (effect == METHOD_UNKNOWN || argument->is_prediction)
			forget(reader, argument);
	}
	return result;
}

static struct thing *call(struct reader *reader, const struct event *event)
{
	struct thing *callee = value_of(reader, event->a), *result;
	if (callee->kind == THING_LIBRARY)
		return call_library(reader, event, callee->path);
	if (callee->kind == THING_METHOD && callee->self->kind == THING_ESTIMATOR)
		return call_estimator(reader, event, callee->self, text_of(reader, callee->attribute));
	if (callee->kind == THING_METHOD)
		return call_method(reader, event, callee->self, text_of(reader, callee->attribute));
	result = new_thing(reader);
	if (callee->name && !reader->global[callee->name] && python_is_builtin(text_of(reader, callee->name)))
		inherit_arguments(reader, result, event);
	else
		forget_arguments(reader, event);
	return result;
}

static struct thing *attribute(struct reader *reader, const struct event *event)
{
	struct thing *of = value_of(reader, event->a), *result = new_thing(reader);
	struct slice name = text_of(reader, event->name);
	if (of->kind == THING_LIBRARY) {
		result->kind = THING_LIBRARY;
		result->path = slice_format(reader->scratch, "%.*s.%.*s", SLICE_FORMAT(of->path), SLICE_FORMAT(name));
		return result;
	}
	inherit(result, of);
	result->id = hash_mix(of->id, hash_bytes(name));
	result->kind = THING_METHOD;
	result->self = of;
	result->attribute = event->name;
	return result;
}

static struct thing *item(struct reader *reader, const struct event *event)
{
	const struct thing *of = value_of(reader, event->a), *index = value_of(reader, event->b);
	struct thing *result = new_thing(reader);
	inherit(result, of);
	result->id = hash_mix(hash_mix(of->id, 2), index->id);
	/* Another column than the one that was transformed, or nobody knows which. */
	if (result->fit && result->column) {
		if (result->column == index->id || event->form == FORM_SLICE || event->form == FORM_TUPLE)
			return result;
		result->fit = NULL;
		result->column = 0;
	}
	return result;
}

/* One of several parts, or of several turns. */
static struct thing *part(struct reader *reader, const struct event *event)
{
	const struct thing *of = value_of(reader, event->a);
	struct thing *result = new_thing(reader);
	const struct thing *estimator = of->element ? of->element : of;
	if (event->kind == EVENT_NEXT)
		result->loop = innermost_loop(reader);
	if (estimator->kind == THING_ESTIMATOR) {
		result->kind = THING_ESTIMATOR;
		result->path = estimator->path;
		result->loop = result->loop ? result->loop : of->loop;
		return result;
	}
	inherit(result, of);
	if (event->kind == EVENT_UNPACK && of->kind == THING_SPLIT)
		result->is_test = event->index > 0 && event->index % 2 == 1;
	return result;
}

static void set_item(struct reader *reader, const struct event *event)
{
	struct thing *of = value_of(reader, event->a), *value = value_of(reader, event->b);
	while (of->kind == THING_METHOD && of->self->kind != THING_ESTIMATOR)
		of = of->self;
	change(reader, of);
	of->element = of->element ? of->element : element_of(value);
	if (value->fit && value->kind != THING_ESTIMATOR && !of->fit && event->argument_count) {
		of->fit = value->fit;
		of->column = value_of(reader, reader->events.arguments[event->arguments].value)->id;
	}
	if (value->is_prediction)
		reader->lineage->may_score_elsewhere = true;
}

/* What is built or computed of values. */
static struct thing *combine(struct reader *reader, const struct event *event)
{
	struct thing *result = new_thing(reader);
	result->id = id_of_operands(reader, event, hash_mix((uint64_t)event->kind, (uint64_t)event->index));
	result->id = hash_mix(result->id, event->text);
	for (uint32_t i = 0; i < event->argument_count; i++) {
		struct thing *argument = value_of(reader, reader->events.arguments[event->arguments + i].value);
		inherit(result, argument);
		if (event->kind == EVENT_BUILD && !result->element)
			result->element = element_of(argument);
	}
	return result;
}

static struct thing **place_of(struct reader *reader, uint32_t variable)
{
	const struct variable *of = &reader->program->variables[variable];
	return of->scope == VARIABLE_GLOBAL ? &reader->global[of->name] : &reader->locals[variable];
}

static struct thing *read(struct reader *reader, const struct event *event)
{
	struct thing **place = place_of(reader, event->variable);
	symbol name = reader->program->variables[event->variable].name;
	if (*place)
		return *place;
	struct thing *result = new_thing(reader);
	result->name = name;
	if (!python_is_builtin(text_of(reader, name)))
		*place = result;
	return result;
}

/* Whoever calls it so means to choose by it. */
static bool is_called_validation(struct slice name)
{
	return memmem(name.bytes, name.length, "val", 3) || memmem(name.bytes, name.length, "dev", 3);
}

static void bind(struct reader *reader, const struct event *event)
{
	struct thing **place = place_of(reader, event->variable), *thing = value_of(reader, event->a);
	*place = thing;
	if (!thing->name)
		thing->name = reader->program->variables[event->variable].name;
	if (thing->split && thing->is_test && is_called_validation(text_of(reader, thing->name)))
		reader->splits.items[thing->split - 1].is_validation = true;
	if (is_maybe(reader))
		vector_push(reader->scratch, &reader->bound, place);
}

static struct thing *import(struct reader *reader, const struct event *event)
{
	struct thing *result = new_thing(reader);
	struct slice module = text_of(reader, event->text), name = text_of(reader, event->name);
	result->kind = THING_LIBRARY;
	result->path = event->kind == EVENT_IMPORT
	                   ? module
	                   : slice_format(reader->finder->arena, "%.*s.%.*s", SLICE_FORMAT(module), SLICE_FORMAT(name));
	return result;
}

/* What follows an `if` knows nothing of what happened in it. */
static void end_maybe(struct reader *reader)
{
	for (size_t i = 0; i < reader->bound.count; i++)
		*reader->bound.items[i] = new_thing(reader);
	for (size_t i = 0; i < reader->changed.count; i++)
		forget(reader, reader->changed.items[i]);
	reader->bound.count = reader->changed.count = 0;
	reader->maybe_end = 0;
}

static void follow_jump(struct reader *reader, const struct event *event, uint32_t at)
{
	if (event->target <= at)
		return;
	if (event->kind == EVENT_BRANCH && event->index == BRANCH_LOOP) {
		uint32_t number = ++reader->loop_count;
		vector_push(reader->scratch, &reader->loops, ((struct loop){number, event->target}));
	} else if ((event->kind == EVENT_JUMP || event->index != BRANCH_ASSERT) && event->target > reader->maybe_end) {
		reader->maybe_end = event->target;
	}
}

static struct thing *constant(struct reader *reader, const struct event *event)
{
	struct thing *result = new_thing(reader);
	result->id = hash_mix(3, hash_bytes(slice_part(reader->program->source, event->target, event->target + event->b)));
	return result;
}

static void forget_everything(struct reader *reader)
{
	for (size_t i = 0; i < reader->global_count; i++)
		reader->global[i] = NULL;
	reader->lineage->may_score_elsewhere = true;
}

static struct thing *follow(struct reader *reader, const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ: return read(reader, event);
	case EVENT_CONSTANT: return constant(reader, event);
	case EVENT_BUILD:
	case EVENT_OPERATE: return combine(reader, event);
	case EVENT_CALL: return call(reader, event);
	case EVENT_ATTRIBUTE: return attribute(reader, event);
	case EVENT_ITEM: return item(reader, event);
	case EVENT_ITERATE: return value_of(reader, event->a);
	case EVENT_NEXT:
	case EVENT_UNPACK: return part(reader, event);
	case EVENT_IMPORT:
	case EVENT_IMPORT_FROM: return import(reader, event);
	case EVENT_UPDATE: change(reader, value_of(reader, event->a)); return value_of(reader, event->a);
	case EVENT_BIND: bind(reader, event); break;
	case EVENT_DELETE: *place_of(reader, event->variable) = NULL; break;
	case EVENT_SET_ITEM: set_item(reader, event); break;
	case EVENT_SET_ATTRIBUTE:
	case EVENT_DELETE_ATTRIBUTE:
	case EVENT_DELETE_ITEM: change(reader, value_of(reader, event->a)); break;
	case EVENT_APPEND: inherit(value_of(reader, event->a), value_of(reader, event->b)); break;
	case EVENT_OPAQUE: forget_everything(reader); break;
	default: break;
	}
	return NULL;
}

static void read_program(struct reader *reader, const struct program *program)
{
	struct arena *arena = arena_child(reader->scratch);
	struct program_events events = program_open(arena, program);
	uint32_t statement = 0;
	reader->program = program;
	reader->events = events;
	reader->values = arena_array(arena, program->value_count + 1, sizeof *reader->values);
	reader->locals = arena_array(arena, program->variable_count + 1, sizeof *reader->locals);
	reader->loops.count = 0;
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &events.items[i];
		while (reader->loops.count && reader->loops.items[reader->loops.count - 1].end <= i)
			reader->loops.count--;
		if (reader->maybe_end && reader->maybe_end <= i)
			end_maybe(reader);
		while (statement < program->statement_count && program->statements[statement].first_event <= i)
			reader->line = program->statements[statement++].line;
		if (event->kind == EVENT_BRANCH || event->kind == EVENT_JUMP)
			follow_jump(reader, event, i);
		struct thing *made = follow(reader, event);
		if (event->value && made)
			reader->values[event->value] = made;
	}
	end_maybe(reader);
	arena_free(arena);
}

/* Whether a function or lambda below the program may fit or score a model: what it does is not followed. */
static void look_into_functions(struct reader *reader, const struct program *program)
{
	static const char *const methods[] = {"score", "predict", "predict_proba", "evaluate", "fit", NULL};
	struct arena *scratch = arena_child(reader->scratch);
	VECTOR(const struct program *) waiting = {0};
	vector_push(scratch, &waiting, program);
	while (waiting.count) {
		const struct program *next = waiting.items[--waiting.count];
		struct program_events events = next == program ? (struct program_events){0} : program_open(scratch, next);
		for (uint32_t i = 0; events.items && i < next->event_count; i++)
			if (events.items[i].kind == EVENT_ATTRIBUTE &&
			    slice_is_one_of(text_of(reader, events.items[i].name), methods))
				reader->lineage->may_score_elsewhere = true;
		for (uint32_t i = 0; i < next->child_count; i++)
			vector_push(scratch, &waiting, next->children[i]);
	}
	arena_free(scratch);
}

/* Most notebooks have no models, and nothing to follow. */
static bool imports_estimators(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	for (size_t i = 0; i < use->import_count; i++)
		if (has_estimators(use->imports[i].path))
			return true;
	return false;
}

const struct lineage *lineage_of(struct finder *finder)
{
	if (finder->lineage)
		return finder->lineage;
	if (!imports_estimators(finder))
		return finder->lineage = arena_alloc(finder->arena, sizeof *finder->lineage);
	struct reader reader = {.finder = finder, .scratch = arena_child(finder->arena)};
	struct lineage *lineage = arena_alloc(finder->arena, sizeof *lineage);
	reader.lineage = lineage;
	reader.global_count = symbols_count(finder->evidence->symbols) + 1;
	reader.global = arena_array(reader.scratch, reader.global_count, sizeof *reader.global);
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		reader.cell = i + 1;
		if (!effects->is_python) {
			lineage->may_score_elsewhere = true;
			continue;
		}
		look_into_functions(&reader, effects->program);
		read_program(&reader, effects->program);
	}
	lineage->splits = reader.splits.items;
	lineage->split_count = reader.splits.count;
	lineage->scores = reader.scores.items;
	lineage->score_count = reader.scores.count;
	finder->lineage = lineage;
	arena_free(reader.scratch);
	return lineage;
}
