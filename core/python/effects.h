/* effects.h - everything that one cell's source tells: syntax, program and names.
 *
 * The stage "effects" of the pipeline: bytes -> notebook -> effects -> log.
 *
 * The syntax tree of a source lives only until its effects are made: one scratch
 * arena serves all cells in turn. What stays are the names and the packed program.
 */
#ifndef NBSCOPE_PYTHON_EFFECTS_H
#define NBSCOPE_PYTHON_EFFECTS_H

#include "notebook/notebook.h"
#include "python/names.h"
#include "python/parser.h"

struct effects {
	const struct cell *cell; /* null for a source that is no cell */
	bool is_python;          /* false for another language: then the rest is empty */
	struct slice language;
	struct slice cell_magic; /* of a cell that is one (`time` for %%time), else empty */
	struct module *module;   /* what is to be said of the source; its body is gone */
	struct program *program; /* packed; null where only the names were asked for */
	struct names *names;
};

/* The effects of one source. */
struct effects *effects_of_source(struct arena *arena, struct symbols *symbols, struct slice source,
                                  struct parser_options options);

/* The same without a program: for those who ask for the names and play nothing. */
struct effects *effects_of_source_names(struct arena *arena, struct symbols *symbols, struct slice source,
                                        struct parser_options options);

/* The effects of each code cell: result[n - 1] is those of the cell with number
 * n. A source that occurs twice is analysed once. */
struct effects **effects_of_notebook(struct arena *arena, struct symbols *symbols, const struct notebook *notebook);

/* Whether two sources hold the same code: comments and spacing make no difference. */
bool effects_same_code(const struct effects *a, const struct effects *b);

/* The effects of sources that ran in the notebook's kernel, whether its cells still hold
 * them or not: result[i] is those of sources[i]. `effects` are those of the notebook;
 * what a cell holds is not analysed again. */
struct effects **effects_of_runs(struct arena *arena, struct symbols *symbols, const struct notebook *notebook,
                                 struct effects *const *effects, const struct slice *sources, size_t count);

#endif
