/* Leaks of test data that the lineage of values shows, and what looks like one but is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "findings/finding.h"
#include "report/json_writer.h"
#include "tests/unit/arena.h"

/* What each case begins with. */
static const char prelude[] = "import numpy as np\n"
                              "import pandas as pd\n"
                              "from sklearn import metrics\n"
                              "from sklearn.cluster import KMeans\n"
                              "from sklearn.feature_extraction.text import TfidfVectorizer\n"
                              "from sklearn.linear_model import LogisticRegression, Ridge\n"
                              "from sklearn.metrics import accuracy_score\n"
                              "from sklearn.model_selection import cross_val_score, train_test_split\n"
                              "from sklearn.neighbors import KNeighborsClassifier\n"
                              "from sklearn.pipeline import Pipeline, make_pipeline\n"
                              "from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler\n"
                              "from imblearn.over_sampling import SMOTE\n"
                              "from imblearn.under_sampling import RandomUnderSampler\n"
                              "df = pd.read_csv('a.csv')\n"
                              "X, y = df.drop('y', axis=1), df['y']\n"
                              "sc = StandardScaler()\n"
                              "m = LogisticRegression()\n";

#define SPLIT "X_train, X_test, y_train, y_test = train_test_split(X, y)\n"

struct leak_case {
	const char *source; /* behind the prelude */
	const char *codes;  /* of family 3, each with its line behind the prelude */
};

static const struct leak_case leak_cases[] = {
    /* Scored on what it was fitted on. */
    {"m.fit(X, y)\nm.score(X, y)", "NB301:2 "},
    {"fitted = m.fit(X, y)\nprint(fitted.score(X, y))", "NB301:2 "},
    {"m.fit(df[['a', 'b']], df.y)\nm.score(df[['a', 'b']], df.y)", "NB301:2 "},
    {"m.fit(df[['a']], df.y)\nm.score(df[['b']], df.y)", ""},
    {"m.fit(X.values, y)\naccuracy_score(y, m.predict(X.values))", "NB301:2 "},
    {"m.fit(X, y)\np = m.predict(X)\nmetrics.accuracy_score(y, np.round(p))", "NB301:3 "},
    {"m.fit(X=X, y=y)\nm.score(X=X, y=y)", "NB301:2 "},
    {"X2 = X\nm.fit(X2, y)\nm.score(X, y)", "NB301:3 "},
    {"m.fit(X, y)\nX = X.dropna()\nm.score(X, y)", ""},
    {"m.fit(X, y)\nX['c'] = 1\nm.score(X, y)", ""},
    {"m.fit(X, y)\nX.drop('c', axis=1, inplace=True)\nm.score(X, y)", ""},
    {"m.fit(X, y)\nm.score(X, y)\ncross_val_score(m, X, y)", ""},
    {"m.fit(X, y)\nm.score(X, y)\nprint(cross_val_score(Ridge(), X, y))", ""},
    {"m.fit(X[:80], y[:80])\nm.score(X[80:], y[80:])", ""},
    {"m.fit(X[:80], y[:80])\nm.score(X[:80], y[:80])\nm.predict(X[80:])", ""},
    {"m.fit(X, y)\nm.score(X, y)\ncheck(m)", ""},
    {"def check(m):\n    print(m.score(a, b))\nm.fit(X, y)\nm.score(X, y)", ""},
    {"if fast:\n    X = other\nm.fit(X, y)\nm.score(X, y)", "NB301:4 "},
    {"m.fit(X, y)\nif fast:\n    X = other\nm.score(X, y)", ""},
    {"m.fit(X, y)\nif fast:\n    m.fit(other, y)\nm.score(X, y)", ""},
    {"m.fit(X, y)\nm.score(X, y)\nexec(text)", ""},
    {SPLIT "m.fit(X_train, y_train)\nm.score(X_train, y_train)\nm.score(X_test, y_test)", ""},
    {SPLIT "m.fit(X_train, y_train)\nm.score(X_train, y_train)\nprint((m.predict(X_test) == y_test).mean())", ""},
    {"KMeans(3).fit(X)\nKMeans(3).fit(X).score(X)", ""},
    {"k = KMeans(3)\nk.fit(X)\nmetrics.silhouette_score(X, k.labels_)", ""},
    {"p = make_pipeline(sc, m)\np.fit(X, y)\np.score(X, y)", "NB301:3 "},

    /* Fitted before the split. */
    {"X = sc.fit_transform(X)\n" SPLIT, "NB302:1 "},
    {"sc.fit(X)\nX = sc.transform(X)\n" SPLIT, "NB302:1 "},
    {"X = sc.fit_transform(X)\n" SPLIT SPLIT, "NB302:1 "},
    {"Z = pd.DataFrame(sc.fit_transform(X), columns=X.columns)\nX = Z.drop('a', axis=1)\n" SPLIT, "NB302:1 "},
    {"df['a'] = sc.fit_transform(df[['a']])\nX = df.drop('y', axis=1)\n" SPLIT, "NB302:1 "},
    {"df['a'] = sc.fit_transform(df[['a']])\nX = df[['b', 'c']]\n" SPLIT, ""},
    {"X, y = SMOTE().fit_resample(X, y)\n" SPLIT, "NB304:1 "},
    {"X, y = RandomUnderSampler().fit_resample(X, y)\n" SPLIT, ""},
    {"X = TfidfVectorizer().fit_transform(df.text)\n" SPLIT, "NB302:1 "},
    {"y = LabelEncoder().fit_transform(y)\n" SPLIT, ""},
    {"X = OneHotEncoder().fit_transform(X)\n" SPLIT, ""},
    {"Z = sc.fit_transform(X)\n" SPLIT, ""},
    {"sc.fit(X)\n" SPLIT, ""},
    {SPLIT "X_train = sc.fit_transform(X_train)\nX_test = sc.transform(X_test)", ""},
    {SPLIT "X_train, y_train = SMOTE().fit_resample(X_train, y_train)", ""},
    {SPLIT "sc.fit(X_train)\nA = sc.transform(X)", ""},
    {"if scale:\n    X = sc.fit_transform(X)\n" SPLIT, ""},
    {"X = prepare(sc.fit_transform(X))\n" SPLIT, ""},
    {SPLIT "p = Pipeline([('s', sc), ('m', m)])\np.fit(X_train, y_train)\np.score(X_test, y_test)", ""},
    {"cross_val_score(make_pipeline(sc, m), X, y)", ""},

    /* Chosen by the test data. */
    {SPLIT
     "for c in [1, 2]:\n    m = LogisticRegression(C=c).fit(X_train, y_train)\n    print(m.score(X_test, y_test))",
     "NB303:4 "},
    {SPLIT "for k in range(9):\n    m = KNeighborsClassifier(k)\n    m.fit(X_train, y_train)\n"
           "    p = m.predict(X_test)\n    print(accuracy_score(y_test, p))",
     "NB303:6 "},
    {SPLIT "for m in [Ridge(), LogisticRegression()]:\n    m.fit(X_train, y_train)\n    m.score(X_test, y_test)",
     "NB303:4 "},
    {SPLIT "models = {'r': Ridge(), 'l': LogisticRegression()}\nfor name, m in models.items():\n"
           "    m.fit(X_train, y_train)\n    print(name, m.score(X_test, y_test))",
     "NB303:5 "},
    {SPLIT "models = []\nmodels.append(('r', Ridge()))\nfor name, m in models:\n    m.fit(X_train, y_train)\n"
           "    print(name, m.score(X_test, y_test))",
     "NB303:6 "},
    {SPLIT "s = [KNeighborsClassifier(k).fit(X_train, y_train).score(X_test, y_test) for k in range(9)]", "NB303:2 "},
    {SPLIT "for seed in range(9):\n    m = LogisticRegression(random_state=seed).fit(X_train, y_train)\n"
           "    print(m.score(X_test, y_test))",
     ""},
    {SPLIT
     "for c in [1, 2]:\n    m = LogisticRegression(C=c).fit(X_train, y_train)\n    print(m.score(X_train, y_train))\n"
     "m.score(X_test, y_test)",
     ""},
    {"for c in [1, 2]:\n    X_train, X_test, y_train, y_test = train_test_split(X, y)\n"
     "    m = LogisticRegression(C=c).fit(X_train, y_train)\n    print(m.score(X_test, y_test))",
     ""},
    {SPLIT "A, V, b, v = train_test_split(X_train, y_train)\nfor c in [1, 2]:\n"
           "    m = LogisticRegression(C=c).fit(A, b)\n    print(m.score(V, v))\nm.score(X_test, y_test)",
     ""},
    {"X_train, X_val, y_train, y_val = train_test_split(X, y)\nfor c in [1, 2]:\n"
     "    m = LogisticRegression(C=c).fit(X_train, y_train)\n    print(m.score(X_val, y_val))",
     ""},
    {SPLIT
     "for c in [1, 2]:\n    m = LogisticRegression(C=c).fit(X_train, y_train)\n    print(m.score(X_test, y_test))\n"
     "m.score(final, y_final)",
     ""},
    {SPLIT "for i in range(3):\n    m.fit(X_train, y_train)\nm.score(X_test, y_test)", ""},
};

static uint32_t lines_of(const char *text)
{
	uint32_t lines = 0;
	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static struct slice codes_of(const char *source)
{
	struct failure failure = {0};
	struct builder json = {.arena = arena}, codes = {.arena = arena};
	struct json_writer writer = {.out = &json};
	builder_add_string(&json, "{\"nbformat\": 4, \"nbformat_minor\": 4, \"metadata\": {}, \"cells\": [{\"cell_type\": "
	                          "\"code\", \"metadata\": {}, \"execution_count\": null, \"outputs\": [], \"source\": ");
	json_string(&writer, slice_format(arena, "%s%s", prelude, source));
	builder_add_string(&json, "}]}");
	struct symbols *symbols = symbols_new(arena);
	struct notebook *notebook = notebook_read(arena, SLICE("a.ipynb"), builder_slice(&json), &failure);
	assert_non_null(notebook);
	struct effects **effects = effects_of_notebook(arena, symbols, notebook);
	struct log *log = log_from_notebook(arena, notebook, effects);
	struct evidence evidence = {symbols, notebook, effects, status_of_notebook(arena, symbols, notebook, effects, log)};
	struct findings *findings = findings_of(arena, &evidence);
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule->family == FAMILY_DATA_SCIENCE)
			builder_add_format(&codes, "%s:%u ", findings->items[i].rule->code,
			                   findings->items[i].line - lines_of(prelude));
	notebook_close(notebook);
	return builder_slice(&codes);
}

static void test_leaks_are_found_and_nothing_else(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof leak_cases / sizeof *leak_cases; i++) {
		struct slice codes = codes_of(leak_cases[i].source);
		if (slice_equal(codes, slice_of(leak_cases[i].codes)))
			continue;
		wrong++;
		print_error("expected \"%s\", got \"%.*s\" for\n%s\n", leak_cases[i].codes, SLICE_FORMAT(codes),
		            leak_cases[i].source);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_leaks_are_found_and_nothing_else, setup, teardown),
	};
	return cmocka_run_group_tests_name("lineage", tests, NULL, NULL);
}
