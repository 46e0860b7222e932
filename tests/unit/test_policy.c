/* What a project's lines mean, and which paths its patterns do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "findings/glob.h"
#include "findings/policy.h"
#include "tests/unit/arena.h"

static bool means(const char *pattern, const char *path)
{
	return glob_means(arena, slice_of(pattern), slice_of(path));
}

static void patterns_mean_paths(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *meant, *others;
	} cases[] = {
	    {"a.ipynb", "a.ipynb x/a.ipynb x/y/a.ipynb a.ipynb/b", "b.ipynb xa.ipynb a.ipynbx a"},
	    {"/a.ipynb", "a.ipynb", "x/a.ipynb"},
	    {"x/a", "x/a x/a/b/c", "y/x/a x/ab x"},
	    {"drafts/", "drafts drafts/a x/drafts/a", "draft drafts2/a"},
	    {"*.ipynb", "a.ipynb x/a.ipynb .ipynb", "a.py ipynb"},
	    {"x/*.ipynb", "x/a.ipynb", "x/y/a.ipynb a.ipynb"},
	    {"x/**", "x/a x/y/a", "x y/x/a"},
	    {"**/old/*", "old/a x/old/a x/y/old/a/b", "old xold/a"},
	    {"x/**/y", "x/y x/a/y x/a/b/y/c", "x/ay xy x/a"},
	    {"?.ipynb", "a.ipynb é.ipynb", "ab.ipynb .ipynb"},
	    {"a?b", "axb", "a/b ab"},
	    {"[ab]", "[ab]", "a b"},
	    {"**", "a x/y", ""},
	    {"a**b", "ab axxb", "a/b"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (int meant = 0; meant < 2; meant++) {
			struct slice rest = slice_of(meant ? cases[i].meant : cases[i].others), path;
			while ((path = slice_next_word(&rest)).length)
				if (glob_means(arena, slice_of(cases[i].pattern), path) != meant)
					fail_msg("\"%s\" %s \"%.*s\"", cases[i].pattern, meant ? "does not mean" : "means",
					         SLICE_FORMAT(path));
		}
	}
	assert_false(means("", "a"));
	assert_false(means("/", "a"));
	assert_false(means("a", ""));
}

/* Nothing that a pattern holds makes it try one way after the other. */
static void patterns_of_many_stars_end(void **state)
{
	(void)state;
	struct builder pattern = {.arena = arena}, path = {.arena = arena};
	for (int i = 0; i < 500; i++) {
		builder_add_string(&pattern, "**/a*a*");
		builder_add_string(&path, "aaaa/");
	}
	builder_add_string(&pattern, "c");
	assert_false(glob_means(arena, builder_slice(&pattern), builder_slice(&path)));
}

static struct policy policy_of(const char *text)
{
	struct policy policy = {0};
	struct slice rest = slice_of(text), line;
	for (uint64_t number = 1; slice_next_line(&rest, &line); number++) {
		struct failure failure;
		if (!policy_add(arena, &policy, line, POLICY_OF_PROJECT, SLICE("f"), number, &failure))
			fail_msg("%.*s", SLICE_FORMAT(failure_line(arena, &failure)));
	}
	return policy;
}

static struct verdict verdict(const struct policy *policy, const char *path, const char *code)
{
	return *verdict_of(policy_judge(arena, policy, slice_of(path)), rule_find(slice_of(code)));
}

static void without_lines_all_rules_count(void **state)
{
	(void)state;
	struct policy policy = policy_of("# nothing\n\n   \n\t# as much\n");
	assert_int_equal(policy.lines.count, 0);
	struct judgement *judgement = policy_judge(arena, &policy, SLICE("a.ipynb"));
	assert_int_equal(judgement->fail_on, SEVERITY_ERROR);
	assert_null(judgement->excluded);
	for (size_t i = 0; rule_catalogue[i].code; i++) {
		assert_true(judgement->rules[i].counts);
		assert_int_equal(judgement->rules[i].severity, rule_catalogue[i].severity);
	}
}

static void lines_say_which_rules_count(void **state)
{
	(void)state;
	struct policy policy = policy_of("ignore NB102\nselect NB1, secret # both\nselect NB401\n"
	                                 "at \"my tests/**\" ignore NB1 NB5\nat x.ipynb select star-import NB407\n");
	assert_true(verdict(&policy, "a.ipynb", "NB101").counts);
	assert_false(verdict(&policy, "a.ipynb", "NB102").counts);
	assert_int_equal(verdict(&policy, "a.ipynb", "NB102").why_counts->number, 1);
	assert_true(verdict(&policy, "a.ipynb", "NB501").counts);
	assert_true(verdict(&policy, "a.ipynb", "NB401").counts);
	assert_false(verdict(&policy, "a.ipynb", "NB407").counts);
	assert_false(verdict(&policy, "my tests/a.ipynb", "NB101").counts);
	assert_true(verdict(&policy, "my tests/a.ipynb", "NB401").counts);
	assert_true(verdict(&policy, "y/x.ipynb", "NB407").counts);
	assert_true(verdict(&policy, "y/x.ipynb", "NB101").counts);
}

static void lines_say_what_fails(void **state)
{
	(void)state;
	struct policy policy = policy_of("severity NB404 NB405 error\nseverity NB405 note\nfail-on warning\n"
	                                 "at drafts/ fail-on never\nat drafts/x severity NB101 warning\n"
	                                 "exclude old/ *-copy.ipynb\n");
	assert_int_equal(verdict(&policy, "a", "NB404").severity, SEVERITY_ERROR);
	assert_int_equal(verdict(&policy, "a", "NB405").severity, SEVERITY_NOTE);
	assert_int_equal(verdict(&policy, "a", "NB101").severity, SEVERITY_ERROR);
	assert_int_equal(verdict(&policy, "drafts/x", "NB101").severity, SEVERITY_WARNING);
	assert_int_equal(policy_judge(arena, &policy, SLICE("a"))->fail_on, SEVERITY_WARNING);
	assert_int_equal(policy_judge(arena, &policy, SLICE("drafts/a"))->fail_on, FAIL_NEVER);
	assert_true(policy_excludes(arena, &policy, SLICE("old")));
	assert_true(policy_excludes(arena, &policy, SLICE("x/a-copy.ipynb")));
	assert_false(policy_excludes(arena, &policy, SLICE("drafts/a")));
	assert_int_equal(policy_judge(arena, &policy, SLICE("old/a"))->excluded->number, 6);
}

static void the_command_line_selects_in_place_of_files(void **state)
{
	(void)state;
	struct policy policy = policy_of("select NB1\nignore NB101\n");
	struct failure failure;
	assert_true(policy_add(arena, &policy, SLICE("select NB101 NB4"), POLICY_OF_COMMAND, SLICE(""), 0, &failure));
	assert_false(verdict(&policy, "a", "NB101").counts); /* what is ignored stays so */
	assert_false(verdict(&policy, "a", "NB102").counts);
	assert_true(verdict(&policy, "a", "NB401").counts);
	assert_int_equal(verdict(&policy, "a", "NB401").why_counts->source, POLICY_OF_COMMAND);
}

static void mistakes_have_a_place(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
	    {"bind any e quit", "f:7:1: \"bind\" is none of select, ignore, severity, fail-on, exclude and at"},
	    {"source other", "f:7:1: \"source\" is none of select, ignore, severity, fail-on, exclude and at"},
	    {"  ignore NB101 NB999 # x", "f:7:16: there is no rule \"NB999\""},
	    {"ignore é", "f:7:8: there is no rule \"é\""},
	    {"at é/* ignore NB999", "f:7:15: there is no rule \"NB999\""},
	    {"ignore", "f:7:7: rules are missing"},
	    {"select # NB101", "f:7:7: rules are missing"},
	    {"severity NB101", "f:7:10: a severity is note, warning or error, not \"NB101\""},
	    {"severity NB101 never", "f:7:16: a severity is note, warning or error, not \"never\""},
	    {"severity note", "f:7:14: rules are missing, and how severe they are"},
	    {"fail-on", "f:7:8: a severity is missing"},
	    {"fail-on often", "f:7:9: a severity is note, warning, error or never, not \"often\""},
	    {"fail-on note too", "f:7:14: \"too\" is too much here"},
	    {"exclude", "f:7:8: a pattern for paths is missing"},
	    {"at", "f:7:3: a pattern for paths is missing"},
	    {"at x", "f:7:5: what holds there is missing: select, ignore, severity or fail-on"},
	    {"at x exclude y", "f:7:6: \"exclude\" is none of select, ignore, severity and fail-on"},
	    {"at x at y ignore NB1", "f:7:6: \"at\" is none of select, ignore, severity and fail-on"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy policy = {0};
		struct failure failure;
		if (policy_add(arena, &policy, slice_of(cases[i][0]), POLICY_OF_PROJECT, SLICE("f"), 7, &failure))
			fail_msg("\"%s\" is taken", cases[i][0]);
		struct slice told = failure_line(arena, &failure);
		if (!slice_equal(told, slice_of(cases[i][1])))
			fail_msg("\"%s\" gives \"%.*s\"", cases[i][0], SLICE_FORMAT(told));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patterns_mean_paths),           cmocka_unit_test(patterns_of_many_stars_end),
	    cmocka_unit_test(without_lines_all_rules_count), cmocka_unit_test(lines_say_which_rules_count),
	    cmocka_unit_test(lines_say_what_fails),          cmocka_unit_test(the_command_line_selects_in_place_of_files),
	    cmocka_unit_test(mistakes_have_a_place),
	};
	return cmocka_run_group_tests_name("policy", tests, setup, teardown);
}
