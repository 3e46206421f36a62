#include "scanner/dns/answer_facts.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

void
answer_facts_take(struct answer_facts *facts, const struct answer *answer)
{
	answer_facts_fini(facts);
	*facts = (struct answer_facts){
		.status = answer->status, .lane = answer->lane,
		.dnssec = answer->dnssec, .bogus_reason = answer->bogus_reason,
		.ttl = answer->ttl, .has_cname = answer->has_cname,
		.is_wildcard = answer->is_wildcard,
		.wildcard_labels = (uint8_t)answer->wildcard_labels,
	};
	if (answer->bogus_text[0] != '\0')
		facts->bogus_text = xstrdup(answer->bogus_text);
	if (answer->has_cname || answer->is_wildcard)
		facts->canonical = xmemdup(answer->canonical,
		    name_wire_length(answer->canonical, NAME_WIRE_MAX));
}

void
answer_facts_fini(struct answer_facts *facts)
{
	free(facts->bogus_text);
	free(facts->canonical);
	*facts = (struct answer_facts){ 0 };
}
