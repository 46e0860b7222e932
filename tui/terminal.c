#include "tui/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Whether the environment asks for UTF-8, be the locale known here or not: ssh
 * passes on names of locales that the other machine may not have. */
static bool environment_names_utf8(void)
{
	static const char *const VARIABLES[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t at = 0; at < sizeof VARIABLES / sizeof *VARIABLES; at++) {
		const char *value = getenv(VARIABLES[at]);
		if (!value || !*value)
			continue;
		const char *codeset = strchr(value, '.');
		return codeset && (strncasecmp(codeset, ".utf-8", 6) == 0 || strncasecmp(codeset, ".utf8", 5) == 0);
	}
	return false;
}

bool terminal_locale(bool always)
{
	static const char *const NAMES[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"};
	if (!always && setlocale(LC_CTYPE, "") && is_utf8())
		return true;
	for (size_t at = 0; (always || environment_names_utf8()) && at < sizeof NAMES / sizeof *NAMES; at++) {
		if (setlocale(LC_CTYPE, NAMES[at]) && is_utf8())
			return true;
	}
	return false;
}

bool terminal_reads_utf8(void)
{
	return terminal_locale(false) || environment_names_utf8();
}
