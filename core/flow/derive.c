/* What objects are derived from: making and changing them.
 *
 * While a statement is under way its objects have a provisional identity; when it
 * ends, settle_statement() gives each object that it made or changed one that
 * rests on all that the statement read. */
#include "flow/interpreter.h"

static void touch(struct replay *replay, struct object *object, enum level level, bool made)
{
	struct touched touched = {object, level, made, replay->event_key, object->identity, false};
	object->touched_in = replay->statement_number;
	object->touched_at = (uint32_t)replay->touched.count;
	vector_push(replay->kernel, &replay->touched, touched);
}

struct object *make_object(struct replay *replay, enum object_type type)
{
	struct object *object = arena_alloc(replay->arena, sizeof *object);
	object->type = type;
	object->owner_level = LEVEL_POSSIBLE;
	object->identity = replay->statement;
	identity_add_number(&object->identity, LEVEL_CERTAIN, replay->event_key);
	touch(replay, object, LEVEL_CERTAIN, true);
	return object;
}

struct object *make_constant(struct replay *replay, const struct constant *value)
{
	struct object *object = make_object(replay, OBJECT_IMMUTABLE);
	object->constant = arena_copy(replay->arena, value, sizeof *value);
	object->truth = constant_is_true(value);
	return object;
}

bool is_foreign(const struct object *object)
{
	if (object->type == OBJECT_IMMUTABLE && object->constant && object->constant->foreign)
		return true;
	return object->kept && !object->name; /* what Python itself provides has a name */
}

const struct constant *constant_of(struct replay *replay, struct object *object)
{
	if (!object || object->type != OBJECT_IMMUTABLE || !object->constant)
		return NULL;
	if (object->constant->kind != CONSTANT_UNREAD)
		return object->constant;
	/* It lives as long as its object does. */
	struct arena *arena = object->kept ? replay->kernel : replay->arena;
	struct constant value;
	if (!constant_of_literal(arena, object->literal, object->constant->text, &value))
		return NULL;
	return object->constant = arena_copy(arena, &value, sizeof value);
}

bool text_of(struct replay *replay, struct object *object, struct slice *text)
{
	const struct constant *constant = constant_of(replay, object);
	if (!constant || constant->kind != CONSTANT_TEXT)
		return false;
	*text = constant->text;
	return true;
}

void save_object(struct replay *replay, struct object *object)
{
	struct object_change *change = arena_alloc(replay->arena, sizeof *change);
	*change = (struct object_change){object, *object, replay->object_changes};
	replay->object_changes = change;
}

void derive_from(struct replay *replay, const struct object *object, enum level level)
{
	struct identity identity = object_identity(object);
	identity_add(&replay->statement, level, &identity);
	if (object != replay->store.object)
		identity_add(&replay->store.others, level, &identity);
	if (replay->trace)
		trace_object(replay->trace, object, level);
}

bool object_is_immutable(const struct object *object)
{
	return object->type == OBJECT_IMMUTABLE || (object->type == OBJECT_CHOICE && object->never_changes);
}

void hold_part(struct replay *replay, struct object *container, struct object *part)
{
	container->never_changes = false;
	vector_push(replay->arena, &container->parts, part);
}

void note_write(struct replay *replay, symbol name, enum write_kind kind, enum level level, bool foreign)
{
	struct global *global = global_of(replay, name);
	uint32_t *noted_in = kind == WRITE_CHANGE ? &global->changed_in : &global->written_in;
	uint32_t *noted_at = kind == WRITE_CHANGE ? &global->changed_at : &global->written_at;
	struct replay_write *noted = *noted_in == replay->run_count ? &replay->run->writes.items[*noted_at] : NULL;
	if (noted && noted->kind == kind) {
		if (level < noted->level || (level == noted->level && !foreign))
			noted->foreign = foreign;
		if (level < noted->level)
			noted->level = level;
		return;
	}
	*noted_in = replay->run_count;
	*noted_at = (uint32_t)replay->run->writes.count;
	vector_push(replay->arena, &replay->run->writes, ((struct replay_write){name, kind, level, foreign}));
}

/* Every name that was bound to the object before this run sees it change. */
static void note_change(struct replay *replay, const struct object *object, enum level level)
{
	for (size_t i = 0; i < object->names.count; i++) {
		symbol name = object->names.items[i];
		const struct binding *binding = &global_of(replay, name)->place.now;
		if (binding->object == object && binding->by != replay->run_count)
			note_write(replay, name, WRITE_CHANGE, level, false);
	}
}

static void change_within(struct replay *replay, struct object *object, enum level level, unsigned depth)
{
	bool builtin = object->type == OBJECT_BUILTIN && !object->text;
	if (object->type == OBJECT_IMMUTABLE || builtin || replay->change_budget == 0)
		return;
	replay->change_budget--;
	if (object->is_namespace)
		become_opaque(replay, SLICE(""));
	save_object(replay, object);
	object->repeat = NULL;
	replay->store.changes += object == replay->store.object;
	if (replay->trace) {
		trace_object(replay->trace, object, level);
		trace_change(replay->trace, object);
	}
	if (object->touched_in != replay->statement_number) {
		touch(replay, object, level, false);
		identity_add(&object->identity, level, &replay->statement);
	} else if (replay->touched.items[object->touched_at].level > level) {
		replay->touched.items[object->touched_at].level = level;
	}
	note_change(replay, object, level);
	object->changed_by = replay->run_count;
	object->exact = false;
	object->nonempty = false;
	if (depth == 0)
		return;
	/* Going over something leaves it as it is, unless that is gone over in turn. */
	if (object->owner && (object->type != OBJECT_ITERATOR || object->owner->type == OBJECT_ITERATOR))
		change_within(replay, object->owner, level > object->owner_level ? level : object->owner_level, depth - 1);
	if (object->type != OBJECT_CHOICE)
		return;
	enum level least = object->owner ? LEVEL_LIKELY : LEVEL_POSSIBLE;
	for (size_t i = 0; i < object->parts.count && replay->change_budget > 0; i++)
		change_within(replay, object->parts.items[i], level > least ? level : least, depth - 1);
}

void change_object(struct replay *replay, struct object *object, enum level level)
{
	enum { OWNERS = 8 }; /* `a.b.c.d.append(1)` reaches a */
	replay->change_budget = PARTS_SEEN;
	change_within(replay, object, level > replay->change_level ? level : replay->change_level, OWNERS);
}

void settle_statement(struct replay *replay)
{
	for (size_t i = 0; i < replay->touched.count; i++) {
		const struct touched *touched = &replay->touched.items[i];
		struct identity identity = replay->statement;
		if (touched->unchanged)
			continue;
		if (touched->made) {
			identity_add_number(&identity, LEVEL_CERTAIN, touched->event_key);
		} else {
			struct identity renewed = touched->before;
			identity_add(&renewed, touched->level, &identity);
			identity = renewed;
		}
		touched->object->identity = identity;
	}
	replay->touched.count = 0;
	identity_add(&replay->run->identity, LEVEL_CERTAIN, &replay->statement);
}

void become_opaque(struct replay *replay, struct slice what)
{
	if (!replay->opacity.is_opaque)
		replay->opacity.identity = identity_of_number(0);
	replay->opacity.is_opaque = true;
	replay->opacity.by = replay->run_count;
	if (replay->trace)
		trace_opaque(replay->trace);
	if (what.length)
		identity_add_number(&replay->opacity.identity, LEVEL_CERTAIN, hash_bytes(what));
	else
		identity_add(&replay->opacity.identity, LEVEL_CERTAIN, &replay->statement);
}
