#include "tui/job.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "tui/terminal.h"

enum {
	STACK_SIZE = 8 << 20, /* as the first thread has it; others get less on some systems */
	LEAVE_MILLISECONDS = 200,
	LARGE_CELLS = 500, /* what has as many, or sources of so many bytes, may take a moment */
	LARGE_SOURCES = 1 << 19,
};

struct job {
	struct arena *arena; /* of the job itself */
	struct analysis_sources sources;
	struct analysis_watch watch;
	bool early;
	pthread_t thread;

	atomic_bool stop;
	_Atomic(const char *) what; /* the progress */
	atomic_size_t done, whole;

	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t changed;
	void (*wake)(void *context);
	void *context;
	bool ended, outlined;
	struct job_result result;
};

static bool go_on(void *context, const char *what, size_t done, size_t whole)
{
	struct job *job = context;
	atomic_store_explicit(&job->what, what, memory_order_relaxed);
	atomic_store_explicit(&job->done, done, memory_order_relaxed);
	atomic_store_explicit(&job->whole, whole, memory_order_relaxed);
	return !atomic_load_explicit(&job->stop, memory_order_relaxed);
}

/* Called with the mutex held. */
static void tell(struct job *job)
{
	pthread_cond_signal(&job->changed);
	if (job->wake)
		job->wake(job->context);
}

static bool is_large(const struct notebook *notebook)
{
	size_t size = 0;
	for (size_t at = 0; at < notebook->cell_count; at++)
		size += notebook->cells[at].source.length;
	return notebook->code_count >= LARGE_CELLS || size >= LARGE_SOURCES;
}

static void *work(void *argument)
{
	struct job *job = argument;
	struct job_result result = {.read = analysis_read(&job->sources, job->arena, &result.failure)};
	if (result.read && job->early && is_large(result.read->notebook) && analysis_outline(result.read)) {
		pthread_mutex_lock(&job->mutex);
		job->result.read = result.read;
		job->outlined = true;
		tell(job);
		pthread_mutex_unlock(&job->mutex);
	}
	if (result.read)
		result.analysis = analysis_complete(result.read, &job->sources, job->arena, &result.failure);
	if (result.analysis) {
		result.index = terminal_arena();
		for (int from_top = 0; from_top < 2; from_top++)
			result.versions[from_top] = versions_new(result.index, result.analysis, from_top);
	}
	result.stopped = !result.analysis && atomic_load(&job->stop);
	pthread_mutex_lock(&job->mutex);
	job->result = result;
	job->ended = true;
	tell(job);
	pthread_mutex_unlock(&job->mutex);
	return NULL;
}

/* Signals are for the thread that draws. */
static bool start_thread(struct job *job)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool started = pthread_create(&job->thread, &attributes, work, job) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return started;
}

static void free_job(struct job *job)
{
	pthread_mutex_destroy(&job->mutex);
	pthread_cond_destroy(&job->changed);
	arena_free(job->arena);
}

struct job *job_start(struct slice path, struct slice history, bool early)
{
	struct arena *arena = terminal_arena();
	struct job *job = arena_alloc(arena, sizeof *job);
	job->arena = arena;
	job->watch = (struct analysis_watch){go_on, job};
	job->sources = (struct analysis_sources){slice_copy(arena, path), slice_copy(arena, history), &job->watch};
	job->early = early;
	pthread_mutex_init(&job->mutex, NULL);
	pthread_cond_init(&job->changed, NULL);
	if (start_thread(job))
		return job;
	free_job(job);
	return NULL;
}

void job_on_news(struct job *job, void (*wake)(void *context), void *context)
{
	pthread_mutex_lock(&job->mutex);
	job->wake = wake;
	job->context = context;
	pthread_mutex_unlock(&job->mutex);
}

bool job_wait(struct job *job, int milliseconds)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	long long nanoseconds = until.tv_nsec + milliseconds * 1000000LL;
	until.tv_sec += (time_t)(nanoseconds / 1000000000);
	until.tv_nsec = (long)(nanoseconds % 1000000000);
	pthread_mutex_lock(&job->mutex);
	int error = 0;
	while (!job->ended && error != ETIMEDOUT)
		error = milliseconds < 0 ? pthread_cond_wait(&job->changed, &job->mutex)
		                         : pthread_cond_timedwait(&job->changed, &job->mutex, &until);
	bool ended = job->ended;
	pthread_mutex_unlock(&job->mutex);
	return ended;
}

struct analysis *job_outline(struct job *job)
{
	pthread_mutex_lock(&job->mutex);
	struct analysis *outline = job->outlined ? job->result.read : NULL;
	pthread_mutex_unlock(&job->mutex);
	return outline;
}

struct slice progress_text(struct arena *arena, const char *what, size_t done, size_t whole)
{
	/* The parts are noted one after the other, so they may be of two steps; a pipe's size is not known. */
	if (whole == 0 || whole == SIZE_MAX || done > whole)
		return slice_format(arena, "%s", what);
	return slice_format(arena, "%s %2.0f %%", what, 100.0 * (double)done / (double)whole);
}

struct slice job_progress(struct job *job, struct arena *arena)
{
	const char *what = atomic_load_explicit(&job->what, memory_order_relaxed);
	size_t done = atomic_load_explicit(&job->done, memory_order_relaxed);
	size_t whole = atomic_load_explicit(&job->whole, memory_order_relaxed);
	return what ? progress_text(arena, what, done, whole) : SLICE("");
}

void job_stop(struct job *job)
{
	atomic_store(&job->stop, true);
}

struct job_result job_end(struct job *job, struct arena *arena)
{
	pthread_join(job->thread, NULL);
	struct job_result result = job->result;
	result.failure.file = slice_copy(arena, result.failure.file);
	result.failure.message = slice_copy(arena, result.failure.message);
	free_job(job);
	return result;
}

void job_drop(const struct job_result *result)
{
	arena_free(result->index);
	analysis_close(result->analysis);
	analysis_close(result->read);
}

void job_leave(struct job *job)
{
	job_stop(job);
	if (!job_wait(job, LEAVE_MILLISECONDS)) {
		job_on_news(job, NULL, NULL);
		pthread_detach(job->thread);
		return;
	}
	pthread_join(job->thread, NULL);
	struct job_result result = job->result;
	free_job(job);
	job_drop(&result);
}
