/* Notebooks as files, pipes and standard input, and files that change. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/notebooks.h"

static const char notebook_text[] =
    "{\"nbformat\": 4, \"metadata\": {}, \"cells\": [{\"cell_type\": \"code\", \"source\": \"x\", \"metadata\": "
    "{\"tags\": [\"t\"]}, \"outputs\": [{\"output_type\": \"stream\", \"text\": \"hello\"}]}]}\n";

static char folder[] = "/tmp/nbscope-test-XXXXXX";

static int make_folder(void **state)
{
	return setup(state) || !mkdtemp(folder);
}

static int remove_folder(void **state)
{
	return rmdir(folder) || teardown(state);
}

static struct slice path_of(const char *name)
{
	return slice_format(arena, "%s/%s", folder, name);
}

static void write_file(struct slice path, const char *text)
{
	FILE *file = fopen(path.bytes, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct slice failure_of(struct slice path)
{
	struct failure failure = {0};
	assert_null(notebook_open(arena, path, &failure));
	assert_true(slice_equal(failure.file, path));
	return failure.message;
}

static void files_are_read(void **state)
{
	(void)state;
	struct slice path = path_of("a.ipynb");
	struct failure failure;
	write_file(path, notebook_text);
	struct notebook *notebook = notebook_open(arena, path, &failure);
	assert_non_null(notebook);
	assert_true(slice_equal(notebook->path, path));
	assert_int_equal(notebook->size, strlen(notebook_text));
	assert_slice(load(notebook, 0, 0).text, "hello");
	notebook_close(notebook);
	/* What was decoded stays; what is in the file can no longer be read. */
	struct output_content content;
	struct cell_metadata metadata;
	assert_slice(notebook->cells[0].source, "x");
	assert_false(output_load(notebook, arena, &notebook->cells[0].outputs[0], &content));
	assert_false(cell_metadata_load(notebook, arena, &notebook->cells[0], &metadata));
	notebook_close(notebook);
	notebook_close(NULL);
	unlink(path.bytes);
}

static void what_cannot_be_opened_is_told(void **state)
{
	(void)state;
	assert_slice(failure_of(path_of("none.ipynb")), "cannot be opened: No such file or directory");
	assert_slice(failure_of(slice_of(folder)), "cannot be opened: Is a directory");
	assert_slice(failure_of(SLICE("")), "cannot be opened: No such file or directory");
	assert_slice(failure_of(SLICE("/tmp\0x")), "cannot be opened: No such file or directory");
}

static void a_save_in_progress_is_told(void **state)
{
	(void)state;
	struct slice path = path_of("a.ipynb"), former = path_of(".~a.ipynb");
	write_file(path, "{\"nbformat\": 4, \"cells\": [");
	assert_slice(failure_of(path), "the file is cut short: it ends before the notebook does");
	write_file(former, notebook_text);
	assert_true(slice_starts(failure_of(path), SLICE("the file is cut short: a save is in progress, so try again")));
	write_file(path, "");
	assert_true(slice_starts(failure_of(path), SLICE("the file is empty: a save is in progress, so try again")));
	/* Not every mistake is a save. */
	write_file(path, "{,}");
	assert_slice(failure_of(path), "expected a key in double quotes, found ','");
	unlink(path.bytes);
	unlink(former.bytes);
}

static void a_change_is_noticed(void **state)
{
	(void)state;
	struct slice path = path_of("a.ipynb");
	struct failure failure;
	struct output_content content;
	struct cell_metadata metadata;
	write_file(path, notebook_text);
	struct notebook *notebook = notebook_open(arena, path, &failure);
	const struct cell *cell = notebook->cells;
	assert_true(output_load(notebook, arena, cell->outputs, &content));
	/* Jupyter saves in place: shorter for a moment, then of any size. */
	assert_int_equal(truncate(path.bytes, 20), 0);
	assert_false(output_load(notebook, arena, cell->outputs, &content));
	assert_false(cell_metadata_load(notebook, arena, cell, &metadata));
	/* The same size at another time. */
	write_file(path, notebook_text);
	const struct timespec times[2] = {{0, UTIME_NOW}, {1000, 0}};
	assert_int_equal(utimensat(AT_FDCWD, path.bytes, times, 0), 0);
	assert_false(output_load(notebook, arena, cell->outputs, &content));
	assert_slice(cell->source, "x");
	notebook_close(notebook);
	/* A file that another takes the place of stays what it was. */
	notebook = notebook_open(arena, path, &failure);
	struct slice other = path_of("b.ipynb");
	write_file(other, "{}");
	assert_int_equal(rename(other.bytes, path.bytes), 0);
	assert_true(output_load(notebook, arena, notebook->cells->outputs, &content));
	assert_slice(content.text, "hello");
	notebook_close(notebook);
	unlink(path.bytes);
}

/* A file that is written while it is read is not taken, even if it parses. */
static void a_change_while_reading_is_noticed(void **state)
{
	(void)state;
	struct slice path = path_of("a.ipynb");
	FILE *file = fopen(path.bytes, "w");
	assert_non_null(file);
	fprintf(file, "%*s%s", 4000000, "", notebook_text);
	assert_int_equal(fclose(file), 0);
	pid_t writer = fork();
	if (writer == 0)
		for (long i = 0;; i++) {
			const struct timespec times[2] = {{i, 0}, {i, 0}};
			utimensat(AT_FDCWD, path.bytes, times, 0);
		}
	bool noticed = false;
	for (int tries = 0; tries < 1000 && !noticed; tries++) {
		struct arena *once = arena_new(NULL, NULL);
		struct failure failure = {0};
		struct notebook *notebook = notebook_open(once, path, &failure);
		noticed = !notebook;
		if (noticed)
			assert_slice(failure.message, "the file changed while it was read, so try again");
		notebook_close(notebook);
		arena_free(once);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	assert_true(noticed);
	unlink(path.bytes);
}

/* Whatever is at a range, loading it gives something or fails. */
static void ranges_are_not_trusted(void **state)
{
	(void)state;
	struct notebook *notebook = read_text(slice_of(notebook_text));
	for (uint64_t start = 0; start < notebook->size; start++)
		for (uint64_t end = start; end < notebook->size + 3; end += 5)
			for (int type = OUTPUT_STREAM; type <= OUTPUT_UNKNOWN; type++) {
				struct output output = {(enum output_type)type, SLICE(""), NO_COUNT, {start, end}};
				struct cell cell = {.metadata = {start, end}};
				struct output_content content;
				struct cell_metadata metadata;
				output_load(notebook, arena, &output, &content);
				cell_metadata_load(notebook, arena, &cell, &metadata);
			}
	struct output beyond = {OUTPUT_STREAM, SLICE(""), NO_COUNT, {1 << 20, UINT64_MAX}};
	struct output_content content;
	assert_false(output_load(notebook, arena, &beyond, &content));
}

/* Writes the notebook into a new pipe, in a child, and gives the end to read from. */
static int pipe_of(const char *text, size_t size)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		close(ends[0]);
		while (size > 0) {
			ssize_t count = write(ends[1], text, size < 100 ? size : 100);
			if (count <= 0)
				_exit(1);
			text += count;
			size -= (size_t)count;
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* Opens "-" while standard input is that, and loads an output when it is something
 * else already, as in the inspector, which takes keys from it. */
static struct notebook *open_standard_input(int input, struct failure *failure)
{
	int saved = dup(STDIN_FILENO);
	assert_true(saved >= 0 && dup2(input, STDIN_FILENO) == STDIN_FILENO);
	struct notebook *notebook = notebook_open(arena, SLICE("-"), failure);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(input);
	if (notebook)
		assert_slice(load(notebook, 0, 0).text, "hello");
	notebook_close(notebook);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* still open: it is not ours to close */
	return notebook;
}

static void standard_input_is_read(void **state)
{
	(void)state;
	struct failure failure;
	struct notebook *notebook = open_standard_input(pipe_of(notebook_text, strlen(notebook_text)), &failure);
	assert_non_null(notebook);
	assert_int_equal(notebook->size, strlen(notebook_text));

	struct slice path = path_of("a.ipynb");
	write_file(path, notebook_text);
	assert_non_null(open_standard_input(open(path.bytes, O_RDONLY), &failure));

	/* A file that something before us has read a part of. */
	write_file(path, "skip");
	int file = open(path.bytes, O_RDWR);
	assert_int_equal(lseek(file, 4, SEEK_SET), 4);
	assert_int_equal(write(file, notebook_text, strlen(notebook_text)), strlen(notebook_text));
	assert_int_equal(lseek(file, 4, SEEK_SET), 4);
	notebook = open_standard_input(file, &failure);
	assert_non_null(notebook);
	assert_int_equal(notebook->size, strlen(notebook_text));
	unlink(path.bytes);

	assert_null(open_standard_input(pipe_of("[1", 2), &failure));
	assert_slice(failure.message, "the file is cut short: it ends before the notebook does");
	assert_null(open_standard_input(open(folder, O_RDONLY), &failure));
	assert_slice(failure.message, "cannot be opened: Is a directory");
}

static void a_large_pipe_is_read(void **state)
{
	(void)state;
	struct builder text = {.arena = arena};
	builder_add_string(&text, "{\"nbformat\": 4, \"x\": \"");
	for (int i = 0; i < 300000; i++)
		builder_add_string(&text, "\xC3\xA9");
	builder_add_string(&text, "\", ");
	builder_add_string(&text, notebook_text + 1);
	struct failure failure;
	struct notebook *notebook = open_standard_input(pipe_of(text.bytes, text.length), &failure);
	assert_non_null(notebook);
	assert_int_equal(notebook->size, text.length);
}

/* What never ends is refused as soon as it cannot become a notebook. */
static void an_endless_device_is_refused(void **state)
{
	(void)state;
	struct failure failure;
	assert_null(notebook_open(arena, SLICE("/dev/zero"), &failure));
	assert_slice(failure.message, "expected a value, found U+0000");
	assert_int_equal(failure.line, 1);
	assert_null(notebook_open(arena, SLICE("/dev/null"), &failure));
	assert_slice(failure.message, "the file is empty");
}

static void what_cannot_be_read_is_told(void **state)
{
	(void)state;
	/* Nothing is mapped at the start of a process's memory. */
	static const char unreadable[] = "/proc/self/mem";
	if (access(unreadable, R_OK) != 0)
		skip();
	struct failure failure;
	assert_null(notebook_open(arena, slice_of(unreadable), &failure));
	assert_slice(failure.message, "cannot be read: Input/output error");
	assert_int_equal(failure.line, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_are_read),
	    cmocka_unit_test(what_cannot_be_opened_is_told),
	    cmocka_unit_test(a_save_in_progress_is_told),
	    cmocka_unit_test(a_change_is_noticed),
	    cmocka_unit_test(a_change_while_reading_is_noticed),
	    cmocka_unit_test(ranges_are_not_trusted),
	    cmocka_unit_test(standard_input_is_read),
	    cmocka_unit_test(a_large_pipe_is_read),
	    cmocka_unit_test(an_endless_device_is_refused),
	    cmocka_unit_test(what_cannot_be_read_is_told),
	};
	return cmocka_run_group_tests_name("notebook files", tests, make_folder, remove_folder);
}
