/* A cell that uses a name beside something that was made from what the name meant before.
 *
 * It is asked of the file as it stands, by what the cells read in the replay from the top:
 * the maker of the one either read the former version of the name, or bound it itself. */
#include "findings/library_calls.h"
#include "flow/playback.h"

/* Reads, and events of makers, are followed this often in one notebook, and no more. */
enum { MOST_STEPS = 2000000 };

struct rebinding {
	struct finder *finder;
	const struct playback *file;
	const bool *imported;               /* by symbol */
	const struct replay_read **of_name; /* by symbol: what the run under way reads */
	size_t steps;                       /* that are still allowed */
};

static bool is_sure(const struct replay_read *read)
{
	return read->level != LEVEL_POSSIBLE && !read->opaque && !read->maybe_unbound && !read->in_text;
}

/* Whether a run reads the name that it binds anew: then the new one is made of the former. */
static bool is_made_from(const struct played_run *played, symbol name)
{
	for (size_t i = 0; i < played->result->reads.count; i++)
		if (played->result->reads.items[i].name == name)
			return true;
	return false;
}

/* How a name came to be in a cell. */
struct making {
	bool from_name;   /* of the made name: from the other one */
	uint64_t binding; /* of the other one: the tokens of the statement that bound it */
};

/* What a cell does to make `made` of `name`; follows what happens on all paths as if it did on one. */
static struct making making_of(struct rebinding *all, const struct program *program, symbol made, symbol name)
{
	enum { OF_NAME = 1, OF_MADE = 2, METHOD = 4 };
	struct arena *scratch = arena_child(all->finder->arena);
	struct program_events events = program_open(scratch, program);
	unsigned char *from = arena_array(scratch, program->value_count + 1, 1);
	unsigned char *held = arena_array(scratch, program->variable_count + 1, 1);
	struct making making = {0};
	uint32_t statement = 0;
	for (uint32_t i = 0; i < program->event_count && all->steps; i++, all->steps--) {
		const struct event *event = &events.items[i];
		unsigned gets = from[event->a] | from[event->b], given = 0;
		for (uint32_t j = 0; j < event->argument_count; j++)
			given |= from[events.arguments[event->arguments + j].value];
		while (statement < program->statement_count && program->statements[statement].first_event <= i)
			statement++;
		symbol variable = program->variables[event->variable].name;
		if (event->kind == EVENT_READ)
			gets = held[event->variable] | (variable == name ? OF_NAME : 0u) | (variable == made ? OF_MADE : 0u);
		if (event->kind == EVENT_ATTRIBUTE && (gets & OF_MADE))
			gets |= METHOD;
		/* `model.fit(data)` makes the model too; `model(data)` asks it. */
		if (event->kind == EVENT_CALL && gets == (OF_MADE | METHOD) && (given & OF_NAME))
			making.from_name = true;
		if (event->kind == EVENT_CALL)
			gets &= ~(unsigned)METHOD;
		if (event->kind == EVENT_BIND) {
			held[event->variable] = gets & OF_NAME;
			making.from_name = making.from_name || (variable == made && (gets & OF_NAME));
			if (variable == name)
				making.binding = statement ? program->statements[statement - 1].hash : 0;
		}
		from[event->value] = (unsigned char)(gets | given);
		from[0] = 0;
	}
	arena_free(scratch);
	return making;
}

static const struct program *program_of(const struct rebinding *all, const struct played_run *run)
{
	return all->finder->evidence->effects[run->run->cell - 1]->program;
}

static void say(struct rebinding *all, const struct played_run *run, symbol made, const struct played_run *maker,
                symbol name, const struct played_run *first, const struct played_run *second)
{
	const struct symbols *symbols = all->finder->evidence->symbols;
	struct slice of_name = symbols_name(symbols, name);
	finder_add(all->finder, CERTAIN, run->run->cell, 0,
	           "`%.*s` was made in cell %zu with the `%.*s` of cell %zu, but `%.*s` here is the one of cell %zu.",
	           SLICE_FORMAT(symbols_name(symbols, made)), maker->run->cell, SLICE_FORMAT(of_name), first->run->cell,
	           SLICE_FORMAT(of_name), second->run->cell);
}

/* The run that bound what the run under way calls `name`, when that is another thing than what the maker had. */
static const struct played_run *find_second(const struct rebinding *all, const struct played_run *run,
                                            const struct played_run *maker, symbol name)
{
	const struct replay_read *now = all->imported[name] ? NULL : all->of_name[name];
	const struct played_run *second = now ? playback_run(all->file, now->bound_by) : NULL;
	return !second || second == run || second == maker || is_made_from(second, name) ? NULL : second;
}

/* The maker read another version of a name that the run reads too. */
static bool check_reads(struct rebinding *all, const struct played_run *run, symbol made,
                        const struct played_run *maker)
{
	for (size_t i = 0; i < maker->result->reads.count && all->steps; i++, all->steps--) {
		const struct replay_read *former = &maker->result->reads.items[i];
		const struct played_run *second = find_second(all, run, maker, former->name);
		const struct played_run *first = playback_run(all->file, former->bound_by);
		if (!first || !second || first == second || former->name == made || !is_sure(former) ||
		    identity_difference(&former->identity, &all->of_name[former->name]->identity) != LEVEL_CERTAIN ||
		    !making_of(all, program_of(all, maker), made, former->name).from_name)
			continue;
		say(all, run, made, maker, former->name, first, second);
		return true;
	}
	return false;
}

/* The maker bound the former version itself. */
static bool check_writes(struct rebinding *all, const struct played_run *run, symbol made,
                         const struct played_run *maker)
{
	for (size_t i = 0; i < maker->result->writes.count && all->steps; i++, all->steps--) {
		const struct replay_write *write = &maker->result->writes.items[i];
		const struct played_run *second = find_second(all, run, maker, write->name);
		if (!second || write->kind != WRITE_BIND || write->level == LEVEL_POSSIBLE || write->name == made)
			continue;
		struct making making = making_of(all, program_of(all, maker), made, write->name);
		if (!making.from_name || making.binding == making_of(all, program_of(all, second), made, write->name).binding)
			continue;
		say(all, run, made, maker, write->name, maker, second);
		return true;
	}
	return false;
}

static bool check_maker(struct rebinding *all, const struct played_run *run, symbol made, uint32_t number)
{
	const struct played_run *maker = playback_run(all->file, number);
	return maker && maker != run && (check_reads(all, run, made, maker) || check_writes(all, run, made, maker));
}

static void check_reader(struct rebinding *all, const struct played_run *run)
{
	bool found = false;
	for (size_t i = 0; i < run->result->reads.count && !found; i++) {
		const struct replay_read *read = &run->result->reads.items[i];
		if (all->of_name[read->name] && !all->imported[read->name])
			found = check_maker(all, run, read->name, read->bound_by) ||
			        check_maker(all, run, read->name, read->changed_by);
	}
}

void rule_rebinding(struct finder *finder)
{
	struct arena *scratch = arena_child(finder->arena);
	struct rebinding all = {.finder = finder, .file = finder->evidence->status->from_top, .steps = MOST_STEPS};
	all.of_name = arena_array(scratch, symbols_count(finder->evidence->symbols) + 1, sizeof *all.of_name);
	all.imported = library_use(finder)->is_imported;
	for (size_t i = 0; i < all.file->runs.count; i++) {
		const struct played_run *run = &all.file->runs.items[i];
		for (size_t j = 0; j < run->result->reads.count; j++) {
			const struct replay_read *read = &run->result->reads.items[j];
			all.of_name[read->name] = is_sure(read) && !read->function && read->bound_by ? read : NULL;
		}
		check_reader(&all, run);
		for (size_t j = 0; j < run->result->reads.count; j++)
			all.of_name[run->result->reads.items[j].name] = NULL;
	}
	arena_free(scratch);
}
