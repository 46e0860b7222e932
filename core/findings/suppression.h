/* suppression.h - what a notebook asks not to be told; private to core/findings.
 *
 * `# nbscope: ignore[CODE, ...]` at the end of a line of code speaks of that line; on a
 * line of its own, of the whole cell, as does a cell's tag `nbscope:ignore[CODE, ...]`.
 * Without the brackets every rule is meant. `{"nbscope": {"ignore": ["CODE", ...]}}` in the
 * metadata of a cell speaks of the cell, in those of the notebook of all of it. A rule is
 * named as in selection.h.
 */
#ifndef NBSCOPE_FINDINGS_SUPPRESSION_H
#define NBSCOPE_FINDINGS_SUPPRESSION_H

#include "findings/finder.h"

/* Takes away what the notebook asks not to be told, and adds what asks in vain. */
void suppress(struct finder *finder);

#endif
