/* magics.h - what is known of IPython's magics: the one table.
 *
 * IPython 8 and ipykernel; see IPython/core/magics/. A magic that is not in the
 * table is an extension's or the notebook's own: it may bind anything, by its text too.
 */
#ifndef NBSCOPE_PYTHON_MAGICS_H
#define NBSCOPE_PYTHON_MAGICS_H

#include "base/slice.h"

/* What the text of a magic is. */
enum magic_body {
	MAGIC_BODY_NONE,    /* no Python */
	MAGIC_BODY_PYTHON,  /* runs in the user's namespace */
	MAGIC_BODY_SCOPE,   /* runs in the scope where the magic stands: a class, a function's locals */
	MAGIC_BODY_TIMEIT,  /* runs there inside a function: what it binds is lost */
	MAGIC_BODY_CAPTURE, /* runs there; then the magic binds the name it is given */
};

/* What a magic does to the namespace besides running its text. */
enum magic_effect {
	MAGIC_EFFECT_NONE,
	MAGIC_EFFECT_SCRIPT,          /* another program; `--out NAME`, `--err NAME` and `--proc NAME` bind */
	MAGIC_EFFECT_OPAQUE,          /* may bind anything: %run, %pylab, %load_ext */
	MAGIC_EFFECT_STORE,           /* %store -r may bind anything */
	MAGIC_EFFECT_DELETE,          /* %xdel NAME */
	MAGIC_EFFECT_RESET,           /* %reset: everything */
	MAGIC_EFFECT_RESET_SELECTIVE, /* %reset_selective REGEX */
	MAGIC_EFFECT_RERUN,           /* %rerun COUNTS */
	MAGIC_EFFECT_MACRO,           /* %macro NAME COUNTS: binds what runs them again */
	MAGIC_EFFECT_ALIAS,           /* %alias_magic NAME MAGIC: from then on lines are magics that nobody knows */
	MAGIC_EFFECT_WRITE,           /* %%writefile FILE */
};

struct magic_rule {
	struct slice name;
	bool cell; /* %%name, else %name */
	enum magic_body body;
	enum magic_effect effect;
	struct slice options; /* of getopt: letters, with a colon when they take a value */
	bool no_expansion;    /* IPython does not replace `{x}` and `$x` in its line */
	bool needs_text;      /* without text it does something else */
	bool no_statement;    /* a cell magic that refuses a statement on its first line */
	bool line_too;        /* a cell magic whose first line is run before the body */
};

/* The rule for a magic, without percent signs, or null. */
const struct magic_rule *python_magic_rule(struct slice name, bool cell);

/* The name of the magic with which a cell of one line begins, unless it assigns to it: `ls -l`, `pip install x`; else
 * an empty slice. IPython takes the line for that magic as long as nothing of the name is bound. */
struct slice python_magic_of_line(struct slice cell);

#endif
