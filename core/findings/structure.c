/* What a cell is made of, and what was saved with it. */
#include "findings/library_calls.h"

void rule_star_import(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->star_count; j++)
			finder_add(finder, CERTAIN, i + 1, names->star_imports[j].line,
			           "Nobody can tell from the file which names `from %.*s import *` brings.",
			           SLICE_FORMAT(names->star_imports[j].module));
	}
}

void rule_syntax_error(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || !effects->module->has_error || effects->module->error.runs_in_ipython)
			continue;
		const struct syntax_error *error = &effects->module->error;
		finder_add(finder, CERTAIN, i + 1, error->line, "Python refuses this: %.*s.", SLICE_FORMAT(error->message));
	}
}

/* Said once, at the first such cell. */
void rule_python_2(struct finder *finder)
{
	size_t first = 0, count = 0;
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || effects->module->dialect != DIALECT_PYTHON2)
			continue;
		first = first ? first : i + 1;
		count++;
	}
	if (count == 1)
		finder_add(finder, CERTAIN, first, 0, "This cell is Python 2, which a kernel of today refuses.");
	else if (count)
		finder_add(finder, CERTAIN, first, 0, "This cell is Python 2, as are %zu more; a kernel of today refuses them.",
		           count - 1);
}

/* A cell that is tagged as one that raises, as nbclient and Jupyter Book know it. */
static bool is_meant_to_raise(struct finder *finder, const struct cell *cell)
{
	struct cell_metadata metadata;
	if (!cell_metadata_load(finder->evidence->notebook, finder->arena, cell, &metadata))
		return false;
	for (size_t i = 0; i < metadata.tag_count; i++)
		if (slice_equal(metadata.tags[i], SLICE("raises-exception")))
			return true;
	return false;
}

void rule_error_output(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct run_error *error = report->cells[i].error;
		if (!error || is_meant_to_raise(finder, finder->evidence->notebook->code[i]))
			continue;
		finder_add(finder, CERTAIN, i + 1, error->line, "The saved result is an error: %.*s.",
		           SLICE_FORMAT(error->ename));
	}
}

void rule_swallowed_error(struct finder *finder)
{
	const struct status_report *report = finder->evidence->status;
	for (size_t i = 0; i < report->error_count; i++) {
		const struct run_all_error *error = &report->errors[i];
		const struct effects *effects = finder->evidence->effects[error->cell - 1];
		if (error->must && status_swallows_errors(effects))
			finder_add(
			    finder, LIKELY, error->cell, error->line,
			    "From the top this raises NameError for `%.*s`, but `%%%%%.*s` keeps that from stopping Run All: "
			    "the cells below run as if this one had worked.",
			    SLICE_FORMAT(symbols_name(finder->evidence->symbols, error->name)), SLICE_FORMAT(effects->cell_magic));
	}
}

void rule_large_output(struct finder *finder)
{
	enum { LARGE = 5 << 20, MEGABYTE = 1 << 20 };
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		if (cell->outputs_size >= LARGE)
			finder_add(finder, CERTAIN, cell->number, 0, "The outputs take %.1f MB of the file.",
			           (double)cell->outputs_size / MEGABYTE);
	}
}

/* Imported for what loading it does: it registers, patches or switches something on. */
static bool works_by_being_imported(const struct library_import *import)
{
	static const struct slice paths[] = {
	    SLICE_CONSTANT("__future__."),
	    SLICE_CONSTANT("mpl_toolkits.mplot3d"),
	    SLICE_CONSTANT("sklearn.experimental."),
	    SLICE_CONSTANT("seaborn"),
	    SLICE_CONSTANT("scienceplots"),
	    SLICE_CONSTANT("readline"),
	    SLICE_CONSTANT("swifter"),
	    SLICE_CONSTANT("antigravity"),
	    SLICE_CONSTANT("this"),
	    SLICE_CONSTANT("tensorflow_text"),
	    SLICE_CONSTANT("jax_finufft"),
	    SLICE_CONSTANT("fix_yahoo_finance"),
	    SLICE_CONSTANT("cufflinks"),
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (slice_starts(import->path, paths[i]))
			return true;
	return import->is_dotted || slice_starts(import->path, SLICE("."));
}

/* Whether something of the notebook may use names that it does not spell. */
static bool may_use_any_name(const struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || (effects->names && effects->names->opaque_count))
			return true;
	}
	return false;
}

/* The names of a cell's unused imports, as one sentence for each line. */
void rule_unused_import(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	if (may_use_any_name(finder))
		return;
	for (size_t i = 0; i < use->import_count; i++) {
		const struct library_import *import = &use->imports[i];
		if (use->is_read[import->name] || works_by_being_imported(import))
			continue;
		finder_add(finder, LIKELY, import->cell, import->line, "`%.*s` is imported, but no cell uses it.",
		           SLICE_FORMAT(symbols_name(finder->evidence->symbols, import->name)));
	}
}
