/* hash.h - 64-bit hashes: of bytes, for tables, and of derivations, for identities.
 *
 * Not for secrets. They stay what they are from version to version: fingerprints of
 * findings, which people keep in files, are made of them (report/check.c).
 */
#ifndef NBSCOPE_BASE_HASH_H
#define NBSCOPE_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

/* FNV-1a over the bytes, finished by a mixer so that all bits are good. */
uint64_t hash_bytes(struct slice bytes);

/* The hash of `hash` followed by `next`; order matters. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t next)
{
	/* The finaliser of splitmix64 over a sum that keeps order. */
	uint64_t mixed = (hash ^ (next + 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u + (hash << 7);
	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
	return mixed ^ (mixed >> 31);
}

#endif
