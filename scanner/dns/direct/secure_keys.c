/*
 * secure_keys: the keys of a zone, from its DS records (RFC 4035 5.2, RFC 4509
 * 3, RFC 6840 5.11 and 6.2). It is a part of secure.
 */
#include "scanner/dns/direct/secure.h"

#include <string.h>

#include "parsers/dnssec.h"
#include "parsers/ds_wire.h"
#include "scanner/crypto/zone_digest.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/rrset.h"

#define PROTOCOL	3	/* RFC 4034 2.1.2 */
#define DIGEST_SHA384	4
#define TYPE_ZONEMD	63

static uint32_t used_algorithms = 1 << 8 | 1 << 13;

void
secure_use_algorithms(uint32_t supported)
{
	used_algorithms = 1 << 8 | 1 << 13 |
	    (supported & (1 << 10 | 1 << 14 | 1 << 15));
}

bool
secure_knows_algorithm(uint8_t algorithm)
{
	return algorithm < 32 && (used_algorithms >> algorithm & 1) != 0;
}

void
secure_keys_free(struct secure_keys *keys)
{
	for (unsigned i = 0; i < keys->count; i++)
		zone_key_free(keys->keys[i].key);
	keys->count = 0;
}

/* The DNSKEY RRset *********************************************************/

/* RFC 4034 2.1.1, RFC 5011 2.1: may it sign data of its zone? SEP is a hint for
 * people. */
static bool
may_sign(const struct dnskey *key)
{
	return (key->flags & DNSKEY_ZONE) != 0 &&
	    (key->flags & DNSKEY_REVOKE) == 0 && key->protocol == PROTOCOL &&
	    secure_knows_algorithm(key->algorithm);
}

static bool
has_key(const struct secure_keys *keys, const struct dnskey *key)
{
	for (unsigned i = 0; i < keys->count; i++)
		if (keys->keys[i].tag == key->tag &&
		    keys->keys[i].algorithm == key->algorithm)
			return true;
	return false;
}

/* A key that is malformed or too small is not used. */
static void
drop_unusable(struct secure_keys *keys)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < keys->count; i++)
		if (keys->keys[i].key != NULL)
			keys->keys[kept++] = keys->keys[i];
	keys->count = kept;
}

/* The keys of the set that may sign. */
static enum oddity
take_keys(struct secure_keys *keys, const struct rrset *set)
{
	keys->count = 0;
	if (set->oddity != ODDITY_NONE)
		return set->oddity;
	if (set->count > SECURE_KEYS_MAX)
		return ODDITY_CRYPTO_LIMIT;
	for (unsigned i = 0; i < set->count; i++) {
		struct dnskey key;

		if (!dnskey_read(set->bytes.bytes + set->rdata[i].at,
		    set->rdata[i].length, &key) || !may_sign(&key))
			continue;
		if (has_key(keys, &key))
			return ODDITY_CRYPTO_LIMIT;
		keys->keys[keys->count].tag = key.tag;
		keys->keys[keys->count].algorithm = key.algorithm;
		keys->keys[keys->count++].key = zone_key_new(key.algorithm,
		    key.key, key.key_length);
	}
	drop_unusable(keys);
	return ODDITY_NONE;
}

/* Reads the set and its signatures from the answer section. */
static enum oddity
collect(struct rrset *set, const uint8_t *packet, size_t length)
{
	struct dns_message message;
	struct dns_record record;
	enum oddity oddity = ODDITY_NONE;
	size_t owner_length = name_wire_length(set->owner, NAME_WIRE_MAX);

	if (!dns_message_open(&message, packet, length))
		return ODDITY_MALFORMED;
	while (dns_message_next(&message, &record)) {
		struct rrsig rrsig;

		if (record.section != DNS_ANSWER)
			continue;
		if (memcmp(record.owner, set->owner, owner_length) != 0)
			oddity = ODDITY_STRAY;
		else if (record.class != 1)
			oddity = ODDITY_CLASS;
		else if (record.type == DNS_DNSKEY)
			rrset_add(set, &message, &record);
		else if (record.type != DNS_RRSIG)
			oddity = ODDITY_STRAY;
		else if (rrsig_read(record.rdata, record.rdata_length,
		    &rrsig) && rrsig.covered == DNS_DNSKEY)
			rrset_add(set, &message, &record);
	}
	return message.malformed ? ODDITY_MALFORMED : oddity;
}

bool
secure_keys_take(struct secure_keys *keys, const uint8_t *packet,
    size_t length, const uint8_t *zone)
{
	struct rrset set;
	bool is_usable;

	rrset_init(&set, zone, DNS_DNSKEY);
	keys->count = 0;
	is_usable = collect(&set, packet, length) == ODDITY_NONE &&
	    take_keys(keys, &set) == ODDITY_NONE && keys->count > 0;
	keys->ttl = set.ttl;
	rrset_fini(&set);
	if (!is_usable)
		secure_keys_free(keys);
	return is_usable;
}

/* DS records ***************************************************************/

static struct wire
ds_open(const struct delegation *delegation)
{
	struct wire wire = { .at = delegation->ds, .end = delegation->ds };

	if (delegation->ds_length > 0)
		wire.end += delegation->ds_length;
	return wire;
}

/* The type of digest that counts: the strongest of all DS records, as libunbound
 * chooses (RFC 4509 3). */
static uint8_t
strongest_digest(const struct delegation *delegation)
{
	struct wire wire = ds_open(delegation);
	struct ds_record ds;
	uint8_t digest_type = 0;

	while (wire.at < wire.end && ds_get(&wire, &ds))
		if (ds.digest_type > digest_type &&
		    ds.digest_type <= DIGEST_SHA384)
			digest_type = ds.digest_type;
	return digest_type;
}

/* Is this key the one that the DS record means? */
static bool
matches(const struct ds_record *ds, const struct dnskey *key,
    const uint8_t *zone, const uint8_t *rdata, size_t length)
{
	uint8_t digest[DS_DIGEST_BYTES_MAX];

	return ds->tag == key->tag && ds->algorithm == key->algorithm &&
	    ds->digest_length == ds_digest(ds->digest_type, zone,
	    name_wire_length(zone, NAME_WIRE_MAX), rdata, length, digest) &&
	    memcmp(ds->digest, digest, ds->digest_length) == 0;
}

/* Is a DS record about this key? */
static bool
is_vouched_for(const struct delegation *delegation, uint8_t digest_type,
    const struct dnskey *key, const uint8_t *zone, const uint8_t *rdata,
    size_t length)
{
	struct wire wire = ds_open(delegation);
	struct ds_record ds;

	while (wire.at < wire.end && ds_get(&wire, &ds))
		if (ds.digest_type == digest_type &&
		    matches(&ds, key, zone, rdata, length))
			return true;
	return false;
}

/* Returns the keys that a DS record identifies. `keys` still owns them. */
static void
take_entry_keys(struct secure_keys *entry, const struct secure_keys *keys,
    const struct rrset *set, const struct delegation *delegation,
    const uint8_t *zone)
{
	uint8_t digest_type = strongest_digest(delegation);

	entry->count = 0;
	for (unsigned i = 0; i < set->count; i++) {
		const uint8_t *rdata = set->bytes.bytes + set->rdata[i].at;
		struct dnskey key;

		if (!dnskey_read(rdata, set->rdata[i].length, &key) ||
		    !may_sign(&key) || !is_vouched_for(delegation, digest_type,
		    &key, zone, rdata, set->rdata[i].length))
			continue;
		for (unsigned k = 0; k < keys->count; k++)
			if (keys->keys[k].tag == key.tag &&
			    keys->keys[k].algorithm == key.algorithm)
				entry->keys[entry->count++] = keys->keys[k];
	}
}

static enum oddity
read_keys(struct secure_keys *keys, struct secure_check *check,
    const struct delegation *delegation, struct rrset *set)
{
	struct secure_keys entry;
	enum oddity oddity = take_keys(keys, set);

	if (oddity != ODDITY_NONE)
		return oddity;
	take_entry_keys(&entry, keys, set, delegation, check->zone);
	if (entry.count == 0)
		return ODDITY_DS_MISMATCH;
	return rrset_verify(set, &entry, check, check->zone);
}

enum oddity
secure_keys_read(struct secure_keys *keys, struct secure_check *check,
    const struct delegation *delegation, const uint8_t *packet, size_t length)
{
	struct rrset set;
	enum oddity oddity;

	keys->count = 0;
	rrset_init(&set, check->zone, DNS_DNSKEY);
	oddity = collect(&set, packet, length);
	if (oddity == ODDITY_NONE && set.count == 0)
		oddity = ODDITY_UNPROVEN;
	if (oddity == ODDITY_NONE)
		oddity = read_keys(keys, check, delegation, &set);
	keys->ttl = set.ttl < delegation->ds_ttl ? set.ttl
						 : delegation->ds_ttl;
	rrset_fini(&set);
	if (oddity != ODDITY_NONE)
		secure_keys_free(keys);
	return oddity;
}

/* Each is counted. */
static void
add_signatures(struct rrset *set, const uint8_t *signatures, size_t length)
{
	struct wire wire = { .at = signatures, .end = signatures };

	if (length > 0)
		wire.end += length;
	while (wire.at < wire.end && !wire.failed) {
		size_t one;
		const uint8_t *rdata = wire_bytes(&wire, &one);

		if (!wire.failed)
			rrset_add_signature(set, rdata, one);
	}
}

/* Judges the set, and frees it. */
static bool
is_signed(struct rrset *set, const struct secure_keys *keys,
    struct secure_check *check, const uint8_t *signer, uint32_t *ttl)
{
	enum oddity oddity = rrset_verify(set, keys, check, signer);

	if (oddity == ODDITY_NONE && set->ttl < *ttl)
		*ttl = set->ttl;
	rrset_fini(set);
	return oddity == ODDITY_NONE;
}

bool
secure_ds_is_signed(const struct secure_keys *parent_keys,
    struct secure_check *check, const uint8_t *parent,
    const struct delegation *delegation, const uint8_t *signatures,
    size_t signatures_length, uint32_t *ttl)
{
	struct wire wire = ds_open(delegation);
	struct ds_record ds;
	struct rrset set;

	rrset_init(&set, check->zone, DNS_DS);
	while (wire.at < wire.end && ds_get(&wire, &ds)) {
		uint8_t rdata[4 + DS_DIGEST_MAX] = { (uint8_t)(ds.tag >> 8),
			(uint8_t)ds.tag, ds.algorithm, ds.digest_type };

		memcpy(rdata + 4, ds.digest, ds.digest_length);
		rrset_add_rdata(&set, rdata, 4 + ds.digest_length,
		    delegation->ds_ttl);
	}
	if (wire.failed)
		set.oddity = ODDITY_UNPROVEN;
	add_signatures(&set, signatures, signatures_length);
	return is_signed(&set, parent_keys, check, parent, ttl);
}

bool
secure_zonemd_is_signed(const struct secure_keys *keys,
    struct secure_check *check, const struct zonemd *zonemd, uint32_t *ttl)
{
	struct wire wire = {
		.at = zonemd->records,
		.end = zonemd->records + zonemd->records_length,
	};
	struct rrset set;

	rrset_init(&set, check->zone, TYPE_ZONEMD);
	while (wire.at < wire.end && !wire.failed) {
		size_t length;
		const uint8_t *rdata = wire_bytes(&wire, &length);

		if (!wire.failed)
			rrset_add_rdata(&set, rdata, length, zonemd->ttl);
	}
	if (wire.failed || set.count == 0)
		set.oddity = ODDITY_UNPROVEN;
	add_signatures(&set, zonemd->signatures, zonemd->signatures_length);
	return is_signed(&set, keys, check, check->zone, ttl);
}
