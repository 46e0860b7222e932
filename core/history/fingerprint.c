#include "history/fingerprint.h"

#include <string.h>

static uint32_t rotate(uint32_t word, unsigned by)
{
	return word << by | word >> (32 - by);
}

/* The four bytes as a number, the lowest first. */
static uint32_t little_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint32_t fingerprint_ipykernel(struct slice source)
{
	const uint32_t seed = 0xC70F6907u, factor = 0x5BD1E995u;
	const unsigned char *bytes = (const unsigned char *)source.bytes;
	size_t whole = source.length & ~(size_t)3, rest = source.length & 3;
	uint32_t hash = seed ^ (uint32_t)source.length;
	for (size_t i = 0; i < whole; i += 4) {
		uint32_t word = little_endian(bytes + i);
		word *= factor;
		word ^= word >> 24;
		hash = hash * factor ^ word * factor;
	}
	for (size_t i = rest; i-- > 0;)
		hash ^= (uint32_t)bytes[whole + i] << 8 * i;
	if (rest)
		hash *= factor;
	hash ^= hash >> 13;
	hash *= factor;
	return hash ^ hash >> 15;
}

uint32_t fingerprint_deepnote(struct slice source)
{
	const uint32_t seed = 0xABCD, first = 2654435761u, second = 2246822519u, third = 3266489917u, fourth = 668265263u,
	               fifth = 374761393u;
	const unsigned char *bytes = (const unsigned char *)source.bytes;
	size_t at = 0;
	uint32_t hash = seed + fifth;
	if (source.length >= 16) {
		uint32_t lanes[4] = {seed + first + second, seed + second, seed, seed - first};
		for (; source.length - at >= 16; at += 16)
			for (size_t i = 0; i < 4; i++)
				lanes[i] = rotate(lanes[i] + little_endian(bytes + at + 4 * i) * second, 13) * first;
		hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
	}
	hash += (uint32_t)source.length;
	for (; source.length - at >= 4; at += 4)
		hash = rotate(hash + little_endian(bytes + at) * third, 17) * fourth;
	for (; at < source.length; at++)
		hash = rotate(hash + bytes[at] * fifth, 11) * first;
	hash = (hash ^ hash >> 15) * second;
	hash = (hash ^ hash >> 13) * third;
	return hash ^ hash >> 16;
}

/* SHA-1 over bytes that come one after the other. */
struct sha1 {
	uint32_t state[5];
	unsigned char block[64];
	uint64_t length; /* of all bytes so far */
};

static void sha1_block(struct sha1 *sha1)
{
	uint32_t words[80], a = sha1->state[0], b = sha1->state[1], c = sha1->state[2], d = sha1->state[3],
	                    e = sha1->state[4];
	for (size_t i = 0; i < 16; i++)
		words[i] = (uint32_t)sha1->block[4 * i] << 24 | (uint32_t)sha1->block[4 * i + 1] << 16 |
		           (uint32_t)sha1->block[4 * i + 2] << 8 | (uint32_t)sha1->block[4 * i + 3];
	for (size_t i = 16; i < 80; i++)
		words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	for (size_t i = 0; i < 80; i++) {
		uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999u
		                 : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1u
		                 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCu
		                          : (b ^ c ^ d) + 0xCA62C1D6u;
		uint32_t next = rotate(a, 5) + mixed + e + words[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	sha1->state[0] += a;
	sha1->state[1] += b;
	sha1->state[2] += c;
	sha1->state[3] += d;
	sha1->state[4] += e;
}

static void sha1_byte(struct sha1 *sha1, unsigned char byte)
{
	sha1->block[sha1->length++ % sizeof sha1->block] = byte;
	if (sha1->length % sizeof sha1->block == 0)
		sha1_block(sha1);
}

void fingerprint_ipython(struct slice source, char digits[FINGERPRINT_IPYTHON_DIGITS])
{
	struct sha1 sha1 = {.state = {0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u}};
	for (size_t i = 0; i < source.length; i++)
		sha1_byte(&sha1, (unsigned char)source.bytes[i]);
	sha1_byte(&sha1, '\n');
	uint64_t bits = sha1.length * 8;
	sha1_byte(&sha1, 0x80);
	while (sha1.length % sizeof sha1.block != sizeof sha1.block - sizeof bits)
		sha1_byte(&sha1, 0);
	for (unsigned shift = 64; shift > 0; shift -= 8)
		sha1_byte(&sha1, (unsigned char)(bits >> (shift - 8)));
	for (size_t i = 0; i < FINGERPRINT_IPYTHON_DIGITS; i++)
		digits[i] = "0123456789abcdef"[sha1.state[i / 8] >> (28 - 4 * (i % 8)) & 15];
}
