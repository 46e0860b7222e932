#include "findings/secrets.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

struct secret_form {
	const char *what;
	const char *needle;  /* what is in any text that matches, so that others need not be looked at closely */
	const char *pattern; /* the secret is the group 1, or the whole */
	enum certainty certainty;
};

/* clang-format off */
#define NO_WORD_BEFORE "(?<![A-Za-z0-9_-])"
#define NO_WORD_BEHIND "(?![A-Za-z0-9_-])"
static const struct secret_form forms[] = {
	{"an access key of AWS", "IA", NO_WORD_BEFORE "(?:AKIA|ASIA)[A-Z2-7]{16}" NO_WORD_BEHIND, CERTAIN},
	{"a token of GitHub", "gh", NO_WORD_BEFORE "gh[pousr]_[A-Za-z0-9]{36}" NO_WORD_BEHIND, CERTAIN},
	{"a token of GitHub", "github_pat_", NO_WORD_BEFORE "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}" NO_WORD_BEHIND, CERTAIN},
	{"a token of GitLab", "glpat-", NO_WORD_BEFORE "glpat-[A-Za-z0-9_-]{20}" NO_WORD_BEHIND, CERTAIN},
	{"a token of Slack", "xox", NO_WORD_BEFORE "xox[abprs]-[0-9]{10,13}-[A-Za-z0-9-]{20,}", CERTAIN},
	{"a key of a Google API", "AIza", NO_WORD_BEFORE "AIza[A-Za-z0-9_-]{35}" NO_WORD_BEHIND, CERTAIN},
	{"a key of OpenAI", "T3BlbkFJ", NO_WORD_BEFORE "sk-(?:proj-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}", CERTAIN},
	{"a key of Anthropic", "sk-ant-", NO_WORD_BEFORE "sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}", CERTAIN},
	{"a token of Hugging Face", "hf_", NO_WORD_BEFORE "hf_[A-Za-z]{34}" NO_WORD_BEHIND, CERTAIN},
	{"a key of Stripe", "k_live_", NO_WORD_BEFORE "[rs]k_live_[A-Za-z0-9]{24,}" NO_WORD_BEHIND, CERTAIN},
	{"a token of PyPI", "pypi-AgEIcHlwaS5vcmc", NO_WORD_BEFORE "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}", CERTAIN},
	{"a token of npm", "npm_", NO_WORD_BEFORE "npm_[A-Za-z0-9]{36}" NO_WORD_BEHIND, CERTAIN},
	{"a private key", "PRIVATE KEY-----", "-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?=\\s*[A-Za-z0-9+/=]{40})", CERTAIN},
	{"the password of a URL", "@", "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@'\"<>{}]+:([^\\s:/@'\"<>{}$*]{3,})@[A-Za-z0-9]", LIKELY},
	{"what looks like a secret by its name", "=",
	 "(?i)\\b[a-z0-9_]*(?:password|passwd|secret|api_?key|access_?key|auth_?token|access_?token)[a-z0-9_]*"
	 "\\s*=\\s*[rbu]?['\"]([^'\"\\s]{8,})['\"]", LIKELY},
};
/* clang-format on */

enum { FORMS = sizeof forms / sizeof *forms };

struct secret_finder {
	pcre2_code *codes[FORMS]; /* compiled when a text may hold such a secret, which few do */
	pcre2_match_data *match;
	pcre2_match_context *context;
};

void secret_finder_free(struct secret_finder *finder)
{
	for (size_t i = 0; i < FORMS; i++)
		pcre2_code_free(finder->codes[i]);
	pcre2_match_data_free(finder->match);
	pcre2_match_context_free(finder->context);
}

struct secret_finder *secret_finder_new(struct arena *arena)
{
	struct secret_finder *finder = arena_alloc(arena, sizeof *finder);
	*finder = (struct secret_finder){0};
	finder->match = pcre2_match_data_create(2, NULL);
	finder->context = pcre2_match_context_create(NULL);
	if (finder->match && finder->context) {
		/* A pattern that finds no end in hostile text gives up. */
		pcre2_set_match_limit(finder->context, 10000000);
		return finder;
	}
	secret_finder_free(finder);
	return NULL;
}

/* The compiled form; null when PCRE2 has no memory. */
static pcre2_code *code_of(struct secret_finder *finder, size_t form)
{
	int error;
	PCRE2_SIZE offset;
	pcre2_code **code = &finder->codes[form];
	if (*code)
		return *code;
	*code = pcre2_compile((PCRE2_SPTR)forms[form].pattern, PCRE2_ZERO_TERMINATED, 0, &error, &offset, NULL);
	if (*code)
		pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE); /* only for speed: it may fail */
	return *code;
}

/* What stands for a secret in examples: few kinds of characters, or words that say so. */
static bool is_placeholder(struct slice text)
{
	static const char *const words[] = {"your",   "xxx",      "example", "changeme", "change_me", "placeholder",
	                                    "secret", "password", "insert",  "dummy",    "token",     "....",
	                                    "****",   "<",        "{",       "$",        "test",      "none",
	                                    "enter",  "hidden",   "redacted"};
	bool seen[256] = {0};
	size_t kinds = 0;
	char lower[64];
	size_t length = text.length < sizeof lower ? text.length : sizeof lower;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];
		kinds += !seen[byte];
		seen[byte] = true;
		lower[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
	}
	if (kinds < 4)
		return true;
	for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
		struct slice word = slice_of(words[w]);
		for (size_t i = 0; i + word.length <= length; i++)
			if (slice_starts((struct slice){lower + i, length - i}, word))
				return true;
	}
	return false;
}

static bool find_form(struct secret_finder *finder, size_t form, struct slice text, size_t from, struct secret *secret)
{
	int groups;
	if (!slice_contains(slice_part(text, from, text.length), slice_of(forms[form].needle)))
		return false;
	pcre2_code *code = code_of(finder, form);
	while (code && (groups = pcre2_match(code, (PCRE2_SPTR)text.bytes, text.length, from, 0, finder->match,
	                                     finder->context)) > 0) {
		PCRE2_SIZE *ends = pcre2_get_ovector_pointer(finder->match);
		bool grouped = groups > 1;
		struct secret found = {forms[form].what, forms[form].certainty, ends[grouped ? 2 : 0], ends[grouped ? 3 : 1]};
		if (found.certainty == CERTAIN || !is_placeholder(slice_part(text, found.start, found.end))) {
			*secret = found;
			return true;
		}
		from = ends[1] > from ? ends[1] : from + 1;
	}
	return false;
}

bool secret_find(struct secret_finder *finder, struct slice text, size_t from, struct secret *secret)
{
	bool is_found = false;
	for (size_t i = 0; i < FORMS; i++) {
		struct secret found;
		if (!find_form(finder, i, text, from, &found))
			continue;
		if (!is_found || found.start < secret->start)
			*secret = found;
		is_found = true;
	}
	return is_found;
}

/* How many bytes of a secret may be shown. */
static size_t shown_of(size_t length)
{
	enum { SHOWN = 4 };
	return length >= 4 * SHOWN ? SHOWN : 0;
}

struct slice secret_masked(struct secret_finder *finder, struct arena *arena, struct slice text)
{
	struct secret secret;
	char *masked = NULL;
	for (size_t from = 0; secret_find(finder, text, from, &secret); from = secret.end) {
		size_t shown = shown_of(secret.end - secret.start);
		if (!masked)
			masked = arena_copy(arena, text.bytes, text.length);
		memset(masked + secret.start + shown, '*', secret.end - secret.start - shown);
	}
	return masked ? (struct slice){masked, text.length} : text;
}

struct slice secret_hint(struct arena *arena, struct slice secret)
{
	return slice_format(arena, "%.*s… (%zu characters)", (int)shown_of(secret.length), secret.bytes, secret.length);
}
