/* What saved outputs prove of the runs: which kernel they were of, that a source is
 * the one that ran, that it was edited since, and which cell ran where only a count is
 * left. */
#include <stdlib.h>

#include "history/evidence.h"
#include "history/log_parts.h"

const struct evidence *evidence_of_notebook(struct arena *arena, const struct notebook *notebook)
{
	struct evidence *evidence = arena_array(arena, notebook->code_count, sizeof *evidence);
	for (size_t i = 0; i < notebook->code_count; i++) {
		arena_step(arena, "reading the outputs", i, notebook->code_count);
		if (notebook->code[i]->execution_count != NO_COUNT)
			evidence_of_cell(arena, notebook, notebook->code[i], &evidence[i]);
	}
	return evidence;
}

/* The source of a cell by its fingerprint. */
struct known_source {
	uint32_t fingerprint;
	size_t cell; /* number */
};

struct prover {
	struct arena *arena, *scratch;
	const struct notebook *notebook;
	struct effects *const *effects;
	struct log *log;
	const struct evidence *evidence; /* by cell */
	struct known_source *sources;    /* by fingerprint */
	size_t source_count;
	size_t *run_of_cell; /* index + 1 of the last run of each cell */
	size_t *first_run;   /* of each session, by number - 1; and behind the last */
};

static int compare_sources(const void *left, const void *right)
{
	const struct known_source *a = left, *b = right;
	if (a->fingerprint != b->fingerprint)
		return a->fingerprint < b->fingerprint ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

/* The source under the magic of a cell such as `%%time`, which runs as a source of its own. */
static struct slice body_of(struct slice source)
{
	struct slice line;
	if (slice_starts(source, SLICE("%%")))
		slice_next_line(&source, &line);
	return source;
}

static void index_sources(struct prover *prover)
{
	size_t count = prover->notebook->code_count;
	prover->sources = arena_array(prover->scratch, 2 * count, sizeof *prover->sources);
	for (size_t number = 1; number <= count; number++) {
		struct slice source = prover->notebook->code[number - 1]->source, body = body_of(source);
		prover->sources[prover->source_count++] = (struct known_source){fingerprint_ipykernel(source), number};
		if (body.length < source.length)
			prover->sources[prover->source_count++] = (struct known_source){fingerprint_ipykernel(body), number};
	}
	qsort(prover->sources, prover->source_count, sizeof *prover->sources, compare_sources);
}

static void index_runs(struct prover *prover)
{
	const struct log *log = prover->log;
	prover->run_of_cell = arena_array(prover->scratch, prover->notebook->code_count + 1, sizeof *prover->run_of_cell);
	prover->first_run = arena_array(prover->scratch, (size_t)log->session_count + 1, sizeof *prover->first_run);
	prover->first_run[log->session_count] = log->run_count;
	for (size_t i = log->run_count; i-- > 0;) {
		prover->first_run[log->runs[i].session - 1] = i;
		if (log->runs[i].link == LINK_LAST_RUN)
			prover->run_of_cell[log->runs[i].cell] = i + 1;
	}
}

/* The run of the session that holds the count, lost ones too; null if there is none. */
static struct run *run_with_count(const struct prover *prover, unsigned session, int64_t count)
{
	size_t low = prover->first_run[session - 1], high = prover->first_run[session];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct run *run = &prover->log->runs[middle];
		int64_t last = run->origin == RUN_LOST ? run->count + run->lost_count - 1 : run->count;
		if (last < count)
			low = middle + 1;
		else
			high = middle;
	}
	struct run *run = low < prover->first_run[session] ? &prover->log->runs[low] : NULL;
	return run && run->count <= count ? run : NULL;
}

static void prove(struct run *run)
{
	if (run->known == KNOWN_ASSUMED)
		run->known = KNOWN_PROVED;
	run->edited = false;
}

/* The hash of what ran is not that of the source, which says nothing of what changed. */
static void note_other_hash(struct run *run)
{
	if (run->known != KNOWN_ASSUMED || run->edited)
		return;
	run->edited = run->edited_unseen = true;
}

/* A frame that names its source by a hash. */
static void weigh_hash(struct prover *prover, struct run *reader, const struct source_name *name)
{
	size_t low = 0, high = prover->source_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (prover->sources[middle].fingerprint < name->ipykernel)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_own = false, is_other = false;
	for (; low < prover->source_count && prover->sources[low].fingerprint == name->ipykernel; low++) {
		size_t at = prover->run_of_cell[prover->sources[low].cell];
		struct run *run = at ? &prover->log->runs[at - 1] : NULL;
		is_own = is_own || run == reader;
		is_other = true;
		if (run && run->session == reader->session && run->count <= reader->count)
			prove(run);
	}
	if (name->is_module && !is_own && !is_other)
		note_other_hash(reader);
}

/* A frame that names its source by its count and a hash that only some sources have. */
static void weigh_count(struct prover *prover, const struct run *reader, const struct source_name *name)
{
	char digits[FINGERPRINT_IPYTHON_DIGITS];
	struct run *run = run_with_count(prover, reader->session, name->count);
	if (!run || run->link != LINK_LAST_RUN)
		return;
	fingerprint_ipython(prover->notebook->code[run->cell - 1]->source, digits);
	if (slice_equal((struct slice){digits, sizeof digits}, (struct slice){name->ipython, sizeof name->ipython}))
		prove(run);
}

static void weigh_quote(struct prover *prover, const struct run *reader, const struct quote *quote)
{
	struct run *run = run_with_count(prover, reader->session, quote->count);
	if (run && run->link == LINK_LAST_RUN && run->known == KNOWN_ASSUMED &&
	    quote_agreement(prover->notebook->code[run->cell - 1]->source, quote) == QUOTE_DIFFERS) {
		run->edited = true;
		run->edited_unseen = false;
	}
}

/* Sessions of which several kernels are told keep none: the log knows no better. */
static void note_kernel(struct prover *prover, const struct run *reader, int64_t pid)
{
	struct session *session = &prover->log->sessions[reader->session - 1];
	if (session->pid == 0)
		session->pid = pid;
	else if (session->pid != pid)
		session->pid = -1;
}

/* Deepnote stores the hash of what ran. */
static void weigh_stored_hash(struct prover *prover, struct run *run)
{
	const struct cell *cell = prover->notebook->code[run->cell - 1];
	struct cell_metadata metadata = {0};
	run_times(prover->scratch, prover->notebook, cell, &metadata);
	if (metadata.source_hash.length == 0)
		return;
	struct slice hash = slice_format(prover->scratch, "%x", fingerprint_deepnote(cell->source));
	if (slice_equal(hash, metadata.source_hash))
		prove(run);
	else
		note_other_hash(run);
}

static void weigh_evidence(struct prover *prover, struct run *reader)
{
	weigh_stored_hash(prover, reader);
	const struct evidence *evidence = &prover->evidence[reader->cell - 1];
	for (size_t i = 0; i < evidence->quotes.count; i++)
		weigh_quote(prover, reader, &evidence->quotes.items[i]);
	for (size_t i = 0; i < evidence->names.count; i++) {
		const struct source_name *name = &evidence->names.items[i];
		if (name->pid)
			note_kernel(prover, reader, name->pid);
		if (name->has_ipykernel)
			weigh_hash(prover, reader, name);
		else if (name->has_ipython)
			weigh_count(prover, reader, name);
	}
}

void log_weigh_evidence(struct arena *arena, const struct notebook *notebook, struct effects *const *effects,
                        const struct evidence *evidence, struct log *log)
{
	struct prover prover = {.arena = arena, .notebook = notebook, .effects = effects, .log = log, .evidence = evidence};
	prover.scratch = arena_child(arena);
	index_sources(&prover);
	index_runs(&prover);
	for (size_t i = 0; i < log->run_count; i++)
		if (log->runs[i].link == LINK_LAST_RUN && effects[log->runs[i].cell - 1]->is_python)
			weigh_evidence(&prover, &log->runs[i]);
	for (unsigned i = 0; i < log->session_count; i++)
		if (log->sessions[i].pid < 0)
			log->sessions[i].pid = 0;
	arena_free(prover.scratch);
}
