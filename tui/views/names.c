#include "tui/views/names.h"

static const struct {
	char letter;
	const char *verb;
	enum slot slot;
} KINDS[TOUCH_KINDS] = {
    [TOUCH_READ] = {'r', "reads", SLOT_READ},
    [TOUCH_BIND] = {'b', "binds", SLOT_BIND},
    [TOUCH_MUTATE] = {'m', "mutates", SLOT_MUTATE},
    [TOUCH_DELETE] = {'d', "deletes", SLOT_DELETE},
};

bool touch_has(const struct touch *touch, enum touch_kind kind)
{
	switch (kind) {
	case TOUCH_READ: return touch->reads;
	case TOUCH_BIND: return touch->binds;
	case TOUCH_MUTATE: return touch->changes;
	case TOUCH_DELETE: return touch->deletes;
	case TOUCH_KINDS: break;
	}
	return false;
}

char touch_letter(enum touch_kind kind)
{
	return KINDS[kind].letter;
}

const char *touch_verb(enum touch_kind kind)
{
	return KINDS[kind].verb;
}

enum slot touch_slot(enum touch_kind kind)
{
	return KINDS[kind].slot;
}

struct slice step_text(struct app *app, bool from_top, size_t step)
{
	if (from_top)
		return slice_format(app->frame, "cell %zu", step + 1);
	const struct run *run = &app->analysis->log->runs[step];
	struct slice count = count_text(app->frame, run->count);
	if (run->cell == 0)
		return slice_format(app->frame, "no cell %.*s", SLICE_FORMAT(count));
	return slice_format(app->frame, "cell %zu %.*s", run->cell, SLICE_FORMAT(count));
}

bool run_search(struct app *app, bool back)
{
	const struct log *log = app->analysis->log;
	size_t at = app->place.run == NO_RUN ? 0 : app->place.run;
	for (size_t seen = 1; seen <= log->run_count; seen++) {
		size_t start, end;
		at = back ? (at ? at : log->run_count) - 1 : at + 1 < log->run_count ? at + 1 : 0;
		if (search_find(app->search, log->runs[at].source, 0, &start, &end)) {
			app_go_run(app, at);
			return true;
		}
	}
	return false;
}
