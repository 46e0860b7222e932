#include "base/failure.h"

#include "base/printable.h"

struct slice failure_line(struct arena *arena, const struct failure *failure)
{
	struct builder line = {.arena = arena};
	builder_add(&line, printable(arena, failure->file));
	if (failure->line)
		builder_add_format(&line, ":%llu", (unsigned long long)failure->line);
	if (failure->line && failure->column)
		builder_add_format(&line, ":%llu", (unsigned long long)failure->column);
	if (line.length)
		builder_add(&line, SLICE(": "));
	builder_add(&line, printable(arena, failure->message));
	return builder_slice(&line);
}
