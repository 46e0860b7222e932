/* `nbscope check`: looks at many notebooks, several at a time, and writes what was found in the order in which
 * they were named. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis.h"
#include "base/hash.h"
#include "base/printable.h"
#include "report/check.h"
#include "tui/commands.h"
#include "tui/walk.h"

/* One notebook to look at. */
struct job {
	const struct found *found;
	struct arena *arena; /* owns the result */
	struct check_file file;
	bool is_done;
};

/* So far the work may be ahead of what is written: results wait in memory. */
enum { MOST_AHEAD = 256 };

struct crew {
	const struct request *request;
	struct job *jobs;
	size_t count;
	pthread_mutex_t mutex; /* of what follows, and of is_done */
	pthread_cond_t done, room;
	size_t next, written;
};

static void do_job(const struct crew *crew, struct job *job)
{
	struct failure failure = job->found->failure;
	struct analysis_sources sources = {job->found->path, crew->request->history};
	job->arena = command_arena();
	struct analysis *analysis = NULL;
	if (failure.message.length == 0)
		analysis = analysis_open(&sources, job->arena, &failure);
	if (analysis) {
		struct findings *findings = analysis_findings(analysis, NULL);
		const struct policy *policy = &job->found->project->policy;
		struct judgement *judgement = policy_judge(analysis->arena, policy, job->found->inside);
		findings_keep(findings, judgement);
		job->file = check_file_of(job->arena, analysis->notebook, findings);
		check_file_judge(&job->file, judgement);
	} else {
		job->file = (struct check_file){.path = job->found->path, .failure = failure_line(job->arena, &failure)};
	}
	analysis_close(analysis);
}

/* The next job that is to be done, or null. */
static struct job *take_job(struct crew *crew)
{
	pthread_mutex_lock(&crew->mutex);
	struct job *job = crew->next < crew->count ? &crew->jobs[crew->next++] : NULL;
	while (job && (size_t)(job - crew->jobs) >= crew->written + MOST_AHEAD)
		pthread_cond_wait(&crew->room, &crew->mutex);
	pthread_mutex_unlock(&crew->mutex);
	return job;
}

static void *work(void *argument)
{
	struct crew *crew = argument;
	for (struct job *job = take_job(crew); job; job = take_job(crew)) {
		do_job(crew, job);
		pthread_mutex_lock(&crew->mutex);
		job->is_done = true;
		pthread_cond_signal(&crew->done);
		pthread_mutex_unlock(&crew->mutex);
	}
	return NULL;
}

static void wait_for(struct crew *crew, const struct job *job)
{
	pthread_mutex_lock(&crew->mutex);
	while (!job->is_done)
		pthread_cond_wait(&crew->done, &crew->mutex);
	crew->written++;
	pthread_cond_broadcast(&crew->room);
	pthread_mutex_unlock(&crew->mutex);
}

static size_t crew_size(const struct request *request, size_t jobs)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = request->jobs ? request->jobs : processors > 0 ? (size_t)processors : 1;
	return wanted < jobs ? wanted : jobs;
}

/* Shows on a terminal how far the work has come; with `done` nothing is left to see. What reads a
 * pipe may write to the same terminal. */
static void show_progress(size_t at, size_t count, bool done)
{
	enum { EVERY = 16 };
	struct stat output;
	if (count < 2 * EVERY || !isatty(STDERR_FILENO) || (fstat(STDOUT_FILENO, &output) == 0 && S_ISFIFO(output.st_mode)))
		return;
	if (done)
		fputs("\r\033[K", stderr);
	else if (at % EVERY == 0)
		fprintf(stderr, "\r%zu of %zu notebooks", at, count);
}

/* A document on its way to standard output. */
struct writing {
	const struct request *request;
	struct builder out;
	struct check_document document;
	int status;
};

static void begin_writing(struct writing *writing, const struct request *request, struct arena *arena)
{
	*writing = (struct writing){.request = request, .out = {.arena = arena}, .status = EXIT_SUCCESS};
	writing->document =
	    (struct check_document){.form = check_form_find(slice_of(format_names[request->format])), .out = &writing->out};
	check_begin(&writing->document);
}

static void write_out(struct writing *writing)
{
	if (!print_output(writing->out.arena, builder_slice(&writing->out)))
		writing->status = EXIT_TROUBLE;
	writing->out.length = 0;
}

static void write_file(struct writing *writing, const struct check_file *file)
{
	int status = EXIT_SUCCESS;
	if (file->failure.length) {
		fprintf(stderr, "%.*s\n", SLICE_FORMAT(printable(writing->out.arena, file->failure)));
		status = EXIT_TROUBLE;
	}
	for (size_t i = 0; i < file->count && status == EXIT_SUCCESS; i++)
		if (file->findings[i].fails)
			status = EXIT_FINDINGS;
	writing->status = status > writing->status ? status : writing->status;
	check_file(&writing->document, file);
	write_out(writing);
}

static void end_writing(struct writing *writing)
{
	check_end(&writing->document);
	bool is_text = writing->request->format == FORMAT_TEXT;
	if (writing->request->statistics && is_text)
		check_statistics(&writing->document, &writing->out);
	else if (is_text && isatty(STDOUT_FILENO))
		check_summary(&writing->document, &writing->out);
	write_out(writing);
}

/* What the baseline holds. */
struct baseline {
	struct arena *arena;
	struct {
		uint64_t *items;
		size_t count, capacity;
	} known; /* sorted once all are read */
};

/* A finding of a file as a number. The file may be named from the folder one is in, or by way of it. */
static uint64_t known_as(struct slice path, const struct check_finding *finding)
{
	while (slice_starts(path, SLICE("./")))
		path = slice_part(path, 2, path.length);
	return hash_mix(hash_bytes(path), finding->fingerprint);
}

static void note_baseline(void *context, const struct check_file *file)
{
	struct baseline *baseline = context;
	for (size_t i = 0; i < file->count; i++)
		vector_push(baseline->arena, &baseline->known, known_as(file->path, &file->findings[i]));
}

static int compare_numbers(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

static bool read_baseline(struct baseline *baseline, struct slice path, struct failure *failure)
{
	if (!check_read(baseline->arena, path, note_baseline, baseline, failure))
		return false;
	if (baseline->known.count)
		qsort(baseline->known.items, baseline->known.count, sizeof(uint64_t), compare_numbers);
	return true;
}

static void leave_out(const struct baseline *baseline, struct check_file *file)
{
	size_t kept = 0;
	for (size_t i = 0; i < file->count; i++) {
		uint64_t key = known_as(file->path, &file->findings[i]);
		if (!baseline->known.count ||
		    !bsearch(&key, baseline->known.items, baseline->known.count, sizeof key, compare_numbers))
			file->findings[kept++] = file->findings[i];
	}
	file->count = kept;
}

static int write_jobs(const struct request *request, struct arena *arena, struct crew *crew, size_t excluded,
                      const struct baseline *baseline)
{
	struct writing writing;
	begin_writing(&writing, request, arena);
	writing.document.excluded = excluded;
	for (size_t i = 0; i < crew->count; i++) {
		struct job *job = &crew->jobs[i];
		show_progress(i, crew->count, false);
		wait_for(crew, job);
		show_progress(i, crew->count, isatty(STDOUT_FILENO));
		leave_out(baseline, &job->file);
		write_file(&writing, &job->file);
		arena_free(job->arena);
	}
	show_progress(0, crew->count, true);
	end_writing(&writing);
	return writing.status;
}

/* Starts the crew; where no thread can be had, the work is done here. */
static int check_all(const struct request *request, struct arena *arena, const struct walk *walk,
                     const struct baseline *baseline)
{
	struct crew crew = {.request = request, .count = walk->found.count};
	crew.jobs = arena_array(arena, crew.count, sizeof *crew.jobs);
	for (size_t i = 0; i < crew.count; i++)
		crew.jobs[i].found = &walk->found.items[i];
	pthread_mutex_init(&crew.mutex, NULL);
	pthread_cond_init(&crew.done, NULL);
	pthread_cond_init(&crew.room, NULL);
	size_t size = crew_size(request, crew.count), started = 0;
	pthread_t *threads = arena_array(arena, size, sizeof *threads);
	while (started < size && pthread_create(&threads[started], NULL, work, &crew) == 0)
		started++;
	if (started == 0) {
		crew.written = crew.count; /* nobody to wait for */
		work(&crew);
	}
	int status = write_jobs(request, arena, &crew, walk->excluded, baseline);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&crew.room);
	pthread_cond_destroy(&crew.done);
	pthread_mutex_destroy(&crew.mutex);
	return status;
}

/* What the command line says of the rules, as lines of a policy. */
void request_policy(struct arena *arena, const struct request *request, struct policy *policy)
{
	struct policy_line line = {.source = POLICY_OF_COMMAND};
	if (request->select.count) {
		line.verb = POLICY_SELECT;
		line.rules = request->select;
		line.text = slice_format(arena, "select %.*s", SLICE_FORMAT(request->select_text));
		vector_push(arena, &policy->lines, line);
	}
	if (request->ignore.count) {
		line.verb = POLICY_IGNORE;
		line.rules = request->ignore;
		line.text = slice_format(arena, "ignore %.*s", SLICE_FORMAT(request->ignore_text));
		vector_push(arena, &policy->lines, line);
	}
	if (request->has_fail_on) {
		line = (struct policy_line){.verb = POLICY_FAIL_ON, .source = POLICY_OF_COMMAND, .severity = request->fail_on};
		line.text = slice_format(arena, "fail-on %s", fail_on_names[request->fail_on]);
		vector_push(arena, &policy->lines, line);
	}
}

static void print_failure(struct arena *arena, const struct failure *failure)
{
	fprintf(stderr, "%.*s\n", SLICE_FORMAT(failure_line(arena, failure)));
}

bool print_mistakes(struct arena *arena, const struct projects *projects)
{
	const struct failure *mistake;
	for (size_t i = 0; (mistake = projects_failure(projects, i)); i++)
		print_failure(arena, mistake);
	return projects_failure(projects, 0) != NULL;
}

/* How often standard input is asked for. */
static size_t input_uses(const struct request *request)
{
	size_t uses = slice_equal(request->files_from, SLICE("-")) + slice_equal(request->baseline, SLICE("-"));
	bool is_named = false;
	for (size_t i = 0; i < request->argument_count; i++)
		is_named = is_named || slice_equal(request->arguments[i], SLICE("-"));
	return uses + is_named;
}

/* Finds what is to be looked at, and what is to be left out; false when something is wrong that
 * would make all of the check wrong, which is said. */
static bool prepare(const struct request *request, struct walk *walk, struct baseline *baseline)
{
	struct failure failure = {.file = SLICE("-"), .message = SLICE("standard input can be read only once")};
	bool is_fine = input_uses(request) < 2;
	for (size_t i = 0; i < request->argument_count && is_fine; i++)
		walk_add(walk, request->arguments[i]);
	if (is_fine && request->files_from.length)
		is_fine = walk_add_list(walk, request->files_from, request->ends_in_nul, &failure);
	else if (is_fine && request->argument_count == 0)
		walk_add(walk, SLICE("."));
	if (is_fine && request->baseline.length)
		is_fine = read_baseline(baseline, request->baseline, &failure);
	if (!is_fine)
		print_failure(walk->arena, &failure);
	return is_fine && !print_mistakes(walk->arena, walk->projects);
}

int run_check(const struct request *request)
{
	struct arena *arena = command_arena();
	struct policy command = {0};
	request_policy(arena, request, &command);
	struct walk walk = {
	    .arena = arena, .projects = projects_new(arena, &command, request->config), .seen = symbols_new(arena)};
	struct baseline baseline = {.arena = arena};
	int status = prepare(request, &walk, &baseline) ? check_all(request, arena, &walk, &baseline) : EXIT_TROUBLE;
	arena_free(arena);
	return status;
}

struct merging {
	struct writing writing;
	struct projects *projects;
};

/* A file of a merged check. Its parts may have been told never to fail: what fails is asked once more. */
static void write_merged(void *context, const struct check_file *file)
{
	struct merging *merging = context;
	struct arena *scratch = command_arena();
	struct slice inside;
	const struct project *project = projects_find(merging->projects, file->path, &inside);
	unsigned fail_on = policy_judge(scratch, &project->policy, inside)->fail_on;
	for (size_t i = 0; i < file->count; i++)
		file->findings[i].fails = check_fails(&file->findings[i], fail_on);
	write_file(&merging->writing, file);
	arena_free(scratch);
}

int run_merge(const struct request *request)
{
	struct arena *arena = command_arena();
	struct policy command = {0};
	request_policy(arena, request, &command);
	struct merging merging = {.projects = projects_new(arena, &command, SLICE(""))};
	begin_writing(&merging.writing, request, arena);
	for (size_t i = 0; i < request->argument_count; i++) {
		struct failure failure = {0};
		if (check_read(arena, request->arguments[i], write_merged, &merging, &failure))
			continue;
		print_failure(arena, &failure);
		merging.writing.status = EXIT_TROUBLE;
	}
	end_writing(&merging.writing);
	int status = print_mistakes(arena, merging.projects) ? EXIT_TROUBLE : merging.writing.status;
	arena_free(arena);
	return status;
}
