#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/commands.h"
#include "version.h"

static int print_version(struct arena *arena)
{
	struct slice text = SLICE("nbscope " NBSCOPE_VERSION "\n" NBSCOPE_LIBRARIES "\n");
	return print_output(arena, text) ? EXIT_SUCCESS : EXIT_TROUBLE;
}

/* A first word that is neither a file nor a command but nearly one of them. */
static bool is_mistyped_command(struct arena *arena, const struct request *request)
{
	if (request->command != COMMAND_INSPECT || request->argument_count == 0)
		return false;
	struct slice word = slice_copy(arena, request->arguments[0]);
	return nearest_word(arena, word, command_names(arena)) && access(word.bytes, F_OK) != 0;
}

static int run(struct arena *arena, int count, char **arguments)
{
	struct request request;
	struct slice problem;
	if (!options_parse(arena, count, arguments, &request, &problem)) {
		print_problem(arena, slice_format(arena, "%.*s (see \"nbscope --help\")", SLICE_FORMAT(problem)));
		return EXIT_TROUBLE;
	}
	if (request.help)
		return print_help(&request, request.command);
	if (request.version)
		return print_version(arena);
	if (is_mistyped_command(arena, &request)) {
		print_problem(arena, no_such_command(arena, request.arguments[0]));
		return EXIT_TROUBLE;
	}
	return commands[request.command].run(&request);
}

int main(int count, char **arguments)
{
	/* A closed pipe is an error of the write, so that the exit status tells of it. */
	signal(SIGPIPE, SIG_IGN);
	struct arena *arena = command_arena();
	int status = run(arena, count, arguments);
	arena_free(arena);
	return status;
}
