#include "scanner/plan/wanted.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

#define HASH_BITS	27	/* 16 MiB */

struct wanted {
	uint64_t	*words;
};

struct wanted *
wanted_new(void)
{
	struct wanted *wanted = xcalloc(1, sizeof *wanted);

	wanted->words = xcalloc((1u << HASH_BITS) / 64,
	    sizeof *wanted->words);
	return wanted;
}

void
wanted_free(struct wanted *wanted)
{
	if (wanted == NULL)
		return;
	free(wanted->words);
	free(wanted);
}

static uint32_t
place_of(const struct siphash_key *key, const uint8_t *name, size_t length)
{
	return siphash(key, name, length) & ((1u << HASH_BITS) - 1);
}

void
wanted_add(struct wanted *wanted, const struct siphash_key *key,
    const uint8_t *name, size_t length)
{
	for (size_t at = 0; name[at] != 0; at += 1 + name[at]) {
		uint32_t place = place_of(key, name + at, length - at);

		wanted->words[place / 64] |= UINT64_C(1) << place % 64;
	}
}

bool
wanted_has(const struct wanted *wanted, const struct siphash_key *key,
    const uint8_t *name, size_t length)
{
	uint32_t place = place_of(key, name, length);

	return wanted->words[place / 64] >> place % 64 & 1;
}
