/* The inspector as a whole: whatever is pressed, at whatever size, it draws a
 * screen of that size. What the screens look like is held in tests/screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/arena.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "tui/terminal.h"

static struct slice screen_of(const char *path, struct slice keys, int columns, int rows)
{
	struct builder out = {.arena = arena};
	struct app_options options = {.path = slice_of(path)};
	struct screen_options screen = {.columns = columns, .rows = rows, .keys = keys};
	struct failure failure = {0};
	if (!app_screen(&out, &options, &screen, &failure))
		fail_msg("%s, %dx%d, %.*s: %.*s", path, columns, rows, SLICE_FORMAT(keys), SLICE_FORMAT(failure.message));
	return builder_slice(&out);
}

static uint64_t random_state = 1;

static size_t random_below(size_t limit)
{
	random_state ^= random_state << 13; /* xorshift64 */
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % limit);
}

/* Keys of actions, counts, and what is typed into prompts. */
static void add_random_keys(struct builder *keys, const struct keymap *keymap)
{
	static const char *const OTHERS[] = {"3",     "99", "<Up>", "<BS>",   "<Tab>", "<Enter>", "<Enter>",
	                                     "theme", "df", "set",  "import", "x",     "中",      "<A-x>"};
	size_t others = sizeof OTHERS / sizeof *OTHERS;
	for (size_t count = random_below(40); count; count--) {
		size_t which = random_below(keymap->count + others);
		if (which < keymap->count)
			keys_write(keys, keymap->items[which].keys, 0);
		else
			builder_add_string(keys, OTHERS[which - keymap->count]);
	}
}

static void any_keys_draw_a_screen(void **state)
{
	(void)state;
	static const char *const FILES[] = {"docs/examples/hidden-state.ipynb", "tests/data/screens.ipynb",
	                                    "tests/data/hostile.ipynb", "tests/data/notebooks/format-3.ipynb"};
	static const int SIDES[] = {1, 2, 3, 5, 9, 24, 40, 80, 119, 120, 200};
	struct keymap *keymap = keymap_default(arena);
	for (int round = 0; round < 500; round++) {
		struct builder keys = {.arena = arena};
		add_random_keys(&keys, keymap);
		int columns = SIDES[random_below(11)], rows = SIDES[random_below(9)];
		const char *file = FILES[random_below(4)];
		struct slice text = screen_of(file, builder_slice(&keys), columns, rows), line;
		int lines = 0;
		for (; slice_next_line(&text, &line); lines++) {
			if (text_columns(line) > columns)
				fail_msg("%s at %dx%d after %.*s: a row is too long", file, columns, rows,
				         SLICE_FORMAT(builder_slice(&keys)));
		}
		assert_int_equal(lines, rows);
	}
}

/* A terminal at which keys are pressed one after the other, each as soon as the one before is answered. */
struct player {
	struct terminal terminal; /* first, so that the one can be seen as the other */
	const char *keys;         /* those that are left */
	struct builder shown;
};

static void player_size(struct terminal *terminal, int *rows, int *columns)
{
	(void)terminal;
	*rows = 24;
	*columns = 80;
}

static key_code player_read(struct terminal *terminal, int milliseconds)
{
	struct player *player = (struct player *)terminal;
	if (milliseconds == 0)
		return PRESSED_NOTHING;
	return *player->keys ? (key_code)*player->keys++ : PRESSED_HANGUP;
}

static void player_show(struct terminal *terminal, const struct canvas *canvas, const struct theme *theme, int row,
                        int column)
{
	struct player *player = (struct player *)terminal;
	(void)row, (void)column;
	player->shown.length = 0;
	screen_write(&player->shown, canvas, theme, SCREEN_TEXT);
}

/* What is looked at is drawn at once, and not when no key has come for a while. */
static void a_text_answers_at_once(void **state)
{
	(void)state;
	static const char *const KEYS[] = {"vdJ", "vdJJJJ", "vdJJ  b", "vdG "};
	const char *file = "docs/examples/hidden-state.ipynb";
	for (size_t at = 0; at < sizeof KEYS / sizeof *KEYS; at++) {
		struct player player = {.terminal = *terminal_memory(arena, 24, 80), .keys = KEYS[at], .shown.arena = arena};
		struct app_options options = {.path = slice_of(file)};
		player.terminal.read = player_read;
		player.terminal.show = player_show;
		player.terminal.size = player_size;
		assert_int_equal(app_play(&options, &player.terminal), 0);
		struct slice settled = screen_of(file, slice_of(KEYS[at]), 80, 24);
		assert_string_equal(slice_copy(arena, builder_slice(&player.shown)).bytes, slice_copy(arena, settled).bytes);
	}
}

static void mistakes_are_told(void **state)
{
	(void)state;
	struct builder out = {.arena = arena};
	struct failure failure = {0};
	struct screen_options screen = {.columns = 80, .rows = 24};
	struct app_options missing = {.path = SLICE("tests/data/no-such.ipynb")};
	assert_false(app_screen(&out, &missing, &screen, &failure));
	assert_true(failure.message.length > 0);
	struct app_options theme = {.path = SLICE("tests/data/screens.ipynb"), .theme = SLICE("no-such")};
	assert_false(app_screen(&out, &theme, &screen, &failure));
	assert_non_null(strstr(failure.message.bytes, "no such theme"));
	struct app_options good = {.path = SLICE("tests/data/screens.ipynb")};
	screen.keys = SLICE("j<Nope>");
	assert_false(app_screen(&out, &good, &screen, &failure));
	assert_non_null(strstr(failure.message.bytes, "<Nope>"));
	assert_int_equal(out.length, 0);
}

static void sizes_are_read(void **state)
{
	(void)state;
	int columns = 0, rows = 0;
	assert_true(screen_size_parse(SLICE("80x24"), &columns, &rows));
	assert_int_equal(columns, 80);
	assert_int_equal(rows, 24);
	assert_true(screen_size_parse(SLICE("1x1000"), &columns, &rows));
	const char *const WRONG[] = {"",       "80",     "80x",     "x24",  "0x24",         "80x0",
	                             "1001x5", "80x24x", "80 x 24", "-1x5", "99999999999x1"};
	for (size_t at = 0; at < sizeof WRONG / sizeof *WRONG; at++)
		assert_false(screen_size_parse(slice_of(WRONG[at]), &columns, &rows));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(any_keys_draw_a_screen),
	    TEST(a_text_answers_at_once),
	    TEST(mistakes_are_told),
	    TEST(sizes_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
