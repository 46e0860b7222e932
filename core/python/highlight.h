/* highlight.h - the classes of a Python source's tokens, for display. */
#ifndef NBSCOPE_PYTHON_HIGHLIGHT_H
#define NBSCOPE_PYTHON_HIGHLIGHT_H

#include "python/syntax.h"

/* clang-format off */
enum token_class {
	TOKEN_PLAIN, TOKEN_KEYWORD, TOKEN_NAME, TOKEN_BUILTIN, TOKEN_DEFINITION /* the name after def or class */,
	TOKEN_STRING, TOKEN_NUMBER, TOKEN_OPERATOR, TOKEN_COMMENT, TOKEN_DECORATOR, TOKEN_MAGIC, TOKEN_ERROR,
};
/* clang-format on */

struct token_span {
	struct span span;
	enum token_class class;
};

/* The tokens of a source in order, without gaps' white space; works on any
 * bytes, also on what does not parse. */
struct token_span *python_highlight(struct arena *arena, struct slice source, bool ipython, size_t *count);

#endif
