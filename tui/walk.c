#include "tui/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "notebook/bytes.h"

static bool is_passed_over(struct slice name)
{
	return slice_starts(name, SLICE(".")) || slice_equal(name, SLICE("node_modules"));
}

/* What Python and conda put into an environment of theirs. */
static bool is_environment(struct slice name)
{
	return slice_equal(name, SLICE("pyvenv.cfg")) || slice_equal(name, SLICE("conda-meta"));
}

struct entry {
	struct slice path;
	bool is_folder;
};

struct entries {
	struct entry *items;
	size_t count, capacity;
};

static int compare_entries(const void *left, const void *right)
{
	return slice_compare(((const struct entry *)left)->path, ((const struct entry *)right)->path);
}

/* What this folder holds is named without it. */
static struct slice join(struct arena *arena, struct slice folder, struct slice name)
{
	if (slice_equal(folder, SLICE(".")))
		return slice_copy(arena, name);
	const char *slash = slice_ends(folder, SLICE("/")) ? "" : "/";
	return slice_format(arena, "%.*s%s%.*s", SLICE_FORMAT(folder), slash, SLICE_FORMAT(name));
}

static void add_notebook(struct walk *walk, struct slice path)
{
	size_t before = symbols_count(walk->seen);
	if (symbols_intern(walk->seen, path) <= before)
		return;
	struct found found = {.path = path};
	found.project = projects_find(walk->projects, path, &found.inside);
	if (policy_excludes(walk->arena, &found.project->policy, found.inside))
		walk->excluded++;
	else
		vector_push(walk->arena, &walk->found, found);
}

static void add_failure(struct walk *walk, struct slice path, int error)
{
	struct slice why = slice_format(walk->arena, "cannot be opened: %s", strerror(error));
	struct found found = {.path = path, .failure = {.file = path, .message = why}};
	vector_push(walk->arena, &walk->found, found);
}

/* What of a folder is looked at, sorted by name; none of it where it is an environment. False, with
 * errno, where it can't be read. */
static bool list_folder(struct arena *arena, struct slice path, struct entries *entries)
{
	DIR *directory = opendir(path.bytes);
	if (!directory)
		return false;
	bool is_wanted = true;
	for (struct dirent *entry = readdir(directory); entry && is_wanted; entry = readdir(directory)) {
		struct slice name = slice_of(entry->d_name);
		is_wanted = !is_environment(name);
		/* Where the system says what an entry is, most need no further question. */
		bool is_plain = entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN;
		if (is_passed_over(name) || (is_plain && !slice_ends(name, SLICE(".ipynb"))))
			continue;
		struct slice full = join(arena, path, name);
		struct stat link, target;
		if (lstat(full.bytes, &link) != 0 || stat(full.bytes, &target) != 0)
			continue; /* gone meanwhile, or a link to nothing */
		bool is_notebook = S_ISREG(target.st_mode) && slice_ends(name, SLICE(".ipynb"));
		if (S_ISDIR(link.st_mode) || is_notebook)
			vector_push(arena, entries, ((struct entry){full, S_ISDIR(link.st_mode)}));
	}
	closedir(directory);
	entries->count = is_wanted ? entries->count : 0;
	if (entries->count)
		qsort(entries->items, entries->count, sizeof *entries->items, compare_entries);
	return true;
}

/* Puts what the folder holds on the stack, so that the first by name is taken first. */
static void open_folder(struct walk *walk, struct slice folder, struct entries *stack)
{
	struct slice path = slice_copy(walk->arena, folder);
	struct entries entries = {0};
	if (!list_folder(walk->arena, path, &entries))
		add_failure(walk, path, errno);
	for (size_t i = entries.count; i-- > 0;)
		vector_push(walk->arena, stack, entries.items[i]);
}

void walk_add(struct walk *walk, struct slice path)
{
	struct stat status;
	struct slice name = slice_copy(walk->arena, path);
	if (slice_equal(path, SLICE("-")) || stat(name.bytes, &status) != 0 || !S_ISDIR(status.st_mode)) {
		add_notebook(walk, path);
		return;
	}
	struct entries stack = {0};
	open_folder(walk, path, &stack);
	while (stack.count) {
		struct entry next = stack.items[--stack.count];
		if (!next.is_folder)
			add_notebook(walk, next.path);
		else if (!projects_exclude(walk->projects, next.path))
			open_folder(walk, next.path, &stack);
	}
}

bool walk_add_list(struct walk *walk, struct slice path, bool ends_in_nul, struct failure *failure)
{
	struct slice all;
	if (!bytes_load(walk->arena, path, &all, failure))
		return false;
	char end = ends_in_nul ? '\0' : '\n';
	for (size_t start = 0, stop; start < all.length; start = stop + 1) {
		stop = slice_find(all, end, start);
		struct slice line = slice_part(all, start, stop);
		if (line.length)
			walk_add(walk, line);
	}
	return true;
}
