/* The base room: arena, slices, builder, symbols, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/slice.h"
#include "base/symbol.h"
#include "base/utf8.h"
#include "tests/unit/arena.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	(void)state;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *bytes = arena_alloc(arena, size);
		assert_int_equal((uintptr_t)bytes % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xAA, size);
	}
}

static jmp_buf out_of_memory;

static void jump(void *context)
{
	(void)context;
	longjmp(out_of_memory, 1);
}

/* A mark holds although what is older than it grows and moves. */
static void arena_grows_what_is_large_and_releases_what_is_newer(void **state)
{
	(void)state;
	struct arena *own = arena_new(NULL, NULL);
	VECTOR(uint32_t) numbers = {0};
	for (uint32_t i = 0; i < 50000; i++)
		vector_push(own, &numbers, i);
	struct arena_mark mark = arena_mark(own);
	for (unsigned round = 0; round < 3; round++) {
		unsigned char *large = arena_alloc(own, 1 << 20), *small = arena_alloc(own, 100);
		for (uint32_t i = 0; i < 100000; i++)
			vector_push(own, &numbers, i);
		assert_int_equal(large[(1 << 20) - 1] + small[99], 0);
		large[(1 << 20) - 1] = small[99] = 1;
		arena_release(own, mark);
	}
	assert_int_equal(numbers.count, 350000);
	for (uint32_t i = 0; i < 350000; i++)
		assert_int_equal(numbers.items[i], i < 50000 ? i : (i - 50000) % 100000);
	arena_free(own);
}

static void arena_checks_sizes(void **state)
{
	(void)state;
	struct arena *small = arena_new(jump, NULL);
	volatile int jumps = 0;
	volatile size_t huge = SIZE_MAX - 4;
	if (setjmp(out_of_memory) == 0)
		arena_array(small, SIZE_MAX / 2, 4);
	else
		jumps++;
	if (setjmp(out_of_memory) == 0)
		arena_alloc(small, huge);
	else
		jumps++;
	assert_int_equal(jumps, 2);
	arena_free(small);
}

static void vectors_keep_their_items(void **state)
{
	(void)state;
	VECTOR(int) numbers = {0};
	for (int i = 0; i < 1000; i++)
		vector_push(arena, &numbers, i);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.items[i], i);
}

static void slices_compare_and_cut(void **state)
{
	(void)state;
	assert_true(slice_equal(slice_trim(SLICE(" \t a b\n")), SLICE("a b")));
	assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_compare(SLICE("b"), SLICE("ab")) > 0);
	assert_true(slice_starts(SLICE("%%time"), SLICE("%%")));
	assert_false(slice_starts(SLICE("%"), SLICE("%%")));
	assert_true(slice_ends(SLICE("a.ipynb"), SLICE(".ipynb")));
	assert_int_equal(slice_part(SLICE("abc"), 2, 99).length, 1);
	assert_int_equal(slice_part(SLICE("abc"), 9, 99).length, 0);
	struct slice rest = SLICE("one\r\n\ntwo"), line;
	assert_true(slice_next_line(&rest, &line) && slice_equal(line, SLICE("one")));
	assert_true(slice_next_line(&rest, &line) && line.length == 0);
	assert_true(slice_next_line(&rest, &line) && slice_equal(line, SLICE("two")));
	assert_false(slice_next_line(&rest, &line));
	rest = SLICE(" one\t two  ");
	assert_true(slice_equal(slice_next_word(&rest), SLICE("one")));
	assert_true(slice_equal(slice_next_word(&rest), SLICE("two")));
	assert_int_equal(slice_next_word(&rest).length, 0);
	assert_int_equal(slice_count(SLICE("\none\n\ntwo\n"), '\n'), 4);
	assert_int_equal(slice_count(SLICE(""), '\n'), 0);
	static const char *const words[] = {"one", "two", NULL};
	assert_true(slice_is_one_of(SLICE("two"), words));
	assert_false(slice_is_one_of(SLICE("tw"), words));
	assert_false(slice_is_one_of(SLICE(""), words));
}

static void builder_joins_what_it_is_given(void **state)
{
	(void)state;
	struct builder builder = {.arena = arena};
	assert_int_equal(builder_slice(&builder).length, 0);
	for (int i = 0; i < 100; i++)
		builder_add_format(&builder, "%d,", i);
	builder_add(&builder, SLICE("end"));
	builder_add_byte(&builder, '\0');
	struct slice text = builder_slice(&builder);
	assert_true(slice_starts(text, SLICE("0,1,2,")));
	assert_true(slice_ends(text, (struct slice){"99,end", 7}));
}

static void symbols_are_equal_when_names_are(void **state)
{
	(void)state;
	struct symbols *symbols = symbols_new(arena);
	assert_int_equal(symbols_find(symbols, SLICE("x1")), 0);
	symbol made[2000];
	for (int i = 0; i < 2000; i++)
		made[i] = symbols_intern(symbols, slice_format(arena, "x%d", i));
	for (int i = 0; i < 2000; i++) {
		struct slice name = slice_format(arena, "x%d", i);
		assert_int_equal(symbols_intern(symbols, name), made[i]);
		assert_int_equal(symbols_find(symbols, name), made[i]);
		assert_true(slice_equal(symbols_name(symbols, made[i]), name));
	}
	assert_int_equal(symbols_count(symbols), 2000);
	assert_int_equal(symbols_name(symbols, 0).length, 0);
}

static void hashes_keep_order(void **state)
{
	(void)state;
	assert_int_not_equal(hash_mix(hash_mix(1, 2), 3), hash_mix(hash_mix(1, 3), 2));
	assert_int_not_equal(hash_bytes(SLICE("ab")), hash_bytes(SLICE("ba")));
}

static void utf8_decodes_only_what_is_valid(void **state)
{
	(void)state;
	size_t offset = 0;
	assert_int_equal(utf8_next(SLICE("\xF0\x9F\x98\x80"), &offset), 0x1F600);
	assert_int_equal(offset, 4);
	offset = 0;
	assert_int_equal(utf8_next(SLICE("\xC0\x80"), &offset), -1);
	assert_int_equal(offset, 1);
	offset = 0;
	assert_int_equal(utf8_next(SLICE("\xE2\x82"), &offset), -1);
	offset = 0;
	assert_int_equal(utf8_next(SLICE("\xED\xA0\x80"), &offset), 0xD800);
	assert_int_equal(utf8_invalid(SLICE("ok\xED\xA0\x80")), 2);
	assert_int_equal(utf8_invalid(SLICE("\xF4\x90\x80\x80")), 0);
	for (uint32_t c = 1; c < 0x110000; c += 97) {
		char bytes[UTF8_MAX];
		struct slice text = {bytes, utf8_encode(c, bytes)};
		offset = 0;
		assert_int_equal(utf8_next(text, &offset), (int32_t)c);
		assert_int_equal(offset, text.length);
	}
}

static void identifiers_are_pythons(void **state)
{
	(void)state;
	assert_true(unicode_identifier_start(0xE9));
	assert_true(unicode_identifier_start(0x1D49E));
	assert_false(unicode_identifier_start('1'));
	assert_true(unicode_identifier_continue('1'));
	assert_true(unicode_identifier_continue(0xB7));
	assert_false(unicode_identifier_start(0x20AC));
	assert_false(unicode_identifier_start(0x37A)); /* decomposes to a space: not closed under NFKC */
	assert_true(slice_equal(unicode_nfkc(arena, SLICE("\xF0\x9D\x92\x9E")), SLICE("C")));
	assert_true(slice_equal(unicode_nfkc(arena, SLICE("\xEF\xAC\x81x")), SLICE("fix")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arena_gives_zeroed_aligned_memory),
	    cmocka_unit_test(arena_grows_what_is_large_and_releases_what_is_newer),
	    cmocka_unit_test(arena_checks_sizes),
	    cmocka_unit_test(vectors_keep_their_items),
	    cmocka_unit_test(slices_compare_and_cut),
	    cmocka_unit_test(builder_joins_what_it_is_given),
	    cmocka_unit_test(symbols_are_equal_when_names_are),
	    cmocka_unit_test(hashes_keep_order),
	    cmocka_unit_test(utf8_decodes_only_what_is_valid),
	    cmocka_unit_test(identifiers_are_pythons),
	};
	return cmocka_run_group_tests_name("base", tests, setup, teardown);
}
