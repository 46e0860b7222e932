/* rehearsal_invocation.h - one call and what it computes, by what is called;
 * private to rehearsal*.c. */
#ifndef NBSCOPE_FLOW_REHEARSAL_INVOCATION_H
#define NBSCOPE_FLOW_REHEARSAL_INVOCATION_H

#include "flow/rehearsal_state.h"

struct invocation {
	struct rehearsal *rehearsal;
	struct rehearsal_frame *frame;
	const struct event *event;
	struct value *self; /* before the arguments; or null */
	bool by_name, starred;
};

const struct event_argument *invocation_argument(const struct invocation *call, uint32_t index);

struct value *invocation_value(const struct invocation *call, uint32_t index);

/* `reverse=True` and nothing else; false when another keyword is there. */
bool invocation_only_reverse(const struct invocation *call, bool *backwards);

/* Sorts by insertion, as stable as Python's; false when two items have no known order. */
bool rehearsal_sort(struct rehearsal *rehearsal, struct value *list, bool backwards);

void rehearsal_reverse(struct value *list);

/* In each of these a result that stays null is unknown. */
enum outcome rehearse_print(const struct invocation *call, struct value **result);
enum outcome rehearse_over_items(const struct invocation *call, struct slice name, struct value **result);
enum outcome rehearse_builtin(const struct invocation *call, struct slice name, struct value **result);
enum outcome rehearse_method(const struct invocation *call, const struct value *method, struct value **result);
struct value *rehearse_math(struct rehearsal *rehearsal, struct slice name, const struct value *value);

/* A call of which only tables know what it does. */
enum outcome rehearse_library(const struct invocation *call, struct slice module, struct slice name);

#endif
