/* Keys, their notation, and the table of actions: no conflicts, nothing unbound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/keymap.h"
#include "tui/view.h"

static struct keys parsed(const char *text)
{
	struct keys keys = {0};
	struct failure failure = {0};
	if (!keys_parse(arena, slice_of(text), &keys, &failure))
		fail_msg("%s: %.*s", text, SLICE_FORMAT(failure.message));
	return keys;
}

static void notation_is_read(void **state)
{
	(void)state;
	const key_code expected[] = {'j', 'j', PRESSED_ENTER,     'g',  'g',  PRESSED_CONTROL('d'), '<', 0xe9, PRESSED_F12,
	                             ' ', ']', PRESSED_ALT | '1', '\t', 0x1b, PRESSED_BACK_TAB};
	struct keys keys = parsed("jj<Enter>gg<C-d><lt>é<f12><Space>]<A-1><Tab><esc><S-Tab>");
	assert_int_equal(keys.count, sizeof expected / sizeof *expected);
	assert_memory_equal(keys.items, expected, sizeof expected);
	assert_int_equal(parsed("").count, 0);
	assert_int_equal(parsed(">").items[0], '>');
}

/* What the keyboard can't tell apart is one key. */
static void aliases_are_one_key(void **state)
{
	(void)state;
	const char *const PAIRS[][2] = {{"<C-i>", "<Tab>"},  {"<C-m>", "<Enter>"}, {"<C-[>", "<Esc>"}, {"<C-h>", "<BS>"},
	                                {"<CR>", "<Enter>"}, {"<C-D>", "<C-d>"},   {"<M-x>", "<A-x>"}};
	for (size_t at = 0; at < sizeof PAIRS / sizeof *PAIRS; at++)
		assert_int_equal(parsed(PAIRS[at][0]).items[0], parsed(PAIRS[at][1]).items[0]);
}

static void mistakes_are_named(void **state)
{
	(void)state;
	const char *const WRONG[] = {"<Nope>", "j<", "<F13>", "<F0>", "<C-dd>", "<>", "<C-\x01>", "<A->"};
	for (size_t at = 0; at < sizeof WRONG / sizeof *WRONG; at++) {
		struct keys keys = {0};
		struct failure failure = {0};
		if (keys_parse(arena, slice_of(WRONG[at]), &keys, &failure))
			fail_msg("%s is taken for keys", WRONG[at]);
		assert_true(failure.message.length > 0);
	}
}

static void every_key_is_written_as_it_is_read(void **state)
{
	(void)state;
	struct keymap *keymap = keymap_default(arena);
	for (size_t at = 0; at < keymap->count; at++) {
		struct builder text = {.arena = arena};
		keys_write(&text, keymap->items[at].keys, 0);
		builder_add_byte(&text, 0);
		struct keys again = parsed(text.bytes);
		assert_int_equal(again.count, keymap->items[at].keys.count);
		assert_memory_equal(again.items, keymap->items[at].keys.items, again.count * sizeof *again.items);
	}
}

static void every_action_has_a_name_a_sentence_and_keys(void **state)
{
	(void)state;
	struct keymap *keymap = keymap_default(arena);
	for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++) {
		const struct action_definition *definition = action_definition(action);
		assert_non_null(definition->name);
		assert_true(strlen(definition->name) > 0 && strlen(definition->help) > 0);
		assert_int_not_equal(definition->help[strlen(definition->help) - 1], '.');
		assert_int_equal(action_find(slice_of(definition->name)), action);
		size_t bindings = 0, words = 1, views = definition->also == VIEW_ANY ? 1 : 2;
		for (const char *byte = definition->keys; *byte; byte++)
			words += *byte == ' ';
		for (size_t at = 0; at < keymap->count; at++)
			bindings += keymap->items[at].action == action;
		assert_int_equal(bindings, words * views); /* also: all of them could be read */
	}
}

/* In every view: no two actions on one sequence, no sequence that begins another,
 * and none that begins with a digit, which is a count. */
static void no_keys_are_in_conflict(void **state)
{
	(void)state;
	struct keymap *keymap = keymap_default(arena);
	for (size_t a = 0; a < keymap->count; a++) {
		const struct key_binding *first = &keymap->items[a];
		key_code begin = first->keys.items[0];
		assert_false(begin >= '1' && begin <= '9');
		for (size_t b = 0; b < keymap->count; b++) {
			const struct key_binding *second = &keymap->items[b];
			bool same_place = first->view == second->view || first->view == VIEW_ANY || second->view == VIEW_ANY;
			if (a == b || !same_place || first->keys.count > second->keys.count)
				continue;
			if (memcmp(first->keys.items, second->keys.items, first->keys.count * sizeof *first->keys.items) != 0)
				continue;
			fail_msg("the keys of %s begin those of %s", action_definition(first->action)->name,
			         action_definition(second->action)->name);
		}
	}
}

/* Binding takes the place of what would conflict, and only of that. */
static void keys_can_be_bound_anew(void **state)
{
	(void)state;
	struct keymap *keymap = keymap_default(arena);
	size_t count = keymap->count;
	struct failure failure;
	struct key_binding binding = {.action = ACTION_QUIT, .view = VIEW_ANY};
	enum action action;
	keys_parse(arena, SLICE("gn"), &binding.keys, &failure);
	keymap_bind(keymap, arena, binding);
	assert_int_equal(keymap->count, count + 1);
	assert_int_equal(keymap_find(keymap, VIEW_LOG, binding.keys.items, 2, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_QUIT);
	assert_int_equal(keymap_find(keymap, VIEW_LOG, (key_code[]){'g', 'g'}, 2, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_FIRST);
	/* g alone: all that begins with it goes */
	binding.keys.count = 1;
	keymap_bind(keymap, arena, binding);
	assert_int_equal(keymap_find(keymap, VIEW_LOG, (key_code[]){'g'}, 1, &action), KEYMAP_ACTION);
	assert_int_equal(keymap_find(keymap, VIEW_LOG, (key_code[]){'g', 'g'}, 2, &action), KEYMAP_NONE);
	binding.action = ACTION_NONE;
	keymap_bind(keymap, arena, binding);
	assert_int_equal(keymap_find(keymap, VIEW_LOG, (key_code[]){'g'}, 1, &action), KEYMAP_NONE);
}

static void a_view_is_asked_before_all_views(void **state)
{
	(void)state;
	struct keymap *keymap = keymap_default(arena);
	enum action action = ACTION_NONE;
	struct keys keys = parsed("gg");
	assert_int_equal(keymap_find(keymap, VIEW_HELP, keys.items, 1, &action), KEYMAP_PREFIX);
	assert_int_equal(keymap_find(keymap, VIEW_HELP, keys.items, 2, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_FIRST);
	keys = parsed("<Tab>");
	assert_int_equal(keymap_find(keymap, VIEW_CELLS, keys.items, 1, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_NEXT_PANE);
	assert_int_equal(keymap_find(keymap, VIEW_HELP, keys.items, 1, &action), KEYMAP_NONE);
	/* A binding of the view hides one that holds everywhere. */
	struct key_binding own = {.keys = parsed("j"), .action = ACTION_QUIT, .view = VIEW_LOG};
	vector_push(arena, keymap, own);
	keys = parsed("j");
	assert_int_equal(keymap_find(keymap, VIEW_LOG, keys.items, 1, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_QUIT);
	assert_int_equal(keymap_find(keymap, VIEW_CELLS, keys.items, 1, &action), KEYMAP_ACTION);
	assert_int_equal(action, ACTION_DOWN);
}

static void every_view_is_whole(void **state)
{
	(void)state;
	for (enum view_id id = VIEW_ANY + 1; id < VIEW_TOTAL; id++) {
		const struct view_type *type = view_type(id);
		assert_non_null(type);
		assert_int_equal(type->id, id);
		assert_non_null(type->draw);
		assert_true(strlen(type->name) > 0 && strlen(type->about) > 0);
		bool opens = false;
		for (enum action action = ACTION_NONE + 1; action < ACTION_TOTAL; action++)
			opens |= view_of_action(action) == id;
		assert_true(opens);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(notation_is_read),
	    TEST(aliases_are_one_key),
	    TEST(mistakes_are_named),
	    TEST(every_key_is_written_as_it_is_read),
	    TEST(every_action_has_a_name_a_sentence_and_keys),
	    TEST(no_keys_are_in_conflict),
	    TEST(keys_can_be_bound_anew),
	    TEST(a_view_is_asked_before_all_views),
	    TEST(every_view_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
