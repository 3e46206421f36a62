/*
 * answer: reads the answer to a question from a response packet (RFC 1034
 * 4.3.2, RFC 2308, RFC 4034 3.1.3). It is a part of lookup.
 */
#include "scanner/dns/answer.h"

#include <string.h>

#define ALIASES_MAX	16

static bool
same_name(const uint8_t *a, const uint8_t *b)
{
	size_t length = name_wire_length(a, NAME_WIRE_MAX);

	return length == name_wire_length(b, NAME_WIRE_MAX) &&
	    memcmp(a, b, length) == 0;
}

static void
set_name(uint8_t *to, const uint8_t *from)
{
	memcpy(to, from, name_wire_length(from, NAME_WIRE_MAX));
}

/* Takes one step along the CNAMEs; the records may be in any order. */
static bool
follow_alias(const struct dns_message *opened, struct answer *answer)
{
	struct dns_message message = *opened;
	struct dns_record record;
	uint8_t target[NAME_WIRE_MAX];

	while (dns_message_next(&message, &record) &&
	    record.section == DNS_ANSWER) {
		if (record.type != DNS_CNAME || record.class != 1 ||
		    !same_name(record.owner, answer->canonical) ||
		    !dns_record_name(&message, &record, target))
			continue;
		set_name(answer->canonical, target);
		return true;
	}
	return false;
}

/* Returns how many seconds a denial with this SOA is valid: the lesser of its
 * TTL and MINIMUM, the last number of its RDATA (RFC 2308 5). */
static uint32_t
denial_ttl(const struct dns_record *soa)
{
	const uint8_t *last;
	uint32_t minimum;

	if (soa->rdata_length < 4)
		return 0;
	last = soa->rdata + soa->rdata_length - 4;
	minimum = (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 |
	    (uint32_t)last[2] << 8 | last[3];
	return minimum < soa->ttl ? minimum : soa->ttl;
}

static void
take_signature(struct answer *answer, const struct dns_record *rrsig,
    uint16_t type)
{
	unsigned labels = name_labels(rrsig->owner);
	uint16_t covered;
	uint8_t signed_labels;

	if (!dns_record_rrsig(rrsig, &covered, &signed_labels) ||
	    covered != type)
		return;
	answer->has_signature = true;
	/* A wildcard is not expanded if the question is for its own name. */
	if (rrsig->owner[0] == 1 && rrsig->owner[1] == '*')
		labels--;
	if (signed_labels < labels) {
		answer->is_wildcard = true;
		answer->wildcard_labels = signed_labels;
	}
}

static bool
refuse(struct answer *answer, enum oddity oddity)
{
	answer->oddity = oddity;
	return false;
}

bool
answer_read(struct answer *answer, const uint8_t *question, uint16_t type)
{
	struct dns_message message;
	struct dns_record record;

	set_name(answer->canonical, question);
	answer->ttl = UINT32_MAX;
	if (!dns_message_open(&message, answer->packet, answer->packet_length))
		return refuse(answer, ODDITY_MALFORMED);
	for (int i = 0; type != DNS_CNAME && follow_alias(&message, answer);
	    i++) {
		/* A loop is an error (RFC 1034 3.6.2), not a denial. */
		if (i == ALIASES_MAX)
			return refuse(answer, ODDITY_ALIAS_LOOP);
		answer->has_cname = true;
		answer->aliases++;
	}
	while (dns_message_next(&message, &record)) {
		if (record.section == DNS_ADDITIONAL)
			break;
		if (record.section == DNS_AUTHORITY && record.type == DNS_SOA)
			record.ttl = denial_ttl(&record);
		if ((record.section == DNS_ANSWER || record.type == DNS_SOA) &&
		    record.ttl < answer->ttl)
			answer->ttl = record.ttl;
		if (record.section != DNS_ANSWER ||
		    !same_name(record.owner, answer->canonical))
			continue;
		if (record.type == type && record.class == 1)
			answer->count++;
		else if (record.type == DNS_RRSIG)
			take_signature(answer, &record, type);
	}
	if (message.malformed)
		return refuse(answer, ODDITY_MALFORMED);
	if (message.rcode != 0 && message.rcode != 3)
		return refuse(answer, ODDITY_RCODE);
	if (answer->ttl == UINT32_MAX)
		answer->ttl = 0;
	if (message.rcode == 3)
		answer->status = LOOKUP_NXDOMAIN;
	else
		answer->status = answer->count > 0 ? LOOKUP_FOUND
						   : LOOKUP_NODATA;
	return true;
}

bool
answer_open(const struct lookup *lookup, struct answer_walk *walk)
{
	return lookup->answer != NULL && lookup->answer->packet != NULL &&
	    dns_message_open(&walk->message, lookup->answer->packet,
	    lookup->answer->packet_length);
}

bool
answer_next(const struct lookup *lookup, struct answer_walk *walk)
{
	while (dns_message_next(&walk->message, &walk->record) &&
	    walk->record.section == DNS_ANSWER)
		if (walk->record.type == lookup->type &&
		    walk->record.class == 1 &&
		    same_name(walk->record.owner, lookup->answer->canonical))
			return true;
	return false;
}
