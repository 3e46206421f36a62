#include "scanner/base/siphash.h"

#include <endian.h>
#include <string.h>

static inline uint64_t
rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
mix(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static inline void
start(uint64_t v[4], const struct siphash_key *key)
{
	v[0] = key->k0 ^ 0x736f6d6570736575;
	v[1] = key->k1 ^ 0x646f72616e646f6d;
	v[2] = key->k0 ^ 0x6c7967656e657261;
	v[3] = key->k1 ^ 0x7465646279746573;
}

static inline void
take_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v);
	mix(v);
	v[0] ^= word;
}

static inline void
take(uint64_t v[4], const uint8_t *at, size_t length)
{
	uint64_t last = (uint64_t)length << 56, word;

	size_t left = length;

	for (; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		take_word(v, le64toh(word));
	}
	if (left > 0 && length >= 8) {
		/* The last eight bytes, without those that were taken. */
		memcpy(&word, at + left - 8, 8);
		last |= le64toh(word) >> (64 - 8 * left);
	} else {
		for (size_t i = 0; i < left; i++)
			last |= (uint64_t)at[i] << (8 * i);
	}
	take_word(v, last);
}

static inline uint64_t
finish(uint64_t v[4])
{
	for (int i = 0; i < 4; i++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t
siphash(const struct siphash_key *key, const void *bytes, size_t length)
{
	uint64_t v[4];

	start(v, key);
	take(v, bytes, length);
	v[2] ^= 0xff;
	return finish(v);
}

struct siphash_pair
siphash_pair(const struct siphash_key *key, const void *bytes, size_t length)
{
	struct siphash_pair pair;
	uint64_t v[4];

	start(v, key);
	v[1] ^= 0xee;
	take(v, bytes, length);
	v[2] ^= 0xee;
	pair.first = finish(v);
	v[1] ^= 0xdd;
	pair.second = finish(v);
	return pair;
}
