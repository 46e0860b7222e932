#include "flow/traced.h"

static void find_statements(struct arena *arena, struct traced_order *order)
{
	const struct trace *trace = order->playback->trace;
	order->of_run = arena_array(arena, order->playback->runs.count, sizeof *order->of_run);
	for (size_t i = 0; i < trace->statements.count; i++) {
		const struct played_run *played = playback_run(order->playback, trace->statements.items[i].run);
		if (!played) /* it was taken back */
			continue;
		struct traced_statements *statements = &order->of_run[played - order->playback->runs.items];
		if (statements->count++ == 0)
			statements->first = (uint32_t)i + 1;
	}
}

struct traced *traced_new(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                          struct effects *const *effects, const struct log *log)
{
	struct traced *traced = arena_alloc(arena, sizeof *traced);
	traced->symbols = symbols;
	traced->notebook = notebook;
	traced->effects = effects;
	traced->execution.playback = playback_of_log(arena, symbols, notebook, effects, log, true, NULL);
	traced->log = log;
	traced->file.playback = playback_of_file(arena, symbols, notebook, effects, traced->execution.playback, true);
	replay_free(traced->file.playback->replay);
	traced->file.playback->replay = NULL;
	find_statements(arena, &traced->execution);
	find_statements(arena, &traced->file);
	return traced;
}

size_t traced_run(const struct traced_order *order, uint32_t statement)
{
	uint32_t number = order->playback->trace->statements.items[statement - 1].run;
	return (size_t)(playback_run(order->playback, number) - order->playback->runs.items);
}
