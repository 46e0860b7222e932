/* imports.h - what a notebook imports, where that comes from, and whether something says so. */
#ifndef NBSCOPE_FINDINGS_IMPORTS_H
#define NBSCOPE_FINDINGS_IMPORTS_H

#include "findings/declared.h"
#include "python/effects.h"

enum import_origin {
	IMPORT_STANDARD, /* of Python */
	IMPORT_KERNEL,   /* of the kernel or the service that runs it */
	IMPORT_LOCAL,    /* a module beside the notebook, or one that it writes */
	IMPORT_PACKAGE,  /* of a distribution that has to be installed */
};

struct notebook_import {
	struct slice module; /* distributions.h: module_of() */
	enum import_origin origin;
	size_t cell; /* where it is first imported */
	uint32_t line;
	bool optional;             /* always inside a `try` that goes on without it */
	bool declared;             /* of a package: something beside the notebook, or in it, names it */
	struct slice distribution; /* of a package: what to install */
};

struct imports {
	VECTOR(struct notebook_import) items; /* each module once, in the order of the notebook */
	struct declared *declared;
	bool extends_path; /* modules may be found elsewhere too */
};

/* The imports of a notebook, in functions too; in the arena. */
struct imports *imports_of(struct arena *arena, const struct symbols *symbols, const struct notebook *notebook,
                           struct effects *const *effects);

const char *import_origin_name(enum import_origin origin);

#endif
