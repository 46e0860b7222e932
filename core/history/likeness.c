#include "history/likeness.h"

#include <stdlib.h>

#include "base/hash.h"

/* Characters are compared in short sources only: long ones have the same pairs anyhow. */
enum { FEW_LINES = 5, PAIRS_LIMIT = 1024 };

static struct slice without_trailing_blanks(struct slice line)
{
	while (line.length && (line.bytes[line.length - 1] == ' ' || line.bytes[line.length - 1] == '\t' ||
	                       line.bytes[line.length - 1] == '\r' || line.bytes[line.length - 1] == '\f'))
		line.length--;
	return line;
}

/* The next line that counts, with how many empty ones stand before it; false at the end. */
static bool next_line(struct slice *rest, struct slice *line, size_t *empty)
{
	for (*empty = 0; slice_next_line(rest, line); ++*empty) {
		*line = without_trailing_blanks(*line);
		if (line->length)
			return true;
	}
	return false;
}

struct slice source_normal(struct arena *arena, struct slice source)
{
	struct builder normal = {.arena = arena};
	struct slice line;
	size_t empty;
	while (next_line(&source, &line, &empty)) {
		for (size_t i = 0; i < empty && normal.length; i++)
			builder_add_byte(&normal, '\n');
		builder_add(&normal, line);
		builder_add_byte(&normal, '\n');
	}
	return builder_slice(&normal);
}

bool source_same(struct slice a, struct slice b)
{
	struct slice line_a, line_b;
	size_t empty_a, empty_b;
	for (bool first = true;; first = false) {
		bool more_a = next_line(&a, &line_a, &empty_a), more_b = next_line(&b, &line_b, &empty_b);
		if (!more_a || !more_b)
			return more_a == more_b;
		if (!slice_equal(line_a, line_b) || (!first && empty_a != empty_b))
			return false;
	}
}

/* Hashes of the pieces of a source, sorted. */
struct pieces {
	uint64_t *items;
	size_t count;
};

static int compare_hashes(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

static struct pieces lines_of(struct arena *arena, struct slice source)
{
	VECTOR(uint64_t) lines = {0};
	struct slice line;
	size_t empty;
	while (next_line(&source, &line, &empty))
		vector_push(arena, &lines, hash_bytes(slice_trim(line)));
	if (lines.count)
		qsort(lines.items, lines.count, sizeof *lines.items, compare_hashes);
	return (struct pieces){lines.items, lines.count};
}

/* Pairs of neighbouring characters other than blanks. */
static struct pieces pairs_of(struct arena *arena, struct slice source)
{
	VECTOR(uint64_t) pairs = {0};
	unsigned previous = 0;
	for (size_t i = 0; i < source.length; i++) {
		unsigned byte = (unsigned char)source.bytes[i];
		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
			continue;
		if (previous)
			vector_push(arena, &pairs, (uint64_t)previous << 8 | byte);
		previous = byte;
	}
	if (pairs.count)
		qsort(pairs.items, pairs.count, sizeof *pairs.items, compare_hashes);
	return (struct pieces){pairs.items, pairs.count};
}

static double dice(struct pieces a, struct pieces b)
{
	size_t common = 0;
	for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
		common += a.items[i] == b.items[j];
		bool step_a = a.items[i] <= b.items[j], step_b = b.items[j] <= a.items[i];
		i += step_a;
		j += step_b;
	}
	return a.count + b.count ? 2 * (double)common / (double)(a.count + b.count) : 0;
}

double source_likeness(struct arena *arena, struct slice a, struct slice b)
{
	if (source_same(a, b))
		return 1;
	struct arena *scratch = arena_child(arena);
	struct pieces lines_a = lines_of(scratch, a), lines_b = lines_of(scratch, b);
	double lines = dice(lines_a, lines_b), pairs = 0;
	bool is_short = lines_a.count <= FEW_LINES && lines_b.count <= FEW_LINES;
	if (is_short && a.length <= PAIRS_LIMIT && b.length <= PAIRS_LIMIT)
		pairs = dice(pairs_of(scratch, a), pairs_of(scratch, b));
	arena_free(scratch);
	return lines > pairs ? lines : pairs;
}
