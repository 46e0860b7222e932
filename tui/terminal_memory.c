#include "tui/terminal.h"

struct memory_terminal {
	struct terminal terminal; /* first, so that the one can be seen as the other */
	int rows, columns;
};

static void memory_size(struct terminal *terminal, int *rows, int *columns)
{
	struct memory_terminal *memory = (struct memory_terminal *)terminal;
	*rows = memory->rows;
	*columns = memory->columns;
}

static void memory_show(struct terminal *terminal, const struct canvas *canvas, const struct theme *theme, int row,
                        int column)
{
	(void)terminal, (void)canvas, (void)theme, (void)row, (void)column;
}

static key_code memory_read(struct terminal *terminal, int milliseconds)
{
	(void)terminal, (void)milliseconds;
	return PRESSED_HANGUP;
}

static bool memory_interrupted(struct terminal *terminal)
{
	(void)terminal;
	return false;
}

static void memory_nothing(struct terminal *terminal)
{
	(void)terminal;
}

static bool memory_run(struct terminal *terminal, char *const words[], const struct slice *input)
{
	(void)terminal, (void)words, (void)input;
	return false;
}

static bool memory_copy(struct terminal *terminal, struct slice text)
{
	(void)terminal, (void)text;
	return true;
}

static void memory_mouse(struct terminal *terminal, bool on)
{
	(void)terminal, (void)on;
}

struct terminal *terminal_memory(struct arena *arena, int rows, int columns)
{
	struct memory_terminal *memory = arena_alloc(arena, sizeof *memory);
	*memory = (struct memory_terminal){
	    .terminal = {.size = memory_size,
	                 .show = memory_show,
	                 .read = memory_read,
	                 .interrupted = memory_interrupted,
	                 .forget = memory_nothing,
	                 .suspend = memory_nothing,
	                 .run = memory_run,
	                 .copy = memory_copy,
	                 .mouse = memory_mouse,
	                 .close = memory_nothing,
	                 .colours = 256},
	    .rows = rows,
	    .columns = columns,
	};
	return &memory->terminal;
}
