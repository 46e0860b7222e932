/* The pages of docs/rules against the catalogue, and their examples against the rules: what a page calls
 * bad is found by its rule, what it calls good is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/examples.h"

static bool finds(const struct rule *rule, struct slice example)
{
	const struct findings *findings = findings_of_example(example);
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule == rule)
			return true;
	return false;
}

/* The code block that follows the line `heading`; empty when there is none. */
static struct slice example_of(struct slice page, struct slice heading)
{
	struct slice line;
	while (slice_next_line(&page, &line) && !slice_equal(line, heading))
		continue;
	while (slice_next_line(&page, &line) && !slice_equal(line, SLICE("```python")))
		continue;
	struct slice block = page;
	while (slice_next_line(&page, &line) && !slice_equal(line, SLICE("```")))
		continue;
	return slice_part(block, 0, block.length - page.length - (page.length || line.length ? line.length + 1 : 0));
}

static void test_pages_say_what_the_catalogue_says(void **state)
{
	(void)state;
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice page = rule_page(rule), line;
		struct slice title = slice_format(arena, "# %s %s", rule->code, rule->name);
		struct slice facts = slice_format(arena, "Severity: %s. Family: %s. Certainty: %s.",
		                                  severity_name(rule->severity), family_name(rule->family), rule->certainty);
		if (!slice_next_line(&page, &line) || !slice_equal(line, title))
			fail_msg("docs/rules/%s.md does not begin with \"%.*s\"", rule->code, SLICE_FORMAT(title));
		slice_next_line(&page, &line);
		slice_next_line(&page, &line);
		if (!slice_equal(line, facts))
			fail_msg("docs/rules/%s.md does not say \"%.*s\"", rule->code, SLICE_FORMAT(facts));
		assert_int_equal(rule->code[2] - '1', (int)rule->family);
	}
}

static void test_bad_examples_are_found_and_good_ones_are_not(void **state)
{
	(void)state;
	for (const struct rule *rule = rule_catalogue; rule->code; rule++) {
		struct slice bad = example_of(rule_page(rule), SLICE("Bad:"));
		struct slice good = example_of(rule_page(rule), SLICE("Good:"));
		if (good.length == 0)
			fail_msg("docs/rules/%s.md has no good example", rule->code);
		if (bad.length && !finds(rule, bad))
			fail_msg("%s does not find its bad example", rule->code);
		if (finds(rule, good))
			fail_msg("%s finds fault with its good example", rule->code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_pages_say_what_the_catalogue_says, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_bad_examples_are_found_and_good_ones_are_not, setup, teardown),
	};
	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
