#include "scanner/dns/direct/randomness.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void
refill(struct randomness *randomness)
{
	size_t got = 0;

	while (got < sizeof randomness->bytes) {
		ssize_t more = getrandom(randomness->bytes + got,
		    sizeof randomness->bytes - got, 0);

		/* Without random numbers anyone could forge an answer. */
		if (more < 0 && errno != EINTR)
			abort();
		got += more > 0 ? (size_t)more : 0;
	}
	randomness->left = got;
}

void
randomness_take(struct randomness *randomness, void *to, size_t length)
{
	assert(length <= sizeof randomness->bytes);
	if (randomness->left < length)
		refill(randomness);
	memcpy(to, randomness->bytes + sizeof randomness->bytes -
	    randomness->left, length);
	randomness->left -= length;
}

uint16_t
randomness_16(struct randomness *randomness)
{
	uint16_t number;

	randomness_take(randomness, &number, sizeof number);
	return number;
}
