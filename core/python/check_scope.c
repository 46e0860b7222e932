/* Scopes. A small table of names for each, kept only where something depends on
 * it: where the module has `global` or `nonlocal`, and in comprehensions. */
#include "python/check_state.h"

#include <string.h>

#include "base/hash.h"

static size_t set_slot(const struct symbol_set *set, symbol name)
{
	size_t slot = (size_t)hash_mix(0, name) & (set->capacity - 1);
	while (set->slots[slot] && set->slots[slot] != name)
		slot = (slot + 1) & (set->capacity - 1);
	return slot;
}

static void grow_set(struct checker *checker, struct symbol_set *set)
{
	struct symbol_set old = *set;
	const symbol *names = old.slots ? old.slots : old.few;
	size_t count = old.slots ? old.capacity : old.count;
	set->capacity = old.capacity ? old.capacity * 2 : 32;
	set->slots = arena_array(checker->arena, set->capacity, sizeof *set->slots);
	for (size_t i = 0; i < count; i++)
		if (names[i])
			set->slots[set_slot(set, names[i])] = names[i];
}

bool symbol_set_add(struct checker *checker, struct symbol_set *set, symbol name)
{
	enum { FEW = sizeof set->few / sizeof *set->few };
	if (!set->slots && set->count < FEW) {
		for (size_t i = 0; i < set->count; i++)
			if (set->few[i] == name)
				return false;
		set->few[set->count++] = name;
		return true;
	}
	if (set->count * 2 >= set->capacity)
		grow_set(checker, set);
	size_t slot = set_slot(set, name);
	if (set->slots[slot])
		return false;
	set->slots[slot] = name;
	set->count++;
	return true;
}

/* A message with the name put in the place of "%.*s". */
static struct slice about_name(struct checker *checker, const char *message, struct slice name)
{
	struct slice whole = slice_of(message);
	size_t at = slice_find(whole, '%', 0);
	struct builder text = {.arena = checker->arena};
	builder_add(&text, slice_part(whole, 0, at));
	builder_add(&text, name);
	builder_add(&text, slice_part(whole, at + 4, whole.length));
	return builder_slice(&text);
}

static bool keeps_names(const struct checker *checker, const struct scope *scope)
{
	return checker->declares || scope->kind == SCOPE_COMPREHENSION;
}

static size_t slot_of(const struct scope *scope, symbol name)
{
	size_t mask = scope->entry_slots - 1, slot = (size_t)(hash_mix(0, name) & mask);
	while (scope->entries[slot].name && scope->entries[slot].name != name)
		slot = (slot + 1) & mask;
	return slot;
}

static uint8_t flags_of(const struct scope *scope, symbol name)
{
	return scope->entry_slots ? scope->entries[slot_of(scope, name)].flags : 0;
}

static void add_flag(struct checker *checker, struct scope *scope, symbol name, uint8_t flag)
{
	if (scope->entry_count * 2 >= scope->entry_slots) {
		struct scope old = *scope;
		scope->entry_slots = old.entry_slots ? old.entry_slots * 2 : 16;
		scope->entries = arena_array(checker->arena, scope->entry_slots, sizeof *scope->entries);
		for (size_t i = 0; i < old.entry_slots; i++)
			if (old.entries[i].name)
				scope->entries[slot_of(scope, old.entries[i].name)] = old.entries[i];
	}
	struct name_entry *entry = &scope->entries[slot_of(scope, name)];
	scope->entry_count += entry->name == 0;
	entry->name = name;
	entry->flags = (uint8_t)(entry->flags | flag);
}

void scope_enter(struct checker *checker, struct scope *scope, enum scope_kind kind)
{
	*scope = (struct scope){.outer = checker->scope, .kind = kind};
	if (scope->outer) {
		scope->private = scope->outer->private;
		/* A lambda in the iterable of a comprehension is still part of that iterable. */
		scope->in_iterable = scope->outer->in_iterable;
	}
	checker->scope = scope;
}

/* What a nonlocal statement below means by a name, now that all of this scope is known. */
static void resolve_nonlocal(struct checker *checker, struct scope *scope, struct declared_name name)
{
	struct slice text = symbols_name(checker->symbols, name.written);
	uint8_t flags = flags_of(scope, name.name);
	bool function = scope->kind == SCOPE_FUNCTION || scope->kind == SCOPE_LAMBDA;
	if (scope->kind == SCOPE_TYPE_PARAMETERS && (flags & NAME_BOUND))
		check_fail(checker, CHECK_SYMBOLS, name.offset,
		           slice_format(checker->arena, "the type parameter %.*s can't be nonlocal", SLICE_FORMAT(text)));
	else if (scope->kind == SCOPE_MODULE || (function && (flags & NAME_GLOBAL)))
		check_fail(checker, CHECK_SYMBOLS, name.offset,
		           slice_format(checker->arena, "no binding for nonlocal '%.*s' found", SLICE_FORMAT(text)));
	else if (!(function && (flags & (NAME_BOUND | NAME_IMPORTED | NAME_PARAMETER | NAME_NONLOCAL))) &&
	         !(scope->kind == SCOPE_CLASS && slice_equal(text, SLICE("__class__"))))
		vector_push(checker->arena, &scope->outer->nonlocals, name);
}

void scope_leave(struct checker *checker, struct scope *scope)
{
	checker->scope = scope->outer;
	for (size_t i = 0; i < scope->nonlocals.count; i++)
		resolve_nonlocal(checker, scope, scope->nonlocals.items[i]);
}

/* `__x` in a class is `_Class__x`: only whether two names are the same matters here. */
static symbol mangled(const struct checker *checker, symbol name)
{
	const struct scope *scope = checker->scope;
	struct slice text = symbols_name(checker->symbols, name);
	if (!scope->private || !slice_starts(text, SLICE("__")) || slice_ends(text, SLICE("__")))
		return name;
	struct slice class = symbols_name(checker->symbols, scope->private);
	while (class.length && class.bytes[0] == '_')
		class = slice_part(class, 1, class.length);
	if (class.length == 0)
		return name;
	struct slice whole = slice_format(checker->arena, "_%.*s%.*s", SLICE_FORMAT(class), SLICE_FORMAT(text));
	symbol found = symbols_find(checker->symbols, whole);
	/* One that is written nowhere gets a number of its own, from the class and the name. */
	return found ? found : (symbol)(hash_mix(scope->private, name) | 0x80000000u);
}

void scope_add(struct checker *checker, symbol name, enum name_flag flag, uint32_t offset)
{
	struct scope *scope = checker->scope;
	if (!name || !keeps_names(checker, scope))
		return;
	uint8_t flags = (uint8_t)flag;
	name = mangled(checker, name);
	if (scope->in_target) {
		if (flags_of(scope, name) & (NAME_GLOBAL | NAME_NONLOCAL))
			check_fail(checker, CHECK_SYMBOLS, offset,
			           slice_format(checker->arena,
			                        "assignment expression cannot rebind the comprehension's variable '%.*s'",
			                        SLICE_FORMAT(symbols_name(checker->symbols, name))));
		flags |= NAME_ITERATED;
	}
	add_flag(checker, scope, name, flags);
}

void scope_annotate(struct checker *checker, symbol name, uint32_t offset)
{
	struct scope *scope = checker->scope;
	if (!checker->declares)
		return;
	uint8_t flags = flags_of(scope, mangled(checker, name));
	if (scope->kind != SCOPE_MODULE && (flags & (NAME_GLOBAL | NAME_NONLOCAL)))
		check_fail(checker, CHECK_SYMBOLS, offset,
		           about_name(checker, "annotated name '%.*s' can't be global or nonlocal",
		                      symbols_name(checker->symbols, name)));
	scope_add(checker, name, NAME_ANNOTATED, offset);
	scope_add(checker, name, NAME_BOUND, offset);
}

void scope_declare(struct checker *checker, const struct statement *statement)
{
	struct scope *scope = checker->scope;
	bool global = statement->kind == STATEMENT_GLOBAL;
	uint32_t at = statement->span.start;
	if (!global && scope->kind == SCOPE_MODULE)
		check_fail(checker, CHECK_SYMBOLS, at, SLICE("nonlocal declaration not allowed at module level"));
	for (size_t i = 0; i < statement->names.count; i++) {
		symbol name = mangled(checker, statement->names.items[i]);
		struct slice text = symbols_name(checker->symbols, statement->names.items[i]);
		uint8_t flags = flags_of(scope, name);
		const char *what = flags & NAME_PARAMETER   ? "name '%.*s' is a parameter and can't be declared"
		                   : checker->python2       ? NULL
		                   : flags & NAME_USED      ? "name '%.*s' is used before its declaration"
		                   : flags & NAME_ANNOTATED ? "annotated name '%.*s' can't be global or nonlocal"
		                   : flags & NAME_BOUND     ? "name '%.*s' is assigned to before its declaration"
		                   : flags & (global ? NAME_NONLOCAL : NAME_GLOBAL) ? "name '%.*s' is nonlocal and global"
		                                                                    : NULL;
		if (what)
			check_fail(checker, CHECK_SYMBOLS, at, about_name(checker, what, text));
		add_flag(checker, scope, name, global ? NAME_GLOBAL : NAME_NONLOCAL);
		if (!global && scope->kind != SCOPE_MODULE) {
			struct declared_name declared = {name, statement->names.items[i], at};
			vector_push(checker->arena, &scope->outer->nonlocals, declared);
		}
	}
}

void scope_bind_outside(struct checker *checker, symbol name, uint32_t offset)
{
	struct scope *scope = checker->scope;
	struct slice text = symbols_name(checker->symbols, name);
	name = mangled(checker, name);
	for (; scope && scope->kind == SCOPE_COMPREHENSION; scope = scope->outer) {
		uint8_t flags = flags_of(scope, name);
		if ((flags & NAME_ITERATED) && (flags & (NAME_BOUND | NAME_GLOBAL)))
			check_fail(checker, CHECK_SYMBOLS, offset,
			           slice_format(checker->arena,
			                        "assignment expression cannot rebind the comprehension's variable '%.*s'",
			                        SLICE_FORMAT(text)));
	}
	switch (scope->kind) {
	case SCOPE_CLASS:
		check_fail(checker, CHECK_SYMBOLS, offset,
		           SLICE("assignment expression in a comprehension cannot be used in a class body"));
		return;
	case SCOPE_TYPE_PARAMETERS:
	case SCOPE_TYPE_BOUND:
	case SCOPE_TYPE_ALIAS:
		check_fail(checker, CHECK_SYMBOLS, offset, SLICE("':=' can't stand in a type parameter or type alias"));
		return;
	default: break;
	}
	add_flag(checker, checker->scope, name, scope->kind == SCOPE_MODULE ? NAME_GLOBAL : NAME_NONLOCAL);
	if (keeps_names(checker, scope))
		add_flag(checker, scope, name, NAME_BOUND);
}
