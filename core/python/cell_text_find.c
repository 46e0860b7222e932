/* Finds IPython's own lines. IPython asks the tokens of a cell again and again,
 * each time rewriting the first line that is its own, so what such a line holds
 * is only once taken for Python. One pass does the same here: at such a line it
 * goes on from the state before it. The tokenizer knows of tokens what IPython
 * asks: which is the first of a line, what stands behind its first `=`, whether
 * it ends in `?`. */
#include "python/cell_text.h"

#include <string.h>

#include "base/utf8.h"

enum {
	MAX_SPECIAL_LINES = 500, /* IPython's TRANSFORM_LOOP_LIMIT */
	MAX_INDENTS = 200,       /* more than Python takes */
};

enum token_kind { TOKEN_WORD, TOKEN_OPERATOR, TOKEN_UNKNOWN, TOKEN_OTHER };

/* Where a line of IPython's begins, and what the tokenizer knew there. */
struct candidate {
	bool is_set;
	enum special_kind kind;
	uint32_t start;
	int brackets;
	unsigned open_brackets;
	size_t indents;
};

/* What has been seen of a logical line. */
struct logical_line {
	uint32_t tokens;             /* how many */
	struct candidate first;      /* the first that is no indentation */
	struct candidate own;        /* the line is a command, or assigns one */
	uint32_t last, before_last;  /* where the last two tokens begin */
	bool last_asks, before_asks; /* they are question marks */
	unsigned brackets;           /* open ones, for the `=` */
	enum { ASSIGN_TO_COME, ASSIGN_NOW, ASSIGN_COMMAND, ASSIGN_PERCENT, ASSIGN_PAST } assign;
	bool after_line_start;    /* the `=` is the first on its physical line */
	struct candidate percent; /* behind the `=` */
};

/* tokenize.py's state. */
struct scanner {
	struct arena *arena;
	struct slice text;
	uint32_t at, end;
	uint32_t line_start, line_end; /* the physical line */
	int brackets;                  /* tokenize's count, which can fall below zero */
	unsigned open_brackets;        /* IPython's, which can't */
	bool continued;                /* the line before ended in a backslash */
	char quote;                    /* of the string that the line begins in, or 0 */
	uint32_t string_at;            /* where that string begins */
	bool triple;
	VECTOR(uint32_t) indents;
	struct logical_line logical;
	struct special_lines *found; /* null: only look whether the indentation holds */
	uint64_t *budget;            /* bytes that may still be read more than once */
	bool failed, ended;
	uint32_t error_at;
};

static unsigned char byte_at(const struct scanner *scanner, uint32_t at)
{
	return at < scanner->line_end ? (unsigned char)scanner->text.bytes[at] : 0;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c >= 0x80;
}

/* Past the line at `at` and those that backslashes join to it. */
static uint32_t joined_end(const struct scanner *scanner, uint32_t at)
{
	const char *bytes = scanner->text.bytes;
	for (;;) {
		uint32_t end = cell_text_line_end(scanner->text, at, scanner->end);
		bool joined = end - at >= 2 && bytes[end - 1] == '\n' && bytes[end - 2] == '\\';
		if (!joined || end >= scanner->end)
			return end;
		at = end;
	}
}

static void add_special(struct scanner *scanner, enum special_kind kind, uint32_t start, uint32_t end)
{
	struct special_lines *found = scanner->found;
	struct special_line line = {start, end, kind};
	vector_push(scanner->arena, &found->lines, line);
	if (found->lines.count >= MAX_SPECIAL_LINES && !found->failed) {
		found->failed = true;
		found->error_at = start;
		found->error = SLICE("IPython gives up: 500 lines of its own syntax in one cell");
	}
}

/* Where the part of a word that ends at `end` begins which can be a name (it does not
 * begin with a digit), or `end` when there is none; `*whole` is where the word begins. */
static size_t name_start(struct slice text, size_t end, size_t *whole)
{
	size_t at = end, named = end;
	while (at > 0) {
		size_t start = at - 1;
		while (start > 0 && at - start < UTF8_MAX && ((unsigned char)text.bytes[start] & 0xC0) == 0x80)
			start--;
		size_t next = start;
		int32_t character = utf8_next(text, &next);
		if (character != '*' && !unicode_is_word(character))
			break;
		at = start;
		if (character >= 0x80 || !is_digit((unsigned char)character))
			named = at;
	}
	*whole = at;
	return named;
}

struct slice cell_text_help(struct slice text)
{
	size_t end = text.length;
	if (end > 0 && text.bytes[end - 1] == '\n')
		end--;
	size_t at = end;
	while (at > 0 && end - at < 2 && text.bytes[at - 1] == '?')
		at--;
	if (at == end)
		return SLICE("");
	size_t stop = at, start = at, whole;
	for (;;) {
		size_t named = name_start(text, at, &whole);
		if (named == at)
			break;
		start = named;
		if (named > whole || whole == 0 || text.bytes[whole - 1] != '.')
			break;
		at = whole - 1;
	}
	for (int i = 0; i < 2 && start < stop && start > 0 && text.bytes[start - 1] == '%'; i++)
		start--;
	return slice_part(text, start, stop);
}

static void scan(struct scanner *scanner);

/* IPython also asks the tokens while a line of its own still stands there, and
 * gives up if the indentation after it does not hold in that reading. */
static void check_indentation(const struct scanner *scanner)
{
	struct special_lines *found = scanner->found;
	uint32_t left = scanner->end - scanner->at;
	if (found->failed || *scanner->budget < left)
		return;
	*scanner->budget -= left;
	struct scanner *other = arena_copy(scanner->arena, scanner, sizeof *scanner);
	other->found = NULL;
	other->indents.items =
	    arena_copy(scanner->arena, scanner->indents.items, scanner->indents.capacity * sizeof *scanner->indents.items);
	scan(other);
	if (!other->failed)
		return;
	found->failed = true;
	found->error_at = other->error_at;
	found->error = SLICE("IPython refuses this indentation: brackets or quotes in a line of its own come before it");
}

/* The logical line has ended. If it is IPython's, the scanner goes on behind it; true then. */
static bool end_logical(struct scanner *scanner)
{
	struct logical_line line = scanner->logical;
	scanner->logical = (struct logical_line){0};
	if (!scanner->found || !line.first.is_set)
		return false;
	struct candidate place = line.own;
	uint32_t end = 0;
	if (line.tokens > 2 && line.before_asks) {
		uint32_t question = cell_text_line_end(scanner->text, line.before_last, scanner->end);
		if (cell_text_help(slice_part(scanner->text, line.first.start, question)).length) {
			place = line.first;
			place.kind = SPECIAL_HELP;
			end = question;
		}
	}
	if (!place.is_set)
		return false;
	if (!end)
		end = joined_end(scanner, place.start);
	add_special(scanner, place.kind, place.start, end);
	if (scanner->at != end || scanner->brackets != place.brackets || scanner->quote || scanner->continued)
		check_indentation(scanner);
	scanner->at = end;
	scanner->brackets = place.brackets;
	scanner->open_brackets = place.open_brackets;
	scanner->indents.count = place.indents;
	scanner->quote = 0;
	scanner->continued = scanner->ended = false;
	return true;
}

static struct candidate candidate_here(const struct scanner *scanner, enum special_kind kind, uint32_t start)
{
	return (struct candidate){true, kind, start, scanner->brackets, scanner->open_brackets, scanner->indents.count};
}

static bool is_blank_before(const struct scanner *scanner, uint32_t at)
{
	while (at > scanner->line_start && strchr(" \t\f\v", scanner->text.bytes[at - 1]))
		at--;
	return at == scanner->line_start;
}

/* Looks for `= %name` and `= !command`. */
static void follow_assignment(struct scanner *scanner, uint32_t start, uint32_t length, enum token_kind kind)
{
	struct logical_line *line = &scanner->logical;
	char c = length == 1 ? scanner->text.bytes[start] : 0;
	switch (line->assign) {
	case ASSIGN_TO_COME:
		if (c == '=' && line->brackets == 0) {
			line->assign = ASSIGN_NOW;
			line->after_line_start = is_blank_before(scanner, start);
		} else if (c == '(' || c == '[' || c == '{') {
			line->brackets++;
		} else if ((c == ')' || c == ']' || c == '}') && line->brackets > 0) {
			line->brackets--;
		}
		return;
	case ASSIGN_NOW:
	case ASSIGN_COMMAND:
		if (c == '%' && line->assign == ASSIGN_NOW) {
			line->assign = ASSIGN_PERCENT;
			line->percent = candidate_here(scanner, SPECIAL_ASSIGN, start);
			return;
		}
		if (kind == TOKEN_UNKNOWN && (c == ' ' || c == '\t' || c == '\f' || c == '\v')) {
			line->assign = ASSIGN_COMMAND;
			return;
		}
		if (kind == TOKEN_UNKNOWN && c == '!' && !line->after_line_start && !line->own.is_set)
			line->own = candidate_here(scanner, SPECIAL_ASSIGN, start);
		break;
	case ASSIGN_PERCENT:
		if (kind == TOKEN_WORD && !line->own.is_set)
			line->own = line->percent;
		break;
	case ASSIGN_PAST: return;
	}
	line->assign = ASSIGN_PAST;
}

static void add_token(struct scanner *scanner, uint32_t start, uint32_t length, enum token_kind kind)
{
	struct logical_line *line = &scanner->logical;
	char c = length == 1 ? scanner->text.bytes[start] : 0;
	if (!line->first.is_set) {
		line->first = candidate_here(scanner, SPECIAL_ESCAPE, start);
		if (c && strchr("%!?,;/", c))
			line->own = line->first;
	}
	line->tokens++;
	line->before_last = line->last;
	line->before_asks = line->last_asks;
	line->last = start;
	line->last_asks = c == '?';
	if (line->assign != ASSIGN_PAST)
		follow_assignment(scanner, start, length, kind);
	if (c == '(' || c == '[' || c == '{') {
		scanner->brackets++;
		scanner->open_brackets++;
	} else if (c == ')' || c == ']' || c == '}') {
		scanner->brackets--;
		scanner->open_brackets -= scanner->open_brackets > 0;
	}
}

/* The end of a string that began before `at`, past its quotes, or 0 when the line has none. */
static uint32_t string_end(const struct scanner *scanner, uint32_t at)
{
	char quote = scanner->quote;
	for (; at < scanner->line_end; at++) {
		unsigned char c = byte_at(scanner, at);
		if (c == '\\') {
			if (byte_at(scanner, at + 1) == '\n')
				return 0;
			at++;
		} else if (c == (unsigned char)quote) {
			if (!scanner->triple)
				return at + 1;
			if (byte_at(scanner, at + 1) == c && byte_at(scanner, at + 2) == c)
				return at + 3;
		}
	}
	return 0;
}

static bool ends_in_backslash(const struct scanner *scanner)
{
	uint32_t end = scanner->line_end;
	if (byte_at(scanner, end - 1) != '\n')
		return false;
	end -= end - scanner->line_start > 1 && byte_at(scanner, end - 2) == '\r' ? 2 : 1;
	return end > scanner->line_start && byte_at(scanner, end - 1) == '\\';
}

/* A string whose first quote is at `quote_at`. False when it is none: a single quote that nothing closes. */
static bool read_string(struct scanner *scanner, uint32_t start, uint32_t quote_at)
{
	unsigned char quote = byte_at(scanner, quote_at);
	bool triple = byte_at(scanner, quote_at + 1) == quote && byte_at(scanner, quote_at + 2) == quote;
	scanner->quote = (char)quote;
	scanner->triple = triple;
	scanner->string_at = start;
	uint32_t from = quote_at + (triple ? 3 : 1), end;
	if (triple) {
		end = string_end(scanner, from);
	} else {
		/* Up to its quote, or a backslash at the end of the line. */
		for (end = from; end < scanner->line_end; end++) {
			unsigned char c = byte_at(scanner, end);
			if (c == quote || c == '\n')
				break;
			if (c == '\\') {
				if (end + 2 >= scanner->line_end && byte_at(scanner, end + 1) == '\n')
					break;
				if (byte_at(scanner, end + 1) == '\r' && byte_at(scanner, end + 2) == '\n')
					break;
				end++;
			}
		}
		if (byte_at(scanner, end) == '\\') {
			scanner->at = scanner->line_end;
			return true;
		}
		if (byte_at(scanner, end) != quote || end >= scanner->line_end) {
			scanner->quote = 0;
			return false;
		}
		end++;
	}
	if (end) {
		scanner->quote = 0;
		add_token(scanner, start, end - start, TOKEN_OTHER);
	}
	scanner->at = end ? end : scanner->line_end;
	return true;
}

static bool is_string_prefix(const struct scanner *scanner, uint32_t start, uint32_t end)
{
	char first = (char)(byte_at(scanner, start) | 0x20), second = (char)(byte_at(scanner, start + 1) | 0x20);
	if (end - start == 1)
		return strchr("bruf", first) != NULL;
	return end - start == 2 &&
	       ((first == 'r' && (second == 'b' || second == 'f')) || (second == 'r' && (first == 'b' || first == 'f')));
}

/* How long the operator at `at` is: 0 for none. */
static uint32_t operator_length(const struct scanner *scanner, uint32_t at)
{
	char a = (char)byte_at(scanner, at), b = (char)byte_at(scanner, at + 1), c = (char)byte_at(scanner, at + 2);
	if (!a || !strchr("%&()*+,-./:;<=>@[]^{|}~!", a))
		return 0;
	bool doubles = strchr("*/<>", a) && b == a;
	if ((doubles && c == '=') || (a == '.' && b == '.' && c == '.'))
		return 3;
	if (doubles || (b == '=' && strchr("!%&*+-/:<=>@^|", a)) || (a == '-' && b == '>'))
		return 2;
	return a == '!' ? 0 : 1;
}

/* The token at `scanner->at`, behind blanks; false where the line is done. */
static bool read_token(struct scanner *scanner)
{
	uint32_t blank = scanner->at, at = blank;
	while (byte_at(scanner, at) == ' ' || byte_at(scanner, at) == '\t' || byte_at(scanner, at) == '\f')
		at++;
	if (at >= scanner->line_end) {
		scanner->at = at;
		return false;
	}
	unsigned char c = byte_at(scanner, at), next = byte_at(scanner, at + 1);
	uint32_t end = at + 1;
	if (c == '\n' || (c == '\r' && next == '\n')) {
		add_token(scanner, at, 1, TOKEN_OTHER);
		scanner->at = scanner->line_end;
		if (scanner->brackets <= 0 || scanner->open_brackets == 0)
			end_logical(scanner);
		return false;
	}
	if (c == '\\' && (next == '\n' || (next == '\r' && byte_at(scanner, at + 2) == '\n'))) {
		scanner->continued = true;
		scanner->at = scanner->line_end;
		return false;
	}
	if (c == '#') {
		while (end < scanner->line_end && byte_at(scanner, end) != '\n' && byte_at(scanner, end) != '\r')
			end++;
		add_token(scanner, at, 2, TOKEN_OTHER);
	} else if (is_word(c)) {
		while (is_word(byte_at(scanner, end)))
			end++;
		unsigned char quote = byte_at(scanner, end);
		if ((quote == '"' || quote == '\'') && is_string_prefix(scanner, at, end) && read_string(scanner, at, end))
			return scanner->at < scanner->line_end;
		size_t offset = at;
		bool named = !is_digit(c) && (c < 0x80 || unicode_identifier_start(utf8_next(scanner->text, &offset)));
		/* A word of one byte is told from a sign by its kind alone. */
		add_token(scanner, at, 2, named ? TOKEN_WORD : TOKEN_OTHER);
	} else if ((c == '"' || c == '\'') && read_string(scanner, at, at)) {
		return scanner->at < scanner->line_end;
	} else if (operator_length(scanner, at)) {
		end = at + operator_length(scanner, at);
		add_token(scanner, at, end - at, TOKEN_OPERATOR);
	} else {
		/* What is no token at all: the blanks before it count too, one by one. */
		for (; blank < at; blank++)
			add_token(scanner, blank, 1, TOKEN_UNKNOWN);
		add_token(scanner, at, 1, TOKEN_UNKNOWN);
	}
	scanner->at = end;
	return true;
}

/* The indentation of a line that begins a statement; false where it is blank or wrong. */
static bool read_indentation(struct scanner *scanner)
{
	uint32_t column = 0, at = scanner->line_start;
	for (; at < scanner->line_end; at++) {
		unsigned char c = byte_at(scanner, at);
		if (c == ' ')
			column++;
		else if (c == '\t')
			column = (column / 8 + 1) * 8;
		else if (c == '\f')
			column = 0;
		else
			break;
	}
	scanner->at = at;
	if (at == scanner->line_end) { /* tokenize takes it for the end */
		scanner->ended = true;
		return false;
	}
	unsigned char c = byte_at(scanner, at);
	if (c == '#' || c == '\r' || c == '\n') {
		if (c == '#')
			add_token(scanner, at, 2, TOKEN_OTHER);
		add_token(scanner, at, 2, TOKEN_OTHER);
		scanner->at = scanner->line_end;
		if (scanner->open_brackets == 0)
			end_logical(scanner);
		return false;
	}
	size_t *count = &scanner->indents.count;
	if (scanner->logical.first.is_set && column != scanner->indents.items[*count - 1])
		add_token(scanner, at, 2, TOKEN_OTHER);
	uint32_t *indents = scanner->indents.items;
	if (column > indents[*count - 1]) {
		if (*count >= MAX_INDENTS)
			scanner->ended = true;
		vector_push(scanner->arena, &scanner->indents, column);
		return !scanner->ended;
	}
	while (column < indents[*count - 1])
		(*count)--;
	if (column != indents[*count - 1]) {
		scanner->failed = scanner->ended = true;
		scanner->error_at = at;
		return false;
	}
	return true;
}

static void scan_line(struct scanner *scanner)
{
	scanner->line_start = scanner->at;
	scanner->line_end = cell_text_line_end(scanner->text, scanner->at, scanner->end);
	if (scanner->logical.own.is_set && scanner->found) {
		uint32_t length = scanner->line_end - scanner->line_start;
		if (*scanner->budget < length) {
			end_logical(scanner);
			return;
		}
		*scanner->budget -= length;
	}
	if (scanner->quote) {
		uint32_t end = string_end(scanner, scanner->at);
		scanner->at = end ? end : scanner->line_end;
		if (!end) {
			if (!scanner->triple && !ends_in_backslash(scanner)) {
				scanner->quote = 0;
				add_token(scanner, scanner->string_at, 2, TOKEN_UNKNOWN);
			}
			return;
		}
		scanner->quote = 0;
		add_token(scanner, scanner->string_at, 2, TOKEN_OTHER);
	} else if (scanner->brackets == 0 && !scanner->continued) {
		if (!read_indentation(scanner))
			return;
	} else {
		scanner->continued = false;
	}
	while (read_token(scanner))
		;
}

static void scan(struct scanner *scanner)
{
	for (;;) {
		while (!scanner->ended && scanner->at < scanner->end)
			scan_line(scanner);
		/* What an open bracket or string leaves counts as a line too. */
		if (scanner->failed && scanner->found && scanner->logical.own.is_set && !scanner->found->failed) {
			scanner->found->failed = true;
			scanner->found->error_at = scanner->error_at;
			scanner->found->error = SLICE("this line's indentation matches no outer level");
		}
		if (scanner->failed || !end_logical(scanner))
			return;
	}
}

/* Whether anything in the text can be IPython's at all. */
static bool may_have_specials(struct slice text, uint32_t start, uint32_t end)
{
	bool line_start = true, assigned = false;
	for (uint32_t at = start; at < end; at++) {
		unsigned char c = (unsigned char)text.bytes[at];
		switch (c) {
		case '?': return true;
		case '!':
			if (at + 1 >= end || text.bytes[at + 1] != '=' || line_start || assigned)
				return true;
			break;
		case '%':
			if (line_start || assigned)
				return true;
			break;
		case ',':
		case ';':
		case '/':
			if (line_start)
				return true;
			break;
		default: break;
		}
		if (c == ' ' || c == '\t' || c == '\\' || c == '\r' || c == '\n' || c == '\f') {
			line_start = line_start || c == '\n' || c == '\r' || c == '\f';
			continue;
		}
		line_start = c == '\v' || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0xA8 || c == 0xA9;
		assigned = c == '=';
	}
	return false;
}

void cell_text_find(struct arena *arena, struct slice text, uint32_t start, uint32_t end, struct special_lines *found)
{
	*found = (struct special_lines){0};
	if (start >= end || !may_have_specials(text, start, end))
		return;
	uint64_t budget = (uint64_t)(end - start) * 8 + 100000;
	struct scanner scanner = {.arena = arena, .text = text, .at = start, .end = end, .found = found, .budget = &budget};
	/* IPython ends every cell in a line feed. */
	if (text.bytes[end - 1] != '\n') {
		struct builder ended = {.arena = arena};
		builder_add(&ended, slice_part(text, 0, end));
		builder_add_byte(&ended, '\n');
		scanner.text = builder_slice(&ended);
		scanner.end++;
	}
	vector_push(arena, &scanner.indents, 0);
	scan(&scanner);
	/* The last line end of each is Python's. */
	for (size_t i = 0; i < found->lines.count; i++) {
		struct special_line *line = &found->lines.items[i];
		line->end = line->end < end ? line->end : end;
		if (line->end > line->start && text.bytes[line->end - 1] == '\n')
			line->end--;
		if (line->end > line->start && text.bytes[line->end - 1] == '\r')
			line->end--;
	}
}

size_t special_lines_find(const struct special_lines *specials, uint32_t at)
{
	size_t low = 0, high = specials ? specials->lines.count : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (specials->lines.items[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
