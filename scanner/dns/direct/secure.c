#include "scanner/dns/direct/secure.h"

#include <string.h>

#include "scanner/dns/direct/denial.h"
#include "scanner/dns/direct/rrset.h"

#define CLASS_IN	1
/* The most records of the answer and authority section (rrset.h). */
#define RECORDS_MAX	RRSET_RECORDS_MAX

struct judgement {
	const struct secure_keys *keys;
	struct secure_check	*check;
	struct dns_message	 message;
	struct dns_record	 records[RECORDS_MAX];
	uint16_t		 types[RECORDS_MAX];	/* of an RRSIG, what it
							 * covers */
	bool			 is_done[RECORDS_MAX];
	unsigned		 count, answers;	/* answers come first */
	uint32_t		 ttl;
};

static bool
same_name(const uint8_t *a, const uint8_t *b)
{
	size_t length = name_wire_length(a, NAME_WIRE_MAX);

	return length == name_wire_length(b, NAME_WIRE_MAX) &&
	    memcmp(a, b, length) == 0;
}

/* Reads the records of the answer and authority section. */
static enum oddity
collect(struct judgement *judgement, const struct answer *answer)
{
	struct dns_message *message = &judgement->message;
	struct dns_record record;

	judgement->count = judgement->answers = 0;
	if (!dns_message_open(message, answer->packet, answer->packet_length))
		return ODDITY_MALFORMED;
	while (dns_message_next(message, &record) &&
	    record.section != DNS_ADDITIONAL) {
		unsigned i = judgement->count;
		uint8_t labels;

		if (record.class != CLASS_IN)
			return ODDITY_CLASS;
		if (i == RECORDS_MAX)
			return ODDITY_CRYPTO_LIMIT;
		judgement->records[i] = record;
		judgement->is_done[i] = false;
		judgement->types[i] = record.type;
		if (record.type == DNS_RRSIG && !dns_record_rrsig(&record,
		    &judgement->types[i], &labels))
			return ODDITY_UNPROVEN;
		judgement->count++;
		if (record.section == DNS_ANSWER)
			judgement->answers++;
	}
	return message->malformed ? ODDITY_MALFORMED : ODDITY_NONE;
}

/* RRsets *******************************************************************/

/* Adds the records of the set that record `first` belongs to, in its section. */
static void
fill(struct judgement *judgement, struct rrset *set, unsigned first)
{
	enum dns_section section = judgement->records[first].section;

	for (unsigned i = first; i < judgement->count; i++) {
		const struct dns_record *record = &judgement->records[i];

		if (judgement->is_done[i] || record->section != section ||
		    judgement->types[i] != set->type ||
		    !same_name(record->owner, set->owner))
			continue;
		judgement->is_done[i] = true;
		rrset_add(set, &judgement->message, record);
	}
}

/* A name has one NSEC, and a hash has one NSEC3 for the parameters in use. */
static bool
is_denial(uint16_t type)
{
	return type == DNS_NSEC || type == DNS_NSEC3;
}

static enum oddity
verify(struct judgement *judgement, unsigned first)
{
	const struct dns_record *record = &judgement->records[first];
	const uint8_t *zone = judgement->check->zone;
	struct rrset set;
	enum oddity oddity = ODDITY_NONE;

	rrset_init(&set, record->owner, judgement->types[first]);
	fill(judgement, &set, first);
	/* The zone's name servers are not part of an answer; libunbound ignores
	 * them if they have no signature. */
	if (set.type != DNS_NS || set.signature_count > 0 ||
	    record->section == DNS_ANSWER || !same_name(record->owner, zone))
		oddity = rrset_verify(&set, judgement->keys, judgement->check,
		    zone);
	if (is_denial(set.type) && set.count > 1)
		oddity = ODDITY_UNPROVEN;
	if (set.type != DNS_NS && set.ttl < judgement->ttl)
		judgement->ttl = set.ttl;
	rrset_fini(&set);
	return oddity;
}

static enum oddity
verify_until(struct judgement *judgement, unsigned end)
{
	for (unsigned i = 0; i < end; i++) {
		enum oddity oddity = judgement->is_done[i]
		    ? ODDITY_NONE : verify(judgement, i);

		if (oddity != ODDITY_NONE)
			return oddity;
	}
	return ODDITY_NONE;
}

/* Denials ******************************************************************/

static bool
has_authority(const struct judgement *judgement, uint16_t type,
    const uint8_t *owner)
{
	for (unsigned i = judgement->answers; i < judgement->count; i++)
		if (judgement->records[i].type == type &&
		    same_name(judgement->records[i].owner, owner))
			return true;
	return false;
}

static bool
has_signed_denial(const struct judgement *judgement)
{
	for (unsigned i = judgement->answers; i < judgement->count; i++)
		if (judgement->records[i].type == DNS_RRSIG &&
		    is_denial(judgement->types[i]) &&
		    has_authority(judgement, judgement->types[i],
		    judgement->records[i].owner))
			return true;
	return false;
}

static enum oddity
judge_denial(struct judgement *judgement, const struct exchange *exchange,
    const struct answer *answer, bool absent_txt)
{
	const struct denial denial = {
		.zone = judgement->check->zone, .name = answer->canonical,
		.type = exchange->type,
		.records = judgement->records + judgement->answers,
		.count = judgement->count - judgement->answers,
	};
	enum oddity oddity;

	if (!has_authority(judgement, DNS_SOA, judgement->check->zone))
		return ODDITY_NO_SOA;
	if (absent_txt && exchange->type == DNS_TXT)
		return has_signed_denial(judgement) ? ODDITY_NONE
						    : ODDITY_UNPROVEN;
	if (name_find(denial.name, denial.zone) == NULL)
		return ODDITY_UNPROVEN;
	/* Hashes cost less than signatures, so the proof is checked first:
	 * records that prove nothing need no verification. */
	oddity = answer->status == LOOKUP_NXDOMAIN ? denial_of_name(&denial)
						   : denial_of_type(&denial);
	return oddity != ODDITY_NONE ? oddity
	    : verify_until(judgement, judgement->count);
}

enum oddity
secure_judge(const struct secure_keys *keys, struct secure_check *check,
    const struct exchange *exchange, const struct answer *answer,
    bool absent_txt, uint32_t *ttl)
{
	struct judgement judgement;
	enum oddity oddity;

	judgement.keys = keys;
	judgement.check = check;
	judgement.ttl = *ttl;
	oddity = collect(&judgement, answer);
	if (oddity == ODDITY_NONE)
		oddity = verify_until(&judgement, judgement.answers);
	if (oddity == ODDITY_NONE && answer->status == LOOKUP_FOUND)
		oddity = verify_until(&judgement, judgement.count);
	else if (oddity == ODDITY_NONE)
		oddity = judge_denial(&judgement, exchange, answer,
		    absent_txt);
	if (oddity == ODDITY_NONE && judgement.ttl < *ttl)
		*ttl = judgement.ttl;
	return oddity;
}
