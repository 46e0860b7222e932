/* Programs at rest: events as bytes.
 *
 * A notebook has millions of events, each played a few times, and most fields of
 * an event are zero. So an event is a mask of its words that are not what is
 * expected of them, its first word (kind, form and flags), and the difference of
 * each of these from what is likely, as bytes of seven bits. Where a word is
 * expected or likely is said by struct likely alone; a new field of an event
 * is packed like the others once it stands before the span. */
#include <string.h>

#include "python/events.h"

/* The words of an event that are packed: all before its span. */
enum { WORDS = offsetof(struct event, span) / sizeof(uint32_t) };

_Static_assert(sizeof(struct event) == WORDS * sizeof(uint32_t) + sizeof(struct span),
               "an event is words, then a span");
_Static_assert(WORDS - 1 <= 16, "the mask has two bytes");

enum {
	WORD_VALUE = offsetof(struct event, value) / sizeof(uint32_t),
	WORD_A = offsetof(struct event, a) / sizeof(uint32_t),
	WORD_B = offsetof(struct event, b) / sizeof(uint32_t),
	WORD_TARGET = offsetof(struct event, target) / sizeof(uint32_t),
	WORD_HANDLER = offsetof(struct event, handler) / sizeof(uint32_t),
	WORD_ARGUMENTS = offsetof(struct event, arguments) / sizeof(uint32_t),
	WORD_COUNT = offsetof(struct event, argument_count) / sizeof(uint32_t),
};

/* What each word of the next event is, when its bit in the mask is not set, and what it is near to when it is. */
struct likely {
	uint32_t unset[WORDS], near[WORDS];
};

static void likely_begin(struct likely *likely)
{
	*likely = (struct likely){0};
	likely->near[WORD_VALUE] = 1;
	likely->unset[WORD_HANDLER] = likely->near[WORD_HANDLER] = (uint32_t)NO_HANDLER;
}

/* Values are numbered as they are made and used soon; jumps go near; a range with one handler has many events; the
 * lists of arguments follow each other. */
static void likely_follow(struct likely *likely, const uint32_t words[WORDS])
{
	if (words[WORD_VALUE]) {
		likely->near[WORD_VALUE] = words[WORD_VALUE] + 1;
		likely->near[WORD_A] = likely->near[WORD_B] = words[WORD_VALUE];
	}
	likely->near[WORD_TARGET]++;
	likely->unset[WORD_HANDLER] = words[WORD_HANDLER];
	if (words[WORD_COUNT])
		likely->near[WORD_ARGUMENTS] = words[WORD_ARGUMENTS] + words[WORD_COUNT];
}

/* Differences of either sign as small numbers: 0, -1, 1, -2 ... */
static uint32_t folded(uint32_t difference)
{
	return difference << 1 ^ (difference >> 31 ? UINT32_MAX : 0);
}

static uint32_t unfolded(uint32_t number)
{
	return number >> 1 ^ (number & 1 ? UINT32_MAX : 0);
}

enum { MASK_SIZE = 2, NUMBER_SIZE = 5 /* at most */ }; /* in bytes */

/* Gives what follows the number. */
static char *put(char *bytes, uint32_t number)
{
	for (; number >= 0x80; number >>= 7)
		*bytes++ = (char)(number | 0x80);
	*bytes++ = (char)number;
	return bytes;
}

static uint32_t get(const unsigned char **bytes)
{
	uint32_t number = *(*bytes)++;
	if (number < 0x80)
		return number;
	number &= 0x7f;
	for (unsigned shift = 7;; shift += 7) {
		uint32_t byte = *(*bytes)++;
		number |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
}

static void pack_events(struct builder *bytes, const struct program *program)
{
	struct likely likely;
	likely_begin(&likely);
	for (uint32_t i = 0; i < program->event_count; i++) {
		uint32_t words[WORDS], mask = 0;
		char packed[MASK_SIZE + WORDS * NUMBER_SIZE], *end = packed + MASK_SIZE;
		memcpy(words, &program->events[i], sizeof words);
		end = put(end, words[0]);
		for (unsigned k = 1; k < WORDS; k++)
			if (words[k] != likely.unset[k]) {
				mask |= 1u << (k - 1);
				end = put(end, folded(words[k] - likely.near[k]));
			}
		packed[0] = (char)mask;
		packed[1] = (char)(mask >> 8);
		builder_add(bytes, (struct slice){packed, (size_t)(end - packed)});
		likely_follow(&likely, words);
	}
}

static void pack_arguments(struct builder *bytes, const struct program *program)
{
	uint32_t near = 0;
	for (uint32_t i = 0; i < program->argument_count; i++) {
		const struct event_argument *argument = &program->arguments[i];
		char packed[2 * NUMBER_SIZE], *end = put(packed, folded(argument->value - near));
		end = put(end, argument->keyword << 2 | argument->stars);
		builder_add(bytes, (struct slice){packed, (size_t)(end - packed)});
		near = argument->value;
	}
}

void program_pack(struct arena *arena, struct arena *scratch, struct program *program)
{
	struct builder bytes = {.arena = scratch};
	pack_events(&bytes, program);
	pack_arguments(&bytes, program);
	program->packed = arena_copy(arena, bytes.bytes, bytes.length);
	program->events = NULL;
	program->arguments = NULL;
	for (uint32_t i = 0; i < program->child_count; i++)
		program_pack(arena, scratch, program->children[i]);
}

struct program_events program_open(struct arena *arena, const struct program *program)
{
	struct event *events = arena_array(arena, program->event_count, sizeof *events);
	struct event_argument *arguments = arena_array(arena, program->argument_count, sizeof *arguments);
	const unsigned char *bytes = program->packed;
	struct likely likely;
	likely_begin(&likely);
	for (uint32_t i = 0; i < program->event_count; i++) {
		uint32_t words[WORDS];
		memcpy(words, likely.unset, sizeof words);
		uint32_t mask = bytes[0] | (uint32_t)bytes[1] << 8;
		bytes += MASK_SIZE;
		words[0] = get(&bytes);
		for (unsigned k = 1; mask; mask >>= 1, k++)
			if (mask & 1)
				words[k] = likely.near[k] + unfolded(get(&bytes));
		memcpy(&events[i], words, sizeof words);
		likely_follow(&likely, words);
	}
	uint32_t near = 0;
	for (uint32_t i = 0; i < program->argument_count; i++) {
		near += unfolded(get(&bytes));
		uint32_t keyword = get(&bytes);
		arguments[i] = (struct event_argument){.value = near, .keyword = keyword >> 2, .stars = (uint8_t)(keyword & 3)};
	}
	return (struct program_events){events, arguments};
}
