/* The re-run plan: on small notebooks by hand, and its promise and its shortness on
 * every session of the truth sample: the plan is played, and all shorter lists are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/plan.h"
#include "tests/unit/arena.h"
#include "tests/unit/given.h"
#include "tests/unit/sessions.h"

struct case_of_plan {
	const char *title;
	struct given cells[GIVEN_CELLS];
	const char *expected; /* the cells, "(for NAME of CELL)" where only others need them; then "beyond" */
};

static const struct case_of_plan cases[] = {
    {"nothing to do", {{1, "a = 1"}, {2, "print(a)"}}, "nothing"},
    {"a stale cell whose input the kernel still has", {{1, "x = 1"}, {3, "y = x"}, {2, "x = 1"}}, "nothing"},
    {"the definer must run again first", {{1, "df = 1"}, {3, "print(df)"}, {2, "df = 2"}}, "1(df of 2) 2"},
    {"only the reader, when the definer ran last", {{4, "df = 1"}, {3, "print(df)"}, {2, "df = 2"}}, "2"},
    {"a change in place is undone by making the object anew",
     {{1, "xs = []"}, {3, "print(xs)"}, {2, "xs.append(1)"}},
     "1(xs of 2) 2"},
    {"what changed in another order starts afresh",
     {{1, "n = 1"}, {3, "n = n + 1"}, {4, "print(n)"}, {2, "n = n * 2"}},
     "1(n of 2) 2 3 4"},
    {"what writes again must be followed by what came after it",
     {{1, "a = 1\nb = 1"}, {2, "a = a + 1"}, {4, "print(a, b)"}, {3, "b = 5"}},
     "1(b of 3) 2(a of 3) 3"},
    {"a never-run cell may be what is missing", {{1, "k = 1"}, {0, "k = 2"}, {2, "print(k)"}}, "2(k of 3) 3"},
    {"no run mends a broken cell", {{2, "print(gone)"}, {3, "x = 1"}}, "nothing beyond 1"},
    {"a failure that is gone from the top",
     {{3, "x = 1"}, {2, "print(x)", "NameError|name 'x' is not defined|1"}},
     "2"},
    {"only a restart unbinds a name",
     {{2, "try:\n    flag\nexcept NameError:\n    flag = 0\nprint(flag)"}, {3, "print(flag)"}, {1, "flag = 1"}},
     "restart"},
};

static struct slice words_of(const struct played_session *session, const struct plan *plan)
{
	static const char *const kinds[] = {[PLAN_NOTHING] = "nothing", [PLAN_RUN] = "", [PLAN_RESTART] = "restart"};
	struct builder text = {.arena = arena};
	builder_add_string(&text, kinds[plan->kind]);
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *step = &plan->steps[i];
		builder_add_format(&text, "%s%zu", text.length ? " " : "", step->cell);
		if (!step->is_stale)
			builder_add_format(&text, "(%.*s of %zu)", SLICE_FORMAT(symbols_name(session->symbols, step->needed_for)),
			                   step->needed_by);
	}
	for (size_t i = 0; i < plan->beyond_count; i++)
		builder_add_format(&text, "%s%zu", i ? " " : " beyond ", plan->beyond[i]);
	return builder_slice(&text);
}

static void plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct played_session session = session_of(given_notebook(cases[i].cells));
		struct slice words = words_of(&session, plan_of_notebook(arena, session.traced, session.report));
		if (!slice_equal(words, slice_of(cases[i].expected)))
			fail_msg("%s: %.*s", cases[i].title, SLICE_FORMAT(words));
	}
}

static const struct replay_run *file_result(const struct played_session *session, size_t cell)
{
	const struct playback *file = session->traced->file.playback;
	return file->runs.items[file->last_of_cell[cell] - 1].result;
}

/* A cell that raises NameError from the top does so in the kernel too, if the name is not bound there. */
static void add_error(const struct played_session *session, struct run *run)
{
	const struct replay_run *result = file_result(session, run->cell);
	for (size_t i = 0; i < result->errors.count && !run->error; i++) {
		const struct replay_error *error = &result->errors.items[i];
		struct slice name = symbols_name(session->symbols, error->name);
		struct run_error raised = {SLICE("NameError"),
		                           slice_format(arena, "name '%.*s' is not defined", SLICE_FORMAT(name)), error->line};
		bool bound = replay_binding(session->traced->execution.playback->replay, error->name).object;
		if (error->must && !bound)
			run->error = arena_copy(arena, &raised, sizeof raised);
	}
}

/* Whether all that can stand stands after these cells (bit n - 1 for cell n) ran again, in file order. */
static bool all_stand_after(const struct played_session *session, const struct plan *plan, uint64_t cells)
{
	const struct traced *traced = session->traced;
	struct arena *scratch = arena_child(arena);
	struct log log = *traced->log;
	size_t count = session->notebook->code_count;
	log.runs = arena_array(scratch, log.run_count + count, sizeof *log.runs);
	memcpy(log.runs, traced->log->runs, log.run_count * sizeof *log.runs);
	unsigned latest = log.run_count ? log.runs[log.run_count - 1].session : 1;
	for (size_t cell = 1; cell <= count; cell++) {
		if (!(cells >> (cell - 1) & 1))
			continue;
		const struct playback *file = traced->file.playback;
		struct run run = *file->runs.items[file->last_of_cell[cell] - 1].run;
		run.count = NO_COUNT;
		add_error(session, &run);
		run.session = latest;
		log.runs[log.run_count++] = run;
	}
	struct playback *after =
	    playback_of_log(scratch, session->symbols, session->notebook, session->effects, &log, false, NULL);
	bool all = true;
	for (size_t cell = 1; cell <= count && all; cell++) {
		bool beyond = false;
		for (size_t i = 0; i < plan->beyond_count; i++)
			beyond = beyond || plan->beyond[i] == cell;
		size_t last = after->last_of_cell[cell];
		/* What stood, perhaps by what its output proves, goes on standing while it is not run again. */
		bool stood = session->report->cells[cell - 1].status == STATUS_STANDS && !(cells >> (cell - 1) & 1);
		if (last && !beyond && !stood)
			all = identity_difference(&after->runs.items[last - 1].result->identity,
			                          &file_result(session, cell)->identity) == LEVELS;
	}
	arena_free(scratch);
	return all;
}

static unsigned bits(uint64_t set)
{
	unsigned count = 0;
	for (; set; set &= set - 1)
		count++;
	return count;
}

/* Whether some cell is stale because of what it saved, though both replays derive it in one way: the kernel then holds
 * what no replay knows, and replays can't tell whether a shorter list would do. */
static bool rests_on_outputs(const struct played_session *session)
{
	const struct playback *execution = session->traced->execution.playback;
	for (size_t cell = 1; cell <= session->report->cell_count; cell++) {
		size_t last = execution->last_of_cell[cell];
		if (last && session->report->cells[cell - 1].status == STATUS_STALE &&
		    identity_difference(&execution->runs.items[last - 1].result->identity,
		                        &file_result(session, cell)->identity) == LEVELS)
			return true;
	}
	return false;
}

static size_t tried, restarts;

/* The promise of the plan, and that no shorter list keeps it. */
static void check_plan(const char *path, const struct played_session *session)
{
	enum { FEW_CELLS = 11 };
	const struct plan *plan = plan_of_notebook(arena, session->traced, session->report);
	size_t count = session->notebook->code_count;
	uint64_t cells = 0;
	assert_true(count <= 64);
	for (size_t i = 0; i < plan->step_count; i++)
		cells |= (uint64_t)1 << (plan->steps[i].cell - 1);
	restarts += plan->kind == PLAN_RESTART;
	if (plan->kind != PLAN_RESTART && !all_stand_after(session, plan, cells))
		fail_msg("%s: after %.*s not all stands", path, SLICE_FORMAT(words_of(session, plan)));
	if (count > FEW_CELLS || rests_on_outputs(session))
		return;
	for (uint64_t other = 0; other < (uint64_t)1 << count; other++)
		if ((plan->kind == PLAN_RESTART || bits(other) < bits(cells)) && all_stand_after(session, plan, other))
			fail_msg("%s: %.*s, but the set %llx is enough", path, SLICE_FORMAT(words_of(session, plan)),
			         (unsigned long long)other);
	tried++;
}

static void truth_plans(void **state)
{
	(void)state;
	size_t seen = each_session(check_plan);
	print_message("%zu sessions, %zu of them small, %zu restarts\n", seen, tried, restarts);
	assert_true(seen > 20 && tried > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plans),
	    cmocka_unit_test(truth_plans),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
