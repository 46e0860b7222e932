/* rehearsal_parts.h - what single events compute, by kind; private to rehearsal*.c.
 *
 * A result that stays null is unknown.
 */
#ifndef NBSCOPE_FLOW_REHEARSAL_PARTS_H
#define NBSCOPE_FLOW_REHEARSAL_PARTS_H

#include "flow/rehearsal_state.h"

static inline struct slice rehearsal_text(const struct rehearsal *rehearsal, symbol name)
{
	return symbols_name(rehearsal->symbols, name);
}

static inline const struct event_argument *rehearsal_argument(const struct rehearsal_frame *frame,
                                                              const struct event *event, uint32_t index)
{
	return &frame->code.arguments[event->arguments + index];
}

/* Names (rehearsal_names.c). */
enum outcome rehearse_read(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value **value);
enum outcome rehearse_bind(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                           struct value *value);
enum outcome rehearse_delete(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event);
void rehearse_import_star(struct rehearsal *rehearsal, const struct event *event);

/* `Out[5]`: what `_5` is. */
enum outcome rehearsal_load_output(struct rehearsal *rehearsal, const struct value *index, struct value **result);

/* Values made of others (rehearsal_making.c). */
struct value *rehearse_build(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event);
enum outcome rehearse_append(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event);
struct value *rehearse_function(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event);

/* The class whose body has just run; null when making it may do more. */
struct value *rehearse_class(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event);

/* Stores an item of a dictionary. */
void rehearsal_set_item(struct rehearsal *rehearsal, struct value *dict, struct value *key, struct value *item);

/* Operators (rehearsal_operators.c). */
enum outcome rehearse_operate(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                              struct value **result);
enum outcome rehearse_update(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                             struct value **result);

/* Of the operands that the path evaluated, the last is the result. */
struct value *rehearse_choose(struct rehearsal *rehearsal, const struct rehearsal_frame *frame,
                              const struct event *event);

/* Whether operators and items of the value may run code of the notebook. */
bool rehearsal_overloads(const struct value *value);

/* Attributes, items, iteration (rehearsal_items.c). */
enum outcome rehearse_attribute(struct rehearsal *rehearsal, struct value *object, symbol name, struct value **result);
enum outcome rehearse_item(struct rehearsal *rehearsal, struct value *from, const struct value *index,
                           struct value **result);
enum outcome rehearse_set_item(struct rehearsal *rehearsal, struct value *object, struct value *index,
                               struct value *item);
enum outcome rehearse_delete_item(struct rehearsal *rehearsal, struct value *object, const struct value *index);
enum outcome rehearse_set_attribute(struct rehearsal *rehearsal, struct value *object, symbol name,
                                    struct value *value);
enum outcome rehearse_iterate(struct rehearsal *rehearsal, struct value *iterable, struct value **result);
enum outcome rehearse_unpack(struct rehearsal *rehearsal, struct rehearsal_frame *frame, const struct event *event,
                             struct value **result);

/* Whether the iterator has one more: 1, 0 or -1. */
int rehearsal_has_next(const struct rehearsal *rehearsal, const struct value *iterator);

#endif
