#include "tui/parts.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

#ifdef __APPLE__
#define STAMP st_mtimespec
#else
#define STAMP st_mtim
#endif

/* --- the analysis --- */

void loading_use(struct app *app, struct analysis *analysis)
{
	app->analysis = analysis;
	arena_free(app->index_arena);
	app->index_arena = terminal_arena();
	app->orders = orders_new(app->index_arena, analysis);
	app->versions[0] = app->versions[1] = NULL;
	app->findings = NULL;
	app->changed = NULL;
	app->focus.name = app->results.name = 0;
	app->results.number++;
	app_renew(app);
}

const struct versions *app_versions(struct app *app, bool from_top)
{
	if (!app->versions[from_top])
		app->versions[from_top] = versions_new(app->index_arena, app->analysis, from_top);
	return app->versions[from_top];
}

const struct check_file *app_findings(struct app *app)
{
	if (!app->findings) {
		struct check_file file =
		    check_file_of(app->index_arena, app->analysis->notebook, analysis_findings(app->analysis));
		app->findings = arena_copy(app->index_arena, &file, sizeof file);
	}
	return app->findings;
}

struct analysis *loading_open(const struct app_options *options, struct arena *arena, struct failure *failure)
{
	return analysis_open(&(struct analysis_sources){options->path, options->history}, arena, failure);
}

/* --- what changed --- */

/* What of a cell is worth to be told when it changes. */
static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->type == b->type && a->execution_count == b->execution_count && a->outputs_size == b->outputs_size &&
	       a->output_count == b->output_count && slice_equal(a->source, b->source);
}

/* A cell by what it is known by: its id, or without one its source. */
struct cell_key {
	uint64_t hash;
	size_t index;
};

static uint64_t key_hash(const struct cell *cell)
{
	return hash_bytes(cell->id.length ? cell->id : cell->source);
}

static int compare_keys(const void *left, const void *right)
{
	const struct cell_key *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static struct cell_key *sorted_keys(struct arena *arena, const struct notebook *notebook)
{
	struct cell_key *keys = arena_array(arena, notebook->cell_count, sizeof *keys);
	for (size_t at = 0; at < notebook->cell_count; at++)
		keys[at] = (struct cell_key){key_hash(&notebook->cells[at]), at};
	qsort(keys, notebook->cell_count, sizeof *keys, compare_keys);
	return keys;
}

/* Marks the cells that are not as they were; says how many of each kind there are. */
static void compare(struct app *app, const struct notebook *old)
{
	const struct notebook *notebook = app->analysis->notebook;
	const struct cell_key *before = sorted_keys(app->frame, old), *now = sorted_keys(app->frame, notebook);
	size_t changed = 0, kept = 0, at = 0, added = 0;
	app->changed = arena_array(app->index_arena, notebook->cell_count + 1, sizeof *app->changed);
	for (size_t which = 0; which < notebook->cell_count; which++) {
		while (at < old->cell_count && before[at].hash < now[which].hash)
			at++;
		bool known = at < old->cell_count && before[at].hash == now[which].hash;
		bool same = known && same_cell(&notebook->cells[now[which].index], &old->cells[before[at].index]);
		app->changed[now[which].index] = !same;
		changed += known && !same;
		added += !known;
		kept += known;
		at += known;
	}
	struct builder text = {.arena = app->frame};
	builder_add_string(&text, "Read again:");
	const struct {
		size_t count;
		const char *what;
	} PARTS[] = {{changed, "changed"}, {added, "added"}, {old->cell_count - kept, "gone"}};
	for (size_t part = 0; part < 3; part++)
		if (PARTS[part].count)
			builder_add_format(&text, "%s %zu %s %s", text.length > 11 ? "," : "", PARTS[part].count,
			                   PARTS[part].count == 1 ? "cell" : "cells", PARTS[part].what);
	if (text.length <= 11)
		builder_add_string(&text, " nothing has changed");
	builder_add_string(&text, changed + added ? "; ]c goes to the next." : ".");
	app_say(app, "%.*s", SLICE_FORMAT(builder_slice(&text)));
}

static void take_over(struct app *app, struct analysis *fresh)
{
	struct analysis *old = app->analysis;
	loading_use(app, fresh);
	if (!filter_renew(app))
		filter_drop(app);
	places_carry_over(app, old->notebook);
	for (size_t at = 0; at < app->view_count; at++) {
		if (app->views[at].type->renew)
			app->views[at].type->renew(app, &app->views[at]);
	}
	compare(app, old->notebook);
	analysis_close(old);
}

static bool is_standard_input(const struct app *app)
{
	return slice_equal(app->options.path, SLICE("-"));
}

static void reload(struct app *app)
{
	struct failure failure = {0};
	if (is_standard_input(app)) {
		app_complain(app, "Standard input can't be read again.");
		return;
	}
	struct analysis *fresh = loading_open(&app->options, app->frame, &failure);
	if (fresh)
		take_over(app, fresh);
	else
		app_complain(app, "Not read again: %.*s", SLICE_FORMAT(failure_line(app->frame, &failure)));
}

/* --- following --- */

/* What tells whether a file has been written to. */
static struct file_stamp stamp_of(const struct app *app, struct slice path)
{
	struct stat status;
	if (stat(slice_copy(app->frame, path).bytes, &status) != 0)
		return (struct file_stamp){0};
	return (struct file_stamp){.there = true,
	                           .device = (uint64_t)status.st_dev,
	                           .inode = (uint64_t)status.st_ino,
	                           .size = (uint64_t)status.st_size,
	                           .seconds = (int64_t)status.STAMP.tv_sec,
	                           .nanoseconds = (int64_t)status.STAMP.tv_nsec};
}

static bool same_stamp(struct file_stamp a, struct file_stamp b)
{
	return a.there == b.there && a.device == b.device && a.inode == b.inode && a.size == b.size &&
	       a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

/* Jupyter copies a notebook to .~NAME before it writes, and removes the copy when it is done. */
static bool is_being_written(const struct app *app)
{
	struct slice path = app->options.path;
	size_t base = path.length;
	while (base > 0 && path.bytes[base - 1] != '/')
		base--;
	struct slice copy = slice_format(app->frame, "%.*s.~%.*s", SLICE_FORMAT(slice_part(path, 0, base)),
	                                 SLICE_FORMAT(slice_part(path, base, path.length)));
	return access(copy.bytes, F_OK) == 0;
}

/* What can't be read is being written, most likely: it is tried again when it has changed further. */
void loading_follow(struct app *app)
{
	arena_free(app->frame);
	app->frame = terminal_arena();
	struct file_stamp stamp = stamp_of(app, app->options.path);
	if (!stamp.there || is_being_written(app) || same_stamp(stamp, app->stamp))
		return;
	struct failure failure = {0};
	struct analysis *fresh = loading_open(&app->options, app->frame, &failure);
	/* Written to while it was read: once more. */
	if (!same_stamp(stamp, stamp_of(app, app->options.path))) {
		analysis_close(fresh);
		return;
	}
	app->stamp = stamp;
	if (fresh)
		take_over(app, fresh);
	else
		app_complain(app, "The file has changed, but can't be read yet: %.*s",
		             SLICE_FORMAT(failure_line(app->frame, &failure)));
}

static void toggle_following(struct app *app)
{
	if (is_standard_input(app)) {
		app_complain(app, "Standard input can't be followed.");
		return;
	}
	app->following = !app->following;
	app->stamp = stamp_of(app, app->options.path);
	app_say(app, app->following ? "The file is watched, and read again when it is saved; F ends that."
	                            : "The file is no longer watched.");
}

bool loading_act(struct app *app, enum action action)
{
	if (action == ACTION_RELOAD)
		reload(app);
	else if (action == ACTION_FOLLOW)
		toggle_following(app);
	else
		return false;
	return true;
}
