/* key.h - keys as numbers, and as vim writes them.
 *
 * A key is a Unicode character, a control character (<C-d> is 4), or one of the
 * codes below, which lie beyond Unicode. What the keyboard can't tell apart is
 * one key: <C-i> is <Tab>, <C-m> is <Enter>, <C-[> is <Esc>, <C-h> is <BS>.
 */
#ifndef NBSCOPE_TUI_KEY_H
#define NBSCOPE_TUI_KEY_H

#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

typedef uint32_t key_code;

enum {
	PRESSED_TAB = '\t',
	PRESSED_ENTER = '\r',
	PRESSED_ESCAPE = 0x1b,
	PRESSED_BACKSPACE = 0x7f,
	PRESSED_UP = 0x110000,
	PRESSED_DOWN,
	PRESSED_LEFT,
	PRESSED_RIGHT,
	PRESSED_HOME,
	PRESSED_END,
	PRESSED_PAGE_UP,
	PRESSED_PAGE_DOWN,
	PRESSED_INSERT,
	PRESSED_DELETE,
	PRESSED_BACK_TAB,
	PRESSED_F1,
	PRESSED_F12 = PRESSED_F1 + 11,
	/* What a terminal has to say besides keys. */
	PRESSED_NOTHING, /* the time given to it went by */
	PRESSED_RESIZE,
	PRESSED_CLICK, /* of the first button; where: see struct terminal */
	PRESSED_WHEEL_UP,
	PRESSED_WHEEL_DOWN,
	PRESSED_WOKEN,         /* no key: see struct terminal, wake */
	PRESSED_HANGUP,        /* the terminal is gone, or the process was asked to end */
	PRESSED_ALT = 1 << 30, /* added to the key that is pressed with Alt */
};

#define PRESSED_CONTROL(letter) ((key_code)(letter)&0x1f)

struct keys {
	key_code *items;
	size_t count, capacity;
};

/* Reads keys as vim writes them: characters as they are, others as <Enter>,
 * <Esc>, <Tab>, <S-Tab>, <Space>, <BS>, <Up>, <PageDown>, <F1>, <lt>, <C-d>,
 * <A-1>. False when a <...> names no key; `*failure` says which, in the arena. */
bool keys_parse(struct arena *arena, struct slice text, struct keys *keys, struct failure *failure);

/* Appends a key as keys_parse() reads it. */
void key_write(struct builder *out, key_code key);

#endif
