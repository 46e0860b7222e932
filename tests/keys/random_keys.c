/* Presses random keys, at random sizes, on notebook after notebook, and sees that nothing breaks: meant for the
 * sanitizers.
 *
 *   random_keys KEYS SEED FILE...
 *
 * The keys are those of the table of actions, numbers, what is typed into prompts, and any key at all. The same seed
 * presses the same keys; only every fourth session reads its file while keys are pressed, as on a real terminal. A
 * session in which nothing answers for a minute is taken for one that hangs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/app.h"
#include "tui/keymap.h"
#include "tui/terminal.h"
#include "tui/typed_commands.h"

enum { PATIENCE = 60, ALARM_EVERY = 64, LAST_KEYS = 400 };

struct player {
	struct terminal terminal; /* first, so that the one can be seen as the other */
	struct arena *scratch;    /* of a session */
	const struct keymap *keymap;
	uint64_t state;
	int rows, columns;
	size_t burst; /* keys until the screen is drawn */
	key_code queue[256];
	size_t at, count; /* of the queue */
	unsigned long left;
};

/* What is said of a failure must be known to a handler of signals. */
static struct {
	unsigned long session, seed, pressed;
	const char *file;
	key_code last[LAST_KEYS];
} told;

static void on_alarm(int signal)
{
	static const char MESSAGE[] = "random_keys: nothing answered for a minute\n";
	(void)signal;
	ssize_t written = write(STDERR_FILENO, MESSAGE, sizeof MESSAGE - 1);
	(void)written;
	abort();
}

static size_t below(struct player *player, size_t limit)
{
	player->state ^= player->state << 13; /* xorshift64 */
	player->state ^= player->state >> 7;
	player->state ^= player->state << 17;
	return (size_t)(player->state % limit);
}

static void add_key(struct player *player, key_code key)
{
	if (player->count < sizeof player->queue / sizeof *player->queue)
		player->queue[player->count++] = key;
}

static void add_text(struct player *player, struct slice text)
{
	for (size_t at = 0; at < text.length; at++)
		add_key(player, (uint8_t)text.bytes[at]);
}

static void add_word(struct player *player)
{
	static const char *const WORDS[] = {"df",     "import", "x", "1",     ".*", "(",
	                                    "[a-z]+", "model",  "0", "print", "\\", "e"};
	add_text(player, slice_of(WORDS[below(player, sizeof WORDS / sizeof *WORDS)]));
}

/* A command of the prompt, which may be cut short, and what follows it. */
static void add_command(struct player *player)
{
	size_t count = 0;
	while (count < 64 && typed_command_complete(player->scratch, SLICE(""), count).length)
		count++;
	struct slice command = count ? typed_command_complete(player->scratch, SLICE(""), below(player, count)) : SLICE("");
	add_key(player, ':');
	add_text(player, slice_part(command, 0, below(player, 8) ? command.length : below(player, command.length + 1)));
	if (below(player, 4) == 0)
		add_key(player, PRESSED_TAB);
	if (below(player, 2)) {
		add_key(player, ' ');
		add_word(player);
	}
	add_key(player, below(player, 8) ? PRESSED_ENTER : PRESSED_ESCAPE);
}

static void add_any(struct player *player)
{
	static const key_code OTHERS[] = {PRESSED_ESCAPE, PRESSED_TAB,        PRESSED_BACK_TAB, PRESSED_ENTER,
	                                  PRESSED_CLICK,  PRESSED_WHEEL_UP,   PRESSED_UP,       PRESSED_HOME,
	                                  PRESSED_F1,     PRESSED_WHEEL_DOWN, 0x4e2d,           0x1fae8,
	                                  0x301,          PRESSED_BACKSPACE,  PRESSED_DELETE,   PRESSED_PAGE_DOWN};
	key_code key =
	    below(player, 2) ? OTHERS[below(player, sizeof OTHERS / sizeof *OTHERS)] : (key_code)(1 + below(player, 0x7e));
	player->terminal.pointer_row = (int)below(player, (size_t)player->rows);
	player->terminal.pointer_column = (int)below(player, (size_t)player->columns);
	add_key(player, key | (below(player, 20) ? 0 : PRESSED_ALT));
}

static void add_action(struct player *player)
{
	const struct key_binding *binding = &player->keymap->items[below(player, player->keymap->count)];
	enum action action = binding->action;
	bool leaves = action == ACTION_QUIT || action == ACTION_INTERRUPT, reads = action == ACTION_RELOAD;
	if ((leaves && below(player, 40)) || (reads && below(player, 20)))
		return;
	for (size_t at = 0; at < binding->keys.count; at++)
		add_key(player, binding->keys.items[at]);
	if (action == ACTION_SEARCH || action == ACTION_SEARCH_BACK || action == ACTION_FILTER) {
		add_word(player);
		add_key(player, below(player, 8) ? PRESSED_ENTER : PRESSED_ESCAPE);
	}
}

static void resize(struct player *player)
{
	static const int SIDES[] = {1, 2, 3, 5, 10, 24, 40, 60, 80, 119, 120, 160, 200};
	player->rows = SIDES[below(player, 9)];
	player->columns = SIDES[below(player, 13)];
}

static void fill(struct player *player)
{
	player->at = player->count = 0;
	size_t what = below(player, 100);
	if (what < 2) {
		resize(player);
		add_key(player, PRESSED_RESIZE);
	} else if (what < 5) {
		add_command(player);
	} else if (what < 15) {
		add_any(player);
	} else {
		for (size_t digits = below(player, 12) ? 0 : 1 + below(player, 3); digits; digits--)
			add_key(player, '0' + (key_code)below(player, 10));
		add_action(player);
	}
}

static key_code player_read(struct terminal *terminal, int milliseconds)
{
	struct player *player = (struct player *)terminal;
	if (player->left == 0)
		return PRESSED_HANGUP;
	if (player->burst == 0 && milliseconds == 0) {
		player->burst = below(player, 6);
		return PRESSED_NOTHING;
	}
	if (milliseconds > 0 && below(player, 2))
		return PRESSED_NOTHING;
	while (player->at >= player->count)
		fill(player);
	player->burst -= player->burst > 0;
	player->left--;
	key_code key = player->queue[player->at++];
	told.last[told.pressed++ % LAST_KEYS] = key;
	if (told.pressed % ALARM_EVERY == 0)
		alarm(PATIENCE);
	return key;
}

static void player_size(struct terminal *terminal, int *rows, int *columns)
{
	struct player *player = (struct player *)terminal;
	*rows = player->rows;
	*columns = player->columns;
}

/* What is shown must be something that a terminal can show. */
static void player_show(struct terminal *terminal, const struct canvas *canvas, const struct theme *theme, int row,
                        int column)
{
	(void)terminal;
	for (int y = 0; y < canvas->rows; y++) {
		for (int x = 0; x < canvas->columns; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, y, x);
			theme_paint(theme, cell->look, terminal->colours);
			bool fits = cell->width <= 2 && x + cell->width <= canvas->columns;
			bool printable = cell->width == 0 || (cell->characters[0] >= ' ' && cell->characters[0] != 0x7f);
			bool halves = cell->width != 0 || (x > 0 && cell[-1].width == 2);
			if (!fits || !printable || !halves) {
				fprintf(stderr, "random_keys: row %d, column %d holds what can't be shown\n", y, x);
				abort();
			}
		}
	}
	if (row >= canvas->rows || column > canvas->columns) {
		fprintf(stderr, "random_keys: the cursor stands outside of the screen\n");
		abort();
	}
}

static void player_wake(struct terminal *terminal)
{
	(void)terminal;
}

static void play(struct player *player, const char *file, unsigned long session)
{
	struct app_options options = {.path = slice_of(file), .config = SLICE("/dev/null")};
	resize(player);
	player->at = player->count = player->burst = 0;
	player->terminal.wake = session % 4 == 3 ? player_wake : NULL;
	player->terminal.ascii = below(player, 4) == 0;
	player->scratch = arena_new(NULL, NULL);
	app_play(&options, &player->terminal);
	arena_free(player->scratch);
}

/* Where it broke, for those who look for it: the keys pressed last. */
static void tell_keys(void)
{
	struct arena *arena = arena_new(NULL, NULL);
	struct builder text = {.arena = arena};
	unsigned long count = told.pressed < LAST_KEYS ? told.pressed : LAST_KEYS;
	for (unsigned long at = told.pressed - count; at < told.pressed; at++)
		key_write(&text, told.last[at % LAST_KEYS]);
	fprintf(stderr, "random_keys: seed %lu, session %lu, %s, after %lu keys; the last of them: %.*s\n", told.seed,
	        told.session, told.file, told.pressed, SLICE_FORMAT(builder_slice(&text)));
	arena_free(arena);
}

static void on_abort(int signal)
{
	tell_keys(); /* all is lost anyway */
	(void)signal;
}

/* Called by the sanitizers where they end the process. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

int main(int count, char **arguments)
{
	if (count < 4) {
		fprintf(stderr, "usage: random_keys KEYS SEED FILE...\n");
		return 2;
	}
	terminal_locale(true);
	signal(SIGALRM, on_alarm);
	signal(SIGABRT, on_abort);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(tell_keys);
	struct arena *arena = arena_new(NULL, NULL);
	struct player *player = arena_alloc(arena, sizeof *player);
	unsigned long keys = strtoul(arguments[1], NULL, 10), seed = strtoul(arguments[2], NULL, 10), session = 0;
	player->keymap = keymap_default(arena);
	player->terminal = *terminal_memory(arena, 1, 1);
	player->terminal.size = player_size;
	player->terminal.read = player_read;
	player->terminal.show = player_show;
	player->state = seed * 0x9e3779b97f4a7c15u + 1;
	told.seed = seed;
	for (unsigned long done = 0; done < keys; session++) {
		unsigned long most = 200 + below(player, 2000);
		player->left = most < keys - done ? most : keys - done;
		most = player->left;
		told.session = session;
		told.file = arguments[3 + below(player, (size_t)count - 3)];
		alarm(PATIENCE);
		play(player, told.file, session);
		done += most - player->left;
	}
	printf("%lu keys in %lu sessions on %d notebooks, seed %lu: nothing broke\n", told.pressed, session, count - 3,
	       seed);
	arena_free(arena);
	return 0;
}
