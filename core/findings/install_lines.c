#include "findings/install_lines.h"

bool line_installs(struct slice line)
{
	static const char *const installers[] = {"pip", "pip3", "conda", "mamba", "apt", "apt-get", "uv", "npm", NULL};
	static const char *const passed_over[] = {"sudo", "python", "python3", "{sys.executable}", "-m", "-y", "-q", NULL};
	while (line.length && (line.bytes[0] == '!' || line.bytes[0] == '%'))
		line = slice_part(line, 1, line.length);
	struct slice word = slice_next_word(&line);
	while (slice_is_one_of(word, passed_over))
		word = slice_next_word(&line);
	if (!slice_is_one_of(word, installers))
		return false;
	for (word = slice_next_word(&line); slice_is_one_of(word, installers) || slice_is_one_of(word, passed_over);)
		word = slice_next_word(&line);
	return slice_equal(word, SLICE("install")) || slice_equal(word, SLICE("add"));
}

bool may_install(struct slice source)
{
	return slice_contains(source, SLICE("install")) || slice_contains(source, SLICE(" add "));
}
