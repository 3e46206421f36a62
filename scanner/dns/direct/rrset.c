#include "scanner/dns/direct/rrset.h"

#include <string.h>

#define CLASS_IN	1
/* Enough for most sets. */
#define RDATA_BYTES	512
#define SERIAL_HALF	(UINT32_C(1) << 31)	/* RFC 1982 3.2 */

void
rrset_init(struct rrset *set, const uint8_t *owner, uint16_t type)
{
	set->owner = owner;
	set->type = type;
	set->ttl = UINT32_MAX;
	set->count = set->signature_count = 0;
	set->bytes = (struct buffer){ 0 };
	buffer_reserve(&set->bytes, RDATA_BYTES);
	set->oddity = ODDITY_NONE;
}

void
rrset_fini(struct rrset *set)
{
	buffer_fini(&set->bytes);
}

static void
refuse(struct rrset *set, enum oddity oddity)
{
	if (set->oddity == ODDITY_NONE)
		set->oddity = oddity;
}

static void
put_16(struct buffer *buffer, size_t number)
{
	buffer_append_byte(buffer, (uint8_t)(number >> 8));
	buffer_append_byte(buffer, (uint8_t)number);
}

/* Canonical form ********************************************************** */

/* RFC 4034 6.3: compares RDATA as bytes from the left; a prefix sorts first. */
static int
order(const struct rrset *set, const struct rrset_rdata *a,
    const struct rrset_rdata *b)
{
	size_t length = a->length < b->length ? a->length : b->length;
	int difference = length == 0 ? 0 : memcmp(set->bytes.bytes + a->at,
	    set->bytes.bytes + b->at, length);

	if (difference != 0)
		return difference;
	return (a->length > b->length) - (a->length < b->length);
}

/* Inserts the bytes from `at` to the end of the buffer at their place in the
 * order. */
static void
insert(struct rrset *set, size_t at)
{
	struct rrset_rdata added = { at, set->bytes.length - at };
	unsigned i = set->count;
	int difference = 1;

	if (set->count == RRSET_RECORDS_MAX) {
		refuse(set, ODDITY_CRYPTO_LIMIT);
		return;
	}
	while (i > 0 &&
	    (difference = order(set, &added, &set->rdata[i - 1])) < 0)
		i--;
	if (i > 0 && difference == 0) {
		set->bytes.length = at;
		return;
	}
	memmove(set->rdata + i + 1, set->rdata + i,
	    (set->count - i) * sizeof *set->rdata);
	set->rdata[i] = added;
	set->count++;
}

void
rrset_add_rdata(struct rrset *set, const uint8_t *rdata, size_t length,
    uint32_t ttl)
{
	size_t at = set->bytes.length;

	buffer_append(&set->bytes, rdata, length);
	insert(set, at);
	if (ttl < set->ttl)
		set->ttl = ttl;
}

void
rrset_add_signature(struct rrset *set, const uint8_t *rdata, size_t length)
{
	if (set->signature_count == SECURE_SIGNATURES_MAX) {
		refuse(set, ODDITY_CRYPTO_LIMIT);
		return;
	}
	set->signatures[set->signature_count++] = (struct rrset_signature){
		rdata, length,
	};
}

void
rrset_add(struct rrset *set, const struct dns_message *message,
    const struct dns_record *record)
{
	size_t at = set->bytes.length;

	if (record->type == DNS_RRSIG) {
		rrset_add_signature(set, record->rdata, record->rdata_length);
		return;
	}
	if (!dns_record_canonical(message, record, &set->bytes))
		refuse(set, ODDITY_UNPROVEN);
	else
		insert(set, at);
	if (record->ttl < set->ttl)
		set->ttl = record->ttl;
}

/* Signatures ************************************************************** */

/* RFC 4034 3.1.5, in serial number arithmetic (RFC 1982): from inception to
 * expiration, both included. */
static bool
is_in_time(const struct rrsig *rrsig, int64_t now_s)
{
	uint32_t now = (uint32_t)now_s;

	return now - rrsig->inception < SERIAL_HALF &&
	    rrsig->expiration - now < SERIAL_HALF &&
	    rrsig->expiration - rrsig->inception < SERIAL_HALF;
}

/* RFC 4035 5.3.1. */
static bool
fits(const struct rrset *set, const struct rrsig *rrsig, const uint8_t *zone,
    int64_t now_s)
{
	size_t length = name_wire_length(zone, NAME_WIRE_MAX);

	return rrsig->covered == set->type && rrsig->signer_length == length &&
	    memcmp(rrsig->signer, zone, length) == 0 &&
	    name_find(set->owner, zone) != NULL &&
	    !(set->owner[0] == 1 && set->owner[1] == '*') &&
	    rrsig->labels == name_labels(set->owner) &&
	    is_in_time(rrsig, now_s);
}

static const struct zone_key *
key_of(const struct secure_keys *keys, const struct rrsig *rrsig)
{
	for (unsigned i = 0; i < keys->count; i++)
		if (keys->keys[i].tag == rrsig->tag &&
		    keys->keys[i].algorithm == rrsig->algorithm)
			return keys->keys[i].key;
	return NULL;
}

/* RFC 4034 3.1.8.1: the data that are signed. */
static void
put_signed(struct buffer *buffer, const struct rrset *set,
    const struct rrsig *rrsig, const uint8_t *fixed)
{
	size_t owner_length = name_wire_length(set->owner, NAME_WIRE_MAX);

	buffer_append(buffer, fixed, RRSIG_FIXED_BYTES);
	buffer_append(buffer, rrsig->signer, rrsig->signer_length);
	for (unsigned i = 0; i < set->count; i++) {
		buffer_append(buffer, set->owner, owner_length);
		put_16(buffer, set->type);
		put_16(buffer, CLASS_IN);
		put_16(buffer, rrsig->original_ttl >> 16);
		put_16(buffer, rrsig->original_ttl);
		put_16(buffer, set->rdata[i].length);
		buffer_append(buffer, set->bytes.bytes + set->rdata[i].at,
		    set->rdata[i].length);
	}
}

static void
lower_ttl(struct rrset *set, const struct rrsig *rrsig, int64_t now_s)
{
	uint32_t left = rrsig->expiration - (uint32_t)now_s;

	if (rrsig->original_ttl < set->ttl)
		set->ttl = rrsig->original_ttl;
	if (left < set->ttl)
		set->ttl = left;
}

enum oddity
rrset_verify(struct rrset *set, const struct secure_keys *keys,
    struct secure_check *check, const uint8_t *zone)
{
	if (set->oddity != ODDITY_NONE || set->count == 0)
		return set->oddity != ODDITY_NONE ? set->oddity
						  : ODDITY_UNPROVEN;
	for (unsigned i = 0; i < set->signature_count; i++) {
		const struct rrset_signature *signature = &set->signatures[i];
		const struct zone_key *key;
		struct buffer bytes = { 0 };
		struct rrsig rrsig;
		bool verifies;

		if (!rrsig_read(signature->rdata, signature->length, &rrsig) ||
		    !fits(set, &rrsig, zone, check->now_s) ||
		    (key = key_of(keys, &rrsig)) == NULL)
			continue;
		if (check->verifications == SECURE_VERIFICATIONS_MAX)
			return ODDITY_CRYPTO_LIMIT;
		check->verifications++;
		put_signed(&bytes, set, &rrsig, signature->rdata);
		verifies = zone_key_verifies(key, bytes.bytes, bytes.length,
		    rrsig.signature, rrsig.signature_length);
		buffer_fini(&bytes);
		if (!verifies)
			continue;
		lower_ttl(set, &rrsig, check->now_s);
		return ODDITY_NONE;
	}
	return ODDITY_UNPROVEN;
}
