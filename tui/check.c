/* `nbscope check`: looks at many notebooks, several at a time, and writes what was found in the order in which
 * they were named. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis.h"
#include "base/printable.h"
#include "report/check.h"
#include "tui/commands.h"
#include "tui/walk.h"

/* One notebook to look at. */
struct job {
	struct slice path;
	struct arena *arena; /* owns the result */
	struct check_file file;
	bool is_done;
};

struct crew {
	const struct request *request;
	struct job *jobs;
	size_t count;
	atomic_size_t next;
	pthread_mutex_t mutex; /* of is_done */
	pthread_cond_t done;
};

static void do_job(const struct crew *crew, struct job *job)
{
	struct failure failure = {0};
	struct analysis_sources sources = {job->path, crew->request->history};
	job->arena = command_arena();
	struct analysis *analysis = analysis_open(&sources, job->arena, &failure);
	if (analysis) {
		struct findings *findings = analysis_findings(analysis);
		findings_select(findings, &crew->request->select, &crew->request->ignore);
		job->file = check_file_of(job->arena, analysis->notebook, findings);
	} else {
		job->file = (struct check_file){.path = job->path, .failure = failure_line(job->arena, &failure)};
	}
	analysis_close(analysis);
}

static void *work(void *argument)
{
	struct crew *crew = argument;
	for (size_t i = atomic_fetch_add(&crew->next, 1); i < crew->count; i = atomic_fetch_add(&crew->next, 1)) {
		do_job(crew, &crew->jobs[i]);
		pthread_mutex_lock(&crew->mutex);
		crew->jobs[i].is_done = true;
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
	pthread_mutex_unlock(&crew->mutex);
}

static size_t crew_size(const struct request *request, size_t jobs)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = request->jobs ? request->jobs : processors > 0 ? (size_t)processors : 1;
	return wanted < jobs ? wanted : jobs;
}

static bool is_gate(const struct request *request, const struct check_finding *finding)
{
	return finding->certainty == CERTAIN && (int)finding->rule->severity >= (int)request->fail_on;
}

/* Shows on a terminal how far the work has come; with `done` nothing is left to see. */
static void show_progress(size_t at, size_t count, bool done)
{
	enum { EVERY = 16 };
	if (count < 2 * EVERY || !isatty(STDERR_FILENO))
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

static void write_file(void *context, const struct check_file *file)
{
	struct writing *writing = context;
	int status = EXIT_SUCCESS;
	if (file->failure.length) {
		fprintf(stderr, "%.*s\n", SLICE_FORMAT(printable(writing->out.arena, file->failure)));
		status = EXIT_TROUBLE;
	}
	for (size_t i = 0; i < file->count && status == EXIT_SUCCESS; i++)
		if (is_gate(writing->request, &file->findings[i]))
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
	} fingerprints; /* sorted once all are read */
};

static void note_baseline(void *context, const struct check_file *file)
{
	struct baseline *baseline = context;
	for (size_t i = 0; i < file->count; i++)
		vector_push(baseline->arena, &baseline->fingerprints, file->findings[i].fingerprint);
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
	if (baseline->fingerprints.count)
		qsort(baseline->fingerprints.items, baseline->fingerprints.count, sizeof(uint64_t), compare_numbers);
	return true;
}

static void leave_out(const struct baseline *baseline, struct check_file *file)
{
	size_t kept = 0;
	for (size_t i = 0; i < file->count && baseline->fingerprints.count; i++)
		if (!bsearch(&file->findings[i].fingerprint, baseline->fingerprints.items, baseline->fingerprints.count,
		             sizeof(uint64_t), compare_numbers))
			file->findings[kept++] = file->findings[i];
	if (baseline->fingerprints.count)
		file->count = kept;
}

static int write_jobs(const struct request *request, struct arena *arena, struct crew *crew,
                      const struct baseline *baseline)
{
	struct writing writing;
	begin_writing(&writing, request, arena);
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
	struct crew crew = {.request = request, .count = walk->files.count};
	crew.jobs = arena_array(arena, crew.count, sizeof *crew.jobs);
	for (size_t i = 0; i < crew.count; i++)
		crew.jobs[i].path = walk->files.items[i];
	pthread_mutex_init(&crew.mutex, NULL);
	pthread_cond_init(&crew.done, NULL);
	size_t size = crew_size(request, crew.count), started = 0;
	pthread_t *threads = arena_array(arena, size, sizeof *threads);
	while (started < size && pthread_create(&threads[started], NULL, work, &crew) == 0)
		started++;
	if (started == 0)
		work(&crew);
	int status = write_jobs(request, arena, &crew, baseline);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&crew.done);
	pthread_mutex_destroy(&crew.mutex);
	return status;
}

int run_check(const struct request *request)
{
	struct arena *arena = command_arena();
	struct walk walk = {.arena = arena};
	struct failure failure = {0};
	bool is_fine = true;
	for (size_t i = 0; i < request->argument_count && is_fine; i++)
		is_fine = walk_add(&walk, request->arguments[i], &failure);
	if (is_fine && request->files_from.length)
		is_fine = walk_add_list(&walk, request->files_from, request->ends_in_nul, &failure);
	else if (is_fine && request->argument_count == 0)
		is_fine = walk_add(&walk, SLICE("."), &failure);
	struct baseline baseline = {.arena = arena};
	if (is_fine && request->baseline.length)
		is_fine = read_baseline(&baseline, request->baseline, &failure);
	int status = EXIT_TROUBLE;
	if (is_fine)
		status = check_all(request, arena, &walk, &baseline);
	else
		fprintf(stderr, "%.*s\n", SLICE_FORMAT(failure_line(arena, &failure)));
	arena_free(arena);
	return status;
}

int run_merge(const struct request *request)
{
	struct arena *arena = command_arena();
	struct writing writing;
	begin_writing(&writing, request, arena);
	for (size_t i = 0; i < request->argument_count; i++) {
		struct failure failure = {0};
		if (check_read(arena, request->arguments[i], write_file, &writing, &failure))
			continue;
		fprintf(stderr, "%.*s\n", SLICE_FORMAT(failure_line(arena, &failure)));
		writing.status = EXIT_TROUBLE;
	}
	end_writing(&writing);
	int status = writing.status;
	arena_free(arena);
	return status;
}
