#include "tui/prompt.h"

#include <string.h>

#include "base/utf8.h"
#include "tui/terminal.h"

static const struct {
	const char *sign, *hint;
} KINDS[PROMPT_KINDS] = {
    [PROMPT_COMMAND] = {":", ""},
    [PROMPT_SEARCH] = {"/", "search"},
    [PROMPT_SEARCH_BACK] = {"?", "search back  (F1: help)"},
    [PROMPT_FILTER] = {"&", "cells to show; nothing: all"},
    [PROMPT_PIPE] = {"|", "a command, which gets the part at the cursor"},
};

void prompt_open(struct prompt *prompt, enum prompt_kind kind, struct arena *history_arena)
{
	arena_free(prompt->arena);
	prompt->arena = terminal_arena();
	prompt->history_arena = history_arena;
	prompt->open = true;
	prompt->kind = kind;
	prompt->text = (struct keys){0};
	prompt->cursor = 0;
	prompt->recalled = prompt->histories[kind].count;
	prompt->typed = (struct slice){0};
	prompt->completion = 0;
	prompt->where = NULL;
}

void prompt_free(struct prompt *prompt)
{
	arena_free(prompt->arena);
	prompt->arena = NULL;
}

struct slice prompt_text(const struct prompt *prompt, struct arena *arena)
{
	struct builder text = {.arena = arena};
	for (size_t at = 0; at < prompt->text.count; at++) {
		char bytes[UTF8_MAX];
		builder_add(&text, (struct slice){bytes, utf8_encode(prompt->text.items[at], bytes)});
	}
	return builder_slice(&text);
}

void prompt_close(struct prompt *prompt, bool keep)
{
	struct prompt_history *history = &prompt->histories[prompt->kind];
	struct slice text = prompt_text(prompt, prompt->arena);
	bool again = history->count && slice_equal(history->items[history->count - 1], text);
	if (keep && text.length && !again)
		vector_push(prompt->history_arena, history, slice_copy(prompt->history_arena, text));
	prompt->open = false;
}

static void insert(struct prompt *prompt, key_code character)
{
	vector_push(prompt->arena, &prompt->text, character);
	key_code *at = prompt->text.items + prompt->cursor;
	memmove(at + 1, at, (prompt->text.count - 1 - prompt->cursor) * sizeof *at);
	*at = character;
	prompt->cursor++;
}

void prompt_insert(struct prompt *prompt, struct slice text)
{
	for (size_t offset = 0; offset < text.length;) {
		int32_t character = utf8_next(text, &offset);
		insert(prompt, character < 0 ? (key_code)UTF8_REPLACEMENT : (key_code)character);
	}
}

void prompt_replace(struct prompt *prompt, struct slice text)
{
	prompt->text.count = prompt->cursor = 0;
	prompt_insert(prompt, text);
}

/* Removes the characters from `start` up to the cursor. */
static void delete_from(struct prompt *prompt, size_t start)
{
	key_code *items = prompt->text.items;
	if (start < prompt->cursor)
		memmove(items + start, items + prompt->cursor, (prompt->text.count - prompt->cursor) * sizeof *items);
	prompt->text.count -= prompt->cursor - start;
	prompt->cursor = start;
}

static size_t word_start(const struct prompt *prompt)
{
	size_t at = prompt->cursor;
	while (at > 0 && prompt->text.items[at - 1] == ' ')
		at--;
	while (at > 0 && prompt->text.items[at - 1] != ' ')
		at--;
	return at;
}

/* Shows an older (or newer) line of the history; the newest of all is what was typed. */
static void recall(struct prompt *prompt, bool older)
{
	struct prompt_history *history = &prompt->histories[prompt->kind];
	if (older ? prompt->recalled == 0 : prompt->recalled >= history->count)
		return;
	if (prompt->recalled == history->count)
		prompt->typed = prompt_text(prompt, prompt->arena);
	prompt->recalled = older ? prompt->recalled - 1 : prompt->recalled + 1;
	prompt_replace(prompt, prompt->recalled < history->count ? history->items[prompt->recalled] : prompt->typed);
}

enum prompt_result prompt_key(struct prompt *prompt, key_code key)
{
	if (key != PRESSED_TAB && key != PRESSED_BACK_TAB)
		prompt->completion = 0;
	switch (key) {
	case PRESSED_ENTER: return PROMPT_ENTERED;
	case PRESSED_ESCAPE:
	case PRESSED_CONTROL('c'): return PROMPT_CANCELLED;
	case PRESSED_TAB:
	case PRESSED_BACK_TAB: return PROMPT_COMPLETE;
	case PRESSED_BACKSPACE:
		if (prompt->text.count == 0)
			return PROMPT_CANCELLED; /* as in vim: there is nothing left but the prompt itself */
		delete_from(prompt, prompt->cursor ? prompt->cursor - 1 : 0);
		break;
	case PRESSED_DELETE:
	case PRESSED_CONTROL('d'):
		if (prompt->cursor < prompt->text.count) {
			prompt->cursor++;
			delete_from(prompt, prompt->cursor - 1);
		}
		break;
	case PRESSED_LEFT:
	case PRESSED_CONTROL('b'): prompt->cursor -= prompt->cursor > 0; break;
	case PRESSED_RIGHT:
	case PRESSED_CONTROL('f'): prompt->cursor += prompt->cursor < prompt->text.count; break;
	case PRESSED_HOME:
	case PRESSED_CONTROL('a'): prompt->cursor = 0; break;
	case PRESSED_END:
	case PRESSED_CONTROL('e'): prompt->cursor = prompt->text.count; break;
	case PRESSED_CONTROL('w'): delete_from(prompt, word_start(prompt)); break;
	case PRESSED_CONTROL('u'): delete_from(prompt, 0); break;
	case PRESSED_CONTROL('k'): prompt->text.count = prompt->cursor; break;
	case PRESSED_UP:
	case PRESSED_CONTROL('p'): recall(prompt, true); break;
	case PRESSED_DOWN:
	case PRESSED_CONTROL('n'): recall(prompt, false); break;
	default:
		if (key >= ' ' && key < PRESSED_UP)
			insert(prompt, key);
		break;
	}
	return PROMPT_EDITING;
}

int prompt_draw(const struct prompt *prompt, struct arena *frame, struct pane pane)
{
	struct slice text = prompt_text(prompt, frame);
	struct prompt before = *prompt;
	before.text.count = prompt->cursor;
	struct slice left = printable(frame, prompt_text(&before, frame));
	int cursor = 1 + text_columns(left);
	int scrolled = cursor >= pane.columns ? cursor - pane.columns + 1 : 0;
	int end = pane_text(pane, 0, 1 - scrolled, look_of(SLOT_TEXT), printable(frame, text));
	pane_text(pane, 0, 0, look_of(SLOT_PROMPT), slice_of(KINDS[prompt->kind].sign));
	struct slice hint = slice_of(KINDS[prompt->kind].hint);
	if (prompt->where)
		hint = slice_format(frame, "%.*s  %s (Tab: elsewhere)", SLICE_FORMAT(hint), prompt->where);
	if (hint.length && end + 2 + text_columns(hint) < pane.columns)
		pane_text(pane, 0, pane.columns - text_columns(hint), look_of(SLOT_HINT), hint);
	return cursor - scrolled;
}
