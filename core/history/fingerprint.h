/* fingerprint.h - hashes of sources by which kernels name the code of a cell.
 *
 * A kernel compiles a cell under a file name made of a hash of its source, and
 * warnings and tracebacks show that name: equal hashes prove that the text was
 * the same.
 */
#ifndef NBSCOPE_HISTORY_FINGERPRINT_H
#define NBSCOPE_HISTORY_FINGERPRINT_H

#include <stdint.h>

#include "base/slice.h"

/* Of `/tmp/ipykernel_5018/1798193716.py` and, in Colab, `/tmp/ipython-input-1798193716.py`: MurmurHash2 of
 * the source as it was sent (ipykernel/compiler.py). */
uint32_t fingerprint_ipykernel(struct slice source);

/* Of Deepnote's `source_hash` in a cell's metadata: XXH32 (https://xxhash.com), written in hexadecimal
 * digits without leading zeros. */
uint32_t fingerprint_deepnote(struct slice source);

enum { FINGERPRINT_IPYTHON_DIGITS = 12 };

/* Of `<ipython-input-5-0123456789ab>`, up to IPython 7: the first hexadecimal digits of the SHA-1 (FIPS 180-4)
 * of the source with one more line end (IPython/core/compilerop.py). IPython hashes what
 * it made of magics, so of a source with magics it is another one. */
void fingerprint_ipython(struct slice source, char digits[FINGERPRINT_IPYTHON_DIGITS]);

#endif
