/* lineage_parts.h - what the parts of lineage.h share: the things that values stand for,
 * and the reader that goes through the cells. */
#ifndef NBSCOPE_FINDINGS_LINEAGE_PARTS_H
#define NBSCOPE_FINDINGS_LINEAGE_PARTS_H

#include "findings/lineage.h"

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

struct lineage_reader {
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

/* Things and what becomes of them (lineage_things.c). */
struct thing *thing_new(struct lineage_reader *reader);
struct thing *thing_of_value(struct lineage_reader *reader, value_id value);

/* Its contents are others from here on. */
void thing_change(struct lineage_reader *reader, struct thing *thing);

/* Nothing is known of it any more. */
void thing_forget(struct lineage_reader *reader, struct thing *thing);

/* The estimator that it is or holds. */
struct thing *thing_estimator(struct thing *thing);

/* What is made of something is as it where that makes no difference here. */
void thing_inherit(struct thing *to, const struct thing *from);

/* An id for what is made of an event's arguments: the same of the same is the same. */
uint64_t lineage_operands_id(struct lineage_reader *reader, const struct event *event, uint64_t id);

struct slice lineage_text(const struct lineage_reader *reader, symbol name);
bool lineage_is_maybe(const struct lineage_reader *reader);           /* whether what happens now need not happen */
uint32_t lineage_innermost_loop(const struct lineage_reader *reader); /* around the event under way; 0: none */
bool lineage_is_in_loop(const struct lineage_reader *reader, uint32_t number);

/* What an EVENT_CALL gives, and what it does to what it is given (lineage_calls.c). */
struct thing *lineage_call(struct lineage_reader *reader, const struct event *event);

/* Whether the dotted name is of a package whose estimators are known. */
bool path_has_estimators(struct slice path);

#endif
