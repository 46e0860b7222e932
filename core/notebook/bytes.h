/* bytes.h - where a notebook's bytes come from: a file, a pipe or memory.
 *
 * A file is read at offsets and never mapped: Jupyter truncates a notebook in
 * place while it saves, and a mapping would end the process with SIGBUS. What
 * cannot be read twice (standard input, a pipe) is kept in memory as it arrives.
 */
#ifndef NBSCOPE_NOTEBOOK_BYTES_H
#define NBSCOPE_NOTEBOOK_BYTES_H

#include <stdint.h>

#include "base/failure.h"

struct notebook_bytes;

/* Opens the file, or standard input for "-". Null on failure, with the reason
 * in `*failure`. */
struct notebook_bytes *bytes_open(struct arena *arena, struct slice path, struct failure *failure);

/* Bytes in memory, which must outlive the result. */
struct notebook_bytes *bytes_borrow(struct arena *arena, struct slice memory);

/* Closes the file. Null is allowed, and so is closing twice. */
void bytes_close(struct notebook_bytes *bytes);

/* Reads up to `size` bytes at `offset`. Gives how many there were: 0 at the end,
 * fewer than asked only where the system gave fewer; -1, with errno, on failure. */
int64_t bytes_read(struct notebook_bytes *bytes, uint64_t offset, void *into, size_t size);

/* The same, but fewer than asked only at the end. */
int64_t bytes_read_all(struct notebook_bytes *bytes, uint64_t offset, void *into, size_t size);

/* All that a file, or standard input for "-", holds. False on failure, with the
 * reason in `*failure`. */
bool bytes_load(struct arena *arena, struct slice path, struct slice *all, struct failure *failure);

/* Whether the file is another now than when it was opened, by its size and time
 * of change. What was read once stays the same by itself. */
bool bytes_changed(const struct notebook_bytes *bytes);

/* Whether Jupyter seems to be writing the file: it keeps the former state beside
 * it in the meantime, under the same name after ".~". */
bool bytes_being_saved(const struct notebook_bytes *bytes, struct arena *arena);

/* The size when it is known before reading (a file, memory), else UINT64_MAX. */
uint64_t bytes_size(const struct notebook_bytes *bytes);

#endif
