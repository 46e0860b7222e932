/* Where to go on after a syntax error.
 *
 * The next statement begins in column 0, but not every line that does is one: it
 * may stand in a string, or between brackets that are closed further on. So the
 * text is read once more, for its strings, comments and brackets alone. Where a
 * string of several lines stands before the error, its quotes may be what is
 * broken: one left out or one too many turns code into text and text into code
 * up to the end. Of the two readings, the one that leaves fewer strings open is
 * believed.
 *
 * Reading ahead and going back draw on a budget (struct parser's `reread`), so
 * that the cost stays linear; without it the next line in column 0 will do. */
#include "python/parser_state.h"

enum { NOWHERE = UINT32_MAX };

struct walker {
	const struct lexer *lexer;
	uint32_t at;
	size_t special; /* the next line of IPython's at or behind `at` */
	uint32_t depth; /* of brackets */
	uint32_t open;  /* the outermost of them */
};

enum element {
	ELEMENT_OTHER,
	ELEMENT_LINE,   /* a line end */
	ELEMENT_STRING, /* one of several lines */
	ELEMENT_UNCLOSED,
	ELEMENT_END,
};

static char byte_at(const struct walker *walker, uint32_t at)
{
	return at < walker->lexer->limit ? walker->lexer->source.bytes[at] : '\0';
}

static struct walker walker_at(const struct parser *parser, uint32_t at)
{
	return (struct walker){
	    .lexer = &parser->lexer, .at = at, .special = special_lines_find(parser->lexer.specials, at)};
}

/* Past the quotes that open a string at `at`. */
static uint32_t after_quotes(const struct walker *walker, uint32_t at)
{
	char quote = byte_at(walker, at);
	return at + (byte_at(walker, at + 1) == quote && byte_at(walker, at + 2) == quote ? 3 : 1);
}

static enum element pass_string(struct walker *walker)
{
	char quote = byte_at(walker, walker->at);
	uint32_t start = walker->at, at = after_quotes(walker, start);
	bool triple = at == start + 3, lines = false;
	for (; at < walker->lexer->limit; at++) {
		char c = byte_at(walker, at);
		if (c == '\\') {
			at++;
			continue;
		}
		if (c == '\n' || c == '\r') {
			if (!triple) {
				walker->at = at;
				return ELEMENT_UNCLOSED;
			}
			lines = true;
		}
		if (c == quote && (!triple || (byte_at(walker, at + 1) == quote && byte_at(walker, at + 2) == quote))) {
			walker->at = at + (triple ? 3 : 1);
			return lines ? ELEMENT_STRING : ELEMENT_OTHER;
		}
	}
	/* Nothing closes it: what follows is no part of it. */
	walker->at = triple ? start + 3 : walker->lexer->limit;
	return ELEMENT_UNCLOSED;
}

/* Moves over what stands at the walker. */
static enum element walk(struct walker *walker)
{
	const struct special_lines *specials = walker->lexer->specials;
	if (walker->at >= walker->lexer->limit)
		return ELEMENT_END;
	while (specials && walker->special < specials->lines.count &&
	       specials->lines.items[walker->special].start < walker->at)
		walker->special++;
	if (specials && walker->special < specials->lines.count &&
	    specials->lines.items[walker->special].start == walker->at && walker->depth == 0) {
		walker->at = specials->lines.items[walker->special++].end;
		return ELEMENT_OTHER;
	}
	char c = byte_at(walker, walker->at);
	switch (c) {
	case '\'':
	case '"': return pass_string(walker);
	case '#':
		while (walker->at < walker->lexer->limit && byte_at(walker, walker->at) != '\n' &&
		       byte_at(walker, walker->at) != '\r')
			walker->at++;
		return ELEMENT_OTHER;
	case '(':
	case '[':
	case '{':
		if (walker->depth++ == 0)
			walker->open = walker->at;
		break;
	case ')':
	case ']':
	case '}': walker->depth -= walker->depth > 0; break;
	case '\r':
		if (byte_at(walker, walker->at + 1) == '\n')
			walker->at++;
		walker->at++;
		return ELEMENT_LINE;
	case '\n': walker->at++; return ELEMENT_LINE;
	default: break;
	}
	walker->at++;
	return ELEMENT_OTHER;
}

/* The word that a line begins with. */
static struct slice first_word(const struct parser *parser, uint32_t at)
{
	const char *bytes = parser->lexer.source.bytes;
	uint32_t end = at;
	while (end < parser->lexer.limit &&
	       ((bytes[end] >= 'a' && bytes[end] <= 'z') || (bytes[end] >= 'A' && bytes[end] <= 'Z') ||
	        (bytes[end] >= '0' && bytes[end] <= '9') || bytes[end] == '_' || bytes[end] < 0))
		end++;
	return slice_part(parser->lexer.source, at, end);
}

/* Whether a statement may begin in column 0 of this line. */
static bool may_begin_statement(const struct parser *parser, uint32_t at)
{
	static const char *const continuations[] = {"else", "elif", "except", "finally", NULL};
	if (at >= parser->lexer.limit)
		return false;
	switch (parser->lexer.source.bytes[at]) {
	case ' ':
	case '\t':
	case '\f':
	case '\n':
	case '\r':
	case '#':
	case ')':
	case ']':
	case '}': return false;
	default: return !slice_is_one_of(first_word(parser, at), continuations);
	}
}

/* Whether a line begins as only a statement does, never what brackets hold. */
static bool begins_statement(const struct parser *parser, uint32_t at)
{
	static const char *const words[] = {"def",      "class",  "import", "from",     "with",  "while",
	                                    "try",      "return", "del",    "global",   "raise", "assert",
	                                    "nonlocal", "pass",   "break",  "continue", NULL};
	return slice_is_one_of(first_word(parser, at), words);
}

/* Whether a line of what may be text begins as code does: with a word that begins a
 * statement, `name =`, `name(` or `name[`, a decorator or a magic. */
static bool looks_like_code(const struct parser *parser, uint32_t at)
{
	static const char *const words[] = {"if", "for", "async", "print", NULL};
	const char *bytes = parser->lexer.source.bytes;
	uint32_t limit = parser->lexer.limit;
	if (begins_statement(parser, at) || slice_is_one_of(first_word(parser, at), words))
		return true;
	if (bytes[at] == '@' || bytes[at] == '%' || bytes[at] == '!')
		return true;
	/* `a.b, c = ...` too. */
	uint32_t end = at;
	bool several = false;
	for (;;) {
		struct slice word = first_word(parser, end);
		end += (uint32_t)word.length;
		uint32_t space = end;
		while (end < limit && bytes[end] == ' ')
			end++;
		if (!word.length || end >= limit)
			return false;
		if (bytes[end] == ',') {
			several = true;
			end++;
			while (end < limit && bytes[end] == ' ')
				end++;
		} else if (bytes[end] == '.' && end == space) {
			end++;
		} else {
			break;
		}
	}
	if (bytes[end] == '=')
		return end + 1 >= limit || bytes[end + 1] != '=';
	return !several && (bytes[end] == '(' || bytes[end] == '[');
}

static bool spend(struct parser *parser, uint64_t bytes)
{
	if (parser->reread < bytes)
		return false;
	parser->reread -= bytes;
	return true;
}

/* How much speaks against reading what follows as code: strings that nothing closes. */
static size_t count_unclosed(struct walker walker)
{
	enum { LINE = 1, TEXT = 3 };
	size_t count = 0;
	for (uint32_t at = walker.at;; at = walker.at) {
		enum element element = walk(&walker);
		if (element == ELEMENT_END)
			return count;
		if (element == ELEMENT_UNCLOSED)
			count += walker.at == after_quotes(&walker, at) && walker.at == at + 3 ? TEXT : LINE;
	}
}

/* Whether the string of several lines at `string` is one only because quotes are missing or too many. */
static bool is_stray(struct parser *parser, uint32_t string, struct walker behind)
{
	if (parser->strings_hold || !spend(parser, 2 * (uint64_t)(parser->lexer.limit - string)))
		return false;
	size_t unclosed = count_unclosed(behind);
	parser->strings_hold = unclosed == 0;
	return unclosed > 0 && count_unclosed(walker_at(parser, after_quotes(&behind, string))) < unclosed;
}

/* Moves past the bracket that closes the outermost open one. False where none does, or a statement begins before. */
static bool close_brackets(struct parser *parser, struct walker *walker)
{
	struct walker ahead = *walker;
	bool closed = true;
	while (closed && ahead.depth > 0) {
		enum element element = walk(&ahead);
		closed = element != ELEMENT_END && element != ELEMENT_UNCLOSED &&
		         !(element == ELEMENT_LINE && begins_statement(parser, ahead.at)) &&
		         ahead.at - walker->at <= parser->reread;
	}
	spend(parser, ahead.at - walker->at < parser->reread ? ahead.at - walker->at : parser->reread);
	if (closed)
		*walker = ahead;
	return closed;
}

/* The first line behind the walker on which what may be text turns out to be code: it
 * looks like it, and so do most lines in column 0 from there on. */
static uint32_t find_code(struct parser *parser, struct walker walker)
{
	size_t code = 0, other = 0;
	struct walker ahead = walker;
	bool counts = spend(parser, parser->lexer.limit - walker.at);
	for (enum element element; counts && (element = walk(&ahead)) != ELEMENT_END;)
		if (element == ELEMENT_LINE && may_begin_statement(parser, ahead.at))
			*(looks_like_code(parser, ahead.at) ? &code : &other) += 1;
	for (enum element element; (element = walk(&walker)) != ELEMENT_END;) {
		if (element != ELEMENT_LINE || !may_begin_statement(parser, walker.at))
			continue;
		bool looks = looks_like_code(parser, walker.at);
		if (looks && (!counts || code >= other))
			return walker.at;
		*(looks ? &code : &other) -= 1;
	}
	return parser->lexer.limit;
}

/* Where the next statement seems to begin. */
static uint32_t find_statement(struct parser *parser, uint32_t start)
{
	uint32_t error = parser->error_at > start ? parser->error_at : start, string = NOWHERE;
	struct walker walker = walker_at(parser, start), before = walker;
	enum element element = ELEMENT_OTHER;
	while (walker.at < error) {
		before = walker;
		element = walk(&walker);
		if (walker.at > error && element != ELEMENT_LINE) {
			/* Inside of a string or comment. */
			walker = before;
			break;
		}
		if (element == ELEMENT_STRING)
			string = before.at;
	}
	if (string != NOWHERE && is_stray(parser, string, walker))
		return find_code(parser, walker_at(parser, after_quotes(&walker, string)));
	if (walker.depth > 0) {
		if (!close_brackets(parser, &walker) && spend(parser, walker.at - walker.open))
			walker = walker_at(parser, walker.open + 1);
	} else if (element == ELEMENT_LINE && walker.at == error && may_begin_statement(parser, error)) {
		/* An error at the very beginning of a later line is that line's own: the one before it was cut short. */
		return error;
	}
	bool strings_checked = false;
	for (;;) {
		before = walker;
		element = walk(&walker);
		if (element == ELEMENT_END)
			return parser->lexer.limit;
		if (element == ELEMENT_LINE && may_begin_statement(parser, walker.at))
			return walker.at;
		bool stray = element == ELEMENT_UNCLOSED && walker.at == before.at + 3;
		if (element == ELEMENT_STRING && !strings_checked) {
			strings_checked = true;
			stray = is_stray(parser, before.at, walker);
		}
		if (stray)
			return find_code(parser, walker_at(parser, after_quotes(&before, before.at)));
	}
}

uint32_t parser_resume(struct parser *parser, uint32_t start)
{
	const struct lexer *lexer = &parser->lexer;
	uint32_t at = find_statement(parser, start);
	/* Up to where tokens were made. */
	uint32_t seen = lexer->unclosed ? lexer->limit : lexer->failed ? lexer->error_at : lexer->at;
	if (at >= seen || spend(parser, seen - at))
		return at;
	while (seen < lexer->limit && !may_begin_statement(parser, seen = lexer_line_end(lexer, seen)))
		;
	return seen;
}
