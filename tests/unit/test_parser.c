/* The parser: sources and their trees (tree.h), errors, recovery, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "python/check.h"
#include "python/highlight.h"
#include "tests/unit/cases.h"
#include "tests/unit/tree.h"

static struct arena *arena;
static struct symbols *symbols;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(NULL, NULL);
	if (!arena)
		return 1;
	symbols = symbols_new(arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct module *parse(struct slice source, bool ipython)
{
	return python_parse(arena, symbols, source, (struct parser_options){.ipython = ipython});
}

/* The tree, or `LINE:COLUMN: message` before it where there is an error. */
static struct slice describe(const struct module *module)
{
	struct builder out = {.arena = arena};
	if (module->has_error)
		builder_add_format(&out, "%u:%u: %.*s | ", module->error.line, module->error.column,
		                   SLICE_FORMAT(module->error.message));
	builder_add(&out, tree_of_module(arena, symbols, module, false, false));
	return builder_slice(&out);
}

struct example {
	const char *source, *expected;
};

static void compare(struct slice source, struct slice got, const char *expected)
{
	if (!slice_equal(got, slice_of(expected)))
		print_error("%.*s\ngave     %.*s\nexpected %s\n", SLICE_FORMAT(source), SLICE_FORMAT(got), expected);
	assert_true(slice_equal(got, slice_of(expected)));
}

static void check_all(const struct example *examples, size_t count, bool ipython)
{
	for (size_t i = 0; i < count; i++) {
		struct slice source = slice_of(examples[i].source);
		compare(source, describe(parse(source, ipython)), examples[i].expected);
	}
}

#define CHECK(examples, ipython) check_all(examples, sizeof(examples) / sizeof *(examples), ipython)

static void expressions(void **state)
{
	(void)state;
	static const struct example examples[] = {
	    {"a + b * c - -d ** -e", "(expr (op (op a (op b c)) (op (op d (op e)))))"},
	    {"(a + b) + c, a + (b + c)", "(expr (tuple (op (op a b) c) (op a (op b c))))"},
	    {"a if b else c if d else e", "(expr (ifelse b a (ifelse d c e)))"},
	    {"not a == b < c is not d not in e", "(expr (not (cmp a b c d e)))"},
	    {"a or b and not c or d", "(expr (or a (and b (not c)) d))"},
	    {"x = 'a' \"b\\x41\\101\\u00e9\" r'\\n'", "(= x 'abAA\xC3\xA9\\x5cn')"},
	    {"b'a' b'b', 1, None, True, ...", "(expr (tuple b# # None True ...))"},
	    {"f'a{x!r:>{w}}{y}' 'z'", "(expr (f x w y))"},
	    {"a.b(c, *d, e=1, **f)[1:2, ::3]",
	     "(expr ([] (call (. a b) c (* d) (e= #) (** f)) (tuple (: # # -) (: - - #))))"},
	    {"f(x for x in y)", "(expr (call f (generator x (for x y))))"},
	    {"[x async for x in y if a if b for z in w]", "(expr (listcomp x (async for x y if a if b) (for z w)))"},
	    {"{**a, 'b': 1}, {c, *d}, {e: f for e, f in g}, {h for h in i}, {}",
	     "(expr (tuple (dict ** a 'b' #) (set c (* d)) (dictcomp e f (for (tuple e f) g)) (setcomp h (for h i)) "
	     "(dict)))"},
	    {"lambda a, /, b=1, *c, d, e=2, **f: (yield)", "(expr (lambda (/a b=# *c !d !e=# **f) (yield -)))"},
	    {"lambda *, k: k", "(expr (lambda (!k) k))"},
	    {"(x := 1), y[z := 2]", "(expr (tuple (:= x #) ([] y (:= z #))))"},
	    {"await x ** 2", "(expr (op (await x) #))"},
	    {"()", "(expr (tuple))"},
	    {"a[*b]", "(expr ([] a (tuple (* b))))"},
	    {"def f(): x = yield", "(def f () ((= x (yield -))))"},
	};
	/* As a cell, where await and yield need no function around them. */
	CHECK(examples, true);
}

static void statements(void **state)
{
	(void)state;
	static const struct example examples[] = {
	    {"a = b, *c = d", "(= a (tuple b (* c)) d)"},
	    {"a += 1; b: int = 2; (c): int", "(op= a #) (ann b int #) (ann() c int)"},
	    {"del a, b[0], (c, d)", "(del a ([] b #) (tuple c d))"},
	    {"import a.b as c, d.e", "(import a.b=c d.e)"},
	    {"from .. import (a, b as c,)\nfrom .x import *", "(from .. a b=c) (from .x *)"},
	    {"if a: b\nelif c: d\nelse: e", "(if a ((expr b)) else ((if c ((expr d)) else ((expr e)))))"},
	    {"while a: break\nelse: pass", "(while a ((break)) else ((pass)))"},
	    {"for a, *b in c, d: continue", "(for (tuple a (* b)) (tuple c d) ((continue)))"},
	    {"try: a\nexcept b as c: d\nexcept: e\nelse: f\nfinally: g",
	     "(try ((expr a)) (except b c ((expr d))) (except - - ((expr e))) else ((expr f)) finally ((expr g)))"},
	    {"try: a\nexcept* (b, c): d", "(try* ((expr a)) (except (tuple b c) - ((expr d))))"},
	    {"with a as b, c: d", "(with a as b c ((expr d)))"},
	    {"with (a as b, c,): d", "(with a as b c ((expr d)))"},
	    {"with (a, b) as c: d", "(with (tuple a b) as c ((expr d)))"},
	    {"with (a): d", "(with a ((expr d)))"},
	    {"@a.b\n@c()\ndef f(x: int = 1, *y: z) -> w: return 1",
	     "(def @(. a b) @(call c) f (x:int=# *y:z) -> w ((return #)))"},
	    {"async def f():\n async with a as b: pass\n async for c in d: await e",
	     "(async def f () ((async with a as b ((pass))) (async for c d ((expr (await e))))))"},
	    {"class A(B, metaclass=C):\n 'doc'\n def f(self): pass",
	     "(class A B (metaclass= C) ((expr 'doc') (def f (self) ((pass)))))"},
	    {"def f(): global a, b; a = 1", "(def f () ((global a b) (= a #)))"},
	    {"raise a from b", "(raise a b)"},
	    {"assert a, b", "(assert a b)"},
	    {"def f[T: int = str, *Ts, **P](x: T): pass", "(def f [T:int=str *Ts **P] (x:T) ((pass)))"},
	    {"type X[T] = list[T]", "(type X [T] ([] list T))"},
	    {"type = 1; type(x); match = 2; case = match", "(= type #) (expr (call type x)) (= match #) (= case match)"},
	    {"match(a)\nmatch[b]\nmatch * c", "(expr (call match a)) (expr ([] match b)) (expr (op match c))"},
	    {"match a, b:\n case [1, *_, x] | {'k': y, **z}: pass\n case C(1, d=e) as f if g: pass\n case _: pass",
	     "(match (tuple a b) (case (| (seq # (* -) (as x)) (map 'k' (as y) ** z)) ((pass)))"
	     " (case (as (class C ( # (as e))) f) if g ((pass))) (case _ ((pass))))"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		/* What binds several names differently in the alternatives of a pattern is refused elsewhere. */
		struct slice source = slice_of(examples[i].source);
		compare(source, tree_of_module(arena, symbols, parse(source, false), false, false), examples[i].expected);
	}
}

static void errors(void **state)
{
	(void)state;
	static const struct example examples[] = {
	    {"x = (1,\n", "1:5: '(' is never closed | (invalid)"},
	    {"x = 'a", "1:5: this string has no closing quote | (invalid)"},
	    {"a = 1\nif a\n  b\nc = 2\n", "2:5: a ':' is missing after 'if' | (= a #) (invalid) (= c #)"},
	    {"x = 1 2", "1:7: '2' can't stand here | (invalid)"},
	    {"\xC3\xA9 = 1 2", "1:7: '2' can't stand here | (invalid)"},
	    {"if a:\nb = 1", "2:1: an indented block is missing after 'if' | (if a ()) (= b #)"},
	    {"  x = 1\n", "1:2: this line is indented, but nothing asks for it | (invalid)"},
	    {"f() = 1", "1:1: can't assign to a function call | (invalid)"},
	    {"x + 1 = 2", "1:1: can't assign to an expression | (invalid)"},
	    {"del f()", "1:5: can't delete a function call | (invalid)"},
	    {"f(a=1, b)", "1:9: a positional argument follows a keyword argument | (invalid)"},
	    {"def f(a=1, b): pass", "1:12: a parameter without a default follows one with a default | (invalid)"},
	    {"try: pass\nx = 1", "2:1: 'except' or 'finally' is missing after the block of 'try' | (invalid) (= x #)"},
	    {"a b c", "1:3: 'b' can't stand here | (invalid)"},
	    {"x = 08", "1:5: leading zeros are not allowed in a decimal number; an octal one begins with 0o | (invalid)"},
	    {"'\\x4'", "1:1: this string holds an escape that is cut short or unknown | (invalid)"},
	    {"f'{}'", "1:4: an expression is missing in a field of an f-string | (invalid)"},
	    {"from a import (b", "1:15: '(' is never closed | (invalid)"},
	    {"\xFF = 1", "1:1: this is no UTF-8 text | (invalid)"},
	    {"x = 1\n\xEF\xBB\xBFy", "2:1: this character can't stand in a name | (= x #) (invalid)"},
	};
	CHECK(examples, false);
}

static void recovery(void **state)
{
	(void)state;
	static const struct example examples[] = {
	    /* An open bracket takes what follows for what it holds; the lines that begin anew are kept. */
	    {"a = 1\nb = f(2,\nc = 3\ndef d():\n    return 4\ne = 5\n",
	     "2:6: '(' is never closed | (= a #) (invalid) (= c #) (def d () ((return #))) (= e #)"},
	    {"a = 'x\nb = 1\n", "1:5: this string has no closing quote | (invalid) (= b #)"},
	    {"def f():\n    a = 1\n    b = = 2\n    c = 3\nd = 4\n",
	     "3:9: '=' can't stand here | (def f () ((= a #))) (= d #)"},
	    {"class A:\n    def f(self):\n        x = )\n    def g(self): pass\nb = 1\n",
	     "3:13: ')' closes no bracket | (class A ((def f (self) ()))) (= b #)"},
	    {"for i in x\n    a = i\nb = 1\n", "1:11: a ':' is missing after 'for' | (invalid) (= b #)"},
	    {"if a:\n    b = 1\n  c = 2\nd = 3\n",
	     "3:8: this line's indentation matches no outer level | (if a ((= b #))) (= d #)"},
	    {"x = 1; y = 2 3; z = 4\nw = 5\n", "1:14: '3' can't stand here | (= x #) (invalid) (= w #)"},
	    {"a = 1\n)\nb = 2\n", "2:1: ')' closes no bracket | (= a #) (invalid) (= b #)"},
	    {"if x:\n  a = 1\nelif y z:\n  b = 2\nelse:\n  c = 3\nd = 4\n",
	     "3:8: a ':' is missing after 'elif' | (invalid) (= d #)"},
	};
	CHECK(examples, false);
}

static struct slice describe_cell(struct arena *unused, struct slice source)
{
	(void)unused;
	struct module *module = parse(source, true);
	python_check(arena, symbols, module);
	return describe(module);
}

/* What is still known around the statement that is broken. */
static void recovery_cases(void **state)
{
	(void)state;
	run_cases("tests/data/recovery.cases", describe_cell, 26);
}

/* The Python 3 that a syntax needs; each was tried with CPython 3.8 and 3.10 to 3.13. */
static void versions(void **state)
{
	(void)state;
	static const struct {
		const char *source;
		uint8_t minor;
	} examples[] = {
	    {"with (a, b): pass", 0},
	    {"with (a as b, c): pass", 9},
	    {"for x in *a, b: pass", 9},
	    {"for x in (*a, b): pass", 0},
	    {"@a.b(c)\ndef f(): pass", 0},
	    {"@a.b[c]\ndef f(): pass", 9},
	    {"@(a)\ndef f(): pass", 9},
	    {"x = {(a := 1)}, y[(b := 2)]", 8},
	    {"x = {a := 1}", 10},
	    {"x[a := 1]", 10},
	    {"x[*a]", 11},
	    {"try: a\nexcept* E: b", 11},
	    {"try: a\nexcept A, B, C: b", 14},
	    {"type X = int", 12},
	    {"def f[T=int](): pass", 13},
	    {"f'{a!r:>{w}}' \"{b['c']}\"", 6},
	    {"f'{a['b']}'", 12},
	    {"f'{a[\"\\n\"]}'", 12},
	    {"f'''{a['b']}'''", 6},
	    {"f'''{a # b\n}'''", 12},
	    {"f'{a\n}'", 12},
	    {"f'{a:{b:{c}}}'", 12},
	    {"f'{a!r }'", 12},
	    {"f'{a:\\n}'", 6},
	    {"t'{a}'", 14},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const struct module *module = parse(slice_of(examples[i].source), false);
		if (module->has_error || module->least_minor != examples[i].minor)
			print_error("%s: 3.%u\n", examples[i].source, module->least_minor);
		assert_false(module->has_error);
		assert_int_equal(module->least_minor, examples[i].minor);
	}
}

/* What nests deeper than CPython lets it is refused, where that begins to be so. */
static void depth(void **state)
{
	(void)state;
	static const struct {
		const char *opening, *closing;
		size_t count;
		uint32_t column; /* of the error, or 0 */
	} examples[] = {
	    {"(", ")", 200, 0},   {"(", ")", 201, 201},       {"[", "]", 100000, 201},        {"f'{", "}'", 3, 0},
	    {"-", "", 100000, 0}, {"not ", "", 100000, 1201}, {"lambda: ", "", 100000, 2401},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		struct builder source = {.arena = arena};
		for (size_t n = 0; n < examples[i].count; n++)
			builder_add_string(&source, examples[i].opening);
		builder_add_byte(&source, 'a');
		for (size_t n = 0; n < examples[i].count; n++)
			builder_add_string(&source, examples[i].closing);
		const struct module *module = parse(builder_slice(&source), false);
		if (module->error.column != examples[i].column)
			print_error("%s: %u %.*s\n", examples[i].opening, module->error.column,
			            SLICE_FORMAT(module->error.message));
		assert_int_equal(module->error.column, examples[i].column);
	}
}

static void python2(void **state)
{
	(void)state;
	static const struct {
		const char *source;
		enum dialect dialect;
	} examples[] = {
	    {"print a, b\nexec c in d\nx = `e` <> 0777L", DIALECT_PYTHON2},
	    {"x = [a() for a in lambda: b, lambda: c if a()]", DIALECT_PYTHON2},
	    {"class A:\n    async = False", DIALECT_PYTHON2},
	    {"async def f(): pass\nasync = 1", DIALECT_PYTHON3},
	    /* Wrong in Python 3, if only by a word; what 2 reads further on the line proves nothing. */
	    {"x = 1\n```python\ny = = 2", DIALECT_PYTHON3},
	    {"p = 'C:\\Users'", DIALECT_PYTHON3},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const struct module *module = parse(slice_of(examples[i].source), false);
		if (module->dialect != examples[i].dialect)
			print_error("%s\n", examples[i].source);
		assert_int_equal(module->dialect, examples[i].dialect);
		assert_int_equal(module->has_error, examples[i].dialect == DIALECT_PYTHON3);
	}
}

/* A compound statement ends with its last token, before what follows. */
static void spans_end_with_their_statement(void **state)
{
	(void)state;
	struct slice source = SLICE("if a:\n    b\n\n# c\ndel (d), e\n");
	const struct module *module = parse(source, false);
	assert_int_equal(module->body.count, 2);
	assert_int_equal(module->body.items[0]->span.end, 11);
	assert_int_equal(module->body.items[1]->targets.count, 2);
}

/* A cell whose lines lose a margin: what is broken in it stands inside the source, on its own line. */
static void broken_statements_stand_in_the_source(void **state)
{
	(void)state;
	static const char *const sources[] = {"    n\xb8\r[", "    a = 1; b = = 2\n    c = 3\n", "  x\n  (\n  y",
	                                      "\n\n    q ="};
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const struct module *module = parse(slice_of(sources[i]), true);
		assert_true(module->has_error);
		uint32_t done = 0;
		for (size_t j = 0; j < module->body.count; j++) {
			const struct statement *statement = module->body.items[j];
			assert_true(statement->span.start >= done && statement->span.end >= statement->span.start);
			assert_true(statement->span.end <= module->source.length);
			assert_true(statement->line <= python_line(module->source, statement->span.start) && statement->line >= 1);
			done = statement->span.start;
		}
	}
}

static void long_powers_are_refused(void **state)
{
	(void)state;
	struct builder source = {.arena = arena};
	for (int i = 0; i < 200000; i++)
		builder_add_string(&source, "a**");
	builder_add_byte(&source, 'a');
	assert_true(parse(builder_slice(&source), false)->has_error);
	assert_false(parse(SLICE("a**a**a**a**-a"), false)->has_error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(expressions, setup, teardown),
	    cmocka_unit_test_setup_teardown(statements, setup, teardown),
	    cmocka_unit_test_setup_teardown(errors, setup, teardown),
	    cmocka_unit_test_setup_teardown(recovery, setup, teardown),
	    cmocka_unit_test_setup_teardown(recovery_cases, setup, teardown),
	    cmocka_unit_test_setup_teardown(versions, setup, teardown),
	    cmocka_unit_test_setup_teardown(depth, setup, teardown),
	    cmocka_unit_test_setup_teardown(python2, setup, teardown),
	    cmocka_unit_test_setup_teardown(spans_end_with_their_statement, setup, teardown),
	    cmocka_unit_test_setup_teardown(long_powers_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(broken_statements_stand_in_the_source, setup, teardown),
	};
	return cmocka_run_group_tests_name("parser", tests, NULL, NULL);
}
