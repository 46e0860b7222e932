#include "base/hash.h"

uint64_t hash_bytes(struct slice bytes)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < bytes.length; i++)
		hash = (hash ^ (unsigned char)bytes.bytes[i]) * 0x100000001b3u;
	return hash_mix(hash, bytes.length);
}
