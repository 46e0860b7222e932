#include "tui/projects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/symbol.h"
#include "tui/config.h"
#include "tui/text_file.h"

/* A folder as it is named by somebody, or by its absolute path. */
struct folder {
	struct slice real;
	const struct project *project;
};

struct projects {
	struct arena *arena;
	const struct policy *command;
	struct slice here; /* the folder one is in: an absolute path without links */
	struct symbols *names;
	VECTOR(struct folder) folders; /* by symbol - 1 */
	const struct project *fixed;   /* of --config, for all; else null */
	const struct project *none;    /* of those that belong to no project */
	VECTOR(struct failure) failures;
};

/* --- the files --- */

static void add_command(struct projects *projects, struct project *project)
{
	for (size_t i = 0; i < projects->command->lines.count; i++)
		vector_push(projects->arena, &project->policy.lines, projects->command->lines.items[i]);
}

static void note_failure(struct projects *projects, struct failure failure)
{
	vector_push(projects->arena, &projects->failures, failure);
}

static bool is_within(struct slice path, struct slice folder)
{
	return slice_starts(path, folder) &&
	       (path.length == folder.length || path.bytes[folder.length] == '/' || folder.length == 0);
}

/* What a folder's file is called from the folder one is in: by way of `..` where that is within it. */
static struct slice file_name(const struct projects *projects, struct slice folder)
{
	struct slice here = projects->here;
	struct builder name = {.arena = projects->arena};
	if (is_within(here, folder)) {
		for (size_t at = folder.length; at < here.length; at++)
			if (here.bytes[at] == '/')
				builder_add_string(&name, "../");
	} else {
		builder_add(&name, is_within(folder, here) ? slice_part(folder, here.length + 1, folder.length) : folder);
		builder_add_byte(&name, '/');
	}
	builder_add_string(&name, PROJECT_FILE);
	return builder_slice(&name);
}

static void add_lines(struct projects *projects, struct project *project, struct slice text)
{
	struct slice line;
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_part(text, 3, text.length);
	for (uint64_t number = 1; slice_next_line(&text, &line); number++) {
		struct failure mistake;
		if (!policy_add(projects->arena, &project->policy, line, POLICY_OF_PROJECT, project->file, number, &mistake))
			note_failure(projects, mistake);
	}
}

static const struct project *read_project(struct projects *projects, struct slice folder, struct slice path,
                                          struct slice name)
{
	struct project *project = arena_alloc(projects->arena, sizeof *project);
	*project = (struct project){.folder = folder, .file = name};
	struct arena *scratch = arena_child(projects->arena);
	struct slice text;
	int error = text_file_read(scratch, path, &text);
	if (error) {
		struct slice why = slice_format(projects->arena, "cannot be read: %s", strerror(error));
		note_failure(projects, (struct failure){.file = name, .message = why});
	} else {
		add_lines(projects, project, slice_copy(projects->arena, text));
	}
	arena_free(scratch);
	add_command(projects, project);
	return project;
}

struct user_lines {
	struct projects *projects;
	struct project *project;
};

/* The user's configuration is the inspector's too, which sees to the other lines of it. */
static void add_user_line(void *context, struct slice file, size_t number, struct slice line)
{
	struct user_lines *user = context;
	struct arena *arena = user->projects->arena;
	struct failure failure;
	if (policy_knows(line) && !policy_add(arena, &user->project->policy, slice_copy(arena, line), POLICY_OF_USER,
	                                      slice_copy(arena, file), number, &failure))
		note_failure(user->projects, failure);
}

static const struct project *project_of_user(struct projects *projects)
{
	struct project *project = arena_alloc(projects->arena, sizeof *project);
	project->folder = projects->here;
	struct user_lines user = {projects, project};
	struct slice place = config_place(projects->arena);
	int error = place.length ? config_each_line(projects->arena, place, add_user_line, &user) : 0;
	if (error && error != ENOENT && error != ENOTDIR)
		note_failure(projects, (struct failure){.file = place, .message = slice_of(strerror(error))});
	add_command(projects, project);
	return project;
}

struct projects *projects_new(struct arena *arena, const struct policy *command, struct slice config)
{
	struct projects *projects = arena_alloc(arena, sizeof *projects);
	projects->arena = arena;
	projects->command = command;
	projects->names = symbols_new(arena);
	char *here = realpath(".", NULL);
	projects->here = slice_copy(arena, here && here[1] ? slice_of(here) : SLICE(""));
	free(here);
	if (config.length)
		projects->fixed = read_project(projects, projects->here, config, config);
	return projects;
}

/* --- which counts for a folder --- */

static bool has_entry(struct arena *arena, struct slice folder, const char *name, bool is_file)
{
	struct slice path = slice_format(arena, "%.*s/%s", SLICE_FORMAT(folder), name);
	struct stat status;
	return stat(path.bytes, &status) == 0 && (!is_file || S_ISREG(status.st_mode));
}

/* The folder whose file counts for what is in `folder`; empty when there is none. The topmost of
 * all is called "" here. */
static bool find_project(struct projects *projects, struct slice folder, struct slice *found)
{
	struct arena *scratch = arena_child(projects->arena);
	bool has_found = false, is_repository = false;
	for (struct slice level = folder;; level.length--) {
		if (!has_found && has_entry(scratch, level, PROJECT_FILE, true)) {
			*found = level;
			has_found = true;
		}
		is_repository = has_entry(scratch, level, ".git", false);
		if (is_repository || level.length == 0)
			break;
		while (level.bytes[level.length - 1] != '/')
			level.length--;
	}
	arena_free(scratch);
	return has_found && (is_repository || is_within(*found, projects->here));
}

static struct folder *folder_at(struct projects *projects, struct slice name)
{
	symbol which = symbols_intern(projects->names, name);
	while (projects->folders.count < which)
		vector_push(projects->arena, &projects->folders, (struct folder){0});
	return &projects->folders.items[which - 1];
}

static const struct project *project_at(struct projects *projects, struct slice real)
{
	struct slice level;
	if (find_project(projects, real, &level)) {
		/* By its own name, so that the file is read once for all below it. */
		struct slice path = slice_format(projects->arena, "%.*s/%s", SLICE_FORMAT(level), PROJECT_FILE);
		struct folder *owner = folder_at(projects, path);
		if (!owner->project)
			owner->project =
			    read_project(projects, slice_copy(projects->arena, level), path, file_name(projects, level));
		return owner->project;
	}
	if (!projects->none)
		projects->none = project_of_user(projects);
	return projects->none;
}

/* The absolute path of a folder, without links, and without the slash of the topmost one. */
static struct slice real_path(struct projects *projects, struct slice folder)
{
	struct arena *scratch = arena_child(projects->arena);
	char *path = realpath(slice_copy(scratch, folder).bytes, NULL);
	arena_free(scratch);
	if (!path)
		return projects->here;
	struct slice real = slice_copy(projects->arena, slice_of(path));
	free(path);
	return real.length == 1 ? SLICE("") : real;
}

const struct project *projects_find(struct projects *projects, struct slice path, struct slice *inside)
{
	while (path.length > 1 && slice_ends(path, SLICE("/")))
		path.length--;
	size_t cut = path.length;
	while (cut > 0 && path.bytes[cut - 1] != '/')
		cut--;
	struct slice folder = cut == 0 ? SLICE(".") : slice_part(path, 0, cut), name = slice_part(path, cut, path.length);
	struct folder *known = folder_at(projects, folder);
	if (!known->project) {
		struct slice real = real_path(projects, folder);
		const struct project *project = projects->fixed ? projects->fixed : project_at(projects, real);
		*folder_at(projects, folder) = (struct folder){real, project};
		known = folder_at(projects, folder);
	}
	const struct project *project = known->project;
	struct slice below = SLICE("");
	if (is_within(known->real, project->folder) && known->real.length > project->folder.length)
		below = slice_part(known->real, project->folder.length + 1, known->real.length);
	bool is_folder_itself = slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."));
	*inside = is_folder_itself ? below
	          : below.length   ? slice_format(projects->arena, "%.*s/%.*s", SLICE_FORMAT(below), SLICE_FORMAT(name))
	                           : name;
	return project;
}

bool projects_exclude(struct projects *projects, struct slice path)
{
	struct slice inside;
	const struct project *project = projects_find(projects, path, &inside);
	return policy_excludes(projects->arena, &project->policy, inside);
}

const struct failure *projects_failure(const struct projects *projects, size_t index)
{
	return index < projects->failures.count ? &projects->failures.items[index] : NULL;
}
