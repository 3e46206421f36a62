#include "scanner/dns/direct/servers.h"

/* Addresses of a delegation that are looked at. */
#define SEEN_MAX	32

struct candidate {
	struct address	 address;
	unsigned	 server;	/* its number in the delegation */
	unsigned	 turn;		/* how many of its server come first */
};

struct choice {
	struct candidate candidates[SEEN_MAX];
	unsigned	 count;
	unsigned	 servers;
};

static bool
has_address(const struct choice *choice, const struct address *address)
{
	for (unsigned i = 0; i < choice->count; i++)
		if (address_compare(&choice->candidates[i].address,
		    address) == 0)
			return true;
	return false;
}

/* Takes the addresses of one family of the server that the walk is at. */
static void
take_family(struct choice *choice, struct delegation_walk walk, uint8_t family,
    bool (*may_ask)(void *, const struct address *), void *tag, unsigned *turn)
{
	struct address address;

	while (delegation_next_glue(&walk, &address))
		if (address.family == family && choice->count < SEEN_MAX &&
		    !has_address(choice, &address) && may_ask(tag, &address))
			choice->candidates[choice->count++] =
			    (struct candidate){
				address, choice->servers, (*turn)++,
			    };
}

/* The position of a candidate: first all with turn 0, from the first server
 * on. */
static unsigned
rank_of(const struct choice *choice, unsigned first,
    const struct candidate *candidate)
{
	unsigned after = (candidate->server + choice->servers -
	    first % choice->servers) % choice->servers;

	return candidate->turn * choice->servers + after;
}

unsigned
servers_choose(const struct delegation *delegation,
    bool (*may_ask)(void *tag, const struct address *), void *tag,
    struct address chosen[SERVERS_ASKED_MAX])
{
	struct choice choice = { .count = 0 };
	struct delegation_walk walk;
	unsigned count = 0;

	delegation_open(delegation, &walk);
	while (delegation_next(&walk)) {
		unsigned turn = 0;

		take_family(&choice, walk, 4, may_ask, tag, &turn);
		take_family(&choice, walk, 6, may_ask, tag, &turn);
		choice.servers++;
	}
	while (count < SERVERS_ASKED_MAX && choice.count > 0) {
		unsigned best = 0;

		for (unsigned i = 1; i < choice.count; i++)
			if (rank_of(&choice, delegation->first,
			    &choice.candidates[i]) < rank_of(&choice,
			    delegation->first, &choice.candidates[best]))
				best = i;
		chosen[count++] = choice.candidates[best].address;
		choice.candidates[best] = choice.candidates[--choice.count];
	}
	return count;
}
