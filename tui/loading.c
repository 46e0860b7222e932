#include "tui/parts.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "tui/projects.h"

#ifdef __APPLE__
#define STAMP st_mtimespec
#else
#define STAMP st_mtim
#endif

/* --- the analysis --- */

void loading_use(struct app *app, struct analysis *analysis, const struct job_result *result)
{
	app->analysis = analysis;
	arena_free(app->index_arena);
	app->index_arena = result ? result->index : terminal_arena();
	app->orders = orders_new(app->index_arena, analysis);
	for (int from_top = 0; from_top < 2; from_top++)
		app->versions[from_top] = result ? result->versions[from_top] : NULL;
	app->findings = NULL;
	app->graphs = NULL;
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

/* What the notebook's project says of its findings, or where it has none the user; and what was typed. */
static struct judgement *judge(struct app *app)
{
	struct projects *projects = projects_new(app->index_arena, &app->typed_policy, SLICE(""));
	struct slice inside;
	const struct project *project = projects_find(projects, app->analysis->notebook->path, &inside);
	struct policy own = {0};
	for (size_t i = 0; i < app->user_policy.lines.count; i++)
		vector_push(app->index_arena, &own.lines, app->user_policy.lines.items[i]);
	for (size_t i = 0; i < app->typed_policy.lines.count; i++)
		vector_push(app->index_arena, &own.lines, app->typed_policy.lines.items[i]);
	const struct failure *mistake = project->file.length ? projects_failure(projects, 0) : NULL;
	if (mistake)
		app_complain(app, "%.*s", SLICE_FORMAT(failure_line(app->frame, mistake)));
	return policy_judge(app->index_arena, project->file.length ? &project->policy : &own, inside);
}

const struct check_file *app_findings(struct app *app)
{
	if (app->findings)
		return app->findings;
	struct analysis_watch watch = app_watch(app);
	struct findings *findings = analysis_findings(app->analysis, &watch);
	if (findings) {
		struct judgement *judgement = judge(app);
		findings_keep(findings, judgement);
		struct check_file file = check_file_of(app->index_arena, app->analysis->notebook, findings);
		check_file_judge(&file, judgement);
		app->findings = arena_copy(app->index_arena, &file, sizeof file);
		app->has_finding = arena_array(app->index_arena, app->analysis->notebook->code_count + 1, sizeof(bool));
		for (size_t at = 0; at < file.count; at++)
			app->has_finding[file.findings[at].cell] = true;
	}
	return app->findings;
}

struct graph *app_graphs(struct app *app)
{
	if (app->graphs)
		return app->graphs;
	struct analysis_watch watch = app_watch(app);
	return app->graphs = analysis_graphs(app->analysis, &watch);
}

struct analysis *loading_open(const struct app_options *options, struct arena *arena, struct failure *failure)
{
	return analysis_open(&(struct analysis_sources){options->path, options->history, NULL}, arena, failure);
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

/* --- the file as it is now --- */

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

/* Shows another analysis in place of the one that is shown, which stays open; with what a job has made with it, or
 * null. */
static void change_to(struct app *app, struct analysis *fresh, const struct job_result *result)
{
	const struct notebook *old = app->analysis->notebook;
	loading_use(app, fresh, result);
	if (!filter_renew(app))
		filter_drop(app);
	if (old != fresh->notebook)
		places_carry_over(app, old);
	else
		places_renew(app);
	for (size_t at = 0; at < app->view_count; at++) {
		const struct view_type *type = app->views[at].type;
		bool stopped = type->prepare && !type->prepare(app);
		while (stopped && app->view_count > at)
			app_close_view(app);
		if (!stopped && type->renew)
			type->renew(app, &app->views[at]);
	}
}

static bool is_standard_input(const struct app *app)
{
	return slice_equal(app->options.path, SLICE("-"));
}

/* --- the job --- */

static void wake(void *context)
{
	struct terminal *terminal = context;
	terminal->wake(terminal);
}

void loading_begin(struct app *app, struct job *job)
{
	app->job = job;
	app->load = LOAD_FIRST;
	app->early = true;
	if (app->terminal->wake)
		job_on_news(job, wake, app->terminal);
}

/* A terminal that can't be woken waits: what it shows is the same each time. */
static void begin_again(struct app *app, enum load load)
{
	if (app->job) {
		app_complain(app, "The file is being read already.");
		return;
	}
	app->job = job_start(app->options.path, app->options.history, false);
	app->load = load;
	if (!app->job)
		app_complain(app, "The file can't be read now: the system has no thread left.");
	else if (app->terminal->wake)
		job_on_news(app->job, wake, app->terminal);
	else if (job_wait(app->job, -1))
		loading_take(app);
}

/* The outline, where one is shown, has the notebook that the analysis borrows. */
static void take_first(struct app *app, const struct job_result *result)
{
	struct analysis *before = app->analysis;
	app->early = !result->analysis;
	if (result->analysis)
		change_to(app, result->analysis, result);
	if (result->analysis && before != result->read)
		analysis_close(before);
	if (result->analysis)
		analysis_take_notebook(result->analysis, result->read);
	else if (before != result->read)
		analysis_close(result->read);
	if (result->stopped) {
		app_say(app, "Stopped: what the cells do is not known. R reads the file again.");
	} else if (!result->analysis) {
		app->failure = arena_copy(app->arena, &result->failure, sizeof result->failure);
		app->quit = true;
	}
}

static void take_again(struct app *app, const struct job_result *result)
{
	bool followed = app->load == LOAD_FOLLOWED;
	struct analysis *old = app->analysis;
	/* Written to while it was read: once more. */
	if (followed && !same_stamp(app->reading, stamp_of(app, app->options.path))) {
		job_drop(result);
		return;
	}
	if (followed)
		app->stamp = app->reading;
	if (result->analysis) {
		analysis_take_notebook(result->analysis, result->read);
		app->early = false;
		change_to(app, result->analysis, result);
		compare(app, old->notebook);
		analysis_close(old);
		return;
	}
	job_drop(result);
	if (result->stopped)
		app_say(app, "Stopped; this is what was read before.");
	else
		app_complain(app, "%s: %.*s", followed ? "The file has changed, but can't be read yet" : "Not read again",
		             SLICE_FORMAT(failure_line(app->frame, &result->failure)));
}

void loading_take(struct app *app)
{
	if (!app->job)
		return;
	bool ended = job_wait(app->job, 0);
	struct analysis *outline = app->load == LOAD_FIRST && !ended ? job_outline(app->job) : NULL;
	if (outline && app->analysis != outline) {
		struct analysis *empty = app->analysis;
		change_to(app, outline, NULL);
		analysis_close(empty);
	}
	if (!ended)
		return;
	struct job_result result = job_end(app->job, app->arena);
	app->job = NULL;
	if (app->load == LOAD_FIRST)
		take_first(app, &result);
	else
		take_again(app, &result);
}

bool loading_stop(struct app *app)
{
	if (!app->job)
		return false;
	job_stop(app->job);
	app_say(app, "Stopping.");
	return true;
}

bool loading_is_early(const struct app *app, enum action action)
{
	static const enum action LATER[] = {ACTION_NEXT_STALE, ACTION_PREVIOUS_STALE, ACTION_VIEW_FINDINGS,
	                                    ACTION_VIEW_GRAPH};
	for (size_t at = 0; app->early && at < sizeof LATER / sizeof *LATER; at++) {
		if (LATER[at] == action)
			return true;
	}
	return false;
}

void loading_end(struct app *app)
{
	/* An outline that is shown belongs to a job that may still be reading its notebook. */
	bool borrowed = app->job && job_outline(app->job) == app->analysis;
	if (app->job)
		job_leave(app->job);
	if (!borrowed)
		analysis_close(app->analysis);
}

static void reload(struct app *app)
{
	if (is_standard_input(app))
		app_complain(app, "Standard input can't be read again.");
	else
		begin_again(app, LOAD_AGAIN);
}

/* --- following --- */

/* What can't be read is being written, most likely: it is tried again when it has changed further. */
void loading_follow(struct app *app)
{
	if (!app->following || app->job)
		return;
	arena_free(app->frame);
	app->frame = terminal_arena();
	struct file_stamp stamp = stamp_of(app, app->options.path);
	if (!stamp.there || is_being_written(app) || same_stamp(stamp, app->stamp))
		return;
	app->reading = stamp;
	begin_again(app, LOAD_FOLLOWED);
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
