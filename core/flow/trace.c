#include "flow/trace.h"

/* What is known of a name while the trace is made. */
struct trace_name {
	uint32_t bound_at;   /* the statement that last bound or deleted it; 0: none */
	uint32_t shared_at;  /* the last one that changed what may share its object */
	uint32_t read_in;    /* the statement that last read it, */
	enum level read_how; /* and how surely */
};

/* How wide an object is looked into, and what it holds: at least as far as its identity reaches (object.c). */
enum { WIDTH = 32, WIDTH_WITHIN = 8 };

struct trace *trace_new(struct arena *arena)
{
	struct trace *trace = arena_alloc(arena, sizeof *trace);
	trace->arena = arena;
	return trace;
}

static struct trace_name *name_of(struct trace *trace, symbol name)
{
	while (name >= trace->name_capacity)
		trace->names =
		    arena_grow(trace->arena, trace->names, trace->name_capacity, &trace->name_capacity, sizeof *trace->names);
	return &trace->names[name];
}

static uint32_t current(const struct trace *trace)
{
	return (uint32_t)trace->statements.count;
}

void trace_begin_run(struct trace *trace)
{
	trace->undo.count = 0;
	trace->writes_before = trace->writes.count;
	trace->opaque_before = trace->opaque;
}

void trace_begin_statement(struct trace *trace, uint32_t run, uint32_t index, bool partial)
{
	struct traced_statement statement = {.run = run, .index = index, .first_link = (uint32_t)trace->links.count};
	vector_push(trace->arena, &trace->statements, statement);
	trace->partial = partial;
	while (trace->statements.count >= trace->linked_capacity)
		trace->linked_in = arena_grow(trace->arena, trace->linked_in, trace->linked_capacity, &trace->linked_capacity,
		                              sizeof *trace->linked_in);
}

void trace_restart(struct trace *trace)
{
	for (size_t i = 0; i < trace->name_capacity; i++)
		trace->names[i].bound_at = 0;
	trace->opaque = 0;
}

void trace_take_back(struct trace *trace)
{
	while (trace->undo.count > 0) {
		struct trace_undo undo = trace->undo.items[--trace->undo.count];
		trace->names[undo.name].bound_at = undo.bound_at;
		trace->names[undo.name].shared_at = undo.shared_at;
	}
	trace->writes.count = trace->writes_before;
	trace->opaque = trace->opaque_before;
}

/* A link to a statement that has one already is left out, unless it says another name. */
static void link_to(struct trace *trace, uint32_t on, symbol name, enum trace_how how, enum level level)
{
	uint32_t now = current(trace);
	if (on == now || now == 0)
		return;
	if (!name && (on == 0 || trace->linked_in[on] == now))
		return;
	trace->linked_in[on] = now;
	vector_push(trace->arena, &trace->links, ((struct trace_link){on, name, level, how}));
	trace->statements.items[now - 1].link_count++;
}

static void link_object(struct trace *trace, const struct object *object, uint32_t bound_at, symbol name,
                        enum level level, size_t width)
{
	/* What was made before the name was bound came with the binding. */
	bool is_later = name && object->touched_in > bound_at;
	if (object->touched_in && object->touched_in != bound_at)
		link_to(trace, object->touched_in, is_later ? name : 0, is_later ? TRACE_CHANGE : TRACE_STATE, level);
	for (size_t i = 0; i < object->parts.count && i < width; i++)
		link_object(trace, object->parts.items[i], bound_at, name, level, width == WIDTH ? WIDTH_WITHIN : 0);
}

void trace_read(struct trace *trace, symbol name, const struct object *object, enum level level)
{
	struct trace_name *known = name_of(trace, name);
	uint32_t now = current(trace);
	if (now == 0)
		return;
	struct traced_statement *statement = &trace->statements.items[now - 1];
	if (known->read_in == now) {
		/* Nothing outside the statement has happened since it first read the name. */
		for (uint32_t i = 0; level < known->read_how && i < statement->link_count; i++) {
			struct trace_link *link = &trace->links.items[statement->first_link + i];
			if (link->name == name && link->level > level)
				link->level = level;
		}
		if (level < known->read_how)
			known->read_how = level;
		return;
	}
	known->read_in = now;
	known->read_how = level;
	link_to(trace, known->bound_at, name, TRACE_BIND, level);
	if (known->shared_at > known->bound_at)
		link_to(trace, known->shared_at, 0, TRACE_STATE, LEVEL_POSSIBLE);
	link_object(trace, object, known->bound_at, name, level, WIDTH);
}

void trace_object(struct trace *trace, const struct object *object, enum level level)
{
	link_object(trace, object, 0, 0, level, WIDTH);
}

void trace_bind(struct trace *trace, symbol name, enum level level)
{
	struct trace_name *known = name_of(trace, name);
	uint32_t now = current(trace), before = known->bound_at;
	bool sure = level == LEVEL_CERTAIN && !trace->partial;
	if (now == 0)
		return;
	if (!sure && before)
		link_to(trace, before, name, TRACE_STATE, LEVEL_POSSIBLE);
	vector_push(trace->arena, &trace->writes, ((struct trace_write){now, name, sure}));
	if (before == now)
		return;
	vector_push(trace->arena, &trace->undo, ((struct trace_undo){name, before, known->shared_at}));
	known->bound_at = now;
}

void trace_change(struct trace *trace, const struct object *object)
{
	uint32_t now = current(trace);
	for (size_t i = 0; i < object->parts.count && i < WIDTH && now; i++) {
		const struct object *part = object->parts.items[i];
		for (size_t j = 0; j < part->names.count; j++) {
			symbol name = part->names.items[j];
			struct trace_name *known = name_of(trace, name);
			if (known->shared_at == now)
				continue;
			if (known->shared_at > known->bound_at)
				link_to(trace, known->shared_at, 0, TRACE_STATE, LEVEL_POSSIBLE);
			vector_push(trace->arena, &trace->undo, ((struct trace_undo){name, known->bound_at, known->shared_at}));
			known->shared_at = now;
		}
	}
}

void trace_assume(struct trace *trace, symbol name)
{
	struct trace_name *known = name_of(trace, name);
	vector_push(trace->arena, &trace->undo, ((struct trace_undo){name, known->bound_at, known->shared_at}));
	known->bound_at = 0;
}

void trace_opaque(struct trace *trace)
{
	if (trace->opaque)
		link_to(trace, trace->opaque, 0, TRACE_STATE, LEVEL_POSSIBLE);
	trace->opaque = current(trace);
}

void trace_read_opaque(struct trace *trace, symbol name, enum level level)
{
	link_to(trace, trace->opaque, name, TRACE_BIND, level);
}
