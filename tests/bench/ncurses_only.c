/* What it costs to have ncurses show a text, and no more: ncurses_only FILE shows the first screen of it and waits for
 * a key. What a program on ncurses can come down to. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <locale.h>

int main(int count, char **arguments)
{
	FILE *file = count > 1 ? fopen(arguments[1], "r") : NULL;
	setlocale(LC_ALL, "");
	if (!file || !newterm(NULL, stdout, stdin))
		return 2;
	start_color();
	use_default_colors();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	char line[1024];
	for (int row = 0; row < LINES && fgets(line, sizeof line, file); row++)
		mvaddnstr(row, 0, line, COLS);
	refresh();
	getch();
	endwin();
	fclose(file);
	return 0;
}
