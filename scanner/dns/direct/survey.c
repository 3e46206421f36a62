#include "scanner/dns/direct/survey.h"

#include <string.h>

#define CLASS_IN	1
/* The most name servers of a delegation that are compared. */
#define SERVERS_MAX	64

struct walk {
	struct survey		*survey;
	struct dns_message	 message;
	const uint8_t		*zone;
	const struct delegation	*delegation;
	unsigned		 opts;
	uint64_t		 seen;	/* servers of the delegation */
};

/* Where a name is, seen from the delegated name. */
enum place { OUTSIDE, AT_ZONE, BELOW_ZONE };

static enum place
place_of(const struct walk *walk, const uint8_t *name)
{
	const uint8_t *zone = name_find(name, walk->zone);

	if (zone == NULL)
		return OUTSIDE;
	return zone == name ? AT_ZONE : BELOW_ZONE;
}

static bool
is_sound(const struct walk *walk, const struct dns_record *record)
{
	uint8_t name[NAME_WIRE_MAX];
	uint16_t preference;
	uint32_t minimum;

	switch (record->type) {
	case DNS_A:
		return record->rdata_length == 4;
	case DNS_AAAA:
		return record->rdata_length == 16;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
		return dns_record_name(&walk->message, record, name);
	case DNS_MX:
		return dns_record_mx(&walk->message, record, &preference,
		    name);
	case DNS_SOA:
		return dns_record_soa(&walk->message, record, &minimum);
	default:
		return true;
	}
}

static void
take_alias(struct walk *walk, const struct dns_record *record)
{
	struct survey *survey = walk->survey;
	uint8_t target[NAME_WIRE_MAX];
	enum place owner = place_of(walk, record->owner);

	survey->aliases++;
	if (owner == AT_ZONE)
		survey->has_alias_at_apex = true;
	if (owner == OUTSIDE ||
	    !dns_record_name(&walk->message, record, target) ||
	    place_of(walk, target) == OUTSIDE)
		survey->has_alias_outside = true;
}

static void
take_answer(struct walk *walk, const struct dns_record *record)
{
	walk->survey->answers++;
	if (record->type == DNS_RRSIG) {
		walk->survey->has_signature = true;
		walk->survey->signatures++;
	} else if (record->type == DNS_DNAME) {
		walk->survey->has_dname = true;
	} else if (record->type == DNS_CNAME) {
		take_alias(walk, record);
	}
}

/* The names of servers are compared as texts: both forms are canonical. */
static void
take_server(struct walk *walk, const struct dns_record *record)
{
	struct delegation_walk servers;
	uint8_t name[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];

	if (!dns_record_name(&walk->message, record, name))
		return;
	name_to_text(name, text);
	delegation_open(walk->delegation, &servers);
	for (unsigned i = 0; i < SERVERS_MAX && delegation_next(&servers);
	    i++) {
		if (strcmp(servers.server, text) != 0)
			continue;
		walk->seen |= UINT64_C(1) << i;
		walk->survey->servers_known++;
		return;
	}
	walk->survey->servers_unknown++;
}

static void
take_authority(struct walk *walk, const struct dns_record *record)
{
	struct survey *survey = walk->survey;
	enum place owner = place_of(walk, record->owner);

	if (record->type == DNS_RRSIG) {
		survey->has_signature = true;
	} else if (record->type == DNS_SOA) {
		if (owner != AT_ZONE || survey->has_soa)
			survey->has_other_zone = true;
		else
			survey->has_soa = true;
	} else if (record->type == DNS_NS) {
		if (owner == AT_ZONE)
			take_server(walk, record);
		else if (owner == BELOW_ZONE)
			survey->has_referral = true;
		else
			survey->has_other_zone = true;
	}
}

/* RFC 6891 6.1.1, 6.1.3: one, owned by the root. */
static void
take_opt(struct walk *walk, const struct dns_record *record)
{
	if (record->section != DNS_ADDITIONAL || record->owner[0] != 0 ||
	    walk->opts++ > 0)
		walk->survey->is_malformed = true;
	/* The top bits of its TTL are the extended rcode. They are read from
	 * the packet, since a TTL over 2^31-1 is read as 0. */
	walk->survey->rcode |= (unsigned)record->rdata[-6] << 4;
}

static void
take_record(struct walk *walk, const struct dns_record *record)
{
	if (record->type == DNS_OPT) {
		take_opt(walk, record);
		return;
	}
	if (record->class != CLASS_IN)
		walk->survey->has_other_class = true;
	else if (record->section == DNS_ADDITIONAL)
		return;
	else if (!is_sound(walk, record))
		walk->survey->is_malformed = true;
	else if (record->section == DNS_ANSWER)
		take_answer(walk, record);
	else
		take_authority(walk, record);
}

static bool
is_server_missing(const struct walk *walk)
{
	struct delegation_walk servers;
	unsigned i = 0;

	delegation_open(walk->delegation, &servers);
	while (delegation_next(&servers)) {
		if (i >= SERVERS_MAX || (walk->seen >> i & 1) == 0)
			return true;
		i++;
	}
	return false;
}

void
survey_take(struct survey *survey, const struct dns_message *message,
    const uint8_t *zone, const struct delegation *delegation)
{
	struct walk walk = {
		.survey = survey, .message = *message, .zone = zone,
		.delegation = delegation,
	};
	struct dns_record record;

	*survey = (struct survey){ .rcode = message->rcode };
	while (dns_message_next(&walk.message, &record))
		take_record(&walk, &record);
	if (walk.message.malformed ||
	    walk.message.offset != walk.message.length)
		survey->is_malformed = true;
	survey->is_server_missing = is_server_missing(&walk);
}
