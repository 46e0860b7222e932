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

struct found {
	struct slice path;
	bool is_folder;
};

struct found_list {
	struct found *items;
	size_t count, capacity;
};

static int compare_found(const void *left, const void *right)
{
	return slice_compare(((const struct found *)left)->path, ((const struct found *)right)->path);
}

/* What this folder holds is named without it. */
static struct slice join(struct arena *arena, struct slice folder, struct slice name)
{
	if (slice_equal(folder, SLICE(".")))
		return slice_copy(arena, name);
	const char *slash = slice_ends(folder, SLICE("/")) ? "" : "/";
	return slice_format(arena, "%.*s%s%.*s", SLICE_FORMAT(folder), slash, SLICE_FORMAT(name));
}

/* Puts what the folder holds on the stack, so that the first by name is taken first. */
static bool open_folder(struct walk *walk, struct slice folder, struct found_list *stack, struct failure *failure)
{
	struct slice path = slice_copy(walk->arena, folder);
	DIR *directory = opendir(path.bytes);
	if (!directory) {
		struct slice why = slice_format(walk->arena, "cannot be opened: %s", strerror(errno));
		*failure = (struct failure){.file = path, .message = why};
		return false;
	}
	struct found_list found = {0};
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
		struct slice name = slice_of(entry->d_name);
		if (is_passed_over(name))
			continue;
		struct slice full = join(walk->arena, path, name);
		struct stat link, target;
		if (lstat(full.bytes, &link) != 0 || stat(full.bytes, &target) != 0)
			continue; /* gone meanwhile, or a link to nothing */
		bool is_notebook = S_ISREG(target.st_mode) && slice_ends(name, SLICE(".ipynb"));
		if (S_ISDIR(link.st_mode) || is_notebook)
			vector_push(walk->arena, &found, ((struct found){full, S_ISDIR(link.st_mode)}));
	}
	closedir(directory);
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items, compare_found);
	for (size_t i = found.count; i-- > 0;)
		vector_push(walk->arena, stack, found.items[i]);
	return true;
}

bool walk_add(struct walk *walk, struct slice path, struct failure *failure)
{
	struct stat status;
	struct slice name = slice_copy(walk->arena, path);
	if (slice_equal(path, SLICE("-")) || stat(name.bytes, &status) != 0 || !S_ISDIR(status.st_mode)) {
		vector_push(walk->arena, &walk->files, path);
		return true;
	}
	struct found_list stack = {0};
	if (!open_folder(walk, path, &stack, failure))
		return false;
	while (stack.count) {
		struct found next = stack.items[--stack.count];
		if (!next.is_folder)
			vector_push(walk->arena, &walk->files, next.path);
		else if (!open_folder(walk, next.path, &stack, failure))
			return false;
	}
	return true;
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
		if (line.length && !walk_add(walk, line, failure))
			return false;
	}
	return true;
}
