/* The events of a program are cut where no jump and no handler crosses: into
 * single events, which act on the state of each variable at once, and regions
 * with control flow inside, which are solved by iteration over basic blocks.
 *
 * In a region the variables it names are numbered anew, and the four bits of a
 * state are four bit sets, 64 variables a word. */
#include "python/dataflow.h"

#include <string.h>

enum { STATES = 4, WORD = 64 };
enum { NO_VARIABLE = UINT32_MAX };

/* Beyond this many words of state a region is not solved but taken to be able to do anything. */
enum { LARGEST_REGION = 1 << 21 };

struct words {
	uint64_t state[STATES]; /* bit sets of the variables that may be outside, bound, deleted, seen */
};

struct region {
	uint32_t start, end;
	bool has_flow;
};

struct block {
	uint32_t start, end; /* of events */
	bool reached, dirty; /* forward */
	bool known;          /* backward: some way from here ends normally */
};

struct solver {
	struct arena *scratch;
	const struct program *program;
	struct variable_facts *facts;
	uint8_t *states; /* of each variable, between regions */
	uint32_t *back;  /* for each event: 1 + the last event that jumps back to it; null without loops */
	bool *certain;   /* of each variable: read from outside on every path from here */
	VECTOR(struct region) regions;
	bool reached;
	/* Of the region being solved. */
	uint32_t stamp, *stamps, *locals; /* the number of a variable in the region, valid with the region's stamp */
	VECTOR(uint32_t) variables;       /* the variable of each number */
	uint32_t *block_at;               /* 1 + the block that begins at each event */
	uint32_t block_room;
	struct block *blocks;
	uint32_t block_count;
	size_t word_count;
	struct words *entry; /* of each block, and of the region's end: word_count each */
	struct words *current;
	uint64_t *needs; /* backward: the same shape */
	uint64_t *needed;
};

/* ------------------------------------------------------------------ what an event does */

static bool is_access(const struct solver *solver, const struct event *event)
{
	if ((event->kind != EVENT_READ && event->kind != EVENT_BIND && event->kind != EVENT_DELETE) || event->soft)
		return false;
	enum variable_scope scope = solver->program->variables[event->variable].scope;
	return scope == VARIABLE_GLOBAL || scope == VARIABLE_CLASS;
}

static bool is_class_variable(const struct solver *solver, uint32_t variable)
{
	return solver->program->variables[variable].scope == VARIABLE_CLASS;
}

static bool raises(const struct event *event)
{
	return event->handler != NO_HANDLER && event->kind != EVENT_STATEMENT;
}

static bool takes_branch(const struct event *event)
{
	return event->kind == EVENT_BRANCH && event->index != BRANCH_SUPPRESS;
}

static bool falls_through(const struct event *event)
{
	return event->kind != EVENT_JUMP && event->kind != EVENT_RAISE && event->kind != EVENT_RETURN;
}

static void note_read(struct solver *solver, uint32_t variable, unsigned state, bool guarded)
{
	struct variable_facts *facts = &solver->facts[variable];
	bool exposed = state & (STATE_OUTSIDE | STATE_SEEN);
	facts->exposed |= exposed;
	facts->exposed_sure |= exposed && !(state & STATE_BOUND);
	facts->unguarded |= (state & STATE_OUTSIDE) && !guarded;
	facts->missing |= exposed || (state & STATE_DELETED);
}

static void note_change(struct solver *solver, const struct event *event, unsigned state)
{
	struct variable_facts *facts = &solver->facts[event->variable];
	if (event->kind == EVENT_BIND) {
		facts->bound = true;
	} else {
		facts->deleted = true;
		facts->deleted_exposed |= (state & (STATE_OUTSIDE | STATE_SEEN)) != 0;
	}
}

/* A read of a class variable falls through where the class has not surely bound it. */
static void note_class_read(struct solver *solver, const struct event *event, unsigned own, unsigned outer)
{
	if (own & (STATE_OUTSIDE | STATE_DELETED))
		note_read(solver, solver->program->variables[event->variable].outer, outer | (own & STATE_BOUND),
		          event->guarded);
}

static void apply(struct solver *solver, const struct event *event)
{
	if (event->kind == EVENT_CLASS_BEGIN)
		memset(solver->states + event->variable, STATE_OUTSIDE, event->target - event->variable);
	if (!is_access(solver, event))
		return;
	uint8_t *state = &solver->states[event->variable];
	if (event->kind == EVENT_READ) {
		if (is_class_variable(solver, event->variable)) {
			note_class_read(solver, event, *state, solver->states[solver->program->variables[event->variable].outer]);
			return;
		}
		note_read(solver, event->variable, *state, event->guarded);
		if (*state & STATE_OUTSIDE && !event->when)
			*state = (uint8_t)((*state & ~STATE_OUTSIDE) | STATE_SEEN);
		return;
	}
	note_change(solver, event, *state);
	*state = event->kind == EVENT_BIND ? STATE_BOUND : STATE_DELETED;
}

/* ------------------------------------------------------------------ regions: names and blocks */

static void number_variable(struct solver *solver, uint32_t variable)
{
	if (solver->stamps[variable] == solver->stamp)
		return;
	solver->stamps[variable] = solver->stamp;
	solver->locals[variable] = (uint32_t)solver->variables.count;
	vector_push(solver->scratch, &solver->variables, variable);
}

static void number_variables(struct solver *solver, const struct region *region)
{
	const struct event *events = solver->program->events;
	solver->stamp++;
	solver->variables.count = 0;
	for (uint32_t i = region->start; i < region->end; i++) {
		if (!is_access(solver, &events[i]))
			continue;
		number_variable(solver, events[i].variable);
		if (events[i].kind == EVENT_READ && is_class_variable(solver, events[i].variable))
			number_variable(solver, solver->program->variables[events[i].variable].outer);
	}
	solver->word_count = (solver->variables.count + WORD - 1) / WORD;
}

static void find_blocks(struct solver *solver, const struct region *region)
{
	const struct event *events = solver->program->events;
	uint32_t length = region->end - region->start;
	if (solver->block_room < length + 1) {
		solver->block_room = length + 1 < 64 ? 64 : (length + 1) * 2;
		solver->block_at = arena_array(solver->scratch, solver->block_room, sizeof *solver->block_at);
	}
	uint32_t *at = solver->block_at;
	memset(at, 0, (length + 1) * sizeof *at);
	at[0] = 1;
	for (uint32_t i = region->start; i < region->end; i++) {
		const struct event *event = &events[i];
		if (event->kind == EVENT_JUMP || event->kind == EVENT_BRANCH)
			at[event->target - region->start] = 1;
		if (event->kind == EVENT_BRANCH || !falls_through(event))
			at[i + 1 - region->start] = 1;
		if (event->handler != NO_HANDLER)
			at[(uint32_t)event->handler - region->start] = 1;
	}
	uint32_t count = 0;
	for (uint32_t i = 0; i < length; i++)
		if (at[i])
			at[i] = ++count;
	at[length] = count + 1;
	solver->block_count = count;
	solver->blocks = arena_array(solver->scratch, count + 1, sizeof *solver->blocks);
	for (uint32_t i = 0, block = 0; i < length; i++) {
		if (at[i]) {
			if (block)
				solver->blocks[block - 1].end = region->start + i;
			solver->blocks[block++].start = region->start + i;
		}
		if (i + 1 == length)
			solver->blocks[block - 1].end = region->end;
	}
	solver->blocks[count].start = solver->blocks[count].end = region->end;
}

static uint32_t block_of(const struct solver *solver, const struct region *region, uint32_t event)
{
	return solver->block_at[event - region->start] - 1;
}

/* ------------------------------------------------------------------ regions: forward */

static unsigned get_state(const struct words *words, uint32_t local)
{
	const struct words *word = &words[local / WORD];
	unsigned shift = local % WORD, state = 0;
	for (unsigned i = 0; i < STATES; i++)
		state |= (unsigned)(word->state[i] >> shift & 1) << i;
	return state;
}

static void set_state(struct words *words, uint32_t local, unsigned state)
{
	struct words *word = &words[local / WORD];
	unsigned shift = local % WORD;
	for (unsigned i = 0; i < STATES; i++)
		word->state[i] = (word->state[i] & ~(UINT64_C(1) << shift)) | (uint64_t)(state >> i & 1) << shift;
}

static void flow_to(struct solver *solver, uint32_t block)
{
	struct words *entry = solver->entry + block * solver->word_count;
	uint64_t added = 0;
	for (size_t i = 0; i < solver->word_count; i++)
		for (unsigned k = 0; k < STATES; k++) {
			added |= solver->current[i].state[k] & ~entry[i].state[k];
			entry[i].state[k] |= solver->current[i].state[k];
		}
	if (added || !solver->blocks[block].reached)
		solver->blocks[block].dirty = true;
	solver->blocks[block].reached = true;
}

/* Lets an event act on the current state of the region; true when that changed something. */
static bool apply_in_region(struct solver *solver, const struct event *event, bool note)
{
	if (event->kind == EVENT_CLASS_BEGIN)
		for (uint32_t i = event->variable; i < event->target; i++)
			if (solver->stamps[i] == solver->stamp)
				set_state(solver->current, solver->locals[i], STATE_OUTSIDE);
	if (!is_access(solver, event))
		return false;
	uint32_t local = solver->locals[event->variable];
	unsigned state = get_state(solver->current, local);
	if (event->kind == EVENT_READ) {
		if (is_class_variable(solver, event->variable)) {
			uint32_t outer = solver->program->variables[event->variable].outer;
			if (note)
				note_class_read(solver, event, state, get_state(solver->current, solver->locals[outer]));
			return false;
		}
		if (note)
			note_read(solver, event->variable, state, event->guarded);
		if (!(state & STATE_OUTSIDE) || event->when)
			return false;
		set_state(solver->current, local, (state & ~(unsigned)STATE_OUTSIDE) | STATE_SEEN);
		return true;
	}
	if (note)
		note_change(solver, event, state);
	set_state(solver->current, local, event->kind == EVENT_BIND ? STATE_BOUND : STATE_DELETED);
	return true;
}

/* Goes through a block from its entry state and hands the states on. */
static void flow_through(struct solver *solver, const struct region *region, uint32_t index, bool note)
{
	const struct event *events = solver->program->events;
	const struct block *block = &solver->blocks[index];
	memcpy(solver->current, solver->entry + index * solver->word_count, solver->word_count * sizeof *solver->current);
	int32_t told = NO_HANDLER; /* the handler that has been given the current state */
	for (uint32_t i = block->start; i < block->end; i++) {
		const struct event *event = &events[i];
		if (!note && raises(event) && event->handler != told) {
			flow_to(solver, block_of(solver, region, (uint32_t)event->handler));
			told = event->handler;
		}
		if (apply_in_region(solver, event, note))
			told = NO_HANDLER;
		if (!note && (event->kind == EVENT_JUMP || takes_branch(event)))
			flow_to(solver, block_of(solver, region, event->target));
	}
	if (!note && falls_through(&events[block->end - 1]))
		flow_to(solver, index + 1);
}

/* A region too large to be solved: whatever it changes may have happened or not. */
static void assume_anything(struct solver *solver, const struct region *region)
{
	const struct event *events = solver->program->events;
	for (size_t i = 0; i < solver->variables.count; i++)
		solver->states[solver->variables.items[i]] |= STATE_OUTSIDE;
	for (uint32_t i = region->start; i < region->end; i++)
		if (is_access(solver, &events[i]) && events[i].kind != EVENT_READ)
			solver->states[events[i].variable] |= events[i].kind == EVENT_BIND ? STATE_BOUND : STATE_DELETED;
	for (uint32_t i = region->start; i < region->end; i++) {
		if (!is_access(solver, &events[i]))
			continue;
		unsigned state = solver->states[events[i].variable];
		if (events[i].kind != EVENT_READ)
			note_change(solver, &events[i], state);
		else if (is_class_variable(solver, events[i].variable))
			note_class_read(solver, &events[i], state,
			                solver->states[solver->program->variables[events[i].variable].outer]);
		else
			note_read(solver, events[i].variable, state, events[i].guarded);
	}
}

static bool prepare_region(struct solver *solver, const struct region *region)
{
	number_variables(solver, region);
	find_blocks(solver, region);
	return (uint64_t)(solver->block_count + 1) * solver->word_count <= LARGEST_REGION / STATES;
}

static void solve_forward(struct solver *solver, struct region *region)
{
	if (!prepare_region(solver, region)) {
		assume_anything(solver, region);
		return;
	}
	uint32_t count = solver->block_count;
	solver->entry = arena_array(solver->scratch, (count + 1) * solver->word_count, sizeof *solver->entry);
	solver->current = arena_array(solver->scratch, solver->word_count, sizeof *solver->current);
	for (size_t i = 0; i < solver->variables.count; i++)
		set_state(solver->entry, (uint32_t)i, solver->states[solver->variables.items[i]]);
	solver->blocks[0].reached = solver->blocks[0].dirty = true;
	for (bool again = true; again;) {
		again = false;
		for (uint32_t i = 0; i < count; i++) {
			if (!solver->blocks[i].dirty)
				continue;
			solver->blocks[i].dirty = false;
			flow_through(solver, region, i, false);
			again = true;
		}
	}
	for (uint32_t i = 0; i < count; i++)
		if (solver->blocks[i].reached)
			flow_through(solver, region, i, true);
	solver->reached = solver->blocks[count].reached;
	for (size_t i = 0; i < solver->variables.count; i++)
		solver->states[solver->variables.items[i]] =
		    (uint8_t)get_state(solver->entry + count * solver->word_count, (uint32_t)i);
}

/* ------------------------------------------------------------------ regions: backward */

static void join_needs(struct solver *solver, uint32_t block, bool *known)
{
	if (!solver->blocks[block].known)
		return;
	const uint64_t *needs = solver->needs + block * solver->word_count;
	for (size_t i = 0; i < solver->word_count; i++)
		solver->needed[i] = *known ? solver->needed[i] & needs[i] : needs[i];
	*known = true;
}

/* The variable that the backward analysis sees an event act on, or NO_VARIABLE: a
 * class variable that nothing binds is the global one. */
static uint32_t backward_variable(const struct solver *solver, const struct event *event)
{
	if (!is_access(solver, event))
		return NO_VARIABLE;
	if (!is_class_variable(solver, event->variable))
		return event->variable;
	const struct variable *variable = &solver->program->variables[event->variable];
	return event->kind == EVENT_READ && !variable->is_bound ? variable->outer : NO_VARIABLE;
}

/* A class body or a comprehension counts as one step, as it is code of its own in
 * CPython: what it may bind is not needed from before it, however it gets there. */
static bool ends_inner_code(const struct event *event)
{
	return (event->kind == EVENT_CLASS || event->kind == EVENT_STEP) && event->when;
}

/* The global variable that an event binds or deletes, or NO_VARIABLE. */
static uint32_t changed_variable(const struct solver *solver, const struct event *event)
{
	uint32_t variable = event->kind == EVENT_READ ? NO_VARIABLE : backward_variable(solver, event);
	if (variable == NO_VARIABLE)
		return NO_VARIABLE;
	const struct variable *changed = &solver->program->variables[variable];
	return changed->is_bound || changed->is_deleted ? variable : NO_VARIABLE;
}

static void apply_backward(struct solver *solver, const struct event *event)
{
	if (ends_inner_code(event))
		for (const struct event *inner = solver->program->events + event->index; inner < event; inner++) {
			uint32_t changed = changed_variable(solver, inner);
			if (changed != NO_VARIABLE)
				solver->needed[solver->locals[changed] / WORD] &= ~(UINT64_C(1) << (solver->locals[changed] % WORD));
		}
	uint32_t variable = backward_variable(solver, event);
	if (variable == NO_VARIABLE)
		return;
	uint32_t local = solver->locals[variable];
	uint64_t bit = UINT64_C(1) << (local % WORD);
	if (event->kind == EVENT_READ)
		solver->needed[local / WORD] |= bit;
	else
		solver->needed[local / WORD] &= ~bit;
}

/* Goes through a block from its end; true when what is needed at its beginning changed. */
static bool flow_back(struct solver *solver, const struct region *region, uint32_t index)
{
	const struct event *events = solver->program->events;
	struct block *block = &solver->blocks[index];
	const struct event *last = &events[block->end - 1];
	bool known = false;
	if (last->kind == EVENT_RETURN) {
		memset(solver->needed, 0, solver->word_count * sizeof *solver->needed);
		known = true;
	}
	if (falls_through(last))
		join_needs(solver, index + 1, &known);
	if (last->kind == EVENT_JUMP || takes_branch(last))
		join_needs(solver, block_of(solver, region, last->target), &known);
	for (uint32_t i = block->end; i-- > block->start;) {
		if (raises(&events[i]))
			join_needs(solver, block_of(solver, region, (uint32_t)events[i].handler), &known);
		if (known)
			apply_backward(solver, &events[i]);
	}
	if (!known)
		return false;
	uint64_t *needs = solver->needs + index * solver->word_count;
	size_t size = solver->word_count * sizeof *needs;
	if (block->known && memcmp(needs, solver->needed, size) == 0)
		return false;
	block->known = true;
	memcpy(needs, solver->needed, size);
	return true;
}

static void solve_backward(struct solver *solver, const struct region *region)
{
	if (!prepare_region(solver, region)) {
		for (size_t i = 0; i < solver->variables.count; i++)
			solver->certain[solver->variables.items[i]] = false;
		return;
	}
	uint32_t count = solver->block_count;
	solver->needs = arena_array(solver->scratch, (count + 1) * solver->word_count, sizeof *solver->needs);
	solver->needed = arena_array(solver->scratch, solver->word_count, sizeof *solver->needed);
	uint64_t *end = solver->needs + count * solver->word_count;
	for (size_t i = 0; i < solver->variables.count; i++)
		if (solver->certain[solver->variables.items[i]])
			end[i / WORD] |= UINT64_C(1) << (i % WORD);
	solver->blocks[count].known = true;
	for (bool again = true; again;) {
		again = false;
		for (uint32_t i = count; i-- > 0;)
			again |= flow_back(solver, region, i);
	}
	for (size_t i = 0; i < solver->variables.count; i++)
		solver->certain[solver->variables.items[i]] =
		    solver->blocks[0].known && (solver->needs[i / WORD] >> (i % WORD) & 1);
}

/* ------------------------------------------------------------------ whole programs */

/* Remembers where loops begin, and whether there is any control flow at all. */
static bool find_loops(struct solver *solver)
{
	const struct program *program = solver->program;
	bool has_flow = false;
	for (uint32_t i = 0; i < program->event_count; i++) {
		const struct event *event = &program->events[i];
		has_flow |= event->handler != NO_HANDLER || !falls_through(event) || event->kind == EVENT_BRANCH;
		if ((event->kind != EVENT_JUMP && event->kind != EVENT_BRANCH) || event->target > i)
			continue;
		if (!solver->back)
			solver->back = arena_array(solver->scratch, program->event_count, sizeof *solver->back);
		if (solver->back[event->target] < i + 1)
			solver->back[event->target] = i + 1;
	}
	return has_flow;
}

/* The events from `start` that control flow ties together, up to where nothing crosses. */
static struct region region_at(const struct solver *solver, uint32_t start)
{
	struct region region = {start, start + 1, false};
	for (uint32_t i = start; i < region.end; i++) {
		const struct event *event = &solver->program->events[i];
		bool jumps = event->kind == EVENT_JUMP || event->kind == EVENT_BRANCH;
		if (jumps && event->target > region.end)
			region.end = event->target;
		if (event->handler != NO_HANDLER && (uint32_t)event->handler > region.end)
			region.end = (uint32_t)event->handler;
		if (solver->back && solver->back[i] > region.end)
			region.end = solver->back[i];
		region.has_flow |= jumps || event->handler != NO_HANDLER || (solver->back && solver->back[i]);
	}
	return region;
}

static void solve_program_forward(struct solver *solver)
{
	const struct program *program = solver->program;
	bool has_flow = find_loops(solver);
	struct region run = {0, 0, false};
	solver->reached = true;
	for (uint32_t i = 0; i < program->event_count && solver->reached;) {
		struct region region = {i, i + 1, false};
		if (has_flow)
			region = region_at(solver, i);
		if (region.has_flow) {
			if (run.end > run.start)
				vector_push(solver->scratch, &solver->regions, run);
			vector_push(solver->scratch, &solver->regions, region);
			solve_forward(solver, &region);
			run.start = region.end;
		} else {
			apply(solver, &program->events[i]);
			solver->reached = falls_through(&program->events[i]);
		}
		run.end = i = region.end;
	}
	if (run.end > run.start)
		vector_push(solver->scratch, &solver->regions, run);
}

static void solve_program_backward(struct solver *solver)
{
	const struct program *program = solver->program;
	solver->certain = arena_array(solver->scratch, program->variable_count, sizeof *solver->certain);
	for (size_t i = solver->regions.count; i-- > 0;) {
		const struct region *region = &solver->regions.items[i];
		if (region->has_flow) {
			solve_backward(solver, region);
			continue;
		}
		for (uint32_t k = region->end; k-- > region->start;) {
			uint32_t variable = backward_variable(solver, &program->events[k]);
			if (variable != NO_VARIABLE)
				solver->certain[variable] = program->events[k].kind == EVENT_READ;
			if (!ends_inner_code(&program->events[k]))
				continue;
			for (uint32_t inner = (uint32_t)program->events[k].index; inner < k; inner++) {
				variable = changed_variable(solver, &program->events[inner]);
				if (variable != NO_VARIABLE)
					solver->certain[variable] = false;
			}
		}
	}
}

struct dataflow dataflow_of_program(struct arena *scratch, const struct program *program)
{
	struct solver solver = {.scratch = scratch, .program = program};
	uint32_t count = program->variable_count;
	solver.facts = arena_array(scratch, count, sizeof *solver.facts);
	solver.states = arena_array(scratch, count, 1);
	memset(solver.states, STATE_OUTSIDE, count);
	solver.stamps = arena_array(scratch, count, sizeof *solver.stamps);
	solver.locals = arena_array(scratch, count, sizeof *solver.locals);
	solve_program_forward(&solver);
	if (solver.reached)
		solve_program_backward(&solver);
	for (uint32_t i = 0; i < count; i++) {
		solver.facts[i].exit = solver.states[i];
		solver.facts[i].certain = solver.reached && solver.certain[i];
	}
	return (struct dataflow){solver.reached, solver.facts};
}
