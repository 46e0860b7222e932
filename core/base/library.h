/* library.h - libraries that are loaded when they are first needed.
 *
 * To find, map and relocate what reads histories and what paints images takes a fifth of the time until a small
 * notebook is on the screen, and few runs need it. So the functions of such a library stand in a table, which is
 * filled before their first use: from the library under the name by which the system's loader knows it, or, where the
 * build could not tell that name (LIBRARIES_ARE_LINKED), with the functions that were linked.
 *
 * A library that is loaded stays until the process ends.
 */
#ifndef NBSCOPE_BASE_LIBRARY_H
#define NBSCOPE_BASE_LIBRARY_H

#include <stdbool.h>

/* The member of a table for a function of a library. */
#define LIBRARY_MEMBER(member, function) __typeof__(function) *member;

/* LIBRARY_OPEN() gives null when there is no such library, LIBRARY_FILL() false when it has no such function. The
 * Makefile says how a library is called: LIBRARY_sqlite3 is libsqlite3.so.0. */
#ifdef LIBRARIES_ARE_LINKED
#define LIBRARY_OPEN(name) ((void *)LIBRARY_TEXT(name))
#define LIBRARY_FILL(library, place, function) ((void)(library), *(place) = (function), true)
#else
#include <dlfcn.h>
#define LIBRARY_OPEN(name) dlopen(LIBRARY_TEXT(name), RTLD_NOW | RTLD_LOCAL)
#define LIBRARY_FILL(library, place, function) ((*(void **)(place) = dlsym(library, #function)) != NULL)
#endif

#define LIBRARY_TEXT(name) LIBRARY_QUOTED(name)
#define LIBRARY_QUOTED(name) #name

#endif
