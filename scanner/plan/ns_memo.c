#include "scanner/plan/ns_memo.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

#define PLACES_BITS	12
#define BYTES_MAX	103

/* If the hash, which has no key, gives two lists the same place, both are looked
 * up each time. */
struct place {
	struct ns_order	 order;
	uint8_t		 length;		/* 0: free */
	uint8_t		 bytes[BYTES_MAX];
};

struct ns_memo {
	struct place	places[1 << PLACES_BITS];
};

struct ns_memo *
ns_memo_new(void)
{
	return xcalloc(1, sizeof(struct ns_memo));
}

void
ns_memo_free(struct ns_memo *memo)
{
	free(memo);
}

static size_t
place_of(const uint8_t *bytes, size_t length)
{
	uint64_t hash = length, word;

	for (; length > 0; bytes += sizeof word) {
		size_t part = length < sizeof word ? length : sizeof word;

		word = 0;
		memcpy(&word, bytes, part);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
		length -= part;
	}
	return hash & ((1 << PLACES_BITS) - 1);
}

const struct ns_order *
ns_memo_get(const struct ns_memo *memo, const uint8_t *servers, size_t length)
{
	const struct place *place;

	if (length > BYTES_MAX)
		return NULL;
	place = &memo->places[place_of(servers, length)];
	return place->length == length &&
	    memcmp(place->bytes, servers, length) == 0 ? &place->order : NULL;
}

void
ns_memo_put(struct ns_memo *memo, const uint8_t *servers, size_t length,
    const struct ns_order *order)
{
	struct place *place;

	if (length > BYTES_MAX)
		return;
	place = &memo->places[place_of(servers, length)];
	place->order = *order;
	place->length = (uint8_t)length;
	memcpy(place->bytes, servers, length);
}
