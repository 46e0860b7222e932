#include "findings/declared.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "findings/distributions.h"
#include "notebook/bytes.h"

/* Folders up to the root of a repository, and bytes of a file that is read for names. */
enum { MOST_FOLDERS = 64, MOST_BYTES = 4 << 20 };

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '-' || byte == '_' || byte == '.';
}

/* Adds the name with which a requirement begins: "scikit-learn[extra]>=1.0". */
static void add_name(struct arena *arena, struct declared *declared, struct slice text)
{
	size_t end = 0;
	while (end < text.length && is_name_byte(text.bytes[end]))
		end++;
	if (end > 0)
		vector_push(arena, &declared->names, distribution_name(arena, slice_part(text, 0, end)));
}

/* What follows the last of the bytes in it; all of it when there is none. */
static struct slice behind_last(struct slice text, char byte)
{
	size_t start = text.length;
	while (start > 0 && text.bytes[start - 1] != byte)
		start--;
	return slice_part(text, start, text.length);
}

/* "git+https://host/owner/name.git@main#egg=name": what it is called there. */
static void add_address(struct arena *arena, struct declared *declared, struct slice address)
{
	struct slice name = behind_last(address, '/');
	if (slice_find(address, '=', 0) < address.length)
		add_name(arena, declared, behind_last(address, '='));
	name = slice_part(name, 0, slice_find(name, '@', 0));
	name = slice_part(name, 0, slice_find(name, '#', 0));
	if (slice_ends(name, SLICE(".git")) || slice_ends(name, SLICE(".whl")))
		name = slice_part(name, 0, name.length - 4);
	if (slice_ends(address, SLICE(".whl")))
		name = slice_part(name, 0, slice_find(name, '-', 0));
	add_name(arena, declared, name);
}

static void add_requirement(struct arena *arena, struct declared *declared, struct slice word)
{
	struct slice text = word;
	while (text.length && (text.bytes[0] == '"' || text.bytes[0] == '\''))
		text = slice_part(text, 1, text.length);
	for (size_t i = 0; i + 2 < text.length; i++) {
		if (text.bytes[i] != ':' || text.bytes[i + 1] != '/' || text.bytes[i + 2] != '/')
			continue;
		add_address(arena, declared, text);
		return;
	}
	/* "conda-forge::numpy" */
	if (slice_find(text, ':', 0) < text.length)
		text = behind_last(text, ':');
	add_name(arena, declared, text);
}

void declared_add_words(struct arena *arena, struct declared *declared, struct slice words)
{
	for (struct slice word = slice_next_word(&words); word.length; word = slice_next_word(&words)) {
		if (slice_equal(word, SLICE("-r")) || slice_equal(word, SLICE("--requirement")) ||
		    slice_equal(word, SLICE(".")) || slice_equal(word, SLICE("-e")))
			declared->names_more = true;
		else if (word.bytes[0] != '-')
			add_requirement(arena, declared, word);
	}
}

/* requirements.txt: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
static void read_requirements(struct arena *arena, struct declared *declared, struct slice text)
{
	struct slice line;
	while (slice_next_line(&text, &line)) {
		line = slice_trim(line);
		if (line.length == 0 || line.bytes[0] == '#')
			continue;
		if (slice_starts(line, SLICE("-e ")) || slice_starts(line, SLICE("--editable")))
			add_address(arena, declared, behind_last(line, ' '));
		else if (slice_starts(line, SLICE("-r")) || slice_starts(line, SLICE("--requirement")))
			declared->names_more = true;
		else if (line.bytes[0] != '-')
			add_requirement(arena, declared, slice_next_word(&line));
	}
}

/* environment.yml: items of lists, be they of conda or of pip. */
static void read_environment(struct arena *arena, struct declared *declared, struct slice text)
{
	struct slice line;
	while (slice_next_line(&text, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, SLICE("- ")))
			declared_add_words(arena, declared, slice_part(line, 2, line.length));
	}
}

/* TOML, INI, Python: whatever is quoted, begins a line, or stands before `=`. */
static void read_any(struct arena *arena, struct declared *declared, struct slice text)
{
	struct slice line;
	while (slice_next_line(&text, &line)) {
		line = slice_trim(line);
		if (line.length && line.bytes[0] != '#')
			add_name(arena, declared, line);
		for (size_t i = 0; i < line.length; i++) {
			if (line.bytes[i] != '"' && line.bytes[i] != '\'')
				continue;
			size_t end = slice_find(line, line.bytes[i], i + 1);
			add_requirement(arena, declared, slice_part(line, i + 1, end));
			i = end;
		}
	}
}

enum form { NO_FORM, REQUIREMENTS, ENVIRONMENT, PROJECT };

static enum form form_of(struct slice name)
{
	static const char *const projects[] = {"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", NULL};
	bool yaml = slice_ends(name, SLICE(".yml")) || slice_ends(name, SLICE(".yaml"));
	if (slice_starts(name, SLICE("requirements")) && slice_ends(name, SLICE(".txt")))
		return REQUIREMENTS;
	if (yaml && (slice_starts(name, SLICE("environment")) || slice_starts(name, SLICE("conda"))))
		return ENVIRONMENT;
	return slice_is_one_of(name, projects) ? PROJECT : NO_FORM;
}

/* A project file may be there for other things than to say what is needed. */
static bool declares(enum form form, struct slice text)
{
	if (form == PROJECT)
		return slice_contains(text, SLICE("dependencies")) || slice_contains(text, SLICE("install_requires")) ||
		       slice_contains(text, SLICE("packages]"));
	return form == REQUIREMENTS || slice_contains(text, SLICE("dependencies"));
}

static void read_file(struct arena *arena, struct declared *declared, struct slice folder, struct slice name)
{
	struct slice path = slice_format(arena, "%.*s%.*s", SLICE_FORMAT(folder), SLICE_FORMAT(name));
	enum form form = form_of(name);
	struct stat facts;
	struct failure failure = {0};
	struct slice text;
	if (form == NO_FORM || stat(path.bytes, &facts) != 0 || !S_ISREG(facts.st_mode))
		return;
	if (facts.st_size > MOST_BYTES || !bytes_load(arena, path, &text, &failure)) {
		declared->names_more = true;
		return;
	}
	if (!declares(form, text))
		return;
	vector_push(arena, &declared->files, path);
	if (form == REQUIREMENTS)
		read_requirements(arena, declared, text);
	else if (form == ENVIRONMENT)
		read_environment(arena, declared, text);
	else
		read_any(arena, declared, text);
}

static int by_text(const void *left, const void *right)
{
	return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

static void read_folder(struct arena *arena, struct declared *declared, struct slice folder)
{
	DIR *directory = opendir(folder.length ? folder.bytes : ".");
	if (!directory)
		return;
	VECTOR(struct slice) names = {0};
	for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		if (form_of(slice_of(entry->d_name)) != NO_FORM)
			vector_push(arena, &names, slice_copy(arena, slice_of(entry->d_name)));
	closedir(directory);
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_text);
	for (size_t i = 0; i < names.count; i++)
		read_file(arena, declared, folder, names.items[i]);
}

static bool has(struct arena *arena, struct slice folder, const char *name)
{
	return access(slice_format(arena, "%.*s%s", SLICE_FORMAT(folder), name).bytes, F_OK) == 0;
}

/* The folder of the notebook and those above it, up to the one with the repository. Where there is none, only its own
 * counts: what lies above is not of one piece with it. */
static void find_folders(struct arena *arena, struct declared *declared, struct slice path)
{
	struct slice folder = slice_copy(arena, slice_part(path, 0, path.length - behind_last(path, '/').length));
	struct stat here, above;
	bool found = false;
	for (size_t i = 0; i < MOST_FOLDERS && !found; i++) {
		vector_push(arena, &declared->folders, folder);
		found = has(arena, folder, ".git") || has(arena, folder, ".hg");
		struct slice parent = slice_format(arena, "%.*s../", SLICE_FORMAT(folder));
		if (stat(folder.length ? folder.bytes : ".", &here) != 0 || stat(parent.bytes, &above) != 0 ||
		    (here.st_dev == above.st_dev && here.st_ino == above.st_ino))
			break;
		folder = parent;
	}
	if (!found)
		declared->folders.count = 1;
}

struct declared *declared_of(struct arena *arena, struct slice path)
{
	static const char *const below[] = {"requirements/", "binder/", ".binder/", NULL};
	struct declared *declared = arena_alloc(arena, sizeof *declared);
	if (slice_equal(path, SLICE("-")))
		return declared;
	find_folders(arena, declared, path);
	for (size_t i = 0; i < declared->folders.count; i++) {
		struct slice folder = declared->folders.items[i];
		read_folder(arena, declared, folder);
		/* Files there have any name: that there are some is enough to know that more is declared. */
		for (const char *const *name = below; *name; name++)
			declared->names_more = declared->names_more || has(arena, folder, *name);
	}
	return declared;
}

void declared_finish(struct arena *arena, struct declared *declared)
{
	size_t count = declared->names.count;
	for (size_t i = 0; i < count; i++) {
		struct slice words = distribution_brings(declared->names.items[i]);
		for (struct slice word = slice_next_word(&words); word.length; word = slice_next_word(&words))
			vector_push(arena, &declared->names, word);
	}
	if (declared->names.count)
		qsort(declared->names.items, declared->names.count, sizeof *declared->names.items, by_text);
}

bool declared_has(const struct declared *declared, struct slice names)
{
	for (struct slice word = slice_next_word(&names); word.length; word = slice_next_word(&names))
		if (declared->names.count && bsearch(&word, declared->names.items, declared->names.count, sizeof word, by_text))
			return true;
	return false;
}
