#include "scanner/dns/lookup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/latency.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lane.h"

void
lookup_start(struct lookup *lookup, struct lane *lane,
    const struct delegation *delegation, const uint8_t *name, uint16_t type,
    void (*done)(struct lookup *))
{
	*lookup = (struct lookup){
		.lane = lane, .delegation = delegation, .type = type,
		.done = done,
		.name = xmemdup(name, name_wire_length(name, NAME_WIRE_MAX)),
	};
	lane->ask(lane, lookup);
}

struct answer *
lookup_new_answer(struct lookup *lookup)
{
	struct answer *answer = xcalloc(1, sizeof *answer);

	assert(lookup->answer == NULL);
	answer->dnssec = DNSSEC_UNCHECKED;
	answer->lane = lookup->lane->kind;
	memcpy(answer->canonical, lookup->name,
	    name_wire_length(lookup->name, NAME_WIRE_MAX));
	lookup->answer = answer;
	return answer;
}

static void
answer_free(struct answer *answer)
{
	if (answer != NULL)
		free(answer->packet);
	free(answer);
}

void
lookup_drop_answer(struct lookup *lookup)
{
	answer_free(lookup->answer);
	lookup->answer = NULL;
}

void
lookup_cancel(struct lookup *lookup)
{
	if (lookup->lane == NULL)
		return;
	lookup->lane->cancel(lookup->lane, lookup);
	lookup_drop_answer(lookup);
	free(lookup->name);
	lookup->name = NULL;
	lookup->lane = NULL;
}

void
lane_count_latency(struct lane *lane, struct latency *latency)
{
	lane->latency = latency;
}

void
lookup_end(struct lookup *lookup)
{
	struct answer *answer = lookup->answer;
	uint8_t *name = lookup->name;

	if (lookup->lane->latency != NULL)
		latency_note(lookup->lane->latency, answer->milliseconds);
	lookup->lane = NULL;
	lookup->done(lookup);
	answer_free(answer);
	free(name);
}
