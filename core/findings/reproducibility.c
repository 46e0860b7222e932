/* What keeps another machine, or tomorrow, from giving the same. */
#include <errno.h>
#include <unistd.h>

#include "findings/install_lines.h"
#include "findings/library_calls.h"
#include "python/highlight.h"

/* Folders that every machine of a kind has. */
static bool is_common_place(struct slice path)
{
	static const struct slice places[] = {
	    SLICE_CONSTANT("/dev/"),       SLICE_CONSTANT("/proc/"),        SLICE_CONSTANT("/sys/"),
	    SLICE_CONSTANT("/tmp/"),       SLICE_CONSTANT("/etc/"),         SLICE_CONSTANT("/usr/"),
	    SLICE_CONSTANT("/bin/"),       SLICE_CONSTANT("/opt/"),         SLICE_CONSTANT("/var/"),
	    SLICE_CONSTANT("/content/"),   SLICE_CONSTANT("/kaggle/"),      SLICE_CONSTANT("/dbfs/"),
	    SLICE_CONSTANT("/workspace/"), SLICE_CONSTANT("/home/jovyan/"), SLICE_CONSTANT("/mnt/"),
	    SLICE_CONSTANT("/data/"),
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (slice_starts(path, places[i]))
			return true;
	return false;
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* "/home/ada/x", "~ada/x", "C:\x", "\\server\x"; not "/", not a URL. */
static bool is_of_one_machine(struct slice path)
{
	if (slice_starts(path, SLICE("\\\\")))
		return true;
	if (path.length > 3 && is_letter(path.bytes[0]) && path.bytes[1] == ':' &&
	    (path.bytes[2] == '\\' || path.bytes[2] == '/'))
		return true;
	return path.length > 1 && path.bytes[0] == '/' && slice_find(path, '/', 1) < path.length && !is_common_place(path);
}

/* The first line of the source on which the text stands, or 0. */
static uint32_t find_line(struct slice source, struct slice text)
{
	for (size_t i = 0; text.length && i + text.length <= source.length; i++)
		if (source.bytes[i] == text.bytes[0] && slice_starts(slice_part(source, i, source.length), text))
			return finder_line(source, i);
	return 0;
}

static void report_paths(struct finder *finder, const struct cell *cell, const struct slice *paths, size_t count,
                         const char *verb)
{
	for (size_t i = 0; i < count; i++)
		if (is_of_one_machine(paths[i]))
			finder_add(finder, CERTAIN, cell->number, find_line(cell->source, paths[i]),
			           "`%.*s` is %s by a path that only some machines have.", SLICE_FORMAT(paths[i]), verb);
}

void rule_absolute_path(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		const struct names *names = finder->evidence->effects[i]->names;
		if (!names)
			continue;
		report_paths(finder, cell, names->files_read, names->files_read_count, "read");
		report_paths(finder, cell, names->files_written, names->files_written_count, "written");
	}
}

/* The last cell that writes each path, and the first that does, by path. */
struct writer {
	struct slice path;
	size_t first;
};

struct writers {
	struct writer *items;
	size_t count, capacity;
};

static const struct writer *find_writer(const struct writers *writers, struct slice path)
{
	for (size_t i = 0; i < writers->count; i++)
		if (slice_equal(writers->items[i].path, path))
			return &writers->items[i];
	return NULL;
}

void rule_file_order(struct finder *finder)
{
	/* A notebook writes few files, and literal paths are fewer still. */
	enum { MOST = 1000 };
	struct writers writers = {0};
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->files_written_count && writers.count < MOST; j++)
			if (!find_writer(&writers, names->files_written[j]))
				vector_push(finder->arena, &writers, ((struct writer){names->files_written[j], i + 1}));
	}
	for (size_t i = 0; writers.count && i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		const struct names *names = finder->evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->files_needed_count; j++) {
			const struct writer *writer = find_writer(&writers, names->files_needed[j]);
			if (writer && writer->first > cell->number)
				finder_add(finder, LIKELY, cell->number, find_line(cell->source, writer->path),
				           "`%.*s` is read here, but only cell %zu, further down, writes it.",
				           SLICE_FORMAT(writer->path), writer->first);
		}
	}
}

void rule_install(struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct cell *cell = finder->evidence->notebook->code[i];
		if (!finder->evidence->effects[i]->is_python || !may_install(cell->source))
			continue;
		struct arena_mark mark = arena_mark(finder->arena);
		size_t count;
		struct token_span *tokens = python_highlight(finder->arena, cell->source, true, &count);
		uint32_t line = 0;
		for (size_t j = 0; j < count && !line; j++)
			if (tokens[j].class == TOKEN_MAGIC &&
			    line_installs(slice_part(cell->source, tokens[j].span.start, tokens[j].span.end)))
				line = finder_line(cell->source, tokens[j].span.start);
		arena_release(finder->arena, mark);
		if (line)
			finder_add(finder, CERTAIN, cell->number, line, "Packages are installed here while the notebook runs.");
	}
}

/* Whether the word begins the dotted name. */
static bool is_within(struct slice path, const char *package)
{
	struct slice name = slice_of(package);
	return slice_starts(path, name) && (path.length == name.length || path.bytes[name.length] == '.');
}

/* A magic or shell line that may make files, or go to another folder. */
static bool may_make_files(struct slice line)
{
	static const char *const harmless[] = {"%matplotlib",  "%time",   "%timeit",    "%load_ext",   "%autoreload",
	                                       "%config",      "%%time",  "%%timeit",   "%%capture",   "%%html",
	                                       "%%javascript", "%%latex", "%%markdown", "%%writefile", "%%file",
	                                       "%reload_ext",  "%pylab",  "%precision", "%who",        "%whos",
	                                       "%pwd",         "%reset",  "%watermark", NULL};
	struct slice rest = line;
	return !line_installs(line) && !slice_is_one_of(slice_next_word(&rest), harmless);
}

static bool has_magic_that_makes_files(struct finder *finder, const struct cell *cell)
{
	struct arena_mark mark = arena_mark(finder->arena);
	size_t count;
	struct token_span *tokens = python_highlight(finder->arena, cell->source, true, &count);
	bool found = false;
	for (size_t i = 0; i < count && !found; i++)
		found = tokens[i].class == TOKEN_MAGIC &&
		        may_make_files(slice_part(cell->source, tokens[i].span.start, tokens[i].span.end));
	arena_release(finder->arena, mark);
	return found;
}

/* A method that writes a file, whatever it is called on. */
static bool is_writing(struct slice method)
{
	static const char *const starts[] = {"to_",      "write",  "save",        "dump",     "extract",
	                                     "download", "copy2",  "urlretrieve", "retrieve", "get_file",
	                                     "imwrite",  "imsave", NULL};
	static const char *const others[] = {
	    "to_numpy",  "to_list",      "to_dict",   "to_datetime", "to_numeric", "to_frame",  "to_timedelta",
	    "to_period", "to_timestamp", "to_string", "to_pandas",   "to_records", "to_device", NULL};
	for (const char *const *start = starts; *start; start++)
		if (slice_starts(method, slice_of(*start)))
			return !slice_is_one_of(method, others);
	return false;
}

/* How often a cell and its functions may write a file. */
static size_t count_writing(struct finder *finder, const struct program *cell)
{
	struct arena *scratch = arena_child(finder->arena);
	VECTOR(const struct program *) waiting = {0};
	size_t count = 0;
	vector_push(scratch, &waiting, cell);
	while (waiting.count) {
		const struct program *program = waiting.items[--waiting.count];
		struct program_events events = program_open(scratch, program);
		for (uint32_t i = 0; i < program->event_count; i++)
			count += events.items[i].kind == EVENT_ATTRIBUTE &&
			         is_writing(symbols_name(finder->evidence->symbols, events.items[i].name));
		for (uint32_t i = 0; i < program->child_count; i++)
			vector_push(scratch, &waiting, program->children[i]);
	}
	arena_free(scratch);
	return count;
}

/* Whether something of the notebook may bring files that no path in it tells of. */
static bool may_bring_files(struct finder *finder)
{
	static const char *const packages[] = {
	    "urllib",       "urllib2",         "requests", "wget",   "gdown",      "kaggle",    "zipfile",
	    "tarfile",      "shutil",          "boto3",    "ftplib", "subprocess", "google",    "patoolib",
	    "opendatasets", "huggingface_hub", "httpx",    "git",    "pooch",      "papermill", NULL};
	static const char *const calls[] = {"os.chdir", "os.system", "os.popen", "os.rename", "os.symlink", NULL};
	const struct library_use *use = library_use(finder);
	for (size_t i = 0; i < use->import_count; i++)
		for (const char *const *package = packages; *package; package++)
			if (is_within(use->imports[i].path, *package))
				return true;
	for (size_t i = 0; i < use->call_count; i++)
		if (slice_is_one_of(use->calls[i].path, calls))
			return true;
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct effects *effects = finder->evidence->effects[i];
		if (!effects->is_python || (effects->names && effects->names->opaque_count) ||
		    has_magic_that_makes_files(finder, finder->evidence->notebook->code[i]))
			return true;
		/* More is written than is spelled out. */
		if (effects->names && count_writing(finder, effects->program) > effects->names->files_written_count)
			return true;
	}
	return false;
}

/* "data/houses.csv": from the folder of the notebook, and surely the name of a file. */
static bool is_relative_file(struct slice path)
{
	size_t dot = path.length;
	while (dot > 0 && path.length - dot < 8 && path.bytes[dot - 1] != '.' && path.bytes[dot - 1] != '/')
		dot--;
	if (dot < 2 || dot == path.length || path.bytes[dot - 1] != '.' || path.bytes[0] == '/' || path.bytes[0] == '~')
		return false;
	for (size_t i = 0; i < path.length; i++)
		if (path.bytes[i] < ' ' || slice_find(SLICE(":*?{}<>|$%\\\"'"), path.bytes[i], 0) < 13)
			return false;
	return true;
}

/* Whether nothing has the path, seen from the folder of the notebook. */
static bool is_missing(struct finder *finder, struct slice path)
{
	struct slice notebook = finder->evidence->notebook->path;
	size_t folder = notebook.length;
	while (folder > 0 && notebook.bytes[folder - 1] != '/')
		folder--;
	struct slice whole =
	    slice_format(finder->arena, "%.*s%.*s%c", SLICE_FORMAT(slice_part(notebook, 0, folder)), SLICE_FORMAT(path), 0);
	return access(whole.bytes, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool reads_files(const struct finder *finder)
{
	for (size_t i = 0; i < finder->evidence->notebook->code_count; i++) {
		const struct names *names = finder->evidence->effects[i]->names;
		if (names && names->files_needed_count)
			return true;
	}
	return false;
}

/* Said where a path is read first. */
void rule_missing_file(struct finder *finder)
{
	const struct evidence *evidence = finder->evidence;
	if (slice_equal(evidence->notebook->path, SLICE("-")) || !reads_files(finder) || may_bring_files(finder))
		return;
	struct writers known = {0}; /* paths that were written, or spoken of */
	enum { MOST = 1000 };
	for (size_t i = 0; i < evidence->notebook->code_count; i++) {
		const struct names *names = evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->files_written_count && known.count < MOST; j++)
			vector_push(finder->arena, &known, ((struct writer){names->files_written[j], i + 1}));
	}
	for (size_t i = 0; i < evidence->notebook->code_count; i++) {
		const struct names *names = evidence->effects[i]->names;
		for (size_t j = 0; names && j < names->files_needed_count && known.count < MOST; j++) {
			struct slice path = names->files_needed[j];
			if (!is_relative_file(path) || find_writer(&known, path) || !is_missing(finder, path))
				continue;
			vector_push(finder->arena, &known, ((struct writer){path, i + 1}));
			finder_add(finder, LIKELY, i + 1, find_line(evidence->notebook->code[i]->source, path),
			           "`%.*s` is read here, but no such file stands beside the notebook, and no cell writes it.",
			           SLICE_FORMAT(path));
		}
	}
}

/* A generator of random numbers that is shared by everything in the kernel. */
struct generator {
	const char *name;
	struct slice draws;    /* functions whose dotted names begin so, */
	struct slice seeds[4]; /* unless one of these was called before */
};

static const struct generator generators[] = {
    {"numpy.random",
     SLICE_CONSTANT("numpy.random."),
     {SLICE_CONSTANT("numpy.random.seed"), SLICE_CONSTANT("numpy.random.set_state")}},
    {"random", SLICE_CONSTANT("random."), {SLICE_CONSTANT("random.seed"), SLICE_CONSTANT("random.setstate")}},
    {"torch",
     SLICE_CONSTANT("torch.rand"),
     {SLICE_CONSTANT("torch.manual_seed"), SLICE_CONSTANT("torch.random.manual_seed"),
      SLICE_CONSTANT("pytorch_lightning.seed_everything"), SLICE_CONSTANT("lightning.seed_everything")}},
    {"tensorflow",
     SLICE_CONSTANT("tensorflow.random."),
     {SLICE_CONSTANT("tensorflow.random.set_seed"), SLICE_CONSTANT("tensorflow.set_random_seed"),
      SLICE_CONSTANT("tensorflow.keras.utils.set_random_seed"), SLICE_CONSTANT("keras.utils.set_random_seed")}},
};

/* What those modules hold that draws nothing, or has a seed of its own. */
static bool draws_nothing(struct slice path)
{
	static const char *const names[] = {"seed",        "set_state",   "get_state",     "setstate",      "getstate",
	                                    "default_rng", "RandomState", "Generator",     "SeedSequence",  "PCG64",
	                                    "MT19937",     "Philox",      "SFC64",         "Random",        "SystemRandom",
	                                    "set_seed",    "manual_seed", "get_rng_state", "set_rng_state", NULL};
	size_t dot = path.length;
	while (dot > 0 && path.bytes[dot - 1] != '.')
		dot--;
	return slice_is_one_of(slice_part(path, dot, path.length), names) ||
	       slice_starts(path, SLICE("tensorflow.random.Generator"));
}

static bool is_seed(const struct generator *generator, struct slice path)
{
	for (size_t i = 0; i < 4; i++)
		if (generator->seeds[i].length && slice_equal(path, generator->seeds[i]))
			return true;
	return false;
}

static bool is_seeded(const struct library_use *use, const struct generator *generator)
{
	for (size_t i = 0; i < use->call_count; i++)
		if (is_seed(generator, use->calls[i].path))
			return true;
	/* These seed all of them. */
	for (size_t i = 0; i < use->call_count; i++)
		if (slice_ends(use->calls[i].path, SLICE(".seed_everything")) ||
		    slice_equal(use->calls[i].path, SLICE("transformers.set_seed")) ||
		    slice_equal(use->calls[i].path, SLICE("fastai.torch_core.set_seed")))
			return true;
	return false;
}

/* Said once for each generator, at its first draw. */
void rule_unseeded_random(struct finder *finder)
{
	const struct library_use *use = library_use(finder);
	for (size_t g = 0; g < sizeof generators / sizeof *generators; g++) {
		const struct generator *generator = &generators[g];
		if (is_seeded(use, generator))
			continue;
		for (size_t i = 0; i < use->call_count; i++) {
			const struct library_call *call = &use->calls[i];
			if (!slice_starts(call->path, generator->draws) || draws_nothing(call->path))
				continue;
			finder_add(finder, LIKELY, call->cell, call->line,
			           "`%.*s` draws random numbers, and nothing in the notebook seeds them.",
			           SLICE_FORMAT(call->path));
			break;
		}
	}
}
