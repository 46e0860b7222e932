#include "flow/object.h"

/* How deep and how wide an object is looked into. Deeper sharing is rare, and
 * bounds keep the cost of a read constant. */
enum { DEPTH = 2, WIDTH = 8 };

static struct identity identity_within(const struct object *object, unsigned depth)
{
	struct identity identity = object->identity;
	if (depth == 0)
		return identity;
	size_t count = object->parts.count < WIDTH ? object->parts.count : WIDTH;
	/* What a path chooses or unknown code keeps is known only as a possibility; what a display holds is in it,
	 * unless taken out. */
	enum level level = object->type == OBJECT_CHOICE || object->maybe_holds ? LEVEL_POSSIBLE : LEVEL_LIKELY;
	for (size_t i = 0; i < count; i++) {
		struct identity part = identity_within(object->parts.items[i], depth - 1);
		identity_add(&identity, level, &part);
	}
	return identity;
}

struct identity object_identity(const struct object *object)
{
	return identity_within(object, DEPTH);
}

struct object *member_of(const struct members *members, symbol name)
{
	size_t low = 0, high = members ? members->count : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct member *member = &members->items[middle];
		if (member->name == name)
			return member->object;
		if (member->name < name)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct object *member_within(const struct object *class, symbol name, unsigned depth)
{
	struct object *own = class->type == OBJECT_CLASS ? member_of(class->members, name) : NULL;
	if (own)
		return own;
	for (size_t i = 0; depth > 0 && i < class->parts.count && i < WIDTH; i++) {
		struct object *found = member_within(class->parts.items[i], name, depth - 1);
		if (found)
			return found;
	}
	return NULL;
}

struct object *object_member(const struct object *class, symbol name)
{
	return member_within(class, name, DEPTH);
}

static bool carries_within(const struct object *object, unsigned depth)
{
	if (object->program || object->type == OBJECT_CLASS || object->type == OBJECT_INSTANCE)
		return true;
	for (size_t i = 0; depth > 0 && i < object->parts.count && i < WIDTH; i++)
		if (carries_within(object->parts.items[i], depth - 1))
			return true;
	return false;
}

bool object_carries_code(const struct object *object)
{
	return carries_within(object, DEPTH);
}
