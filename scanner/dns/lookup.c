#include "scanner/dns/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/dns/lane.h"

void
lookup_start(struct lookup *lookup, struct lane *lane,
    const struct delegation *delegation, const uint8_t *name, uint16_t type,
    void (*done)(struct lookup *))
{
	size_t length = name_wire_length(name, NAME_WIRE_MAX);
	uint8_t copy[NAME_WIRE_MAX];

	/* It may be the answer of the lookup itself, from its last use. */
	memcpy(copy, name, length);
	*lookup = (struct lookup){
		.lane = lane, .delegation = delegation, .type = type,
		.done = done,
		.answer = { .dnssec = DNSSEC_UNCHECKED, .lane = lane->kind },
	};
	memcpy(lookup->name, copy, length);
	memcpy(lookup->answer.canonical, lookup->name, NAME_WIRE_MAX);
	lane->ask(lane, lookup);
}

void
lookup_cancel(struct lookup *lookup)
{
	if (lookup->lane == NULL)
		return;
	lookup->lane->cancel(lookup->lane, lookup);
	lookup->lane = NULL;
}

void
lookup_end(struct lookup *lookup)
{
	uint8_t *packet = lookup->answer.packet;

	lookup->lane = NULL;
	lookup->done(lookup);
	free(packet);
}
