/* A hash table from symbols to the names of this cell; each name has a stack of
 * bindings in open scopes and a stack of its uses as a global by open programs.
 * Closing a scope or ending a program pops what it pushed. */
#include "python/scopes.h"

#include <string.h>

#include "python/magics.h"

/* A name in a scope. */
struct binding {
	struct scope *scope;
	struct name_entry *entry;
	struct binding *outer; /* of the same name, in an enclosing scope */
	struct binding *next;  /* in the same scope */
	enum binding_kind kind;
	uint32_t variable; /* of a local one, in scope->program */
	struct capture *captures;
};

/* The variable through which a nested program sees a local of an outer one. */
struct capture {
	uint32_t serial; /* of the program */
	uint32_t variable;
	struct capture *next;
};

/* The variable of a program that is a global name. */
struct global_use {
	struct scope_program *program;
	struct name_entry *entry;
	struct global_use *outer; /* of the same name, by an enclosing program */
	struct global_use *next;  /* of the same program */
	uint32_t variable;
};

struct name_entry {
	symbol name;
	bool is_imported, is_declared_global; /* by the module; by some scope in it; once surveyed */
	struct binding *visible;
	struct global_use *global;
};

struct scopes {
	struct arena *arena, *scratch;
	struct symbols *symbols;
	struct name_entry **slots; /* open addressing, at most half full */
	size_t slot_count, entry_count;
	struct scope *scope;
	struct scope_program *program;
	uint32_t programs; /* begun so far */
	symbol class_cell; /* `__class__` */
	const struct module *module;
	bool has_walruses, leaks_comprehensions;
	bool surveyed;
};

enum { FIRST_SLOTS = 64 };

struct scopes *scopes_new(struct arena *arena, struct arena *scratch, struct symbols *symbols,
                          const struct module *module)
{
	struct scopes *scopes = arena_alloc(scratch, sizeof *scopes);
	scopes->arena = arena;
	scopes->scratch = scratch;
	scopes->symbols = symbols;
	scopes->module = module;
	scopes->slot_count = FIRST_SLOTS;
	scopes->slots = arena_array(scratch, FIRST_SLOTS, sizeof(struct name_entry *));
	scopes->class_cell = symbols_intern(symbols, SLICE("__class__"));
	scopes->leaks_comprehensions = module->dialect == DIALECT_PYTHON2;
	scopes->has_walruses = module->has_walruses;
	return scopes;
}

static size_t slot_of(const struct scopes *scopes, symbol name)
{
	size_t mask = scopes->slot_count - 1;
	size_t slot = (name * 0x9e3779b1u >> 7) & mask;
	while (scopes->slots[slot] && scopes->slots[slot]->name != name)
		slot = (slot + 1) & mask;
	return slot;
}

static void grow_slots(struct scopes *scopes)
{
	struct name_entry **old = scopes->slots;
	size_t count = scopes->slot_count;
	scopes->slot_count *= 2;
	scopes->slots = arena_array(scopes->scratch, scopes->slot_count, sizeof(struct name_entry *));
	for (size_t i = 0; i < count; i++)
		if (old[i])
			scopes->slots[slot_of(scopes, old[i]->name)] = old[i];
}

static struct name_entry *find_entry(struct scopes *scopes, symbol name)
{
	size_t slot = slot_of(scopes, name);
	if (scopes->slots[slot])
		return scopes->slots[slot];
	struct name_entry *entry = arena_alloc(scopes->scratch, sizeof *entry);
	entry->name = name;
	scopes->slots[slot] = entry;
	if (++scopes->entry_count * 2 > scopes->slot_count)
		grow_slots(scopes);
	return entry;
}

void scopes_begin_program(struct scopes *scopes, struct scope_program *program)
{
	program->parent = scopes->program;
	program->serial = ++scopes->programs;
	scopes->program = program;
}

void scopes_end_program(struct scopes *scopes)
{
	for (struct global_use *use = scopes->program->globals; use; use = use->next)
		use->entry->global = use->outer;
	scopes->program = scopes->program->parent;
}

/* The name of a class as it goes into private names: without leading
 * underscores; 0 where nothing else is in it. */
static symbol private_class_name(struct scopes *scopes, symbol class_name)
{
	struct slice name = symbols_name(scopes->symbols, class_name);
	size_t start = 0;
	while (start < name.length && name.bytes[start] == '_')
		start++;
	if (start == name.length)
		return 0;
	return start ? symbols_intern(scopes->symbols, slice_part(name, start, name.length)) : class_name;
}

void scopes_open(struct scopes *scopes, struct scope *scope, enum scope_kind kind, symbol class_name)
{
	*scope = (struct scope){.kind = kind, .parent = scopes->scope, .program = scopes->program};
	if (class_name)
		scope->class_name = private_class_name(scopes, class_name);
	else if (scope->parent)
		scope->class_name = scope->parent->class_name;
	if (scope->parent && kind != SCOPE_CLASS)
		scope->mangled = scope->parent->mangled;
	scopes->scope = scope;
}

void scopes_close(struct scopes *scopes)
{
	for (struct binding *binding = scopes->scope->bindings; binding; binding = binding->next)
		binding->entry->visible = binding->outer;
	scopes->scope = scopes->scope->parent;
}

struct scope *scopes_current(const struct scopes *scopes)
{
	return scopes->scope;
}

static bool is_parameter(const struct type_parameters *parameters, symbol name)
{
	for (size_t i = 0; i < parameters->count; i++)
		if (parameters->items[i].name == name)
			return true;
	return false;
}

symbol scopes_mangle(struct scopes *scopes, symbol name)
{
	const struct scope *scope = scopes->scope;
	if (!scope || !scope->class_name)
		return name;
	struct slice text = symbols_name(scopes->symbols, name);
	if (text.length < 3 || text.bytes[0] != '_' || text.bytes[1] != '_' || slice_ends(text, SLICE("__")) ||
	    slice_find(text, '.', 0) < text.length || (scope->mangled && !is_parameter(scope->mangled, name)))
		return name;
	struct slice class_name = symbols_name(scopes->symbols, scope->class_name);
	return symbols_intern(scopes->symbols,
	                      slice_format(scopes->scratch, "_%.*s%.*s", SLICE_FORMAT(class_name), SLICE_FORMAT(text)));
}

uint32_t scopes_add_variable(struct scopes *scopes, symbol name, enum variable_scope scope)
{
	struct variable variable = {.name = name, .scope = scope};
	vector_push(scopes->scratch, &scopes->program->variables, variable);
	return (uint32_t)(scopes->program->variables.count - 1);
}

uint32_t scopes_bind(struct scopes *scopes, symbol name, enum binding_kind kind)
{
	struct scope *scope = scopes->scope;
	struct name_entry *entry = find_entry(scopes, scopes_mangle(scopes, name));
	struct binding *binding = entry->visible;
	if (binding && binding->scope == scope) {
		if (kind == BINDING_GLOBAL || kind == BINDING_NONLOCAL ||
		    (binding->kind == BINDING_BARE && kind == BINDING_LOCAL))
			binding->kind = kind;
		return binding->variable;
	}
	binding = arena_alloc(scopes->scratch, sizeof *binding);
	*binding = (struct binding){scope, entry, entry->visible, scope->bindings, kind, 0, NULL};
	entry->visible = binding;
	scope->bindings = binding;
	if (kind == BINDING_LOCAL || kind == BINDING_BARE)
		binding->variable =
		    scopes_add_variable(scopes, entry->name, scope->kind == SCOPE_CLASS ? VARIABLE_CLASS : VARIABLE_LOCAL);
	return binding->variable;
}

static uint32_t global_variable(struct scopes *scopes, struct name_entry *entry)
{
	if (entry->global && entry->global->program == scopes->program)
		return entry->global->variable;
	struct global_use *use = arena_alloc(scopes->scratch, sizeof *use);
	*use = (struct global_use){scopes->program, entry, entry->global, scopes->program->globals,
	                           scopes_add_variable(scopes, entry->name, VARIABLE_GLOBAL)};
	entry->global = use;
	scopes->program->globals = use;
	return use->variable;
}

/* The variable of `program` for a local of it or of a program around it. */
static uint32_t captured_variable(struct scopes *scopes, struct scope_program *program, struct binding *binding)
{
	if (binding->scope->program == program)
		return binding->variable;
	for (struct capture *capture = binding->captures; capture; capture = capture->next)
		if (capture->serial == program->serial)
			return capture->variable;
	struct variable variable = {.name = binding->entry->name,
	                            .scope = VARIABLE_ENCLOSING,
	                            .outer = captured_variable(scopes, program->parent, binding)};
	vector_push(scopes->scratch, &program->variables, variable);
	struct capture *capture = arena_alloc(scopes->scratch, sizeof *capture);
	*capture = (struct capture){program->serial, (uint32_t)(program->variables.count - 1), binding->captures};
	binding->captures = capture;
	return capture->variable;
}

/* `__class__` inside a method is the class: a cell that the class body provides. */
static struct binding *bind_class_cell(struct scopes *scopes, struct name_entry *entry, struct binding *visible)
{
	struct scope *scope = scopes->scope;
	if (scope && scope->kind == SCOPE_CLASS)
		scope = scope->parent;
	for (; scope && !(visible && visible->scope == scope); scope = scope->parent) {
		if (scope->kind != SCOPE_CLASS)
			continue;
		struct binding *cell = arena_alloc(scopes->scratch, sizeof *cell);
		struct variable variable = {.name = entry->name, .scope = VARIABLE_LOCAL};
		vector_push(scopes->scratch, &scope->program->variables, variable);
		*cell = (struct binding){
		    scope, entry, visible, NULL, BINDING_LOCAL, (uint32_t)(scope->program->variables.count - 1), NULL};
		return cell;
	}
	return visible;
}

uint32_t scopes_resolve(struct scopes *scopes, symbol name)
{
	struct name_entry *entry = find_entry(scopes, name);
	struct scope *scope = scopes->scope;
	struct binding *binding = entry->visible;
	/* A class is seen from its own body and from its type parameters only. */
	while (binding && binding->scope->kind == SCOPE_CLASS && binding->scope != scope &&
	       !(scope->kind == SCOPE_TYPE && binding->scope == scope->parent))
		binding = binding->outer;
	if (name == scopes->class_cell && scope && !(binding && binding->scope == scope))
		binding = bind_class_cell(scopes, entry, binding);
	while (binding && binding->kind == BINDING_NONLOCAL) {
		do
			binding = binding->outer;
		while (binding && binding->scope->kind == SCOPE_CLASS);
	}
	if (!binding || binding->kind == BINDING_GLOBAL ||
	    (binding->kind == BINDING_BARE && binding->scope->kind == SCOPE_CLASS))
		return global_variable(scopes, entry);
	return captured_variable(scopes, scopes->program, binding);
}

uint32_t scopes_resolve_read(struct scopes *scopes, symbol name)
{
	uint32_t variable = scopes_resolve(scopes, name);
	if (scopes->program->variables.items[variable].scope == VARIABLE_CLASS) {
		uint32_t outer = global_variable(scopes, find_entry(scopes, name));
		scopes->program->variables.items[variable].outer = outer;
	}
	return variable;
}

/* ------------------------------------------------------------------ what a body binds */

void scopes_bind_target(struct scopes *scopes, const struct expression *target)
{
	switch (target->kind) {
	case EXPRESSION_NAME: scopes_bind(scopes, target->name, BINDING_LOCAL); break;
	case EXPRESSION_STARRED:
	case EXPRESSION_TUPLE:
	case EXPRESSION_LIST:
		for (size_t i = 0; i < target->items.count; i++)
			scopes_bind_target(scopes, target->items.items[i]);
		break;
	default: scopes_bind_walruses(scopes, target); break;
	}
}

static void bind_comprehension_walruses(struct scopes *scopes, const struct expression *expression)
{
	const struct comprehension *comprehension = expression->comprehension;
	for (size_t i = 0; i < comprehension->clause_count; i++) {
		const struct comprehension_clause *clause = &comprehension->clauses[i];
		if (scopes->leaks_comprehensions && expression->kind == EXPRESSION_LIST_COMPREHENSION)
			scopes_bind_target(scopes, clause->target);
		scopes_bind_walruses(scopes, clause->iterable);
		for (size_t k = 0; k < clause->conditions.count; k++)
			scopes_bind_walruses(scopes, clause->conditions.items[k]);
	}
	scopes_bind_walruses(scopes, comprehension->element);
	scopes_bind_walruses(scopes, comprehension->value);
}

void scopes_bind_walruses(struct scopes *scopes, const struct expression *expression)
{
	if (!scopes->has_walruses && !scopes->leaks_comprehensions)
		return;
	while (expression) {
		switch (expression->kind) {
		case EXPRESSION_LAMBDA: /* its defaults are evaluated here, its body is not */
			for (size_t i = 0; i < expression->function->parameter_count; i++)
				scopes_bind_walruses(scopes, expression->function->parameters[i].initial);
			return;
		case EXPRESSION_LIST_COMPREHENSION:
		case EXPRESSION_SET_COMPREHENSION:
		case EXPRESSION_DICT_COMPREHENSION:
		case EXPRESSION_GENERATOR: bind_comprehension_walruses(scopes, expression); return;
		case EXPRESSION_WALRUS:
			scopes_bind_target(scopes, expression->items.items[0]);
			expression = expression->items.items[1];
			continue;
		case EXPRESSION_CALL:
			for (size_t i = 0; i < expression->call.argument_count; i++)
				scopes_bind_walruses(scopes, expression->call.arguments[i].value);
			break;
		default: break;
		}
		/* Chains grow to the left: follow the first operand in this loop. */
		for (size_t i = 1; i < expression->items.count; i++)
			scopes_bind_walruses(scopes, expression->items.items[i]);
		expression = expression->items.count ? expression->items.items[0] : NULL;
	}
}

static void bind_list(struct scopes *scopes, const struct expression_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		scopes_bind_walruses(scopes, list->items[i]);
}

static void bind_imports(struct scopes *scopes, const struct statement *statement)
{
	for (size_t i = 0; i < statement->imports.count; i++) {
		const struct import_name *import = &statement->imports.items[i];
		if (import->as)
			scopes_bind(scopes, import->as, BINDING_LOCAL);
		else if (!slice_equal(import->module, SLICE("*")))
			scopes_bind(scopes, import->first, BINDING_LOCAL);
	}
}

static void bind_pattern(struct scopes *scopes, const struct pattern *pattern)
{
	if (pattern->name)
		scopes_bind(scopes, pattern->name, BINDING_LOCAL);
	for (size_t i = 0; i < pattern->count; i++)
		bind_pattern(scopes, pattern->items[i]);
}

static void bind_function_statement(struct scopes *scopes, const struct statement *statement)
{
	const struct function *function = statement->function;
	scopes_bind(scopes, statement->name, BINDING_LOCAL);
	bind_list(scopes, &statement->decorators);
	for (size_t i = 0; i < function->parameter_count; i++) {
		scopes_bind_walruses(scopes, function->parameters[i].initial);
		scopes_bind_walruses(scopes, function->parameters[i].annotation);
	}
	scopes_bind_walruses(scopes, function->returns);
}

static void bind_magic(struct scopes *scopes, const struct magic *magic)
{
	const struct magic_rule *rule = magic->kind == MAGIC_LINE ? python_magic_rule(magic->name, false) : NULL;
	if (rule && rule->body == MAGIC_BODY_SCOPE)
		scopes_bind_body(scopes, &magic->python);
}

static void bind_statement(struct scopes *scopes, const struct statement *statement)
{
	if (statement->value && statement->value->kind == EXPRESSION_MAGIC)
		bind_magic(scopes, statement->value->magic);
	scopes_bind_walruses(scopes, statement->value);
	scopes_bind_walruses(scopes, statement->cause);
	switch (statement->kind) {
	case STATEMENT_ASSIGN:
	case STATEMENT_AUGMENTED:
	case STATEMENT_DELETE:
		for (size_t i = 0; i < statement->targets.count; i++)
			scopes_bind_target(scopes, statement->targets.items[i]);
		break;
	case STATEMENT_ANNOTATED:
		if (statement->targets.items[0]->kind != EXPRESSION_NAME)
			scopes_bind_walruses(scopes, statement->targets.items[0]);
		else if (statement->value || statement->simple)
			scopes_bind(scopes, statement->targets.items[0]->name, statement->value ? BINDING_LOCAL : BINDING_BARE);
		scopes_bind_walruses(scopes, statement->annotation);
		break;
	case STATEMENT_TYPE_ALIAS: scopes_bind(scopes, statement->name, BINDING_LOCAL); break;
	case STATEMENT_GLOBAL:
	case STATEMENT_NONLOCAL:
		for (size_t i = 0; i < statement->names.count; i++)
			scopes_bind(scopes, statement->names.items[i],
			            statement->kind == STATEMENT_GLOBAL ? BINDING_GLOBAL : BINDING_NONLOCAL);
		break;
	case STATEMENT_IMPORT:
	case STATEMENT_IMPORT_FROM: bind_imports(scopes, statement); break;
	case STATEMENT_FOR:
		for (size_t i = 0; i < statement->targets.count; i++)
			scopes_bind_target(scopes, statement->targets.items[i]);
		break;
	case STATEMENT_TRY:
		for (size_t i = 0; i < statement->handlers.count; i++) {
			const struct handler *handler = &statement->handlers.items[i];
			scopes_bind_walruses(scopes, handler->type);
			if (handler->name)
				scopes_bind(scopes, handler->name, BINDING_LOCAL);
			if (handler->target)
				scopes_bind_target(scopes, handler->target);
		}
		break;
	case STATEMENT_WITH:
		for (size_t i = 0; i < statement->with_items.count; i++) {
			scopes_bind_walruses(scopes, statement->with_items.items[i].context);
			if (statement->with_items.items[i].target)
				scopes_bind_target(scopes, statement->with_items.items[i].target);
		}
		break;
	case STATEMENT_MATCH:
		for (size_t i = 0; i < statement->cases.count; i++) {
			bind_pattern(scopes, statement->cases.items[i].pattern);
			scopes_bind_walruses(scopes, statement->cases.items[i].guard);
		}
		break;
	case STATEMENT_FUNCTION: bind_function_statement(scopes, statement); break;
	case STATEMENT_CLASS:
		scopes_bind(scopes, statement->name, BINDING_LOCAL);
		bind_list(scopes, &statement->decorators);
		for (size_t i = 0; i < statement->class.base_count; i++)
			scopes_bind_walruses(scopes, statement->class.bases[i].value);
		break;
	case STATEMENT_MAGIC: bind_magic(scopes, statement->magic); break;
	default: bind_list(scopes, &statement->targets); break;
	}
}

void scopes_bind_body(struct scopes *scopes, const struct statement_list *body)
{
	for (size_t i = 0; i < body->count; i++) {
		const struct statement *statement = body->items[i];
		bind_statement(scopes, statement);
		if (statement->kind == STATEMENT_FUNCTION || statement->kind == STATEMENT_CLASS)
			continue;
		/* A chain of elif is as deep as it is long: follow it in a loop. */
		while (statement->kind == STATEMENT_IF && statement->orelse.count == 1 &&
		       statement->orelse.items[0]->kind == STATEMENT_IF) {
			scopes_bind_body(scopes, &statement->body);
			statement = statement->orelse.items[0];
			bind_statement(scopes, statement);
		}
		if (statement->kind == STATEMENT_TRY)
			for (size_t k = 0; k < statement->handlers.count; k++)
				scopes_bind_body(scopes, &statement->handlers.items[k].body);
		if (statement->kind == STATEMENT_MATCH)
			for (size_t k = 0; k < statement->cases.count; k++)
				scopes_bind_body(scopes, &statement->cases.items[k].body);
		scopes_bind_body(scopes, &statement->body);
		scopes_bind_body(scopes, &statement->orelse);
		scopes_bind_body(scopes, &statement->finally);
	}
}

/* ------------------------------------------------------------------ what the whole module says of a name */

static void survey(struct scopes *scopes, const struct statement_list *body, bool in_module);

static void survey_statement(struct scopes *scopes, const struct statement *statement, bool in_module)
{
	bool opens_scope = statement->kind == STATEMENT_FUNCTION || statement->kind == STATEMENT_CLASS;
	if (statement->kind == STATEMENT_GLOBAL)
		for (size_t i = 0; i < statement->names.count; i++)
			find_entry(scopes, statement->names.items[i])->is_declared_global = true;
	if (in_module && (statement->kind == STATEMENT_IMPORT || statement->kind == STATEMENT_IMPORT_FROM))
		for (size_t i = 0; i < statement->imports.count; i++) {
			const struct import_name *import = &statement->imports.items[i];
			if (import->as || import->first)
				find_entry(scopes, import->as ? import->as : import->first)->is_imported = true;
		}
	if (statement->kind == STATEMENT_FUNCTION)
		survey(scopes, &statement->function->body, false);
	if (statement->kind == STATEMENT_TRY)
		for (size_t i = 0; i < statement->handlers.count; i++)
			survey(scopes, &statement->handlers.items[i].body, in_module);
	if (statement->kind == STATEMENT_MATCH)
		for (size_t i = 0; i < statement->cases.count; i++)
			survey(scopes, &statement->cases.items[i].body, in_module);
	if (statement->kind == STATEMENT_MAGIC)
		survey(scopes, &statement->magic->python, in_module);
	survey(scopes, &statement->body, in_module && !opens_scope);
	survey(scopes, &statement->finally, in_module);
}

static void survey(struct scopes *scopes, const struct statement_list *body, bool in_module)
{
	for (size_t i = 0; i < body->count; i++) {
		const struct statement *statement = body->items[i];
		for (;; statement = statement->orelse.items[0]) { /* a chain of elif may be long */
			survey_statement(scopes, statement, in_module);
			if (statement->orelse.count != 1)
				break;
		}
		survey(scopes, &statement->orelse, in_module);
	}
}

static const struct name_entry *surveyed_entry(struct scopes *scopes, symbol name)
{
	if (!scopes->surveyed)
		survey(scopes, &scopes->module->body, true);
	scopes->surveyed = true;
	return find_entry(scopes, name);
}

bool scopes_module_imports(struct scopes *scopes, symbol name)
{
	return surveyed_entry(scopes, name)->is_imported;
}

bool scopes_declares_global(struct scopes *scopes, symbol name)
{
	return surveyed_entry(scopes, name)->is_declared_global;
}

bool scopes_has_walruses(const struct scopes *scopes)
{
	return scopes->has_walruses;
}

bool scopes_looks_in_class(struct scopes *scopes, symbol name)
{
	const struct scope *scope = scopes->scope;
	if (!scope || scope->kind != SCOPE_CLASS)
		return false;
	const struct binding *binding = find_entry(scopes, scopes_mangle(scopes, name))->visible;
	return !binding || binding->scope != scope || binding->kind != BINDING_GLOBAL;
}
