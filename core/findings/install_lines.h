/* install_lines.h - the lines of a cell that install packages. */
#ifndef NBSCOPE_FINDINGS_INSTALL_LINES_H
#define NBSCOPE_FINDINGS_INSTALL_LINES_H

#include "base/slice.h"

/* "!pip install x", "%conda install -y x", "!python -m pip install x". */
bool line_installs(struct slice line);

/* Whether a source may have such a line at all: few have, and a glance tells. */
bool may_install(struct slice source);

#endif
