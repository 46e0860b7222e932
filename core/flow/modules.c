/* The modules that a kernel has imported, and the names from them: one object each.
 *
 * A list in the order of import beside a table of open addressing over it. What was
 * imported last is always forgotten first, so that a slot can just be emptied. */
#include "flow/interpreter.h"

static uint64_t hash_of(enum object_type type, symbol name, symbol text)
{
	return hash_mix(hash_mix(type, name), text);
}

static uint32_t *find_slot(const struct modules *modules, enum object_type type, symbol name, symbol text)
{
	for (uint64_t slot = hash_of(type, name, text);; slot++) {
		uint32_t *at = &modules->slots[slot & (modules->slot_count - 1)];
		const struct object *known = *at ? modules->list.items[*at - 1] : NULL;
		if (!known || (known->type == type && known->name == name && known->text == text))
			return at;
	}
}

static void grow(struct arena *arena, struct modules *modules)
{
	modules->slot_count = modules->slot_count ? modules->slot_count * 2 : 64;
	modules->slots = arena_array(arena, modules->slot_count, sizeof *modules->slots);
	for (size_t i = 0; i < modules->list.count; i++) {
		const struct object *known = modules->list.items[i];
		*find_slot(modules, known->type, known->name, known->text) = (uint32_t)(i + 1);
	}
}

struct object *import(struct replay *replay, const struct event *event)
{
	struct modules *modules = &replay->modules;
	enum object_type type = event->kind == EVENT_IMPORT ? OBJECT_MODULE : OBJECT_BUILTIN;
	if (modules->list.count * 2 >= modules->slot_count)
		grow(replay->kernel, modules);
	/* `import a.b` gives the module a, as `import a` does. */
	symbol name = type == OBJECT_MODULE ? event->text : event->name;
	uint32_t *slot = find_slot(modules, type, name, event->text);
	if (*slot)
		return modules->list.items[*slot - 1];
	struct object *object = arena_alloc(replay->arena, sizeof *object);
	object->type = type;
	object->text = event->text;
	object->name = name;
	object->owner_level = LEVEL_POSSIBLE;
	object->identity = identity_of_number(hash_bytes(symbols_name(replay->symbols, event->text)));
	identity_add_number(&object->identity, LEVEL_CERTAIN, hash_bytes(symbols_name(replay->symbols, name)));
	vector_push(replay->kernel, &modules->list, object);
	*slot = (uint32_t)modules->list.count;
	return object;
}

void forget_modules(struct replay *replay, size_t count)
{
	struct modules *modules = &replay->modules;
	while (modules->list.count > count) {
		const struct object *last = modules->list.items[modules->list.count - 1];
		*find_slot(modules, last->type, last->name, last->text) = 0;
		modules->list.count--;
	}
}
