#include "scanner/dns/delegation.h"

void
delegation_open(const struct delegation *delegation,
    struct delegation_walk *walk)
{
	*walk = (struct delegation_walk){
		.wire = { delegation->servers,
		    delegation->servers + delegation->length, false },
	};
}

bool
delegation_next(struct delegation_walk *walk)
{
	struct address skipped;

	while (delegation_next_glue(walk, &skipped))
		;
	if (walk->wire.failed || walk->wire.at == walk->wire.end)
		return false;
	walk->server = wire_text(&walk->wire);
	walk->glue = wire_number(&walk->wire, 1);
	return !walk->wire.failed;
}

bool
delegation_next_glue(struct delegation_walk *walk, struct address *address)
{
	if (walk->glue == 0)
		return false;
	walk->glue--;
	return address_get(&walk->wire, address);
}
