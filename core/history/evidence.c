/* The forms in which kernels have named code:
 *
 *   /tmp/ipykernel_5018/1798193716.py:2: UserWarning: ...     ipykernel 6
 *   /tmp/ipykernel_5018/1798193716.py in <module>             ipykernel 6 with IPython 7
 *   /tmp/ipython-input-1798193716.py:2: ...                   Colab
 *   <ipython-input-5-0123456789ab> in <module>                up to IPython 7
 *   Input In [5], in <cell line: 1>()                         IPython 8.0
 *   Cell In [5], line 1, in area(r)                           IPython 8.1 to 8.6
 *   Cell In[5], line 1                                        since
 *
 * Below such a line a traceback quotes the source, `----> 2 x = 1/0`. */
#include "history/evidence.h"

#include <string.h>

#include "python/tokens.h"

/* Where `needle` begins at or after `from`, or the length. */
static size_t find(struct slice text, struct slice needle, size_t from)
{
	size_t at = slice_find(text, needle.bytes[0], from);
	while (at < text.length && !slice_starts(slice_part(text, at, text.length), needle))
		at = slice_find(text, needle.bytes[0], at + 1);
	return at;
}

/* Reads digits at `*at`, and moves behind them; false when there are none, or too many. */
static bool take_number(struct slice text, size_t *at, int64_t *number)
{
	enum { MOST_DIGITS = 10 };
	size_t start = *at;
	for (*number = 0; *at < text.length && text.bytes[*at] >= '0' && text.bytes[*at] <= '9'; ++*at) {
		if (*at - start == MOST_DIGITS)
			return false;
		*number = *number * 10 + (text.bytes[*at] - '0');
	}
	return *at > start;
}

static bool take_text(struct slice text, size_t *at, struct slice expected)
{
	if (!slice_starts(slice_part(text, *at, text.length), expected))
		return false;
	*at += expected.length;
	return true;
}

/* `5018/1798193716.py`, behind `ipykernel_`. */
static bool take_ipykernel(struct slice line, size_t at, struct source_name *name)
{
	int64_t hash;
	if (!take_number(line, &at, &name->pid) ||
	    !(take_text(line, &at, SLICE("/")) || take_text(line, &at, SLICE("\\"))) || !take_number(line, &at, &hash) ||
	    !take_text(line, &at, SLICE(".py")) || hash > UINT32_MAX)
		return false;
	name->has_ipykernel = true;
	name->ipykernel = (uint32_t)hash;
	return true;
}

/* `1798193716.py` or `5-0123456789ab>`, behind `ipython-input-`. */
static bool take_ipython(struct slice line, size_t at, struct source_name *name)
{
	int64_t number;
	if (!take_number(line, &at, &number))
		return false;
	if (take_text(line, &at, SLICE(".py")) && number <= UINT32_MAX) {
		name->has_ipykernel = true;
		name->ipykernel = (uint32_t)number;
		return true;
	}
	if (!take_text(line, &at, SLICE("-")) || line.length - at < FINGERPRINT_IPYTHON_DIGITS)
		return false;
	for (size_t i = 0; i < FINGERPRINT_IPYTHON_DIGITS; i++) {
		char digit = line.bytes[at + i];
		if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f')))
			return false;
		name->ipython[i] = digit;
	}
	if (at + FINGERPRINT_IPYTHON_DIGITS >= line.length || line.bytes[at + FINGERPRINT_IPYTHON_DIGITS] != '>')
		return false;
	name->count = number;
	name->has_ipython = true;
	return true;
}

/* `[5]`, behind `Cell In` or `Input In`. */
static bool take_prompt(struct slice line, size_t at, struct source_name *name)
{
	take_text(line, &at, SLICE(" "));
	int64_t count;
	if (!take_text(line, &at, SLICE("[")) || !take_number(line, &at, &count) || !take_text(line, &at, SLICE("]")))
		return false;
	name->count = count;
	return true;
}

/* What a line names; false when it names no code of a cell. */
static bool name_in_line(struct slice line, struct source_name *name)
{
	static const struct {
		struct slice mark;
		bool (*take)(struct slice line, size_t at, struct source_name *name);
	} forms[] = {
	    {SLICE_CONSTANT("ipykernel_"), take_ipykernel},
	    {SLICE_CONSTANT("ipython-input-"), take_ipython},
	    {SLICE_CONSTANT("Cell In"), take_prompt},
	    {SLICE_CONSTANT("Input In"), take_prompt},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t at = find(line, forms[i].mark, 0);
		*name = (struct source_name){.count = NO_COUNT};
		if (at < line.length && forms[i].take(line, at + forms[i].mark.length, name)) {
			struct slice rest = slice_part(line, at, line.length);
			name->is_module = find(rest, SLICE("in <module>"), 0) < rest.length ||
			                  find(rest, SLICE("in <cell line:"), 0) < rest.length;
			return true;
		}
	}
	return false;
}

struct slice without_escapes(struct arena *arena, struct slice text)
{
	struct builder plain = {.arena = arena};
	for (size_t i = 0; i < text.length;) {
		if (text.bytes[i] == '\033' && i + 1 < text.length && text.bytes[i + 1] == '[') {
			i += 2;
			while (i < text.length && (text.bytes[i] < '@' || text.bytes[i] > '~'))
				i++;
			i++;
			continue;
		}
		builder_add_byte(&plain, text.bytes[i++]);
	}
	return builder_slice(&plain);
}

uint32_t leading_number(struct slice text)
{
	size_t at = 0;
	int64_t number;
	return take_number(text, &at, &number) && number <= UINT32_MAX ? (uint32_t)number : 0;
}

uint32_t quoted_line(struct slice line, struct slice *text)
{
	size_t at = 0;
	int64_t number;
	while (at < line.length && line.bytes[at] == '-')
		at++;
	if (at > 0 && !take_text(line, &at, SLICE(">")))
		return 0;
	while (at < line.length && line.bytes[at] == ' ')
		at++;
	if (at == 0 || !take_number(line, &at, &number) || number > UINT32_MAX ||
	    (at < line.length && line.bytes[at] != ' '))
		return 0;
	*text = slice_part(line, at + 1, line.length);
	return (uint32_t)number;
}

static void read_traceback(struct arena *arena, struct slice traceback, struct evidence *evidence)
{
	struct slice line, text;
	struct source_name name = {.count = NO_COUNT};
	for (struct slice rest = without_escapes(arena, traceback); slice_next_line(&rest, &line);) {
		uint32_t number = quoted_line(line, &text);
		if (number && name.count != NO_COUNT) {
			struct quote quote = {name.count, number, text};
			vector_push(arena, &evidence->quotes, quote);
		} else if (!number && name_in_line(line, &name)) {
			vector_push(arena, &evidence->names, name);
		} else if (!number && (slice_trim(line).length == 0 || find(line, SLICE(" in "), 0) < line.length)) {
			/* Another frame begins, which is no cell's. */
			name.count = NO_COUNT;
		}
	}
}

static void read_warnings(struct arena *arena, struct slice text, struct evidence *evidence)
{
	struct slice line;
	struct source_name name;
	while (slice_next_line(&text, &line)) {
		if (!name_in_line(line, &name))
			continue;
		name.is_module = false; /* who warned is told by a number of callers, not by the frame */
		vector_push(arena, &evidence->names, name);
	}
}

void evidence_of_cell(struct arena *arena, const struct notebook *notebook, const struct cell *cell,
                      struct evidence *evidence)
{
	enum { LARGEST = 256 * 1024 /* bytes of an output that are worth reading */ };
	*evidence = (struct evidence){0};
	for (size_t i = 0; i < cell->output_count; i++) {
		const struct output *output = &cell->outputs[i];
		struct output_content content = {0};
		bool is_warning = output->type == OUTPUT_STREAM && slice_equal(output->stream, SLICE("stderr"));
		if ((!is_warning && output->type != OUTPUT_ERROR) || output->range.end - output->range.start > LARGEST ||
		    !output_load(notebook, arena, output, &content))
			continue;
		if (is_warning)
			read_warnings(arena, content.text, evidence);
		else
			read_traceback(arena, content.traceback, evidence);
	}
}

int64_t evidence_pid(const struct evidence *evidence)
{
	int64_t pid = 0;
	for (size_t i = 0; i < evidence->names.count; i++) {
		int64_t named = evidence->names.items[i].pid;
		if (named && pid && named != pid)
			return 0;
		pid = named ? named : pid;
	}
	return pid;
}

/* The line with that number, from 1; false when there is none. */
static bool line_of(struct slice source, uint32_t number, struct slice *line)
{
	while (number > 0 && slice_next_line(&source, line))
		number--;
	return number == 0;
}

static uint32_t empty_lines_at_start(struct slice source)
{
	struct slice line;
	uint32_t count = 0;
	while (slice_next_line(&source, &line) && slice_trim(line).length == 0)
		count++;
	return count;
}

/* The tokens of a line; blanks and comments make no difference. */
static uint64_t line_tokens(struct slice line)
{
	line = slice_trim(line);
	return token_hash_span(line, (struct span){0, (uint32_t)line.length});
}

/* What IPython makes Python of before it runs, and so quotes in another form. */
static bool is_rewritten(struct slice line)
{
	line = slice_trim(line);
	return line.length == 0 || memchr("%!?>,;/.", line.bytes[0], 8) || line.bytes[line.length - 1] == '?' ||
	       find(line, SLICE("= %"), 0) < line.length || find(line, SLICE("=%"), 0) < line.length ||
	       find(line, SLICE("= !"), 0) < line.length || find(line, SLICE("=!"), 0) < line.length ||
	       find(line, SLICE("get_ipython"), 0) < line.length;
}

enum agreement quote_agreement(struct slice source, const struct quote *quote)
{
	enum { LONGEST = 4096 };
	struct slice line = {0}, shifted = {0};
	uint32_t empty = empty_lines_at_start(source);
	if (quote->text.length > LONGEST || is_rewritten(quote->text) || slice_starts(slice_trim(source), SLICE("%%")))
		return QUOTE_UNCLEAR;
	bool has_line = line_of(source, quote->line, &line),
	     has_shifted = empty > 0 && line_of(source, quote->line + empty, &shifted);
	uint64_t tokens = line_tokens(quote->text);
	if ((has_line && line.length <= LONGEST && line_tokens(line) == tokens) ||
	    (has_shifted && shifted.length <= LONGEST && line_tokens(shifted) == tokens))
		return QUOTE_AGREES;
	bool rewritten = (has_line && slice_trim(line).length && is_rewritten(line)) ||
	                 (has_shifted && slice_trim(shifted).length && is_rewritten(shifted));
	return rewritten || line.length > LONGEST || shifted.length > LONGEST ? QUOTE_UNCLEAR : QUOTE_DIFFERS;
}
